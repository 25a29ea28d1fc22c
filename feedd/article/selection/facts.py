"""Facts of what a text is about, in short lines: labels with their values, when an event is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from feedd.article.classifier import AMONG_FROM
from feedd.article.classifier.containers import holding_most, make_begins
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection.credits import OF_EVENT, WHEN_MAX_WORDS, tells_when
from feedd.article.sitememory.line_forms import (
    FACT_MAX_WORDS,
    FACTS_MIN,
    label_end,
    tells_facts,
)
from feedd.article.sitememory.subjects import is_of_text
from feedd.article.tree.blocks import Block, BlockDecision, keep_all, kept_numbers, together
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import BOILERPLATE_CLASSES, group_bits

NEAR_BLOCKS: Final = 12
"""How many blocks above or below the text its facts may stand."""
FACTS: Final = "facts: a label and its value"
VALUE_MAX_WORDS: Final = 6
HEAD_FROM: Final = 0.35
"""The least score of a heading whose one line below is taken for its value."""
EVENT_LINES: Final = 6
"""In how many lines below the headline is looked for when and where an event is."""
_DATED: Final = frozenset({"dated"})
_SET_OFF: Final = " ："
_NOT_OF_EVENT: Final = group_bits("share", "comment", "subscribe", "ads", "related")
_EVENT = re.compile(r"(?:^|[\s_-])(?<!pointer-)events?(?:[\s_-]|$)", re.I).search
_PLACE = re.compile(
    r"(?:^|[\s_-])(?:venue|location|lieu|luogo|lugar|veranstaltungsort|plaats|sted)(?:[\s_-]|$)",
    re.IGNORECASE,
).search
_CLOCK = re.compile(r"\d\s?(?::\d\d|(?:h|uhr|[ap]\.?m)\b)", re.I).search
_PRICE = re.compile(r"[$€£¥₽₩]|\d[.,]\d\d ?[A-Z]{3}\b").search


def take(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep rows of facts ("Court: …", "Distance: …") amid the text, or right above or below it in
    its box, be they lines of one block, and a fact alone amid the text. A row one line of which
    says who wrote the page, when, or under which heading is about the page, and is left.
    """
    kept = kept_numbers(decisions)
    if not kept or page.is_paper:
        return
    first = max(page.headline or 0, kept[0] - NEAR_BLOCKS)
    near = range(first, min(kept[-1] + NEAR_BLOCKS, len(decisions)))
    rows = [row for row in _rows(page, decisions, near) if _are_facts(page, decisions, row)]
    main = holding_most(page.blocks, kept) if rows else None
    around = set() if main is None else {main, main.getparent()}
    for row in rows:
        is_row = len(row) >= FACTS_MIN or tells_facts(page.blocks[row[0]])
        is_amid = kept[0] < row[0] < kept[-1] and _is_told(page.blocks[row[0]].text)
        boxes = around if is_row else {main}
        is_near = not any(boxes.isdisjoint(page.blocks[number].path) for number in row)
        if is_near and (is_row or (is_amid and not page.is_thread)):
            keep_all(decisions, row, FACTS)


def _is_told(text: str) -> bool:
    """Whether the value is more than a number, and set off from its label: not "Sat 11:00"."""
    end = label_end(text)
    return text[end - 1] in _SET_OFF and any(map(str.isalpha, text[end:]))


def _rows(
    page: PageFeatures, decisions: Sequence[BlockDecision], near: range
) -> Iterator[list[int]]:
    """Lines right below each other that are made alike, and have each a label and say something
    else; lines that are one block.
    """
    blocks = page.blocks
    row: list[int] = []
    made: tuple[object, ...] = ()
    for number in near:
        block = blocks[number]
        if block.size > FACT_MAX_WORDS or not label_end(block.text):
            if not decisions[number].kept and tells_facts(block):
                yield [number]
            continue
        like = make_begins(block.element), page.kin[number][2:], block.path[:-1]
        if like != made or number != row[-1] + 1:
            yield row
            row, made = [], like
        row.append(number)
    yield row


def _are_facts(page: PageFeatures, decisions: Sequence[BlockDecision], row: Sequence[int]) -> bool:
    is_lost = any(not decisions[number].kept for number in row)
    is_row = is_lost and len(row) == len({page.blocks[n].words for n in row})
    if not is_row or any(not _may_tell(page, decisions[number], number) for number in row):
        return False
    texts = [page.blocks[number].text for number in row]
    if len(row) >= FACTS_MIN and not any(_tells_when(page, number) for number in row):
        return True
    if len(row) < FACTS_MIN and tells_facts(page.blocks[row[0]]):
        return is_of_text(texts[0])
    return all(is_of_text(text[: label_end(text)]) for text in texts)


