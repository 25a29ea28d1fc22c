"""Documents that are no feeds: what they are, and which feeds they point to (polling rule 30)."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from feedd.errors import NotAFeedError
from feedd.parsing.prologue import Prologue
from feedd.sanitise import link

_SCANNED_CHARS: Final = 1_000_000
_ADVERTISED_MAX: Final = 20
_LINK = re.compile(r"<(?:link|a)\s([^<>]{1,4000})>", re.I)
_BASE = re.compile(r"<base\s[^<>]*?href\s*=\s*[\"']?([^\"'\s<>]+)", re.I)
_ATTRIBUTE = re.compile(
    r"(?<![a-z-])([a-z-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I
)
_FEED_TYPES: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
_SIGNATURES: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "compressed data"),
)
_HTML_ROOTS: Final = frozenset(
    str.split(
        "a b article body br center div font form h1 h2 head header html i img link main meta nav p"
        " pre script section span style table title"
    )
)
_XML_KINDS: Final = {
    "opml": "an OPML list of feeds: take it in with `feedd import`",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap",
    "svg": "an image",
    "error": "an error message in XML",
    "opensearchdescription": "a search description",
}


def refusal(body: bytes, text: str, prologue: Prologue, url: str) -> NotAFeedError:
    """The error for a document whose root is none of a feed's."""
    for signature, what in _SIGNATURES:
        if body.startswith(signature):
            return NotAFeedError(f"is {what}, not a feed")
    is_html = prologue.root in _HTML_ROOTS or re.match(r"<!doctype\s+html", prologue.doctype, re.I)
    if is_html or "<html" in text[:2000].lower():
        advertised = advertised_feeds(text, url)
        if advertised:
            return NotAFeedError(
                f"is an HTML page, not a feed; it names this feed: {advertised[0]}", advertised
            )
        return NotAFeedError("is an HTML page, not a feed, and it names none")
    if prologue.root:
        what = _XML_KINDS.get(prologue.root, f"an XML document of another kind <{prologue.root}>")
        return NotAFeedError(f"is {what}, not a feed")
    return NotAFeedError("is neither XML nor JSON, so no feed")


def advertised_feeds(html: str, url: str) -> list[str]:
    """The feeds a page names by autodiscovery: `link rel="alternate"` of a feed's type, in order
    (HTML, 4.6.7.2), absolute.
    """
    html = html[:_SCANNED_CHARS]
    based = _BASE.search(html)
    base = (link(unescape(based[1]), url) if based else None) or url
    found: dict[str, None] = {}
    for attributes in _LINK.findall(html):
        said = {
            name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(attributes)
        }
        media_type = said.get("type", "").split(";")[0].strip().lower()
        relations = said.get("rel", "").lower().split()
        if media_type in _FEED_TYPES and ("alternate" in relations or "feed" in relations):
            absolute = link(said.get("href"), base)
            if absolute:
                found.setdefault(absolute)
    return list(found)[:_ADVERTISED_MAX]
