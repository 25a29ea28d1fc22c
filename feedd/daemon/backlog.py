"""After a pause, everything is overdue at once: it is not asked at once (rule 12)."""

from __future__ import annotations

import logging
import random

from feedd import schedule
from feedd.poller.engine import Engine
from feedd.poller.hosts import queue_of
from feedd.store import feeds as feed_store

log = logging.getLogger("feedd")


async def spread_backlog(engine: Engine, rng: random.Random, *, since: str) -> None:
    """Overdue feeds get start times spread over some minutes, hosts in turn. Raises StoreError."""
    now = int(engine.clock())
    overdue = [f for f in await engine.store.call(feed_store.due, now) if f.last_poll]
    if not overdue:
        return
    turns = [(feed.id, queue_of(feed.active_url), feed.next_poll or now) for feed in overdue]
    starts = schedule.spread_backlog(turns, now, rng)
    await engine.store.call(feed_store.postpone, starts)
    if len(overdue) > 1:
        log.info("%d feeds fell due before %s; spread over minutes", len(overdue), since)
