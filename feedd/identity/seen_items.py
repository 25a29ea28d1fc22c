"""What is remembered of the items of a feed's last document: their bytes and their names.

An item whose bytes are those of last time is not read again. Yet it has a say in what a newcomer
is: one that shares its guid or link with it is another entry (rule 42).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from feedd.identity.entry_keys import NAMES_BYTES, name_hashes, share_a_name
from feedd.model import EntryKeys, KeyedEntry

FINGERPRINT_BYTES = 8
_ITEM_BYTES = FINGERPRINT_BYTES + NAMES_BYTES

SeenItems = Mapping[bytes, bytes]
"""The names (`name_hashes`) of each item, by its fingerprint (`ParsedFeed.items`)."""


def unpacked(stored: bytes) -> SeenItems:
    """The items in `stored`; none when it is not made of items."""
    if len(stored) % _ITEM_BYTES:
        return {}
    return {
        stored[at : at + FINGERPRINT_BYTES]: stored[at + FINGERPRINT_BYTES : at + _ITEM_BYTES]
        for at in range(0, len(stored), _ITEM_BYTES)
    }


def packed(
    fingerprints: bytes, seen: SeenItems, entries: Iterable[KeyedEntry], kept: Iterable[KeyedEntry]
) -> bytes:
    """What is to be stored of a document: its fingerprints, those seen and those of `entries`, both
    in its order, with their names.

    An entry that is not among the `kept`, since the document has a later version of it, is to be
    read again: alone in the next document it counts.
    """
    stored = {id(one.entry) for one in kept}
    found = iter(entries)
    names: dict[bytes, bytes] = {}
    for at in range(0, len(fingerprints), FINGERPRINT_BYTES):
        fingerprint = fingerprints[at : at + FINGERPRINT_BYTES]
        if fingerprint in seen:
            names[fingerprint] = seen[fingerprint]
            continue
        one = next(found)
        if id(one.entry) in stored:
            names[fingerprint] = name_hashes(one)
    return b"".join(part for item in names.items() for part in item)


def may_be_meant(
    entries: Iterable[KeyedEntry], fingerprints: bytes, seen: SeenItems, *, keys: EntryKeys
) -> bool:
    """Could one of `entries` be taken for an item of the document that was passed as seen?"""
    passed = (
        seen[fingerprint]
        for at in range(0, len(fingerprints), FINGERPRINT_BYTES)
        if (fingerprint := fingerprints[at : at + FINGERPRINT_BYTES]) in seen
    )
    return share_a_name(map(name_hashes, entries), passed, keys=keys)
