"""Planned polls that are moved: what fell due in a pause, what the file now wants at another time.

Pure, but for the random number generator that is passed in.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from msgspec import Struct

from feedd.model import Hints
from feedd.schedule.pace import MAX_JITTER, Pace, bounded

# ---------------------------------------------------------------- after a start or a sleep

FEEDS_A_SECOND = 10
"""How many overdue feeds start in a second, over all hosts together."""

HOST_APART_S = 1
"""The least time between the starts of two feeds of one host."""


def spread_backlog(
    due: Sequence[tuple[int, str, int]], now: int, rng: random.Random
) -> dict[int, int]:
    """Start times for feeds that are overdue, by feed id, as after a night switched off.

    `due` holds (feed id, host, next poll). Those longest overdue come first, beginning at `now`;
    feeds of one host come one after the other. Chance decides among those due in the same second.
    """
    waiting = list(due)
    rng.shuffle(waiting)
    waiting.sort(key=lambda feed: feed[2])
    starts: dict[int, int] = {}
    host_free: dict[str, int] = {}
    for place, (feed_id, host, _) in enumerate(waiting):
        start = max(now + place // FEEDS_A_SECOND, host_free.get(host, now))
        starts[feed_id] = start
        host_free[host] = start + HOST_APART_S
    return starts


# ---------------------------------------------------------------- after a change of the file


class PlannedPoll(Struct, frozen=True):
    """A poll to come, of a feed that was polled before. Times are seconds since 1970.

    With `waits` it may come later than the feed's own pace would have it: for failures, a
    `Retry-After` or pushes.
    """

    last_poll: int
    next_poll: int
    hints: Hints
    waits: bool = False


def at_new_pace(planned: PlannedPoll, pace: Pace, rng: random.Random) -> int | None:
    """When to poll at another pace than that which was planned by; None: as planned.

    What lies outside of the pace's bounds, counted from the last poll, is moved to the nearer one
    (rule 9); what the publisher asks for holds as before (rule 10).
    """
    shortest_s, longest_s = min(pace.min_interval_s, pace.max_interval_s), pace.max_interval_s
    if not pace.adaptive:
        own_s = min(max(pace.interval_s, shortest_s), longest_s)
        shortest_s = round(own_s * (1 - MAX_JITTER / 2))
        longest_s = round(own_s * (1 + MAX_JITTER / 2))
    last, before_s = planned.last_poll, planned.next_poll - planned.last_poll
    is_late = before_s > longest_s and not planned.waits
    if before_s >= shortest_s and not is_late:
        return None
    wish_s = longest_s if is_late and pace.adaptive else shortest_s
    moved = bounded(
        last + wish_s,
        give_s=wish_s,
        pace=pace,
        hints=planned.hints,
        not_before=None,
        now=last,
        rng=rng,
    ).at
    return None if is_late and moved >= planned.next_poll else moved
