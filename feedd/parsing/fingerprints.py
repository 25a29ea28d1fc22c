"""Which items of a document were seen in the last reading, and reading it without them.

An item is known by a hash of its bytes and of all that bears on their meaning from outside: the
document's URL, namespaces, xml:base, xml:lang, authors that entries inherit. Where that is not
known for certain there are no hashes, and the whole document is read.

Of a document whose items were seen before only what is around them is parsed: each item is emptied
first. That they were items is certain when each of them, emptied, stands where an item stands, for
their bytes were those of an item in a document read before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Final

from feedd.parsing import fast
from feedd.parsing.building import DATES_LOOKED_AT
from feedd.parsing.fields import UnusualError
from feedd.parsing.raw import RawEntry, RawFeed

HASH_BYTES: Final = 8
READING: Final = b"feedd reading 5"
"""To be changed whenever the same bytes are read otherwise than before: all is read anew then."""

_CHANNEL = re.compile(rb"<(?:[\w.-]+:)?channel(?=[\s>])" + fast.START)
_MAY_TELL_ZONE = re.compile(rb":(?<=\d\d:)\d\d(?:\.\d{1,9})? ?(?:[+-](?!00:?00)|&#)").search
_SECTION: Final = rb"<!\[CDATA\[(?s:.*?)\]\]>|<!--(?s:.*?)-->"

Slice = tuple[int, int]
"""Where something begins and ends in a document, in bytes."""


def read(xml: bytes, url: str, seen: frozenset[bytes] = frozenset()) -> RawFeed:
    """The feed in XML, as `fast.read` finds it, with what its items are known by.

    Of items whose fingerprints are in `seen` nothing is read but their bytes.
    """
    if seen:
        for find in (_items, _items_exactly):
            known = _passing(xml, url, find(xml), seen)
            if known is not None:
                return known
    feed, whole = fast.read(xml, url), memoryview(xml)
    slices = _items(xml)
    if len(slices) != len(feed.entries):
        slices = _items_exactly(xml)
    if len(slices) == len(feed.entries):
        for entry, (start, end) in zip(feed.entries, slices, strict=True):
            entry.raw = whole[start:end]
        feed.context = _context(xml, url, slices, feed)
    return feed


def fingerprints(feed: RawFeed) -> list[bytes]:
    """One hash an item, in order; none at all where items cannot be told apart for certain."""
    if not feed.context:
        return []
    key = _key(feed.context)
    return [one.fingerprint or _fingerprint(key, one.raw, one.inherited) for one in feed.entries]


def seen_set(seen: bytes) -> frozenset[bytes]:
    """The hashes in `seen`; none when it is not made of hashes."""
    if len(seen) % HASH_BYTES:
        return frozenset()
    return frozenset(seen[at : at + HASH_BYTES] for at in range(0, len(seen), HASH_BYTES))


def _key(context: bytes) -> bytes:
    return blake2b(READING + context, digest_size=32).digest()


def _fingerprint(key: bytes, raw: bytes | memoryview, inherited: str) -> bytes:
    item = blake2b(raw, digest_size=HASH_BYTES, key=key)
    item.update(inherited.encode("utf-8", "surrogatepass"))
    return item.digest()


def _passing(
    xml: bytes, url: str, slices: Sequence[Slice], seen: frozenset[bytes]
) -> RawFeed | None:
    """The feed, in which items of `seen` have nothing but their fingerprints; None where it is not
    certain which they are.
    """
    try:
        feed = fast.read(_emptied(xml, slices), url)
        if len(feed.entries) != len(slices):
            return None
        feed.context = _context(xml, url, slices, feed)
        if not feed.context:
            return None
        key, whole = _key(feed.context), memoryview(xml)
        passed = []
        for entry, (start, end) in zip(feed.entries, slices, strict=True):
            entry.raw = whole[start:end]
            entry.fingerprint = _fingerprint(key, entry.raw, entry.inherited)
            if entry.fingerprint in seen:
                passed.append((start, end))
        # The first dates tell the publisher's zone, whoever has been seen.
        dated = {
            place
            for place, entry in zip(slices, feed.entries[:DATES_LOOKED_AT], strict=False)
            if _MAY_TELL_ZONE(entry.raw)
        }
        emptied = [place for place in passed if place not in dated]
        if len(emptied) == len(slices):
            return feed
        return _with_new(feed, fast.read(_emptied(xml, emptied), url), seen)
    except (UnusualError, fast.MalformedError):
        return None


def _with_new(feed: RawFeed, read: RawFeed, seen: frozenset[bytes]) -> RawFeed | None:
    """With those items read that are not in `seen`, and the dates of those that are."""
    if len(read.entries) != len(feed.entries):
        return None
    entries: list[RawEntry] = []
    for known, found in zip(feed.entries, read.entries, strict=True):
        if known.fingerprint not in seen:
            found.raw, found.fingerprint = known.raw, known.fingerprint
            known = found
        else:
            known.published, known.updated = found.published, found.updated
            known.created = found.created
        entries.append(known)
    feed.entries = entries
    return feed


def _emptied(xml: bytes, slices: Sequence[Slice]) -> bytes:
    """The document with nothing in these items."""
    name = _item_name(xml)
    pieces = []
    at = 0
    for start, end in slices:
        inside = xml.find(b">", start) + 1
        pieces.append(xml[at:inside])
        at = end - len(name) - 3
    pieces.append(xml[at:])
    return b"".join(pieces)


def _item_name(xml: bytes) -> bytes:
    root = fast.ROOT(xml)
    return b"entry" if root and root[1].rpartition(b":")[2].lower() == b"feed" else b"item"


def _items(xml: bytes) -> list[Slice]:
    """Where items seem to be: from each start tag to the next end tag. Which is so where there are
    as many of them as the document has items, and no other spelling.
    """
    name = _item_name(xml)
    if re.search(b":" + name, xml):  # five times as fast as to look for it with `in`
        return []
    opens, closes = b"<" + name, b"</" + name + b">"
    slices = []
    start = xml.find(opens)
    while start >= 0:
        end = start + len(opens)
        if xml[end : end + 1] in (b">", b" ", b"\n", b"\r", b"\t", b"/"):
            end = xml.find(closes, end) + len(closes)
            if end < len(closes):
                return []
            slices.append((start, end))
        start = xml.find(opens, end)
    return slices


def _items_exactly(xml: bytes) -> list[Slice]:
    """Where items are, whatever stands in comments and CDATA sections."""
    name = _item_name(xml)
    tags = re.compile(rb"%s|<%s(?=[\s/>])|</%s>" % (_SECTION, name, name))
    return list(_pairs(tags, xml, b"<" + name, b"</" + name + b">"))


def _pairs(tags: re.Pattern[bytes], xml: bytes, opens: bytes, closes: bytes) -> Iterator[Slice]:
    start = -1
    for tag in tags.finditer(xml):
        if tag[0] == opens and start < 0:
            start = tag.start()
        elif tag[0] == closes and start >= 0:
            yield start, tag.end()
            start = -1


def _context(xml: bytes, url: str, slices: Sequence[Slice], feed: RawFeed) -> bytes:
    """All that bears on the meaning of items from outside; empty where that is not certain."""
    root = fast.ROOT(xml)
    head = xml[: slices[0][0]] if slices else xml
    channels = _CHANNEL.findall(head)
    if root is None or len(channels) > 1:
        return b""
    declared = [sorted(fast.NAMESPACE.findall(tag)) for tag in (root[0], *channels)]
    outside = (url, feed.family, feed.version, declared, feed.authors)
    return repr(outside).encode("utf-8", "surrogatepass")
