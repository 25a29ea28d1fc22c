"""What a person is told of when a feed publishes: no habit that is none, and none left out."""

from __future__ import annotations

import pytest

from feedd.schedule.next_poll import rhythm_in_words
from feedd.schedule.rhythm import Rhythm, forecast, habits_of

DAY_S = 86_400
NOW = 1_790_000_000


def said(
    *,
    entries: float,
    over_days: float,
    days: tuple[float, ...] = (1, 1, 1, 1, 1, 1, 1),
    hours: dict[int, float] | None = None,
    silent_s: float = DAY_S / 2,
    fresh: bool = False,
) -> str:
    """The words for so many entries, by day of the week and hour (all day, unless given)."""
    counted = hours or dict.fromkeys(range(0, 24, 3), entries / 8)
    rhythm = Rhythm(seen=NOW, last_entry=NOW - silent_s, unweighted=[entries, over_days * DAY_S])
    rhythm.days = [entries * share / sum(days) for share in days]
    rhythm.hours = [counted.get(hour, 0.0) for hour in range(24)]
    rhythm.counts = [entries] * 4
    rhythm.exposures_s = [over_days * DAY_S] * 4
    if fresh:  # many came soon after another
        rhythm.age_counts = [200.0] * 16
        rhythm.age_expected = [1.0] * 16
    return rhythm_in_words(rhythm, forecast(rhythm, habits_of(rhythm)), NOW)


def test_a_feed_that_was_never_seen_to_publish_is_said_to_be_unknown() -> None:
    rhythm = Rhythm(seen=NOW)
    words = rhythm_in_words(rhythm, forecast(rhythm, habits_of(rhythm)), NOW)
    assert words == "nothing is known yet of when it publishes"


@pytest.mark.parametrize(
    ("entries", "over_days", "words"),
    [
        (60, 20, "about 3 entries a day"),
        (15, 20, "about one entry a day"),
        (14, 20, "about 5 entries a week"),
        (3, 28, "about one entry a week"),
        (2, 70, "about one entry a month"),
        (2, 400, "about 2 entries a year"),
    ],
)
def test_how_often_is_told_in_the_unit_that_gives_whole_numbers(
    entries: float, over_days: float, words: str
) -> None:
    assert f"publishes {words}" in said(entries=entries, over_days=over_days, silent_s=DAY_S)


def test_one_entry_is_too_little_to_speak_of_a_habit() -> None:
    assert said(entries=1, over_days=9) == "little is known yet of when it publishes"
    assert said(entries=2, over_days=20).startswith("publishes about")


def test_workdays_are_told_only_when_nine_of_ten_entries_keep_to_them() -> None:
    working = (18, 18, 18, 18, 18, 5, 5)
    assert "a weekday" in said(entries=100, over_days=20, days=working)
    assert "a weekday" not in said(entries=100, over_days=20, days=(18, 18, 18, 18, 17, 6, 5))
    assert "a weekday" not in said(entries=11, over_days=5, days=working), "too few to be sure"
    assert "a weekday" in said(entries=12, over_days=6, days=(1, 1, 1, 1, 1, 0, 0))


def test_a_usual_day_is_told_from_six_of_ten_entries_on() -> None:
    assert ", mostly on Sundays" in said(entries=20, over_days=140, days=(4, 0, 0, 4, 0, 0, 12))
    assert "mostly" not in said(entries=20, over_days=140, days=(4, 0, 0, 5, 0, 0, 11))
    assert "mostly" not in said(entries=11, over_days=80, days=(0, 0, 0, 0, 0, 0, 11))


def test_usual_hours_are_the_shortest_span_that_holds_most() -> None:
    office = dict.fromkeys(range(8, 18), 5.0)
    assert "between 08:00 and 17:00 UTC" in said(entries=50, over_days=20, hours=office)
    night = {22: 10.0, 23: 10.0, 0: 10.0, 1: 10.0}
    assert "between 22:00 and 02:00 UTC" in said(entries=40, over_days=20, hours=night)
    exactly = {8: 17.0, 20: 3.0}  # 85 of 100: so many are most
    assert "between 08:00 and 09:00 UTC" in said(entries=20, over_days=20, hours=exactly)
    assert "UTC" not in said(entries=19, over_days=20, hours={8: 19.0}), "too few to be sure"
    assert "UTC" not in said(entries=240, over_days=20), "all day long is no habit"


def test_what_follows_soon_is_told_while_an_entry_is_fresh() -> None:
    soon = ", and more often follows soon"
    assert soon in said(entries=40, over_days=20, silent_s=600, fresh=True)
    assert soon not in said(entries=40, over_days=20, silent_s=DAY_S / 2, fresh=True)
    assert soon not in said(entries=40, over_days=20, silent_s=4 * 3600)


def test_a_long_silence_is_told_when_it_is_one_for_this_feed() -> None:
    assert said(entries=100, over_days=100, silent_s=20 * DAY_S) == (
        "has published nothing for 20 days"
    )
    assert "nothing" not in said(entries=100, over_days=100, silent_s=13 * DAY_S)
    assert "nothing" not in said(entries=2, over_days=400, silent_s=20 * DAY_S)
