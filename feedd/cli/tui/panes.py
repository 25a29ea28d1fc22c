"""The panes: shelves, items, and the article that is read; how they divide the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.text import Text

from feedd.cli.item_lines import ItemLines
from feedd.cli.screen import Colours, pad
from feedd.cli.tui.rows import Rows, screen_of
from feedd.cli.tui.shelves import Shelf
from feedd.model import Item
from feedd.terminal import cut, gate

FEEDS_FROM_COLUMNS = 40
"""A narrower list has no room for the names of feeds beside the titles."""


class ShelfPane(Rows):
    """Everything, tags, feeds, with what is unread; on demand without those that have nothing."""

    follows = False

    def __init__(self, *, colours: Colours) -> None:
        super().__init__(id="shelves")
        self.shelves: Sequence[Shelf] = ()
        self.every: Sequence[Shelf] = ()
        self.empty_hidden = False
        self._colours = colours

    def length(self) -> int:
        return len(self.shelves)

    def text(self, index: int, columns: int) -> Text:
        shelf = self.shelves[index]
        screen = screen_of(columns, self._colours)
        count = f"{shelf.unread:,}" if shelf.unread else ""
        mark = "  " if shelf.kind == "feed" else shelf.sign
        room = max(columns - len(mark) - len(count) - 1, 1)
        name = pad(cut(gate(shelf.name), room), room)
        if shelf.kind == "feed":
            painted = screen.paint_feed(name, shelf.name)
        else:
            painted = screen.paint(name, "bold")
        return Text.from_ansi(f"{mark}{painted} {screen.paint(count, 'bold')}")

    def show(self, shelves: Sequence[Shelf]) -> None:
        """Show these, the cursor staying on its shelf; where that is hidden now, on the next."""
        at = self.shelf
        self.every = shelves
        self.shelves = [
            shelf
            for shelf in shelves
            if not self.empty_hidden
            or shelf.unread
            or shelf.kind == "all"
            or (at is not None and shelf.key == at.key)
        ]
        for index, shelf in enumerate(self.shelves):
            if at is not None and shelf.key == at.key:
                self.cursor = index
        self.changed()

    @property
    def shelf(self) -> Shelf | None:
        """The one under the cursor."""
        return self.shelves[self.cursor] if self.cursor < len(self.shelves) else None

    def go_to_view(self, name: str | None) -> None:
        for place, shelf in enumerate(self.shelves):
            if (shelf.kind, shelf.name) == ("view", name):
                self.go_to(place)

    def go_to_unread(self) -> bool:
        """Go to the next feed that has something unread, if any."""
        order = [*range(self.cursor + 1, len(self.shelves)), *range(self.cursor)]
        for place in order:
            if self.shelves[place].unread and self.shelves[place].kind == "feed":
                self.go_to(place)
                return True
        return False

    def go_to_tag(self, by: int) -> bool:
        """Go to the next tag, or (by -1) the one before; everything counts as one of them. False:
        there are no tags.
        """
        places = [n for n, shelf in enumerate(self.shelves) if shelf.kind != "feed"]
        if len(places) < 2:
            return False
        further = [n for n in places if (n - self.cursor) * by > 0] or places
        self.go_to(further[0] if by > 0 else further[-1])
        return True


class ItemPane(Rows):
    """The items of a shelf or of a search."""

    def __init__(
        self, *, colours: Colours, now: Callable[[], int], whole: Callable[[Item], Item]
    ) -> None:
        super().__init__(id="items")
        self.items: Sequence[Item] = ()
        self._colours = colours
        self._now = now
        self._whole = whole
        self._lines: ItemLines | None = None

    def length(self) -> int:
        return len(self.items)

    def text(self, index: int, columns: int) -> Text:
        if self._lines is None:
            self._lines = ItemLines(
                self.items,
                screen=screen_of(columns, self._colours),
                now=self._now(),
                which="all",
                feeds_shown=columns >= FEEDS_FROM_COLUMNS
                and len({item.feed for item in self.items}) > 1,
            )
        item = self.items[index]
        return Text.from_ansi(self._lines.line(item if item.title else self._whole(item)))

    def changed(self) -> None:
        self._lines = None
        super().changed()

    def show(self, items: Sequence[Item], *, stay: bool = True) -> None:
        """Show these; with `stay` the cursor keeps its item and its row of the screen."""
        at, row = self.item, self.cursor_row
        self.items = items
        if not stay or at is None:
            self.changed()
            self.go_to(0, keep_row=0)
            return
        place = next((n for n, item in enumerate(items) if item.id == at.id), self.cursor)
        self.changed()
        self.go_to(place, keep_row=row)

    def next_unread(self, *, from_start: bool = False) -> int | None:
        """The place of the next unread item after the cursor, round the end if need be."""
        start = 0 if from_start else self.cursor + 1
        count = len(self.items)
        order: list[int] = [*range(start, count), *range(min(start, count))]
        return next((place for place in order if not self.items[place].read), None)

    def replace(self, changed: Sequence[Item]) -> None:
        now = {item.id: item for item in changed}
        before = self.items
        self.items = [now.get(item.id, item) for item in before]
        touched = [n for n, item in enumerate(before) if item.id in now]
        if any(before[n].starred != self.items[n].starred for n in touched):
            self.changed()  # whether there is a column for stars
        else:
            self.changed_lines(touched)

    @property
    def item(self) -> Item | None:
        """The one under the cursor."""
        return self.items[self.cursor] if self.cursor < len(self.items) else None


# ---------------------------------------------------------------- the layout


WIDE_COLUMNS = 110
"""From here on the page stands under the items, and the shelves stay beside both."""
BESIDE_COLUMNS = 160
"""From here on the page stands beside the items, and the shelves stay."""
SLIM_COLUMNS = 48
"""With fewer, the shelves stand alone."""
FEW_ROWS = 10
"""With fewer, the line of keys gives way to what is read."""

CSS = Path(__file__).with_name("panes.tcss").read_text(encoding="utf-8")


def layout_classes(columns: int, rows: int, beside: bool | None) -> dict[str, bool]:
    """Which of the classes in `CSS` hold on a screen of this size. `beside`: whether the user wants
    the article beside the items (None: where there is room for it and the shelves).
    """
    wide = columns >= WIDE_COLUMNS
    side_by_side = wide and (columns >= BESIDE_COLUMNS if beside is None else beside)
    return {
        "wide": wide,
        "narrow": not wide,
        "beside": side_by_side,
        "stacked": wide and not side_by_side,
        "tight": columns < BESIDE_COLUMNS,
        "slim": columns < SLIM_COLUMNS,
        "few": rows < FEW_ROWS,
    }
