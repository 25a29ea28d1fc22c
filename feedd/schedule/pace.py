"""The values that go into a decision about when to poll, and the one that comes out."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S
WEEK_S = 7 * DAY_S


@dataclass(frozen=True, slots=True)
class Pace:
    """How often one feed may be polled. `_s` are seconds.

    With `adaptive`, `interval_s` is the average over all feeds, and the feed's own interval follows
    its rhythm between the two bounds. Without, it is the feed's own interval.
    """

    interval_s: int
    min_interval_s: int
    max_interval_s: int
    adaptive: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """When to poll a feed next, and why.

    `next_poll` None: never, until the user acts. `interval_s` is the wait that was decided on,
    `reason` says why in words fit to follow "next poll 14:10: ", and `rhythm` is what to remember
    about the feed for the next decision.
    """

    next_poll: int | None
    interval_s: int
    reason: str
    rhythm: str
