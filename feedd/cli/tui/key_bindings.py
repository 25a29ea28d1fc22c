"""The keys: what each does, where, by which names help and file call them; `?` shows them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.keys import REPLACED_KEYS, key_to_character
from textual.screen import ModalScreen
from textual.widgets import Static

from feedd.model import ReadAction
from feedd.terminal import gate

Place = Literal["article", "items", "shelves"]
"""The pane that a key is pressed in."""

Where = Literal["article", "items", "shelves", "lists", "everywhere"]

MAX_LINES = 10_000_000
"""More than any article has: so far to its end."""


class KeyRow(Struct, frozen=True):
    """What some keys do somewhere: the action by its name in the file, the method of the reader
    that does it, and what it is called with.
    """

    keys: str
    where: Where
    action: ReadAction
    method: str
    arguments: tuple[Any, ...]
    does: str


KEY_ROWS: tuple[KeyRow, ...] = (
    KeyRow("n", "everywhere", "next-unread", "next_unread", (),
           "next unread item, across all feeds"),
    KeyRow("J", "everywhere", "next-item", "next_item", (1,), "next item, read or not"),
    KeyRow("K", "everywhere", "previous-item", "next_item", (-1,), "previous item"),
    KeyRow("m", "everywhere", "toggle-read", "toggle_read", (), "mark read or unread"),
    KeyRow("s", "everywhere", "toggle-star", "toggle_star", (), "star or unstar"),
    KeyRow("l", "items", "toggle-later", "toggle_later", (), "read later, or not"),
    KeyRow("l", "article", "toggle-later", "toggle_later", (), "read later, or not"),
    KeyRow("+", "everywhere", "tag", "tagger.begin", (),
           "tags of its own: type +tag -tag, Enter; Tab completes"),
    KeyRow("A", "everywhere", "read-all", "read_all", (), "mark all in this list read"),
    KeyRow("u", "everywhere", "undo", "undo", (), "undo the last marking"),
    KeyRow("o", "everywhere", "browser", "outside.open_link", (), "open in the browser"),
    KeyRow("e", "everywhere", "enclosure", "outside.open_enclosure", (),
           "open the enclosure (what is attached), or queue several"),
    KeyRow("i", "everywhere", "picture", "outside.open_picture", (), "open the picture"),
    KeyRow("y", "everywhere", "copy-link", "outside.copy_link", (), "copy the link"),
    KeyRow("R", "everywhere", "refresh", "refresher.begin", (), "refresh: ask these feeds now"),
    KeyRow("/", "lists", "search", "searcher.begin", (), "search as you type"),
    KeyRow("a", "everywhere", "all", "show_which", ("all",), "unread only, or all"),
    KeyRow("*", "everywhere", "starred", "show_which", ("starred",), "starred only, or all"),
    KeyRow("S", "items", "sort", "sort", (), "sort: newest, oldest, feed, title"),
    KeyRow("S", "shelves", "sort-feeds", "sort_shelves", (),
           "sort the feeds: as in the file, name, unread, time"),
    KeyRow("z", "everywhere", "hide-empty", "hide_empty", (),
           "hide feeds without unread items, or not"),
    KeyRow("|", "everywhere", "side-by-side", "put_beside", (),
           "list and article side by side, or not"),
    KeyRow("t", "everywhere", "next-tag", "next_tag", (1,), "next tag"),
    KeyRow("T", "everywhere", "previous-tag", "next_tag", (-1,), "previous tag"),
    KeyRow("Tab", "everywhere", "other-pane", "other_pane", (), "the other pane"),
    KeyRow("f", "everywhere", "feeds", "go_to_shelves", (), "go to the feeds"),
    KeyRow("h Left", "everywhere", "back", "step_back", (), "back, a pane to the left"),
    KeyRow("Esc", "everywhere", "close", "close", (),
           "close the article, the search; leaves nothing else"),
    KeyRow("q", "everywhere", "leave", "leave", (), "back, and out at the end"),
    KeyRow("Q Ctrl-c Ctrl-q", "everywhere", "quit", "stop", (), "leave at once"),
    KeyRow("Ctrl-z", "everywhere", "suspend", "action_suspend_process", (),
           "back to the shell; fg goes on"),
    KeyRow("?", "everywhere", "help", "help", (), "this help"),
    KeyRow("j Down", "lists", "down", "move", (1,), "down"),
    KeyRow("k Up", "lists", "up", "move", (-1,), "up"),
    KeyRow("g Home", "lists", "top", "move_to", (0,), "to the beginning"),
    KeyRow("G End", "lists", "bottom", "move_to", (-1,), "to the end"),
    KeyRow("Ctrl-d PgDn Ctrl-f", "lists", "page-down", "turn", (1,), "a page down"),
    KeyRow("Ctrl-u PgUp Ctrl-b", "lists", "page-up", "turn", (-1,), "a page up"),
    KeyRow("Enter Right l", "shelves", "open", "choose", (), "go to its items"),
    KeyRow("Enter Right Space", "items", "open", "choose", (), "open the item"),
    KeyRow("Space", "article", "read-on", "read_on", (),
           "a page on; at the end the next unread item"),
    KeyRow("j Down", "article", "down", "scroll_lines", (1,), "a line down"),
    KeyRow("k Up", "article", "up", "scroll_lines", (-1,), "a line up"),
    KeyRow("Ctrl-d", "article", "half-page-down", "scroll_pages", (0.5,), "half a page down"),
    KeyRow("Ctrl-u", "article", "half-page-up", "scroll_pages", (-0.5,), "half a page up"),
    KeyRow("PgDn Ctrl-f", "article", "page-down", "scroll_pages", (1,), "a page down"),
    KeyRow("b PgUp Ctrl-b", "article", "page-up", "scroll_pages", (-1,), "a page up"),
    KeyRow("g Home", "article", "top", "scroll_lines", (-MAX_LINES,), "to the beginning"),
    KeyRow("G End", "article", "bottom", "scroll_lines", (MAX_LINES,), "to the end"),
    KeyRow(">", "article", "code-right", "page.shift_code", (8,),
           "long lines of code: on to the right"),
    KeyRow("<", "article", "code-left", "page.shift_code", (-8,),
           "long lines of code: back to the left"),
    KeyRow("/", "article", "search", "searcher.begin", (), "search in the article"),
    KeyRow("n", "article", "search-next", "searcher.next_match", (1,),
           "next place found, while a search is on"),
    KeyRow("N", "article", "search-previous", "searcher.next_match", (-1,),
           "the place found before"),
)  # fmt: skip

LINK_KEYS = "1-9"
LINK_DOES = "open the link with that number (of more than nine: then Enter)"

_TITLES: tuple[tuple[Where, str], ...] = (
    ("everywhere", "Everywhere"),
    ("lists", "In the lists"),
    ("shelves", "In the list of feeds"),
    ("items", "In the list of items"),
    ("article", "In an article"),
)
_PLACES: dict[Place, tuple[Where, ...]] = {
    "article": ("article", "everywhere"),
    "items": ("items", "lists", "everywhere"),
    "shelves": ("shelves", "lists", "everywhere"),
}
IN_LISTS: tuple[tuple[ReadAction, str], ...] = (
    ("leave", "Quit"),
    ("open", "Open"),
    ("next-unread", "Next-unread"),
    ("read-all", "All-read"),
    ("undo", "Undo"),
    ("search", "Search"),
    ("refresh", "Refresh"),
    ("help", "Help"),
)
IN_ARTICLES: tuple[tuple[ReadAction, str], ...] = (
    ("leave", "Back"),
    ("read-on", "On"),
    ("next-unread", "Next-unread"),
    ("browser", "Browser"),
    ("toggle-star", "Star"),
    ("enclosure", "Enclosure"),
    ("search", "Search"),
    ("help", "Help"),
)
"""The eight keys one needs, as the foot names them."""

MOVES = {"move", "move_to", "turn", "scroll_lines", "scroll_pages", "page.shift_code", "help"}
"""What changes nothing, and takes no hint away that is still of use."""

_NAMES = {
    "space": "Space", "enter": "Enter", "tab": "Tab", "escape": "Esc", "backspace": "Backspace",
    "delete": "Del", "insert": "Ins", "home": "Home", "end": "End", "pageup": "PgUp",
    "pagedown": "PgDn", "up": "Up", "down": "Down", "left": "Left", "right": "Right",
}  # fmt: skip


def name_of(event: events.Key) -> str:
    """The key by the name that the help and the user's file give it."""
    key = event.key
    if key in _NAMES:
        return _NAMES[key]
    if key.startswith("ctrl+"):
        return f"Ctrl-{key.removeprefix('ctrl+')}"
    character = event.character or key_to_character(REPLACED_KEYS.get(key, key))
    if character is not None and character.isprintable():
        return character
    return key.upper()  # F1 and the like


