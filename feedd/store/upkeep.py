"""What keeps a database in good order over the years: retention, statistics, copies, checks."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from feedd.errors import StoreError, UsageError
from feedd.identity import canonical_link, title_key
from feedd.store.connection import APPLICATION_ID, snapshot, transaction
from feedd.store.groups import disband, placeholders
from feedd.store.knowing import pruned_identities
from feedd.store.measuring import Sizes, sizes
from feedd.store.problems import path_of, told
from feedd.store.reindexing import rebuild_search
from feedd.store.soundness import check, repair

__all__ = ["Stats", "backup", "check", "optimise", "prune", "rebuild_search", "repair", "stats"]

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


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts and sizes. `superseded` counts documents in the search index that count no longer."""

    feeds: int
    items: int
    unread: int
    starred: int
    articles: int
    article_errors: int
    pages_waiting: int
    documents: int
    superseded: int
    sizes: Sizes
    schema_version: int


def stats(db: sqlite3.Connection) -> Stats:
    """The database in numbers."""

    def number(query: str) -> int:
        return int(db.execute(query).fetchone()[0] or 0)

    with snapshot(db):
        documents = number("SELECT count(*) FROM documents")
        return Stats(
            feeds=number("SELECT count(*) FROM feeds WHERE removed_at IS NULL"),
            items=number("SELECT sum(entries) FROM counts"),
            unread=number(
                "SELECT count(*) FROM marks INDEXED BY marks_unread"
                " WHERE read_at IS NULL AND same_as IS NULL"
            ),
            starred=number(
                "SELECT count(*) FROM marks INDEXED BY marks_starred"
                " WHERE starred_at IS NOT NULL AND same_as IS NULL"
            ),
            articles=number("SELECT count(*) FROM articles WHERE html IS NOT NULL"),
            article_errors=number("SELECT count(*) FROM articles WHERE error IS NOT NULL"),
            pages_waiting=number("SELECT count(*) FROM article_queue"),
            documents=documents,
            superseded=number("SELECT count(*) FROM search_docsize") - documents,
            sizes=sizes(db),
            schema_version=number("PRAGMA user_version"),
        )


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
        with told(db):
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
    """Refresh the planner's statistics, merge the search index a little, give back much free
    space, copy the log back. Safe while others read and write.
    """
    database = Database(db, execute_plugins=False)
    with transaction(db):
        db.execute(f"PRAGMA analysis_limit = {ROWS_ANALYSED}")
        database.analyze()
        db.execute("INSERT INTO search(search, rank) VALUES ('merge', ?)", (MERGED_PAGES,))
    numbers = stats(db)
    if numbers.superseded > max(SUPERSEDED_AT_LEAST, SUPERSEDED_SHARE * numbers.documents):
        rebuild_search(db)
        numbers = stats(db)
    size, free = numbers.sizes.database_bytes, numbers.sizes.free_bytes
    if free > max(FREE_AT_LEAST_BYTES, FREE_SHARE * size) and size < VACUUMED_BYTES:
        with told(db):
            database.vacuum()
    with suppress(sqlite3.OperationalError):  # readers may be in the way; next time, then
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def backup(db: sqlite3.Connection, destination: Path) -> None:
    """A consistent copy in one file (0600), while others write; an older copy there is replaced at
    once and whole.

    Raises UsageError when something else than a feedd database is there, StoreError when the copy
    can't be written.
    """
    source = Path(path_of(db))
    _check_destination(source, destination)
    part = destination.with_name(f".{destination.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        copy = sqlite3.connect(part, isolation_level=None)
        try:
            with told(db):
                db.backup(copy)
            # One file: the copy needs no log beside it.
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()
        finally:
            copy.close()
        _sync(part)
        part.replace(destination)
        _sync(destination.parent)
    except OSError as error:
        raise StoreError(f"can't write the backup {destination}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise StoreError(f"can't write the backup {destination}: {error}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


# ---------------------------------------------------------------- pruning


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
        f"SELECT feed_id, key, link, title FROM entries WHERE id IN ({some})", entry_ids
    ).fetchall()
    db.executemany(
        "INSERT OR IGNORE INTO pruned(feed_id, identity) VALUES (?, ?)",
        [
            (feed_id, identity)
            for feed_id, key, link, title in rows
            for identity in pruned_identities(key, canonical_link(link), title_key(title))
        ],
    )
    disband(db, entry_ids)
    for table in ("article_queue", "articles", "contents", "documents", "marks"):
        db.execute(f"DELETE FROM {table} WHERE entry_id IN ({some})", entry_ids)
    db.execute(f"DELETE FROM entries WHERE id IN ({some})", entry_ids)


# ---------------------------------------------------------------- files


def _check_destination(source: Path, destination: Path) -> None:
    try:
        if destination.exists() and destination.samefile(source):
            raise UsageError("a backup can't be written over the database itself")
        if destination.is_dir():
            raise UsageError(f"{destination} is a folder: name a file in it")
        if not destination.parent.is_dir():
            raise UsageError(f"there is no folder {destination.parent}")
        if destination.exists() and destination.stat().st_size and not _is_ours(destination):
            raise UsageError(f"{destination} exists and is no feedd database: name another file")
    except OSError as error:
        raise StoreError(f"can't write the backup {destination}: {error.strerror}") from error


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(72)
    # https://www.sqlite.org/fileformat2.html: the application id is at offset 68.
    return header.startswith(b"SQLite format 3\0") and header[68:72] == APPLICATION_ID.to_bytes(
        4, "big"
    )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
