"""Choices by chance, the same each time for the same number, with every version of Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Makes choices. (Only `random()` draws, which never changes: `choice` and the like may.)"""

    def __init__(self, number: int) -> None:
        self._random = random.Random(number)

    def one(self, choices: Sequence[T]) -> T:
        """One of them."""
        return choices[self.below(len(choices))]

    def some(self, choices: Sequence[T], most: int) -> list[T]:
        """Up to so many, some perhaps twice."""
        return [self.one(choices) for _ in range(self.below(most + 1))]

    def below(self, count: int) -> int:
        """A number from 0 on."""
        return int(self._random.random() * count)

    def holds(self, share: float) -> bool:
        """True as often as `share` says."""
        return self._random.random() < share
