"""Kept blocks that go again, by rules that need no learning.

They repeat the title or the text, say who and when, point elsewhere, or stand below the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from feedd.article.classifier import ARTICLE_MIN_WORDS, PARAGRAPH_MIN_WORDS, SURE_FROM
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection import (
    asides,
    bare_headings,
    comments,
    credits,
    edges,
    layouts,
    offers,
    other_articles,
    papers,
    partings,
    pointers,
    products,
    profiles,
    repeats,
)
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    kept_numbers,
    take_all_back,
    take_back,
    words_in,
)
from feedd.article.tree.elements import HEADINGS, remove, text_of

ABOVE_MAX_SHARE: Final = 1.5
"""Where more words stand above the headline for one below it, they are the text."""
TOOL_MAX_WORDS: Final = 4
TOOL_MAX_CHARS: Final = 50
"""A long compound is one word; so is a sentence of a script without blanks."""

COUNTED_MIN: Final = 3
COUNTER_MAX_WORDS: Final = 4
_TOTALS: Final = frozenset(map(str, range(COUNTED_MIN, 61)))


def drop(
    page: PageFeatures, decisions: list[BlockDecision], titles: Sequence[tuple[str, ...]]
) -> None:
    """Go through all rules, in this order. `titles` are the words of the article's names."""
    blocks = page.blocks
    if page.headline is not None:
        _drop_above(blocks, decisions, page.headline)
    repeats.drop_headline(blocks, decisions, titles, lowest=page.headline)
    other_articles.drop(page, decisions, titles)
    if page.is_paper:
        papers.drop_apparatus(page, decisions)
    profiles.drop(page, decisions)
    credits.drop_byline(page, decisions)
    _drop_tools(page, decisions)
    _drop_counters(page, decisions)
    products.drop_panels(page, decisions)
    edges.drop_before_body(page, decisions)
    if not page.is_thread:  # whose posts quote each other
        repeats.drop_echoes(page, decisions)
    if not page.is_manual:  # whose examples and parameters recur
        repeats.drop_copies(blocks, decisions, titles, is_thread=page.is_thread)
    offers.drop_offers(page, decisions)
    products.drop_offered(page, decisions)
    asides.drop(page, decisions)
    if not page.is_thread:
        pointers.drop_cards(page, decisions)
        comments.drop_comments(page, decisions)
    layouts.drop(page, decisions)
    credits.drop_writer(page, decisions)
    partings.drop(blocks, decisions)
    if bare_headings.drop_of_boxes(blocks, decisions):
        partings.drop(blocks, decisions)  # above the heading of a box that went
    bare_headings.drop_at_end(page, decisions)


def _drop_above(blocks: Sequence[Block], decisions: list[BlockDecision], headline: int) -> None:
    """Drop boxes above the headline that hold nothing of the text below it: they tell of other
    articles. Blocks that convince and stand in no list stay: of 19 such 18 were text.
    """
    below = [number for number in range(headline + 1, len(blocks)) if decisions[number].kept]
    words = words_in(blocks, below)
    is_above = blocks[headline].element.tag in HEADINGS and words >= ARTICLE_MIN_WORDS
    if not is_above or set(blocks[below[0]].path[1:]).isdisjoint(blocks[headline].path):
        return  # the headline stands apart itself
    around = {element for number in (headline, *below) for element in blocks[number].path}
    above = [
        number
        for number in range(headline)
        if decisions[number].kept
        and around.isdisjoint(blocks[number].path[-1:])
        and (decisions[number].score < SURE_FROM or any(e.tag == "li" for e in blocks[number].path))
    ]
    if words_in(blocks, above) <= ABOVE_MAX_SHARE * words:
        for number in above:
            take_back(decisions, number, "stands in a box above the headline")


def _drop_tools(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop lists of a few words an item between the headline and the first paragraph (tabs,
    buttons, ways to share), unless a heading stands above them.
    """
    blocks, above = page.blocks, page.headline or 0
    text = (n for n in kept_numbers(decisions) if page.stops[n])
    first = next((n for n in text if blocks[n].size >= PARAGRAPH_MIN_WORDS), 0)
    for box, numbers in groupby(range(above + 1, first), lambda n: blocks[n].path[-1:]):
        items = list(numbers)
        is_titled = items[0] - 1 > above and blocks[items[0] - 1].element.tag in HEADINGS
        if (
            box
            and box[0].tag in ("ul", "ol")
            and not is_titled
            and all(_is_tool(page, n) or decisions[n].why == credits.WHO_AND_WHEN for n in items)
        ):
            take_all_back(decisions, items, "tools above the text")


def _drop_counters(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop lines that count pictures, in their captions, too: "1 / 5", "Photo 2 of 5"."""
    if _TOTALS.isdisjoint(map(itemgetter(-1), filter(None, page.texts))):
        return
    counting = defaultdict[tuple[str, ...], dict[int, str]](dict)
    for number, block in enumerate(page.blocks):
        words = block.words
        may = 1 < len(words) <= COUNTER_MAX_WORDS and words[-1] in _TOTALS
        if may and (len(words) == 2 or block.element.tag not in HEADINGS):  # "Step 1 of 3"
            at = next(at for at, word in enumerate(words) if word.isdecimal())
            counting[(*words[:at], "", *words[at + 1 :])][number] = words[at]
    for found in counting.values():
        for number in found if {"1", "2"} <= {*found.values()} else ():
            _drop_counter(page.blocks[number], decisions, number)


def _drop_counter(block: Block, decisions: list[BlockDecision], number: int) -> None:
    if next(block.element.iter("img"), None) is None:
        take_back(decisions, number, "counts pictures")
        return
    for part in list(block.element):  # beside the picture
        if text_of(part) and next(part.iter("img"), None) is None:
            remove(part)


def _is_tool(page: PageFeatures, number: int) -> bool:
    block = page.blocks[number]
    has_digits = any(map(str.isdigit, block.text)) or ":" in block.text
    may = len(block.words) <= TOOL_MAX_WORDS and 0 < block.link_chars <= TOOL_MAX_CHARS
    return may and not (page.stops[number] or has_digits)
