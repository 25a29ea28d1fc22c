"""Durations, sizes and times as people write and read them.

The inside of the program counts in whole seconds and bytes; these functions stand at the edges.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

MINUTE_S = 60
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S
WEEK_S = 7 * DAY_S
YEAR_S = 365 * DAY_S
MAX_DURATION_S = 100 * YEAR_S
MAX_SIZE_BYTES = 10**12

_UNIT_S = {"s": 1, "m": MINUTE_S, "h": HOUR_S, "d": DAY_S, "w": WEEK_S}
_UNIT_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
# Compiled when first needed: most files name neither durations nor sizes.
_DURATION = r"(?:[0-9]{1,12}[smhdw])+"
_DURATION_PART = r"(?<![0-9])([0-9]++)([smhdw])"
_SIZE = r"(?i)([0-9]{1,15}(?:\.[0-9]{1,3})?) ?([kmg]?b)"

FIRST_SECOND = -62_135_596_800  # 0001-01-01T00:00:00Z
LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z


def parse_duration(text: str) -> int:
    """Seconds of "30s", "15m", "2h", "1d", "2w" or a sequence such as "1h30m".

    Raises ValueError, with a message for a person, for anything else.
    """
    written = text.strip()
    if not re.fullmatch(_DURATION, written):
        raise ValueError(f'"{text}" is no duration: write 30s, 15m, 2h, 1d or 2w')
    parts = re.findall(_DURATION_PART, written)
    seconds = sum(int(number) * _UNIT_S[unit] for number, unit in parts)
    if seconds > MAX_DURATION_S:
        raise ValueError(f'"{text}" is longer than 100 years')
    return seconds


def number_of(count: int, noun: str) -> str:
    """So many of these: "1 item", "1,204 items"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def format_duration(seconds: float) -> str:
    """A length of time in words, by its two largest units: "42 min", "1 h 30 min", "2 days"."""
    total = round(abs(seconds))
    if total < MINUTE_S:
        return f"{total} s"
    # From an hour on, seconds are noise; from a day on, minutes are.
    if total >= DAY_S:
        total = _nearest(total, HOUR_S)
        parts = [_days(total // DAY_S), _counted(total % DAY_S // HOUR_S, "h")]
    elif total >= HOUR_S - MINUTE_S // 2:
        total = _nearest(total, MINUTE_S)
        if total == DAY_S:
            return _days(1)
        parts = [_counted(total // HOUR_S, "h"), _counted(total % HOUR_S // MINUTE_S, "min")]
    else:
        parts = [_counted(_nearest(total, MINUTE_S) // MINUTE_S, "min")]
    return " ".join(part for part in parts if part)


@lru_cache(maxsize=4_096)
def age(seconds: float) -> str:
    """A length of time in as few columns as possible: "45s", "12m", "3h", "5d", "9w", "2y"."""
    total = max(0, int(seconds))
    for limit, unit_s, letter in (
        (MINUTE_S, 1, "s"),
        (HOUR_S, MINUTE_S, "m"),
        (DAY_S, HOUR_S, "h"),
        (2 * WEEK_S, DAY_S, "d"),
        (YEAR_S, WEEK_S, "w"),
    ):
        if total < limit:
            return f"{total // unit_s}{letter}"
    return f"{total // YEAR_S}y"


def parse_size(text: str) -> int:
    """Bytes of "500kB", "16MB" or "1.5GB" (decimal units; case does not matter).

    Raises ValueError, with a message for a person, for anything else.
    """
    match = re.fullmatch(_SIZE, text.strip())
    if match is None:
        raise ValueError(f'"{text}" is no size: write 500kB, 16MB or 1GB')
    whole, _, fraction = match[1].partition(".")
    thousandths = int(whole) * 1000 + int(fraction.ljust(3, "0"))
    size = thousandths * _UNIT_BYTES[match[2].lower()] // 1000
    if size > MAX_SIZE_BYTES:
        raise ValueError(f'"{text}" is larger than 1000GB')
    return size


def format_size(size: int) -> str:
    """Bytes as people read them, decimal units: "512 B", "1.5 kB", "16 MB"."""
    if size < 1000:
        return f"{size} B"
    scaled = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        scaled /= 1000
        if scaled < 999.5 or unit == "TB":
            break
    digits = f"{scaled:.1f}" if scaled < 9.95 else f"{scaled:.0f}"
    return f"{digits.removesuffix('.0')} {unit}"


def parse_when(text: str, now: int) -> int:
    """A moment as epoch seconds: "2d" (that long before `now`), "today", "yesterday",
    "2026-01-01", "2026-01-01T10:00Z" and other ISO 8601 forms.

    Dates and times without an offset are in the local time zone, as they are on a clock.
    Raises ValueError, with a message for a person, for anything else.
    """
    written = text.strip()
    if re.fullmatch(_DURATION, written):
        return now - parse_duration(written)
    try:
        if written in ("today", "yesterday"):
            midnight = datetime.combine(date.fromtimestamp(now), datetime.min.time())
            moment = midnight if written == "today" else midnight - timedelta(days=1)
        else:
            moment = datetime.fromisoformat(written)
        return int(moment.timestamp())
    except (ValueError, OverflowError, OSError):
        raise ValueError(
            f'"{text}" is no time: write 2d (two days ago), 2026-01-31 or 2026-01-31T10:00'
        ) from None


def parse_until(text: str, now: int) -> int:
    """As `parse_when`, for the end of a time: a bare date, or a week's, is to its last second."""
    at = parse_when(text, now)
    named = text.strip()
    if not re.fullmatch(r"\d{4}-?(\d\d-?\d\d|W\d\d(-?\d)?)|today|yesterday", named):
        return at
    days = 7 if re.fullmatch(r"\d{4}-?W\d\d", named) else 1
    try:
        return int((datetime.fromtimestamp(at) + timedelta(days=days)).timestamp()) - 1
    except (ValueError, OverflowError, OSError):
        return at


def rfc3339(at: int | None) -> str | None:
    """Epoch seconds as "2026-11-24T10:00:00Z" (RFC 3339, UTC). Years outside 1 to 9999 are held
    at the border.
    """
    if at is None:
        return None
    moment = datetime.fromtimestamp(min(max(at, FIRST_SECOND), LAST_SECOND), UTC)
    return moment.isoformat().replace("+00:00", "Z")


def local(at: int) -> str:
    """Epoch seconds as a person's clock shows them: "2026-11-24 10:00"."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))


def day_of(at: int, now: int) -> str:
    """The local day of `at` in words: "Today", "Yesterday", "Monday, 23 November"."""
    day, today = time.localtime(at), time.localtime(now)
    if day[:3] == today[:3]:
        return "Today"
    # Not 24 hours ago: the day on which clocks change has 23 or 25.
    if day[:3] == (date(*today[:3]) - timedelta(days=1)).timetuple()[:3]:
        return "Yesterday"
    if day.tm_year == today.tm_year:
        return time.strftime("%A, %-d %B", day)
    return time.strftime("%A, %-d %B %Y", day)


def _nearest(total: int, unit_s: int) -> int:
    return (total + unit_s // 2) // unit_s * unit_s


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number else ""


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def tag_problem(tag: str) -> str | None:
    """Why an item can't have this tag; None when it can."""
    if not tag or any(c.isspace() or c in ",\"'“”" or not c.isprintable() for c in tag):
        return "a tag is one word without commas and quotes"
    if tag[0] in "+-":
        return "a tag does not begin with + or -"
    return None if len(tag) <= MAX_TAG_CHARACTERS else f"at most {MAX_TAG_CHARACTERS} characters"


MAX_TAG_CHARACTERS = 100
