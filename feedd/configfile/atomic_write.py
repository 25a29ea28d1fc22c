"""The file written back: all of it or nothing, by one writer at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from feedd.configfile.loader import parse
from feedd.configfile.places import read_text
from feedd.errors import UsageError

NEW_FILE_MODE = 0o640
"""Of a new file: it may come to hold a token, which is nobody else's business."""


def update(path: Path, change: Callable[[str], str]) -> None:
    """Read the file, change its text, check the result, write it; no other update comes between.

    Raises ConfigError when the file is unusable before or after, UsageError when it can't be
    written, and whatever `change` raises; the file is then as it was.
    """
    with _locked(path):
        old = read_text(path)
        parse(old, path)
        new = change(old)
        if new != old:
            parse(new, path)
            write(path, new)


def write(path: Path, text: str) -> None:
    """Replace the file in one step, keeping its mode and owner; a symbolic link stays one.

    Raises UsageError when that is not possible.
    """
    target = Path(os.path.realpath(path))
    try:
        replace(target, text.encode())
    except OSError as error:
        raise UsageError(f"{path}: can't be written: {error.strerror}") from None


def create(path: Path, text: str) -> None:
    """Write a new file, and its directory where it is missing; never over an existing one.

    Raises UsageError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, NEW_FILE_MODE)
        with open(descriptor, "wb") as file:
            file.write(text.encode())
    except FileExistsError:
        raise UsageError(f"{path} exists already and was left as it is") from None
    except OSError as error:
        raise UsageError(f"{path}: can't be written: {error.strerror}") from None


def replace(target: Path, data: bytes, *, new_mode: int = NEW_FILE_MODE) -> None:
    """Put a file of these bytes in the place of `target`, in one step, with the mode and owner of
    the old one; `new_mode` where there was none. Raises OSError.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            _take_after(target, file.fileno(), new_mode)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    directory = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _take_after(target: Path, descriptor: int, new_mode: int) -> None:
    try:
        old = target.stat()
    except FileNotFoundError:
        os.fchmod(descriptor, new_mode)
        return
    # Only root may give files away; the group may be one of ours.
    with contextlib.suppress(PermissionError):
        os.fchown(descriptor, -1, old.st_gid)
    with contextlib.suppress(PermissionError):
        os.fchown(descriptor, old.st_uid, -1)
    os.fchmod(descriptor, old.st_mode & 0o7777)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the file's lock. Each write puts a new file in its place, so after waiting look again
    whether the one locked is still the one there.
    """
    while True:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            read_text(path)  # says in words what is the matter
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            try:
                current = os.stat(path)
            except OSError:
                continue
            if not os.path.samestat(os.fstat(descriptor), current):
                continue
            yield
            return
        finally:
            os.close(descriptor)
