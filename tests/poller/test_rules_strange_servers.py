"""docs/politeness.md against servers that do the unusual: seen from the server."""

from __future__ import annotations

import asyncio
import gzip
import sqlite3
from contextlib import closing

import pytest

from feedd.poller.engine import open_engine
from feedd.store import feeds as feed_store
from feedd.store import items
from tests.loopback import Loopback, Reply, Seen
from tests.poller.conftest import START, House, rss
from tests.poller.test_rules_requests import TAGGED, conditional, sent

HOUR_S = 3600
DAY_S = 86_400


@pytest.mark.parametrize(
    "etag",
    ['W/"a"', 'w/"a"', "bare", '"', '""', "W/", "'a'", '"a", "b"', '"caf\xe9"', '"a b"', '"%22\\"'],
)
def test_rule_01_any_etag_survives_the_store_byte_for_byte(house: House, etag: str) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"ETag": etag}, rss("a")))
    house.poll("f")
    house.poll("f")
    assert sent(house, "/f")[1] == (etag, None)


@pytest.mark.parametrize("date", ["2026-09-20", "Sunday", "Sun, 20 Sep 2026 12:00:00 +0200", "0"])
def test_rule_01_any_date_survives_the_store_byte_for_byte(house: House, date: str) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"Last-Modified": date}, rss("a")))
    house.poll("f")
    house.poll("f")
    assert sent(house, "/f")[1] == (None, date)


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_rule_01_validators_outlast_a_refusal_as_a_pair(house: House, status: int) -> None:
    answers = iter([Reply(200, TAGGED, rss("a")), Reply(status, {"ETag": '"error"'})])
    house.feed("f")
    house.loopback.on("/f", lambda seen: next(answers, Reply(304)))
    for _ in range(3):
        house.poll("f")
        house.now += 40 * HOUR_S
    assert sent(house, "/f")[1:] == [(TAGGED["ETag"], TAGGED["Last-Modified"])] * 2


def test_rule_04_a_304_with_a_new_lifetime_is_heeded(house: House) -> None:
    house.set(adaptive=False, interval_s=HOUR_S)
    answers = iter([Reply(200, TAGGED, rss("a")), Reply(304, {"Cache-Control": "max-age=36000"})])
    house.feed("f")
    house.loopback.on("/f", lambda seen: next(answers))
    house.poll("f")
    assert house.wait_s() < 2 * HOUR_S
    house.poll_when_due("f")
    assert house.wait_s() >= 10 * HOUR_S


def test_rule_05_a_store_that_fails_keeps_no_validators_of_what_it_lost(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(404))
    house.poll("f")
    house.loopback.on("/f", conditional(rss("a")))
    with closing(sqlite3.connect(house.settings.database)) as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON marks BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    assert house.poll("f")["f"].error
    assert house.state("f").validators is None
    with closing(sqlite3.connect(house.settings.database)) as db:
        db.execute("DROP TRIGGER full")
    assert house.poll("f")["f"].new == 1


@pytest.mark.parametrize(
    "said", ["0", "-5", "soon", "", "Thu, 01 Jan 1970 00:00:00 GMT", "1e9", "9" * 400, "12, 13"]
)
@pytest.mark.parametrize("status", [429, 503])
def test_rule_09_an_absurd_retry_after_neither_hurries_nor_stops_us(
    house: House, said: str, status: int
) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(status, {"Retry-After": said}))
    house.poll("f")
    assert house.settings.min_interval_s <= house.wait_s() <= 7.1 * DAY_S


def test_rule_09_a_second_429_without_a_time_still_holds_the_host(house: House) -> None:
    house.set(adaptive=False)
    for name in ("a", "b"):
        house.feed(name)
        house.loopback.on(f"/{name}", rss(name))
    house.loopback.on("/a", Reply(429, {"Retry-After": "60"}))
    house.poll()
    house.loopback.on("/a", Reply(429))
    house.now += HOUR_S
    house.poll("a")
    assert house.wait_s("b") >= house.wait_s("a") > HOUR_S


