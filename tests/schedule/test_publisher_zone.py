"""A publisher's own clock: its habits move with its summer time, its days begin where it is."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.model import Hints
from feedd.schedule import Pace, after_success
from feedd.schedule.learning import begun, expected_of, zone_of
from feedd.schedule.rhythm import habits_of
from feedd.units import DAY_S, HOUR_S

PACE = Pace(interval_s=HOUR_S, min_interval_s=900, max_interval_s=DAY_S)


def seconds(zone: str, *when: int) -> int:
    return int(datetime(*when, tzinfo=ZoneInfo(zone)).timestamp())  # type: ignore[misc,arg-type]


def offset_s(zone: str, at: int) -> int:
    offset = datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


@pytest.mark.parametrize(
    "zone",
    ["Europe/Berlin", "Europe/Lisbon", "America/New_York", "America/Los_Angeles", "Asia/Tokyo",
     "Asia/Kolkata", "America/Sao_Paulo", "Europe/Moscow"],
)  # fmt: skip
@given(st.integers(int(datetime(2020, 6, 1, tzinfo=UTC).timestamp()), 2_100_000_000))
def test_summer_time_is_what_the_zone_keeps(zone: str, at: int) -> None:
    """Known only by the offset that a date of half a year before had."""
    before = at - 182 * DAY_S
    known = offset_s(zone, before)
    if known == 0:  # London's winter: dates say UTC, and that says nothing
        known = offset_s(zone, before := at)
    found = zone_of(known or None, before)
    if known:
        assert (found.standard_h + found.summer_h(at)) == offset_s(zone, at) // HOUR_S


def test_dates_in_utc_say_nothing_of_where_they_were_written() -> None:
    for at in (seconds("UTC", 2026, 1, 1), seconds("UTC", 2026, 7, 1)):
        assert zone_of(None, at).summer_h(at) == zone_of(None, at).standard_h == 0


def column(first: int, weeks: int) -> list[int]:
    """Tuesdays at nine in New York, whatever the season."""
    begin = datetime.fromtimestamp(first, ZoneInfo("America/New_York"))
    return [
        seconds("America/New_York", day.year, day.month, day.day, 9, 5)
        for week in range(weeks)
        if (day := datetime.fromtimestamp(begin.timestamp() + week * 7 * DAY_S, begin.tzinfo))
    ]


def test_what_was_learnt_in_winter_holds_on_the_first_day_of_summer() -> None:
    times = column(seconds("America/New_York", 2025, 11, 11, 12), 17)  # until 3 March
    now = seconds("America/New_York", 2026, 3, 9, 0)  # the clocks went forward the night before
    zone = zone_of(-4 * HOUR_S, now)
    rhythm = begun(now, times, zone)
    expected = expected_of(rhythm, habits_of(rhythm), now, zone)
    nine_in_utc = seconds("America/New_York", 2026, 3, 10, 9) // HOUR_S % 24
    best = max(range(24), key=lambda hour: expected.habits.hours[(hour + expected.summer_h) % 24])
    assert nine_in_utc == 13
    assert best == nine_in_utc


def test_a_day_begins_where_the_publisher_is() -> None:
    """Mondays at eight in Tokyo are Sundays, 23:00 UTC."""
    mondays = [seconds("Asia/Tokyo", 2026, 1, 5, 8) + week * 7 * DAY_S for week in range(20)]
    now = mondays[-1] + DAY_S
    assert begun(now, mondays, zone_of(9 * HOUR_S, now)).days[0] == pytest.approx(20, rel=0.1)
    assert begun(now, mondays).days[6] == pytest.approx(20, rel=0.1)


def test_why_tells_hours_in_utc_as_they_are_at_present() -> None:
    times = [
        seconds("Europe/Berlin", 2026, 3, 1, 9, minute) + day * DAY_S
        for day in range(28)
        for minute in (5, 25, 45)
    ]
    for now, words in ((times[-1] + HOUR_S, "08:00"), (times[-1] + 3 * DAY_S, "07:00")):
        decision = after_success(
            "",
            pace=PACE,
            now=now,
            previous_poll=None,
            entry_times=times,
            first_poll=True,
            hints=Hints(utc_offset_s=offset_s("Europe/Berlin", now)),
            not_before=None,
            rng=random.Random(1),
        )
        assert f"between {words} and" in decision.reason
