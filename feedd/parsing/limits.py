"""How much of a document is taken, and what had to be rescued or bounded in it, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

PARSE_CPU_S: Final = 10.0
"""Computed for one document, in a worker process: a busy machine costs no feed its entries."""

PARSE_TIMEOUT_S: Final = 60.0
"""By the clock: the backstop for what waits instead of computing."""

ENTRIES_MAX: Final = 10_000
"""New entries built in one reading, in the order of the document."""

DEPTH_MAX_ELEMENTS: Final = 250
TITLE_MAX_CHARS: Final = 1_000
CONTENT_MAX_CHARS: Final = 2_000_000
SUMMARY_MAX_CHARS: Final = 20_000
GUID_MAX_CHARS: Final = 2_048
"""A longer identifier is stored as its beginning and a hash of the whole: it still identifies."""

GUID_KEPT_CHARS: Final = 200
AUTHOR_MAX_CHARS: Final = 300
PERSON_MAX_CHARS: Final = 500
"""A longer author field is taken as it stands: looking for an address in it takes too long."""

CATEGORIES_MAX: Final = 50
CATEGORY_MAX_CHARS: Final = 200
ENCLOSURES_MAX: Final = 50
LANGUAGE_MAX_CHARS: Final = 35
TYPE_MAX_CHARS: Final = 100
PROBLEMS_MAX: Final = 10

PROLOGUE_MAX_CHARS: Final = 65_536
"""So far into a document its root is looked for."""


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
