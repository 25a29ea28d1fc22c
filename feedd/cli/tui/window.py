"""The window: its panes and lines, kept up to date while the daemon stores items.

The panes stand side by side where there is room, one after another where not.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections import deque

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from feedd.cli.tui.footer import SearchLine, StatusLine
from feedd.cli.tui.library import Library, Order, merged
from feedd.cli.tui.panes import ArticlePane, ItemPane, ShelfPane
from feedd.errors import FeeddError
from feedd.model import Item, Which

WIDE_COLUMNS = 110
"""From here on the page stands under the items, and the shelves stay beside both."""
LOOK_PAUSE_S = 1.0
"""Between two looks whether the daemon has stored something."""
SETTLE_TRIES = 20
"""A pane that has no size after so many refreshes has no room on this screen."""
LOOK_SHARE = 0.1
"""Looking takes at most this share of the time, however much there is to look at."""


CSS = """
Rows, ArticlePane { scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }
#body { height: 1fr; }
#shelves { width: 24; border-right: solid ansi_bright_black; }
#items { height: 1fr; }
#page { display: none; height: 1fr; }
#status { height: 1; text-style: reverse; }
#search { display: none; height: 1; border: none; padding: 0; }
#help { width: 76; height: auto; max-height: 90%; border: solid ansi_bright_black; padding: 0 1; }
KeyHelp { align: center middle; }
.searching #search { display: block; }
.reading #page { display: block; }
.reading.narrow #items { display: none; }
.narrow #shelves { display: none; }
.narrow.shelving #shelves { display: block; }
.reading.wide #items { height: 35%; border-bottom: solid ansi_bright_black; }
.wide #shelves { width: 30; }
"""
"""Only the terminal's own colours are used."""


class Window(App[None]):
    """The panes and what they show. What the keys do is the FullScreenReader's.

    Keys are handled here, one after the other, each in the pane that the one before has made the
    `active` one: textual would hand a key to whatever has the focus, which follows later, so that
    what is typed right after `/` would act on the list.
    """

    TITLE = "feedd"
    CSS = CSS
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.theme = "ansi-dark"  # the terminal's own colours, light or dark
        self.library = library
        self.which: Which = "unread"
        self.order: Order = "newest"
        self.query_text = ""
        colours = not os.environ.get("NO_COLOR")
        self.shelves = ShelfPane(colours=colours)
        self.items = ItemPane(colours=colours, now=lambda: int(time.time()), whole=library.whole)
        self.page = ArticlePane(colours=colours, config=library.config)
        self.search_line = SearchLine()
        self.status = StatusLine()
        self.failure: FeeddError | None = None
        self.active: Widget = self.items
        self._keys: deque[events.Key] = deque()
        self._settling = False
        self._stopped = False
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
        self.set_interval(LOOK_PAUSE_S, end_without_terminal)

    def on_resize(self, event: events.Resize) -> None:
        wide = event.size.width >= WIDE_COLUMNS
        self.screen_stack[0].set_class(wide, "wide")
        self.screen_stack[0].set_class(not wide, "narrow")

    # -------------------------------------------------------------- keys

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._keys.append(event)
            self._press_waiting()
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            if self.active is self.search_line:
                self.search_line.paste(event.text)
        else:
            await super().on_event(event)

    def press(self, event: events.Key) -> None:
        """Do what a key means now."""
        raise NotImplementedError

    def go(self, pane: Widget) -> None:
        """Make `pane` the one that keys act on. Those typed already wait until it is laid out."""
        self.active = pane
        self.screen_stack[0].set_class(pane is self.shelves, "shelving")
        self._settling = True
        self.call_after_refresh(self._settle)

    def stop(self) -> None:
        """Leave; keys typed after that mean nothing."""
        self._keys.clear()
        self._stopped = True
        self.exit()

    def _settle(self, tries: int = SETTLE_TRIES) -> None:
        if not self.active.size and tries:
            self.call_after_refresh(self._settle, tries - 1)
            return
        self._settling = False
        self.active.focus()
        if self.active is self.items:
            self.items.go_to(self.items.cursor)
        self._press_waiting()

    def _press_waiting(self) -> None:
        while self._keys and not self._settling and not self._stopped:
            self.press(self._keys.popleft())

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
            if self.query_text:
                self.items.show(self.library.found(self.query_text, shelf), stay=stay)
            else:
                self.items.show(self.library.items(shelf, self.which, self.order), stay=stay)
        except FeeddError as error:
            self.status.note(str(error))
        self.update_status()

    def refill(self) -> None:
        """Bring into the list what the shelf holds now; what is in view stays."""
        shelf = self.shelves.shelf
        if shelf is not None:
            fresh = self.library.items(shelf, self.which, self.order)
            self.items.show(merged(self.items.items, fresh, self.which, self.order))

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
            if not self.query_text:
                self.refill()
        except FeeddError as error:
            self.status.note(str(error))
        self.update_status()
        done = time.monotonic()
        self._look_after = done + (done - started) / LOOK_SHARE

    def update_status(self) -> None:
        """Say in the status line what is in view."""
        if self.query_text:
            self.status.show_found(self.query_text, self.items.items)
        elif self.shelves.shelf is not None:
            name = self.shelves.shelf.name
            self.status.show(name, self.items.items, self.which, self.order)


def end_without_terminal() -> None:
    """End as any program does whose terminal is closed, also where the kernel sends no SIGHUP (a
    session of its own, `setsid`): textual would go on reading from nowhere, without a pause.
    """
    terminal = select.poll()
    terminal.register(sys.__stdin__ or 0, 0)  # told of a hang-up alone
    if terminal.poll(0):
        os.kill(os.getpid(), signal.SIGHUP)
