"""What a text is written in, whatever its type says: words with signs in them, markup, or both."""

from __future__ import annotations

import json
import re

import pytest

from feedd.model import Entry, ParserMode
from feedd.parsing import Document
from feedd.parsing.reading import parse

URL = "https://quay.example/feed.xml"
READERS = pytest.mark.parametrize("reader", ["auto", "feedparser"])


def rss_entry(inside: str, reader: ParserMode) -> Entry:
    feed = f"<rss version='2.0'><channel><item>{inside}</item></channel></rss>"
    (entry,) = parse(Document(feed.encode(), URL, parser=reader)).entries
    return entry


def atom_entry(inside: str, reader: ParserMode) -> Entry:
    media = "xmlns:media='http://search.yahoo.com/mrss/'"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom' {media}><entry>{inside}</entry></feed>"
    (entry,) = parse(Document(feed.encode(), URL, parser=reader)).entries
    return entry


@READERS
def test_a_caption_of_a_video_keeps_its_lines_and_addresses_though_a_heart_stands_in_it(
    reader: ParserMode,
) -> None:
    words = "We &lt;3 knots.\n0:00 Start\nMore: &lt;https://knots.example/a&gt;\n\nAsk &lt;us&gt;"
    inside = f"<media:group><media:description>{words}</media:description></media:group>"
    text = "We <3 knots.\n0:00 Start\nMore: <https://knots.example/a>\n\nAsk <us>"
    assert atom_entry(inside, reader).text == text


@READERS
@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("A Map&lt;K, V&gt; of\nkeys &amp;amp; values", "A Map<K, V> of\nkeys & values"),
        ("&lt;b&gt;One&lt;/b&gt;\ntwo", "One two"),
        ("One&lt;BR/&gt;two\nthree", "One\ntwo three"),
        ("&lt;twitter-card&gt;One&lt;/twitter-card&gt;\ntwo", "One two"),
        ("&lt;!-- made by hand --&gt;One\ntwo", "One two"),
    ],
)
def test_only_what_html_has_is_taken_for_a_tag(written: str, text: str, reader: ParserMode) -> None:
    assert rss_entry(f"<description>{written}</description>", reader).text == text


@READERS
def test_a_summary_beside_the_text_keeps_what_only_looks_like_a_tag(reader: ParserMode) -> None:
    inside = (
        "<summary type='html'>A &lt;T&gt; &amp;amp; more</summary>"
        "<content type='html'>&lt;p&gt;All of it, at length.&lt;/p&gt;</content>"
    )
    assert atom_entry(inside, reader).summary == "A <T> & more"


@pytest.mark.parametrize(
    ("written", "links"),
    [
        ("See https://a.example/x?a=1&amp;amp;b=2, then go.", ["https://a.example/x?a=1&amp;b=2"]),
        (
            "(https://a.example/net_(knot)) or http://b.example",
            ["https://a.example/net_(knot)", "http://b.example"],
        ),
        (
            "Ask &lt;https://a.example/q&gt;; https://a.example/r…",
            ["https://a.example/q", "https://a.example/r"],
        ),
        ("詳しくはhttps://a.example/xをご覧ください。", ["https://a.example/x"]),
        ("No link: http:// or ftp://a.example or a.example/x", []),
    ],
)
def test_an_address_in_plain_text_is_a_link(written: str, links: list[str]) -> None:
    entry = rss_entry(f"<description>{written}</description>", "auto")
    found = re.findall(r'<a href="([^"]*)"[^<>]*>([^<>]*)</a>', entry.html)
    assert found == [(one, one) for one in links]
    assert "<a" not in entry.text


def test_in_html_addresses_are_links_where_the_publisher_made_them() -> None:
    entry = rss_entry(
        "<description>&lt;p&gt;At https://a.example/x&lt;/p&gt;</description>", "auto"
    )
    assert entry.html == "<p>At https://a.example/x</p>"


@READERS
@pytest.mark.parametrize("said", ["CDATA", "escaped", "text/markdown", "text/htm", "HTML5"])
def test_a_type_that_nobody_knows_costs_no_text(said: str, reader: ParserMode) -> None:
    marked_up = f"<content type='{said}'>&lt;p&gt;One &lt;b&gt;net&lt;/b&gt;.&lt;/p&gt;</content>"
    assert atom_entry(marked_up, reader).text == "One net."
    words = f"<content type='{said}'>Two nets &amp; &lt;3\nin lines</content>"
    assert atom_entry(words, reader).text == "Two nets & <3\nin lines"


