"""docs/politeness.md, rule 17: how article pages are fetched."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from feedd.store import items
from tests.loopback import Reply
from tests.poller.conftest import House
from tests.poller.stories import feed_of, page

HOUR_S = 3600
DAY_S = 86_400


def page_requests(house: House) -> list[str]:
    return [seen.path for seen in house.loopback.seen if seen.path.startswith("/page/")]


def test_rule_17_pages_of_new_entries_are_fetched_newest_first_and_only_once(
    reading_house: House,
) -> None:
    for _ in range(3):
        reading_house.poll("f", pages=True)
    assert page_requests(reading_house) == ["/page/b", "/page/a"]
    with reading_house.reader() as db:
        detail = items.item(db, reading_house.items()[0].id)
    assert detail.content_source == "article"
    assert "walrus" in detail.content_text
    assert "All rights reserved" not in detail.content_text
    assert "teaser" in detail.feed_html


def test_rule_17_a_host_is_asked_for_one_page_at_a_time_with_a_pause(
    reading_house: House,
) -> None:
    reading_house.set(article_pause_s=0.6)
    reading_house.poll("f", pages=True)
    first, second = (s for s in reading_house.loopback.seen if s.path.startswith("/page/"))
    assert second.at - first.at >= 0.39  # the server may have seen the first later than it was sent


def publish(house: House, pages: int) -> None:
    """A feed "f" with so many entries, each with its page."""
    names = [f"n{number:02}" for number in range(pages)]
    house.set(articles="auto")
    house.feed("f")
    house.loopback.on("/f", feed_of(house.loopback, *names))
    for name in names:
        house.loopback.on(f"/page/{name}", page(name))


def test_rule_17_at_most_20_pages_at_first_and_the_rest_over_hours(house: House) -> None:
    publish(house, 50)
    house.poll("f", pages=True)
    assert len(page_requests(house)) == 20
    house.now += HOUR_S
    house.poll("f", pages=True)
    assert len(page_requests(house)) == 40
    house.now += HOUR_S
    house.poll("f", pages=True)
    assert len(page_requests(house)) == 50


@pytest.mark.parametrize("status", [429, 503, 500])
def test_rule_17_after_three_tries_in_two_days_a_page_is_given_up_for_a_reason(
    reading_house: House, status: int
) -> None:
    for name in "ab":
        reading_house.loopback.on(f"/page/{name}", Reply(status))
    for _ in range(20):
        reading_house.poll("f", pages=True)
        reading_house.now += 6 * HOUR_S
    assert len(page_requests(reading_house)) == 6
    with reading_house.reader() as db:
        detail = items.item(db, reading_house.items()[0].id)
    assert detail.article_error == f"http {status}"
    assert detail.content_source == "feed"


def test_rule_17_a_pages_retry_after_is_waited_for(reading_house: House) -> None:
    for name in "ab":
        reading_house.loopback.on(f"/page/{name}", Reply(429, {"Retry-After": str(DAY_S)}))
    reading_house.poll("f", pages=True)
    asked = len(page_requests(reading_house))
    reading_house.now += DAY_S - 600
    reading_house.poll("f", pages=True)
    assert len(page_requests(reading_house)) == asked


@pytest.mark.parametrize(
    ("reply", "asked"),
    [
        (Reply(429), 1),
        (Reply(429, {"Retry-After": str(2 * HOUR_S)}), 1),
        (Reply(503, {"Retry-After": str(2 * HOUR_S)}), 1),
        (Reply(503), 3),
        (Reply(500, {"Retry-After": str(2 * HOUR_S)}), 3),
    ],
)
def test_rule_17_a_host_that_asks_us_to_slow_down_is_asked_for_no_other_page(
    house: House, reply: Reply, asked: int
) -> None:
    house.set(articles="auto")
    house.feed("f")
    house.loopback.on("/f", feed_of(house.loopback, "a", "b", "c"))
    house.loopback.on("/page/c", reply)
    for name in "ab":
        house.loopback.on(f"/page/{name}", page(name) if asked == 1 else reply)
    house.poll("f", pages=True)
    assert page_requests(house) == [f"/page/{name}" for name in "cba"[:asked]]
    if asked == 1:
        house.now += 2 * HOUR_S
        house.poll("f", pages=True)
        assert page_requests(house) == ["/page/c", "/page/b", "/page/a"], "c waits for longer"
        assert len(house.items()) == 3
        with house.reader() as db:
            found = [items.item(db, item.id).content_source for item in house.items()]
        assert found == ["feed", "article", "article"]


def test_rule_17_a_host_that_refuses_another_view_of_a_page_is_left_alone_too(
    reading_house: House,
) -> None:
    short = b"<html><head><link rel=amphtml href=/amp/b></head><p>Too little.</p></html>"
    reading_house.loopback.on("/page/b", Reply(200, {"Content-Type": "text/html"}, short))
    reading_house.loopback.on("/amp/b", Reply(429))
    reading_house.poll("f", pages=True)
    assert len(reading_house.loopback.seen_for("/amp/b")) == 1
    assert page_requests(reading_house) == ["/page/b"]


def test_rule_09_a_feeds_429_holds_the_pages_of_its_host(house: House) -> None:
    publish(house, 25)
    house.poll("f", pages=True)
    house.loopback.on("/f", Reply(429, {"Retry-After": str(DAY_S)}))
    house.now += HOUR_S
    house.poll("f", pages=True)
    assert len(page_requests(house)) == 20
    house.now += DAY_S
    house.loopback.on("/f", Reply(304))
    house.poll("f", pages=True)
    assert len(page_requests(house)) == 25


def test_rule_17_a_robot_check_with_200_is_told_with_its_makers_name(
    reading_house: House,
) -> None:
    check = b"<html><title>Just a moment...</title><script>var _cf_chl_opt={}</script><p>Wait</p>"
    reading_house.loopback.on("/page/b", Reply(200, {"Content-Type": "text/html"}, check))
    reading_house.poll("f", pages=True)
    with reading_house.reader() as db:
        errors = {one.title: items.item(db, one.id).article_error for one in reading_house.items()}
    assert errors == {
        "Item a": None,
        "Item b": "a robot check (Cloudflare) instead of the article; open it in a browser",
    }


@pytest.mark.parametrize("header", [True, False])
def test_rule_17_robots_none_is_honoured(reading_house: House, header: bool) -> None:
    reading_house.loopback.on(
        "/page/a",
        Reply(200, {"X-Robots-Tag": "none"}, page("a"))
        if header
        else page("a", "<meta name=robots content='none'>"),
    )
    reading_house.poll("f", pages=True)
    by_title = {item.title: item.id for item in reading_house.items()}
    with reading_house.reader() as db:
        detail = items.item(db, by_title["Item a"])
    assert (detail.article_error, detail.content_source) == ("robots", "feed")


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        (("googlebot: nofollow", "none"), "robots"),
        (("googlebot: nofollow", "otherbot: none"), None),
        (("nofollow", "feedd: none"), "robots"),
    ],
)
def test_rule_17_of_several_headers_for_robots_each_speaks_for_itself(
    reading_house: House, lines: tuple[str, ...], error: str | None
) -> None:
    head = "".join(f"X-Robots-Tag: {line}\r\n" for line in lines)
    raw = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}Connection: close\r\n\r\n"
    reading_house.loopback.on("/page/a", Reply(raw=raw.encode() + page("a")))
    reading_house.poll("f", pages=True)
    by_title = {item.title: item.id for item in reading_house.items()}
    with reading_house.reader() as db:
        assert items.item(db, by_title["Item a"]).article_error == error


def test_a_missing_page_is_given_up_at_once_and_the_feeds_own_text_stays(
    reading_house: House,
) -> None:
    reading_house.loopback.on("/page/a", Reply(404))
    reading_house.poll("f", pages=True)
    reading_house.now += 3 * DAY_S
    reading_house.poll("f", pages=True)
    assert page_requests(reading_house).count("/page/a") == 1


def test_a_pdf_is_recorded_as_what_it_is(reading_house: House) -> None:
    pdf = Reply(200, {"Content-Type": "application/pdf"}, b"%PDF-1.7 ...")
    reading_house.loopback.on("/page/b", pdf)
    reading_house.poll("f", pages=True)
    with reading_house.reader() as db:
        detail = items.item(db, reading_house.items()[0].id)
    assert detail.article_error == "not-html: application/pdf"


def test_never_means_that_no_page_is_asked_for(reading_house: House) -> None:
    reading_house.set(articles="never")
    reading_house.poll("f", pages=True)
    assert not page_requests(reading_house)


def test_a_page_queue_survives_a_restart(reading_house: House) -> None:
    reading_house.poll("f")
    with closing(sqlite3.connect(reading_house.settings.database)) as db:
        assert db.execute("SELECT count(*) FROM article_queue").fetchone() == (2,)
    reading_house.poll(pages=True)
    assert len(page_requests(reading_house)) == 2
