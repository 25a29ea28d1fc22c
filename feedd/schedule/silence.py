"""When a feed has fallen silent: far longer than it ever was between two entries of late."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from feedd.units import DAY_S

ENTRIES_LOOKED_AT: Final = 20
"""So many of the latest entries tell a feed's habit."""

ENTRIES_NEEDED: Final = 5
SHORTEST_SILENCE_S: Final = 14 * DAY_S
TIMES_THE_LONGEST: Final = 3
"""Silence is noticed after so many times the longest pause between those entries."""


def silent_since(times: Sequence[int], now: int) -> int | None:
    """When a feed fell silent (its latest entry), from its latest entries' times, the newest first;
    None where it has not, or where too little is known.
    """
    if len(times) < ENTRIES_NEEDED:
        return None
    longest_s = max(later - earlier for later, earlier in pairwise(times))
    silent_s = now - times[0]
    return times[0] if silent_s > max(SHORTEST_SILENCE_S, TIMES_THE_LONGEST * longest_s) else None
