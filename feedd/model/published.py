"""What the publisher said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file attached to an entry; `length` in bytes."""

    url: str
    type: str | None = None
    length: int | None = None


class Entry(NamedTuple):
    """One item of a feed document.

    `guid` is as given, trimmed. `title` is plain text on one line, "" where there is none.
    `html` is the fullest content the feed carries, sanitised, links absolute; `text` is its
    plain text. `summary` is the plain text of a summary given beside the content, else None.
    `full` is true when the feed gave a content element of its own (content:encoded,
    atom:content, content_html), not only a summary.
    """

    guid: str | None
    link: str | None
    title: str
    author: str | None = None
    published: int | None = None
    updated: int | None = None
    html: str = ""
    text: str = ""
    summary: str | None = None
    full: bool = False
    comments: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Hints:
    """How often the publisher and the server wish to be asked (polling rule 10). None: said
    nothing.

    `max_age_s` comes from the response headers, the rest from the document. Hours and days are
    GMT, days numbered from Monday = 0.
    """

    max_age_s: int | None = None
    ttl_s: int | None = None
    update_period_s: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A document, read. `entries` holds each item whose raw bytes were not among the seen ones.

    `items` has one 8-byte hash per item of the document, concatenated, for the next poll to compare
    (empty when the document was not cut at its items); `skipped` counts items left out as seen.
    `problems` says in words what had to be rescued.
    """

    format: str
    title: str | None
    site: str | None
    entries: tuple[Entry, ...]
    language: str | None = None
    hints: Hints = NO_HINTS
    hub: str | None = None
    self_url: str | None = None
    archive_url: str | None = None
    problems: tuple[str, ...] = ()
    items: bytes = b""
    skipped: int = 0
