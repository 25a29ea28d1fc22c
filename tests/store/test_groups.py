"""One article in several feeds is one line, with one set of marks."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from feedd.identity.story import STORY_S
from feedd.model import ItemFilter, MarkAction
from feedd.query import parse
from feedd.store import groups
from feedd.store.entries import record
from feedd.store.feeds import sync_feeds
from feedd.store.items import feed_summaries, item, list_items
from feedd.store.marks import mark
from feedd.store.search.results import search_items
from feedd.store.similarity import split
from feedd.store.sqlite import transaction
from feedd.store.upkeep import integrity
from tests.store.conftest import NOW, arrive, configs, entry, outcome, poll, prune, rows, state_of

EVERYTHING = ItemFilter(which="all", limit=None)


def test_one_article_of_two_feeds_is_one_line(db: sqlite3.Connection) -> None:
    (first,) = arrive(db, "a", entry(1))
    twin = replace(entry(1), guid="other", link="http://www.site.example/1/?utm_source=planet")
    (second,) = arrive(db, "b", twin)
    page = list_items(db, EVERYTHING)
    assert [(one.id, one.feed, one.also_in) for one in page.items] == [(first, "a", ("b",))]
    assert item(db, second).item.also_in == ("a",)
    assert [summary.unread for summary in feed_summaries(db)] == [1, 1, 0]


def test_twins_of_one_transaction_meet_too(db: sqlite3.Connection) -> None:
    record(db, [outcome(state_of(db, name), [entry(1), entry(2)]) for name in "abc"], NOW)
    page = list_items(db, EVERYTHING)
    assert [one.also_in for one in page.items] == [("b", "c"), ("b", "c")]


def test_each_feed_shows_its_own_entry(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1))
    (second,) = arrive(db, "b", entry(1))
    page = list_items(db, EVERYTHING._replace(feeds=("b",)))
    assert [(one.id, one.also_in) for one in page.items] == [(second, ("a",))]


def test_several_feeds_asked_for_show_it_once(db: sqlite3.Connection) -> None:
    for name in "abc":
        arrive(db, name, entry(1), entry(f"own-{name}"))
    page = list_items(db, EVERYTHING._replace(feeds=("b", "c")))
    assert sorted(one.title for one in page.items) == ["Title 1", "Title own-b", "Title own-c"]
    assert next(one.feed for one in page.items if one.title == "Title 1") == "b"


def test_what_is_read_in_one_feed_is_read_in_all(db: sqlite3.Connection) -> None:
    ids = arrive(db, "a", entry(1)) + arrive(db, "b", entry(1)) + arrive(db, "c", entry(1))
    assert mark(db, "read", ids=ids[1:2], now=NOW) == 1
    assert mark(db, "star", ids=ids[2:], now=NOW) == 1
    assert all(item(db, entry_id).item.read for entry_id in ids)
    assert all(item(db, entry_id).item.starred for entry_id in ids)
    assert list_items(db, ItemFilter()).items == ()
    assert list_items(db, ItemFilter(feeds=("c",))).items == ()
    assert len(list_items(db, ItemFilter(which="starred")).items) == 1


def test_an_article_read_already_does_not_come_back_with_another_feed(
    db: sqlite3.Connection,
) -> None:
    ids = arrive(db, "a", entry(1))
    mark(db, "read", ids=ids, now=NOW)
    mark(db, "star", ids=ids, now=NOW)
    arrive(db, "b", entry(1))
    assert list_items(db, ItemFilter()).items == ()
    assert [one.also_in for one in list_items(db, EVERYTHING).items] == [("b",)]
    assert list_items(db, ItemFilter(feeds=("b",), which="starred")).items != ()


def test_a_link_that_many_entries_share_makes_no_group(db: sqlite3.Connection) -> None:
    """A changelog's entries all link to the changelog."""
    page = "https://site.example/changelog"
    arrive(db, "a", *(entry(n, link=page) for n in range(3)))
    arrive(db, "b", entry(9, link=page))
    assert len(list_items(db, EVERYTHING).items) == 4


