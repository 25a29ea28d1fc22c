"""What servers are shown, and what came from them: feeds, entries, pages and their articles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field


class Credentials(Struct, frozen=True):
    """Sent to the origin of the feed's own URL only; never shown."""

    username: str | None = None
    password: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Credentials(username={self.username!r})"


class TlsFiles(Struct, frozen=True):
    """PEM files for TLS: authorities trusted beside the system's, and what we show of ourselves.

    Without `client_key`, the key is in the file of `client_cert`.
    """

    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None


class Hop(Struct, frozen=True):
    """One redirect: the status that sent us on, and the absolute URL it sent us to."""

    status: int
    url: str


class Response(Struct, frozen=True):
    """One finished exchange, redirects followed.

    `url` is where the body came from; `permanent_url` is as far as an unbroken chain of 301/308
    leads from the start (None: nowhere). Header names are lower case; repeated ones are joined
    by ", ". `body` is decoded; `wire_bytes` counts what was transferred. `truncated`: the body
    ended early.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    hops: tuple[Hop, ...] = ()
    permanent_url: str | None = None
    truncated: bool = False
    wire_bytes: int = 0
    duration_ms: int = 0


class Enclosure(Struct, frozen=True):
    """A file attached to an entry; `length` in bytes, `duration_s` how long it plays."""

    url: str
    type: str | None = None
    length: int | None = None
    duration_s: int | None = None


class Entry(Struct, frozen=True, array_like=True, gc=False):
    """One item of a feed document.

    `guid` is as given, trimmed. `title` is plain text on one line, "" where there is none.
    `html` is the fullest content the feed carries, sanitised, links absolute; `text` is its
    plain text. `summary` is the plain text of a summary given beside the content, else None.
    `full` is true when the feed gave a content element of its own (content:encoded,
    atom:content, content_html), not only a summary. `image` is the URL of the entry's picture,
    `origin` the title of the feed that a planet has it from.
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
    image: str | None = None
    season: int | None = None
    episode: int | None = None
    origin: str | None = None


class Hints(Struct, frozen=True):
    """How often the publisher and the server wish to be asked (polling rule 10). None: said
    nothing.

    `max_age_s` comes from the response headers, the rest from the document. Hours and days are
    GMT, days numbered from Monday = 0. `utc_offset_s` is the zone in which the document's dates are
    given, where it is not UTC; it says nothing of how often.
    """

    max_age_s: int | None = None
    ttl_s: int | None = None
    update_period_s: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    utc_offset_s: int | None = None


NO_HINTS = Hints()


class ParsedFeed(Struct, frozen=True):
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


class KeyedEntry(Struct, frozen=True, array_like=True, gc=False):
    """An entry with what identifies it: its key, canonical link, folded title, hash of its
    content.

    Where its HTML and summary are `packed` already, as the store keeps them, the entry itself has
    neither; nor has it the text, which is there in UTF-8. `partial`: the feed carries less of it
    than the article.
    """

    entry: Entry
    key: str
    link_key: str | None
    title_key: str
    content_hash: bytes
    packed: bytes | None = None
    partial: bool = False
    utf8: bytes | None = None


class KnownEntry(Struct, frozen=True):
    """The same of an entry in the store, with what tells it from another of the same name.

    `article` is the canonical link with its fragment, `files` are those attached, in canonical
    form. `text` and `files` are there where they may be needed to decide.
    """

    id: int
    key: str
    link_key: str | None
    title_key: str
    content_hash: bytes
    article: str | None = None
    published: int | None = None
    text: str = ""
    files: frozenset[str] = frozenset()


class NewEntry(Struct, frozen=True):
    """To be stored. `read`: muted, arrives already read. `fetch_page`: its page is to be queued,
    to be asked for no sooner than `page_delay_s` from now.
    """

    keyed: KeyedEntry
    read: bool = False
    fetch_page: bool = False
    page_delay_s: int = 0


class ChangedEntry(Struct, frozen=True):
    """Row `id` gets this content. `unread`: becomes unread again. `fetch_page` as above."""

    id: int
    keyed: KeyedEntry
    unread: bool = False
    fetch_page: bool = False


class PageJob(Struct, frozen=True):
    """A page waiting in the article queue, and what the feed says of its entry.

    `summary_text` is the summary, or the content's text where there is none; `feed_text` the
    fullest plain text that the feed carries.
    """

    entry_id: int
    feed: str
    url: str
    title: str
    summary_text: str
    language: str | None
    tries: int
    feed_text: str = ""


class Article(Struct, frozen=True):
    """A page, cleaned. `html` is sanitised, `text` its running words without captions;
    `confidence` is 0 to 1.

    With `error` set there is no usable article and it says why: "paywall", "not-html:
    application/pdf", "too-short", "consent-page", "timeout", and so on. `note` says what is missing
    of an article that is usable all the same. `next_url` is the next page of the same article,
    `alternate_url` its AMP or print view, `moved_to` where a page without an article sends its
    reader. `blocks` are fingerprints of its blocks, for the memory of its site.
    """

    url: str
    html: str = ""
    text: str = ""
    title: str | None = None
    byline: str | None = None
    published: int | None = None
    lead_image: str | None = None
    language: str | None = None
    confidence: float = 0.0
    error: str | None = None
    next_url: str | None = None
    alternate_url: str | None = None
    moved_to: str | None = None
    note: str | None = None
    blocks: tuple[int, ...] = ()
