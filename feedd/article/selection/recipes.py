"""What a recipe says beside its ingredients and steps: for how many, how long, how hard."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import lines_of
from feedd.article.tree.blocks import BlockDecision, keep, kept_numbers
from feedd.article.tree.markup import group_bits

FACT_MAX_WORDS: Final = 16
"""Of a line that says all: for how many, three times, and how hard."""
HEAD_MAX_WORDS: Final = 8
"""“Ingredients for four people and a dog”."""
ABOVE_MAX: Final = 20
"""So many lines above the ingredients a recipe's facts may stand, where none is the headline."""
COUNTED_MAX_WORDS: Final = 2
"""“Makes 12 hot buns”."""
PHRASE_MAX_WORDS: Final = 3
FACT: Final = "for how many, how long or how hard"
_NOT_OF_RECIPE: Final = group_bits("share", "comment", "subscribe", "ads", "related", "toc")
_OF_LABELS: Final = frozenset("lba")
_FRACTIONS: Final = "½¼¾⅓⅔"
_UNSPACED_FROM: Final = "\u3000"
"""Where words stand without blanks between them, the longest that is known is parted off."""
_PART = re.compile(rf"\d+|[{_FRACTIONS}]|[^\W\d_]+")
"""Letters stand without a blank beside digits: “Prep time20 mins”, “2인분”."""


@cache
def _table() -> dict[tuple[str, ...], str]:
    """What each phrase of the table is, by its folded words: a letter, or "b" for a unit that may
    be a label, too.
    """
    known: dict[tuple[str, ...], str] = {}
    for line in lines_of("recipe_facts.txt"):
        kind, _, phrases = line.partition(":")
        for phrase in phrases.split("|"):
            words = tuple(_PART.findall(phrase.lower()))
            known[words] = "b" if known.get(words, kind[0]) != kind[0] else kind[0]
    return known


@cache
def _heads() -> frozenset[tuple[str, ...]]:
    return frozenset(words for words, kind in _table().items() if kind == "i")


def take_facts(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Short lines from the headline on to the end of the text that say for how many a recipe is,
    how long it takes and how hard it is stay: labels with their values, labels above them, values.
    """
    blocks, at = page.blocks, _ingredients(page)
    kept = kept_numbers(decisions) if at is not None else ()
    if at is None or not kept:
        return
    first = max(0, at - ABOVE_MAX) if page.headline is None else page.headline + 1
    said = {n: _kinds(blocks[n].text) for n in range(first, kept[-1]) if _may_tell(page, n)}
    facts = {number for number, kinds in said.items() if _is_fact(kinds)}
    for number, kinds in said.items():
        if _is_label(kinds) and _is_value(said.get(number + 1, "")):
            facts |= {number, number + 1}
    facts |= {n for n, kinds in said.items() if kinds == "h" and {n - 1, n + 1} & facts}
    for number in facts:
        if not decisions[number].kept:
            keep(decisions, number, FACT)


def _ingredients(page: PageFeatures) -> int | None:
    """The number of the heading, or of the label, of what a recipe takes."""
    blocks, heads = page.blocks, _heads()
    for number in page.headings:
        if blocks[number].size <= HEAD_MAX_WORDS and blocks[number].words[:1] in heads:
            return number
    label = next((words for words in heads if words in page.texts), None)
    return label and next(n for n, block in enumerate(blocks) if block.words == label)


def _may_tell(page: PageFeatures, number: int) -> bool:
    block = page.blocks[number]
    is_line = block.size <= FACT_MAX_WORDS and not (block.link_chars or block.is_caption)
    return is_line and not page.near[number] & _NOT_OF_RECIPE


def _kinds(text: str) -> str:
    """What a line consists of: a letter each for a number, a label, a unit, what may be both, a
    word around these, how hard something is; "?" for any other word.
    """
    known, parts, kinds, at = _table(), _PART.findall(text.lower()), "", 0
    while at < len(parts):
        part, size = parts[at], PHRASE_MAX_WORDS
        if part >= _UNSPACED_FROM and (part,) not in known:
            ends = (end for end in range(len(part) - 1, 0, -1) if (part[:end],) in known)
            end = next(ends, len(part))
            parts[at : at + 1] = filter(None, (part[:end], part[end:]))
        while size > 1 and tuple(parts[at : at + size]) not in known:
            size -= 1
        is_number = part.isdigit() or part in _FRACTIONS
        kinds += "n" if is_number else known.get(tuple(parts[at : at + size]), "?")
        at += size
    return kinds


def _is_fact(kinds: str) -> bool:
    """Whether a line is a label with its value, or a number with its unit, and little else: what
    there is of it, behind the number that says how many.
    """
    has_label = "l" in kinds or "b" in kinds
    is_value = "nu" in kinds or "nb" in kinds
    if "?" in kinds:
        is_counted = kinds.count("?") <= COUNTED_MAX_WORDS and "n" in kinds[: kinds.index("?")]
        return is_counted and kinds[0] in "lb"
    return is_value or (has_label and ("n" in kinds or "h" in kinds))


def _is_label(kinds: str) -> bool:
    return bool(kinds) and set(kinds) <= _OF_LABELS and kinds[0] != "a"


def _is_value(kinds: str) -> bool:
    return kinds[:1] in ("n", "h") and kinds.count("?") <= COUNTED_MAX_WORDS
