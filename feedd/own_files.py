"""The files that the configuration names, read so that none holds anything up; whom to trust.

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

from msgspec import Struct

from feedd.errors import FetchError, MachineError
from feedd.model import TlsFiles

ANSWER_WITHIN_S: Final = 10.0
"""A file system that takes longer hangs."""

MAX_CA_BYTES: Final = 16_000_000
"""Of a file of authorities; a system's own has some 200 kB."""

MAX_HANGING: Final = 4
"""How many threads may wait for one file; the next one is told at once that it hangs."""

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


class Trust(Struct, frozen=True):
    """Authorities that are trusted: a file, a folder, PEM bytes instead of the file; and the files
    of a client certificate and its key.
    """

    ca_file: str | None = None
    ca_folder: str | None = None
    ca_pem: bytes | None = None
    client_cert: str | None = None
    client_key: str | None = None


def with_files(store: Trust, files: TlsFiles) -> Trust:
    """The authorities of a store and those of the user's file; the user's client certificate.

    Raises FetchError "tls" in words for a file of certificates or keys that can't be used.
    """
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    pem = None
    key, place = "ca_file", files.ca_file
    try:
        if place is not None:
            pem = read_file(place, MAX_CA_BYTES)
            context.load_verify_locations(cadata=pem.decode("ascii", "replace"))
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
    if pem is not None and store.ca_file is not None:
        pem += b"\n" + Path(store.ca_file).read_bytes()
    cert, its_key = files.client_cert, files.client_key or files.client_cert
    mine = [None if file is None else str(file) for file in (cert, its_key)]
    return Trust(store.ca_file, store.ca_folder, pem, *mine)


async def within_time(
    name: str,
    work: Callable[[], Value],
    *,
    timeout_s: float = ANSWER_WITHIN_S,
    ended: Callable[[], object] = lambda: None,
) -> Value:
    """What `work` returns or raises, done in a thread of its own, which nothing waits for at the
    end; `ended` is called once the thread is at its own. Raises TimeoutError, an OSError, when
    `name` does not answer in time, and MachineError where no thread is to be had.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Value] = loop.create_future()
    since = _waiting.setdefault(name, [])
    began = time.monotonic()
    is_hanging = len(since) >= MAX_HANGING and began - since[0] > timeout_s
    since.append(began)

    def tell(value: Value | None, error: BaseException | None) -> None:
        ended()
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

    try:
        if is_hanging:
            tell(None, TimeoutError())
        else:
            threading.Thread(target=run, name=f"reading {name}", daemon=True).start()
    except RuntimeError:
        words = f"no thread could be started to wait for {name}: raise the limit of processes"
        tell(None, MachineError(f"{words} (ulimit -u, or TasksMax= of the service)"))
    try:
        return await asyncio.wait_for(done, timeout_s)
    except TimeoutError:
        words = f"its file system does not answer within {timeout_s:g} s"
        raise OSError(errno.ETIMEDOUT, words) from None
