"""A response to one tree, within limits. Everything after works on this one parse.

Whether it is a page at all the header says, unless the first bytes say otherwise.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from typing import Final, cast

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from feedd.article import PageRejected

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

DEPTH_MAX_TAGS: Final = 200
"""Articles nest a few dozen deep. What lies deeper is broken or hostile, and becomes plain text:
so steps that go down a tree by recursion stay safe."""

ELEMENTS_MAX: Final = 30_000
"""A page is cut where it has more: articles have hundreds."""

MARKUP_MAX_CHARS: Final = 2_000_000
"""Longer markup, without scripts, styles and drawings, loses its menus, and is cut if that does not
help."""

TAG_MAX_BYTES: Final = 30_000
"""A longer tag is taken out: the time for its attributes grows with the square of their number."""

JSON_LD_MAX_CHARS: Final = 500_000
"""Structured data is read so far: longer data is cut, and makes no sense then."""

_ALL_ALIKE = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for all elements: lxml.html asks a Python function for each of them otherwise."""
_COUNT = etree.XPath("count(//*)")
_TOO_DEEP = etree.XPath(f"{'/*' * DEPTH_MAX_TAGS}[*]")
"""Elements just as deep as any may lie, and others in them."""

_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})

_NONCHARACTERS: Final = ("\ufffe".encode(), "\uffff".encode())

END_MAX_BYTES: Final = 12
_PAGE_ENDS: Final = (b"</html", b"</HTML", b"</Html")
"""To look for these takes less time than to look for any letter case."""
_END = re.compile(rb"</(?:body|html)\b[^<>]*>", re.IGNORECASE)
"""The parser reads no further there; templates put together have such amid the page."""

_SCRIPTS = re.compile(rb"<(?:!--|(script)\b)", re.IGNORECASE)
_NO_TEXT = re.compile(rb"<(?:!--|(script|style|svg)\b)", re.IGNORECASE)
"""Without these the parser takes half of the time: it goes through scripts letter by letter."""
_HEAVY = re.compile(rb"<(?:!--|(nav|select)\b)", re.IGNORECASE)
_ENDS: Final = {
    b"script": re.compile(rb"<(/)script", re.IGNORECASE),
    b"style": re.compile(rb"<(/)style", re.IGNORECASE),
    b"svg": re.compile(rb"<(/?)svg\b", re.IGNORECASE),
    b"nav": re.compile(rb"<(/?)nav\b", re.IGNORECASE),
    b"select": re.compile(rb"<(/?)select\b", re.IGNORECASE),
}
"""Where an element ends, or, save those of letters alone, another one of its name begins in it."""
_JSON_LD = re.compile(rb"ld(?:\+|&#43;|&#x2b;|&plus;)json", re.IGNORECASE)

_HUGE_TAG = re.compile(b"<[^<>]{%d,}>" % TAG_MAX_BYTES)

SNIFF_BYTES: Final = 1024

_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
    (b"{\\rtf", "application/rtf"),
)
_HTML: Final = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_MAYBE: Final = frozenset(
    {"", "application/octet-stream", "text/plain", "text/xml", "application/xml", "unknown/unknown"}
)
_NEVER_IN_HEAD: Final = frozenset(
    str.split("main article section header nav footer aside figure details dialog search hgroup")
)
_TEXT_MARKS: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<meta", b"<title")


def parse(markup: bytes) -> HtmlElement:
    """A page in UTF-8 as a tree within the limits above. Raises PageRejected when nothing is in it,
    MemoryError when there is no memory for it.
    """
    markup = _without(markup, _NO_TEXT)
    if _is_long(markup):
        markup = _without(markup, _HEAVY)
    if _may_have_huge_tag(markup):
        markup = _HUGE_TAG.sub(b"", markup)
    if _is_long(markup):
        markup = markup.decode()[:MARKUP_MAX_CHARS].encode()
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )
    parser.set_element_class_lookup(_ALL_ALIKE)
    try:
        root = lxml.html.document_fromstring(_readable(markup), parser=parser)
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


