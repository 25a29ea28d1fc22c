"""Polls that were planned before the file's intervals changed."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.model import NO_HINTS, Hints
from feedd.schedule import Pace, PlannedPoll, at_new_pace
from feedd.schedule.headers import BOUND_JITTER_S

LAST = 1_790_000_000
HOUR_S = 3600
DAY_S = 86_400
ADAPTIVE = Pace(HOUR_S, HOUR_S // 4, DAY_S)


def planned(after_s: int, hints: Hints = NO_HINTS, *, waits: bool = False) -> PlannedPoll:
    return PlannedPoll(LAST, LAST + after_s, hints, waits)


def moved_s(poll: PlannedPoll, pace: Pace) -> int | None:
    at = at_new_pace(poll, pace, random.Random(1))
    return None if at is None else at - LAST


@pytest.mark.parametrize("after_s", [HOUR_S // 4, 5 * HOUR_S, DAY_S])
def test_what_lies_within_the_bounds_stays(after_s: int) -> None:
    assert moved_s(planned(after_s), ADAPTIVE) is None


@pytest.mark.parametrize("after_s", [int(0.95 * HOUR_S), HOUR_S, int(1.05 * HOUR_S)])
def test_a_fixed_interval_that_is_kept_to_stays_with_its_jitter(after_s: int) -> None:
    assert moved_s(planned(after_s), Pace(HOUR_S, 900, DAY_S, adaptive=False)) is None


def test_rule_09_a_longer_min_interval_holds_for_polls_that_were_planned_sooner() -> None:
    wait_s = moved_s(planned(HOUR_S), Pace(HOUR_S, 6 * HOUR_S, DAY_S))
    assert wait_s is not None
    assert 6 * HOUR_S <= wait_s <= 6.6 * HOUR_S


def test_rule_10_a_shorter_max_interval_waits_out_no_longer_one() -> None:
    wait_s = moved_s(planned(7 * DAY_S), ADAPTIVE)
    assert wait_s is not None
    assert 0.9 * DAY_S <= wait_s <= DAY_S


@pytest.mark.parametrize("before_s", [600, 10 * DAY_S])
def test_a_fixed_interval_holds_from_the_last_poll_on(before_s: int) -> None:
    wait_s = moved_s(planned(before_s), Pace(3 * HOUR_S, 900, DAY_S, adaptive=False))
    assert wait_s is not None
    assert 2.85 * HOUR_S - 1 <= wait_s <= 3.15 * HOUR_S + 1


def test_failures_pushes_and_a_retry_after_are_waited_for_as_before() -> None:
    assert moved_s(planned(7 * DAY_S, waits=True), ADAPTIVE) is None
    assert moved_s(planned(60, waits=True), ADAPTIVE) is not None, "min_interval holds for them too"


def test_rule_10_what_the_publisher_asks_for_outlasts_a_shorter_interval() -> None:
    shorter = Pace(HOUR_S, 900, DAY_S, adaptive=False)
    assert moved_s(planned(6 * HOUR_S, Hints(ttl_s=6 * HOUR_S)), shorter) is None
    moved = moved_s(planned(20 * HOUR_S, Hints(ttl_s=6 * HOUR_S)), shorter)
    assert moved is not None
    assert 6 * HOUR_S <= moved <= 6.1 * HOUR_S
    skipping = Hints(skip_hours=tuple(hour for hour in range(24) if hour != 5))
    at = at_new_pace(planned(3 * DAY_S, skipping), shorter, random.Random(2))
    assert at is not None
    assert at % DAY_S // HOUR_S == 5 or at == LAST + DAY_S


@given(
    after_s=st.integers(-DAY_S, 30 * DAY_S),
    interval_s=st.integers(1, 40 * DAY_S),
    least_s=st.integers(1, 10 * DAY_S),
    most_s=st.integers(1, 40 * DAY_S),
    adaptive=st.booleans(),
    waits=st.booleans(),
    seed=st.integers(0, 99),
)
def test_rule_09_whatever_was_planned_the_bounds_hold_afterwards(
    after_s: int,
    interval_s: int,
    least_s: int,
    most_s: int,
    adaptive: bool,
    waits: bool,
    seed: int,
) -> None:
    pace = Pace(interval_s, least_s, most_s, adaptive)
    at = at_new_pace(planned(after_s, waits=waits), pace, random.Random(seed))
    wait_s = after_s if at is None else at - LAST
    assert wait_s >= min(least_s, most_s) - 1
    if not waits:
        jitter_s = min(BOUND_JITTER_S, most_s / 10)  # where the bounds are the same
        assert wait_s <= most_s + jitter_s + 2
