"""The polls of feeds: which are due, what moves several at once, the history of those made."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from operator import attrgetter
from typing import Any, NamedTuple

from feedd.identity.content import host_of
from feedd.model import FeedState, PollRecord
from feedd.store.feeds import states_in_order
from feedd.store.sqlite import snapshot, sqlite_errors, transaction

_FEEDS_POLLED = (
    "FROM feeds INDEXED BY feeds_due"
    " WHERE enabled = 1 AND removed_at IS NULL AND next_poll IS NOT NULL"
)
_DUE = f"{_FEEDS_POLLED} AND next_poll <= ?"

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

_POLL = tuple(name for name in PollRecord.__struct_fields__ if name != "url")
"""Columns that are fields of a PollRecord by the same name."""

POLL_COLUMNS = f"coalesce(p.url, f.url), {', '.join(f'p.{column}' for column in _POLL)}"
"""What `poll_of` reads, in its order; `p` are the polls and `f` their feeds."""

INSERT_POLL = (
    f"INSERT INTO polls(feed_id, number, url, {', '.join(_POLL)})"
    f" SELECT id, poll_count, nullif(?, url), {', '.join('?' * len(_POLL))} FROM feeds WHERE id = ?"
)
"""Takes `poll_row`. The address is kept only where it is not the configured one."""

_poll_fields = attrgetter(*_POLL)


def waiting_beside(db: sqlite3.Connection) -> frozenset[str]:
    """What there is to be done beside polling, now or later: "pages" of articles, "gaps" to be
    filled from archives, "lost feeds" to be looked for.
    """
    with sqlite_errors(db):
        found = db.execute(
            "SELECT 'pages' WHERE EXISTS (SELECT 1 FROM article_queue)"
            " UNION ALL SELECT 'gaps' WHERE EXISTS"
            " (SELECT 1 FROM archive_reads WHERE kind = 'gap')"
            " UNION ALL SELECT 'lost feeds' WHERE EXISTS (SELECT 1 FROM lost_feeds)"
        ).fetchall()
    return frozenset(what for (what,) in found)


def due(
    db: sqlite3.Connection,
    now: int,
    limit: int | None = None,
    busy: Set[int] = frozenset(),
    host_room: int | None = None,
) -> list[FeedState]:
    """Feeds to poll now, longest overdue first: none that is `busy` (by id), and of one host no
    more than `host_room`, busy ones among them.
    """
    of_host: Counter[str] = Counter()
    ids: list[int] = []
    with snapshot(db):
        rows = db.execute(f"SELECT id, active_url {_DUE} ORDER BY next_poll", (now,))
        for feed_id, url in rows:
            if len(ids) == limit:
                break
            if host_room is not None:
                host = host_of(url) or url
                of_host[host] += 1
                if of_host[host] > host_room:
                    continue
            if feed_id not in busy:
                ids.append(feed_id)
        return states_in_order(db, ids)


def in_line(db: sqlite3.Connection, now: int) -> list[tuple[int, str, int | None]]:
    """The feeds to poll now by id and name, with until when their servers asked us to wait: of a
    hundred thousand feeds the states would take 300 MB.
    """
    with sqlite_errors(db):
        return db.execute(
            f"SELECT id, name, not_before {_DUE} ORDER BY next_poll", (now,)
        ).fetchall()


def overdue(db: sqlite3.Connection, now: int) -> list[tuple[int, str, int]]:
    """The feeds to poll now that were polled before: their ids, addresses, and since when."""
    with sqlite_errors(db):
        return db.execute(
            f"SELECT id, active_url, next_poll {_DUE} AND last_poll > 0 ORDER BY next_poll", (now,)
        ).fetchall()


def due_and_next(
    db: sqlite3.Connection, now: int, most: int, busy: Set[int], host_room: int
) -> tuple[list[FeedState], int | None]:
    """Feeds that are due (see `due`), and when the next is: `now` where others are due as well."""
    states = due(db, now, most, busy, host_room)
    with sqlite_errors(db):
        count = db.execute(f"SELECT count(*) {_DUE}", (now,)).fetchone()[0]
    left_out = count - len(states) - len(busy)
    return states, now if left_out > 0 else next_due(db, now)


def next_due(db: sqlite3.Connection, now: int) -> int | None:
    """When the next feed falls due after `now`."""
    with sqlite_errors(db):
        row = db.execute(
            f"SELECT min(next_poll) {_FEEDS_POLLED} AND next_poll > ?", (now,)
        ).fetchone()
    return None if row[0] is None else int(row[0])


class Planned(NamedTuple):
    """A poll to come of a feed that was polled before. `waits`: it failed, its server asked to be
    left alone, or its hub pushes.
    """

    feed_id: int
    name: str
    last_poll: int
    next_poll: int
    hints: str | None
    waits: int


def planned_polls(db: sqlite3.Connection) -> list[Planned]:
    """All polls that are to come, of feeds that were polled before."""
    with sqlite_errors(db):
        rows = db.execute(
            "SELECT id, name, last_poll, next_poll, hints,"
            " failures > 0 OR coalesce(not_before, 0) > last_poll OR EXISTS"
            " (SELECT 1 FROM subscriptions s WHERE s.feed_id = feeds.id AND s.pushes > 0)"
            f" {_FEEDS_POLLED} AND last_poll > 0"
        )
        return [Planned(*row) for row in rows]


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
    """No feed of `host` (a name, in lower case) is due before `until`, and no page of its articles.

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
        hold_back_pages(db, host, until)


def hold_back_pages(db: sqlite3.Connection, host: str, until: int) -> None:
    """No page of `host` is asked for before `until`, with or without `www.`: the one most often
    leads to the other. It costs them no try. Raises StoreError.
    """
    site = host.removeprefix("www.")
    with transaction(db):
        rows = db.execute(
            "SELECT q.entry_id, e.link FROM article_queue q JOIN entries e ON e.id = q.entry_id"
            " WHERE q.not_before < ?",
            (until,),
        )
        held = [(until, one) for one, link in rows if host_of(link).removeprefix("www.") == site]
        db.executemany("UPDATE article_queue SET not_before = ? WHERE entry_id = ?", held)


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
    return (poll.url, *_poll_fields(poll), feed_id)


def poll_of(row: sqlite3.Row | tuple[Any, ...]) -> PollRecord:
    """The poll that a row of `POLL_COLUMNS` stands for."""
    values: dict[str, Any] = dict(zip(_POLL, row[1:], strict=True))
    for flag in ("conditional", "validators_kept", "moved"):
        values[flag] = None if values[flag] is None else bool(values[flag])
    return PollRecord(url=row[0], **values)


class LatestPoll(NamedTuple):
    """Which poll of its feed it was, counted from 1, and what came of it; number 0: none yet."""

    number: int
    new: int
    error: str | None


def latest_polls(db: sqlite3.Connection) -> dict[str, LatestPoll]:
    """The last poll of every feed, by the feed's name."""
    with sqlite_errors(db):
        rows = db.execute(
            "SELECT f.name, f.poll_count, coalesce(p.new, 0), p.error FROM feeds f"
            " LEFT JOIN polls p ON p.feed_id = f.id AND p.number = f.poll_count"
        ).fetchall()
    return {name: LatestPoll(*latest) for name, *latest in rows}


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
