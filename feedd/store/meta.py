"""Remembered values that belong to no feed: a version, a cursor, a cost, each under its key."""

from __future__ import annotations

import sqlite3

from feedd.store.sqlite import sqlite_errors, transaction


def get_meta(db: sqlite3.Connection, key: str) -> str | None:
    """A remembered value that belongs to no feed."""
    with sqlite_errors(db):
        row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None


def set_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    """Remember a value that belongs to no feed."""
    with transaction(db):
        db.execute(
            "INSERT INTO meta(key, value) VALUES (?, ?)"
            " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            (key, value),
        )