def test_a_sites_front_page_makes_no_group(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1, link="https://site.example/"))
    arrive(db, "b", entry(2, link="https://www.site.example"))
    assert len(list_items(db, EVERYTHING).items) == 2


def test_when_the_first_is_pruned_the_next_stands_for_the_group(
    db: sqlite3.Connection, path: Path
) -> None:
    old = entry(9_000)
    ids = arrive(db, "a", old)
    arrive(db, "b", replace(old, published=NOW))
    arrive(db, "c", replace(old, published=NOW))
    mark(db, "read", ids=ids, now=NOW)
    assert prune(db, NOW, keep_s=5_000, removed=False) == 1
    assert [(one.feed, one.also_in) for one in list_items(db, EVERYTHING).items] == [("b", ("c",))]
    assert integrity.check(path) == []


def test_search_shows_a_group_once(db: sqlite3.Connection) -> None:
    (first,) = arrive(db, "a", entry(1, text="common words", html="common words"))
    arrive(db, "b", entry(1, text="common words and more", html="common words and more"))
    page = search_items(db, parse("common"), EVERYTHING)
    assert [(one.id, one.also_in) for one in page.items] == [(first, ("b",))]
    page = search_items(db, parse("more"), EVERYTHING)
    assert [(one.feed, one.also_in) for one in page.items] == [("b", ("a",))]


def group_of(db: sqlite3.Connection, names: str, number: int = 1, **more: object) -> list[int]:
    """One article in each of these feeds, the first leading."""
    if len(names) > 3:
        sync_feeds(db, configs(*names), NOW)
    return [arrive(db, name, entry(number, **more))[0] for name in names]


def test_when_the_first_two_are_pruned_together_the_others_stay_in_the_lists(
    db: sqlite3.Connection, path: Path
) -> None:
    ids = group_of(db, "abcd")
    for entry_id in ids[:2]:
        db.execute("UPDATE marks SET sort_at = 1 WHERE entry_id = ?", (entry_id,))
    mark(db, "read", ids=ids[:1], now=NOW)
    assert prune(db, NOW, keep_s=5_000, removed=False) == 2
    (left,) = list_items(db, EVERYTHING).items
    assert (left.id, left.feed, left.also_in, left.read) == (ids[2], "c", ("d",), True)
    assert mark(db, "star", ids=ids[3:], now=NOW) == 1
    assert item(db, ids[2]).item.starred
    assert integrity.check(path) == []


def test_a_follower_that_is_pruned_leaves_the_rest_together(
    db: sqlite3.Connection, path: Path
) -> None:
    ids = group_of(db, "abcd")
    mark(db, "read", ids=ids, now=NOW)
    db.execute("UPDATE marks SET sort_at = 1 WHERE entry_id = ?", (ids[1],))
    assert prune(db, NOW, keep_s=5_000, removed=False) == 1
    assert [one.also_in for one in list_items(db, EVERYTHING).items] == [("c", "d")]
    assert integrity.check(path) == []


def test_a_whole_group_is_pruned_and_does_not_come_back(db: sqlite3.Connection, path: Path) -> None:
    ids = group_of(db, "abcd", 9_000)
    mark(db, "read", ids=ids[2:3], now=NOW)
    assert prune(db, NOW, keep_s=5_000, removed=False) == 4
    for name in "abcd":
        assert poll(db, name, entry(9_000)).new == ()
    assert list_items(db, EVERYTHING).items == ()
    assert integrity.check(path) == []


@pytest.mark.parametrize("which", range(4))
def test_a_change_of_any_makes_all_of_the_group_unread_where_the_user_wants_it(
    db: sqlite3.Connection, path: Path, which: int
) -> None:
    ids = group_of(db, "abcd")
    mark(db, "read", ids=ids, now=NOW)
    feed = state_of(db, "abcd"[which])
    changed = entry(1, text="news", html="news")
    record(db, [outcome(feed, changed=[(ids[which], changed)], unread=True)], NOW)
    assert [item(db, entry_id).item.read for entry_id in ids] == [False] * 4
    assert [summary.unread for summary in feed_summaries(db)] == [1] * 4
    assert len(list_items(db, ItemFilter()).items) == 1
    assert integrity.check(path) == []


