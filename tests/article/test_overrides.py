"""The user's selectors have the last word."""

from __future__ import annotations

from feedd.article import PageInput
from feedd.article.cleaning import clean_page

BODY = (
    b"<html><body><div class=a><p>Only this is wanted here, says the user.</p><p class=x>Not this "
    b"line.</p></div><div class=b><p>A long paragraph that any extractor would rather take, "
    b"because it is long, and has commas, and goes on.</p></div></body></html>"
)


def clean(selector: str | None = None, remove: str | None = None) -> tuple[str, str | None]:
    article = clean_page(
        PageInput(BODY, "https://example.org/a", "text/html", selector=selector, remove=remove)
    )
    return article.text, article.error


def test_article_selector_decides_what_is_the_article() -> None:
    assert clean("div.a") == ("Only this is wanted here, says the user.\n\nNot this line.", None)


def test_article_remove_takes_elements_out() -> None:
    assert clean("div.a", ".x") == ("Only this is wanted here, says the user.", None)


def test_a_selector_that_selects_nothing_says_so() -> None:
    assert clean("div.zzz")[1] == "article_selector 'div.zzz' selects nothing on this page"


def test_a_selector_that_is_no_css_says_so() -> None:
    assert "article_remove '::(' is no CSS selector" in str(clean(remove="::(")[1])
