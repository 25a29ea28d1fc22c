"""A response to one tree, within limits. Everything after works on this one parse."""

from __future__ import annotations

from typing import Final, cast

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from feedd.article import PageRejected
from feedd.article.tree.elements import put_after, remove
from feedd.article.tree.raw_markup import readable

DEPTH_MAX_TAGS: Final = 200
"""Articles nest a few dozen deep. What lies deeper is broken or hostile, and becomes plain text:
so steps that go down a tree by recursion stay safe."""

ELEMENTS_MAX: Final = 30_000
"""A page is cut where it has more: articles have hundreds."""

_ALL_ALIKE = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for all elements: lxml.html asks a Python function for each of them otherwise."""
_COUNT = etree.XPath("count(descendant-or-self::*)")
_TOO_DEEP = etree.XPath(f"{'/*' * DEPTH_MAX_TAGS}[*]")
"""Elements just as deep as any may lie, and others in them."""

_NEVER_IN_HEAD: Final = frozenset(
    str.split("main article section header nav footer aside figure details dialog search hgroup")
)


def parse(markup: bytes) -> HtmlElement:
    """A page in UTF-8 as a tree within the limits above. Raises PageRejected when nothing is in it,
    MemoryError when there is no memory for it.
    """
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )
    parser.set_element_class_lookup(_ALL_ALIKE)
    try:
        root = lxml.html.document_fromstring(readable(markup), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise PageRejected("empty-page") from error
    for element in list(root.iter("embed", "source", "track")):
        _empty(element)  # such elements have no end, but the parser waits for one
    _out_of_head(root)
    body, *others = root.findall("body") or [root]
    for other in others:  # of templates put together; there is one for browsers
        other.tag = "div"
        body.append(other)
    _cut_size(root)
    _cut_depth(root)
    return root


def _out_of_head(root: HtmlElement) -> None:
    """Where `<body>` is left out, as it may be, the parser takes elements that it does not know
    (`main`, `article`) for the head's.
    """
    head = root.find("head")
    children = [] if head is None else list(head)
    first = next((n for n, child in enumerate(children) if child.tag in _NEVER_IN_HEAD), None)
    if first is None:
        return
    body = root.find("body")
    if body is None:
        body = root.makeelement("body")
        root.append(body)
    if body.text:
        children[-1].tail = (children[-1].tail or "") + body.text
        body.text = None
    body[:0] = children[first:]


def _empty(element: HtmlElement) -> None:
    """What is in an element comes to stand after it."""
    put_after(element, list(element))
    if element.text:
        element.tail = element.text + (element.tail or "")
        element.text = None


def _cut_size(root: HtmlElement) -> None:
    """Menus and drawings go first: the article stands below them."""
    if cast(float, _COUNT(root)) <= ELEMENTS_MAX:
        return
    for element in list(root.iter("nav", "svg", "select", "style")):
        remove(element)
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
