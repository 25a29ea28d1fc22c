"""What several feeds carry is one line: found by its text, led by the best source."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from benchmarks import stories
from benchmarks.prose import Writer, vocabulary
from feedd.model import Article, Entry, FeedConfig, ItemFilter
from feedd.store.articles import page_job_of, store_article
from feedd.store.feeds import sync_feeds
from feedd.store.items import item, list_items
from feedd.store.marks import mark
from feedd.store.similarity import KEPT_S, find_stories, split, story
from feedd.store.sqlite import transaction
from feedd.store.upkeep import integrity
from tests.store.conftest import DAY_S, NOW, arrive, configs, entry, prune

EVERYTHING = ItemFilter(which="all", limit=None)
WRITER = Writer(vocabulary(random.Random(7)), random.Random(3))
TEXT = " ".join(WRITER.sentence() for _ in range(20))
OTHER = " ".join(WRITER.sentence() for _ in range(20))


def carried(number: str, text: str, **more: Any) -> Entry:
    return entry(number, html=f"<p>{text}</p>", text=text, full=True, **more)


def fetched(db: sqlite3.Connection, entry_id: int) -> None:
    """The entry's page came, with the whole text."""
    job = page_job_of(db, entry_id)
    assert job is not None
    page = Article(job.url, html=f"<p>{TEXT}</p>", text=TEXT, confidence=0.9)
    store_article(db, job, page, NOW)


def search(db: sqlite3.Connection, now: int = NOW) -> None:
    while find_stories(db, now):
        pass


def lines(db: sqlite3.Connection, **more: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.feed, one.also_in) for one in list_items(db, EVERYTHING._replace(**more)).items]


def test_the_same_text_under_two_links_is_one_line(db: sqlite3.Connection) -> None:
    (first,) = arrive(db, "a", carried("x", TEXT))
    (second,) = arrive(db, "b", carried("y", f"From our desk. {TEXT} All rights reserved."))
    (third,) = arrive(db, "c", carried("z", OTHER))
    search(db)
    assert sorted(lines(db)) == [("a", ("b",)), ("c", ())]
    assert [item(db, one).item.story for one in (first, second, third)] == [first, first, None]


