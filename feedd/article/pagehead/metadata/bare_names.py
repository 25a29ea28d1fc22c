"""Names of writers without label or class: beside the day or a portrait, or over a box on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from feedd.article.pagehead.metadata.datelines import LineBeside
from feedd.article.tree.elements import text_of
from feedd.article.tree.markup import is_apart, squash
from feedd.article.tree.media import pixels

DAY_MAX_CHARS: Final = 40
NAME_MIN_CHARS: Final = 6
NAME_MAX_CHARS: Final = 40
FACE_MAX: Final = 200
"""A wider picture, in pixels, is of whom the text is about."""
LINKS_MAX: Final = 400
"""Of so many links the words are looked at: a rubric stands in a menu, too."""
_NAME = re.compile(
    r"[^\W\d_a-z][\w’'-]*+(?: (?:[^\W\d_a-z]\.|d[aeio]s?|van|von|de[lnr]?|la|le|ter|ten|bin|al))"
    r"{0,2}(?: [^\W\d_a-z][\w’'-]*+){1,2}"
).fullmatch
"""Two words or three with a capital, initials and particles between them."""
_OF_FACES = re.compile(r"(?i)avatar|portrait|author|rounded-full|headshot").search
_AUTHOR_BOX = re.compile(
    r"(?i)(?<![a-z])(?:aut(?:h?or(?:e|a)?|eur)|writer|forfatter|författare|yazar|szerzo|kirjoittaja)"
    r"[\w-]{0,12}?(?:box|bio|card|about|info|profile)|(?:about|bio)[-_]?(?:the[-_]?)?aut(?:h?or|eur)"
).search
_OF_BOXES: Final = ("aut", "writer", "forfat", "förfat", "yazar", "szerz", "kirjo")
"""One of these is in every match of that."""
_SMALL = re.compile(r"\b[^\W\dA-Z_][^\W\dA-Z_]{3,}").findall
_DAY = re.compile(r"(?=.*\d\D{1,30}\d).*(?<!\d)(?:19|20)\d\d(?!\d)").match


def named_beside(runs: Iterable[LineBeside], root: HtmlElement, site: frozenset[str]) -> str | None:
    """Who is named alone below the headline, right beside the day or a portrait, in words that no
    link of the page has, and no sentence without a capital: a rubric stands there, too.
    """
    lines = list(runs)
    named = [n for n, line in enumerate(lines) if _NAME(line.text) and _may_name(line)]
    near = [
        lines[n]
        for n in named
        if lines[n].element.tag != "a" and any(map(_is_day, lines[max(0, n - 1) : n + 2]))
    ]
    near += [lines[n] for n in named if _has_portrait(lines[n])]
    found = [line for line in near if not is_apart(line.element)]
    if not found:
        return None
    known = set(_words_of_links(root, {line.text for line in found}))
    known.update(_SMALL(text_of(root)))
    known = {word for word in known if not any(word in name for name in site)}
    return next((line.text for line in found if known.isdisjoint(line.text.lower().split())), None)


def named_in_box(root: HtmlElement) -> str | None:
    """Who the one box about an author on a page is headed with; None where several differ."""
    found = {
        name
        for box in root.iter("div", "aside", "section", "footer")
        if _of_box(box.get("class")) and not any(map(_is_of_others, box.iterancestors()))
        for name in islice(_names_set_apart(box), 1)
    }
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=4096)
def _of_box(name: str | None) -> bool:
    if name is None:
        return False
    return any(map(name.lower().__contains__, _OF_BOXES)) and _AUTHOR_BOX(name) is not None


def _is_of_others(around: HtmlElement) -> bool:
    return "comment" in (around.get("class") or "").lower() or around.tag in ("nav", "footer")


def _names_set_apart(box: HtmlElement) -> Iterator[str]:
    for part in box.iter("h2", "h3", "h4", "h5", "h6", "strong", "b"):
        text = text_of(part)
        if _NAME(text):
            yield text


def _is_day(line: LineBeside) -> bool:
    return len(line.text) <= DAY_MAX_CHARS and _DAY(line.text) is not None


def _may_name(line: LineBeside) -> bool:
    is_heading = line.element.tag in ("h1", "h2", "h3", "h4", "time")
    return NAME_MIN_CHARS <= len(line.text) <= NAME_MAX_CHARS and not is_heading


def _has_portrait(line: LineBeside) -> bool:
    """Whether a picture of who is named stands right before, or before the box that begins so."""
    for box in (line.element, *line.element.iterancestors()):
        before = box.getprevious()
        if before is not None:
            pictures = [before] if before.tag == "img" else before[:]
            is_alone = len(pictures) == 1 and pictures[0].tag == "img"
            return is_alone and _shows(pictures[0], line.text)
        if box.tag in ("article", "main", "body", "header"):
            return False
    return False


def _shows(picture: HtmlElement, name: str) -> bool:
    """Whether a picture is small and said to be of `name`, or somebody's portrait."""
    width = picture.get("width") or "0"
    if "%" in width or pixels(width) > FACE_MAX:
        return False
    is_named = squash(name) in squash(picture.get("alt") or "")
    return is_named or bool(_OF_FACES(f"{picture.get('class')} {picture.get('src')}"))


def _words_of_links(root: HtmlElement, names: set[str]) -> Iterator[str]:
    for link in islice(root.iter("a"), LINKS_MAX):
        said = text_of(link)
        if said not in names:
            yield from said.lower().split()
