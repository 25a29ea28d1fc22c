"""How long to wait for one poll: until the delay it would end is worth its price.

An entry that came at s and is found at t was late by t - s. With a rate r(s), the delay gathered by
t since the last poll is the integral of r(s) (t - s). A poll is due when that, weighted so
that neither news nor rare feeds take everything, reaches the price: one number for all feeds
(docs/when-to-poll.md).
"""

from __future__ import annotations

import math
from bisect import bisect_right

from feedd.schedule.forecast import FIRST_DAY, Forecast
from feedd.schedule.pace import DAY_S, HOUR_S
from feedd.schedule.rhythm import AGE_EDGES_S, DAYS, FIVE_S, HOURS

RATE_WEIGHT = 0.6
"""A feed's delays are divided by its rate to this power. At 0 every entry would count alike and
news would take everything; at 1 every feed, and it would get next to nothing."""


def wait_s(expected: Forecast, now: int, *, price: float, longest_s: int) -> float:
    """Seconds from `now` until the price is reached.

    Looks no further than `longest_s`; a longer wait is estimated from the delay gathered by then.
    """
    worth = price * math.pow(expected.lasting_rate * DAY_S, RATE_WEIGHT)
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
