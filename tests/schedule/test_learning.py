"""What a feed's history teaches: bursts, silence, changed ways, and the words for it."""

from __future__ import annotations

import random
from bisect import bisect_right

import pytest

from feedd.model import Hints
from feedd.schedule import NextPoll, Pace, after_success
from feedd.schedule.learning import LEARN_AT_MOST, begun, learn
from feedd.schedule.next_poll import rhythm_in_words
from feedd.schedule.rhythm import AGE_EDGES_S, DAYS, HOURS, Rhythm, forecast, habits_of, unpacked
from feedd.units import DAY_S, HOUR_S, MINUTE_S, WEEK_S

PACE = Pace(interval_s=HOUR_S, min_interval_s=5 * MINUTE_S, max_interval_s=7 * DAY_S)
MONDAY = 1_704_067_200  # 2024-01-01, midnight UTC


def decide(rhythm: str, now: int, found: list[int], previous: int | None) -> NextPoll:
    return after_success(
        rhythm,
        pace=PACE,
        now=now,
        previous_poll=previous,
        entry_times=found,
        first_poll=previous is None,
        hints=Hints(),
        not_before=None,
        rng=random.Random(now),
    )


def followed(times: list[int], every_s: int, until: int) -> tuple[str, int]:
    """The rhythm of a feed with these entries, polled at an interval; and its last poll."""
    rhythm, previous, known = "", None, 0
    now = times[0]
    while now < until:
        found = [time for time in times[known:] if time <= now]
        known += len(found)
        rhythm = decide(rhythm, now, found, previous).rhythm
        previous = now
        now += every_s
    assert previous is not None
    return rhythm, previous


def wait_s(rhythm: str, previous: int, now: int, found: list[int]) -> int:
    return decide(rhythm, now, found, previous).interval_s


def rate_a_day(rhythm: Rhythm) -> float:
    return forecast(rhythm, habits_of(rhythm)).rate * DAY_S


def test_where_a_second_entry_follows_soon_it_is_looked_for_right_after_it() -> None:
    """After twenty pairs, a quarter of an hour apart and not by a clock."""
    firsts = [MONDAY + n * 3 * DAY_S + (n * 307 % 1440) * MINUTE_S for n in range(20)]
    pairs = sorted([*firsts, *(time + 15 * MINUTE_S for time in firsts)])
    rhythm, previous = followed(pairs, 10 * MINUTE_S, MONDAY + 61 * DAY_S)
    now = previous + 5 * MINUTE_S
    wait = wait_s(rhythm, previous, now, [now - MINUTE_S])
    assert 14 * MINUTE_S < wait < 24 * MINUTE_S


