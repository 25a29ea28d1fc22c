"""Lines of one make that stay together: times, headings, names of speakers, captions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier.containers import SERIES_MIN, make_begins
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection.credits import OF_EVENT, tells_when
from feedd.article.selection.edges import AMONG_FROM
from feedd.article.selection.pointers import LINKS_MIN_SHARE
from feedd.article.tree.blocks import (
    BlockDecision,
    common,
    is_all_bold,
    keep,
    keep_all,
    kept_numbers,
    take_with_most,
    words_in,
)
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import group_bits

WHEN_MAX_WORDS: Final = 12
LINE_MAX_WORDS: Final = 20
EVENT_LINES: Final = 6
"""So many lines below the headline may say when an event is, and where."""
VALUE_MAX_WORDS: Final = 6
HEAD_FROM: Final = 0.35
PART: Final = "a part amid the text"
_DATED: Final = frozenset({"dated"})
_NOT_OF_EVENT: Final = group_bits("share", "comment", "subscribe", "ads", "related")
_EVENT = re.compile(r"(?:^|[\s_-])(?<!pointer-)events?(?:[\s_-]|$)", re.I).search
_CLOCK = re.compile(r"\d\s?(?::\d\d|(?:h|uhr|[ap]\.?m)\b)", re.I).search
_DIGIT = re.compile(r"\d").search
_PRICE = re.compile(r"[$€£¥₽₩]").search


def take_times(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Lines of one make that are times, days or years, each above text that is kept, or a line
    between: a live blog's, or a timeline's.
    """
    found: defaultdict[tuple[tuple[str, str], ...], list[int]] = defaultdict(list)
    kept = [decision.kept for decision in decisions]
    for number, block in enumerate(page.blocks[:-1]):
        may = block.size <= WHEN_MAX_WORDS and True in kept[number + 1 : number + 3]
        if may and tells_when(block.text):
            found[tuple(map(make_begins, (block.element, *block.path[-1:])))].append(number)
    for numbers in found.values():
        if len(numbers) >= SERIES_MIN:
            keep_all(decisions, numbers, "when")


def take_event(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Short lines right below the headline, with a time of day, in a box that says that it is of
    an event, tell when that is, and where.
    """
    blocks, first = page.blocks, next((n for n, each in enumerate(decisions) if each.kept), 0)
    after = first if page.headline is None else page.headline + 1
    for number in range(after, min(first, after + EVENT_LINES)):
        block = blocks[number]
        if block.size > WHEN_MAX_WORDS or block.link_chars or _CLOCK(block.text) is None:
            continue
        named = [e.get("class") or "" for e in (block.element, *block.path[-2:])]
        is_own = any(map(_EVENT, named)) and not page.near[number] & _NOT_OF_EVENT
        if is_own and not block.is_caption and page.says[number] <= _DATED:
            keep(decisions, number, OF_EVENT)


def take_alike(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Lines of one make are kept where most of them are: those right above text that is kept
    (headings, links, names of speakers), and what stands below pictures in boxes that lead nowhere
    (captions, cards of what a recipe takes). So are headings of one make that each stand above a
    picture, beside the text.
    """
    found: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    above: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    boxes: defaultdict[tuple[object, ...], set[HtmlElement]] = defaultdict(set)
    leading = {b.path[-1] for b in page.blocks if b.path and b.link_density > LINKS_MIN_SHARE}
    shown: dict[HtmlElement, bool] = {}
    for number, block in enumerate(page.blocks[:-1]):
        if block.is_caption or not block.path:
            continue
        box = block.path[-1]
        if page.blocks[number + 1].media_before and block.element.tag in HEADINGS:
            above[page.kin[number]].append(number)
        if block.size <= LINE_MAX_WORDS and _heads_kept(page, decisions, number):
            is_bold, is_link = (
                is_all_bold(block.element, block.text),
                block.link_density > LINKS_MIN_SHARE,
            )
            if is_bold or is_link or block.element.tag in HEADINGS or block.element.get("class"):
                found[*page.kin[number], is_bold, is_link].append(number)
        if shown.setdefault(box, block.media_before) and box not in leading:
            found[page.kin[number]].append(number)
            boxes[page.kin[number]].add(box)
    for key, numbers in found.items():
        is_series = key in boxes and len(boxes[key]) >= SERIES_MIN
        if is_series and _is_gallery(page, decisions, numbers):
            for number in numbers:
                keep(decisions, number, "below pictures of a series")
        elif key not in boxes or is_series:
            take_with_most(
                decisions, page.says, numbers, least=AMONG_FROM, why="as others of its make"
            )
    if len(page.headings) > 1:
        _take_values(page, decisions)
    for numbers in above.values():
        if len(numbers) >= SERIES_MIN and _are_of_text(page, decisions, numbers):
            for number in numbers:
                keep(decisions, number, PART)


def _take_values(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """A short line alone below a heading of the text is its value, where two in a row are so, right
    beside each other: versions that are affected, and mended.
    """
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
    return _DIGIT(block.text) is not None and _PRICE(above.text + block.text) is None


def _are_of_text(
    page: PageFeatures, decisions: Sequence[BlockDecision], numbers: Sequence[int]
) -> bool:
    """Whether headings above pictures lead nowhere, say each something else, and stand in a
    container with what is kept.
    """
    blocks = page.blocks
    said = {blocks[number].words for number in numbers}
    if (
        len(said) < len(numbers)
        or blocks[numbers[0]].media_before
        or not all(
            decisions[n].score >= AMONG_FROM and not (blocks[n].link_chars or page.says[n])
            for n in numbers
        )
    ):
        return False
    box = common(blocks, numbers)
    return any(d.kept and box in b.path for b, d in zip(blocks, decisions, strict=True))


def _is_gallery(
    page: PageFeatures, decisions: Sequence[BlockDecision], numbers: Sequence[int]
) -> bool:
    """Whether sentences below pictures are much of what a page says: else they are of cards."""
    may = (page.stops[n] and not page.says[n] and decisions[n].score >= AMONG_FROM for n in numbers)
    if not all(may):
        return False
    kept = words_in(page.blocks, kept_numbers(decisions))
    return 2 * words_in(page.blocks, numbers) >= kept


def _heads_kept(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a line stands right above text that is kept, or above a time that is and its text."""
    below = number + 1
    if decisions[below].kept or not lexicon.is_time(page.blocks[below].text):
        return decisions[below].kept
    return any(decision.kept for decision in decisions[below + 1 : below + 2])
