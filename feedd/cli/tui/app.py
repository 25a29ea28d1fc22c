"""The full-screen reader: what its keys do."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType

from feedd.cli.marking import DONE
from feedd.cli.tui.bottom import SearchLine
from feedd.cli.tui.browser import open_in_browser
from feedd.cli.tui.keys import APP_BINDINGS, Help
from feedd.cli.tui.library import ORDERS, UNDONE_BY, marked
from feedd.cli.tui.panes import Page
from feedd.cli.tui.rows import Rows
from feedd.cli.tui.shell import Shell
from feedd.errors import FeeddError
from feedd.model import Item, MarkAction, Which
from feedd.terminal import gate


class Reader(Shell):
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

    @on(Page.Ended)
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

    @on(SearchLine.Asked)
    def _search_asked(self, event: SearchLine.Asked) -> None:
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
        self.push_screen(Help())
