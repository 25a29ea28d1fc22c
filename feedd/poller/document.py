"""What a parse worker does with a feed document: parse it, key its entries, pack their contents.

Packing is for the store, whose one thread has enough to do beside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from feedd import identity
from feedd.article import is_partial
from feedd.model import EntryKeys, KeyedEntry, ParsedFeed
from feedd.parsing import Document
from feedd.store.stored_values import pack_content


@dataclass(frozen=True, slots=True)
class ParseJob:
    """A document, and what identifies this feed's entries so far. `document.seen` is what the last
    parse left in `feed.items`: the fingerprints of its items, with their names."""

    document: Document
    keys: EntryKeys


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document after parsing. `feed.entries` is empty: the entries are in `entries`, with their
    keys, packed.
    """

    feed: ParsedFeed
    entries: tuple[KeyedEntry, ...]
    keys: EntryKeys


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
    if feed.skipped and (
        keying.keys != job.keys or identity.may_be_meant(found, feed.items, seen, keys=keying.keys)
    ):
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
    return keyed._replace(
        entry=entry._replace(html="", summary=None),
        packed=pack_content(entry.html, entry.summary),
        partial=is_partial(entry),
    )
