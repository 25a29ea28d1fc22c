"""The shelves of items of one reading session, read from the store and marked there.

No screen in here. The items in view stay where they are while they are read; what the daemon
stores, and what is marked elsewhere, is merged into them.
"""

from __future__ import annotations

import re
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Literal

from feedd.cli.options import feeds_by_tag
from feedd.cli.tui.shelves import Shelf, ShelfOrder, in_order, unread_of
from feedd.errors import NotFoundError, StoreError, UsageError
from feedd.model import Config, Item, ItemDetail, ItemFilter, ItemPage, MarkAction, Which
from feedd.store.items import (
    feed_summaries,
    item,
    latest_times,
    list_items,
    search_items,
    shared_unread,
)
from feedd.store.marks import LATER, mark
from feedd.store.sqlite import BUSY_TIMEOUT_S

MAX_ITEMS = 50_000
"""More than a person can read; the rest follows as these are read."""
FIRST_ITEMS = 500
"""More than any screen shows at once: read first, so that there is something to see."""
MAX_FOUND = 500
MAX_UNDO = 100
PATIENCE_S = 0.02
"""So long a key waits for its turn to write while the daemon does; then the mark is written after
it, and the screen goes on."""

Order = Literal["newest", "oldest", "feed", "title"]
ORDERS: tuple[Order, ...] = ("newest", "oldest", "feed", "title")
UNDONE_BY: dict[MarkAction, MarkAction] = {
    "read": "unread",
    "unread": "read",
    "star": "unstar",
    "unstar": "star",
}

_UNFINISHED = re.compile(r"(?:^|[\s(-])(?:(?:title|author):)?\w+$")
"""A query whose last word may go on as it is typed."""


class Library:
    """The store as one reading session sees it."""

    def __init__(
        self,
        *,
        config: Config,
        reader: sqlite3.Connection,
        writer: Callable[[], sqlite3.Connection],
        now: Callable[[], int],
        only: tuple[str, ...] | None = None,
    ) -> None:
        self._config = config
        self._reader = reader
        self._open_writer = writer
        self._now = now
        self._only = only
        self._patience_s: float | None = None
        self._undo: list[tuple[MarkAction, tuple[int, ...]]] = []
        self._unwritten: deque[tuple[MarkAction, tuple[int, ...]]] = deque()

    # -------------------------------------------------------------- reading

    def seen_by(self, reader: sqlite3.Connection) -> Library:
        """The same shelves, read through another connection (in another thread)."""
        return Library(
            config=self._config,
            reader=reader,
            writer=self._open_writer,
            now=self._now,
            only=self._only,
        )

    def version(self) -> object:
        """Another one whenever something was committed; costs next to nothing."""
        return self._reader.execute("PRAGMA data_version").fetchone()[0]

    def shelves(self, order: ShelfOrder = "file") -> list[Shelf]:
        """Everything, then the tags, then the feeds, each with its unread items."""
        unread = {
            summary.feed.name: summary.unread
            for summary in feed_summaries(self._reader)
            if self._only is None or summary.feed.name in self._only
        }
        shared = shared_unread(self._reader)
        latest = latest_times(self._reader) if order == "time" else {}
        shelves = [Shelf("All", self._only, unread_of(self._only, unread, shared), "all")]
        for tag, tagged in feeds_by_tag(self._config).items():
            names = tuple(name for name in tagged if name in unread)
            if names:
                newest = max(latest.get(name, 0) for name in names)
                count = unread_of(names, unread, shared)
                shelves.append(Shelf(tag, names, count, "tag", newest))
        listed = [name for name in self._config.feeds if name in unread]
        listed += [name for name in unread if name not in self._config.feeds]
        shelves += (
            Shelf(name, (name,), unread[name], "feed", latest.get(name, 0)) for name in listed
        )
        return in_order(shelves, order)

    def items(
        self, shelf: Shelf, which: Which, order: Order, *, limit: int = MAX_ITEMS
    ) -> ItemPage:
        """The shelf's items, and how many more it has."""
        wanted = ItemFilter(feeds=shelf.feeds, which=which, limit=limit, oldest=order == "oldest")
        page = list_items(self._reader, wanted)
        return replace(page, items=tuple(ordered(self.as_marked(page.items), order)))

    def found(self, query: str, shelf: Shelf) -> ItemPage:
        """What a search finds on the shelf, best first; as `feedd search` understands it, with the
        last word going on. Raises UsageError.
        """
        if _UNFINISHED.search(query):
            with suppress(UsageError):
                return self._found(f"{query}*", shelf)
        return self._found(query, shelf)

    def _found(self, query: str, shelf: Shelf) -> ItemPage:
        wanted = ItemFilter(feeds=shelf.feeds, which="all", limit=MAX_FOUND)
        tags = feeds_by_tag(self._config)
        page = search_items(self._reader, query, wanted, tags=tags, now=self._now())
        return replace(page, items=tuple(self.as_marked(page.items)))

    def detail(self, number: int) -> ItemDetail:
        """One item with its content."""
        return item(self._reader, number)

    def whole(self, entry: Item) -> Item:
        """The item with its summary."""
        try:
            return item(self._reader, entry.id).item
        except NotFoundError:
            return entry

    # -------------------------------------------------------------- marking

    def mark(self, action: MarkAction, items: Iterable[Item]) -> list[Item]:
        """Mark those of `items` that `action` changes; gives them as they now are."""
        touched = [entry for entry in items if marked(entry, action) != entry]
        if touched:
            ids = tuple(entry.id for entry in touched)
            self._write(action, ids)
            self._undo = [*self._undo[1 - MAX_UNDO :], (action, ids)]
        return [marked(entry, action) for entry in touched]

    def undo(self) -> tuple[MarkAction, frozenset[int]] | None:
        """Take back the last mark; says which it was and of which items."""
        if not self._undo:
            return None
        action, ids = self._undo[-1]
        self._write(UNDONE_BY[action], ids)
        self._undo.pop()
        return action, frozenset(ids)

    def _write(self, action: MarkAction, ids: tuple[int, ...]) -> None:
        self._unwritten.append((action, ids))
        try:
            self.write_waiting()
        except StoreError:
            self._unwritten.clear()
            raise

    @property
    def all_written(self) -> bool:
        """Whether no mark waits until the daemon has finished writing."""
        return not self._unwritten

    def write_waiting(self, patience_s: float = PATIENCE_S) -> bool:
        """Write the marks that wait, in their order; False: the daemon is still writing. Raises
        StoreError.
        """
        while self._unwritten:
            action, ids = self._unwritten[0]
            try:
                mark(self._patient(patience_s), action, ids=ids, now=self._now())
            except StoreError as error:
                if patience_s < BUSY_TIMEOUT_S and _is_busy(error):
                    return False
                raise
            except NotFoundError:
                pass  # an item was pruned meanwhile: nothing is left to mark
            self._unwritten.popleft()
        return True

    def _patient(self, patience_s: float) -> sqlite3.Connection:
        """The connection to write with, which waits so long for others."""
        writer = self._open_writer()
        if patience_s != self._patience_s:
            writer.execute(f"PRAGMA busy_timeout = {int(patience_s * 1000)}")
            self._patience_s = patience_s
        return writer

    def as_marked(self, items: Iterable[Item]) -> Iterable[Item]:
        """Items that were read from the store, with the marks that are not written there yet."""
        for action, ids in self._unwritten:
            touched = frozenset(ids)
            items = [marked(entry, action) if entry.id in touched else entry for entry in items]
        return items

    # -------------------------------------------------------------- for others

    @property
    def config(self) -> Config:
        """The user's file."""
        return self._config

    @property
    def reader(self) -> sqlite3.Connection:
        """The database, to read."""
        return self._reader

    @property
    def now(self) -> int:
        """The present, epoch seconds."""
        return self._now()

    def writer(self) -> sqlite3.Connection:
        """The database, to write, without waiting long for others."""
        return self._patient(PATIENCE_S)


