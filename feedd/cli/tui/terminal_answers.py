"""What the terminal says of itself when it is asked: its background, whether it draws pictures.

It is asked before the slow imports and heard after them, so that nobody waits for it. What was
typed meanwhile is kept.
"""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import termios
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from feedd.cli.tui.drawing import Graphics
from feedd.errors import StoreError
from feedd.model import PicturesMode

PATIENCE_S = 0.35
"""How long after the question a terminal that is known to answer is waited for."""
LAST_WRITE_S = 1.0
LATE_S = 5.0
"""How long after the start an answer may still come, over a slow line."""
BETWEEN_S = 0.3
"""Between two signs of one answer."""
MAX_ANSWER_BYTES = 10_000
USUAL_CELL = (10, 20)
"""Width and height of a character in pixels, where the terminal does not say."""
MAX_CELL = 200

_BACKGROUND = "\x1b]11;?\x1b\\"  # xterm's control sequences: OSC 11
_KITTY = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"  # kitty's graphics protocol: a query
_CELL = "\x1b[16t"  # the size of a character
_ATTRIBUTES = "\x1b[c"  # DA1: every terminal answers it, so that it ends the answers

_ANSWERS = re.compile(
    "\x1b\\]11;(?P<background>[^\x07\x1b]*)(?:\x07|\x1b\\\\)"
    "|\x1b_G(?P<kitty>[^\x1b]*)\x1b\\\\"
    r"|\x1b\[6;(?P<height>\d{1,4});(?P<width>\d{1,4})t"
    r"|\x1b\[\?(?P<attributes>[\d;]*)c"
)
_ENDS = {"]": ("\\", "Ctrl-g"), "_": ("\\", "Ctrl-g"), "[": ("c", "t")}
"""By which sign an answer ends, by how it begins."""
_MUTE = ("", "dumb", "unknown", "linux", "vt100", "vt220", "ansi")
_ANSWERING_TERMS = (
    "alacritty", "contour", "foot", "mlterm", "rxvt", "screen", "st-", "tmux", "wezterm",
    "xterm-ghostty", "xterm-kitty",
)  # fmt: skip
_ANSWERING = (
    "TERM_PROGRAM", "KITTY_WINDOW_ID", "VTE_VERSION", "WT_SESSION", "KONSOLE_VERSION", "TMUX",
    "XTERM_VERSION", "ALACRITTY_WINDOW_ID", "WEZTERM_PANE", "GHOSTTY_RESOURCES_DIR",
)  # fmt: skip
_WITHOUT_PLACEHOLDERS = ("WEZTERM_PANE", "KONSOLE_VERSION", "TMUX", "STY")
"""Where kitty's protocol lacks the characters that stand for a picture, or does not get through."""


class TerminalAnswers(Struct, frozen=True):
    """Whether the background is dark, how pictures can be drawn (None: they can't, or are not
    wanted), the size of a character in pixels, and what was typed meanwhile. `late`: there may be
    answers still to come.
    """

    dark: bool = True
    graphics: Graphics | None = None
    cell: tuple[int, int] = USUAL_CELL
    typed: str = ""
    late: bool = False


class TerminalQuestion:
    """Asks at once; `answers` are for after the imports. `close` gives the terminal back."""

    def __init__(self, wanted: PicturesMode, environ: Mapping[str, str]) -> None:
        self._environ = environ
        remote = any(name in environ for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))
        self._pictures = wanted == "always" or (wanted == "auto" and not remote)
        self._descriptor: int | None = None
        self._heard = False
        self._before: list[object] = []
        self._asked_at = time.monotonic()
        if environ.get("TERM", "") in _MUTE or (remote and not self._pictures):
            return
        try:
            descriptor = sys.stdin.fileno()
            self._before = termios.tcgetattr(descriptor)
            quiet = termios.tcgetattr(descriptor)
            quiet[0] &= ~termios.ICRNL
            quiet[3] &= ~(termios.ICANON | termios.ECHO)
            termios.tcsetattr(descriptor, termios.TCSANOW, quiet)
        except (OSError, ValueError, termios.error):
            return
        self._descriptor = descriptor
        asked = _BACKGROUND
        if self._pictures:
            asked += _CELL if self._within_another else _KITTY + _CELL
        os.write(sys.stdout.fileno(), f"{asked}{_ATTRIBUTES}".encode())

    @property
    def _within_another(self) -> bool:
        """In tmux and screen, which take kitty's question for a window's title."""
        term = self._environ.get("TERM", "")
        return "TMUX" in self._environ or "STY" in self._environ or term.startswith("screen")

    def answers(self) -> TerminalAnswers:
        """What has been answered."""
        self._heard = True
        text = ""
        if self._descriptor is not None:
            known = any(name in self._environ for name in _ANSWERING) or self._environ.get(
                "TERM", ""
            ).startswith(_ANSWERING_TERMS)
            until = self._asked_at + (PATIENCE_S if known else 0)
            while True:
                left = max(until - time.monotonic(), 0)
                if not select.select([self._descriptor], [], [], left)[0]:
                    break
                text += os.read(self._descriptor, 4096).decode("utf-8", "replace")
                if _is_complete(text) or len(text) > MAX_ANSWER_BYTES:
                    break
        answers = understood(text, self._environ, pictures=self._pictures)
        return replace(answers, late=self._descriptor is not None and not _is_complete(text))

    def close(self) -> None:
        """The terminal as it was; no answer is left for a shell to take for a command."""
        if self._descriptor is not None:
            if not self._heard:
                self.answers()
            termios.tcsetattr(self._descriptor, termios.TCSANOW, self._before)  # type: ignore[arg-type]
            self._descriptor = None


