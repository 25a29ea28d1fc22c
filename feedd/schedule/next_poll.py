"""When to poll a feed next, and why: after a success, a failure or a push, and after a sleep.

Pure, but for the random number generator that is passed in. Rule numbers are those of
docs/politeness.md; the model is in docs/when-to-poll.md.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from msgspec.structs import replace

from feedd.model import NO_HINTS, Hints
from feedd.outcome import FailureKind
from feedd.schedule.learning import begun, expected_of, learn, zone_of
from feedd.schedule.pace import (
    MAX_JITTER,
    NextPoll,
    Pace,
    bounded,
    fresh_until,
    note_wait,
    usual_cost,
    wait_s,
)
from feedd.schedule.rhythm import DAYS, HOURS, Forecast, Rhythm, habits_of, unpacked
from feedd.units import DAY_S, MINUTE_S, WEEK_S, format_duration

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
    poll_cost: float | None = None,
    gap: bool = False,
) -> NextPoll:
    """Decide when to poll next after a poll at `now` that brought a document or a 304.

    Times are seconds since 1970. `rhythm` is `NextPoll.rhythm` of the last decision ("" at first).
    `entry_times` are when the new entries of this poll were published, `now` for those without a
    date; on the `first_poll` of a feed, all of its document. `poll_cost` is that of `poll_cost_for`
    (None: the usual one). With a `gap`, entries were probably missed lately, and the wait is
    shorter. `hints` and `not_before` bound the result (rules 9 and 10). Pure but for `rng`.
    """
    zone = zone_of(hints.utc_offset_s, now)
    learnt = unpacked(rhythm)
    if learnt is None and (first_poll or previous_poll is None):
        learnt = begun(now, entry_times, zone)
        habits = habits_of(learnt)
    else:
        learnt = learnt or Rhythm(seen=previous_poll or now)
        habits = learn(learnt, now, entry_times, rng, zone)
    expected = expected_of(learnt, habits, now, zone)
    cost = usual_cost(pace) if poll_cost is None else poll_cost
    if pace.adaptive:
        wish_s = _adaptive_wait_s(learnt, expected, pace, hints, now, cost=cost, gap=gap)
        give_s: float = ADAPTIVE_JITTER_S
    else:
        wish_s = pace.interval_s * (1 - MAX_JITTER / 2)
        give_s = MAX_JITTER * wish_s
    chosen = bounded(
        now + wish_s,
        give_s=give_s,
        pace=pace,
        hints=hints,
        not_before=not_before,
        now=now,
        rng=rng,
    )
    reasons = [_reason(learnt, expected, pace, wish_s, now), chosen.because]
    if pace.adaptive:
        usual_jitter_s = min(ADAPTIVE_JITTER_S, MAX_JITTER * wish_s) / 2
        note_wait(learnt, wish_s=wish_s + usual_jitter_s, wait_s=chosen.at - now, cost=cost)
        reasons.insert(1, GAP_WORDS if gap else "")
    reason = "; ".join(filter(None, reasons))
    return NextPoll(chosen.at, chosen.at - now, reason, learnt.packed())


def _adaptive_wait_s(
    learnt: Rhythm,
    expected: Forecast,
    pace: Pace,
    hints: Hints,
    now: int,
    *,
    cost: float,
    gap: bool,
) -> float:
    """The wait that the rhythm asks for, in seconds, without jitter. It is planned from the end of
    what the publisher says is fresh (rule 9) on; after a `gap` a new plan is made next time.
    """
    asked_s = (fresh_until(hints, pace, now) or now) - now
    wish_s = wait_s(
        learnt,
        expected,
        now,
        cost=cost,
        shortest_s=min(max(pace.min_interval_s, asked_s), pace.max_interval_s),
        longest_s=pace.max_interval_s,
    )
    if not gap:
        return wish_s
    learnt.planned_cost = 0.0
    return wish_s * GAP_SHARE


def _reason(learnt: Rhythm, expected: Forecast, pace: Pace, wish_s: float, now: int) -> str:
    if pace.adaptive:
        words = rhythm_in_words(learnt, expected, now)
    else:
        wish_s = pace.interval_s
        words = f"polled every {format_duration(wish_s)}, as the file says"
    if wish_s < pace.min_interval_s:
        return f"{words}; never sooner than {format_duration(pace.min_interval_s)} (min_interval)"
    if wish_s > pace.max_interval_s:
        return f"{words}; never later than {format_duration(pace.max_interval_s)} (max_interval)"
    return words


# ---------------------------------------------------------------- after a failure

REFUSED_FOR_GOOD_AFTER_S = 30 * DAY_S
"""Rule 23: a feed that has answered nothing but 403 and 404 for so long is polled once a week."""

ENDS_POLLING: dict[FailureKind, str] = {
    "gone": "no more polls: the publisher has ended this feed (410); "
    "poll it by hand or change its url to try again",
    "unauthorised": "no more polls until its entry in the file changes: "
    "the server wants other credentials (401)",
}
"""Rules 24 and 25: after these only the user can start polling again."""

MAX_DOUBLINGS = 30
"""Keeps the arithmetic small: any interval has reached `max_interval_s` long before."""


def after_failure(
    *,
    pace: Pace,
    interval_s: int | None,
    failures: int,
    failing_since: int | None,
    kind: FailureKind,
    not_before: int | None,
    now: int,
    rng: random.Random,
    hints: Hints = NO_HINTS,
) -> NextPoll:
    """Decide when to poll again after the `failures`-th failure in a row. Pure but for `rng`.

    `interval_s` is the feed's own interval (None: it has none yet), which doubles with each failure
    up to `pace.max_interval_s`. `not_before` is when a `Retry-After` ends; `hints` are the
    publisher's. A failure teaches nothing about the rhythm: `NextPoll.rhythm` is "".
    """
    own_s = interval_s if interval_s is not None else pace.interval_s
    if kind in ENDS_POLLING:
        return NextPoll(None, own_s, ENDS_POLLING[kind], "")
    if _refused_for_good(kind, failing_since, now):
        since = format_duration(now - (failing_since or now))
        wait_s = WEEK_S * (1 - MAX_JITTER * rng.random() / 2)
        reason = f"tried once a week only: nothing but refusals for {since}"
        at = max(now + wait_s, _retry_after(not_before, pace, now, rng))
        return NextPoll(round(at), round(wait_s), reason, "")
    own_s = max(1, own_s, pace.min_interval_s)
    wait_s = min(own_s * 2 ** min(failures, MAX_DOUBLINGS), pace.max_interval_s)
    chosen = bounded(
        now + wait_s,
        give_s=MAX_JITTER * wait_s,
        pace=pace,
        hints=hints,
        not_before=not_before,
        now=now,
        rng=rng,
    )
    times = "1 failure" if failures == 1 else f"{failures} failures in a row"
    reason = chosen.because or f"{times}: waiting {format_duration(wait_s)}"
    return NextPoll(chosen.at, round(wait_s), reason, "")


def _refused_for_good(kind: FailureKind, failing_since: int | None, now: int) -> bool:
    return (
        kind in ("refused", "robot-check")
        and failing_since is not None
        and now - failing_since >= REFUSED_FOR_GOOD_AFTER_S
    )


def _retry_after(not_before: int | None, pace: Pace, now: int, rng: random.Random) -> int:
    return bounded(
        now, give_s=0.0, pace=pace, hints=Hints(), not_before=not_before, now=now, rng=rng
    ).at


# ---------------------------------------------------------------- while a hub pushes


def while_pushed(
    decision: NextPoll,
    *,
    pushes: int,
    hub: str,
    last_poll: int,
    pace: Pace,
    hints: Hints,
    rng: random.Random,
) -> NextPoll:
    """The `decision` put off for a feed whose last `pushes` pushes missed no entry.

    Each push doubles the wait after `last_poll`, up to `max_interval_s`: a poll then only checks
    that pushes still come. The decision stays as it is without pushes, where the user has set the
    interval, and where the poll would come sooner. `interval_s` is never changed. `hub` is the
    host that pushes, for the reason in words. Pure but for `rng`.
    """
    if not pushes or not pace.adaptive or decision.next_poll is None:
        return decision
    wait_s = min(decision.interval_s << min(pushes, 20), pace.max_interval_s)
    chosen = bounded(
        last_poll + wait_s,
        give_s=MAX_JITTER * wait_s,
        pace=pace,
        hints=hints,
        not_before=None,
        now=last_poll,
        rng=rng,
    )
    if chosen.at <= decision.next_poll:
        return decision
    reason = f"{hub} pushes its entries (WebSub): asked only after {format_duration(wait_s)}"
    return replace(decision, next_poll=chosen.at, reason=f"{reason}, to see that none was missed")


# ---------------------------------------------------------------- the rhythm in words

SURE_OF_DAYS_AFTER = 12.0
SURE_OF_HOURS_AFTER = 20.0
"""How many entries must have been counted before a habit of days or hours is spoken of."""

WORKDAYS = 5
MOST = 0.85
"""The share of entries that must keep to a habit before it is spoken of."""

LONGEST_HOURS = 14
"""Nobody is told of a habit that covers more hours of the day."""

MISSED_ENTRIES = 3
"""A silence is spoken of when, at the usual rate, so many entries would have come in it."""

FRESH_S = DAY_S // 8
"""How long after an entry it is said that others may follow soon."""

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def rhythm_in_words(rhythm: Rhythm, expected: Forecast, now: int) -> str:
    """What is known of when a feed publishes, such as "publishes about 6 entries a weekday"."""
    silent_s = now - rhythm.last_entry
    counted = sum(rhythm.hours)
    if not rhythm.last_entry:
        return "nothing is known yet of when it publishes"
    daily = DAY_S * rhythm.unweighted[0] / max(rhythm.unweighted[1], DAY_S)
    if expected.lasting_rate * silent_s > MISSED_ENTRIES and silent_s > 2 * WEEK_S:
        return f"has published nothing for {format_duration(silent_s)}"
    if counted < 2:
        return "little is known yet of when it publishes"
    words = _how_often(daily, rhythm.days)
    hours = _usual_hours(rhythm.hours)
    if hours and counted >= SURE_OF_HOURS_AFTER:
        first, end = ((hour - expected.summer_h) % HOURS for hour in hours)
        words += f" between {first:02}:00 and {end:02}:00 UTC"
    if silent_s < FRESH_S and expected.at_age(now) > 1.5:
        words += ", and more often follows soon"
    return words


def _how_often(daily: float, days: list[float]) -> str:
    counted = sum(days)
    if counted >= SURE_OF_DAYS_AFTER and sum(days[:WORKDAYS]) >= 0.9 * counted and daily > 0.75:
        return f"publishes about {_entries(daily * DAYS / WORKDAYS)} a weekday"
    if daily >= 0.75:
        return f"publishes about {_entries(daily)} a day"
    if daily * DAYS >= 0.75:
        return f"publishes about {_entries(daily * DAYS)} a week{_usual_day(days)}"
    if daily * 30 >= 0.75:
        return f"publishes about {_entries(daily * 30)} a month{_usual_day(days)}"
    return f"publishes about {_entries(max(1.0, daily * 365))} a year"


def _entries(number: float) -> str:
    return "one entry" if number < 1.5 else f"{round(number)} entries"


def _usual_day(days: list[float]) -> str:
    counted, most = sum(days), max(days)
    if counted < SURE_OF_DAYS_AFTER or most < 0.6 * counted:
        return ""
    return f", mostly on {_DAY_NAMES[days.index(most)]}s"


def _usual_hours(hours: list[float]) -> tuple[int, int] | None:
    """The shortest span of the day that holds most entries: its first hour and its end."""
    wanted = MOST * sum(hours)
    twice = hours + hours
    best: tuple[int, int] | None = None
    end, within = 0, 0.0
    for start in range(HOURS):
        while within < wanted and end < start + HOURS:
            within += twice[end]
            end += 1
        shorter = end - start < (best[1] - best[0] if best else LONGEST_HOURS + 1)
        if within >= wanted and shorter:
            best = (start, end)
        within -= twice[start]
    return None if best is None else (best[0], best[1] % HOURS)