@pytest.mark.parametrize("which", range(4))
def test_a_mark_on_any_of_the_group_is_a_mark_on_all(db: sqlite3.Connection, which: int) -> None:
    ids = group_of(db, "abcd")
    chosen = ids[which : which + 1]
    marked: list[tuple[MarkAction, bool, bool]] = [
        ("star", False, True),
        ("read", True, True),
        ("unread", False, True),
        ("unstar", False, False),
    ]
    for action, read, starred in marked:
        assert mark(db, action, ids=chosen, now=NOW) == 1
        marks = [(one.read, one.starred) for one in (item(db, each).item for each in ids)]
        assert marks == [(read, starred)] * 4
        assert mark(db, action, ids=ids, now=NOW) == 0, "nothing is left to change"


def test_a_link_that_very_many_feeds_carry_is_no_articles(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "LARGEST_GROUP", 3)
    group_of(db, "abc")
    assert len(list_items(db, EVERYTHING).items) == 1
    sync_feeds(db, configs(*"abcd"), NOW)
    arrive(db, "d", entry(1))
    assert [one.feed for one in list_items(db, EVERYTHING).items] == ["d", "a"]


# ---------------------------------------------------------------- who may join, and who leads


def leaders(db: sqlite3.Connection, *ids: int) -> list[int]:
    return [groups.leader_of(db, entry_id) for entry_id in ids]


@pytest.mark.parametrize(
    ("apart_s", "is_one"), [(0, True), (STORY_S, True), (STORY_S + 1, False), (-STORY_S, True)]
)
def test_a_link_used_again_later_than_a_story_lasts_is_another_story(
    db: sqlite3.Connection, apart_s: int, is_one: bool
) -> None:
    (first,) = arrive(db, "a", entry(1, published=NOW - 10 * STORY_S))
    (second,) = arrive(db, "b", entry(1, published=NOW - 10 * STORY_S + apart_s))
    assert leaders(db, first, second) == [first, first if is_one else second]


def test_a_link_that_a_feed_has_twice_stands_for_no_entry_in_it(db: sqlite3.Connection) -> None:
    (first,) = arrive(db, "a", entry(1))
    own = arrive(db, "b", entry(1, guid="x"), entry(1, guid="y", title="Another"))
    (third,) = arrive(db, "c", entry(1))
    assert leaders(db, *own) == own
    assert leaders(db, third) == [first]


def test_a_feed_that_wants_lines_of_its_own_leads_no_others(db: sqlite3.Connection) -> None:
    sync_feeds(db, [one._replace(one_story=one.name != "a") for one in configs(*"abc")], NOW)
    first, second, third = (arrive(db, name, entry(1))[0] for name in "abc")
    assert leaders(db, first, second, third) == [first, second, second]


def test_links_with_one_hash_are_not_one_link(db: sqlite3.Connection) -> None:
    (first,) = arrive(db, "a", entry(1))
    (second,) = arrive(db, "b", entry(2))
    (link_hash,) = rows(db, "SELECT link_hash FROM entries WHERE id = ?", first)
    with transaction(db):
        db.execute("UPDATE entries SET link_hash = ?", (link_hash,))
    assert groups.leader_for(db, second, link_hash, {}) is None
    assert groups.leader_for(db, 99, link_hash, {}) is None


FULL = {"full": True}
AT_HOME = {"link": "https://a.example/own"}


