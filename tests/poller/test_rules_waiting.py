"""docs/politeness.md, rules 9 to 13 and 22 to 26: how long feedd waits, and for whom."""

from __future__ import annotations

import socket
import threading
from email.utils import formatdate

import pytest

from tests.loopback import Loopback, Reply, Seen
from tests.poller.conftest import START, House, rss

HOUR_S = 3600
DAY_S = 86_400


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_rule_09_retry_after_is_waited_for(house: House, status: int, as_date: bool) -> None:
    said = formatdate(START + 2 * DAY_S, usegmt=True) if as_date else str(2 * DAY_S)
    house.feed("f")
    house.loopback.on("/f", Reply(status, {"Retry-After": said}))
    house.poll("f")
    assert 2 * DAY_S <= house.wait_s() <= 2.3 * DAY_S


def test_rule_09_a_429_slows_every_feed_of_its_host_and_no_other_host(house: House) -> None:
    with Loopback("127.0.0.2") as other:
        house.set(per_host=1)
        for name in ("a", "b", "c"):
            house.feed(name)
            house.loopback.on(f"/{name}", rss(name))
        house.feed("elsewhere", url=other.url("/x"))
        other.on("/x", rss("x"))
        house.poll()
        house.loopback.on("/a", Reply(429, {"Retry-After": str(2 * DAY_S)}))
        house.poll("a")
        for name in ("a", "b", "c"):
            assert house.wait_s(name) >= 2 * DAY_S
        assert house.wait_s("elsewhere") < DAY_S


def test_rule_09_a_503_concerns_its_own_url_alone(house: House) -> None:
    for name in ("a", "b"):
        house.feed(name)
        house.loopback.on(f"/{name}", rss(name))
    house.poll()
    house.loopback.on("/a", Reply(503, {"Retry-After": str(2 * DAY_S)}))
    house.poll("a")
    assert house.wait_s("b") < DAY_S


def test_rule_09_retry_after_is_capped_at_seven_days(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(429, {"Retry-After": str(400 * DAY_S)}))
    house.poll("f")
    assert house.wait_s() <= 7.8 * DAY_S


def test_rule_09_intervals_that_change_in_the_file_hold_from_the_last_poll_on(house: House) -> None:
    for name in ("f", "g", "h"):
        house.feed(name)
        house.loopback.on(f"/{name}", rss(name))
    house.loopback.on("/h", Reply(503, {"Retry-After": str(3 * DAY_S)}))
    house.set(adaptive=False, interval_s=4 * DAY_S, min_interval_s=900, max_interval_s=4 * DAY_S)
    house.poll()
    assert min(house.wait_s("f"), house.wait_s("g")) > 3 * DAY_S
    house.set(interval_s=HOUR_S, max_interval_s=DAY_S)
    house.feed("g", interval_s=4 * HOUR_S)
    house.now += 600
    house.poll()
    waits = [house.wait_s(name) + 600 for name in "fgh"]
    assert 0.94 * HOUR_S < waits[0] < 1.06 * HOUR_S
    assert 3.7 * HOUR_S < waits[1] < 4.3 * HOUR_S
    assert waits[2] >= 3 * DAY_S
    assert "intervals in the file have changed" in house.state("f").next_reason
    house.set(min_interval_s=6 * HOUR_S, max_interval_s=DAY_S)
    house.now += 5 * HOUR_S
    house.poll()
    assert len(house.loopback.seen) == 3, "asked by none of the intervals of before"


def test_rule_09_never_sooner_than_min_interval(house: House) -> None:
    house.set(interval_s=60, min_interval_s=900)
    house.feed("f")
    house.loopback.on("/f", rss("a"))
    house.poll("f")
    assert house.wait_s() >= 900


