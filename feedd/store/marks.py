"""What the user did: read and starred. Marks of an article in several feeds go to all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from feedd.errors import NotFoundError
from feedd.model import ItemFilter, MarkAction
from feedd.store.lists import listed
from feedd.store.sqlite import IDS_A_QUERY, placeholders, snapshot, synced

MARKED_A_TRANSACTION = 20_000
"""Between two of these, others get to write: a million at once would take longer than they wait."""

_CHANGES: dict[MarkAction, tuple[str, str, bool]] = {
    "read": ("read_at", "read_at IS NULL", True),
    "unread": ("read_at", "read_at IS NOT NULL", False),
    "star": ("starred_at", "starred_at IS NULL", True),
    "unstar": ("starred_at", "starred_at IS NOT NULL", False),
}
"""The column, the rows that differ, and whether it is set to a time."""


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
    with snapshot(db):
        leaders = set(_leaders(db, ids))
        if filter is not None:
            until = filter.until
            if before is not None:
                until = before - 1 if until is None else min(until, before - 1)
            found = listed(db, replace(filter, limit=None, until=until)).ids
            leaders.update(_leaders(db, found))
    ordered = sorted(leaders)
    changed = 0
    for start in range(0, len(ordered), MARKED_A_TRANSACTION):
        with synced(db):
            changed += _apply(db, action, ordered[start : start + MARKED_A_TRANSACTION], now)
    return changed


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
    column, differs, is_set = _CHANGES[action]
    value = now if is_set else None
    changed = 0
    for start in range(0, len(leaders), IDS_A_QUERY):
        some = leaders[start : start + IDS_A_QUERY]
        update = f"UPDATE marks SET {column} = ? WHERE {differs} AND"
        changed += db.execute(
            f"{update} entry_id IN ({placeholders(len(some))})", (value, *some)
        ).rowcount
        db.execute(f"{update} same_as IN ({placeholders(len(some))})", (value, *some))
    return changed
