"""The pane of the article that is read: scrolled, searched, and kept in its place at any size."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import ControlType, Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from feedd.cli.item_page import article_lines, links_of
from feedd.cli.screen import Colours, unpainted
from feedd.cli.tui.rows import screen_of
from feedd.cli.typeset import CODE_MARK, MAX_MEASURE_COLUMNS
from feedd.model import Config, Item, ItemDetail
from feedd.terminal import width

if TYPE_CHECKING:
    from feedd.cli.tui.drawing import Picture

FOUND = Style(reverse=True)
FOUND_HERE = Style(reverse=True, bold=True, underline=True)

_BETWEEN_WORDS = r"[\s│|>]+"
"""What may stand between two words of what is searched for: line ends, the bars of quotations."""


class Span(NamedTuple):
    """A part of a line, from `start` to before `end`."""

    line: int
    start: int
    end: int


class ArticlePane(ScrollView, can_focus=True):
    """One item's page."""

    class Pointed(Message):
        """The page was clicked."""

    def __init__(self, *, colours: Colours, config: Config) -> None:
        super().__init__(id="page")
        self.detail: ItemDetail | None = None
        self.found: list[list[Span]] = []
        self.at_match = 0
        self.sought = ""
        self._found_in: dict[int, list[tuple[int, Span]]] = {}
        self._colours = colours
        self._config = config
        self._lines: list[str] = []
        self._links: list[str] | None = None
        self._code_shift = 0
        self._set_for = 0
        self._set_height = 0
        self._read_before: list[int] = []
        self._picture: Picture | None = None
        self._picture_lines = range(0)
        self._place = 0
        self._place_line = 0
        self._placed_at = 0
        self._placing = False

    def show(self, detail: ItemDetail | None) -> None:
        """Show this item from its beginning."""
        self.detail = detail
        self._picture = None
        self._links = None
        self._code_shift = 0
        self._place = self._place_line = 0
        self._set_for = 0
        self.end_search()
        self._typeset()

    def show_marks(self, items: Iterable[Item]) -> None:
        """Show the item's marks as they are now, if it is among these; what is read stays where it
        is.
        """
        shown = self.detail.item if self.detail is not None else None
        now = next((item for item in items if shown is not None and item.id == shown.id), None)
        if self.detail is None or shown is None or now is None:
            return
        marked = shown._replace(starred=now.starred, item_tags=now.item_tags)
        if marked == shown:
            return
        self.detail = self.detail._replace(item=marked)
        lines, top = len(self._lines), self.scroll_offset.y
        self._set_for = 0
        self._typeset()
        if top:
            self._scroll_to_line(top + len(self._lines) - lines)

    def show_picture(self, picture: Picture) -> None:
        """Show it under the heading; what is read stays where it is."""
        self._picture = picture
        self._set_for = self._placed_at = 0
        self._typeset()

    @property
    def links(self) -> list[str]:
        if self._links is None:
            self._links = links_of(self.detail) if self.detail is not None else []
        return self._links

    # -------------------------------------------------------------- lines

    def _typeset(self) -> None:
        # A column on the left, and one on the right for the scroll bar.
        columns = min(self.outer_size.width - 2, MAX_MEASURE_COLUMNS)
        if columns != self._set_for:
            self._set_for = columns
            self._lines = []
            if self.detail is not None and columns > 0:
                screen = screen_of(columns, self._colours)
                self._lines = article_lines(
                    self.detail, self._config, screen, columns, code_mark=CODE_MARK
                )
            self._make_room_for_picture(columns)
            signs = (len("".join(self._plain(line).split())) for line in range(len(self._lines)))
            self._read_before = [0, *accumulate(signs)][: len(self._lines)]
            self.shift_code(0)
            self._find()
        self._set_height = self.size.height
        self._placing = True
        self.virtual_size = Size(max(columns, 0), len(self._lines))
        self._go_to_place()
        self._placing = False
        self.refresh()

    def _make_room_for_picture(self, columns: int) -> None:
        """Empty lines under the heading, where there is a picture that fits."""
        self._picture_lines = range(0)
        if self._picture is not None and self._picture.columns <= columns and "" in self._lines:
            start = self._lines.index("") + 1
            self._lines[start:start] = [""] * (self._picture.rows + 1)
            self._picture_lines = range(start, start + self._picture.rows)

    def _go_to_place(self) -> None:
        """To the line that holds the sign up to which was read: the same one at any width."""
        line = self._place_line
        if self._placed_at != self._set_for and self._place:
            line = max(bisect_right(self._read_before, self._place) - 1, 0)
        self.scroll_to(y=line, animate=False, force=True, immediate=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        # What a change of size does to it is none of the reader's doing.
        if self.size.height == self._set_height and not self._placing:
            self._note_place()

    def _note_place(self) -> None:
        """What is at the top is where the reader is."""
        if self._read_before:
            line = min(int(self.scroll_offset.y), len(self._read_before) - 1)
            self._place, self._place_line = self._read_before[line], line
            self._placed_at = self._set_for

    def _scroll_to_line(self, line: float) -> None:
        """Where the reader wants to be, also when the pane is about to change its size."""
        self.scroll_to(y=line, animate=False, force=True, immediate=True)
        self._note_place()

    def _plain(self, line: int) -> str:
        return unpainted(self._lines[line]).replace(CODE_MARK, "")

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        columns = self.scrollable_content_region.width
        if index >= len(self._lines):
            return Strip.blank(columns, self.rich_style)
        if index in self._picture_lines:
            return self._picture_row(index - self._picture_lines.start, y, columns)
        before, code, after = self._lines[index].partition(CODE_MARK)
        text = Text.from_ansi(f" {before}{after}")
        for number, span in self._found_in.get(index, ()):
            style = FOUND_HERE if number == self.at_match else FOUND
            text.stylize(style, span.start + 1, span.end + 1)
        strip = Strip(text.render(self.app.console))
        if code and self._code_shift:
            start = width(unpainted(before)) + 1
            end = strip.cell_length
            strip = Strip.join(
                [strip.crop(0, start), strip.crop(min(start + self._code_shift, end), end)]
            )
        return strip.apply_style(self.rich_style).crop_extend(0, columns, self.rich_style)

    def _picture_row(self, row: int, y: int, columns: int) -> Strip:
        """A row of the picture. Sixel has none: it is drawn when its last row is written, over what
        was written before, and only where all of it is in sight and nothing lies over it.
        """
        picture = self._picture
        assert picture is not None
        colour = Style(color=f"color({picture.number})") if picture.number else Style()
        segments = [Segment(" ", self.rich_style), Segment(picture.row(row), colour)]
        if picture.sixel and row == picture.rows - 1 and y >= row and self.screen.is_current:
            region = self.content_region
            place = f"\x1b[{region.y + y - row + 1};{region.x + 2}H"
            drawn = f"\x1b7{place}{picture.sixel}\x1b8"
            segments.append(Segment(drawn, None, [(ControlType.CURSOR_MOVE_TO, 0, 0)]))
        strip = Strip(segments, picture.columns + 1)
        return strip.extend_cell_length(columns, self.rich_style)

    # -------------------------------------------------------------- moving

    def scroll_by(self, *, rows: float = 0, pages: float = 0) -> bool:
        """Scroll at once. False: there is nothing further that way."""
        self._typeset()  # the size may have changed since
        height = self.scrollable_content_region.height
        step = rows + (max(1, height - 2) if abs(pages) == 1 else height // 2) * pages
        before = self.scroll_offset
        self._scroll_to_line(before.y + step)
        return self.scroll_offset != before

    def shift_code(self, by: int) -> None:
        """Move what is too long of the code, and nothing else, `by` columns to the left."""
        longest = max((self._code_columns(line) for line in self._lines), default=0)
        most = max(longest - self._set_for, 0)
        self._code_shift = max(0, min(self._code_shift + by, most))
        self.refresh()

    def _code_columns(self, line: str) -> int:
        return width(unpainted(line)) - len(CODE_MARK) if CODE_MARK in line else 0

    def on_resize(self) -> None:
        self._typeset()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Pointed())

    # -------------------------------------------------------------- searching

    def search(self, words: str) -> int:
        """Look for these words, and go to the first place from the top of the screen on; gives how
        many places there are.
        """
        self.sought = words
        self._find()
        top = self.scroll_offset.y
        ahead = [n for n, match in enumerate(self.found) if match[0].line >= top]
        self.at_match = ahead[0] if ahead else 0
        self._show_match()
        return len(self.found)

    def next_match(self, by: int) -> None:
        """Go to the next place that was found, or (by -1) the one before, round the end."""
        if self.found:
            self.at_match = (self.at_match + by) % len(self.found)
            self._show_match()

    def end_search(self) -> None:
        """Nothing is looked for any more."""
        self.sought = ""
        self._find()
        self.refresh()

    def _find(self) -> None:
        from feedd.store.search.snippets import fold

        self.found = []
        self._found_in = {}
        words = fold(self.sought).split()
        if not words:
            return
        lines = [fold(self._plain(line)) for line in range(len(self._lines))]
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        pattern = _BETWEEN_WORDS.join(map(re.escape, words))
        for match in re.finditer(pattern, "\n".join(lines)):
            spans = []
            line = bisect_right(starts, match.start()) - 1
            while starts[line] < match.end():  # the last start lies behind all of the text
                start = max(match.start() - starts[line], 0)
                end = min(match.end() - starts[line], len(lines[line]))
                if start < end:
                    spans.append(Span(line, start, end))
                line += 1
            for span in spans:
                self._found_in.setdefault(span.line, []).append((len(self.found), span))
            if spans:
                self.found.append(spans)
        self.at_match = min(self.at_match, max(len(self.found) - 1, 0))

    def _show_match(self) -> None:
        if self.found:
            line = self.found[self.at_match][0].line
            height = max(self.scrollable_content_region.height, 1)
            if not self.scroll_offset.y <= line < self.scroll_offset.y + height:
                self._scroll_to_line(max(line - height // 3, 0))
        self.refresh()
