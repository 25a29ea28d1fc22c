"""What keeps a database in good order over the years: retention, statistics, memory."""

from __future__ import annotations

import ctypes
import sqlite3
from collections.abc import Sequence
from contextlib import suppress

from sqlite_utils import Database

from feedd.identity import canonical_link, title_key
from feedd.store.entry_rows import pruned_identities
from feedd.store.groups import disband
from feedd.store.measurements import stats
from feedd.store.search.index import request_rebuild
from feedd.store.sqlite import placeholders, sqlite_errors, transaction

PRUNED_A_TRANSACTION = 1_000
"""Between two of these, others get to write."""

SUPERSEDED_SHARE = 0.33

SUPERSEDED_AT_LEAST = 1_000
"""Over so many documents that no longer count, the search index is built anew."""

FREE_SHARE = 0.33

FREE_AT_LEAST_BYTES = 10_000_000

VACUUMED_BYTES = 500_000_000
"""With so much free space a file is made smaller, unless it is so large that writers would wait too
long: then the space is used again in time.
"""

ROWS_ANALYSED = 1_000

MERGED_PAGES = 2_000

_OF_ENTRIES = (
    "article_queue", "articles", "contents", "documents", "entry_tags", "marks", "versions"
)  # fmt: skip
"""Tables with rows of an entry, which go with it."""


def prune(db: sqlite3.Connection, now: int, keep_s: int | None, removed: bool) -> int:
    """Delete read, unstarred items older than `keep_s` seconds (None: none), and with `removed` the
    feeds that left the file, with all their items but the starred ones.

    What was pruned stays known: a feed that still carries it does not bring it back. Returns how
    many items are gone. Works in steps that let others write in between.
    """
    pruned = 0
    if keep_s is not None:
        pruned += _prune_where(
            db,
            "read_at IS NOT NULL AND starred_at IS NULL AND sort_at < ?",
            now - keep_s,
        )
    if removed:
        with sqlite_errors(db):
            gone = [
                row[0] for row in db.execute("SELECT id FROM feeds WHERE removed_at IS NOT NULL")
            ]
        for feed_id in gone:
            pruned += _prune_where(db, "starred_at IS NULL AND feed_id = ?", feed_id)
        with transaction(db):
            db.executemany(
                "DELETE FROM feeds WHERE id = ? AND removed_at IS NOT NULL"
                " AND NOT EXISTS (SELECT 1 FROM entries WHERE feed_id = feeds.id)",
                [(feed_id,) for feed_id in gone],
            )
    return pruned


def optimise(db: sqlite3.Connection) -> None:
    """Refresh the planner's statistics, merge the search index a little or have it rebuilt, give
    back much free space, copy the log back. Safe while others read and write.
    """
    database = Database(db, execute_plugins=False)
    with transaction(db):
        db.execute(f"PRAGMA analysis_limit = {ROWS_ANALYSED}")
        database.analyze()
        db.execute("INSERT INTO search(search, rank) VALUES ('merge', ?)", (MERGED_PAGES,))
    numbers = stats(db)
    if numbers.superseded > max(SUPERSEDED_AT_LEAST, SUPERSEDED_SHARE * numbers.documents):
        request_rebuild(db)
    size, free = numbers.sizes.database_bytes, numbers.sizes.free_bytes
    if free > max(FREE_AT_LEAST_BYTES, FREE_SHARE * size) and size < VACUUMED_BYTES:
        with sqlite_errors(db):
            database.vacuum()
    with suppress(sqlite3.OperationalError):  # readers may be in the way; next time, then
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _prune_where(db: sqlite3.Connection, where: str, parameter: int) -> int:
    pruned = 0
    while True:
        with transaction(db):
            entry_ids = [
                row[0]
                for row in db.execute(
                    f"SELECT entry_id FROM marks WHERE {where} LIMIT ?",
                    (parameter, PRUNED_A_TRANSACTION),
                )
            ]
            _delete(db, entry_ids)
        pruned += len(entry_ids)
        if len(entry_ids) < PRUNED_A_TRANSACTION:
            return pruned


def _delete(db: sqlite3.Connection, entry_ids: Sequence[int]) -> None:
    """Delete entries with all that hangs on them, remembering what identified them."""
    some = placeholders(len(entry_ids))
    rows = db.execute(
        "SELECT feed_id, key, link, title, published, content_hash FROM entries"
        f" WHERE id IN ({some})",
        entry_ids,
    ).fetchall()
    db.executemany(
        "INSERT OR IGNORE INTO pruned(feed_id, identity) VALUES (?, ?)",
        [
            (feed_id, identity)
            for feed_id, key, link, title, published, content_hash in rows
            for identity in pruned_identities(
                key, canonical_link(link), title_key(title), published, content_hash
            )
        ],
    )
    disband(db, entry_ids)
    for table in (
        "article_queue",
        "articles",
        "contents",
        "documents",
        "entry_tags",
        "marks",
        "versions",
    ):
        db.execute(f"DELETE FROM {table} WHERE entry_id IN ({some})", entry_ids)
    db.execute(f"DELETE FROM entries WHERE id IN ({some})", entry_ids)


def give_back_memory(db: sqlite3.Connection) -> None:
    """Return what is kept for the next transaction to the system: SQLite's cache of pages and its
    index of pending words, and what the C library holds on to after a busy time (glibc only; others
    do by themselves). In a daemon that has polled a thousand new feeds that is two thirds of all.

    Raises StoreError.
    """
    with sqlite_errors(db):
        db.execute("PRAGMA shrink_memory")
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
