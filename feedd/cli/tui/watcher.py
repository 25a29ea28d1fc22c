"""Looks, in a thread of its own, whether the store holds something new, and reads it: the screen
goes on meanwhile.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from feedd.cli.tui.library import Library
from feedd.cli.tui.shelves import Order, Shelf, ShelfOrder, merged
from feedd.model import Item, ItemPage, Which
from feedd.store.database import daemon_pid, open_reader

DAEMON_LOOK_TURNS = 5
"""Whether a daemon runs is asked every so many looks: the question holds its lock for a moment."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is in view. `shown` are its items; None where they are those of a search."""

    shelf: Shelf
    which: Which
    order: Order
    shelf_order: ShelfOrder
    shown: Sequence[Item] | None


@dataclass(frozen=True, slots=True)
class Look:
    """What the store holds now (`shelves` None: nothing has changed), and whether a daemon runs.
    `page` is what the shelf has, `items` what is to be shown of it, and what stays in view.
    """

    shelves: list[Shelf] | None
    page: ItemPage | None
    items: list[Item]
    daemon: bool


class Watcher:
    """One thread with a connection of its own."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="watcher")
        self._own: Library | None = None
        self._reader: sqlite3.Connection | None = None
        self._version: object = None
        self._turn = 0
        self._daemon = False

    async def look(self, sought: Sought) -> Look:
        """What has changed since the last look. Raises StoreError."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._look, sought)

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

    def forget(self) -> None:
        """The last look came too late to be used: the next one looks at everything."""
        self._version = None

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
