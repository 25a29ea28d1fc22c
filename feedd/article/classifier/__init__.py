"""Learned trees applied: how sure it is that a block is part of the article.

An ensemble of gradient-boosted decision trees over a block's features, in `trees.json`: the sum of
one leaf of each tree, through the logistic function. `benchmarks/train_blocks.py` makes the table.
Here it becomes a program of comparisons, which takes a quarter of the time of going down a table.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

from feedd.article.classifier.features import (
    ASKED,
    LONG_MIN_WORDS,
    NOTHING,
    STANDING,
    PageFeatures,
    Row,
)
from feedd.article.tree.blocks import Block, BlockDecision

DECIDED_AFTER_TREES: Final = 50
DECIDED_EACH_TREES: Final = 20
DECIDED_BELOW: Final = -2.5
DECIDED_ABOVE: Final = 2.2
GROWTH: Final = 0.26
"""A block is decided early where its sum is below or above these bounds after the first
`DECIDED_AFTER_TREES` trees, or after `DECIDED_EACH_TREES` more, and so on; its sum over all trees
is estimated: sums grow with the number of trees to the power `GROWTH`. By trees that did not know
their sites, of 39,448 blocks above two came to a score below 0.6, of 29,051 below none to one above
0.18."""

HOPELESS: Final = -4.4
"""The mean sum of hopeless blocks: those that no words could bring up to `DECIDED_BELOW`."""

LOST_AFTER_TREES: Final = 15
LOST_BELOW: Final = -1.8
"""Whether a block is hopeless is known where the most that it can have after so many trees is less
than this: none of 1,096 pages came out otherwise for it, and the lowest of 630 that had hope had
-1.63."""

HOPEFUL_AFTER_TREES: Final = 6
HOPEFUL_ABOVE: Final = -0.3
"""It is not hopeless where it may have more than this after so many trees: of 2,607 such blocks two
were."""
SUMMED_AT_ONCE: Final = 25
"""How many trees of a program are one expression: each is stored, and a longer one nests deeply."""
KEEP_FROM: Final = 0.45
"""Blocks scored at least this likely to be article text are kept: losing is worse than keeping."""
SURE_FROM: Final = 0.6
"""From this score on a block convinces by itself."""
DOUBTFUL_SHARE: Final = 0.5
"""Where too few words convince, blocks with this share of the best prose's score are kept."""
SENTENCE_MIN_WORDS: Final = 10
"""From so many words on a line that ends like a sentence is prose."""
PARAGRAPH_MIN_WORDS: Final = 15
"""From so many words on a line is no label, name or day."""
ARTICLE_MIN_WORDS: Final = 100
"""Fewer words are no article: a box with them may be a teaser's."""
AMID_FROM: Final = 0.28
"""Sentences and tables amid the text are kept from this on, whatever their boxes are called."""
ABOVE_FROM: Final = 0.25
"""Long sentences between the headline and the text, and items below a heading of it."""
PART_FROM: Final = 0.2
"""Headings and items amid the text; any line but a label amid four lines that are kept."""
AMONG_FROM: Final = 0.15
"""Sentences amid four kept lines, or amid kept lines of their make: of 3,000 words eleven of twelve
are text."""
PART_LINKS_MAX_SHARE: Final = 0.3
KEEP_FROM_MIN: Final = 0.1
"""The least score from which on blocks are kept on any page."""

_EXITS_AT_MOST: Final = {
    HOPEFUL_AFTER_TREES: f"if total > {HOPEFUL_ABOVE}: return total",
    LOST_AFTER_TREES: f"if total < {LOST_BELOW}: return {HOPELESS}",
}

Table = Mapping[str, Any]
"""The names of the features used, a bias, and trees: a tree is a leaf's number, or a feature's
number, a threshold, the tree for values up to it, and the tree for those above."""
_Sum = Callable[[Row], float]


