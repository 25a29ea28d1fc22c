"""What is dropped goes for good and never comes back; what the user marked stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd.model import Article, ItemFilter, Retention
from feedd.query import parse
from feedd.store.articles import page_job_of, store_article
from feedd.store.feeds import sync_feeds
from feedd.store.items import list_items
from feedd.store.marks import mark
from feedd.store.search.results import search_items
from feedd.store.upkeep import retention
from feedd.store.upkeep.retention import Pruned, prune
from tests.store.conftest import DAY_S, NOW, arrive, configs, entry, poll, rows

EVERYTHING = ItemFilter(which="all", limit=None)


def days_old(db: sqlite3.Connection, feed: str, *days: int) -> list[int]:
    return arrive(db, feed, *(entry(f"{feed}{day}", published=NOW - day * DAY_S) for day in days))


def left(db: sqlite3.Connection) -> list[str]:
    return sorted(item.title.removeprefix("Title ") for item in list_items(db, EVERYTHING).items)


def result(db: sqlite3.Connection, keep: Retention, **more: Retention) -> Mapping[str, Pruned]:
    return {each.feed: each for each in prune(db, NOW, keep, more)}


def test_read_and_unread_items_go_after_times_of_their_own(db: sqlite3.Connection) -> None:
    mark(db, "read", ids=days_old(db, "a", 1, 10, 40), now=NOW)
    days_old(db, "a", 2, 20, 50)
    done = result(db, Retention(read_s=30 * DAY_S, unread_s=45 * DAY_S))
    assert left(db) == ["a1", "a10", "a2", "a20"]
    assert done["a"] == Pruned("a", 2, 4)
    assert done["b"] == Pruned("b", 0, 0)


def test_a_number_of_items_bounds_what_is_read_and_never_what_is_not(
    db: sqlite3.Connection,
) -> None:
    mark(db, "read", ids=days_old(db, "a", 1, 2, 3, 4), now=NOW)
    days_old(db, "a", 5, 6)
    result(db, Retention(items=2))
    assert left(db) == ["a1", "a2", "a5", "a6"]


def test_a_feed_with_a_retention_of_its_own_keeps_to_that(db: sqlite3.Connection) -> None:
    for name in "ab":
        mark(db, "read", ids=days_old(db, name, 1, 10), now=NOW)
    result(db, Retention(read_s=5 * DAY_S), b=Retention())
    assert left(db) == ["a1", "b1", "b10"]


def test_what_the_user_marked_stays_however_old(db: sqlite3.Connection) -> None:
    starred, tagged, plain = days_old(db, "a", 100, 101, 102)
    mark(db, "star", ids=[starred], now=NOW)
    db.execute("INSERT INTO entry_tags VALUES ('later', ?, 'later')", (tagged,))
    mark(db, "read", ids=[starred, tagged, plain], now=NOW)
    result(db, Retention(read_s=DAY_S, unread_s=DAY_S, items=1))
    assert left(db) == ["a100", "a101"]


def test_a_dry_run_says_what_would_go_and_changes_nothing(db: sqlite3.Connection) -> None:
    mark(db, "read", ids=days_old(db, "a", 1, 10, 40), now=NOW)
    keep = Retention(read_s=5 * DAY_S)
    would = prune(db, NOW, keep, dry_run=True)
    assert left(db) == ["a1", "a10", "a40"]
    assert prune(db, NOW, keep) == would


@pytest.mark.parametrize("changed", [False, True])
def test_what_was_dropped_unread_does_not_come_back(db: sqlite3.Connection, changed: bool) -> None:
    old = entry("a90", published=NOW - 90 * DAY_S)
    arrive(db, "a", old)
    result(db, Retention(unread_s=30 * DAY_S))
    assert left(db) == []
    poll(db, "a", replace(old, text="Another text", html="<p>Another text</p>") if changed else old)
    assert left(db) == []


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=12),
    st.none() | st.integers(1, 60),
    st.none() | st.integers(1, 60),
    st.none() | st.integers(1, 6),
)
def test_every_item_goes_or_stays_by_the_rule_as_it_is_told(
    items: list[tuple[int, bool]], read: int | None, unread: int | None, most: int | None
) -> None:
    from contextlib import closing
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from feedd.store.database import open_writer
    from feedd.store.feeds import sync_feeds
    from tests.store.conftest import configs

    with TemporaryDirectory() as folder, closing(open_writer(Path(folder) / "f.db")) as db:
        sync_feeds(db, configs("a"), NOW)
        ids = arrive(
            db,
            "a",
            *(entry(n, published=NOW - day * DAY_S) for n, (day, _) in enumerate(items)),
        )
        is_read = [one for one, (_, seen) in zip(ids, items, strict=True) if seen]
        mark(db, "read", ids=is_read, now=NOW)
        stored = list_items(db, EVERYTHING).items
        keep = Retention(
            None if read is None else read * DAY_S,
            None if unread is None else unread * DAY_S,
            most,
        )
        wanted = [
            item.id
            for place, item in enumerate(stored)
            if not (
                (item.read and most is not None and place >= most)
                or (item.read and read is not None and item.sort_at < NOW - read * DAY_S)
                or (not item.read and unread is not None and item.sort_at < NOW - unread * DAY_S)
            )
        ]
        prune(db, NOW, keep)
        assert [item.id for item in list_items(db, EVERYTHING).items] == wanted


def test_very_many_items_go_in_steps_and_all_of_them(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PRUNED_A_TRANSACTION", 2)
    mark(db, "read", ids=days_old(db, "a", *range(10, 17)), now=NOW)
    days_old(db, "a", 1)
    assert result(db, Retention(read_s=5 * DAY_S))["a"] == Pruned("a", 7, 1)
    assert left(db) == ["a1"]


@pytest.mark.parametrize("dry_run", [True, False])
@pytest.mark.parametrize("removed", [True, False])
def test_a_feed_that_left_the_file_goes_with_its_items_only_where_that_is_asked_for(
    db: sqlite3.Connection, removed: bool, dry_run: bool
) -> None:
    (starred,) = days_old(db, "c", 4)
    mark(db, "star", ids=[starred], now=NOW)
    days_old(db, "a", 1)
    days_old(db, "b", 2, 3)
    sync_feeds(db, configs("a"), NOW)
    done = prune(db, NOW, Retention(), removed=removed, dry_run=dry_run)
    assert {each.feed: each.pruned for each in done} == {"a": 0, "b": 2 * removed, "c": 0}
    goes = removed and not dry_run
    assert left(db) == (["a1", "c4"] if goes else ["a1", "b2", "b3", "c4"])
    assert rows(db, "SELECT name FROM feeds ORDER BY 1") == (
        ["a", "c"] if goes else ["a", "b", "c"]
    )


def test_of_an_item_that_is_dropped_nothing_is_left_but_what_knows_it_again(
    db: sqlite3.Connection,
) -> None:
    old = entry("a90", published=NOW - 90 * DAY_S)
    _, fetched = arrive(db, "a", old, entry("a91", published=NOW - 91 * DAY_S), fetch_page=True)
    job = page_job_of(db, fetched)
    assert job is not None
    store_article(db, job, Article(job.url, html="<p>x</p>", text="x", confidence=0.9), NOW)
    poll(db, "a", replace(old, title="Another title", text="More of it", html="<p>More of it</p>"))
    with_rows = {table for table in entry_tables(db) if rows(db, f"SELECT 1 FROM {table}")}
    assert with_rows >= {"articles", "article_queue", "contents", "documents", "marks", "versions"}
    assert prune(db, NOW, Retention(unread_s=DAY_S))[0] == Pruned("a", 2, 0)
    with_rows = {table for table in entry_tables(db) if rows(db, f"SELECT 1 FROM {table}")}
    assert with_rows == {"events"}, "what has happened is told for as long as events are kept"
    assert rows(db, "SELECT count(*) FROM pruned") != [0]
    assert search_items(db, parse("body or more"), EVERYTHING).items == ()


def entry_tables(db: sqlite3.Connection) -> list[str]:
    return [
        table
        for table in rows(db, "SELECT name FROM sqlite_schema WHERE type = 'table'")
        if "entry_id" in rows(db, "SELECT name FROM pragma_table_info(?)", table)
    ]
