"""Entry ids in a list's order: what every list shares, with a query or without."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from feedd.model import ItemFilter, Which

MORE_COUNTED = 10_000
"""How many more there are is counted up to here."""


class Ids(NamedTuple):
    """Entry ids in a list's order, and how many more there are (`capped`: at least)."""

    ids: tuple[int, ...]
    more: int
    capped: bool


CONDITIONS: dict[Which, str] = {
    "unread": "read_at IS NULL AND hidden_at IS NULL",
    "read": "read_at IS NOT NULL AND hidden_at IS NULL",
    "all": "hidden_at IS NULL",
    "starred": "starred_at IS NOT NULL AND hidden_at IS NULL",
}
"""What the marks of an entry must be for a list to show it."""


def ids_in_order(
    db: sqlite3.Connection, rows: Sequence[tuple[str, Sequence[int | str]]], wanted: ItemFilter
) -> Ids:
    """The ids of rows of `marks` (what stands after a FROM, with its values) in a list's order and
    up to its limit.
    """
    limit = -1 if wanted.limit is None else wanted.limit
    direction = "ASC" if wanted.oldest else "DESC"
    order = f"ORDER BY sort_at {direction}, entry_id {direction} LIMIT ?"
    query = " UNION ALL ".join(
        f"SELECT * FROM (SELECT entry_id, sort_at FROM {some} {order})" for some, _ in rows
    )
    arguments = [argument for _, values in rows for argument in (*values, limit)]
    if len(rows) > 1:
        query, arguments = f"{query} {order}", [*arguments, limit]
    ids = tuple(row[0] for row in db.execute(query, arguments))
    if wanted.limit is None or len(ids) < wanted.limit:
        return Ids(ids, 0, False)
    total = sum(
        db.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {some} LIMIT ?)",
            (*values, wanted.limit + MORE_COUNTED),
        ).fetchone()[0]
        for some, values in rows
    )
    more = total - len(ids)
    return Ids(ids, min(more, MORE_COUNTED), more >= MORE_COUNTED)


def feed_ids_of(db: sqlite3.Connection, names: Sequence[str]) -> list[int]:
    """Ids of feeds by name. A feed that was never synced has no items yet, and no id."""
    found: list[int] = []
    for name in dict.fromkeys(names):
        found += (row[0] for row in db.execute("SELECT id FROM feeds WHERE name = ?", (name,)))
    return found
