"""Markup to one tree, within limits. Everything after works on this one parse."""

from __future__ import annotations

import re
from typing import Final, cast

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from feedd.article.inputs import PageRejected

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

DEPTH_MAX_TAGS: Final = 200
"""Articles nest a few dozen deep. What lies deeper is broken or hostile, and becomes plain text:
so steps that go down a tree by recursion stay safe."""

ELEMENTS_MAX: Final = 30_000
"""A page is cut where it has more: articles have hundreds."""

MARKUP_MAX_CHARS: Final = 2_000_000
"""Longer markup loses its scripts, and is cut if that does not help."""

TAG_MAX_CHARS: Final = 30_000
"""A longer tag is taken out: the time for its attributes grows with the square of their number."""

_COUNT = etree.XPath("count(//*)")
_TOO_DEEP = etree.XPath(f"{'/*' * DEPTH_MAX_TAGS}[*]")
"""Elements just as deep as any may lie, and others in them."""

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_HUGE_TAG = re.compile(f"<[^<>]{{{TAG_MAX_CHARS},}}>")


def parse(markup: str) -> HtmlElement:
    """The page as a tree within the limits above. Raises PageRejected when nothing is in it,
    MemoryError when there is no memory for it.
    """
    if len(markup) > MARKUP_MAX_CHARS:
        markup = _without_scripts(markup)[:MARKUP_MAX_CHARS]
    markup = _HUGE_TAG.sub("", _UNREADABLE.sub("", markup))
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = lxml.html.document_fromstring(markup.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise PageRejected("empty-page") from error
    _cut_size(root)
    _cut_depth(root)
    return root


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


def _without_scripts(markup: str) -> str:
    """Scripts and styles go, save JSON-LD; in one pass, whatever is not closed."""
    kept = []
    at = 0
    folded = markup.lower() if markup.isascii() else markup
    for opening in re.finditer(r"<(script|style)\b", markup, re.IGNORECASE):
        if opening.start() < at:
            continue
        end = folded.find(f"</{opening[1].lower()}", opening.end())
        if end < 0:
            break
        if "ld+json" in markup[opening.end() : opening.end() + 200]:
            continue
        kept.append(markup[at : opening.start()])
        at = end
    kept.append(markup[at:])
    return "".join(kept)


def _cut_size(root: HtmlElement) -> None:
    if cast(float, _COUNT(root)) <= ELEMENTS_MAX:
        return
    beyond = None
    for number, element in enumerate(root.iter()):
        if number >= ELEMENTS_MAX:
            beyond = element
            break
    while beyond is not None and beyond is not root:
        parent = beyond.getparent()
        for later in list(beyond.itersiblings()):
            parent.remove(later)
        if len(beyond) == 0:
            beyond.tail = None
        beyond = parent


def _cut_depth(root: HtmlElement) -> None:
    for element in cast(list[HtmlElement], _TOO_DEEP(root)):
        text = " ".join(element.itertext())
        for child in list(element):
            element.remove(child)
        element.text = text
