"""How likely a feed is to publish at each moment to come, from its rhythm.

The rate of entries at a moment is a product: how lively the feed is at present, how its hours and
days differ, and how long ago its latest entry came. Each factor is shrunk towards "makes no
difference", so that a dozen entries cannot feign a habit.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from feedd.schedule.pace import DAY_S, HOUR_S
from feedd.schedule.rhythm import (
    AGE_EDGES_S,
    FIVE_S,
    FIVES,
    HOURS,
    MEMORIES_S,
    Rhythm,
)

PRIOR_RATE = 0.3 / DAY_S
"""Entries a second of a feed of which nothing is known."""

PRIOR_ENTRIES = 0.5
"""As strong as so many entries, at that rate, would be."""

MEMORY_SHRINK = 1.0
"""A shorter memory starts from the next longer one's rate, with the weight of one entry."""

HOUR_SHRINK = 12.0
HOUR_BLUR = 1.5
DAY_SHRINK = 10.0
FIVE_SHRINK = 6.0
AGE_SHRINK = 8.0
"""So many entries weigh as much as the prior. Hours are drawn to their neighbours' mean first
(`HOUR_BLUR` times as strongly), and that to all hours alike."""

AGE_PRIOR = (3, 3, 3, 2.5, 2.5, 2, 2, 1.5, 1.2, 1, 1, 0.9, 0.8, 0.6, 0.5, 0.4)
"""Feeds publish in bursts, and long silence bodes more of it: the rate by age of the latest entry,
as seen over many feeds."""

FIRST_DAY = 3
"""The day of the epoch: a Thursday, counted from Monday."""


@dataclass(slots=True)
class Habits:
    """How a feed's hours, days and five-minute steps of the hour differ; 1 is the mean of each."""

    hours: list[float]
    days: list[float]
    fives: list[float]


@dataclass(slots=True)
class Forecast:
    """The factors of a feed's rate. `rate` and `lasting_rate` are entries a second: at present, and
    in the long run."""

    rate: float
    lasting_rate: float
    habits: Habits
    ages: list[float]
    last_entry: float

    def at_age(self, moment: float) -> float:
        """The factor of the latest entry's age at a moment, if no other entry comes."""
        if not self.last_entry:
            return 1.0
        return self.ages[bisect_right(AGE_EDGES_S, moment - self.last_entry)]

    def in_hour(self, moment: float) -> float:
        """The factor of a moment's place within its hour."""
        return self.habits.fives[int(moment % HOUR_S) // FIVE_S]


def habits_of(rhythm: Rhythm) -> Habits:
    """The habits that a rhythm shows; they change only when entries come."""
    return Habits(
        hours=_hour_factors(rhythm.hours),
        days=_factors(rhythm.days, DAY_SHRINK),
        fives=_factors(rhythm.fives, FIVE_SHRINK),
    )


def forecast(rhythm: Rhythm, habits: Habits) -> Forecast:
    """What a rhythm promises, given the habits that it shows."""
    rates = memory_rates(rhythm)
    return Forecast(
        rate=mixed(rates, rhythm.trust),
        lasting_rate=rates[-1],
        habits=habits,
        ages=[
            (count + AGE_SHRINK * prior) / (expected + AGE_SHRINK)
            for count, expected, prior in zip(
                rhythm.age_counts, rhythm.age_expected, AGE_PRIOR, strict=True
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


def _factors(counts: list[float], shrink: float) -> list[float]:
    """Relative frequencies with mean 1, drawn towards 1 with the weight of `shrink` entries."""
    scale = len(counts) / (sum(counts) + shrink)
    even = shrink / len(counts)
    return [(count + even) * scale for count in counts]


def _hour_factors(counts: list[float]) -> list[float]:
    """As `_factors`, but drawn towards neighbouring hours: habits are no sharper than that at
    first."""
    total = sum(counts)
    c = counts[-2:] + counts + counts[:2]
    even = HOUR_SHRINK / HOURS
    blur = HOUR_BLUR * HOUR_SHRINK / (total + HOUR_SHRINK)
    scale = HOURS / (total + HOUR_BLUR * HOUR_SHRINK)
    return [
        (
            c[i]
            + blur * (0.4 * c[i] + 0.2 * (c[i - 1] + c[i + 1]) + 0.1 * (c[i - 2] + c[i + 2]) + even)
        )
        * scale
        for i in range(2, HOURS + 2)
    ]


assert len(AGE_PRIOR) == len(AGE_EDGES_S) + 1
assert FIVES * FIVE_S == HOUR_S
