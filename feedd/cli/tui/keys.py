"""The keys, in one place: what binds them and what the help shows."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

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


class Help(ModalScreen[None]):
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
