"""When feeds are due: held back together, and only those that are meant."""

from __future__ import annotations

import sqlite3

from feedd.model import FeedConfig
from feedd.store import articles, polls
from feedd.store.feeds import feed_states, rhythms, sync_feeds
from tests.store.conftest import NOW, arrive, entry, rows, state_of

UNTIL = NOW + 3_600


def several(db: sqlite3.Connection, *urls: str) -> None:
    """Feeds f0, f1 … at these addresses, all due, f0 first."""
    sync_feeds(db, [FeedConfig(f"f{n}", url) for n, url in enumerate(urls)], NOW)
    for n in range(len(urls)):
        db.execute("UPDATE feeds SET next_poll = ? WHERE name = ?", (NOW + n, f"f{n}"))


def test_all_feeds_of_a_host_that_asks_us_to_slow_down_wait_and_come_back_apart(
    db: sqlite3.Connection,
) -> None:
    several(db, "https://h.example/a", "https://h.example/b", "http://h.example:8080/c")
    polls.hold_back_host(db, "h.example", UNTIL)
    states = [state_of(db, f"f{n}") for n in range(3)]
    assert [state.next_poll for state in states] == [
        UNTIL + n * polls.APART_S for n in (1, 2, 3)
    ], "in the order in which they were due"
    assert [state.not_before for state in states] == [UNTIL] * 3
    assert all("slow down" in state.next_reason for state in states)
    assert polls.due(db, UNTIL) == []


def test_a_host_with_much_to_ask_leaves_room_for_others(db: sqlite3.Connection) -> None:
    urls = [f"https://big.example/{n}" for n in range(4)]
    several(db, *urls, "https://x.example/a", "https://y.example/b")
    states = {state.name: state.id for state in polls.due(db, NOW + 9)}
    found = polls.due(db, NOW + 9, None, frozenset(), 2)
    assert [feed.name for feed in found] == ["f0", "f1", "f4", "f5"]
    busy = frozenset((states["f0"], states["f4"]))
    found = polls.due(db, NOW + 9, 2, busy, 2)
    assert [feed.name for feed in found] == ["f1", "f5"], "what is busy counts for its host"
    assert polls.due_and_next(db, NOW + 9, 9, busy, 9)[1] is None
    for most, host_room in ((2, 9), (9, 2)):
        assert polls.due_and_next(db, NOW + 9, most, busy, host_room)[1] == NOW + 9
    db.execute("UPDATE feeds SET next_poll = ? WHERE name = 'f5'", (UNTIL,))
    assert polls.due_and_next(db, NOW + 9, 9, busy, 9)[1] == UNTIL


def test_others_than_the_hosts_feeds_are_asked_as_before(db: sqlite3.Connection) -> None:
    several(db, "https://h.example/a", "https://www.h.example/b", "https://x.example/h.example")
    polls.hold_back_host(db, "h.example", UNTIL)
    assert [feed.name for feed in polls.due(db, NOW + 9)] == ["f1", "f2"]


def test_a_feed_that_waits_longer_already_is_not_asked_sooner(db: sqlite3.Connection) -> None:
    several(db, "https://h.example/a", "https://h.example/b", "https://h.example/c")
    db.execute("UPDATE feeds SET next_poll = ?, not_before = ? WHERE name = 'f0'", (UNTIL,) * 2)
    db.execute("UPDATE feeds SET not_before = ? WHERE name = 'f1'", (UNTIL + 900,))
    db.execute("UPDATE feeds SET next_poll = NULL WHERE name = 'f2'")
    polls.hold_back_host(db, "h.example", UNTIL)
    assert state_of(db, "f0").next_poll == UNTIL
    assert state_of(db, "f1").not_before == UNTIL + 900
    assert state_of(db, "f2").next_poll is None, "until the user acts"


def test_a_removed_feed_is_neither_due_nor_held(db: sqlite3.Connection) -> None:
    several(db, "https://h.example/a", "https://h.example/b")
    sync_feeds(db, [FeedConfig("f1", "https://h.example/b")], NOW)
    polls.hold_back_host(db, "h.example", UNTIL)
    assert rows(db, "SELECT not_before FROM feeds WHERE name = 'f0'") == [None]
    assert [feed.name for feed in polls.due(db, UNTIL + polls.APART_S)] == ["f1"]


def test_pages_of_a_host_wait_with_www_and_without_and_lose_no_try(db: sqlite3.Connection) -> None:
    several(db, "https://f.example/feed")
    links = ["https://h.example/1", "http://www.h.example/2", "https://x.h.example/3", None]
    made = [entry(n, link=link) for n, link in enumerate(links)]
    arrive(db, "f0", *made, fetch_page=True)
    db.execute("UPDATE article_queue SET not_before = ? WHERE rowid = 1", (UNTIL + 5,))
    polls.hold_back_pages(db, "www.h.example", UNTIL)
    waiting = db.execute(
        "SELECT e.link, q.not_before, q.tries FROM article_queue q JOIN entries e"
        " ON e.id = q.entry_id ORDER BY e.link"
    ).fetchall()
    assert [one[1] >= UNTIL for one in waiting] == [True, True, False]
    assert {one[2] for one in waiting} == {0}
    assert [one.url for one in articles.page_jobs(db, NOW, 9)] == [links[2]]
    for one in waiting:
        number = rows(db, f"SELECT id FROM entries WHERE link = '{one[0]}'")[0]
        assert articles.still_due(db, number, NOW) == (one[0] == links[2])


def test_starts_that_are_spread_move_nothing_else(db: sqlite3.Connection) -> None:
    several(db, "https://h.example/a", "https://h.example/b")
    db.execute("UPDATE feeds SET next_poll = NULL WHERE name = 'f1'")
    before = [state.last_poll for state in feed_states(db)]
    polls.postpone(db, {state.id: NOW + 50 for state in feed_states(db)}, "spread")
    assert (state_of(db, "f0").next_poll, state_of(db, "f0").next_reason) == (NOW + 50, "spread")
    assert state_of(db, "f1").next_poll is None
    assert [state.last_poll for state in feed_states(db)] == before


def test_what_fell_due_unpolled_is_not_overdue_and_what_was_polled_is(
    db: sqlite3.Connection,
) -> None:
    several(db, "https://a.example/", "https://b.example/", "https://c.example/")
    db.execute("UPDATE feeds SET last_poll = 1 WHERE name <> 'f0'")
    number = state_of(db, "f1").id
    assert polls.overdue(db, NOW + 1) == [(number, "https://b.example/", NOW + 1)]


def test_of_many_feeds_the_rhythms_of_some_are_read(db: sqlite3.Connection) -> None:
    several(db, *(f"https://{n}.example/" for n in range(40)))
    db.execute("UPDATE feeds SET rhythm = name WHERE id % 4 <> 1")
    known = rows(db, "SELECT rhythm FROM feeds WHERE rhythm <> ''")
    assert sorted(rhythms(db, 1000)) == sorted(known)
    some = rhythms(db, 10)
    assert 0 < len(some) <= 11
    assert set(some) <= set(known)
