"""Which element is meant: namespaces as publishers spell them, and roots of other kinds."""

from __future__ import annotations

import pytest

from feedd.errors import NotAFeedError
from feedd.model import ParserMode
from feedd.parsing import Document
from feedd.parsing.reading import parse

URL = "https://feeds.example/dir/feed.xml"
BOTH = pytest.mark.parametrize("parser", ["auto", "feedparser"])


@BOTH
@pytest.mark.parametrize(
    ("content", "dc", "media"),
    [
        ("http://purl.org/rss/1.0/modules/content/", "http://purl.org/dc/elements/1.1/",
         "http://search.yahoo.com/mrss/"),
        ("http://purl.org/rss/1.0/modules/content", "http://purl.org/dc/elements/1.1",
         "http://search.yahoo.com/mrss"),
        ("https://purl.org/rss/1.0/modules/content/", "https://purl.org/dc/elements/1.1/",
         "https://search.yahoo.com/mrss"),
        (" http://purl.org/rss/1.0/modules/content/ ", "HTTP://PURL.ORG/DC/ELEMENTS/1.1/",
         "http://www.rssboard.org/media-rss"),
    ],
)  # fmt: skip
def test_a_namespace_is_known_though_misspelt(
    content: str, dc: str, media: str, parser: ParserMode
) -> None:
    body = (
        f'<rss version="2.0" xmlns:c="{content}" xmlns:d="{dc}" xmlns:m="{media}"><channel>'
        "<item><title>Boats</title><description>Nine.</description><d:creator>Ann</d:creator>"
        "<c:encoded>Nine boats came late.</c:encoded><m:thumbnail url='/b.jpg'/></item>"
        "</channel></rss>"
    )
    (entry,) = parse(Document(body.encode(), URL, parser=parser)).entries
    assert (entry.text, entry.author) == ("Nine boats came late.", "Ann")
    assert entry.image == "https://feeds.example/b.jpg"


@BOTH
@pytest.mark.parametrize(
    "declared",
    [
        "xmlns='https://www.w3.org/2005/Atom'",
        "xmlns='http://www.w3.org/2005/atom/'",
        "xmlns='urn:nobody:knows'",
        "",
    ],
)
@pytest.mark.parametrize("stray", ["", "<br>"])
def test_an_atom_feed_is_one_in_whatever_namespace_its_root_is(
    declared: str, stray: str, parser: ParserMode
) -> None:
    body = (
        f"<feed {declared}><title>T</title><entry><id>urn:1</id><title>Boats</title>"
        f"<link href='https://s.example/1'/><summary>Nine.</summary></entry>{stray}</feed>"
    )
    (entry,) = parse(Document(body.encode(), URL, parser=parser)).entries
    assert (entry.title, entry.link, entry.text) == ("Boats", "https://s.example/1", "Nine.")


@BOTH
@pytest.mark.parametrize("prefix", ["", "a:"])
@pytest.mark.parametrize("stray", ["", "&", "<br>"])
def test_a_single_entry_is_a_document(prefix: str, stray: str, parser: ParserMode) -> None:
    declared = f"xmlns{':a' if prefix else ''}='http://www.w3.org/2005/Atom'"
    body = (
        f"<?xml version='1.0'?><!-- alone -->\n<{prefix}entry {declared}><{prefix}id>urn:1"
        f"</{prefix}id><{prefix}title>Boats</{prefix}title>{stray}</{prefix}entry>"
    )
    feed = parse(Document(body.encode(), URL, parser=parser))
    assert [(entry.guid, entry.title) for entry in feed.entries] == [("urn:1", "Boats")]
    with pytest.raises(NotAFeedError, match="another kind <entry>"):
        parse(Document(b"<entry lang='de'><word>Boot</word></entry>", URL, parser=parser))


