"""Which entries match a query, by time: what lists, views, marks and rules ask.

Plans are given by name, as those of `lists` are. Where few entries pass some part of the query,
they are gathered by that part's index; otherwise entries are gone through in the order of time,
until enough match.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from feedd.model import ItemFilter
from feedd.query.query_nodes import Query
from feedd.store.list_ids import Ids, ids_in_order
from feedd.store.search.conditions import Conditions, SqlPart
from feedd.store.search.word_match import words_error
from feedd.store.sqlite import snapshot

_HELD = {
    "marks_unread": "m.read_at IS NULL AND m.same_as IS NULL AND m.hidden_at IS NULL",
    "marks_read": "m.read_at IS NOT NULL AND m.same_as IS NULL AND m.hidden_at IS NULL",
    "marks_hidden": "m.hidden_at IS NOT NULL AND m.same_as IS NULL",
    "marks_starred": "m.starred_at IS NOT NULL AND m.same_as IS NULL",
    "marks_followers": "m.same_as IS NOT NULL",
}
"""What each index holds; with `marks_followers` beside, the others hold all."""


def listed_where(db: sqlite3.Connection, query: Query, wanted: ItemFilter) -> Ids:
    """The ids that a list shows, of one article in several feeds one: the one that stands for it
    where it matches, else the first that does.
    """
    rows = _rows_listed(Conditions(db, query, wanted), wanted)
    try:
        return ids_in_order(db, [(some.text, some.values) for some in rows], wanted)
    except sqlite3.OperationalError as error:
        raise words_error(error) from error


def matching_between(
    db: sqlite3.Connection,
    query: Query,
    wanted: ItemFilter,
    after: int,
    last: int,
    *,
    new: bool = False,
) -> list[int]:
    """Of the entries with ids above `after` up to `last` those that match, by id. `new`: they are
    few and have just come, so that each is looked up by itself.
    """
    where = Conditions(db, query, wanted, looked_up=new).where()
    found = _rows(
        db,
        "SELECT m.entry_id FROM marks m NOT INDEXED WHERE m.entry_id > ? AND m.entry_id <= ?"
        f" AND {where.text} ORDER BY m.entry_id",
        (after, last, *where.values),
    )
    return [row[0] for row in found]


def matching(db: sqlite3.Connection, query: Query, wanted: ItemFilter) -> list[int]:
    """Every entry that matches, the newest first; each one of an article in several feeds."""
    conditions = Conditions(db, query, wanted)
    where = _among(conditions.gathered(), conditions.where())
    found = _rows(
        db,
        f"SELECT m.entry_id FROM marks m NOT INDEXED WHERE {where.text}"
        " ORDER BY m.sort_at DESC, m.entry_id DESC",
        where.values,
    )
    return [row[0] for row in found]


def counted(db: sqlite3.Connection, query: Query) -> tuple[int, int]:
    """How many lines match, read ones too; and how many of them are unread."""
    with snapshot(db):
        conditions = Conditions(db, query, ItemFilter(which="all"))
        where = _among(conditions.gathered(), conditions.where())
        items, unread = _rows(
            db,
            "SELECT count(*), coalesce(sum(unread), 0) FROM"
            " (SELECT max(m.read_at IS NULL) AS unread"
            f" FROM marks m NOT INDEXED WHERE {where.text}"
            " GROUP BY coalesce(m.same_as, m.entry_id))",
            where.values,
        )[0]
    return items, unread


def _among(few: SqlPart | None, where: SqlPart) -> SqlPart:
    """What is asked of entries, of those few alone that were gathered, if any were."""
    if few is None:
        return where
    return SqlPart(f"m.entry_id IN ({few.text}) AND {where.text}", (*few.values, *where.values))


def _rows_listed(conditions: Conditions, wanted: ItemFilter) -> list[SqlPart]:
    """Rows of `marks` that together are what a list shows, as what stands after a FROM."""
    where = conditions.where()
    # Of one that does not stand for its article: neither does that match, nor one that came before.
    first = SqlPart(
        "(m.same_as IS NULL OR NOT EXISTS (SELECT 1 FROM marks o WHERE"
        " (o.entry_id = m.same_as OR (o.same_as = m.same_as AND o.entry_id < m.entry_id))"
        f" AND {where.text.replace('m.', 'o.')}))",
        where.values,
    )
    if wanted.every:
        first = SqlPart("1")
    firsts = SqlPart(f"{where.text} AND {first.text}", (*where.values, *first.values))
    few = conditions.gathered()
    if few is not None:
        asked = _among(few, firsts)
        return [SqlPart(f"marks m NOT INDEXED WHERE {asked.text}", asked.values)]
    held = [(index, where) for index in conditions.walked(wanted.which)]
    return [
        SqlPart(f"marks m INDEXED BY {index} WHERE {_HELD[index]} AND {asked.text}", asked.values)
        for index, asked in (*held, ("marks_followers", firsts))
    ]


def _rows(db: sqlite3.Connection, query: str, values: Sequence[int | str]) -> list[tuple[int, ...]]:
    try:
        return db.execute(query, values).fetchall()
    except sqlite3.OperationalError as error:
        raise words_error(error) from error
