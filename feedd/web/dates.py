"""Dates as publishers write them, in feeds and on pages, to seconds since the epoch.

The two standard forms come first (RFC 5322 section 3.3, ISO 8601), then any order of day, month,
year, clock and zone in the languages that feeds are written in, the rest by dateutil. What is not
known is absent: no date depends on today, or on the zone of the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

from feedd.units import DAY_S, HOUR_S, MINUTE_S
from feedd.web.date_names import FILLERS, MONTHS, WEEKDAYS, ZONES_H, month_named

DATE_MAX_CHARS: Final = 100
_YEAR_BEFORE_ALL: Final = "-0001"
"""What PHP makes of a database's zeros: `-0001-11-30`."""

_OFFSET_MAX: Final = timedelta(hours=15)
_EPOCH_DAYS: Final = date(1970, 1, 1).toordinal()
_RFC_5322 = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,?\s*)?(\d{1,2})[\s-]+(?!marras)([A-Za-z]{3})[a-z]{0,6}\.?,?[\s-]+(\d{4}|\d\d)"
    r",?\s+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(?:([A-Za-z]{0,4})|(?:GMT|UTC)?([+-]\d\d):?(\d\d))",
    re.ASCII,
).fullmatch
_SECONDS = re.compile(r"\d{9,10}(?:\.\d{1,9})?", re.ASCII).fullmatch
_MILLISECONDS = re.compile(r"\d{12,13}", re.ASCII).fullmatch
_DAY_OF_YEAR = re.compile(r"(\d{4})-(\d{3})(?=T|\Z)", re.ASCII).match
_RUN_TOGETHER = re.compile(r"\d{14}", re.ASCII).fullmatch
_SAYS_WHICH_YEAR = re.compile(r"\d{4}|\d\D+\d\d?\D+\d\d|\d\D+\w+\D+\d\d")
_TWO_DAYS: Final = (datetime(1984, 1, 1, tzinfo=UTC), datetime(1985, 2, 2, tzinfo=UTC))

