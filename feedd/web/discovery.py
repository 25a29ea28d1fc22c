"""Where a site keeps its feed: what its page says, and where feeds usually are. Pure.

Autodiscovery: `<link rel="alternate" type="application/rss+xml">`
(https://www.rssboard.org/rss-autodiscovery) and `rel="feed"` (microformats), in the page or in the
`Link` header of its answer (RFC 8288); then links in the page that look like feeds. A page can keep
this busy for as long as it likes: `page_links` belongs in a worker process.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final
from urllib.parse import urldefrag, urljoin, urlsplit

from msgspec import Struct

from feedd.web.encoding import decode_page

if TYPE_CHECKING:
    from bs4 import Tag

MAX_LINKS: Final = 10
MAX_PAGE_BYTES: Final = 5_000_000
MAX_ADDRESS_CHARS: Final = 2_000
"""A longer attribute is none of an address."""

MAX_LABEL_CHARS: Final = 200
MAX_HEADER_CHARS: Final = 8_000

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
    "feed", "feed.xml", "rss.xml", "atom.xml", "index.xml", "rss", "feed.json",
    "feeds/posts/default",
)  # fmt: skip
_COMMENTS = re.compile(r"\bcomments?\b|\bkommentare?\b|\bcommentaires?\b", re.IGNORECASE)
_LIKE_A_FEED = re.compile(
    r"\.(?:rss|atom|rdf)$|(?:^|/)(?:rss|atom|feeds?|index|news|blog)[0-9]*\.(?:xml|json|rdf|php)$"
    r"|/(?:feeds?|rss|atom|rss2)/?$|[?&](?:feed|format|type)=(?:rss2?|atom|feed)\b",
    re.IGNORECASE,
)
_NAMES_A_FEED = re.compile(
    r"^\W*+(?:subscribe\W++(?:to\W++|via\W++|by\W++)?)?(?:our\W++|the\W++)?"
    r"(?:rss|atom|xml|json feed|web ?feed|feed)(?:\W++feed)?\W*+$",
    re.IGNORECASE,
)
_FEED_FOLDER = re.compile(r"/feeds?/", re.IGNORECASE)
_PARAMETER = r"\s*+;\s*+([^\s;,=\"]++)(?:\s*+=\s*+(?:\"((?:\\.|[^\"\\])*)\"|([^\s\";,]*)))?"
_HEADER_PARAMETER = re.compile(_PARAMETER.removeprefix(r"\s*+"))
_HEADER_LINK = re.compile(rf"<([^<>]*)>((?:{_PARAMETER})*)")


class FeedLinksJob(Struct, frozen=True):
    """A page and what is known about it: `url` is its own, after redirects; `link_header` what its
    answer says in `Link`.
    """

    page: bytes
    url: str
    content_type: str | None = None
    link_header: str = ""


class PageLinks(Struct, frozen=True):
    """Absolute URLs, best first: those the page gives as its feeds, those that follow from the
    known forms of addresses of some sites, those that look like one.
    """

    advertised: tuple[str, ...] = ()
    known_forms: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()


def feed_links(job: FeedLinksJob) -> PageLinks:
    """The feeds of a page; see `page_links`."""
    return page_links(job.page, job.url, job.content_type, link_header=job.link_header)


def page_links(
    html: bytes | str, url: str, content_type: str | None = None, *, link_header: str = ""
) -> PageLinks:
    """The feeds that a page at `url` (its own, after redirects) names or seems to link to."""
    if isinstance(html, bytes):
        html = decode_page(html[:MAX_PAGE_BYTES], content_type)
    elements = _elements(html[:MAX_PAGE_BYTES])
    base = url
    for element in elements:
        if element.name == "base" and _said(element, "href"):
            # The first one counts (HTML, section 4.2.3).
            base = _absolute(_said(element, "href"), url) or base
            break
    advertised = list(_of_header(link_header, url))
    lookalikes: list[tuple[int, str]] = []
    hints: list[str] = []
    for element in elements:
        written = _said(element, "href")
        if element.name == "meta":
            hints.append(_said(element, "content"))
        target = _absolute(written, base) if written else None
        if target is None:
            continue
        if element.name == "link":
            said = {name: _said(element, name) for name in ("rel", "type", "title", "href")}
            rank = _advertised_rank(said)
            if rank is not None:
                advertised.append((rank, target))
            elif said["rel"].lower() == "canonical":
                hints.append(target)
        elif element.name == "a":
            rank = _lookalike_rank(element, target, url)
            if rank is not None:
                lookalikes.append((rank, target))
    forms = () if advertised else tuple(known_forms(url, *hints))
    return PageLinks(_ranked(advertised), forms, _ranked(lookalikes))


# ---------------------------------------------------------------- known forms of addresses

_CHANNEL = re.compile(r"(?:^|/channel/)(UC[A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")
_PLAYLIST = re.compile(r"[?&]list=(PL[A-Za-z0-9_-]{10,64})(?![A-Za-z0-9_-])")
_GITHUBS_OWN = frozenset(
    str.split(
        "about apps collections explore features issues login marketplace new notifications"
        " orgs pricing pulls search settings sponsors topics trending"
    )
)


def known_forms(url: str, *hints: str) -> Iterator[str]:
    """Where the feed of a page at `url` is by the way some sites write addresses: YouTube, Reddit,
    GitHub, Medium, Mastodon. `hints` are addresses and words that the page says of itself. Each
    has to be asked.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("old.")
    steps = [step for step in parts.path.split("/") if step]
    first = steps[0] if steps else ""
    site = f"{parts.scheme}://{parts.netloc}"
    if host == "youtube.com":
        if found := _PLAYLIST.search(url):
            yield f"{site}/feeds/videos.xml?playlist_id={found[1]}"
        channels = (_CHANNEL.search(text) for text in (parts.path, *hints))
        if found := next(filter(None, channels), None):
            yield f"{site}/feeds/videos.xml?channel_id={found[1]}"
    elif host == "reddit.com":
        if first in ("r", "u", "user") and len(steps) > 1:
            yield f"{site}/{first}/{steps[1]}/.rss"
    elif host == "github.com":
        if len(steps) > 1 and first not in _GITHUBS_OWN:
            yield from (
                f"{site}/{first}/{steps[1]}/{kind}.atom" for kind in ("releases", "commits")
            )
        elif steps and first not in _GITHUBS_OWN:
            yield f"{site}/{first}.atom"
    elif host == "medium.com":
        if steps:
            yield f"{site}/feed/{first}"
    elif host.endswith(".medium.com"):
        yield f"{site}/feed"
    elif re.fullmatch(r"@\w[\w.-]{0,60}", first):
        yield f"{site}/{first}.rss"


