"""The full-screen reader: panes side by side where there is room, one after another where not."""

from __future__ import annotations

import os
import time
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Input, Static

from feedd.cli.tui.browser import open_in_browser
from feedd.cli.tui.keys import APP_BINDINGS, Help
from feedd.cli.tui.library import ORDERS, UNDONE_BY, Library, Order, marked, merged
from feedd.cli.tui.panes import Items, Page, Shelves
from feedd.cli.tui.rows import Rows
from feedd.errors import FeeddError
from feedd.model import Item, MarkAction, Which
from feedd.terminal import cut, gate, width

WIDE_COLUMNS = 110
"""From here on the page stands under the items, and the shelves stay beside both."""
LOOK_PAUSE_S = 1.0
"""Between two looks whether the daemon has stored something."""
LOOK_SHARE = 0.1
"""Looking takes at most this share of the time, however much there is to look at."""
TYPING_PAUSE_S = 0.2
"""After the last key, before a search is run."""

_DONE = {
    "read": "marked read",
    "unread": "marked unread",
    "star": "starred",
    "unstar": "unstarred",
}
_IN_ORDER: dict[Order, str] = {
    "newest": "newest first",
    "oldest": "oldest first",
    "feed": "by feed",
    "title": "by title",
}
_CSS = """
#body { height: 1fr; }
Rows, Page { scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0; }
#shelves { width: 24; border-right: solid ansi_bright_black; }
#items { height: 1fr; }
#page { display: none; height: 1fr; }
#status { height: 1; text-style: reverse; }
#search { display: none; height: 1; border: none; padding: 0; }
#help { width: 76; height: auto; max-height: 90%; border: solid ansi_bright_black; padding: 0 1; }
Help { align: center middle; }
.searching #search { display: block; }
.reading #page { display: block; }
.reading.narrow #items { display: none; }
.narrow #shelves { display: none; }
.narrow.shelving #shelves { display: block; }
.reading.wide #items { height: 35%; border-bottom: solid ansi_bright_black; }
.wide #shelves { width: 30; }
"""


