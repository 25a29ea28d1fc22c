"""`on_new`: a command of the user's for every new item."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from feedd.configfile import parse
from feedd.errors import ConfigError
from feedd.poller import hooks
from tests.poller.conftest import House, rss

KEEP = "sh -c 'cat >> told; echo >> told'"


def told(house: House) -> list[str]:
    """The titles of the items that the command got, sorted."""
    place = house.folder / "told"
    lines = place.read_text("utf-8").split("\n") if place.exists() else []
    return sorted(json.loads(line)["title"] for line in lines if line)


def test_news_is_told_once_and_a_feeds_first_poll_is_no_news(house: House) -> None:
    house.set(on_new=KEEP)
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    assert not told(house)
    house.loopback.on("/f", rss("a", "b", "c", "d"))
    house.poll("f")
    house.poll("f")
    assert told(house) == ["Item c", "Item d"]


def test_a_muted_item_disturbs_nobody(house: House) -> None:
    house.feed("f", on_new=KEEP, mute=("item c",))
    for names in (("a",), ("a", "c", "d")):
        house.loopback.on("/f", rss(*names))
        house.poll("f")
    assert told(house) == ["Item d"]


def test_a_feed_may_switch_it_off(house: House) -> None:
    house.set(on_new=KEEP)
    house.feed("f", on_new="")
    for names in (("a",), ("a", "b")):
        house.loopback.on("/f", rss(*names))
        house.poll("f")
    assert not told(house)


def test_what_a_feed_says_reaches_no_shell(house: House) -> None:
    house.feed("f", on_new=KEEP)
    house.loopback.on("/f", rss("a"))
    house.poll("f")
    house.loopback.on("/f", rss("a", "$(touch pwned); `touch pwned`"))
    assert house.poll("f")["f"].new == 1
    assert told(house) == ["Item $(touch pwned); `touch pwned`"]
    assert not (house.folder / "pwned").exists()


@pytest.mark.parametrize("command", ["./no-such-program", "false"])
def test_a_command_that_fails_is_told_once_and_loses_no_item(
    house: House, caplog: pytest.LogCaptureFixture, command: str
) -> None:
    house.feed("f", on_new=command)
    house.loopback.on("/f", rss("a"))
    house.poll("f")
    house.loopback.on("/f", rss("a", "b", "c", "d"))
    with caplog.at_level(logging.WARNING, "feedd.on_new"):
        assert house.poll("f")["f"].error is None
    assert len(caplog.records) == 1
    assert "on_new" in caplog.text
    assert len(house.items()) == 4


def test_a_flood_is_bounded_and_the_log_says_what_was_left_out(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "ITEMS_WAITING", 3)
    house.feed("f", on_new=KEEP)
    house.loopback.on("/f", rss("a"))
    house.poll("f")
    house.loopback.on("/f", rss(*(f"n{number}" for number in range(10))))
    house.poll("f")
    assert len(told(house)) == 3
    assert "not run for 7 items" in caplog.text


def test_a_command_that_cannot_be_split_is_an_error_of_the_file() -> None:
    with pytest.raises(ConfigError, match="split"):
        parse('[feedd]\non_new = "notify \'news"', Path("config.toml"))