@READERS
def test_a_picture_as_the_content_is_no_text(reader: ParserMode) -> None:
    inside = "<title>Pier</title><content type='image/png'>iVBORw0KGgo=</content>"
    assert atom_entry(inside, reader).text == ""


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("It&#8217;s late &amp; dark", "It’s late & dark"),
        ("Nets &#x2013; old &#8220;ones&#8221;", "Nets – old “ones”"),
        ("How to write &amp; in HTML", "How to write &amp; in HTML"),
        ("Channel &#1; of <b>", "Channel &#1; of <b>"),
    ],
)
def test_a_title_that_was_made_for_html_is_read_as_it_was_meant(said: str, title: str) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": said}]}
    (entry,) = parse(Document(json.dumps(feed).encode(), URL)).entries
    assert entry.title == title


@READERS
@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("<title>Ropes &amp;amp; knots &amp;#8211; II</title>", "Ropes & knots – II"),
        ("<title>A &amp;quot;new&amp;quot; pier</title>", 'A "new" pier'),
        ("<title><![CDATA[The keeper&#8217;s]]></title>", "The keeper’s"),
        ("<title type='text'>Why is &amp;#39; there?</title>", "Why is &#39; there?"),
        ("<title>The sign &amp;amp; in a title</title>", "The sign &amp; in a title"),
    ],
)
def test_a_title_of_atom_is_plain_unless_it_was_escaped_twice(
    written: str, title: str, reader: ParserMode
) -> None:
    assert atom_entry(written, reader).title == title


@READERS
def test_a_summary_that_was_escaped_twice_is_html(reader: ParserMode) -> None:
    inside = "<summary>&lt;p&gt;It&amp;#8217;s &lt;b&gt;late&lt;/b&gt;.&lt;/p&gt;</summary>"
    assert atom_entry(inside, reader).text == "It’s late."


@READERS
@pytest.mark.parametrize("name", ["content", "summary"])
@pytest.mark.parametrize(
    ("opening", "written", "text"),
    [
        ("{}", "\n&lt;p&gt;The &lt;b&gt;other&lt;/b&gt; day&lt;/p&gt;\n", "The other day"),
        ("{}", "<![CDATA[<h2 id='a'>Pier</h2><p>Long</p>]]>", "Pier\n\nLong"),
        ("{} type='text'", "&lt;p&gt;One&lt;/p&gt;", "<p>One</p>"),
        ("{}", "&lt;p&gt; begins one, &lt;/p&gt; ends it.", "<p> begins one, </p> ends it."),
        ("{}", "&lt;net&gt; and &lt;rope&gt;", "<net> and <rope>"),
    ],
)
def test_html_of_atom_that_does_not_say_so_is_read(
    name: str, opening: str, written: str, text: str, reader: ParserMode
) -> None:
    inside = f"<{opening.format(name)}>{written}</{name}>"
    assert atom_entry(inside, reader).text == text


@READERS
def test_a_title_of_atom_that_is_about_tags_keeps_them(reader: ParserMode) -> None:
    assert atom_entry("<title>&lt;b&gt; or &lt;i&gt;</title>", reader).title == "<b> or <i>"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("<p>One <i>net</i></p>", "One net"),
        ("a <b> c", "a <b> c"),
        ("1 < 2\n2 > 1", "1 < 2\n2 > 1"),
    ],
)
def test_the_plain_text_of_json_feed_may_be_html(said: str, text: str) -> None:
    item = {"id": "1", "content_text": said}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [item]}
    (entry,) = parse(Document(json.dumps(feed).encode(), URL)).entries
    assert entry.text == text


def test_one_thing_alone_is_a_list_of_one() -> None:
    item = {"id": "1", "tags": "sea", "attachments": {"url": "https://quay.example/a.mp3"}}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [item]}
    (entry,) = parse(Document(json.dumps(feed).encode(), URL)).entries
    assert entry.categories == ("sea",)
    assert [file.url for file in entry.enclosures] == ["https://quay.example/a.mp3"]
