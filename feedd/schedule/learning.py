"""What one poll teaches about a feed's rhythm."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from feedd.schedule.rhythm import (
    AGE_EDGES_S,
    AGES,
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
"""How many of the latest entries are learnt from when a poll brings more."""

READ_AGAIN = 2
"""How many more times a first document is gone through: how lively the feed is as a whole tells
what its pauses and its hours mean."""

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


class PublisherZone(Struct, frozen=True):
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
    rhythm = Rhythm(seen=dated[0], last_entry=dated[0])
    _count_habits(rhythm, dated[:1], zone)
    rhythm.usual_hours = _usual_hours_of_one(rhythm.hours)
    known = expected_of(rhythm, habits_of(rhythm), now, zone)
    pieces = _pieces(rhythm, now, dated[1:], known)
    _fold(rhythm, pieces, known, zone)
    for _ in range(READ_AGAIN):
        known = expected_of(rhythm, habits_of(rhythm), now, zone)
        again = Rhythm(seen=dated[0], last_entry=dated[0])
        # The habits are the same whatever was known before.
        again.hours, again.days, again.fives = rhythm.hours, rhythm.days, rhythm.fives
        again.usual_hours = rhythm.usual_hours
        _fold(again, pieces, known, None)
        rhythm = again
    return rhythm


def _usual_hours_of_one(hours: list[float]) -> list[float]:
    """`usual_hours_of` a single entry."""
    hour = max(range(HOURS), key=hours.__getitem__)
    return list(_usual_of_hour(hour, hours[hour]))


@lru_cache(maxsize=HOURS)
def _usual_of_hour(hour: int, count: float) -> tuple[float, ...]:
    return tuple(usual_hours_of([count if at == hour else 0.0 for at in range(HOURS)]))


def expected_of(rhythm: Rhythm, habits: Habits, now: float, zone: PublisherZone) -> Forecast:
    """What a rhythm promises by the publisher's clock."""
    expected = forecast(rhythm, habits)
    expected.summer_h, expected.zone_h = zone.summer_h(now), zone.standard_h
    return expected


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
    times = entry_times[-LEARN_AT_MOST:]
    appeared = sorted([t if since < t < now else rng.uniform(since, now) for t in times])
    habits = habits_of(rhythm)
    known = expected_of(rhythm, habits, now, zone)
    _fold(rhythm, _pieces(rhythm, now, appeared, known), known, zone)
    if not appeared:
        return habits
    rhythm.planned_cost = 0.0  # what was planned knew nothing of these entries
    return habits_of(rhythm)


Span = tuple[float, int, int, int]
"""Seconds of one hour (of the publisher's day), day and age of the latest entry."""

_ANY_HOUR: Final = HOURS
_ANY_DAY: Final = DAYS
"""Of a span in which hours and days even out."""


class _Piece(NamedTuple):
    """One piece of observation, until some time, with entries at `times`: all of it that does not
    depend on what is known of the feed. `ages` are those at which the entries came.
    """

    until: float
    times: Sequence[float]
    spans: Sequence[Span]
    ages: Sequence[int]
    last_entry: float


def _pieces(
    rhythm: Rhythm, now: int, times: Sequence[float], factors: Forecast
) -> Sequence[_Piece]:
    """What is seen from `rhythm.seen` until `now`, with entries at `times`."""
    pieces = []
    seen, last_entry = rhythm.seen, rhythm.last_entry
    piece: list[float] = []
    for t in times:
        piece.append(t)
        if t - seen > FOLD_S:
            pieces.append(_piece(seen, t, piece, last_entry, factors))
            seen, last_entry, piece = t, pieces[-1].last_entry, []
    pieces.append(_piece(seen, now, piece, last_entry, factors))
    return pieces


def _piece(
    start: float, until: float, times: Sequence[float], last_entry: float, factors: Forecast
) -> _Piece:
    spans: list[Span] = []
    ages = []
    for t in times:
        spans += _spans(start, t, last_entry, factors)
        if last_entry:
            ages.append(bisect_right(AGE_EDGES_S, t - last_entry))
        last_entry = start = max(t, start)
    spans += _spans(start, until, last_entry, factors)
    return _Piece(until, times, spans, ages, last_entry)