@pytest.mark.parametrize(
    ("of_a", "of_b", "leads"),
    [
        ({}, {}, "a"),
        ({}, FULL, "b"),
        (FULL, {}, "a"),
        (FULL, FULL, "a"),
        ({"link": "https://else.example/1"}, {"link": "https://b.example/1"}, "b"),
        (AT_HOME, {"link": "https://else.example/1"}, "a"),
        ({"link": None}, {"link": "https://b.example/1"}, "b"),
        ({"link": "https://else.example/1"}, {"link": "https://b.example/1"} | FULL, "b"),
        ({"link": "https://else.example/1"} | FULL, {"link": "https://b.example/1"}, "a"),
        ({"published": NOW - 5}, {"published": NOW - 9}, "b"),
        ({"published": NOW - 9}, {"published": NOW - 5}, "a"),
        ({"published": NOW - 5} | AT_HOME, {"published": NOW - 9}, "a"),
        ({"published": None}, {"published": NOW - 9}, "b"),
    ],
)
def test_the_best_source_of_a_story_stands_for_it(
    db: sqlite3.Connection, of_a: dict[str, Any], of_b: dict[str, Any], leads: str
) -> None:
    """Full text before a summary, a feed's own site before another, the oldest, the first."""
    with transaction(db):
        db.execute("UPDATE feeds SET site = 'https://' || name || '.example/'")
    fields = {"link": "https://else.example/x", "published": NOW - 7}
    (first,) = arrive(db, "a", entry("one", **fields | of_a))
    (second,) = arrive(db, "b", entry("two", **fields | {"link": "https://else.example/y"} | of_b))
    with transaction(db):
        db.execute("UPDATE feeds SET site = 'https://' || name || '.example/'")
        assert groups.join(db, first, second, similarity=0.9)
        leader = {"a": first, "b": second}[leads]
    assert leaders(db, first, second) == [leader, leader]


def test_what_is_one_story_already_or_may_not_be_is_not_joined(db: sqlite3.Connection) -> None:
    first, other = arrive(db, "a", entry("x"), entry("y"))
    (second,) = arrive(db, "b", entry("z"))
    with transaction(db):
        assert not groups.join(db, first, other, similarity=1.0), "two entries of one feed"
        assert not groups.join(db, first, 999, similarity=1.0)
        assert not groups.join(db, 999, first, similarity=1.0)
        assert groups.join(db, first, second, similarity=0.9)
        assert not groups.join(db, second, first, similarity=1.0)
        assert not groups.join(db, other, second, similarity=1.0), "a's first one is in there"
        groups.lead_anew(db, other)
    assert rows(db, "SELECT similarity FROM story_joins") == [0.9]
    assert leaders(db, first, second, other) == [first, first, other]


def test_a_split_that_is_undone_makes_one_line_again_with_the_marks_of_both(
    db: sqlite3.Connection,
) -> None:
    first, second, third = (arrive(db, name, entry(1))[0] for name in "abc")
    with transaction(db):
        assert split(db, first) == [second, third]
    assert leaders(db, first, second, third) == [first, second, second]
    mark(db, "star", ids=[first], now=NOW)
    mark(db, "read", ids=[second], now=NOW + 5)
    with transaction(db):
        assert groups.join_again(db, first, [999, second, third])
    assert leaders(db, first, second, third) == [first] * 3
    assert [one.starred and one.read for one in list_items(db, EVERYTHING).items] == [True]
    with transaction(db):
        split(db, first)
    assert leaders(db, first, second, third) == [first, second, second]


def test_a_split_of_what_is_in_another_story_by_now_is_not_undone(db: sqlite3.Connection) -> None:
    first, second = (arrive(db, name, entry(1))[0] for name in "ab")
    (other,) = arrive(db, "c", entry("else"))
    with transaction(db):
        split(db, second)
        assert groups.join(db, second, other, similarity=0.9)
        assert not groups.join_again(db, second, [first])
        assert not groups.join_again(db, first, [999])
    assert leaders(db, first) == [first]


def test_split_off_from_one_of_a_group_is_split_off_from_the_group(db: sqlite3.Connection) -> None:
    first, second, third = (arrive(db, name, entry(1))[0] for name in "abc")
    with transaction(db):
        split(db, second)
        assert not groups.join(db, second, third, similarity=1.0)
        assert not groups.join(db, third, second, similarity=1.0)
    assert leaders(db, first, second, third) == [first, second, first]
