"""Which texts of different feeds are one story: nearly the same words, whatever stands around them.

A text is cut into shingles, runs of `SHINGLE_WORDS` words (Broder: On the resemblance and
containment of documents, 1997). A few of their hashes, the smallest ones, find candidates: two
texts that share most shingles share most of those as well. Whether candidates are one story is
then decided on all their shingles, without those that recur in other texts of their feeds: a
house's footer makes no two of its articles one story, and does not keep two copies apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from zlib import crc32

from feedd.units import DAY_S

STORY_S: Final = 7 * DAY_S
"""Entries of one story are published so far apart at most."""

MIN_WORDS: Final = 50
"""Shorter texts tell nothing: many of a kind differ in a name and a number."""

COMPARED_WORDS: Final = 3_000
"""Of longer texts the beginning is compared."""

SHINGLE_WORDS: Final = 3

WHOLE_HASHES, LEAD_HASHES = 10, 6
"""How many hashes of the whole text and of its lead find candidates. A summary is the lead of the
full text, and shares hardly any of the former.
"""

LEAD_WORDS: Final = MIN_WORDS

SHARED_HASHES: Final = 2
"""Candidates share so many."""

NEARLY_SAME: Final = 0.65
"""How much of the shorter text stands in the longer one. Of 20 words 1 may differ: each changes
three shingles. Of a rewritten text a third or less is left.
"""

QUOTED_WHOLE: Final = 0.9
"""So much, where the longer one has more than `LONGER` times the shingles: a summary that was taken
from it, not a comment with a quotation in it.
"""

LONGER: Final = 2.5

SAME_NUMBERS: Final = 0.5
"""How many of their numbers two texts have in common that are not word for word the same: what a
form of words tells of two cases differs in these.
"""

FEW_NUMBERS: Final = 3

WORD_FOR_WORD: Final = 0.95

_WORD = re.compile(r"\w+")


class StoryText(NamedTuple):
    """A text as it is compared: hashes of its shingles, and the numbers in it."""

    shingles: frozenset[int]
    numbers: frozenset[str]


def story_words(text: str) -> list[str]:
    """The words that are compared; fewer than `MIN_WORDS` are none to compare."""
    return _WORD.findall(text.casefold())[:COMPARED_WORDS]


def story_text(words: Sequence[str]) -> StoryText:
    """The words as they are compared."""
    return StoryText(
        frozenset(_shingles(words)),
        frozenset(word for word in words if word.isdigit()),
    )


def sketch(words: Sequence[str]) -> frozenset[int]:
    """The hashes that find texts like this one: 32 bits each, `WHOLE_HASHES + LEAD_HASHES` at most.

    Empty for a text that is too short to be compared.
    """
    if len(words) < MIN_WORDS:
        return frozenset()
    shingles = _shingles(words)
    lead = shingles[: LEAD_WORDS - SHINGLE_WORDS + 1]
    return frozenset(sorted(set(shingles))[:WHOLE_HASHES] + sorted(set(lead))[:LEAD_HASHES])


def recurring(texts: Iterable[StoryText]) -> frozenset[int]:
    """The shingles that stand in more than one of these texts of a feed."""
    counts = Counter(shingle for text in texts for shingle in text.shingles)
    return frozenset(shingle for shingle, count in counts.items() if count > 1)


def is_version(one: StoryText, other: StoryText) -> bool:
    """Are these of one feed two versions of one article, not two articles of one house?"""
    shorter = min(len(one.shingles), len(other.shingles))
    return len(one.shingles & other.shingles) >= QUOTED_WHOLE * shorter


def similarity(
    one: StoryText, other: StoryText, without: frozenset[int] = frozenset()
) -> float | None:
    """How much of the shorter text stands in the longer, 0 to 1; None: they are two stories.

    `without` are shingles that say nothing, as they recur in the feeds that the texts are from.
    """
    a, b = one.shingles - without, other.shingles - without
    shorter, longer = sorted((len(a), len(b)))
    if shorter < MIN_WORDS // 2:
        return None
    shared = len(a & b) / shorter
    if shared < (QUOTED_WHOLE if longer > LONGER * shorter else NEARLY_SAME):
        return None
    if shared < WORD_FOR_WORD and _numbers_differ(one.numbers, other.numbers):
        return None
    return shared


def _numbers_differ(one: frozenset[str], other: frozenset[str]) -> bool:
    fewer = min(len(one), len(other))
    return fewer >= FEW_NUMBERS and len(one & other) < SAME_NUMBERS * fewer


def _shingles(words: Sequence[str]) -> list[int]:
    text = " ".join(words).encode("utf-8", "replace")
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word.encode("utf-8", "replace")) + 1)
    return [
        crc32(text[start : end - 1])
        for start, end in zip(starts, starts[SHINGLE_WORDS:], strict=False)
    ]
