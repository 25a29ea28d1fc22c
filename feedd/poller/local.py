"""Feeds that no server serves: `file:` is read, `exec:` is run and what it prints is read.

Only the configuration file can name one: redirects, pages and OPML are refused them elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

from feedd.errors import FetchError
from feedd.model import FeedConfig, Response, Settings, Validators
from feedd.units import format_size

PROGRAMS_AT_ONCE = 8
"""More programs wait: they share this machine with everything else."""

READ_BYTES = 64 * 1024
STDERR_BYTES = 4096
"""So much of the end of a program's standard error is kept, for its last line."""

ERROR_CHARACTERS = 200

PASSED_ON = ("HOME", "LANG", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER")
"""All of the environment that a program gets, with every LC_ variable."""


def is_local(url: str) -> bool:
    """Is this a `file:` or an `exec:` feed?"""
    return url[:5].lower() in ("file:", "exec:")


class LocalFeeds:
    """Asks them. Paths are relative to `folder`, that of the configuration file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._programs = asyncio.Semaphore(PROGRAMS_AT_ONCE)

    async def get(
        self, feed: FeedConfig, settings: Settings, validators: Validators | None
    ) -> Response:
        """What the file holds or the program prints, as a server would have sent it.

        A file that is still the one of `validators` is a 304. Raises FetchError.
        """
        began = time.monotonic()
        kind, _, rest = feed.url.partition(":")
        headers: Mapping[str, str] = {}
        if kind.lower() == "exec":
            async with self._programs:
                body = await _printed(
                    shlex.split(rest),
                    folder=self._folder,
                    timeout_s=settings.timeout_s,
                    max_bytes=settings.max_feed_bytes,
                )
        else:
            known = validators.etag if validators and validators.url == feed.url else None
            place = self._folder / _path(rest)
            body, tag = await asyncio.to_thread(_read, place, known, settings.max_feed_bytes)
            headers = {"etag": tag}
            if tag == known:
                return Response(304, feed.url, headers)
        return Response(
            status=200,
            url=feed.url,
            headers=headers,
            body=body,
            wire_bytes=len(body),
            duration_ms=int((time.monotonic() - began) * 1000),
        )


# ---------------------------------------------------------------- files


def _path(rest: str) -> Path:
    """The path of a `file:` URL, which RFC 8089 would begin with `//`."""
    path = Path(unquote(rest.removeprefix("//")))
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _read(place: Path, known: str | None, max_bytes: int) -> tuple[bytes, str]:
    """A file's bytes and its tag, made of its time of change and size; no bytes where it is known.

    Raises FetchError.
    """
    try:
        # Without O_NONBLOCK, opening a pipe would wait for its writer.
        with open(os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise FetchError("exec", f"{place} is no ordinary file; name one in `url`")
            tag = f'"{found.st_mtime_ns}-{found.st_size}"'
            body = b"" if tag == known else file.read(max_bytes + 1)
    except OSError as error:
        raise FetchError("exec", f"{place} can't be read: {error.strerror}") from None
    except ValueError:
        raise FetchError("bad-url", "the file: URL holds no path; check `url`") from None
    if len(body) > max_bytes:
        raise _too_large(str(place), max_bytes)
    return body, tag


# ---------------------------------------------------------------- programs


async def _printed(command: list[str], *, folder: Path, timeout_s: float, max_bytes: int) -> bytes:
    """What a program prints. It and all it started are killed when a limit is met.

    Raises FetchError.
    """
    name = command[0]
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env=_environment(os.environ),
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise FetchError("exec", f"{name} can't be run: {reason}; check `url`") from None
    assert process.stdout is not None
    assert process.stderr is not None
    said = bytearray()
    errors = asyncio.create_task(_keep_end(process.stderr, said))
    over = False
    try:
        async with asyncio.timeout(timeout_s):
            body = await _collect(process.stdout, name, max_bytes)
            await errors
            status = await process.wait()
            over = True
    except TimeoutError:
        raise FetchError(
            "exec", f"{name} was stopped: not done within {timeout_s:g} s (`timeout`)"
        ) from None
    finally:
        if not over:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            errors.cancel()
            await process.wait()
    if status != 0:
        raise FetchError("exec", f"{name} {_ending(status)}: {_last_line(said)}")
    return body


async def _collect(stream: asyncio.StreamReader, name: str, max_bytes: int) -> bytes:
    body = bytearray()
    while piece := await stream.read(READ_BYTES):
        body += piece
        if len(body) > max_bytes:
            raise _too_large(f"what {name} prints", max_bytes)
    return bytes(body)


async def _keep_end(stream: asyncio.StreamReader, kept: bytearray) -> None:
    while piece := await stream.read(READ_BYTES):
        kept += piece
        del kept[:-STDERR_BYTES]


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in ours.items() if name in PASSED_ON or name.startswith("LC_")
    }


def _ending(status: int) -> str:
    return f"exited with status {status}" if status > 0 else f"was ended by signal {-status}"


def _last_line(said: bytearray) -> str:
    lines = said.decode(errors="replace").split("\n")
    for line in reversed(lines):
        shown = "".join(c if c.isprintable() else " " for c in line).strip()
        if shown:
            return shown[:ERROR_CHARACTERS]
    return "it said nothing on standard error"


def _too_large(what: str, max_bytes: int) -> FetchError:
    return FetchError(
        "too-large", f"{what} is larger than {format_size(max_bytes)} (`max_feed_size`)"
    )
