"""What of that which recurs stays, whatever the trees say: reports, series, old texts, facts."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from feedd.article.sitememory.appeals import Appeal
from feedd.article.sitememory.line_forms import (
    FACT_MAX_WORDS,
    FACTS_MIN,
    is_credit,
    label_end,
    tells_facts,
)
from feedd.article.sitememory.recurring_page import PROSE_MIN_WORDS, Make, RecurringPage, make_in
from feedd.article.sitememory.subjects import is_of_text

TOLD_AGAIN_MIN: Final = 3


def settled(page: RecurringPage) -> set[int]:
    """The numbers of the recurring blocks that stay."""
    return _reported(page) | _in_series(page) | _told_again(page)


def facts(page: RecurringPage) -> set[int]:
    """Lines made alike that have a label each, the one right below the other, and turn to nobody,
    where one at least says something new; several such lines in one block: facts of what a text is
    about.
    """
    found: set[int] = set()
    changes = page.new | page.changing
    for made, row in groupby(page.kept, key=lambda number: _made_with_label(page, number)):
        numbers = list(row) if made is not None else []
        is_new = not changes.isdisjoint(numbers)
        is_row = len(numbers) >= FACTS_MIN and is_new
        if is_row and all(_tells_fact(page, number) for number in numbers):
            found.update(numbers)
    found.update(n for n in page.changing if _holds_facts(page, n))
    return found


def _holds_facts(page: RecurringPage, number: int) -> bool:
    block = page.blocks[number]
    is_plain = page.appeals[number] == Appeal.NONE and not block.link_chars
    return is_plain and tells_facts(block) and is_of_text(block.text)


def _made_with_label(page: RecurringPage, number: int) -> Make | None:
    block = page.blocks[number]
    return make_in(block) if label_end(block.text) else None


def _tells_fact(page: RecurringPage, number: int) -> bool:
    block = page.blocks[number]
    is_plain = page.appeals.get(number, Appeal.NONE) == Appeal.NONE
    is_line = block.size <= FACT_MAX_WORDS and not block.link_chars
    return is_plain and is_line and not is_credit(block)


def _reported(page: RecurringPage) -> set[int]:
    """Sentences amid new text and made like it in which numbers, days or names are new: what a
    report says each time is its own.
    """
    most = page.prose_until[-1]
    return {
        number
        for at, number in enumerate(page.kept)
        if number in page.changing
        and page.appeals[number] == Appeal.NONE
        and 0 < page.prose_until[at] < most
        and page.makes[make_in(page.blocks[number])].prose
        and page.is_sentence(number)
        and not is_credit(page.blocks[number])
    }


def _in_series(page: RecurringPage) -> set[int]:
    """Lines of one form of which several stand on the page, with other numbers or names each, that
    turn to nobody: furniture stands there once.
    """
    return {
        number
        for number in page.changing
        if page.forms[number] > 1 and page.appeals[number] == Appeal.NONE
    }


def _told_again(page: RecurringPage) -> set[int]:
    """Sentences of which several, one after the other, are on some pages of the site and speak of
    neither reader nor publisher: a text that was published before.
    """
    found: set[int] = set()
    lasting = page.recurring - page.standing - page.changing
    plain = {
        number
        for number in lasting
        if page.blocks[number].size >= PROSE_MIN_WORDS and page.appeals[number] == Appeal.NONE
    }
    for is_plain, run in groupby(page.kept, key=plain.__contains__):
        numbers = list(run)
        if is_plain and len(numbers) >= TOLD_AGAIN_MIN:
            found.update(numbers)
    return found
