"""A page without a feed is tried, added, polled and read like any feed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.loopback import Loopback, Reply

PAGE = """<html><head><title>Town news</title></head><body>
<article><h2><a href="/one">One</a></h2><time datetime="2026-01-02T10:00:00Z">2 Jan</time>
<p>All of it.</p></article>
<article><h2><a href="/two">Two</a></h2><p onclick="x()">Words <script>evil()</script></p></article>
{more}</body></html>"""
MORE = '<article><h2><a href="/three">Three</a></h2></article>'


def page(more: str = "", **headers: str) -> Reply:
    return Reply(
        headers={"Content-Type": "text/html; charset=utf-8", **headers},
        body=PAGE.format(more=more).encode(),
    )


@pytest.fixture(autouse=True)
def configured(call: Call, loopback: Loopback) -> None:
    Path("config.toml").write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n'
    )
    loopback.on("/news", page(ETag='"1"'))


def test_a_dry_run_shows_what_would_be_found_and_writes_nothing(
    call: Call, loopback: Loopback
) -> None:
    before = Path("config.toml").read_text()
    said = call("add", loopback.url("/news"), "--items", "article", "--dry-run")
    assert said.code == 0
    assert "One" in said.lines[0]
    assert loopback.url("/one") in said.lines[1]
    assert "Town news, 2 items, page" in said.err
    options = ("--items", "article", "--item-text", "p", "--dry-run", "--json")
    first, second = call("add", loopback.url("/news"), *options).records
    assert first == {
        "title": "One",
        "link": loopback.url("/one"),
        "published": "2026-01-02T10:00:00Z",
        "summary": "All of it.",
    }
    assert (second["published"], second["summary"]) == (None, "Words")
    assert Path("config.toml").read_text() == before
    assert not Path("feedd.db").exists()


def test_a_dry_run_shows_what_a_feed_holds_too(call: Call, loopback: Loopback) -> None:
    loopback.on("/feed", b"<rss version='2.0'><channel><title>F</title><item><title>In it</title>"
                         b"<link>https://f.example/1</link></item></channel></rss>")  # fmt: skip
    (item,) = call("add", loopback.url("/feed"), "--dry-run", "--json").records
    assert (item["title"], item["link"]) == ("In it", "https://f.example/1")
    assert not Path("feedd.db").exists()


def test_a_page_is_added_listed_and_polled_as_politely_as_any_feed(
    call: Call, loopback: Loopback
) -> None:
    said = call("add", loopback.url("/news"), "--items", "article", "--item-text", "p",
                "--name", "town", "--tag", "local")  # fmt: skip
    assert said.code == 0, said.err
    assert "2 new items" in said.err
    assert len(loopback.seen) == 1
    assert tomllib.loads(Path("config.toml").read_text())["feeds"]["town"] == {
        "url": loopback.url("/news"), "tags": ["local"], "items": "article", "item_text": "p",
    }  # fmt: skip
    listed = call("list", "--json").records
    assert {item["title"] for item in listed} == {"One", "Two"}
    two = next(item["id"] for item in listed if item["title"] == "Two")
    assert "evil" not in call("show", str(two), "--raw-html").out
    # Conditionally, by the page's own validators, and as one who wants a page.
    loopback.on("/news", Reply(304))
    assert call("poll", "town").code == 0
    assert loopback.seen[-1].header("If-None-Match") == '"1"'
    assert "text/html" in str(loopback.seen[-1].header("Accept"))
    # What is new is the one item more; the others are known by their links.
    loopback.on("/news", page(MORE.replace("Three", "Three now"), ETag='"2"'))
    assert "1 new, 0 changed" in call("poll", "town").err
    loopback.on("/news", page(MORE.replace("Three", "Three, mended"), ETag='"3"'))
    assert "0 new, 1 changed" in call("poll", "town").err


def test_a_feed_that_is_there_already_can_be_tried_again(call: Call, loopback: Loopback) -> None:
    call("add", loopback.url("/news"), "--items", "article", "--name", "town")
    said = call("add", loopback.url("/news"), "--items", "h2 a", "--dry-run")
    assert "One" in said.out
    assert "already" in call("add", loopback.url("/news"), "--items", "h2 a").err


def test_other_selectors_are_taken_up_though_the_page_is_the_same(
    call: Call, loopback: Loopback
) -> None:
    call("add", loopback.url("/news"), "--items", "article:first-of-type", "--name", "town")
    assert len(call("list", "--json").records) == 1
    assert call("set", "town", "items=article").code == 0
    assert "1 new" in call("poll", "town").err


def test_selectors_that_find_nothing_fail_in_words_and_are_no_lost_feed(
    call: Call, loopback: Loopback
) -> None:
    call("add", loopback.url("/news"), "--items", "article", "--name", "town")
    loopback.on("/news", Reply(headers={"Content-Type": "text/html"}, body=b"<p>All is new</p>"))
    said = call("poll", "town")
    assert said.code == 1
    assert 'town: items = "article" matches nothing on the page' in said.err
    (feed,) = call("feeds", "--json").records
    assert (feed["state"], feed["suggested_url"]) == ("failing", None)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--items", "li", "--dry-run"], "matches nothing on the page"),
        (["--items", "h2[", "--dry-run"], "is no CSS selector"),
        (["--item-date", "time"], "--item-date is for a page without a feed: needs --items"),
        (["--items", "article", "--json"], "--json goes with --dry-run"),
        (["--items", ""], "items: found"),
    ],
)
def test_what_cannot_be_added_is_one_line_and_changes_nothing(
    call: Call, loopback: Loopback, options: list[str], told: str
) -> None:
    before = Path("config.toml").read_text()
    said = call("add", loopback.url("/news"), *options)
    assert said.code in (1, 2)
    assert told in said.err
    assert said.err.count("\n") == 1
    assert Path("config.toml").read_text() == before


def test_selectors_without_items_and_selectors_that_are_none_are_told_of_the_file(
    call: Call,
) -> None:
    here = "[feedd]\ndatabase = 'feedd.db'\n[feeds.a]\nurl = 'https://a.example/'\n"
    Path("config.toml").write_text(f"{here}item_date = 'time'\n")
    said = call("check")
    assert said.code == 2
    assert "config.toml:5: feeds.a.item_date: is for a page without a feed" in said.err
    Path("config.toml").write_text(f"{here}items = 'h2['\n")
    said = call("check")
    assert said.code == 2
    assert 'config.toml:5: feeds.a.items: "h2[" is no CSS selector' in said.err


def test_a_page_is_left_out_of_a_list_of_feeds_for_other_readers(
    call: Call, loopback: Loopback
) -> None:
    call("add", loopback.url("/news"), "--items", "article", "--name", "town")
    export = subprocess.run(
        [sys.executable, "-m", "feedd", "export"], capture_output=True, text=True, timeout=60
    )
    assert export.returncode == 0
    assert "/news" not in export.stdout
    assert "left out: town is a page" in export.stderr
