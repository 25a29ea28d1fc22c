"""The full-screen reader: what its keys do."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from typing import Any

from textual import events, on
from textual.app import App

from feedd.cli.item_list import DONE
from feedd.cli.tui.footer import SearchLine
from feedd.cli.tui.key_bindings import EVERYWHERE, IN_ARTICLE, IN_ROWS, MOVES, KeyHelp
from feedd.cli.tui.library import ORDERS, UNDONE_BY, Library, marked
from feedd.cli.tui.rows import Rows
from feedd.cli.tui.window import Window
from feedd.errors import FeeddError
from feedd.model import Item, MarkAction, Which
from feedd.terminal import gate


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
            own = IN_ARTICLE if self.active is self.page else IN_ROWS
            name, arguments = own.get(event.key) or EVERYWHERE.get(event.key) or ("", ())
            self.status.clear(act=bool(name) and name not in MOVES)
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
        elif self.query_text:
            self._end_search()
        elif self.active is self.items:
            self.go_to_shelves()

    def leave(self) -> None:
        """One step out, and out of the reader from the items or the shelves."""
        if self.reading or self.query_text:
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
                self.query_text = ""
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
        self.update_status()

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
        if not self.query_text:
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
        if self.active is self.search_line and event.query != self.query_text:
            self._seek(event.query)

    def _seek(self, query: str) -> None:
        self.query_text = query
        self.status.note("")
        self.fill(stay=False)

    def _end_search(self) -> None:
        self.screen_stack[0].remove_class("searching")
        self.query_text = ""
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
