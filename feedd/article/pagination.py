"""Articles spread over several pages: which page continues another, joining what was found.

`rel=next` alone proves nothing: blogs put it on the link to the next article. A page continues
another one when their addresses differ by the page's number alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from feedd.article.page_rules import SHORTER, is_shorter
from feedd.model import Article

JOINED_MAX_PAGES: Final = 10
"""An article is joined of at most so many pages."""

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


def continues(url: str, address: str) -> bool:
    """Whether `address` is the page after `url` of one article, by their numbers."""
    one, two = url.partition("#")[0], address.partition("#")[0]
    stems = {(_plain(one), 1), *_numberings(one)}
    return any((_plain(stem), number - 1) in stems for stem, number in _numberings(two))


def is_another(page: Article, before: Sequence[Article]) -> bool:
    """Whether a page says something that those before it did not: some servers give the first
    page for every number.
    """
    known = {block for each in before for block in each.blocks}
    new = sum(block not in known for block in page.blocks)
    return new * 2 > len(page.blocks)


def join(first: Article, others: Sequence[Article], *, feed_text: str = "") -> Article:
    """One article of several pages; later pages without one are left out.

    A first page that was too short for the feed's own text is judged again with the others.
    """
    pages = [first, *(page for page in others[: JOINED_MAX_PAGES - 1] if not page.error)]
    if len(pages) == 1:
        return first
    html = "\n".join(page.html for page in pages)
    is_enough = first.error == SHORTER and not is_shorter(html, feed_text)
    return replace(
        first,
        error=None if is_enough else first.error,
        html=html,
        text="\n\n".join(page.text for page in pages),
        confidence=min(page.confidence for page in pages),
        next_url=None,
        blocks=tuple(dict.fromkeys(block for page in pages for block in page.blocks)),
    )


def _numberings(url: str) -> Iterator[tuple[str, int]]:
    for pattern in _NUMBERED:
        match = pattern.search(url)
        if match:
            rest = match["after"] if match["after"].startswith(".") else ""
            yield _plain(url[: match.start()] + rest), int(match["number"])


def _plain(url: str) -> str:
    return url.rstrip("/?&")
