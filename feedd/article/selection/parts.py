"""Parts of a text: headings, items, tables, code, and sentences amid others of their make.

By themselves they convince little, for they are short, or stand far down in a long text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier import (
    AMID_FROM,
    AMONG_FROM,
    PART_FROM,
    PART_LINKS_MAX_SHARE,
    SENTENCE_MIN_WORDS,
)
from feedd.article.classifier.containers import holding_most, is_beside
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import LABEL_MAX_WORDS, sections_of
from feedd.article.selection.edges import NOTE_MAX_WORDS
from feedd.article.selection.item_lists import LISTS
from feedd.article.selection.pointers import LINKS_MIN_SHARE
from feedd.article.selection.series import PART
from feedd.article.sitememory.line_forms import is_signature
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    is_all_bold,
    keep,
    kept_numbers,
    together,
    words_in,
)
from feedd.article.tree.data_tables import is_data_table
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import BOILERPLATE_CLASSES, CHROME, groups_of

MANUAL_AMID_FROM: Final = 0.05
"""Amid the text of a manual there is little else: of 27,000 words from this on that are no links
600 were none, of 18,000 in lines that are links in part as many."""
LED_TO_MIN_WORDS: Final = 5
"""Shorter lines below a colon name the language of a listing."""
_WHOLES: Final = frozenset({"table", "pre", "blockquote"})
_PARTS: Final = HEADINGS | _WHOLES | {"li", "dd", "dt", "summary"}

_BRACKETED: Final = frozenset({"bracketed"})
_HEADING_NAME = re.compile(rf"(?i){sections_of('class_names.txt')['heading']}").search
"""What calls itself a heading amid the text."""


def take(page: PageFeatures, decisions: list[BlockDecision]) -> bool:
    """Keep parts of the text that is kept so far. Returns whether to ask again: above a table that
    was taken, or below a heading, there may be more.
    """
    kept = kept_numbers(decisions)
    if not kept:
        return False
    blocks, text, goes_on = page.blocks, _Text(page, decisions, kept), False
    for number in range(kept[0], len(blocks)):
        decision = decisions[number]
        if decision.kept or decision.caption:
            continue
        if text.reaches(number) and text.has_part(number):
            keep(decisions, number, PART)
            if number > kept[-1]:
                goes_on |= blocks[number].element.tag in _WHOLES
            else:
                above = number - 1
                goes_on |= blocks[above].element.tag in HEADINGS and not decisions[above].kept
    return goes_on


class _Text:
    """The text that is kept of a page, and which blocks may be parts of it.

    `main` is the element that holds most of it, `last` the number of its last line, `container`
    what holds that line (its list, if it is an item), and `around` the container of the outermost
    list there, or `container`.
    """

    def __init__(
        self, page: PageFeatures, decisions: Sequence[BlockDecision], kept: Sequence[int]
    ) -> None:
        self.page, self.decisions, self.last = page, decisions, kept[-1]
        blocks = page.blocks
        self.main = holding_most(blocks, kept)
        path = blocks[self.last].path
        lists = [number for number, element in enumerate(path) if element.tag in LISTS]
        self.container = path[lists[-1]] if lists else path[-1] if path else None
        self.around = path[lists[0] - 1] if lists and lists[0] else self.container
        self.until = self.last + (blocks[self.last].element.tag in _WHOLES or bool(lists))
        self.kin = {page.kin[number] for number in kept}
        self.ends = {element: number for number in kept for element in blocks[number].path[-2:]}
        self.least = MANUAL_AMID_FROM if page.is_manual else AMONG_FROM
        self.has_ended = False

    def reaches(self, number: int) -> bool:
        """Whether a block stands where a part may stand; to be asked from above.

        That is within `main`, down to the end of the last line's container. A table, listing or
        quotation may also stand outside of `main` amid the text, or in a box beside its end.
        """
        block, score = self.page.blocks[number], self.decisions[number].score
        is_below, is_whole = number > self.last, block.element.tag in _WHOLES
        beside = is_below and is_whole and is_beside(block, self.container)
        is_own = self.main in block.path
        if not (is_own or beside or (is_whole and not is_below and score >= PART_FROM)):
            return False
        is_of_manual = self.page.is_manual and is_own and score >= AMONG_FROM
        if not is_below or beside or is_of_manual or self.container in block.path:
            return True
        deeper = block.element.tag in ("pre", "table") or _is_quoted(block)
        self.has_ended = self.has_ended or self.around not in block.path[-1 - deeper :]
        if self.has_ended:
            return is_whole and self.page.is_manual
        return is_whole or number <= self.until

    def has_part(self, number: int) -> bool:
        """Whether a block within reach is a part by what it is, and by what is around it."""
        page, block, score = self.page, self.page.blocks[number], self.decisions[number].score
        is_whole = block.element.tag in _WHOLES
        ends_quoted = page.stops[number] and _is_quoted(block)
        is_said = page.is_thread and ends_quoted and block.size >= SENTENCE_MIN_WORDS
        is_settled = is_whole or is_said  # whatever its score
        if score < self.least and not is_settled:
            return False
        kept_beside = sum(each.kept for each in self.decisions[max(0, number - 2) : number + 3])
        is_among = kept_beside == 4
        is_clean = self._is_clean(number) or (is_among and _is_heading_alone(page, number))
        if is_clean and self._is_of_manual(number):
            return True
        is_own = number <= self.last and (is_whole or ends_quoted)
        if block.link_density >= PART_LINKS_MAX_SHARE and not (
            is_own and is_data_table(block.element)
        ):
            return False
        if page.says[number] and not is_own:
            return is_among and score >= PART_FROM and _tells_in_brackets(page, number)
        least = self._part_from(number, is_among=is_among, is_clean=is_clean)
        return least is not None and (is_settled or score >= least)

    def _part_from(self, number: int, *, is_among: bool, is_clean: bool) -> float | None:
        """The least score for a block to be a part; None where neither it nor what is around it
        says that it may be one.
        """
        page, block, score = self.page, self.page.blocks[number], self.decisions[number].score
        is_amid = number <= self.last
        is_within = any(number < self.ends.get(element, 0) for element in block.path[-2:])
        is_alike = is_within and page.stops[number] and page.kin[number] in self.kin
        is_own = is_clean and is_amid
        if is_alike or (is_own and (_is_in_note(page, number) or self._is_led_to(number))):
            return AMONG_FROM
        is_part = _is_part(block) and (is_clean or (is_within and block.element.tag == "pre"))
        is_sure = score >= AMID_FROM
        if not is_part and is_own:
            may_head = is_sure or (is_among and _heads_list(page, number))
            is_part = (is_sure and _is_row(page, number)) or (
                may_head and _heads_box(page, self.decisions, number)
            )
        if is_part:
            is_heading = page.is_manual and is_amid and block.element.tag in HEADINGS
            return AMONG_FROM if is_among or is_heading else PART_FROM
        is_line = block.size >= SENTENCE_MIN_WORDS or is_signature(block)
        ends = page.stops[number] or block.element.tag in _WHOLES
        is_end = is_sure and ends and number <= self.until
        return PART_FROM if is_end or (is_among and is_line) else None

    def _is_led_to(self, number: int) -> bool:
        """Whether a colon that ends the line above leads to a block: "Write to:", an address."""
        page, above = self.page, number - 1
        if page.is_thread or page.blocks[number].size < LED_TO_MIN_WORDS:
            return False  # "Anna said:", or the language of a listing
        ends = page.blocks[above].text.endswith((":", "："))
        return ends and self.decisions[above].kept

    def _is_clean(self, number: int) -> bool:
        """Whether no class around a block speaks of boilerplate, apart from that of `main`,
        whatever it is called.
        """
        if not self.page.near[number] & BOILERPLATE_CLASSES:
            return True
        block = self.page.blocks[number]
        is_own = _is_own(self.page, number, self.main)
        return is_own and not groups_of(block.element) & BOILERPLATE_CLASSES

    def _is_of_manual(self, number: int) -> bool:
        """Whether a block of a manual is part of its text: nearly all that stands amid it is."""
        page, block, score = self.page, self.page.blocks[number], self.decisions[number].score
        if not page.is_manual or self.main not in block.path or score < MANUAL_AMID_FROM:
            return False
        is_more = score >= AMONG_FROM and not page.says[number]
        return (
            (number <= self.last or is_more)
            and (block.link_density <= LINKS_MIN_SHARE or _names_next(page, self.decisions, number))
            and page.says[number].isdisjoint(("byline", "dated"))
            and not (block.link_chars and block.element.tag == "div" and _is_of_bar(page, number))
            and block.text.lower() not in lexicon.LANGUAGES  # which names the listing below
        )


def _tells_in_brackets(page: PageFeatures, number: int) -> bool:
    """Whether a line says in brackets what else happened: “(Applause)”."""
    block = page.blocks[number]
    is_told = len(block.words) > 1 and not block.link_chars
    return is_told and page.says[number] == _BRACKETED


def _is_quoted(block: Block) -> bool:
    """Whether it stands in a quotation."""
    return any(element.tag == "blockquote" for element in block.path[-1:])


def _is_in_note(page: PageFeatures, number: int) -> bool:
    """Whether a sentence stands in a small box with a heading and no links, between two paragraphs
    of the text.
    """
    block = page.blocks[number]
    if not page.stops[number] or block.size < SENTENCE_MIN_WORDS:
        return False
    box = sorted(together(page.blocks, number))
    beside = page.blocks[box[0] - 1], page.blocks[min(box[-1] + 1, len(page.blocks) - 1)]
    is_amid = all(b.path == block.path[:-1] and b.size >= SENTENCE_MIN_WORDS for b in beside)
    if not is_amid or page.blocks[box[0]].element.tag not in HEADINGS:
        return False
    is_short = words_in(page.blocks, box) <= NOTE_MAX_WORDS
    return is_short and not any(page.blocks[n].link_chars or page.says[n] for n in box)


def _is_own(page: PageFeatures, number: int, main: HtmlElement | None) -> bool:
    """Whether the box of the text holds a block itself, or a box of it that holds nothing else."""
    path = page.blocks[number].path
    if path[-2:-1] != (main,) or groups_of(path[-1]):
        return path[-1:] == (main,)
    return not any(path[-1] in beside.path for beside in page.blocks[number - 1 : number + 2 : 2])


def _is_heading_alone(page: PageFeatures, number: int) -> bool:
    """Whether boxes that speak of boilerplate hold this heading alone."""
    block, below = page.blocks[number], page.blocks[number + 1]
    boxes = [e for e in block.path[-3:] if groups_of(e) & BOILERPLATE_CLASSES]
    is_heading = block.element.tag in HEADINGS and block.words != ()
    return is_heading and set(boxes).isdisjoint(below.path)


def _is_of_bar(page: PageFeatures, number: int) -> bool:
    """Whether a line is "[Top]", or stands in what calls itself navigation: links of a few words
    that lead about a manual.
    """
    block = page.blocks[number]
    is_bracketed = block.text[0] == "[" and block.text[-1] == "]"
    return block.size <= LABEL_MAX_WORDS and (is_bracketed or bool(page.near[number] & CHROME))


def _names_next(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether what is said right below in the same box, or list, is about a line that is a link."""
    below = number + 1
    may = below < len(decisions) and decisions[below].kept and not page.says[number]
    return may and not set(page.blocks[number].path[-1:]).isdisjoint(page.blocks[below].path)


