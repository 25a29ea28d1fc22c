"""Polls that were planned by other intervals than those that the file has now.

What the next poll of each feed was planned by is not kept feed by feed: a hash says whether any
interval of the file has changed since (`Engine.use`), and then each poll to come is looked at once.
"""

from __future__ import annotations

import random
import sqlite3
from typing import Final

from feedd import schedule
from feedd.model import NO_HINTS, Config
from feedd.poller.decide import pace_of
from feedd.store import polls
from feedd.store.sqlite import transaction
from feedd.store.stored_values import hints_of, set_meta

WHY: Final = "the intervals in the file have changed"


def follow_paces(db: sqlite3.Connection, config: Config, key: str, paces: str) -> None:
    """Move the polls to come that the file's intervals want sooner or later: nobody is asked more
    often than `min_interval` allows from now on, and nothing waits out a longer `max_interval` of
    before (rules 9 and 10). `paces` is kept under `key`. Raises StoreError.
    """
    with transaction(db):
        if moved := _moved(polls.planned_polls(db), config):
            polls.postpone(db, moved, WHY)
        set_meta(db, key, paces)


def _moved(planned: list[polls.Planned], config: Config) -> dict[int, int]:
    """When feeds, by id, are polled next; only of those whose time is another one."""
    rng = random.Random()
    moved: dict[int, int] = {}
    for one in planned:
        feed = config.feeds.get(one.name)
        if feed is None:
            continue
        hints = hints_of(one.hints) if one.hints else NO_HINTS
        poll = schedule.PlannedPoll(one.last_poll, one.next_poll, hints, bool(one.waits))
        at = schedule.at_new_pace(poll, pace_of(feed, config.settings), rng)
        if at is not None:
            moved[one.feed_id] = at
    return moved
