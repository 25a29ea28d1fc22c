"""Pages with several articles: all but the one that the entry names go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from feedd.article.classifier import ARTICLE_MIN_WORDS
from feedd.article.classifier.containers import make
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection import repeats
from feedd.article.selection.pointers import LINKS_MIN_SHARE
from feedd.article.tree.blocks import BlockDecision, kept_numbers, take_back
from feedd.article.tree.elements import HEADINGS

_ARTICLE = re.compile(r"(?<![a-z])(?:article|blogpost|post|h?entry|story)(?![a-z])", re.I).search


def drop(
    page: PageFeatures, decisions: list[BlockDecision], titles: Sequence[tuple[str, ...]]
) -> None:
    """Drop other articles: the next one below the one that was asked for, or several of a day.

    They stand in containers of the make of this article's, with or right below a headline of the
    same rank, or one of the same class that is a link. `titles` are the words of the entry's and
    the page's titles.
    """
    at, blocks = _entrys_headline(page, titles), page.blocks
    alike = [] if at is None else _headlines_like(page, at, titles)
    if at is None or not alike:
        return
    kept = [blocks[number] for number in kept_numbers(decisions)]
    below = (n for n in range(at + 1, len(blocks)) if decisions[n].kept and not page.is_thread)
    first = next((blocks[n].path for n in below), ())  # the headline may stand apart
    around = dict.fromkeys([*reversed(blocks[at].path), *reversed(first)])
    named_so = filter(_is_article, around)
    sized = ((e, sum(block.size for block in kept if e in block.path)) for e in named_so)
    own = [element for element, size in sized if size >= ARTICLE_MIN_WORDS]
    if not own:
        return
    makes = set(map(make, own))  # the box of one article, or of its text
    others = {
        element
        for number in alike
        if own[0] not in blocks[number].path
        for block in blocks[number : number + 2]
        for element in block.path
        if make(element) in makes and element not in around
    }
    for number, block in enumerate(blocks):
        if decisions[number].kept and not others.isdisjoint(block.path):
            take_back(decisions, number, "of another article")


def _headlines_like(page: PageFeatures, at: int, titles: Sequence[tuple[str, ...]]) -> list[int]:
    """The other headings of the rank of the headline `at`, and links of its class; none where it is
    no heading, or says no title.
    """
    headline = page.blocks[at]
    tag, named = headline.element.tag, headline.element.get("class")
    if tag not in HEADINGS or not any(repeats.same_title(headline, title) for title in titles):
        return []
    return [
        number
        for number, block in enumerate(page.blocks)
        if number != at
        and (
            block.element.tag == tag
            or (named and block.link_density > LINKS_MIN_SHARE and page.kin[number][1] == named)
        )
    ]


def _entrys_headline(page: PageFeatures, titles: Sequence[tuple[str, ...]]) -> int | None:
    """The number of the article's headline: where the page's headline stands over several articles,
    the one heading below it that says the entry's title.
    """
    at, blocks = page.headline, page.blocks
    if at is None or not titles or blocks[at].words == titles[0]:
        return at
    lower = [
        number
        for number, block in enumerate(blocks)
        if block.words == titles[0] and block.element.tag in HEADINGS
    ]
    return lower[0] if len(lower) == 1 else at


def _is_article(element: HtmlElement) -> bool:
    named = f"{element.get('class')} {element.get('id')} {element.get('itemtype')}"
    return bool(element.tag == "article") or _ARTICLE(named) is not None