def test_texts_that_came_long_before_or_after_are_two_lines(db: sqlite3.Connection) -> None:
    arrive(db, "a", carried("x", TEXT, published=NOW - 8 * DAY_S))
    arrive(db, "b", carried("y", TEXT, published=NOW - DAY_S // 2))
    arrive(db, "a", carried("u", OTHER, published=NOW - 8 * DAY_S, link="https://x.example/1"))
    arrive(db, "b", carried("v", OTHER, published=NOW - DAY_S // 2, link="https://x.example/1"))
    search(db)
    assert len(lines(db)) == 4


def test_short_notes_that_say_the_same_stay_apart(db: sqlite3.Connection) -> None:
    text = "The office is closed today. See you tomorrow."
    arrive(db, "a", carried("x", text))
    arrive(db, "b", carried("y", text))
    search(db)
    assert len(lines(db)) == 2


def test_a_feed_keeps_all_its_entries_of_one_text(db: sqlite3.Connection) -> None:
    arrive(db, "a", carried("x", TEXT), carried("y", TEXT))
    arrive(db, "b", carried("z", TEXT))
    search(db)
    assert sum(feed == "a" or "a" in also for feed, also in lines(db)) == 2


def test_what_recurs_in_a_house_makes_no_story_of_its_notices(db: sqlite3.Connection) -> None:
    """Two papers of one publisher print the same long imprint under everything."""
    for name in "ab":
        own = [" ".join(WRITER.sentence() for _ in range(6)) for _ in range(4)]
        arrive(db, name, *(carried(f"{name}{n}", f"{text} {TEXT}") for n, text in enumerate(own)))
    search(db)
    assert len(lines(db)) == 8


def test_full_text_stands_for_its_summary_whichever_came_first(db: sqlite3.Connection) -> None:
    summary = " ".join(TEXT.split()[:70])
    (short,) = arrive(db, "a", entry("x", html=f"<p>{summary}</p>", text=summary, full=False))
    (full,) = arrive(db, "b", carried("y", TEXT))
    search(db)
    assert lines(db) == [("b", ("a",))]
    assert item(db, short).item.story == full


def test_a_page_that_was_fetched_later_makes_its_entry_the_one_that_stands_for_all(
    db: sqlite3.Connection,
) -> None:
    lead = " ".join(TEXT.split()[:70])
    arrive(db, "a", entry("x", html=f"<p>{lead}</p>", text=lead))
    (second,) = arrive(db, "b", entry("y", html=f"<p>{lead}</p>", text=lead))
    search(db)
    assert lines(db) == [("a", ("b",))]
    fetched(db, second)
    search(db)
    assert lines(db) == [("b", ("a",))]


def test_what_was_read_or_starred_in_one_feed_is_so_when_its_copy_is_found(
    db: sqlite3.Connection,
) -> None:
    (first,) = arrive(db, "a", carried("x", TEXT))
    mark(db, "read", ids=[first], now=NOW + 5)
    mark(db, "star", ids=[first], now=NOW + 5)
    (second,) = arrive(db, "b", carried("y", TEXT))
    search(db)
    found = item(db, second).item
    assert found.read
    assert found.starred
    assert list_items(db, ItemFilter()).items == ()


def test_an_entry_that_arrived_read_does_not_hide_its_unread_copy(db: sqlite3.Connection) -> None:
    (first,) = arrive(db, "a", carried("x", TEXT))
    with transaction(db):  # as a muted one arrives
        db.execute("UPDATE marks SET read_at = ? WHERE entry_id = ?", (NOW, first))
    arrive(db, "b", carried("y", TEXT))
    search(db)
    assert [one.also_in for one in list_items(db, ItemFilter()).items] == [("b",)]


def test_what_was_split_is_never_joined_again(db: sqlite3.Connection) -> None:
    (first,) = arrive(db, "a", carried("x", TEXT))
    (second,) = arrive(db, "b", carried("y", TEXT))
    search(db)
    with transaction(db):
        assert split(db, second) == [first]
    assert len(lines(db)) == 2
    fetched(db, second)
    arrive(db, "c", carried("z", TEXT))
    search(db)
    assert sorted(lines(db)) == [("a", ("c",)), ("b", ())] or sorted(lines(db)) == [
        ("a", ()),
        ("b", ("c",)),
    ]


@pytest.mark.parametrize("alike", ["link", "text"])
def test_a_feed_that_wants_no_stories_has_lines_of_its_own(
    db: sqlite3.Connection, alike: str
) -> None:
    apart = [feed._replace(one_story=feed.name != "b") for feed in configs("a", "b", "c")]
    sync_feeds(db, apart, NOW)
    link = {"link": "https://site.example/1"} if alike == "link" else {}
    text = {"link": OTHER, "text": TEXT}[alike]
    for name in "abc":
        arrive(db, name, carried(f"{alike}{name}", text if alike == "text" else name, **link))
    search(db)
    assert sorted(lines(db)) == [("a", ("c",)), ("b", ())]


def test_a_feed_that_no_longer_wants_stories_leaves_those_it_is_in(
    db: sqlite3.Connection,
) -> None:
    for name in "abc":
        arrive(db, name, carried(name, TEXT))
    search(db)
    apart: list[FeedConfig] = [
        feed._replace(one_story=feed.name != "a") for feed in configs("a", "b", "c")
    ]
    sync_feeds(db, apart, NOW)
    assert sorted(lines(db)) == [("a", ()), ("b", ("c",))]


def test_every_entry_of_a_story_is_listed_where_each_is_asked_for(db: sqlite3.Connection) -> None:
    for name in "abc":
        arrive(db, name, carried(name, TEXT))
    search(db)
    assert len(lines(db)) == 1
    assert {feed for feed, _ in lines(db, every=True)} == set("abc")
    assert {feed for feed, _ in lines(db, every=True, feeds=("a", "b"))} == {"a", "b"}


def test_a_story_tells_who_is_in_it_and_why(db: sqlite3.Connection) -> None:
    (first,) = arrive(db, "a", carried("x", TEXT, link="https://site.example/1"))
    (second,) = arrive(db, "b", carried("y", OTHER, link="https://site.example/1"))
    (third,) = arrive(db, "c", carried("z", TEXT))
    search(db)
    told = [(one.entry_id, one.lead, one.joined_by, one.similarity) for one in story(db, third)]
    assert told == [
        (first, True, None, None),
        (second, False, "link", None),
        (third, False, "text", 1.0),
    ]
    assert [one.entry_id for one in story(db, second)] == [first, second, third]
    assert story(db, 99) == []


def test_when_the_one_that_stands_for_all_is_pruned_the_others_stay_one_line(
    db: sqlite3.Connection,
) -> None:
    old = NOW - 6 * DAY_S
    arrive(db, "a", carried("x", TEXT, published=old))
    arrive(db, "b", carried("y", TEXT))
    arrive(db, "c", carried("z", TEXT))
    search(db)
    with transaction(db):
        db.execute("UPDATE marks SET read_at = ?", (NOW,))
    assert prune(db, NOW, 3 * DAY_S, removed=False) == 1
    assert sorted(lines(db)) == [("b", ("c",))]
    search(db)


def test_repair_gives_copies_the_marks_of_the_one_that_stands_for_all(
    db: sqlite3.Connection, path: Path
) -> None:
    arrive(db, "a", carried("x", TEXT))
    arrive(db, "b", carried("y", TEXT))
    search(db)
    db.execute("UPDATE marks SET read_at = 5 WHERE same_as IS NULL")
    assert integrity.check(path) != []
    integrity.repair(db)
    assert integrity.check(path) == []
    assert lines(db) == [("a", ("b",))]


def test_what_is_kept_to_find_copies_goes_when_it_is_old(db: sqlite3.Connection) -> None:
    arrive(db, "a", *(carried(str(n), f"{OTHER} {n}") for n in range(3)))
    search(db)
    assert db.execute("SELECT count(*) FROM story_texts").fetchone() == (3,)
    arrive(db, "b", carried("late", TEXT))
    search(db, NOW + KEPT_S + 1)
    assert db.execute("SELECT count(*) FROM story_texts").fetchone() == (0,)
    assert db.execute("SELECT count(*) FROM story_hashes").fetchone() == (0,)


def test_what_a_new_entry_costs_does_not_grow_with_what_is_stored(db: sqlite3.Connection) -> None:
    """Every look-up is a search in an index, by hash and day or by id."""
    for query in (
        "SELECT entry_id FROM story_hashes WHERE hash = 1 AND day BETWEEN 2 AND 3 LIMIT 60",
        "SELECT entry_id, first_seen FROM story_texts ORDER BY entry_id LIMIT 100",
        "SELECT entry_id FROM marks INDEXED BY marks_feed WHERE feed_id = 1"
        " ORDER BY sort_at DESC LIMIT 7",
        "SELECT id, entry_id FROM documents WHERE id > 5 ORDER BY id LIMIT 50",
    ):
        plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}"))
        assert "TEMP B-TREE" not in plan
        assert "SEARCH" in plan or ("LIMIT" in query and "SCAN story_texts" in plan), plan


def test_copies_are_found_and_rewrites_left_alone() -> None:
    found = stories.score(stories.labelled(240, seed=11))
    assert found.precision >= 0.99, found.wrong
    assert found.recall >= 0.9, found.missed
