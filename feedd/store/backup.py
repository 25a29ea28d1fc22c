"""A consistent copy of the database in one file."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from feedd.errors import StoreError, UsageError
from feedd.store.database import APPLICATION_ID
from feedd.store.sqlite import path_of, sqlite_errors


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
            with sqlite_errors(db):
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
