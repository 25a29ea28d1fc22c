"""The lines at the bottom: what is in view, the keys one needs, and what is typed."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual import events, on
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from feedd.cli.tui.shelves import Order
from feedd.model import ItemPage, Which
from feedd.terminal import cut, gate, width

TYPING_PAUSE_S = 0.2
"""After the last key, before a search is run."""
DAEMON_FROM_COLUMNS = 40
"""Narrower lines have room for what is in view alone."""

_IN_ORDER: dict[Order, str] = {
    "newest": "newest first",
    "oldest": "oldest first",
    "feed": "by feed",
    "title": "by title",
}


class StatusLine(Static):
    """What is in view and what goes on; a note stands there instead until it is cleared."""

    def __init__(self) -> None:
        super().__init__(id="status", markup=False)
        self._facts = ""
        self._note = ""
        self._stays = False
        self._progress = ""
        self._daemon = True

    def show(self, shelf: str, page: ItemPage, which: Which, order: Order) -> None:
        """Say what a shelf shows."""
        unread = sum(not item.read for item in page.items)
        total = len(page.items)
        if page.more and which == "unread":
            unread += page.more
        more = f" (the first {total:,} listed)" if page.more else ""
        sign = "+" if page.more_capped else ""
        facts = [
            gate(shelf),
            f"{unread:,} unread of {total + page.more:,}{sign}{more}",
            which,
            _IN_ORDER[order],
        ]
        self._facts = " · ".join(facts)
        self._write()

    def show_found(self, query: str, page: ItemPage) -> None:
        """Say what a search shows."""
        count = len(page.items)
        if page.more:
            total = f"{'more than ' if page.more_capped else ''}{count + page.more:,}"
            found = f"the best {count:,} of {total} found"
        else:
            found = f"{count:,} found"
        self._facts = f"search: {gate(query)} · {found}"
        self._write()

    def show_progress(self, text: str) -> None:
        """Say what goes on beside the reading; "" for nothing."""
        if text != self._progress:
            self._progress = text
            self._write()

    def show_daemon(self, runs: bool) -> None:
        """Say whether anything is polled: that no daemon runs is told."""
        if runs != self._daemon:
            self._daemon = runs
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
        no_daemon = not self._daemon and columns >= DAEMON_FROM_COLUMNS
        right = self._progress or ("no daemon runs" if no_daemon else "")
        right = cut(gate(right), columns // 2)
        right = f" {right} " if right else ""
        if self._note:
            right = ""
        shown = cut(f" {gate(self._note or self._facts)}", max(columns - width(right), 0))
        gap = " " * max(columns - width(shown) - width(right), 0)
        self.update(Text(f"{shown}{gap}{right}"))


class HintLine(Static):
    """The keys one needs, each with what it does; as many as there is room for."""

    def __init__(self) -> None:
        super().__init__(id="hints", markup=False)
        self._hints: Sequence[tuple[str, str]] = ()

    def show(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show these keys and words. The first and the last stay longest."""
        if hints != self._hints:
            self._hints = hints
            self._write()

    def on_resize(self) -> None:
        self._write()

    def _write(self) -> None:
        hints = list(self._hints)
        room = max(self.size.width, 1) - 1
        while len(hints) > 2 and sum(width(key) + width(does) + 2 for key, does in hints) > room:
            hints.pop(-2)
        text = Text(" ")
        for key, does in hints:
            text.append(gate(key), "bold")
            text.append(f":{does} ")
        self.update(text)


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


class TypedLine(Input):
    """A line that is typed into, a key at a time. `hints` are the keys that end it."""

    def __init__(self, *, id: str, placeholder: str, hints: Sequence[tuple[str, str]]) -> None:
        super().__init__(id=id, placeholder=placeholder, compact=True)
        self.hints = hints

    def press(self, event: events.Key) -> None:
        """Take one key: a character, or one that edits the line."""
        if event.key in _EDITS:
            getattr(self, f"action_{_EDITS[event.key]}")()
        elif event.character is not None and event.is_printable:
            self.insert_text_at_cursor(event.character)

    def paste(self, text: str) -> None:
        """Take the first line of what was pasted."""
        self.insert_text_at_cursor((text.splitlines() or [""])[0])


class SearchLine(TypedLine):
    """Search as you type: asks once the typing pauses."""

    class Paused(Message):
        """What stands there is to be searched for; "" for nothing."""

        def __init__(self, query: str) -> None:
            self.query = query
            super().__init__()

    def __init__(self) -> None:
        hints = (("Enter", "Search"), ("Ctrl-u", "Clear"), ("Esc", "Close"))
        super().__init__(id="search", placeholder="search", hints=hints)
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


class TagLine(TypedLine):
    def __init__(self) -> None:
        hints = (("Enter", "Set"), ("Tab", "Complete"), ("Esc", "Leave-as-they-were"))
        super().__init__(id="tags", placeholder="+tag -tag", hints=hints)
