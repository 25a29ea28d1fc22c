"""What a page says again: the title, pull quotes, copies for other screens, hidden retellings."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import dropwhile, pairwise
from typing import Final

from lxml.html import HtmlElement

from feedd.article.classifier import PARAGRAPH_MIN_WORDS
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import is_name
from feedd.article.selection.credits import BYLINE_MAX_WORDS, says_who_and_when
from feedd.article.tree.blocks import STOPS, Block, BlockDecision, kept_numbers, take_back, words_in
from feedd.article.tree.data_tables import CELL
from feedd.article.tree.elements import HEADINGS

ABOVE_MAX_LINES: Final = 4
"""More lines above a headline are no kickers but a text."""
TITLE_MIN_WORDS: Final = 3
ECHO_MIN_WORDS: Final = 5
ENDS: Final = tuple(STOPS)
COPY_OF_MOST: Final = 100
COPY_MAX_REST: Final = 0.05
"""What this share of a container with so many words copied may say anew: where it was printed."""
_FOR_SCREENS = re.compile(
    r"(?:^|[\s_-])(?:hidden|hide|show|visible|only|d|kun|nur|solo|seulement|alleen|endast|bara|tylko"
    r"|apenas|somente|sadece)[-_](?:[a-z]+[-_])?"
    r"(?:mobil[eo]?|m[oó]vil|celular|handy|desktop|tablet|phone|xs|sm|md|lg|xl|small|medium|large|print)(?![a-z])"
    r"|(?<![\w-])(?:sm|md|lg|xl|print|mobile|tablet|desktop):(?:hidden|block|flex|inline|grid)"
    r"|(?<![a-z])(?:mobile|desktop|tablet|phone)[-_]?(?:only|hidden|hide|visible)"
).search
"""Classes of boxes that some screens show and others do not."""
COPY_MIN_WORDS: Final = 30
NEAR_COPY_MIN_WORDS: Final = 8
"""Of a copy right below the container that says the same."""
_CUT: Final = ("…", "...", "…]", "...]", "…)")
_PULLED = re.compile(r"pull-?quote|\bpull|quote", re.IGNORECASE).search

RETELLING_GAP: Final = 7
"""Texts are compared by pairs of words so far apart: others' words seldom stand so."""
RETELLING_MIN_WORDS: Final = 80
"""Shorter blocks are not asked whether they say again what others say."""


def without_retellings(blocks: list[Block]) -> list[Block]:
    """The blocks without long ones whose text is also there in several shorter blocks: pages keep a
    copy of the article for scripts and search engines.
    """
    long = [block for block in blocks if len(block.words) >= RETELLING_MIN_WORDS]
    if not long:
        return blocks
    said = {block: frozenset(_pairs(block)) for block in long}
    all_pairs = frozenset[tuple[str, str]]().union(*said.values())
    shorter = max(len(block.words) for block in long) / 2
    shared = [
        (len(block.words), pairs)
        for block in blocks
        if RETELLING_GAP < len(block.words) < shorter
        and (pairs := all_pairs.intersection(_pairs(block)))
    ]
    retelling = set()
    for block, whole in said.items():
        pieces = [pairs & whole for words, pairs in shared if words * 2 < len(block.words)]
        if len(set[tuple[str, str]]().union(*pieces)) * 2 > len(whole):
            retelling.add(block)
    return [block for block in blocks if block not in retelling]


def _pairs(block: Block) -> Iterator[tuple[str, str]]:
    return zip(block.words, block.words[RETELLING_GAP:], strict=False)


def drop_headline(
    blocks: Sequence[Block],
    decisions: list[BlockDecision],
    titles: Sequence[tuple[str, ...]],
    *,
    lowest: int | None = None,
) -> None:
    """Drop headlines that repeat the title, which is shown above the article, and the lines above
    them. Sentences between two such headlines stay: above a recipe's card, say. A line below the
    `lowest` headline that is no heading is the site's name at the foot: what is above it stays.
    """
    above: list[int] = []
    is_below = False
    beginnings = {title[:1] for title in titles}
    for number, block in enumerate(blocks):
        may = block.words[:1] in beginnings or block.element.tag in HEADINGS
        repeats = may and block.words and any(same_title(block, title) for title in titles)
        is_named = number > 0 and blocks[number - 1].words == ("name",)  # of a manual's page
        repeats = repeats and not is_named
        if repeats and (block.words in titles or not _is_of_several(blocks, decisions, number)):
            take_back(decisions, number, "repeats the title")
            if number + 1 < len(blocks) and _is_name_alone(blocks[number + 1]):
                take_back(decisions, number + 1, "a name below the headline")
            is_foot = lowest is not None and number > lowest and block.element.tag not in HEADINGS
            for line in () if is_foot else above:
                if not (is_below and blocks[line].text.endswith(ENDS)):
                    take_back(decisions, line, "stands above the headline")
            above.clear()
            is_below = is_below or block.element.tag in HEADINGS
        elif decisions[number].kept:
            above.append(number)
            if block.size >= PARAGRAPH_MIN_WORDS or len(above) > ABOVE_MAX_LINES:
                return


def _is_name_alone(block: Block) -> bool:
    """Whether a line that is no heading is somebody's name: "Getting Started" heads a section."""
    return block.element.tag not in HEADINGS and is_name(block.text)


def _is_of_several(
    blocks: Sequence[Block], decisions: Sequence[BlockDecision], number: int
) -> bool:
    """Whether a heading is one of several kept in one container: "2.4.0" above "2.3.1"."""
    own = blocks[number]
    return own.element.tag in HEADINGS and any(
        decision.kept and block.element.tag == own.element.tag and block.path == own.path
        for block, decision in zip(blocks[number + 1 :], decisions[number + 1 :], strict=True)
    )


