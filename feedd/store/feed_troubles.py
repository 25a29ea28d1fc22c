"""Which feeds are in trouble for long: those that fail for a day, and those that fell silent."""

from __future__ import annotations

import sqlite3

from feedd.model import FeedTrouble
from feedd.schedule.silence import ENTRIES_LOOKED_AT, silent_since
from feedd.store.feeds import feed_states
from feedd.store.sqlite import snapshot
from feedd.units import DAY_S

FAILING_FOR_S = DAY_S
"""A feed that fails for less long may be well again by itself."""


def feed_troubles(db: sqlite3.Connection, now: int) -> list[FeedTrouble]:
    """The enabled feeds that fail for a day or have ended, and those that answer well and have
    brought nothing for far longer than is their habit; by name. Raises StoreError.
    """
    found = []
    with snapshot(db):
        for state in feed_states(db):
            if state.state in ("disabled", "removed"):
                continue
            since = state.failing_since or state.last_poll or now
            if state.state == "gone":
                found.append(FeedTrouble(state.name, "gone", since, state.last_error))
            elif state.failing_since is not None and now - since >= FAILING_FOR_S:
                found.append(FeedTrouble(state.name, "failing", since, state.last_error))
            elif state.state == "ok":
                times = [
                    row[0]
                    for row in db.execute(
                        "SELECT sort_at FROM marks WHERE feed_id = ? ORDER BY sort_at DESC LIMIT ?",
                        (state.id, ENTRIES_LOOKED_AT),
                    )
                ]
                silent = silent_since(times, now)
                if silent is not None:
                    found.append(FeedTrouble(state.name, "silent", silent))
    return sorted(found, key=lambda trouble: trouble.feed)
