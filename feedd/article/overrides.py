"""The user's own CSS selectors for a feed whose pages are cut wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedd.article.refusing import Refused

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag


def apply(markup: str, *, selector: str | None, remove: str | None) -> str:
    """The page with what `remove` selects gone, and of its body only what `selector` selects.

    Raises Refused for a selector that is no CSS, or that selects nothing.
    """
    from bs4 import BeautifulSoup

    page = BeautifulSoup(markup, "lxml")
    if remove:
        for element in _select(page, remove, "article_remove"):
            element.decompose()
    if selector:
        chosen = _select(page, selector, "article_selector")
        if not chosen:
            raise Refused(f"article_selector {selector!r} selects nothing on this page")
        body = page.body or page
        outermost = [e for e in chosen if not any(parent in chosen for parent in e.parents)]
        kept = [element.extract() for element in outermost]
        body.clear()
        for element in kept:
            body.append(element)
    return str(page)


def _select(page: BeautifulSoup, selector: str, key: str) -> list[Tag]:
    from soupsieve import SelectorSyntaxError

    try:
        return list(page.select(selector))
    except (SelectorSyntaxError, NotImplementedError, ValueError) as error:
        first_line = (str(error).splitlines() or [""])[0]
        raise Refused(f"{key} {selector!r} is no CSS selector: {first_line}") from error
