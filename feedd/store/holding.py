"""A server that asked us to slow down means all its feeds."""

from __future__ import annotations

import sqlite3

from feedd.identity.hosts import host_of
from feedd.store.connection import transaction

APART_S = 30
"""Feeds held back together come due this far from each other."""


def hold_host(db: sqlite3.Connection, host: str, until: int) -> int:
    """No feed of `host` (a name, in lower case) is due before `until`; returns how many were held.

    Feeds of other hosts at the same address are left alone. Raises StoreError.
    """
    with transaction(db):
        rows = db.execute(
            "SELECT id, active_url, next_poll FROM feeds"
            " WHERE next_poll IS NOT NULL AND next_poll < ? AND removed_at IS NULL"
            " ORDER BY next_poll",
            (until,),
        ).fetchall()
        held = [feed_id for feed_id, url, _ in rows if host_of(url) == host]
        db.executemany(
            "UPDATE feeds SET next_poll = ?, not_before = max(coalesce(not_before, 0), ?),"
            " next_reason = ? WHERE id = ?",
            [
                (
                    until + place * APART_S,
                    until,
                    f"{host} asked us to slow down (429), for all its feeds",
                    feed_id,
                )
                for place, feed_id in enumerate(held, 1)
            ],
        )
    return len(held)
