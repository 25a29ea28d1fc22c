"""Rules for when to poll next, to hold feedd's against: each a factory of one feed's rule.

A rule is called after every poll with the time, how many entries that poll found, and the times of
all entries found so far; it returns the seconds to wait. `knob` is what is turned until the rule
spends the wanted number of requests.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.traces import DAY_S, HOUR_S, MINUTE_S, WEEK_S, Trace
from feedd.model import Hints
from feedd.schedule import Pace, after_success

MIN_S = 15 * MINUTE_S
MAX_S = DAY_S
PACE = Pace(HOUR_S, MIN_S, MAX_S)
HINTS = Hints()

Wait = Callable[[int, int, Sequence[int]], float]


@dataclass(frozen=True)
class Rule:
    """`more_is_less`: turning the knob up means fewer requests. `knobs` bound the search, `usual`
    are those found once at 24 and at 8 requests, to start it from."""

    name: str
    make: Callable[[Trace, float], Wait]
    knobs: tuple[float, float]
    usual: tuple[float, float]
    more_is_less: bool = True


def _bounded(wait_s: float) -> float:
    return min(max(wait_s, MIN_S), MAX_S)


def _fixed(trace: Trace, knob: float) -> Wait:
    return lambda now, new, found: knob


def _entry_frequency(trace: Trace, knob: float) -> Wait:
    """Miniflux: a week divided by the entries of the last week, times a factor."""

    def wait(now: int, new: int, found: Sequence[int]) -> float:
        count = len(found) - bisect_left(found, now - WEEK_S)
        return _bounded(WEEK_S / (count * knob)) if count else MAX_S

    return wait


def _doubling(trace: Trace, knob: float) -> Wait:
    """Half the interval after news, a longer one after none."""
    interval_s = float(HOUR_S)

    def wait(now: int, new: int, found: Sequence[int]) -> float:
        nonlocal interval_s
        interval_s = _bounded(interval_s / 2 if new else interval_s * knob)
        return interval_s

    return wait


def _newsblur(trace: Trace, knob: float) -> Wait:
    """NewsBlur's steps by stories a day for a feed with one subscriber, times a factor."""

    def wait(now: int, new: int, found: Sequence[int]) -> float:
        daily = (len(found) - bisect_left(found, now - 30 * DAY_S)) / 30
        if daily >= 1:
            minutes = 60.0
        elif daily > 0:
            minutes = 720 - 720 * daily
        else:
            months = (now - found[-1]) / (30 * DAY_S) if found else 1.0
            minutes = 1440 * max(1.0, months)
        return _bounded(minutes * 60 * knob)

    return wait


def _square_root(trace: Trace, knob: float) -> Wait:
    """The optimum for even feeds, weight rate^-1/2, with each feed's true rate given away."""
    daily = len(trace.times) / max(1.0, (trace.end - trace.times[0]) / DAY_S)
    interval_s = _bounded(knob / daily**0.25)
    return lambda now, new, found: interval_s


def _feedd(trace: Trace, knob: float) -> Wait:
    """feedd's own, by its poll_cost."""
    rng = random.Random(trace.name)
    rhythm, previous = "", None

    def wait(now: int, new: int, found: Sequence[int]) -> float:
        nonlocal rhythm, previous
        decision = after_success(
            rhythm,
            pace=PACE,
            now=now,
            previous_poll=previous,
            entry_times=found[len(found) - new :],
            first_poll=previous is None,
            hints=HINTS,
            not_before=None,
            rng=rng,
            poll_cost=knob,
        )
        rhythm, previous = decision.rhythm, now
        assert decision.next_poll is not None
        return decision.next_poll - now

    return wait


FIXED = Rule("fixed", _fixed, (MIN_S, 7 * DAY_S), (3600, 10_800))
FEEDD = Rule("feedd", _feedd, (1e-5, 1e4), (0.18, 1.9))
RULES = (
    FIXED,
    Rule(
        "Miniflux's entry_frequency", _entry_frequency, (0.01, 1e4), (150, 13), more_is_less=False
    ),
    Rule("doubling/halving", _doubling, (1.0005, 16), (1.004, 1.035)),
    Rule("NewsBlur's", _newsblur, (0.005, 20), (0.12, 0.58)),
    Rule("square root, true rates", _square_root, (60, 1e6), (2200, 6700)),
    FEEDD,
)
