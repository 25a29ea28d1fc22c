"""Lists of a text are kept whole: those of which most is kept, the author's own, a recipe's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from feedd.article.classifier import (
    ABOVE_FROM,
    PARAGRAPH_MIN_WORDS,
    PART_LINKS_MAX_SHARE,
    SENTENCE_MIN_WORDS,
    SURE_FROM,
)
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection.pointers import LINKS_MIN_SHARE
from feedd.article.tree.blocks import (
    BlockDecision,
    keep,
    kept_numbers,
    take_all_back,
    words_in,
)
from feedd.article.tree.data_tables import are_amounts
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import BOILERPLATE_CLASSES

COLUMN_MIN_PARAGRAPHS: Final = 3
TOLD_MAX_SHARE: Final = 0.5
"""Items with fewer of their letters in links tell of what they link to."""
LISTS: Final = frozenset({"ul", "ol", "dl"})


def take(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep lists whole, but for calls, of which most is kept, or that are the author's own or a
    recipe's; drop a list of links alone of which most was dropped.
    """
    items, within = _lists(page, decisions)
    most = words_in(page.blocks, kept_numbers(decisions)) / 2 if items else 0
    for element, numbers in items.items():
        kept = words_in(page.blocks, (number for number in numbers if decisions[number].kept))
        beside = within.get(element.getparent(), ())
        above = page.blocks[_above(page, numbers)]
        if not (kept or numbers[0] - 1 in beside or above.element.tag in HEADINGS):
            continue
        if kept > most and _is_column(page, element, numbers, decisions):
            continue
        is_own = numbers[0] - 1 in beside and _is_own_list(page, numbers, beside)
        is_recipe = _measures(page, numbers, decisions)
        if 2 * kept > words_in(page.blocks, numbers) or is_own or is_recipe:
            _keep_whole(page, element, numbers, decisions, is_recipe=is_recipe)
            if beside and _is_headed(page, decisions, numbers):
                keep(decisions, numbers[0] - 1, "the heading of a list that is kept")
        elif len(numbers) > 1 and _least_linked(page, numbers) > LINKS_MIN_SHARE:
            doubted = [n for n in numbers if decisions[n].kept and decisions[n].score < SURE_FROM]
            take_all_back(decisions, doubted, "of a list of links of which most goes")


_Numbers = dict[HtmlElement, list[int]]


def _lists(page: PageFeatures, decisions: Sequence[BlockDecision]) -> tuple[_Numbers, _Numbers]:
    """The blocks of each list (without those of lists in it), and the kept blocks outside of lists,
    by container.
    """
    items: defaultdict[HtmlElement, list[int]] = defaultdict(list)
    within: defaultdict[HtmlElement, list[int]] = defaultdict(list)
    lists: dict[Sequence[HtmlElement], HtmlElement | None] = {}
    for number, block in enumerate(page.blocks):
        if (box := block.path[-1:]) not in lists:
            lists[box] = next((e for e in reversed(block.path) if e.tag in LISTS), None)
        if (inner := lists[box]) is not None:
            items[inner].append(number)
        elif decisions[number].kept and block.path:
            within[block.path[-1]].append(number)
    return items, within


def _keep_whole(
    page: PageFeatures,
    element: HtmlElement,
    numbers: Sequence[int],
    decisions: list[BlockDecision],
    *,
    is_recipe: bool,
) -> None:
    """Keep the items of a list, but for calls and, unless all are links, items of links alone."""
    may_be_links = is_recipe or _least_linked(page, numbers) > PART_LINKS_MAX_SHARE
    for number in [_above(page, numbers), *numbers] if is_recipe else numbers:
        decision = decisions[number]
        says = page.says[number] and element.tag != "ol"  # "3. Sign up for a number"
        settled = decision.kept or decision.caption or says
        if not settled and (
            may_be_links or page.blocks[number].link_density < PART_LINKS_MAX_SHARE
        ):
            keep(decisions, number, "of a list that is kept")


def _least_linked(page: PageFeatures, numbers: Sequence[int]) -> float:
    return min(page.blocks[number].link_density for number in numbers)


def _is_headed(
    page: PageFeatures, decisions: Sequence[BlockDecision], numbers: Sequence[int]
) -> bool:
    """Whether to keep a heading right above a list that is kept, in doubt only for what it says:
    "Further reading" over items that are more than links.
    """
    above = numbers[0] - 1
    block, decision = page.blocks[above], decisions[above]
    may = not decision.kept and block.element.tag in HEADINGS and decision.score >= ABOVE_FROM
    if not may or block.link_chars or page.near[above] & BOILERPLATE_CLASSES:
        return False
    return all(decisions[n].kept and page.blocks[n].link_density < TOLD_MAX_SHARE for n in numbers)


def _is_column(
    page: PageFeatures,
    element: HtmlElement,
    numbers: Sequence[int],
    decisions: Sequence[BlockDecision],
) -> bool:
    """Whether the columns of the page are written as a list: one item holds all that is kept of it,
    several paragraphs.
    """
    kept = [page.blocks[number] for number in numbers if decisions[number].kept]
    items = {block.path[block.path.index(element) + 1 :][:1] for block in kept}
    prose = sum(block.size >= PARAGRAPH_MIN_WORDS for block in kept)
    return len(items) == 1 and prose >= COLUMN_MIN_PARAGRAPHS


def _is_own_list(page: PageFeatures, numbers: Sequence[int], beside: Sequence[int]) -> bool:
    """Whether a list is the author's: prose of its container stands above it, and below it as well
    unless a colon leads to it. Of 1,080 words of such lists of links 1,060 were text.
    """
    prose = [number for number in beside if page.blocks[number].size >= SENTENCE_MIN_WORDS]
    is_led = page.blocks[numbers[0] - 1].text.endswith((":", "："))
    is_list = len(numbers) > 1 or page.blocks[numbers[0]].link_density < PART_LINKS_MAX_SHARE
    is_amid = bool(prose) and prose[0] < numbers[0]
    is_amid = is_amid and (is_led or (is_list and prose[-1] > numbers[-1]))
    return is_amid and not any(page.near[number] & BOILERPLATE_CLASSES for number in numbers)


def _measures(page: PageFeatures, numbers: Sequence[int], decisions: list[BlockDecision]) -> bool:
    """Whether a list below a heading, amid what is kept, says how much there is of what."""
    above, below = _above(page, numbers), numbers[-1] + 1
    heads = above >= 0 and page.blocks[above].element.tag in HEADINGS
    if not heads or page.near[above] & BOILERPLATE_CLASSES or page.says[above]:
        return False
    is_amid = any(d.kept for d in decisions[:above]) and any(d.kept for d in decisions[below:][:2])
    return is_amid and are_amounts([page.blocks[n].text for n in numbers if not page.says[n]])


def _above(page: PageFeatures, numbers: Sequence[int]) -> int:
    """The number of the line above a list; a line without words is passed over."""
    above = numbers[0] - 1
    return above - (above > 0 and not page.blocks[above].words)
