"""Hints, authors, links, and what importing costs."""

from __future__ import annotations

import json
import subprocess
import sys
from html import escape

import pytest

from feedd.errors import NotAFeedError
from feedd.model import Entry, Hints, ParserMode
from feedd.parsing import Document
from feedd.parsing.building import hints
from feedd.parsing.raw import Person, RawEntry, RawFeed, person
from feedd.parsing.reading import parse

URL = "https://example.org/blog/feed.xml"


def entry_of(item: str) -> Entry:
    body = (
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">'
        f"<channel>{item}</channel></rss>"
    ).encode()
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
        (
            {
                "entries": [
                    RawEntry(published="yesterday"),
                    RawEntry(updated="Tue, 03 Feb 2026 09:00:00 -0500"),
                ]
            },
            Hints(utc_offset_s=-18_000),
        ),
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
        ('"Leise, Jo" <jo@example.org>', Person("Leise, Jo", "jo@example.org")),
        ('Jo "the first" Leise <jo@example.org>', Person('Jo "the first" Leise', "jo@example.org")),
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


ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
BOTH: tuple[ParserMode, ...] = ("auto", "feedparser")


def read_item(item: str, parser: ParserMode) -> Entry:
    body = f'<rss version="2.0" {ITUNES} {MEDIA}><channel>{item}</channel></rss>'.encode()
    (entry,) = parse(Document(body, URL, parser=parser)).entries
    return entry


@pytest.mark.parametrize("parser", BOTH)
@pytest.mark.parametrize(
    ("author", "creator", "shown"),
    [
        ("jo@paper.example", "Jo Leise", "Jo Leise"),
        ("noreply@forum.example (noreply)", "Jo", "Jo"),
        ("desk@paper.example (The desk)", "Jo", "The desk, Jo"),
        ("jo@paper.example", "", "jo@paper.example"),
        ("", "al@paper.example", "al@paper.example"),
        ("@jo", "Al @ work", "@jo, Al @ work"),
    ],
)
def test_the_address_of_an_rss_author_gives_way_to_a_creator_with_a_name(
    author: str, creator: str, shown: str, parser: ParserMode
) -> None:
    said = f"<author>{author}</author><dc:creator>{creator}</dc:creator>"
    body = f'<rss version="2.0" {DC}><channel><item>{said}</item></channel></rss>'.encode()
    (entry,) = parse(Document(body, URL, parser=parser)).entries
    assert entry.author == shown


@pytest.mark.parametrize("parser", BOTH)
def test_the_address_of_an_author_and_the_name_of_a_station_are_two(parser: ParserMode) -> None:
    said = "<author>ann@harbour.photography</author><itunes:author>Radio</itunes:author>"
    assert read_item(f"<item>{said}</item>", parser).author == "ann@harbour.photography, Radio"


@pytest.mark.parametrize("parser", BOTH)
def test_a_planets_entry_tells_which_feed_it_is_from(parser: ParserMode) -> None:
    source = '<source url="https://a.example/feed">R&amp;D, Ada\'s</source>'
    assert read_item(f"<item><title>t</title>{source}</item>", parser).origin == "R&D, Ada's"
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>own</title>'
        "<source><author><name>Ada</name></author><title>Ada's notes</title></source></entry>"
        "<entry><id>2</id><source><author><name>Bob</name></author></source></entry></feed>"
    )
    first, second = parse(Document(atom.encode(), URL, parser=parser)).entries
    assert (first.title, first.origin, first.author) == ("own", "Ada's notes", "Ada")
    assert second.origin is None


def test_rule_33_an_id_is_kept_as_given() -> None:
    for guid in ("12345", "/post?1", "https://g.example/1", "urn:x", "a b"):
        assert getattr(entry_of(f"<item><guid> {guid} </guid></item>"), "guid", "") == guid
    for nothing in ("null", "None", "undefined", "N/A", "-", ""):
        assert entry_of(f"<item><title>t</title><guid>{nothing}</guid></item>").guid is None


@pytest.mark.parametrize("parser", BOTH)
def test_the_marks_of_a_section_that_were_escaped_with_it_are_no_words(parser: ParserMode) -> None:
    item = "".join(
        f"<{name}>{escape('<![CDATA[' + text + ']]>')}</{name}>"
        for name, text in (("title", "Nine boats"), ("description", "<p>They came <b>late</b></p>"))
    )
    entry = read_item(f"<item>{item}</item>", parser)
    assert (entry.title, entry.text) == ("Nine boats", "They came late")
    about = "<item><title>How to write &lt;![CDATA[ … ]]&gt; in XML</title></item>"
    assert read_item(about, parser).title == "How to write <![CDATA[ … ]]> in XML"


@pytest.mark.parametrize(
    ("said", "author"),
    [
        ({"author": "Jo"}, "Jo"),
        ({"authors": ["Jo", {"name": "Al"}, None, {}]}, "Jo, Al"),
        ({"authors": [], "author": {"name": "Jo"}}, "Jo"),
        ({"authors": {"name": "Jo"}}, "Jo"),
        ({"author": [{"name": "Jo"}, {"name": "Al"}]}, "Jo, Al"),
        ({"author": None}, None),
    ],
)
def test_a_json_feed_may_name_its_author_in_few_words(
    said: dict[str, object], author: str | None
) -> None:
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1, **said}]})
    assert parse(Document(body.encode(), URL)).entries[0].author == author


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


def test_a_page_that_shows_a_feed_in_its_text_is_a_page_and_a_feed_behind_a_warning_a_feed() -> (
    None
):
    feed = "<rss version='2.0'><channel><title>Shown</title></channel></rss>"
    with pytest.raises(NotAFeedError, match="an HTML page"):
        parse(Document(f"<html><body>{feed}</body></html>".encode(), URL))
    assert parse(Document(f"<br />Warning: line 3 {feed}".encode(), URL)).title == "Shown"


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ({"title": "T"}, "JSON Feed"),
        ({"title": "T", "version": 5}, "JSON Feed"),
        ({"version": "https://jsonfeed.org/version/1"}, "JSON Feed 1.0"),
        ({"version": "https://jsonfeed.org/version/1.1"}, "JSON Feed 1.1"),
    ],
)
def test_a_json_feed_without_a_version_is_one(said: dict[str, object], form: str) -> None:
    body = json.dumps({**said, "items": [{"id": "1", "title": "One"}]}).encode()
    feed = parse(Document(body, "https://e.example/f.json"))
    assert (feed.format, [entry.title for entry in feed.entries]) == (form, ["One"])
