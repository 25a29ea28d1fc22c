"""Which blocks of a page are the article, and why: pure, and able to explain itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from feedd.article import asides, judging, standing
from feedd.article.blocks import WORD, Block, text_of
from feedd.article.elements import HEADINGS
from feedd.article.features import Page
from feedd.article.lexicon import DATE, STARTS
from feedd.article.sitememory import fingerprint

KEEP_FROM: Final = 0.5
"""Blocks judged at least this likely to be article text are kept."""


PARAGRAPH_MIN_WORDS: Final = 15
"""From the first paragraph of so many words on, the page is below its headline."""
BYLINE_MAX_WORDS: Final = 12
TITLE_MIN_WORDS: Final = 3
ECHO_MIN_WORDS: Final = 5
LABEL_MAX_WORDS: Final = 8

PART_LINKS_MAX_SHARE: Final = 0.3
_PARTS: Final = HEADINGS | {"li", "dd", "dt", "summary", "table", "pre"}
_FURNITURE_CLASSES: Final = frozenset(
    f"class_{name}"
    for name in ("share", "comment", "subscribe", "ads", "related", "caption", "toc", "byline")
)
_NOTE = re.compile(r"#(?:cite_?)?(?:fn|foot|note|end-?note|ref|sdfootnote|_ftn|_edn)", re.I).match

_PULLED = re.compile(r"pull-?quote|\bpull|quote", re.IGNORECASE).search


@dataclass(frozen=True, slots=True)
class Decision:
    """About one block: `score` is the learned certainty, `why` the deciding reason in words."""

    kept: bool
    why: str
    score: float
    caption: bool = False


def decide(page: Page, *, titles: Sequence[str], furniture: Set[int]) -> list[Decision]:
    """One decision a block of `page.blocks`, in order.

    `titles` are the names that the article goes by: a headline of them stands above it already.
    `furniture` are fingerprints of texts that the site's other pages have, too.
    """
    rows = page.features()
    scores = judging.judge(rows)
    blocks = page.blocks
    decisions = [_by_score(block, score) for block, score in zip(blocks, scores, strict=True)]
    if not any(decision.kept for decision in decisions):
        decisions = _by_agreement(page, scores)
    _take_parts(blocks, decisions, rows)
    _take_footnotes(blocks, decisions)
    if furniture:
        kept = [number for number, decision in enumerate(decisions) if decision.kept]
        again = {number for number in kept if fingerprint(blocks[number].words) in furniture}
        for number in standing.furniture(blocks, kept, again):
            _drop(decisions, number, "also on other pages of the site")
    _drop_headline(blocks, decisions, [tuple(WORD.findall(title.lower())) for title in titles])
    _drop_byline(blocks, decisions, rows)
    _drop_echoes(blocks, decisions)
    _drop_asides(blocks, decisions)
    _drop_box_labels(blocks, decisions)
    _drop_bare_headings(blocks, decisions)
    return decisions


def _drop(decisions: list[Decision], number: int, why: str) -> None:
    decisions[number] = Decision(False, why, decisions[number].score)


def _by_score(block: Block, score: float) -> Decision:
    if is_caption(block):
        return Decision(False, "caption: stays with its picture", score, caption=True)
    if score >= KEEP_FROM:
        return Decision(True, "reads like article text", score)
    return Decision(False, "reads like furniture", score)


def is_caption(block: Block) -> bool:
    """A line that belongs to a picture."""
    around = (*block.path, block.element)
    if any(element.tag == "figcaption" for element in around):
        return True
    figure = next((element for element in around if element.tag == "figure"), None)
    return figure is not None and next(figure.iter("img", "video"), None) is not None


def _take_parts(
    blocks: Sequence[Block],
    decisions: list[Decision],
    rows: Sequence[Mapping[str, float] | None],
) -> None:
    """Headings, items, tables and code amid the text, or after it in the same container, are kept
    even where they convince little by themselves (they are short, and news, which the weights were
    learned from, has few), if nothing about them speaks of furniture.
    """
    kept = [number for number, decision in enumerate(decisions) if decision.kept]
    if not kept:
        return
    container = blocks[kept[-1]].path[-1:]
    for number in range(kept[0], len(blocks)):
        row, block, decision = rows[number], blocks[number], decisions[number]
        if decision.kept or decision.caption or row is None or row["outside"]:
            continue
        if number > kept[-1] and not set(container) & set(block.path):
            break
        if (
            _is_part(block)
            and block.link_density < PART_LINKS_MAX_SHARE
            and not any(name.startswith("says_") or name in _FURNITURE_CLASSES for name in row)
        ):
            decisions[number] = Decision(True, "a part amid the text", decision.score)


def _is_part(block: Block) -> bool:
    parent = block.path[-1].tag if block.path else ""
    if block.element.tag in _PARTS or parent in ("li", "dd", "details", "blockquote"):
        return True
    return block.size <= LABEL_MAX_WORDS and _is_bold(block)  # a heading of pages without headings


def _is_bold(block: Block) -> bool:
    return any(text_of(part) == block.text for part in block.element.iter("b", "strong"))


def _take_footnotes(blocks: Sequence[Block], decisions: list[Decision]) -> None:
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
            decisions[number] = Decision(True, "a footnote", decisions[number].score)


def _by_agreement(page: Page, scores: Sequence[float]) -> list[Decision]:
    """Where no block convinces by itself: what the candidate extractor takes."""
    return [
        Decision(True, "the candidate extractor takes it", score)
        if block.size > 2 and page.taken[number] > 0.7
        else Decision(False, "reads like furniture", score)
        for number, (block, score) in enumerate(zip(page.blocks, scores, strict=True))
    ]


def _drop_headline(
    blocks: Sequence[Block], decisions: list[Decision], titles: Sequence[tuple[str, ...]]
) -> None:
    """The title is shown above the article: a headline that repeats it goes, and so do the lines
    that stand above the headline.
    """
    above: list[int] = []
    for number, block in enumerate(blocks):
        if block.words and any(_same_title(block, title) for title in titles):
            if decisions[number].kept:
                _drop(decisions, number, "repeats the title")
            for line in above:
                _drop(decisions, line, "stands above the headline")
            above.clear()
        elif decisions[number].kept:
            if block.size >= PARAGRAPH_MIN_WORDS:
                return
            above.append(number)


def _drop_byline(
    blocks: Sequence[Block],
    decisions: list[Decision],
    rows: Sequence[Mapping[str, float] | None],
) -> None:
    """Lines above the first paragraph that say who wrote it and when are kept as such, not as
    text."""
    for number, block in enumerate(blocks):
        row = rows[number]
        if not decisions[number].kept or row is None:
            continue
        if block.size > BYLINE_MAX_WORDS:
            return
        if row.get("says_byline") or row.get("says_dated") or _says_who_and_when(block.text):
            _drop(decisions, number, "says who and when")


def _says_who_and_when(text: str) -> bool:
    return bool(STARTS["byline"].match(text) or DATE.fullmatch(text))


def _same_title(block: Block, title: tuple[str, ...]) -> bool:
    if block.words == title:
        return True
    if len(title) >= TITLE_MIN_WORDS and block.words[: len(title)] == title:
        rest = " ".join(block.words[len(title) :])
        return len(block.words) - len(title) <= BYLINE_MAX_WORDS and _says_who_and_when(rest)
    one, two = set(block.words), set(title)
    return block.element.tag in HEADINGS and len(one & two) >= 0.75 * len(one | two)


def _drop_echoes(blocks: Sequence[Block], decisions: list[Decision]) -> None:
    """A pull quote says again, larger, what a paragraph says: once is enough."""
    spoken = [
        " ".join(block.words)
        for block, decision in zip(blocks, decisions, strict=True)
        if decision.kept and not _is_set_apart(block)
    ]
    for number, block in enumerate(blocks):
        if decisions[number].kept and len(block.words) >= ECHO_MIN_WORDS and _is_set_apart(block):
            echo = " ".join(block.words)
            if any(echo in paragraph for paragraph in spoken):
                _drop(decisions, number, "a pull quote: the article says it already")


def _drop_asides(blocks: Sequence[Block], decisions: list[Decision]) -> None:
    """Labels and pointers anywhere, and at the end what parts with the reader."""
    for number, block in enumerate(blocks):
        if not decisions[number].kept:
            continue
        if asides.is_label(block.text):
            _drop(decisions, number, "a label of what is no text")
        elif asides.is_pointer(block) or asides.is_shouted_link(block):
            _drop(decisions, number, "only points elsewhere")
    kept = [number for number, decision in enumerate(decisions) if decision.kept]
    while len(kept) > 1 and asides.parts_with_reader(blocks[kept[-1]]):
        _drop(decisions, kept.pop(), "parts with the reader")


def _is_set_apart(block: Block) -> bool:
    around = (*block.path[-3:], block.element)
    return any(
        element.tag in ("blockquote", "aside", "q", "figure") or _PULLED(element.get("class") or "")
        for element in around
    )


def _drop_box_labels(blocks: Sequence[Block], decisions: list[Decision]) -> None:
    """The heading of a box goes with what is in it."""
    holding = Counter(
        element
        for block, decision in zip(blocks, decisions, strict=True)
        if decision.kept
        for element in block.path
    )
    for number, block in enumerate(blocks[:-1]):
        box = block.path[-1:]
        if (
            decisions[number].kept
            and box
            and holding[box[0]] == 1
            and box[0] in blocks[number + 1].path
            and block.size <= LABEL_MAX_WORDS
            and not block.text.endswith((".", "!", "?"))
        ):
            _drop(decisions, number, "the heading of a box that goes")


def _drop_bare_headings(blocks: Sequence[Block], decisions: list[Decision]) -> None:
    """A heading at the end announces something that was dropped."""
    for number in range(len(blocks) - 1, -1, -1):
        if not decisions[number].kept:
            continue
        if blocks[number].element.tag not in HEADINGS:
            return
        decisions[number] = Decision(False, "a heading of nothing", decisions[number].score)
