"""Learned weights applied: how sure it is that a block is part of the article.

A logistic regression: the sum of a block's features, each times its weight in `weights.json`,
through the logistic function. `benchmarks/train_blocks.py` makes the table.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

_in_use: ContextVar[Mapping[str, float] | None] = ContextVar("weights in use", default=None)


@contextmanager
def using(table: Mapping[str, float]) -> Iterator[None]:
    """Judge by another table: for learning and measuring."""
    token = _in_use.set(table)
    try:
        yield
    finally:
        _in_use.reset(token)


def weights() -> Mapping[str, float]:
    """Weight by feature name."""
    return _in_use.get() or _own()


@cache
def _own() -> Mapping[str, float]:
    text = files("feedd.article").joinpath("weights.json").read_text(encoding="utf-8")
    table: dict[str, float] = json.loads(text)
    return table


def judge(rows: Sequence[Mapping[str, float] | None]) -> list[float]:
    """The certainty for each row of features, 0 to 1; 0 where there is no row."""
    table = weights()
    return [
        0.0
        if row is None
        else _logistic(sum(table.get(name, 0.0) * value for name, value in row.items()))
        for row in rows
    ]


def _logistic(total: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
