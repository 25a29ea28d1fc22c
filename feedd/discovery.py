"""Where a site keeps its feed: what its page says, and where feeds usually are. Pure, over bytes.

Autodiscovery: `<link rel="alternate" type="application/rss+xml">`
(https://www.rssboard.org/rss-autodiscovery) and `rel="feed"` (microformats); then links in the
page that look like feeds.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

MAX_LINKS = 10
MAX_PAGE_BYTES = 5_000_000

_FEED_TYPES = {
    "application/atom+xml": 0,
    "application/rss+xml": 0,
    "application/feed+json": 1,
    "application/rdf+xml": 1,
    "application/xml": 2,
    "text/xml": 2,
    "application/json": 3,
    "application/x-rss+xml": 0,
    "text/rss+xml": 0,
    "text/rss": 0,
    "rss/xml": 0,
}
_USUAL = (
    "feed",
    "feed.xml",
    "rss.xml",
    "atom.xml",
    "index.xml",
    "rss",
    "feed.json",
    "feeds/posts/default",
)
_COMMENTS = re.compile(r"\bcomments?\b|\bkommentare?\b|\bcommentaires?\b", re.IGNORECASE)
_LIKE_A_FEED = re.compile(
    r"\.(?:rss|atom|rdf)$|(?:^|/)(?:rss|atom|feeds?|index|news|blog)[0-9]*\.(?:xml|json|rdf|php)$"
    r"|/(?:feeds?|rss|atom|rss2)/?$|/feeds?/[^.]*$|[?&](?:feed|format|type)=(?:rss2?|atom|feed)\b",
    re.IGNORECASE,
)
_NAMES_A_FEED = re.compile(
    r"^\W*+(?:subscribe\W++(?:to\W++|via\W++|by\W++)?)?(?:our\W++|the\W++)?"
    r"(?:rss|atom|xml|json feed|web ?feed|feed)(?:\W++feed)?\W*+$",
    re.IGNORECASE,
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Absolute URLs, best first: those the page gives as its feeds, those that look like one."""

    advertised: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()


def feed_links(html: bytes, url: str, content_type: str | None = None) -> list[str]:
    """The feeds that a page at `url` names or seems to link to, best first."""
    found = page_links(html, url, content_type)
    return list(dict.fromkeys((*found.advertised, *found.lookalikes)))


def page_links(html: bytes, url: str, content_type: str | None = None) -> PageLinks:
    """The same, advertised and lookalikes apart. `url` is the page's own, after redirects."""
    root = _tree(html[:MAX_PAGE_BYTES], content_type)
    if root is None:
        return PageLinks()
    base = url
    advertised: list[tuple[int, str]] = []
    lookalikes: list[tuple[int, str]] = []
    for element in root.iter("base", "link", "a"):
        written = element.get("href")
        if not written:
            continue
        if element.tag == "base":
            # The first one counts (HTML, section 4.2.3).
            base = _absolute(written, url) or base if base == url else base
            continue
        target = _absolute(written, base)
        if target is None:
            continue
        if element.tag == "link":
            rank = _advertised_rank(element)
            if rank is not None:
                advertised.append((rank, target))
        else:
            rank = _lookalike_rank(element, target, url)
            if rank is not None:
                lookalikes.append((rank, target))
    return PageLinks(_ranked(advertised), _ranked(lookalikes))


def usual_paths(url: str) -> list[str]:
    """Where the feed of a page at `url` often is: beside it first, then at the site's root."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return []
    directory = parts.path.rpartition("/")[0] + "/"
    bases = [directory, "/"] if directory.count("/") == 2 else ["/"]
    site = f"{parts.scheme}://{parts.netloc}"
    return [f"{site}{base}{path}" for base in bases for path in _USUAL]


def _tree(html: bytes, content_type: str | None) -> etree._Element | None:
    parser = etree.HTMLParser(encoding=_encoding(html, content_type), no_network=True)
    try:
        return etree.fromstring(html, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _encoding(html: bytes, content_type: str | None) -> str | None:
    """What the response says, if it can be read by it; else the parser looks for a meta element."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if html.startswith(mark):
            return name
    declared = _CHARSET.search(content_type or "")
    if declared is None:
        return None
    try:
        etree.HTMLParser(encoding=declared[1])
    except LookupError:
        return None
    return declared[1]


def _absolute(written: str, base: str) -> str | None:
    written = re.sub(r"[\t\n\r]", "", written.strip())
    if written.lower().startswith("feed:"):
        rest = written[5:]
        written = rest if rest.lower().startswith("http") else f"http:{rest}"
    try:
        target = urldefrag(urljoin(base, written)).url
        parts = urlsplit(target)
        port_is_sane = parts.port is None or parts.port > 0
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_sane:
        return None
    return target.replace(" ", "%20") if target.isprintable() else None


def _advertised_rank(link: etree._Element) -> int | None:
    relations = (link.get("rel") or "").lower().split()
    kind = (link.get("type") or "").partition(";")[0].strip().lower()
    if "feed" in relations:
        rank = _FEED_TYPES.get(kind, 1)
    elif "alternate" in relations and "stylesheet" not in relations and kind in _FEED_TYPES:
        rank = _FEED_TYPES[kind]
        # WordPress and others offer their programming interface under this type.
        if kind == "application/json" and "feed" not in (link.get("href") or "").lower():
            return None
    else:
        return None
    about = f"{link.get('title') or ''} {link.get('href') or ''}"
    return rank + 10 if _COMMENTS.search(about) else rank


def _lookalike_rank(anchor: etree._Element, target: str, page: str) -> int | None:
    parts = urlsplit(target)
    where = parts.path + (f"?{parts.query}" if parts.query else "")
    like = _LIKE_A_FEED.search(where) is not None
    text = " ".join("".join(map(str, anchor.itertext())).split())[:80]
    labels = (text, anchor.get("title") or "", anchor.get("aria-label") or "")
    named = any(_NAMES_A_FEED.match(label) for label in labels if label)
    kind = (anchor.get("type") or "").lower() in _FEED_TYPES
    if target == page or not (like or named or kind):
        return None
    rank = 0 if (named or kind) and like else 2 if like else 4
    if parts.netloc != urlsplit(page).netloc:
        rank += 5
    return rank + 10 if _COMMENTS.search(f"{text} {where}") else rank


def _ranked(found: list[tuple[int, str]]) -> tuple[str, ...]:
    in_order = dict.fromkeys(url for _, url in sorted(found, key=lambda each: each[0]))
    return tuple(in_order)[:MAX_LINKS]
