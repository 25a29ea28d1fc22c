"""What has happened is told once each, in order, however often one goes on from a cursor."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd.model import Article, PageJob, PollRecord
from feedd.store import articles
from feedd.store.database import open_writer
from feedd.store.entries import record
from feedd.store.events import (
    KEPT_EVENTS,
    KEPT_S,
    Cursor,
    CursorError,
    Event,
    _said,
    cursor_of,
    events_after,
    identity,
    last_events,
    newest_cursor,
)
from feedd.store.feeds import sync_feeds
from feedd.store.upkeep.salvage import salvage
from tests.store.conftest import DAY_S, NOW, arrive, configs, entry, outcome, poll, rows, state_of

START = Cursor("x", 0, 0)


def told(db: sqlite3.Connection, after: Cursor = START) -> list[Event]:
    return events_after(db, after, 10_000)


def kinds(events: Sequence[Event]) -> list[tuple[str, str | None, int | None]]:
    return [(event.event, event.feed, event.entry_id) for event in events]


def fail(db: sqlite3.Connection, feed: str, *, failures: int, state: str = "failing") -> None:
    before = state_of(db, feed)
    after = replace(before, failures=failures, state=state, last_error="503 busy", last_poll=NOW)
    failed = PollRecord(NOW, before.url, 503, 0, 1, error="503 busy", reason="backing off")
    record(db, [replace(outcome(before), state=after, poll=failed)], NOW)


def page(db: sqlite3.Connection, entry_id: int, **more: object) -> None:
    job = PageJob(entry_id, "a", "https://a.example/1", "T", "", None, 0)
    article = Article("https://a.example/1", **more)  # type: ignore[arg-type]
    articles.store_article(db, job, article, NOW + 60)


def test_every_stored_entry_is_new_once_muted_ones_too(db: sqlite3.Connection) -> None:
    first = arrive(db, "a", entry(1), entry(2))
    muted = arrive(db, "b", entry(3), read=True)
    assert kinds(told(db)) == [
        *(("new", "a", number) for number in sorted(first)),
        ("new", "b", muted[0]),
    ]
    assert all(event.at == NOW for event in told(db))


def test_a_change_is_told_with_its_number_and_one_that_is_none_is_not(
    db: sqlite3.Connection,
) -> None:
    poll(db, "a", entry(1))
    cursor = newest_cursor(db, "x")
    poll(db, "a", entry(1, title="Quite another title"))
    poll(db, "a", entry(1, title="Quite another title", published=NOW - 77))
    poll(db, "a", entry(1, title="And a third one"))
    assert [(event.event, event.detail) for event in told(db, cursor)] == [
        ("updated", {"change": 1}),
        ("updated", {"change": 2}),
    ]


def test_an_entry_that_joins_a_story_is_told_with_it(db: sqlite3.Connection) -> None:
    (lead,) = arrive(db, "a", entry(1, link="https://site.example/the-same"))
    (other,) = arrive(db, "b", entry(2, link="https://site.example/the-same"))
    joined = [event for event in told(db) if event.event == "joined"]
    assert len(joined) == 1
    assert joined[0].entry_id in (lead, other)
    assert joined[0].detail["story"] in (lead, other)
    assert joined[0].detail["story"] != joined[0].entry_id


def test_an_article_is_told_and_why_there_is_none(db: sqlite3.Connection) -> None:
    one, two = arrive(db, "a", entry(1), entry(2))
    cursor = newest_cursor(db, "x")
    page(db, one, html="<p>All of it</p>", text="All of it")
    page(db, two, error="paywall")
    page(db, two, error="paywall")
    page(db, two, error="timeout")
    assert [(event.entry_id, event.detail) for event in told(db, cursor)] == [
        (one, {"error": None}),
        (two, {"error": "paywall"}),
        (two, {"error": "timeout"}),
    ]


def test_a_feed_that_breaks_is_told_at_its_third_failure_and_when_it_is_well_again(
    db: sqlite3.Connection,
) -> None:
    for failures in (1, 2, 3, 4):
        fail(db, "a", failures=failures)
    fail(db, "b", failures=1, state="gone")
    record(db, [replace(outcome(s), state=replace(outcome(s).state, failures=0))
                for s in (state_of(db, "a"), state_of(db, "b"))], NOW + 5)  # fmt: skip
    fail(db, "c", failures=2)
    record(db, [replace(outcome(s), state=replace(outcome(s).state, failures=0))
                for s in [state_of(db, "c")]], NOW + 5)  # fmt: skip
    assert [(event.event, event.feed, event.detail) for event in told(db)] == [
        ("broken", "a", {"error": "503 busy"}),
        ("broken", "b", {"error": "503 busy"}),
        ("repaired", "a", {}),
        ("repaired", "b", {}),
    ]


def test_a_proved_move_is_told_and_a_change_of_the_file_is_none(db: sqlite3.Connection) -> None:
    state = state_of(db, "a")
    moved = replace(outcome(state).state, active_url="https://new.example/feed")
    record(db, [replace(outcome(state), state=moved)], NOW)
    by_hand = [one._replace(url="https://mine.example/") for one in configs("b")]
    sync_feeds(db, [*configs("a"), *by_hand], NOW)
    assert [(event.event, event.feed, event.detail) for event in told(db)] == [
        ("moved", "a", {"from": "https://a.example/feed", "to": "https://new.example/feed"})
    ]


ACTS = st.lists(
    st.sampled_from(["entry", "entries", "fail", "well", "page", "change"]), max_size=14
)


@given(ACTS, st.integers(min_value=1, max_value=4), st.integers(min_value=0, max_value=6))
@settings(max_examples=40, deadline=None)
def test_in_steps_of_any_size_all_is_told_once_and_in_order(
    acts: list[str], step: int, looks_after: int
) -> None:
    with _fresh() as db:
        seen: list[Event] = []
        cursor = Cursor("x", 0, 0)
        for number, act in enumerate(acts):
            _do(db, act, number)
            if number == looks_after:  # one goes on while things happen
                cursor = _read_on(db, cursor, step, seen)
        _read_on(db, cursor, step, seen)
        assert [event.cursor for event in seen] == sorted({event.cursor for event in seen})
        assert [(e.event, e.entry_id, e.at) for e in seen] == [
            (e.event, e.entry_id, e.at) for e in told(db)
        ]
        for count in (1, 3, 100):
            assert kinds(last_events(db, "x", count, NOW)) == kinds(seen[-count:])
        if seen:
            assert last_events(db, "x", 1, NOW)[0].cursor == newest_cursor(db, "x")


@contextmanager
def _fresh() -> Iterator[sqlite3.Connection]:
    """A database of its own for each example, that goes with it."""
    with TemporaryDirectory() as folder, closing(open_writer(Path(folder) / "feedd.db")) as db:
        sync_feeds(db, configs("a", "b"), NOW)
        yield db


def _do(db: sqlite3.Connection, act: str, number: int) -> None:
    newest = newest_cursor(db, "x").entry
    if act == "entry":
        poll(db, "a", entry(f"{number}"))
    elif act == "entries":
        arrive(db, "b", *(entry(f"{number}-{each}") for each in range(3)))
    elif act == "fail":
        fail(db, "a", failures=state_of(db, "a").failures + 1)
    elif act == "well":
        state = outcome(state_of(db, "a")).state
        record(db, [replace(outcome(state), state=replace(state, failures=0))], NOW)
    elif act == "page" and newest:
        page(db, newest, html="<p>x</p>", text="x")
    elif act == "change" and newest:
        db.execute(
            "INSERT INTO versions(entry_id, change, at, title, text)"
            " SELECT ?1, 1 + (SELECT count(*) FROM versions WHERE entry_id = ?1), ?2, '', x''",
            (newest, NOW),
        )


def _read_on(db: sqlite3.Connection, cursor: Cursor, step: int, seen: list[Event]) -> Cursor:
    while some := events_after(db, cursor, step):
        seen += some
        cursor = some[-1].cursor
    return cursor


def test_a_cursor_is_good_only_where_it_is_from(db: sqlite3.Connection, path: Path) -> None:
    arrive(db, "a", entry(1), entry(2))
    of = identity(db, lambda: db)
    assert identity(db, lambda: db) == of
    assert cursor_of(db, of, f"{of}.1.0", NOW) == Cursor(of, 1, 0)
    for text, said in (
        (f"{of}.99.0", "later state"),
        (f"{of}.1.99", "later state"),
        ("other.1.0", "another database"),
        ("", "no cursor"),
        ("a.b.c", "no cursor"),
        (f"{of}.1", "no cursor"),
        (f"{of}.1.0.0", "no cursor"),
        (f"{of}.{'9' * 400}.0", "later state"),
    ):
        with pytest.raises(CursorError, match=said):
            cursor_of(db, of, text, NOW)


def test_what_is_kept_no_more_is_said_and_not_passed_over(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1), entry(2), entry(3), at=NOW)
    later = NOW + KEPT_S + DAY_S
    (fourth,) = arrive(db, "a", entry(4), at=later)
    with pytest.raises(CursorError, match="up to 2 events after it are missing"):
        cursor_of(db, "x", "x.1.0", later)
    assert kinds(events_after(db, cursor_of(db, "x", "x.3.0", later), 9)) == [("new", "a", fourth)]
    assert kinds(last_events(db, "x", 10, later)) == [("new", "a", fourth)]


def test_the_table_of_events_does_not_grow_for_ever(db: sqlite3.Connection) -> None:
    insert = "INSERT INTO events(id, at, event, after_entry) VALUES (?, ?, 'repaired', 0)"
    db.execute(insert, (1, NOW - KEPT_S - 1))
    db.execute(insert, (2, NOW))
    db.execute(insert, (1_000, NOW))
    assert rows(db, "SELECT id FROM events") == [2, 1_000]
    db.execute(insert, (KEPT_EVENTS + 1_000, NOW))
    assert rows(db, "SELECT id FROM events") == [KEPT_EVENTS + 1_000]
    with pytest.raises(CursorError, match="missing"):
        cursor_of(db, "x", "x.0.2", NOW)


def test_what_is_over_the_number_kept_is_missing_though_it_is_there_still(
    db: sqlite3.Connection,
) -> None:
    insert = "INSERT INTO events(id, at, event, after_entry) VALUES (?, ?, 'repaired', 0)"
    for number in (1, 2, KEPT_EVENTS + 5):
        db.execute(insert, (number, NOW))
    with pytest.raises(CursorError, match="up to 3 events after it are missing"):
        cursor_of(db, "x", "x.0.2", NOW)


def test_what_is_thirty_days_old_to_the_second_is_kept(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1), at=NOW)
    assert cursor_of(db, "x", "x.0.0", NOW + KEPT_S) == START


def test_an_item_that_is_pruned_leaves_its_events(db: sqlite3.Connection) -> None:
    (one,) = arrive(db, "a", entry(1))
    page(db, one, error="paywall")
    db.execute("DELETE FROM entries WHERE id = ?", (one,))
    assert kinds(told(db)) == [("article", "a", one)]


def test_a_salvaged_database_has_the_events_it_had(db: sqlite3.Connection, path: Path) -> None:
    one, two = arrive(db, "a", entry(1), entry(2))
    page(db, one, html="<p>x</p>", text="x")
    arrive(db, "b", entry(9, link="https://site.example/1"))
    before = [(e.event, e.entry_id, e.cursor) for e in told(db)]
    db.close()
    salvage(path)
    with closing(open_writer(path)) as mended:
        assert [(e.event, e.entry_id, e.cursor) for e in told(mended)] == before
    assert two


def test_a_row_without_its_number_tells_none() -> None:
    assert [_said("updated", detail) for detail in ("3", None, "x", "")] == [
        {"change": 3},
        {"change": None},
        {"change": None},
        {"change": None},
    ]
    assert _said("joined", "12") == {"story": 12}
    assert _said("moved", "a\nb\nc") == {"from": "a", "to": "b\nc"}
    assert _said("moved", None) == {"from": "", "to": ""}
    assert _said("repaired", "x") == {}
    assert _said("broken", None) == {"error": None}
