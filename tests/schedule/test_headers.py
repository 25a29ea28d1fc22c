"""What servers say about waiting, freshness and versions."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.model import Validators
from feedd.schedule.headers import (
    MAX_FRESHNESS_S,
    MAX_RETRY_AFTER_S,
    MAX_VALIDATOR_CHARACTERS,
    max_age_s,
    retry_after_s,
    validators,
)

NOW = 1_790_000_000
DAY_S = 86_400


def at(seconds: float) -> str:
    return formatdate(NOW + seconds, usegmt=True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("120", 120),
        ("0", 0),
        (" 120 ", 120),
        ("120.5", 120),
        ("0000000120", 120),
        ("9" * 5000, MAX_RETRY_AFTER_S),
        (str(8 * DAY_S), MAX_RETRY_AFTER_S),
        (at(600), 600),
        (at(-600), 0),
        (at(30 * DAY_S), MAX_RETRY_AFTER_S),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("1e3", None),
        ("Thu, 99 Foo 2026 99:99:99 GMT", None),
        ("\u0661\u0662", None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_rule_09_retry_after_in_all_its_forms(said: str, expected: int | None) -> None:
    assert retry_after_s({"retry-after": said}, NOW) == expected
    assert retry_after_s({}, NOW) is None


def test_rule_09_a_retry_after_date_is_read_against_the_servers_own_clock() -> None:
    headers = {"retry-after": at(4000), "date": at(3400)}
    assert retry_after_s(headers, NOW) == 600


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 21 Sep 2026 14:23:20 GMT",
        "Monday, 21-Sep-26 14:23:20 GMT",
        "Mon Sep 21 14:23:20 2026",
        "21 Sep 2026 14:23:20 GMT",
        "Mon, 21 Sep 2026 14:23:20 -0000",
        "Mon, 21 Sep 2026 14:23:20",
        "Mon, 21 Sep 2026 16:23:20 +0200",
    ],
)
def test_rule_09_every_form_of_http_date_is_read_in_gmt(
    date: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert retry_after_s({"retry-after": date}, NOW) == 600
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache-control": "max-age=3600"}, 3600),
        ({"cache-control": "public, MAX-AGE=3600, must-revalidate"}, 3600),
        ({"cache-control": 'max-age="3600"'}, 3600),
        ({"cache-control": "max-age = 3600"}, 3600),
        ({"cache-control": "max-age=3600", "age": "600"}, 3000),
        ({"cache-control": "max-age=3600", "age": "4000"}, None),
        ({"cache-control": "max-age=3600", "age": "nonsense"}, 3600),
        ({"cache-control": "max-age=3600", "expires": at(60), "date": at(0)}, 3600),
        ({"cache-control": "no-cache, max-age=3600"}, None),
        ({"cache-control": 'no-cache="Set-Cookie, X-Seen", max-age=3600'}, 3600),
        ({"cache-control": "no-store, max-age=3600"}, None),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "max-age=1h"}, None),
        ({"cache-control": "max-age=" + "9" * 30}, None),
        ({"cache-control": f"max-age={MAX_FRESHNESS_S + 1}"}, None),
        ({"cache-control": "s-maxage=3600"}, None),
        ({"cache-control": "s-maxage=3600", "expires": at(60), "date": at(0)}, 60),
        ({"expires": at(3600), "date": at(0)}, 3600),
        ({"expires": at(7200), "date": at(3600)}, 3600),
        ({"expires": at(3600), "date": at(0), "age": "600"}, 3000),
        ({"expires": at(3600)}, 3600),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"expires": at(0), "date": at(0)}, None),
        ({"expires": at(-3600), "date": at(0)}, None),
        ({"expires": "Thu, 31 Dec 2099 23:55:55 GMT", "date": at(0)}, None),
        ({}, None),
    ],
    ids=str,
)
def test_rule_10_how_long_an_answer_stays_fresh(
    headers: dict[str, str], expected: int | None
) -> None:
    assert max_age_s(headers, NOW) == expected


header_text = st.text(max_size=40) | st.from_regex(
    r"(max-age|no-cache|[0-9]{1,30}|Mon|Sep|[-=,; :\"])*", fullmatch=True
)


@given(
    st.dictionaries(
        st.sampled_from(["retry-after", "cache-control", "expires", "date", "age"]), header_text
    )
)
def test_rule_09_and_10_whatever_is_said_the_answer_is_within_bounds(
    headers: dict[str, str],
) -> None:
    wait_s = retry_after_s(headers, NOW)
    assert wait_s is None or 0 <= wait_s <= MAX_RETRY_AFTER_S
    fresh_s = max_age_s(headers, NOW)
    assert fresh_s is None or 0 < fresh_s <= MAX_FRESHNESS_S


@given(st.integers(0, MAX_RETRY_AFTER_S), st.integers(-DAY_S, DAY_S))
def test_rule_09_seconds_and_dates_say_the_same(wait_s: int, clock_off_s: int) -> None:
    as_date = {"retry-after": at(clock_off_s + wait_s), "date": at(clock_off_s)}
    assert retry_after_s(as_date, NOW) == retry_after_s({"retry-after": str(wait_s)}, NOW) == wait_s


def test_rule_01_validators_are_kept_as_they_are() -> None:
    headers = {"etag": 'W/"caf\xe9"', "last-modified": "yesterday"}
    assert validators(headers, "u") == Validators("u", 'W/"caf\xe9"', "yesterday")


def test_rule_02_there_are_none_where_none_were_given() -> None:
    assert validators({}, "u") is None
    assert validators({"etag": ""}, "u") is None
    assert validators({"etag": "x"}, "u") == Validators("u", "x", None)
    assert validators({"etag": "x" * (MAX_VALIDATOR_CHARACTERS + 1)}, "u") is None
