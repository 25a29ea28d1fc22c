"""The database as a file: made with the right permissions, and watched while in use."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path
from urllib.parse import quote

from feedd.errors import DatabaseGoneError, StoreError

_FILE_MODE = 0o600
_GROUP_FILE_MODE = 0o660
_FOLDER_MODE = 0o700


class Connection(sqlite3.Connection):
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


def create_folder(path: Path) -> None:
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


def create_file(path: Path) -> None:
    """An empty file with the right mode: SQLite gives the log and its index the same."""
    create_folder(path)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, new_file_mode(path)))
    except IsADirectoryError:
        raise StoreError(f"{path} is a folder: set database to a file") from None
    except PermissionError:
        raise StoreError(
            f"the database {path} can't be written: check the permissions of the file and its"
            " folder"
        ) from None
    except OSError as error:
        raise StoreError(f"the database {path} can't be opened: {error.strerror}") from error


def at_rest(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    try:
        return log.stat().st_size == 0
    except FileNotFoundError:
        return True
    except OSError:
        return False


def uri_path(path: Path) -> str:
    return quote(os.fspath(path.absolute()))
