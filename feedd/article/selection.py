"""Which blocks of a page are the article, and why: pure, and able to explain itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import Final

from feedd.article import classifier, recurring, removal
from feedd.article.blocks import WORD, Block, BlockDecision, take_back, text_of
from feedd.article.features import PageFeatures
from feedd.article.sitememory import fingerprint
from feedd.article.tree import HEADINGS

KEEP_FROM: Final = 0.5
"""Blocks judged at least this likely to be article text are kept."""

LABEL_MAX_WORDS: Final = 8

PART_LINKS_MAX_SHARE: Final = 0.3
_PARTS: Final = HEADINGS | {"li", "dd", "dt", "summary", "table", "pre"}
_BOILERPLATE_CLASSES: Final = frozenset(
    f"class_{name}"
    for name in ("share", "comment", "subscribe", "ads", "related", "caption", "toc", "byline")
)
_NOTE = re.compile(r"#(?:cite_?)?(?:fn|foot|note|end-?note|ref|sdfootnote|_ftn|_edn)", re.I).match


def decide(page: PageFeatures, *, titles: Sequence[str], known: Set[int]) -> list[BlockDecision]:
    """One decision a block of `page.blocks`, in order.

    `titles` are the names that the article goes by: a headline of them stands above it already.
    `known` are fingerprints of texts that the site's other pages have, too.
    """
    rows = page.features()
    scores = classifier.judge(rows)
    blocks = page.blocks
    decisions = [_by_score(block, score) for block, score in zip(blocks, scores, strict=True)]
    if not any(decision.kept for decision in decisions):
        decisions = _by_agreement(page, scores)
    _take_parts(blocks, decisions, rows)
    _take_footnotes(blocks, decisions)
    if known:
        kept = [number for number, decision in enumerate(decisions) if decision.kept]
        again = {number for number in kept if fingerprint(blocks[number].words) in known}
        for number in recurring.boilerplate(blocks, kept, again):
            take_back(decisions, number, "also on other pages of the site")
    named = [tuple(WORD.findall(title.lower())) for title in titles]
    removal.drop(blocks, decisions, rows, named)
    return decisions


def _by_score(block: Block, score: float) -> BlockDecision:
    if block.is_caption:
        return BlockDecision(False, "caption: stays with its picture", score, caption=True)
    if score >= KEEP_FROM:
        return BlockDecision(True, "reads like article text", score)
    return BlockDecision(False, "reads like boilerplate", score)


def _take_parts(
    blocks: Sequence[Block],
    decisions: list[BlockDecision],
    rows: Sequence[Mapping[str, float] | None],
) -> None:
    """Headings, items, tables and code amid the text, or after it in the same container, are kept
    even where they convince little by themselves (they are short, and news, which the weights were
    learned from, has few), if nothing about them speaks of boilerplate.
    """
    kept = [number for number, decision in enumerate(decisions) if decision.kept]
    if not kept:
        return
    path = blocks[kept[-1]].path
    lists = [element for element in path if element.tag in ("ul", "ol", "dl")]
    container = lists[-1:] or path[-1:]
    for number in range(kept[0], len(blocks)):
        row, block, decision = rows[number], blocks[number], decisions[number]
        if decision.kept or decision.caption or row is None or row["outside"]:
            continue
        if number > kept[-1] and not set(container) & set(block.path):
            break
        if (
            _is_part(block)
            and block.link_density < PART_LINKS_MAX_SHARE
            and not any(name.startswith("says_") or name in _BOILERPLATE_CLASSES for name in row)
        ):
            decisions[number] = BlockDecision(True, "a part amid the text", decision.score)


def _is_part(block: Block) -> bool:
    parent = block.path[-1].tag if block.path else ""
    if block.element.tag in _PARTS or parent in ("li", "dd", "details", "blockquote"):
        return True
    return block.size <= LABEL_MAX_WORDS and _is_bold(block)  # a heading of pages without headings


def _is_bold(block: Block) -> bool:
    return any(text_of(part) == block.text for part in block.element.iter("b", "strong"))


def _take_footnotes(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """What a kept block points to as its note is kept, too."""
    wanted = {
        (link.get("href") or "")[1:]
        for block, decision in zip(blocks, decisions, strict=True)
        if decision.kept
        for link in block.element.iter("a")
        if _NOTE(link.get("href") or "")
    }
    if not wanted:
        return
    for number, block in enumerate(blocks):
        names = {element.get("id") for element in (*block.path[-2:], block.element)}
        names |= {element.get("id") or element.get("name") for element in block.element.iter("a")}
        if not decisions[number].kept and not wanted.isdisjoint(names - {None}):
            decisions[number] = BlockDecision(True, "a footnote", decisions[number].score)


def _by_agreement(page: PageFeatures, scores: Sequence[float]) -> list[BlockDecision]:
    """Where no block convinces by itself: what the candidate extractor takes."""
    return [
        BlockDecision(True, "the candidate extractor takes it", score)
        if block.size > 2 and page.taken[number] > 0.7
        else BlockDecision(False, "reads like boilerplate", score)
        for number, (block, score) in enumerate(zip(page.blocks, scores, strict=True))
    ]
