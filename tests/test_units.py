"""What people write as durations, sizes and times, and what they read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd import units

NOW = 1_795_000_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0s", 0),
        ("30s", 30),
        ("15m", 900),
        ("2h", 7200),
        ("1d", 86_400),
        ("2w", 1_209_600),
        ("1h30m", 5400),
        (" 1d ", 86_400),
    ],
)
def test_durations_as_written_in_the_file(text: str, seconds: int) -> None:
    assert units.parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "1", "h", "1 hour", "-1h", "1.5h", "1H", "١h", "99999999w"])
def test_anything_else_is_refused_and_the_message_quotes_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|longer") as refused:
        units.parse_duration(text)
    assert f'"{text}"' in str(refused.value)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (2520, "42 min"),
        (89, "1 min"),
        (90, "2 min"),
        (3569, "59 min"),
        (3570, "1 h"),
        (3599, "1 h"),
        (3600, "1 h"),
        (5400, "1 h 30 min"),
        (86_399, "1 day"),
        (86_400, "1 day"),
        (180_000, "2 days 2 h"),
    ],
)
def test_durations_in_words(seconds: int, words: str) -> None:
    assert units.format_duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "short"),
    [
        *((-5, "0s"), (45, "45s"), (59, "59s"), (60, "1m"), (720, "12m"), (3600, "1h")),
        *((10_800, "3h"), (86_400, "1d"), (432_000, "5d"), (1_209_599, "13d"), (1_209_600, "2w")),
        *((31_535_999, "52w"), (31_536_000, "1y"), (70_000_000, "2y")),
    ],
)
def test_ages_fit_a_narrow_column(seconds: int, short: str) -> None:
    assert units.age(seconds) == short


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0B", 0),
        ("500kB", 500_000),
        ("16MB", 16_000_000),
        ("1000GB", 10**12),
        ("1.5gb", 1_500_000_000),
        ("8 MB", 8_000_000),
    ],
)
def test_sizes_as_written_in_the_file(text: str, size: int) -> None:
    assert units.parse_size(text) == size


@pytest.mark.parametrize("text", ["", "16", "MB", "-1MB", "16MiB", "2TB", "9999GB"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"size|larger"):
        units.parse_size(text)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1500, "1.5 kB"),
        (16_000_000, "16 MB"),
        (9_949, "9.9 kB"),
        (9_950, "10 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (999_999, "1 MB"),
        (123_456_789, "123 MB"),
        (5 * 10**15, "5000 TB"),
    ],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert units.format_size(size) == words


def test_moments_before_now_and_on_the_calendar() -> None:
    assert units.parse_when("2d", NOW) == NOW - 172_800
    assert units.parse_when("2026-01-01T10:00Z", NOW) == 1_767_261_600
    assert units.parse_when("2026-01-01T10:00+01:00", NOW) == 1_767_258_000


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from _in_zone("CET-1CEST,M3.5.0,M10.5.0/3", monkeypatch)


@pytest.fixture
def havana(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where clocks go back from one in the morning to midnight: the first hour comes twice."""
    yield from _in_zone("CST5CDT,M3.2.0/0,M11.1.0/1", monkeypatch)


def _in_zone(zone: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def _at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.usefixtures("berlin")
def test_dates_without_a_zone_are_local() -> None:
    midnight = units.parse_when("2026-01-01", NOW)
    assert midnight == int(datetime(2025, 12, 31, 23, tzinfo=UTC).timestamp())
    noon = midnight + 43_200
    assert units.parse_when("today", noon) == midnight
    assert units.parse_when("yesterday", noon) == midnight - 86_400


@pytest.mark.usefixtures("berlin")
def test_until_a_day_loses_nothing_of_that_day() -> None:
    midnight = units.parse_when("2026-03-29", NOW)  # a day of 23 hours
    assert units.parse_until("2026-03-29", NOW) == midnight + 23 * 3600 - 1
    assert units.parse_until("today", midnight) == midnight + 23 * 3600 - 1
    assert units.parse_until("20260105", NOW) == units.parse_when("2026-01-06", NOW) - 1
    assert units.parse_until("2026-W02", NOW) == units.parse_when("2026-01-12", NOW) - 1
    assert units.parse_until("2026-W02-1", NOW) == units.parse_when("2026-01-06", NOW) - 1
    for exact in ("2d", "2026-01-05T00:00", "2026-01-05T10:00Z"):
        assert units.parse_until(exact, NOW) == units.parse_when(exact, NOW)


@pytest.mark.usefixtures("havana")
def test_today_begins_with_the_first_of_two_midnights() -> None:
    first = _at("2026-11-01T04:00Z")
    for now in (first + 600, first + 3600 + 600, first + 12 * 3600):
        assert units.parse_when("today", now) == first
        assert units.parse_when("yesterday", now) == first - 86_400


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("now", "at", "words"),
    [
        ("2026-11-24T12:00", "2026-11-24T00:00", "Today"),
        ("2026-11-24T12:00", "2026-11-23T23:59", "Yesterday"),
        ("2026-11-24T12:00", "2026-11-22T23:59", "Sunday, 22 November"),
        ("2026-11-24T12:00", "2025-11-23T12:00", "Sunday, 23 November 2025"),
        ("2026-01-01T00:10", "2025-12-31T12:00", "Yesterday"),
        # A day of 25 hours: 24 hours before its end it is the same day.
        ("2026-10-25T23:30", "2026-10-25T00:30", "Today"),
        ("2026-10-25T23:30", "2026-10-24T20:00", "Yesterday"),
        ("2026-10-26T00:30", "2026-10-25T12:00", "Yesterday"),
        # A day of 23 hours: 24 hours before the first half hour after it is the day before it.
        ("2026-03-30T00:30", "2026-03-29T12:00", "Yesterday"),
        ("2026-03-30T00:30", "2026-03-28T23:30", "Saturday, 28 March"),
    ],
)
def test_a_day_is_named_by_the_calendar_also_when_clocks_change(
    now: str, at: str, words: str
) -> None:
    assert units.day_of(_at(at), _at(now)) == words


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "10:00", "0001-01-01", "2d ago"])
def test_a_moment_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        units.parse_when(text, NOW)


def test_rfc3339_is_utc_with_z_and_absent_stays_absent() -> None:
    assert units.rfc3339(1_795_514_400) == "2026-11-24T10:00:00Z"
    assert units.rfc3339(None) is None
    assert units.rfc3339(10**18) == "9999-12-31T23:59:59Z"


@given(st.text(max_size=20))
@settings(max_examples=200)
def test_no_text_raises_anything_but_valueerror(text: str) -> None:
    for parse in (units.parse_duration, units.parse_size):
        with suppress(ValueError):
            assert parse(text) >= 0
    with suppress(ValueError):
        units.parse_when(text, NOW)


@given(st.integers(min_value=0, max_value=units.MAX_DURATION_S))
@settings(max_examples=100)
def test_every_length_has_words(seconds: int) -> None:
    assert units.format_duration(seconds)
    assert units.age(seconds)


@given(st.integers(-(10**18), 10**18))
def test_every_moment_is_written_and_read_back_the_same(at: int) -> None:
    written = units.rfc3339(at) or ""
    assert units.rfc3339(units.parse_when(written, NOW)) == written


@given(st.integers(min_value=0, max_value=units.MAX_DURATION_S))
def test_a_duration_in_seconds_is_read_as_what_it_is(seconds: int) -> None:
    assert units.parse_duration(f"{seconds}s") == seconds