def _spans(start: float, end: float, last: float, factors: Forecast) -> Iterator[Span]:
    """The time from `start` to `end`, cut where hours, or ages of the latest entry, change."""
    summer_h, zone_h = factors.summer_h, factors.zone_h
    coarse = end - start > COARSE_AFTER_S
    while start < end:
        if coarse:
            age = bisect_right(AGE_EDGES_S, start - last)
            edge = last + AGE_EDGES_S[age] if last and age < len(AGE_EDGES_S) else end
            stop = min(end, max(edge, start + 1))
            yield stop - start, _ANY_HOUR, _ANY_DAY, age if last else AGES
        else:
            hour = int(start) // HOUR_S
            stop = min(end, (hour + 1) * HOUR_S)
            hour += summer_h
            day = ((hour + zone_h) // HOURS + FIRST_DAY) % DAYS
            age = bisect_right(AGE_EDGES_S, (start + stop) / 2 - last) if last else AGES
            yield stop - start, hour % HOURS, day, age
        start = stop


def _fold(
    rhythm: Rhythm, pieces: Sequence[_Piece], factors: Forecast, zone: PublisherZone | None
) -> None:
    """Take the pieces in; without a `zone` their habits are in it already."""
    for piece in pieces:
        _advance(rhythm, piece, factors)
        if piece.times:
            if zone is not None:
                _count_habits(rhythm, piece.times, zone)
            _fade_ages(rhythm, len(piece.times))
    if zone is not None and any(piece.times for piece in pieces):
        # Once for all pieces: only the habits after them ask for it.
        rhythm.usual_hours = usual_hours_of(rhythm.hours)


def _advance(rhythm: Rhythm, piece: _Piece, factors: Forecast) -> None:
    rates = memory_rates(rhythm)
    entries = len(piece.times)
    elapsed_s = max(0.0, piece.until - rhythm.seen)
    exposure_s = _expose(rhythm, piece.spans, factors)
    for age in piece.ages:
        rhythm.age_counts[age] += 1.0
    rhythm.last_entry = piece.last_entry
    _weigh_memories(rhythm, rates, entries, exposure_s)
    for memory, memory_s in enumerate(MEMORIES_S):
        kept = math.exp(-elapsed_s / memory_s)
        rhythm.counts[memory] = rhythm.counts[memory] * kept + entries
        rhythm.exposures_s[memory] = rhythm.exposures_s[memory] * kept + exposure_s
    kept = math.exp(-elapsed_s / PLAIN_MEMORY_S)
    counted, seconds = rhythm.unweighted
    rhythm.unweighted = [counted * kept + entries, seconds * kept + elapsed_s]
    rhythm.seen = piece.until


def _expose(rhythm: Rhythm, spans: Sequence[Span], factors: Forecast) -> float:
    """Count the seconds of these spans, each as likely as the factors make an entry in it.

    Returns their sum, and adds to what was expected at each age of the latest entry.
    """
    hours, days, ages = factors.habits.hours, factors.habits.days, factors.ages
    expected, rate, total_s = rhythm.age_expected, factors.rate, 0.0
    for seconds, hour, day, age in spans:
        if hour != _ANY_HOUR:
            seconds *= hours[hour] * days[day]
        if age != AGES:
            expected[age] += rate * seconds
            seconds *= ages[age]
        total_s += seconds
    return total_s


def _weigh_memories(rhythm: Rhythm, rates: list[float], entries: int, exposure_s: float) -> None:
    """Shift trust to the memories whose rates made what happened likely (Poisson)."""
    trust = rhythm.trust
    for memory, rate in enumerate(rates):
        mean = rate * exposure_s
        kept = TRUST_KEPT ** min(1.0, mean + entries)
        likely = entries * math.log(mean) - mean if entries and mean > 0 else -mean
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


def _fade_ages(rhythm: Rhythm, entries: int) -> None:
    kept = math.exp(-entries / AGE_ENTRIES)
    rhythm.age_counts = [count * kept for count in rhythm.age_counts]
    rhythm.age_expected = [expected * kept for expected in rhythm.age_expected]