def _is_busy(error: StoreError) -> bool:
    name = getattr(error.__cause__, "sqlite_errorname", None) or ""
    return name.startswith("SQLITE_BUSY")


def marked(entry: Item, action: MarkAction) -> Item:
    """The item as it is after `action`."""
    match action:
        case "read":
            return replace(entry, read=True)
        case "unread":
            return replace(entry, read=False)
        case "later":
            return replace(entry, item_tags=(*entry.item_tags, LATER))
        case "unlater":
            tags = (tag for tag in entry.item_tags if tag.casefold() != LATER)
            return replace(entry, item_tags=tuple(tags))
        case "star":
            return replace(entry, starred=True)
        case "unstar":
            return replace(entry, starred=False)


def ordered(items: Iterable[Item], order: Order) -> list[Item]:
    """Items in the order asked for; within a feed and among equal titles the newest first."""
    match order:
        case "newest":
            return sorted(items, key=lambda entry: (-entry.sort_at, -entry.id))
        case "oldest":
            return sorted(items, key=lambda entry: (entry.sort_at, entry.id))
        case "feed":
            return sorted(items, key=lambda e: (e.feed.casefold(), -e.sort_at, -e.id))
        case "title":
            return sorted(items, key=lambda e: (e.title.casefold(), -e.sort_at, -e.id))


def merged(shown: Sequence[Item], fresh: Sequence[Item], which: Which, order: Order) -> list[Item]:
    """What is in view, with news from the store.

    An unread item that was read here or elsewhere stays until the view is left; it only looks read.
    """
    now = {entry.id: entry for entry in fresh}
    kept = []
    for entry in shown:
        current = now.pop(entry.id, None)
        if current is None:
            gone = {"unread": marked(entry, "read"), "starred": marked(entry, "unstar")}
            current = gone.get(which, entry)
        kept.append(current)
    return ordered([*kept, *now.values()], order) if now else kept
