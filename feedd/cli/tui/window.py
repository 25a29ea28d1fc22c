"""The window: its panes and lines, kept up to date while the daemon stores items.

The panes stand side by side where there is room, one after another where not.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from feedd.cli.screen import Colours
from feedd.cli.tui.article_pane import ArticlePane
from feedd.cli.tui.footer import HintLine, SearchLine, StatusLine, TagLine, TypedLine
from feedd.cli.tui.key_bindings import KeyTable, Place, name_of, typed_keys
from feedd.cli.tui.library import FIRST_ITEMS, MAX_ITEMS, Library
from feedd.cli.tui.panes import CSS, WIDE_COLUMNS, ItemPane, ShelfPane, layout_classes
from feedd.cli.tui.shelves import Look, Order, ShelfOrder, Sought, after_marks, merged
from feedd.cli.tui.terminal_answers import LateAnswers, TerminalAnswers, end_without_terminal
from feedd.errors import FeeddError, StoreError
from feedd.model import Item, ItemPage, ReadAction, Which
from feedd.store.sqlite import BUSY_TIMEOUT_S

LOOK_PAUSE_S = 1.0
"""Between two looks whether the daemon has stored something."""
WRITE_PAUSE_S = 0.1
"""Between two tries to write marks while the daemon writes."""
SETTLE_TRIES = 20
"""A pane that has no size after so many refreshes has no room on this screen."""
WITHOUT_ITEMS: Mapping[Which, tuple[str, ReadAction, str]] = {
    "unread": ("All is read", "all", "shows what was read"),
    "starred": ("Nothing is starred", "starred", "shows what is unread"),
    "all": ("There is nothing yet", "refresh", "asks the feeds now"),
}
"""What is said in place of items, by what is listed: and the action that helps, and how."""


class Window(App[None]):
    """The panes and what they show. What the keys do is the FullScreenReader's.

    Keys are handled here, one after the other, each in the pane that the one before has made the
    `active` one: textual would hand a key to whatever has the focus, which follows later, so that
    what is typed right after `/` would act on the list.
    """

    TITLE = "feedd"
    CSS = CSS
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        library: Library,
        *,
        colours: Colours | None = None,
        terminal: TerminalAnswers | None = None,
        view: str | None = None,
    ) -> None:
        super().__init__()
        self.terminal = terminal = terminal or TerminalAnswers()
        self.theme = "ansi-dark" if terminal.dark else "ansi-light"  # the terminal's own colours
        self.library = library
        self._late = LateAnswers(terminal.late)
        self._first_view = view
        self.which: Which = "unread"
        self.order: Order = "newest"
        self.shelf_order: ShelfOrder = "file"
        self.query_text = ""
        colours = (0 if os.environ.get("NO_COLOR") else 256) if colours is None else colours
        self.shelves = ShelfPane(colours=colours)
        self.items = ItemPane(colours=colours, now=lambda: int(time.time()), whole=library.whole)
        self.page = ArticlePane(colours=colours, config=library.config)
        self.search_line = SearchLine()
        self.tag_line = TagLine()
        self.status, self.hints = StatusLine(), HintLine()
        self.keys = KeyTable(library.config.read.keys)
        self.failure: FeeddError | None = None
        self.active: Widget = self.items
        self._beside: bool | None = None
        self._listed = ItemPage(())
        self._keys: deque[events.Key] = deque()
        self._settling = self._stopped = self._all_read = False

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            yield self.shelves
            with Vertical(id="right"):
                yield self.items
                yield self.page
        yield self.search_line
        yield self.tag_line
        yield self.status
        yield self.hints

    def on_mount(self) -> None:
        try:
            self.shelves.show(self.library.shelves(queries_counted=False))
        except FeeddError as error:
            self.failure = error
            self.exit()
            return
        self.shelves.go_to_view(self._first_view)
        self.fill(stay=False, limit=FIRST_ITEMS)
        self.items.focus()
        self._show_hints()
        if self.terminal.typed:  # while nothing was there to see
            self._keys.extend(typed_keys(self.terminal.typed))
            self.call_after_refresh(self._press_waiting)
        self.set_interval(LOOK_PAUSE_S, partial(end_without_terminal, self.library.marks.write))
        # After Ctrl-z and fg: textual paints what changed, and takes the rest for painted.
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh())

    async def on_unmount(self) -> None:
        if self.library.marks.waiting:
            try:
                self.library.marks.write(BUSY_TIMEOUT_S)
            except StoreError as error:
                self.failure = error

    def on_resize(self, event: events.Resize) -> None:
        self._lay_out(event.size.width, event.size.height)

    def _lay_out(self, columns: int, rows: int) -> None:
        for name, applies in layout_classes(columns, rows, self._beside).items():
            self.screen_stack[0].set_class(applies, name)

    def send(self, sequences: str) -> None:
        """Send something to the terminal that is no text."""
        if self._driver is not None:
            self._driver.write(sequences)

    def put_beside(self) -> None:
        """List and article side by side, or one above the other."""
        if self.size.width < WIDE_COLUMNS:
            self.status.note(f"Side by side takes a screen of {WIDE_COLUMNS} columns.")
            return
        self._beside = not self.screen_stack[0].has_class("beside")
        self._lay_out(self.size.width, self.size.height)

    # -------------------------------------------------------------- keys

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            if not self._late.takes(name_of(event)):
                self._keys.append(event)
                self._press_waiting()
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            if isinstance(self.active, TypedLine):
                self.active.paste(event.text)
        else:
            await super().on_event(event)

    def on_mouse_down(self) -> None:
        self.point()

    def press(self, event: events.Key) -> None:
        """Do what a key means now."""
        raise NotImplementedError

    def point(self) -> None:
        """The mouse is used: what is asked or said is done with."""
        raise NotImplementedError

    def next_unread(self) -> None:
        raise NotImplementedError

    def ask(self, words: str, answer: Callable[[str], None]) -> None:
        """Ask something that the next key answers."""
        raise NotImplementedError

    def go(self, pane: Widget) -> None:
        """Make `pane` the one that keys act on. Those typed already wait until it is laid out."""
        self.active = pane
        self.screen_stack[0].set_class(pane is self.shelves, "shelving")
        self.screen_stack[0].set_class(pane is self.tag_line, "tagging")
        self._show_hints()
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
            if not self._all_read:
                self.refill()
            self.press(self._keys.popleft())

    @property
    def place(self) -> Place:
        """The pane that keys act on."""
        if self.active is self.page:
            return "article"
        return "shelves" if self.active is self.shelves else "items"

    def _show_hints(self) -> None:
        pane = self.active
        hints = pane.hints if isinstance(pane, TypedLine) else self.keys.hints(self.place)
        self.hints.show(hints)

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

    def fill(self, *, stay: bool, limit: int = MAX_ITEMS) -> None:
        """Read the shelf or the search anew; with `stay` the cursor keeps its item. What a smaller
        `limit` leaves out follows before the first key acts.
        """
        shelf = self.shelves.shelf
        if shelf is None:
            return
        try:
            if self.query_text:
                self._listed = self.library.found(self.query_text, shelf)
                self._all_read = True
            else:
                page = self.library.items(shelf, self.which, self.order, limit=limit)
                self._listed = page
                self._all_read = limit == MAX_ITEMS or not page.more
            self.items.show(self._listed.items, stay=stay)
        except FeeddError as error:
            self.status.note(str(error))
        self.update_status()

    def refill(self) -> None:
        """Bring into the list what the shelf holds now; what is in view stays."""
        shelf = self.shelves.shelf
        if shelf is None or self.query_text:
            return
        try:
            page = self.library.items(shelf, self.which, self.order)
            which = self.library.which_of(shelf, self.which)
            self._bring_in(page, merged(self.items.items, page.items, which, self.order))
        except FeeddError as error:
            self._all_read = True  # what there is has to do
            self.status.note(str(error))
        self.update_status()

    def _bring_in(self, page: ItemPage, items: Sequence[Item]) -> None:
        self._listed = page
        self._all_read = True
        self.items.show(list(self.library.marks.seen_on(items)))
        self.page.show_marks(self.items.items)

    def count(self) -> None:
        """Read the shelves' numbers anew."""
        try:
            self.shelves.show(self.library.shelves(self.shelf_order))
        except FeeddError as error:
            self.status.note(str(error))

    def show_marked(self, before: Sequence[Item], now: Sequence[Item]) -> None:
        """Show items as they are after they were marked."""
        self.items.replace(now)
        self.page.show_marks(now)
        self.shelves.show(after_marks(self.shelves.every, before, now))
        self.update_status()
        self._write_later()

    def update_status(self) -> None:
        """Say in the status line what is in view."""
        page = ItemPage(tuple(self.items.items), self._listed.more, self._listed.more_capped)
        if self.query_text:
            self.status.show_found(self.query_text, page)
            self.items.instead = "Nothing found."
        elif self.shelves.shelf is not None:
            shelf = self.shelves.shelf
            which = self.library.which_of(shelf, self.which)
            self.status.show(f"{shelf.sign}{shelf.name}", page, which, self.order)
            words, action, does = WITHOUT_ITEMS[which]
            key = self.keys.key_of(action, "items")
            self.items.instead = f"{words}; {key} {does}." if key else f"{words}."

    # -------------------------------------------------------------- what goes on elsewhere

    @property
    def sought(self) -> Sought | None:
        """What is in view; None before there is anything."""
        shelf = self.shelves.shelf
        if shelf is None or self._stopped:
            return None
        shown = None if self.query_text else self.items.items
        return Sought(shelf, self.which, self.order, self.shelf_order, shown)

    def bring_in(self, look: Look) -> None:
        """Show what was stored or marked elsewhere; the cursor stays where it is."""
        self.status.show_daemon(look.daemon)
        if look.shelves is not None:
            self.shelves.show(look.shelves)
            if look.page is not None:
                self._bring_in(look.page, look.items)
            self.update_status()

    def _write_later(self) -> None:
        if self.library.marks.waiting:
            self.set_timer(WRITE_PAUSE_S, self._write_waiting)

    def _write_waiting(self) -> None:
        """Write marks that had to wait for the daemon."""
        try:
            self.library.marks.write(0)
            self._write_later()
        except FeeddError as error:
            self.status.note(str(error), stays=True)
            self.fill(stay=True)