def _is_row(page: PageFeatures, number: int) -> bool:
    """Whether a block is one of several of a make, and says something else: marks, properties."""
    beside = (n for n in (number - 1, number + 1) if n < len(page.blocks))
    alike = (page.blocks[n].words for n in beside if page.kin[n] == page.kin[number])
    return any(words != page.blocks[number].words for words in alike)


def _heads_box(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a short line is the first of a box, above a sentence that is kept."""
    block, below = page.blocks[number], number + 1
    if block.size > LABEL_MAX_WORDS or not (decisions[below].kept and page.stops[below]):
        return False
    box = block.path[-1]
    return box in page.blocks[below].path and box not in page.blocks[number - 1].path


def _heads_list(page: PageFeatures, number: int) -> bool:
    """Whether a line of several words stands right above the items of a list."""
    below = number + 1
    return page.blocks[number].size > 1 and page.blocks[below].element.tag == "li"


def _is_part(block: Block) -> bool:
    parent = block.path[-1].tag if block.path else ""
    if block.element.tag in _PARTS or parent in ("li", "dd", "details", "blockquote"):
        return True
    if block.size > LABEL_MAX_WORDS:
        return False
    return (
        is_all_bold(block.element, block.text)
        or _HEADING_NAME(block.element.get("class") or "") is not None
    )
