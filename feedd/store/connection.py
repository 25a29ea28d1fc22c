"""Opening the database: for writing (created and migrated where needed) and for reading.

Every connection is in autocommit; what belongs together goes in `transaction` or `snapshot`.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from feedd.errors import StoreError
from feedd.store import daemonlock
from feedd.store.daemonlock import DaemonLock
from feedd.store.files import (
    Connection,
    at_rest,
    create_file,
    create_folder,
    new_file_mode,
    uri_path,
)
from feedd.store.problems import BUSY_TIMEOUT_S, in_words, path_of, told

APPLICATION_ID = 0x66656564
"""Marks the file as feedd's (SQLite's application_id): "feed" in ASCII."""

SCHEMA_VERSION = 2
"""SQLite's user_version of the database this program writes; `schema` migrates to it."""

PAGE_BYTES = 8_192
"""Of a new file. Bodies fill pages of this size better than the usual 4 kB: 3 % less in all."""

WRITER_CACHE_KB = 16_384
CHECKPOINT_PAGES = 4_000
"""The write-ahead log is copied back after so many pages."""

LOG_KEPT_BYTES = 32_000_000
"""What a checkpoint leaves of a log that had grown larger."""

_LOCK_PAUSE_S = 0.02


def open_writer(path: Path) -> Connection:
    """The database, to write; created (0600, with its folders) and migrated where needed.

    In a folder with the setgid bit, the way a service shares its state with a group, new files are
    0660 less the umask. Raises StoreError.
    """
    create_file(path)
    db = _connect(f"file:{uri_path(path)}?mode=rw", path)
    try:
        with told(db):
            # The application id and version are read first: a foreign file is not touched.
            version = _checked_version(db, path)
            db.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KB}")
            db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            db.execute(f"PRAGMA journal_size_limit = {LOG_KEPT_BYTES}")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA secure_delete = OFF")
            db.execute("PRAGMA foreign_keys = ON")
            if version < SCHEMA_VERSION:
                db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
                _use_write_ahead_log(db)
                from feedd.store import schema  # imports sqlite-utils, which a command seldom needs

                schema.migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def open_reader(path: Path) -> sqlite3.Connection:
    """The database, to read; never created. Raises StoreError that says what to do.

    A database of an older version is migrated first, where it may be written.
    """
    if not path.exists():
        raise StoreError(f"no database at {path} yet: feedd poll or feedd run creates it")
    db = _connect(f"file:{uri_path(path)}?mode=ro", path)
    try:
        version = _read_version(db, path)
    except sqlite3.OperationalError as error:
        db.close()
        if not at_rest(path):
            raise in_words(error, path) from error
        # Nobody has it open and we may not create the log's index beside it: what is in the file is
        # all there is.
        db = _connect(f"file:{uri_path(path)}?mode=ro&immutable=1", path)
        with told(db):
            version = _read_version(db, path)
    except BaseException:
        db.close()
        raise
    if version < SCHEMA_VERSION:
        db.close()
        open_writer(path).close()
        return open_reader(path)
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, the right to write taken at once (BEGIN IMMEDIATE).

    Waits up to `BUSY_TIMEOUT_S` for other writers. SQLite's errors come out as StoreError. Inside
    another transaction it is part of that.
    """
    if db.in_transaction:
        yield
        return
    if isinstance(db, Connection):
        db.check_file()
    with told(db):
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
        with told(db):
            yield
        return
    with told(db):
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
    with told(db):
        db.execute("PRAGMA synchronous = FULL")
    try:
        with transaction(db):
            yield
    finally:
        with suppress(sqlite3.Error):
            db.execute("PRAGMA synchronous = NORMAL")


def hold_daemon_lock(path: Path) -> DaemonLock:
    """Be the daemon of this database until released. Raises StoreError naming the one there is."""
    create_folder(path)
    return daemonlock.take(path, new_file_mode(path))


def daemon_pid(path: Path) -> int | None:
    """The process id of the daemon that runs on this database, if one does."""
    return daemonlock.holder(path)


def _connect(uri: str, path: Path) -> Connection:
    try:
        db = sqlite3.connect(
            uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, factory=Connection
        )
        db.watch(path)
    except sqlite3.Error as error:
        raise in_words(error, path) from error
    except OSError as error:
        raise StoreError(f"the database {path} can't be opened: {error.strerror}") from error
    return db


def _use_write_ahead_log(db: sqlite3.Connection) -> None:
    # The change of journal needs the file to itself and does not wait for it: ask again.
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() >= deadline:
                raise
            time.sleep(_LOCK_PAUSE_S)
            continue
        if mode != "wal":
            raise StoreError(
                f"the file system of {path_of(db)} allows no write-ahead log: keep the database on"
                " a local disk"
            )
        return


def _checked_version(db: sqlite3.Connection, path: Path) -> int:
    try:
        return _read_version(db, path)
    except sqlite3.OperationalError as error:
        raise in_words(error, path) from error


def _read_version(db: sqlite3.Connection, path: Path) -> int:
    try:
        application = db.execute("PRAGMA application_id").fetchone()[0]
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.OperationalError:
        raise
    except sqlite3.Error as error:
        raise in_words(error, path) from error
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"the database {path} was written by a newer feedd (version {version}, this one knows"
            f" {SCHEMA_VERSION}): update feedd"
        )
    if application != APPLICATION_ID and (application or version or _has_tables(db)):
        raise StoreError(f"{path} is a database of another program: set database to another file")
    return version


def _has_tables(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None


def _is_busy(error: sqlite3.Error) -> bool:
    return (getattr(error, "sqlite_errorname", None) or "").startswith(
        ("SQLITE_BUSY", "SQLITE_LOCKED")
    )
