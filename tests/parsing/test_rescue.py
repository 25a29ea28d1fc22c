"""Broken, truncated, empty and hostile documents: what can be had of them, or why nothing can."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd.errors import NotAFeedError, ParseError
from feedd.model import ParsedFeed
from feedd.parsing import Document
from feedd.parsing.reading import parse
from tests.parsing import generated, samples

URL = "https://example.org/blog/feed.xml"


def read(text: str, **more: Any) -> Document:
    return replace(Document(text.encode("utf-8", "surrogatepass"), URL), **more)


def attempted(document: Document) -> ParsedFeed | ParseError:
    try:
        return parse(document)
    except ParseError as error:
        return error


def rss(items: str, head: str = "") -> str:
    return f'{head}<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'


@pytest.mark.parametrize("parser", ["auto", "feedparser"])
@pytest.mark.parametrize("name", ["wordpress.rss", "full.atom", "slash.rdf"])
def test_rule_29_a_document_cut_short_gives_its_complete_entries(name: str, parser: str) -> None:
    whole = samples.document(name, parser=parser)
    entries = parse(whole).entries
    for kept in range(len(whole.body) // 3, len(whole.body), 97):
        cut = replace(whole, body=whole.body[:kept], complete=False)
        found = parse(cut)
        assert found.entries == entries[: len(found.entries)]
        assert found.items == b""
        assert any("cut short" in problem for problem in found.problems)


def test_rule_29_json_cut_short_gives_its_complete_items() -> None:
    items = ",".join(f'{{"id": "{n}", "content_text": "t{n}"}}' for n in range(5))
    text = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{items}]}}'
    found = parse(read(text[:-20], complete=False))
    assert [entry.guid for entry in found.entries] == ["0", "1", "2", "3"]
    assert found.title == "J"
    assert "cut short" in found.problems[0]


@pytest.mark.parametrize(
    ("html", "advertised"),
    [
        (
            '<!DOCTYPE html><html><head><base href="/b/"><link rel="alternate" '
            'type="application/rss+xml" href="rss"><link href=/atom type=application/atom+xml '
            "rel='ALTERNATE home'><link rel=stylesheet href=x></head></html>",
            ("https://example.org/b/rss", "https://example.org/atom"),
        ),
        ("<html><body>Log in</body></html>", ()),
        ("<p>Forbidden</p>", ()),
        ('<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>', ()),
    ],
)
def test_rule_30_html_is_no_feed_but_may_name_some(html: str, advertised: tuple[str, ...]) -> None:
    with pytest.raises(NotAFeedError, match="HTML") as refused:
        parse(read(html))
    assert refused.value.advertised == advertised


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("  \n ", "empty"),
        ("<urlset/>", "sitemap"),
        ('<opml version="2.0"/>', "feedd import"),
        ("<thing/>", "<thing>"),
        ("%PDF-1.7", "PDF"),
        ("plain words", "neither XML nor JSON"),
        ('{"a": 1}', "no JSON Feed"),
        ("[1, 2]", "no JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1", "items"', "JSON"),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_feed_is_told_in_words(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        parse(read(text))


def test_rule_31_a_feed_without_entries_is_valid() -> None:
    for text in (rss(""), '<feed xmlns="http://www.w3.org/2005/Atom"/>', "<rss/>"):
        assert parse(read(text)).entries == ()
    json = '{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": []}'
    assert parse(read(json)).entries == ()


def test_rule_31_the_content_type_is_never_a_reason_to_refuse() -> None:
    for content_type in ("text/html", "image/png", "application/octet-stream", ";;;", ""):
        assert parse(read(rss(""), content_type=content_type)).title == "T"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize("parser", ["auto", "feedparser"])
@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>',
        '<!DOCTYPE rss [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd">',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;<!ENTITY l9 "]>">]>',
        '<!DOCTYPE rss [ <!-- ]> --> <!ENTITY l9 "boom"> ]>',
    ],
)
def test_rule_32_entities_and_dtds_are_not_followed(doctype: str, parser: str) -> None:
    began = time.process_time()
    found = parse(read(rss("<item><title>x &l9; y</title></item>", doctype), parser=parser))
    assert found.entries[0].title == "x &l9; y"
    assert time.process_time() - began < 5


def test_rule_32_entities_of_html_are_known_without_a_dtd() -> None:
    found = parse(read(rss("<item><title>caf&eacute;&nbsp;&mdash;</title></item>")))
    assert found.entries[0].title == "café —"
    assert found.problems == ("entities of HTML were resolved",)


def test_a_response_that_names_a_file_opens_none(tmp_path: object) -> None:
    with pytest.raises(NotAFeedError):
        parse(Document(str(tmp_path).encode(), URL))


def test_illegal_characters_are_left_out_and_said() -> None:
    found = parse(read(rss("<item><title>a\x00b\x0cc&#0;&#x1f;d\ufffe</title></item>")))
    assert found.entries[0].title == "abcd"
    assert "illegal characters were left out (2 times)" in found.problems


def test_what_is_rescued_is_said() -> None:
    found = parse(samples.document("broken.rss"))
    assert len(found.entries) == 3
    assert "not well-formed XML (mismatched tag in line 4)" in found.problems[0]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=300), generated.FEEDS.map(str.encode)), st.data())
def test_no_damage_makes_it_fail_otherwise_than_in_words(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body)))
    damage = data.draw(st.binary(max_size=5))
    damaged = body[:at] + damage + body[at + data.draw(st.integers(0, 20)) :]
    for complete in (True, False):
        outcome = attempted(Document(damaged, URL, complete=complete))
        assert "\n" not in str(outcome)
        str(outcome).encode()


def test_rule_29_json_cut_short_keeps_its_title_though_a_line_ends_within_a_string() -> None:
    text = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "One\nline",'
        ' "items": [{"id": "1", "title": "a\nb"}, {"id": "2", "ti'
    )
    feed = parse(read(text, complete=False))
    assert feed.title == "One line"
    assert [(entry.guid, entry.title) for entry in feed.entries] == [("1", "a b")]


def test_a_document_of_which_nothing_came_is_told_as_cut_short_or_as_empty() -> None:
    with pytest.raises(ParseError, match="is empty"):
        parse(Document(b" ", URL))
    with pytest.raises(ParseError, match="was cut short"):
        parse(Document(b" ", URL, complete=False))


@pytest.mark.parametrize("parser", ["auto", "feedparser"])
def test_a_sign_in_an_attribute_that_should_be_escaped_costs_no_element(parser: str) -> None:
    item = (
        "<item><title>Boats</title><enclosure type='audio/mpeg' title='a < b & c' length='7'"
        " url='https://e.example/1.mp3'/></item><item><title>Ducks</title></item>"
    )
    first, second = parse(read(rss(item), parser=parser)).entries
    assert [file.length for file in first.enclosures] == [7]
    assert (first.title, second.title) == ("Boats", "Ducks")


@pytest.mark.parametrize("empty", ["<feed/>", "<rss version='2.0' />", "<!-- a --><feed a='b'/>\n"])
def test_an_empty_feed_before_the_feed_hides_no_entry(empty: str) -> None:
    feed = parse(read(f"<?xml version='1.0'?>{empty}\n{rss('<item><title>A</title></item>')}"))
    assert [entry.title for entry in feed.entries] == ["A"]
    assert "text before the feed was left out" in feed.problems


def test_an_empty_feed_alone_is_an_empty_feed() -> None:
    assert parse(read("<feed xmlns='http://www.w3.org/2005/Atom'/>\n<!-- end -->")).entries == ()
