"""How often feeds are polled: the bounds of one, what a poll costs all, and the plan of polls.

An entry that came at s and is found at t was late by t - s. With a rate r(s), the delay gathered by
t since the last poll is the integral of r(s) (t - s). Polls are planned so that these delays,
weighted so that neither news nor rare feeds take everything, and the cost of the polls are least
together: that cost is one number for all feeds (docs/when-to-poll.md). A wait that no bound cuts
short grows with its square root. So each rhythm keeps its waits divided by that root, and from
those of all feeds follows how often they would be polled at any other cost.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from itertools import accumulate

from msgspec import Struct

from feedd.model import Hints
from feedd.schedule.headers import (
    BOUND_JITTER_S,
    MAX_RETRY_AFTER_S,
    Bound,
    after_skipped,
    asked_for,
)
from feedd.schedule.rhythm import (
    DAYS,
    FIRST_DAY,
    FIVE_S,
    FLOOR,
    HOURS,
    PLANNED,
    WAITS,
    Forecast,
    Rhythm,
    unpacked,
)
from feedd.units import DAY_S, HOUR_S, YEAR_S, format_duration

MAX_JITTER = 0.1
"""Rule 12: jitter is at most this share of the wait."""


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


def bounded(
    wish: float,
    *,
    give_s: float,
    pace: Pace,
    hints: Hints,
    not_before: int | None,
    now: int,
    rng: random.Random,
) -> Bound:
    """The time to poll when the feed's rhythm asks for `wish`, with a jitter of up to `give_s`.

    Never before `min_interval_s` from now, nor before what the publisher's hints ask for as far as
    `max_interval_s` allows; never later than that, except where `not_before` (a `Retry-After`)
    says so.
    """
    latest = now + pace.max_interval_s
    lower = Bound(now + min(pace.min_interval_s, pace.max_interval_s), "")
    asked = asked_for(hints, now, pace.max_interval_s)
    if asked is not None and asked.at > lower.at:
        lower = asked
    jitter_s = rng.random() * min(give_s, MAX_JITTER * max(0.0, wish - now))
    at, because = wish + jitter_s, ""
    if at > latest:
        at = latest - jitter_s
    if at < lower.at:
        at, because = lower.at + _bound_jitter_s(lower.at - now, rng), lower.because
    skipped = after_skipped(at, hints, latest, rng)
    if skipped is not None:
        at, because = skipped.at, skipped.because
    if not_before is not None and not_before > at:
        wait_s = min(not_before - now, MAX_RETRY_AFTER_S)
        at = now + wait_s + _bound_jitter_s(wait_s, rng)
        because = f"the server asks to be left alone for {format_duration(wait_s)} (Retry-After)"
    return Bound(max(now + 1, round(at)), because)


def fresh_until(hints: Hints, pace: Pace, now: int) -> int | None:
    """Until when the publisher's hints ask to be left alone, `max_interval_s` away at most; None
    where they ask for nothing. `skipHours` and `skipDays` are not in it."""
    asked = asked_for(hints, now, pace.max_interval_s)
    return asked.at if asked else None


def _bound_jitter_s(wait_s: float, rng: random.Random) -> float:
    return rng.random() * min(BOUND_JITTER_S, MAX_JITTER * wait_s)


# ---------------------------------------------------------------- the cost of a poll

USUAL_COST = 0.18
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

ENTRY_WEIGHT = 0.0055
"""What one entry's delay weighs at the usual cost, where that of all entries of a feed's year
weighs one: the mean over entries favours news, that over feeds the rare, and both are to be small.
It falls with the cost's third root: else news took most of a small budget."""

AHEAD = 4.0
"""A plan looks ahead for about so many polls of a feed that publishes evenly."""

STEPS = 64
"""Into so many steps the time ahead is cut."""

SAME_COST = 1.3
"""A plan made at a cost so much lower or higher is made anew."""


def wait_s(
    rhythm: Rhythm, expected: Forecast, now: int, *, cost: float, shortest_s: int, longest_s: int
) -> float:
    """Seconds until the next poll of the rhythm's plan, made anew after entries, after its last
    poll, at another cost."""
    ahead: list[float] = []
    if 1 / SAME_COST < rhythm.planned_cost / cost < SAME_COST:
        ahead = [at - now for at in rhythm.planned if at - now > shortest_s / 2]
    if not ahead or ahead[0] > longest_s:  # a clock was set back
        weight = ENTRY_WEIGHT * math.cbrt(USUAL_COST / cost)
        worth = cost / (weight + 1 / (1 + expected.lasting_rate * YEAR_S))
        rhythm.planned, rhythm.planned_cost = [0.0] * PLANNED, cost
        ahead = _plan(expected, now, worth, shortest_s, longest_s)
        if not shortest_s <= ahead[0] <= longest_s:
            return ahead[0]
    rhythm.planned = [now + wait for wait in ahead] + [0.0] * (PLANNED - len(ahead))
    return max(ahead[0], shortest_s)


