"""What the reader commands ask: lists, one item, feeds with their counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from feedd.model import Item, ItemDetail, ItemFilter, ItemPage
from feedd.store.connection import snapshot
from feedd.store.items import detail_of, items_of
from feedd.store.lists import listed
from feedd.store.problems import told

if TYPE_CHECKING:
    from feedd.model import FeedSummary


def list_items(db: sqlite3.Connection, wanted: ItemFilter, *, details: bool = False) -> ItemPage:
    """Items by time. One article in several feeds is one item, unless feeds are asked for: then
    their own entries count. `details` reads summaries and enclosures too.
    """
    with snapshot(db):
        found = listed(db, wanted)
        return ItemPage(tuple(items_of(db, found.ids, details=details)), found.more, found.capped)


def search_items(
    db: sqlite3.Connection,
    query: str,
    wanted: ItemFilter,
    *,
    details: bool = False,
    tags: Mapping[str, Sequence[str]] | None = None,
    now: int | None = None,
) -> ItemPage:
    """Items by relevance, each with a snippet whose matches stand between \\x02 and \\x03.

    The query's syntax is that of `feedd search`; `tags` maps each tag to its feeds' names, and
    `now` is what `since:2d` counts from (default: the clock). Raises UsageError that points at what
    can't be read in the query.
    """
    from feedd.store.searching import search

    return search(db, query, wanted, details=details, tags=tags or {}, now=now)


def item(db: sqlite3.Connection, entry_id: int) -> ItemDetail:
    """One item with its content. Raises NotFoundError."""
    with snapshot(db):
        return detail_of(db, entry_id)


def feed_summaries(db: sqlite3.Connection) -> list[FeedSummary]:
    """Every feed with its counts, by name. An article of several feeds counts in each."""
    from feedd.model import FeedSummary
    from feedd.store.feedrows import STATE_COLUMNS, state_of

    with told(db):
        rows = db.execute(
            f"SELECT {STATE_COLUMNS}, coalesce(entries, 0), coalesce(unread, 0) FROM feeds"
            " LEFT JOIN counts ON counts.feed_id = feeds.id ORDER BY name"
        ).fetchall()
    return [FeedSummary(state_of(row[:-2]), row[-2], row[-1]) for row in rows]


def latest_id(db: sqlite3.Connection) -> int:
    """The highest id given to an item so far; 0: none yet."""
    with told(db):
        row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()
    return int(row[0]) if row else 0


def items_after(db: sqlite3.Connection, entry_id: int, limit: int) -> list[Item]:
    """Items stored after the one with this id, in the order they came."""
    with snapshot(db):
        ids = [
            row[0]
            for row in db.execute(
                "SELECT entry_id FROM marks WHERE entry_id > ? AND same_as IS NULL"
                " ORDER BY entry_id LIMIT ?",
                (entry_id, limit),
            )
        ]
        return items_of(db, ids, details=False)
