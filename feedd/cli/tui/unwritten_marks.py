"""Marks on their way to the store: at once, or when the daemon has finished writing."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from feedd.errors import FeeddError, NotFoundError, StoreError
from feedd.model import Item, MarkAction
from feedd.store.marks import LATER, mark, tag
from feedd.store.sqlite import BUSY_TIMEOUT_S, error_name

PATIENCE_S = 0.02
"""How long a key waits for its turn to write while the daemon does; then the mark is written after
it, and the screen goes on."""


class TagEdit(NamedTuple):
    """Tags that an item gets, and tags that are taken from it afterwards."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([*(f"+{name}" for name in self.add), *(f"-{name}" for name in self.remove)])

    def applied(self, tags: Iterable[str]) -> tuple[str, ...]:
        """An item's own tags after the edit."""
        now = {name.casefold(): name for name in tags}
        for name in self.add:
            now.setdefault(name.casefold(), name)
        for name in self.remove:
            now.pop(name.casefold(), None)
        return tuple(now.values())


_UNDONE_BY: dict[MarkAction, MarkAction] = {
    "read": "unread",
    "unread": "read",
    "star": "unstar",
    "unstar": "star",
    "later": "unlater",
    "unlater": "later",
}


class Mark(Struct, frozen=True):
    """A mark of some items, or one that takes another back."""

    action: MarkAction | TagEdit
    ids: tuple[int, ...]
    takes_back: Mark | None = None

    @property
    def command(self) -> str | None:
        """What `feedd undo --list` calls it; None: a plain mark of one item is no act."""
        if isinstance(self.action, TagEdit):
            return f"tag {' '.join(map(str, self.ids))} {self.action}, in feedd read"
        return f"mark {self.action}, in feedd read" if len(self.ids) > 1 else None

    def apply(
        self, db: sqlite3.Connection, now: int, feed_tags: Mapping[str, Sequence[str]]
    ) -> None:
        """Write it. `feed_tags` are the feeds' own tags, by their names. Raises FeeddError."""
        if self.takes_back is not None and (command := self.takes_back.command) is not None:
            from feedd.store.acts import acts, undo

            known = (act for act in acts(db) if not act.undone and act.command == command)
            if (last := next(known, None)) is not None:
                undo(db, last.act, now)
        elif isinstance(self.action, TagEdit):
            add, remove = self.action
            tag(
                db,
                add=add,
                remove=remove,
                ids=self.ids,
                feed_tags=feed_tags,
                now=now,
                command=self.command,
            )
        else:
            mark(db, self.action, ids=self.ids, now=now, command=self.command)


class UnwrittenMarks:
    """Marks in their order, until they are written. `writer` opens the connection; `feed_tags` are
    the feeds' own tags, by their names.
    """

    def __init__(
        self,
        writer: Callable[[], sqlite3.Connection],
        now: Callable[[], int],
        feed_tags: Mapping[str, Sequence[str]],
    ) -> None:
        self.waiting: deque[Mark] = deque()
        self._open = writer
        self._now = now
        self._feed_tags = feed_tags
        self._patience_s: float | None = None

    def add(self, one: Mark) -> None:
        """Write it, or let it wait. Raises FeeddError."""
        self.waiting.append(one)
        try:
            self.write(PATIENCE_S)
        except FeeddError:
            self.waiting.clear()
            raise

    def write(self, patience_s: float) -> None:
        """Write all that wait, unless the daemon is still writing. Raises StoreError; FeeddError
        for one that can't be: it does not wait any more.
        """
        while self.waiting:
            try:
                db = self.connection(patience_s)
                self.waiting[0].apply(db, self._now(), self._feed_tags)
            except StoreError as error:
                if patience_s < BUSY_TIMEOUT_S and is_busy(error):
                    return
                raise
            except NotFoundError:
                pass  # an item was pruned meanwhile: nothing is left to mark
            except FeeddError:
                self.waiting.popleft()
                raise
            self.waiting.popleft()

    def connection(self, patience_s: float) -> sqlite3.Connection:
        """The connection to write with, which waits so long for others."""
        writer = self._open()
        if patience_s != self._patience_s:
            writer.execute(f"PRAGMA busy_timeout = {int(patience_s * 1000)}")
            self._patience_s = patience_s
        return writer

    def seen_on(self, items: Iterable[Item]) -> Iterable[Item]:
        """Items that were read from the store, with the marks that are not written there yet."""
        for one in self.waiting:
            touched = frozenset(one.ids)
            items = [marked(item, one.action) if item.id in touched else item for item in items]
        return items


def is_busy(error: StoreError) -> bool:
    """Whether it is only that another process writes."""
    return error_name(error.__cause__).startswith("SQLITE_BUSY")


def marked(entry: Item, action: MarkAction | TagEdit) -> Item:
    """The item as it is after `action`."""
    match action:
        case "read":
            return entry._replace(read=True)
        case "unread":
            return entry._replace(read=False)
        case "star":
            return entry._replace(starred=True)
        case "unstar":
            return entry._replace(starred=False)
        case "later":
            return marked(entry, TagEdit(add=(LATER,)))
        case "unlater":
            return marked(entry, TagEdit(remove=(LATER,)))
        case TagEdit():
            return entry._replace(item_tags=action.applied(entry.item_tags))


def undoing(done: Mark, before: Item) -> Mark:
    """What takes a mark back; `before` is its item (the first of several) as it was."""
    if isinstance(done.action, TagEdit):
        now = marked(before, done.action).item_tags
        gained = tuple(name for name in now if name not in before.item_tags)
        lost = tuple(name for name in before.item_tags if name not in now)
        return Mark(TagEdit(lost, gained), done.ids, takes_back=done)
    return Mark(_UNDONE_BY[done.action], done.ids, takes_back=done)
