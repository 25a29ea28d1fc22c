"""Is a response a page at all? The header is believed unless the first bytes say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from feedd.article.inputs import PageRejected

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

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
_TEXT_MARKS: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<meta", b"<title")


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


def apply_selectors(markup: str, *, selector: str | None, remove: str | None) -> str:
    """The page with what `remove` selects gone, and of its body only what `selector` selects.

    Raises PageRejected for a selector that is no CSS, or that selects nothing.
    """
    from bs4 import BeautifulSoup

    page = BeautifulSoup(markup, "lxml")
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
    return str(page)


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
