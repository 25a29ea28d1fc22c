"""What had to be rescued or bounded in a document, collected in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from feedd.parsing.limits import PROBLEMS_MAX


class Problems:
    """Each problem once, with how often it was met."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._met: Counter[str] = Counter(known)

    def note(self, problem: str) -> None:
        self._met[problem] += 1

    def words(self) -> tuple[str, ...]:
        said = [
            problem if times == 1 else f"{problem} ({times} times)"
            for problem, times in self._met.items()
        ]
        if len(said) > PROBLEMS_MAX:
            said = [*said[: PROBLEMS_MAX - 1], f"and {len(said) - PROBLEMS_MAX + 1} more kinds"]
        return tuple(said)
