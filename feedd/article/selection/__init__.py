"""Which blocks of a page are the article, and why: pure, and able to explain itself."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import repeat
from typing import Final

from feedd.article import classifier
from feedd.article.classifier import KEEP_FROM
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection import (
    edges,
    facts,
    footnotes,
    item_lists,
    layouts,
    parts,
    recipes,
    removal,
    series,
    threads,
    verdicts,
    visibility,
)
from feedd.article.selection.series import PART
from feedd.article.sitememory import recurrence
from feedd.article.sitememory.line_forms import is_signature
from feedd.article.tree.blocks import BlockDecision, kept_numbers, take_back, words_in, words_of
from feedd.article.tree.elements import HEADINGS

KEEP_OF_MANUAL_FROM: Final = 0.3
"""Pages of documentation hold little beside their text, and that in navigation."""
CONVINCING_MIN_WORDS: Final = 50
RECURS: Final = "also on other pages of the site"
NOT_AMID: Final = "only what recurs stands below it"


def decide(
    page: PageFeatures, *, titles: Sequence[str], known: Set[int], site: Set[str] = frozenset()
) -> list[BlockDecision]:
    """Decide about each block of `page.blocks`, in order.

    Blocks are kept by their scores and by what they stand among (`take`); then those go that recur
    on other pages of the site, and those that `removal` knows for boilerplate. `titles` are the
    article's names: they are shown above it, so a headline that says one goes. `known` are the
    fingerprints of texts on the site's other pages, `site` the site's names as in `Metadata.site`.
    """
    decisions = take(page)
    if known:
        kept = kept_numbers(decisions)
        gone = recurrence.boilerplate(page.blocks, kept, known, site)
        for number in gone:
            take_back(decisions, number, RECURS)
        if gone:
            _ask_parts_again(page, decisions, gone)
    named = list(map(words_of, titles))
    removal.drop(page, decisions, named)
    visibility.take_openers(page.blocks, decisions)
    threads.take_posters(page, decisions)
    return decisions


def take(page: PageFeatures) -> list[BlockDecision]:
    """Which blocks are kept, before anything of it goes again."""
    blocks = page.blocks
    scores = classifier.score(page.standing, page.wording)
    both = zip(blocks, scores, strict=True)
    best = classifier.keep_from((s, block.size) for block, s in both if not block.is_caption)
    least = min(best, KEEP_OF_MANUAL_FROM if page.is_manual else KEEP_FROM)
    decisions = list(map(classifier.by_score, blocks, scores, repeat(least)))
    convincing = (n for n in kept_numbers(decisions) if decisions[n].score >= KEEP_FROM)
    if words_in(blocks, convincing) < CONVINCING_MIN_WORDS:
        decisions = classifier.by_best(page, scores, least)
    edges.take_edges(page, decisions)
    while parts.take(page, decisions):
        pass  # what stands above a table that was taken is amid the text, too
    page.is_thread = page.is_thread or threads.take_named_posts(page, decisions)
    if page.is_thread:
        threads.take_posts(page, decisions)
    else:  # the posts of a thread may stand in a list
        series.take_answers(page, decisions)
        item_lists.take(page, decisions)
        edges.take_sections(page, decisions)
        series.take_times(page, decisions)
        series.take_alike(page, decisions)
        facts.take_values(page, decisions)
        parts.take(page, decisions)  # above what was taken since
        layouts.take_boxes(page, decisions)
        recipes.take_facts(page, decisions)
        facts.take(page, decisions)
        facts.take_event(page, decisions)
        verdicts.take(page, decisions)
    edges.take_gallery(page, decisions)
    footnotes.take_footnotes(blocks, decisions)
    footnotes.take_sources(page, decisions)
    visibility.drop_hidden(page, decisions)
    return decisions


def _ask_parts_again(
    page: PageFeatures, decisions: list[BlockDecision], gone: Sequence[int]
) -> None:
    """Ask once more about parts that were kept for standing amid the text, where all text below
    them is `gone`: they stay if they are parts of what is above. Sentences are not asked.
    """
    last = max((n for n in kept_numbers(decisions) if decisions[n].why != PART), default=-1)
    below = range(last + 1, gone[-1])
    blocks = page.blocks
    doubted = [
        n
        for n in below
        if decisions[n].kept
        and not (page.stops[n] or is_signature(blocks[n]) or _is_led_table(page, decisions, n))
    ]
    for number in doubted:
        take_back(decisions, number, NOT_AMID)
    if doubted:
        parts.take(page, decisions)
        for number in gone:
            take_back(decisions, number, RECURS)


def _is_led_table(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a table or listing stands right below a heading that is kept."""
    blocks, above = page.blocks, number - 1
    is_whole = blocks[number].element.tag in ("table", "pre")
    return is_whole and decisions[above].kept and blocks[above].element.tag in HEADINGS