def typed_keys(text: str) -> list[events.Key]:
    """The keys that a terminal sends as `text`."""
    from textual._xterm_parser import XTermParser

    return [event for event in XTermParser().feed(text) if isinstance(event, events.Key)]


class KeyTable:
    """What the keys do: the user's own before the others."""

    def __init__(self, own: Mapping[str, ReadAction | tuple[str, ...]]) -> None:
        self._own = own
        self._rows = {(key, row.where): row for row in KEY_ROWS for key in row.keys.split()}

    def find(self, key: str, place: Place) -> KeyRow | tuple[str, ...] | None:
        """What a key does in a pane; the words of the command that the user bound to it."""
        bound = self._own.get(key)
        if isinstance(bound, tuple):
            return bound
        if bound is not None:
            return self._row_of(bound, place)
        found = (self._rows.get((key, where)) for where in _PLACES[place])
        return next(filter(None, found), None)

    def key_of(self, action: ReadAction, place: Place) -> str:
        """The first key that does this in a pane; "" for none."""
        for key, bound in self._own.items():
            if bound == action:
                return key
        row = self._row_of(action, place)
        free = (key for key in row.keys.split() if key not in self._own) if row else ()
        return next(iter(free), "")

    def hints(self, place: Place) -> list[tuple[str, str]]:
        """The keys one needs in a pane, as the foot names them."""
        named = IN_ARTICLES if place == "article" else IN_LISTS
        keys = ((self.key_of(action, place), does) for action, does in named)
        return [(key, does) for key, does in keys if key]

    def rows(self) -> Iterator[tuple[str, str]]:
        """The lines of the help: a key and what it does; a heading has no key."""
        if self._own:
            yield "", "Your own"
            for key, bound in self._own.items():
                yield key, f"runs {' '.join(bound)}" if isinstance(bound, tuple) else _does(bound)
        for where, title in _TITLES:
            yield "", title
            if where == "article":
                yield LINK_KEYS, LINK_DOES
            for row in KEY_ROWS:
                if row.where == where:
                    for key in row.keys.split():
                        if key not in self._own:
                            yield key, row.does

    def _row_of(self, action: ReadAction, place: Place) -> KeyRow | None:
        for where in _PLACES[place]:
            for row in KEY_ROWS:
                if (row.where, row.action) == (where, action):
                    return row
        return None


