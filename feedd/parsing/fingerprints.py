"""Which items of a document were seen in the last reading, and how expat passes them.

An item is known by a hash of its bytes and of all that bears on their meaning from outside: the
document's URL, namespaces, xml:base, xml:lang, authors that entries inherit. Where that is not
known for certain there are no hashes, and the whole document is read.

An item's bytes end where the next end tag of its name begins, if they are those of an item read
before: equal bytes from an equal start are read equally. So expat gets the document in pieces that
end there, and within an item of known fingerprint nobody listens to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from feedd.parsing.machine import UnusualError
from feedd.parsing.raw import RawEntry, RawFeed

if TYPE_CHECKING:
    from feedd.parsing.fast import Reader

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


_ITEM_ENDS: Final = re.compile(rb"</(?:item|entry)>")


class Passing:
    """Drives the parser of `reader`. `at` is how far it has come, in bytes."""

    def __init__(self, reader: Reader, seen: frozenset[bytes]) -> None:
        self._reader = reader
        self._seen = seen
        self._context: bytes | None = None
        self._key = b""
        self._end = 0
        self._in_passed = False
        self.passed = 0
        self.at = 0

    def parse_to_last_item(self) -> None:
        """Parses up to the end tag of the last item."""
        reader = self._reader
        for tag in _ITEM_ENDS.finditer(reader.xml):
            self._end = tag.start()
            reader.parser.Parse(reader.xml[self.at : self._end], False)
            self.at = self._end
            if self._in_passed:
                self._in_passed = False
                reader.read_elements()
        self._end = 0

    def passes(self, entry: RawEntry, start: int) -> bool:
        """Whether the item that begins at byte `start` was seen before; it is passed then, and
        `entry` gets its bytes and fingerprint.

        What bears on the meaning of items is taken to be known with the first: see `check`.
        """
        if self._end <= start:
            return False
        if self._context is None:
            self._context = self._reader.context_so_far()
            self._key = key_of(self._context)
        raw = self._reader.xml[start : self._end]
        found = fingerprint(self._key, raw, entry.inherited)
        if found not in self._seen:
            return False
        entry.raw, entry.fingerprint = raw, found
        self.passed += 1
        self._in_passed = True
        self._reader.pass_elements()
        return True

    def check(self, context: bytes) -> None:
        """Raises UnusualError when items were passed that mean something else after all."""
        if self.passed and context != self._context:
            raise UnusualError("what bears on items stands behind them")
