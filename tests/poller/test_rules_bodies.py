"""docs/politeness.md, rules 27 to 39: what is made of the bodies that come."""

from __future__ import annotations

import gzip

import pytest

from tests.loopback import Reply
from tests.poller.conftest import START, House, rss


def test_rule_27_a_bomb_is_an_error_on_its_feed(house: House) -> None:
    house.set(max_feed_bytes=100_000)
    house.feed("f")
    bomb = gzip.compress(bytes(50_000_000))
    house.loopback.on("/f", Reply(200, {"Content-Encoding": "gzip"}, bomb))
    assert "100,000 bytes" in (house.poll("f")["f"].error or "")


@pytest.mark.parametrize(
    ("encoding", "content_type", "declared"),
    [
        ("utf-8", "application/rss+xml", "utf-8"),
        ("utf-8-sig", "application/rss+xml; charset=iso-8859-1", "utf-8"),
        ("iso-8859-1", "application/rss+xml; charset=iso-8859-1", "utf-8"),
        ("iso-8859-1", "application/rss+xml", "iso-8859-1"),
        ("utf-16", "application/rss+xml", "utf-16"),
        ("windows-1252", "text/xml", "utf-8"),
        ("koi8-r", "text/xml; charset=koi8-r", "koi8-r"),
    ],
)
def test_rule_28_text_arrives_whatever_its_encoding(
    house: House, encoding: str, content_type: str, declared: str
) -> None:
    word = "мир" if encoding.startswith("koi8") else "Zoë – café" if "12" in encoding else "Zoë"
    document = rss("a").decode().replace("<?xml version='1.0'?>", "")
    document = document.replace("Item a", word)
    document = f"<?xml version='1.0' encoding='{declared}'?>{document}"
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"Content-Type": content_type}, document.encode(encoding)))
    house.poll("f")
    assert [item.title for item in house.items()] == [word]


def test_rule_29_of_a_body_cut_short_the_complete_entries_are_kept(house: House) -> None:
    whole = rss("a", "b", "c")
    cut = whole[: whole.index(b"<item><guid isPermaLink='false'>c") + 60]
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"ETag": '"x"'}, cut, length=len(whole)))
    report = house.poll("f")["f"]
    assert "cut short" in (report.error or "")
    assert {item.title for item in house.items()} == {"Item a", "Item b"}
    assert house.state("f").validators is None
    house.loopback.on("/f", Reply(200, {"ETag": '"x"'}, whole))
    assert house.poll("f")["f"].new == 1
    assert len(house.items()) == 3


def test_rule_30_a_page_is_no_feed_but_the_feed_it_names_is_told(house: House) -> None:
    page = (
        b"<!doctype html><html><head><link rel=alternate type='application/atom+xml'"
        b" href='/real.atom'></head><body>Hello</body></html>"
    )
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"Content-Type": "application/rss+xml"}, page))
    assert house.loopback.url("/real.atom") in (house.poll("f")["f"].error or "")
    assert len(house.loopback.seen) == 1


def test_rule_30_a_feed_that_only_the_pages_header_names_is_told(house: House) -> None:
    link = '</style.css>; rel=preload, </real.atom>; rel="alternate"; type="application/atom+xml"'
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"Link": link}, b"<!doctype html><p>Hello</p>"))
    assert house.loopback.url("/real.atom") in (house.poll("f")["f"].error or "")
    assert house.state("f").suggested_url == house.loopback.url("/real.atom")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "text/html", "application/octet-stream", ""]
)
def test_rule_31_the_content_type_is_never_a_reason_to_refuse(
    house: House, content_type: str
) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"Content-Type": content_type}, rss("a")))
    assert house.poll("f")["f"].new == 1


def test_rule_31_a_feed_without_entries_is_a_feed(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss())
    assert house.poll("f")["f"].error is None
    assert house.state("f").state == "ok"


