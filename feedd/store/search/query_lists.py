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
from feedd.store.lists import MORE_COUNTED, Ids
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
    conditions = Conditions(db, query, wanted)
    direction = "ASC" if wanted.oldest else "DESC"
    order = f"ORDER BY sort_at {direction}, entry_id {direction} LIMIT ?"
    parts = _parts(conditions, wanted)
    limit = -1 if wanted.limit is None else wanted.limit
    text = " UNION ALL ".join(f"SELECT * FROM ({part.text} {order})" for part in parts)
    values = [value for part in parts for value in (*part.values, limit)]
    ids = tuple(row[0] for row in _rows(db, f"{text} {order}", [*values, limit]))
    if wanted.limit is None or len(ids) < wanted.limit:
        return Ids(ids, 0, False)
    total = sum(
        _rows(
            db,
            f"SELECT count(*) FROM ({part.text} LIMIT ?)",
            [*part.values, wanted.limit + MORE_COUNTED],
        )[0][0]
        for part in parts
    )
    more = total - len(ids)
    return Ids(ids, min(more, MORE_COUNTED), more >= MORE_COUNTED)


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
    return [
        row[0]
        for row in _rows(
            db,
            "SELECT m.entry_id FROM marks m NOT INDEXED WHERE m.entry_id > ? AND m.entry_id <= ?"
            f" AND {where.text} ORDER BY m.entry_id",
            [after, last, *where.values],
        )
    ]


def matching(db: sqlite3.Connection, query: Query, wanted: ItemFilter) -> list[int]:
    """Every entry that matches, the newest first; each one of an article in several feeds."""
    conditions = Conditions(db, query, wanted)
    where = conditions.where()
    few = conditions.gathered()
    table = "marks m NOT INDEXED"
    source = SqlPart("1") if few is None else SqlPart(f"m.entry_id IN ({few.text})", few.values)
    return [
        row[0]
        for row in _rows(
            db,
            f"SELECT m.entry_id FROM {table} WHERE {source.text} AND {where.text}"
            " ORDER BY m.sort_at DESC, m.entry_id DESC",
            [*source.values, *where.values],
        )
    ]


def counted(db: sqlite3.Connection, query: Query) -> tuple[int, int]:
    """How many lines match, read ones too; and how many of them are unread."""
    with snapshot(db):
        conditions = Conditions(db, query, ItemFilter(which="all"))
        where, few = conditions.where(), conditions.gathered()
        source = SqlPart("1") if few is None else SqlPart(f"m.entry_id IN ({few.text})", few.values)
        items, unread = _rows(
            db,
            "SELECT count(*), coalesce(sum(unread), 0) FROM"
            " (SELECT max(m.read_at IS NULL) AS unread"
            f" FROM marks m NOT INDEXED WHERE {source.text} AND {where.text}"
            " GROUP BY coalesce(m.same_as, m.entry_id))",
            [*source.values, *where.values],
        )[0]
    return items, unread


def _parts(conditions: Conditions, wanted: ItemFilter) -> list[SqlPart]:
    """Queries for (entry_id, sort_at) that together give what a list shows."""
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
    few = conditions.gathered()
    if few is not None:
        return [
            SqlPart(
                "SELECT m.entry_id, m.sort_at FROM marks m NOT INDEXED"
                f" WHERE m.entry_id IN ({few.text}) AND {where.text} AND {first.text}",
                (*few.values, *where.values, *first.values),
            )
        ]
    select = "SELECT m.entry_id, m.sort_at FROM marks m INDEXED BY"
    parts = [
        SqlPart(f"{select} {index} WHERE {_HELD[index]} AND {where.text}", where.values)
        for index in conditions.walked(wanted.which)
    ]
    followers = f"{select} marks_followers WHERE {_HELD['marks_followers']} AND"
    both = (*where.values, *first.values)
    return [*parts, SqlPart(f"{followers} {where.text} AND {first.text}", both)]


def _rows(db: sqlite3.Connection, query: str, values: Sequence[int | str]) -> list[tuple[int, ...]]:
    try:
        return db.execute(query, values).fetchall()
    except sqlite3.OperationalError as error:
        raise words_error(error) from error
