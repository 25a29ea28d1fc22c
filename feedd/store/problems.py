"""What SQLite's errors mean to a person, and what to do next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedd.errors import StoreError

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


def in_words(error: sqlite3.Error, path: Path | str) -> StoreError:
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
def told(db: sqlite3.Connection) -> Iterator[None]:
    """SQLite's errors inside come out as StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise in_words(error, path_of(db)) from error
    except UnicodeDecodeError as error:  # a text column of a damaged page
        raise StoreError(_WORDS["SQLITE_CORRUPT"].format(path=path_of(db))) from error
