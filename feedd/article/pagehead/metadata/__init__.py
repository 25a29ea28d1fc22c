"""Who wrote a page, under which title, with which picture: its claims, the surest first.

Structured data (JSON-LD, meta elements, microdata) comes before what stands on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from msgspec import Struct

from feedd.article.pagehead.metadata import byline, datelines
from feedd.article.pagehead.metadata.lead_image import lead_image_of
from feedd.article.pagehead.metadata.pubdate import published
from feedd.article.pagehead.metadata.titles import line, name_in, own_headings, title_of
from feedd.article.tree.markup import MarkedElements, Thing, article_of, squash, text_in

_SITE_METAS: Final = ("og:site_name", "application-name", "apple-mobile-web-app-title")


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
    root: HtmlElement,
    url: str,
    base: str,
    metas: Mapping[str, str],
    things: Sequence[Thing],
    page_title: str,
) -> tuple[Metadata, Thing]:
    """The page's metadata, and the JSON-LD object of its article (an empty one: there is none).
    `page_title` is what its `<title>` says.
    """
    told = [line(metas.get(name)) or "" for name in ("og:title", "twitter:title")]
    elements, home = own_headings(root, url, page_title)
    headings = [name_in(element, told, page_title) for element in elements]
    told = ["" if squash(name) in home else name for name in told]
    article = article_of(things, [*told, *headings, page_title])
    site, hosts = _site_names(metas, things) | home, _host_names(url)
    headline = line(text_in(article.get("headline")))
    section = {squash(metas.get("article:section", ""))} - {""}
    title = title_of(headline, told, page_title, headings, site | hosts | section)
    site |= {f".{host}" for host in hosts}
    pairs = [pair for pair in zip(elements, headings, strict=True) if squash(pair[1]) not in site]
    own = [element for element, name in pairs if name]
    named = [element for element, name in pairs if title and title in name]
    runs = datelines.around(next(iter((*named, *own)), None))
    marked = MarkedElements(root)
    shown = [h for h in headings if title and title in h]  # with what templates add to it
    headlines = dict.fromkeys(name for name in (title, headline, *told, *shown) if name)
    return (
        Metadata(
            title=title,
            headlines=tuple(headlines),
            site=site,
            author=byline.author(marked, metas, article, things, site, runs),
            published=published(marked, url, metas, article, things, runs),
            lead_image=lead_image_of(root, base, metas, article, things),
            language=_language(root, metas, article),
        ),
        article,
    )


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
    names = ["".join(labels), "".join(labels[-2:])]
    return frozenset(map(squash, [*names, *(name for name in labels[:-1] if name[3:])]))


def _language(root: HtmlElement, metas: Mapping[str, str], article: Thing) -> str | None:
    """The page's language; what two others say against the root's attribute, which is often the
    template's, counts more.
    """
    said = [_tag(root.get("lang") or root.get("xml:lang") or "")]
    said += [_tag(text_in(article.get("inLanguage"))), _tag(metas.get("og:locale", ""))]
    shorts = [(tag or "").partition("-")[0].lower() for tag in said]
    if shorts[1] and shorts[1] == shorts[2] != shorts[0]:
        return said[1]
    said += [_tag(metas.get(name, "")) for name in ("content-language", "language")]
    known = next(filter(None, said), None)
    within = (_tag(e.get("lang") or "") for e in root.iter("body", "main", "article"))
    return known or next(filter(None, within), None)


def _tag(claim: str) -> str | None:
    """A language tag (BCP 47), or nothing."""
    tag = claim.strip().replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", tag) else None
