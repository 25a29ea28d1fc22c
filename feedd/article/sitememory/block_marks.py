"""By which marks a block is known again on other pages, though numbers, days and names change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from feedd.article.sitememory import fingerprint, undated
from feedd.article.tree import HEADINGS
from feedd.article.tree.blocks import STOPS, Block, written_words

LASTING_MAX_WORDS: Final = 40
"""In a longer text names are no blanks of a form."""
PARTICLE_MAX_CHARS: Final = 3
INITIAL_MAX_CHARS: Final = 2
"""A stop after so few letters ends no sentence: "M. Doyle"."""
_NAMED: Final = HEADINGS | {"li", "dd", "dt", "table", "pre"}
_OF_GERMAN: Final = frozenset(
    ("der", "die", "das", "den", "dem", "des", "ein", "eine", "und", "ist", "wird", "nicht")
)
_STOP = re.compile(rf"[{STOPS}]")


def marks(block: Block) -> tuple[int, ...]:
    """The fingerprints by which a block is known to recur: of what stays when numbers, days and
    names change, and, where there are such, of all its words.
    """
    exact = fingerprint(block.words, exact=True)
    if block.element.tag in ("table", "pre"):
        return (exact,)
    left = undated(_lasting(block))
    return (exact,) if left is block.words else (fingerprint(left, exact=True), exact)


def _lasting(block: Block) -> Sequence[str]:
    """A line's words without names, which capitals show, if more than one is left. In headings and
    items capitals and names say what they are about.
    """
    if block.element.tag in _NAMED or block.size > LASTING_MAX_WORDS:
        return block.words
    said, named = capitals(block.text)
    if True not in named:
        return block.words
    for at in range(1, len(said) - 1):  # "Anneke de Wit"
        if named[at - 1] and len(said[at]) <= PARTICLE_MAX_CHARS and said[at + 1][0].isupper():
            named[at] = not said[at].isdigit()
    left = [word.lower() for word, is_name in zip(said, named, strict=True) if not is_name]
    return left if len(left) > 1 else block.words


def capitals(text: str) -> tuple[list[str], list[bool]]:
    """A line's words, and which are names by their capitals: not those that begin a sentence,
    unless the next word has one, too.
    """
    said = written_words(text)
    named = [word[0].isupper() for word in said]
    begins, at = [0], 0
    if _STOP.search(text, 0, len(text) - 2):
        for sentence in _STOP.split(text)[:-1]:
            at += len(written_words(sentence))
            if at and len(said[at - 1]) > INITIAL_MAX_CHARS:
                begins.append(at)
    for at in begins:
        if named[at : at + 2] != [True, True]:
            named[at : at + 1] = [False] * len(named[at : at + 1])
    return said, named


def names_somebody(block: Block) -> bool:
    """Whether a line names somebody or something: capitals within it show it; in German only two
    in a row.
    """
    said, named = capitals(block.text)
    if _OF_GERMAN.isdisjoint(block.words):
        return any(named)
    return any(
        is_name and said[at][0].isupper() and said[at].lower() not in _OF_GERMAN
        for at, is_name in enumerate(named[1:])
    )
