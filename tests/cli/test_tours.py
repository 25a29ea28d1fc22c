"""Tours through the full-screen reader, as they were approved: the screen after each key."""

from __future__ import annotations

import hashlib
import time
import webbrowser
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual import events
from textual.pilot import Pilot

from feedd.cli.tui import app as acting
from feedd.cli.tui import footer, outside, window
from feedd.cli.tui.app import FullScreenReader
from feedd.cli.tui.drawing import Picture
from feedd.model import Enclosure
from feedd.store.database import open_writer
from feedd.store.marks import mark, tag
from tests.approval import approved
from tests.chance import Chance
from tests.cli.full_screen import play, until
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


def _marked_screen(app: FullScreenReader) -> str:
    """A mark of all that is on the screen, and of how it is set off; and what the foot says."""
    strips = app.screen._compositor.render_strips()
    cells = [
        (
            segment.text,
            style and (style.bold, style.underline, style.reverse, style.italic, style.dim),
        )
        for strip in strips
        for segment in strip
        for style in (segment.style,)
    ]
    said = str(app.status.render()).strip()
    return f"{hashlib.sha256(repr(cells).encode()).hexdigest()[:6]} {said}"


async def _settled(app: FullScreenReader, pilot: Pilot[None]) -> list[str]:
    """The screen once it stands still: on a busy machine what a key asks for comes bit by bit."""
    still, before = 0, ""
    for _ in range(200):
        await pilot.pause(0.02)
        after = _marked_screen(app)
        waits = app._settling or app._keys or not app._message_queue.empty()
        still = still + 1 if after == before and not waits else 0
        if still == 3 or not app.is_running:
            break
        before = after
    return _screen(app)


async def _begun(app: FullScreenReader, pilot: Pilot[None]) -> list[str]:
    """The first screen, once it is known that no daemon runs."""
    app.search_line.cursor_blink = app.tag_line.cursor_blink = False
    await until(pilot, lambda: not app.status._daemon)
    return await _settled(app, pilot)


