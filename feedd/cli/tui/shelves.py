"""The shelves that items stand on: everything, a view, a tag, a feed; their numbers and order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from feedd.cli.tui.unwritten_marks import marked
from feedd.model import Item, ItemPage, Which

Order = Literal["newest", "oldest", "feed", "title"]
ORDERS: tuple[Order, ...] = get_args(Order)
ShelfKind = Literal["all", "view", "tag", "feed"]
ShelfOrder = Literal["file", "name", "unread", "time"]
SHELF_ORDERS: tuple[ShelfOrder, ...] = get_args(ShelfOrder)
SHELF_ORDER_WORDS: Mapping[ShelfOrder, str] = {
    "file": "as in the file",
    "name": "by name",
    "unread": "by unread items, the most first",
    "time": "by their latest item",
}


class Shelf(Struct, frozen=True):
    """A line of the left pane: everything, a view, a tag or a feed. `feeds` None: every feed;
    `query` is a view's, and that of a tag that items have themselves.
    """

    name: str
    feeds: tuple[str, ...] | None
    unread: int
    kind: ShelfKind
    latest: int = 0
    query: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others, whatever its numbers are."""
        return self.kind, self.name

    @property
    def sign(self) -> str:
        """What stands before its name: @ of a view, # of a tag."""
        return {"view": "@", "tag": "#"}.get(self.kind, "")


class Sought(Struct, frozen=True):
    """What is in view. `shown` are its items; None where they are those of a search."""

    shelf: Shelf
    which: Which
    order: Order
    shelf_order: ShelfOrder
    shown: Sequence[Item] | None

    def is_like(self, other: Sought | None) -> bool:
        """Whether the same is in view: no other shelf, and nothing was marked."""
        return (
            other is not None
            and self.shelf.key == other.shelf.key
            and self.shown is other.shown
            and (self.which, self.order, self.shelf_order)
            == (other.which, other.order, other.shelf_order)
        )


class Look(Struct, frozen=True):
    """What the store holds now (`shelves` None: nothing has changed), and whether a daemon runs.
    `page` is what the shelf has, `items` what is to be shown of it, and what stays in view.
    """

    shelves: list[Shelf] | None
    page: ItemPage | None
    items: list[Item]
    daemon: bool


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
    """Everything first, then the views, the tags and the feeds, each in this order."""
    ranks = {"all": 0, "view": 1, "tag": 2, "feed": 3}

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
    """The shelves after some items were marked: what they were `before`, and are `now`. Which of
    them a query finds, only the store knows.
    """
    changes: Counter[frozenset[str]] = Counter()
    for old, new in zip(before, now, strict=True):
        if old.read != new.read:
            changes[frozenset((new.feed, *new.also_in))] += 1 if old.read else -1
    counted = []
    for shelf in shelves:
        own = None if shelf.feeds is None else frozenset(shelf.feeds)
        by = sum(
            step
            for feeds, step in changes.items()
            if not shelf.query and (own is None or not own.isdisjoint(feeds))
        )
        counted.append(replace(shelf, unread=max(shelf.unread + by, 0)) if by else shelf)
    return counted


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
