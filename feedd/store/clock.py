"""What is to be done at some time, after the machine's clock was set back."""

from __future__ import annotations

import sqlite3

from feedd.store.connection import transaction

AHEAD_S = 60
"""A last poll so far in the future was made under another clock."""

_WAITING = (
    ("article_queue", "not_before"),
    ("archive_reads", "not_before"),
    ("lost_feeds", "next_search"),
    ("subscriptions", "next_ask"),
    ("subscriptions", "lease_ends"),
)


def follow_clock(db: sqlite3.Connection, now: int, back_s: int = 0) -> None:
    """Whatever waits for a time of the old clock is due as long from now as it was from then.

    `back_s` is how far the clock went back, where that was seen; else it is told by the feeds that
    were last polled in the future. Raises StoreError.
    """
    with transaction(db):
        latest = db.execute("SELECT max(last_poll) FROM feeds").fetchone()[0] or 0
        if latest <= now + AHEAD_S and not back_s:
            return
        values = {"now": now, "back": max(back_s, latest - now), "most": AHEAD_S}
        # Of a host that asked us to slow down, the feeds that were not polled then wait as well.
        db.execute(
            "UPDATE feeds SET next_poll = max(:now, next_poll - :back),"
            " not_before = max(:now, not_before - :back)"
            " WHERE not_before > :now AND last_poll <= :now + :most",
            values,
        )
        db.execute(
            "UPDATE feeds SET next_poll = next_poll - (last_poll - :now),"
            " not_before = not_before - (last_poll - :now), last_poll = :now"
            " WHERE last_poll > :now + :most",
            values,
        )
        for table, column in _WAITING:
            db.execute(
                f"UPDATE {table} SET {column} = max(:now, {column} - :back) WHERE {column} > :now",
                values,
            )
