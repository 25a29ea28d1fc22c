"""What is on the screen, and how it is kept up to date while the daemon stores items.

The panes stand side by side where there is room, one after another where not.
"""

from __future__ import annotations

import os
import time

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical

from feedd.cli.tui.bottom import SearchLine, Status
from feedd.cli.tui.library import Library, Order, merged
from feedd.cli.tui.looks import CSS
from feedd.cli.tui.panes import Items, Page, Shelves
from feedd.errors import FeeddError
from feedd.model import Item, Which

WIDE_COLUMNS = 110
"""From here on the page stands under the items, and the shelves stay beside both."""
LOOK_PAUSE_S = 1.0
"""Between two looks whether the daemon has stored something."""
LOOK_SHARE = 0.1
"""Looking takes at most this share of the time, however much there is to look at."""


class Shell(App[None]):
    """The panes and what they show. What the keys do is the Reader's."""

    TITLE = "feedd"
    CSS = CSS
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.theme = "ansi-dark"  # the terminal's own colours, light or dark
        self.library = library
        self.which: Which = "unread"
        self.order: Order = "newest"
        self.sought = ""
        colours = not os.environ.get("NO_COLOR")
        self.shelves = Shelves(colours=colours)
        self.items = Items(colours=colours, now=lambda: int(time.time()), whole=library.whole)
        self.page = Page(colours=colours, config=library.config)
        self.search_line = SearchLine()
        self.status = Status()
        self.failure: FeeddError | None = None
        self._look_after = 0.0

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            yield self.shelves
            with Vertical(id="right"):
                yield self.items
                yield self.page
        yield self.search_line
        yield self.status

    def on_mount(self) -> None:
        self.library.changed()
        try:
            self.shelves.show(self.library.shelves())
        except FeeddError as error:
            self.failure = error
            self.exit()
            return
        self.fill(stay=False)
        self.items.focus()
        self.set_interval(LOOK_PAUSE_S, self._look)

    def on_resize(self, event: events.Resize) -> None:
        wide = event.size.width >= WIDE_COLUMNS
        self.screen_stack[0].set_class(wide, "wide")
        self.screen_stack[0].set_class(not wide, "narrow")

    def on_descendant_focus(self) -> None:
        self.screen_stack[0].set_class(self.shelves.has_focus, "shelving")

    def on_key(self) -> None:
        self.status.note("")

    # -------------------------------------------------------------- what is in view

    @property
    def reading(self) -> bool:
        """Whether a page is open."""
        return self.screen_stack[0].has_class("reading")

    @property
    def current(self) -> Item | None:
        """The item that keys act on: the one that is read, else the one under the cursor."""
        if self.reading and self.page.detail is not None:
            number = self.page.detail.item.id
            return next((item for item in self.items.items if item.id == number), None)
        return self.items.item

    def fill(self, *, stay: bool) -> None:
        """Read the shelf or the search anew; with `stay` the cursor keeps its item."""
        shelf = self.shelves.shelf
        if shelf is None:
            return
        try:
            if self.sought:
                self.items.show(self.library.found(self.sought, shelf), stay=stay)
            else:
                self.items.show(self.library.items(shelf, self.which, self.order), stay=stay)
        except FeeddError as error:
            self.status.note(str(error))
        self.tell()

    def count(self) -> None:
        """Read the shelves' numbers anew."""
        try:
            self.shelves.show(self.library.shelves())
        except FeeddError as error:
            self.status.note(str(error))

    def _look(self) -> None:
        """Bring in what was stored or marked elsewhere; the cursor stays where it is."""
        started = time.monotonic()
        if started < self._look_after:
            return
        try:
            if not self.library.changed():
                return
            self.shelves.show(self.library.shelves())
            shelf = self.shelves.shelf
            if shelf is not None and not self.sought:
                fresh = self.library.items(shelf, self.which, self.order)
                self.items.show(merged(self.items.items, fresh, self.which, self.order))
        except FeeddError as error:
            self.status.note(str(error))
        self.tell()
        done = time.monotonic()
        self._look_after = done + (done - started) / LOOK_SHARE

    def tell(self) -> None:
        """Say in the status line what is in view."""
        if self.sought:
            self.status.show_found(self.sought, self.items.items)
        elif self.shelves.shelf is not None:
            name = self.shelves.shelf.name
            self.status.show(name, self.items.items, self.which, self.order)