def test_rule_09_a_429_behind_a_redirect_is_that_hosts_own(house: House) -> None:
    with Loopback("127.0.0.2") as other:
        house.feed("door")
        house.loopback.on("/door", Reply(302, {"Location": other.url("/x")}))
        house.feed("beside")
        house.loopback.on("/beside", rss("a"))
        house.feed("there", url=other.url("/there"))
        other.on("/there", rss("a"))
        other.on("/x", Reply(200, {}, rss("a")))
        house.poll()
        other.on("/x", Reply(429, {"Retry-After": str(3 * DAY_S)}))
        house.poll("door")
        assert house.wait_s("there") >= 3 * DAY_S
        assert house.wait_s("beside") <= 1.1 * DAY_S


def test_rule_09_a_feed_under_way_while_its_host_says_429_is_held_too(house: House) -> None:
    house.feed("refused")
    house.feed("slow")
    house.loopback.on("/refused", Reply(429, {"Retry-After": str(3 * DAY_S)}))
    house.loopback.on("/slow", Reply(200, {}, rss("a"), delay_s=0.5))
    assert house.poll("refused", "slow")["slow"].new == 1
    assert house.wait_s("slow") >= 3 * DAY_S


@pytest.mark.parametrize(
    ("headers", "head"),
    [
        ({"Cache-Control": "max-age=600", "Age": "90000"}, ""),
        ({"Expires": "0"}, ""),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, ""),
        ({"Cache-Control": "max-age=99999999999"}, ""),
        ({}, "<ttl>-5</ttl>"),
        ({}, "<ttl>soon</ttl>"),
        ({}, "<ttl>0</ttl>"),
        ({}, "<skipHours>" + "".join(f"<hour>{h}</hour>" for h in range(24)) + "</skipHours>"),
    ],
)
def test_rule_10_what_makes_no_sense_changes_no_interval(
    house: House, headers: dict[str, str], head: str
) -> None:
    house.set(adaptive=False, interval_s=HOUR_S)
    house.feed("f")
    house.loopback.on("/f", Reply(200, headers, rss("a", head=head)))
    house.poll("f")
    assert 0.8 * HOUR_S <= house.wait_s() <= 1.2 * HOUR_S


SKIPS_BUT_3 = (
    "<skipHours>" + "".join(f"<hour>{h}</hour>" for h in range(24) if h != 3) + "</skipHours>"
)


@pytest.mark.parametrize("status", [304, 500])
def test_rule_10_hours_to_skip_are_skipped_in_fair_weather_and_foul(
    house: House, status: int
) -> None:
    house.set(adaptive=False, interval_s=HOUR_S)
    answers = iter([Reply(200, TAGGED, rss("a", head=SKIPS_BUT_3)), Reply(status), Reply(status)])
    house.feed("f")
    house.loopback.on("/f", lambda seen: next(answers))
    house.poll("f")
    for _ in range(2):
        house.poll_when_due("f")
        assert house.now // HOUR_S % 24 == 3


def test_rule_10_days_to_skip_are_skipped_within_max_interval(house: House) -> None:
    house.set(adaptive=False, interval_s=HOUR_S, max_interval_s=8 * DAY_S)
    days = ("Monday", "Tuesday", "Wednesday", "Thursday")
    skips = "".join(f"<day>{day}</day>" for day in days)
    house.feed("f")
    house.loopback.on("/f", rss("a", head=f"<skipDays>{skips}</skipDays>"))
    house.poll("f")
    house.poll_when_due("f")
    assert (house.now // DAY_S + 3) % 7 == 4  # 2026-09-21 is a Monday; Friday is the first left


def test_rule_11_a_lively_feed_is_asked_more_often_than_a_silent_one(house: House) -> None:
    for name in ("lively", "silent"):
        house.feed(name)
    house.loopback.on("/silent", rss("a"))
    house.loopback.on(
        "/lively", lambda seen: Reply(body=rss(*(f"n{house.now // 1800 - k}" for k in range(9))))
    )
    while house.now < START + 5 * DAY_S:
        house.poll()
        house.now = min(house.state(name).next_poll or 0 for name in house.feeds)
    lively, silent = (len(house.loopback.seen_for(f"/{name}")) for name in ("lively", "silent"))
    assert lively > 3 * silent > 0


def test_rule_14_nothing_but_the_feed_is_asked_for_and_nothing_else_is_told(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"Set-Cookie": "id=1; Path=/"}, rss("a")))
    for _ in range(2):
        house.poll("f")
    assert [(seen.method, seen.path) for seen in house.loopback.seen] == [("GET", "/f")] * 2
    for seen in house.loopback.seen:
        assert not {name.lower() for name, _ in seen.headers} & {"cookie", "referer", "from"}
        assert (seen.header("User-Agent") or "").startswith("feedd/")


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(429), Reply(reset=True), Reply(body=b"no feed"), Reply(410)]
)
def test_rule_16_whatever_the_answer_there_is_one_request_a_poll(
    house: House, reply: Reply
) -> None:
    house.feed("f")
    house.loopback.on("/f", reply)
    house.poll("f")
    assert len(house.loopback.seen) == 1


