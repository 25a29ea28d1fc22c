"""What a page says again: pull quotes, copies for other screens, one block that holds them all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from feedd.article.blocks import Block, BlockDecision, take_back

ECHO_MIN_WORDS: Final = 5
COPY_MIN_WORDS: Final = 30
NEAR_COPY_MIN_WORDS: Final = 8
"""Right below the container that says the same."""
_PULLED = re.compile(r"pull-?quote|\bpull|quote", re.IGNORECASE).search


RETELLING_GAP: Final = 7
"""Texts are compared by pairs of words so far apart: others' words seldom stand so."""
RETELLING_MIN_WORDS: Final = 80
"""Shorter blocks are not asked whether they say again what others say."""


def without_retellings(blocks: list[Block]) -> list[Block]:
    """The blocks less those long ones whose text is there in pieces, too: pages keep a copy of the
    article for scripts and search engines.
    """
    long = [block for block in blocks if len(block.words) >= RETELLING_MIN_WORDS]
    if not long:
        return blocks
    said = {
        block: frozenset(zip(block.words, block.words[RETELLING_GAP:], strict=False))
        for block in blocks
        if len(block.words) > RETELLING_GAP
    }
    retelling = set()
    for block in long:
        pieces: set[tuple[str, str]] = set()
        for other, pairs in said.items():
            if len(other.words) * 2 < len(block.words):
                pieces |= pairs & said[block]
        if len(pieces) * 2 > len(said[block]):
            retelling.add(block)
    return [block for block in blocks if block not in retelling]


def drop_echoes(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """A pull quote says again, larger, what a paragraph says: once is enough."""
    kept = [number for number, decision in enumerate(decisions) if decision.kept]
    apart = {number for number in kept if _is_set_apart(blocks[number])}
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
    blocks: Sequence[Block], decisions: list[BlockDecision], titles: Sequence[tuple[str, ...]]
) -> None:
    """Pages hold a text anew for phones and tablets: a container all of whose text was said before
    goes. A refrain stands among what is new.
    """
    held: defaultdict[HtmlElement, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        if decisions[number].kept and block.words and block.path:
            held[block.path[-1]].append(number)
    said = set(titles)
    before: set[tuple[str, ...]] = set()
    for numbers in held.values():
        words = [blocks[number].words for number in numbers]
        least = NEAR_COPY_MIN_WORDS if before.issuperset(words) else COPY_MIN_WORDS
        before = set(words)
        if sum(map(len, words)) >= least and said.issuperset(words):
            for number in numbers:
                take_back(decisions, number, "a copy of what was said before")
        said.update(words)
