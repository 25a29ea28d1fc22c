"""Documents without measure: what is stored is bounded, and the problems say so."""

from __future__ import annotations

import time

import pytest

from feedd import parsing
from feedd.errors import ParseError
from feedd.model import Entry, ParsedFeed
from feedd.parsing import Document
from feedd.parsing.fingerprints import HASH_BYTES
from feedd.parsing.reading import parse

URL = "https://example.org/feed.xml"


def read(items: str) -> ParsedFeed:
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    return parse(Document(body, URL))


def only(feed: ParsedFeed, problem: str) -> Entry:
    assert [p for p in feed.problems if problem in p], feed.problems
    (entry,) = feed.entries
    return entry


def test_a_feed_of_a_hundred_thousand_entries_is_taken_in_portions() -> None:
    items = "".join(f"<item><guid>{n}</guid></item>" for n in range(100_000))
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    first = parse(Document(body, URL))
    assert len(first.entries) == parsing.ENTRIES_MAX
    assert len(first.items) == HASH_BYTES * parsing.ENTRIES_MAX
    assert f"{100_000 - parsing.ENTRIES_MAX} entries beyond" in first.problems[0]
    second = parse(Document(body, URL, seen=first.items))
    assert second.skipped == parsing.ENTRIES_MAX
    assert second.entries[0].guid == str(parsing.ENTRIES_MAX)


def test_a_title_of_fifty_megabytes_is_cut() -> None:
    began = time.process_time()
    entry = only(read(f"<item><title>{'long ' * 10_000_000}</title></item>"), "title over")
    assert len(entry.title) == parsing.TITLE_MAX_CHARS
    assert entry.title.endswith("…")
    assert time.process_time() - began < 10


def test_an_id_of_a_hundred_kilobytes_still_identifies() -> None:
    one, two = "x" * 100_000 + "1", "x" * 100_000 + "2"
    feed = read(f"<item><guid>{one}</guid></item><item><guid>{two}</guid></item>")
    ids = [entry.guid or "" for entry in feed.entries]
    assert len(set(ids)) == 2
    assert all(len(one) < parsing.GUID_MAX_CHARS for one in ids)
    assert "kept as a hash" in feed.problems[0]


def test_content_is_cut() -> None:
    text = "word " * (parsing.CONTENT_MAX_CHARS // 4)
    entry = only(read(f"<item><description>{text}</description></item>"), "content over")
    assert len(entry.html) <= parsing.CONTENT_MAX_CHARS


def test_categories_authors_and_enclosures_are_bounded() -> None:
    many = "".join(f"<category>{n}{'c' * 500}</category>" for n in range(100))
    many += "".join(f"<author>{n}{'a' * 100}</author>" for n in range(100))
    many += "".join(f'<enclosure url="http://e.example/{n}"/>' for n in range(100))
    feed = read(f"<item>{many}</item>")
    (entry,) = feed.entries
    assert len(entry.categories) == parsing.CATEGORIES_MAX
    assert max(map(len, entry.categories)) == parsing.CATEGORY_MAX_CHARS
    assert len(entry.author or "") == parsing.AUTHOR_MAX_CHARS
    assert len(entry.enclosures) == parsing.ENCLOSURES_MAX
    assert len(feed.problems) == 3


def test_bottomless_nesting_is_refused() -> None:
    nested = f"{'<x>' * 100_000}{'</x>' * 100_000}"
    body = f"<rss><channel><item>{nested}</item></channel></rss>"
    began = time.process_time()
    with pytest.raises(ParseError, match="nested more than"):
        parse(Document(body.encode(), URL))
    assert time.process_time() - began < 5


def test_nul_and_lone_surrogates_are_gone() -> None:
    body = (
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "a\\ud800b\\u0000c", "items": '
        b'[{"id": "\\udfff\\u0000x", "title": "\\ud800t", "content_html": "<p>\\ud800\\u0000y</p>",'
        b'"summary": "\\ud800s", "tags": ["\\ud800"], "url": "https://x.example/\\ud800"}]}'
    )
    feed = parse(Document(body, URL))
    assert feed.title == "abc"
    (entry,) = feed.entries
    assert (entry.guid, entry.title, entry.text) == ("x", "t", "y")
    repr(entry).encode()
    for text in (entry.html, entry.summary or "", entry.link or "", *entry.categories):
        assert "\x00" not in text
        text.encode()


def test_absurd_dates_and_numbers_are_left_out() -> None:
    entry = only(
        read(
            "<item><pubDate>Mon, 01 Jan 0000 00:00:00 GMT</pubDate>"
            f'<enclosure url="http://e.example/" length="{"9" * 30}"/></item>'
        ),
        "a date that cannot be read",
    )
    assert entry.published is None
    assert entry.enclosures[0].length is None
