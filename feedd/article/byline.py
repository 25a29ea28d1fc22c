"""Who wrote a page: by its structured data and meta elements, else by what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from lxml.html import HtmlElement

from feedd.article.blocks import Block, text_of
from feedd.article.markup import Thing, described, is_apart, named_elements, squash, text_in
from feedd.text import one_line

CLAIM_MAX_CHARS: Final = 500
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
_SET_APART: Final = frozenset({"a", "b", "strong", "em", "span"})
SIGNED_MAX_WORDS: Final = 6
SIGNED_MAX_CHARS: Final = 60
_WRITTEN_BY = re.compile(
    r"(?:(?:written|words|story|text|article) by\b|(?:about the )?authors?(?:\(s\))?\W*$)\W*",
    re.IGNORECASE,
)
_BY = re.compile(
    r"^\W*(?:(?:written|posted|published|reported|story|words|text|article|review|reviewed|photos?)"
    r" by|by|author|authors|autor|autora|autorin|auteur|autore|von|par|por|di|door|av|af|oleh|автор"
    r"|text|tekst|foto|γράφτηκε από(?:[ /]τ[οη]ν)*|γράφει [οη]|作者|文|撰文|记者|記者|執筆|بقلم)\b"
    r"[:：/／\s]*",
    re.IGNORECASE,
)
_BY_AMID = re.compile(r"(?<=[\d|•·,–—-]) by (?=[^\W\d_])", re.IGNORECASE)
"""In a line of day and author."""
_REPORTER = re.compile(r"\W*([가-힣]{2,4}) ?(?:기자|특파원)")
"""In Korean the name stands before what its bearer is."""
_NO_NAME = re.compile(
    r"^(?:admin(?:istrator)?|staff|editors?|editorial(?: (?:staff|team))?|guest|webmaster|root"
    r"|user|anonymous|unknown|none|null|by|team|news|the authors?"
    r"|redaktion|la rédaction|redacción"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|sat|sun|january|february|march|april|may|june"
    r"|july|august|(?:sept|nov|dec)ember|october)$",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"(?<!\s)\s*(?:\.?\s(?:photo(?:graph)?s?|pictures|illustrations?|images|video)(?: by)?\b"
    r"|[|•·⋅\n]|\s[-–—]\s|\bupdated\b|\bpublished\b|\bposted\b|\bon\b(?= \w+ \d)|\bin\b|\s\d"
    r"|\d{1,2}[./:]\d|(?:19|20)\d\d|,? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r" \d).*$",
    re.IGNORECASE | re.DOTALL,
)
_BYLINE_NAME = re.compile(
    r"(?<![a-z])(?:by-?line|author|writer|creat(?:or|ed-?by)|posted-?by)", re.IGNORECASE
)
_NAME_IN_BYLINE = re.compile(r"(?<![a-z])(?:full-?)?name(?![a-z])", re.IGNORECASE)
_AUTHORS_ADDRESS = re.compile(
    r"/(?:authors?|contributors?|columnists?|writers?|auteurs?|autore?s?)/[^/?#]+/?$"
)
_MORE_OF = re.compile(
    r"(?:more|read|see|view|all|about)\b.*\b(?:about|by|from|posts|articles)\b|written by$", re.I
)
_NO_BYLINE_NAME = re.compile(
    r"bio|box|about|avatar|comment|related|image|photo|social|follow|desc|list|(?<!v)(?<!h-)card",
    re.IGNORECASE,
)
_NAMES_AUTHOR = re.compile(r"author[\w-]{0,30}name|name[\w-]{0,30}author", re.IGNORECASE)
"""What calls itself so holds a name, also in a box about the author."""
_OF_OTHERS = re.compile(r"comment|related|image|photo|avatar|social|follow", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:(?:\w+ ){0,3}(?:writer|reporter|editor|correspondent|columnist|contributor|journalist"
    r"|producer|photographer|blogger|critic|redakteur(?:in)?)s?)",
    re.IGNORECASE,
)


def author(
    root: HtmlElement,
    metas: Mapping[str, str],
    article: Thing,
    things: Iterable[Thing],
    site: frozenset[str],
) -> str | None:
    """The names of who wrote it; `site` are names that are none of a person."""
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
    by_rel = [a for a in by_rel if not is_apart(a)]
    if by_rel:
        boxes = list(by_rel[0].iterancestors())[:2]
        yield [text_of(a) for a in by_rel if a.getparent() in boxes]
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
    unwanted = _OF_OTHERS if _NAMES_AUTHOR.search(name) else _NO_BYLINE_NAME
    return _BYLINE_NAME.search(name) is not None and unwanted.search(name) is None


def named_in(text: str, site: frozenset[str]) -> str | None:
    """Who wrote it, by a line that begins as a byline does; None where it names nobody in full."""
    reporter = _REPORTER.match(text)
    if reporter is not None:
        return reporter[1]
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
    claim = one_line(claim or "")[:CLAIM_MAX_CHARS]
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
            and not re.search(r"\d{2}|[?!{}:]|\w\.\w+\.\w", name)
            and squash(name) not in site
            and (" " in name or f".{squash(name)}" not in site)  # Ann Holt has annholt.example
        ):
            names.append(name)
    return names


def signed(blocks: Sequence[Block], site: frozenset[str]) -> str | None:
    """Who the page says anywhere wrote it, in a line of its own or in two: "Written by" and a name.
    Where several lines name others, nobody knows who wrote this one.
    """
    found = set()
    for block, below in zip(blocks, [*blocks[1:], *blocks[-1:]], strict=True):
        match = _WRITTEN_BY.match(block.text) if block.size <= SIGNED_MAX_WORDS else None
        said = match and (block.text[match.end() :].strip() or _name_ahead(below))
        if said and len(said) <= SIGNED_MAX_CHARS:
            found.add(named_in(f"by {said}", site))
    return found.pop() if len(found) == 1 else None


def _name_ahead(block: Block) -> str:
    """What a line begins with in letters or a link of its own; all of it where nothing is."""
    first = next(iter(block.element), None)
    if first is not None and not (block.element.text or "").strip() and first.tag in _SET_APART:
        return text_of(first)
    return block.text