@pytest.fixture(autouse=True)
def nothing_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed is searched for at once; the store and commands are not looked at again."""
    monkeypatch.setattr(footer, "TYPING_PAUSE_S", 0.001)
    monkeypatch.setattr(outside, "LOOK_AFTER_S", 3600.0)
    for module in (acting, window):
        monkeypatch.setattr(module, "LOOK_PAUSE_S", 3600.0)


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("name", TOURS)
def test_what_stands_on_the_screen_after_each_key_is_what_was_approved(
    stocked: Stocked, name: str
) -> None:
    size, keys = TOURS[name]
    told: list[str] = []

    async def tour(app: FullScreenReader, pilot: Pilot[None]) -> None:
        before = await _begun(app, pilot)
        told.extend(before)
        for key in keys.split():
            await pilot.press(_NAMES.get(key, key))
            if not app.is_running:
                told.append(f"[{key}] ends it")
                return
            after = await _settled(app, pilot)
            told.append(f"[{key}]")
            told.extend(
                f"{number:>2} {line}"
                for number, line in enumerate(after)
                if number >= len(before) or line != before[number]
            )
            before = after

    play(stocked, tour, size=size)
    approved(APPROVED / f"{name}.txt", "\n".join(told) + "\n")


SIZES = ((30, 9), (40, 16), (47, 10), (48, 24), (80, 24), (109, 20), (110, 30), (120, 12),
         (159, 30), (160, 40), (200, 50))  # fmt: skip
OFTEN = str.split("j j k Enter Enter Space n n J K f h tab escape / G g a * S m s l u t")
SELDOM = str.split(
    "A + - T z | ? > < N q o i e y b 1 2 3 0 ctrl+d ctrl+u pagedown pageup left right home end"
    " backspace ctrl+w ctrl+k ctrl+a ctrl+e delete x w r i t e c o d y f1 F"
)
KEYS = """
[views]
week = "since:7d"
kept = "is:starred or is:later"
later = "feed:lwn is:later"
[read.keys]
F = "search-next"
x = "previous-item"
w = "!true %u %t"
c = "none"
"""


@pytest.fixture
def furnished(stocked: Stocked, monkeypatch: pytest.MonkeyPatch) -> Stocked:
    """More items than a screen has lines, marked, tagged, with links, pictures and files."""
    monkeypatch.setenv("BROWSER", "true")
    monkeypatch.setattr(webbrowser, "_tryorder", None)  # which others may have found before
    monkeypatch.setattr(webbrowser, "_browsers", {})
    stocked.config.write_text(stocked.config.read_text() + KEYS)
    files = tuple(Enclosure(f"https://lwn.example/{n}.mp3", "audio/mpeg", n) for n in range(3))
    links = "".join(f"<p>See <a href='https://l.example/{n}'>link {n}</a>.</p>" for n in range(11))
    more = [
        entry(f"Report {n} on bridges", NOW - 3000 * n, html=f"<p>Report {n}.</p>{LONG[: n * 80]}")
        for n in range(40)
    ]
    store(stocked.database, "planet-python", more, NOW)
    store(
        stocked.database,
        "nihongo",
        [
            entry("Eleven links", NOW - 500, html=links, enclosures=files),
            entry("A picture", NOW - 700, html="<p><img src='https://p.example/i.png' alt=i></p>"),
            replace(entry("No address", NOW - 900, html=CODE), link=None),
        ],
        NOW,
    )
    with closing(open_writer(stocked.database)) as db:
        mark(db, "star", ids=[3, 20, 21], now=NOW)
        mark(db, "read", ids=[1, 5, 22, 23], now=NOW)
        mark(db, "later", ids=[8, 30], now=NOW)
        tag(db, add=["draft", "daft", "Zoo"], remove=(), ids=[2, 25], feed_tags={}, now=NOW)
    return stocked


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("number", range(14))
def test_any_keys_leave_what_was_approved(furnished: Stocked, number: int) -> None:
    """Keys, clicks and sizes by chance; a line for each."""
    chance = Chance(number)
    told: list[str] = []

    async def tour(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await _begun(app, pilot)
        told.append(_marked_screen(app))
        for _ in range(45):
            if chance.holds(0.04):
                size = chance.one(SIZES)
                await pilot.resize_terminal(*size)
                done = f"{size[0]}x{size[1]}"
            elif chance.holds(0.04):
                place = chance.below(app.size.width), chance.below(app.size.height)
                await pilot.click(offset=place)
                done = f"{place[0]},{place[1]}"
            else:
                done = chance.one(OFTEN if chance.holds(0.7) else SELDOM)
                if isinstance(app.active, footer.TypedLine) and chance.holds(0.3):
                    done = chance.one(("Enter", "Enter", "Enter", "escape", "tab", "backspace"))
                character = {"Space": " "}.get(done, done if len(done) == 1 else None)
                app.post_message(events.Key(_NAMES.get(done, done), character))
            await _settled(app, pilot)
            if not app.is_running:
                told.append(f"[{done}] ends it")
                return
            told.append(f"[{done}] {_marked_screen(app)}")

    play(furnished, tour, size=chance.one(SIZES))
    approved(APPROVED / "chance" / f"{number}.txt", "\n".join(told) + "\n")


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("number", [0, 17], ids=["sixel", "kitty"])
def test_a_picture_stands_under_the_heading_wherever_one_scrolls(
    furnished: Stocked, number: int
) -> None:
    told: list[str] = []
    picture = Picture(24, 5, number) if number else Picture(24, 5, sixel="\x1bP0;1q#0~\x1b\\")

    async def tour(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await _begun(app, pilot)
        for key in (*"j" * 25, "enter"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await _settled(app, pilot)
        app.page.show_picture(picture)
        for key in ("", *"jjjjkkk", "pagedown", "g", "question_mark", "x", "n", "30x9", "100x24"):
            if "x" in key[1:]:
                columns, rows = map(int, key.split("x"))
                await pilot.resize_terminal(columns, rows)
            elif key:
                app.post_message(events.Key(key, key if len(key) == 1 else None))
            lines = await _settled(app, pilot)
            told.extend((f"[{key}] {_marked_screen(app)}", *map(ascii, lines[:8])))

    play(furnished, tour, size=(60, 14))
    approved(APPROVED / "chance" / f"picture{number}.txt", "\n".join(told) + "\n")
