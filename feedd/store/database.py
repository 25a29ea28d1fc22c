"""Opening the database: to write (created and migrated where needed), to read, in turns.

Every connection is in autocommit; what belongs together goes in `transaction` or `snapshot`. What
one process on a database does at a time it does in its turn: the lock on a byte of a file beside
it is the kernel's, and ends with the process, however that dies.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from feedd.errors import StoreError, UsageError
from feedd.store.sqlite import (
    APPLICATION_ID,
    BUSY_TIMEOUT_S,
    SCHEMA_VERSION,
    WatchedConnection,
    as_store_error,
    error_name,
    log_path,
    path_of,
    sqlite_errors,
)

PAGE_BYTES = 8_192
"""Of a new file. Bodies fill pages of this size better than the usual 4 kB: 3 % less in all."""

WRITER_CACHE_KB = 4_096
"""Half of what a transaction of a first poll writes; twice as much makes a poll no quicker."""

CHECKPOINT_PAGES = 4_000
"""The write-ahead log is copied back after so many pages."""

LOG_KEPT_BYTES = 32_000_000
"""What a checkpoint leaves of a log that had grown larger."""

_LOCK_PAUSE_S = 0.02

_FILE_MODE = 0o600

_GROUP_FILE_MODE = 0o660

_FOLDER_MODE = 0o700


def open_writer(path: Path) -> WatchedConnection:
    """The database, to write; created (0600, with its folders) and migrated where needed.

    In a folder with the setgid bit, the way a service shares its state with a group, new files are
    0660 less the umask. Raises StoreError.
    """
    _create_file(path)
    db = connect(path)
    try:
        with sqlite_errors(db):
            # The application id and version are read first: a foreign file is not touched.
            version = _read_version(db, path)
            db.execute(f"PRAGMA cache_size = -{WRITER_CACHE_KB}")
            db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            db.execute(f"PRAGMA journal_size_limit = {LOG_KEPT_BYTES}")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA secure_delete = OFF")
            db.execute("PRAGMA foreign_keys = ON")
            if version < SCHEMA_VERSION:
                db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            _use_write_ahead_log(db)
            if version < SCHEMA_VERSION:
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
    db = _connect(f"file:{_uri_path(path)}?mode=ro", path)
    try:
        version = _read_version(db, path)
    except sqlite3.OperationalError as error:
        db.close()
        if not _at_rest(path):
            raise as_store_error(error, path) from error
        # Nobody has it open and we may not create the log's index beside it: what is in the file is
        # all there is.
        db = _connect(f"file:{_uri_path(path)}?mode=ro&immutable=1", path)
        with sqlite_errors(db):
            version = _read_version(db, path)
    except BaseException:
        db.close()
        raise
    if version < SCHEMA_VERSION:
        db.close()
        open_writer(path).close()
        return open_reader(path)
    return db


def open_copy(path: Path) -> WatchedConnection:
    """A copy of a database, to read as it is, of whatever version up to this program's. Raises
    UsageError when it is no copy of one, StoreError when it can't be read.
    """
    db = _connect(f"file:{_uri_path(path)}?mode=ro{'&immutable=1' if _at_rest(path) else ''}", path)
    try:
        with sqlite_errors(db):
            if not _read_version(db, path):
                raise UsageError(f"{path} is no copy of a feedd database")
    except BaseException:
        db.close()
        raise
    return db


def connect(path: Path) -> WatchedConnection:
    """A connection that writes, to a file that is there; nothing is looked at yet."""
    return _connect(f"file:{_uri_path(path)}?mode=rw", path)


def _connect(uri: str, path: Path) -> WatchedConnection:
    try:
        db = sqlite3.connect(
            uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None, factory=WatchedConnection
        )
        db.text_factory = _decoded
        db.watch(path)
    except sqlite3.Error as error:
        raise as_store_error(error, path) from error
    except OSError as error:
        raise StoreError(f"the database {path} can't be opened: {error.strerror}") from error
    return db


def _decoded(text: bytes) -> str:
    """A damaged text costs itself alone: sqlite3 as it comes refuses every row it is among."""
    return text.decode("utf-8", "replace")


def _use_write_ahead_log(db: sqlite3.Connection) -> None:
    # The change of journal needs the file to itself and does not wait for it: ask again.
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            is_busy = error_name(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
            if not is_busy or time.monotonic() >= deadline:
                raise
            time.sleep(_LOCK_PAUSE_S)
            continue
        if mode != "wal":
            raise StoreError(
                f"the file system of {path_of(db)} allows no write-ahead log: keep the database on"
                " a local disk"
            )
        return


def _read_version(db: sqlite3.Connection, path: Path) -> int:
    try:
        # One statement: another process may be creating the database at this moment.
        application, version, has_tables = db.execute(
            "SELECT (SELECT application_id FROM pragma_application_id),"
            " (SELECT user_version FROM pragma_user_version), EXISTS (SELECT 1 FROM sqlite_schema)"
        ).fetchone()
    except sqlite3.OperationalError:
        raise
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise as_store_error(error, path) from error
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"the database {path} was written by a newer feedd (version {version}, this one knows"
            f" {SCHEMA_VERSION}): update feedd"
        )
    if application != APPLICATION_ID and (application or version or has_tables):
        raise StoreError(f"{path} is a database of another program: set database to another file")
    return int(version)


def create_folder(path: Path) -> None:
    """The folder of the database at `path`, with those above it."""
    try:
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"can't create the folder {path.parent} for the database: {error.strerror}"
        ) from error


def new_file_mode(path: Path) -> int:
    try:
        shared = path.parent.stat().st_mode & stat.S_ISGID
    except OSError:
        shared = 0
    return _GROUP_FILE_MODE if shared else _FILE_MODE


def _create_file(path: Path) -> None:
    """An empty file with the right mode: SQLite gives the log and its index the same.

    One that is there is not opened: closing it would take away the locks of every connection that
    this process has to it (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    create_folder(path)
    try:
        if path.is_dir():
            raise StoreError(f"{path} is a folder: set database to a file")
        with suppress(FileExistsError):
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            os.close(os.open(path, flags, new_file_mode(path)))
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError
    except PermissionError:
        raise StoreError(
            f"the database {path} can't be written: check the permissions of the file and its"
            " folder"
        ) from None
    except OSError as error:
        raise StoreError(f"the database {path} can't be opened: {error.strerror}") from error


def _at_rest(path: Path) -> bool:
    """Is all of the database in its file, nothing in its log?"""
    try:
        return log_path(path).stat().st_size == 0
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _uri_path(path: Path) -> str:
    return quote(os.fspath(path.absolute()))


# ---------------------------------------------------------------- turns


class Turn(NamedTuple):
    """What one process on a database does at a time: `place` is the byte that it locks, `others`
    says whom to wait for.
    """

    place: int
    others: str


POLLS = Turn(0, "another feedd poll")
"""Asking all feeds that are due. The daemon asks a few at any time, and waits for nobody."""
PAGES = Turn(1, "another feedd that fetches articles")
"""Fetching article pages: one process keeps the pause between those of a host (rule 17)."""


def open_turns(database: Path) -> int | None:
    """The file of whose bytes each is locked by the process whose turn it is, `feedd.db.turns`.

    None: it can't be written, and no turns are kept.
    """
    mode = new_file_mode(database)
    path = database.with_name(database.name + ".turns")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)
    except OSError:
        return None
    with suppress(OSError):  # it is somebody else's
        os.fchmod(descriptor, mode)  # whatever the umask of whoever makes it
    return descriptor


def take_turn(file: int, turn: Turn) -> bool:
    """Begin a turn; False: another process has it. Where there are no locks, nobody has."""
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, turn.place)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES)
    return True


def end_turn(file: int, turn: Turn) -> None:
    """Let the next process begin."""
    with suppress(OSError):
        fcntl.lockf(file, fcntl.LOCK_UN, 1, turn.place)