def _plan(
    expected: Forecast, now: int, worth: float, shortest_s: int, longest_s: int
) -> list[float]:
    """Seconds from `now` until the polls to come, if no entry does, that cost least together with
    the delay they leave; `PLANNED` at most.

    Each by itself would come amid a usual hour, not after it. A single wait beyond the bounds says
    that there was nothing to plan; it is estimated from the delay gathered by then.
    """
    gathered_s = shortest_s / 2 * entries_by(expected, [now, now + shortest_s])[-1]
    if gathered_s >= worth:
        return [shortest_s * math.sqrt(worth / gathered_s)]
    even_s = math.sqrt(2 * worth / expected.rate)
    for span_s in (max(AHEAD * even_s, 16.0 * shortest_s), 2.0 * longest_s):
        step_s = min(span_s, 2.0 * longest_s) / STEPS
        ends = [step * step_s for step in range(STEPS + 1)]
        waiting = entries_by(expected, [now + end for end in ends])
        moments = [0.0]  # the sum of the moments at which these come
        for step in range(STEPS):
            came = waiting[step + 1] - waiting[step]
            moments.append(moments[-1] + came * (step + 0.5) * step_s)
        limit = min(int(longest_s / step_s), STEPS)
        gathered_s = ends[limit] * waiting[limit] - moments[limit]
        if gathered_s >= worth:
            break
    else:
        return [longest_s * math.sqrt(worth / gathered_s) if gathered_s > 0 else 100.0 * longest_s]
    shortest = math.ceil(shortest_s / step_s)
    following = _following(ends, waiting, moments, worth, 2 * worth / even_s, shortest)
    polls: list[float] = []
    before, found, step = 0.0, 0.0, following[0]
    while len(polls) < PLANNED and step < STEPS:
        # Between the polls before and after, the best moment is that at which the entries that wait
        # are spared most; where the rate falls, it is right at the end of five minutes.
        after = ends[following[step]] if following[step] > step else ends[step] + even_s
        soonest = before + shortest_s
        times = [ends[step - 1], max(ends[step], soonest)]
        five = max(ends[step - 1], ends[step] - HOUR_S)
        five += FIVE_S - (now + five) % FIVE_S
        while five < min(ends[step + 1], ends[step] + HOUR_S, after - shortest_s):
            if five >= soonest:
                times.append(five)
            five += FIVE_S
        times.sort()
        found_by = entries_by(expected, [now + at for at in times])
        spared = [
            (after - at) * (waiting[step - 1] + came - found)
            for at, came in zip(times, found_by, strict=True)
        ]
        best = max(range(1, len(times)), key=spared.__getitem__)
        before, found = times[best], waiting[step - 1] + found_by[best]
        polls.append(before)
        step = following[step]
    return polls or [ends[step]]


def _following(
    ends: list[float],
    waiting: list[float],
    moments: list[float],
    worth: float,
    at_end: float,
    shortest: int,
) -> list[int]:
    """For each step, after which the next poll is best, at least `shortest` steps later.

    The least cost c(k) from a poll after step k on is that of one j: worth, c(j), and the delay
    ends[j] (waiting[j] - waiting[k]) - (moments[j] - moments[k]). Of waiting[k] that is a line for
    each j, and which line is lowest at waiting[k] moves to earlier j with k: so each is looked at
    once on the way in and once on the way out. At the end a second costs `at_end`, as if evenly.
    """
    last = len(ends) - 1
    costs = [(ends[last] - end) * at_end for end in ends]
    following = list(range(last + 1))
    lines: list[tuple[float, float, int]] = []
    lowest = 0
    for k in range(last - shortest, -1, -1):
        j = k + shortest
        slope, offset = ends[j], ends[j] * waiting[j] - moments[j] + costs[j]
        while len(lines) - lowest > 1:
            (slope2, offset2, _), (slope1, offset1, _) = lines[-2:]
            if (offset1 - offset) * (slope2 - slope1) < (offset2 - offset1) * (slope1 - slope):
                break
            lines.pop()
        lines.append((slope, offset, j))
        at = waiting[k]
        while (
            len(lines) - lowest > 1
            and lines[lowest + 1][1] - lines[lowest + 1][0] * at
            <= lines[lowest][1] - lines[lowest][0] * at
        ):
            lowest += 1
        slope, offset, following[k] = lines[lowest]
        costs[k] = offset - slope * at + moments[k] + worth
    return following


def entries_by(expected: Forecast, times: list[float]) -> list[float]:
    """How many entries are expected from the first of these ascending times until each, if none
    comes meanwhile. Hours are taken from the middle between two times."""
    hours, days, fives = expected.habits.hours, expected.habits.days, expected.habits.fives
    summer_h, zone_h, level, rest = expected.summer_h, expected.zone_h, expected.rate, 1 - FLOOR
    before = [0.0, *accumulate(fives)]
    even = []  # the times, had each five minutes of an hour as many entries
    for at in times:
        hour, second = divmod(at, HOUR_S)
        five = int(second) // FIVE_S
        even.append(hour * HOUR_S + before[five] * FIVE_S + (second - five * FIVE_S) * fives[five])
    total, by = 0.0, [0.0]
    for number in range(1, len(times)):
        middle = (times[number - 1] + times[number]) / 2
        hour = int(middle) // HOUR_S + summer_h
        habit = hours[hour % HOURS] * days[((hour + zone_h) // HOURS + FIRST_DAY) % DAYS]
        rate = level * (FLOOR + rest * habit) * expected.at_age(middle)
        total += rate * (even[number] - even[number - 1])
        by.append(total)
    return by
