"""Dates as publishers write them, to seconds since the epoch.

The two standard forms are read here (RFC 5322 section 3.3, RFC 3339), other forms by feedparser,
the rest by dateutil. A date that would depend on today is no date: it would change with each poll.
"""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

DATE_MAX_CHARS: Final = 100

_EPOCH_DAYS: Final = date(1970, 1, 1).toordinal()
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_ZONES_H: Final = {
    "": 0, "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "brt": -3,
    "bst": 1, "west": 1, "met": 1, "mez": 1, "cet": 1, "mest": 2, "mesz": 2, "cest": 2, "sast": 2,
    "eet": 2, "eest": 3, "msk": 3, "pkt": 5, "wib": 7, "hkt": 8, "sgt": 8, "awst": 8,
    "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
"""RFC 5322 section 4.3, and the unambiguous ones among those met in feeds. Hours."""

_RFC_5322 = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,?\s*)?(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]{0,6}\.?,?[\s-]+(\d{4}|\d\d)"
    r",?\s+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(?:([A-Za-z]{0,4})|(?:GMT|UTC)?([+-]\d\d):?(\d\d))",
    re.ASCII,
).fullmatch
_RFC_3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ]\s*(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?"
    r"\s*(?:([Zz]|UTC|GMT)?|([+-]\d\d):?(\d\d)))?",
    re.ASCII,
).fullmatch
_SECONDS = re.compile(r"\d{9,10}", re.ASCII).fullmatch
_MILLISECONDS = re.compile(r"\d{12,13}", re.ASCII).fullmatch
_SAYS_WHICH_YEAR = re.compile(r"\d{4}|\d\D+\d\d?\D+\d\d|\d\D+\w+\D+\d\d")
_HAS_A_DAY = re.compile(r"\d{8}(?!\d)|\d{4}-?\d{3}(?!\d)|\d{4}-\d\d-\d\d", re.ASCII).match
_TWO_DAYS: Final = (datetime(1984, 1, 1, tzinfo=UTC), datetime(1985, 2, 2, tzinfo=UTC))


@lru_cache(maxsize=64)
def to_epoch(text: str | None) -> int | None:
    """Seconds since the epoch, or None for what is no date in the years 1 to 9999."""
    if not text or len(text) > DATE_MAX_CHARS:
        return None
    text = text.strip()
    found = _RFC_5322(text)
    if found:
        day, name, year, *clock, zone, hours, minutes = found.groups()
        month = _MONTHS.get(name.lower())
        offset_s = _offset_s(zone, hours, minutes)
        if month and offset_s is not None:
            number = int(year)
            if len(year) == 2:
                number += 1900 if number >= 90 else 2000
            return _seconds(number, month, int(day), clock, offset_s)
    found = _RFC_3339(text)
    if found:
        year, month_, day, *clock, zone, hours, minutes = found.groups()
        offset_s = _offset_s(zone, hours, minutes)
        if offset_s is not None:
            return _seconds(int(year), int(month_), int(day), clock, offset_s)
    if _SECONDS(text):
        return int(text)
    if _MILLISECONDS(text):
        return int(text) // 1000
    if not _SAYS_WHICH_YEAR.search(text):
        return None
    return _by_feedparser(text) or _by_dateutil(text)


def _offset_s(zone: str | None, hours: str | None, minutes: str | None) -> int | None:
    if hours:
        size = abs(int(hours)) * 3600 + int(minutes or 0) * 60
        return -size if hours[0] == "-" else size
    known = _ZONES_H.get((zone or "").lower())
    return None if known is None else known * 3600


def _seconds(year: int, month: int, day: int, clock: list[str | None], offset_s: int) -> int | None:
    hour, minute, second = int(clock[0] or 0), int(clock[1] or 0), int(clock[2] or 0)
    if hour > 24 or minute > 59 or second > 60:
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAYS
    except ValueError:
        return None
    return days * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - offset_s


def _by_feedparser(text: str) -> int | None:
    """By feedparser's handlers. That for ISO 8601 fills gaps with today's date, and is only asked
    where there are none.
    """
    from feedparser.datetimes import _date_handlers

    for handler in _date_handlers:
        if handler.__name__ == "_parse_date_iso8601" and not _HAS_A_DAY(text):
            continue
        try:
            found = handler(text)
            if found and 1 <= found[0] <= 9999:
                return timegm(found)
        except (KeyError, OverflowError, ValueError, AttributeError, TypeError, IndexError):
            continue
    return None


def _by_dateutil(text: str) -> int | None:
    from dateutil import parser

    answers = set()
    for default in _TWO_DAYS:
        try:
            answers.add(parser.parse(text, default=default))
        except (ValueError, OverflowError, TypeError, AttributeError, RecursionError):
            return None
    if len(answers) != 1:
        return None
    try:
        return int(answers.pop().timestamp())
    except (ValueError, OverflowError):
        return None
