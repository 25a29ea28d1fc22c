"""What is dropped when: read items after a time or beyond a number, unread ones after another.

What was pruned stays known (`pruned`): a feed that still carries it does not bring it back. What no
document of its feed had for ten years is forgotten, so that this table has a bound as well.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from feedd.identity import canonical_link, title_key
from feedd.model import Retention
from feedd.store.entry_rows import NOTED_DAYS, pruned_identities
from feedd.store.groups import disband
from feedd.store.sqlite import placeholders, snapshot, sqlite_errors, transaction
from feedd.units import DAY_S

PRUNED_A_TRANSACTION: Final = 1_000
"""Between two of these, others get to write."""

KNOWN_DAYS: Final = 10 * 365
ANEW: Final = b"\0"
"""In the place of a feed's fingerprints: none, and not yet those of a document read since."""

_OF_ENTRIES: Final = (
    "article_queue", "articles", "contents", "documents", "entry_tags", "marks", "versions",
)  # fmt: skip
"""Tables with rows of an entry, which go with it."""

_WHERE: Final = """feed_id = :feed AND sort_at <= :newest AND (
  (read_at IS NOT NULL AND (sort_at < :read_before OR (sort_at, entry_id) < (:last_at, :last_id)))
  OR (read_at IS NULL AND sort_at < :unread_before))"""

_MARKED_BY_USER: Final = """starred_at IS NOT NULL
  OR EXISTS (SELECT 1 FROM entry_tags t INDEXED BY entry_tags_entry
    WHERE t.entry_id = marks.entry_id)"""
"""Starred, read later, or with a tag of its own: stays, however old."""


class Pruned(NamedTuple):
    """How many items of a feed are gone, and how many are left."""

    feed: str
    pruned: int
    kept: int


def prune(
    db: sqlite3.Connection,
    now: int,
    usual: Retention,
    own: Mapping[str, Retention] | None = None,
    *,
    removed: bool = False,
    outside: Collection[str] | None = None,
    dry_run: bool = False,
) -> list[Pruned]:
    """Delete what no feed's retention keeps: its `own`, by name, else the `usual` one. With
    `removed`, also the feeds that left the file, with all their items but those with marks:
    those `outside`, by name, where the store may not have heard of them yet.

    Returns what came of each feed, by name; a `dry_run` changes nothing. Works in steps that let
    others write in between. Raises StoreError.
    """
    with sqlite_errors(db):
        feeds = db.execute("SELECT id, name, removed_at FROM feeds ORDER BY name").fetchall()
    done = []
    for feed_id, name, removed_at in feeds:
        with snapshot(db):
            if removed and (removed_at is not None if outside is None else name in outside):
                where, values = "feed_id = :feed", {"feed": feed_id}
            else:
                where, values = _what_goes(db, feed_id, (own or {}).get(name, usual), now)
            stored = _count(db, "feed_id = :feed", {"feed": feed_id})
        where = f"({where}) AND NOT ({_MARKED_BY_USER})"
        gone = _count(db, where, values) if dry_run else _delete_where(db, where, values, now)
        done.append(Pruned(name, gone, stored - gone))
    if removed and not dry_run:
        with transaction(db):
            db.execute(
                "DELETE FROM feeds WHERE removed_at IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM entries WHERE feed_id = feeds.id)"
            )
    if not dry_run:
        _forget_long_gone(db, now // DAY_S)
    return done


def _forget_long_gone(db: sqlite3.Connection, today: int) -> None:
    """Forget what no document had for ten years.

    What a document has unchanged is passed unread, and so not noted. Therefore the feed's next
    document is read whole first, once a year at most; until then such rows are marked by a day
    below zero. What is met in it is marked no more (`note_carried`); the rest goes.
    """
    with transaction(db):
        db.execute(
            "DELETE FROM pruned WHERE seen < 0 AND feed_id IN"
            " (SELECT id FROM feeds WHERE item_hashes <> ? AND failures = 0)",
            (ANEW,),
        )
        last = today - KNOWN_DAYS
        due = db.execute(
            "SELECT DISTINCT feed_id FROM pruned WHERE seen BETWEEN 0 AND ?", (last - NOTED_DAYS,)
        ).fetchall()
        db.executemany(
            "UPDATE feeds SET item_hashes = ? WHERE id = ?", [(ANEW, *one) for one in due]
        )
        db.executemany(
            "UPDATE pruned SET seen = -1 WHERE feed_id = ? AND seen BETWEEN 0 AND ?",
            [(*one, last) for one in due],
        )


def _what_goes(
    db: sqlite3.Connection, feed_id: int, keep: Retention, now: int
) -> tuple[str, dict[str, int | None]]:
    """The condition for a feed's rows of `marks`, and its values; NULL compares with nothing."""
    last = None
    if keep.items is not None:
        last = db.execute(
            "SELECT sort_at, entry_id FROM marks INDEXED BY marks_feed WHERE feed_id = ?"
            " ORDER BY sort_at DESC, entry_id DESC LIMIT 1 OFFSET ?",
            (feed_id, keep.items - 1),
        ).fetchone()
    last_at, last_id = last or (None, None)
    bounds = {
        "read_before": None if keep.read_s is None else now - keep.read_s,
        "unread_before": None if keep.unread_s is None else now - keep.unread_s,
        "last_at": last_at,
    }
    newest = max((at for at in bounds.values() if at is not None), default=None)
    return _WHERE, {"feed": feed_id, "newest": newest, "last_id": last_id, **bounds}


def _count(db: sqlite3.Connection, where: str, values: Mapping[str, int | None]) -> int:
    with sqlite_errors(db):
        row = db.execute(f"SELECT count(*) FROM marks WHERE {where}", values).fetchone()
    return int(row[0])


def _delete_where(
    db: sqlite3.Connection, where: str, values: Mapping[str, int | None], now: int
) -> int:
    pruned = 0
    while True:
        with transaction(db):
            entry_ids = [
                row[0]
                for row in db.execute(
                    f"SELECT entry_id FROM marks WHERE {where} LIMIT :most",
                    {**values, "most": PRUNED_A_TRANSACTION},
                )
            ]
            _delete(db, entry_ids, now // DAY_S)
        pruned += len(entry_ids)
        if len(entry_ids) < PRUNED_A_TRANSACTION:
            return pruned


def _delete(db: sqlite3.Connection, entry_ids: Sequence[int], today: int) -> None:
    """Delete entries with all that hangs on them, remembering what identified them."""
    some = placeholders(len(entry_ids))
    rows = db.execute(
        "SELECT feed_id, key, link, title, published, content_hash FROM entries"
        f" WHERE id IN ({some})",
        entry_ids,
    ).fetchall()
    db.executemany(
        "INSERT OR REPLACE INTO pruned(feed_id, identity, seen) VALUES (?, ?, ?)",
        [
            (feed_id, identity, today)
            for feed_id, key, link, title, published, content_hash in rows
            for identity in pruned_identities(
                key, canonical_link(link), title_key(title), published, content_hash
            )
        ],
    )
    disband(db, entry_ids)
    for table in _OF_ENTRIES:
        db.execute(f"DELETE FROM {table} WHERE entry_id IN ({some})", entry_ids)
    db.execute(f"DELETE FROM entries WHERE id IN ({some})", entry_ids)
