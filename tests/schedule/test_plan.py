"""Rule 11: polls are planned together, so that what a usual hour brings is not found by halves."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.schedule.pace import ENTRY_WEIGHT, USUAL_COST, entries_by, wait_s
from feedd.schedule.rhythm import DAYS, FIVES, HOURS, Forecast, Habits, Rhythm, unpacked
from feedd.units import DAY_S, HOUR_S, MINUTE_S
from tests.schedule.test_learning import MONDAY, decide


def promised(
    hours: list[float] | None = None, fives: list[float] | None = None, rate_a_day: float = 4.0
) -> Forecast:
    """A forecast with these factors; all else makes no difference."""
    habits = Habits(hours or [1.0] * HOURS, [1.0] * DAYS, fives or [1.0] * FIVES)
    return Forecast(rate_a_day / DAY_S, rate_a_day / DAY_S, habits, [1.0] * 16, 0.0)


def plan(expected: Forecast, now: int, cost: float, shortest_s: int = 15 * MINUTE_S) -> list[float]:
    rhythm = Rhythm()
    first = wait_s(rhythm, expected, now, cost=cost, shortest_s=shortest_s, longest_s=DAY_S)
    polls = [at - now for at in rhythm.planned if at]
    assert not polls or polls[0] == pytest.approx(first)
    return polls


def loss(expected: Forecast, now: int, polls: list[float], cost: float) -> float:
    """What polls cost a second with the delay that they leave, counted minute by minute."""
    lost, begin = 0.0, 0.0
    for poll in polls:
        times = [begin + n * MINUTE_S for n in range(int((poll - begin) // MINUTE_S) + 1)] + [poll]
        by = entries_by(expected, [now + at for at in times])
        for (start, end), (before, after) in zip(
            itertools.pairwise(times), itertools.pairwise(by), strict=True
        ):
            lost += (after - before) * (poll - (start + end) / 2)
        lost += cost
        begin = poll
    return lost / polls[-1]


def test_rule_11_a_usual_hour_is_polled_at_its_end_not_amid_it() -> None:
    hours = [0.2] * HOURS
    hours[9] = 19.4
    for now in (MONDAY + 8 * HOUR_S, MONDAY + 8 * HOUR_S + 20 * MINUTE_S):
        polls = plan(promised(hours), now, cost=100.0)
        ends = [now + poll - MONDAY for poll in polls]
        assert any(10 * HOUR_S <= end <= 10 * HOUR_S + 10 * MINUTE_S for end in ends)


def test_rule_11_what_a_clock_publishes_is_asked_for_right_after_it() -> None:
    fives = [FIVES - 2.2, *[0.2] * (FIVES - 1)]
    for minute in (7, 23, 51):
        now = MONDAY + 12 * HOUR_S + minute * MINUTE_S
        for poll in plan(promised(fives=fives), now, cost=20.0):
            assert 5 * MINUTE_S <= (now + poll) % HOUR_S <= 6 * MINUTE_S


@pytest.mark.parametrize("rate_a_day", [0.3, 4.0, 20.0])
def test_rule_11_feeds_without_habits_are_polled_evenly(rate_a_day: float) -> None:
    """Where no hour differs, the wait at which a poll's cost is gathered is the best there is."""
    expected = promised(rate_a_day=rate_a_day)
    worth = 12.0 * rate_a_day * 60.0
    weight = 1 / (1 + rate_a_day * 365)
    cost = worth * weight
    for _ in range(30):
        cost = worth * (ENTRY_WEIGHT * math.cbrt(USUAL_COST / cost) + weight)
    polls = plan(expected, MONDAY, cost=cost)
    best = (2 * worth / expected.rate) ** 0.5
    waits = [end - start for start, end in itertools.pairwise([0.0, *polls])]
    assert sum(waits) / len(waits) == pytest.approx(best, rel=0.12)


@settings(deadline=None, max_examples=60)
@given(
    hours=st.lists(st.floats(0.05, 8), min_size=HOURS, max_size=HOURS),
    fives=st.lists(st.floats(0.05, 8), min_size=FIVES, max_size=FIVES),
    now=st.integers(MONDAY, MONDAY + 7 * DAY_S),
    cost=st.floats(0.5, 200),
)
def test_rule_11_a_plan_is_never_much_worse_than_even_polls(
    hours: list[float], fives: list[float], now: int, cost: float
) -> None:
    hours = [hour * HOURS / sum(hours) for hour in hours]
    fives = [five * FIVES / sum(fives) for five in fives]
    expected = promised(hours, fives)
    polls = plan(expected, now, cost)
    if not polls:
        return
    assert all(end - start >= 15 * MINUTE_S - 1 for start, end in itertools.pairwise([0.0, *polls]))
    worth = cost / (ENTRY_WEIGHT * math.cbrt(USUAL_COST / cost) + 1 / (1 + 4 * 365.25))
    even = [polls[-1] * (n + 1) / len(polls) for n in range(len(polls))]
    assert loss(expected, now, polls, worth) <= 1.1 * loss(expected, now, even, worth)


def test_a_plan_stands_until_an_entry_comes() -> None:
    found = [MONDAY - n * DAY_S + n * 5 % 24 * HOUR_S for n in range(60, 0, -1)]
    decision = decide("", MONDAY, found, None)
    first, due = unpacked(decision.rhythm), decision.next_poll
    assert due is not None
    decision = decide(decision.rhythm, due, [], MONDAY)
    second, later = unpacked(decision.rhythm), decision.next_poll
    assert later is not None
    assert first is not None
    assert second is not None
    assert [at for at in first.planned[1:] if at] == [at for at in second.planned if at]
    assert abs(later - first.planned[1]) <= 2 * MINUTE_S
    third = unpacked(decide(decision.rhythm, later, [later - 60], due).rhythm)
    assert third is not None
    stands = [*second.planned[1:], 0.0]
    assert third.planned != stands


def test_a_clock_that_is_set_back_leaves_no_feed_to_a_plan_of_the_future() -> None:
    found = [MONDAY - n * DAY_S + n * 5 % 24 * HOUR_S for n in range(60, 0, -1)]
    before = unpacked(decide("", MONDAY, found, None).rhythm)
    assert before is not None
    now = MONDAY - 300 * DAY_S
    after = decide(before.packed(), now, [], MONDAY)
    assert after.next_poll is not None
    assert after.next_poll - now <= DAY_S
    again = unpacked(after.rhythm)
    assert again is not None
    assert all(at - now < 14 * DAY_S for at in again.planned)
