"""Dates as they are met, and those that are none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.parsing.dates import to_epoch

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
        "1793693519",
        "1793693519000",
        "  Tue, 03 Nov 2026 08:11:59 +0000  ",
    ],
)
def test_every_form_of_a_date_is_known(text: str) -> None:
    assert to_epoch(text) == int(SECOND.timestamp())


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