def test_rule_32_entities_are_not_expanded(house: House) -> None:
    laughs = b"<!DOCTYPE rss [<!ENTITY a 'ha'>" + b"".join(
        b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    secret = b"<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    body = rss("a").replace(b"<rss", laughs + secret + b"<rss").replace(b"About a.", b"&j; &x;")
    house.feed("f")
    house.loopback.on("/f", body)
    house.poll("f")
    with house.reader() as db:
        everything = "\n".join(db.iterdump())
    assert "root:" not in everything
    assert "hahaha" not in everything


def test_rule_33_entries_without_id_are_told_apart_by_link_then_by_title(house: House) -> None:
    items = (
        "<item><title>One</title><link>https://example.org/1</link></item>"
        "<item><title>Two</title><link>https://example.org/2</link></item>"
        "<item><title>Three</title></item><item><title>Four</title></item>"
    )
    document = f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode()
    house.feed("f")
    house.loopback.on("/f", document)
    assert house.poll("f")["f"].new == 4
    house.loopback.on("/f", document.replace(b"<title>t<", b"<title>u<"))
    report = house.poll("f")["f"]
    assert (report.new, report.changed) == (0, 0)


def test_rule_34_a_changed_entry_keeps_its_place(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss(("a", "first")))
    house.poll("f")
    (before,) = house.items()
    house.now += 3600
    house.loopback.on("/f", rss(("a", "second, longer text")))
    report = house.poll("f")["f"]
    (after,) = house.items()
    assert (report.new, report.changed) == (0, 1)
    assert (after.id, after.first_seen, after.sort_at) == (
        before.id,
        before.first_seen,
        before.sort_at,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("one two", "one  two\n"),
        (
            "&lt;a href='https://e.org/' class='x'&gt;y&lt;/a&gt;",
            "&lt;a class='x' href='https://e.org/'&gt;y&lt;/a&gt;",
        ),
        (
            "&lt;a href='https://e.org/?utm_source=a'&gt;y&lt;/a&gt;",
            "&lt;a href='https://e.org/?utm_source=b'&gt;y&lt;/a&gt;",
        ),
    ],
    ids=["white space", "attribute order", "tracking"],
)
def test_rule_34_changes_that_mean_nothing_are_no_update(
    house: House, before: str, after: str
) -> None:
    house.feed("f")
    house.loopback.on("/f", rss(("a", before)))
    house.poll("f")
    house.loopback.on("/f", rss(("a", after)))
    assert house.poll("f")["f"].changed == 0


def test_rule_34_a_feed_wide_timestamp_is_no_update(house: House) -> None:
    house.feed("f")
    for date in ("Mon, 21 Sep 2026 10:00:00 GMT", "Mon, 21 Sep 2026 11:00:00 GMT"):
        house.loopback.on("/f", rss("a", head=f"<lastBuildDate>{date}</lastBuildDate>"))
        report = house.poll("f")["f"]
    assert (report.new, report.changed) == (0, 0)


