"""What is remembered of a feed's rhythm: a few dozen decaying counts, kept as a short string.

How they are counted is in `learning`, what follows from them in `forecast` (docs/when-to-poll.md).
"""

from __future__ import annotations

import binascii
import struct
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter

from feedd.schedule.pace import DAY_S, HOUR_S, MINUTE_S

MEMORIES_S = (3 * DAY_S, 25 * DAY_S, 150 * DAY_S, 1500 * DAY_S)
"""The rate is followed over several memories at once, shortest first: some feeds change by the
day, others keep their ways for years."""

FIVE_S = 5 * MINUTE_S
HOURS = 24
DAYS = 7
FIVES = HOUR_S // FIVE_S
"""Five-minute steps of an hour: many feeds publish on the hour, by a clock."""

AGE_EDGES_S = tuple(FIVE_S * 2**power for power in range(15))
"""Bounds between the ages of a feed's latest entry that are told apart, from 5 min to 57 days."""

AGES = len(AGE_EDGES_S) + 1

WAITS = 12
"""Waits are counted by powers of two, see `price`."""

_VERSION = "1"
_LISTS = (
    ("counts", len(MEMORIES_S)),
    ("exposures_s", len(MEMORIES_S)),
    ("trust", len(MEMORIES_S)),
    ("hours", HOURS),
    ("days", DAYS),
    ("fives", FIVES),
    ("age_counts", AGES),
    ("age_expected", AGES),
    ("waited_s", WAITS),
    ("waits", WAITS),
    ("plainly", 2),
)
_lists_of = attrgetter(*(name for name, _ in _LISTS))
_LAYOUT = struct.Struct(f"<2d{sum(length for _, length in _LISTS)}f")


def _zeros(length: int) -> list[float]:
    return [0.0] * length


@dataclass(slots=True)
class Rhythm:
    """Working memory of one decision; between decisions it is the string of `packed`.

    `seen` is the last successful poll, `last_entry` the latest entry's time (0.0: none yet), both
    epoch seconds. Per memory: entries counted, seconds in which they were (weighted by how likely
    an entry was in them), and the logarithm of how far the memory's predictions are trusted.
    `hours`, `days` (Monday first, both UTC) and `fives` count when entries appeared; `age_counts`
    and `age_expected` how many came at each age of their predecessor, and how many there would
    have been had it made no difference. `waited_s` and `waits` are the budget's, see `price`.
    `plainly` holds entries and seconds without any weighing, for telling people.
    """

    seen: float = 0.0
    last_entry: float = 0.0
    counts: list[float] = field(default_factory=lambda: _zeros(len(MEMORIES_S)))
    exposures_s: list[float] = field(default_factory=lambda: _zeros(len(MEMORIES_S)))
    trust: list[float] = field(default_factory=lambda: _zeros(len(MEMORIES_S)))
    hours: list[float] = field(default_factory=lambda: _zeros(HOURS))
    days: list[float] = field(default_factory=lambda: _zeros(DAYS))
    fives: list[float] = field(default_factory=lambda: _zeros(FIVES))
    age_counts: list[float] = field(default_factory=lambda: _zeros(AGES))
    age_expected: list[float] = field(default_factory=lambda: _zeros(AGES))
    waited_s: list[float] = field(default_factory=lambda: _zeros(WAITS))
    waits: list[float] = field(default_factory=lambda: _zeros(WAITS))
    plainly: list[float] = field(default_factory=lambda: _zeros(2))

    def packed(self) -> str:
        """As the string to store: printable, about 600 characters."""
        numbers = chain.from_iterable(_lists_of(self))
        packed = _LAYOUT.pack(self.seen, self.last_entry, *numbers)
        return _VERSION + binascii.b2a_base64(packed, newline=False).decode("ascii")


def unpacked(text: str) -> Rhythm | None:
    """The rhythm that `text` holds; None for "", and for what another version wrote."""
    if not text.startswith(_VERSION):
        return None
    try:
        seen, last_entry, *numbers = _LAYOUT.unpack(binascii.a2b_base64(text[1:]))
    except (ValueError, struct.error):
        return None
    lists = []
    start = 0
    for _, length in _LISTS:
        lists.append(numbers[start : start + length])
        start += length
    return Rhythm(seen, last_entry, *lists)