_ENGLISH_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:\s?[:h]\s?(\d\d)(?:\s?[:m]\s?(\d\d)(?:[.,]\d+)?)?(?![\d:])\s*([ap]\.?\s{0,2}m\b\.?)?"
    r"|\s*([ap]\.?\s{0,2}m\b\.?))"
)
_CLOCK_WITH_DOT = re.compile(r"((?:19|20)\d\d,? (?:kl\.? |klo |om )?\d{1,2})\.(\d\d)(?![\d.])")
_FIRST_WORD = re.compile(r"([^\W\d_]{2,12})\.?,\s*(?=\d)").match
_COMMENT = re.compile(r"(?<=[+-]\d{4}) ?\([^()]*\)|(?<=[+-]\d\d:\d\d) ?\([^()]*\)")
_OFFSET = re.compile(r"(?:gmt|utc|z)?\s*([+-]\s?\d{1,2}):?(\d\d)?(?!\d)")
_ENDS_WITH_OFFSET: Final = re.compile(r"\d\d:\d\d(?:\.\d{1,9})? ?([+-]\d\d):?([0-5]\d)\s{0,9}\Z")
_OLSON = re.compile(r"[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_+-]+){1,2}|[A-Z]{3}\d[A-Z]{3}")
_THREE_NUMBERS = re.compile(
    r"(?<!\d)(\d{1,4})\s*([-/. ])\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{1,2})(?!\d)"
)
_DAY_OR_YEAR = re.compile(r"(?<!\d)(\d{4}|\d{1,2})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_EAST_ASIAN = re.compile(r"(\d{4})\s?[년年]\s?(\d{1,2})\s?[월月]\s?(\d{1,2})\s?[일日]?")
_VIETNAMESE = re.compile(r"(\d{1,2}),?\s(?:thang|thg|th)\.?\s?(\d{1,2}),?\s(?:nam\s)?(?=\d{4})")
_HALF = re.compile(r"(?:(오전|上午|午前)|(오후|下午|午後))\s*(\d{1,2}(?::\d\d){0,2})")
_WITHIN_WORDS = (
    re.compile(r"[^\W\d_]{3,10}\.?,? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d"),
    re.compile(
        r"\d{1,2}(?:st|nd|rd|th|er|º|\.)?[ -](?:de |of )?[^\W\d_]{3,10}"
        r"\.?,?[ -](?:de )?(?:19|20)\d\d"
    ),
    re.compile(r"(?:19|20)\d\d[./年-] ?\d{1,2}[./月-] ?\d{1,2}"),
    re.compile(r"(?<!\d)\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d(?!\d)"),
)


class DayOrder(NamedTuple):
    """What the dates of a document prove of the order of numbers in `03/02/2026`: does the day
    come first? `open`: it makes a difference to one of them.
    """

    day_first: bool
    open: bool


def day_order(texts: Iterable[str | None]) -> DayOrder:
    """The order that one date of a document proves holds for all of it; else the month is first."""
    day_first, month_first, is_open = False, False, False
    for text in texts:
        found = _THREE_NUMBERS.search(text) if text and len(text) <= DATE_MAX_CHARS else None
        if found is None or len(found[1]) > 2 or found[2] == ".":
            continue
        first, second = int(found[1]), int(found[3])
        day_first |= 12 < first <= 31 and second <= 12
        month_first |= first <= 12 < second <= 31
        is_open |= first <= 12 and second <= 12 and first != second
    return DayOrder(day_first and not month_first, is_open)


@lru_cache(maxsize=256)
def to_epoch(text: str | None, *, day_first: bool = False) -> int | None:
    """Seconds since the epoch, or None for what is no date in the years 1 to 9999."""
    if not text or len(text) > DATE_MAX_CHARS:
        return None
    text = text.strip()
    if _YEAR_BEFORE_ALL in text:
        return None
    found = _RFC_5322(text)
    if found:
        day, name, year, *clock, zone, hours, minutes = found.groups()
        month = MONTHS.get(name.lower())
        offset_s = _offset_s(zone, hours, minutes)
        if month and offset_s is not None:
            return _seconds(_whole_year(year), month, int(day), clock, offset_s)
    if text[:4].isdigit():
        if _SECONDS(text):
            return int(float(text))
        if _MILLISECONDS(text):
            return int(text) // 1000
        numbered = _DAY_OF_YEAR(text)
        if numbered:
            text = _in_month(numbered) + text[numbered.end() :]
        with suppress(ValueError):
            at = datetime.fromisoformat(text[:8] + "T" + text[8:] if _RUN_TOGETHER(text) else text)
            at = at if at.tzinfo else at.replace(tzinfo=UTC)
            offset = at.utcoffset()
            return int(at.timestamp()) if offset is None or abs(offset) <= _OFFSET_MAX else None
    if not _SAYS_WHICH_YEAR.search(text):
        return None
    if not text.isascii():
        from feedd.web.calendars import in_common_calendar  # few feeds date so

        text = in_common_calendar(text)
    found_s, complete = _by_words(text, day_first=day_first)
    return found_s if complete else _by_dateutil(text, day_first=day_first)


def utc_offset(text: str | None) -> int | None:
    """The offset from UTC in seconds that a date ends with; None for UTC, which says nothing of
    where it was written, and for what no zone has.
    """
    found = _ENDS_WITH_OFFSET.search(text) if text and len(text) <= DATE_MAX_CHARS else None
    if found is None:
        return None
    offset_s = _offset_s(None, *found.groups())
    return offset_s if offset_s and abs(offset_s) <= 14 * HOUR_S else None


def day_in(line: str, *, day_first: bool = False) -> int | None:
    """The first day in a line of other words, with the time of day that stands behind it.
    `day_first`: also between slashes.
    """
    line = line.casefold()
    for pattern in _WITHIN_WORDS:
        found = pattern.search(line)
        if found:
            clock = _CLOCK.search(line, found.end(), found.end() + 40)
            whole = line[found.start() : clock.end()] if clock else found[0]
            for text in (whole, found[0]):
                at = to_epoch(text, day_first=day_first or "/" not in text)
                if at is not None:
                    return at
    return None


def _by_words(text: str, *, day_first: bool) -> tuple[int | None, bool]:
    """Read a date whose day, month, year, clock and zone stand in any order; names of weekdays are
    left out. The second value says whether all of the text was understood, so that no other parser
    needs to try.
    """
    text = _COMMENT.sub("", text.replace("\u2212", "-"))
    text = _CLOCK_WITH_DOT.sub(r"\1:\2", text)
    zone_name = _OLSON.search(text)
    zone = _olson(zone_name[0]) if zone_name else None
    if zone_name and zone is not None:
        text = text.replace(zone_name[0], " ")
    offset_s: int | None = 9 * HOUR_S if "년" in text else None  # Korea has one zone and names none
    text = _simplified(_without_weekday(text))
    clock: list[str | None] = [None, None, None]
    found = _CLOCK.search(text)
    if found:
        hour = _hour(found)
        if hour is None:
            return None, False
        clock = [str(hour), found[2], found[3]]
        rest = text[found.end() :]
        offset = _OFFSET.search(rest)
        if offset:
            offset_s = _offset_s(None, *offset.groups())
            rest = f"{rest[: offset.start()]} {rest[offset.end() :]}"
        text = f"{text[: found.start()]} {rest}"
    months: list[int] = []
    either: list[int] = []
    for word in _WORD.findall(text):
        month = month_named(word)
        if word in WEEKDAYS or word in FILLERS:
            either += [month] if month and word not in FILLERS else []
        elif month:
            months.append(month)
        elif word in ZONES_H:
            if offset_s is None:
                offset_s = round(ZONES_H[word] * HOUR_S)
        elif not (found and word.isascii() and len(word) <= 5):  # an unknown zone, perhaps
            return None, False
    months = months or either[-1:]
    month = months[0] if months else None
    day = _day_of(text, month, day_first=day_first) if len(months) < 2 else None
    if day is None:
        return None, False
    if offset_s is None and zone is not None:
        return _in_zone(day, clock, zone), True
    return _seconds(*day, clock, offset_s or 0), True


def _simplified(text: str) -> str:
    """A date in small letters without accents, punctuation and the endings of ordinals."""
    text = _HALF.sub(lambda found: f"{found[3]} {'am' if found[1] else 'pm'}", text)
    text = normalize("NFKD", _EAST_ASIAN.sub(r"\1-\2-\3 ", text).casefold())
    text = "".join(c for c in text if not combining(c))
    text = _VIETNAMESE.sub(r"\1.\2.", text)
    text = re.sub(r"[,;|()\u200e\u200f]|(?<=[^\W\d_])\.|(?<=\d)(?:st|nd|rd|th)\b", " ", text)
    return re.sub(r"(?<=\d)t(?=\d)", " ", text)


def _without_weekday(text: str) -> str:
    """A date without a first word and its comma, which name a day in whatever language."""
    first = _FIRST_WORD(text)
    if first is None or (word := _simplified(first[1])) in WEEKDAYS or month_named(word):
        return text
    return text[first.end() :]


def _hour(clock: re.Match[str]) -> int | None:
    """The hour of a clock, 0 to 23; None where "am" or "pm" stands behind what is no clock."""
    hour = int(clock[1])
    half = clock[4] or clock[5]
    if half and not 1 <= hour <= 12 and not clock[2]:
        return None
    return hour % 12 + (12 if half[0] == "p" else 0) if half and hour <= 12 else hour


def _day_of(text: str, month: int | None, *, day_first: bool) -> tuple[int, int, int] | None:
    if month is not None:
        numbers = _DAY_OR_YEAR.findall(text)
        if len(numbers) != 2:
            return None
        first, second = numbers
        day, year = (second, first) if len(first) == 4 else (first, second)
        return (_whole_year(year), month, int(day)) if len(day) < 3 and len(year) != 1 else None
    found = _THREE_NUMBERS.search(text)
    if found is None:
        return None
    one, mark, two, three = found.groups()
    if len(one) == 4:
        return (int(one), int(two), int(three)) if len(three) < 3 else None
    if len(one) == 3 or len(three) == 1:
        return None
    first, second = int(one), int(two)
    weekday = next((word[:3] for word in _WORD.findall(text) if word[:3] in _ENGLISH_DAYS), None)
    if weekday and first <= 12 and second <= 12 and mark != ".":
        with suppress(ValueError):
            said = date(_whole_year(three), second, first).weekday()
            day_first = said == _ENGLISH_DAYS.index(weekday)
    if mark == "." or second <= 12 < first or (day_first and second <= 12):
        return _whole_year(three), second, first
    return _whole_year(three), first, second


def _whole_year(year: str) -> int:
    number = int(year)
    return number + (1900 if number >= 90 else 2000) if len(year) == 2 else number


def _in_month(numbered: re.Match[str]) -> str:
    """A day that is numbered within its year (ISO 8601), as day of a month."""
    with suppress(ValueError, OverflowError):
        year, number = int(numbered[1]), int(numbered[2])
        day = date(year, 1, 1) + timedelta(days=number - 1)
        if day.year == year:
            return day.isoformat()
    return numbered[0]


def _olson(name: str) -> ZoneInfo | None:
    with suppress(ValueError, OSError, LookupError):
        return ZoneInfo(name)
    return None


def _in_zone(day: tuple[int, int, int], clock: list[str | None], zone: ZoneInfo) -> int | None:
    hour, minute, second = (int(part or 0) for part in clock)
    with suppress(ValueError, OverflowError):
        return int(datetime(*day, hour, minute, second, tzinfo=zone).timestamp())
    return None


def _offset_s(zone: str | None, hours: str | None, minutes: str | None) -> int | None:
    if hours:
        size = int(hours[1:]) * HOUR_S + int(minutes or 0) * MINUTE_S
        return -size if hours[0] == "-" else size
    known = ZONES_H.get((zone or "").lower())
    return None if known is None else round(known * HOUR_S)


def _seconds(year: int, month: int, day: int, clock: list[str | None], offset_s: int) -> int | None:
    hour, minute, second = int(clock[0] or 0), int(clock[1] or 0), int(clock[2] or 0)
    if hour > 24 or minute > 59 or second > 60 or abs(offset_s) > _OFFSET_MAX.total_seconds():
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAYS
    except ValueError:
        return None
    return days * DAY_S + hour * HOUR_S + minute * MINUTE_S + min(second, 59) - offset_s


def _by_dateutil(text: str, *, day_first: bool) -> int | None:
    """By dateutil, with this module's zones: it would take the machine's for names it knows."""
    from dateutil import parser

    def zone_of(name: str | None, offset_s: int | None) -> int:
        hours = ZONES_H.get((name or "").lower(), 0)
        return round(hours * HOUR_S) if offset_s is None else offset_s

    answers = set()
    for default in _TWO_DAYS:
        try:
            answers.add(parser.parse(text, default=default, dayfirst=day_first, tzinfos=zone_of))
        except (ValueError, OverflowError, TypeError, AttributeError, RecursionError):
            return None
    if len(answers) != 1:
        return None
    with suppress(ValueError, OverflowError):
        return int(answers.pop().timestamp())
    return None