class LateAnswers:
    """Answers that come while the screen is there already, which textual takes for keys."""

    def __init__(self, expected: bool) -> None:
        self._until = time.monotonic() + LATE_S if expected else 0.0
        self._ends: tuple[str, ...] = ()
        self._last = 0.0

    def takes(self, key: str) -> bool:
        """Whether a key is part of an answer, and is to do nothing."""
        now = time.monotonic()
        if now > self._until:
            return False
        within = bool(self._ends) and now - self._last < BETWEEN_S
        self._last = now
        if key == "^":  # how textual calls the escape that begins it
            self._ends = self._ends or ("",)
            return True
        if key in _ENDS and not (within and self._ends != ("",)):
            self._ends = _ENDS[key]
            return True
        if not within:
            self._ends = ()
            return False
        if key in self._ends:
            self._ends = ()
        return True


def _is_complete(text: str) -> bool:
    return any(match["attributes"] is not None for match in _ANSWERS.finditer(text))


def understood(text: str, environ: Mapping[str, str], *, pictures: bool) -> TerminalAnswers:
    """What a terminal's answers mean, and what in `text` is none."""
    dark = _dark_by_environment(environ)
    graphics: Graphics | None = None
    cell = USUAL_CELL
    for match in _ANSWERS.finditer(text):
        if match["background"] is not None:
            dark = _dark_by_colour(match["background"], dark)
        elif match["kitty"] is not None:
            if match["kitty"].endswith(";OK") and not any(
                name in environ for name in _WITHOUT_PLACEHOLDERS
            ):
                graphics = "kitty"
        elif match["height"] is not None:
            width, height = int(match["width"]), int(match["height"])
            if 0 < width <= MAX_CELL and 0 < height <= MAX_CELL:
                cell = (width, height)
        elif graphics is None and "4" in match["attributes"].split(";")[1:]:
            graphics = "sixel"
    typed = _ANSWERS.sub("", text)
    return TerminalAnswers(dark, graphics if pictures else None, cell, typed)


def _dark_by_colour(colour: str, otherwise: bool) -> bool:
    """Whether `rgb:RRRR/GGGG/BBBB` (one to four digits each) is dark."""
    match = re.fullmatch(r"rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4}).*", colour, re.I)
    if match is None:
        return otherwise
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in match.groups())
    return bool(0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5)  # Rec. 709


def _dark_by_environment(environ: Mapping[str, str]) -> bool:
    """COLORFGBG, which rxvt and konsole set: "15;0" is white on black."""
    last = environ.get("COLORFGBG", "").rpartition(";")[2]
    return last not in ("7", "9", "10", "11", "12", "13", "14", "15")


def end_without_terminal(write_waiting: Callable[[float], object]) -> None:
    """End as any program does whose terminal is closed, also where the kernel sends no SIGHUP (a
    session of its own, `setsid`): textual would go on reading from nowhere, without a pause. Marks
    that wait are written before.
    """
    terminal = select.poll()
    terminal.register(sys.__stdin__ or 0, 0)  # told of a hang-up alone
    if terminal.poll(0):
        with suppress(StoreError):
            write_waiting(LAST_WRITE_S)
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # begun with `nohup`
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGHUP)
