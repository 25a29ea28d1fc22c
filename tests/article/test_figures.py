"""Captions that are marked by nothing but where they stand are captions all the same."""

from __future__ import annotations

import re

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.model import Article

PROSE = "The committee met on {} and, after a long discussion, decided to build the bridge anyway."
LINE = "The bridge before it was built"


def article(picture: str) -> Article:
    first, *rest = (f"<p>{PROSE.format(day)}</p>" for day in ("Monday", "Friday", "Sunday"))
    page = f"<html><body><div class=story>{first}{picture}{''.join(rest)}</div></body></html>"
    return clean_page(PageInput(page.encode(), "https://e.org/a", "text/html"))


@pytest.mark.parametrize(
    "picture",
    [
        f"<table><tr><td><img src=/b.jpg></td></tr><tr><td><font size=1>{LINE}</font></td></tr>"
        "</table>",
        f"<div align=center><div><img src=/b.jpg></div><span class=minor>{LINE}</span></div>",
        f"<div><img src=/b.jpg></div><div class=pictext>{LINE}</div>",
        f"<p><img src=/b.jpg></p><p><em>{LINE}</em></p>",
        f"<p><img src=/b.jpg alt='{LINE}'></p><p>{LINE}</p>",
        f"<figure><img src=/b.jpg></figure><p><small>{LINE}</small></p>",
        f"<p><img src=/b.jpg><br><em>{LINE}</em></p>",
        f"<p><span><img src=/b.jpg></span><span class=caption>{LINE}</span></p>",
        f"<dl class=file><dt><img src=/b.jpg></dt><dd>{LINE}</dd></dl>",
        f"<div class=x-image><img src=/b.jpg><span class=x-image__title>{LINE}</span></div>",
    ],
)
def test_the_line_at_a_picture_is_its_caption(picture: str) -> None:
    found = article(picture)
    assert re.search(f"<figcaption>(<[^>]*>)*{LINE}", found.html)
    assert '<img src="https://e.org/b.jpg"' in found.html
    assert LINE not in found.text


@pytest.mark.parametrize(
    "picture",
    [
        f"<p><img src=/b.jpg></p><p>{PROSE.format('Tuesday')}</p>",
        f"<p><img src=/b.jpg></p><h2>{LINE}</h2><p>{PROSE.format('Tuesday')}</p>",
        f"<blockquote><p><img src=/b.jpg></p><p>{LINE}, he said.</p></blockquote>",
        f"<ul><li><img src=/b.jpg> {LINE}</li></ul>",
        f"<p><img src=/b.jpg> {LINE}, and after it, and for a long while in between.</p>",
    ],
)
def test_text_beside_a_picture_stays_text(picture: str) -> None:
    assert len(article(picture).text.split("\n\n")) >= 4


def test_a_centred_line_below_a_centred_picture_is_its_caption_and_a_sentence_is_text() -> None:
    shown = "<div style='text-align:center'><img src=/b.jpg></div>"
    line = "<p style='text-align:center'>{}</p>"
    assert f"{LINE}</figcaption>" in article(shown + line.format(LINE)).html
    said = f"{LINE} was a ford."
    assert said in article(shown + line.format(said)).text


def test_a_picture_with_one_line_and_nothing_else_is_the_article() -> None:
    page = f"<html><body><main><div><img src=/b.jpg><p>{LINE}, drawn by hand.</p></div></main>"
    found = clean_page(PageInput(page.encode(), "https://e.org/a", "text/html"))
    assert "figcaption" not in found.html


def test_a_button_in_a_figure_that_was_never_closed_swallows_no_text() -> None:
    button = "<button class=pin><div class=pin__sign>"
    figure = f"<figure><img src=/b.jpg>{button}<figcaption>{LINE}</figcaption></figure>"
    text = "".join(f"<p>{PROSE.format(day)} Nobody spoke.</p>" for day in ("May", "June", "July"))
    page = f"<div class=story><p>{PROSE.format('Friday')}</p>{figure}{text}</div>"
    found = clean_page(PageInput(page.encode(), "https://e.org/a", "text/html"))
    assert all(f"met on {day}" in found.text for day in ("Friday", "May", "June", "July"))
    assert '<img src="https://e.org/b.jpg"' in found.html


def test_a_caption_in_a_box_with_its_picture_is_one_also_where_the_headline_stands_around() -> None:
    text = "".join(f"<p>{PROSE.format(day)}</p>" for day in ("Monday", "Friday", "Sunday"))
    top = (
        "<div class=top><div class=top__pic><picture><img src=/b.jpg width=1600 height=900>"
        "</picture>"
        f"<p class=bildtext>{LINE}</p></div><h1>The bridge</h1></div>"
    )
    page = f"<title>The bridge</title><article>{top}<div class=story>{text}</div></article>"
    found = clean_page(PageInput(page.encode(), "https://e.org/a", "text/html"))
    assert f"<figcaption>{LINE}</figcaption>" in found.html
    assert '<img src="https://e.org/b.jpg"' in found.html
