"""What one poll may cost in expected delay."""

from __future__ import annotations

import math
from collections.abc import Iterable

from feedd.schedule.pace import Pace
from feedd.schedule.rhythm import rate


def usual_price(pace: Pace) -> float:
    """The price where nothing is known of the other feeds."""
    return 0.5 * pace.interval_s**2 * math.sqrt(1 / 86_400)


def wait_s(entries_a_second: float, price: float) -> float:
    return math.sqrt(2 * price / math.sqrt(entries_a_second))


def price_for(rhythms: Iterable[str], pace: Pace) -> float:
    """The price at which feeds of these rhythms are polled every `pace.interval_s` on average."""
    rates = [rate(rhythm) for rhythm in rhythms]
    if not rates:
        return usual_price(pace)
    low, high = usual_price(pace) * 1e-6, usual_price(pace) * 1e6
    for _ in range(40):
        middle = math.sqrt(low * high)
        polls = sum(
            1 / min(max(wait_s(r, middle), pace.min_interval_s), pace.max_interval_s) for r in rates
        )
        low, high = (middle, high) if polls * pace.interval_s > len(rates) else (low, middle)
    return middle
