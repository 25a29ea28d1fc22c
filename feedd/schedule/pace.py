"""How often feeds may be polled: the bounds of one, and what a poll costs, which holds for all.

Bounds are the user's, the publisher's, the server's (rules 9, 10 and 12 of docs/politeness.md).

An entry that came at s and is found at t was late by t - s. With a rate r(s), the delay gathered by
t since the last poll is the integral of r(s) (t - s). A poll is due when that, weighted so that
neither news nor rare feeds take everything, reaches the poll cost: one number for all feeds
(docs/when-to-poll.md). A higher cost means fewer polls of every feed, and a wait that no bound cuts
short grows with the square root of it. So each rhythm keeps its waits divided by that root, and
from those of all feeds follows how often they would be polled at any other cost.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct

from feedd.model import NO_HINTS, Hints
from feedd.schedule.rhythm import (
    AGE_EDGES_S,
    DAYS,
    FIRST_DAY,
    FIVE_S,
    FIVES,
    FLOOR,
    HOURS,
    WAITS,
    Forecast,
    Rhythm,
    unpacked,
)
from feedd.units import DAY_S, HOUR_S, YEAR_S, format_duration

MAX_RETRY_AFTER_S = 7 * DAY_S
"""Rule 9: no server keeps us away for longer by `Retry-After`."""

MAX_JITTER = 0.1
"""Rule 12: jitter is at most this share of the wait."""

BOUND_JITTER_S = 30
"""At a lower bound jitter is at most this: there it is all delay, and half a minute spreads
enough."""


class Pace(Struct, frozen=True):
    """How often one feed may be polled. `_s` are seconds.

    With `adaptive`, `interval_s` is the average over all feeds, and the feed's own interval follows
    its rhythm between the two bounds. Without, it is the feed's own interval; the bounds hold for
    that too.
    """

    interval_s: int
    min_interval_s: int
    max_interval_s: int
    adaptive: bool = True


class NextPoll(Struct, frozen=True):
    """When to poll a feed next, and why.

    `next_poll` None: never, until the user acts. `interval_s` is the wait that was decided on,
    `reason` says why in words fit to follow "next poll 14:10: ", and `rhythm` is what to remember
    about the feed for the next decision.
    """

    next_poll: int | None
    interval_s: int
    reason: str
    rhythm: str


class Bounded(Struct, frozen=True):
    """A time to poll within the bounds; `because` names the bound that decided, "" if none did."""

    at: int
    because: str = ""


class _Bound(Struct, frozen=True):
    at: int
    because: str


def bounded(
    wish: float,
    *,
    give_s: float,
    pace: Pace,
    hints: Hints,
    not_before: int | None,
    now: int,
    rng: random.Random,
) -> Bounded:
    """The time to poll when the feed's rhythm asks for `wish`, with a jitter of up to `give_s`.

    Never before `min_interval_s` from now, nor before what the publisher's hints ask for as far as
    `max_interval_s` allows; never later than that, except where `not_before` (a `Retry-After`)
    says so.
    """
    latest = now + pace.max_interval_s
    lower = _Bound(now + min(pace.min_interval_s, pace.max_interval_s), "")
    asked = _asked_for(hints, pace, now)
    if asked is not None and asked.at > lower.at:
        lower = asked
    jitter_s = rng.random() * min(give_s, MAX_JITTER * max(0.0, wish - now))
    at, because = wish + jitter_s, ""
    if at > latest:
        at = latest - jitter_s
    if at < lower.at:
        at, because = lower.at + _bound_jitter_s(lower.at - now, rng), lower.because
    skipped = _out_of_skipped(at, hints, latest, rng)
    if skipped is not None:
        at, because = skipped.at, skipped.because
    if not_before is not None and not_before > at:
        wait_s = min(not_before - now, MAX_RETRY_AFTER_S)
        at = now + wait_s + _bound_jitter_s(wait_s, rng)
        because = f"the server asks to be left alone for {format_duration(wait_s)} (Retry-After)"
    return Bounded(max(now + 1, round(at)), because)


def fresh_until(hints: Hints, pace: Pace, now: int) -> int | None:
    """Until when the publisher's hints ask to be left alone, `max_interval_s` away at most; None
    where they ask for nothing. `skipHours` and `skipDays` are not in it."""
    asked = _asked_for(hints, pace, now)
    return asked.at if asked else None


def _bound_jitter_s(wait_s: float, rng: random.Random) -> float:
    return rng.random() * min(BOUND_JITTER_S, MAX_JITTER * wait_s)


def _asked_for(hints: Hints, pace: Pace, now: int) -> _Bound | None:
    """The strongest of the publisher's lower bounds in seconds (rule 10)."""
    if hints is NO_HINTS:
        return None
    said = [
        (seconds, who)
        for seconds, who in (
            (hints.max_age_s, "the server asks for at least {} (Cache-Control)"),
            (hints.ttl_s, "the feed asks for at least {} (ttl)"),
            (hints.update_period_s, "the feed asks for at least {} (sy:updatePeriod)"),
        )
        if seconds is not None and seconds > 0
    ]
    if not said:
        return None
    seconds, who = max(said)
    wait_s = min(seconds, pace.max_interval_s)
    return _Bound(now + wait_s, who.format(format_duration(wait_s)))


