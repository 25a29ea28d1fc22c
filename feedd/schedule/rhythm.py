"""A feed's rhythm: a few dozen decaying counts, kept as a short string, and the forecast from them.

How they are counted is in `learning` (docs/when-to-poll.md).
"""

from __future__ import annotations

import binascii
import math
import struct
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, chain
from operator import attrgetter, itemgetter, mul
from typing import Any

from msgspec import Struct, field

from feedd.units import DAY_S, HOUR_S, MINUTE_S

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
"""Waits are counted by powers of two, see `poll_cost`."""

PLANNED = 4
"""How many polls are planned at once."""

_VERSION = "3"
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
    ("unweighted", 2),
    ("usual_hours", HOURS),
)
_lists_of = attrgetter(*(name for name, _ in _LISTS))
_ENDS = list(accumulate(length for _, length in _LISTS))
_PARTS = [slice(end - length, end) for (_, length), end in zip(_LISTS, _ENDS, strict=True)]
_LENGTH = _ENDS[-1]
_LAYOUTS = {
    "3": struct.Struct(f"<2d{_LENGTH}f{PLANNED + 1}d"),
    "2": struct.Struct(f"<2d{_LENGTH}f"),
    "1": struct.Struct(f"<2d{_LENGTH - HOURS}f"),
}
"""Version 1, that of feedd 0.1, had no `usual_hours`; version 2 planned nothing."""


def _zeros(length: int) -> list[float]:
    return [0.0] * length


class Rhythm(Struct):
    """Working memory of one decision; between decisions it is the string of `packed`.

    `seen` is the last successful poll, `last_entry` the latest entry's time (0.0: none yet), both
    epoch seconds. Per memory: entries counted, seconds in which they were (weighted by how likely
    an entry was in them), and the logarithm of how far the memory's predictions are trusted.
    `hours`, `days` (Monday first, both UTC) and `fives` count when entries appeared; `age_counts`
    and `age_expected` how many came at each age of their predecessor, and how many there would
    have been had it made no difference. `waited_s` and `waits` are the budget's, see `poll_cost`.
    `unweighted` holds entries and seconds without any weights, for telling people. `usual_hours`
    is how feeds with such hours differ by the hour, see `usual_hours_of`. `planned` are the polls
    to come if no entry does, epoch seconds (0.0: none), planned at `planned_cost` a poll.
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
    unweighted: list[float] = field(default_factory=lambda: _zeros(2))
    usual_hours: list[float] = field(default_factory=lambda: list(USUAL_HOURS))
    planned_cost: float = 0.0
    planned: list[float] = field(default_factory=lambda: _zeros(PLANNED))

    def packed(self) -> str:
        """As the string to store: printable, about 800 characters."""
        numbers = chain.from_iterable(_lists_of(self))
        packed = _LAYOUTS[_VERSION].pack(
            self.seen, self.last_entry, *numbers, self.planned_cost, *self.planned
        )
        return _VERSION + binascii.b2a_base64(packed, newline=False).decode("ascii")


def unpacked(text: str) -> Rhythm | None:
    """The rhythm that `text` holds; None for "", and for what no version wrote."""
    layout = _LAYOUTS.get(text[:1])
    if layout is None:
        return None
    try:
        seen, last_entry, *numbers = layout.unpack(binascii.a2b_base64(text[1:]))
    except (ValueError, struct.error):
        return None
    lists: list[Any] = [numbers[part] for part in _PARTS]
    if not lists[-1]:
        lists[-1] = usual_hours_of(lists[3])
    if len(numbers) > _LENGTH:
        lists += [numbers[_LENGTH], numbers[_LENGTH + 1 :]]
    return Rhythm(seen, last_entry, *lists)


# ---------------------------------------------------------------- forecast
#
# The rate of entries at a moment is a product: how lively the feed is at present, how its hours and
# days differ, and how long ago its latest entry came. Each factor is shrunk towards "makes no
# difference", so that a dozen entries cannot feign a habit.

PRIOR_RATE = 0.15 / DAY_S
"""Entries a second of a feed of which nothing is known."""

PRIOR_ENTRIES = 1.0
"""As strong as so many entries, at that rate, would be."""

MEMORY_SHRINK = 0.6
"""A shorter memory starts from the next longer one's rate, with the weight of so many entries."""

HOUR_SHRINK = 30.0
HOUR_BLUR = 1.5
DAY_SHRINK = 20.0
FIVE_SHRINK = 6.0
AGE_SHRINK = 12.0
"""How many entries weigh as much as the prior. Hours are drawn to their neighbours' mean first
(`HOUR_BLUR` times as strongly), and that to the hours usual of such feeds; days to those usual of
all."""

