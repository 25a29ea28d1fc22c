"""Tours through the full-screen reader, as they were approved: the screen after each key."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from textual.pilot import Pilot

from feedd.cli.tui.app import FullScreenReader
from tests.approval import approved
from tests.cli.full_screen import play
from tests.cli.stocked import Stocked, entry, stock, store

APPROVED = Path(__file__).with_name("tours")
NOW = 1_800_000_000
LONG = "".join(
    f"<p>Paragraph {n} of a text that goes on for long, about bridges.</p>" for n in range(20)
)
CODE = "<pre><code>" + "a long line of code " * 8 + "</code></pre>"

TOURS: dict[str, tuple[tuple[int, int], str]] = {
    "reading": (
        (100, 24),
        "Enter Space j j k ctrl+d ctrl+u G g b escape j Enter n J K q k Enter / b r i enter n N q",
    ),
    "marking": ((80, 24), "m j s j u m j L u A u a j m * * S S S S a"),
    "shelves": ((90, 24), "f j j Enter h j Enter f z z S S S S t t T tab tab f G g k Enter"),
    "searching": ((80, 20), "/ w a l enter Enter q / backspace escape / x y z enter escape a / b"),
    "narrow": ((40, 16), "Enter j Space Space h f j Enter | Enter | q a G g ctrl+d ctrl+u"),
    "wide": ((180, 40), "| Enter j n n p a | | f z j Enter ? j k x q"),
    "code": ((60, 18), "G k k Enter > > < j / l i n e enter n N q"),
    "tagging": ((90, 20), "+ + o n e enter j + - o n e enter u u t T t"),
}
_NAMES = {"Enter": "enter", "Space": "space", "?": "question_mark", "/": "slash", "*": "asterisk",
          "|": "vertical_line", "+": "plus", "-": "minus", ">": "greater_than_sign",
          "<": "less_than_sign"}  # fmt: skip


@pytest.fixture
def stocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stocked:
    monkeypatch.setattr(time, "time", lambda: float(NOW))
    made = stock(tmp_path, now=NOW)
    store(
        made.database,
        "lwn",
        [
            entry("A long read", NOW - 1000, html=LONG, author="Ann Lee"),
            entry("Code to the right", NOW - 200_000, html=f"<p>Look:</p>{CODE}<p>Lines.</p>"),
        ],
        NOW,
    )
    return made


def _screen(app: FullScreenReader) -> list[str]:
    """What stands on the screen, without colours; blank lines at the end left out."""
    lines = [
        "".join(segment.text for segment in strip).rstrip()
        for strip in app.screen._compositor.render_strips()
    ]
    while lines and not lines[-1]:
        lines.pop()
    return lines


async def _settled(app: FullScreenReader, pilot: Pilot[None]) -> list[str]:
    """The screen once it stands still: on a busy machine what a key asks for comes bit by bit."""
    still, before = 0, _screen(app)
    for _ in range(100):
        await pilot.pause(0.02)
        after = _screen(app)
        still = still + 1 if after == before else 0
        if still == 2:
            break
        before = after
    return before


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("name", TOURS)
def test_what_stands_on_the_screen_after_each_key_is_what_was_approved(
    stocked: Stocked, name: str
) -> None:
    size, keys = TOURS[name]
    told: list[str] = []

    async def tour(app: FullScreenReader, pilot: Pilot[None]) -> None:
        before = _screen(app)
        told.extend(before)
        for key in keys.split():
            await pilot.press(_NAMES.get(key, key))
            await pilot.pause()
            await pilot.pause()
            if not app.is_running:
                told.append(f"[{key}] ends it")
                return
            after = _screen(app)
            told.append(f"[{key}]")
            told.extend(
                f"{number:>2} {line}"
                for number, line in enumerate(after)
                if number >= len(before) or line != before[number]
            )
            before = after

    play(stocked, tour, size=size)
    approved(APPROVED / f"{name}.txt", "\n".join(told) + "\n")
