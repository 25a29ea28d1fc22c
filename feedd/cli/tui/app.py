"""The full-screen reader: its keys, and what they do."""

from __future__ import annotations

import webbrowser
from typing import Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from feedd.cli.item_list import DONE
from feedd.cli.tui.library import ORDERS, UNDONE_BY, marked
from feedd.cli.tui.panes import ArticlePane
from feedd.cli.tui.rows import Rows
from feedd.cli.tui.window import SearchLine, Window
from feedd.errors import FeeddError
from feedd.model import Item, MarkAction, Which
from feedd.terminal import gate

# key names as textual calls them, the action, how the help writes the keys, what they do
_APP_KEYS = (
    ("n", "next_unread", "n", "next unread item, across all feeds"),
    ("J", "next_item", "J", "next item, read or not"),
    ("K", "next_item(-1)", "K", "previous item"),
    ("m", "toggle_read", "m", "mark read or unread"),
    ("s", "toggle_star", "s", "star or unstar"),
    ("A", "read_all", "A", "mark all in this list read"),
    ("u", "undo", "u", "undo the last marking"),
    ("o", "open", "o", "open in the browser"),
    ("y", "copy", "y", "copy the link"),
    ("slash", "search", "/", "search as you type"),
    ("a", "show_which('all')", "a", "unread only, or all"),
    ("asterisk", "show_which('starred')", "*", "starred only, or all"),
    ("S", "sort", "S", "sort: newest, oldest, feed, title"),
    ("t", "next_tag", "t", "next tag"),
    ("T", "next_tag(-1)", "T", "previous tag"),
    ("tab", "other_pane", "Tab", "the other pane"),
    ("f", "feeds", "f", "go to the feeds"),
    ("h,left", "step_back", "h ←", "back, a pane to the left"),
    ("q,escape", "leave", "q Esc", "back, and out at the end"),
    ("Q", "quit", "Q", "leave at once"),
    ("question_mark", "help", "?", "this help"),
)
_MOVING = (
    ("j k ↓ ↑", "down, up"),
    ("g G Home End", "to the beginning, to the end"),
    ("^D ^U PgDn PgUp", "a page down, up"),
    ("Enter l →", "open what the cursor is on"),
    ("Space b", "the article a page down, up; then the next unread"),
    ("< >", "long lines of code: to the left, to the right"),
)

# Tab is textual's own otherwise.
APP_BINDINGS: list[BindingType] = [
    Binding(keys, action, show=False, priority=keys == "tab") for keys, action, _, _ in _APP_KEYS
]


class KeyHelp(ModalScreen[None]):
    """All keys; any key closes it."""

    def compose(self) -> ComposeResult:
        rows = [*_MOVING, *((shown, does) for _, _, shown, does in _APP_KEYS)]
        lines = [f"  {shown:<16} {does}" for shown, does in rows]
        with VerticalScroll(id="help"):
            yield Static(Text("\n".join(lines)))

    def on_key(self, event: events.Key) -> None:
        if event.key in ("down", "up", "pagedown", "pageup"):
            return
        event.stop()
        if event.key in ("j", "k"):
            self.query_one("#help").scroll_relative(y=1 if event.key == "j" else -1)
        else:
            self.dismiss()

    def on_click(self) -> None:
        self.dismiss()


