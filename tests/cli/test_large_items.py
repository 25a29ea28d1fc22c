"""An item of any size and shape is shown: work grows as its text does, no faster."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from feedd.cli.line_breaks import breaks
from feedd.cli.screen import Screen, unpainted
from feedd.cli.typeset import typeset
from feedd.terminal import gate, gate_lines
from tests.cli.conftest import Feedd
from tests.cli.stocked import Stocked, entry, store
from tests.growth import LINEAR, growth

PLAIN = Screen(terminal=False)
COLOUR = Screen(terminal=True, colours=256, columns=80, links=True)

Shape = Callable[[int], str]


def _links(count: int) -> str:
    return "".join(f'<a href="https://e.org/{n}">link {n}</a> ' for n in range(count))


def _images(count: int) -> str:
    return "".join(f'<img src="https://e.org/{n}.png" alt="picture {n}">' for n in range(count))


def _ragged_table(count: int) -> str:
    return f"<table><tr>{'<td>x</td>' * count}</tr>{'<tr><td>a</td></tr>' * count}</table>"


SHAPES: dict[str, tuple[Shape, int]] = {
    "links": (lambda n: f"<p>{_links(n)}</p>", 1_000),
    "links_around_blocks": (lambda n: '<a href="https://e.org/"><div>x</div></a>' * n, 1_000),
    "bold_words": (lambda n: f"<p>{'<b>bold</b> and '  * n}</p>", 1_000),
    "images": (_images, 1_000),
    "notes": (lambda n: '<sup><a href="https://e.org/#fn1">1</a></sup> ' * n, 1_000),
    "list_items": (lambda n: f"<ul>{'<li>an item</li>' * n}</ul>", 1_000),
    "lists_in_lists": (lambda n: f"<ol>{'<li>one<ul><li>two</li></ul></li>' * n}</ol>", 500),
    "lists_never_closed": (lambda n: "<ul><li>a" * n, 500),
    "quotes_in_quotes": (lambda n: "<blockquote>a" * n, 500),
    "table_rows": (lambda n: f"<table>{'<tr><td>some</td><td>4</td></tr>' * n}</table>", 500),
    "ragged_table": (_ragged_table, 100),
    "cells_over_many_rows": (
        lambda n: f"<table>{'<tr><td colspan=50 rowspan=999>a</td><td>b</td></tr>' * n}</table>",
        50,
    ),
    "captions": (lambda n: f"<figure>{_images(n)}{'<figcaption>c</figcaption>' * n}</figure>", 500),
    "definitions": (lambda n: f"<dl>{'<dt>word</dt><dd>what it means</dd>' * n}</dl>", 1_000),
    "one_paragraph": (lambda n: f"<p>{'words of a long text, ' * n}</p>", 5_000),
    "one_paragraph_of_han": (lambda n: f"<p>{'漢字仮名、' * n}</p>", 5_000),
    "one_paragraph_of_both": (lambda n: f"<p>{'漢字 kana ' * n}</p>", 1_000),
    "one_word": (lambda n: f"<p>{'x' * n}</p>", 20_000),
    "one_word_with_hyphens": (lambda n: f"<p>{'x-' * n}</p>", 5_000),
    "line_breaks": (lambda n: "word<br>" * n, 2_000),
    "inline_in_inline": (lambda n: "<b>" * 50 + "a <i>b</i> " * n, 500),
    "code": (lambda n: f"<pre>{'if x:' * n}</pre>", 5_000),
}  # fmt: skip


@pytest.mark.parametrize("screen", [PLAIN, COLOUR], ids=["plain", "colour"])
@pytest.mark.parametrize("shape", SHAPES)
def test_an_item_twice_as_long_keeps_its_reader_waiting_twice_as_long(
    shape: str, screen: Screen
) -> None:
    make, size = SHAPES[shape]

    def show(html: str) -> object:
        return typeset(html, columns=80, screen=screen)

    assert growth(show, make, size) < LINEAR


@pytest.mark.parametrize(
    "text", ["a\t", "é\t", "漢 \t", "x-", "ab/", "漢a\u0301", "👩🏽‍🚀", "\u0301"], ids=ascii
)
def test_a_line_without_end_is_gated_and_wrapped_in_time_that_grows_as_it_does(text: str) -> None:
    def shown(line: str) -> object:
        return gate_lines(line), breaks(gate(line), 80)

    assert growth(shown, lambda n: text * n, 3_000) < LINEAR


def test_every_link_of_a_page_of_links_is_numbered_and_none_is_lost(
    feedd: Feedd, stocked: Stocked
) -> None:
    (number,) = store(
        stocked.database, "lwn", [entry("Links", stocked.now, html=_links(5_000))], stocked.now
    )
    lines = feedd("show", str(number)).lines
    assert "link 4999[5000]" in lines[lines.index("Links", 1) - 2]
    assert lines[-1] == "[5000] https://e.org/4999"
    assert len(feedd("show", str(number), "--links").lines) == 5_000


def test_a_long_paragraph_is_shown_to_its_last_word() -> None:
    words = [f"word{n}" for n in range(20_000)]
    lines = typeset(f"<p>{' <i>'.join(words)}</p>", columns=80, screen=COLOUR).lines
    assert " ".join(map(unpainted, lines)).split() == words


def test_a_wide_and_ragged_table_loses_no_cell() -> None:
    lines = typeset(_ragged_table(60), columns=80, screen=PLAIN).lines
    assert lines.count("x") == 60
    assert lines.count("a") == 60


def test_the_full_screen_reader_opens_an_item_of_many_lines(stocked: Stocked) -> None:
    pytest.importorskip("textual", reason="the full-screen reader's library is not installed")
    from feedd.cli.tui.article_pane import ArticlePane
    from tests.cli.full_screen import reader_of

    html = "".join(f"<p>{'漢字 kana ' * 3}{n}</p>" for n in range(5_000))
    store(stocked.database, "lwn", [entry("Long", stocked.now, html=html)], stocked.now)

    async def last_line() -> str:
        with reader_of(stocked) as app:
            async with app.run_test(size=(80, 24)) as pilot:
                await pilot.pause()
                await pilot.press("enter", "G")
                page = app.query_one(ArticlePane)
                assert page.virtual_size.height > 10_000
                rows = (page.render_line(y) for y in range(page.size.height))
                return "".join("".join(part.text for part in row) for row in rows)

    assert "4999" in asyncio.run(last_line())
