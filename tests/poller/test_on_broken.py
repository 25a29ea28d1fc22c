"""A feed that fails for a day or falls silent is told of, once, and so is its return."""

from __future__ import annotations

import asyncio
import json
import sys
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.poller.engine import open_engine
from feedd.poller.hooks import tell_troubles
from feedd.store.measurements import (
    ENTRIES_NEEDED,
    SHORTEST_SILENCE_S,
    TIMES_THE_LONGEST,
    silent_since,
)
from tests.loopback import Reply
from tests.poller.conftest import House, rss

DAY_S = 86_400


@pytest.fixture
def noting(house: House) -> House:
    """A house whose command appends what it is given to a file."""
    script = house.folder / "note"
    script.write_text(
        f"#!{sys.executable}\nimport sys\nopen('told', 'a').write(sys.stdin.readline())\n"
    )
    script.chmod(0o755)
    house.set(on_broken="./note")
    return house


def told(house: House) -> list[dict[str, Any]]:
    """What the command is given now."""

    async def tell() -> None:
        async with open_engine(house.config, clock=lambda: house.now) as engine:
            await tell_troubles(engine.store, house.config, house.now)

    asyncio.run(tell())
    note = house.folder / "told"
    lines = note.read_text().splitlines() if note.exists() else []
    note.unlink(missing_ok=True)
    return [json.loads(line) for line in lines]


def test_a_feed_that_fails_for_a_day_is_told_of_once_and_when_it_is_back(noting: House) -> None:
    noting.feed("f")
    noting.feed("quiet", on_broken="")
    for path in ("/f", "/quiet"):
        noting.loopback.on(path, Reply(500))
    noting.poll("f", "quiet")
    assert told(noting) == [], "it may be well again by itself"
    noting.now += DAY_S
    noting.poll("f", "quiet")
    (said,) = told(noting)
    assert (said["event"], said["feed"]) == ("failing", "f")
    assert said["url"] == noting.feeds["f"].url
    assert "500" in said["error"]
    noting.now += DAY_S
    assert told(noting) == []
    noting.loopback.on("/f", Reply(200, {}, rss("a")))
    noting.poll("f")
    (said,) = told(noting)
    assert (said["event"], said["feed"]) == ("back", "f")
    assert told(noting) == []


def test_a_feed_that_its_publisher_ended_is_told_of(noting: House) -> None:
    noting.feed("f")
    noting.loopback.on("/f", Reply(410))
    noting.poll("f")
    assert [said["event"] for said in told(noting)] == ["gone"]


def test_a_feed_that_falls_silent_is_told_of(noting: House) -> None:
    noting.feed("f")
    for number in range(8):
        noting.loopback.on("/f", Reply(200, {}, rss(*(f"{n}" for n in range(number + 1)))))
        noting.poll("f")
        noting.now += DAY_S
    assert told(noting) == []
    noting.now += 20 * DAY_S
    noting.poll("f")
    (said,) = told(noting)
    assert (said["event"], said["feed"]) == ("silent", "f")


def test_a_silent_feed_that_fails_for_an_hour_is_not_told_of_as_back(noting: House) -> None:
    noting.feed("f")
    for number in range(8):
        noting.loopback.on("/f", Reply(200, {}, rss(*(f"{n}" for n in range(number + 1)))))
        noting.poll("f")
        noting.now += DAY_S
    noting.now += 20 * DAY_S
    noting.poll("f")
    assert [said["event"] for said in told(noting)] == ["silent"]
    noting.loopback.on("/f", Reply(500))
    noting.poll("f")
    assert told(noting) == []
    noting.now += DAY_S
    noting.poll("f")
    assert [said["event"] for said in told(noting)] == ["failing"]


def test_a_program_that_is_not_there_is_told_and_harms_nothing(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.set(on_broken="./none")
    house.feed("f")
    house.loopback.on("/f", Reply(410))
    house.poll("f")
    assert told(house) == []
    assert "check `on_broken`" in caplog.text


NOW = 1_790_000_000
DAY_S = 86_400
TIMES = st.lists(st.integers(0, 10**9), min_size=ENTRIES_NEEDED, max_size=20).map(
    lambda times: sorted(times, reverse=True)
)


@given(TIMES, st.integers(0, 10**9))
def test_no_feed_is_silent_within_its_own_habit(times: list[int], waited_s: int) -> None:
    longest_s = max(later - earlier for later, earlier in pairwise(times))
    found = silent_since(times, times[0] + waited_s)
    assert (found is None) == (waited_s <= max(SHORTEST_SILENCE_S, 3 * longest_s))
    assert found in (None, times[0])
    assert silent_since(times[: ENTRIES_NEEDED - 1], 10**12) is None


def test_a_feed_is_silent_from_the_fewest_entries_on_and_right_behind_the_longest_wait() -> None:
    few = [NOW - day * DAY_S for day in range(ENTRIES_NEEDED)]
    assert silent_since(few, NOW + SHORTEST_SILENCE_S) is None
    assert silent_since(few, NOW + SHORTEST_SILENCE_S + 1) == NOW
    slow = [NOW - 10 * day * DAY_S for day in range(ENTRIES_NEEDED)]
    assert silent_since(slow, NOW + TIMES_THE_LONGEST * 10 * DAY_S) is None
    assert silent_since(slow, NOW + TIMES_THE_LONGEST * 10 * DAY_S + 1) == NOW
    assert silent_since(few[1:], 10**12) is None