def test_rule_18_of_a_mixed_chain_only_the_permanent_beginning_is_learnt(house: House) -> None:
    house.feed("f", "/a")
    house.loopback.on("/a", Reply(301, {"Location": "/b"}))
    house.loopback.on("/b", Reply(302, {"Location": "/c"}))
    house.loopback.on("/c", conditional(rss("a")))
    for _ in range(4):
        house.poll("f")
    counts = [len(house.loopback.seen_for(path)) for path in ("/a", "/b", "/c")]
    assert counts == [2, 4, 4]
    assert house.state("f").active_url == house.loopback.url("/b")


def test_rule_18_a_move_whose_target_is_no_feed_is_forgotten(house: House) -> None:
    house.feed("f", "/a")
    house.loopback.on("/a", Reply(308, {"Location": "/b"}))
    house.loopback.on("/b", rss("a"))
    house.poll("f")
    house.loopback.on("/b", b"<html><body>parked</body></html>")
    house.poll("f")
    house.loopback.on("/b", rss("a"))
    house.poll("f")
    assert house.state("f").active_url == house.loopback.url("/a")


def test_rule_19_behind_a_temporary_redirect_nothing_is_permanent(house: House) -> None:
    house.feed("f", "/a")
    house.loopback.on("/a", Reply(307, {"Location": "/b"}))
    house.loopback.on("/b", Reply(301, {"Location": "/c"}))
    house.loopback.on("/c", rss("a"))
    for _ in range(4):
        house.poll("f")
    assert len(house.loopback.seen_for("/a")) == 4


def test_rule_20_ten_hops_are_followed_and_no_eleventh(house: House) -> None:
    for number in range(11):
        house.loopback.on(f"/{number}", Reply(302, {"Location": f"/{number + 1}"}))
    house.loopback.on("/11", rss("a"))
    house.feed("ten", "/1")
    house.feed("eleven", "/0")
    reports = house.poll("ten", "eleven")
    assert reports["ten"].new == 1
    assert "10 redirects" in (reports["eleven"].error or "")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://x/", "javascript:1", "http://"])
def test_rule_20_a_redirect_out_of_http_is_an_error_that_names_the_hop(
    house: House, target: str
) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(302, {"Location": target}))
    assert "redirect 1" in (house.poll("f")["f"].error or "")


def test_rule_24_gone_behind_a_redirect_is_gone(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(302, {"Location": "/g"}))
    house.loopback.on("/g", Reply(410))
    house.poll("f")
    assert (house.state("f").state, house.state("f").next_poll) == ("gone", None)


def test_rule_27_a_feed_under_the_limit_comes_in_whichever_coding_was_offered(
    house: House,
) -> None:
    def answer(seen: Seen) -> Reply:
        assert "gzip" in (seen.header("Accept-Encoding") or "")
        return Reply(200, {"Content-Encoding": "gzip"}, gzip.compress(rss("a")))

    house.feed("f")
    house.loopback.on("/f", answer)
    assert house.poll("f")["f"].new == 1