class Trees:
    """The trees of a table, for rows whose columns have these names. `exits` are statements that
    the program runs after so many trees, which may return before the rest, by the `total` so far.
    """

    def __init__(
        self, table: Table, names: Sequence[str], exits: Mapping[int, str] | None = None
    ) -> None:
        columns = [names.index(name) for name in table["names"]]
        self._added = _program(
            table["trees"], columns, float(table["bias"]), len(names), exits or {}
        )

    def score(self, row: Row) -> float:
        return _likelihood(self._added(row))


class Ensemble(Trees):
    """The trees for blocks, left as soon as a block is decided or hopeless."""

    def __init__(self, table: Table, names: Sequence[str] = ASKED) -> None:
        trees, bias = table["trees"], float(table["bias"])
        early = range(DECIDED_AFTER_TREES, len(trees), DECIDED_EACH_TREES)
        super().__init__(table, names, {done: _decided(done, len(trees)) for done in early})
        columns = [names.index(name) for name in table["names"]]
        first = trees[:DECIDED_AFTER_TREES] if early else []
        known = [column if column < STANDING else None for column in columns]
        self._at_most = _program(first, known, bias if first else 0.0, STANDING, _EXITS_AT_MOST)

    def is_hopeless(self, standing: Row) -> bool:
        """Whether no words could save a block that stands as this beginning of its row says."""
        return self._at_most(standing) < DECIDED_BELOW


def _decided(done: int, trees: int) -> str:
    grown = f"total * {(trees / done) ** GROWTH!r}"
    lost = HOPELESS if done == DECIDED_AFTER_TREES else grown  # as is one whose words are not read
    return f"if total < {DECIDED_BELOW}: return {lost}\n if total > {DECIDED_ABOVE}: return {grown}"


_in_use: ContextVar[Ensemble | None] = ContextVar("ensemble in use", default=None)


@contextmanager
def using(ensemble: Ensemble) -> Iterator[None]:
    """Score by another ensemble: for learning and measuring."""
    token = _in_use.set(ensemble)
    try:
        yield
    finally:
        _in_use.reset(token)


@cache
def load() -> Ensemble:
    """The trees of the package; called before the first page, that page needs not wait for them."""
    text = files("feedd.article.classifier").joinpath("trees.json").read_text(encoding="utf-8")
    return Ensemble(json.loads(text))


def score(rows: Sequence[Row], wording: Callable[[int], Row] | None = None) -> list[float]:
    """The certainty for each row of features, 0 to 1. Where the rows lack their `wording`, that
    gives the end of a row by its number; it is not called for hopeless ones.
    """
    ensemble = _in_use.get() or load()
    asked = {number: row for number, row in enumerate(rows) if row is not NOTHING}
    scores = dict.fromkeys(range(len(rows)), 0.0)
    if wording is not None:  # one program after the other: they are large
        hopeless = [number for number, row in asked.items() if ensemble.is_hopeless(row)]
        scores |= dict.fromkeys(hopeless, _likelihood(HOPELESS))
        for number in hopeless:
            del asked[number]
        asked = {number: [*row, *wording(number)] for number, row in asked.items()}
    scores |= {number: ensemble.score(row) for number, row in asked.items()}
    return list(scores.values())


def keep_from(judged: Iterable[tuple[float, int]]) -> float:
    """The score from which on the blocks of a page are kept, by their scores and sizes in words.

    It is the one at which the kept words have the best F1 to be expected, which is half of that F1:
    of a page on which little is sure more is kept.
    """
    best_first = sorted(judged, reverse=True)
    expected = sum(score * size for score, size in best_first)
    best = right = 0.0
    words = 0
    for score, size in best_first:
        if score < best:
            break  # it lowers what there is, as do all after it
        words += size
        right += score * size
        best = right / (words + expected or 1)
    return max(best, KEEP_FROM_MIN)


