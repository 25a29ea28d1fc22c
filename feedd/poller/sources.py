"""Feeds that no server serves: `file:` is read, `exec:` is run and what it prints is read.

Only the configuration file can name one: redirects, pages and OPML are refused them elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from feedd.errors import FetchError, is_machine_trouble, shortage_of
from feedd.model import FeedConfig, Response, Settings, Validators
from feedd.poller import programs

PROGRAMS_AT_ONCE = 8
"""More programs wait: they share this machine with everything else."""


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
                body = await programs.run_limited(
                    shlex.split(rest),
                    folder=self._folder,
                    timeout_s=settings.timeout_s,
                    max_bytes=settings.max_feed_bytes,
                    key="url",
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
        if is_machine_trouble(error):
            raise shortage_of(error) from error
        raise FetchError("exec", f"{place} can't be read: {error.strerror}") from None
    except ValueError:
        raise FetchError("bad-url", "the file: URL holds no path; check `url`") from None
    if len(body) > max_bytes:
        raise programs.too_large(str(place), max_bytes)
    return body, tag
