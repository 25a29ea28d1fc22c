"""What is remembered of the sites whose pages are fetched: one opaque blob a host."""

from __future__ import annotations

import sqlite3

from feedd.store.connection import transaction
from feedd.store.problems import told

MAX_SITES = 5_000
"""Hosts remembered; those whose pages were fetched longest ago go first."""


def site_memory(db: sqlite3.Connection, host: str) -> bytes | None:
    """The memory of a host; None where there is none yet."""
    with told(db):
        row = db.execute("SELECT memory FROM sites WHERE host = ?", (host,)).fetchone()
    return bytes(row[0]) if row else None


def hosts_after(db: sqlite3.Connection, host: str, limit: int) -> list[str]:
    """The next hosts that something is remembered of, in the order of their names."""
    with told(db):
        rows = db.execute(
            "SELECT host FROM sites WHERE host > ? ORDER BY host LIMIT ?", (host, limit)
        ).fetchall()
    return [row[0] for row in rows]


def keep_site_memory(db: sqlite3.Connection, host: str, memory: bytes, now: int) -> None:
    """Remember this of a host from now on."""
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO sites(host, memory, learned_at) VALUES (?, ?, ?)",
            (host, memory, now),
        )
        db.execute(
            "DELETE FROM sites WHERE host IN"
            " (SELECT host FROM sites ORDER BY learned_at DESC LIMIT -1 OFFSET ?)",
            (MAX_SITES,),
        )
