"""The files that the configuration names, read so that none of them holds anything up.

What stands in a file's place may be a FIFO that nobody writes to, a device, or a file on a network
file system that does not answer: it is opened without waiting, only a regular file is read, and
whoever must not wait reads in a thread of its own, for a limited time.
"""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from feedd.errors import FetchError
from feedd.model import TlsFiles

ANSWER_WITHIN_S: Final = 10.0
"""A file system that takes longer hangs."""

MAX_CA_BYTES: Final = 16_000_000
"""Of a file of authorities; a system's own has some 200 kB."""

MAX_HANGING: Final = 4
"""So many threads may wait for one file; the next one is told at once that it hangs."""

Value = TypeVar("Value")

_waiting: dict[str, list[float]] = {}
"""When the threads that wait for each file began to."""


def read_file(path: Path, most_bytes: int) -> bytes:
    """The beginning of a regular file, at most `most_bytes` of it. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no regular file")
    with open(descriptor, "rb") as file:
        return file.read(most_bytes)


def version_of(path: Path) -> tuple[int, int, int] | None:
    """What tells one state of a file from another; None while there is none, as between two steps
    of an editor.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def check_regular(path: Path) -> None:
    """Raises OSError for what is no regular file, or can't be read."""
    read_file(path, 1)


def check_certificates(files: TlsFiles) -> bytes | None:
    """The authorities in `ca_file`, if it is given. Raises FetchError "tls" in words for a file of
    certificates or keys that can't be used.
    """
    import ssl  # only who has such files pays for it

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authorities = None
    key, place = "ca_file", files.ca_file
    try:
        if place is not None:
            authorities = read_file(place, MAX_CA_BYTES)
            context.load_verify_locations(cadata=authorities.decode("ascii", "replace"))
        if files.client_cert is not None:
            key, place = "client_cert", files.client_cert
            check_regular(place)
            if files.client_key is not None:
                key, place = "client_key", files.client_key
                check_regular(place)
            # Without a password of its own, OpenSSL would ask the terminal for that of a key.
            context.load_cert_chain(files.client_cert, files.client_key, password=lambda: "")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            words = f"{place} is not the key of the certificate in client_cert"
        else:
            what = "certificate" + " with an unencrypted key" * (key != "ca_file")
            words = f"{place} holds no {what} in PEM form"
        raise FetchError("tls", f"{key}: {words}") from None
    except OSError as error:
        raise FetchError("tls", f"{key}: {place} can't be read: {error.strerror}") from None
    return authorities


async def within_time(
    name: str, work: Callable[[], Value], *, timeout_s: float = ANSWER_WITHIN_S
) -> Value:
    """What `work` returns or raises, done in a thread of its own, which nothing waits for at the
    end. Raises OSError (ETIMEDOUT) when `name`, a file, does not answer in time.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Value] = loop.create_future()
    since = _waiting.setdefault(name, [])
    if len(since) >= MAX_HANGING and time.monotonic() - since[0] > timeout_s:
        raise _hangs(timeout_s)
    began = time.monotonic()
    since.append(began)

    def tell(value: Value | None, error: BaseException | None) -> None:
        with suppress(ValueError):
            since.remove(began)
        if not since:
            _waiting.pop(name, None)
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(value)  # type: ignore[arg-type]  # work's own

    def run() -> None:
        value, error = None, None
        try:
            value = work()
        except BaseException as met:
            error = met
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(tell, value, error)

    threading.Thread(target=run, name=f"reading {name}", daemon=True).start()
    try:
        return await asyncio.wait_for(done, timeout_s)
    except TimeoutError:
        raise _hangs(timeout_s) from None


def _hangs(timeout_s: float) -> OSError:
    return OSError(errno.ETIMEDOUT, f"its file system does not answer within {timeout_s:g} s")
