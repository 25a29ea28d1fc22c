"""The shelves that items stand on: everything, a tag, a feed; their numbers and order. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from feedd.model import Item

ShelfOrder = Literal["file", "name", "unread", "time"]
SHELF_ORDERS: tuple[ShelfOrder, ...] = ("file", "name", "unread", "time")
SHELF_ORDER_WORDS: Mapping[ShelfOrder, str] = {
    "file": "as in the file",
    "name": "by name",
    "unread": "by unread items, the most first",
    "time": "by their latest item",
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A line of the left pane: everything, a tag or a feed. `feeds` None: every feed."""

    name: str
    feeds: tuple[str, ...] | None
    unread: int
    kind: Literal["all", "tag", "feed"]
    latest: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others, whatever its numbers are."""
        return self.kind, self.name


def unread_of(
    feeds: Collection[str] | None, unread: Mapping[str, int], shared: Iterable[Sequence[str]]
) -> int:
    """The unread items of some feeds (None: all). `unread` are each feed's own; `shared` are, for
    each item that several feeds carry, their names: it counts once.
    """
    if feeds is None:
        return sum(unread.values()) - sum(len(names) - 1 for names in shared)
    if len(feeds) == 1:
        return unread.get(next(iter(feeds)), 0)
    own = frozenset(feeds)
    twice = (sum(name in own for name in names) - 1 for names in shared)
    return sum(unread.get(name, 0) for name in own) - sum(more for more in twice if more > 0)


def in_order(shelves: Sequence[Shelf], order: ShelfOrder) -> list[Shelf]:
    """Everything first, then the tags, then the feeds, each in this order."""
    ranks = {"all": 0, "tag": 1, "feed": 2}

    def place(shelf: Shelf) -> tuple[object, ...]:
        match order:
            case "file":
                return ()
            case "name":
                return (shelf.name.casefold(), shelf.name)
            case "unread":
                return (-shelf.unread, shelf.name.casefold())
            case "time":
                return (-shelf.latest, shelf.name.casefold())

    return sorted(shelves, key=lambda shelf: (ranks[shelf.kind], *place(shelf)))


def after_marks(
    shelves: Sequence[Shelf], before: Iterable[Item], now: Iterable[Item]
) -> list[Shelf]:
    """The shelves after some items were marked: what they were `before`, and are `now`."""
    changes: Counter[frozenset[str]] = Counter()
    for old, new in zip(before, now, strict=True):
        if old.read != new.read:
            changes[frozenset((new.feed, *new.also_in))] += 1 if old.read else -1
    counted = []
    for shelf in shelves:
        own = None if shelf.feeds is None else frozenset(shelf.feeds)
        by = sum(
            step for feeds, step in changes.items() if own is None or not own.isdisjoint(feeds)
        )
        counted.append(replace(shelf, unread=max(shelf.unread + by, 0)) if by else shelf)
    return counted
