"""The full-screen reader: its keys, and what they do."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from typing import Any

from rich.text import Text
from textual import events, on
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from feedd.cli.item_list import DONE
from feedd.cli.tui.library import ORDERS, UNDONE_BY, Library, marked
from feedd.cli.tui.panes import MAX_LINES
from feedd.cli.tui.rows import Rows
from feedd.cli.tui.window import SearchLine, Window
from feedd.errors import FeeddError
from feedd.model import Item, MarkAction, Which
from feedd.terminal import gate

Command = tuple[str, tuple[Any, ...]]
"""The name of a method, and what it is called with."""

# key names as textual calls them, what they do, how the help writes the keys, and in which words
_KEYS: tuple[tuple[str, Command, str, str], ...] = (
    ("n", ("next_unread", ()), "n", "next unread item, across all feeds"),
    ("J", ("next_item", (1,)), "J", "next item, read or not"),
    ("K", ("next_item", (-1,)), "K", "previous item"),
    ("m", ("toggle_read", ()), "m", "mark read or unread"),
    ("s", ("toggle_star", ()), "s", "star or unstar"),
    ("A", ("read_all", ()), "A", "mark all in this list read"),
    ("u", ("undo", ()), "u", "undo the last marking"),
    ("o", ("open_link", ()), "o", "open in the browser"),
    ("y", ("copy_link", ()), "y", "copy the link"),
    ("slash", ("search", ()), "/", "search as you type"),
    ("a", ("show_which", ("all",)), "a", "unread only, or all"),
    ("asterisk", ("show_which", ("starred",)), "*", "starred only, or all"),
    ("S", ("sort", ()), "S", "sort: newest, oldest, feed, title"),
    ("t", ("next_tag", (1,)), "t", "next tag"),
    ("T", ("next_tag", (-1,)), "T", "previous tag"),
    ("tab", ("other_pane", ()), "Tab", "the other pane"),
    ("f", ("go_to_shelves", ()), "f", "go to the feeds"),
    ("h left", ("step_back", ()), "h ←", "back, a pane to the left"),
    ("q escape", ("leave", ()), "q Esc", "back, and out at the end"),
    ("Q ctrl+c ctrl+q", ("stop", ()), "Q", "leave at once"),
    ("question_mark", ("help", ()), "?", "this help"),
)
_MOVING = (
    ("j k ↓ ↑", "down, up"),
    ("g G Home End", "to the beginning, to the end"),
    ("^D ^U PgDn PgUp", "a page down, up"),
    ("Enter l →", "open what the cursor is on"),
    ("Space b", "the article a page down, up; then the next unread"),
    ("< >", "long lines of code: to the left, to the right"),
)


def _by_key(*rows: tuple[str, Command]) -> dict[str, Command]:
    return {key: command for keys, command in rows for key in keys.split()}


_EVERYWHERE = _by_key(*((keys, command) for keys, command, _, _ in _KEYS))
_IN_ROWS = _by_key(
    ("j down", ("move", (1,))),
    ("k up", ("move", (-1,))),
    ("g home", ("move_to", (0,))),
    ("G end", ("move_to", (-1,))),
    ("ctrl+d pagedown", ("turn", (1,))),
    ("ctrl+u pageup", ("turn", (-1,))),
    ("enter l right", ("choose", ())),
)
_IN_ARTICLE = _by_key(
    ("j down", ("scroll_lines", (1,))),
    ("k up", ("scroll_lines", (-1,))),
    ("g home", ("scroll_lines", (-MAX_LINES,))),
    ("G end", ("scroll_lines", (MAX_LINES,))),
    ("space", ("read_on", ())),
    ("ctrl+f pagedown", ("scroll_pages", (1,))),
    ("b ctrl+b pageup", ("scroll_pages", (-1,))),
    ("ctrl+d", ("scroll_pages", (0.5,))),
    ("ctrl+u", ("scroll_pages", (-0.5,))),
    ("greater_than_sign", ("scroll_columns", (8,))),
    ("less_than_sign", ("scroll_columns", (-8,))),
)
_MOVES = {"move", "move_to", "turn", "scroll_lines", "scroll_pages", "scroll_columns", "help"}
"""What changes nothing, and takes no hint away that is still of use."""


class KeyHelp(ModalScreen[None]):
    """All keys; any key closes it."""

    def compose(self) -> ComposeResult:
        rows = [*_MOVING, *((shown, does) for _, _, shown, does in _KEYS)]
        lines = [f"  {shown:<16} {does}" for shown, does in rows]
        with VerticalScroll(id="help"):
            yield Static(Text("\n".join(lines)))

    def press(self, key: str) -> None:
        """Scroll, or go."""
        lines = {"j": 1, "down": 1, "k": -1, "up": -1, "pagedown": 10, "pageup": -10}.get(key)
        if lines is None:
            self.dismiss()
        else:
            self.query_one("#help").scroll_relative(y=lines, animate=False)

    def on_click(self) -> None:
        self.dismiss()


class FullScreenReader(Window):
    """`feedd read`."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self._question: Callable[[], None] | None = None

    def press(self, event: events.Key) -> None:
        if isinstance(self.screen, KeyHelp):
            self.screen.press(event.key)
        elif self._question is not None:
            answered, self._question = self._question, None
            self.status.note("")
            if event.key == "y":
                answered()
        elif self.active is self.search_line:
            self._press_in_search(event)
        else:
            own = _IN_ARTICLE if self.active is self.page else _IN_ROWS
            name, arguments = own.get(event.key) or _EVERYWHERE.get(event.key) or ("", ())
            self.status.clear(act=bool(name) and name not in _MOVES)
            if name:
                getattr(self, name)(*arguments)

    def _ask(self, words: str, yes: Callable[[], None]) -> None:
        self.status.note(f"{words} y: yes, Esc: no")
        self._question = yes

    # -------------------------------------------------------------- moving about

    def _move(self, index: int) -> None:
        rows = self.active
        assert isinstance(rows, Rows)
        before = rows.cursor
        rows.go_to(index)
        if rows is self.shelves and rows.cursor != before:
            self.fill(stay=False)

    def move(self, by: int) -> None:
        assert isinstance(self.active, Rows)
        self._move(self.active.cursor + by)

    def move_to(self, index: int) -> None:
        assert isinstance(self.active, Rows)
        self._move(index if index >= 0 else self.active.length() + index)

    def turn(self, by: int) -> None:
        """A page of rows down or up."""
        assert isinstance(self.active, Rows)
        self._move(self.active.cursor + by * self.active.page_rows)

    def choose(self) -> None:
        """Open what the cursor is on."""
        if self.active is self.shelves:
            self.go(self.items)
        elif self.items.item is not None:
            self._open_page(self.items.item)

    @on(Rows.Clicked, "#shelves")
    def _shelf_clicked(self) -> None:
        self.fill(stay=False)
        self.go(self.items)

    @on(Rows.Clicked, "#items")
    def _item_clicked(self) -> None:
        if self.items.item is not None:
            self._open_page(self.items.item)

    def scroll_lines(self, by: int) -> None:
        self.page.scroll_by(rows=by)

    def scroll_pages(self, by: float) -> None:
        self.page.scroll_by(pages=by)

    def scroll_columns(self, by: int) -> None:
        self.page.scroll_by(columns=by)

    def read_on(self) -> None:
        """A page of the article on; at its end the next unread item."""
        if not self.page.scroll_by(pages=1):
            self.next_unread()

    def _open_page(self, item: Item) -> None:
        try:
            detail = self.library.detail(item.id)
        except FeeddError as error:
            self.status.note(str(error))
            return
        self.screen_stack[0].add_class("reading")
        self.page.show(detail)
        self.go(self.page)
        if not item.read:
            self._mark("read", [item])

    def _close_page(self) -> None:
        self.screen_stack[0].remove_class("reading")
        self.go(self.items)

    def step_back(self) -> None:
        """One step out: of the page, the search, the items."""
        if self.reading:
            self._close_page()
        elif self.sought:
            self._end_search()
        elif self.active is self.items:
            self.go_to_shelves()

    def leave(self) -> None:
        """One step out, and out of the reader from the items or the shelves."""
        if self.reading or self.sought:
            self.step_back()
        else:
            self.stop()

    def go_to_shelves(self) -> None:
        if self.reading:
            self._close_page()
        self.go(self.shelves)

    def other_pane(self) -> None:
        if self.active is self.shelves:
            self.go(self.items)
        elif self.active is self.items and self.reading:
            self.go(self.page)
        else:
            self.go_to_shelves()

    def next_unread(self) -> None:
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

    def next_item(self, by: int) -> None:
        before = self.items.cursor
        self.items.go_to(before + by)
        if self.reading and self.items.cursor != before and self.items.item is not None:
            self._open_page(self.items.item)

    def next_tag(self, by: int) -> None:
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

    def toggle_read(self) -> None:
        if self.current is not None:
            self._mark("unread" if self.current.read else "read", [self.current])

    def toggle_star(self) -> None:
        if self.current is not None:
            self._mark("unstar" if self.current.starred else "star", [self.current])

    def read_all(self) -> None:
        """All of the list; of more than is in sight only when that is confirmed."""
        unread = [item for item in self.items.items if not item.read]
        if len(unread) > self.size.height:
            self._ask(f"Mark all {len(unread):,} read?", lambda: self._read_all(unread))
        else:
            self._read_all(unread)

    def _read_all(self, items: list[Item]) -> None:
        count = self._mark("read", items)
        if count:
            self.status.note(f"{count:,} marked read; u takes it back.", stays=True)

    def undo(self) -> None:
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
        if not self.sought:
            self.refill()
        self.status.note(f"Taken back: {len(ids):,} {DONE[action]}.", stays=True)

    # -------------------------------------------------------------- what is listed

    def show_which(self, which: Which) -> None:
        self.which = "unread" if self.which == which else which
        self.fill(stay=True)

    def sort(self) -> None:
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self.fill(stay=True)

    def search(self) -> None:
        if self.reading:
            self._close_page()
        self.screen_stack[0].add_class("searching")
        self.go(self.search_line)

    def _press_in_search(self, event: events.Key) -> None:
        if event.key == "escape":
            self._end_search()
        elif event.key in ("enter", "tab"):
            if self.search_line.query_text:
                self._seek(self.search_line.query_text)
                self.go(self.items)
            else:
                self._end_search()
        else:
            self.search_line.press(event)

    @on(SearchLine.Paused)
    def _typing_paused(self, event: SearchLine.Paused) -> None:
        if self.active is self.search_line and event.query != self.sought:
            self._seek(event.query)

    def _seek(self, query: str) -> None:
        self.sought = query
        self.status.note("")
        self.fill(stay=False)

    def _end_search(self) -> None:
        self.screen_stack[0].remove_class("searching")
        self.sought = ""
        self.search_line.clear()
        self.go(self.items)
        self.fill(stay=True)

    # -------------------------------------------------------------- the world outside

    def open_link(self) -> None:
        link = self.current.link if self.current is not None else None
        if link is None or not link.startswith(("http://", "https://")):
            self.status.note("This item has no link.")
        elif not open_in_browser(self, link):
            self.status.note("No browser found: set $BROWSER, or copy the link with y.")

    def copy_link(self) -> None:
        if self.current is None or not self.current.link:
            self.status.note("This item has no link.")
            return
        self.copy_to_clipboard(gate(self.current.link))
        self.status.note(f"Copied: {self.current.link}")

    def help(self) -> None:
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
