"""What the terminal is asked, and pictures in it: fetched by the guarded client, drawn, bounded."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd import configfile
from feedd.cli.tui import pictures
from feedd.cli.tui.drawing import PictureJob, draw
from feedd.cli.tui.terminal_answers import USUAL_CELL, TerminalAnswers, understood
from feedd.errors import FeeddError, ParseError
from feedd.model import FeedConfig
from tests.cli.stocked import CONFIG, Stocked, entry, stock, store
from tests.cli.test_pty import Terminal
from tests.loopback import Loopback, Reply

KITTY = "\x1b]11;rgb:ffff/ffff/f0f0\x1b\\\x1b_Gi=31;OK\x1b\\\x1b[6;20;10t\x1b[?62;52c"
SIXEL = "\x1b]11;rgb:0000/0000/0000\x07\x1b[6;24;12t\x1b[?62;4;22c"


def png(width: int = 320, height: int = 200, form: str = "PNG") -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(file, form)
    return file.getvalue()


def test_the_answers_of_terminals_are_understood() -> None:
    kitty = understood(KITTY, {}, pictures=True)
    assert (kitty.dark, kitty.graphics, kitty.cell, kitty.typed) == (False, "kitty", (10, 20), "")
    sixel = understood(f"j{SIXEL}\r", {}, pictures=True)
    assert (sixel.dark, sixel.graphics, sixel.cell, sixel.typed) == (True, "sixel", (12, 24), "j\r")
    assert understood(KITTY, {}, pictures=False).graphics is None
    assert understood(KITTY, {"WEZTERM_PANE": "0"}, pictures=True).graphics is None
    assert not understood("", {"COLORFGBG": "0;15"}, pictures=True).dark
    assert understood("", {"COLORFGBG": "15;0"}, pictures=True).dark
    silent = understood("", {}, pictures=True)
    assert (silent.dark, silent.graphics, silent.cell) == (True, None, USUAL_CELL)


@given(st.lists(st.sampled_from([*KITTY, *SIXEL, KITTY, SIXEL, "\x1b", "j", "9" * 9])).map("".join))
def test_whatever_a_terminal_answers_the_reader_starts(text: str) -> None:
    answers = understood(text, {}, pictures=True)
    assert all(0 < side <= 200 for side in answers.cell)


@pytest.mark.parametrize("protocol", ["kitty", "sixel"])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_drawn_within_its_room(protocol: str, form: str) -> None:
    made = draw(PictureJob(png(form=form), 100, 100, protocol, dark=True))  # type: ignore[arg-type]
    assert (made.width, made.height) == (100, 63)
    assert made.data.startswith(b"\x89PNG" if protocol == "kitty" else b"\x1bP0;1q")


def test_sixel_holds_every_pixel_once_in_its_colour() -> None:
    from PIL import Image

    picture = Image.new("RGB", (9, 8), "red")
    for x, y in ((0, 0), (8, 7), (4, 6), (5, 3)):
        picture.putpixel((x, y), (0, 0, 255))
    file = io.BytesIO()
    picture.save(file, "PNG")
    data = draw(PictureJob(file.getvalue(), 50, 50, "sixel", dark=True)).data.decode()
    colours = dict(re.findall(r"#(\d+);2;(\d+;\d+;\d+)", data))
    body = data[max(match.end() for match in re.finditer(r"#\d+;2;\d+;\d+;\d+", data)) :]
    seen: dict[tuple[int, int], str] = {}
    for band, row in enumerate(body.removesuffix("\x1b\\").rstrip("-").split("-")):
        for colour, signs in re.findall(r"#(\d+)([^#$]*)\$", row):
            plain = re.sub(r"!(\d+)(.)", lambda run: run[2] * int(run[1]), signs)
            for x, sign in enumerate(plain):
                for bit in range(6):
                    if ord(sign) - 63 >> bit & 1:
                        assert (x, band * 6 + bit) not in seen
                        seen[x, band * 6 + bit] = colours[colour]
    assert len(seen) == 72
    assert {place for place, colour in seen.items() if colour == "0;0;100"} == {
        (0, 0), (8, 7), (4, 6), (5, 3),
    }  # fmt: skip


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_what_a_picture_makes_a_worker_say_drives_no_terminal(before: bytes, after: bytes) -> None:
    data = b"\x1bP0;1q" + before + b"\x1b\\" + after
    if pictures.is_harmless(data, "sixel"):
        assert after == b""
        assert all(0x20 < sign < 0x7F for sign in before)
    assert pictures.is_harmless(draw(PictureJob(png(), 60, 60, "sixel", dark=True)).data, "sixel")


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"GIF89a", png()[:60]])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        draw(PictureJob(data, 100, 100, "kitty", dark=True))


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    with pytest.raises(ParseError, match="pixels"):
        draw(PictureJob(png(20_000, 3_000), 100, 100, "kitty", dark=True))


def test_what_is_kept_is_bounded_and_the_oldest_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    monkeypatch.setattr(pictures, "MAX_KEPT_BYTES", 2_500)
    for number in range(5):
        place = tmp_path / "pictures" / str(number)
        pictures._keep(place, b"x" * 1000)
        os.utime(place, (number, number))
    kept = {path.name for path in (tmp_path / "pictures").iterdir()}
    assert "4" in kept
    assert len(kept) <= 3


@pytest.fixture
def stocked(tmp_path: Path, loopback: Loopback) -> Stocked:
    made = stock(tmp_path)
    loopback.on("/lead.png", Reply(200, {"Content-Type": "image/png"}, png()))
    picture = loopback.url("/lead.png")
    html = "<p>First words.</p>" + "<p>More words.</p>" * 50
    store(
        made.database, "lwn", [entry("Pictured", made.now + 1, html=html, image=picture)], made.now
    )
    return made


@pytest.fixture
def started() -> Iterator[list[Terminal]]:
    terminals: list[Terminal] = []
    yield terminals
    for terminal in terminals:
        terminal.close()


def begun(
    stocked: Stocked,
    started: list[Terminal],
    answers: str,
    env: Mapping[str, str] = {},
    *,
    private: bool = True,
) -> Terminal:
    allowed = "[feedd]\nallow_private_hosts = true\n" if private else "[feedd]\n"
    stocked.config.write_text(CONFIG.replace("[feedd]\n", allowed))
    cache = {"XDG_CACHE_HOME": str(stocked.folder / "cache"), "KITTY_WINDOW_ID": "1"}
    terminal = Terminal("read", cwd=stocked.folder, columns=100, rows=40, env={**cache, **env})
    started.append(terminal)
    if answers:
        terminal.read_until("\x1b[c")
        terminal.press(answers)
    terminal.read_until("Pictured")
    return terminal


def test_kitty_draws_the_lead_picture_and_it_is_fetched_once(
    stocked: Stocked, started: list[Terminal], loopback: Loopback
) -> None:
    for _ in range(2):
        terminal = begun(stocked, started, KITTY)
        terminal.press("\r")
        seen = terminal.read_until("\U0010eeee")
        terminal.press("m")  # unread again, for the next time
        assert re.search(r"\x1b_Ga=T,U=1,f=100,t=d,i=\d+,c=32,r=10,m=[01],q=2;iVBOR", seen)
        sent = re.search(r"\x1b_Ga=T,U=1,f=100,t=d,i=(\d+)", seen)
        placed = re.search(r"\x1b\[([\d;]*)m\U0010eeee\u0305\u0305", seen)
        assert sent is not None
        assert placed is not None
        assert f"38;5;{sent[1]}" in placed[1], "kitty knows the picture by this colour"
        terminal.press("Q")
        assert terminal.finish()[0] == 0
    assert len(loopback.seen_for("/lead.png")) == 1


def test_sixel_draws_the_lead_picture_over_its_room(
    stocked: Stocked, started: list[Terminal]
) -> None:
    terminal = begun(stocked, started, SIXEL)
    terminal.press("\r")
    seen = terminal.read_until("\x1b\\\x1b8")
    place = re.search(r"\x1b7\x1b\[(\d+);(\d+)H\x1bP0;1q", seen)
    assert place is not None
    assert int(place[1]) >= 4
    terminal.press("?")
    terminal.read_until("next unread item")
    terminal.press("xQ")
    code, all_seen = terminal.finish()
    assert code == 0
    drawn = re.findall(r"\x1bP0;1q[^\x1b]*\x1b\\", all_seen)
    assert len(set(drawn)) == 1
    words = re.sub(r"\x1bP0;1q[^\x1b]*\x1b\\", "", all_seen)
    assert drawn[0][200:260] not in words, "no part of a picture is written as text"


def test_keys_typed_before_the_screen_is_there_are_not_lost(
    stocked: Stocked, started: list[Terminal]
) -> None:
    terminal = begun(stocked, started, f"{SIXEL}\r")
    terminal.read_until("First words.")


@pytest.mark.parametrize("late", [KITTY, SIXEL, SIXEL.replace("\x07", "\x1b\\")])
def test_answers_that_come_late_press_no_keys(
    stocked: Stocked, started: list[Terminal], late: str
) -> None:
    """The colour of a background may hold an e, and a list of attributes a question mark."""
    terminal = begun(stocked, started, "", {"KITTY_WINDOW_ID": "", "TERM": "xterm-256color"})
    terminal.press(late.replace("ffff", "eaea") + "\r")
    seen = terminal.read_until("First words.")
    assert "Everywhere" not in seen
    assert "attached" not in seen
    assert "sort" not in seen


@pytest.mark.parametrize("env", [{"SSH_CONNECTION": "a b c d"}, {"TERM": "linux"}])
def test_where_pictures_are_not_wanted_none_is_asked_for(
    stocked: Stocked, started: list[Terminal], loopback: Loopback, env: dict[str, str]
) -> None:
    terminal = begun(stocked, started, "", env)
    assert "\x1b_G" not in terminal.seen
    assert "\x1b]11" not in terminal.seen
    terminal.press("\r")
    terminal.read_until("First words.")
    terminal.press("Q")
    terminal.finish()
    assert not loopback.seen_for("/lead.png")


def test_a_picture_in_a_private_network_is_not_fetched(
    stocked: Stocked, started: list[Terminal], loopback: Loopback
) -> None:
    terminal = begun(stocked, started, KITTY, private=False)
    terminal.press("\r")
    terminal.read_until("First words.")
    terminal.press("  Q")
    terminal.finish()
    assert not loopback.seen_for("/lead.png")
    assert "\U0010eeee" not in terminal.seen


def fetched(config: Path, url: str, feed: FeedConfig | None = None, times: int = 1) -> list[object]:
    """What comes of asking for the bytes of a picture, so many times by one reader."""

    async def ask() -> list[object]:
        asked = pictures.Pictures(SimpleNamespace(), configfile.load(config), TerminalAnswers())  # type: ignore[arg-type]
        came: list[object] = []
        try:
            for _ in range(times):
                try:
                    came.append(len(await asked._fetched(url, feed)))
                except FeeddError as error:
                    came.append(str(error).removeprefix(f"no picture at {url}: "))
        finally:
            await asked.close()
        return came

    return asyncio.run(ask())


def test_only_a_whole_picture_that_the_server_gives_is_kept(
    stocked: Stocked, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(stocked.folder / "cache"))
    stocked.config.write_text(CONFIG.replace("[feedd]\n", "[feedd]\nallow_private_hosts = true\n"))
    monkeypatch.setattr(pictures, "MAX_PICTURE_BYTES", 1000)
    loopback.on("/long.png", Reply(200, {}, b"x" * 1001))
    loopback.on("/half.png", Reply(200, {}, b"x" * 400, length=900, close=True))
    loopback.on("/fits.png", Reply(200, {}, b"x" * 1000))
    assert fetched(stocked.config, loopback.url("/gone.png")) == ["404"]
    assert "larger than 1,000 bytes" in str(fetched(stocked.config, loopback.url("/long.png")))
    assert fetched(stocked.config, loopback.url("/half.png")) == ["200"]
    feed = FeedConfig("a", "https://a.example/", user_agent="mine/1")
    assert fetched(stocked.config, loopback.url("/fits.png"), feed, times=2) == [1000, 1000]
    assert fetched(stocked.config, loopback.url("/fits.png")) == [1000]
    (seen,) = loopback.seen_for("/fits.png")
    assert seen.header("user-agent") == "mine/1"


@pytest.mark.parametrize(
    ("columns", "rows", "tries"), [(2, 9, 0), (9, 2, 0), (3, 3, 1), (500, 500, 1)]
)
def test_where_there_is_no_room_or_no_picture_nobody_is_asked_twice(
    stocked: Stocked, loopback: Loopback, columns: int, rows: int, tries: int
) -> None:
    stocked.config.write_text(CONFIG.replace("[feedd]\n", "[feedd]\nallow_private_hosts = true\n"))

    async def ask() -> None:
        answers = TerminalAnswers(graphics="kitty")
        asked = pictures.Pictures(SimpleNamespace(), configfile.load(stocked.config), answers)  # type: ignore[arg-type]
        for _ in range(2):
            url = loopback.url("/gone.png")
            assert await asked.drawn(url, None, columns=columns, rows=rows) is None
        await asked.close()

    asyncio.run(ask())
    assert len(loopback.seen_for("/gone.png")) == tries
