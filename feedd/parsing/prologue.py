"""What stands before a document's root, and what a document without a feed's root is instead."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from feedd.errors import NotAFeedError
from feedd.parsing import PROLOGUE_MAX_CHARS, Document
from feedd.web.discovery import page_links

FEED_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel"})
_ATOM_ENTRY = re.compile(r"<[^<>]*entry\s[^<>]*Atom[^<>]*>", re.I).match

_BLANKS = re.compile(r"[\s\ufeff\x00]*")
_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])")
_FEED_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|RDF)(?=[\s>])", re.I)
_OF_HTML: Final = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_PART_OF_DOCTYPE = re.compile(r"""<!--.*?(?:-->|$)|"[^"]*"|'[^']*'|[\[\]>]""", re.S)
_ENTITY = re.compile(r"<!ENTITY\s", re.I)

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


class Prologue(Struct, frozen=True):
    """What stands before a document's root, and is left out before parsing: the XML declaration
    has served its purpose, a document type with its entities is never followed (polling rule 32),
    and some servers put warnings there.

    `root` is the local name of the first element in lower case, "" where there is none, and
    `start` its offset. `problems` say what was left out.
    """

    root: str
    start: int
    doctype: str = ""
    problems: tuple[str, ...] = ()


def prologue_of(text: str) -> Prologue:
    """Finds the root of an XML or HTML document; tolerates what does not belong before it."""
    at, junk = 0, False
    doctype = ""
    problems: list[str] = []
    while at < min(len(text), PROLOGUE_MAX_CHARS):
        blanks = _BLANKS.match(text, at)
        at = blanks.end() if blanks else at
        if text.startswith("<?", at):
            at = _after(text, "?>", at)
        elif text.startswith("<!--", at):
            at = _after(text, "-->", at)
        elif text[at : at + 9].lower() == "<!doctype":
            end = _end_of_doctype(text, at)
            doctype = text[at:end]
            if _ENTITY.search(doctype):
                problems.append("declares entities of its own, which are not followed")
            at = end
        else:
            element = _ELEMENT.match(text, at)
            if element:
                return _judged(text, element, junk, doctype, problems)
            junk = True
            following = text.find("<", at + 1)
            at = following if following >= 0 else len(text)
    return Prologue("", 0, doctype)


def in_feed(text: str, prologue: Prologue) -> str | None:
    """The Atom feed of an entry that is a document of its own (RFC 4287 4.1.2); None: none is."""
    if prologue.root != "entry" or not _ATOM_ENTRY(text, prologue.start):
        return None
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{text[prologue.start :]}</feed>'


def refusal(document: Document, text: str, prologue: Prologue) -> NotAFeedError:
    """The error for a document whose root is none of a feed's."""
    for signature, what in _SIGNATURES:
        if document.body.startswith(signature):
            return NotAFeedError(f"is {what}, not a feed")
    is_html = prologue.root in _HTML_ROOTS or re.match(r"<!doctype\s+html", prologue.doctype, re.I)
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
    if prologue.root:
        what = _XML_KINDS.get(prologue.root, f"an XML document of another kind <{prologue.root}>")
        return NotAFeedError(f"is {what}, not a feed")
    return NotAFeedError("is neither XML nor JSON, so no feed")


def _judged(
    text: str, element: re.Match[str], junk: bool, doctype: str, problems: list[str]
) -> Prologue:
    root = element[1].lower()
    start = element.start()
    if root not in FEED_ROOTS:
        found = _FEED_ELEMENT.search(text, start, start + PROLOGUE_MAX_CHARS)
        if found and not doctype and not _OF_HTML.search(text, 0, found.start()):
            junk, start = True, found.start()
            root = found[0].lstrip("<").rpartition(":")[2].lower()
    if junk and root in FEED_ROOTS:
        problems.append("text before the feed was left out")
    return Prologue(root, start, doctype, tuple(problems))


def _after(text: str, end: str, at: int) -> int:
    found = text.find(end, at)
    return found + len(end) if found >= 0 else len(text)


def _end_of_doctype(text: str, at: int) -> int:
    depth = 0
    for part in _PART_OF_DOCTYPE.finditer(text, at + 9):
        if part[0] == "[":
            depth += 1
        elif part[0] == "]":
            depth -= 1
        elif part[0] == ">" and depth <= 0:
            return part.end()
    return len(text)
