"""Which blocks of a page are the article, and why: pure, and able to explain itself."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from feedd.article import judging
from feedd.article.blocks import Block
from feedd.article.elements import HEADINGS
from feedd.article.features import Page
from feedd.article.sitememory import fingerprint

KEEP_FROM: Final = 0.5
"""Blocks judged at least this likely to be article text are kept."""


@dataclass(frozen=True, slots=True)
class Decision:
    """About one block: `score` is the learned certainty, `why` the deciding reason in words."""

    kept: bool
    why: str
    score: float
    caption: bool = False


def decide(page: Page, *, furniture: Set[int]) -> list[Decision]:
    """One decision a block of `page.blocks`, in order.

    `furniture` are fingerprints of blocks that the site's other pages have, too.
    """
    scores = judging.judge(page.features())
    blocks = page.blocks
    decisions = [_by_score(block, score) for block, score in zip(blocks, scores, strict=True)]
    if not any(decision.kept for decision in decisions):
        decisions = _by_agreement(page, scores)
    for number, block in enumerate(blocks):
        if not decisions[number].kept:
            continue
        score = scores[number]
        if furniture and fingerprint(block) in furniture:
            decisions[number] = Decision(False, "also on other pages of the site", score)
    _drop_headline(blocks, decisions, page)
    _drop_bare_headings(blocks, decisions)
    return decisions


def _by_score(block: Block, score: float) -> Decision:
    if score >= KEEP_FROM:
        return Decision(True, "reads like article text", score)
    if is_caption(block):
        return Decision(False, "caption: stays with its picture", score, caption=True)
    return Decision(False, "reads like furniture", score)


def is_caption(block: Block) -> bool:
    """A line that belongs to a picture."""
    return block.element.tag == "figcaption" or any(
        element.tag in ("figcaption", "figure") for element in block.path
    )


def _by_agreement(page: Page, scores: Sequence[float]) -> list[Decision]:
    """Where no block convinces by itself: what the candidate extractor takes."""
    return [
        Decision(True, "the candidate extractor takes it", score)
        if len(block.words) > 2 and page.taken[number] > 0.7
        else Decision(False, "reads like furniture", score)
        for number, (block, score) in enumerate(zip(page.blocks, scores, strict=True))
    ]


def _drop_headline(blocks: Sequence[Block], decisions: list[Decision], page: Page) -> None:
    """The title is shown above the article: a headline that repeats it goes."""
    for number, block in enumerate(blocks):
        if not decisions[number].kept:
            continue
        if block.words and block.words == page.title:
            decisions[number] = Decision(False, "repeats the title", decisions[number].score)
        elif block.element.tag not in HEADINGS and len(block.words) > 15:
            return


def _drop_bare_headings(blocks: Sequence[Block], decisions: list[Decision]) -> None:
    """A heading at the end announces something that was dropped."""
    for number in range(len(blocks) - 1, -1, -1):
        if not decisions[number].kept:
            continue
        if blocks[number].element.tag not in HEADINGS:
            return
        decisions[number] = Decision(False, "a heading of nothing", decisions[number].score)
