"""Feeds that are no longer where they were, and where they seem to be now."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from feedd.model import FeedState, Proposal
from feedd.store.feeds import feed_states
from feedd.store.sqlite import sqlite_errors, transaction


def note_lost(
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


def searched(
    db: sqlite3.Connection, feed_id: int, now: int, *, again_after_s: int, at_most: int
) -> None:
    """A search begins: the next one is due after `again_after_s`, unless it was the last."""
    with transaction(db):
        db.execute(
            "UPDATE lost_feeds SET searches = searches + 1,"
            " next_search = CASE WHEN searches + 1 < :most THEN :next END WHERE feed_id = :id",
            {"most": at_most, "next": now + again_after_s, "id": feed_id},
        )


def not_searched(db: sqlite3.Connection, feed_id: int, again: int) -> None:
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


def switch(db: sqlite3.Connection, feed_id: int, url: str, now: int, reason: str) -> None:
    """From now on the feed is asked at `url`, first at once; its configured address stays."""
    with transaction(db):
        db.execute(
            "UPDATE feeds SET active_url = ?, state = 'failing', failures = 0,"
            " failing_since = NULL, move_to = NULL, move_polls = 0, not_before = NULL,"
            " next_poll = ?, next_reason = ? WHERE id = ?",
            (url, now, reason, feed_id),
        )
