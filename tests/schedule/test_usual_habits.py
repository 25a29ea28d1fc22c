"""What is usual of feeds fills in for what a feed has not shown yet, and then gives way to it."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest

from benchmarks.traces import REAL, read
from benchmarks.train_rhythm import fitted
from feedd.schedule.learning import begun
from feedd.schedule.rhythm import (
    DAY_SHAPES,
    EVEN_CHANCE,
    HOURS,
    SHIFT_CHANCES,
    USUAL_DAYS,
    Rhythm,
    habits_of,
    unpacked,
    usual_hours_of,
)

DAY_S, HOUR_S = 86_400, 3_600
MONDAY = 1_704_067_200  # 2024-01-01, midnight UTC
WEDNESDAY = MONDAY + 2 * DAY_S


def counted(*hours: int) -> list[float]:
    return [float(hours.count(hour)) for hour in range(HOURS)]


def test_the_tables_are_those_that_the_script_fits_to_the_traces_of_the_repository() -> None:
    tables = fitted(read(REAL))
    assert [round(day, 2) for day in tables.days] == list(USUAL_DAYS)
    assert [[round(x, 2) for x in shape] for shape in tables.shapes] == [*map(list, DAY_SHAPES)]
    assert tables.chances[0] == pytest.approx(list(SHIFT_CHANCES[0]), abs=0.0006)
    assert tables.even_chance == pytest.approx(EVEN_CHANCE, abs=0.005)


def test_factors_keep_their_mean_whatever_was_counted() -> None:
    for counts in (counted(), counted(3), counted(*range(24)), counted(*[9] * 300)):
        assert sum(usual_hours_of(counts)) == pytest.approx(HOURS, rel=0.01)


def test_three_entries_in_somebodys_morning_make_night_of_the_hours_they_sleep() -> None:
    """A publisher in Japan: 9 to 11 there is 0 to 2 UTC. Their night is 14 to 20 UTC."""
    habits = habits_of(begun(MONDAY, [MONDAY - n * 7 * DAY_S + n % 3 * HOUR_S for n in (1, 2, 3)]))
    night = sum(habits.hours[15:20]) / 5
    day = sum(habits.hours[0:6]) / 6
    assert day > 2 * night


def test_a_feed_of_which_one_entry_is_known_is_expected_at_its_hour_again() -> None:
    habits = habits_of(begun(WEDNESDAY, [WEDNESDAY - 10 * DAY_S + 14 * HOUR_S]))
    assert habits.hours[14] == max(habits.hours)


def test_workdays_are_expected_of_the_unknown_and_weekends_of_who_keeps_to_them() -> None:
    unknown = habits_of(Rhythm(seen=MONDAY))
    assert min(unknown.days[:5]) > 1.5 * max(unknown.days[5:])
    saturdays = [MONDAY + (7 * week + 5) * DAY_S for week in range(20)]
    keeper = habits_of(begun(saturdays[-1] + DAY_S, saturdays))
    assert keeper.days.index(max(keeper.days)) == 5


def test_what_feedd_0_1_remembered_of_a_feed_is_not_lost() -> None:
    """Its string had no usual hours: they follow from the hours counted."""
    rhythm = begun(MONDAY, [MONDAY - n * DAY_S + 9 * HOUR_S for n in range(1, 30)])
    numbers = b64decode(rhythm.packed()[1:])
    # Without 24 numbers of four bytes, and the plan's five of eight.
    as_before = "1" + b64encode(numbers[: -24 * 4 - 5 * 8]).decode()
    again = unpacked(as_before)
    assert again is not None
    assert again.hours == pytest.approx(rhythm.hours)
    assert again.usual_hours == pytest.approx(rhythm.usual_hours, rel=1e-4)
    assert unpacked("2" + as_before[1:]) is None
