"""What a review sums up beside its text: what speaks for a thing, and what against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from feedd.article.classifier.containers import holding_most
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import parted, sections_of
from feedd.article.selection.item_lists import LISTS
from feedd.article.tree.blocks import BlockDecision, keep_all, kept_numbers, words_of
from feedd.article.tree.markup import group_bits

ITEMS_MAX: Final = 12
"""How many such things a list holds."""
SUMMED_UP: Final = "what speaks for it, and against"
_TABLE: Final = sections_of("verdicts.txt")
_FOR: Final = frozenset(map(words_of, parted(_TABLE["for"])))
_AGAINST: Final = frozenset(map(words_of, parted(_TABLE["against"])))
_NOT_OF_REVIEW: Final = group_bits("share", "comment", "subscribe", "ads", "related")


def take(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep two lists that follow each other, of which one is labelled as what speaks for something
    and the other one as what speaks against it, where they stand beside the text or within.
    """
    if _FOR.isdisjoint(page.texts) or _AGAINST.isdisjoint(page.texts):
        return
    kept = kept_numbers(decisions)
    main = holding_most(page.blocks, kept)
    if main is None:
        return
    around = {main, main.getparent()}
    for number in range(page.headline or 0, len(decisions)):
        words = page.blocks[number].words
        if words in _FOR or words in _AGAINST:
            first = _listed(page, number)
            second = _listed(page, first[-1] + 1) if len(first) > 1 else ()
            labels = {words, page.blocks[second[0]].words} if len(second) > 1 else set()
            is_pair = not labels.isdisjoint(_FOR) and not labels.isdisjoint(_AGAINST)
            both = (*first, *second) if is_pair else ()
            if all(not around.isdisjoint(page.blocks[n].path) for n in both):
                keep_all(decisions, both, SUMMED_UP)


def _listed(page: PageFeatures, label: int) -> list[int]:
    """A label with the items right below it: of a list, or in the box that it begins."""
    blocks = page.blocks
    if label >= len(blocks) or not _may_stand(page, label):
        return []
    begins = label == 0 or blocks[label].path[-1:] != blocks[label - 1].path[-1:]
    return [label, *_items(page, label, begins=begins)]


def _items(page: PageFeatures, label: int, *, begins: bool) -> Iterator[int]:
    blocks, head = page.blocks, page.blocks[label]
    for number in range(label + 1, min(label + 1 + ITEMS_MAX, len(blocks))):
        block = blocks[number]
        is_item = any(e.tag in LISTS for e in block.path[-2:]) or (
            begins and block.path == head.path and block.element.tag == "p"
        )
        is_label = block.words in _FOR or block.words in _AGAINST
        if not is_item or is_label or not _may_stand(page, number):
            return
        yield number


def _may_stand(page: PageFeatures, number: int) -> bool:
    block = page.blocks[number]
    return not (block.link_chars or block.is_caption or page.near[number] & _NOT_OF_REVIEW)
