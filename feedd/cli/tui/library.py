"""The shelves of items of one reading session, read from the store and marked there.

No screen in here. The items in view stay where they are while they are read; what the daemon
stores, and what is marked elsewhere, is merged into them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from feedd.cli.options import feeds_by_tag
from feedd.errors import NotFoundError
from feedd.model import Config, Item, ItemDetail, ItemFilter, MarkAction, Which
from feedd.store.items import feed_summaries, item, list_items, search_items
from feedd.store.marks import mark

MAX_ITEMS = 50_000
"""More than a person can read; the rest follows as these are read."""
MAX_FOUND = 500
MAX_UNDO = 100

Order = Literal["newest", "oldest", "feed", "title"]
ORDERS: tuple[Order, ...] = ("newest", "oldest", "feed", "title")
UNDONE_BY: dict[MarkAction, MarkAction] = {
    "read": "unread",
    "unread": "read",
    "star": "unstar",
    "unstar": "star",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A line of the left pane: everything, a tag or a feed. `feeds` None: every feed."""

    name: str
    feeds: tuple[str, ...] | None
    unread: int
    kind: Literal["all", "tag", "feed"]


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
        self._writer = writer
        self._now = now
        self._only = only
        self._version: object = None
        self._undo: list[tuple[MarkAction, tuple[int, ...]]] = []

    def changed(self) -> bool:
        """Whether anything was committed since the last call; costs next to nothing."""
        version = self._reader.execute("PRAGMA data_version").fetchone()[0]
        changed = version != self._version
        self._version = version
        return bool(changed)

    def shelves(self) -> list[Shelf]:
        """Everything, then the tags, then the feeds, each with its unread items."""
        unread = {
            summary.feed.name: summary.unread
            for summary in feed_summaries(self._reader)
            if self._only is None or summary.feed.name in self._only
        }
        shelves = [Shelf("All", self._only, sum(unread.values()), "all")]
        for tag, tagged in feeds_by_tag(self._config).items():
            names = tuple(name for name in tagged if name in unread)
            if names:
                shelves.append(Shelf(tag, names, sum(unread[name] for name in names), "tag"))
        order = [name for name in self._config.feeds if name in unread]
        order += [name for name in unread if name not in self._config.feeds]
        shelves += (Shelf(name, (name,), unread[name], "feed") for name in order)
        return shelves

    def items(self, shelf: Shelf, which: Which, order: Order) -> list[Item]:
        """The shelf's items."""
        wanted = ItemFilter(
            feeds=shelf.feeds, which=which, limit=MAX_ITEMS, oldest=order == "oldest"
        )
        return ordered(list_items(self._reader, wanted).items, order)

    def found(self, query: str, shelf: Shelf) -> list[Item]:
        """What a search finds on the shelf, best first; as `feedd search` understands it. Raises
        UsageError.
        """
        wanted = ItemFilter(feeds=shelf.feeds, which="all", limit=MAX_FOUND)
        tags = feeds_by_tag(self._config)
        found = search_items(self._reader, query, wanted, tags=tags, now=self._now())
        return list(found.items)

    def detail(self, number: int) -> ItemDetail:
        """One item with its content."""
        return item(self._reader, number)

    def whole(self, entry: Item) -> Item:
        """The item with its summary."""
        try:
            return item(self._reader, entry.id).item
        except NotFoundError:
            return entry

    def mark(self, action: MarkAction, items: Iterable[Item]) -> list[Item]:
        """Mark those of `items` that `action` changes; gives them as they now are."""
        touched = [entry for entry in items if marked(entry, action) != entry]
        if touched:
            ids = tuple(entry.id for entry in touched)
            mark(self._writer(), action, ids=ids, now=self._now())
            self._undo = [*self._undo[1 - MAX_UNDO :], (action, ids)]
        return [marked(entry, action) for entry in touched]

    def undo(self) -> tuple[MarkAction, frozenset[int]] | None:
        """Take back the last mark; says which it was and of which items."""
        if not self._undo:
            return None
        action, ids = self._undo[-1]
        mark(self._writer(), UNDONE_BY[action], ids=ids, now=self._now())
        self._undo.pop()
        return action, frozenset(ids)

    @property
    def config(self) -> Config:
        """The user's file."""
        return self._config


def marked(entry: Item, action: MarkAction) -> Item:
    """The item as it is after `action`."""
    match action:
        case "read":
            return replace(entry, read=True)
        case "unread":
            return replace(entry, read=False)
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
