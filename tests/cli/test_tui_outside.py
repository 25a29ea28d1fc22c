"""What leaves the full-screen reader: links, enclosures, pictures, the user's commands.

What a feed says reaches a program as one argument, and never as an option.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from feedd.cli.tui.app import FullScreenReader
from feedd.cli.tui.outside import filled_in, is_web_address, with_urls
from feedd.model import Enclosure, Item
from tests.cli.full_screen import play, status, until
from tests.cli.stocked import CONFIG, Stocked, entry, stock, store

PUT_DOWN = """\
import json, os, sys
with open({told!r}, "a") as told:
    told.write(json.dumps([sys.argv[1:], sys.stdin.read() if {listens!r} else ""]) + "\\n")
"""


@pytest.fixture
def stocked(tmp_path: Path) -> Stocked:
    return stock(tmp_path)


@pytest.fixture
def told(tmp_path: Path) -> Path:
    return tmp_path / "told"


def recorder(folder: Path, name: str, *, listens: bool = False) -> str:
    """A command that writes down what it is given."""
    script = folder / f"{name}.py"
    script.write_text(PUT_DOWN.format(told=str(folder / "told"), listens=listens))
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}"


def runs(told: Path) -> list[tuple[list[str], str]]:
    lines = told.read_text().splitlines() if told.exists() else []
    return [(words, given) for words, given in map(json.loads, lines)]


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """$BROWSER as a program that writes down what it is to open."""
    import webbrowser

    monkeypatch.setattr(webbrowser, "_tryorder", None)
    monkeypatch.setattr(webbrowser, "_browsers", {})
    monkeypatch.setenv("BROWSER", f"{recorder(tmp_path, 'browser')} %s")
    return tmp_path / "told"


def linked(count: int) -> str:
    return "".join(
        f'<p><a href="https://x.example/{n}">link {n}</a></p>' for n in range(1, count + 1)
    )


def test_a_digit_opens_the_link_with_that_number(stocked: Stocked, browser: Path) -> None:
    store(stocked.database, "lwn", [entry("Few", stocked.now, html=linked(9))], stocked.now)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter", "3")
        assert "https://x.example/3" in status(app)
        await pilot.press("j", "0")
        assert "9 links; there is no 0" in status(app)

    play(stocked, story)
    assert runs(browser) == [(["https://x.example/3"], "")]


def test_of_more_than_nine_links_the_number_is_typed_and_entered(
    stocked: Stocked, browser: Path
) -> None:
    store(stocked.database, "lwn", [entry("Many", stocked.now, html=linked(23))], stocked.now)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter", "1")
        assert "https://x.example/1 " in status(app)
        await pilot.press("2")
        assert "https://x.example/12" in status(app)
        assert runs(browser) == []
        await pilot.press("enter", "2", "escape", "2", "9", "enter")
        assert "there is no 29" in status(app)
        await pilot.press("2", "9", "backspace", "3", "enter")

    play(stocked, story)
    assert [words for words, _ in runs(browser)] == [
        ["https://x.example/12"],
        ["https://x.example/23"],
    ]


def test_a_digit_in_the_list_opens_nothing(stocked: Stocked, browser: Path) -> None:
    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("1", "2")
        assert not app.reading

    play(stocked, story)
    assert runs(browser) == []


def test_what_is_no_web_address_is_not_opened(stocked: Stocked, browser: Path) -> None:
    made = entry(
        "Evil", stocked.now, link="file:///etc/passwd", image="--remote-debugging-port=1",
        enclosures=(Enclosure("javascript:alert(1)", "audio/mpeg", None),),
    )  # fmt: skip
    store(stocked.database, "lwn", [made], stocked.now)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("o")
        assert "no address of the web" in status(app)
        await pilot.press("i")
        assert "no address of the web" in status(app)
        await pilot.press("e")
        assert "Nothing is attached" in status(app)

    play(stocked, story)
    assert runs(browser) == []


def test_an_items_picture_opens_in_the_browser(stocked: Stocked, browser: Path) -> None:
    made = [
        entry("Its own", stocked.now + 2, image="https://x.example/own.png"),
        entry("In its text", stocked.now + 1, html='<p><img src="https://x.example/in.jpg"></p>'),
        entry("None", stocked.now, html="<p>words</p>"),
    ]
    store(stocked.database, "lwn", made, stocked.now)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("i", "j", "i", "j", "i")
        assert "no picture" in status(app)

    play(stocked, story)
    assert [words for words, _ in runs(browser)] == [
        ["https://x.example/own.png"],
        ["https://x.example/in.jpg"],
    ]


def with_podcast(stocked: Stocked, *urls: str) -> None:
    files = tuple(Enclosure(url, "audio/mpeg", None) for url in urls)
    made = entry("Podcast", stocked.now, enclosures=files)
    store(stocked.database, "lwn", [made], stocked.now)


def configure(stocked: Stocked, read: str) -> None:
    stocked.config.write_text(f"{CONFIG}\n{read}", encoding="utf-8")


def test_an_enclosure_goes_to_the_user_s_command(stocked: Stocked, told: Path) -> None:
    with_podcast(stocked, "https://x.example/a.mp3?x=$(id)&y='")
    configure(stocked, f'[read]\nenclosure = "{recorder(stocked.folder, "play")} --"\n')

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        await until(pilot, lambda: ": done" in status(app))

    play(stocked, story)
    assert runs(told) == [(["--", "https://x.example/a.mp3?x=$(id)&y='"], "")]


def test_several_enclosures_are_queued_or_one_is_chosen(stocked: Stocked, told: Path) -> None:
    urls = ("https://x.example/a.mp3", "https://x.example/b.mp3")
    with_podcast(stocked, *urls)
    configure(stocked, f'[read]\nenclosure = "{recorder(stocked.folder, "play")} %u --end"\n')

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("e")
        assert "2 enclosures" in status(app)
        assert "2 b.mp3" in status(app)
        await pilot.press("escape", "e", "2")
        await until(pilot, lambda: len(runs(told)) == 1)
        await pilot.press("e", "e")
        await until(pilot, lambda: len(runs(told)) == 2)

    play(stocked, story)
    assert [words for words, _ in runs(told)] == [[urls[1], "--end"], [*urls, "--end"]]


def test_without_a_command_enclosures_go_to_the_browser(stocked: Stocked, browser: Path) -> None:
    with_podcast(stocked, "https://x.example/a.mp3")

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("e")

    play(stocked, story)
    assert runs(browser) == [(["https://x.example/a.mp3"], "")]


def test_a_key_runs_the_user_s_command_with_the_item(stocked: Stocked, told: Path) -> None:
    title = "Rise `touch trap` $(touch trap); touch trap | cat"
    made = entry(title, stocked.now, link="https://x.example/$(touch%20trap)")
    (number,) = store(stocked.database, "lwn", [made], stocked.now)
    command = recorder(stocked.folder, "add", listens=True)
    configure(stocked, f"[read.keys]\nb = \"!{command} %u 'to: %t' 100%% %i\"\n")

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("b")
        await until(pilot, lambda: ": done" in status(app))

    play(stocked, story)
    ((words, given),) = runs(told)
    assert words == ["https://x.example/$(touch%20trap)", f"to: {title}", "100%", str(number)]
    assert json.loads(given)["id"] == number
    assert json.loads(given)["title"] == title
    assert not list(stocked.folder.rglob("trap"))


def test_a_command_that_fails_or_is_missing_is_told(stocked: Stocked) -> None:
    failing = f"{sys.executable} -c 'import sys; sys.exit(\\\"no room\\\")'"
    configure(stocked, f'[read.keys]\nb = "!{failing}"\nx = "!no-such-program %u"\n')

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("b")
        await until(pilot, lambda: "failed (1): no room" in status(app))
        await pilot.press("x")
        assert "no-such-program can't be run: No such file" in status(app)

    play(stocked, story)


def test_keys_can_be_given_other_actions_and_none(stocked: Stocked) -> None:
    configure(stocked, '[read.keys]\nA = "none"\nx = "toggle-star"\n"Ctrl-n" = "open"\n')

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("A", "x")
        assert app.items.items[0].starred
        assert not any(item.read for item in app.items.items)
        await pilot.press("ctrl+n")
        assert app.reading
        await pilot.press("question_mark")
        await pilot.pause()
        text = str(app.screen.query_one("Static").render())
        assert "  x         star or unstar\n" in text
        assert "  A         nothing\n" in text
        assert "mark all in this list read" not in text

    play(stocked, story)


ITEM = Item(7, "lwn", "", "https://x.example/", None, None, None, 0, 0, read=False, starred=False)
HOSTILE = st.text(st.sampled_from("-%uti '\"$;\x1b\u202e\nA"), max_size=12)


@given(title=HOSTILE)
def test_a_title_is_one_argument_and_no_option(title: str) -> None:

    item = ITEM._replace(title=title)
    alone, after, literal = filled_in(("%t", "--title=%t", "100%%"), item)
    assert not alone.startswith("-")
    assert after == f"--title={alone.removeprefix(' ') if alone.startswith(' -') else alone}"
    assert literal == "100%"
    assert alone.isprintable()


@given(url=st.one_of(st.text(), HOSTILE.map(lambda rest: f"https://{rest}")))
def test_a_web_address_is_no_option_and_holds_nothing_a_terminal_obeys(url: str) -> None:
    if is_web_address(url):
        assert url.startswith("http")
        assert url.isprintable()
        assert with_urls(("mpv", "--"), [url]) == ["mpv", "--", url]
