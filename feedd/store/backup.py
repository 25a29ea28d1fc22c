"""A consistent copy of the database in one file."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from feedd.errors import StoreError, UsageError
from feedd.store.sqlite import sqlite_errors


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


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
