"""`?`: every key on a line of its own."""

from __future__ import annotations

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from feedd.cli.tui.key_bindings import KeyTable
from feedd.terminal import gate

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
