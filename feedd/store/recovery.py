"""Beside polling: archives are read for entries that slipped by, lost feeds are looked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from feedd.model import ArchiveRead, FeedState, Proposal
from feedd.store.feeds import feed_states
from feedd.store.sqlite import sqlite_errors, transaction

_COLUMNS = "a.feed_id, f.name, a.url, a.kind, a.documents_left, a.not_before, a.paged, f.keys"

_FROM = "FROM archive_reads a JOIN feeds f ON f.id = a.feed_id"


def begin_archive(db: sqlite3.Connection, read: ArchiveRead) -> None:
    """Start to read an archive, or go on with it; what was being read in its stead is forgotten."""
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO archive_reads"
            "(feed_id, kind, url, documents_left, not_before, paged) VALUES (?, ?, ?, ?, ?, ?)",
            (read.feed_id, read.kind, read.url, read.left, read.due, int(read.paged)),
        )


def end_archive(db: sqlite3.Connection, read: ArchiveRead) -> None:
    """Nothing more is to be read of it."""
    with transaction(db):
        db.execute(
            "DELETE FROM archive_reads WHERE feed_id = ? AND kind = ?", (read.feed_id, read.kind)
        )


def next_gap(db: sqlite3.Connection, now: int) -> ArchiveRead | None:
    """The document to ask for next to fill a gap; None: none may be asked for now.

    A feed whose server asked us to wait (`not_before`) waits with its archive as well.
    """
    return _archive_read(
        db,
        f"SELECT {_COLUMNS} {_FROM} WHERE a.kind = 'gap' AND a.documents_left > 0"
        " AND a.not_before <= :now AND coalesce(f.not_before, 0) <= :now"
        " AND f.enabled = 1 AND f.removed_at IS NULL ORDER BY a.not_before, a.feed_id LIMIT 1",
        {"now": now},
    )


def history_read(db: sqlite3.Connection, feed: str) -> ArchiveRead | None:
    """Where the reading of a feed's whole archive stands; None: not begun, or at its end."""
    return _archive_read(
        db, f"SELECT {_COLUMNS} {_FROM} WHERE a.kind = 'history' AND f.name = :feed", {"feed": feed}
    )


def note_filled(db: sqlite3.Connection, feed_id: int, note: str, filled: str) -> None:
    """In the health of a feed, say `filled` in place of `note`."""
    with transaction(db):
        db.execute(
            "UPDATE feeds SET notes = replace(notes, ?, ?) WHERE id = ?", (note, filled, feed_id)
        )


def _archive_read(
    db: sqlite3.Connection, query: str, values: dict[str, int | str]
) -> ArchiveRead | None:
    with sqlite_errors(db):
        row = db.execute(query, values).fetchone()
    if row is None:
        return None
    feed_id, feed, url, kind, left, due, paged, keys = row
    return ArchiveRead(feed_id, feed, url, kind, left, due, bool(paged), keys)


def update_lost_feeds(
    db: sqlite3.Connection, lost: Iterable[tuple[int, int]], back: Sequence[int], *, after_s: int
) -> None:
    """Remember feeds as lost, as (id, since when); forget those that are `back`.

    One that is lost is due to be looked for `after_s` seconds after it was first.
    """
    with transaction(db):
        db.executemany("DELETE FROM lost_feeds WHERE feed_id = ?", [(one,) for one in back])
        db.executemany(
            "INSERT INTO lost_feeds(feed_id, since, next_search, searches)"
            " SELECT id, :at, :at + :after, 0 FROM feeds WHERE id = :id"
            " ON CONFLICT(feed_id) DO NOTHING",
            [{"id": feed_id, "at": at, "after": after_s} for feed_id, at in lost],
        )


def next_search(db: sqlite3.Connection, now: int) -> FeedState | None:
    """A lost feed that may be looked for now; None: none."""
    with sqlite_errors(db):
        row = db.execute(
            "SELECT f.name FROM lost_feeds l JOIN feeds f ON f.id = l.feed_id"
            " WHERE l.next_search <= :now AND coalesce(f.not_before, 0) <= :now"
            " AND f.enabled = 1 AND f.removed_at IS NULL ORDER BY l.next_search LIMIT 1",
            {"now": now},
        ).fetchone()
    return feed_states(db, [row[0]])[0] if row else None


def note_search(
    db: sqlite3.Connection, feed_id: int, now: int, *, again_after_s: int, at_most: int
) -> None:
    """A search begins: the next one is due after `again_after_s`, unless it was the last."""
    with transaction(db):
        db.execute(
            "UPDATE lost_feeds SET searches = searches + 1,"
            " next_search = CASE WHEN searches + 1 < :most THEN :next END WHERE feed_id = :id",
            {"most": at_most, "next": now + again_after_s, "id": feed_id},
        )


def undo_search(db: sqlite3.Connection, feed_id: int, again: int) -> None:
    """A search that began could not be made for want of something on this machine: it counts for
    nothing, and is due `again`.
    """
    with transaction(db):
        db.execute(
            "UPDATE lost_feeds SET searches = searches - 1, next_search = ? WHERE feed_id = ?",
            (again, feed_id),
        )


def propose(db: sqlite3.Connection, feed_id: int, found: Proposal) -> None:
    """Remember where a lost feed seems to be."""
    with transaction(db):
        db.execute(
            "UPDATE lost_feeds SET url = ?, known = ?, entries = ? WHERE feed_id = ?",
            (found.url, found.known, found.entries, feed_id),
        )
        db.execute("UPDATE feeds SET suggested_url = ? WHERE id = ?", (found.url, feed_id))


def proposals(db: sqlite3.Connection) -> dict[str, Proposal]:
    """Where lost feeds seem to be, by the feed's name."""
    with sqlite_errors(db):
        rows = db.execute(
            "SELECT f.name, l.url, l.known, l.entries FROM lost_feeds l"
            " JOIN feeds f ON f.id = l.feed_id"
            " WHERE l.url IS NOT NULL AND f.state IN ('failing', 'gone')"
        ).fetchall()
    return {name: Proposal(url, known, entries) for name, url, known, entries in rows}


def switch_address(db: sqlite3.Connection, feed_id: int, url: str, now: int, reason: str) -> None:
    """From now on the feed is asked at `url`, first at once; its configured address stays."""
    with transaction(db):
        db.execute(
            "UPDATE feeds SET active_url = ?, state = 'failing', failures = 0,"
            " failing_since = NULL, move_to = NULL, move_polls = 0, not_before = NULL,"
            " next_poll = ?, next_reason = ? WHERE id = ?",
            (url, now, reason, feed_id),
        )
