"""What the store remembers of feeds: their state, their polls, and what is done beside polling."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from feedd.model.feed import NO_HINTS, ChangedEntry, Hints, NewEntry

FeedHealth = Literal["ok", "new", "failing", "gone", "disabled", "removed"]

EntryKeys = Literal["guid", "link"]
"""What identifies the entries of a feed; links where guids are used twice (polling rule 36)."""


class Validators(Struct, frozen=True):
    """ETag and Last-Modified byte for byte, with the URL that gave them (polling rules 1 to 3)."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


class FeedState(Struct, frozen=True):
    """All that is remembered about one feed between polls.

    `url` is the configured one, `active_url` where requests go (the same, or where permanent
    redirects have proved to lead). `next_poll` None: never, until the user acts. `not_before`
    is the Retry-After bound. `last_full` is when a body last came (rule 8); `gap_at`
    when a document last held no known entry.
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
    hints: Hints = NO_HINTS
    last_poll: int | None = None
    last_success: int | None = None
    last_full: int | None = None
    gap_at: int | None = None
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
    keys: EntryKeys = "guid"
    hub: str | None = None
    suggested_url: str | None = None
    notes: str | None = None


class PollRecord(Struct, frozen=True):
    """One line of a feed's poll history. `bytes` as transferred.

    `conditional`: validators went out. `validators_kept`: some are at hand for the next poll.
    `redirects` were followed, `moved` if the first was permanent. `not_before` ends what a
    `Retry-After` asked for, `fresh_until` what the feed or its server wished otherwise. None:
    nothing was asked, or the poll is older than the column.
    """

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
    conditional: bool | None = None
    validators_kept: bool | None = None
    redirects: int | None = None
    moved: bool | None = None
    not_before: int | None = None
    fresh_until: int | None = None


class PollOutcome(Struct, frozen=True):
    """Everything one poll changes, stored in one transaction or not at all.

    `rekeyed` are known entries met under a new key, as (id, key). `archive` is to be read to fill a
    gap. `hub` is what becomes of the feed's subscription (None: it stays). `backoff` is a host that
    asked to be left alone, and until when. `missing`: the feed is no longer at its address; False:
    it is there again. What was `pushed` by a hub is no poll: only the state's rhythm, keys and next
    poll are stored of it, and no history.
    """

    state: FeedState
    poll: PollRecord
    new: tuple[NewEntry, ...] = ()
    changed: tuple[ChangedEntry, ...] = ()
    rekeyed: tuple[tuple[int, str], ...] = ()
    archive: ArchiveRead | None = None
    hub: HubChange | None = None
    backoff: HostBackoff | None = None
    missing: bool | None = None
    pushed: bool = False


class FeedTrouble(Struct, frozen=True):
    """A feed in trouble for long. `kind`: it is "failing", "gone" (its publisher has ended it) or
    "silent", `since` its latest entry.
    """

    feed: str
    kind: str
    since: int
    error: str | None = None


class TaskTrouble(Struct, frozen=True):
    """What a background task meets at present: the last error, and how many since when."""

    task: str
    error: str
    since: int
    count: int


class FeedSummary(Struct, frozen=True):
    """A feed as `feedd feeds` shows it: its state with counts."""

    feed: FeedState
    items: int
    unread: int
    updated: int


SubscriptionState = Literal["offered", "asked", "verified", "denied", "leaving"]


class Subscription(Struct, frozen=True):
    """A feed's hub, and how we stand with it.

    `token` ends the callback's address, `secret` signs what is pushed; both are random. `next_ask`
    is when the hub is to be asked next, `tries` how often it was since it last confirmed. `pushes`
    counts those that came since a poll last found what none had brought; with 0 polling is as
    usual. `error` says in words why there is no subscription, or no renewed one.
    """

    feed_id: int
    feed: str
    hub: str
    topic: str
    token: str
    secret: str
    state: SubscriptionState = "offered"
    next_ask: int = 0
    tries: int = 0
    lease_ends: int | None = None
    last_push: int | None = None
    pushes: int = 0
    error: str | None = None

    def __repr__(self) -> str:
        """Without the token and the secret."""
        return f"Subscription(feed={self.feed!r}, hub={self.hub!r}, state={self.state!r})"


class HubChange(Struct, frozen=True):
    """A feed's subscription as it is from now on; None: the feed offers no hub any more."""

    subscription: Subscription | None


class HostBackoff(Struct, frozen=True):
    """A host that asked to be left alone (429), and until when."""

    host: str
    until: int


ArchiveKind = Literal["gap", "history"]


class ArchiveRead(Struct, frozen=True):
    """An archive being read backwards: its next document, and how many more are read at most.

    A "gap" is filled by itself and its entries are news; a "history" was asked for. `paged`: the
    address is made by counting pages, the publisher named none. Not before `due`. `keys` as in
    FeedState.
    """

    feed_id: int
    feed: str
    url: str
    kind: ArchiveKind
    left: int
    due: int
    paged: bool = False
    keys: EntryKeys = "guid"


class Proposal(Struct, frozen=True):
    """Where a lost feed seems to be now: of the `entries` there, so many are `known` ones of it."""

    url: str
    known: int
    entries: int