class Reader(App[None]):
    """`feedd read`."""

    TITLE = "feedd"
    CSS = _CSS
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = APP_BINDINGS

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.theme = "ansi-dark"  # the terminal's own colours, light or dark
        self.library = library
        self.which: Which = "unread"
        self.order: Order = "newest"
        self.query_text = ""
        colours = not os.environ.get("NO_COLOR")
        self._shelves = Shelves(colours=colours)
        self._items = Items(colours=colours, now=lambda: int(time.time()), whole=library.whole)
        self._page = Page(colours=colours, config=library.config)
        self._status = Static(id="status", markup=False)
        self._search = Input(id="search", placeholder="search", compact=True)
        self._typing: Timer | None = None
        self._note = ""
        self._look_after = 0.0

    def compose(self) -> ComposeResult:
        with Horizontal(id="body"):
            yield self._shelves
            with Vertical(id="right"):
                yield self._items
                yield self._page
        yield self._search
        yield self._status

    def on_mount(self) -> None:
        self.library.changed()
        self._shelves.show(self.library.shelves())
        self._fill(stay=False)
        self._items.focus()
        self.set_interval(LOOK_PAUSE_S, self._look)

    def on_resize(self, event: events.Resize) -> None:
        wide = event.size.width >= WIDE_COLUMNS
        self.screen_stack[0].set_class(wide, "wide")
        self.screen_stack[0].set_class(not wide, "narrow")
        self._tell()

    # -------------------------------------------------------------- what is in view

    @property
    def reading(self) -> bool:
        """Whether a page is open."""
        return self.screen_stack[0].has_class("reading")

    @property
    def current(self) -> Item | None:
        """The item that keys act on: the one that is read, else the one under the cursor."""
        if self.reading and self._page.detail is not None:
            number = self._page.detail.item.id
            return next((item for item in self._items.items if item.id == number), None)
        return self._items.item

    def _fill(self, *, stay: bool) -> None:
        shelf = self._shelves.shelf
        if shelf is None:
            return
        if self.query_text:
            try:
                found = self.library.found(self.query_text, shelf)
            except FeeddError as error:
                self._tell(str(error))
                return
            self._items.show(found, stay=stay)
        else:
            self._items.show(self.library.items(shelf, self.which, self.order), stay=stay)
        self._tell()

    def _look(self) -> None:
        """Bring in what was stored or marked elsewhere; the cursor stays where it is."""
        started = time.monotonic()
        if started < self._look_after or not self.library.changed():
            return
        self._shelves.show(self.library.shelves())
        shelf = self._shelves.shelf
        if shelf is not None and not self.query_text:
            fresh = self.library.items(shelf, self.which, self.order)
            self._items.show(merged(self._items.items, fresh, self.which, self.order))
        self._tell()
        done = time.monotonic()
        self._look_after = done + (done - started) / LOOK_SHARE

    def _tell(self, note: str | None = None) -> None:
        """Write the status line; a note stands there until the next key."""
        self._note = self._note if note is None else note
        columns = self.size.width
        left = gate(self._note) if self._note else self._summary()
        right = " ? keys "
        shown = cut(f" {left}", max(columns - len(right), 0))
        gap = " " * max(columns - width(shown) - len(right), 0)
        self._status.update(Text(f"{shown}{gap}{right}"))

    def _summary(self) -> str:
        shelf = self._shelves.shelf
        total = len(self._items.items)
        if self.query_text:
            facts = [f"search: {gate(self.query_text)}", f"{total:,} found"]
        else:
            unread = sum(not item.read for item in self._items.items)
            what = {"unread": "unread", "starred": "starred"}.get(self.which, "all")
            facts = [f"{unread:,} unread of {total:,}", what, _IN_ORDER[self.order]]
        return " · ".join([gate(shelf.name) if shelf is not None else "", *facts])

    def on_descendant_focus(self) -> None:
        self.screen_stack[0].set_class(self._shelves.has_focus, "shelving")

    def on_key(self) -> None:
        if self._note:
            self._tell("")

    # -------------------------------------------------------------- moving about

    @on(Rows.Moved, "#shelves")
    def _shelf_moved(self, event: Rows.Moved) -> None:
        if not isinstance(event, Rows.Chosen):
            self._fill(stay=False)

    @on(Rows.Chosen, "#shelves")
    def _shelf_chosen(self) -> None:
        self._items.focus()

    @on(Rows.Chosen, "#items")
    def _item_chosen(self) -> None:
        if self._items.item is not None:
            self._open_page(self._items.item)

    @on(Page.Ended)
    def _page_ended(self) -> None:
        self.action_next_unread()

    def _open_page(self, item: Item) -> None:
        try:
            detail = self.library.detail(item.id)
        except FeeddError as error:
            self._tell(str(error))
            return
        self.screen.add_class("reading")
        self._page.show(detail)
        self._page.focus()
        if not item.read:
            self._mark("read", [item])

    def _close_page(self) -> None:
        self.screen.remove_class("reading")
        self._items.focus()
        self.call_after_refresh(lambda: self._items.go_to(self._items.cursor))

    def action_step_back(self) -> None:
        """One step out: of the page, the search, the items."""
        if self.reading:
            self._close_page()
        elif self.query_text or self._search.has_focus:
            self._end_search()
        elif self._items.has_focus:
            self.action_feeds()

    def action_leave(self) -> None:
        """One step out, and out of the reader from the items or the shelves."""
        if self.reading or self.query_text or self._search.has_focus:
            self.action_step_back()
        else:
            self.exit()

    def action_feeds(self) -> None:
        if self.reading:
            self._close_page()
        self.screen.add_class("shelving")  # it must be there to be given the focus
        self.call_after_refresh(self._shelves.focus)

    def action_other_pane(self) -> None:
        if self._shelves.has_focus:
            self._items.focus()
        elif self._items.has_focus and self.reading:
            self._page.focus()
        else:
            self.action_feeds()

    def action_next_unread(self) -> None:
        """The next unread item of this list, else of the next feed that has one."""
        items = self._items.items
        after = [*range(self._items.cursor + 1, len(items)), *range(self._items.cursor + 1)]
        place = next((n for n in after if n < len(items) and not items[n].read), None)
        if place is None and self._next_shelf():
            items = self._items.items
            place = next((n for n in range(len(items)) if not items[n].read), None)
        if place is None:
            self._tell("Nothing unread is left.")
            return
        self._items.go_to(place)
        self._open_page(self._items.items[place])

    def _next_shelf(self) -> bool:
        self._shelves.show(self.library.shelves())
        shelves = self._shelves.shelves
        here = self._shelves.cursor
        order = [*range(here + 1, len(shelves)), *range(here)]
        place = next((n for n in order if shelves[n].unread and shelves[n].kind == "feed"), None)
        if place is None:
            return False
        self.query_text = ""
        self._shelves.go_to(place)
        self._fill(stay=False)
        return True

    def action_next_item(self) -> None:
        self._step(1)

    def action_previous_item(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        before = self._items.cursor
        self._items.go_to(before + by)
        if self.reading and self._items.cursor != before and self._items.item is not None:
            self._open_page(self._items.item)

    def action_next_tag(self, by: int = 1) -> None:
        places = [n for n, shelf in enumerate(self._shelves.shelves) if shelf.kind != "feed"]
        later = [n for n in places if (n - self._shelves.cursor) * by > 0]
        if len(places) < 2:
            self._tell("No feed has a tag; give them in the configuration file.")
            return
        self._shelves.go_to((later or places)[0] if by > 0 else (later or places)[-1])
        self._fill(stay=False)

    # -------------------------------------------------------------- marking

    def _mark(self, action: MarkAction, items: list[Item]) -> int:
        try:
            changed = self.library.mark(action, items)
        except FeeddError as error:
            self._tell(str(error))
            return 0
        self._items.replace(changed)
        self._shelves.show(self.library.shelves())
        self.library.changed()  # our own doing
        self._tell()
        return len(changed)

    def action_toggle_read(self) -> None:
        if self.current is not None:
            self._mark("unread" if self.current.read else "read", [self.current])

    def action_toggle_star(self) -> None:
        if self.current is not None:
            self._mark("unstar" if self.current.starred else "star", [self.current])

    def action_read_all(self) -> None:
        count = self._mark("read", list(self._items.items))
        self._tell(f"{count:,} marked read; u takes it back." if count else "All is read already.")

    def action_undo(self) -> None:
        try:
            undone = self.library.undo()
        except FeeddError as error:
            self._tell(str(error))
            return
        if undone is None:
            self._tell("Nothing to take back.")
            return
        action, ids = undone
        again = [item for item in self._items.items if item.id in ids]
        back = UNDONE_BY[action]
        self._items.replace([marked(item, back) for item in again])
        self._shelves.show(self.library.shelves())
        self.library.changed()
        self._tell(f"Taken back: {len(ids):,} {_DONE[action]}.")

    # -------------------------------------------------------------- what is listed

    def action_toggle_all(self) -> None:
        self._show_which("all" if self.which == "unread" else "unread")

    def action_toggle_starred(self) -> None:
        self._show_which("unread" if self.which == "starred" else "starred")

    def _show_which(self, which: Which) -> None:
        self.which = which
        self._fill(stay=True)

    def action_sort(self) -> None:
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self._fill(stay=True)

    def action_search(self) -> None:
        if self.reading:
            self._close_page()
        self.screen.add_class("searching")
        self._search.focus()

    @on(Input.Changed)
    def _search_typed(self) -> None:
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(TYPING_PAUSE_S, self._run_search)

    def _run_search(self) -> None:
        if self.screen.has_class("searching"):
            self.query_text = self._search.value.strip()
            self._note = ""
            self._fill(stay=False)

    @on(Input.Submitted)
    def _search_entered(self) -> None:
        if self._typing is not None:
            self._typing.stop()
        self._run_search()
        self._items.focus()

    def _end_search(self) -> None:
        self.screen.remove_class("searching")
        self.query_text = ""
        self._search.value = ""
        self._items.focus()
        self._fill(stay=True)

    # -------------------------------------------------------------- the world outside

    def action_open(self) -> None:
        link = self.current.link if self.current is not None else None
        if link is None or not link.startswith(("http://", "https://")):
            self._tell("This item has no link.")
        elif not open_in_browser(self, link):
            self._tell("No browser found: set $BROWSER, or copy the link with y.")

    def action_copy(self) -> None:
        if self.current is None or not self.current.link:
            self._tell("This item has no link.")
            return
        self.copy_to_clipboard(gate(self.current.link))
        self._tell(f"Copied: {self.current.link}")

    def action_help(self) -> None:
        self.push_screen(Help())
