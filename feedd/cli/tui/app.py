"""The full-screen reader: what its keys do."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING

from textual import events, on

from feedd.cli.item_list import DONE
from feedd.cli.tui.article_pane import ArticlePane
from feedd.cli.tui.footer import SearchLine
from feedd.cli.tui.key_bindings import MOVES, KeyHelp, name_of
from feedd.cli.tui.outside import Outside
from feedd.cli.tui.refresher import Refresher
from feedd.cli.tui.rows import Rows
from feedd.cli.tui.searcher import Searcher
from feedd.cli.tui.shelves import ORDERS, SHELF_ORDER_WORDS, SHELF_ORDERS
from feedd.cli.tui.tagger import Tagger
from feedd.cli.tui.unwritten_marks import TagEdit, marked
from feedd.cli.tui.watcher import Watcher
from feedd.cli.tui.window import LOOK_PAUSE_S, Window
from feedd.errors import FeeddError
from feedd.model import Item, MarkAction, Which

if TYPE_CHECKING:
    from feedd.cli.tui.pictures import Pictures


class FullScreenReader(Window):
    """`feedd read`."""

    _question: Callable[[str], None] | None = None

    # Beside what the window does when it is mounted and unmounted: textual calls both.

    def on_mount(self) -> None:
        self.outside = Outside(self)
        self.searcher = Searcher(self)
        self.tagger = Tagger(self)
        self.refresher = Refresher(self)
        self.pictures: Pictures | None = None
        if self.terminal.graphics is not None:
            from feedd.cli.tui.pictures import Pictures

            self.pictures = Pictures(self, self.library.config, self.terminal)
        self._watcher = Watcher(self, self.library)
        self.call_after_refresh(self._watcher.begin)
        self.set_interval(LOOK_PAUSE_S, self._watcher.begin)

    async def on_unmount(self) -> None:
        self.refresher.stop()
        if self.pictures is not None:
            await self.pictures.close()
        self._watcher.close()

    def press(self, event: events.Key) -> None:
        key = name_of(event)
        if isinstance(self.screen, KeyHelp):
            self.screen.press(key)
        elif self._question is not None:
            answer = self._question
            self.point()
            answer(key)
        elif self.active is self.search_line:
            self.searcher.press(event)
        elif self.active is self.tag_line:
            self.tagger.press(event)
        elif self.active is self.page and key.isascii() and key.isdigit() and self._is_free(key):
            self.status.clear(act=True)
            self.outside.press_digit(key)
        else:
            self._act(key)

    def _is_free(self, key: str) -> bool:
        return self.keys.find(key, self.place) is None

    def _act(self, key: str) -> None:
        found = self.keys.find(key, self.place)
        if isinstance(found, tuple):
            self.status.clear(act=True)
            self.outside.run(found)
        elif found is None:
            self.status.clear(act=False)
        else:
            self.status.clear(act=found.method not in MOVES)
            attrgetter(found.method)(self)(*found.arguments)

    def point(self) -> None:
        if self._question is not None:
            self._question = None
            self.status.note("")
        self.status.clear(act=True)

    def ask(self, words: str, answer: Callable[[str], None]) -> None:
        self.status.note(words, stays=True)
        self._question = answer

    def _ask_first(self, words: str, act: Callable[[], None]) -> None:
        """Do it only after a yes."""
        self.ask(f"{words} y: yes, Esc: no", lambda key: act() if key == "y" else None)

    # -------------------------------------------------------------- moving about

    def _move(self, index: int) -> None:
        rows = self.active
        assert isinstance(rows, Rows)
        before = rows.cursor
        rows.go_to(index)
        if rows is self.shelves and rows.cursor != before:
            self.screen_stack[0].remove_class("reading")
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
        self.searcher.leave()
        self.fill(stay=False)

    @on(Rows.Clicked, "#items")
    def _item_clicked(self) -> None:
        if self.items.item is not None:
            self._open_page(self.items.item)

    @on(ArticlePane.Pointed)
    def _page_clicked(self) -> None:
        self.go(self.page)

    def scroll_lines(self, by: int) -> None:
        self.page.scroll_by(rows=by)

    def scroll_pages(self, by: float) -> None:
        self.page.scroll_by(pages=by)

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
        if self.pictures is not None:
            self.pictures.show(detail)
        self.go(self.page)
        if not item.read:
            self._mark("read", [item])

    def _close_page(self) -> None:
        self.screen_stack[0].remove_class("reading")
        self.page.end_search()
        self.go(self.items)

    def step_back(self) -> None:
        """One step out: of the page, the search, the items."""
        if self.reading:
            self._close_page()
        elif self.query_text:
            self.searcher.end()
        elif self.active is self.items:
            self.go_to_shelves()

    def close(self) -> None:
        """Close what is open over the lists, and never the program."""
        if self.reading and self.page.sought:
            self.page.end_search()
        elif self.reading:
            self._close_page()
        elif self.query_text:
            self.searcher.end()
        elif self.active is self.shelves:
            self.go(self.items)
        else:
            self.status.note(f"{self.keys.key_of('leave', self.place) or 'Q'} leaves feedd.")

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
        """The next pane round; what is open stays open where there is room."""
        if self.active is self.shelves:
            self.go(self.items)
        elif self.active is self.items and self.reading:
            self.go(self.page)
        elif self.screen_stack[0].has_class("wide"):
            self.go(self.shelves)
        else:
            self.go_to_shelves()

    def next_unread(self) -> None:
        """The next unread item of this list, else of the next feed that has one."""
        place = self.items.next_unread()
        if place is None and self.shelves.go_to_unread():
            self.query_text = ""
            self.screen_stack[0].remove_class("searching")
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
        before = [item for item in items if marked(item, action) != item]
        try:
            changed = self.library.mark(action, before)
        except FeeddError as error:
            self.status.note(str(error))
            return 0
        self.show_marked(before, changed)
        return len(changed)

    def toggle_read(self) -> None:
        if self.current is not None:
            self._mark("unread" if self.current.read else "read", [self.current])

    def toggle_star(self) -> None:
        if self.current is not None:
            self._mark("unstar" if self.current.starred else "star", [self.current])

    def toggle_later(self) -> None:
        if self.current is None:
            return
        action: MarkAction = "unlater" if self.current.later else "later"
        if self._mark(action, [self.current]):
            self.status.note(f"{DONE[action].capitalize()}.")

    def read_all(self) -> None:
        """All of the list; of more than is in sight only when that is confirmed."""
        unread = [item for item in self.items.items if not item.read]
        if len(unread) > self.size.height:
            self._ask_first(f"Mark all {len(unread):,} read?", lambda: self._read_all(unread))
        else:
            self._read_all(unread)

    def _read_all(self, items: list[Item]) -> None:
        count = self._mark("read", items)
        if count:
            key = self.keys.key_of("undo", self.place) or "feedd undo"
            self.status.note(f"{count:,} marked read; {key} takes it back.", stays=True)

    def undo(self) -> None:
        try:
            undone = self.library.undo()
        except FeeddError as error:
            self.status.note(str(error))
            return
        if undone is None:
            self.status.note("Nothing to take back.")
            return
        ids = frozenset(undone.ids)
        before = [item for item in self.items.items if item.id in ids]
        self.show_marked(before, [marked(item, undone.action) for item in before])
        self.refill()
        self.count()
        done = undone.takes_back.action if undone.takes_back is not None else undone.action
        what = f"tags {done}" if isinstance(done, TagEdit) else f"{len(ids):,} {DONE[done]}"
        self.status.note(f"Taken back: {what}.", stays=True)

    # -------------------------------------------------------------- what is listed

    def show_which(self, which: Which) -> None:
        self.which = "unread" if self.which == which else which
        self.fill(stay=True)

    def sort(self) -> None:
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self.fill(stay=True)

    def sort_shelves(self) -> None:
        at = SHELF_ORDERS.index(self.shelf_order)
        self.shelf_order = SHELF_ORDERS[(at + 1) % len(SHELF_ORDERS)]
        self.count()
        self.shelves.go_to(self.shelves.cursor)
        self.status.note(f"Feeds {SHELF_ORDER_WORDS[self.shelf_order]}.")

    def hide_empty(self) -> None:
        self.shelves.empty_hidden = not self.shelves.empty_hidden
        self.shelves.show(self.shelves.every)
        self.shelves.go_to(self.shelves.cursor)
        hidden = len(self.shelves.every) - len(self.shelves.shelves)
        self.status.note(
            f"{hidden:,} without unread items hidden." if hidden else "All feeds are shown."
        )

    @on(SearchLine.Paused)
    def _typing_paused(self, event: SearchLine.Paused) -> None:
        self.searcher.pause(event.query)

    def _uncovered(self, _: None) -> None:
        self.page.refresh()

    def help(self) -> None:
        self.push_screen(KeyHelp(self.keys), self._uncovered)
        self.page.refresh()  # a picture is not drawn over the help
