"""Marks on their way to the store: at once, or when the daemon has finished writing."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from feedd.errors import FeeddError, NotFoundError, StoreError
from feedd.model import Item, MarkAction
from feedd.store.marks import LATER, mark
from feedd.store.sqlite import BUSY_TIMEOUT_S

PATIENCE_S = 0.02
"""So long a key waits for its turn to write while the daemon does; then the mark is written after
it, and the screen goes on."""

UNDONE_BY: dict[MarkAction, MarkAction] = {
    "read": "unread",
    "unread": "read",
    "star": "unstar",
    "unstar": "star",
    "later": "unlater",
    "unlater": "later",
}
BULK_ACT = "mark {}, in feedd read"
"""What `feedd undo --list` calls a mark of several items."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of some items; or one that takes back the last one of these, of the action named."""

    action: MarkAction
    ids: tuple[int, ...]
    takes_back: MarkAction | None = None

    def apply(self, db: sqlite3.Connection, now: int) -> None:
        """Write it. Several items are an act for `feedd undo`, too."""
        if self.takes_back is None or len(self.ids) == 1:
            command = BULK_ACT.format(self.action) if len(self.ids) > 1 else None
            mark(db, self.action, ids=self.ids, now=now, command=command)
            return
        from feedd.store.acts import acts, undo

        command = BULK_ACT.format(self.takes_back)
        last = next((act for act in acts(db) if not act.undone and act.command == command), None)
        if last is not None:
            undo(db, last.act, now)


class UnwrittenMarks:
    """Marks in their order, until they are written. `writer` opens the connection."""

    def __init__(self, writer: Callable[[], sqlite3.Connection], now: Callable[[], int]) -> None:
        self.waiting: deque[Mark] = deque()
        self._open = writer
        self._now = now
        self._patience_s: float | None = None

    def add(self, one: Mark) -> None:
        """Write it, or let it wait. Raises FeeddError."""
        self.waiting.append(one)
        try:
            self.write(PATIENCE_S)
        except FeeddError:
            self.waiting.clear()
            raise

    def write(self, patience_s: float) -> bool:
        """Write all that wait; False: the daemon is still writing. Raises StoreError."""
        while self.waiting:
            try:
                self.waiting[0].apply(self.connection(patience_s), self._now())
            except StoreError as error:
                if patience_s < BUSY_TIMEOUT_S and is_busy(error):
                    return False
                raise
            except NotFoundError:
                pass  # an item was pruned meanwhile: nothing is left to mark
            self.waiting.popleft()
        return True

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
    name = getattr(error.__cause__, "sqlite_errorname", None) or ""
    return name.startswith("SQLITE_BUSY")


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
        case "later":
            return entry if entry.later else replace(entry, item_tags=(*entry.item_tags, LATER))
        case "unlater":
            kept = tuple(tag for tag in entry.item_tags if tag.casefold() != LATER)
            return replace(entry, item_tags=kept)
