"""The user's CSS selectors, which have the last word: the element that is the article, and elements
that are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedd.article import PageRejected

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag


def apply_selectors(markup: bytes, *, selector: str | None, remove: str | None) -> bytes:
    """A page, in UTF-8, with what `remove` selects gone, and of its body only what `selector`
    selects.

    Raises PageRejected for a selector that is no CSS, or that selects nothing.
    """
    from bs4 import BeautifulSoup

    page = BeautifulSoup(markup.decode(), "lxml")
    if remove:
        for element in _select(page, remove, "article_remove"):
            element.decompose()
    if selector:
        chosen = _select(page, selector, "article_selector")
        if not chosen:
            raise PageRejected(f"article_selector {selector!r} selects nothing on this page")
        body = page.body or page
        outermost = [e for e in chosen if not any(parent in chosen for parent in e.parents)]
        kept = [element.extract() for element in outermost]
        body.clear()
        for element in kept:
            body.append(element)
    return str(page).encode("utf-8", "ignore")


def selector_problem(selector: str) -> str | None:
    """Why this is no CSS selector; None when it is one."""
    import soupsieve

    try:
        soupsieve.compile(selector)
    except (soupsieve.SelectorSyntaxError, NotImplementedError, ValueError) as error:
        reason = (str(error).splitlines() or [""])[0]
        return f'"{selector}" is no CSS selector: {reason}'
    return None


def _select(page: BeautifulSoup, selector: str, key: str) -> list[Tag]:
    from soupsieve import SelectorSyntaxError

    try:
        return list(page.select(selector))
    except (SelectorSyntaxError, NotImplementedError, ValueError) as error:
        first_line = (str(error).splitlines() or [""])[0]
        raise PageRejected(f"{key} {selector!r} is no CSS selector: {first_line}") from error
