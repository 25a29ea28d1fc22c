"""A consistent copy of the database in one file, and a copy put in the database's place."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from feedd.errors import StoreError, UsageError
from feedd.store.daemon_lock import hold_daemon_lock
from feedd.store.database import connect, open_copy
from feedd.store.sqlite import log_path, sqlite_errors


def backup(db: sqlite3.Connection, destination: Path) -> None:
    """A consistent copy in one new file (0600), while others write; whole or not at all.

    Raises UsageError when something is there already, StoreError when it can't be written.
    """
    if os.path.lexists(destination):
        raise UsageError(f"{destination} exists already and was left as it is; name a new file")
    if not destination.parent.is_dir():
        raise UsageError(f"there is no folder {destination.parent}")
    part = destination.with_name(f".{destination.name}.part")
    try:
        part.unlink(missing_ok=True)
        with closing(_new_database(part)) as copy:
            with sqlite_errors(db):
                db.backup(copy)
            # One file: the copy needs no log beside it.
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()
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


def restore(source: Path, database: Path) -> Path | None:
    """Put the copy `source` in the database's place; the database that was there is kept beside it,
    with its log, and its new path returned.

    The copy is read whole and checked before anything is touched; then the file appears at once,
    synced, without a log. Raises UsageError for a file that is no copy of a feedd database,
    StoreError when a daemon runs, when the copy is damaged or newer than this program, or when it
    can't be written.
    """
    if not source.is_file():
        raise UsageError(f"there is no file {source}: name one that feedd backup wrote")
    with hold_daemon_lock(database):
        if database.exists() and source.samefile(database):
            raise UsageError(f"{source} is the database itself: name a backup")
        part = database.with_name(f".{database.name}.part")
        try:
            remove_database(part)
            _copy_whole(source, part)
            return put_in_place(part, database, "replaced")
        except OSError as error:
            raise StoreError(f"can't restore {database}: {error.strerror}") from error
        except sqlite3.Error as error:
            raise StoreError(f"can't restore {source}: {error}") from error
        finally:
            with suppress(OSError):
                remove_database(part)


def put_in_place(part: Path, database: Path, reason: str) -> Path | None:
    """Put the closed database `part` in the place of `database`, whose name then ends in `reason`
    and the time. Hold the daemon's lock. Raises OSError.
    """
    log, index = log_path(database), database.with_name(database.name + "-shm")
    _sync(part)
    if not database.exists():
        remove_database(database)
        part.replace(database)
        _sync(database.parent)
        return None
    _like(part, database.stat())
    _copy_log_back(database)
    kept = _free_name(database, f"{reason}-{time.strftime('%Y%m%d-%H%M%S')}")
    os.link(database, kept)
    if log.exists() and log.stat().st_size:
        log.replace(log_path(kept))
    log.unlink(missing_ok=True)
    index.unlink(missing_ok=True)
    _sync(database.parent)
    part.replace(database)
    _sync(database.parent)
    return kept


def _copy_whole(source: Path, part: Path) -> None:
    """`source`, with what is in its log, as the new database `part`; checked."""
    with closing(_new_database(part)) as copy:
        with closing(open_copy(source)) as db, sqlite_errors(db):
            db.backup(copy)
        problems = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if problems != "ok":
            raise StoreError(f"{source} is damaged ({problems}): take an older backup")
        copy.execute("PRAGMA journal_mode = WAL").fetchone()


def _new_database(part: Path) -> sqlite3.Connection:
    """An empty one, which only its owner may read."""
    os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    return sqlite3.connect(part, isolation_level=None)


def _copy_log_back(database: Path) -> None:
    """So that the file that is kept is whole without its log, where it can be."""
    with suppress(sqlite3.Error, StoreError), closing(connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _free_name(database: Path, ending: str) -> Path:
    names = (f"{database.name}.{ending}{more}" for more in ("", *(f"-{n}" for n in range(2, 100))))
    return next(path for name in names if not os.path.lexists(path := database.with_name(name)))


def _like(part: Path, old: os.stat_result) -> None:
    """The permissions and the owner that the database had: root may do this for a service."""
    os.chmod(part, old.st_mode & 0o7777)
    with suppress(PermissionError):
        os.chown(part, old.st_uid, old.st_gid)


def remove_database(path: Path) -> None:
    """Take away a database that nobody uses, with its log and the log's index."""
    for name in (path, log_path(path), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