class FullScreenReader(Window):
    """`feedd read`."""

    BINDINGS: ClassVar[list[BindingType]] = APP_BINDINGS

    # -------------------------------------------------------------- moving about

    @on(Rows.Moved, "#shelves")
    def _shelf_moved(self, event: Rows.Moved) -> None:
        if not isinstance(event, Rows.Chosen):
            self.fill(stay=False)

    @on(Rows.Chosen, "#shelves")
    def _shelf_chosen(self) -> None:
        self.items.focus()

    @on(Rows.Chosen, "#items")
    def _item_chosen(self) -> None:
        if self.items.item is not None:
            self._open_page(self.items.item)

    @on(ArticlePane.Ended)
    def _page_ended(self) -> None:
        self.action_next_unread()

    def _open_page(self, item: Item) -> None:
        try:
            detail = self.library.detail(item.id)
        except FeeddError as error:
            self.status.note(str(error))
            return
        self.screen.add_class("reading")
        self.page.show(detail)
        self.page.focus()
        if not item.read:
            self._mark("read", [item])

    def _close_page(self) -> None:
        self.screen.remove_class("reading")
        self.items.focus()
        self.call_after_refresh(lambda: self.items.go_to(self.items.cursor))

    def action_step_back(self) -> None:
        """One step out: of the page, the search, the items."""
        if self.reading:
            self._close_page()
        elif self.sought or self.search_line.has_focus:
            self._end_search()
        elif self.items.has_focus:
            self.action_feeds()

    def action_leave(self) -> None:
        """One step out, and out of the reader from the items or the shelves."""
        if self.reading or self.sought or self.search_line.has_focus:
            self.action_step_back()
        else:
            self.exit()

    def action_feeds(self) -> None:
        if self.reading:
            self._close_page()
        self.screen.add_class("shelving")  # it must be there to be given the focus
        self.call_after_refresh(self.shelves.focus)

    def action_other_pane(self) -> None:
        if self.shelves.has_focus:
            self.items.focus()
        elif self.items.has_focus and self.reading:
            self.page.focus()
        else:
            self.action_feeds()

    def action_next_unread(self) -> None:
        """The next unread item of this list, else of the next feed that has one."""
        place = self.items.next_unread()
        if place is None:
            self.count()
            if self.shelves.go_to_unread():
                self.sought = ""
                self.fill(stay=False)
                place = self.items.next_unread(from_start=True)
        if place is None:
            self.status.note("Nothing unread is left.")
            return
        self.items.go_to(place)
        self._open_page(self.items.items[place])

    def action_next_item(self, by: int = 1) -> None:
        before = self.items.cursor
        self.items.go_to(before + by)
        if self.reading and self.items.cursor != before and self.items.item is not None:
            self._open_page(self.items.item)

    def action_next_tag(self, by: int = 1) -> None:
        if self.shelves.go_to_tag(by):
            self.fill(stay=False)
        else:
            self.status.note("No feed has a tag; give them in the configuration file.")

    # -------------------------------------------------------------- marking

    def _mark(self, action: MarkAction, items: list[Item]) -> int:
        try:
            changed = self.library.mark(action, items)
            self._marked(changed)
        except FeeddError as error:
            self.status.note(str(error))
            return 0
        return len(changed)

    def _marked(self, items: list[Item]) -> None:
        self.items.replace(items)
        self.count()
        self.library.changed()  # our own doing, no news
        self.tell()

    def action_toggle_read(self) -> None:
        if self.current is not None:
            self._mark("unread" if self.current.read else "read", [self.current])

    def action_toggle_star(self) -> None:
        if self.current is not None:
            self._mark("unstar" if self.current.starred else "star", [self.current])

    def action_read_all(self) -> None:
        count = self._mark("read", list(self.items.items))
        if count:
            self.status.note(f"{count:,} marked read; u takes it back.")

    def action_undo(self) -> None:
        try:
            undone = self.library.undo()
        except FeeddError as error:
            self.status.note(str(error))
            return
        if undone is None:
            self.status.note("Nothing to take back.")
            return
        action, ids = undone
        again = [item for item in self.items.items if item.id in ids]
        self._marked([marked(item, UNDONE_BY[action]) for item in again])
        self.status.note(f"Taken back: {len(ids):,} {DONE[action]}.")

    # -------------------------------------------------------------- what is listed

    def action_show_which(self, which: Which) -> None:
        self.which = "unread" if self.which == which else which
        self.fill(stay=True)

    def action_sort(self) -> None:
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self.fill(stay=True)

    def action_search(self) -> None:
        if self.reading:
            self._close_page()
        self.screen.add_class("searching")
        self.search_line.focus()

    @on(SearchLine.QueryEntered)
    def _search_asked(self, event: SearchLine.QueryEntered) -> None:
        self.sought = event.query
        self.status.note("")
        self.fill(stay=False)
        if event.done:
            self.items.focus()

    def _end_search(self) -> None:
        self.screen.remove_class("searching")
        self.sought = ""
        self.search_line.clear()
        self.items.focus()
        self.fill(stay=True)

    # -------------------------------------------------------------- the world outside

    def action_open(self) -> None:
        link = self.current.link if self.current is not None else None
        if link is None or not link.startswith(("http://", "https://")):
            self.status.note("This item has no link.")
        elif not open_in_browser(self, link):
            self.status.note("No browser found: set $BROWSER, or copy the link with y.")

    def action_copy(self) -> None:
        if self.current is None or not self.current.link:
            self.status.note("This item has no link.")
            return
        self.copy_to_clipboard(gate(self.current.link))
        self.status.note(f"Copied: {self.current.link}")

    def action_help(self) -> None:
        self.push_screen(KeyHelp())


def open_in_browser(app: App[Any], url: str) -> bool:
    """Open `url`; a browser that needs the terminal gets it meanwhile. False: there is none."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    foreground = isinstance(browser, webbrowser.GenericBrowser) and not isinstance(
        browser, webbrowser.BackgroundBrowser
    )
    if not foreground:
        return browser.open(url)
    with app.suspend():
        return browser.open(url)
