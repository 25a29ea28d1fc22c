"""Pictures whose captions are marked by nothing but where they stand become figures.

Works on a shaped tree, where every line of text is an element of its own.
"""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree import BLOCKS, HEADINGS, keep_tail, raw_text, remove

CAPTION_MAX_CHARS: Final = 300
CAPTION_MAX_WORDS: Final = 30
BESIDE_MIN_CHARS: Final = 200
"""Beside a picture with its caption there is text: else the line under it is the article."""
CLIMBED_MAX: Final = 6
"""Elements around a picture that are analysis at."""

_NOT_CAPTIONED: Final = HEADINGS | {"li", "pre", "td", "th", "table", "summary"}
_OUTERMOST: Final = frozenset(
    {"body", "html", "main", "article", "section", "ul", "ol", "table", "blockquote"}
)
_NAMED = re.compile(r"caption|pic-?text|picinfo|img-?text|credit|legend|photo-?desc", re.I)
_SMALL = re.compile(r"font-size:\s*(?:small|x-small|smaller|[0-9]px|1[0-3]px|[78]\d%)", re.I)
_SENTENCE = re.compile(r"[.!?…。！？:：]['\"”’»)\]]*$")


def mark(root: HtmlElement) -> None:
    """Turn what holds a picture and one short line, or a picture above a line that looks like a
    caption, into a figure.
    """
    for image in list(root.iter("img", "video")):
        figure = next(image.iterancestors("figure"), None)
        if figure is None:
            _mark(image)
        elif not _beginning(figure, 1):
            _take_line_below(figure, image)


def _mark(image: HtmlElement) -> None:
    box = image
    for _ in range(CLIMBED_MAX):
        around = box.getparent()
        if around is None or around.tag in _OUTERMOST or around.tag in _NOT_CAPTIONED:
            break
        text = _beginning(around, CAPTION_MAX_CHARS + 1)
        if text.strip() and _is_line(around):
            _part(around, image, text)
            return
        if text.strip():
            if _is_figure(around, text):
                around.tag = "figure"
                return
            break
        box = around
    _take_line_below(box, image)


def _is_figure(around: HtmlElement, text: str) -> bool:
    if len(text) > CAPTION_MAX_CHARS or len(text.split()) > CAPTION_MAX_WORDS:
        return False
    if sum(1 for _ in around.iter("img", "video")) != 1:
        return False
    lines = [e for e in around.iter() if e.tag in BLOCKS and _is_line(e)]
    outer = around.getparent()
    return (
        len(lines) == 1
        and lines[0] is not around
        and lines[0].tag not in _NOT_CAPTIONED
        and not _is_link(lines[0])
        and outer is not None
        and len(_beginning(outer, len(text) + BESIDE_MIN_CHARS)) >= len(text) + BESIDE_MIN_CHARS
    )


def _part(line: HtmlElement, image: HtmlElement, text: str) -> None:
    """A line that holds a picture and, wholly in other letters, its caption."""
    said = " ".join(text.split())
    if (
        len(said) > CAPTION_MAX_CHARS
        or line.tag in _NOT_CAPTIONED
        or _is_link(line)
        or (line.text or "").strip()
        or not _looks_like_caption(line, said, image)
    ):
        return
    figure = line.makeelement("figure")
    line.addprevious(figure)
    figure.tail, line.tail = line.tail, None
    keep_tail(image)
    figure.append(image)
    figure.append(line)
    if len(line) and line[0].tag == "br" and not (line.text or "").strip():
        remove(line[0])
    line.text = (line.text or "").lstrip()


def _take_line_below(box: HtmlElement, image: HtmlElement) -> None:
    line = box.getnext()
    if box.tag not in BLOCKS or (box.tail or "").strip() or line is None or not _is_line(line):
        return
    text = " ".join(_beginning(line, CAPTION_MAX_CHARS + 1).split())
    if (
        len(text) > CAPTION_MAX_CHARS
        or len(text.split()) > CAPTION_MAX_WORDS
        or line.tag in _NOT_CAPTIONED
        or _is_link(line)
        or not _looks_like_caption(line, text, image)
    ):
        return
    figure = box
    if box.tag != "figure":
        figure = box.makeelement("figure")
        box.addprevious(figure)
        figure.append(box)
    figure.append(line)
    figure.tail, line.tail = line.tail, None


def _looks_like_caption(line: HtmlElement, text: str, image: HtmlElement) -> bool:
    if text and text == " ".join((image.get("alt") or "").split()):
        return True
    inner = line.iterdescendants()
    parts = [line, *(e for e in inner if " ".join(_beginning(e, len(text)).split()) == text)]
    if any(_NAMED.search(part.get("class") or "") for part in parts):
        return True
    if _SENTENCE.search(text):
        return False
    return any(
        part.tag in ("em", "i", "small")
        or (part.tag == "font" and (part.get("size") or "") in ("1", "2", "-1", "-2"))
        or _SMALL.search(part.get("style") or "")
        for part in parts
    )


def _is_line(element: HtmlElement) -> bool:
    """A leaf of the shaped tree with text in it."""
    if len(element) == 0:
        return bool(element.text and element.text.strip())
    return not any(child.tag in BLOCKS for child in element) and bool(
        _beginning(element, 1000).strip()
    )


def _is_link(line: HtmlElement) -> bool:
    linked = sum(len(raw_text(link).strip()) for link in line.iter("a"))
    return 2 * linked > len(raw_text(line).strip())


def _beginning(element: HtmlElement, chars: int) -> str:
    """An element's text, or the beginning of it: containers may hold the whole page."""
    if len(element) == 0:
        return element.text or ""
    parts: list[str] = []
    length = 0
    for text in element.itertext():
        parts.append(text)
        length += len(text.strip())
        if length >= chars:
            break
    return "".join(parts)
