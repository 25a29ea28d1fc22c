"""Who wrote a page, under which title, with which picture: its claims, the surest first.

Structured data (JSON-LD, meta elements, microdata) comes before what stands on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from msgspec import Struct

from feedd import sanitise
from feedd.article.blocks import text_of
from feedd.article.markup import (
    Thing,
    article_of,
    described,
    is_apart,
    named_elements,
    squash,
    text_in,
)
from feedd.article.pubdate import published
from feedd.text import one_line

LINE_MAX_CHARS: Final = 500
BYLINE_MAX_CHARS: Final = 120
NAME_MAX_WORDS: Final = 6
BYLINES_MAX: Final = 20
"""So many elements that call themselves bylines or dates are looked at."""
_AUTHOR_METAS: Final = tuple(
    str.split(
        "author article:author og:article:author parsely-author sailthru.author citation_author"
        " dc.creator dcterms.creator dc.contributor byl article:author_name rbauthors"
        " shareaholic:article_author_name cxenseparse:author"
    )
)
_SITE_METAS: Final = ("og:site_name", "application-name", "apple-mobile-web-app-title")
_IMAGE_METAS: Final = (
    *("og:image:secure_url", "og:image", "og:image:url"),
    *("twitter:image", "twitter:image:src", "thumbnail", "sailthru.image.full"),
)
_PARTED = re.compile(r"(?<!\s)\s++(?:(?:[|\-–—·•»«:~/]|::|\|\|)\s++|[|»]\s*+)|[|»]\s*+|:\s++")
_TITLE_TAIL = re.compile(r"(?<!\s)\s++[|\-–—:»·•]\s+[^|\-–—:»·•]{2,60}$")
_BY = re.compile(
    r"^\W*(?:(?:written|posted|published|reported|story|words|text|article|review|reviewed|photos?)"
    r" by|by|author|authors|autor|autora|autorin|auteur|autore|von|par|por|di|door|av|af|oleh|автор"
    r"|text|tekst|foto|作者|文|撰文|记者|記者|執筆|بقلم)\b[:：/／\s]*",
    re.IGNORECASE,
)
_BY_AMID = re.compile(r"(?<=[\d|•·,–—-]) by (?=[^\W\d_])", re.IGNORECASE)
"""In a line of day and author."""
_NO_NAME = re.compile(
    r"^(?:admin(?:istrator)?|staff|editors?|editorial(?: (?:staff|team))?|guest|webmaster|root"
    r"|user|anonymous|unknown|none|null|by|team|news|the authors?"
    r"|redaktion|la rédaction|redacción"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|sat|sun|january|february|march|april|may|june"
    r"|july|august|(?:sept|nov|dec)ember|october)$",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\s*(?:[|•·⋅\n]|\s[-–—]\s|\bupdated\b|\bpublished\b|\bposted\b|\bon\b(?= \w+ \d)|\bin\b|\s\d"
    r"|\d{1,2}[./:]\d|(?:19|20)\d\d|,? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r" \d).*$",
    re.IGNORECASE | re.DOTALL,
)
_BYLINE_NAME = re.compile(r"(?<![a-z])(?:by-?line|author|writer|creator|posted-?by)", re.IGNORECASE)
_NAME_IN_BYLINE = re.compile(r"(?<![a-z])(?:full-?)?name(?![a-z])", re.IGNORECASE)
_AUTHORS_ADDRESS = re.compile(
    r"/(?:authors?|contributors?|columnists?|writers?|auteurs?|autore?s?)/[^/?#]+/?$"
)
_MORE_OF = re.compile(
    r"(?:more|read|see|view|all|about)\b.*\b(?:about|by|from|posts|articles)\b|written by$", re.I
)
_NO_BYLINE_NAME = re.compile(
    r"bio|box|about|avatar|comment|related|image|photo|social|follow|desc|list|(?<!v)card",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:(?:\w+ ){0,3}(?:writer|reporter|editor|correspondent|columnist|contributor|journalist"
    r"|producer|photographer|blogger|critic|redakteur(?:in)?)s?)",
    re.IGNORECASE,
)


class Metadata(Struct, frozen=True):
    """What the page says of its article; `headlines` are the names that it gives itself, the
    surest first, `site` those of its site (a name that is only its host's is led by a dot).
    `published` is in epoch seconds; of a day alone it is midnight UTC.
    """

    title: str | None = None
    headlines: tuple[str, ...] = ()
    site: frozenset[str] = frozenset()
    author: str | None = None
    published: int | None = None
    lead_image: str | None = None
    language: str | None = None


def read(
    root: HtmlElement, url: str, base: str, metas: Mapping[str, str], things: Sequence[Thing]
) -> tuple[Metadata, Thing]:
    """The page's metadata, and the JSON-LD object of its article (an empty one: there is none)."""
    page_title = line(root.findtext(".//title")) or ""
    headings = [line(" ".join(h.itertext())) or "" for h in list(root.iter("h1"))[:5]]
    told = [line(metas.get(name)) or "" for name in ("og:title", "twitter:title")]
    article = article_of(things, [*told, *headings, page_title])
    site, hosts = _site_names(metas, things), _host_names(url)
    headline = line(text_in(article.get("headline")))
    title = _title(headline, told, page_title, headings, site | hosts)
    site |= {f".{host}" for host in hosts} if site else hosts
    headlines = dict.fromkeys(name for name in (title, headline, *told) if name)
    return (
        Metadata(
            title=title,
            headlines=tuple(headlines),
            site=site,
            author=_author(root, metas, article, things, site),
            published=published(root, url, metas, article, things),
            lead_image=_image(root, base, metas, article),
            language=_language(root, metas, article),
        ),
        article,
    )


def line(value: str | None) -> str | None:
    """Text on one line; None for nothing."""
    return (one_line(value)[:LINE_MAX_CHARS] or None) if value else None


def _site_names(metas: Mapping[str, str], things: Iterable[Thing]) -> frozenset[str]:
    """What the site calls itself, squashed."""
    names = [metas.get(name, "") for name in _SITE_METAS]
    names.append(metas.get("twitter:site", "").lstrip("@"))
    for thing in things:
        kind = text_in(thing.get("@type"))
        if kind in ("WebSite", "Organization", "NewsMediaOrganization"):
            names.append(text_in(thing.get("name")))
        names.append(text_in(thing.get("publisher")))
    return frozenset(squash(name) for name in names if name and squash(name))


def _host_names(url: str) -> frozenset[str]:
    """What a site is called by its address."""
    try:
        labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    except ValueError:
        labels = []
    return frozenset(map(squash, ["".join(labels), *(name for name in labels[:-1] if name[3:])]))


def _title(
    headline: str | None,
    told: Sequence[str],
    page_title: str,
    headings: Sequence[str],
    site: frozenset[str],
) -> str | None:
    shown = {squash(heading): heading for heading in headings if heading}
    named = [name for name in (headline, *told, page_title) if name]
    for heading in headings:
        if squash(heading) not in site and any(_alike(heading, name) for name in named):
            return heading
    for name in named:
        cut = without_site(name, site, shown)
        if cut != name or name != page_title:
            return cut
    return _TITLE_TAIL.sub("", page_title) or next(iter(shown.values()), None)


def _alike(one: str, two: str) -> bool:
    """Whether two names share half of their words."""
    words, others = (set(re.findall(r"\w+", name.lower())) for name in (one, two))
    return 2 * len(words & others) >= max(len(words), 1) and len(words & others) * 3 >= len(others)


def without_site(title: str, site: frozenset[str], shown: Mapping[str, str]) -> str:
    """A title without the site's name at its end or beginning: the name is known, or what is left
    of the title stands on the page as a heading (`shown`, by its squashed text).
    """
    cuts = [(match.start(), match.end()) for match in _PARTED.finditer(title)]
    for start, end in cuts:
        for part in (title[:start], title[end:]):
            if squash(part) and squash(part) in shown:
                return part.strip()
    while cuts and squash(title[cuts[-1][1] :]) in site:
        title = title[: cuts.pop()[0]]
    if cuts and len(title) > cuts[0][1] and squash(title[: cuts[0][0]]) in site:
        title = title[cuts[0][1] :]
    return title.strip()


def _author(
    root: HtmlElement,
    metas: Mapping[str, str],
    article: Thing,
    things: Iterable[Thing],
    site: frozenset[str],
) -> str | None:
    by_id = {text_in(thing.get("@id")): thing for thing in things if "name" in thing}
    declared = _named(article.get("author"), by_id)
    claims = (
        declared,
        _named(article.get("creator"), by_id),
        *([metas.get(name, "")] for name in _AUTHOR_METAS),
        _written_by(metas),
    )
    for claim in chain(claims, _shown_authors(root)):
        names = [name for each in claim for name in _people(each, site)]
        if names:
            return ", ".join(dict.fromkeys(names))
    if _is_person(article.get("author")):
        return ", ".join(name for each in declared for name in _people(each, frozenset())) or None
    return None


def _named(value: object, by_id: Mapping[str, Thing]) -> list[str]:
    """Names in an author of JSON-LD, which may be told elsewhere on the page."""
    names = []
    for author in value if isinstance(value, list) else [value]:
        if isinstance(author, dict) and not author.get("name"):
            author = by_id.get(text_in(author.get("@id")), author)
        names.append(text_in(author))
    return names[:NAME_MAX_WORDS]


def _is_person(author: object) -> bool:
    """A person's own site may bear the person's name."""
    first = author[0] if isinstance(author, list) and author else author
    return isinstance(first, dict) and text_in(first.get("@type")).lower() == "person"


def _written_by(metas: Mapping[str, str]) -> list[str]:
    """Cards of social networks have labels with their data."""
    for number in ("1", "2"):
        label = metas.get(f"twitter:label{number}", "").lower()
        if label.startswith(("written by", "by", "author", "verfasst von")):
            return [metas.get(f"twitter:data{number}", "")]
    return []


def _shown_authors(root: HtmlElement) -> Iterator[list[str]]:
    marked = [e for e in described(root) if "author" in e.get("itemprop").split()]
    marked = [e for e in marked if not is_apart(e)]
    for element in marked[:3]:
        name = next((e for e in element.iter() if e.get("itemprop") == "name"), element)
        yield [name.get("content") or text_of(name)]
    by_rel = [a for a in root.iter("a") if "author" in (a.get("rel") or "").lower().split()]
    for link in [a for a in by_rel if not is_apart(a)][:1]:
        yield [text_of(link)]
    seen = 0
    for element in named_elements(root):
        get = element.get
        if not _names_byline(get("class"), get("id"), get("rel")) or is_apart(element):
            continue
        text = " ".join(" ".join(element.itertext()).split())  # a blank where boxes meet
        links = [text_of(a) for a in element.iter("a") if "@" not in text_of(a)] or [
            text_of(part)
            for part in element.iterdescendants("span", "div", "p")
            if _NAME_IN_BYLINE.search(part.get("class") or "")
        ]
        if links and all(len(text.split()) <= NAME_MAX_WORDS for text in links):
            yield links
        elif text and len(text) <= BYLINE_MAX_CHARS:
            yield [text]
        else:
            continue
        seen += 1
        if seen >= BYLINES_MAX:
            break
    for link in root.iter("a"):
        if _AUTHORS_ADDRESS.search(link.get("href") or "") and not is_apart(link):
            yield [text_of(link)]
            return


@lru_cache(maxsize=4096)
def _names_byline(*names: str | None) -> bool:
    name = " ".join(name or "" for name in names)
    return _BYLINE_NAME.search(name) is not None and _NO_BYLINE_NAME.search(name) is None


def named_in(text: str, site: frozenset[str]) -> str | None:
    """Who wrote it, by a line that begins as a byline does; None where it names nobody in full."""
    match = _BY.match(text) or _BY_AMID.search(text)
    if match is None:
        return None
    names = [
        name
        for name in _people(text[match.end() :], site)
        if len(name.split()) > 1 and name[0].isupper()
    ]
    return ", ".join(dict.fromkeys(names)) or None


def _people(claim: str, site: frozenset[str]) -> list[str]:
    """The names in a line that says who wrote something; no addresses, no sites, no roles."""
    claim = line(claim) or ""
    claim = _AFTER_NAME.sub("", _BY.sub("", claim)).strip(" ,;:–—-|")
    if not claim or claim.startswith(("http", "www.", "/")):
        return []
    names = []
    for part in re.split(r" ?(?:[;、，]|,(?! (?:jr|sr|ph)\b)| and | & | und | et | y ) ?", claim):
        name = _BY.sub("", re.sub(r"(?<!\S)\S+@\S+", "", part)).strip(" ,;:()<>[]–—-|")
        if (
            len(name) >= 2
            and len(name.split()) <= NAME_MAX_WORDS
            and not _NO_NAME.match(name)
            and not _MORE_OF.match(name)
            and not _ROLE.fullmatch(name)
            and not re.search(r"\d{2}|https?:|[?!{}]|\w\.\w+\.\w", name)
            and squash(name) not in site
            and (" " in name or f".{squash(name)}" not in site)  # Ann Holt has annholt.example
        ):
            names.append(name)
    return names


def _image(root: HtmlElement, base: str, metas: Mapping[str, str], article: Thing) -> str | None:
    claims = [metas.get(name, "") for name in _IMAGE_METAS]
    claims += [_address_in(article.get("image")), _address_in(article.get("thumbnailUrl"))]
    claims += [
        link.get("href") or ""
        for link in root.iter("link")
        if (link.get("rel") or "").lower() == "image_src"
    ]
    for claim in claims:
        address = sanitise.link(claim, base) if claim else None
        if address and not re.search(r"/undefined$|placeholder|/null$", address):
            return address
    return None


def _address_in(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    return value if isinstance(value, str) else ""


def _language(root: HtmlElement, metas: Mapping[str, str], article: Thing) -> str | None:
    for claim in (
        root.get("lang") or root.get("xml:lang") or "",
        text_in(article.get("inLanguage")),
        metas.get("og:locale", ""),
        metas.get("content-language", ""),
        metas.get("language", ""),
    ):
        tag = claim.strip().replace("_", "-")
        if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", tag):
            return tag
    return None
