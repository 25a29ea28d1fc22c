"""Now and then: the planner's statistics, the search index, free space, memory."""

from __future__ import annotations

import ctypes
import sqlite3
from contextlib import suppress

from sqlite_utils import Database

from feedd.store.measurements import stats
from feedd.store.search.index import count_words, request_rebuild
from feedd.store.sqlite import sqlite_errors, transaction

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


def optimise(db: sqlite3.Connection) -> None:
    """Refresh the planner's statistics, merge the search index a little or have it rebuilt, count
    the words of new entries, give back much free space, copy the log back. Safe while others read
    and write.
    """
    database = Database(db, execute_plugins=False)
    with transaction(db):
        db.execute(f"PRAGMA analysis_limit = {ROWS_ANALYSED}")
        database.analyze()
        db.execute("INSERT INTO search(search, rank) VALUES ('merge', ?)", (MERGED_PAGES,))
    while count_words(db):
        pass
    numbers = stats(db)
    if numbers.superseded > max(SUPERSEDED_AT_LEAST, SUPERSEDED_SHARE * numbers.documents):
        request_rebuild(db)
    size, free = numbers.sizes.database_bytes, numbers.sizes.free_bytes
    if free > max(FREE_AT_LEAST_BYTES, FREE_SHARE * size) and size < VACUUMED_BYTES:
        with sqlite_errors(db):
            database.vacuum()
    with suppress(sqlite3.OperationalError):  # readers may be in the way; next time, then
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


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