def usual_paths(url: str) -> list[str]:
    """Where the feed of a page at `url` often is: beside it first, then at the site's root."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return []
    directory = parts.path.rpartition("/")[0] + "/"
    bases = [directory, "/"] if directory.count("/") == 2 else ["/"]
    site = f"{parts.scheme}://{parts.netloc}"
    return [f"{site}{base}{path}" for base in bases for path in _USUAL]


# ---------------------------------------------------------------- what a page says


def _elements(html: str) -> list[Tag]:
    """The elements that matter, in the order of the document; none where it can't be read."""
    from bs4 import BeautifulSoup, Tag
    from bs4.exceptions import ParserRejectedMarkup
    from bs4.filter import SoupStrainer

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pages that are something else: we know
        try:
            wanted = SoupStrainer(["base", "link", "a", "meta"])
            page = BeautifulSoup(html, "lxml", parse_only=wanted, multi_valued_attributes=None)
        except (ParserRejectedMarkup, ValueError):
            return []
    return [one for one in page.find_all(["base", "link", "a", "meta"]) if isinstance(one, Tag)]


def _said(element: Tag, name: str) -> str:
    """An attribute's value; "" for none and for one too long to mean anything."""
    value = str(element.get(name) or "")
    return value if len(value) <= MAX_ADDRESS_CHARS else ""


def header_links(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Target and parameters of each link of a `Link` header, in order; of a parameter that is there
    twice, the first counts [RFC 8288, 3]. Of a longer header, the first `MAX_HEADER_CHARS`.
    """
    for link in _HEADER_LINK.finditer(header[:MAX_HEADER_CHARS]):
        said: dict[str, str] = {}
        for parameter in _HEADER_PARAMETER.finditer(link[2]):
            said.setdefault(parameter[1].lower(), parameter[2] or parameter[3] or "")
        yield link[1].strip(), said


def _of_header(header: str, url: str) -> Iterator[tuple[int, str]]:
    """The feeds of a `Link` header, with their ranks."""
    for written, said in header_links(header):
        rank, target = _advertised_rank({"href": written, **said}), _absolute(written, url)
        if rank is not None and target is not None:
            yield rank, target


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


def _advertised_rank(said: dict[str, str]) -> int | None:
    relations = said.get("rel", "").lower().split()
    kind = said.get("type", "").partition(";")[0].strip().lower()
    if "feed" in relations:
        rank = _FEED_TYPES.get(kind, 1)
    elif "alternate" in relations and "stylesheet" not in relations and kind in _FEED_TYPES:
        rank = _FEED_TYPES[kind]
        # WordPress and others offer their programming interface under this type.
        if kind == "application/json" and "feed" not in said["href"].lower():
            return None
    else:
        return None
    about = f"{said.get('title', '')[:MAX_LABEL_CHARS]} {said['href']}"
    return rank + 10 if _COMMENTS.search(about) else rank


def _lookalike_rank(anchor: Tag, target: str, page: str) -> int | None:
    parts = urlsplit(target)
    where = parts.path + (f"?{parts.query}" if parts.query else "")
    like = _LIKE_A_FEED.search(where) is not None or (
        # .../feed/atom, .../feed/name: a folder of feeds, and no file with an ending.
        _FEED_FOLDER.search(where.rpartition(".")[2]) is not None
    )
    pieces = islice((one for one in islice(anchor.descendants, 100) if isinstance(one, str)), 20)
    text = " ".join("".join(piece[:MAX_LABEL_CHARS] for piece in pieces).split())[:80]
    labels = (text, _said(anchor, "title")[:80], _said(anchor, "aria-label")[:80])
    named = any(_NAMES_A_FEED.match(label) for label in labels if label)
    kind = _said(anchor, "type").lower() in _FEED_TYPES
    if target == page or not (like or named or kind):
        return None
    rank = 0 if (named or kind) and like else 2 if like else 4
    if parts.netloc != urlsplit(page).netloc:
        rank += 5
    return rank + 10 if _COMMENTS.search(f"{text} {where}") else rank


def _ranked(found: list[tuple[int, str]]) -> tuple[str, ...]:
    in_order = dict.fromkeys(url for _, url in sorted(found, key=lambda each: each[0]))
    return tuple(in_order)[:MAX_LINKS]
