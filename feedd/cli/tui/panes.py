"""The three panes: shelves, items, and the article that is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.text import Text
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from feedd.cli.item_lines import ItemLines
from feedd.cli.item_page import article_lines
from feedd.cli.screen import Screen, pad, unpainted
from feedd.cli.tui.library import Shelf
from feedd.cli.tui.rows import Rows
from feedd.cli.typeset import MAX_MEASURE_COLUMNS
from feedd.model import Config, Item, ItemDetail
from feedd.terminal import cut, gate, width


def screen_of(columns: int, colours: bool) -> Screen:
    """A pane as the painting functions see it."""
    return Screen(terminal=True, colours=256 if colours else 0, columns=columns)


class ShelfPane(Rows):
    """Everything, tags, feeds, with what is unread."""

    def __init__(self, *, colours: bool) -> None:
        super().__init__(id="shelves")
        self.shelves: Sequence[Shelf] = ()
        self._colours = colours

    def length(self) -> int:
        return len(self.shelves)

    def text(self, index: int, columns: int) -> Text:
        shelf = self.shelves[index]
        screen = screen_of(columns, self._colours)
        count = f"{shelf.unread:,}" if shelf.unread else ""
        mark = {"all": "", "tag": "#", "feed": "  "}[shelf.kind]
        room = max(columns - len(mark) - len(count) - 1, 1)
        name = pad(cut(gate(shelf.name), room), room)
        if shelf.kind == "feed":
            painted = screen.paint_feed(name, shelf.name)
        else:
            painted = screen.paint(name, "bold")
        return Text.from_ansi(f"{mark}{painted} {screen.paint(count, 'bold')}")

    def show(self, shelves: Sequence[Shelf]) -> None:
        """Show these, the cursor staying on its shelf."""
        at = self.shelf.name if self.shelf is not None else None
        kind = self.shelf.kind if self.shelf is not None else None
        self.shelves = shelves
        for index, shelf in enumerate(shelves):
            if (shelf.name, shelf.kind) == (at, kind):
                self.cursor = index
        self.changed()

    @property
    def shelf(self) -> Shelf | None:
        """The one under the cursor."""
        return self.shelves[self.cursor] if self.cursor < len(self.shelves) else None

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
        self, *, colours: bool, now: Callable[[], int], whole: Callable[[Item], Item]
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
                feeds_shown=len({item.feed for item in self.items}) > 1,
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
            self.cursor = 0
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
        """Show these items as they are now."""
        now = {item.id: item for item in changed}
        self.items = [now.get(item.id, item) for item in self.items]
        self.changed()

    @property
    def item(self) -> Item | None:
        """The one under the cursor."""
        return self.items[self.cursor] if self.cursor < len(self.items) else None


MAX_LINES = 10_000_000
"""More than any article has: so far to its end."""


class ArticlePane(ScrollView, can_focus=True):
    """One item's page."""

    def __init__(self, *, colours: bool, config: Config) -> None:
        super().__init__(id="page")
        self.detail: ItemDetail | None = None
        self._colours = colours
        self._config = config
        self._lines: list[str] = []
        self._set_for = 0

    def show(self, detail: ItemDetail | None) -> None:
        """Show this item from its beginning."""
        self.detail = detail
        self._set_for = 0
        self._typeset()
        self.scroll_to(y=0, animate=False, immediate=True)

    def _typeset(self) -> None:
        # A column on the left, and one on the right for the scroll bar.
        columns = min(self.outer_size.width - 2, MAX_MEASURE_COLUMNS)
        if columns == self._set_for:
            return
        self._set_for = columns
        self._lines = []
        if self.detail is not None and columns > 0:
            screen = screen_of(columns, self._colours)
            self._lines = article_lines(self.detail, self._config, screen, columns)
        longest = max((width(unpainted(line)) for line in self._lines), default=0)
        self.virtual_size = Size(longest + 1, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        columns = self.scrollable_content_region.width
        if index >= len(self._lines):
            return Strip.blank(columns, self.rich_style)
        text = Text.from_ansi(" " + self._lines[index])
        strip = Strip(text.render(self.app.console)).apply_style(self.rich_style)
        start = self.scroll_offset.x
        return strip.crop_extend(start, start + columns, self.rich_style)

    def scroll_by(self, *, rows: float = 0, columns: int = 0, pages: float = 0) -> bool:
        """Scroll at once. False: there is nothing further that way."""
        self._typeset()  # the size may have changed since
        height = self.scrollable_content_region.height
        step = rows + (max(1, height - 2) if abs(pages) == 1 else height // 2) * pages
        before = self.scroll_offset
        self.scroll_to(
            x=before.x + columns, y=before.y + step, animate=False, force=True, immediate=True
        )
        return self.scroll_offset != before

    def on_resize(self) -> None:
        self._typeset()
