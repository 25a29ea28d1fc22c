"""Lists, counts and marks, against a model that does it the slow and obvious way."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedd.errors import NotFoundError
from feedd.model import ItemFilter, MarkAction, Which
from feedd.store import list_ids, marks
from feedd.store.database import open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.items import feed_summaries, item, items_after, latest_id, list_items
from feedd.store.marks import mark
from feedd.store.upkeep import integrity
from feedd.text import excerpt, to_text
from tests.store.conftest import NOW, arrive, configs, entry, prune, rows


def titles(db: sqlite3.Connection, wanted: ItemFilter) -> list[str]:
    return [one.title.removeprefix("Title ") for one in list_items(db, wanted).items]


def test_new_items_first_and_how_many_more(db: sqlite3.Connection) -> None:
    arrive(db, "a", *(entry(n) for n in range(10)))
    page = list_items(db, ItemFilter(limit=3))
    assert [one.title for one in page.items] == ["Title 0", "Title 1", "Title 2"]
    assert (page.more, page.more_capped) == (7, False)
    assert titles(db, ItemFilter(limit=2, oldest=True)) == ["9", "8"]
    assert len(list_items(db, ItemFilter(limit=None)).items) == 10
    assert list_items(db, ItemFilter(limit=10)).more == 0
    assert list_items(db, ItemFilter(limit=0)).more == 10


def test_counting_stops_somewhere(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_ids, "MORE_COUNTED", 5)
    arrive(db, "a", *(entry(n) for n in range(10)))
    page = list_items(db, ItemFilter(limit=3))
    assert (page.more, page.more_capped) == (5, True)


def test_a_feed_never_polled_has_nothing(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1))
    assert titles(db, ItemFilter(feeds=("new-in-the-file",))) == []
    assert titles(db, ItemFilter(feeds=("a", "new-in-the-file"))) == ["1"]
    assert titles(db, ItemFilter(feeds=())) == []


def test_details_are_read_only_when_asked_for(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1, html="<p>One</p><p>two &lt;3</p>", text="One\ntwo <3"))
    assert list_items(db, ItemFilter()).items[0].summary == ""
    assert list_items(db, ItemFilter(), details=True).items[0].summary == "One two <3"


def test_following_what_arrives(db: sqlite3.Connection) -> None:
    assert latest_id(db) == 0
    arrive(db, "a", entry(1))
    last = latest_id(db)
    assert items_after(db, last, ItemFilter(), 10) == ([], last)
    arrive(db, "b", entry(1), entry(2), entry(3))
    assert [one.title for one in items_after(db, last, ItemFilter(), 10)[0]] == [
        "Title 3",
        "Title 2",
    ]
    assert len(items_after(db, 0, ItemFilter(), 1)[0]) == 1
    prune(db, NOW, None, removed=False)
    mark(db, "read", filter=ItemFilter(), now=NOW)
    prune(db, NOW + 100, keep_s=1, removed=False)
    assert latest_id(db) == last + 3, "an id that was given stays given"


def test_no_such_item(db: sqlite3.Connection) -> None:
    with pytest.raises(NotFoundError, match="no item 7"):
        item(db, 7)


def test_marking_says_how_many_changed(db: sqlite3.Connection) -> None:
    ids = arrive(db, "a", *(entry(n) for n in range(5)))
    assert mark(db, "read", ids=ids[:2], now=NOW) == 2
    assert mark(db, "read", ids=ids[:3], now=NOW) == 1
    assert mark(db, "unread", ids=ids[:1] * 2, now=NOW) == 1
    assert mark(db, "star", ids=ids, now=NOW) == 5
    assert mark(db, "unstar", ids=(), now=NOW) == 0


def test_marking_an_item_that_is_not_there_marks_nothing(db: sqlite3.Connection) -> None:
    ids = arrive(db, "a", entry(1))
    with pytest.raises(NotFoundError, match="no item 99"):
        mark(db, "read", ids=[*ids, 99], now=NOW)
    assert titles(db, ItemFilter()) == ["1"]


def test_marking_everything_before_a_moment(db: sqlite3.Connection) -> None:
    arrive(db, "a", *(entry(n) for n in range(5)))
    assert mark(db, "read", filter=ItemFilter(limit=1), before=NOW - 2, now=NOW) == 2
    assert titles(db, ItemFilter()) == ["0", "1", "2"]


def test_feeds_with_their_counts(db: sqlite3.Connection) -> None:
    ids = arrive(db, "a", entry(1), entry(2))
    arrive(db, "c", entry(3), read=True)
    mark(db, "read", ids=ids[:1], now=NOW)
    summaries = {one.feed.name: (one.items, one.unread) for one in feed_summaries(db)}
    assert summaries == {"a": (2, 1), "b": (0, 0), "c": (1, 0)}


WHICH: tuple[Which, ...] = ("unread", "all", "read", "starred")
ACTIONS: tuple[MarkAction, ...] = ("read", "unread", "star", "unstar")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_filter_agrees_with_the_obvious_one(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("store") / "feedd.db"
    with closing(open_writer(path)) as db:
        sync_feeds(db, configs("a", "b"), NOW)
        ids: list[int] = []
        for feed in "abab":
            numbers = data.draw(st.lists(st.integers(0, 8), max_size=5, unique=True))
            ids += arrive(db, feed, *(entry(n, guid=f"{feed}{n}") for n in numbers))
        for action in data.draw(st.lists(st.sampled_from(ACTIONS), max_size=4)):
            if ids:
                mark(db, action, ids=data.draw(st.lists(st.sampled_from(ids))), now=NOW)
        wanted = ItemFilter(
            feeds=data.draw(st.sampled_from([None, ("a",), ("b",), ("b", "a")])),
            which=data.draw(st.sampled_from(WHICH)),
            since=data.draw(st.none() | st.integers(NOW - 9, NOW)),
            until=data.draw(st.none() | st.integers(NOW - 9, NOW)),
            limit=data.draw(st.none() | st.integers(0, 5)),
            oldest=data.draw(st.booleans()),
        )
        assert _listed(db, wanted) == _obvious(db, wanted)
        assert _watched(db, wanted) == sorted(_obvious(db, wanted._replace(limit=None))[0])
    assert integrity.check(path) == []


def _listed(db: sqlite3.Connection, wanted: ItemFilter) -> tuple[list[int], int]:
    page = list_items(db, wanted)
    return [one.id for one in page.items], page.more


def _watched(db: sqlite3.Connection, wanted: ItemFilter) -> list[int]:
    """Everything from the beginning, some at a time, as it would have been seen coming."""
    seen: list[int] = []
    before, last = -1, 0
    while last != before:
        before = last
        items, last = items_after(db, last, wanted, 3)
        seen += [one.id for one in items]
    return seen


def _obvious(db: sqlite3.Connection, wanted: ItemFilter) -> tuple[list[int], int]:
    every = rows(
        db,
        "SELECT m.entry_id, f.name, coalesce(m.same_as, m.entry_id), m.sort_at, m.read_at,"
        " m.starred_at FROM marks m JOIN feeds f ON f.id = m.feed_id ORDER BY m.entry_id",
    )
    shown: dict[int, tuple[int, int]] = {}
    for entry_id, feed, leader, sort_at, read_at, starred_at in every:
        passes = (
            (wanted.which != "unread" or read_at is None)
            and (wanted.which != "read" or read_at is not None)
            and (wanted.which != "starred" or starred_at is not None)
        )
        if passes and (wanted.feeds is None or feed in wanted.feeds):
            shown.setdefault(leader, (sort_at, entry_id))
    found = sorted(
        (sort_at, entry_id)
        for sort_at, entry_id in shown.values()
        if (wanted.since is None or sort_at >= wanted.since)
        and (wanted.until is None or sort_at <= wanted.until)
    )
    ids = [entry_id for _, entry_id in (found if wanted.oldest else found[::-1])]
    limit = len(ids) if wanted.limit is None else wanted.limit
    return ids[:limit], max(0, len(ids) - limit)


def test_a_list_looks_at_no_more_rows_than_it_shows(db: sqlite3.Connection) -> None:
    """What makes a list quick on a million entries: no plan here scans a table or sorts."""
    sync_feeds(db, configs("a", "b", "c"), NOW)
    seen: list[str] = []
    db.set_trace_callback(seen.append)
    for which in WHICH:
        list_items(db, ItemFilter(which=which))
        list_items(db, ItemFilter(which=which, feeds=("a",)))
        list_items(db, ItemFilter(which=which, feeds=("a", "b")))
    feed_summaries(db)
    db.set_trace_callback(None)
    for query in seen:
        if query.startswith("SELECT") and "FROM marks" in query and " IN (" not in query:
            plan = "\n".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}"))
            assert "SCAN marks\n" not in plan + "\n", query
            assert "USING INDEX marks_" in plan or "COVERING INDEX" in plan, (query, plan)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("no tags &amp; one  line\n", "no tags & one line"),
        ("<p>One <b>bold</b>ness</p><p>Two</p>", "One boldness\n\nTwo"),
        ("<ul><li>a<li>b</ul>c<br>d", "• a\n• b\n\nc\nd"),
        ("<pre>  x &lt; y\n    z</pre>after", "  x < y\n    z\n\nafter"),
        ('<a href="https://x.example/?a=1&amp;b">link</a>&nbsp;&#8217;s', "link ’s"),
        ("<!-- hidden -->1 &lt; 2", "1 < 2"),
    ],
)
def test_plain_text_of_stored_html(html: str, text: str) -> None:
    assert to_text(html) == text


@given(st.text(), st.integers(1, 50))
def test_excerpts_are_short_and_on_one_line(text: str, limit: int) -> None:
    short = excerpt(text, limit)
    assert len(short) <= limit + 1
    assert "\n" not in short


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("nine more", 9, "nine more"),
        ("nine more!", 9, "nine…"),
        ("a\n b", 3, "a b"),
        ("abcdefghij", 10, "abcdefghij"),
        ("abcdefghijk", 10, "abcdefghi…"),
        ("ab cdefghijk", 10, "ab cdefgh…"),  # a word in the first half is no place to cut
        ("ab" + " " * 30 + "cd", 10, "ab…"),
        ("", 10, ""),
    ],
)
def test_an_excerpt_ends_at_a_word_and_says_that_there_is_more(
    text: str, limit: int, short: str
) -> None:
    assert excerpt(text, limit) == short


def test_marking_very_many_lets_others_write_in_between(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "MARKED_A_TRANSACTION", 2)
    arrive(db, "a", *(entry(n) for n in range(5)))
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    assert mark(db, "read", filter=ItemFilter(), now=NOW) == 5
    assert statements.count("COMMIT") == 3
    assert titles(db, ItemFilter()) == []
