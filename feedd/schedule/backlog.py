"""When to ask feeds that fell due while nobody was polling (rule 12)."""

from __future__ import annotations

import random
from collections.abc import Sequence

FEEDS_A_SECOND = 10
"""So many feeds of a backlog start in a second, of all hosts together."""

HOST_APART_S = 1
"""No two feeds of one host start nearer to each other."""


def spread_backlog(
    due: Sequence[tuple[int, str, int]], now: int, rng: random.Random
) -> dict[int, int]:
    """Start times for feeds that are overdue, by feed id.

    `due` holds (feed id, host, next poll). The longest overdue come first, from now on; feeds of
    one host one after the other. Chance decides among those that fell due in the same second.
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
