"""Hints, authors, links, and what importing costs."""

from __future__ import annotations

import subprocess
import sys
from html import escape

import pytest

from feedd.model import Hints, ParserMode
from feedd.parsing import Document, parse
from feedd.parsing.hints import hints
from feedd.parsing.people import person
from feedd.parsing.raw import Person, RawFeed

URL = "https://example.org/blog/feed.xml"


def entry_of(item: str) -> object:
    body = f'<rss version="2.0"><channel>{item}</channel></rss>'.encode()
    (entry,) = parse(Document(body, URL)).entries
    return entry


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Hints()),
        ({"ttl": "60"}, Hints(ttl_s=3600)),
        ({"ttl": "0"}, Hints()),
        ({"ttl": "-5"}, Hints()),
        ({"ttl": "9" * 30}, Hints()),
        ({"update_period": "Daily"}, Hints(update_period_s=86_400)),
        ({"update_period": "hourly", "update_frequency": "4"}, Hints(update_period_s=900)),
        ({"update_period": "hourly", "update_frequency": "0"}, Hints()),
        ({"update_period": "whenever"}, Hints()),
        ({"skip_hours": ["0", "24", "7", "x", "7"]}, Hints(skip_hours=(0, 7))),
        ({"skip_hours": [str(hour) for hour in range(24)]}, Hints()),
        ({"skip_days": ["Sunday", "monday ", "Caturday"]}, Hints(skip_days=(0, 6))),
    ],
)
def test_rule_10_what_the_publisher_wishes(said: dict[str, object], expected: Hints) -> None:
    feed = RawFeed("rss", "RSS 2.0")
    for name, value in said.items():
        setattr(feed, name, value)
    assert hints(feed) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("Jo", Person("Jo")),
        ("jo@example.org", Person(None, "jo@example.org")),
        ("jo@example.org (Jo Leise)", Person("Jo Leise", "jo@example.org")),
        ("Jo Leise <jo@example.photography>", Person("Jo Leise", "jo@example.photography")),
        ("@jo", Person("@jo")),
        ("x@" + "y" * 1000, Person("x@" + "y" * 1000)),
    ],
)
def test_an_author_is_taken_apart(text: str, expected: Person | None) -> None:
    assert person(text) == expected


@pytest.mark.parametrize("parser", ["auto", "feedparser"])
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("jo@b.example (Jo)", "Jo"),
        ("jo@b.photography", "jo@b.photography"),
        ("Jo (the first) <j@b.org>", "Jo (the first)"),
    ],
)
def test_what_feedparser_does_to_long_domains_is_undone(
    parser: ParserMode, given: str, shown: str
) -> None:
    item = f"<item><author>{escape(given)}</author></item>"
    body = f'<rss version="2.0"><channel>{item}</channel></rss>'.encode()
    assert parse(Document(body, URL, parser=parser)).entries[0].author == shown


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("<item><link>/a</link></item>", "https://example.org/a"),
        ("<item><guid>https://g.example/1</guid></item>", "https://g.example/1"),
        (
            '<item><guid isPermaLink="false">https://g.example/1</guid></item>',
            None,
        ),
        ("<item><guid>12345</guid></item>", None),
        ("<item><link>javascript:x()</link><guid>https://g.example/1</guid></item>",
         "https://g.example/1"),
    ],
)  # fmt: skip
def test_an_entry_has_a_link_where_one_can_be_had(item: str, link: str | None) -> None:
    assert getattr(entry_of(item), "link", "") == link


def test_rule_33_an_id_is_kept_as_given() -> None:
    for guid in ("12345", "/post?1", "https://g.example/1", "urn:x", "a b"):
        assert getattr(entry_of(f"<item><guid> {guid} </guid></item>"), "guid", "") == guid


def test_rule_39_relative_links_in_content_start_at_the_entry() -> None:
    content = "<description>&lt;a href='x'&gt;x&lt;/a&gt;</description>"
    item = f"<item><link>https://other.example/2026/post</link>{content}</item>"
    expected = '<a href="https://other.example/2026/x">x</a>'
    assert getattr(entry_of(item), "html", "") == expected


def test_importing_the_room_costs_next_to_nothing() -> None:
    code = "import sys, feedd.parsing; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"feedparser", "lxml", "nh3", "pyexpat", "dateutil", "urllib.parse", "json"}
    assert not heavy & set(loaded.stdout.split())
