"""The two lines at the bottom: what is in view, and the search that is typed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import on
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


class Status(Static):
    """What is in view; a note stands there instead until it is cleared."""

    def __init__(self) -> None:
        super().__init__(id="status", markup=False)
        self._facts = ""
        self._note = ""

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

    def note(self, text: str) -> None:
        """Say something in passing; "" takes it away."""
        if text != self._note:
            self._note = text
            self._write()

    def on_resize(self) -> None:
        self._write()

    def _write(self) -> None:
        columns = max(self.size.width, 1)
        shown = cut(f" {gate(self._note or self._facts)}", max(columns - len(_RIGHT), 0))
        gap = " " * max(columns - width(shown) - len(_RIGHT), 0)
        self.update(Text(f"{shown}{gap}{_RIGHT}"))


class SearchLine(Input):
    """Search as you type: asks once the typing pauses, and at Enter."""

    class Asked(Message):
        """This is to be searched for; "" for nothing. `done`: Enter was pressed."""

        def __init__(self, query: str, *, done: bool) -> None:
            self.query = query
            self.done = done
            super().__init__()

    def __init__(self) -> None:
        super().__init__(id="search", placeholder="search", compact=True)
        self._pause: Timer | None = None

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._stop_waiting()
        self._pause = self.set_timer(TYPING_PAUSE_S, lambda: self._ask(done=False))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self._ask(done=True)

    def clear(self) -> None:
        """Empty it without asking anything."""
        with self.prevent(Input.Changed):
            self.value = ""
        self._stop_waiting()

    def _ask(self, *, done: bool) -> None:
        self._stop_waiting()
        self.post_message(self.Asked(self.value.strip(), done=done))

    def _stop_waiting(self) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
