"""What a parse worker does with a feed document: parse it, key its entries, pack their contents.

Packing is for the store, whose one thread has enough to do beside. And it sees which entries are
the whole article.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final, cast

from msgspec import Struct
from msgspec.structs import replace

from feedd import identity
from feedd.model import Entry, EntryKeys, KeyedEntry, ParsedFeed
from feedd.parsing import Document
from feedd.store.stored_values import pack_content

COMPLETE_MIN_CHARS: Final = 1500
"""A summary this long, of several paragraphs, is the article under the wrong element."""
COMPLETE_MIN_PARAGRAPHS: Final = 3
TEASER_MAX_CHARS: Final = 200
"""A titled content of fewer characters and no picture is a teaser."""
ENDING_CHARS: Final = 80

_CUT_SHORT = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\(more\)|»|→|"
    r"(?:read|see|view) (?:more|on|the (?:full|rest|whole|entire|complete).{0,40}|full .{0,30})"
    r"|continue reading.{0,60}|keep reading.{0,20}|full (?:story|article|post|text)"
    r"|weiterlesen|lire la suite|leer más|leia mais|читать (?:далее|дальше|полностью)|続きを読む"
    r"|continua a leggere|lees verder)\W*$",
    re.IGNORECASE,
)
_MAY_BE_CUT: Final = tuple(
    str.split(
        "… ... more » → read see view continue keep full weiterlesen lire leer leia чита 続き"
        " continua lees"
    )
)
"""One of these is in every such ending: to look for them takes a tenth of the time."""

_PARAGRAPH = re.compile(r"<p\b|<br\b[^<>]*+>\s*+<br\b", re.IGNORECASE)
_MEDIA = re.compile(r"<(?:img|video|audio|picture)\b", re.IGNORECASE)


class ParseJob(Struct, frozen=True):
    """A document, and what identifies this feed's entries so far. `document.seen` is what the last
    parse left in `feed.items`: the fingerprints of its items, with their names."""

    document: Document
    keys: EntryKeys


class ParsedDocument(Struct, frozen=True):
    """A document after parsing. `feed.entries` is empty: the entries are in `entries`, with their
    keys, packed.
    """

    feed: ParsedFeed
    entries: tuple[KeyedEntry, ...]
    keys: EntryKeys


class PackedDocument(Struct, frozen=True):
    """The same as it comes from the parse worker. The entries stay encoded until somebody looks at
    them: that takes less than half of the memory while they wait to be stored.
    """

    feed: ParsedFeed
    entries: bytes
    keys: EntryKeys

    def unpacked(self) -> ParsedDocument:
        """Raises ParseError where the entries are not what a parse worker says."""
        return ParsedDocument(self.feed, _decoder()(self.entries), self.keys)


@cache
def _decoder() -> Callable[[bytes], tuple[KeyedEntry, ...]]:
    from feedd.workers.messages import MessageDecoder, MessageError, bad_answer

    decode = MessageDecoder(tuple[KeyedEntry, ...])

    def decoded(data: bytes) -> tuple[KeyedEntry, ...]:
        try:
            return cast(tuple[KeyedEntry, ...], decode(data))
        except MessageError as error:
            raise bad_answer(error) from None

    return decoded


def packed_document(job: ParseJob) -> PackedDocument:
    """What a parse worker does: `parse_document`, for its parent to keep."""
    from feedd.workers.messages import encoded

    document = parse_document(job)
    return PackedDocument(document.feed, encoded(document.entries), document.keys)


def parse_document(job: ParseJob) -> ParsedDocument:
    """Parse and key one document; raises ParseError.

    Items seen before are passed, unless one that is new could be taken for one of them: then all
    are read, and judged together (rule 42).
    """
    from feedd.parsing.reading import parse  # the parsers: only a worker pays for them

    seen = identity.unpacked_items(job.document.seen)
    document = replace(job.document, seen=b"".join(seen))
    feed = parse(document)
    found = list(map(identity.describe, feed.entries))
    keying = identity.assign_keys(found, keys=job.keys)
    if feed.skipped and (keying.keys != job.keys or identity.may_be_meant(found, feed.items, seen)):
        seen = {}
        feed = parse(replace(document, seen=b""))
        found = list(map(identity.describe, feed.entries))
        keying = identity.assign_keys(found, keys=job.keys)
    items = identity.packed_items(feed.items, seen, found, keying.entries)
    return ParsedDocument(
        feed=replace(feed, entries=(), items=items),
        entries=tuple(map(_packed, keying.entries)),
        keys=keying.keys,
    )


def _packed(keyed: KeyedEntry) -> KeyedEntry:
    entry = keyed.entry
    return replace(
        keyed,
        entry=replace(entry, html="", text="", summary=None),
        packed=pack_content(entry.html, entry.summary),
        partial=is_partial(entry),
    )


def is_partial(entry: Entry) -> bool:
    """Whether the feed has no full content for the entry, or only the beginning of it."""
    if is_cut_short(entry.text):
        return True
    if entry.full:
        is_teaser = len(entry.text) < TEASER_MAX_CHARS and bool(entry.title)
        return is_teaser and not _MEDIA.search(entry.html) and not entry.enclosures
    return not (
        len(entry.text) >= COMPLETE_MIN_CHARS
        and len(_PARAGRAPH.findall(entry.html)) >= COMPLETE_MIN_PARAGRAPHS
    )


def is_cut_short(text: str) -> bool:
    """Whether a text says itself that it goes on elsewhere."""
    ending = text.rstrip()[-ENDING_CHARS:]
    folded = ending.lower()
    return any(map(folded.__contains__, _MAY_BE_CUT)) and _CUT_SHORT.search(ending) is not None