def expected_f1(judged: Iterable[tuple[float, int, bool]]) -> float:
    """The F1 to be expected of the kept words, if each block is as likely text as its score says.
    `judged` has score, number of words, and whether it is kept, of each block.
    """
    expected = right = 0.0
    words = 0
    for score, size, is_kept in judged:
        expected += size * score
        right += size * score * is_kept
        words += size * is_kept
    return 2 * right / (words + expected or 1)


def _likelihood(total: float) -> float:
    """The logistic function, in a form that never overflows."""
    return 0.5 + 0.5 * math.tanh(total / 2)


def _program(
    trees: Sequence[Any],
    columns: Sequence[int | None],
    bias: float,
    width: int,
    exits: Mapping[int, str],
) -> _Sum:
    """A function that adds up the leaves that a row of `width` numbers reaches, as a program of
    comparisons; where a column is not known (None), the higher branch. It unpacks the row at its
    beginning: that costs less than an index in each comparison.
    """
    named = ["" if column is None else f"column{column}" for column in columns]
    row = ", ".join(f"column{number}" for number in range(width))
    lines = ["def added(row):", f" {row}, = row", f" total = {bias!r}"]
    written = [_written(tree, named) for tree in trees]
    cuts = {*range(0, len(trees), SUMMED_AT_ONCE), *(done for done in exits if done < len(trees))}
    for begin, end in pairwise((*sorted(cuts), len(trees))):
        if begin in exits:
            lines.append(f" {exits[begin]}")
        lines.append(" + ".join([" total = total", *written[begin:end]]))
    lines.append(" return total")
    space: dict[str, Any] = {}
    exec("\n".join(lines), space)  # numbers only: no word of a table gets into the program
    added: _Sum = space["added"]
    return added


def _written(tree: Any, columns: Sequence[str]) -> str:
    if not isinstance(tree, list):
        return repr(float(tree))
    number, threshold, *branches = tree
    below, above = (_written(branch, columns) for branch in branches)
    if not columns[number]:
        return f"max({below}, {above})"
    return f"({below} if {columns[number]} <= {float(threshold)!r} else {above})"


def by_score(block: Block, score: float, least: float) -> BlockDecision:
    if block.is_caption:
        return BlockDecision(False, "caption: stays with its picture", score, caption=True)
    if score >= least:
        return BlockDecision(True, "reads like article text", score)
    return BlockDecision(False, "reads like boilerplate", score)


def by_best(
    page: PageFeatures, scores: Sequence[float], expected_from: float
) -> list[BlockDecision]:
    """Decisions for a page on which too few words convince: prose that scores nearly as well as the
    best is kept, and other blocks from the score for parts, or from `expected_from`, on.
    """
    blocks = page.blocks
    paths = [{e for e in block.path if e.tag == "article"} for block in blocks]
    own = paths[page.headline] if page.headline is not None else set()
    apart = {n for n, path in enumerate(paths) if own and path and path.isdisjoint(own)}
    plain = [
        number
        for number, block in enumerate(blocks)
        if not block.is_caption and block.link_density < PART_LINKS_MAX_SHARE
    ]
    plain = [n for n in plain if scores[n] >= KEEP_FROM_MIN] or plain
    prose = {number for number in plain if blocks[number].size >= LONG_MIN_WORDS}
    others_from = 0.0
    if not prose:
        prose = {n for n in plain if page.stops[n] and blocks[n].size >= SENTENCE_MIN_WORDS}
        others_from = PART_FROM if prose else 0.0
    chosen = prose or {n for n, b in enumerate(blocks) if not (b.is_caption or n in apart)}
    least = min(max((scores[n] for n in chosen), default=1.0) * DOUBTFUL_SHARE, KEEP_FROM)
    others_from = max(others_from, min(expected_from, least) if not prose else expected_from)
    return [
        BlockDecision(True, "reads more like article text than the rest of the page", score)
        if not block.is_caption
        and number not in apart
        and score >= (least if number in prose else others_from)
        else by_score(block, score, KEEP_FROM)
        for number, (block, score) in enumerate(zip(blocks, scores, strict=True))
    ]
