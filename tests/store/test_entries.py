"""Recording polls: all or nothing, nothing twice, nothing lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd.errors import StoreError
from feedd.identity import keyed
from feedd.model import Enclosure, Entry, ItemFilter, Validators
from feedd.query import parse
from feedd.store.database import open_writer
from feedd.store.entries import record
from feedd.store.entry_rows import known_entries
from feedd.store.feeds import sync_feeds
from feedd.store.items import item, list_items
from feedd.store.marks import mark
from feedd.store.search.results import search_items
from feedd.store.upkeep import integrity
from tests.store.conftest import (
    DAY_S,
    NOW,
    arrive,
    configs,
    entry,
    outcome,
    poll,
    prune,
    rows,
    state_of,
)

EVERYTHING = ItemFilter(which="all", limit=None)


def found(db: sqlite3.Connection, words: str) -> list[int]:
    return sorted(i.id for i in search_items(db, parse(words), EVERYTHING).items)


def test_an_entry_comes_back_whole(db: sqlite3.Connection) -> None:
    one = entry(
        1,
        author="Ünï Códe",
        updated=NOW - 1,
        html="<p>" + "Long text &amp; more. " * 50 + "</p>",
        text="Long text & more. " * 50,
        summary="The summary",
        full=True,
        comments="https://site.example/1#comments",
        language="en",
        categories=("a", "b, c"),
        enclosures=(Enclosure("https://x.example/a.mp3", "audio/mpeg", 123), Enclosure("u")),
    )
    (entry_id,) = arrive(db, "a", one)
    detail = item(db, entry_id)
    assert (detail.item.title, detail.item.link, detail.item.author) == (
        one.title,
        one.link,
        one.author,
    )
    assert (detail.item.published, detail.item.updated) == (one.published, one.updated)
    assert detail.item.first_seen == NOW
    assert detail.item.summary == "The summary"
    assert detail.item.enclosures == one.enclosures
    assert detail.content_html == detail.feed_html == one.html
    assert detail.content_text == one.text.strip()
    assert (detail.item.comments, detail.item.categories) == (one.comments, one.categories)
    assert not detail.item.read


def test_ids_are_those_of_the_new_entries_in_their_order(db: sqlite3.Connection) -> None:
    entries = [entry(3), entry(900), entry(1)]
    ids = record(
        db, [outcome(state_of(db, "a"), entries), outcome(state_of(db, "b"), [entry(7)])], NOW
    )
    assert [item(db, entry_id).item.title for entry_id in ids] == [
        "Title 3",
        "Title 900",
        "Title 1",
        "Title 7",
    ]


def test_undated_entries_are_listed_in_document_order(db: sqlite3.Connection) -> None:
    arrive(db, "a", *(entry(f"n{n}", published=None) for n in range(3)))
    titles = [one.title for one in list_items(db, EVERYTHING).items]
    assert titles == ["Title n0", "Title n1", "Title n2"]


def test_all_of_a_poll_is_stored_or_nothing(db: sqlite3.Connection) -> None:
    """Rule 5: validators never stand without the entries they vouch for."""
    good = outcome(state_of(db, "a"), [entry(1)])
    state = replace(state_of(db, "b"), validators=Validators("https://b.example/feed", '"x"'))
    broken = outcome(state, [entry(2), entry(3, author=cast(Any, object()))])
    before = list(db.iterdump())
    with pytest.raises(StoreError):
        record(db, [good, broken], NOW)
    assert list(db.iterdump()) == before


def test_rule_34_a_changed_entry_keeps_id_first_seen_place_and_read_mark(
    db: sqlite3.Connection,
) -> None:
    (entry_id,) = arrive(db, "a", entry(5))
    mark(db, "read", ids=[entry_id], now=NOW)
    changed = entry(5, title="New title", html="<p>Fresh words</p>", text="Fresh words")
    result = poll(db, "a", replace(changed, published=NOW + 999), at=NOW + 50)
    assert len(result.changed) == 1
    after = item(db, entry_id)
    assert after.item.title == "New title"
    assert after.item.first_seen == NOW
    assert after.item.sort_at == NOW - 5
    assert after.item.read
    assert after.content_html == "<p>Fresh words</p>"
    assert rows(db, "SELECT changed_at FROM entries") == [NOW + 50]
    assert found(db, "fresh") == [entry_id]
    assert found(db, "body") == [], "the words of the old version are not found any more"


def test_a_changed_entry_becomes_unread_where_the_user_wants_it(db: sqlite3.Connection) -> None:
    ids = arrive(db, "a", entry(5)) + arrive(db, "b", entry(5))
    mark(db, "read", ids=ids, now=NOW)
    change = (ids[1], entry(5, text="else"))
    record(db, [outcome(state_of(db, "b"), changed=[change], unread=True)], NOW)
    assert [item(db, entry_id).item.read for entry_id in ids] == [False, False]


def test_an_edited_entry_keeps_the_date_it_came_with_and_gets_one_where_it_had_none(
    db: sqlite3.Connection,
) -> None:
    dated, undated = arrive(db, "a", entry(5), entry("x", published=None))
    poll(db, "a", entry(5, published=NOW - 1, text="edited", html="edited"), at=NOW + 60)
    poll(db, "a", entry("x", published=NOW - 9, text="edited", html="edited"), at=NOW + 60)
    assert item(db, dated).item.published == NOW - 5
    assert item(db, undated).item.published == NOW - 9


def test_a_key_that_another_entry_has_refuses_no_poll(db: sqlite3.Connection) -> None:
    one, two = arrive(db, "a", entry(1), entry(2))
    changed = entry(2, guid="guid-1", text="edited", html="edited")
    result = replace(
        outcome(state_of(db, "a"), [entry(3)], changed=[(two, changed)]),
        rekeyed=((two, "guid-1"),),
    )
    assert len(record(db, [result], NOW)) == 1
    assert rows(db, "SELECT key FROM entries ORDER BY key") == ["guid-1", "guid-2", "guid-3"]
    assert item(db, two).content_html == "edited"
    assert item(db, one).content_html == "<p>Body of 1</p>"


def test_an_edit_is_seen_though_a_pruned_entry_had_its_link_and_title(
    db: sqlite3.Connection,
) -> None:
    page = "https://site.example/daily"
    old = entry(9_000, link=page, title="Weather")
    mark(db, "read", ids=arrive(db, "a", old), now=NOW)
    prune(db, NOW, keep_s=5_000, removed=False)
    arrive(db, "a", entry(1, link=page, title="Wether"))
    edited = entry(1, link=page, title="Weather", text="edited", html="edited")
    assert len(poll(db, "a", edited).changed) == 1
    assert [one.title for one in list_items(db, ItemFilter(which="all")).items] == ["Weather"]


def test_a_new_article_at_the_link_of_a_pruned_one_is_not_swallowed(
    db: sqlite3.Connection,
) -> None:
    page = "https://site.example/daily"
    mark(db, "read", ids=arrive(db, "a", entry(9_000, link=page)), now=NOW)
    prune(db, NOW, keep_s=5_000, removed=False)
    assert len(poll(db, "a", entry(1, link=page), entry(9_000, link=page)).new) == 1


def test_rule_35_a_new_guid_for_the_same_article_is_no_new_entry(db: sqlite3.Connection) -> None:
    (entry_id,) = arrive(db, "a", entry(5))
    moved = replace(entry(5), guid="https://new-scheme.example/5")
    assert poll(db, "a", moved).new == ()
    assert rows(db, "SELECT id, key FROM entries") == [(entry_id, moved.guid)]
    again = replace(moved, title="Edited later")
    assert [change.id for change in poll(db, "a", again).changed] == [entry_id]


def test_rule_36_a_reused_guid_swallows_nothing(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1), entry(2))
    reused = [replace(entry(n), guid="https://site.example/") for n in (1, 2, 3)]
    result = poll(db, "a", *reused)
    assert [one.keyed.entry.title for one in result.new] == ["Title 3"]
    assert poll(db, "a", *reused).new == ()


def test_rule_37_entries_that_leave_stay_and_are_known_when_they_return(
    db: sqlite3.Connection,
) -> None:
    arrive(db, "a", entry(1), entry(2))
    assert poll(db, "a", entry(2)).new == ()
    assert rows(db, "SELECT count(*) FROM entries") == [2]
    result = poll(db, "a", entry(1), entry(2), at=NOW + 900 * DAY_S)
    assert (result.new, result.changed) == ((), ())


@pytest.mark.parametrize(
    ("published", "sort_at"),
    [
        (None, NOW),
        (NOW - 5, NOW - 5),
        (NOW, NOW),
        (NOW + 1, NOW),
        (NOW + DAY_S, NOW),
        (NOW + DAY_S + 1, NOW),
        (631_152_000, 631_152_000),
        (631_151_999, NOW),
        (-5, NOW),
    ],
)
def test_rule_38_an_absurd_date_does_not_decide_the_order(
    db: sqlite3.Connection, published: int | None, sort_at: int
) -> None:
    (entry_id,) = arrive(db, "a", entry("x", published=published))
    assert item(db, entry_id).item.sort_at == sort_at
    assert item(db, entry_id).item.published == published, "what was given is kept"


def test_muted_entries_arrive_read(db: sqlite3.Connection) -> None:
    (entry_id,) = arrive(db, "a", entry(1), read=True)
    assert item(db, entry_id).item.read
    assert list_items(db, ItemFilter()).items == ()


def test_another_process_was_quicker(db: sqlite3.Connection, path: Path) -> None:
    late = outcome(state_of(db, "a"), [entry(1), entry(2, text="newer words"), entry(3)])
    with closing(open_writer(path)) as other:
        first, second = arrive(other, "a", entry(1), entry(2))
    ids = record(db, [late], NOW + 5)
    assert ids[:2] == [first, second]
    assert rows(db, "SELECT count(*) FROM entries") == [3]
    assert found(db, "newer") == [second], "what differs is taken as a change"
    assert rows(db, "SELECT entries FROM counts") == [3]


def test_the_same_poll_recorded_twice_doubles_nothing(db: sqlite3.Connection) -> None:
    one = outcome(state_of(db, "a"), [entry(1), entry(2)])
    assert record(db, [one], NOW) == record(db, [one], NOW)
    assert rows(db, "SELECT count(*) FROM entries") == [2]
    assert rows(db, "SELECT count(*) FROM documents") == [2]


def test_a_feed_pruned_in_the_meantime_is_not_revived(db: sqlite3.Connection) -> None:
    late = outcome(state_of(db, "a"), [entry(1)])
    sync_feeds(db, configs("b"), NOW)
    prune(db, NOW, None, removed=True)
    assert record(db, [late, outcome(state_of(db, "b"), [entry(2)])], NOW)[0] == 0
    assert rows(db, "SELECT key FROM entries") == ["guid-2"]


def test_ids_are_never_given_twice(db: sqlite3.Connection) -> None:
    (first,) = arrive(db, "a", entry(1), read=True)
    prune(db, NOW + 10, keep_s=1, removed=False)
    (second,) = arrive(db, "a", entry(2))
    assert second > first


def test_half_characters_and_endless_numbers_are_no_error(db: sqlite3.Connection) -> None:
    odd = entry("\ud800", title="half \udc80 x", published=2**70, text="caf\ud83d\u00e9 nul \0 x")
    (entry_id,) = arrive(db, "a", odd)
    assert item(db, entry_id).item.title == "half ? x"
    assert found(db, "nul") == [entry_id]


def test_a_document_of_100_000_entries(db: sqlite3.Connection) -> None:
    """More than SQLite takes parameters on some systems."""
    document = keyed([entry(n, html="", text="") for n in range(40_000)], keys="guid").entries
    assert known_entries(db, state_of(db, "a").id, document) == []


def test_known_entries_are_found_by_key_and_by_link(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1), entry(2))
    arrive(db, "b", entry(3))
    stored = keyed([entry(1), replace(entry(2), guid="other"), entry(3)], keys="guid").entries
    known = known_entries(db, state_of(db, "a").id, stored)
    assert {one.key for one in known} == {"guid-1", "guid-2"}
    assert {one.link_key for one in known} == {"https://site.example/1", "https://site.example/2"}
    assert {one.content_hash for one in known} == {one.content_hash for one in stored[:2]}


documents = st.lists(
    st.lists(
        st.builds(
            lambda n, text, guid: Entry(
                guid=f"g{n}" if guid else None,
                link=f"https://s.example/{n}",
                title=f"Title {n}",
                text=text,
                html=text,
            ),
            st.integers(0, 5),
            st.sampled_from(["x", "y"]),
            st.booleans(),
        ),
        max_size=6,
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(polls=documents)
def test_however_a_feed_behaves_each_article_is_stored_once(
    tmp_path_factory: pytest.TempPathFactory, polls: list[list[Entry]]
) -> None:
    path = tmp_path_factory.mktemp("store") / "feedd.db"
    with closing(open_writer(path)) as db:
        sync_feeds(db, configs("a"), NOW)
        for number, document in enumerate(polls):
            poll(db, "a", *document, at=NOW + number)
            assert poll(db, "a", *document, at=NOW + number).new == ()
        seen = {one.title for document in polls for one in document}
        assert sorted(rows(db, "SELECT title FROM entries")) == sorted(seen)
    assert integrity.check(path) == []


def test_a_nul_in_the_text_does_not_part_it_from_its_summary(db: sqlite3.Connection) -> None:
    plain, both = arrive(
        db, "a", entry(1, html="<p>a\0b</p>"), entry(2, html="<p>c\0d</p>", summary="Short")
    )
    assert item(db, plain).content_html == "<p>ab</p>"
    assert (item(db, both).content_html, item(db, both).item.summary) == ("<p>cd</p>", "Short")
