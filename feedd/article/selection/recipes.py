"""What a recipe says beside its ingredients and steps: for how many, how long, how hard."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import INGREDIENTS, parted, sections_of
from feedd.article.tree.blocks import Block, BlockDecision, keep_all, kept_numbers, together
from feedd.article.tree.elements import HEADINGS, QUESTION_ENDS
from feedd.article.tree.markup import group_bits

FACT_MAX_WORDS: Final = 16
"""Of a line that says all at once: for how many, three times, and how hard."""
HEAD_MAX_WORDS: Final = 8
"""“Ingredients for four people and a dog”."""
ABOVE_MAX: Final = 20
BELOW_MAX: Final = 40
"""How many lines above and below the heading of the ingredients facts may stand."""
COUNTED_MAX_WORDS: Final = 2
"""“Makes 12 hot buns”."""
PHRASE_MAX_WORDS: Final = 3
NOTES_LEVELS: Final = 3
"""In how many boxes around the ingredients' heading notes may stand."""
FACT: Final = "for how many, how long or how hard"
_NOT_OF_RECIPE: Final = group_bits("share", "comment", "subscribe", "ads", "related", "toc")
_OF_LABELS: Final = frozenset("lba")
_DIGIT = re.compile(r"\d").search
_FRACTIONS: Final = "½¼¾⅓⅔"
_UNSPACED_FROM: Final = "\u3000"
"""From this character on words stand without blanks: the longest known one is parted off."""
_PART = re.compile(rf"\d+|[{_FRACTIONS}]|[^\W\d_]+")
"""Letters stand without a blank beside digits: “Prep time20 mins”, “2인분”."""


def _table() -> dict[str, str]:
    """What each phrase of the table is, as a letter: "b" for a unit that may be a label, too."""
    table = sections_of("recipe_facts.txt").items()
    kinds = {kind: dict.fromkeys(parted(phrases), kind[0]) for kind, phrases in table}
    both = dict.fromkeys(kinds["label"].keys() & kinds["unit"], "b")
    return {phrase: kind for known in (*kinds.values(), both) for phrase, kind in known.items()}


_KNOWN: Final = _table()


def take_facts(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep short lines near the ingredients, down to the end of the text, that say for how many a
    recipe is, how long it takes or how hard it is: values, labels with or right above their values.
    """
    heads = _ingredients(page)
    kept = kept_numbers(decisions) if heads else ()
    if not kept:
        return
    first = 0 if page.headline is None else page.headline + 1
    near = {n for at in heads for n in range(max(first, at - ABOVE_MAX), at + BELOW_MAX)}
    found = (n for n in sorted(near) if n < kept[-1] and _may_tell(page, n))
    said = {number: _kinds(_spaced(page.blocks[number])) for number in found}
    facts = {number for number, kinds in said.items() if _is_fact(kinds)}
    for number, kinds in said.items():
        if _is_label(kinds) and _is_value(said.get(number + 1, "")):
            facts |= {number, number + 1}
    facts |= {n for n, kinds in said.items() if kinds == "h" and {n - 1, n + 1} & facts}
    keep_all(decisions, facts, FACT)
    for part in (part for number in facts for part in page.blocks[number].element):
        part.tail = part.tail or " "
    _take_notes(page, decisions, heads[0])


def _take_notes(page: PageFeatures, decisions: list[BlockDecision], ingredients: int) -> None:
    """Keep sections of sentences in the box of a recipe, below the ingredients: what to mind, how
    long it keeps.
    """
    blocks, around = page.blocks, set(page.blocks[ingredients].path[-NOTES_LEVELS:])
    for head in page.headings:
        block = blocks[head]
        may = head > ingredients and not (block.link_chars or around.isdisjoint(block.path))
        if not may or block.size > HEAD_MAX_WORDS or block.text.endswith(QUESTION_ENDS):
            continue
        inside = (n for n in together(blocks, head) if n > head)
        own = [*takewhile(lambda n: blocks[n].element.tag not in HEADINGS, inside)]
        if own and all(_is_note(page, number) for number in (head, *own)):
            keep_all(decisions, (head, *own), "a note on a recipe")


def _is_note(page: PageFeatures, number: int) -> bool:
    block = page.blocks[number]
    may = page.stops[number] or block.element.tag in HEADINGS
    may = may and not (block.is_caption or block.link_chars or page.says[number])
    return may and not page.near[number] & _NOT_OF_RECIPE


def _ingredients(page: PageFeatures) -> list[int]:
    """The numbers of the headings, or labels, of what a recipe takes."""
    blocks = page.blocks
    heads = [n for n in page.headings if blocks[n].words[:1] in INGREDIENTS]
    if heads or not any(map(page.texts.__contains__, INGREDIENTS)):
        return [number for number in heads if blocks[number].size <= HEAD_MAX_WORDS]
    return [number for number, block in enumerate(blocks) if block.words in INGREDIENTS]


def _may_tell(page: PageFeatures, number: int) -> bool:
    block = page.blocks[number]
    is_line = block.size <= FACT_MAX_WORDS and not (block.link_chars or block.is_caption)
    is_line = is_line and (block.size <= PHRASE_MAX_WORDS or _DIGIT(block.text) is not None)
    return is_line and not page.near[number] & _NOT_OF_RECIPE


def _spaced(block: Block) -> str:
    """A line's text, with a blank where its parts meet: each may be a label with its value."""
    return block.text if len(block.element) < 2 else " ".join(block.element.itertext())


def _kinds(text: str) -> str:
    """What a line consists of: a letter each for a number, a label, a unit, what may be both, a
    word around these, how hard something is; "?" for any other word.
    """
    parts, kinds = _PART.findall(text.lower())[::-1], ""
    while parts and kinds[:1] != "?" and kinds.count("?") <= COUNTED_MAX_WORDS:
        part = parts.pop()
        if part.isdigit() or part in _FRACTIONS:
            kinds += "n"
            continue
        for more in range(min(PHRASE_MAX_WORDS - 1, len(parts)), -1, -1):
            phrase = " ".join((part, *parts[: -more - 1 : -1]))
            if kind := _KNOWN.get(phrase, ""):
                del parts[len(parts) - more :]
                break
        if not kind and part >= _UNSPACED_FROM:
            ends = (end for end in range(len(part) - 1, 0, -1) if part[:end] in _KNOWN)
            if end := next(ends, 0):
                kind = _KNOWN[part[:end]]
                parts.append(part[end:])
        kinds += kind or "?"
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
