"""Dates as they are met, and those that are none."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.parsing import Document
from feedd.parsing.reading import parse
from feedd.web.dates import day_order, to_epoch, utc_offset

SECOND = datetime(2026, 11, 3, 8, 11, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 03 Nov 2026 08:11:59 +0000",
        "Tue, 03 Nov 2026 08:11:59 GMT",
        "Tue, 3 Nov 2026 03:11:59 EST",
        "Tue, 03 Nov 2026 09:11:59 CET",
        "Tue, 03 Nov 2026 09:11:59 +01:00",
        "Tue, 03 Nov 2026 09:11:59 GMT+01:00",
        "Tuesday, 03 November 2026 08:11:59 Z",
        "03 Nov 26 08:11:59 UT",
        "Tue,03 Nov 2026 08:11:59",
        "2026-11-03T08:11:59Z",
        "2026-11-03T08:11:59.999Z",
        "2026-11-03T13:41:59+05:30",
        "2026-11-03T00:11:59-0800",
        "2026-11-03 08:11:59",
        "2026-11-03 08:11:59 UTC",
        "20261103T08:11:59Z",
        "Tue Nov 3 08:11:59 2026",
        "Tue Nov 3 08:11:59 +0000 2026",
        "Tue, 2026/11/03 08:11:59 GMT",
        "Nov 3, 2026 08:11:59",
        "2026년 11월 03일  17:11:59",
        "Τρι, 03 Νοέ 2026 10:11:59 +0200",
        "03 Thg 11 2026 08:11:59",
        "CN, 03 tháng 11, 2026 08:11:59 +0000",
        "3 marras 2026 08:11:59 +0000",
        "2026-307T08:11:59Z",
        "tirs., 3 nov. 2026 08:11:59",
        "søn., 3. nov. 2026 08:11:59 +0000",
        "Tue, 3 Nov 2026 03:11:59 EST5EDT",
        "3 בנובמבר 2026 08:11:59",
        "३ नवंबर २०२६ 08:11:59",
        "3 พ.ย. 2569 08:11:59",
        "2026年11月3日（火）8時11分59秒",
        "1793693519",
        "1793693519000",
        "  Tue, 03 Nov 2026 08:11:59 +0000  ",
    ],
)
def test_every_form_of_a_date_is_known(text: str) -> None:
    assert to_epoch(text) == int(SECOND.timestamp())


@pytest.mark.parametrize(
    "text",
    [
        # twelve-hour clocks
        "Nov 3, 2026 8:11:59 AM",
        "Tue, 03 Nov 2026 08:11:59 am GMT",
        "11/03/2026 08:11:59 AM",
        "November 3rd, 2026 3:11:59 a.m. EST",
        "Tue, Nov 03 2026 05:11:59 PM JST",
        # zones by name
        "Tue Nov  3 09:11:59 CET 2026",
        "Tue, 03 Nov 2026 13:41:59 IST",
        "2026-11-03 00:11:59 PST",
        "2026-11-03T03:11:59 EST",
        "Tue, 03 Nov 2026 08:11:59 (UTC)",
        "Tue, 03 Nov 2026 03:11:59 America/New_York",
        "2026-11-03 09:11:59 Europe/Berlin",
        "2026-11-03 10:11:59 GMT+2",
        "2026-11-03 03:11:59 UTC-05:00",
        "Tue, 03 Nov 2026 10:11:59 + 0200",
        # ISO 8601's basic form, Go's, asctime's
        "20261103T081159Z",
        "20261103T101159+0200",
        "20261103081159",
        "2026-11-03 10:11:59 +0200 CEST",
        "2026-11-03 08:11:59.123456789 +0000 UTC",
        "Tue Nov  3 08:11:59 2026",
        # other languages
        "Di, 03 Nov 2026 09:11:59 +0100",
        "Dienstag, 3. November 2026 09:11:59 +0100",
        "3 Kasım 2026 Salı 11:11:59 +0300",
        "2026. november 3., kedd 09:11:59 +0100",
        "marți, 3 noiembrie 2026, 10:11:59 +0200",
        "Вівторок, 3 листопада 2026, 10:11:59 +0200",
        "Selasa, 3 November 2026 08:11:59",
        "الثلاثاء 3 نوفمبر 2026 08:11:59",
        "mar., 03 nov. 2026 09:11:59 +0100",
        "mardi 3 novembre 2026 09:11:59 +0100",
        "mar, 3 nov 2026 09:11:59 +0100",
        "3 de noviembre de 2026 08:11:59",
        "ter, 03 nov 2026 08:11:59 +0000",
        "di, 03 nov 2026 09:11:59 +0100",
        "tis, 03 nov 2026 09:11:59 +0100",
        "вт, 03 ноя 2026 11:11:59 +0300",
        "3 ноября 2026 11:11:59 MSK",
        "wt., 3 lis 2026 09:11:59 +0100",
        "3 listopada 2026 09:11:59 CET",
        "2026年11月3日 上午 8:11:59",
        "2026년 11월 3일 오후 5:11:59",
        "3 de nov. de 2026 8:11:59 a. m.",
        # as scripts and clocks write them
        "Tue Nov 03 2026 03:11:59 GMT-0500 (Eastern Standard Time)",
        "2026-11-03T03:11:59\u221205:00",
        "1793693519.25",
        # numbers
        "03.11.2026 08:11:59",
        "Tuesday, 03/11/2026 08:11:59",
        "2026/11/03 08:11:59",
        "Tue, 03 11 2026 08:11:59 +0000",
    ],
)
def test_rule_49_every_form_of_a_date_is_known(text: str) -> None:
    assert to_epoch(text) == int(SECOND.timestamp())


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3 marraskuu 2026 20.11", 20 * 60 + 11),
        ("3 November, 2026, 8.11pm", 20 * 60 + 11),
        ("3 de nov. de 2026 8:11 p. m.", 20 * 60 + 11),
        ("03.11.2026 08.11", 8 * 60 + 11),
    ],
)
def test_rule_49_a_clock_with_a_dot_and_half_a_day_with_a_blank_are_read(
    text: str, minutes: int
) -> None:
    at = to_epoch(text)
    assert at is not None
    assert at % 86_400 == minutes * 60


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("12 Mai 2024 10:00 +0200", 5),
        ("Mi, 12 Okt 2024 10:00 +0200", 10),
        ("12 août 2024 10:00 +0200", 8),
        ("12 févr. 2024 10:00 +0200", 2),
        ("12 juil. 2024 10:00 +0200", 7),
        ("12 dic 2024 10:00 +0200", 12),
        ("12 ago 2024 10:00 +0200", 8),
        ("12 gen 2024 10:00 +0200", 1),
        ("12 mrt 2024 10:00 +0200", 3),
        ("12 März 2024 10:00 +0200", 3),
        ("12 мая 2024 10:00 +0200", 5),
        ("12 stycznia 2024 10:00 +0200", 1),
        ("12 września 2024 10:00 +0200", 9),
        ("12 října 2024 10:00 +0200", 10),
        ("12 out 2024 10:00 +0200", 10),
        ("12 Ağu 2024 10:00 +0200", 8),
    ],
)
def test_months_have_names_in_the_languages_that_feeds_are_written_in(
    text: str, month: int
) -> None:
    assert to_epoch(text) == int(datetime(2024, month, 12, 8, tzinfo=UTC).timestamp())


@pytest.mark.parametrize("zone", ["EST", "PDT", "CET", "CEST", "MSK", "JST", "AEDT", "HST", "BST"])
def test_zones_are_those_of_the_tz_database(zone: str) -> None:
    """Against a second source: a zone off by an hour sorts a whole feed wrongly."""
    places = {
        "EST": ("America/New_York", 1),
        "PDT": ("America/Los_Angeles", 7),
        "CET": ("Europe/Paris", 1),
        "CEST": ("Europe/Paris", 7),
        "MSK": ("Europe/Moscow", 1),
        "JST": ("Asia/Tokyo", 1),
        "AEDT": ("Australia/Sydney", 1),
        "HST": ("Pacific/Honolulu", 1),
        "BST": ("Europe/London", 7),
    }
    place, month = places[zone]
    there = datetime(2026, month, 15, 12, tzinfo=ZoneInfo(place))
    assert there.tzname() == zone
    assert to_epoch(f"15 {there:%b} 2026 12:00:00 {zone}") == int(there.timestamp())


@pytest.mark.parametrize("zone", ["Australia/Sydney", "America/Los_Angeles"])
def test_the_zone_of_the_machine_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    to_epoch.cache_clear()
    try:
        for name, hours in (("AEDT", 11), ("EST", -5), ("PST", -8), ("CET", 1), ("", 0)):
            found = to_epoch(f"November 3, 2026 8:11:59 AM {name}")
            assert found == int(SECOND.timestamp()) - hours * 3600
    finally:
        monkeypatch.undo()
        time.tzset()
        to_epoch.cache_clear()


def test_one_date_of_a_document_proves_the_order_for_all() -> None:
    item = "<item><guid>{0}</guid><pubDate>{0}</pubDate></item>"

    def days(*dates: str, seen: bytes = b"") -> list[int | None]:
        body = f"<rss><channel>{''.join(map(item.format, dates))}</channel></rss>"
        feed = parse(Document(body.encode(), "https://f.example/", seen=seen))
        return [
            None if one.published is None else datetime.fromtimestamp(one.published, UTC).month
            for one in feed.entries
        ]

    assert days("03/02/2026 10:00", "26/02/2026 10:00") == [2, 2]
    assert days("03/02/2026 10:00", "03/26/2026 10:00") == [3, 3]
    assert days("03/02/2026 10:00") == [3]
    proof = item.format("26/02/2026 10:00")
    before = parse(
        Document(f"<rss><channel>{proof}</channel></rss>".encode(), "https://f.example/")
    )
    known = days("03/02/2026 10:00", "26/02/2026 10:00", seen=before.items)
    assert known[0] == 2, "the proof was seen before"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-03", datetime(2026, 11, 3, tzinfo=UTC)),
        ("Mon, 31 Dec 1969 23:59:59 GMT", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("0001-01-02T00:00:00Z", datetime(1, 1, 2, tzinfo=UTC)),
        ("9999-12-31T00:00:00Z", datetime(9999, 12, 31, tzinfo=UTC)),
        ("2026-07-06T24:00:00Z", datetime(2026, 7, 7, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_edges_of_the_calendar(text: str, expected: datetime) -> None:
    assert to_epoch(text) == int(expected.timestamp())


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 30 Nov -0001 00:00:00 +0000",
        "-0001-11-30T00:00:00+00:00",
        "2026-367T08:00:00Z",
        None,
        "",
        "yesterday",
        "10:30",
        "Mon 10:30",
        "0000-00-00T00:00:00Z",
        "12026-01-01T00:00:00Z",
        "2026-13-01",
        "Tue, 32 Nov 2026 08:11:59 GMT",
        "2026-11-03T99:00:00Z",
        "5",
        "x" * 10_000,
        "1" * 10_000,
    ],
)
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert to_epoch(text) is None


@given(st.text(alphabet="0123456789 :-+/TZGMnovJa,", max_size=40))
def test_rule_38_a_date_never_depends_on_when_it_is_read(text: str) -> None:
    found = to_epoch(text)
    assert found == to_epoch(text)
    if found is not None:
        assert -62_135_769_600 - 86_400 <= found <= 253_402_300_800 + 86_400


@pytest.mark.parametrize(
    "text",
    ["3 de noviembre de 2026", "den 3. november 2026", "le 3 novembre 2026", "am 3. November 2026"],
)
def test_small_words_about_a_day_are_no_reason_to_know_no_date(text: str) -> None:
    assert to_epoch(text) == int(datetime(2026, 11, 3, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("2026-11-03T23:59:60Z", True),  # a leap second
        ("2026-11-03T23:59:61Z", False),
        ("2026-11-03T08:59:00Z", True),
        ("2026-11-03T08:60:00Z", False),
        ("2026-11-03T24:00:00Z", True),
        ("2026-11-03T25:00:00Z", False),
        ("2026-11-03T08:00:00+15:00", True),
        ("2026-11-03T08:00:00+15:01", False),
        ("2026-02-28T08:00:00Z", True),
        ("2026-02-29T08:00:00Z", False),
    ],
)
def test_a_moment_that_no_clock_shows_is_no_date(text: str, known: bool) -> None:
    assert (to_epoch(text) is not None) is known


@pytest.mark.parametrize(
    ("text", "offset_s"),
    [
        ("Tue, 03 Feb 2026 09:00:00 -0500", -18_000),
        ("2026-07-03T09:00:00+02:00", 7_200),
        ("2026-07-03T09:00:00.123+05:30 ", 19_800),
        ("2026-07-03 09:00 +0900", 32_400),
        ("Tue, 03 Feb 2026 09:00:00 +0000", None),
        ("Tue, 03 Feb 2026 09:00:00 GMT", None),
        ("2026-07-03T09:00:00Z", None),
        ("2026-07-03", None),
        ("03-0500", None),
        ("Tue, 03 Feb 2026 09:00:00 +2300", None),
        ("", None),
        (None, None),
        (" " * 100_000 + "09:00:00 -0500", None),
    ],
)
def test_the_zone_of_a_date_is_told_where_it_says_more_than_utc(
    text: str | None, offset_s: int | None
) -> None:
    assert utc_offset(text) == offset_s


@pytest.mark.parametrize(
    ("written", "day_first", "is_open"),
    [
        (["13/01/2024"], True, False),
        (["01/13/2024"], False, False),
        (["13/01/2024", "01/13/2024"], False, False),
        (["12/12/2024"], False, False),
        (["11/12/2024"], False, True),
        (["31/12/2024"], True, False),
        (["32/12/2024"], False, False),
        (["13/13/2024"], False, False),
        (["12/31/2024", None, ""], False, False),
        (["2024/13/01"], False, False),
        ([" " * 90 + "13/01/2024"], True, False),
        ([" " * 91 + "13/01/2024"], False, False),
    ],
)
def test_one_date_proves_the_order_for_all(
    written: list[str | None], day_first: bool, is_open: bool
) -> None:
    assert day_order(written) == (day_first, is_open)


@pytest.mark.parametrize("written", ["7 May 5", "7 May 2024 9", "May 2024", "32 May 2024"])
def test_what_names_no_day_is_none(written: str) -> None:
    assert to_epoch(written) is None
