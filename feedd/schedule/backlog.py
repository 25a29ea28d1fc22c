"""What to do with feeds that all fell due while nobody was polling (rule 12)."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

SPREAD_S = 300
"""A backlog is spread over at least so many seconds."""

SPREAD_PER_FEED_S = 0.1
"""A large backlog over so much a feed."""


def spread_backlog(
    due: Sequence[tuple[int, str, int]], now: int, rng: random.Random
) -> dict[int, int]:
    """Start times for feeds that are overdue, by feed id.

    `due` holds (feed id, host, next poll). Hosts take turns, each host's longest overdue feed
    first, and no two feeds of one host start in the same second. One feed alone starts at once.
    """
    by_host: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for feed_id, host, next_poll in due:
        by_host[host].append((next_poll, feed_id))
    if not by_host:
        return {}
    longest = max(len(feeds) for feeds in by_host.values())
    window_s = max(SPREAD_S, SPREAD_PER_FEED_S * len(due), longest)
    hosts = list(by_host)
    rng.shuffle(hosts)
    # A feed's place is its rank within its host, so that hosts take turns; feeds of one rank are
    # spread over that rank's share of the window.
    starts: dict[int, int] = {}
    share_s = window_s / longest
    for place, host in enumerate(hosts):
        earliest = now
        for rank, (_, feed_id) in enumerate(sorted(by_host[host])):
            offset_s = share_s * (rank + place / len(hosts))
            earliest = starts[feed_id] = max(earliest, now + int(offset_s))
            earliest += 1
    return starts
