"""Bounds on the time of the next poll: the user's, the publisher's, the server's (rules 9, 10, 12).

Rule numbers are those of docs/politeness.md.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from feedd.model import Hints
from feedd.units import DAY_S, HOUR_S, format_duration

MAX_RETRY_AFTER_S = 7 * DAY_S
"""Rule 9: no server keeps us away for longer by `Retry-After`."""

MAX_JITTER = 0.1
"""Rule 12: jitter is at most this share of the wait."""

BOUND_JITTER_S = 30
"""At a lower bound jitter is at most this: there it is all delay, and half a minute spreads
enough."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often one feed may be polled. `_s` are seconds.

    With `adaptive`, `interval_s` is the average over all feeds, and the feed's own interval follows
    its rhythm between the two bounds. Without, it is the feed's own interval; the bounds hold for
    that too.
    """

    interval_s: int
    min_interval_s: int
    max_interval_s: int
    adaptive: bool = True


@dataclass(frozen=True, slots=True)
class NextPoll:
    """When to poll a feed next, and why.

    `next_poll` None: never, until the user acts. `interval_s` is the wait that was decided on,
    `reason` says why in words fit to follow "next poll 14:10: ", and `rhythm` is what to remember
    about the feed for the next decision.
    """

    next_poll: int | None
    interval_s: int
    reason: str
    rhythm: str


@dataclass(frozen=True, slots=True)
class Bounded:
    """A time to poll within the bounds; `because` names the bound that decided, "" if none did."""

    at: int
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Bound:
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
    if len(set(hints.skip_hours)) >= 24 or len(set(hints.skip_days)) >= 7:
        return None
    if not _is_skipped(at, hints):
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
