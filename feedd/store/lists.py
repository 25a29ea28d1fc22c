"""Which entries a list shows, and in what order: ids only, from indexes made for it.

Plans are given by name (INDEXED BY), so that they are the same on every database and every day.
"""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from feedd.model import ItemFilter
from feedd.store.list_ids import CONDITIONS, Ids, feed_ids_of, ids_in_order
from feedd.store.sqlite import placeholders


class _Source(NamedTuple):
    """One index that yields entries in order of their sort time, with the condition it needs."""

    name: str
    where: str


_UNREAD = _Source("marks_unread", f"{CONDITIONS['unread']} AND same_as IS NULL")
_READ = _Source("marks_read", f"{CONDITIONS['read']} AND same_as IS NULL")
_STARRED = _Source("marks_starred", f"{CONDITIONS['starred']} AND same_as IS NULL")
_FOLLOWERS = "marks_followers"
"""The index of the entries for which another stands."""

_SOURCES = {
    "unread": (_UNREAD,),
    "read": (_READ,),
    "all": (_UNREAD, _READ),
    "starred": (_STARRED,),
}

_INDEXES_OF_FEEDS = {
    "unread": "marks_feed_unread",
    "read": "marks_feed",
    "all": "marks_feed",
    "starred": "marks_starred",
}


def listed(db: sqlite3.Connection, wanted: ItemFilter) -> Ids:
    """The ids that a list shows. Raises NotFoundError for a feed or a tag that a query names and
    that does not exist.
    """
    if wanted.where is not None:
        from feedd.store.search.query_lists import listed_where

        return listed_where(db, wanted.where, wanted)
    sources, parameters = _sources(db, wanted)
    if not sources:
        return Ids((), 0, False)
    bounds, bound_parameters = _bounds(wanted)
    values = [*parameters, *bound_parameters]
    rows = [(f"marks INDEXED BY {one.name} WHERE {one.where}{bounds}", values) for one in sources]
    return ids_in_order(db, rows, wanted)


def listed_between(db: sqlite3.Connection, wanted: ItemFilter, after: int, last: int) -> list[int]:
    """Of the entries with ids above `after` up to `last` those that a list shows, by id."""
    if wanted.where is not None:
        from feedd.store.search.query_lists import matching_between

        return matching_between(db, wanted.where, wanted, after, last)
    sources, parameters = _sources(db, wanted)
    bounds, bound_parameters = _bounds(wanted)
    ids: set[int] = set()
    for source in sources:
        ids.update(
            row[0]
            for row in db.execute(
                "SELECT entry_id FROM marks NOT INDEXED WHERE entry_id > ? AND entry_id <= ?"
                f" AND {source.where}{bounds}",
                [after, last, *parameters, *bound_parameters],
            )
        )
    return sorted(ids)


def _sources(db: sqlite3.Connection, wanted: ItemFilter) -> tuple[tuple[_Source, ...], list[int]]:
    """Where to look, and the parameters of each; nowhere when none of the feeds was ever synced."""
    if wanted.feeds is None:
        sources = _SOURCES[wanted.which]
        if wanted.every:
            followers = f"{CONDITIONS[wanted.which]} AND same_as IS NOT NULL"
            sources = (*sources, _Source(_FOLLOWERS, followers))
        return sources, []
    feed_ids = feed_ids_of(db, wanted.feeds)
    return _feed_sources(wanted, feed_ids) if feed_ids else ((), [])


def _feed_sources(
    wanted: ItemFilter, feed_ids: Sequence[int]
) -> tuple[tuple[_Source, ...], list[int]]:
    """A feed's own entries; of one article in several of these feeds the first."""
    marks = placeholders(len(feed_ids))
    where = f"{CONDITIONS[wanted.which]} AND feed_id IN ({marks})"
    parameters = list(feed_ids)
    if len(feed_ids) > 1 and not wanted.every:
        where += (
            " AND (same_as IS NULL OR NOT EXISTS (SELECT 1 FROM marks o"
            " WHERE (o.entry_id = marks.same_as OR o.same_as = marks.same_as)"
            f" AND o.entry_id < marks.entry_id AND o.feed_id IN ({marks})))"
        )
        parameters *= 2
    return (_Source(_INDEXES_OF_FEEDS[wanted.which], where),), parameters


def _bounds(wanted: ItemFilter) -> tuple[str, list[int]]:
    limits = [("sort_at >= ?", wanted.since), ("sort_at <= ?", wanted.until)]
    bounds = "".join(f" AND {condition}" for condition, at in limits if at is not None)
    return bounds, [at for _, at in limits if at is not None]
