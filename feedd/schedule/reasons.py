"""A feed's rhythm in plain words, as `feedd why` and the poll history show it."""

from __future__ import annotations

from feedd.schedule.forecast import Forecast
from feedd.schedule.pace import DAY_S, WEEK_S
from feedd.schedule.rhythm import DAYS, HOURS, Rhythm
from feedd.units import format_duration

SURE_OF_DAYS_AFTER = 12.0
SURE_OF_HOURS_AFTER = 20.0
"""So many entries must have been counted before a habit of days or hours is spoken of."""

WORKDAYS = 5
MOST = 0.85
"""A habit is spoken of when so large a share of the entries keeps to it."""

LONGEST_HOURS = 14
"""A habit of more hours a day than this is none worth telling."""

MISSED_ENTRIES = 3
"""A silence is spoken of when so many entries would have come in it at other times."""

FRESH_S = DAY_S // 8
"""A new entry so young may have others follow."""

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def rhythm_in_words(rhythm: Rhythm, expected: Forecast, now: int) -> str:
    """Such as "publishes about 6 entries a weekday between 08:00 and 18:00 UTC"."""
    silent_s = now - rhythm.last_entry
    counted = sum(rhythm.hours)
    if not rhythm.last_entry:
        return "nothing is known yet of when it publishes"
    daily = DAY_S * rhythm.plainly[0] / max(rhythm.plainly[1], DAY_S)
    if expected.lasting_rate * silent_s > MISSED_ENTRIES and silent_s > 2 * WEEK_S:
        return f"has published nothing for {format_duration(silent_s)}"
    if counted < 2:
        return "little is known yet of when it publishes"
    words = _how_often(daily, rhythm.days)
    hours = _usual_hours(rhythm.hours)
    if hours and counted >= SURE_OF_HOURS_AFTER:
        words += f" between {hours[0]:02}:00 and {hours[1]:02}:00 UTC"
    if silent_s < FRESH_S and expected.at_age(now) > 1.5:
        words += ", and more often follows soon"
    return words


def _how_often(daily: float, days: list[float]) -> str:
    counted = sum(days)
    if counted >= SURE_OF_DAYS_AFTER and sum(days[:WORKDAYS]) >= 0.9 * counted and daily > 0.75:
        return f"publishes about {_entries(daily * DAYS / WORKDAYS)} a weekday"
    if daily >= 0.75:
        return f"publishes about {_entries(daily)} a day"
    if daily * DAYS >= 0.75:
        return f"publishes about {_entries(daily * DAYS)} a week{_usual_day(days)}"
    if daily * 30 >= 0.75:
        return f"publishes about {_entries(daily * 30)} a month{_usual_day(days)}"
    return f"publishes about {_entries(max(1.0, daily * 365))} a year"


def _entries(number: float) -> str:
    return "one entry" if number < 1.5 else f"{round(number)} entries"


def _usual_day(days: list[float]) -> str:
    counted, most = sum(days), max(days)
    if counted < SURE_OF_DAYS_AFTER or most < 0.6 * counted:
        return ""
    return f", mostly on {_DAY_NAMES[days.index(most)]}s"


def _usual_hours(hours: list[float]) -> tuple[int, int] | None:
    """The shortest span of the day that holds most entries: its first hour and its end."""
    wanted = MOST * sum(hours)
    twice = hours + hours
    best: tuple[int, int] | None = None
    end, within = 0, 0.0
    for start in range(HOURS):
        while within < wanted and end < start + HOURS:
            within += twice[end]
            end += 1
        shorter = end - start < (best[1] - best[0] if best else LONGEST_HOURS + 1)
        if within >= wanted and shorter:
            best = (start, end)
        within -= twice[start]
    return None if best is None else (best[0], best[1] % HOURS)