FLOOR = 0.1
"""How much of the rate heeds no hour and no day: what never happened yet may happen."""

AGE_PRIOR = (3, 3, 3, 2.5, 2.5, 2, 2, 1.5, 1.2, 1, 1, 0.92, 0.84, 0.66, 0.57, 0.48)
"""Feeds publish in bursts, and long silence bodes more of it: the rate by age of the latest entry,
as seen over many feeds."""

FIRST_DAY = 3
"""The day of the epoch: a Thursday, counted from Monday."""


# ---------------------------------------------------------------- what is usual
#
# Fitted by `python -m benchmarks.train_rhythm` over the traces of real feeds (docs/freshness.md).

USUAL_DAYS: Sequence[float] = (1.22, 1.31, 1.45, 1.32, 1.03, 0.27, 0.41)
"""How feeds differ by the day, Monday first."""

DAY_SHAPES = (
    (0.11, 0.09, 0.08, 0.09, 0.16, 0.35, 0.62, 0.94, 1.44, 1.91, 2.02, 2.01,
     2.25, 2.36, 1.94, 1.45, 1.20, 1.03, 0.88, 0.89, 0.95, 0.71, 0.34, 0.17),
    (0.25, 0.10, 0.19, 0.25, 0.18, 0.07, 0.08, 0.15, 0.10, 0.07, 0.14, 0.87,
     14.15, 3.35, 1.25, 0.85, 0.42, 0.23, 0.25, 0.21, 0.20, 0.24, 0.23, 0.16),
)  # fmt: skip
"""How feeds differ by the hour of some zone's day: people at work, and those of a fixed hour."""

SHIFT_CHANCES = (
    (0.065, 0.058, 0.036, 0.017, 0.006, 0.003, 0.007, 0.010, 0.010, 0.006, 0.004, 0.005,
     0.003, 0.002, 0.011, 0.027, 0.034, 0.039, 0.041, 0.030, 0.034, 0.046, 0.047, 0.053),
    (0.011, 0.015, 0.025, 0.013, 0.001, 0.001, 0.007, 0.013, 0.007, 0.001, 0.007, 0.019,
     0.019, 0.007, 0.001, 0.001, 0.003, 0.011, 0.015, 0.007, 0.001, 0.001, 0.007, 0.015),
)  # fmt: skip
"""How many feeds are of each shape with so many hours between its day and UTC's."""

EVEN_CHANCE = 0.2
"""How many feeds know no hours."""


def shifted(
    shapes: Sequence[Sequence[float]], chances: Sequence[Sequence[float]]
) -> list[tuple[float, list[float], list[float]]]:
    """Each shape with each shift: the logarithms of its chance and of its hours, and its hours."""
    return [
        (math.log(chance), [math.log(factor) for factor in hours], hours)
        for shape, row in zip(shapes, chances, strict=True)
        for shift, chance in enumerate(row)
        if (hours := [*shape[shift:], *shape[:shift]])
    ]


SHIFTED_SHAPES = shifted(DAY_SHAPES, SHIFT_CHANCES)


def usual_hours_of(counts: list[float]) -> list[float]:
    """How feeds that publish as `counts` by the hour (UTC) differ by the hour; 1 is the mean.

    Each shape, shifted by each number of hours, weighs as much as it makes the counts likely: a few
    entries tell where on earth a publisher's day begins.
    """
    hours = [hour for hour, count in enumerate(counts) if count]
    shown = [counts[hour] for hour in hours]
    if len(hours) > 1:
        pick = itemgetter(*hours)
        logs = [chance + sum(map(mul, shown, pick(log))) for chance, log, _ in SHIFTED_SHAPES]
    else:
        logs = [
            chance + sum(count * log[hour] for hour, count in zip(hours, shown, strict=True))
            for chance, log, _ in SHIFTED_SHAPES
        ]
    even = math.log(EVEN_CHANCE)
    best = max(even, *logs)
    total = math.exp(even - best)
    usual = [total] * HOURS
    for log_weight, (_, _, shape) in zip(logs, SHIFTED_SHAPES, strict=True):
        if log_weight > best - 9:
            weight = math.exp(log_weight - best)
            total += weight
            usual = [so_far + weight * factor for so_far, factor in zip(usual, shape, strict=True)]
    return [weighed / total for weighed in usual]


