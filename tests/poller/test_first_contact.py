"""A feed that is new to the file brings as much unread as was asked for, and later all."""

from __future__ import annotations

import pytest

from tests.loopback import Reply
from tests.poller.conftest import House, rss
from tests.poller.test_muting import unread


def dated(*days: int) -> Reply:
    items = "".join(
        f"<item><guid>{day}</guid><title>Item {day}</title>"
        f"<pubDate>{day:02d} Oct 2026 10:00:00 GMT</pubDate></item>"
        for day in days
    )
    return Reply(
        body=f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'.encode()
    )


@pytest.mark.parametrize(
    ("first", "left"), [(None, {"a", "b", "c"}), (2, {"a", "b"}), (0, set()), (9, {"a", "b", "c"})]
)
def test_so_many_of_the_newest_stay_unread(house: House, first: int | None, left: set[str]) -> None:
    house.feed("f", first_unread=first)
    house.loopback.on("/f", rss("a", "b", "c"))
    house.poll("f")
    assert unread(house) == {f"Item {name}" for name in left}


def test_the_newest_are_those_of_the_latest_dates_in_whatever_order_they_stand(
    house: House,
) -> None:
    house.feed("f", first_unread=2)
    house.loopback.on("/f", dated(3, 28, 5, 20))
    house.poll("f")
    assert unread(house) == {"Item 28", "Item 20"}


def test_what_comes_later_is_unread(house: House) -> None:
    house.feed("f", first_unread=0)
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    house.loopback.on("/f", rss("new", "newer", "a", "b"))
    house.now += 86_400
    house.poll("f")
    assert unread(house) == {"Item new", "Item newer"}


def test_a_first_poll_that_failed_was_none(house: House) -> None:
    house.feed("f", first_unread=1)
    house.loopback.on("/f", Reply(500))
    house.poll("f")
    house.loopback.on("/f", rss("a", "b", "c"))
    house.now += 86_400
    house.poll("f")
    assert unread(house) == {"Item a"}