def test_rule_35_a_publisher_who_changes_all_ids_doubles_nothing(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", rss("a", "b"))
    house.poll("f")
    house.loopback.on("/f", rss("a", "b").replace(b"'false'>", b"'false'>new-"))
    assert house.poll("f")["f"].new == 0
    assert len(house.items()) == 2


def test_rule_36_an_id_used_for_everything_swallows_nothing(house: House) -> None:
    document = rss("a", "b", "c").decode()
    for name in "abc":
        document = document.replace(f"'false'>{name}<", "'false'>same<")
    house.feed("f")
    house.loopback.on("/f", document.encode())
    assert house.poll("f")["f"].new == 3
    house.loopback.on("/f", document.replace("A feed", "A feed!").encode())
    assert house.poll("f")["f"].new == 0
    assert house.state("f").notes


def test_rule_37_entries_that_leave_stay_and_are_known_when_they_return(house: House) -> None:
    house.feed("f")
    for names in (("a", "b"), ("b",), (), ("b", "a")):
        house.loopback.on("/f", rss(*names))
        report = house.poll("f")["f"]
    assert (report.new, report.changed) == (0, 0)
    assert len(house.items()) == 2


@pytest.mark.parametrize(
    "date", ["", "Mon, 21 Sep 2099 10:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"]
)
def test_rule_38_an_absurd_date_sorts_by_first_sight_and_never_moves(
    house: House, date: str
) -> None:
    document = rss("a").replace(b"Sun, 20 Sep 2026 10:00:00 GMT", date.encode())
    house.feed("f")
    house.loopback.on("/f", document)
    house.poll("f")
    house.now += 5000
    house.loopback.on("/f", document.replace(b"About", b"More about"))
    house.poll("f")
    (item,) = house.items()
    assert (item.sort_at, item.first_seen) == (START, START)


def test_rule_39_relative_links_lead_where_the_publisher_meant(house: House) -> None:
    document = (
        b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/blog/'><title>t</title>"
        b"<id>urn:f</id><updated>2026-09-20T10:00:00Z</updated>"
        b"<entry><id>urn:a</id><title>A</title><link href='a.html'/>"
        b"<updated>2026-09-20T10:00:00Z</updated>"
        b"<content type='html'>&lt;img src=\"i.png\"&gt; text</content></entry></feed>"
    )
    house.feed("f", "/door")
    house.loopback.on("/door", Reply(302, {"Location": "/deep/feed.atom"}))
    house.loopback.on("/deep/feed.atom", document)
    house.poll("f")
    (item,) = house.items()
    assert item.link == house.loopback.url("/blog/a.html")


def test_rule_33_a_document_without_any_link_is_stored_and_known_again(house: House) -> None:
    house.feed("f")
    document = b"<rss version='2.0'><channel>%s<item><guid>a</guid><title>A</title></item>"
    document += b"</channel></rss>"
    house.loopback.on("/f", document % b"")
    assert house.poll("f")["f"].new == 1
    house.loopback.on("/f", document % b"<title>T</title>")
    report = house.poll("f")["f"]
    assert (report.error, report.new, len(house.items())) == (None, 0, 1)


@pytest.mark.parametrize("status", [200, 202, 203, 226])
def test_rule_50_any_2xx_with_a_feed_is_a_success(house: House, status: int) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(status, {}, rss("a")))
    assert house.poll("f")["f"].new == 1
    assert house.state("f").state == "ok"


@pytest.mark.parametrize(
    ("status", "page", "words"),
    [
        (202, b"", "202 without a document"),
        (200, b"<html><title>Just a moment...</title></html>", "robot check"),
        (503, b"<html><script>var _cf_chl_opt</script></html>", "Cloudflare"),
        (403, b"<html><p>Please enable cookies</p></html>", "cookies"),
    ],
)
def test_rule_50_what_stands_in_the_feeds_place_is_told_as_what_it_is(
    house: House, status: int, page: bytes, words: str
) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(status, {}, page))
    assert words in (house.poll("f")["f"].error or "")
    house.loopback.on("/f", rss("a"))
    house.now += 30 * 24 * 3600
    assert house.poll("f")["f"].new == 1


def test_rule_51_a_coding_that_is_none_is_ignored_and_the_health_says_so(house: House) -> None:
    house.feed("f")
    house.loopback.on("/f", Reply(200, {"Content-Encoding": "utf-8"}, rss("a")))
    assert house.poll("f")["f"].new == 1
    assert "names no compression" in (house.state("f").notes or "")


def test_rule_51_gzip_that_nobody_spoke_of_is_unpacked(house: House) -> None:
    house.feed("f")
    twice = gzip.compress(gzip.compress(rss("a")))
    house.loopback.on("/f", Reply(200, {"Content-Encoding": "gzip"}, twice))
    assert house.poll("f")["f"].new == 1
