"""What an audit takes and what it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedd.model import PollRecord

Histories = Mapping[str, Sequence[PollRecord]]
"""What is remembered of each feed's polls, by name, oldest first."""


@dataclass(frozen=True, slots=True)
class Manners:
    """What the configuration promises, in seconds and requests."""

    min_interval_s: int
    per_host: int


@dataclass(frozen=True, slots=True)
class Breach:
    """One occasion on which a behaviour failed."""

    feed: str
    at: int
    words: str


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing that servers ask of readers, and on how many `occasions` it was put to the test."""

    name: str
    occasions: int
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class HostUse:
    """What one host has had of us. `requests` counts the redirects followed; `bytes` as
    transferred; `sooner` are polls before the host or its feeds wished for one."""

    host: str
    feeds: int
    polls: int
    requests: int
    whole: int
    unmodified: int
    bytes: int
    sooner: int
    throttled: int
    unavailable: int
    failed: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A 429 or 503, and what followed. `asked_until` is the end of its Retry-After."""

    feed: str
    host: str
    at: int
    status: int
    asked_until: int | None
    next_at: int | None
    next_status: int | None


@dataclass(frozen=True, slots=True)
class Audit:
    """The verdict on polls between `first` and `last`, epoch seconds; None: there were none.

    `by_hand` counts polls before they were due, `unrecorded` those of which the history does not
    tell all that is judged here.
    """

    first: int | None
    last: int | None
    polls: int
    by_hand: int
    unrecorded: int
    polls_per_feed_and_day: float
    hosts: tuple[HostUse, ...]
    behaviours: tuple[Behaviour, ...]
    refusals: tuple[Refusal, ...]