def test_a_document_that_ended_long_ago_is_not_taken_for_a_lively_feed() -> None:
    """Of a first poll every entry is learnt at its own time, as if it had been seen then."""
    now = MONDAY
    lively = begun(now, [now - n * DAY_S // 2 for n in range(1, 150)])
    ended = begun(now, [now - 60 * DAY_S - n * DAY_S // 2 for n in range(1, 150)])
    assert rate_a_day(lively) > 1
    assert rate_a_day(lively) > 2 * rate_a_day(ended)


def test_a_feed_that_wakes_up_after_years_is_believed_within_days() -> None:
    """The memory that was wrong for years can be right again."""
    silent = [MONDAY + n * 90 * DAY_S for n in range(12)]
    start = silent[-1] + 30 * DAY_S
    rhythm, previous = followed(silent, 2 * DAY_S, start)
    before = wait_s(rhythm, previous, start, [])
    now = start
    for _ in range(24):
        now += HOUR_S
        decision = decide(rhythm, now, [now - HOUR_S // 2], previous)
        rhythm, previous = decision.rhythm, now
    awake = unpacked(rhythm)
    assert awake is not None
    assert rate_a_day(awake) > 2
    assert decision.interval_s < before / 10


def learnt(times: list[int], every_s: int) -> Rhythm:
    """The rhythm after these entries, each found by polls at an interval."""
    rhythm, rng, known = begun(times[0], []), random.Random(1), 0
    for now in range(times[0], times[-1] + every_s, every_s):
        found = [time for time in times[known : known + 50] if time <= now]
        known += len(found)
        learn(rhythm, now, found, rng)
    return rhythm


def test_a_feed_that_comes_back_after_a_season_is_believed_at_once() -> None:
    """What had been trusted for years is not out for good because of one silence."""
    daily = [MONDAY + n * DAY_S for n in range(400)]
    back = daily[-1] + 120 * DAY_S
    rhythm = learnt([*daily, *(back + n * DAY_S for n in range(4))], 6 * HOUR_S)
    assert max(rhythm.trust) - min(rhythm.trust) <= 6
    assert rate_a_day(rhythm) > 0.4


def test_a_memory_that_was_right_long_ago_is_not_trusted_for_ever() -> None:
    """Of a feed that changes its ways again and again the latest years count."""
    monthly = [MONDAY + n * 30 * DAY_S for n in range(40)]
    rhythm = learnt(monthly, DAY_S)
    settled = list(rhythm.trust)
    start = monthly[-1] + DAY_S
    for n in range(300):
        learn(rhythm, start + (n + 1) * 2 * HOUR_S, [start + n * 2 * HOUR_S + 60], random.Random(n))
    assert rhythm.trust != settled
    assert rate_a_day(rhythm) > 5


def test_old_habits_fade_as_entries_come_at_other_hours() -> None:
    mornings = [MONDAY + n * DAY_S // 2 + 9 * HOUR_S for n in range(0, 800, 2)]
    evenings = [mornings[-1] + (n + 1) * DAY_S + 12 * HOUR_S for n in range(800)]
    rhythm = learnt([*mornings, *evenings], HOUR_S)
    habits = habits_of(rhythm)
    assert habits.hours[21] > 5 * habits.hours[9]


def test_bursts_of_long_ago_are_forgotten_and_even_feeds_show_none() -> None:
    rng = random.Random(7)
    pairs = [MONDAY + n * 2 * DAY_S + second for n in range(60) for second in (0, 900)]
    bursty = learnt(pairs, 5 * MINUTE_S)
    soon = bisect_right(AGE_EDGES_S, 900)
    assert forecast(bursty, habits_of(bursty)).ages[soon] > 4
    even = [pairs[-1]]
    for _ in range(300):
        even.append(even[-1] + int(rng.expovariate(1 / DAY_S)) + 1)
    calm = learnt([*pairs, *even[1:]], HOUR_S)
    ages = forecast(calm, habits_of(calm)).ages
    assert ages[soon] < 3
    assert all(0.3 < ages[bisect_right(AGE_EDGES_S, hours * HOUR_S)] < 2 for hours in (6, 12, 24))


def test_of_a_flood_the_latest_entries_are_learnt() -> None:
    now = MONDAY + 100 * DAY_S
    old = [MONDAY + n for n in range(5000)]
    latest = [now - n * HOUR_S for n in range(1, LEARN_AT_MOST)]
    rhythm = begun(now, [*old, *latest])
    assert rhythm.last_entry == now - HOUR_S
    assert rate_a_day(rhythm) > 1.5 * rate_a_day(begun(now, old))


def test_dates_that_say_only_the_day_make_no_habit_of_an_hour() -> None:
    """All entries of a day at midnight, found some time later: they came at some moment between."""
    rhythm = begun(MONDAY, [])
    rng = random.Random(1)
    for day in range(1, 200):
        now = MONDAY + day * DAY_S + 12 * HOUR_S
        midnight_before_last_poll = now - 36 * HOUR_S
        learn(rhythm, now, [midnight_before_last_poll], rng)
    assert max(rhythm.hours) < 4 * sum(rhythm.hours) / HOURS


# ---------------------------------------------------------------- in words


def rhythm_of(
    *,
    a_day: float,
    days: list[float] | None = None,
    hours: list[float] | None = None,
    silent_s: int = DAY_S,
) -> Rhythm:
    """A rhythm with so many entries a day, and counts of them by day and by hour."""
    days = days or [3.0] * DAYS
    total = sum(days)
    return Rhythm(
        seen=MONDAY,
        last_entry=MONDAY - silent_s,
        counts=[a_day * 10] * 4,
        exposures_s=[10 * DAY_S] * 4,
        hours=hours or [total / HOURS] * HOURS,
        days=days,
        unweighted=[a_day * 60, 60 * DAY_S],
    )


def words(rhythm: Rhythm) -> str:
    return rhythm_in_words(rhythm, forecast(rhythm, habits_of(rhythm)), MONDAY)


WORKDAYS = [4.0] * 5 + [0.0] * 2
FRIDAYS = [0.0] * 4 + [20.0] + [0.0] * 2
OFFICE = [0.0] * 9 + [3.0] * 8 + [0.0] * 7


@pytest.mark.parametrize(
    ("rhythm", "said"),
    [
        (Rhythm(seen=MONDAY), "nothing is known yet of when it publishes"),
        (
            rhythm_of(a_day=0.1, days=[1.0] + [0.0] * 6, hours=[1.0] + [0.0] * 23),
            "little is known yet of when it publishes",
        ),
        (rhythm_of(a_day=6), "publishes about 6 entries a day"),
        (rhythm_of(a_day=0.8), "publishes about one entry a day"),
        (rhythm_of(a_day=5, days=WORKDAYS), "publishes about 7 entries a weekday"),
        (rhythm_of(a_day=0.7), "publishes about 5 entries a week"),
        (
            rhythm_of(a_day=1 / 7, days=FRIDAYS),
            "publishes about one entry a week, mostly on Fridays",
        ),
        (rhythm_of(a_day=0.1), "publishes about 3 entries a month"),
        (rhythm_of(a_day=0.02), "publishes about 7 entries a year"),
        (
            rhythm_of(a_day=8, hours=OFFICE, days=[4.0] * 7),
            "publishes about 8 entries a day between 09:00 and 16:00 UTC",
        ),
        (rhythm_of(a_day=2, silent_s=3 * WEEK_S), "has published nothing for 21 days"),
        (rhythm_of(a_day=0.02, silent_s=3 * WEEK_S), "publishes about 7 entries a year"),
        (rhythm_of(a_day=2, silent_s=WEEK_S), "publishes about 2 entries a day"),
        (
            rhythm_of(a_day=6, silent_s=HOUR_S),
            "publishes about 6 entries a day, and more often follows soon",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_why_says_how_often_and_when_a_feed_publishes(rhythm: Rhythm, said: str) -> None:
    assert words(rhythm) == said


def test_a_habit_over_midnight_is_one_habit() -> None:
    hours = [3.0] * 4 + [0.0] * 16 + [3.0] * 4
    said = words(rhythm_of(a_day=8, hours=hours, days=[4.0] * 7))
    assert said == "publishes about 8 entries a day between 20:00 and 03:00 UTC"


def test_what_pushes_taught_of_a_feed_is_not_forgotten_at_its_first_poll() -> None:
    rhythm, previous = followed(
        [MONDAY + n * DAY_S for n in range(30)], HOUR_S, MONDAY + 30 * DAY_S
    )
    now = previous + HOUR_S
    taught, unknown = decide(rhythm, now, [], None), decide("", now, [], None)
    assert taught.reason != unknown.reason
    assert taught.interval_s != unknown.interval_s
