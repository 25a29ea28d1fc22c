"""docs/politeness.md, rules 1 to 8 and 18 to 21, seen from the server."""

from __future__ import annotations

import pytest

from tests.loopback import Handler, Reply, Seen
from tests.poller.conftest import House, rss

DAY_S = 86_400
TAGGED = {"ETag": 'W/"v1"', "Last-Modified": "Sun, 20 Sep 2026 10:00:00 GMT"}


def conditional(body: bytes) -> Handler:
    """A server that answers 304 to who names the version it has."""

    def answer(seen: Seen) -> Reply:
        if seen.header("If-None-Match") == TAGGED["ETag"]:
            return Reply(304, TAGGED)
        return Reply(200, TAGGED, body)

    return answer


def sent(house: House, path: str) -> list[tuple[str | None, str | None]]:
    """The validators of each request for a path."""
    return [
        (seen.header("If-None-Match"), seen.header("If-Modified-Since"))
        for seen in house.loopback.seen_for(path)
    ]


def test_rule_01_what_the_server_gave_goes_back_to_it(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", conditional(rss("a")))
    assert house.poll("f")["f"].status == 200
    assert house.poll("f")["f"].status == 304
    assert sent(house, "/f") == [(None, None), (TAGGED["ETag"], TAGGED["Last-Modified"])]
    assert len(house.items()) == 1


def test_rule_02_a_server_that_stops_giving_validators_gets_none(house: House) -> None:
    answers = iter([Reply(200, TAGGED, rss("a")), Reply(body=rss("a", "b")), Reply(body=b"?")])
    house.feed("f")
    house.loopback.on("/f", lambda seen: next(answers))
    for _ in range(3):
        house.poll("f")
    assert sent(house, "/f")[2] == (None, None)


def test_rule_03_a_feed_with_a_new_url_starts_without_validators(house: House) -> None:
    house.feed("f", "/old")
    house.loopback.on("/old", conditional(rss("a")))
    house.loopback.on("/new", conditional(rss("a")))
    house.poll("f")
    house.feed("f", "/new")
    house.poll("f")
    assert sent(house, "/new") == [(None, None)]
    assert len(house.items()) == 1


def test_rule_03_behind_a_redirect_validators_go_only_where_they_came_from(house: House) -> None:
    house.feed("f", "/door")
    house.loopback.on("/door", Reply(302, {"Location": "/real", "ETag": '"door"'}))
    house.loopback.on("/real", conditional(rss("a")))
    house.poll("f")
    assert house.poll("f")["f"].status == 304
    assert sent(house, "/door") == [(None, None), (None, None)]
    assert sent(house, "/real")[1] == (TAGGED["ETag"], TAGGED["Last-Modified"])


def test_rule_04_a_304_updates_the_validators_that_it_carries(house: House) -> None:
    answers = iter(
        [Reply(200, TAGGED, rss("a")), Reply(304, {"ETag": '"v2"'}), Reply(304), Reply(304)]
    )
    house.feed("f")
    house.loopback.on("/f", lambda seen: next(answers))
    for _ in range(4):
        house.poll("f")
    assert [etag for etag, _ in sent(house, "/f")] == [None, TAGGED["ETag"], '"v2"', '"v2"']
    assert sent(house, "/f")[3][1] == TAGGED["Last-Modified"]
    assert house.state("f").failures == 0


def test_rule_06_the_same_body_again_costs_no_parsing_and_counts_as_unchanged(
    house: House,
) -> None:
    house.feed("f")
    house.loopback.on("/f", rss("a"))
    house.poll("f")
    report = house.poll("f")["f"]
    assert (report.status, report.new, report.changed) == (200, 0, 0)
    house.loopback.on("/f", Reply(200, TAGGED, rss("a")))
    house.poll("f")
    assert house.state("f").validators is not None


def test_rule_07_a_body_that_is_no_feed_is_asked_for_again(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"ETag": '"broken"'}, b"<rss><channel><it"))
    assert house.poll("f")["f"].error
    house.poll("f")
    assert sent(house, "/f") == [(None, None), (None, None)]


def test_rule_08_after_30_days_of_304_the_whole_feed_is_asked_for(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", conditional(rss("a")))
    house.poll("f")
    house.now += 29 * DAY_S
    assert house.poll("f")["f"].status == 304
    house.now += DAY_S
    assert house.poll("f")["f"].status == 200
    house.now += 3600
    assert house.poll("f")["f"].status == 304


@pytest.mark.parametrize("status", [301, 308])
def test_rule_18_a_permanent_move_is_followed_for_good_after_two_proofs(
    house: House, status: int
) -> None:
    house.feed("f", "/old")
    house.loopback.on("/old", Reply(status, {"Location": "/new"}))
    house.loopback.on("/new", conditional(rss("a")))
    for _ in range(3):
        house.poll("f")
    assert len(house.loopback.seen_for("/old")) == 2
    assert len(house.loopback.seen_for("/new")) == 3
    state = house.state("f")
    assert state.url == house.loopback.url("/old")
    assert state.active_url == house.loopback.url("/new")
    assert len(house.items()) == 1


@pytest.mark.parametrize("status", [302, 303, 307])
def test_rule_19_a_temporary_move_is_followed_each_time_and_forgotten(
    house: House, status: int
) -> None:
    house.feed("f", "/old")
    house.loopback.on("/old", Reply(status, {"Location": "/new"}))
    house.loopback.on("/new", rss("a"))
    for _ in range(4):
        house.poll("f")
    assert len(house.loopback.seen_for("/old")) == 4
    assert house.state("f").active_url == house.loopback.url("/old")


def test_rule_20_a_loop_is_an_error_on_this_feed_alone(house: House) -> None:
    house.feed("loops", "/a")
    house.feed("fine")
    house.loopback.on("/a", Reply(301, {"Location": "/b"}))
    house.loopback.on("/b", Reply(301, {"Location": "/a"}))
    house.loopback.on("/fine", rss("a"))
    reports = house.poll("loops", "fine")
    assert "loop" in (reports["loops"].error or "")
    assert reports["fine"].new == 1


def test_rule_21_a_redirect_to_a_log_in_page_changes_nothing(house: House) -> None:
    house.feed("f", "/old")
    house.loopback.on("/old", conditional(rss("a")))
    house.poll("f")
    before = house.state("f")
    house.loopback.on("/old", Reply(301, {"Location": "/parked"}))
    house.loopback.on("/parked", b"<!doctype html><title>Buy this domain</title><p>Sale")
    for _ in range(3):
        house.poll("f")
    after = house.state("f")
    assert after.active_url == before.active_url
    assert after.validators == before.validators
    assert len(house.items()) == 1
    assert after.last_error
