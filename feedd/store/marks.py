"""What the user did: read and starred. Marks of an article in several feeds go to all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from feedd.errors import NotFoundError
from feedd.model import ItemFilter, MarkAction
from feedd.store.connection import synced
from feedd.store.groups import IDS_A_QUERY, placeholders
from feedd.store.lists import listed

_CHANGES: dict[MarkAction, tuple[str, str]] = {
    "read": ("read_at = :now", "read_at IS NULL"),
    "unread": ("read_at = NULL", "read_at IS NOT NULL"),
    "star": ("starred_at = :now", "starred_at IS NULL"),
    "unstar": ("starred_at = NULL", "starred_at IS NOT NULL"),
}


def mark(
    db: sqlite3.Connection,
    action: MarkAction,
    *,
    ids: Sequence[int] = (),
    filter: ItemFilter | None = None,
    before: int | None = None,
    now: int,
) -> int:
    """Mark the items with these ids, and those that pass the filter (its limit does not count).

    `before` narrows the filter to items whose sort time is earlier. Returns how many items changed,
    an article in several feeds counting once; on the disk when this returns. Raises NotFoundError
    for an id that does not exist, and then nothing has changed.
    """
    with synced(db):
        leaders = set(_leaders(db, ids))
        if filter is not None:
            until = filter.until
            if before is not None:
                until = before - 1 if until is None else min(until, before - 1)
            found = listed(db, replace(filter, limit=None, until=until)).ids
            leaders.update(_leaders(db, found))
        return _apply(db, action, sorted(leaders), now)


def _leaders(db: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    leaders = []
    for start in range(0, len(ids), IDS_A_QUERY):
        some = list(dict.fromkeys(ids[start : start + IDS_A_QUERY]))
        rows = db.execute(
            "SELECT entry_id, coalesce(same_as, entry_id) FROM marks"
            f" WHERE entry_id IN ({placeholders(len(some))})",
            some,
        ).fetchall()
        if len(rows) < len(some):
            missing = sorted(set(some) - {row[0] for row in rows})
            words = ", ".join(map(str, missing[:5]))
            raise NotFoundError(f"no item {words}: feedd list --all shows which there are")
        leaders += [row[1] for row in rows]
    return leaders


def _apply(db: sqlite3.Connection, action: MarkAction, leaders: Sequence[int], now: int) -> int:
    change, unlike = _CHANGES[action]
    changed = 0
    for start in range(0, len(leaders), IDS_A_QUERY):
        some = leaders[start : start + IDS_A_QUERY]
        names = {f"id{n}": leader for n, leader in enumerate(some)}
        marks = ",".join(f":{name}" for name in names)
        parameters = {"now": now, **names}
        changed += db.execute(
            f"UPDATE marks SET {change} WHERE {unlike} AND entry_id IN ({marks})", parameters
        ).rowcount
        db.execute(f"UPDATE marks SET {change} WHERE {unlike} AND same_as IN ({marks})", parameters)
    return changed
