"""One daemon a database: an advisory lock beside the file, with the holder's process id in it.

It is the kernel's (flock), so it ends with the process that holds it, however that dies. Its file
stays: taking it away would let two processes hold locks on two files of one name.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

from feedd.errors import StoreError
from feedd.store.database import create_folder, new_file_mode

RETRY_FOR_S = 1.0
"""A command that asks whether a daemon runs holds the lock for a moment: that is no daemon."""

_RETRY_PAUSE_S = 0.05


class DaemonLock:
    """Held from creation until `release`, or the end of a with block."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let the next daemon start; harmless when repeated."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
            os.close(descriptor)

    def __enter__(self) -> DaemonLock:
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


def lock_path(database: Path) -> Path:
    """`feedd.db.lock` beside `feedd.db`."""
    return database.with_name(database.name + ".lock")


def hold_daemon_lock(database: Path) -> DaemonLock:
    """Be the daemon of this database until released. Raises StoreError that names the process id of
    the one there is.
    """
    create_folder(database)
    path = lock_path(database)
    mode = new_file_mode(database)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)
    except OSError as error:
        raise StoreError(
            f"can't create {path}: {error.strerror}; check the permissions of its folder"
        ) from error
    deadline = time.monotonic() + RETRY_FOR_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = _written_pid(descriptor)
                os.close(descriptor)
                who = f"process {holder}" if holder else "another process"
                raise StoreError(
                    f"a daemon already runs on {database} ({who}): stop it first"
                ) from None
            time.sleep(_RETRY_PAUSE_S)
        except OSError as error:
            os.close(descriptor)
            raise StoreError(f"can't lock {path}: {error.strerror}") from error
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except OSError as error:
        os.close(descriptor)
        raise StoreError(f"can't write {path}: {error.strerror}") from error
    return DaemonLock(descriptor)


def daemon_pid(database: Path) -> int | None:
    """The process id of the daemon on this database; None: none runs, or it can't be told."""
    try:
        descriptor = os.open(lock_path(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _written_pid(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)
    return None


def _written_pid(descriptor: int) -> int | None:
    try:
        return int(os.pread(descriptor, 32, 0))
    except (OSError, ValueError):
        return None
