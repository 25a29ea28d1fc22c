"""What one poll may cost in delay, so that all feeds together keep to the budget.

The price is what `waiting` waits for. A higher one means fewer polls of every feed, and a wait that
no bound cuts short grows with the square root of it. So each rhythm keeps its waits divided by that
root, and from those of all feeds follows how often they would be polled at any other price.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from feedd.schedule.pace import DAY_S, HOUR_S, Pace
from feedd.schedule.rhythm import WAITS, Rhythm, unpacked

USUAL_PRICE = 15.0
USUAL_GROWTH = 2.3
"""What was measured over feeds of all kinds with `interval` at one hour, and how the price grows
with the interval."""

REMEMBER_S = 10 * DAY_S
"""Waits of so long ago count a third."""

TRUSTED_AFTER_S = DAY_S
"""After so much experience of every feed, it counts for two thirds and the usual price for one."""

SHORTEST_WAIT_S = 16
"""Lower bound of the second of the powers of two by which waits at price 1 are counted."""

FEEDS_AT_MOST = 1000
"""Of more feeds, an evenly picked sample is asked."""


def usual_price(pace: Pace) -> float:
    """The price where nothing is known of how these feeds behave."""
    return USUAL_PRICE * math.pow(max(pace.interval_s, 1) / HOUR_S, USUAL_GROWTH)


def note_wait(rhythm: Rhythm, *, wish_s: float, wait_s: float, price: float) -> None:
    """Count a decision: the rhythm asked for `wish_s` at this price, `wait_s` came of it."""
    unit_s = wish_s / math.sqrt(price)
    step = min(max(int(math.log2(max(unit_s, 1.0) / SHORTEST_WAIT_S)) + 1, 0), WAITS - 1)
    kept = math.exp(-wait_s / REMEMBER_S)
    rhythm.waited_s = [seconds * kept for seconds in rhythm.waited_s]
    rhythm.waits = [waits * kept for waits in rhythm.waits]
    rhythm.waited_s[step] += wait_s
    rhythm.waits[step] += wait_s / unit_s


def price_for(rhythms: Iterable[str], pace: Pace) -> float:
    """The price at which feeds with these rhythms are polled every `pace.interval_s` on average.

    To be asked anew every few hours; while little is known, the answer stays near the usual price.
    """
    texts = list(rhythms)
    sample = texts[:: max(1, len(texts) // FEEDS_AT_MOST)]
    feeds = [rhythm for text in sample if (rhythm := unpacked(text)) and sum(rhythm.waited_s) > 0]
    usual = usual_price(pace)
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
    """(share of the time, wait at price 1) of each power of two that occurred."""
    total = sum(rhythm.waited_s)
    return [
        (seconds / total, seconds / waits)
        for seconds, waits in zip(rhythm.waited_s, rhythm.waits, strict=True)
        if seconds > 0 and waits > 0
    ]


def _polls_a_second(unit_waits: list[tuple[float, float]], price: float, pace: Pace) -> float:
    root = math.sqrt(price)
    return sum(
        share / min(max(unit_s * root, pace.min_interval_s), pace.max_interval_s)
        for share, unit_s in unit_waits
    )
