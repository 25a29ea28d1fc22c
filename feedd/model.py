"""The values that travel between the modules: frozen, without behaviour.

Times are integer seconds since the epoch, UTC. Strings from feeds are already sanitised (HTML) or
plain (everything else), absolute where they are URLs, but not yet gated for a terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

ArticlesMode = Literal["auto", "always", "never"]
UpdatesMode = Literal["keep", "unread"]
FeedHealth = Literal["ok", "new", "failing", "gone", "disabled", "removed"]
Which = Literal["unread", "all", "read", "starred"]
MarkAction = Literal["read", "unread", "star", "unstar"]


# ---------------------------------------------------------------- what the user configured


@dataclass(frozen=True, slots=True)
class Settings:
    """The `[feedd]` table, checked, with defaults filled in. `_s` are seconds."""

    database: Path
    interval_s: int = 3600
    min_interval_s: int = 900
    max_interval_s: int = 86_400
    adaptive: bool = True
    articles: ArticlesMode = "auto"
    concurrency: int = 32
    per_host: int = 2
    article_pause_s: float = 2.0
    timeout_s: float = 30.0
    max_feed_bytes: int = 16_000_000
    max_article_bytes: int = 8_000_000
    allow_private_hosts: bool = False
    keep_s: int | None = None
    user_agent: str = ""
    parser: Literal["auto", "feedparser"] = "auto"
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class FeedConfig:
    """One entry of `[feeds]`. `None` means: as the settings say."""

    name: str
    url: str
    title: str | None = None
    tags: tuple[str, ...] = ()
    interval_s: int | None = None
    articles: ArticlesMode | None = None
    enabled: bool = True
    updates: UpdatesMode = "keep"
    mute: tuple[str, ...] = ()
    username: str | None = None
    password_file: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    user_agent: str | None = None
    proxy: str | None = None
    article_selector: str | None = None
    article_remove: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """The user's file, read and checked. `warnings` are what works but was hardly meant."""

    path: Path
    settings: Settings
    feeds: Mapping[str, FeedConfig]
    warnings: tuple[str, ...] = ()


# ---------------------------------------------------------------- what the publisher said


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file attached to an entry; `length` in bytes."""

    url: str
    type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
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
    hints: Hints = Hints()
    hub: str | None = None
    self_url: str | None = None
    archive_url: str | None = None
    problems: tuple[str, ...] = ()
    items: bytes = b""
    skipped: int = 0


# ---------------------------------------------------------------- what went over the wire


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified byte for byte, with the URL that gave them (polling rules 1 to 3)."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """Sent to the origin of the feed's own URL only; never shown."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: the status that sent us on, and the absolute URL it sent us to."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class Response:
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


# ---------------------------------------------------------------- which entries are the same


@dataclass(frozen=True, slots=True)
class KeyedEntry:
    """An entry with what identifies it: its key, canonical link, folded title, hash of its
    content.
    """

    entry: Entry
    key: str
    link_key: str | None
    title_key: str
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """The same of an entry in the store."""

    id: int
    key: str
    link_key: str | None
    title_key: str
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class NewEntry:
    """To be stored. `read`: muted, arrives already read. `fetch_page`: its page is to be queued,
    to be asked for no sooner than `page_delay_s` from now.
    """

    keyed: KeyedEntry
    read: bool = False
    fetch_page: bool = False
    page_delay_s: int = 0


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """Row `id` gets this content. `unread`: becomes unread again. `fetch_page` as above."""

    id: int
    keyed: KeyedEntry
    unread: bool = False
    fetch_page: bool = False


# ---------------------------------------------------------------- what the store remembers


@dataclass(frozen=True, slots=True)
class FeedState:
    """All that is remembered about one feed between polls.

    `url` is the configured one, `active_url` where requests go (the same, or where permanent
    redirects have proved to lead). `next_poll` None: never, until the user acts. `not_before`
    is the Retry-After bound. `last_full` is when a body last came (rule 8).
    `move_to`/`move_polls` count the proofs of a permanent move (rule 18). `keys` says what
    identifies entries: "guid", or "link" for feeds that reuse guids (rule 36). `notes` is the
    health in words. `rhythm` is schedule's own.
    """

    id: int
    name: str
    url: str
    active_url: str
    state: FeedHealth = "new"
    title: str | None = None
    site: str | None = None
    language: str | None = None
    validators: Validators | None = None
    body_hash: bytes | None = None
    items: bytes = b""
    hints: Hints = Hints()
    last_poll: int | None = None
    last_success: int | None = None
    last_full: int | None = None
    last_status: int | None = None
    last_error: str | None = None
    failures: int = 0
    failing_since: int | None = None
    not_before: int | None = None
    next_poll: int | None = 0
    next_reason: str = "new: never polled"
    interval_s: int | None = None
    rhythm: str = ""
    move_to: str | None = None
    move_polls: int = 0
    keys: Literal["guid", "link"] = "guid"
    hub: str | None = None
    suggested_url: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class PollRecord:
    """One line of a feed's poll history. `bytes` as transferred."""

    at: int
    url: str
    status: int | None
    bytes: int
    duration_ms: int
    new: int = 0
    changed: int = 0
    error: str | None = None
    next_poll: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """Everything one poll changes, stored in one transaction or not at all.

    `rekeyed` are known entries met under a new key, as (id, key).
    """

    state: FeedState
    poll: PollRecord
    new: tuple[NewEntry, ...] = ()
    changed: tuple[ChangedEntry, ...] = ()
    rekeyed: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FeedSummary:
    """A feed as `feedd feeds` shows it: its state with counts."""

    feed: FeedState
    items: int
    unread: int


# ---------------------------------------------------------------- articles


@dataclass(frozen=True, slots=True)
class PageJob:
    """A page waiting in the article queue."""

    entry_id: int
    feed: str
    url: str
    title: str
    summary_text: str
    language: str | None
    tries: int


@dataclass(frozen=True, slots=True)
class Article:
    """A page, cleaned. `html` is sanitised; `confidence` is 0 to 1.

    With `error` set there is no usable article and it says why: "paywall", "not-html:
    application/pdf", "too-short", "consent-page", "timeout", and so on.
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


# ---------------------------------------------------------------- what the reader sees


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """What to list. `feeds` None: every feed. `since`/`until` bound the sort time. `limit`
    None: all.
    """

    feeds: tuple[str, ...] | None = None
    which: Which = "unread"
    since: int | None = None
    until: int | None = None
    limit: int | None = 50
    oldest: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list. `summary` and `enclosures` are read only when asked for.

    `sort_at` is the published time, or the first-seen time where that is missing or absurd.
    """

    id: int
    feed: str
    title: str
    link: str | None
    author: str | None
    published: int | None
    updated: int | None
    first_seen: int
    sort_at: int
    read: bool
    starred: bool
    also_in: tuple[str, ...] = ()
    summary: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    snippet: str | None = None


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Some items, and how many more there would have been (`more_capped`: at least that many)."""

    items: tuple[Item, ...]
    more: int = 0
    more_capped: bool = False


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """One item with its content: the cleaned article where there is one, else the feed's own."""

    item: Item
    content_html: str
    content_text: str
    content_source: Literal["feed", "article"]
    article_error: str | None
    feed_html: str
    comments: str | None = None
    categories: tuple[str, ...] = ()