def _out_of_skipped(at: float, hints: Hints, latest: int, rng: random.Random) -> _Bound | None:
    """The first moment after `at` outside `skipHours` and `skipDays`; None if `at` is outside.

    Both are GMT [RSS 2.0]. A feed that skips everything has said nothing; one that skips longer
    than `max_interval` is asked then.
    """
    if not _is_skipped(at, hints):
        return None
    if len(set(hints.skip_hours)) >= 24 or len(set(hints.skip_days)) >= 7:
        return None
    moment = at
    while _is_skipped(moment, hints):
        moment = (moment // HOUR_S + 1) * HOUR_S
        if moment >= latest:
            return _Bound(max(latest, round(at)), "the feed asks to be skipped at most other times")
    words = "the feed asks not to be polled until then (skipHours, skipDays)"
    return _Bound(round(moment + rng.random() * BOUND_JITTER_S), words)


def _is_skipped(at: float, hints: Hints) -> bool:
    # The epoch was a Thursday, day 3 when Monday is 0.
    day = (int(at // DAY_S) + 3) % 7
    return int(at % DAY_S // HOUR_S) in hints.skip_hours or day in hints.skip_days


# ---------------------------------------------------------------- the cost of a poll

USUAL_COST = 0.16
USUAL_GROWTH = 2.2
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

ENTRY_WEIGHT = 0.003
"""What one entry's delay weighs, where that of all entries of a feed's year weighs one: the mean
over entries favours news, that over feeds the rare, and both are to be small."""


def wait_s(expected: Forecast, now: int, *, cost: float, longest_s: int) -> float:
    """Seconds from `now` until the poll cost is reached.

    Looks no further than `longest_s`; a longer wait is estimated from the delay gathered by then.
    """
    worth = cost / (ENTRY_WEIGHT + 1 / (1 + expected.lasting_rate * YEAR_S))
    level, ages, last = expected.rate, expected.ages, expected.last_entry
    hours, days = expected.habits.hours, expected.habits.days
    summer_h, zone_h = expected.summer_h, expected.zone_h
    end = now + longest_s
    at, waiting, delay = float(now), 0.0, 0.0  # entries waiting, seconds they have waited in all
    rest = 1 - FLOOR
    hour = now // HOUR_S
    while at < end:
        step_s = min(end, (hour + 1) * HOUR_S) - at
        local = hour + summer_h
        habit = hours[local % HOURS] * days[((local + zone_h) // HOURS + FIRST_DAY) % DAYS]
        rate = level * (FLOOR + rest * habit)
        if last:
            rate *= ages[bisect_right(AGE_EDGES_S, at + step_s / 2 - last)]
        later = delay + waiting * step_s + rate * step_s * step_s / 2
        if later >= worth:
            return _within_hour(expected.habits.fives, at, rate, waiting, worth - delay) - now
        waiting += rate * step_s
        delay = later
        at += step_s
        hour += 1
    return longest_s * math.sqrt(worth / delay) if delay > 0 else 100.0 * longest_s


def _within_hour(
    fives: Sequence[float], at: float, rate: float, waiting: float, missing: float
) -> float:
    """The moment within the hour of `at` when the `missing` delay has been gathered."""
    five = int(at) // FIVE_S
    while True:
        step_s = (five + 1) * FIVE_S - at
        now_rate = rate * fives[five % FIVES]
        gathered = waiting * step_s + now_rate * step_s * step_s / 2
        five += 1
        if gathered >= missing or five % FIVES == 0:
            return at + min(step_s, _time_to_gather(missing, waiting, now_rate))
        missing -= gathered
        waiting += now_rate * step_s
        at += step_s


def _time_to_gather(missing: float, waiting: float, rate: float) -> float:
    """Solve waiting t + rate t^2 / 2 = missing."""
    root = math.sqrt(waiting * waiting + 2 * rate * missing)
    return 2 * missing / (waiting + root) if waiting + root > 0 else math.inf
