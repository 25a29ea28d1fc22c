"""What standard output can show: width, colour, links; tables, the pager.

No terminal library: these few functions start in no time, and everything printed through them is
plain when it should be.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Literal, TextIO

from feedd.terminal import cut, gate, width

MAX_TARGET_CHARACTERS = 2_083
"""VTE and iTerm2 ignore hyperlinks (OSC 8) to longer URLs."""

MIN_COLUMNS = 20
"""Narrower terminals are treated as this wide: their lines wrap."""

_SGR = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "reverse": "7",
    "strike": "9",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}
# Each stands out by at least 3.6 : 1 from black and from white (WCAG 2 contrast).
_FEED_COLOURS_256 = (131, 166, 130, 100, 64, 28, 29, 30, 31, 32, 67, 63, 98, 134, 133, 162)
_FEED_COLOURS_16 = ("31", "32", "33", "35", "36")


Colours = Literal[0, 16, 256]


class Screen:
    """What one output stream can show. `columns` None: no limit, it is no terminal.

    `draws` is false for a dumb terminal, which may speak (a screen reader): no lines are drawn.
    """

    def __init__(
        self,
        *,
        terminal: bool,
        colours: Colours = 0,
        columns: int | None = None,
        rows: int | None = None,
        links: bool = False,
        draws: bool = True,
    ) -> None:
        self.terminal = terminal
        self.colours = colours
        self.columns = columns
        self.rows = rows
        self.links = links
        self.bar, self.rule = ("│", "─") if draws else (">", "-")

    @classmethod
    def of_stdout(cls) -> Screen:
        """Standard output as it is now."""
        return cls.of(sys.stdout, os.environ)

    @classmethod
    def of(cls, stream: TextIO, environ: Mapping[str, str]) -> Screen:
        """`stream`, seen through what the environment says of the terminal.

        NO_COLOR switches colour off (no-color.org), CLICOLOR_FORCE switches it on where there is no
        terminal, COLUMNS beats the terminal's own width.
        """
        terminal = stream.isatty()
        dumb = environ.get("TERM", "") in ("", "dumb")
        forced = environ.get("CLICOLOR_FORCE", "0") not in ("", "0")
        colours: Colours = 0
        if not environ.get("NO_COLOR") and (forced or (terminal and not dumb)):
            rich_terminal = "256color" in environ.get("TERM", "") or "COLORTERM" in environ
            colours = 256 if rich_terminal else 16
        return cls(
            terminal=terminal,
            colours=colours,
            columns=columns_of(stream, environ) if terminal or "COLUMNS" in environ else None,
            rows=_rows(stream) if terminal else None,
            links=terminal and not dumb and _knows_links(environ),
            draws=not (terminal and dumb),
        )

    def fits(self, lines: int) -> bool:
        """Whether so many lines are in sight at once; anything but a terminal takes any number."""
        return not self.terminal or self.rows is None or lines <= self.rows

    def paint(self, text: str, *styles: str) -> str:
        """Gated `text` in these styles (names such as "bold", "red"), where there is colour."""
        if not self.colours or not styles or not text:
            return text
        return f"\x1b[{';'.join(_SGR[style] for style in styles)}m{text}\x1b[0m"

    def paint_feed(self, text: str, feed: str) -> str:
        """`text` in the stable colour of the feed named `feed`."""
        if not self.colours:
            return text
        number = _number_of(feed)
        if self.colours == 16:
            return f"\x1b[{_FEED_COLOURS_16[number % len(_FEED_COLOURS_16)]}m{text}\x1b[0m"
        colour = _FEED_COLOURS_256[number % len(_FEED_COLOURS_256)]
        return f"\x1b[38;5;{colour}m{text}\x1b[0m"

    def link(self, text: str, url: str) -> str:
        """`text` as a hyperlink (OSC 8), where the terminal has them."""
        target = osc8_target(url) if self.links else None
        return f"\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\" if target else text

    def table(
        self,
        rows: Sequence[Sequence[str]],
        *,
        header: Sequence[str] = (),
        right: Sequence[int] = (),
        shrink: int | None = None,
    ) -> list[str]:
        """Rows of plain text as aligned lines. Cells are gated here.

        `right` lists the columns (from 0) set flush right; `shrink` is the one that is cut where
        the line would be wider than the terminal (the last one when not said).
        """
        if not rows:
            return []
        columns = [_gated_column(column) for column in zip(*rows, strict=True)]
        widths = [_widest(column) for column in columns]
        if header:
            widths = [max(width(name), most) for name, most in zip(header, widths, strict=True)]
        flexible = len(widths) - 1 if shrink is None else shrink
        if self.columns is not None:
            over = sum(widths) + 2 * (len(widths) - 1) - self.columns
            if over > 0:
                widths[flexible] = max(min(widths[flexible], 8), widths[flexible] - over)
        lines = _aligned(list(zip(*columns, strict=True)), widths, right)
        if header:
            lines.insert(0, self.paint(_row(header, widths, right), "bold"))
        return lines


def _gated_column(cells: Sequence[str]) -> Sequence[str]:
    joined = "".join(cells)
    return cells if joined.isascii() and joined.isprintable() else list(map(gate, cells))


def _widest(cells: Sequence[str]) -> int:
    return max(map(len if "".join(cells).isascii() else width, cells))


def _aligned(
    rows: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[int]
) -> list[str]:
    """The rows as lines. One of ASCII is as wide as it is long: there may be very many of them."""
    line_of = "  ".join(
        f"{{:{'>' if number in right else '<'}{columns}}}" for number, columns in enumerate(widths)
    ).format
    length = sum(widths) + 2 * (len(widths) - 1)
    lines = []
    for row in rows:
        line = line_of(*row)
        fits = len(line) == length and line.isascii()
        lines.append(line.rstrip() if fits else _row(row, widths, right))
    return lines


def columns_of(stream: TextIO, environ: Mapping[str, str]) -> int:
    """How wide the stream's terminal is; COLUMNS says it first."""
    said = environ.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and int(said) > 0:
        return max(int(said), MIN_COLUMNS)
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return max(columns, MIN_COLUMNS) if columns > 0 else 80


