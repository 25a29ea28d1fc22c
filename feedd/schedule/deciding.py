"""When to poll next after a poll that went well (rule 11)."""

from __future__ import annotations

import random
from collections.abc import Sequence

from feedd.model import Hints
from feedd.schedule.bounds import MAX_JITTER, bounded
from feedd.schedule.pace import Decision, Pace
from feedd.schedule.price import usual_price, wait_s
from feedd.schedule.rhythm import learn, rate
from feedd.units import format_duration


def after_success(
    rhythm: str,
    *,
    pace: Pace,
    now: int,
    previous_poll: int | None,
    entry_times: Sequence[int],
    first_poll: bool,
    hints: Hints,
    not_before: int | None,
    rng: random.Random,
    price: float | None = None,
) -> Decision:
    """Decide when to poll next after a poll that brought a document or a 304."""
    rhythm = learn(rhythm, since=previous_poll, now=now, entry_times=entry_times)
    if pace.adaptive:
        wish_s = wait_s(rate(rhythm), price if price is not None else usual_price(pace))
        wish_s = min(max(wish_s, pace.min_interval_s), pace.max_interval_s)
        reason = f"publishes about {rate(rhythm) * 86_400:.2g} entries a day"
    else:
        wish_s = pace.interval_s * (1 - MAX_JITTER / 2)
        reason = f"polled every {format_duration(pace.interval_s)}, as the file says"
    chosen = bounded(
        now + wish_s,
        give_s=MAX_JITTER * wish_s,
        pace=pace,
        hints=hints,
        not_before=not_before,
        now=now,
        rng=rng,
    )
    if chosen.because:
        reason = f"{reason}; {chosen.because}"
    return Decision(chosen.at, chosen.at - now, reason, rhythm)
