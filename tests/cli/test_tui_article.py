"""Within an article: searching, long code, and going on at its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from feedd.cli.tui.app import FullScreenReader
from tests.cli.full_screen import items, play, shown_lines, status, type_at_once, unread
from tests.cli.stocked import Stocked, entry, stock, store

TEXT = "".join(
    f"<p>Paragraph {n} is about a needle, or it is not, and it goes on about it at some length"
    " so that it does not fit on a line.</p>"
    if n % 10 == 0
    else f"<p>Paragraph {n}.</p>"
    for n in range(1, 61)
)


@pytest.fixture
def stocked(tmp_path: Path) -> Stocked:
    return stock(tmp_path)


def with_article(stocked: Stocked, html: str) -> None:
    store(stocked.database, "lwn", [entry("Long", stocked.now + 1, html=html)], stocked.now)


def text(app: FullScreenReader) -> str:
    return "\n".join(line.rstrip() for line in shown_lines(app, app.page))


def test_a_search_goes_from_place_to_place_within_the_article(stocked: Stocked) -> None:
    with_article(stocked, TEXT)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "enter", "slash", *"NEEDLE", "enter")
        assert "1 of 6" in status(app)
        assert "Paragraph 10 " in text(app)
        await pilot.press("n", "n")
        assert "3 of 6" in status(app)
        assert "Paragraph 30 " in text(app)
        await pilot.press("N")
        assert "2 of 6" in status(app)
        await pilot.press("N", "N")
        assert "6 of 6" in status(app)
        assert app.page.detail is not None
        assert app.page.detail.item.title == "Long"
        await pilot.press("escape")
        assert app.reading
        await pilot.press("n")
        await pilot.pause()
        assert app.page.detail.item.title != "Long"

    play(stocked, story)


def test_words_are_found_across_line_ends_and_quotation_bars(stocked: Stocked) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    with_article(stocked, f"<blockquote><p>{words}</p></blockquote><p>Caf\u00e9 CR\u00c8ME</p>")

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        for first in range(59):
            assert app.page.search(f"Word{first} word{first + 1}") == 1
        assert app.page.search("cafe creme") == 1
        await pilot.press("slash", *"nowhere", "enter")
        assert "does not say: nowhere" in status(app)

    play(stocked, story, size=(60, 20))


def test_leaving_the_search_of_an_article_leaves_it_open(stocked: Stocked) -> None:
    with_article(stocked, TEXT)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await type_at_once(app, pilot, "enter", "slash", *"Asn", "escape")
        assert app.reading
        assert not app.page.sought
        assert unread(stocked) == 10
        await type_at_once(app, pilot, "escape", "slash", *"kernel", "enter")
        assert [item.title for item in items(app).items] == ["Kernel 7.0 released"]

    play(stocked, story)


def test_only_code_moves_to_the_left(stocked: Stocked) -> None:
    line = "-".join(f"{n:02}" for n in range(60))
    with_article(stocked, f"<p>Words before.</p><pre><code>{line}\nshort</code></pre><p>After.</p>")

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("enter")
        await pilot.pause()
        assert "     00-01-02" in text(app)
        await pilot.press("greater_than_sign")
        moved = text(app)
        assert "00-01" not in moved
        assert " Words before." in moved
        assert " After." in moved
        await pilot.press(*[">"] * 50)
        assert "58-59\n" in text(app)
        assert " Words before." in text(app)
        await pilot.press(*["<"] * 50)
        assert "     00-01-02" in text(app)

    play(stocked, story)


def test_space_goes_on_to_the_next_unread_item_at_the_end(stocked: Stocked) -> None:
    with_article(stocked, TEXT)

    async def story(app: FullScreenReader, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        await pilot.pause()
        pages = 0
        while app.page.detail is not None and app.page.detail.item.title == "Long":
            await pilot.press("space")
            await pilot.pause()
            pages += 1
            assert pages < 20
        assert pages > 3
        assert unread(stocked) == 9

    play(stocked, story)
