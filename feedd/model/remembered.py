"""What the store remembers of feeds and polls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from feedd.model.exchanged import Validators
from feedd.model.identified import ChangedEntry, NewEntry
from feedd.model.published import NO_HINTS, Hints
from feedd.model.sought import ArchiveRead

FeedHealth = Literal["ok", "new", "failing", "gone", "disabled", "removed"]


@dataclass(frozen=True, slots=True)
class FeedState:
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
    keys: Literal["guid", "link"] = "guid"
    hub: str | None = None
    suggested_url: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class PollRecord:
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


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """Everything one poll changes, stored in one transaction or not at all.

    `rekeyed` are known entries met under a new key, as (id, key). `archive` is to be read to fill a
    gap. What was `pushed` by a hub is no poll: only the state's rhythm, keys and next poll are
    stored of it, and no history.
    """

    state: FeedState
    poll: PollRecord
    new: tuple[NewEntry, ...] = ()
    changed: tuple[ChangedEntry, ...] = ()
    rekeyed: tuple[tuple[int, str], ...] = ()
    archive: ArchiveRead | None = None
    pushed: bool = False


@dataclass(frozen=True, slots=True)
class FeedSummary:
    """A feed as `feedd feeds` shows it: its state with counts."""

    feed: FeedState
    items: int
    unread: int
