"""A page without a feed: its items, found by the user's CSS selectors. Pure.

A page and a selector together can keep this busy for as long as they like: it belongs in a worker
process.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct

from feedd.errors import ParseError
from feedd.text import to_text
from feedd.units import number_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

PAGE_MAX_CHARS: Final = 5_000_000
"""How much of a page is read."""

ITEMS_MAX: Final = 10_000
TEXT_MAX_CHARS: Final = 100_000
HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")


class ItemSelectors(Struct, frozen=True):
    """CSS selectors: `items` finds the items of a page, the others what belongs to one, inside it
    or itself. None: as `page_items` says.
    """

    items: str
    link: str | None = None
    title: str | None = None
    date: str | None = None
    text: str | None = None


class PageItem(NamedTuple):
    """One item: its absolute address, its title, its date as the page has it, its text as HTML."""

    link: str
    title: str
    date: str | None = None
    html: str | None = None


class ItemsPage(Struct, frozen=True):
    """A page, read by selectors. `without_link` counts the matches that lead nowhere."""

    title: str | None
    language: str | None
    items: tuple[PageItem, ...]
    without_link: int = 0
    cut: bool = False


def page_items(html: str, url: str, selectors: ItemSelectors) -> ItemsPage:
    """The items of the page at `url` (its own, after redirects), each address once.

    Where no selector says otherwise the link is the match itself, else its first link, else the
    link around it; the title is its first heading, else the link's text; the date is that of its
    first `time`. Raises ParseError where nothing matches, nothing that matches has a link, or a
    selector is none.
    """
    page = _page(html[:PAGE_MAX_CHARS])
    base = url
    if (head := page.find("base", href=True)) is not None:
        base = _joined(url, head["href"]) or url
    matches = _select(page, selectors.items, "items", limit=ITEMS_MAX)
    if not matches:
        raise ParseError(f'items = "{selectors.items}" matches nothing on the page')
    found: dict[str, PageItem] = {}
    lost = 0
    for match in matches:
        item = _item(match, base, selectors)
        if item is None:
            lost += 1
        elif item.link not in found or (item.title and not found[item.link].title):
            found[item.link] = item
    if not found:
        raise ParseError(
            f'items = "{selectors.items}" matches {number_of(len(matches), "time")}, none of'
            " them has a link; item_link says where it is"
        )
    root = page.find("html")
    language = str(root.get("lang") or "") if root is not None else ""
    title = page.find("title")
    return ItemsPage(
        title=None if title is None else _text(title) or None,
        language=language or None,
        items=tuple(found.values()),
        without_link=lost,
        cut=len(html) > PAGE_MAX_CHARS,
    )


def _page(html: str) -> BeautifulSoup:
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pages that are something else: we know
        try:
            return BeautifulSoup(html, "lxml", multi_valued_attributes={"*": ["class"]})
        except (ParserRejectedMarkup, ValueError, RecursionError):
            raise ParseError("is no page that could be read") from None


def _item(match: Tag, base: str, selectors: ItemSelectors) -> PageItem | None:
    """What a match says; None where it has no link that can be followed."""
    link = _link(match, selectors.link)
    address = "" if link is None else _joined(base, link.get("href"))
    if link is None or not address.startswith(("http://", "https://")):
        return None
    return PageItem(
        link=address,
        title=_title(match, link, selectors.title),
        date=_date(match, selectors.date),
        html=_html(match, selectors.text),
    )


def _link(match: Tag, selector: str | None) -> Tag | None:
    if selector is not None:
        match_or_none = _first(match, selector, "item_link")
        if match_or_none is None:
            return None
        match = match_or_none
    if match.name == "a" and match.has_attr("href"):
        return match
    return match.find("a", href=True) or match.find_parent("a", href=True)


def _title(match: Tag, link: Tag, selector: str | None) -> str:
    if selector is not None:
        found = _first(match, selector, "item_title")
        return "" if found is None else _text(found)
    heading = match if match.name in HEADINGS else match.find(HEADINGS)
    if heading is not None and (text := _text(heading)):
        return text
    return _text(link) or next(_said(link), "")


def _said(link: Tag) -> Iterator[str]:
    """What is said of a link that has no text, such as a picture."""
    for element in (link, *link.find_all("img")):
        for name in ("aria-label", "title", "alt"):
            if words := " ".join(str(element.get(name) or "").split()):
                yield words


def _date(match: Tag, selector: str | None) -> str | None:
    if selector is not None:
        found = _first(match, selector, "item_date")
    else:
        found = match if match.name == "time" else match.find("time")
    if found is None:
        return None
    said = str(found.get("datetime") or found.get("content") or "").strip()
    return said or _text(found) or None


def _html(match: Tag, selector: str | None) -> str | None:
    if selector is None:
        return None
    found = _select(match, selector, "item_text", limit=ITEMS_MAX)
    return str(match) if match.css.match(selector) else "".join(map(str, found)) or None


def _first(match: Tag, selector: str, key: str) -> Tag | None:
    """The match itself, if it is what is looked for, else the first within it."""
    within = _select(match, selector, key, limit=1)
    return match if match.css.match(selector) else within[0] if within else None


def _select(place: BeautifulSoup | Tag, selector: str, key: str, *, limit: int) -> list[Tag]:
    from soupsieve import SelectorSyntaxError

    try:
        return list(place.select(selector, limit=limit))
    except (SelectorSyntaxError, NotImplementedError, ValueError) as error:
        why = (str(error).splitlines() or [""])[0]
        raise ParseError(f'{key} = "{selector}" is no CSS selector: {why}') from None


def _text(element: Tag) -> str:
    return " ".join(to_text(str(element)[:TEXT_MAX_CHARS]).split())


def _joined(base: str, written: object) -> str:
    """An address made absolute; "" for one that is none."""
    from urllib.parse import urljoin  # whoever knows only the selectors does not pay for it

    try:
        return urljoin(base, str(written or "").strip())
    except ValueError:
        return ""
