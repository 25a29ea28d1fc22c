"""What a parse worker does with a feed document: parse it, work out its entries' identity, and pack
their contents for the store, whose one thread has enough to do beside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from feedd import identity, parsing
from feedd.article import is_partial
from feedd.model import EntryKeys, KeyedEntry, ParsedFeed
from feedd.parsing import Document
from feedd.store.stored_values import pack_content


@dataclass(frozen=True, slots=True)
class ParseJob:
    """A document, and what identifies this feed's entries so far."""

    document: Document
    keys: EntryKeys


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document after parsing. `feed.entries` is empty: the entries are in `entries`, with their
    keys, packed. `note` is what the keys say about the feed's health.
    """

    feed: ParsedFeed
    entries: tuple[KeyedEntry, ...]
    keys: EntryKeys
    note: str | None


def parse_document(job: ParseJob) -> ParsedDocument:
    """Parse and key one document; raises ParseError."""
    feed = parsing.parse(job.document)
    keying = identity.keyed(feed.entries, keys=job.keys)
    return ParsedDocument(
        feed=replace(feed, entries=()),
        entries=tuple(map(_packed, keying.entries)),
        keys=keying.keys,
        note=keying.note,
    )


def _packed(keyed: KeyedEntry) -> KeyedEntry:
    entry = keyed.entry
    return keyed._replace(
        entry=entry._replace(html="", summary=None),
        packed=pack_content(entry.html, entry.summary),
        partial=is_partial(entry),
    )
