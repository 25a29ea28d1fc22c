"""After a pause, everything is overdue at once: it is not asked at once (rule 12)."""

from __future__ import annotations

import logging
import random
import sqlite3

from feedd import schedule
from feedd.poller.engine import Engine
from feedd.poller.hosts import queue_of
from feedd.store import due_times

log = logging.getLogger("feedd")


async def spread_backlog(engine: Engine, rng: random.Random, *, since: str) -> None:
    """Overdue feeds get start times spread over some minutes, hosts in turn. Raises StoreError."""
    overdue = await engine.store.call(_spread, int(engine.clock()), rng)
    if overdue > 1:
        log.info("%d feeds fell due before %s; spread over minutes", overdue, since)


def _spread(db: sqlite3.Connection, now: int, rng: random.Random) -> int:
    """The same in the store's thread, since ten thousand would hold up the loop; how many."""
    overdue = [feed for feed in due_times.due(db, now) if feed.last_poll]
    turns = [(feed.id, queue_of(feed.active_url), feed.next_poll or now) for feed in overdue]
    due_times.postpone(db, schedule.spread_backlog(turns, now, rng))
    return len(overdue)
