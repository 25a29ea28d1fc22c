"""Names of writers as a page shows them: by microdata, relations, classes and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Final

from lxml.html import HtmlElement

from feedd.article.lexicon import parted, sections_of
from feedd.article.tree.elements import text_of
from feedd.article.tree.markup import MarkedElements, is_apart

BYLINE_MAX_CHARS: Final = 120
NAME_MAX_WORDS: Final = 6
AUTHORS_MAX: Final = 20
BYLINES_MAX: Final = 20
"""How many elements that call themselves bylines or dates are looked at."""
_BYLINE_NAME = re.compile(
    r"(?<![a-z])(?:by-?line|auth?or|auteur|writer|creat(?:or|ed-?by)|posted-?by)", re.IGNORECASE
)
_OF_BYLINES: Final = ("byline", "by-line", "author", "autor", "auteur", "writer", "creat", "posted")
"""One of these is in every match of that."""
_OF_USER = re.compile(r"(?i)user-?_?name|nick-?name").search
_NAME_IN_BYLINE = re.compile(r"(?<![a-z])(?:full-?)?name(?![a-z])", re.IGNORECASE)
_OF_AUTHORS: Final = frozenset(parted(sections_of("bylines.txt")["folders"]))
"""Folders of an address whose pages are about a writer each."""
_NO_BYLINE_NAME = re.compile(
    r"(?i)bio|box|about|caja|caixa|kasten|cadre|avatar|comment|related|image|photo|social|follow"
    r"|desc|list|(?<!v)(?<!h-)card"
)
_NAMES_AUTHOR = re.compile(r"author[\w-]{0,30}name|name[\w-]{0,30}author", re.IGNORECASE)
"""What calls itself so holds a name, also in a box about the author."""
_OF_OTHERS = re.compile(r"comment|related|image|photo|avatar|social|follow", re.IGNORECASE)


def shown_authors(marked: MarkedElements) -> Iterator[list[str]]:
    """Names as the page shows them, those of one mention together, the likeliest first."""
    yield from _by_microdata(marked)
    yield from _by_relation(marked.root)
    said = filter(None, map(_said_by_class, marked.named))
    yield from chain.from_iterable(islice(said, BYLINES_MAX))
    yield from _by_address(marked.root)


def _by_microdata(page: MarkedElements) -> Iterator[list[str]]:
    marked = [e for e in page.described if "author" in e.get("itemprop").split()]
    marked = [e for e in marked if not is_apart(e)]
    if marked:
        boxes = list(marked[0].iterancestors())[:2]
        beside = [e for e in marked if e.getparent() in boxes][:AUTHORS_MAX]
        yield [_named_by(e) for e in beside]
    yield from ([_named_by(e)] for e in marked[1:3])


def _by_relation(root: HtmlElement) -> Iterator[list[str]]:
    related = [a for a in root.iter("a") if a.get("rel")]
    by_rel = [a for a in related if "author" in a.get("rel").lower().split()]
    by_rel = [a for a in by_rel if not is_apart(a)]
    if by_rel:
        boxes = list(by_rel[0].iterancestors())[:2]
        yield [text_of(a) for a in by_rel if a.getparent() in boxes]


def _said_by_class(element: HtmlElement) -> list[list[str]]:
    """What an element says that calls itself a byline; nothing where it is none, or says more."""
    get = element.get
    if not _names_byline(get("class"), get("id"), get("rel")) or is_apart(element):
        return []
    text = " ".join(" ".join(element.itertext()).split())  # a blank where boxes meet
    inside = [a for a in element.iter("a") if "@" not in text_of(a)]
    named = [a for a in inside if _OF_USER(a.get("class") or "")]  # beside one to the post
    links = list(map(text_of, named or inside)) or [
        text_of(part)
        for part in element.iterdescendants("span", "div", "p")
        if _NAME_IN_BYLINE.search(part.get("class") or "")
    ]
    if links and all(len(text.split()) <= NAME_MAX_WORDS for text in links):
        return [links]
    if not text or len(text) > BYLINE_MAX_CHARS:
        return []
    parts = element.iterdescendants("span", "p")
    inner = (part for part in parts if _names_byline(part.get("class")))
    return [*([text_of(e)] for e in islice(inner, 1)), [text]]  # beside a desk, say


def _by_address(root: HtmlElement) -> Iterator[list[str]]:
    for link in root.iter("a"):
        if _leads_to_author(link) and not is_apart(link):
            beside = [link, *islice(link.itersiblings("a"), AUTHORS_MAX)]
            yield [text_of(a) for a in beside if _leads_to_author(a)]
            return


def _leads_to_author(link: HtmlElement) -> bool:
    parts = (link.get("href") or "").removesuffix("/").rsplit("/", 2)
    is_one = len(parts) == 3 and parts[1] in _OF_AUTHORS and parts[2] != ""
    return is_one and "?" not in parts[2] and "#" not in parts[2]


def _named_by(element: HtmlElement) -> str:
    """The name in an element of microdata."""
    name = next((e for e in element.iter() if e.get("itemprop") == "name"), element)
    return name.get("content") or text_of(name)


@lru_cache(maxsize=4096)
def _names_byline(*names: str | None) -> bool:
    name = " ".join(name or "" for name in names)
    if not any(map(name.lower().__contains__, _OF_BYLINES)):
        return False
    unwanted = _OF_OTHERS if _NAMES_AUTHOR.search(name) else _NO_BYLINE_NAME
    return _BYLINE_NAME.search(name) is not None and unwanted.search(name) is None