def holds_text(element: HtmlElement) -> bool:
    """Whether there is more than blanks in an element, however large it is."""
    begins = element.text is not None and element.text.strip() != ""
    return begins or (len(element) > 0 and any(map(str.strip, element.itertext())))


def scripts_of(markup: bytes) -> Iterator[str]:
    """What stands in a page's scripts, in order, JSON-LD aside."""
    for start, begin, end, _ in _apart(markup, _SCRIPTS):
        if not _JSON_LD.search(markup, start, begin):
            yield markup[begin:end].decode("utf-8", "replace")


def _is_long(markup: bytes) -> bool:
    return len(markup) > MARKUP_MAX_CHARS and len(markup.decode()) > MARKUP_MAX_CHARS


def _without(markup: bytes, opening: re.Pattern[bytes]) -> bytes:
    """Without the elements that begin so, save JSON-LD that can be read."""
    kept = []
    at = 0
    for start, begin, end, after in _apart(markup, opening):
        is_data = _JSON_LD.search(markup, start, begin) is not None
        if not (is_data and end - begin <= JSON_LD_MAX_CHARS):
            kept.append(markup[at:start])
            at = after
    kept.append(markup[at:])
    return b"".join(kept)


def _apart(markup: bytes, opening: re.Pattern[bytes]) -> Iterator[tuple[int, int, int, int]]:
    """Where elements are that begin so, outside of comments and tags: from where to where, and
    where between them their inside begins and ends. What holds another of its name, or is closed
    at once, is left to the parser. In one pass, whatever is not closed.
    """
    at = 0
    while (found := opening.search(markup, at)) is not None:
        if found[1] is None:
            at = markup.find(b"-->", found.end())
            if at < 0:
                return
            continue
        start, begin = found.start(), markup.find(b">", found.end()) + 1
        if not begin:
            return
        is_in_tag = markup.rfind(b"<", at, start) > markup.rfind(b">", at, start)
        at = begin
        if is_in_tag or markup[begin - 2 : begin] == b"/>":
            continue
        end = _ENDS[found[1].lower()].search(markup, begin)
        if end is None:
            return
        if not end[1]:
            continue
        at = markup.find(b">", end.end()) + 1 or len(markup)
        yield start, begin, end.start(), at


def _may_have_huge_tag(markup: bytes) -> bool:
    """Whether so much stands between two brackets: then a piece of half the length has neither, and
    the last one before it opens a tag.
    """
    length = TAG_MAX_BYTES // 2
    return any(
        markup.find(b"<", start, start + length) < 0
        and markup.find(b">", start, start + length) < 0
        and markup.rfind(b"<", 0, start) > markup.rfind(b">", 0, start)
        for start in range(0, len(markup), length)
    )


def _readable(markup: bytes) -> bytes:
    """UTF-8 without control characters, noncharacters and ends of the page."""
    if _NONCHARACTERS[0][:1] in markup:
        for noncharacter in _NONCHARACTERS:
            markup = markup.replace(noncharacter, b"")
    until = max(0, len(markup.rstrip()) - END_MAX_BYTES + len(b"html>"))
    if any(markup.find(end, 0, until) >= 0 for end in _PAGE_ENDS):
        markup = _END.sub(b"", markup)
    return markup.translate(None, _CONTROLS)


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


def not_html(body: bytes, content_type: str | None) -> str | None:
    """The media type of a body that is no HTML page; None for one that is."""
    for magic, name in _MAGIC:
        if body.startswith(magic):
            return name
    if body[4:8] == b"ftyp":
        return "video/mp4"
    declared = (content_type or "").partition(";")[0].strip().lower()
    if declared in _HTML:
        return None
    begin = body[:SNIFF_BYTES].replace(b"\x00", b"").lower()
    if declared in _MAYBE and any(mark in begin for mark in _TEXT_MARKS):
        return None
    if not declared:
        return None if b"<" in begin else "text/plain"
    return declared[:100]


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
