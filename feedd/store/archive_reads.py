"""Archives that are being read: the next document of each, so that a reading survives a restart."""

from __future__ import annotations

import sqlite3

from feedd.model import ArchiveRead
from feedd.store.sqlite import sqlite_errors, transaction

_COLUMNS = "a.feed_id, f.name, a.url, a.kind, a.documents_left, a.not_before, a.paged, f.keys"
_FROM = "FROM archive_reads a JOIN feeds f ON f.id = a.feed_id"


def begin(db: sqlite3.Connection, read: ArchiveRead) -> None:
    """Start to read an archive, or go on with it; what was being read in its stead is forgotten."""
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO archive_reads"
            "(feed_id, kind, url, documents_left, not_before, paged) VALUES (?, ?, ?, ?, ?, ?)",
            (read.feed_id, read.kind, read.url, read.left, read.due, int(read.paged)),
        )


def end(db: sqlite3.Connection, read: ArchiveRead) -> None:
    """Nothing more is to be read of it."""
    with transaction(db):
        db.execute(
            "DELETE FROM archive_reads WHERE feed_id = ? AND kind = ?", (read.feed_id, read.kind)
        )


def next_gap(db: sqlite3.Connection, now: int) -> ArchiveRead | None:
    """The document to ask for next to fill a gap; None: none may be asked for now.

    A feed whose server asked us to wait (`not_before`) waits with its archive as well.
    """
    return _one(
        db,
        f"SELECT {_COLUMNS} {_FROM} WHERE a.kind = 'gap' AND a.documents_left > 0"
        " AND a.not_before <= :now AND coalesce(f.not_before, 0) <= :now"
        " AND f.enabled = 1 AND f.removed_at IS NULL ORDER BY a.not_before, a.feed_id LIMIT 1",
        {"now": now},
    )


def history_read(db: sqlite3.Connection, feed: str) -> ArchiveRead | None:
    """Where the reading of a feed's whole archive stands; None: not begun, or at its end."""
    return _one(
        db, f"SELECT {_COLUMNS} {_FROM} WHERE a.kind = 'history' AND f.name = :feed", {"feed": feed}
    )


def note_filled(db: sqlite3.Connection, feed_id: int, note: str, filled: str) -> None:
    """In the health of a feed, say `filled` in place of `note`."""
    with transaction(db):
        db.execute(
            "UPDATE feeds SET notes = replace(notes, ?, ?) WHERE id = ?", (note, filled, feed_id)
        )


def _one(db: sqlite3.Connection, query: str, values: dict[str, int | str]) -> ArchiveRead | None:
    with sqlite_errors(db):
        row = db.execute(query, values).fetchone()
    if row is None:
        return None
    feed_id, feed, url, kind, left, due, paged, keys = row
    return ArchiveRead(feed_id, feed, url, kind, left, due, bool(paged), keys)
