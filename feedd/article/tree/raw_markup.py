"""The markup of a page before it is parsed: what the parser need not see is taken out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

MARKUP_MAX_CHARS: Final = 2_000_000
"""Longer markup, without scripts, styles and drawings, loses its menus, and is cut if that does not
help."""

TAG_MAX_BYTES: Final = 30_000
"""A longer tag is taken out: the time for its attributes grows with the square of their number."""

JSON_LD_MAX_CHARS: Final = 500_000
"""Structured data is read so far: longer data is cut, and makes no sense then."""

_CONTROLS: Final = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})

_NONCHARACTERS: Final = ("\ufffe".encode(), "\uffff".encode())

END_MAX_BYTES: Final = 12
_PAGE_END = re.compile(rb"</(?:html|HTML|Html)")
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


def readable(markup: bytes) -> bytes:
    """A page in UTF-8 as the parser takes it: without scripts, styles and drawings, within limits,
    and without what would end it early.
    """
    markup = _without(markup, _NO_TEXT)
    if _is_long(markup):
        markup = _without(markup, _HEAVY)
    if _may_have_huge_tag(markup):
        markup = _HUGE_TAG.sub(b"", markup)
    if _is_long(markup):
        markup = markup.decode()[:MARKUP_MAX_CHARS].encode()
    return _to_its_end(markup)


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


def _to_its_end(markup: bytes) -> bytes:
    """UTF-8 without control characters, noncharacters and ends of the page."""
    if _NONCHARACTERS[0][:1] in markup:
        for noncharacter in _NONCHARACTERS:
            markup = markup.replace(noncharacter, b"")
    until = max(0, len(markup.rstrip()) - END_MAX_BYTES + len(b"html>"))
    if _PAGE_END.search(markup, 0, until):
        markup = _END.sub(b"", markup)
    has_controls = any(map(markup.__contains__, _CONTROLS))
    return markup.translate(None, _CONTROLS) if has_controls else markup
