"""Days of other calendars, digits and scripts than Europe's, rewritten as ISO 8601 has them.

Eras of Japan and Taiwan, Buddhist years (Thailand), the Persian solar calendar, Chinese numerals,
decimal digits of any script (Unicode's), names of months in scripts whose words no pattern for
letters finds whole, and the time of day as China, Japan and Korea write it.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

_BUDDHIST_YEARS: Final = 543
_PERSIAN_YEARS: Final = range(1300, 1500)
_PERSIAN_EPOCH: Final = 356_033
"""How much later the count of days in `_of_persian` begins than that of `date`."""
_ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911, "": 1911}
"""The year before the first of each; three digits without a name are of Taiwan."""

_MONTHS: Final = {
    unicodedata.normalize("NFC", name.replace("_", " ")): number
    for names in Path(__file__).with_name("month_names.txt").read_text("utf-8").splitlines()
    for number, name in enumerate(names.split(), 1)
}
_PERSIAN_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        str.split("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"), 1
    )
}
_MAY_BE_ELSEWHERE = re.compile(r"[^\x00-\u036f\u0400-\u04ff]|\b2[45]\d\d\b|\btháng\b").search
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十]{1,4}(?=[年月日])")
_NUMERALS: Final = "〇一二三四五六七八九"
_CLOCK = re.compile(
    r"(\d{1,2})\s?[時时시点](?!間|间)(?:\s?(\d{1,2})\s?[分분])?(?:\s?(\d{1,2})\s?[秒초])?"
)
_WEEKDAY = re.compile(
    r"[(（\[][月火水木金土日월화수목금토일](?:曜日?|요일)?[)）\]]|[月火水木金土日]曜日?|[월화수목금토일]요일"
    r"|[(（\[]?(?:星期|礼拜|周|週)[一二三四五六日天][)）\]]?"
)
_ERA = re.compile(r"(?:(令和|平成|昭和|民國|民国)\s?(\d{1,3}|元)|(?<!\d)()(1[01]\d))(?=\s?年)")
_DAY_FIRST = re.compile(
    r"(?<!\d)(\d{1,2})[\s,.]{0,3}(?:de )?((?:[^\W\d]|[^\w\s,/:-]){2,14}(?: ?ال\w{3,6})?)"
    r"[\s,،]{0,3}(?:พ\.ศ\.\s?)?(\d{4}|\d\d)(?![\d:])"
)
_MONTH_FIRST = re.compile(
    r"(?<!\S)((?:[^\W\d]|[^\w\s,/:-]){2,14})\s(\d{1,2})[\s,]{1,3}(\d{4})(?!\d)"
)
_VIETNAMESE_WEEKDAY = re.compile(
    r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)\b,? ?(?:ngày )?"
    r"(?:(\d{1,2})[/-](\d{1,2})[/-](\d{4}))?",
    re.IGNORECASE,
)
"""“Thứ” without its accents is what English calls a Thursday."""
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2}) tháng (\d{1,2}),?(?: năm|/)? ?(\d{4})(?!\d)", re.I)
_IN_NUMBERS = re.compile(r"(?<!\d)(1[34]\d\d)[/-](\d{1,2})[/-](\d{1,2})(?!\d)")
_THAI_CLOCK = re.compile(r"(?<!\s)\s*+(?:เวลา\s*+)?(\d{1,2})[:.](\d\d)\s*+น\.?")
_BUDDHIST = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-](2[45]\d\d)(?!\d)")


def in_common_calendar(text: str) -> str:
    """The text with a day of another calendar, or in another script, as year, month, day."""
    if not _MAY_BE_ELSEWHERE(text):
        return text
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    if "年" in text or "년" in text:
        text = _NUMERAL.sub(lambda found: _number(found[0]), _WEEKDAY.sub(" ", text))
        text = _CLOCK.sub(lambda found: f"{found[1]}:{found[2] or 0:0>2}:{found[3] or 0:0>2}", text)
    if "hứ " in text or "hủ " in text:
        text = _VIETNAMESE_WEEKDAY.sub(
            lambda found: f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found[3] else "", text
        )
    if "น" in text:
        text = _THAI_CLOCK.sub(r" \1:\2", text)
    text = _ERA.sub(_year_of_era, text)
    text = _DAY_FIRST.sub(lambda found: _iso(found[0], found[3], found[2], found[1]), text)
    text = _MONTH_FIRST.sub(lambda found: _iso(found[0], found[3], found[1], found[2]), text)
    text = _VIETNAMESE.sub(lambda found: f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}", text)
    text = _IN_NUMBERS.sub(lambda found: _of_persian(*map(int, found.groups())) or found[0], text)
    return _BUDDHIST.sub(
        lambda found: f"{int(found[3]) - _BUDDHIST_YEARS}-{found[2]:0>2}-{found[1]:0>2}", text
    )


def _number(numeral: str) -> str:
    """二〇二五 is read digit by digit, 二十五 and 十一 by tens."""
    numeral = numeral.replace("零", "〇")
    if "十" not in numeral:
        return "".join(str(_NUMERALS.index(digit)) for digit in numeral)
    tens, _, ones = numeral.partition("十")
    digits = [_NUMERALS.find(part) if part else default for part, default in ((tens, 1), (ones, 0))]
    return numeral if -1 in digits else str(10 * digits[0] + digits[1])


def _year_of_era(found: re.Match[str]) -> str:
    year = found[2] or found[4]
    return str(_ERAS[found[1] or ""] + (1 if year == "元" else int(year)))


def _iso(said: str, year: str, month: str, day: str) -> str:
    name = unicodedata.normalize("NFC", month.strip())
    if len(year) == 4 and int(year) in _PERSIAN_YEARS and name in _PERSIAN_MONTHS:
        return _of_persian(int(year), _PERSIAN_MONTHS[name], int(day)) or said
    number = _MONTHS.get(name) or _MONTHS.get(name.rstrip("."))
    if number is None:
        return said
    is_thai = "\u0e00" <= name[0] <= "\u0e7f"
    whole = int(year) + (0 if len(year) == 4 else 2500 if is_thai else 2000)
    return f"{whole - (_BUDDHIST_YEARS if whole >= 2400 else 0)}-{number:02}-{int(day):02}"


def _of_persian(year: int, month: int, day: int) -> str:
    """A day of the Persian solar calendar by its leap years of 33; "" for none."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return ""
    since = year + 1595
    days = 365 * since + since // 33 * 8 + (since % 33 + 3) // 4 + day
    days += 31 * (month - 1) if month < 7 else 30 * (month - 7) + 186
    with suppress(ValueError, OverflowError):
        return date.fromordinal(days - _PERSIAN_EPOCH).isoformat()
    return ""
