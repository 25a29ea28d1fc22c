"""The database in numbers, and the feeds that are in trouble for long."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from msgspec import Struct

from feedd.model import FeedHealth, FeedState, FeedTrouble, TaskTrouble
from feedd.store.feeds import SHOWN_COLUMNS, shown_state_of
from feedd.store.sqlite import all_rows, log_path, path_of, snapshot, sqlite_errors
from feedd.store.stored_values import get_meta, set_meta
from feedd.units import DAY_S

FAILING_FOR_S = DAY_S
"""A feed that fails for less long may be well again by itself."""


class Sizes(Struct, frozen=True):
    """The database file, its write-ahead log, and what of the file is unused."""

    database_bytes: int
    log_bytes: int
    free_bytes: int


class FeedFigures(Struct, frozen=True):
    """How one feed does. `last_success` in epoch seconds, `failures` in a row."""

    name: str
    state: FeedHealth
    failures: int
    last_success: int | None
    next_poll: int | None


class Figures(Struct, frozen=True):
    """The feeds in the file, by name, and what waits. `pages_waiting` are to be tried later."""

    feeds: tuple[FeedFigures, ...]
    feeds_due: int
    pages_due: int
    pages_waiting: int
    items: int
    sizes: Sizes


_TASK_TROUBLES = "task_troubles"


def note_task_troubles(db: sqlite3.Connection, troubles: Sequence[TaskTrouble]) -> None:
    """Keep what the daemon's background tasks meet at present, for `feedd status`."""
    rows = [(one.task, one.error, one.since, one.count) for one in troubles]
    set_meta(db, _TASK_TROUBLES, json.dumps(rows))


def task_troubles(db: sqlite3.Connection) -> list[TaskTrouble]:
    """What the daemon noted last; of one that has ended, what it met then."""
    return [TaskTrouble(*row) for row in json.loads(get_meta(db, _TASK_TROUBLES) or "[]")]


