"""What one poll teaches about a feed's rhythm."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

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
from feedd.value_classes import dataclass

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


# ---------------------------------------------------------------- the publisher's clock


@dataclass(frozen=True, slots=True)
class PublisherZone:
    """Where a publisher's day begins. `standard_h` are hours between its standard time and UTC;
    `summer` says whose rule for summer time it keeps to: a guess by the offset, since dates name
    no country.
    """

    standard_h: int = 0
    summer: Literal["none", "american", "european"] = "none"

    def summer_h(self, at: float) -> int:
        """1 while summer time is in force, else 0."""
        if self.summer == "none":
            return 0
        year = datetime.fromtimestamp(at, UTC).year
        begin, end = _summer(year, self.summer, self.standard_h)
        return int(begin <= at < end)


UNKNOWN_ZONE = PublisherZone()


def zone_of(utc_offset_s: int | None, now: float) -> PublisherZone:
    """The zone of a publisher whose latest dates have this offset (None: it does not tell)."""
    if utc_offset_s is None:
        return UNKNOWN_ZONE
    offset_h = utc_offset_s // HOUR_S
    for summer, first_h, last_h in _SUMMER_ZONES:
        summer_h = PublisherZone(offset_h, summer).summer_h(now)
        if first_h <= offset_h - summer_h <= last_h:
            return PublisherZone(offset_h - summer_h, summer)
    return PublisherZone(offset_h)


_SUMMER_ZONES: Final[tuple[tuple[Literal["american", "european"], int, int], ...]] = (
    ("american", -9, -5),
    ("european", 0, 1),
)
"""Standard times, in hours, of the zones where most who publish keep summer time."""


@lru_cache(maxsize=64)
def _summer(year: int, rule: str, standard_h: int) -> tuple[float, float]:
    """When summer time begins and ends. Europe: at 1:00 UTC on the last Sundays of March and
    October [Directive 2000/84/EC]. North America: at 2:00 local time on the second Sunday of March
    and the first of November [Energy Policy Act of 2005].
    """
    if rule == "european":
        begin, end = (_sunday_from(year, month, 25) + HOUR_S for month in (3, 10))
        return begin, end
    begin = _sunday_from(year, 3, 8) + (2 - standard_h) * HOUR_S
    return begin, _sunday_from(year, 11, 1) + (1 - standard_h) * HOUR_S


def _sunday_from(year: int, month: int, day: int) -> float:
    """The first Sunday from that day on."""
    date = datetime(year, month, day, tzinfo=UTC)
    return (date + timedelta(days=6 - date.weekday())).timestamp()


# ---------------------------------------------------------------- learning


def begun(now: int, entry_times: Sequence[int], zone: PublisherZone = UNKNOWN_ZONE) -> Rhythm:
    """The rhythm after the first poll, from the dates of what the document held.

    The oldest entry marks where the history begins; its hour and day count. Entries without a date
    of their own (given as `now`) tell nothing.
    """
    dated = sorted(t for t in entry_times if _EARLIEST <= t < now)[-LEARN_AT_MOST:]
    if not dated:
        return Rhythm(seen=now)
    rhythm = _from_document(dated, now, zone, None)
    for _ in range(READ_AGAIN):
        known = expected_of(rhythm, habits_of(rhythm), now, zone)
        rhythm = _from_document(dated, now, zone, known)
    return rhythm


def expected_of(rhythm: Rhythm, habits: Habits, now: float, zone: PublisherZone) -> Forecast:
    """What a rhythm promises by the publisher's clock."""
    expected = forecast(rhythm, habits)
    expected.summer_h, expected.zone_h = zone.summer_h(now), zone.standard_h
    return expected


def _from_document(
    dated: Sequence[int], now: int, zone: PublisherZone, factors: Forecast | None
) -> Rhythm:
    """A rhythm of these entries alone, in the light of what they show as a whole, if known."""
    rhythm = Rhythm(seen=dated[0], last_entry=dated[0])
    _count_habits(rhythm, dated[:1], zone)
    if factors is None or len(dated) == 1:  # else `_fold` does it
        rhythm.usual_hours = usual_hours_of(rhythm.hours)
    _fold(
        rhythm, now, dated[1:], factors or expected_of(rhythm, habits_of(rhythm), now, zone), zone
    )
    return rhythm


def learn(
    rhythm: Rhythm,
    now: int,
    entry_times: Sequence[int],
    rng: random.Random,
    zone: PublisherZone = UNKNOWN_ZONE,
) -> Habits:
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
    _fold(rhythm, now, appeared, expected_of(rhythm, habits, now, zone), zone)
    return habits_of(rhythm) if appeared else habits


def _fold(
    rhythm: Rhythm, now: int, times: Sequence[float], factors: Forecast, zone: PublisherZone
) -> None:
    piece: list[float] = []
    for t in times:
        piece.append(t)
        if t - rhythm.seen > FOLD_S:
            _advance(rhythm, t, piece, factors, zone)
            piece = []
    _advance(rhythm, now, piece, factors, zone)
    if times:  # once for all pieces: only the habits after them ask for it
        rhythm.usual_hours = usual_hours_of(rhythm.hours)


def _advance(
    rhythm: Rhythm,
    until: float,
    times: Sequence[float],
    factors: Forecast,
    zone: PublisherZone,
) -> None:
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
        _count_habits(rhythm, times, zone)
    rhythm.seen = until


def _expose(rhythm: Rhythm, start: float, end: float, factors: Forecast) -> float:
    """Count the seconds from `start` to `end`, each as likely as the factors make an entry in it.

    Returns their sum, and adds to what was expected at each age of the latest entry.
    """
    expected, ages, last = rhythm.age_expected, factors.ages, rhythm.last_entry
    hours, days, rate = factors.habits.hours, factors.habits.days, factors.rate
    summer_h, zone_h = factors.summer_h, factors.zone_h
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
            hour += summer_h
            day = ((hour + zone_h) // HOURS + FIRST_DAY) % DAYS
            seconds = (stop - start) * hours[hour % HOURS] * days[day]
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


def _count_habits(rhythm: Rhythm, times: Sequence[float], zone: PublisherZone) -> None:
    kept = math.exp(-len(times) / HABIT_ENTRIES)
    hours = [count * kept for count in rhythm.hours]
    days = [count * kept for count in rhythm.days]
    fives = [count * kept for count in rhythm.fives]
    for t in times:
        hour = int(t) // HOUR_S + zone.summer_h(t)
        hours[hour % HOURS] += 1.0
        days[((hour + zone.standard_h) // HOURS + FIRST_DAY) % DAYS] += 1.0
        fives[int(t) % HOUR_S // FIVE_S] += 1.0
    rhythm.hours, rhythm.days, rhythm.fives = hours, days, fives
    kept = math.exp(-len(times) / AGE_ENTRIES)
    rhythm.age_counts = [count * kept for count in rhythm.age_counts]
    rhythm.age_expected = [expected * kept for expected in rhythm.age_expected]
