"""Elements: which are headings, blocks and media, their text, and how one is taken out."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

TABLE_PARTS: Final = frozenset(
    {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"}
)

BLOCKS: Final = (
    HEADINGS
    | TABLE_PARTS
    | frozenset(
        str.split(
            "address article aside blockquote body center dd details dialog dir div dl dt fieldset"
            " figcaption figure footer form header hgroup hr html legend li main menu nav ol p pre"
            " section summary ul"
        )
    )
)
"""Elements that stand on lines of their own."""

ATOMS: Final = frozenset({"pre", "hr"})
"""Blocks whose inside is not ours to cut."""

MEDIA: Final = frozenset({"img", "picture", "video", "audio", "iframe", "embed", "amp-img"})
"""What shows something without holding text."""

NEVER_TEXT: Final = frozenset(
    str.split(
        "script style template head title link meta base svg button select option optgroup input"
        " textarea datalist canvas object applet noembed noframes map area progress meter dialog"
        " track param source"
    )
)
"""Elements whose text is no text of the page."""

PAGE: Final = frozenset({"body", "html"})
"""What holds the whole page."""

QUESTION_ENDS: Final = ("?", "？", "؟")


def put_after(element: HtmlElement, moved: Sequence[HtmlElement]) -> None:
    """Let elements stand right after another one, and before the text that follows it."""
    if not moved:
        return
    tail, element.tail = element.tail, None
    for other in reversed(moved):
        element.addnext(other)
    if tail:
        moved[-1].tail = (moved[-1].tail or "") + tail


def remove(element: HtmlElement) -> None:
    """Take an element out of its tree; what follows it stays."""
    parent = element.getparent()
    if parent is None:
        return
    keep_tail(element)
    parent.remove(element)


def unwrap(element: HtmlElement) -> None:
    """Take an element away, and leave its content in its place."""
    element.drop_tag()


def keep_tail(element: HtmlElement) -> None:
    """Hand the text after an element to what stands before it."""
    tail = element.tail
    if not tail:
        return
    before = element.getprevious()
    parent = element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + tail
    elif parent is not None:
        parent.text = (parent.text or "") + tail
    element.tail = None


def flatten(element: HtmlElement) -> None:
    """Take the blocks out of an element, leaving their content on lines of its own."""
    for block in list(element.iterdescendants(*(BLOCKS - ATOMS))):
        outer = block
        while outer.getprevious() is None and not (outer.getparent().text or "").strip():
            outer = outer.getparent()
            if outer is element:
                break
        before = outer.getprevious()
        is_parted = before is not None and before.tag == "br" and not (before.tail or "").strip()
        if outer is not element and not is_parted:
            gap = element.makeelement("br")
            block.addprevious(gap)
            gap.tail = "\n"
        if block.tail and block.tail.strip():
            block.tail = f"\n{block.tail}"
        unwrap(block)


def without_tail(element: HtmlElement) -> HtmlElement:
    """A copy of an element with all in it, but not the text after it."""
    copied = copy.copy(element)  # lxml copies what is in an element, too
    copied.tail = None
    return copied


def raw_text(element: HtmlElement) -> str:
    """All text of an element, as it stands."""
    parts = len(element)
    if parts == 0:
        return element.text or ""
    if parts == 1 and len(only := element[0]) == 0:  # most are so, and it is quicker
        return f"{element.text or ''}{only.text or ''}{only.tail or ''}"
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def text_of(element: HtmlElement) -> str:
    """All text of an element, blanks collapsed."""
    return " ".join(raw_text(element).split())


def texts_in(element: HtmlElement) -> Iterator[str]:
    """The pieces of an element's text, in order: lxml's `itertext` takes twice as long."""
    if element.text:
        yield element.text
    for child in element[:]:  # in a third of the time
        if len(child):
            yield from texts_in(child)
        elif child.text:
            yield child.text
        if child.tail:
            yield child.tail


def holds_text(element: HtmlElement) -> bool:
    """Whether there is more than blanks in an element, however large it is."""
    return any(map(str.strip, texts_in(element)))
