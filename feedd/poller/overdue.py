"""Feeds that fell due while nobody polled."""

from __future__ import annotations

import random
import sqlite3

from feedd import schedule
from feedd.poller.hosts import queue_of
from feedd.store import feeds as feed_store


def spread_overdue(db: sqlite3.Connection, now: int, rng: random.Random) -> int:
    """Give overdue feeds start times over some minutes, hosts in turn (rule 12); those never polled
    wait for nothing. Returns how many there were. Raises StoreError.
    """
    overdue = [feed for feed in feed_store.due(db, now) if feed.last_poll]
    turns = [(feed.id, queue_of(feed.active_url), feed.next_poll or now) for feed in overdue]
    feed_store.postpone(db, schedule.spread_backlog(turns, now, rng))
    return len(overdue)
