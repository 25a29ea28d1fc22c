"""The two lines at the bottom: what is in view, and the search that is typed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import events, on
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from feedd.cli.tui.library import Order
from feedd.model import Item, Which
from feedd.terminal import cut, gate, width

TYPING_PAUSE_S = 0.2
"""After the last key, before a search is run."""

_IN_ORDER: dict[Order, str] = {
    "newest": "newest first",
    "oldest": "oldest first",
    "feed": "by feed",
    "title": "by title",
}
_RIGHT = " ? keys "


class StatusLine(Static):
    """What is in view; a note stands there instead until it is cleared."""

    def __init__(self) -> None:
        super().__init__(id="status", markup=False)
        self._facts = ""
        self._note = ""
        self._stays = False

    def show(self, shelf: str, items: Sequence[Item], which: Which, order: Order) -> None:
        """Say what a shelf shows."""
        unread = sum(not item.read for item in items)
        facts = [gate(shelf), f"{unread:,} unread of {len(items):,}", which, _IN_ORDER[order]]
        self._facts = " · ".join(facts)
        self._write()

    def show_found(self, query: str, items: Sequence[Item]) -> None:
        """Say what a search shows."""
        self._facts = f"search: {gate(query)} · {len(items):,} found"
        self._write()

    def note(self, text: str, *, stays: bool = False) -> None:
        """Say something instead; it goes with the next key, or with the next act if it `stays`."""
        self._stays = stays
        if text != self._note:
            self._note = text
            self._write()

    def clear(self, *, act: bool) -> None:
        """Take the note away; one that stays only for an act."""
        if act or not self._stays:
            self.note("")

    def on_resize(self) -> None:
        self._write()

    def _write(self) -> None:
        columns = max(self.size.width, 1)
        shown = cut(f" {gate(self._note or self._facts)}", max(columns - len(_RIGHT), 0))
        gap = " " * max(columns - width(shown) - len(_RIGHT), 0)
        self.update(Text(f"{shown}{gap}{_RIGHT}"))


_EDITS = {
    "backspace": "delete_left",
    "ctrl+h": "delete_left",
    "delete": "delete_right",
    "ctrl+d": "delete_right",
    "ctrl+w": "delete_left_word",
    "ctrl+u": "delete_left_all",
    "ctrl+k": "delete_right_all",
    "left": "cursor_left",
    "right": "cursor_right",
    "ctrl+left": "cursor_left_word",
    "ctrl+right": "cursor_right_word",
    "home": "home",
    "ctrl+a": "home",
    "end": "end",
    "ctrl+e": "end",
}


class SearchLine(Input):
    """Search as you type: asks once the typing pauses."""

    class Paused(Message):
        """What stands there is to be searched for; "" for nothing."""

        def __init__(self, query: str) -> None:
            self.query = query
            super().__init__()

    def __init__(self) -> None:
        super().__init__(id="search", placeholder="search", compact=True)
        self._pause: Timer | None = None

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._stop_waiting()
        self._pause = self.set_timer(TYPING_PAUSE_S, self._ask)

    @property
    def query_text(self) -> str:
        """What is to be searched for."""
        return self.value.strip()

    def press(self, event: events.Key) -> None:
        """Take one key: a character, or one that edits the line."""
        if event.key in _EDITS:
            getattr(self, f"action_{_EDITS[event.key]}")()
        elif event.character is not None and event.is_printable:
            self.insert_text_at_cursor(event.character)

    def paste(self, text: str) -> None:
        """Take the first line of what was pasted."""
        self.insert_text_at_cursor((text.splitlines() or [""])[0])

    def clear(self) -> None:
        """Empty it without asking anything."""
        with self.prevent(Input.Changed):
            self.value = ""
        self._stop_waiting()

    def _ask(self) -> None:
        self._stop_waiting()
        self.post_message(self.Paused(self.query_text))

    def _stop_waiting(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