@pytest.mark.parametrize(
    ("headers", "head", "at_least_s"),
    [
        ({"Cache-Control": "public, max-age=21600"}, "", 6 * HOUR_S),
        ({"Cache-Control": "max-age=25200", "Age": "3600"}, "", 6 * HOUR_S),
        ({}, "<ttl>360</ttl>", 6 * HOUR_S),
        (
            {},
            "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>daily"
            "</sy:updatePeriod><sy:updateFrequency"
            " xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>4</sy:updateFrequency>",
            6 * HOUR_S,
        ),
    ],
    ids=["max-age", "age", "ttl", "sy"],
)
def test_rule_10_what_server_and_publisher_ask_for_is_a_lower_bound(
    house: House, headers: dict[str, str], head: str, at_least_s: int
) -> None:
    house.set(interval_s=HOUR_S, adaptive=False)
    house.feed("f")
    house.loopback.on("/f", Reply(200, headers, rss("a", head=head)))
    house.poll("f")
    assert at_least_s <= house.wait_s() <= 1.2 * at_least_s


def test_rule_10_lower_bounds_are_capped_at_max_interval(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"Cache-Control": "max-age=2592000"}, rss("a")))
    house.poll("f")
    assert house.wait_s() <= 1.1 * DAY_S


@pytest.mark.parametrize(
    "said", ["no-cache, max-age=86400", "max-age=0", "max-age=-5", "max-age=x"]
)
def test_rule_10_nonsense_says_nothing(house: House, said: str) -> None:
    house.set(interval_s=HOUR_S, adaptive=False)
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"Cache-Control": said}, rss("a")))
    house.poll("f")
    assert house.wait_s() <= 1.1 * HOUR_S


def test_rule_12_feeds_of_one_host_do_not_all_fall_due_in_one_second(house: House) -> None:
    names = [f"f{number}" for number in range(12)]
    for name in names:
        house.feed(name)
        house.loopback.on(f"/{name}", rss(name))
    house.poll(*names)
    assert len({house.state(name).next_poll for name in names}) >= 8


def test_rule_22_failures_double_the_wait_and_a_success_resets_it(house: House) -> None:
    house.set(interval_s=HOUR_S, adaptive=False)
    house.feed("f")
    house.loopback.on("/f", rss("a"))
    house.poll("f")
    house.loopback.on("/f", Reply(500))
    waits = []
    for _ in range(7):
        house.poll_when_due("f")
        waits.append(house.wait_s())
    assert 1.7 <= waits[1] / waits[0] <= 2.4
    assert waits[-1] <= 1.1 * DAY_S
    assert house.state("f").failures == 7
    house.loopback.on("/f", rss("a", "b"))
    house.poll_when_due("f")
    assert house.state("f").failures == 0
    assert house.wait_s() <= 1.1 * HOUR_S


def test_rule_22_each_failure_is_told_in_its_own_words(house: House) -> None:
    with Loopback() as other:
        nobody = other.url("/x")
    house.set(timeout_s=0.5)
    house.feed("broken", "/500")
    house.loopback.on("/500", Reply(500))
    house.feed("slow", "/slow")
    house.loopback.on("/slow", Reply(delay_s=2.0))
    house.feed("refused", url=nobody)
    house.feed("nowhere", url="http://nowhere.invalid/feed")
    house.feed("nonsense")
    house.loopback.on("/nonsense", b"no feed at all")
    house.poll(*house.feeds)
    words = {name: house.state(name).last_error or "" for name in house.feeds}
    assert "500" in words["broken"]
    assert "within" in words["slow"]
    assert "refused" in words["refused"]
    assert "nowhere.invalid" in words["nowhere"]
    assert len({*words.values()}) == 5
    assert all(house.state(name).failures == 1 for name in house.feeds)


@pytest.mark.parametrize("status", [403, 404])
def test_rule_23_a_feed_that_is_missing_for_30_days_is_asked_weekly(
    house: House, status: int
) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(status))
    began = house.now
    while house.now < began + 31 * DAY_S:
        house.poll_when_due("f") if house.now > began else house.poll("f")
        house.now += 1
    house.poll_when_due("f")
    assert house.state("f").state == "failing"
    assert 6 * DAY_S <= house.wait_s() <= 8 * DAY_S


def test_rule_24_gone_is_gone_until_the_user_says_so(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss("a"))
    house.poll("f")
    house.loopback.on("/f", Reply(410))
    house.poll("f")
    state = house.state("f")
    assert (state.state, state.next_poll) == ("gone", None)
    house.now += 400 * DAY_S
    assert not house.poll()
    assert len(house.items()) == 1
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    assert house.state("f").state == "ok"


