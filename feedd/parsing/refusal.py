"""What a document is that is no feed, said so that its reader knows what to do."""

from __future__ import annotations

import re
from typing import Final

from feedd.errors import NotAFeedError
from feedd.parsing import Document
from feedd.web.discovery import page_links

_NAMED_MAX: Final = 3
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


def refusal(document: Document, text: str, *, root: str, doctype: str) -> NotAFeedError:
    """The error for a document whose `root` (a local name, "" for none) is none of a feed's."""
    for signature, what in _SIGNATURES:
        if document.body.startswith(signature):
            return NotAFeedError(f"is {what}, not a feed")
    is_html = root in _HTML_ROOTS or re.match(r"<!doctype\s+html", doctype, re.I)
    if is_html or "<html" in text[:2000].lower():
        links = page_links(text, document.url, link_header=document.link_header)
        advertised = links.advertised
        if advertised:
            which = "this feed" if len(advertised) == 1 else "these feeds"
            named = ", ".join(advertised[:_NAMED_MAX])
            return NotAFeedError(
                f"is an HTML page, not a feed; it names {which}: {named}", advertised
            )
        return NotAFeedError("is an HTML page, not a feed, and it names none")
    if root:
        what = _XML_KINDS.get(root, f"an XML document of another kind <{root}>")
        return NotAFeedError(f"is {what}, not a feed")
    return NotAFeedError("is neither XML nor JSON, so no feed")
