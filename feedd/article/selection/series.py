"""Lines of one make that stay together: times, headings, speakers, captions, questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier import AMONG_FROM
from feedd.article.classifier.containers import SERIES_MIN, make_begins
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection.credits import WHEN_MAX_WORDS, tells_when
from feedd.article.selection.pointers import LINKS_MIN_SHARE
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    common,
    is_all_bold,
    keep,
    keep_all,
    kept_numbers,
    take_with_most,
    words_in,
)
from feedd.article.tree.elements import HEADINGS, QUESTION_ENDS

LINE_MAX_WORDS: Final = 20
PART: Final = "a part amid the text"
ANSWERS_MIN: Final = 3
ANSWERS_FROM: Final = 0.2
"""The least mean score, by words, of so many answers for these and their questions to be kept."""
PAIR_FROM: Final = 0.3
"""The same for only two."""
QUESTION_MAX_WORDS: Final = 20


def take_times(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep the times of a live blog, or the years of a timeline: lines of one make that say when,
    each right above text that is kept, or one line further up.
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
            for number in numbers:
                keep_all(decisions, _entry(page, decisions, number), "the entry of a time")


def _entry(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> list[int]:
    """Headings and sentences below a time in its box, where half of what stands there is kept."""
    blocks, box = page.blocks, page.blocks[number].path[-1:]
    below = range(number + 1, len(blocks)) if box else ()
    inside = takewhile(lambda n: box[0] in blocks[n].path, below)
    lines = [n for n in inside if not page.says[n] and decisions[n].score >= AMONG_FROM]
    if 2 * sum(decisions[n].kept for n in lines) < len(lines):
        return []
    return [n for n in lines if page.stops[n] or blocks[n].element.tag in HEADINGS]


def take_alike(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep all lines of one make where most of them are kept already.

    These are lines right above text that is kept (headings, links, names of speakers), and lines
    below pictures in boxes without links (captions, cards of a recipe's ingredients). Headings of
    one make that each stand above a picture, in a container with text, are kept as well.
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
    for numbers in above.values():
        if len(numbers) >= SERIES_MIN and _are_of_text(page, decisions, numbers):
            for number in numbers:
                keep(decisions, number, PART)


def take_answers(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep questions of one make and the answer right below each, if the answers convince."""
    blocks = page.blocks
    asks = {
        number
        for number, block in enumerate(blocks)
        if block.size <= QUESTION_MAX_WORDS and block.text.endswith(QUESTION_ENDS)
    }
    found: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number in sorted(asks - {len(blocks) - 1}):
        below = number + 1
        if page.stops[below] and below not in asks and not _leads_away(blocks[number]):
            found[page.kin[number]].append(below)
    for answers in found.values():
        words = words_in(blocks, answers)
        sure = sum(blocks[number].size * decisions[number].score for number in answers)
        least = ANSWERS_FROM if len(answers) >= ANSWERS_MIN else PAIR_FROM
        if len(answers) > 1 and sure >= least * words:
            both = (number for answer in answers for number in (answer - 1, answer))
            keep_all(decisions, both, "a question and its answer")


def _leads_away(block: Block) -> bool:
    """Whether a line has a link to another place; a link without an address is a button."""
    links = [link.get("href") or "#" for link in block.element.iter("a")]
    is_button = bool(links) and all(href.startswith(("#", "javascript:")) for href in links)
    return block.link_chars > 0 and not is_button


def _are_of_text(
    page: PageFeatures, decisions: Sequence[BlockDecision], numbers: Sequence[int]
) -> bool:
    """Whether headings above pictures have no links, all differ, and stand in a container with
    text that is kept.
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
    return any(box in blocks[n].path for n in kept_numbers(decisions))


def _is_gallery(
    page: PageFeatures, decisions: Sequence[BlockDecision], numbers: Sequence[int]
) -> bool:
    """Whether sentences below pictures have half as many words as all the text that is kept."""
    may = (page.stops[n] and not page.says[n] and decisions[n].score >= AMONG_FROM for n in numbers)
    if not all(may):
        return False
    kept = words_in(page.blocks, kept_numbers(decisions))
    return 2 * words_in(page.blocks, numbers) >= kept


def _heads_kept(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether text that is kept stands right below a line, or below a time of day in between."""
    below = number + 1
    if decisions[below].kept or not lexicon.is_time(page.blocks[below].text):
        return decisions[below].kept
    return any(decision.kept for decision in decisions[below + 1 : below + 2])
