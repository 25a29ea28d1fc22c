"""One article in three markups: whole, in order, without the furniture around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page, explain_page
from feedd.text import to_text
from tests.article import pages

MARKUPS = [pages.tables_and_fonts, pages.blockquotes, pages.nested_divs]


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize("title", [pages.TITLE, ""])
def test_the_article_comes_out_whole_whatever_its_markup(
    markup: Callable[[], bytes], title: str
) -> None:
    article = clean_page(PageInput(markup(), "https://example.org/a", "text/html", title=title))
    assert article.error is None
    lines = [" ".join(line.split()) for line in article.text.splitlines() if line.strip()]
    assert [line.lstrip("> ") for line in lines] == [" ".join(p.split()) for p in pages.PARAGRAPHS]
    assert article.title == pages.TITLE
    assert article.confidence > 0.6


@pytest.mark.parametrize("markup", MARKUPS)
def test_every_dropped_line_can_be_explained(markup: Callable[[], bytes]) -> None:
    told = explain_page(PageInput(markup(), "https://example.org/a", "text/html"))
    why = {block.text: block for block in told}
    assert not why[pages.ABOVE].kept
    assert not why[pages.BELOW].kept
    assert why[pages.TITLE].why == "repeats the title"
    assert all(why[" ".join(p.split())].kept for p in pages.PARAGRAPHS)


def test_quotations_stay_quotations() -> None:
    article = clean_page(PageInput(pages.blockquotes(), "https://example.org/a", "text/html"))
    assert article.html.count("<blockquote>") == 3


def test_text_and_html_agree() -> None:
    article = clean_page(PageInput(pages.tables_and_fonts(), "https://example.org/a"))
    assert article.text == to_text(article.html)
