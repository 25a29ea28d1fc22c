"""Whether a text that other pages of the site have, too, is boilerplate, or content that recurs.

An introduction of a column, an ingredient, a refrain and "Subscribe now" recur alike. What tells
them apart was learned from sites on which it is known (`benchmarks/train_recurrence.py`): trees
over what `recurring_page` knows of a line. A few rules come after: on what is surely a text's own,
and on lines that lead to others.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

from feedd.article.classifier import Trees
from feedd.article.sitememory import everywhere
from feedd.article.sitememory.appeals import CALLS, Appeal
from feedd.article.sitememory.block_marks import marks
from feedd.article.sitememory.line_forms import label_end, list_around, points
from feedd.article.sitememory.recurring_page import NAMES, RecurringPage
from feedd.article.sitememory.settled import facts, settled
from feedd.article.sitememory.subjects import is_of_text
from feedd.article.tree.blocks import Block, words_in
from feedd.article.tree.elements import HEADINGS

STAYS_FROM: Final = 0.25
"""Losing text is worse than keeping furniture."""
CALLING_STAYS_FROM: Final = 0.5
"""Of lines that call the reader, count readers or speak of rights."""
SETTLED_STAYS_FROM: Final = 0.06
"""Of lines that a rule keeps: below that the trees are sure."""
_CALLING: Final = tuple(map(NAMES.index, CALLS))
SITE_MIN_CHARS: Final = 6
"""A shorter name of a site may be a word of the text."""
LIST_MIN_SHARE: Final = 0.3
LINK_MIN_SHARE: Final = 0.8
REPUBLISHED_SHARE: Final = 0.5
"""When more of an article's words recur, it may be one that the site publishes several times."""
WHOLE_SHARE: Final = 0.8
"""When so much recurs, it is one whatever it says."""


@cache
def load() -> Trees:
    """The trees of the package."""
    text = files("feedd.article.sitememory").joinpath("recurrence.json").read_text("utf-8")
    return Trees(json.loads(text), NAMES)


def boilerplate(
    blocks: Sequence[Block], kept: Sequence[int], known: Set[int], site: Set[str] = frozenset()
) -> list[int]:
    """Those of the `kept` block numbers that go, given the fingerprints `known` to recur, and what
    the `site` is called, squashed.
    """
    page = page_of(blocks, kept, known, site)
    if page is None or is_published_again(page):
        return []
    trees = load()
    rows = page.rows()
    scores = {number: trees.score(row) for number, row in rows.items()}
    sure = {number for number, row in rows.items() if looks_like_content(row, scores[number])}
    never = {number for number, score in scores.items() if score < SETTLED_STAYS_FROM}
    told = facts(page) - never
    stays = page.new | sure | settled(page) - never | _items_beside(page, sure) | told
    stays -= _over_nothing(page, stays) - told
    stays -= _pointed_at(page, stays)
    return [number for number in kept if number not in stays]


def _items_beside(page: RecurringPage, sure: set[int]) -> set[int]:
    """The items of lists of which all recur, and much is surely content: a list stays whole."""
    lists: defaultdict[tuple[HtmlElement, ...], list[int]] = defaultdict(list)
    for number in page.kept:
        if around := list_around(page.blocks[number]):
            lists[around].append(number)
    found: set[int] = set()
    for items in lists.values():
        told = words_in(page.blocks, sure.intersection(items))
        least = LIST_MIN_SHARE * words_in(page.blocks, items)
        if told >= least and page.new.isdisjoint(items):
            found.update(items)
    return found


def looks_like_content(row: Sequence[float], score: float) -> bool:
    """Whether a line of which a `row` is known, and the trees' `score` for it, is content."""
    is_call = any(row[place] for place in _CALLING)
    return score >= (CALLING_STAYS_FROM if is_call else STAYS_FROM)


def page_of(
    blocks: Sequence[Block], kept: Sequence[int], known: Set[int], site: Set[str]
) -> RecurringPage | None:
    """A page with those of its blocks marked that recur; None where none does."""
    marked = {number: marks(blocks[number]) for number in kept}
    recurring = {number for number in kept if marked[number][0] in known}
    if not recurring:
        return None
    forms = Counter(marked[number][0] for number in kept)
    return RecurringPage(
        blocks,
        kept,
        recurring,
        {number for number in recurring if marked[number][-1] not in known},
        {number for number in recurring if everywhere(marked[number][0]) in known},
        {number: forms[marked[number][0]] for number in recurring},
        tuple(name for name in site if len(name) >= SITE_MIN_CHARS and name[0] != "."),
    )


def is_published_again(page: RecurringPage) -> bool:
    """Whether most of a page recurs on some pages of the site, and little of that speaks of its
    reader or publisher: it is no furniture.
    """
    words = sum(page.blocks[number].size for number in page.kept)
    again = sum(page.blocks[number].size for number in page.recurring - page.standing)
    plain = sum(
        page.blocks[number].size
        for number in page.recurring - page.standing - page.changing
        if page.appeals[number] == Appeal.NONE
    )
    is_most = again > REPUBLISHED_SHARE * words
    return is_most and (plain > REPUBLISHED_SHARE * words or again > WHOLE_SHARE * words)


def _over_nothing(page: RecurringPage, stays: Set[int]) -> set[int]:
    """Headings and labels that recur, over what goes; a heading that stays by itself and has
    something in its section that does is over that, and what has a new value is no bare label.
    """
    return {
        number
        for at, number in enumerate(page.kept)
        if number in page.labels & page.recurring
        and page.under[at] not in stays
        and not (number in stays and _is_whole(page, at, stays))
    }


def _is_whole(page: RecurringPage, at: int, stays: Set[int]) -> bool:
    text = page.blocks[page.kept[at]].text
    is_fact = page.kept[at] in page.changing and label_end(text) and is_of_text(text)
    return bool(is_fact) or _is_section(page, at, stays)


def _is_section(page: RecurringPage, at: int, stays: Set[int]) -> bool:
    """Whether a heading has more than labels that recur below it, up to the next of its rank."""
    rank = page.blocks[page.kept[at]].element.tag
    if rank not in HEADINGS:
        return False
    for number in page.kept[at + 1 :]:
        tag = page.blocks[number].element.tag
        if tag in HEADINGS and tag <= rank:
            break
        if number in stays and not (number in page.labels and number in page.recurring):
            return True
    return False


def _pointed_at(page: RecurringPage, stays: Set[int]) -> set[int]:
    """What consists of a link, right below a line that goes and says to read on elsewhere."""
    found: set[int] = set()
    for above, number in pairwise(page.kept):
        block, over = page.blocks[number], page.blocks[above]
        is_pointer = above not in stays and over.element.tag not in HEADINGS
        if (
            over.path == block.path
            and block.link_density >= LINK_MIN_SHARE
            and (above in found or (is_pointer and points(over)))
        ):
            found.add(number)
    return found
