"""Rule 11: the interval follows what a feed does, and the reason says so."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.model import Hints
from feedd.schedule import NextPoll, Pace, after_success

MONDAY = 1_704_067_200  # 2024-01-01 00:00 GMT
HOUR_S = 3600
DAY_S = 86_400
WEEK_S = 7 * DAY_S
PACE = Pace(interval_s=HOUR_S, min_interval_s=900, max_interval_s=DAY_S)


def decide(
    rhythm: str,
    now: int,
    entry_times: Iterable[int] = (),
    *,
    previous: int | None,
    poll_cost: float | None = None,
) -> NextPoll:
    return after_success(
        rhythm,
        pace=PACE,
        now=now,
        previous_poll=previous,
        entry_times=tuple(entry_times),
        first_poll=previous is None,
        hints=Hints(),
        not_before=None,
        rng=random.Random(now),
        poll_cost=poll_cost,
    )


@dataclass
class Followed:
    """A feed, polled as decided until `now`."""

    last: NextPoll
    now: int
    polls: list[int]
    delays: list[int]


def follow(times: list[int], until: int, poll_cost: float | None = None) -> Followed:
    decision = decide("", times[0] + 60, [times[0]], previous=None, poll_cost=poll_cost)
    polls, delays, known = [times[0] + 60], [], 1
    while decision.next_poll is not None and decision.next_poll < until:
        now, before = decision.next_poll, known
        while known < len(times) and times[known] <= now:
            delays.append(now - times[known])
            known += 1
        decision = decide(
            decision.rhythm, now, times[before:known], previous=polls[-1], poll_cost=poll_cost
        )
        polls.append(now)
    return Followed(decision, polls[-1], polls, delays)


def office_hours(weeks: int) -> list[int]:
    """Every ninety minutes from 9:00 to 17:00 GMT, Monday to Friday."""
    return [
        MONDAY + day * DAY_S + 9 * HOUR_S + number * 5400 + (day * 37 + number * 11) % 50 * 60
        for day in range(weeks * 7)
        if day % 7 < 5
        for number in range(6)
    ]


def column(weeks: int) -> list[int]:
    """Wednesdays at 15:00 GMT, within a quarter of an hour."""
    return [
        MONDAY + week * WEEK_S + 2 * DAY_S + 15 * HOUR_S + week * 7 % 15 * 60
        for week in range(weeks)
    ]


@pytest.fixture(scope="module")
def office() -> Followed:
    return follow(office_hours(8), MONDAY + 8 * WEEK_S)


def polls_between(followed: Followed, days: set[int], hours: range) -> int:
    return sum(
        (poll - MONDAY) // DAY_S % 7 in days and poll % DAY_S // HOUR_S in hours
        for poll in followed.polls
        if poll > MONDAY + 4 * WEEK_S
    )


def test_rule_11_a_lively_feed_is_polled_more_than_a_quiet_one() -> None:
    now = MONDAY + 60 * DAY_S
    lively = decide("", now, range(now - 2 * DAY_S, now, HOUR_S), previous=None)
    quiet = decide(
        "", now, [now - days * DAY_S - days * 4321 for days in (47, 33, 29, 12, 5)], previous=None
    )
    assert lively.interval_s < quiet.interval_s / 2


def test_rule_11_it_learns_office_hours(office: Followed) -> None:
    day = polls_between(office, {0, 1, 2, 3, 4}, range(9, 18)) / 5
    night = polls_between(office, {0, 1, 2, 3, 4}, range(20, 24)) / 5 * 9 / 4
    assert day > 2 * night


def test_rule_11_it_learns_weekends(office: Followed) -> None:
    workday = polls_between(office, {0, 1, 2, 3, 4}, range(9, 18)) / 5
    weekend = polls_between(office, {5, 6}, range(9, 18)) / 2
    assert workday > 1.5 * weekend


def test_rule_11_entries_on_a_known_day_are_found_sooner_than_by_a_fixed_interval() -> None:
    followed = follow(column(60), MONDAY + 60 * WEEK_S)
    interval_s = (followed.polls[-1] - followed.polls[0]) / len(followed.polls)
    later = followed.delays[20:]
    assert sum(later) / len(later) < 0.5 * interval_s / 2


def test_rule_11_news_shortens_the_interval_at_once() -> None:
    now = MONDAY + 90 * DAY_S
    before = decide("", now, range(now - 60 * DAY_S, now - 9 * DAY_S, 10 * DAY_S), previous=None)
    later = now + 12 * HOUR_S
    silent = decide(before.rhythm, later, previous=now)
    lively = decide(before.rhythm, later, range(later - 900, later, 200), previous=now)
    assert lively.interval_s < silent.interval_s / 2


def test_rule_11_silence_lengthens_the_interval_gently() -> None:
    now = MONDAY + 90 * DAY_S
    decision = decide("", now, range(now - 20 * DAY_S, now, DAY_S), previous=None)
    intervals = []
    for _ in range(300):
        assert decision.next_poll is not None
        previous, now = now, decision.next_poll
        decision = decide(decision.rhythm, now, previous=previous)
        intervals.append(decision.interval_s)
    assert sum(intervals[-20:]) > 1.5 * sum(intervals[:20])
    # No single poll without news makes much of a difference over the same hours.
    assert max(intervals[-20:]) <= DAY_S + 120


def test_rule_11_a_dead_feed_comes_back_to_life() -> None:
    old = column(30)
    reborn = [old[-1] + 40 * WEEK_S + n * 6 * HOUR_S for n in range(40)]
    followed = follow(old + reborn, reborn[-1] + HOUR_S)
    assert max(followed.delays[30:]) <= DAY_S + 120
    assert sum(followed.delays[-20:]) / 20 < 1.5 * HOUR_S


def test_rule_11_is_a_pure_function(office: Followed) -> None:
    once, twice = (
        decide(office.last.rhythm, office.now + HOUR_S, previous=office.now) for _ in range(2)
    )
    assert once == twice


def test_what_is_remembered_fits_a_kilobyte(office: Followed) -> None:
    assert len(office.last.rhythm) < 1000
    assert office.last.rhythm.isascii()


def test_reasons_name_the_rate_the_hours_and_the_workdays(office: Followed) -> None:
    words = office.last.reason
    assert "publishes about 6 entries a weekday between 09:00 and 1" in words
    assert "UTC" in words


def test_reasons_name_the_weekday_of_a_column() -> None:
    assert (
        "one entry a week, mostly on Wednesdays"
        in follow(column(40), MONDAY + 41 * WEEK_S).last.reason
    )


def test_reasons_tell_of_long_silence() -> None:
    assert "has published nothing for" in follow(column(20), MONDAY + 60 * WEEK_S).last.reason


def test_a_new_feed_of_which_nothing_is_known_says_so() -> None:
    assert "nothing is known yet" in decide("", MONDAY, previous=None).reason


def test_entries_without_dates_do_not_make_a_habit_of_the_hour_of_polling() -> None:
    """A feed without dates, polled by hand at nine every day, may publish at any hour."""
    rhythm, previous = "", None
    for day in range(60):
        now = MONDAY + day * DAY_S + 9 * HOUR_S
        decision = decide(rhythm, now, [now], previous=previous)
        rhythm, previous = decision.rhythm, now
    assert "between" not in decision.reason


@settings(max_examples=60, deadline=None)
@given(
    rhythm=st.text(max_size=40)
    | st.binary(max_size=500).map(lambda raw: "1" + raw.hex())
    | st.just("1" + "A" * 612),
    entry_times=st.lists(st.integers(0, 2 * MONDAY), max_size=300),
    gap_s=st.integers(-DAY_S, 3000 * DAY_S),
)
def test_no_stored_rhythm_and_no_dates_can_break_a_decision(
    rhythm: str, entry_times: list[int], gap_s: int
) -> None:
    decision = decide(rhythm, MONDAY, entry_times, previous=MONDAY - gap_s)
    assert decision.next_poll is not None
    assert 900 <= decision.next_poll - MONDAY <= DAY_S
    again = decide(decision.rhythm, decision.next_poll, [], previous=MONDAY)
    assert again.next_poll is not None
