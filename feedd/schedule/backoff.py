"""When to try again after a failure (rules 22 to 25)."""

from __future__ import annotations

import random

from feedd.model import NO_HINTS, Hints
from feedd.outcome import FailureKind
from feedd.schedule.bounds import MAX_JITTER, bounded
from feedd.schedule.pace import DAY_S, WEEK_S, Decision, Pace
from feedd.units import format_duration

REFUSED_FOR_GOOD_AFTER_S = 30 * DAY_S
"""Rule 23: after so long of nothing but 403 and 404, a feed is polled once a week."""

ENDS_POLLING: dict[FailureKind, str] = {
    "gone": "no more polls: the publisher has ended this feed (410); "
    "poll it by hand or change its url to try again",
    "unauthorised": "no more polls until its entry in the file changes: "
    "the server wants other credentials (401)",
}
"""Rules 24 and 25: after these only the user can start polling again."""

MAX_DOUBLINGS = 30
"""Keeps the arithmetic small; any interval has met its bound long before."""


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
) -> Decision:
    """Decide when to poll again after the `failures`-th failure in a row. Pure but for `rng`.

    `interval_s` is the feed's own interval (None: it has none yet), which doubles with each failure
    up to `pace.max_interval_s`. `not_before` is when a `Retry-After` ends; `hints` are the
    publisher's. The rhythm is not touched: `Decision.rhythm` is "".
    """
    own_s = interval_s if interval_s is not None else pace.interval_s
    if kind in ENDS_POLLING:
        return Decision(None, own_s, ENDS_POLLING[kind], "")
    if _refused_for_good(kind, failing_since, now):
        since = format_duration(now - (failing_since or now))
        wait_s = WEEK_S * (1 - MAX_JITTER * rng.random() / 2)
        reason = f"tried once a week only: nothing but refusals for {since}"
        at = max(now + wait_s, _retry_after(not_before, pace, now, rng))
        return Decision(round(at), round(wait_s), reason, "")
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
    return Decision(chosen.at, round(wait_s), reason, "")


def _refused_for_good(kind: FailureKind, failing_since: int | None, now: int) -> bool:
    return (
        kind == "refused"
        and failing_since is not None
        and now - failing_since >= REFUSED_FOR_GOOD_AFTER_S
    )


def _retry_after(not_before: int | None, pace: Pace, now: int, rng: random.Random) -> int:
    return bounded(
        now, give_s=0.0, pace=pace, hints=Hints(), not_before=not_before, now=now, rng=rng
    ).at
