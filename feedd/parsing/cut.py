"""Which items of a document were seen in the last reading, by their raw bytes.

An item is known by a hash of its bytes and of all that bears on their meaning from outside: the
document's URL, namespaces, xml:base, xml:lang, authors that entries inherit. Where that is not
known for certain there are no hashes, and the whole document is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from feedd.parsing.raw import RawFeed

HASH_BYTES: Final = 8
READING: Final = b"feedd reading 2"
"""To be changed whenever the same bytes are read otherwise than before: all is read anew then."""


def fingerprints(feed: RawFeed) -> list[bytes]:
    """One hash an item, in order; none at all where items cannot be told apart for certain."""
    if not feed.context:
        return []
    key = key_of(feed.context)
    return [
        entry.fingerprint or fingerprint(key, entry.raw, entry.inherited) for entry in feed.entries
    ]


def key_of(context: bytes) -> bytes:
    """What the items of a document are hashed with."""
    return blake2b(READING + context, digest_size=32).digest()


def fingerprint(key: bytes, raw: bytes | memoryview, inherited: str) -> bytes:
    """The hash of one item."""
    item = blake2b(raw, digest_size=HASH_BYTES, key=key)
    item.update(inherited.encode("utf-8", "surrogatepass"))
    return item.digest()


def seen_set(seen: bytes) -> frozenset[bytes]:
    """The hashes in `seen`; none when it is not made of hashes."""
    if len(seen) % HASH_BYTES:
        return frozenset()
    return frozenset(seen[at : at + HASH_BYTES] for at in range(0, len(seen), HASH_BYTES))


def joined(hashes: Sequence[bytes]) -> bytes:
    return b"".join(hashes)
