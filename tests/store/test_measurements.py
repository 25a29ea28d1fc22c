"""What is measured of the database for a monitoring system."""

from __future__ import annotations

import sqlite3

from feedd.model import FeedConfig
from feedd.store import articles
from feedd.store.feeds import sync_feeds
from feedd.store.measurements import FeedFigures, measure
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
