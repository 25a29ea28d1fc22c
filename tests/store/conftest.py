"""A real database in a fresh folder, and feeds and entries to fill it with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from feedd.identity import decide, keyed
from feedd.model import (
    ChangedEntry,
    Entry,
    FeedConfig,
    FeedState,
    NewEntry,
    PollOutcome,
    PollRecord,
    Retention,
)
from feedd.store.database import open_reader, open_writer
from feedd.store.entries import record
from feedd.store.entry_rows import known_entries
from feedd.store.feeds import feed_states, sync_feeds
from feedd.store.upkeep import retention

NOW = 1_800_000_000
DAY_S = 86_400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feedd.db"


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    """A writer's connection; feeds `a`, `b` and `c` are known."""
    with closing(open_writer(path)) as connection:
        sync_feeds(connection, configs("a", "b", "c"), NOW)
        yield connection


@pytest.fixture
def reader(db: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_reader(path)) as connection:
        yield connection


def configs(*names: str) -> list[FeedConfig]:
    return [FeedConfig(name, f"https://{name}.example/feed") for name in names]


def entry(number: int | str, **more: Any) -> Entry:
    """An entry with a guid, link and text of its own, published `number` seconds before NOW."""
    values: dict[str, Any] = {
        "guid": f"guid-{number}",
        "link": f"https://site.example/{number}",
        "title": f"Title {number}",
        "published": NOW - number if isinstance(number, int) else NOW - DAY_S,
        "html": f"<p>Body of {number}</p>",
        "text": f"Body of {number}",
    }
    return Entry(**{**values, **more})


def state_of(db: sqlite3.Connection, name: str) -> FeedState:
    return feed_states(db, [name])[0]


def outcome(
    state: FeedState,
    new: Sequence[Entry] = (),
    *,
    changed: Sequence[tuple[int, Entry]] = (),
    at: int = NOW,
    read: bool = False,
    unread: bool = False,
    fetch_page: bool = False,
) -> PollOutcome:
    """A successful poll that brought these entries."""
    arrivals = tuple(
        NewEntry(one, read=read, fetch_page=fetch_page)
        for one in keyed(new, keys=state.keys).entries
    )
    changes = tuple(
        ChangedEntry(
            entry_id, keyed([e], keys=state.keys).entries[0], unread=unread, fetch_page=fetch_page
        )
        for entry_id, e in changed
    )
    after = replace(
        state, state="ok", last_poll=at, last_success=at, last_status=200, next_poll=at + 3600
    )
    poll = PollRecord(
        at, state.active_url, 200, 1000, 20, len(arrivals), len(changes), None, at + 3600, "test"
    )
    return PollOutcome(after, poll, arrivals, changes)


def arrive(db: sqlite3.Connection, feed: str, *entries: Entry, **more: Any) -> list[int]:
    """Entries come in with a poll of `feed`; their ids."""
    return record(db, [outcome(state_of(db, feed), entries, **more)], more.get("at", NOW))


def poll(db: sqlite3.Connection, feed: str, *entries: Entry, at: int = NOW) -> PollOutcome:
    """A whole poll: what is new and changed is worked out against the store, then stored."""
    state = state_of(db, feed)
    document = keyed(entries, keys=state.keys)
    verdict = decide(document.entries, known_entries(db, state.id, document.entries))
    result = replace(
        outcome(replace(state, keys=document.keys), at=at),
        new=tuple(map(NewEntry, verdict.new)),
        changed=tuple(ChangedEntry(entry_id, one) for entry_id, one in verdict.changed),
        rekeyed=verdict.rekeyed,
    )
    record(db, [result], at)
    return result


def rows(db: sqlite3.Connection, query: str, *parameters: object) -> list[Any]:
    found = db.execute(query, parameters).fetchall()
    return [row[0] if len(row) == 1 else row for row in found]


def prune(db: sqlite3.Connection, now: int, keep_s: int | None, *, removed: bool = False) -> int:
    """Drop read items older than `keep_s`; returns how many are gone."""
    done = retention.prune(db, now, Retention(read_s=keep_s), removed=removed)
    return sum(feed.pruned for feed in done)
