"""The page that continues an article: the one whose address differs by the page's number alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml.html import HtmlElement

from feedd import sanitise
from feedd.article.tree.elements import raw_text

NEXT_MAX_CHARS: Final = 12
_SAYS_NEXT: Final = frozenset(
    ("next", "next page", "weiter", "nächste", "suivant", "siguiente", "próxima", "далее")
)
_ARROWS: Final = frozenset(">»→")
_AROUND_NEXT: Final = f"{''.join(_ARROWS)} ›…·.:!|()[]‹«←-–—\u200b"
_NUMBERED: Final = (
    re.compile(
        r"(?P<before>[?&](?:page|pg|p|seite|pagina|paged)=)(?P<number>\d{1,2})(?P<after>(?:&.*)?)$"
    ),
    re.compile(r"(?P<before>/(?:page|seite|pagina)[/-])(?P<number>\d{1,2})(?P<after>/?)$"),
    re.compile(
        r"(?P<before>[-_,](?:page|seite|p|pt|part)?-?)(?P<number>\d{1,2})(?P<after>\.\w{3,5})$"
    ),
    re.compile(r"(?P<before>/)(?P<number>\d{1,2})(?P<after>/?)$"),
)


def next_page_of(root: HtmlElement, url: str, base: str) -> str | None:
    """The address of the page that continues the one at `url`, if it has one."""
    for link in root.iter("link", "a"):
        rel = link.get("rel")
        if rel is None or "next" not in rel.lower().split():
            text = link.text or ""
            if len(text) > 2 * NEXT_MAX_CHARS or link.tag == "link":
                continue
            text = (raw_text(link) if len(link) else text).strip()
            if not 0 < len(text) <= NEXT_MAX_CHARS:
                continue
            if not (text.isdigit() or _says_next(text.lower())):
                continue
        address = sanitise.link(link.get("href") or "", base)
        if address and continues(url, address):
            return address
    return None


def _says_next(folded: str) -> bool:
    said = folded.strip(_AROUND_NEXT)
    return said in _SAYS_NEXT or (not said and not _ARROWS.isdisjoint(folded))


def continues(url: str, address: str) -> bool:
    """Whether `address` is the page after `url` of one article: they differ by the page's number
    alone. `rel=next` proves nothing: blogs put it on the link to the next article.
    """
    one, two = url.partition("#")[0], address.partition("#")[0]
    stems = {(_unslashed(one), 1), *_numberings(one)}
    return any((_unslashed(stem), number - 1) in stems for stem, number in _numberings(two))


def _numberings(url: str) -> Iterator[tuple[str, int]]:
    for pattern in _NUMBERED:
        match = pattern.search(url)
        if match:
            rest = match["after"] if match["after"].startswith(".") else ""
            yield _unslashed(url[: match.start()] + rest), int(match["number"])


def _unslashed(url: str) -> str:
    return url.rstrip("/?&")
