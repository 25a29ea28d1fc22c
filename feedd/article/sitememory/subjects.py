"""What a line speaks of, by the beginnings of its words in some sixty languages.

Furniture speaks of who made a text, how to reach them, what they sell, who pays; content that
recurs of what one has to mind, and how something was measured. Asked only of what recurs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from feedd.article.lexicon import lines_of
from feedd.article.tree.blocks import Block, words_of

SUBJECTS: Final = (
    *("makers", "contact", "trade", "media", "backing", "rights", "record", "house"),
    *("parting", "caution", "measure", "beside"),
)
"""The subjects of `subjects.txt`, in the order of their bits."""
PUBLISHING: Final = (1 << 8) - 1
"""The bits of the first eight: about a text's making, its publisher and its readers."""
BESIDE: Final = 1 << SUBJECTS.index("beside")

_BESIDE: Final = ("beside",)
"""What is asked of all lines, and so known without the rest of the table."""
_OF_PAGE: Final = PUBLISHING | BESIDE
_UNSPACED = re.compile(
    "[\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
"""Scripts whose words are looked for in parts of lines: without blanks, or with vowels that are
signs, no letters."""
_JOINED = re.compile(r"(?:[وبل]?ال|لل|[והלב])(?=\w{3})")
"""What Arabic and Hebrew write together with the word that follows."""


class _Words:
    """The table of some subjects: their bits by whole words, by beginnings, by parts of lines."""

    def __init__(self, subjects: Sequence[str]) -> None:
        self.whole: dict[str, int] = {}
        self.beginnings: dict[str, int] = {}
        self.parts: dict[str, int] = {}
        for line in lines_of("subjects.txt"):
            subject, _, words = line.partition(":")
            if subject not in subjects:
                continue
            bit = 1 << SUBJECTS.index(subject)
            for word in words.split():
                table = self.whole if word.endswith("_") else self.beginnings
                if _UNSPACED.match(word):
                    table = self.parts
                word = word.rstrip("_").removeprefix("ال")
                table[word] = table.get(word, 0) | bit
        self.lengths = sorted({len(word) for word in self.beginnings})

    def of(self, word: str) -> int:
        """The subjects of one word."""
        found = self.whole.get(word, 0)
        for length in self.lengths:
            if length > len(word):
                break
            found |= self.beginnings.get(word[:length], 0)
        return found


_table = cache(_Words)


def load() -> None:
    """Read the table, which takes some 5 ms, before the first line is asked about."""
    _table(SUBJECTS)


def points_beside(label: str) -> bool:
    """Whether a label stands before what the series has beside the page: "Previous chapter:"."""
    return bool(_subjects_of(words_of(label), label, _table(_BESIDE)))


def subjects_of(block: Block) -> int:
    """The subjects that a line speaks of, as bits."""
    return _subjects_of(block.words, block.text, _table(SUBJECTS))


def subjects_in(label: str) -> int:
    """The subjects that a label speaks of, as bits."""
    return _subjects_of(words_of(label), label, _table(SUBJECTS))


def is_of_text(line: str) -> bool:
    """Whether a line speaks of none of what furniture speaks of: of its making, its publisher, its
    readers, what stands beside it.
    """
    return not subjects_in(line) & _OF_PAGE


def _subjects_of(words: Sequence[str], text: str, table: _Words) -> int:
    found = 0
    for word in words:
        found |= table.of(word)
        if not word.isascii() and (joined := _JOINED.match(word)):
            found |= table.of(word[joined.end() :])
    if not text.isascii() and _UNSPACED.search(text):
        for part, bits in table.parts.items():
            if part in text:
                found |= bits
    return found
