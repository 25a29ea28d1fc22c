"""What one poll costs, and how long a feed is left alone for that.

An entry that came at s and is found at t was late by t - s. With a rate r(s), the delay gathered by
t since the last poll is the integral of r(s) (t - s). A poll is due when that, weighted so that
neither news nor rare feeds take everything, reaches the poll cost: one number for all feeds
(docs/when-to-poll.md). A higher cost means fewer polls of every feed, and a wait that no bound cuts
short grows with the square root of it. So each rhythm keeps its waits divided by that root, and
from those of all feeds follows how often they would be polled at any other cost.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable

from feedd.schedule.bounds import Pace
from feedd.schedule.rhythm import (
    AGE_EDGES_S,
    DAYS,
    FIRST_DAY,
    FIVE_S,
    HOURS,
    WAITS,
    Forecast,
    Rhythm,
    unpacked,
)
from feedd.units import DAY_S, HOUR_S

USUAL_COST = 15.0
USUAL_GROWTH = 2.3
"""What was measured over feeds of all kinds with `interval` at one hour, and how the cost grows
with the interval."""

REMEMBER_S = 10 * DAY_S
"""Waits of so long ago count a third."""

TRUSTED_AFTER_S = DAY_S
"""After so much experience of every feed, it counts for two thirds and the usual cost for one."""

SHORTEST_WAIT_S = 16
"""Lower bound of the second of the powers of two by which waits at cost 1 are counted."""

FEEDS_AT_MOST = 1000
"""Of more feeds, an evenly picked sample is asked."""


def usual_cost(pace: Pace) -> float:
    """The cost where nothing is known of how these feeds behave."""
    return USUAL_COST * math.pow(max(pace.interval_s, 1) / HOUR_S, USUAL_GROWTH)


def note_wait(rhythm: Rhythm, *, wish_s: float, wait_s: float, cost: float) -> None:
    """Count a decision: the rhythm asked for `wish_s` at this cost, `wait_s` came of it."""
    unit_s = wish_s / math.sqrt(cost)
    step = min(max(int(math.log2(max(unit_s, 1.0) / SHORTEST_WAIT_S)) + 1, 0), WAITS - 1)
    kept = math.exp(-wait_s / REMEMBER_S)
    rhythm.waited_s = [seconds * kept for seconds in rhythm.waited_s]
    rhythm.waits = [waits * kept for waits in rhythm.waits]
    rhythm.waited_s[step] += wait_s
    rhythm.waits[step] += wait_s / unit_s


def poll_cost_for(rhythms: Iterable[str], pace: Pace) -> float:
    """The cost at which feeds with these rhythms are polled every `pace.interval_s` on average.

    To be asked anew every few hours; while little is known, the answer stays near the usual cost.
    """
    texts = list(rhythms)
    sample = texts[:: max(1, len(texts) // FEEDS_AT_MOST)]
    feeds = [rhythm for text in sample if (rhythm := unpacked(text)) and sum(rhythm.waited_s) > 0]
    usual = usual_cost(pace)
    if not feeds:
        return usual
    shares = [_unit_waits(rhythm) for rhythm in feeds]
    low, high = math.log(usual) - 12, math.log(usual) + 12
    for _ in range(24):
        middle = (low + high) / 2
        polls = sum(_polls_a_second(share, math.exp(middle), pace) for share in shares)
        low, high = (middle, high) if polls * pace.interval_s > len(shares) else (low, middle)
    known_s = sum(sum(rhythm.waited_s) for rhythm in feeds) / len(sample)
    trust = 1 - math.exp(-known_s / TRUSTED_AFTER_S)
    return math.exp(trust * (low + high) / 2 + (1 - trust) * math.log(usual))


def _unit_waits(rhythm: Rhythm) -> list[tuple[float, float]]:
    """(share of the time, wait at cost 1) of each power of two that occurred."""
    total = sum(rhythm.waited_s)
    return [
        (seconds / total, seconds / waits)
        for seconds, waits in zip(rhythm.waited_s, rhythm.waits, strict=True)
        if seconds > 0 and waits > 0
    ]


def _polls_a_second(unit_waits: list[tuple[float, float]], cost: float, pace: Pace) -> float:
    root = math.sqrt(cost)
    return sum(
        share / min(max(unit_s * root, pace.min_interval_s), pace.max_interval_s)
        for share, unit_s in unit_waits
    )


# ---------------------------------------------------------------- waiting

RATE_WEIGHT = 0.6
"""A feed's delays are divided by its rate to this power. At 0 every entry would count alike and
news would take everything; at 1 every feed, and it would get next to nothing."""


def wait_s(expected: Forecast, now: int, *, cost: float, longest_s: int) -> float:
    """Seconds from `now` until the poll cost is reached.

    Looks no further than `longest_s`; a longer wait is estimated from the delay gathered by then.
    """
    worth = cost * math.pow(expected.lasting_rate * DAY_S, RATE_WEIGHT)
    level, ages, last = expected.rate, expected.ages, expected.last_entry
    hours, days = expected.habits.hours, expected.habits.days
    end = now + longest_s
    at, waiting, delay = float(now), 0.0, 0.0  # entries waiting, seconds they have waited in all
    while at < end:
        hour = int(at) // HOUR_S
        step_s = min(end, (hour + 1) * HOUR_S) - at
        rate = level * hours[hour % HOURS] * days[(hour // HOURS + FIRST_DAY) % DAYS]
        if last:
            rate *= ages[bisect_right(AGE_EDGES_S, at + step_s / 2 - last)]
        later = delay + waiting * step_s + rate * step_s * step_s / 2
        if later >= worth:
            return _within_hour(expected, at, rate, waiting, worth - delay) - now
        waiting += rate * step_s
        delay = later
        at += step_s
    return longest_s * math.sqrt(worth / delay) if delay > 0 else 100.0 * longest_s


def _within_hour(
    expected: Forecast, at: float, rate: float, waiting: float, missing: float
) -> float:
    """The moment within the hour of `at` when the `missing` delay has been gathered."""
    hour_end = (int(at) // HOUR_S + 1) * HOUR_S
    while True:
        stop = min(hour_end, (int(at) // FIVE_S + 1) * FIVE_S)
        step_s = stop - at
        now_rate = rate * expected.in_hour(at)
        gathered = waiting * step_s + now_rate * step_s * step_s / 2
        if gathered >= missing or stop >= hour_end:
            return at + min(step_s, _time_to_gather(missing, waiting, now_rate))
        missing -= gathered
        waiting += now_rate * step_s
        at = stop


def _time_to_gather(missing: float, waiting: float, rate: float) -> float:
    """Solve waiting t + rate t^2 / 2 = missing."""
    root = math.sqrt(waiting * waiting + 2 * rate * missing)
    return 2 * missing / (waiting + root) if waiting + root > 0 else math.inf