def _may_tell(page: PageFeatures, decision: BlockDecision, number: int) -> bool:
    block = page.blocks[number]
    if decision.score < AMONG_FROM or block.link_chars or block.is_caption:
        return False
    is_plain = page.says[number] <= _DATED and not page.near[number] & BOILERPLATE_CLASSES
    return is_plain and _PRICE(block.text[label_end(block.text) :]) is None


def _tells_when(page: PageFeatures, number: int) -> bool:
    """Whether the value is a day or a time: of "Start: 3 March" and "Posted: 3 March"."""
    text = page.blocks[number].text
    return bool(page.says[number]) or tells_when(text[label_end(text) :])


def take_values(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep headings with one short line each below them, where two such pairs follow each other:
    "Affected versions" and "Patched versions", each above a number.
    """
    if len(page.headings) < 2:
        return
    first, last = page.headline or 0, max(kept_numbers(decisions), default=0)
    heads = [at for at in page.headings if first < at < last]
    pairs = [at for at, below in pairwise(heads) if below == at + 2]
    pairs += [at + 2 for at in pairs if at + 2 not in pairs]
    values = [at + 1 for at in pairs if _is_value(page, decisions, at + 1)]
    for number in values if len(values) > 1 else ():
        keep_all(decisions, (number - 1, number), "a value below its heading")


def _is_value(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    block, above = page.blocks[number], page.blocks[number - 1]
    is_line = block.size <= VALUE_MAX_WORDS and not block.link_chars
    is_own = is_line and block.path == above.path and not (page.says[number] or block.is_caption)
    if not is_own or above.link_chars or decisions[number - 1].score < HEAD_FROM:
        return False
    return any(map(str.isdigit, block.text)) and _PRICE(above.text + block.text) is None


def take_event(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep short lines with a time of day right below the headline, in a box that is called after
    events, and what stands beside them, or below the text in what calls itself a place: when the
    event is, where, and what it costs. So does such a box amid the text that leads nowhere itself.
    """
    blocks, kept = page.blocks, kept_numbers(decisions)
    first = next(iter(kept), 0)
    after = first if page.headline is None else page.headline + 1
    for number in range(after, min(first, after + EVENT_LINES)):
        if _tells_of_event(page, number):
            beside = (n for n in together(blocks, number) if _is_of_event(page, n))
            keep_all(decisions, (number, *beside), OF_EVENT)
            below = range(max(kept_numbers(decisions)) + 1, len(blocks))
            places = (n for n in below if _names_place(blocks[n]))
            keep_all(decisions, places, OF_EVENT)
            return
    for number in range(first, kept[-1] if kept else 0):
        if not decisions[number].kept and _tells_of_event(page, number):
            box = sorted(together(blocks, number))
            if blocks[box[0]].element.tag in HEADINGS and not blocks[box[0]].link_chars:
                lines = (n for n in box[1:] if _is_of_event(page, n))
                keep_all(decisions, (box[0], *lines), OF_EVENT)


def _tells_of_event(page: PageFeatures, number: int) -> bool:
    """Whether a short line says at what time of day, in a box that is called after events."""
    block = page.blocks[number]
    if block.size > WHEN_MAX_WORDS or block.link_chars or _CLOCK(block.text) is None:
        return False
    named = [e.get("class") or "" for e in (block.element, *block.path[-2:])]
    is_own = any(map(_EVENT, named)) and not page.near[number] & _NOT_OF_EVENT
    return is_own and not block.is_caption and page.says[number] <= _DATED


def _names_place(block: Block) -> bool:
    """Whether a short line stands in what calls itself a place."""
    if block.size > WHEN_MAX_WORDS or block.link_chars or block.element.tag in HEADINGS:
        return False
    around = (block.element, *block.path[-2:])
    return any(_PLACE(each.get("class") or "") for each in around)


def _is_of_event(page: PageFeatures, number: int) -> bool:
    """Whether a line is as short as those that say where an event is, and what it costs."""
    block = page.blocks[number]
    is_line = block.size <= WHEN_MAX_WORDS and not (block.link_chars or block.is_caption)
    return is_line and page.says[number] <= _DATED and block.element.tag not in HEADINGS
