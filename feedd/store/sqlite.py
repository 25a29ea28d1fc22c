"""SQLite as the store uses it: transactions, a connection that notices when its file is taken away,
and errors in words that say what to do next.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from feedd.errors import DatabaseGoneError, StoreError

BUSY_TIMEOUT_S = 10.0
"""So long one process waits for another to finish writing before it gives up."""

_NOT_WRITTEN = (
    "no space left for the database {path}, or its disk is read-only or failing: free some space or"
    " check the disk, then try again"
)

_WORDS: dict[str, str] = {
    "SQLITE_BUSY": (
        f"the database {{path}} was in use by another program for {BUSY_TIMEOUT_S:.0f} s: "
        "try again, or see who holds it with fuser"
    ),
    "SQLITE_LOCKED": "the database {path} is in use: try again",
    "SQLITE_FULL": "no space left for the database {path}: free some space, then try again",
    "SQLITE_READONLY": (
        "the database {path} can't be written: check the permissions of the file and its folder"
    ),
    "SQLITE_CANTOPEN": (
        "the database {path} can't be opened: check that the folder exists and may be entered"
    ),
    "SQLITE_PERM": "the database {path} can't be used: check the permissions of the file",
    "SQLITE_NOTADB": (
        "{path} is not a feedd database: move it away, or set database to another file"
    ),
    "SQLITE_CORRUPT": (
        "the database {path} is damaged: restore a backup, or see what is left with feedd check"
    ),
    # SQLite tells neither a quota nor a disk that became read-only from one that fails.
    "SQLITE_IOERR_WRITE": _NOT_WRITTEN,
    "SQLITE_IOERR_SHMSIZE": _NOT_WRITTEN,
    "SQLITE_IOERR_FSYNC": _NOT_WRITTEN,
    "SQLITE_IOERR": "the disk failed at the database {path}: check the disk and its free space",
    "SQLITE_NOMEM": "out of memory while using the database {path}",
    "SQLITE_INTERRUPT": "interrupted while using the database {path}",
    "SQLITE_PROTOCOL": "the database {path} is too busy to be locked: try again",
    "SQLITE_NOLFS": "the file system does not allow the database {path} to grow further",
    "SQLITE_TOOBIG": "a value is too large for the database {path}: please report this",
}

IDS_A_QUERY = 5_000
"""Ids in one query; SQLite would take more."""


def as_store_error(error: sqlite3.Error, path: Path | str) -> StoreError:
    """The StoreError that says what an SQLite error means and what to do about it."""
    name = getattr(error, "sqlite_errorname", None) or ""
    for prefix, words in _WORDS.items():
        if name.startswith(prefix):
            return StoreError(words.format(path=path))
    return StoreError(
        f"the database {path} failed: {error}; feedd check --database looks for the cause"
    )


def path_of(db: sqlite3.Connection) -> str:
    """The file behind a connection, for messages."""
    try:
        row = db.execute("PRAGMA database_list").fetchone()
    except sqlite3.Error:
        return "(closed)"
    return str(row[2]) if row and row[2] else "in memory"


@contextmanager
def sqlite_errors(db: sqlite3.Connection) -> Iterator[None]:
    """SQLite's errors inside come out as StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise as_store_error(error, path_of(db)) from error
    except UnicodeDecodeError as error:  # a text column of a damaged page
        raise StoreError(_WORDS["SQLITE_CORRUPT"].format(path=path_of(db))) from error


class WatchedConnection(sqlite3.Connection):
    """A connection that notices when its file is taken away.

    SQLite goes on writing to a file that has been deleted or replaced, where nobody will ever read
    it again.
    """

    _opened: tuple[Path, int, int] | None = None

    def watch(self, path: Path) -> None:
        """From now on the file at `path` has to stay what it is."""
        found = path.stat()
        self._opened = (path, found.st_dev, found.st_ino)

    def check_file(self) -> None:
        """Raises StoreError when the file is not there any more, or another one."""
        if self._opened is None:
            return
        path, device, number = self._opened
        try:
            found = path.stat()
        except FileNotFoundError:
            raise DatabaseGoneError(
                f"the database {path} was deleted while in use: put it back, or start again"
            ) from None
        except OSError as error:
            raise StoreError(f"the database {path} is out of reach: {error.strerror}") from error
        if (found.st_dev, found.st_ino) != (device, number):
            raise DatabaseGoneError(f"the database {path} was replaced while in use: start again")


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, the right to write taken at once (BEGIN IMMEDIATE).

    Waits up to `BUSY_TIMEOUT_S` for other writers. SQLite's errors come out as StoreError. Inside
    another transaction it is part of that.
    """
    if db.in_transaction:
        yield
        return
    if isinstance(db, WatchedConnection):
        db.check_file()
    with sqlite_errors(db):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
            raise


@contextmanager
def savepoint(db: sqlite3.Connection) -> Iterator[None]:
    """A part of a transaction that leaves nothing behind when it fails, so that it may go on."""
    db.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if db.in_transaction:  # SQLite itself has ended it when the disk is full
            with suppress(sqlite3.Error):
                db.execute("ROLLBACK TO part")
                db.execute("RELEASE part")
        raise
    db.execute("RELEASE part")


@contextmanager
def snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """Several queries that see one state of the database. SQLite's errors: StoreError."""
    if db.in_transaction:
        with sqlite_errors(db):
            yield
        return
    with sqlite_errors(db):
        db.execute("BEGIN")
        try:
            yield
        finally:
            if db.in_transaction:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")


@contextmanager
def synced(db: sqlite3.Connection) -> Iterator[None]:
    """Like `transaction`, and on the disk when it ends: for what a person did.

    What the daemon writes is consistent after a power cut but may be some seconds older: it can ask
    the feeds again, not the person.
    """
    if db.in_transaction:
        yield
        return
    with sqlite_errors(db):
        db.execute("PRAGMA synchronous = FULL")
    try:
        with transaction(db):
            yield
    finally:
        with suppress(sqlite3.Error):
            db.execute("PRAGMA synchronous = NORMAL")


def placeholders(count: int) -> str:
    """`?,?,?` for an IN."""
    return ",".join("?" * count)
