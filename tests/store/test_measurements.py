"""What is measured of the database for a monitoring system."""

from __future__ import annotations

import sqlite3
from collections import Counter

from feedd.model import FeedConfig
from feedd.store import articles
from feedd.store.feeds import feed_states, sync_feeds
from feedd.store.measurements import FeedFigures, FeedTotals, feed_totals, measure
from tests.store.conftest import NOW, arrive, configs, entry


def test_feeds_pages_and_items_are_counted(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(1), entry(2), fetch_page=True)
    first = articles.page_jobs(db, NOW, 1)[0]
    articles.postpone_page(db, first, "http 503", NOW)
    figures = measure(db, NOW)
    assert (figures.items, figures.pages_due, figures.pages_waiting) == (2, 1, 1)
    assert figures.feeds_due == sum(
        feed.next_poll is not None and feed.next_poll <= NOW for feed in figures.feeds
    )
    assert {feed.name for feed in figures.feeds} == {"a", "b", "c"}
    assert figures.sizes.database_bytes > 0


def test_what_is_not_in_the_file_is_not_measured_and_what_is_switched_off_never_due(
    db: sqlite3.Connection,
) -> None:
    off: FeedConfig = configs("b")[0]._replace(enabled=False)
    sync_feeds(db, [*configs("a"), off], NOW)
    figures = measure(db, NOW)
    assert figures.feeds == (
        FeedFigures("a", "new", 0, None, NOW),
        FeedFigures("b", "disabled", 0, None, None),
    )
    assert figures.feeds_due == 1


def test_totals_are_those_of_the_feeds_in_the_file_one_by_one(db: sqlite3.Connection) -> None:
    off: FeedConfig = configs("b")[0]._replace(enabled=False)
    sync_feeds(db, [*configs("a"), off, *configs("c")], NOW)
    sick = "UPDATE feeds SET state = 'failing', last_error = ?, last_poll = ? WHERE name = ?"
    db.execute(sick, ("http 500", NOW - 5, "a"))
    db.execute(sick, ("http 404", NOW - 3, "b"))
    db.execute("UPDATE feeds SET next_poll = ? WHERE name = 'c'", (NOW + 60,))
    totals = feed_totals(db, NOW)
    states = feed_states(db)
    assert (
        totals.states
        == Counter(one.state for one in states)
        == {
            "failing": 1,
            "disabled": 1,
            "new": 1,
        }
    )
    polled = [one.next_poll for one in states if one.next_poll is not None]
    assert (totals.due, totals.next_poll) == (sum(at <= NOW for at in polled), min(polled))
    assert totals.last_poll == NOW - 3
    assert [(one.name, one.last_error) for one in totals.failed] == [
        ("b", "http 404"),
        ("a", "http 500"),
    ]
    sync_feeds(db, configs("c"), NOW)
    assert feed_totals(db, NOW).states == {"new": 1}
    assert feed_totals(db, NOW).failed == ()


def test_totals_of_no_feeds_are_none(db: sqlite3.Connection) -> None:
    sync_feeds(db, [], NOW)
    assert feed_totals(db, NOW) == FeedTotals({})