USUAL_HOURS: Sequence[float] = usual_hours_of([0.0] * HOURS)
"""How feeds of which nothing is known differ by the hour."""


class Habits(Struct):
    """How a feed's hours, days and five-minute steps of the hour differ; 1 is the mean of each."""

    hours: list[float]
    days: list[float]
    fives: list[float]


class Forecast(Struct):
    """The factors of a feed's rate. `rate` and `lasting_rate` are entries a second: at present, and
    in the long run. Hours are those of UTC later by `summer_h`, days begin `zone_h` before that."""

    rate: float
    lasting_rate: float
    habits: Habits
    ages: list[float]
    last_entry: float
    summer_h: int = 0
    zone_h: int = 0

    def at_age(self, moment: float) -> float:
        """The factor of the latest entry's age at a moment, if no other entry comes."""
        if not self.last_entry:
            return 1.0
        return self.ages[bisect_right(AGE_EDGES_S, moment - self.last_entry)]


def habits_of(rhythm: Rhythm) -> Habits:
    """The habits that a rhythm shows; they change only when entries come."""
    return Habits(
        hours=_hour_factors(rhythm.hours, rhythm.usual_hours),
        days=_factors(rhythm.days, DAY_SHRINK, _DAY_PRIOR),
        fives=_factors(rhythm.fives, FIVE_SHRINK, _FIVE_PRIOR),
    )


def forecast(rhythm: Rhythm, habits: Habits) -> Forecast:
    """What a rhythm promises, given the habits that it shows."""
    rates = memory_rates(rhythm)
    return Forecast(
        rate=mixed(rates, rhythm.trust),
        lasting_rate=rates[-1],
        habits=habits,
        ages=[
            (count + prior) / (expected + AGE_SHRINK)
            for count, expected, prior in zip(
                rhythm.age_counts, rhythm.age_expected, _AGE_PRIOR, strict=True
            )
        ],
        last_entry=rhythm.last_entry,
    )


def memory_rates(rhythm: Rhythm) -> list[float]:
    """The rate by each memory, entries a second: Gamma-Poisson, each with the next longer one's
    rate as its prior."""
    rates = [0.0] * len(MEMORIES_S)
    prior_rate, weight = PRIOR_RATE, PRIOR_ENTRIES
    for memory in range(len(MEMORIES_S) - 1, -1, -1):
        entries = rhythm.counts[memory] + weight
        prior_rate = entries / (rhythm.exposures_s[memory] + weight / prior_rate)
        rates[memory] = prior_rate
        weight = MEMORY_SHRINK
    return rates


def mixed(rates: list[float], trust: list[float]) -> float:
    """The memories' rates, weighted by how well each has predicted."""
    shares = [math.exp(log_share) for log_share in trust]
    return sum(map(float.__mul__, shares, rates)) / sum(shares)


_DAY_PRIOR = [DAY_SHRINK / DAYS * usual for usual in USUAL_DAYS]
_FIVE_PRIOR = [FIVE_SHRINK / FIVES] * FIVES
_AGE_PRIOR = [AGE_SHRINK * usual for usual in AGE_PRIOR]
"""Entries that count as seen before any came."""


def _factors(counts: list[float], shrink: float, prior: Sequence[float]) -> list[float]:
    """Relative frequencies with mean 1, drawn towards the usual by a `prior` of `shrink`
    entries."""
    scale = len(counts) / (sum(counts) + shrink)
    return [(count + usual) * scale for count, usual in zip(counts, prior, strict=True)]


def _hour_factors(counts: list[float], usual: list[float]) -> list[float]:
    """As `_factors`, but drawn towards neighbouring hours: habits are no sharper than that at
    first."""
    total = sum(counts)
    blur = HOUR_BLUR * HOUR_SHRINK / (total + HOUR_SHRINK)
    scale = HOURS / (total + HOUR_BLUR * HOUR_SHRINK)
    own, next_to, beyond = scale * (1 + 0.4 * blur), scale * 0.2 * blur, scale * 0.1 * blur
    drawn = scale * blur * HOUR_SHRINK / HOURS
    a, b, c, d = *counts[-2:], *counts[:2]
    factors = []
    for e, usually in zip(counts[2:] + counts[:2], usual, strict=True):
        factors.append(own * c + next_to * (b + d) + beyond * (a + e) + drawn * usually)
        a, b, c, d = b, c, d, e
    return factors


assert len(AGE_PRIOR) == len(AGE_EDGES_S) + 1
assert FIVES * FIVE_S == HOUR_S
