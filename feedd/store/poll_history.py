"""A poll's row in the history, and the value it stands for."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from typing import Any

from feedd.model import PollRecord
from feedd.store.sqlite import sqlite_errors

POLL_COLUMNS = (
    "coalesce(p.url, f.url), p.at, p.status, p.bytes, p.duration_ms, p.new, p.changed, p.error,"
    " p.next_poll, p.reason, p.conditional, p.validators_kept, p.redirects, p.moved,"
    " p.not_before, p.fresh_until"
)
"""What `poll_of` reads, in its order; `p` are the polls and `f` their feeds."""

INSERT_POLL = """INSERT INTO polls(
  feed_id, number, url, at, status, bytes, duration_ms, new, changed, error, next_poll, reason,
  conditional, validators_kept, redirects, moved, not_before, fresh_until)
SELECT id, poll_count, nullif(?, url), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
FROM feeds WHERE id = ?"""
"""Takes `poll_row`. The address is kept only where it is not the configured one."""


def poll_row(feed_id: int, poll: PollRecord) -> tuple[Any, ...]:
    """The parameters of `INSERT_POLL`."""
    return (
        poll.url,
        poll.at,
        poll.status,
        poll.bytes,
        poll.duration_ms,
        poll.new,
        poll.changed,
        poll.error,
        poll.next_poll,
        poll.reason,
        poll.conditional,
        poll.validators_kept,
        poll.redirects,
        poll.moved,
        poll.not_before,
        poll.fresh_until,
        feed_id,
    )


def poll_of(row: sqlite3.Row | tuple[Any, ...]) -> PollRecord:
    """The poll that a row of `POLL_COLUMNS` stands for."""
    (
        url, at, status, size, duration_ms, new, changed, error, next_poll, reason,
        conditional, validators_kept, redirects, moved, not_before, fresh_until,
    ) = row  # fmt: skip
    return PollRecord(
        at=at,
        url=url,
        status=status,
        bytes=size,
        duration_ms=duration_ms,
        new=new,
        changed=changed,
        error=error,
        next_poll=next_poll,
        reason=reason,
        conditional=_flag(conditional),
        validators_kept=_flag(validators_kept),
        redirects=redirects,
        moved=_flag(moved),
        not_before=not_before,
        fresh_until=fresh_until,
    )


def _flag(stored: int | None) -> bool | None:
    return None if stored is None else bool(stored)


def history(db: sqlite3.Connection, feed_id: int, limit: int | None = None) -> list[PollRecord]:
    """The last polls of a feed, newest first."""
    with sqlite_errors(db):
        rows = db.execute(
            f"SELECT {POLL_COLUMNS} FROM polls p JOIN feeds f ON f.id = p.feed_id"
            " WHERE p.feed_id = ? ORDER BY p.number DESC LIMIT ?",
            (feed_id, -1 if limit is None else limit),
        ).fetchall()
    return [poll_of(row) for row in rows]


def histories(db: sqlite3.Connection, since: int) -> dict[str, list[PollRecord]]:
    """What is remembered of every feed's polls since a moment, by name, oldest first."""
    with sqlite_errors(db):
        rows = db.execute(
            f"SELECT f.name, {POLL_COLUMNS} FROM polls p JOIN feeds f ON f.id = p.feed_id"
            " WHERE p.at >= ? ORDER BY f.name, p.number",
            (since,),
        ).fetchall()
    polls: dict[str, list[PollRecord]] = defaultdict(list)
    for name, *row in rows:
        polls[name].append(poll_of(tuple(row)))
    return dict(polls)