@BOTH
@pytest.mark.parametrize(
    ("about", "inner", "link"),
    [
        ("https://s.example/1", "", "https://s.example/1"),
        ("https://s.example/1", "<link>https://s.example/one</link>", "https://s.example/one"),
        ("urn:1", "", None),
    ],
)
def test_what_an_item_of_rdf_is_about_is_where_it_leads(
    about: str, inner: str, link: str | None, parser: ParserMode
) -> None:
    body = (
        "<rdf:RDF xmlns='http://purl.org/rss/1.0/'"
        " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><channel><title>T</title>"
        f"</channel><item rdf:about='{about}'><title>Boats</title>{inner}</item></rdf:RDF>"
    )
    (entry,) = parse(Document(body.encode(), URL, parser=parser)).entries
    assert (entry.guid, entry.link) == (about, link)


@BOTH
@pytest.mark.parametrize(
    ("outer", "inner", "picture"),
    [
        ("", "xml:base='https://o.example/d/'", "https://o.example/d/b.png"),
        ("xml:base='https://o.example/'", "xml:base='d/'", "https://o.example/d/b.png"),
        ("xml:base='https://o.example/'", "", "https://o.example/b.png"),
    ],
)
def test_rule_39_the_div_around_xhtml_may_say_where_its_links_start(
    outer: str, inner: str, picture: str, parser: ParserMode
) -> None:
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>urn:1</id>"
        f"<link href='https://s.example/1'/><content type='xhtml' {outer}>"
        f"<div xmlns='http://www.w3.org/1999/xhtml' {inner}><img src='b.png' alt='b'/></div>"
        "</content></entry></feed>"
    )
    (entry,) = parse(Document(body.encode(), URL, parser=parser)).entries
    assert f'src="{picture}"' in entry.html


@BOTH
@pytest.mark.parametrize("name", ["y:full-text", "m:full-text", "y:fulltext", "fulltext"])
@pytest.mark.parametrize("stray", ["", "<br>"])
def test_the_whole_text_that_is_meant_for_a_search_engine_is_the_text(
    name: str, stray: str, parser: ParserMode
) -> None:
    body = (
        "<rss version='2.0' xmlns:y='http://news.yandex.example' xmlns:m='urn:mail'><channel><item>"
        f"<title>Boats</title><description>Nine.</description><{name}>Nine boats came late."
        f"</{name}></item>{stray}</channel></rss>"
    )
    assert parse(Document(body.encode(), URL, parser=parser)).entries[0].text == (
        "Nine boats came late."
    )


@BOTH
def test_a_date_of_no_module_is_the_date(parser: ParserMode) -> None:
    body = "<rss version='2.0'><channel><item><date>2026-11-03</date></item></channel></rss>"
    (entry,) = parse(Document(body.encode(), URL, parser=parser)).entries
    assert (entry.published, entry.updated) == (1793664000, None)


ITEM = "<item rdf:about='https://s.example/1'><title>Boats</title></item>"
RDF = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"


@BOTH
@pytest.mark.parametrize(
    "document",
    [
        f"<rss version='2.0' {RDF}><channel><title>T</title><items>{ITEM}</items></channel></rss>",
        f"<Channel xmlns='http://purl.org/net/rss1.1#' {RDF}><title>T</title>"
        f"<items rdf:parseType='Collection'>{ITEM}</items></Channel>",
        f"<rdf:RDF xmlns='http://purl.org/rss/1.0' {RDF.replace('#', '')}><channel><title>T</title>"
        f"<items><rdf:Seq><rdf:li/></rdf:Seq></items></channel>{ITEM}</rdf:RDF>",
    ],
)
@pytest.mark.parametrize("stray", ["", "<br>"])
def test_items_are_found_in_a_list_of_their_own_and_under_old_and_misspelt_roots(
    document: str, stray: str, parser: ParserMode
) -> None:
    body = document.replace("</title></item>", f"</title></item>{stray}")
    feed = parse(Document(body.encode(), URL, parser=parser))
    assert [(entry.title, entry.link) for entry in feed.entries] == [
        ("Boats", "https://s.example/1")
    ]
    assert feed.title == "T"
