"""The keys: what each does, where, and how the help writes it."""

from __future__ import annotations

from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from feedd.cli.tui.panes import MAX_LINES

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


EVERYWHERE = _by_key(*((keys, command) for keys, command, _, _ in _KEYS))
IN_ROWS = _by_key(
    ("j down", ("move", (1,))),
    ("k up", ("move", (-1,))),
    ("g home", ("move_to", (0,))),
    ("G end", ("move_to", (-1,))),
    ("ctrl+d pagedown", ("turn", (1,))),
    ("ctrl+u pageup", ("turn", (-1,))),
    ("enter l right", ("choose", ())),
)
IN_ARTICLE = _by_key(
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
MOVES = {"move", "move_to", "turn", "scroll_lines", "scroll_pages", "scroll_columns", "help"}
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
