"""Failures: doubling up to a bound, weekly for the refused, nothing after 410 and 401."""

from __future__ import annotations

import random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.outcome import FailureKind
from feedd.schedule import NextPoll, Pace, after_failure

NOW = 1_704_110_400
HOUR_S = 3600
DAY_S = 86_400
PACE = Pace(interval_s=HOUR_S, min_interval_s=900, max_interval_s=DAY_S)


def fail(
    failures: int,
    *,
    kind: FailureKind = "server",
    interval_s: int | None = HOUR_S,
    failing_for_s: int = 0,
    not_before: int | None = None,
    seed: int = 1,
) -> NextPoll:
    return after_failure(
        pace=PACE,
        interval_s=interval_s,
        failures=failures,
        failing_since=NOW - failing_for_s,
        kind=kind,
        not_before=not_before,
        now=NOW,
        rng=random.Random(seed),
    )


def wait_s(decision: NextPoll) -> int:
    assert decision.next_poll is not None
    return decision.next_poll - NOW


@pytest.mark.parametrize(("failures", "hours"), [(1, 2), (2, 4), (3, 8), (4, 16)])
def test_rule_22_each_failure_doubles_the_feeds_own_interval(failures: int, hours: int) -> None:
    assert hours * HOUR_S <= wait_s(fail(failures)) <= 1.1 * hours * HOUR_S


def test_rule_22_never_longer_than_max_interval() -> None:
    for failures in (5, 6, 50, 10**6):
        assert 0.9 * DAY_S <= wait_s(fail(failures)) <= DAY_S


def test_rule_22_feeds_that_fail_together_do_not_come_back_together() -> None:
    assert len({wait_s(fail(1, seed=seed)) for seed in range(50)}) > 40
    assert len({wait_s(fail(9, seed=seed)) for seed in range(50)}) > 40


def test_rule_22_a_feed_without_an_interval_starts_from_the_configured_one() -> None:
    assert wait_s(fail(1, interval_s=None)) >= 2 * HOUR_S


def test_rule_22_the_reason_counts_the_failures() -> None:
    assert fail(1).reason == "1 failure: waiting 2 h"
    assert fail(3).reason.startswith("3 failures in a row: ")


def test_rule_9_retry_after_outlasts_the_backoff() -> None:
    decision = fail(1, kind="throttled", not_before=NOW + 3 * DAY_S)
    assert 3 * DAY_S <= wait_s(decision) <= 3 * DAY_S + 60
    assert "Retry-After" in decision.reason


@pytest.mark.parametrize("failing_days", [1, 29])
def test_rule_23_the_refused_are_backed_off_from_like_others_at_first(failing_days: int) -> None:
    decision = fail(20, kind="refused", failing_for_s=failing_days * DAY_S)
    assert wait_s(decision) <= DAY_S


def test_rule_23_after_thirty_days_of_refusals_polling_is_weekly() -> None:
    decision = fail(40, kind="refused", failing_for_s=30 * DAY_S)
    assert 6.5 * DAY_S <= wait_s(decision) <= 7 * DAY_S
    assert "once a week" in decision.reason


def test_rule_23_other_failures_never_become_weekly() -> None:
    assert wait_s(fail(90, kind="dns", failing_for_s=90 * DAY_S)) <= DAY_S


@pytest.mark.parametrize(
    ("kind", "words"),
    [("gone", "410"), ("unauthorised", "401")],
    ids=["rule_24", "rule_25"],
)
def test_rules_24_and_25_gone_and_unauthorised_feeds_are_left_alone(
    kind: FailureKind, words: str
) -> None:
    decision = fail(1, kind=kind, not_before=NOW + 60)
    assert decision.next_poll is None
    assert words in decision.reason


@given(
    failures=st.integers(1, 10**6),
    interval_s=st.none() | st.integers(-5, 10**12),
    failing_for_s=st.integers(-DAY_S, 4000 * DAY_S),
    not_before=st.none() | st.integers(-(10**12), 10**12),
    kind=st.sampled_from(get_args(FailureKind)),
    seed=st.integers(0, 9),
)
def test_whatever_failed_however_often_the_next_poll_is_within_bounds(
    failures: int,
    interval_s: int | None,
    failing_for_s: int,
    not_before: int | None,
    kind: FailureKind,
    seed: int,
) -> None:
    decision = fail(
        failures,
        kind=kind,
        interval_s=interval_s,
        failing_for_s=failing_for_s,
        not_before=not_before,
        seed=seed,
    )
    assert decision.reason
    assert "\n" not in decision.reason
    if kind in ("gone", "unauthorised"):
        assert decision.next_poll is None
    else:
        assert 900 <= wait_s(decision) <= 7 * DAY_S + 60