def test_rule_24_a_changed_url_brings_a_gone_feed_back(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(410))
    house.poll("f")
    house.feed("f", "/elsewhere")
    house.loopback.on("/elsewhere", rss("a"))
    assert house.poll()["f"].new == 1


def test_rule_25_a_refused_log_in_is_not_tried_again(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(401, {"WWW-Authenticate": "Basic"}))
    house.poll("f")
    assert house.state("f").next_poll is None
    house.now += 40 * DAY_S
    assert not house.poll()
    assert "password" in (house.state("f").last_error or "")


def test_rule_26_a_hanging_host_delays_nobody_else(house: House) -> None:
    with Loopback("127.0.0.2") as lively:
        house.set(timeout_s=1.5, per_host=2)
        for number in range(4):
            house.feed(f"hangs{number}", f"/h{number}")
            house.loopback.on(f"/h{number}", Reply(delay_s=5.0))
            house.feed(f"lively{number}", url=lively.url(f"/l{number}"))
            lively.on(f"/l{number}", rss("a"))
        house.poll(*house.feeds)
        assert len(lively.seen) == 4
        asked_after_two_hung = house.loopback.seen[2].at
        assert max(seen.at for seen in lively.seen) < asked_after_two_hung


def test_rule_26_many_names_of_one_hanging_address_delay_nobody_else(house: House) -> None:
    with Loopback("127.0.0.2") as hanging:
        house.set(timeout_s=1.5, per_host=1, concurrency=2)
        for name in ("127.0.0.2", "0x7f.2"):
            house.feed(f"hangs at {name}", url=f"http://{name}:{hanging.port}/h")
        hanging.on("/h", Reply(delay_s=5.0))
        house.feed("lively")
        house.loopback.on("/lively", rss("a"))
        house.poll(*house.feeds)
        assert house.loopback.seen[0].at < hanging.seen[1].at


def test_rule_52_names_on_which_the_name_server_hangs_delay_and_blame_nobody_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of them than requests may be out, or documents have room, and taken up first: they hang
    until all others have been asked.
    """
    all_asked = threading.Event()

    def getaddrinfo(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host.startswith("hangs"):
            all_asked.wait(20)
        return [(0, 0, 0, "", ("127.0.0.1", 0))]

    def answer(seen: Seen) -> Reply:
        if len(house.loopback.seen) == 10:
            all_asked.set()
        return Reply(body=rss("a"))

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    house.set(concurrency=8, timeout_s=1.0)
    for number in range(40):
        house.feed(f"hangs{number}", url=f"http://hangs{number}.example:1/feed")
    for number in range(10):
        house.feed(f"well{number}", url=f"http://well{number}.example:{house.loopback.port}/f")
    house.loopback.on("/f", answer)
    reports = house.poll(*house.feeds, blame_network=True)
    assert [reports[f"well{number}"].new for number in range(10)] == [1] * 10
    for number in range(40):
        assert "connection refused" in (house.state(f"hangs{number}").last_error or "")


def test_rule_13_nothing_is_asked_that_is_not_due(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss("a"))
    for _ in range(5):
        house.poll()
    assert len(house.loopback.seen) == 1


def test_rule_41_when_every_host_is_out_of_reach_no_feed_is_blamed(house: House) -> None:
    house.feed("a", url="http://one.invalid/feed")
    house.feed("b", url="http://two.invalid/feed")
    reports = house.poll(blame_network=True)
    assert not reports
    for name in ("a", "b"):
        assert house.state(name).failures == 0


def test_rule_41_one_host_that_answers_clears_the_network_of_blame(house: House) -> None:
    house.feed("a", url="http://one.invalid/feed")
    house.feed("b", url="http://two.invalid/feed")
    house.feed("c")
    house.loopback.on("/c", rss("x"))
    house.poll(blame_network=True)
    assert house.state("a").failures == 1
    assert house.state("c").failures == 0
