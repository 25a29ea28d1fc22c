"""The lead pictures of articles: fetched by the guarded client, kept for a while, drawn apart.

Nothing is fetched unless the terminal can draw it and the user lets it.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import importlib
import os
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from feedd.cli.tui.drawing import DrawnPicture, Graphics, Picture, PictureJob, draw
from feedd.cli.tui.outside import is_web_address, picture_of
from feedd.cli.tui.terminal_answers import TerminalAnswers
from feedd.errors import FeeddError
from feedd.model import Config, FeedConfig, ItemDetail

if TYPE_CHECKING:
    from feedd.cli.tui.window import Window
    from feedd.http import Client
    from feedd.workers.dispatcher import Workers

MAX_PICTURE_BYTES = 8_000_000
MAX_KEPT_BYTES = 50_000_000
"""What is kept of pictures in all; the least recently used go first."""
MAX_COLUMNS = 80
MAX_ROWS = 18
MIN_ROWS = 3
DRAW_TIMEOUT_S = 10.0
DRAW_CPU_S = 5
DRAW_MEMORY_BYTES = 600_000_000
SENT_BYTES = 4096
"""A piece of a picture, as kitty's protocol wants it: base64, in pieces of so many characters."""
LAYOUT_PAUSE_S = 0.02
LAYOUT_TRIES = 50
"""So often it is looked whether the pane has its size."""
LIBRARIES = ("PIL.ImageOps", *(f"PIL.{name}ImagePlugin" for name in ("Jpeg", "Png", "Gif", "WebP")))
"""Loaded by the worker before it is closed in."""
NUMBERS = range(16, 216)
"""By which kitty knows pictures: as many colours as there are, but the first ones may be others."""


