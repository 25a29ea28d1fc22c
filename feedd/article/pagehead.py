"""What a page says about itself: JSON-LD, Open Graph and other meta elements, links.

Read from the tree before it is shaped, since scripts and the head go then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from feedd import sanitise
from feedd.article import robots
from feedd.article.pagination import next_page
from feedd.text import one_line

JSON_LD_MAX_CHARS: Final = 500_000
NESTED_MAX: Final = 400
"""So many objects of a page's JSON-LD are analysis at."""

_ARTICLE_TYPE = re.compile(r"Article|BlogPosting|NewsStory|Report|Recipe|Review|SocialMediaPosting")
_YEARS: Final = range(1990, 2101)
_NAME_PARTS = re.compile(r"\s+[|\-–—:»·•]{1,2}\s+|:\s+")
NAME_MIN_CHARS: Final = 12
_TITLE_TAIL = re.compile(r"\s+[|\-–—:»·•]\s+[^|\-–—:»·•]{2,60}$")


@dataclass(frozen=True, slots=True)
class PageHead:
    """All of it is the page's claim; texts are single lines, URLs absolute http(s). `names` are the
    parts of its title: a page's own name stands there with that of its site.
    """

    base: str
    title: str | None = None
    headline: str | None = None
    names: tuple[str, ...] = ()
    description: str = ""
    byline: str | None = None
    published: int | None = None
    lead_image: str | None = None
    language: str | None = None
    next_page: str | None = None
    refresh: str | None = None
    alternate: str | None = None
    body_text: str = ""
    paid: bool = False
    forbidden: bool = False


def read(root: HtmlElement, url: str) -> PageHead:
    """What the page's head and structured data say."""
    base = _base(root, url)
    metas = _metas(root)
    article = _structured(root)
    title = _line(root.findtext(".//title"))
    headline = _line(_text(article.get("headline"))) or _line(metas.get("og:title"))
    published = article.get("datePublished") or metas.get("article:published_time")
    byline = _names(article.get("author")) or _line(
        metas.get("author") or metas.get("article:author") or metas.get("dc.creator")
    )
    return PageHead(
        base=base,
        title=headline or (_TITLE_TAIL.sub("", title) if title else None),
        headline=headline,
        names=_names_in(title or ""),
        description=_line(metas.get("og:description") or metas.get("description")) or "",
        byline=byline if byline and not byline.startswith("http") else None,
        published=_time(_text(published)) or _first_time(root),
        lead_image=sanitise.link(metas.get("og:image") or _image(article.get("image")) or "", base),
        language=_language(root, metas),
        next_page=next_page(root, url, base),
        refresh=_refresh(root, url, base),
        alternate=_alternate(root, url, base),
        body_text=_text(article.get("articleBody")),
        paid=str(article.get("isAccessibleForFree", "")).lower() == "false"
        or metas.get("article:content_tier", "").lower() in ("locked", "metered"),
        forbidden=robots.forbids(_told_robots(root)),
    )


def _names_in(title: str) -> tuple[str, ...]:
    """Beginnings and ends of a title that is cut at what separates its parts."""
    cuts = [(match.start(), match.end()) for match in _NAME_PARTS.finditer(title)][:6]
    parts = [part for start, end in cuts for part in (title[:start], title[end:])]
    return tuple(part for part in (title, *parts) if len(part) >= NAME_MIN_CHARS)


def _base(root: HtmlElement, url: str) -> str:
    element = next(root.iter("base"), None)
    if element is not None and element.get("href"):
        try:
            joined = urljoin(url, element.get("href").strip())
        except ValueError:
            return url
        if joined.startswith(("http://", "https://")):
            return str(joined)
    return url


def _metas(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        content = meta.get("content")
        if name and content and content.strip():
            found.setdefault(name, content.strip()[:5000])
    return found


def _told_robots(root: HtmlElement) -> str:
    """What is said to all robots or to us, an element a line: none takes back another."""
    return "\n".join(
        " ".join((meta.get("content") or "").split())
        for meta in root.iter("meta")
        if (meta.get("name") or "").strip().lower() in ("robots", robots.OUR_NAME)
    )


def _structured(root: HtmlElement) -> dict[str, object]:
    """The JSON-LD object that describes the article, the one with most text if there are more."""
    best: dict[str, object] = {}
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            data = json.loads((script.text or "").strip()[:JSON_LD_MAX_CHARS], strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _objects(data):
            if _ARTICLE_TYPE.search(_text(thing.get("@type"))) and (
                not best
                or len(_text(thing.get("articleBody"))) > len(_text(best.get("articleBody")))
            ):
                best = thing
    return best


def _objects(data: object) -> Iterator[dict[str, object]]:
    waiting = [data]
    for _ in range(NESTED_MAX):
        if not waiting:
            return
        thing = waiting.pop(0)
        if isinstance(thing, dict):
            yield thing
            waiting.extend(value for key, value in thing.items() if key in ("@graph", "mainEntity"))
        elif isinstance(thing, list):
            waiting.extend(thing[:NESTED_MAX])


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(_text(each) for each in value[:20])
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@value") or "")
    return ""


def _names(value: object) -> str | None:
    authors = value if isinstance(value, list) else [value]
    names = [_line(_text(author)) for author in authors[:6]]
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def _image(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("url") or value.get("@id")
    return value if isinstance(value, str) else ""


def _line(value: str | None) -> str | None:
    return (one_line(value)[:500] or None) if value else None


def _time(value: str) -> int | None:
    """Epoch seconds of an ISO 8601 time; None for anything else, or one before feeds were."""
    value = value.strip()
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    if at.year not in _YEARS:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _first_time(root: HtmlElement) -> int | None:
    for element in root.iter("time"):
        at = _time(element.get("datetime") or "")
        if at is not None:
            return at
    return None


def _language(root: HtmlElement, metas: dict[str, str]) -> str | None:
    claimed = root.get("lang") or root.get("xml:lang") or metas.get("og:locale") or ""
    claimed = claimed.strip().replace("_", "-")
    return claimed if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", claimed) else None


def _link(root: HtmlElement, rel: str, base: str) -> str | None:
    for element in root.iter("link", "a"):
        if rel in (element.get("rel") or "").lower().split():
            address = sanitise.link(element.get("href") or "", base)
            if address:
                return address
    return None


def _alternate(root: HtmlElement, url: str, base: str) -> str | None:
    """The page's AMP or print view, if it names one."""
    for element in root.iter("link"):
        rels = (element.get("rel") or "").lower().split()
        prints = "alternate" in rels and "print" in (element.get("media") or "").lower()
        if "amphtml" in rels or prints:
            address = sanitise.link(element.get("href") or "", base)
            if address and not _same_page(address, url):
                return address
    return None


def _refresh(root: HtmlElement, url: str, base: str) -> str | None:
    """Where the page sends its reader by itself; None where it only loads itself anew."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() != "refresh":
            continue
        match = re.match(
            r"\s*(\d+)\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", meta.get("content") or "", re.I
        )
        if match and int(match[1][:6]) <= 10:
            address = sanitise.link(match[2].strip(), base)
            return None if address and _same_page(address, url) else address
    return None


def _same_page(one: str, two: str) -> bool:
    return one.partition("#")[0].rstrip("/") == two.partition("#")[0].rstrip("/")
