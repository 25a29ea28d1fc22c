"""What entries said before they were changed: `versions`, kept at the change itself."""

from __future__ import annotations

import sqlite3
from typing import Final, NamedTuple

from feedd.errors import NotFoundError
from feedd.identity import says_the_same, text_of
from feedd.model import KeyedEntry
from feedd.store.sqlite import snapshot
from feedd.store.stored_values import pack, unpack, unpack_content
from feedd.text import to_text

MOST_CHANGES: Final = 24
"""How many changes of an entry are counted and kept: one that changes at every poll is kept up to
date, and no more.
"""

_NOW: Final = (
    "SELECT e.changes, e.title, c.body FROM entries e LEFT JOIN contents c ON c.entry_id = e.id"
    " WHERE e.id = ?"
)


class Version(NamedTuple):
    """What an entry said until `at`; of the last one, which it says now, `at` is None.

    `number` is that of the change that ended it, from 1.
    """

    number: int
    at: int | None
    title: str
    text: str


def keep_version(db: sqlite3.Connection, entry_id: int, keyed: KeyedEntry, now: int) -> bool:
    """Keep what the entry says before `keyed` takes its place, within the caller's transaction.

    Returns whether that is a change: of title or text, in more than rule 34 lets pass, and one of
    the first `MOST_CHANGES`.
    """
    row = db.execute(_NOW, (entry_id,)).fetchone()
    if row is None:
        return False
    changes, title, body = row
    if changes >= MOST_CHANGES and _kept(db, entry_id, MOST_CHANGES + 1):
        return False
    text = to_text(unpack_content(body)[0])
    if says_the_same(title, text, keyed.entry.title, text_of(keyed)):
        return False
    db.execute(
        "INSERT OR REPLACE INTO versions(entry_id, change, at, title, text) VALUES (?, ?, ?, ?, ?)",
        (entry_id, changes + 1, now, title, pack(text)),
    )
    if changes >= MOST_CHANGES:
        return False  # no change any more, but what the last one led to
    db.execute("UPDATE entries SET changes = ? WHERE id = ?", (changes + 1, entry_id))
    return True


def versions(db: sqlite3.Connection, entry_id: int) -> list[Version]:
    """All that the entry said, the oldest first, and last what the feed says now (or, of one that
    has changed more often than is kept, what it said after the last change that is).

    Raises NotFoundError.
    """
    with snapshot(db):
        now = db.execute(_NOW, (entry_id,)).fetchone()
        if now is None:
            raise NotFoundError.of_items(entry_id)
        rows = db.execute(
            "SELECT change, at, title, text FROM versions WHERE entry_id = ? ORDER BY change",
            (entry_id,),
        ).fetchall()
    changes, title, body = now
    earlier = [Version(number, at, old, unpack(text)) for number, at, old, text in rows]
    if len(rows) > MOST_CHANGES:
        return earlier
    return [*earlier, Version(changes + 1, None, title, to_text(unpack_content(body)[0]))]


def _kept(db: sqlite3.Connection, entry_id: int, number: int) -> bool:
    query = "SELECT 1 FROM versions WHERE entry_id = ? AND change = ?"
    return db.execute(query, (entry_id, number)).fetchone() is not None
