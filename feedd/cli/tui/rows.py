"""A list of any length: only the lines on the screen are ever made."""

from __future__ import annotations

from collections.abc import Iterable

from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from feedd.cli.screen import Colours, Screen
from feedd.terminal import cut

CURSOR = Style(reverse=True)
CURSOR_ELSEWHERE = Style(bold=True, underline=True)
DIM = Style(dim=True)
WHEEL_ROWS = 3


def screen_of(columns: int, colours: Colours) -> Screen:
    """A pane as the painting functions see it."""
    return Screen(terminal=True, colours=colours, columns=columns)


class Rows(ScrollView, can_focus=True):
    """Lines of which one is the cursor's. Sub-classes say how long it is and what a line shows.

    `follows`: turning the wheel takes the cursor along, so that it stays in sight.
    """

    follows = True

    class Clicked(Message):
        """A line was clicked; the cursor is on it."""

        def __init__(self, rows: Rows) -> None:
            self.rows = rows
            super().__init__()

        @property
        def control(self) -> Rows:
            return self.rows

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.cursor = 0
        self.instead = ""  # what stands there where there are no lines
        self._cache: dict[tuple[int, int], Text] = {}

    def length(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def text(self, index: int, columns: int) -> Text:
        """Line `index` in at most `columns`."""
        raise NotImplementedError

    def changed(self) -> None:
        """The lines are others now."""
        self._cache.clear()
        self.virtual_size = Size(self.scrollable_content_region.width, self.length())
        self.cursor = max(0, min(self.cursor, self.length() - 1))
        self.refresh()

    def changed_lines(self, indexes: Iterable[int]) -> None:
        """These lines are others now, and as wide as before."""
        changed = frozenset(indexes)
        self._cache = {key: text for key, text in self._cache.items() if key[0] not in changed}
        self.refresh()

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        columns = self.scrollable_content_region.width
        if index >= self.length():
            if index == 0 and self.instead:
                words = Text(cut(self.instead, columns), DIM).render(self.app.console)
                return Strip(words).adjust_cell_length(columns, self.rich_style)
            return Strip.blank(columns, self.rich_style)
        text = self._cache.get((index, columns))
        if text is None:
            text = self._cache[index, columns] = self.text(index, columns)
        strip = Strip(text.render(self.app.console)).apply_style(self.rich_style)
        strip = strip.adjust_cell_length(columns, self.rich_style)
        if index == self.cursor:
            strip = strip.apply_style(CURSOR if self.has_focus else CURSOR_ELSEWHERE)
        return strip

    def go_to(self, index: int, *, keep_row: int | None = None) -> None:
        """Put the cursor on a line, in view; `keep_row`: on that row of the screen if possible."""
        self.cursor = max(0, min(index, self.length() - 1))
        if keep_row is not None:
            self.scroll_to(y=max(0, self.cursor - keep_row), animate=False, immediate=True)
        self.scroll_to_region(
            Region(0, self.cursor, 1, 1), animate=False, force=True, immediate=True
        )
        self.refresh()

    @property
    def cursor_row(self) -> int:
        """The row of the screen that the cursor is on."""
        return self.cursor - self.scroll_offset.y

    @property
    def page_rows(self) -> int:
        """How many lines a page further is."""
        return max(1, self.scrollable_content_region.height - 1)

    def on_click(self, event: events.Click) -> None:
        index = event.y + self.scroll_offset.y
        if index < self.length():
            self.go_to(index)
            self.post_message(self.Clicked(self))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._turn_wheel(event, WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._turn_wheel(event, -WHEEL_ROWS)

    def _turn_wheel(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, immediate=True)
        if self.follows:
            top = self.scroll_offset.y
            bottom = top + max(self.scrollable_content_region.height, 1) - 1
            self.cursor = max(0, min(max(self.cursor, top), bottom, self.length() - 1))
        self.refresh()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_resize(self) -> None:
        self.changed()
        self.go_to(self.cursor)