def _does(action: ReadAction) -> str:
    return next((row.does for row in KEY_ROWS if row.action == action), "nothing")


KEY_COLUMNS = 10

_SCROLLS = {
    "j": 1.0, "Down": 1.0, "k": -1.0, "Up": -1.0, "g": -1e6, "Home": -1e6, "G": 1e6, "End": 1e6,
}  # fmt: skip
_TURNS = {"Space": 1, "PgDn": 1, "Ctrl-d": 1, "Ctrl-f": 1, "b": -1, "PgUp": -1, "Ctrl-u": -1,
          "Ctrl-b": -1}  # fmt: skip


class KeyHelp(ModalScreen[None]):
    """All keys; one that does not scroll closes it."""

    def __init__(self, table: KeyTable) -> None:
        super().__init__()
        self._table = table

    def compose(self) -> ComposeResult:
        text = Text()
        for key, does in self._table.rows():
            if key:
                text.append(f"  {key:<{KEY_COLUMNS}}", "bold")
                text.append(f"{gate(does)}\n")
            else:
                text.append(("\n" if text else "") + f"{does}\n", "bold underline")
        text.rstrip()
        with VerticalScroll(id="help"):
            yield Static(text)

    def on_mount(self) -> None:
        self.call_after_refresh(self._say_where)

    def press(self, key: str) -> None:
        """Scroll, or go."""
        pane = self.query_one("#help")
        if key in _SCROLLS:
            pane.scroll_relative(y=_SCROLLS[key], animate=False, immediate=True)
        elif key in _TURNS:
            step = max(pane.scrollable_content_region.height - 1, 1) * _TURNS[key]
            pane.scroll_relative(y=step, animate=False, immediate=True)
        else:
            self.dismiss()
            return
        self._say_where()

    def _say_where(self) -> None:
        """On the frame: which part is in sight, and that there is more."""
        pane = self.query_one("#help")
        lines = int(pane.virtual_size.height)
        shown = pane.scrollable_content_region.height
        if lines <= shown:
            pane.border_subtitle = "any key closes"
            return
        first = int(pane.scroll_offset.y) + 1
        more = "↓ more: " if first + shown <= lines else "↑ more: "
        pane.border_subtitle = (
            f"{more}{first}-{min(first + shown - 1, lines)} of {lines}, j k Space scroll"
        )

    @on(events.Resize)
    @on(events.MouseScrollDown)
    @on(events.MouseScrollUp)
    def _moved(self) -> None:
        self.call_after_refresh(self._say_where)

    def on_click(self) -> None:
        self.dismiss()
