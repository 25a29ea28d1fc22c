"""What has happened: new entries, and what else scripts wait for (docs/events.md).

New entries are events by themselves: their rows are in the order of their ids. Of everything else
triggers write a row, in the transaction of what happened, with the id of the newest entry at that
time: so both are one sequence, and a poll that brings nothing else writes nothing more.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from msgspec import Struct

from feedd.errors import FeeddError, StoreError
from feedd.store.entry_versions import MOST_CHANGES
from feedd.store.sqlite import snapshot
from feedd.store.stored_values import get_meta, set_meta
from feedd.units import DAY_S

KEPT_S: Final = 30 * DAY_S
KEPT_EVENTS: Final = 100_000

FAILURES_BROKEN: Final = 3
"""How many failures in a row are told as `broken`."""

_IDENTITY: Final = "events_identity"
_TRIMMED_EVERY: Final = 1_000
_NOW: Final = "CAST(strftime('%s', 'now') AS INTEGER)"
_NEWEST: Final = "coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'entries'), 0)"
_INSERT: Final = "INSERT INTO events(at, event, feed_id, entry_id, after_entry, detail)"
_JOINED: Final = (  # when the later of the two came
    f"{_INSERT} SELECT first_seen, 'joined', new.feed_id, new.entry_id, {_NEWEST}, new.same_as"
    " FROM entries WHERE id = max(new.entry_id, new.same_as)"
)

STATEMENTS: Final = (
    """CREATE TABLE events (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       at INTEGER NOT NULL,
       event TEXT NOT NULL,
       feed_id INTEGER,
       entry_id INTEGER,
       after_entry INTEGER NOT NULL,
       detail TEXT
    ) STRICT""",
    f"""CREATE TRIGGER event_trim AFTER INSERT ON events WHEN new.id % {_TRIMMED_EVERY} = 0 BEGIN
       DELETE FROM events WHERE id <= new.id - {KEPT_EVENTS} OR at < new.at - {KEPT_S};
    END""",
    f"""CREATE TRIGGER event_updated AFTER INSERT ON versions
       WHEN new.change <= {MOST_CHANGES} BEGIN
       {_INSERT} SELECT new.at, 'updated', feed_id, id, {_NEWEST}, new.change
       FROM entries WHERE id = new.entry_id;
    END""",
    f"""CREATE TRIGGER event_joined AFTER UPDATE OF same_as ON marks
       WHEN old.same_as IS NULL AND new.same_as IS NOT NULL BEGIN
       {_JOINED};
    END""",
    f"""CREATE TRIGGER event_article AFTER INSERT ON articles BEGIN
       {_INSERT} SELECT new.fetched_at, 'article', feed_id, id, {_NEWEST},
         CASE WHEN new.html IS NULL THEN new.error END
       FROM entries WHERE id = new.entry_id;
    END""",
    f"""CREATE TRIGGER event_no_article AFTER UPDATE OF error ON articles
       WHEN new.html IS NULL AND new.error IS NOT old.error BEGIN
       {_INSERT} SELECT new.fetched_at, 'article', feed_id, id, {_NEWEST},
         new.error
       FROM entries WHERE id = new.entry_id;
    END""",
    f"""CREATE TRIGGER event_feed AFTER UPDATE OF failures, state, active_url ON feeds
       WHEN new.failures <> old.failures OR new.state <> old.state
         OR new.active_url <> old.active_url BEGIN
       {_INSERT} SELECT coalesce(new.last_poll, {_NOW}), 'moved', new.id, NULL, {_NEWEST},
         old.active_url || char(10) || new.active_url
       WHERE new.active_url <> old.active_url AND new.url = old.url;
       {_INSERT} SELECT coalesce(new.last_poll, {_NOW}), 'broken', new.id, NULL, {_NEWEST},
         new.last_error
       WHERE (new.failures >= {FAILURES_BROKEN} AND old.failures < {FAILURES_BROKEN})
          OR (new.state = 'gone' AND old.state <> 'gone');
       {_INSERT} SELECT coalesce(new.last_poll, {_NOW}), 'repaired', new.id, NULL, {_NEWEST}, NULL
       WHERE new.state = 'ok' AND new.failures = 0
         AND (old.failures >= {FAILURES_BROKEN} OR old.state = 'gone');
    END""",
)
"""The table and its triggers, for the migration."""


class Cursor(NamedTuple):
    """A place between two events: all entries and all other events up to these have been told."""

    identity: str
    entry: int
    event: int

    def __str__(self) -> str:
        return f"{self.identity}.{self.entry}.{self.event}"


class CursorError(FeeddError):
    """There is no going on from this cursor: what follows it is not known, or kept no more."""


class Event(Struct, frozen=True):
    """Something that happened, and the cursor behind it. `detail` is what the kind says more."""

    cursor: Cursor
    at: int
    event: str
    feed: str | None
    entry_id: int | None
    detail: dict[str, Any]


def identity(reader: sqlite3.Connection, writer: Callable[[], sqlite3.Connection]) -> str:
    """What tells this database's cursors from those of others; made when first asked for. "0" for
    who may only read it, and is told all but whose cursors these are.
    """
    known = get_meta(reader, _IDENTITY)
    if known is None:
        known = secrets.token_hex(4)
        try:
            set_meta(writer(), _IDENTITY, known)
        except StoreError:
            return "0"
    return known


def newest_cursor(db: sqlite3.Connection, of: str) -> Cursor:
    """The place behind the last event."""
    with snapshot(db):
        return Cursor(of, _sequence(db, "entries"), _sequence(db, "events"))


def cursor_of(db: sqlite3.Connection, of: str, text: str, now: int) -> Cursor:
    """The place that `text` means. Raises CursorError, which says what is missing."""
    known, _, numbers = text.partition(".")
    parts = numbers.split(".")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise CursorError(f"'{text[:100]}' is no cursor: take the one of an event as it is")
    cursor = Cursor(known, *(int(part[:18]) for part in parts))
    newest = newest_cursor(db, of)
    if cursor.identity != of or cursor.entry > newest.entry or cursor.event > newest.event:
        raise CursorError(
            "the cursor is of another database, or of a later state of this one: what happened"
            " since is not known; go on without --after"
        )
    oldest = _oldest_cursor(db, newest, now)
    missing = max(0, oldest.entry - cursor.entry) + max(0, oldest.event - cursor.event)
    if missing:
        raise CursorError(
            f"the cursor is older than what is kept (30 days, {KEPT_EVENTS:,} events): up to"
            f" {missing:,} events after it are missing; go on without --after"
        )
    return cursor


def events_after(db: sqlite3.Connection, cursor: Cursor, limit: int) -> list[Event]:
    """The first `limit` events behind the cursor, in the order they happened."""
    with snapshot(db):
        entries = db.execute(
            f"{_ENTRIES} WHERE e.id > ? ORDER BY e.id LIMIT ?", (cursor.entry, limit)
        ).fetchall()
        others = db.execute(
            f"{_OTHERS} WHERE o.id > ? ORDER BY o.id LIMIT ?", (cursor.event, limit)
        ).fetchall()
    return list(_merged(cursor, entries, others))[:limit]


def last_events(db: sqlite3.Connection, of: str, count: int, now: int) -> list[Event]:
    """The last `count` events that are kept, in the order they happened."""
    with snapshot(db):
        newest = newest_cursor(db, of)
        oldest = _oldest_cursor(db, newest, now)
        entries = db.execute(
            f"{_ENTRIES} WHERE e.id > ? ORDER BY e.id DESC LIMIT ?", (oldest.entry, count)
        ).fetchall()
        others = db.execute(
            f"{_OTHERS} WHERE o.id > ? ORDER BY o.id DESC LIMIT ?", (oldest.event, count)
        ).fetchall()
    start = Cursor(
        of,
        min((row[0] for row in entries), default=newest.entry + 1) - 1,
        min((row[0] for row in others), default=newest.event + 1) - 1,
    )
    return list(_merged(start, entries[::-1], others[::-1]))[-count:] if count else []


_ENTRIES = "SELECT e.id, e.first_seen, f.name FROM entries e JOIN feeds f ON f.id = e.feed_id"
_OTHERS = (
    "SELECT o.id, o.at, o.event, f.name, o.entry_id, o.after_entry, o.detail FROM events o"
    " LEFT JOIN feeds f ON f.id = o.feed_id"
)


def _merged(
    cursor: Cursor, entries: Sequence[tuple[Any, ...]], others: Sequence[tuple[Any, ...]]
) -> Iterator[Event]:
    """Both kinds of rows as one sequence: another event follows the entries that it came after."""
    told = 0
    for number, at, event, feed, entry_id, after_entry, detail in others:
        while told < len(entries) and entries[told][0] <= after_entry:
            cursor = cursor._replace(entry=entries[told][0])
            yield Event(cursor, entries[told][1], "new", entries[told][2], entries[told][0], {})
            told += 1
        cursor = cursor._replace(event=number)
        yield Event(cursor, at, event, feed, entry_id, _said(event, detail))
    for entry_id, at, feed in entries[told:]:
        cursor = cursor._replace(entry=entry_id)
        yield Event(cursor, at, "new", feed, entry_id, {})


def _said(event: str, detail: str | None) -> dict[str, Any]:
    """What the kind of event says more, from the text that its row has."""
    if event in ("updated", "joined"):
        name = "change" if event == "updated" else "story"
        return {name: int(detail) if detail is not None and detail.isdigit() else None}
    if event == "moved":
        before, _, after = (detail or "").partition("\n")
        return {"from": before, "to": after}
    return {} if event == "repaired" else {"error": detail}


def _oldest_cursor(db: sqlite3.Connection, newest: Cursor, now: int) -> Cursor:
    """The place behind which everything is kept."""
    first = db.execute("SELECT min(id) FROM events WHERE at >= ?", (now - KEPT_S,)).fetchone()[0]
    event = max(newest.event - KEPT_EVENTS, newest.event if first is None else first - 1)
    entry = max(newest.entry - KEPT_EVENTS, _entries_before(db, newest.entry, now - KEPT_S))
    return Cursor(newest.identity, entry, event)


def _entries_before(db: sqlite3.Connection, last: int, at: int) -> int:
    """The last id of the entries that were stored before this time: ids follow the time."""
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        row = db.execute(
            "SELECT first_seen FROM entries WHERE id <= ? ORDER BY id DESC LIMIT 1", (middle,)
        ).fetchone()
        if row is None or row[0] < at:
            low = middle
        else:
            high = middle - 1
    return low


def _sequence(db: sqlite3.Connection, table: str) -> int:
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(row[0]) if row else 0