def same_title(block: Block, title: tuple[str, ...]) -> bool:
    is_heading = block.element.tag in HEADINGS
    if title in (block.words, tuple(dropwhile(str.isdigit, block.words))):
        return True  # "3.2 Rules of passage"
    if not is_heading and block.words[:1] != title[:1]:
        return False
    if len(title) >= TITLE_MIN_WORDS and block.words[: len(title)] == title:
        rest = " ".join(block.words[len(title) :])
        return len(block.words) - len(title) <= BYLINE_MAX_WORDS and says_who_and_when(rest)
    one, two = set(block.words), set(title)
    return is_heading and len(one & two) >= 0.75 * len(one | two)


def drop_echoes(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop pull quotes: they say again, larger, what a paragraph says."""
    blocks, kept = page.blocks, kept_numbers(decisions)
    apart = {number for number in kept if _is_set_apart(blocks[number])}
    if page.is_laid_out:
        flowed = (n for n in kept if any(e.get(CELL) == "apart" for e in blocks[n].path[-3:]))
        apart.update(flowed)
    quotes = [number for number in apart if len(blocks[number].words) >= ECHO_MIN_WORDS]
    if not quotes:
        return
    spoken = [" ".join(blocks[number].words) for number in kept if number not in apart]
    for number in quotes:
        echo = " ".join(blocks[number].words)
        if any(echo in paragraph for paragraph in spoken):
            take_back(decisions, number, "a pull quote: the article says it already")


def _is_set_apart(block: Block) -> bool:
    around = (*block.path[-3:], block.element)
    return any(
        element.tag in ("blockquote", "aside", "q", "figure") or _is_pulled(element.get("class"))
        for element in around
    )


@lru_cache(maxsize=4096)
def _is_pulled(name: str | None) -> bool:
    return name is not None and _PULLED(name) is not None


def drop_copies(
    blocks: Sequence[Block],
    decisions: list[BlockDecision],
    titles: Sequence[tuple[str, ...]],
    *,
    is_thread: bool = False,
) -> None:
    """Drop copies of the text for phones, tablets and printers: what was said before, where it is
    all that its container holds, or all but a line. A refrain stands among new text and stays, as
    does what a thread's posts quote.
    """
    rest_max = 0.0 if is_thread else COPY_MAX_REST
    held: defaultdict[HtmlElement, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        if decisions[number].kept and block.words and block.path:
            held[block.path[-1]].append(number)
    said = set(titles)
    before: set[tuple[str, ...]] = set()
    for numbers in held.values():
        texts = [blocks[number].words for number in numbers]
        again = [number for number in numbers if blocks[number].words in said]
        size = words_in(blocks, again)
        if len(again) == len(numbers):
            is_copy = size >= COPY_MIN_WORDS or (
                size >= NEAR_COPY_MIN_WORDS
                and (before.issuperset(texts) or _is_for_screens(blocks, numbers))
            )
        else:
            rest = words_in(blocks, numbers) - size
            is_copy = size >= COPY_OF_MOST and rest <= rest_max * size
        before = set(texts)
        for number in again if is_copy else ():
            take_back(decisions, number, "a copy of what was said before")
        said.update(texts)
    _drop_teasers(blocks, decisions, held.values())
    _drop_twins(blocks, decisions)


def _drop_teasers(
    blocks: Sequence[Block], decisions: list[BlockDecision], held: Iterable[Sequence[int]]
) -> None:
    """Drop what a container holds where the next one begins with the same and goes on."""
    for teaser, whole in pairwise(held):
        size = words_in(blocks, teaser)
        is_there = decisions[whole[0]].kept  # it may be a copy itself
        if is_there and size >= NEAR_COPY_MIN_WORDS and _begins(blocks, teaser, whole):
            for number in teaser:
                take_back(decisions, number, "said again, and more, right below")


def _drop_twins(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """Drop the first of two lines that say the same with nothing kept between them."""
    kept = kept_numbers(decisions)
    times = Counter(blocks[number].words for number in kept)
    for above, number in pairwise(kept):
        words = blocks[number].words
        if words != blocks[above].words or times[words] != 2:
            continue
        tags = {blocks[above].element.tag, blocks[number].element.tag}
        is_heading = tags <= HEADINGS and number == above + 1
        if blocks[number].size >= NEAR_COPY_MIN_WORDS or (is_heading and words):
            take_back(decisions, above, "said again right below")


def _is_for_screens(blocks: Sequence[Block], numbers: Sequence[int]) -> bool:
    """Whether several lines stand in a box that is for some screens alone."""
    around = blocks[numbers[0]].path[-3:] if len(numbers) > 1 else ()
    return any(_FOR_SCREENS(each.get("class") or "") for each in around)


def _begins(blocks: Sequence[Block], teaser: Sequence[int], whole: Sequence[int]) -> bool:
    """Whether what one container holds, or the beginning of it before an ellipsis, begins another
    that goes on.
    """
    goes_on = len(teaser) < len(whole)
    for one, two in zip(teaser, whole, strict=False):
        said, again = blocks[one], blocks[two]
        if said.words == again.words:
            continue
        known = said.words[:-1]  # its last word may be cut
        if not (known and said.text.endswith(_CUT) and again.words[: len(known)] == known):
            return False
        goes_on = True
    return goes_on and len(teaser) <= len(whole) and teaser[-1] < whole[0]
