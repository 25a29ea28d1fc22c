"""Pages laid out in tables: the columns beside their text, lines parted by font, calendars."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from feedd.article.classifier import PARAGRAPH_MIN_WORDS
from feedd.article.classifier.features import PROSE_LINKS_MAX_SHARE, PageFeatures
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    keep,
    kept_numbers,
    take_all_back,
    take_back,
    words_in,
)
from feedd.article.tree.data_tables import CELL
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import BOILERPLATE_CLASSES, CHROME, groups_of

TEXT_MIN_SHARE: Final = 0.5
"""A cell with so much of a page's prose is the text, and the cells of its row are columns."""
COLUMN_MAX_SHARE: Final = 0.1
"""A column with less of the prose may be a menu."""
COLUMN_MIN_LINKS: Final = 3
COLUMN_MIN_LINKED: Final = 0.3
CALENDAR_DAYS: Final = [str(day) for day in range(1, 29)]
CALENDAR_MAX_WORDS: Final = 12
"""A calendar names its month and the days of the week beside the days."""
BAR_MIN_LINKS: Final = 0.3
HEADERS_MIN: Final = 3
BOX_MIN_WORDS: Final = 8
_HEADERS: Final = frozenset(
    str.split("to from subject date cc sender reply message references in resent organization list")
)
_HEADER = re.compile(
    r"(?:to|from|subject|date|cc|sender|(?:in-)?reply-to|message-id|references|resent-\w{2,8}"
    r"|organization|list-[\w-]{2,12})\s?:",
    re.IGNORECASE,
)
"""How the headers of a mail begin, in an archive."""


def drop(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop menus beside the text, calendars, headers of mail, bars of links."""
    blocks = page.blocks
    if page.is_laid_out and not page.is_thread:
        _drop_columns(page, decisions)
    _drop_headers(blocks, decisions)
    for number, decision in enumerate(decisions):
        if decision.kept and blocks[number].element.tag == "table":
            if is_calendar(blocks[number]):
                take_back(decisions, number, "a calendar")
            elif _is_bar(blocks[number]):
                take_back(decisions, number, "a bar of links")


def _drop_columns(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop menus beside a text that is a cell of a layout table: cells of its row, or of a row
    around it, with several links and next to no prose, and such tables that text flows around.
    """
    blocks = page.blocks
    kept = kept_numbers(decisions)
    prose: Counter[HtmlElement] = Counter()
    total = 0
    for number in filter(lambda n: _is_prose(page, n), kept):
        total += blocks[number].size
        prose.update(dict.fromkeys(blocks[number].path, blocks[number].size))
    rows = {e.getparent() for e, n in prose.items() if e.get(CELL) and n >= TEXT_MIN_SHARE * total}
    columns: dict[HtmlElement, list[int]] = {}
    for number, block in enumerate(blocks):
        for element in block.path:
            kind = element.get(CELL)
            if kind and prose[element] < COLUMN_MAX_SHARE * total:
                if kind == "apart" or element.getparent() in rows:
                    columns.setdefault(element, []).append(number)
                break
    for column, numbers in columns.items():
        words = words_in(blocks, numbers)
        linked = sum(blocks[n].size * blocks[n].link_density for n in numbers)
        links = sum(1 for _ in column.iter("a"))
        if links >= COLUMN_MIN_LINKS and linked >= COLUMN_MIN_LINKED * words:
            take_all_back(decisions, numbers, "a column of links beside the text")


def _is_prose(page: PageFeatures, number: int) -> bool:
    block = page.blocks[number]
    is_long = block.size >= PARAGRAPH_MIN_WORDS and block.link_density < PROSE_LINKS_MAX_SHARE
    return is_long and page.stops[number]


def _is_bar(table: Block) -> bool:
    """Whether half of a table is links, and its cells call themselves a page's navigation."""
    cells = table.element.iter("td") if table.link_density >= BAR_MIN_LINKS else ()
    return any(groups_of(cell) & CHROME for cell in cells)


def is_calendar(table: Block) -> bool:
    """Whether a table shows the days of a month, as beside a blog."""
    days = [word for word in table.words if word.isdigit()]
    at = days.index("1") if "1" in days else 0
    is_month = days[at : at + len(CALENDAR_DAYS)] == CALENDAR_DAYS
    return is_month and len(table.words) - len(days) <= CALENDAR_MAX_WORDS


def _drop_headers(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """Drop lists with the headers of a mail."""
    lists: defaultdict[HtmlElement, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        is_item = block.element.tag == "li" and decisions[number].kept and block.words
        if is_item and block.words[0] in _HEADERS and _HEADER.match(block.text):
            lists[block.path[-1]].append(number)
    for numbers in lists.values():
        if len({blocks[number].words[0] for number in numbers}) >= HEADERS_MIN:
            take_all_back(decisions, numbers, "a header of a mail")


def take_boxes(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep boxes that were layout tables of their own between two paragraphs of the text, without
    links: figures, what somebody said.
    """
    blocks = page.blocks
    for number in range(1, len(blocks) - 1) if page.is_laid_out else ():
        block, above, below = blocks[number], number - 1, number + 1
        if decisions[number].kept or block.link_chars or block.size < BOX_MIN_WORDS:
            continue
        if not (block.element.get(CELL) or (block.path and block.path[-1].get(CELL))):
            continue
        is_amid = all(decisions[n].kept and page.stops[n] for n in (above, below))
        is_own = blocks[above].path == blocks[below].path != block.path
        if (
            is_amid
            and is_own
            and not page.says[number]
            and not page.near[number] & BOILERPLATE_CLASSES
        ):
            keep(decisions, number, "a box amid the text")


def name_shown(blocks: Sequence[Block], kept: Sequence[int], names: Sequence[str]) -> str | None:
    """The article's name, where no heading says it: the one of `names` (the parts of the page's
    title) that is a line above the text, if that stands in a layout table.
    """
    if not kept or len(names) < 2:
        return None
    for block in reversed(blocks[: kept[0]]):
        if block.text in names and block.element.tag not in HEADINGS:
            is_laid = any(element.get(CELL) for element in (*block.path, block.element))
            return block.text if is_laid else None
    return None
