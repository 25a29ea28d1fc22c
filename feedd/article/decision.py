"""What is decided about a block of a page, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """About one block: `score` is the learned certainty, `why` the deciding reason in words."""

    kept: bool
    why: str
    score: float
    caption: bool = False


def take_back(decisions: list[Decision], number: int, why: str) -> None:
    """The block is kept no longer."""
    decisions[number] = Decision(False, why, decisions[number].score)
