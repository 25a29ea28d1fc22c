"""Learned trees applied: how sure it is that a block is part of the article.

An ensemble of gradient-boosted decision trees over a block's features, in `trees.json`: the sum of
one leaf of each tree, through the logistic function. `benchmarks/train_blocks.py` makes the table.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any, Final

from feedd.article.features import Row

HOPELESS_AFTER_TREES: Final = 30
HOPELESS_BELOW: Final = -3.0
"""A block whose sum is below this after so many trees is not asked further: of 5,000 such blocks
none reached a score of 0.2."""

Ensemble = Mapping[str, Any]
"""The names of the features used, a bias, and trees: a tree is a leaf's number, or a feature's
number, a threshold, the tree for values up to it, and the tree for those above."""

_in_use: ContextVar[Ensemble | None] = ContextVar("ensemble in use", default=None)


@contextmanager
def using(ensemble: Ensemble) -> Iterator[None]:
    """Score by another ensemble: for learning and measuring."""
    token = _in_use.set(ensemble)
    try:
        yield
    finally:
        _in_use.reset(token)


def load() -> None:
    """Read the table now, not with the first page."""
    _own()


@cache
def _own() -> Ensemble:
    text = files("feedd.article").joinpath("trees.json").read_text(encoding="utf-8")
    ensemble: Ensemble = json.loads(text)
    return ensemble


def score(rows: Sequence[Row]) -> list[float]:
    """The certainty for each row of features, 0 to 1."""
    ensemble = _in_use.get() or _own()
    names, bias, trees = ensemble["names"], ensemble["bias"], ensemble["trees"]
    begin, rest = trees[:HOPELESS_AFTER_TREES], trees[HOPELESS_AFTER_TREES:]
    scores = []
    for row in rows:
        get = row.get
        values = [get(name, 0.0) for name in names]
        total = bias + _sum(begin, values)
        if total >= HOPELESS_BELOW:
            total += _sum(rest, values)
        scores.append(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))))
    return scores


def _sum(trees: Sequence[Any], values: Sequence[float]) -> float:
    total = 0.0
    for node in trees:
        while node.__class__ is list:
            node = node[2] if values[node[0]] <= node[1] else node[3]
        total += node
    return total
