"""When to poll next after a poll that went well (rule 11)."""

from __future__ import annotations

import random
from collections.abc import Sequence

from feedd.model import Hints
from feedd.schedule.bounds import MAX_JITTER, bounded
from feedd.schedule.forecast import Forecast, forecast, habits_of
from feedd.schedule.learning import begun, learn
from feedd.schedule.pace import MINUTE_S, Decision, Pace
from feedd.schedule.price import note_wait, usual_price
from feedd.schedule.reasons import rhythm_in_words
from feedd.schedule.rhythm import Rhythm, unpacked
from feedd.schedule.waiting import wait_s
from feedd.units import format_duration

ADAPTIVE_JITTER_S = 2 * MINUTE_S
"""A poll timed to come just after the usual hour is not blurred by more than this."""

GAP_SHARE = 0.5
"""After a gap the wait is this share of what the rhythm asks for."""

GAP_WORDS = "asked twice as often for a week because entries were probably missed"


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
    gap: bool = False,
) -> Decision:
    """Decide when to poll next after a poll at `now` that brought a document or a 304.

    `rhythm` is that of the last decision ("" at first). `entry_times` are when the new entries of
    this poll were published, `now` for those without a date; on the `first_poll` of a feed, all of
    its document. `price` is `price_for`'s, common to all feeds (None: the usual one). With a
    recent `gap` the wait is shorter. `hints` and `not_before` bound the result (rules 9 and 10).
    Pure but for `rng`.
    """
    learnt = unpacked(rhythm)
    if learnt is None and (first_poll or previous_poll is None):
        learnt = begun(now, entry_times)
        habits = habits_of(learnt)
    else:
        learnt = learnt or Rhythm(seen=previous_poll or now)
        habits = learn(learnt, now, entry_times, rng)
    expected = forecast(learnt, habits)
    if price is None:
        price = usual_price(pace)
    wish_s = (
        wait_s(expected, now, price=price, longest_s=pace.max_interval_s)
        if pace.adaptive
        else pace.interval_s * (1 - MAX_JITTER / 2)
    )
    if gap and pace.adaptive:
        wish_s *= GAP_SHARE
    chosen = bounded(
        now + wish_s,
        give_s=ADAPTIVE_JITTER_S if pace.adaptive else MAX_JITTER * wish_s,
        pace=pace,
        hints=hints,
        not_before=not_before,
        now=now,
        rng=rng,
    )
    if pace.adaptive:
        usual_jitter_s = min(ADAPTIVE_JITTER_S, MAX_JITTER * wish_s) / 2
        note_wait(learnt, wish_s=wish_s + usual_jitter_s, wait_s=chosen.at - now, price=price)
    reason = _reason(learnt, expected, pace, wish_s, now)
    if gap and pace.adaptive:
        reason = f"{reason}; {GAP_WORDS}"
    if chosen.because:
        reason = f"{reason}; {chosen.because}"
    return Decision(chosen.at, chosen.at - now, reason, learnt.packed())


def _reason(learnt: Rhythm, expected: Forecast, pace: Pace, wish_s: float, now: int) -> str:
    if not pace.adaptive:
        return f"polled every {format_duration(pace.interval_s)}, as the file says"
    words = rhythm_in_words(learnt, expected, now)
    if wish_s < pace.min_interval_s:
        return f"{words}; never sooner than {format_duration(pace.min_interval_s)} (min_interval)"
    if wish_s > pace.max_interval_s:
        return f"{words}; never later than {format_duration(pace.max_interval_s)} (max_interval)"
    return words