def pad(text: str, columns: int) -> str:
    """Gated `text` with spaces after it, up to `columns`."""
    return text + " " * (columns - width(text))


def pad_left(text: str, columns: int) -> str:
    """Gated `text` with spaces before it, up to `columns`."""
    return " " * (columns - width(text)) + text


def unpainted(line: str) -> str:
    """A painted line's own text."""
    import re

    return re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\", "", line)


def osc8_target(url: str) -> str | None:
    """`url` as it may stand in an OSC 8 sequence (printable ASCII), or None."""
    if not url.startswith(("http://", "https://", "mailto:")) or len(url) > MAX_TARGET_CHARACTERS:
        return None
    if url.isascii() and url.isprintable() and " " not in url:
        return url
    from urllib.parse import quote

    return quote(gate(url), safe="%/:=&?~#+!$,;'@()*[]")


def _number_of(name: str) -> int:
    """A number that looks random and is always the same for `name` (FNV-1a; hash() is not)."""
    number = 2_166_136_261
    for byte in name.encode("utf-8", "replace"):
        number = ((number ^ byte) * 16_777_619) & 0xFFFF_FFFF
    return number >> 8


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    parts = []
    for number, (cell, columns) in enumerate(zip(cells, widths, strict=True)):
        fitted = cut(cell, columns)
        parts.append(pad_left(fitted, columns) if number in right else pad(fitted, columns))
    return "  ".join(parts).rstrip()


def _rows(stream: TextIO) -> int | None:
    try:
        return os.get_terminal_size(stream.fileno()).lines or None
    except (OSError, ValueError):
        return None


def _knows_links(environ: Mapping[str, str]) -> bool:
    said = environ.get("FORCE_HYPERLINK")
    if said is not None:
        return said not in ("", "0")
    if environ.get("TERM_PROGRAM") == "tmux":
        return _version(environ.get("TERM_PROGRAM_VERSION", "")) >= (3, 4)
    if environ.get("TERM", "").startswith(("xterm-kitty", "foot", "alacritty", "xterm-ghostty")):
        return True
    if any(mark in environ for mark in ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION")):
        return True
    if environ.get("VTE_VERSION", "").isdigit():
        return int(environ["VTE_VERSION"]) >= 5000
    return environ.get("TERM_PROGRAM") in ("iTerm.app", "WezTerm", "ghostty", "vscode", "Hyper")


def _version(text: str) -> tuple[int, ...]:
    numbers = ("".join(ch for ch in part if ch.isdigit()) for part in text.split("."))
    return tuple(int(number) for number in numbers if number)


# ---------------------------------------------------------------- the pager


# less: quit when it fits one screen, show colours, leave the text on the screen. As git does.
_LESS = "FRX"


def page(lines: Sequence[str], screen: Screen) -> None:
    """Show `lines` through $PAGER (else less); print them where there is no terminal or pager."""
    text = "\n".join(lines) + "\n"
    command = os.environ.get("PAGER", "less") if screen.terminal and sys.stdin.isatty() else ""
    if command.strip() in ("", "cat") or os.environ.get("TERM", "dumb") == "dumb":
        sys.stdout.write(text)
        return
    import subprocess

    environ = {"LESS": _LESS, "LV": "-c", "LESSCHARSET": "utf-8", **os.environ}
    sys.stdout.flush()
    pager = subprocess.Popen(
        command,
        shell=True,  # $PAGER may hold options; nothing of a feed is in it
        stdin=subprocess.PIPE,
        env=environ,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    assert pager.stdin is not None
    try:
        pager.stdin.write(text)
        pager.stdin.close()
    except (BrokenPipeError, KeyboardInterrupt):
        pass  # the reader has seen enough
    while True:
        try:
            status = pager.wait()
            break
        except KeyboardInterrupt:
            continue  # the pager's own business
    if status in (126, 127):  # the shell could not run it
        sys.stdout.write(text)
