"""SQLite as the store uses it: transactions, a connection watching its file, errors in words."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from feedd.errors import DatabaseGoneError, OverwrittenError, StoreError

# Untold, sqlite3 looks for a way to adapt each of these for longer than it takes to bind it.
sqlite3.register_adapter(type(None), dict[None, None]().get)
sqlite3.register_adapter(bytes, bytes)
sqlite3.register_adapter(bool, int)

APPLICATION_ID = 0x66656564
"""Marks the file as feedd's (SQLite's application_id): "feed" in ASCII."""

SCHEMA_VERSION = 4
"""SQLite's user_version of the database this program writes; `schema` migrates to it."""

BUSY_TIMEOUT_S = 10.0
"""How long one process waits for another to finish writing before it gives up."""

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
        "the database {path} can't be opened: check that the folder exists and may be entered,"
        " and that there are not too many open files (ulimit -n)"
    ),
    "SQLITE_PERM": "the database {path} can't be used: check the permissions of the file",
    "SQLITE_NOTADB": (
        "{path} is not a feedd database: move it away, or set database to another file"
    ),
    "SQLITE_CORRUPT": (
        "the database {path} is damaged: feedd repair saves what can be read of it, and"
        " feedd restore FILE puts a backup in its place"
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


def as_store_error(error: sqlite3.Error | UnicodeDecodeError, path: Path | str) -> StoreError:
    """The StoreError that says what an SQLite error means and what to do about it. (Where the words
    of its error hold damaged bytes, sqlite3 raises UnicodeDecodeError.)
    """
    if isinstance(error, UnicodeDecodeError):
        return StoreError(_WORDS["SQLITE_CORRUPT"].format(path=path))
    for prefix, words in _WORDS.items():
        if error_name(error).startswith(prefix):
            return StoreError(words.format(path=path))
    return StoreError(f"the database {path} failed: {error}; feedd check looks for the cause")


def error_name(error: BaseException | None) -> str:
    """SQLite's own name for an error, SQLITE_BUSY say; "" where it has none."""
    return getattr(error, "sqlite_errorname", None) or ""


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
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise as_store_error(error, path_of(db)) from error


class WatchedConnection(sqlite3.Connection):
    """A connection that notices when its file is taken away or overwritten.

    SQLite goes on writing to a file that has been deleted or replaced, where nobody will ever read
    it again; and it takes the log beside a file for that file's own, whoever wrote it.
    """

    _opened: tuple[Path, int, int] | None = None
    _descriptor: int | None = None
    _logged = False

    def watch(self, path: Path) -> None:
        """From now on the file at `path` has to stay what it is. Call it before the first
        statement: a log is read with that.

        Raises OverwrittenError when the file is a copy beside the log of another one.
        """
        found = path.stat()
        self._opened = (path, found.st_dev, found.st_ino)
        self._descriptor = next(_descriptors_of(found), None)
        self._logged = self._header() == _LOG_MODE
        log = None if self._logged else _found(log_path(path))
        if log is not None and log.st_size > 0 and self._header() == _ROLLBACK_MODE:
            raise _overwritten(path)

    def check_file(self) -> None:
        """Raises DatabaseGoneError when the file is not there any more, or another one;
        OverwrittenError when a copy lies in its place and its log is still there.
        """
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
            if _is_open_here(log_path(path)):
                raise _overwritten(path)
            raise DatabaseGoneError(f"the database {path} was replaced while in use: start again")
        in_log_mode = self._header() == _LOG_MODE
        if self._logged and not in_log_mode and self._header() == _ROLLBACK_MODE:
            raise _overwritten(path)
        self._logged = self._logged or in_log_mode

    def close(self) -> None:
        """Close it; the last one copies the log back into the file. Into one that was overwritten
        nothing is copied: the connection stays open until the process ends.
        """
        try:
            self.check_file()
        except OverwrittenError:
            import ctypes

            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self))  # no finalizer closes it either
            return
        except StoreError:
            pass
        super().close()

    def _header(self) -> bytes:
        """The two bytes of the file that say how it is written (SQLite's file format, 1.3.3)."""
        if self._descriptor is None or self._opened is None:
            return b""
        try:
            found = os.fstat(self._descriptor)
            if (found.st_dev, found.st_ino) != self._opened[1:]:
                return b""
            return os.pread(self._descriptor, 2, 18)
        except OSError:
            return b""


_ROLLBACK_MODE, _LOG_MODE = b"\x01\x01", b"\x02\x02"


def log_path(path: Path) -> Path:
    """The write-ahead log of the database at `path`."""
    return path.with_name(path.name + "-wal")


def _overwritten(path: Path) -> OverwrittenError:
    return OverwrittenError(
        f"a copy was put in the place of the database {path} while the log of the old one lies"
        f" beside it: nothing was written; stop feedd, move the copy away, then put it back with"
        " feedd restore FILE"
    )


def _descriptors_of(file: os.stat_result) -> Iterator[int]:
    """The descriptors by which this process has a file open. (SQLite's own are used, for the locks
    of a file are lost when any descriptor of it is closed.) Nothing where there is no /proc.
    """
    try:
        names = os.listdir("/proc/self/fd")
    except OSError:
        return
    for name in names:
        with suppress(OSError, ValueError):
            found = os.fstat(int(name))
            if (found.st_dev, found.st_ino) == (file.st_dev, file.st_ino):
                yield int(name)


def _is_open_here(path: Path) -> bool:
    found = _found(path)
    return found is not None and any(True for _ in _descriptors_of(found))


def _found(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


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
            if isinstance(db, WatchedConnection):
                db.check_file()  # it could be replaced until now, and no more from now on
            yield
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
            raise


def begin_anew(db: sqlite3.Connection) -> None:
    """Undo all that a transaction has done, and go on in a new one: others may write in between."""
    db.execute("ROLLBACK")
    db.execute("BEGIN IMMEDIATE")


@contextmanager
def savepoint(db: sqlite3.Connection) -> Iterator[None]:
    """A part of a transaction that leaves nothing behind when it fails, so that it may go on. (Each
    statement in it costs half as much again: pages are kept as they were.)
    """
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


def noted(path: Path, key: str) -> str | None:
    """What the database at `path` keeps under a key (`meta`), whatever version it has; None where
    it keeps nothing, is not there or can't be read (whoever opens it hears why), and where others
    than its owner, who is the caller or root, may have written it.
    """
    found = _found(path)
    if found is None or not stat.S_ISREG(found.st_mode):
        return None
    if found.st_uid not in (0, os.geteuid()) or found.st_mode & 0o022:
        return None
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    return str(row[0]) if row else None


def all_rows(db: sqlite3.Connection, query: str, values: Sequence[Any] = ()) -> list[Any]:
    """What a query finds. Where there are very many texts, they are decoded in C, unless one of
    them is damaged.
    """
    tolerant, db.text_factory = db.text_factory, str
    try:
        return db.execute(query, values).fetchall()
    except (sqlite3.OperationalError, UnicodeDecodeError):  # "Could not decode to UTF-8"
        db.text_factory = tolerant
        return db.execute(query, values).fetchall()
    finally:
        db.text_factory = tolerant


def in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids, as many at a time as one query takes."""
    for start in range(0, len(ids), IDS_A_QUERY):
        yield ids[start : start + IDS_A_QUERY]


def placeholders(count: int) -> str:
    """`?,?,?` for an IN."""
    return ",".join("?" * count)