def test_rule_29_a_last_chunk_that_never_came_is_a_body_cut_short(house: House) -> None:
    body = rss("a", "b")
    head = b'HTTP/1.1 200 OK\r\nETag: "x"\r\nTransfer-Encoding: chunked\r\n\r\n'
    house.feed("f")
    house.loopback.on("/f", Reply(raw=head + b"%x\r\n%s\r\n" % (len(body), body)))
    report = house.poll("f")["f"]
    assert report.error is not None
    assert report.new == 2
    assert house.state("f").validators is None


def test_rule_40_what_a_feed_says_is_harmless_once_stored(house: House) -> None:
    text = "&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;evil()&lt;/script&gt;Fine."
    house.feed("f")
    house.loopback.on("/f", rss(("a", text)))
    house.poll("f")
    with house.reader() as db:
        html = items.item(db, house.items()[0].id).content_html
    assert "Fine." in html
    assert "onerror" not in html
    assert "evil()" not in html


def test_rule_41_feeds_that_fail_one_after_the_other_are_the_networks_too(house: House) -> None:
    names = ["a", "b", "c"]
    for name in names:
        house.feed(name, url=f"http://{name}.invalid/feed")

    async def one_by_one() -> None:
        async with open_engine(house.config, clock=lambda: house.now) as engine:
            for name in names:
                states = await engine.store.call(feed_store.feed_states, [name])
                await engine.poller.submit(states).finished()

    asyncio.run(one_by_one())
    assert [house.state(name).failures for name in names] == [1, 0, 0]


def test_rule_41_a_log_in_page_for_every_host_is_no_feed_no_move_and_no_fault(
    house: House,
) -> None:
    hosts = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
    for host in hosts:
        house.feed(host, url=house.loopback.url("/f"))
    portal = Reply(200, {"Content-Type": "text/html"}, b"<html><form>Log in to the wifi</form>")
    with Loopback(hosts[0]) as a, Loopback(hosts[1]) as b, Loopback(hosts[2]) as c:
        for host, server in zip(hosts, (a, b, c), strict=True):
            house.feed(host, url=server.url("/f"))
            server.on("/f", Reply(301, {"Location": "/login"}))
            server.on("/login", portal)
        assert not house.poll(blame_network=True)
    for host in hosts:
        state = house.state(host)
        assert (state.failures, state.move_to, state.active_url) == (0, None, state.url)


def test_rule_41_a_511_blames_no_feed_until_another_server_answers(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(511, {"Content-Type": "text/html"}, b"<html>Log in"))
    assert not house.poll("f", blame_network=True)
    assert (house.state("f").failures, house.state("f").state) == (0, "new")
    with Loopback("127.0.0.2") as good:
        house.feed("g", url=good.url("/g"))
        good.on("/g", rss("a"))
        house.poll("f", "g", blame_network=True)
    assert house.state("f").failures == 1, "of this server alone"


def test_rule_09_a_clock_that_was_ahead_and_is_set_right_loses_no_feed(house: House) -> None:
    house.now = START + 400 * DAY_S
    house.feed("f")
    house.loopback.on("/f", rss("a"))
    house.poll()
    house.now = START
    house.poll()
    assert house.poll_when_due("f")["f"].error is None
    assert house.now <= START + 1.1 * DAY_S
    assert 0 < house.wait_s() <= 1.1 * DAY_S


def test_rule_18_a_password_does_not_move_with_the_feed(house: House) -> None:
    with Loopback("127.0.0.2") as elsewhere:
        (house.folder / "pass").write_text("secret")
        house.feed("f", username="me", password_file="pass", headers={"X-Token": "secret"})
        house.loopback.on("/f", Reply(301, {"Location": elsewhere.url("/g")}))
        elsewhere.on("/g", rss("a"))
        for _ in range(3):
            house.poll("f")
        assert house.state("f").active_url == elsewhere.url("/g")
        assert len(house.loopback.seen) == 2
        assert house.loopback.seen[0].header("X-Token") == "secret"
        assert not any(
            b"secret" in seen.head or seen.values("Authorization") for seen in elsewhere.seen
        )