class Pictures:
    """All that it takes, opened when the first picture is wanted; an asynchronous `close`."""

    def __init__(self, window: Window, config: Config, terminal: TerminalAnswers) -> None:
        self._window = window
        self._config = config
        self._terminal = terminal
        self._opened = AsyncExitStack()
        self._client: Client | None = None
        self._workers: Workers | None = None
        self._number = NUMBERS.start - 1
        self._in_vain: set[str] = set()

    def show(self, detail: ItemDetail) -> None:
        """Show the picture of the article that is open, when it has come."""
        url = picture_of(detail) if self._terminal.graphics is not None else None
        if url is not None and is_web_address(url):
            self._window.run_worker(self._show(detail, url), group="picture", exclusive=True)

    async def _show(self, detail: ItemDetail, url: str) -> None:
        page = self._window.page
        for _ in range(LAYOUT_TRIES):
            if not page.size:
                await asyncio.sleep(LAYOUT_PAUSE_S)
        room = page.scrollable_content_region
        feed = self._config.feeds.get(detail.item.feed)
        found = await self.drawn(url, feed, columns=room.width - 2, rows=room.height // 2)
        if found is not None and page.detail is detail:
            picture, sent = found
            self._window.send(sent)
            page.show_picture(picture)

    async def drawn(
        self, url: str, feed: FeedConfig | None, *, columns: int, rows: int
    ) -> tuple[Picture, str] | None:
        """The picture at `url` in at most so many cells, and what is to be sent to the terminal
        before it is shown. None: there is none.
        """
        graphics = self._terminal.graphics
        columns, rows = min(columns, MAX_COLUMNS), min(rows, MAX_ROWS)
        if graphics is None or url in self._in_vain or rows < MIN_ROWS or columns < MIN_ROWS:
            return None
        try:
            data = await self._fetched(url, feed)
            made = await self._drawn(data, graphics, columns, rows)
        except (FeeddError, OSError):
            self._in_vain.add(url)
            return None
        width, height = self._terminal.cell
        used = -(-made.width // width), -(-made.height // height)
        if used[0] > columns or used[1] > rows or not is_harmless(made.data, graphics):
            self._in_vain.add(url)  # no worker of ours answers so: a picture has taken it over
            return None
        if used[1] < MIN_ROWS:  # a button, or a pixel that counts readers
            self._in_vain.add(url)
            return None
        if graphics == "sixel":
            return Picture(*used, sixel=made.data.decode("ascii")), ""
        before = self._number
        self._number = before + 1 if before + 1 in NUMBERS else NUMBERS.start
        picture = Picture(*used, number=self._number)
        forget = f"\x1b_Ga=d,d=I,i={before},q=2\x1b\\" if before in NUMBERS else ""
        return picture, forget + "".join(sent_to_kitty(made.data, picture))

    async def close(self) -> None:
        await self._opened.aclose()

    # -------------------------------------------------------------- fetching

    async def _fetched(self, url: str, feed: FeedConfig | None) -> bytes:
        kept = _folder() / hashlib.sha256(url.encode()).hexdigest()
        with suppress(OSError):
            data = await asyncio.to_thread(kept.read_bytes)
            os.utime(kept)
            return data
        client = self._client or await self._open_client()
        from feedd.http import Request

        request = Request(
            url=url,
            accept="any",
            max_bytes=MAX_PICTURE_BYTES,
            user_agent=feed.user_agent if feed is not None else None,
            proxy=feed.proxy if feed is not None else None,
        )
        response = await client.get(request)
        if response.status != 200 or response.truncated:
            raise FeeddError(f"no picture at {url}: {response.status}")
        with suppress(OSError):  # without room, it is fetched again the next time
            await asyncio.to_thread(_keep, kept, response.body)
        return response.body

    async def _open_client(self) -> Client:
        # What takes long to import does not hold up the screen.
        http = await asyncio.to_thread(importlib.import_module, "feedd.http")
        await asyncio.to_thread(getattr, http, "Client")
        opened: Client = http.open_client(self._config.settings)
        self._client = await self._opened.enter_async_context(opened)
        return opened

    async def _drawn(
        self, data: bytes, graphics: Graphics, columns: int, rows: int
    ) -> DrawnPicture:
        if self._workers is None:
            from feedd.workers.dispatcher import Workers

            self._workers = await self._opened.enter_async_context(
                Workers(
                    f"{draw.__module__}:{draw.__name__}",
                    {PictureJob: DrawnPicture},
                    loads=LIBRARIES,
                    count=1,
                    timeout_s=DRAW_TIMEOUT_S,
                    cpu_s=DRAW_CPU_S,
                    memory_bytes=DRAW_MEMORY_BYTES,
                )
            )
        width, height = self._terminal.cell
        job = PictureJob(data, columns * width, rows * height, graphics, self._terminal.dark)
        made: DrawnPicture = await self._workers.run(job)
        return made


def is_harmless(data: bytes, graphics: Graphics) -> bool:
    """Whether a terminal does nothing but draw with it. (What goes to kitty is sent as base64.)"""
    return graphics == "kitty" or re.fullmatch(rb"\x1bP0;1q[!-~]*\x1b\\", data) is not None


def sent_to_kitty(png: bytes, picture: Picture) -> Iterator[str]:
    """The sequences that send a picture and place it where its characters stand."""
    text = base64.standard_b64encode(png).decode("ascii")
    pieces = [text[start : start + SENT_BYTES] for start in range(0, len(text), SENT_BYTES)]
    for number, piece in enumerate(pieces, start=1):
        more = int(number < len(pieces))
        head = f"m={more},q=2"
        if number == 1:
            head = (
                f"a=T,U=1,f=100,t=d,i={picture.number},c={picture.columns},r={picture.rows},{head}"
            )
        yield f"\x1b_G{head};{piece}\x1b\\"


def _folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(base) if base.startswith("/") else Path.home() / ".cache"
    return root / "feedd" / "pictures"


def _keep(place: Path, data: bytes) -> None:
    """Put a picture among those kept, and take away the oldest where there are too many."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place.with_name(f"{place.name}.{os.getpid()}")
    part.write_bytes(data)
    part.replace(place)
    kept = sorted(
        ((found.st_mtime, found.st_size, path) for path, found in _stats(place.parent)),
        reverse=True,
    )
    total = 0
    for _, size, path in kept:
        total += size
        if total > MAX_KEPT_BYTES:
            path.unlink(missing_ok=True)


def _stats(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in folder.iterdir():
        with suppress(OSError):
            yield path, path.stat()
