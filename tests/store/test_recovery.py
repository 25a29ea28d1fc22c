"""Archives that are read and lost feeds that are looked for, over restarts and not for ever."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from feedd.model import ArchiveRead, Proposal
from feedd.store import recovery
from feedd.store.database import open_writer
from feedd.store.feeds import sync_feeds
from tests.store.conftest import DAY_S, NOW, configs, state_of


def gap(db: sqlite3.Connection, feed: str, due: int = NOW, left: int = 3) -> ArchiveRead:
    url = f"https://{feed}.example/older"
    read = ArchiveRead(state_of(db, feed).id, feed, url, "gap", left, due, paged=True)
    recovery.begin_archive(db, read)
    return read


def test_an_archive_goes_on_after_a_restart_where_it_stood(
    db: sqlite3.Connection, path: Path
) -> None:
    read = gap(db, "a")
    with closing(open_writer(path)) as again:
        assert recovery.next_gap(again, NOW) == read
        recovery.end_archive(again, read)
        assert recovery.next_gap(again, NOW) is None


def test_the_archive_that_waits_longest_is_read_first_and_none_before_its_time(
    db: sqlite3.Connection,
) -> None:
    later, sooner = gap(db, "a", NOW + 20), gap(db, "b", NOW + 10)
    assert recovery.next_gap(db, NOW + 9) is None
    assert recovery.next_gap(db, NOW + 10) == sooner
    recovery.end_archive(db, sooner)
    assert recovery.next_gap(db, NOW + 20) == later


def test_no_archive_is_read_of_a_feed_that_may_not_be_asked(db: sqlite3.Connection) -> None:
    gap(db, "a")
    gap(db, "b", left=0)
    db.execute("UPDATE feeds SET not_before = ? WHERE name = 'a'", (NOW + 60,))
    assert recovery.next_gap(db, NOW + 59) is None
    assert recovery.next_gap(db, NOW + 60) is not None
    sync_feeds(db, configs("b", "c"), NOW)
    assert recovery.next_gap(db, NOW + 60) is None, "it left the file"


def test_a_history_that_was_asked_for_is_no_gap(db: sqlite3.Connection) -> None:
    read = ArchiveRead(state_of(db, "a").id, "a", "https://a.example/1", "history", 5, NOW)
    recovery.begin_archive(db, read)
    assert recovery.next_gap(db, NOW) is None
    assert recovery.history_read(db, "a") == read
    assert recovery.history_read(db, "b") is None


def test_a_lost_feed_is_looked_for_some_times_and_then_no_more(db: sqlite3.Connection) -> None:
    feed = state_of(db, "a").id
    recovery.update_lost_feeds(db, [(feed, NOW)], (), after_s=DAY_S)
    recovery.update_lost_feeds(db, [(feed, NOW + 5)], (), after_s=DAY_S)
    assert recovery.next_search(db, NOW + DAY_S - 1) is None
    at = NOW + DAY_S
    for _ in range(3):
        found = recovery.next_search(db, at)
        assert found is not None
        assert found.name == "a"
        recovery.note_search(db, feed, at, again_after_s=7 * DAY_S, at_most=3)
        assert recovery.next_search(db, at + 7 * DAY_S - 1) is None
        at += 7 * DAY_S
    assert recovery.next_search(db, at) is None


def test_a_search_that_the_machine_prevented_is_made_up_for(db: sqlite3.Connection) -> None:
    feed = state_of(db, "a").id
    recovery.update_lost_feeds(db, [(feed, NOW)], (), after_s=0)
    for _ in range(5):
        recovery.note_search(db, feed, NOW, again_after_s=DAY_S, at_most=2)
        recovery.undo_search(db, feed, NOW + 60)
        assert recovery.next_search(db, NOW + 59) is None
        assert recovery.next_search(db, NOW + 60) is not None


def test_a_feed_that_is_back_is_looked_for_no_more(db: sqlite3.Connection) -> None:
    feed = state_of(db, "a").id
    recovery.update_lost_feeds(db, [(feed, NOW)], (), after_s=0)
    recovery.propose(db, feed, Proposal("https://new.example/", 3, 4))
    db.execute("UPDATE feeds SET state = 'gone'")
    assert recovery.proposals(db) == {"a": Proposal("https://new.example/", 3, 4)}
    recovery.update_lost_feeds(db, (), [feed], after_s=0)
    assert recovery.proposals(db) == {}
    assert recovery.next_search(db, NOW) is None
