"""The polls of feeds: which are due, what moves several at once, and the history of those made."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from feedd.identity.hosts import host_of
from feedd.model import FeedState, PollRecord
from feedd.store.feeds import STATE_COLUMNS, state_of
from feedd.store.sqlite import sqlite_errors, transaction

_POLLED = "enabled = 1 AND removed_at IS NULL AND next_poll IS NOT NULL"

APART_S = 30
"""Feeds held back together come due this far from each other."""

AHEAD_S = 60
"""A last poll so far in the future was made under another clock."""

_WAITING = (
    ("article_queue", "not_before"),
    ("archive_reads", "not_before"),
    ("lost_feeds", "next_search"),
    ("subscriptions", "next_ask"),
    ("subscriptions", "lease_ends"),
)

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


def due(db: sqlite3.Connection, now: int, limit: int | None = None) -> list[FeedState]:
    """Feeds to poll now, longest overdue first."""
    with sqlite_errors(db):
        rows = db.execute(
            f"SELECT {STATE_COLUMNS} FROM feeds INDEXED BY feeds_due WHERE {_POLLED}"
            " AND next_poll <= ? ORDER BY next_poll LIMIT ?",
            (now, -1 if limit is None else limit),
        ).fetchall()
    return [state_of(row) for row in rows]


def postpone(db: sqlite3.Connection, starts: Mapping[int, int], reason: str) -> None:
    """Set when some feeds (by id) are polled next, and why; what else each remembers is left
    alone.
    """
    with transaction(db):
        db.executemany(
            "UPDATE feeds SET next_poll = ?, next_reason = ?"
            " WHERE id = ? AND next_poll IS NOT NULL",
            [(at, reason, feed_id) for feed_id, at in starts.items()],
        )


def hold_back_host(db: sqlite3.Connection, host: str, until: int) -> None:
    """No feed of `host` (a name, in lower case) is due before `until`.

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
