"""Looks, in a thread of its own, whether the store holds something new, and reads it: the screen
goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from feedd.cli.tui.library import Library
from feedd.cli.tui.shelves import Look, Sought, merged
from feedd.errors import FeeddError
from feedd.model import Item
from feedd.store.daemon_lock import daemon_pid
from feedd.store.database import open_reader

if TYPE_CHECKING:
    from feedd.cli.tui.window import Window

SHARE = 0.1
"""Looking takes at most this share of the time, however much there is to look at."""
DAEMON_LOOK_TURNS = 5
"""Whether a daemon runs is asked every so many looks: the question holds its lock for a moment."""


class Watcher:
    """One thread with a connection of its own."""

    def __init__(self, window: Window, library: Library) -> None:
        self._window = window
        self._library = library
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="watcher")
        self._own: Library | None = None
        self._reader: sqlite3.Connection | None = None
        self._version: object = None
        self._turn = 0
        self._daemon = False
        self._busy = False
        self._not_before = 0.0

    def begin(self) -> None:
        """Look, unless one is under way, or the last one took long a short while ago."""
        if not self._busy and time.monotonic() >= self._not_before:
            self._busy = True
            self._window.run_worker(self._bring())

    async def _bring(self) -> None:
        sought = self._window.sought
        started = time.monotonic()
        try:
            if sought is None:
                return
            loop = asyncio.get_running_loop()
            look = await loop.run_in_executor(self._thread, self._look, sought)
        except FeeddError as error:
            self._window.status.note(str(error))
            return
        finally:
            self._busy = False
            done = time.monotonic()
            self._not_before = done + (done - started) / SHARE
        if sought.is_like(self._window.sought):
            self._window.bring_in(look)
        else:
            self._version = None  # this look came too late: the next one sees all of it again

    def close(self) -> None:
        """Wait for the look under way, and end."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    def _look(self, sought: Sought) -> Look:
        database = self._library.config.settings.database
        if self._own is None:
            self._reader = open_reader(database)
            self._own = self._library.seen_by(self._reader)
        if self._turn % DAEMON_LOOK_TURNS == 0:
            self._daemon = daemon_pid(database) is not None
        self._turn += 1
        version = self._own.version()
        if version == self._version:
            return Look(None, None, [], self._daemon)
        shelves = self._own.shelves(sought.shelf_order)
        page = None
        items: list[Item] = []
        if sought.shown is not None:
            page = self._own.items(sought.shelf, sought.which, sought.order)
            which = self._own.which_of(sought.shelf, sought.which)
            items = merged(sought.shown, page.items, which, sought.order)
        self._version = version
        return Look(shelves, page, items, self._daemon)

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