def sizes(db: sqlite3.Connection) -> Sizes:
    """How large the database is now. Raises StoreError."""
    with sqlite_errors(db):
        page_bytes, pages, free_pages = (
            int(db.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_size", "page_count", "freelist_count")
        )
    try:
        log_bytes = log_path(Path(path_of(db))).stat().st_size
    except OSError:
        log_bytes = 0
    return Sizes(pages * page_bytes, log_bytes, free_pages * page_bytes)


def measure(db: sqlite3.Connection, now: int) -> Figures:
    """The figures at `now`, in epoch seconds. Raises StoreError."""
    with snapshot(db):
        feeds = tuple(
            FeedFigures(*row)
            for row in db.execute(
                "SELECT name, iif(enabled, state, 'disabled'), failures, last_success,"
                " iif(enabled, next_poll, NULL) FROM feeds WHERE removed_at IS NULL ORDER BY name"
            )
        )
        pages_due, pages = db.execute(
            "SELECT coalesce(sum(not_before <= ?), 0), count(*) FROM article_queue", (now,)
        ).fetchone()
        items = db.execute("SELECT coalesce(sum(entries), 0) FROM counts").fetchone()[0]
        return Figures(
            feeds=feeds,
            feeds_due=sum(feed.next_poll is not None and feed.next_poll <= now for feed in feeds),
            pages_due=pages_due,
            pages_waiting=pages - pages_due,
            items=items,
            sizes=sizes(db),
        )


class Stats(Struct, frozen=True):
    """Counts and sizes. `superseded` counts documents in the search index that count no longer."""

    feeds: int
    items: int
    unread: int
    starred: int
    articles: int
    pages_waiting: int
    documents: int
    superseded: int
    sizes: Sizes


def stats(db: sqlite3.Connection) -> Stats:
    """The counts and sizes of now. Raises StoreError."""

    def number(query: str) -> int:
        return int(db.execute(query).fetchone()[0] or 0)

    with snapshot(db):
        documents = number("SELECT count(*) FROM documents")
        return Stats(
            feeds=number("SELECT count(*) FROM feeds WHERE removed_at IS NULL"),
            items=number("SELECT sum(entries) FROM counts"),
            unread=number(
                "SELECT count(*) FROM marks INDEXED BY marks_unread"
                " WHERE read_at IS NULL AND same_as IS NULL AND hidden_at IS NULL"
            ),
            starred=number(
                "SELECT count(*) FROM marks INDEXED BY marks_starred"
                " WHERE starred_at IS NOT NULL AND same_as IS NULL AND hidden_at IS NULL"
            ),
            articles=number("SELECT count(*) FROM articles WHERE html IS NOT NULL"),
            pages_waiting=number("SELECT count(*) FROM article_queue"),
            documents=documents,
            superseded=number("SELECT count(*) FROM search_docsize") - documents,
            sizes=sizes(db),
        )


class FeedTotals(Struct, frozen=True):
    """The feeds in the file, counted: by their state, and how many are due. `last_poll` and
    `next_poll` are the latest and the earliest of all, `failed` those whose last poll failed.
    """

    states: Mapping[FeedHealth, int]
    due: int = 0
    last_poll: int | None = None
    next_poll: int | None = None
    failed: Sequence[FeedState] = ()


def feed_totals(db: sqlite3.Connection, now: int) -> FeedTotals:
    """The totals at `now`, in epoch seconds; what failed last comes first. Raises StoreError."""
    with snapshot(db):
        states = db.execute(
            "SELECT iif(enabled, state, 'disabled'), count(*) FROM feeds WHERE removed_at IS NULL"
            " GROUP BY 1"
        ).fetchall()
        due, last_poll, next_poll = db.execute(
            "SELECT total(enabled AND next_poll <= ?), max(last_poll), min(iif(enabled, next_poll,"
            " NULL)) FROM feeds WHERE removed_at IS NULL",
            (now,),
        ).fetchone()
        failed = db.execute(
            f"SELECT {SHOWN_COLUMNS} FROM feeds WHERE removed_at IS NULL AND last_error <> ''"
            " ORDER BY last_poll DESC, name"
        ).fetchall()
    return FeedTotals(
        dict(states), int(due), last_poll, next_poll, tuple(map(shown_state_of, failed))
    )


def feed_troubles(db: sqlite3.Connection, now: int) -> list[FeedTrouble]:
    """The enabled feeds that fail for a day or have ended, and those that have brought nothing for
    far longer than is their habit; by name. Raises StoreError.
    """
    found = []
    with snapshot(db):
        latest = "(SELECT max(sort_at) FROM marks INDEXED BY marks_feed WHERE feed_id = feeds.id)"
        for *row, latest_at in all_rows(db, f"SELECT {SHOWN_COLUMNS}, {latest} FROM feeds"):
            state = shown_state_of(row)
            if state.state in ("disabled", "removed"):
                continue
            since = state.failing_since or state.last_poll or now
            if state.state == "gone":
                found.append(FeedTrouble(state.name, "gone", since, state.last_error))
            elif state.failing_since is not None and now - since >= FAILING_FOR_S:
                found.append(FeedTrouble(state.name, "failing", since, state.last_error))
            elif (
                state.state in ("ok", "failing")  # a failure of an hour ends no silence
                and latest_at is not None
                and now - latest_at > SHORTEST_SILENCE_S
            ):
                times = db.execute(
                    "SELECT sort_at FROM marks WHERE feed_id = ? ORDER BY sort_at DESC LIMIT ?",
                    (state.id, ENTRIES_LOOKED_AT),
                ).fetchall()
                silent = silent_since([row[0] for row in times], now)
                if silent is not None:
                    found.append(FeedTrouble(state.name, "silent", silent))
    return sorted(found, key=lambda trouble: trouble.feed)


# ---------------------------------------------------------------- silence

ENTRIES_LOOKED_AT: Final = 20
"""How many of the latest entries tell a feed's habit."""

ENTRIES_NEEDED: Final = 5
SHORTEST_SILENCE_S: Final = 14 * DAY_S
TIMES_THE_LONGEST: Final = 3
"""Silence is noticed after so many times the longest pause between those entries."""


def silent_since(times: Sequence[int], now: int) -> int | None:
    """When a feed fell silent (its latest entry), from its latest entries' times, the newest first;
    None where it has not, or where too little is known.
    """
    if len(times) < ENTRIES_NEEDED:
        return None
    longest_s = max(later - earlier for later, earlier in pairwise(times))
    silent_s = now - times[0]
    return times[0] if silent_s > max(SHORTEST_SILENCE_S, TIMES_THE_LONGEST * longest_s) else None
