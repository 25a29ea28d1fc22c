"""No wish oversteps the user's bounds, the publisher's hints or the server's Retry-After."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.model import Hints
from feedd.schedule import NextPoll, Pace, after_success, fresh_until

MONDAY_NOON = 1_704_110_400  # 2024-01-01 12:00 GMT
HOUR_S = 3600
DAY_S = 86_400
PACE = Pace(interval_s=HOUR_S, min_interval_s=900, max_interval_s=DAY_S)
NO_HINTS = Hints()


def decide(
    *,
    hints: Hints = NO_HINTS,
    not_before: int | None = None,
    pace: Pace = PACE,
    entry_times: tuple[int, ...] = (),
    now: int = MONDAY_NOON,
    seed: int = 1,
    poll_cost: float | None = None,
) -> NextPoll:
    return after_success(
        "",
        pace=pace,
        now=now,
        previous_poll=None,
        entry_times=entry_times,
        first_poll=True,
        hints=hints,
        not_before=not_before,
        rng=random.Random(seed),
        poll_cost=poll_cost,
    )


def wait_s(decision: NextPoll) -> int:
    assert decision.next_poll is not None
    return decision.next_poll - MONDAY_NOON


LIVELY = tuple(range(MONDAY_NOON - 2 * DAY_S, MONDAY_NOON, 600))
EVERY_FIVE_MINUTES = Pace(300, 60, DAY_S, adaptive=False)


def test_rule_9_no_feed_is_lively_enough_for_less_than_min_interval() -> None:
    decision = decide(entry_times=LIVELY, poll_cost=1e-6)
    assert 900 <= wait_s(decision) <= 930
    assert "min_interval" in decision.reason


def test_rule_9_min_interval_also_bounds_a_feeds_own_interval() -> None:
    assert wait_s(decide(pace=Pace(60, 900, DAY_S, adaptive=False))) >= 900


def test_rule_9_retry_after_wins_even_over_max_interval() -> None:
    decision = decide(not_before=MONDAY_NOON + 3 * DAY_S)
    assert 3 * DAY_S <= wait_s(decision) <= 3 * DAY_S + 60
    assert "Retry-After" in decision.reason


def test_rule_9_retry_after_is_believed_for_seven_days_at_most() -> None:
    assert wait_s(decide(not_before=MONDAY_NOON + 300 * DAY_S)) <= 7 * DAY_S + 60


def test_rule_9_retry_after_already_over_changes_nothing() -> None:
    assert decide(not_before=MONDAY_NOON - 5) == decide()


@pytest.mark.parametrize(
    ("hints", "words"),
    [
        (Hints(max_age_s=2 * HOUR_S), "Cache-Control"),
        (Hints(ttl_s=2 * HOUR_S), "ttl"),
        (Hints(update_period_s=2 * HOUR_S), "sy:updatePeriod"),
    ],
)
def test_rule_10_the_publishers_wish_is_a_lower_bound_and_named(hints: Hints, words: str) -> None:
    decision = decide(hints=hints, pace=EVERY_FIVE_MINUTES)
    assert 2 * HOUR_S <= wait_s(decision) <= 2 * HOUR_S + 60
    assert "at least 2 h" in decision.reason
    assert words in decision.reason


def test_rule_10_the_strongest_wish_counts() -> None:
    hints = Hints(max_age_s=600, ttl_s=3 * HOUR_S, update_period_s=HOUR_S)
    assert wait_s(decide(hints=hints, pace=EVERY_FIVE_MINUTES)) >= 3 * HOUR_S


def test_rule_10_no_wish_counts_for_more_than_max_interval() -> None:
    hints = Hints(ttl_s=365 * DAY_S)
    assert DAY_S <= wait_s(decide(hints=hints, pace=EVERY_FIVE_MINUTES)) <= DAY_S + 30


def test_rule_10_a_shorter_wish_never_makes_us_poll_more_often() -> None:
    assert decide(hints=Hints(max_age_s=1, ttl_s=0)) == decide()


def test_rule_10_skip_hours_are_gmt_and_skipped() -> None:
    decision = decide(hints=Hints(skip_hours=(12, 13, 14)), pace=EVERY_FIVE_MINUTES)
    assert 3 * HOUR_S <= wait_s(decision) <= 3 * HOUR_S + 30
    assert "skipHours" in decision.reason


def test_rule_10_skip_days_are_skipped() -> None:
    now_on_sunday_evening = MONDAY_NOON + 6 * DAY_S + 11 * HOUR_S
    decision = decide(
        hints=Hints(skip_days=(0,)), pace=EVERY_FIVE_MINUTES, now=now_on_sunday_evening + 3500
    )
    assert decision.next_poll is not None
    # A whole Monday is longer than max_interval allows from there, but only just.
    assert decision.next_poll - now_on_sunday_evening >= DAY_S


@pytest.mark.parametrize(
    "hints", [Hints(skip_hours=tuple(range(24))), Hints(skip_days=tuple(range(7)))]
)
def test_rule_10_a_feed_that_skips_everything_has_said_nothing(hints: Hints) -> None:
    assert decide(hints=hints) == decide()


def test_rule_10_skipping_is_bounded_by_max_interval() -> None:
    hints = Hints(skip_days=(0, 1, 2, 3, 4, 5))
    assert wait_s(decide(hints=hints, pace=EVERY_FIVE_MINUTES)) <= DAY_S


def test_rule_12_jitter_keeps_feeds_of_one_interval_apart() -> None:
    pace = Pace(HOUR_S, 60, DAY_S, adaptive=False)
    waits = [wait_s(decide(pace=pace, seed=seed)) for seed in range(200)]
    assert 0.95 * HOUR_S <= min(waits) < max(waits) <= 1.05 * HOUR_S
    assert len(set(waits)) > 100
    assert sum(waits) / len(waits) == pytest.approx(HOUR_S, rel=0.01)


def test_a_feeds_own_interval_is_kept_whatever_it_publishes() -> None:
    pace = Pace(2 * HOUR_S, 60, DAY_S, adaptive=False)
    decision = decide(pace=pace, entry_times=LIVELY)
    assert wait_s(decision) == pytest.approx(2 * HOUR_S, rel=0.06)
    assert "every 2 h" in decision.reason


seconds = st.none() | st.integers(min_value=-(10**12), max_value=10**12)
hours = st.lists(st.integers(0, 23)).map(tuple)
days = st.lists(st.integers(0, 6)).map(tuple)


@settings(max_examples=150, deadline=None)
@given(
    hints=st.builds(
        Hints,
        max_age_s=seconds,
        ttl_s=seconds,
        update_period_s=seconds,
        skip_hours=hours,
        skip_days=days,
    ),
    entry_times=st.lists(st.integers(-(10**10), 10**11), max_size=30).map(tuple),
    seed=st.integers(0, 9),
    adaptive=st.booleans(),
)
def test_rules_9_and_10_hold_for_any_hints_and_any_dates(
    hints: Hints, entry_times: tuple[int, ...], seed: int, adaptive: bool
) -> None:
    pace = Pace(HOUR_S, 900, DAY_S, adaptive=adaptive)
    decision = decide(hints=hints, entry_times=entry_times, seed=seed, pace=pace)
    asked = [hints.max_age_s, hints.ttl_s, hints.update_period_s]
    lowest = min(max([900, *(s for s in asked if s is not None)]), DAY_S)
    assert lowest <= wait_s(decision) <= DAY_S + 60
    assert decision.reason
    assert "\n" not in decision.reason


@pytest.mark.parametrize("said", [None, 0, -5])
def test_who_asks_for_nothing_is_said_to_ask_for_nothing(said: int | None) -> None:
    assert fresh_until(Hints(max_age_s=said), PACE, MONDAY_NOON) is None


def test_until_when_a_publisher_asks_to_be_left_alone_goes_no_further_than_max_interval() -> None:
    asked = Hints(max_age_s=600, ttl_s=HOUR_S)
    assert fresh_until(asked, PACE, MONDAY_NOON) == MONDAY_NOON + HOUR_S
    assert (
        fresh_until(Hints(ttl_s=PACE.max_interval_s + 1), PACE, MONDAY_NOON)
        == MONDAY_NOON + PACE.max_interval_s
    )
