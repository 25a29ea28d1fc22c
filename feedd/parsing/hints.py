"""How often a publisher wishes to be asked (polling rule 10; RSS 2.0, RSS syndication module)."""

from __future__ import annotations

import re
from typing import Final

from feedd.model import Hints
from feedd.parsing.raw import RawFeed

_PERIODS_S: Final = {
    "hourly": 3_600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER = re.compile(r"\s*\+?(\d{1,9})(?:\.\d*)?\s*", re.ASCII).fullmatch


def hints(feed: RawFeed) -> Hints:
    """What the document says; nonsense says nothing. Hour 24 is hour 0, as RSS 0.91 has it."""
    period_s = _PERIODS_S.get((feed.update_period or "").strip().lower())
    frequency = _number(feed.update_frequency) if feed.update_frequency else 1
    ttl_min = _number(feed.ttl)
    hours = {number % 24 for hour in feed.skip_hours if (number := _number(hour)) is not None}
    days = {_DAYS.index(day.strip().lower()) for day in feed.skip_days if _is_day(day)}
    return Hints(
        ttl_s=ttl_min * 60 if ttl_min else None,
        update_period_s=period_s // frequency if period_s and frequency else None,
        skip_hours=tuple(sorted(hours)) if len(hours) < 24 else (),
        skip_days=tuple(sorted(days)) if len(days) < 7 else (),
    )


def _number(text: str | None) -> int | None:
    found = _NUMBER(text) if text else None
    return int(found[1]) if found else None


def _is_day(text: str) -> bool:
    return text.strip().lower() in _DAYS
