"""What one poll teaches about a feed's rhythm."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Sequence

from feedd.schedule.rhythm import (
    AGE_EDGES_S,
    DAYS,
    FIRST_DAY,
    FIVE_S,
    HOURS,
    MEMORIES_S,
    Forecast,
    Habits,
    Rhythm,
    forecast,
    habits_of,
    memory_rates,
    usual_hours_of,
)
from feedd.units import DAY_S, HOUR_S

LEARN_AT_MOST = 200
"""So many of the latest entries are learnt from when a poll brings more."""

READ_AGAIN = 2
"""So many more times a first document is gone through: how lively the feed is as a whole tells what
its pauses and its hours mean."""

HABIT_ENTRIES = 400.0
"""Habits of hour and day fade as entries come: after so many, old ones count a third."""

AGE_ENTRIES = 100.0
"""Likewise for what follows how soon upon an entry."""

TRUST_KEPT = 0.97
"""How much of the trust in a memory outlives one entry, so that it can be regained."""

LEAST_TRUST = -6.0
"""Logarithm of the smallest share, so that no memory is out for good."""

FOLD_S = DAY_S
"""Many entries at once (a first poll, a long outage) are learnt in pieces of about a day."""

COARSE_AFTER_S = 3 * DAY_S
"""In longer gaps, hours and days are taken to even out."""

PLAIN_MEMORY_S = 60 * DAY_S
"""What people are told of the rate covers about so long."""

_EARLIEST = 631_152_000  # 1990: no feed is older


def begun(now: int, entry_times: Sequence[int]) -> Rhythm:
    """The rhythm after the first poll, from the dates of what the document held.

    The oldest entry marks where the history begins; its hour and day count. Entries without a date
    of their own (given as `now`) tell nothing.
    """
    dated = sorted(t for t in entry_times if _EARLIEST <= t < now)[-LEARN_AT_MOST:]
    if not dated:
        return Rhythm(seen=now)
    rhythm = _from_document(dated, now, None)
    for _ in range(READ_AGAIN):
        rhythm = _from_document(dated, now, forecast(rhythm, habits_of(rhythm)))
    return rhythm


def _from_document(dated: Sequence[int], now: int, factors: Forecast | None) -> Rhythm:
    """A rhythm of these entries alone, in the light of what they show as a whole, if known."""
    rhythm = Rhythm(seen=dated[0], last_entry=dated[0])
    _count_habits(rhythm, dated[:1])
    _fold(rhythm, now, dated[1:], factors or forecast(rhythm, habits_of(rhythm)))
    return rhythm


def learn(rhythm: Rhythm, now: int, entry_times: Sequence[int], rng: random.Random) -> Habits:
    """Take into `rhythm` that a poll at `now` found new entries with these dates.

    An entry appeared after the poll before and until this one. A date outside that (only a day, a
    wrong zone, none) is replaced by a random moment within: a fixed one would become a habit.
    Returns the habits as they are now.
    """
    since = min(rhythm.seen, now)
    appeared = sorted(
        t if since < t < now else rng.uniform(since, now) for t in entry_times[-LEARN_AT_MOST:]
    )
    habits = habits_of(rhythm)
    _fold(rhythm, now, appeared, forecast(rhythm, habits))
    return habits_of(rhythm) if appeared else habits


def _fold(rhythm: Rhythm, now: int, times: Sequence[float], factors: Forecast) -> None:
    piece: list[float] = []
    for t in times:
        piece.append(t)
        if t - rhythm.seen > FOLD_S:
            _advance(rhythm, t, piece, factors)
            piece = []
    _advance(rhythm, now, piece, factors)


def _advance(rhythm: Rhythm, until: float, times: Sequence[float], factors: Forecast) -> None:
    """One piece of observation: from `rhythm.seen` to `until`, with entries at `times`."""
    rates = memory_rates(rhythm)
    elapsed_s = max(0.0, until - rhythm.seen)
    counts = rhythm.age_counts
    exposure_s = 0.0
    start = rhythm.seen
    for t in times:
        exposure_s += _expose(rhythm, start, t, factors)
        if rhythm.last_entry:
            counts[bisect_right(AGE_EDGES_S, t - rhythm.last_entry)] += 1.0
        rhythm.last_entry = start = max(t, start)
    exposure_s += _expose(rhythm, start, until, factors)
    _weigh_memories(rhythm, rates, len(times), exposure_s)
    for memory, memory_s in enumerate(MEMORIES_S):
        kept = math.exp(-elapsed_s / memory_s)
        rhythm.counts[memory] = rhythm.counts[memory] * kept + len(times)
        rhythm.exposures_s[memory] = rhythm.exposures_s[memory] * kept + exposure_s
    kept = math.exp(-elapsed_s / PLAIN_MEMORY_S)
    entries, seconds = rhythm.unweighted
    rhythm.unweighted = [entries * kept + len(times), seconds * kept + elapsed_s]
    if times:
        _count_habits(rhythm, times)
    rhythm.seen = until


def _expose(rhythm: Rhythm, start: float, end: float, factors: Forecast) -> float:
    """Count the seconds from `start` to `end`, each as likely as the factors make an entry in it.

    Returns their sum, and adds to what was expected at each age of the latest entry.
    """
    expected, ages, last = rhythm.age_expected, factors.ages, rhythm.last_entry
    hours, days, rate = factors.habits.hours, factors.habits.days, factors.rate
    coarse = end - start > COARSE_AFTER_S
    total_s = 0.0
    while start < end:
        if coarse:
            age = bisect_right(AGE_EDGES_S, start - last)
            edge = last + AGE_EDGES_S[age] if last and age < len(AGE_EDGES_S) else end
            stop = min(end, max(edge, start + 1))
            seconds = stop - start
        else:
            hour = int(start) // HOUR_S
            stop = min(end, (hour + 1) * HOUR_S)
            seconds = (
                (stop - start) * hours[hour % HOURS] * days[(hour // HOURS + FIRST_DAY) % DAYS]
            )
            age = bisect_right(AGE_EDGES_S, (start + stop) / 2 - last)
        if last:
            expected[age] += rate * seconds
            seconds *= ages[age]
        total_s += seconds
        start = stop
    return total_s


def _weigh_memories(rhythm: Rhythm, rates: list[float], entries: int, exposure_s: float) -> None:
    """Shift trust to the memories whose rates made what happened likely (Poisson)."""
    trust = rhythm.trust
    for memory, rate in enumerate(rates):
        mean = rate * exposure_s
        kept = TRUST_KEPT ** min(1.0, mean + entries)
        likely = (entries * math.log(mean) if mean > 0 else 0.0) - mean
        trust[memory] = trust[memory] * kept + likely
    best = max(trust)
    rhythm.trust = [max(log_share - best, LEAST_TRUST) for log_share in trust]


def _count_habits(rhythm: Rhythm, times: Sequence[float]) -> None:
    kept = math.exp(-len(times) / HABIT_ENTRIES)
    hours = [count * kept for count in rhythm.hours]
    days = [count * kept for count in rhythm.days]
    fives = [count * kept for count in rhythm.fives]
    for t in times:
        hour = int(t) // HOUR_S
        hours[hour % HOURS] += 1.0
        days[(hour // HOURS + FIRST_DAY) % DAYS] += 1.0
        fives[int(t) % HOUR_S // FIVE_S] += 1.0
    rhythm.hours, rhythm.days, rhythm.fives = hours, days, fives
    rhythm.usual_hours = usual_hours_of(hours)
    kept = math.exp(-len(times) / AGE_ENTRIES)
    rhythm.age_counts = [count * kept for count in rhythm.age_counts]
    rhythm.age_expected = [expected * kept for expected in rhythm.age_expected]
