"""Facts of what a text is about, in rows of short lines: a label, a colon, and its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from feedd.article.classifier.containers import holding_most, make_begins
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection.credits import tells_when
from feedd.article.selection.edges import AMONG_FROM, BOILERPLATE_CLASSES
from feedd.article.sitememory.line_forms import FACT_MAX_WORDS, FACTS_MIN, label_end
from feedd.article.tree.blocks import BlockDecision, keep_all, kept_numbers

NEAR_BLOCKS: Final = 12
"""So many blocks above or below the text its facts may stand."""
FACTS: Final = "facts: a label and its value"
_PRICE = re.compile(r"[$€£¥₽₩]|\d[.,]\d\d ?[A-Z]{3}\b").search


def take(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Rows of facts stay that stand amid the text, or right above or below it in its box: for whom,
    how far, which court. A row of which one line says who wrote, when, or under which heading tells
    of the page.
    """
    kept = kept_numbers(decisions)
    if not kept or page.is_paper:
        return
    first = max(page.headline or 0, kept[0] - NEAR_BLOCKS)
    near = range(first, min(kept[-1] + NEAR_BLOCKS, len(decisions)))
    rows = [row for row in _rows(page, near) if _are_facts(page, decisions, row)]
    main = holding_most(page.blocks, kept) if rows else None
    around = set() if main is None else {main, main.getparent()}
    for row in rows:
        if not any(around.isdisjoint(page.blocks[number].path) for number in row):
            keep_all(decisions, row, FACTS)


def _rows(page: PageFeatures, near: range) -> Iterator[list[int]]:
    """Lines right below each other that are made alike, and have each a label and say something
    else.
    """
    blocks = page.blocks
    row: list[int] = []
    made: tuple[object, ...] = ()
    labelled = [n for n in near if blocks[n].size <= FACT_MAX_WORDS and label_end(blocks[n].text)]
    for number in labelled:
        block = blocks[number]
        like = make_begins(block.element), page.kin[number][2:], block.path[:-1]
        if like != made or number != row[-1] + 1:
            yield row
            row, made = [], like
        row.append(number)
    yield row


def _are_facts(page: PageFeatures, decisions: Sequence[BlockDecision], row: Sequence[int]) -> bool:
    is_lost = any(not decisions[number].kept for number in row)
    is_row = is_lost and FACTS_MIN <= len(row) == len({page.blocks[n].words for n in row})
    return is_row and all(_is_fact(page, decisions[number], number) for number in row)


def _is_fact(page: PageFeatures, decision: BlockDecision, number: int) -> bool:
    block = page.blocks[number]
    if decision.score < AMONG_FROM or block.link_chars or block.is_caption:
        return False
    value = block.text[label_end(block.text) :]
    is_plain = not tells_when(value) and _PRICE(value) is None
    return is_plain and not (page.says[number] or page.near[number] & BOILERPLATE_CLASSES)
