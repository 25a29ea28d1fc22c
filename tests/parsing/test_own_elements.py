"""Rules 46 to 48: an entry's values are its own elements', and a broken part costs that part.

What readers lost elsewhere: a headline replaced by a file name, a link that leads to the author, a
whole feed for one tag in an odd place.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd.errors import ParseError
from feedd.model import Entry, ParserMode
from feedd.parsing import Document
from feedd.parsing.reading import parse
from tests.parsing import generated

URL = "https://feeds.example/dir/feed.xml"
MODULES = (
    ' xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:activity="http://activitystrea.ms/spec/1.0/"'
    ' xmlns:googleplay="http://www.google.com/schemas/play-podcasts/1.0"'
)
BOTH = pytest.mark.parametrize("parser", ["auto", "feedparser"])


def rss(item: str, parser: ParserMode = "auto") -> Entry:
    body = f"<rss version='2.0'{MODULES}><channel><title>T</title>{item}</channel></rss>"
    return parse(Document(body.encode(), URL, parser=parser)).entries[0]


def atom(entry: str, parser: ParserMode = "auto") -> Entry:
    body = f"<feed xmlns='http://www.w3.org/2005/Atom'{MODULES}><title>T</title>{entry}</feed>"
    return parse(Document(body.encode(), URL, parser=parser)).entries[0]


OWN = (
    "<title>Boats</title><link>https://s.example/1</link><guid isPermaLink='false'>1</guid>"
    "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate><description>Nine came.</description>"
)
FOREIGN = [
    "<image><title>boat.jpg</title><url>b.jpg</url><link>https://i.example/</link></image>",
    "<textInput><title>Search</title><link>https://q.example/</link></textInput>",
    "<source url='https://o.example/f'>Other paper</source>",
    "<media:content url='https://s.example/b.jpg'><media:title>IMG_1.JPG</media:title>"
    "<media:description>A boat at its berth, with more words than the text has.</media:description>"
    "</media:content>",
    "<media:group><media:title>Photos</media:title></media:group>",
    "<itunes:title>boats</itunes:title><itunes:subtitle>Words beside the text</itunes:subtitle>",
    "<related><story><title>Old</title><guid>old</guid><link>https://s.example/old</link>"
    "<pubDate>Thu, 01 Oct 2020 10:00:00 GMT</pubDate><description>A longer old story, told again"
    "</description><category>Archive</category><enclosure url='https://s.example/o.mp3'/></story>"
    "</related>",
    "<activity:object><title>Note</title><link>https://s.example/note</link></activity:object>",
    "<georss:pos>59 10</georss:pos>",
    "<item-box><title>Box</title></item-box>",
]


@BOTH
@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize("first", [True, False])
def test_rule_46_what_stands_in_another_element_is_that_elements_own(
    parser: ParserMode, foreign: str, first: bool
) -> None:
    item = f"<item>{foreign}{OWN}</item>" if first else f"<item>{OWN}{foreign}</item>"
    entry, alone = rss(item, parser), rss(f"<item>{OWN}</item>", parser)
    files = tuple(one for one in entry.enclosures if "b.jpg" not in one.url)
    # What is said of the source and the picture is kept apart from what is the entry's own.
    assert replace(entry, enclosures=files, origin=None, image=None) == alone


@BOTH
def test_rule_46_of_an_atom_source_and_author_nothing_is_the_entrys(parser: ParserMode) -> None:
    entry = atom(
        "<entry><source><id>urn:o</id><title>Other</title><link href='https://o.example/'/>"
        "<category term='blogs'/><updated>2020-01-01T00:00:00Z</updated></source>"
        "<author><name>Ann</name><link href='https://s.example/@ann'/></author>"
        "<id>urn:1</id><title>Boats</title><link href='https://s.example/1'/>"
        "<category term='ships'/><updated>2026-11-02T10:00:00Z</updated></entry>",
        parser,
    )
    assert (entry.guid, entry.title, entry.link) == ("urn:1", "Boats", "https://s.example/1")
    assert (entry.categories, entry.author) == (("ships",), "Ann")


@BOTH
@pytest.mark.parametrize(
    ("item", "title", "text"),
    [
        ("<media:group><media:title>Film</media:title><media:description>What it shows"
         "</media:description></media:group>", "Film", "What it shows"),
        ("<itunes:title>Episode</itunes:title><itunes:subtitle>Who sails</itunes:subtitle>",
         "Episode", "Who sails"),
        ("<itunes:subtitle>Short</itunes:subtitle><itunes:summary>Who sails, and why"
         "</itunes:summary>", "", "Who sails, and why"),
    ],
)  # fmt: skip
def test_a_caption_is_the_text_where_there_is_no_other(
    parser: ParserMode, item: str, title: str, text: str
) -> None:
    entry = rss(f"<item><guid>1</guid>{item}</item>", parser)
    assert (entry.title, entry.text) == (title, text)


@BOTH
@pytest.mark.parametrize(
    ("item", "link"),
    [
        ("<link href='' uri='tag:x'>https://s.example/1</link>", "https://s.example/1"),
        ("<link uri='at://did:x/1'>https://s.example/1</link>", "https://s.example/1"),
        ("<link>N/A</link>", None),
        ("<link>www.s.example/1</link>", "http://www.s.example/1"),
        ("<link>https://s.example/?a=1&amp;amp;b=2</link>", "https://s.example/?a=1&b=2"),
        ("<guid isPermaLink='false'>https://s.example/1</guid>", None),
        ("<guid isPermaLink='true'>/posts/7</guid>", "https://feeds.example/posts/7"),
        ("<guid>https://s.example/1</guid>", "https://s.example/1"),
        ("<link></link><guid>/posts/7</guid>", None),
        ("<link>Read the whole story</link>", None),
        ("<link>https://s.example/my file.html</link>", "https://s.example/my%20file.html"),
        ("<link>https://s.example/news/\n  2026/1</link>", "https://s.example/news/%202026/1"),
        ("<link>/my file.html</link>", "https://feeds.example/my%20file.html"),
    ],
)
def test_rule_47_what_is_a_link_and_what_is_none(
    parser: ParserMode, item: str, link: str | None
) -> None:
    assert rss(f"<item><title>x</title>{item}</item>", parser).link == link


@BOTH
@pytest.mark.parametrize(
    ("entry", "link"),
    [
        ("<id>urn:1</id><link href=''/>", None),
        ("<id>urn:1</id><link href='  '/>", None),
        ("<id>https://s.example/1</id><link href=''/>", "https://s.example/1"),
        ("<id>urn:1</id><content type='text/html' src='https://s.example/1'/>",
         "https://s.example/1"),
        ("<id>urn:1</id><link rel='http://www.iana.org/assignments/relation/alternate'"
         " href='https://s.example/1'/>", "https://s.example/1"),
    ],
)  # fmt: skip
def test_rule_47_links_of_atom(parser: ParserMode, entry: str, link: str | None) -> None:
    assert atom(f"<entry><title>x</title>{entry}</entry>", parser).link == link


@BOTH
def test_the_site_is_never_a_feed(parser: ParserMode) -> None:
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>"
        "<link rel='alternate' type='application/rss+xml' href='https://s.example/rss'/>"
        "<link rel='http://www.iana.org/assignments/relation/alternate' href='https://s.example/'/>"
        "<entry><id>1</id></entry></feed>"
    )
    assert parse(Document(body.encode(), URL, parser=parser)).site == "https://s.example/"


@BOTH
def test_comments_are_a_page_to_open(parser: ParserMode) -> None:
    assert rss("<item><comments>https://s.example/1/talk</comments></item>", parser).comments
    assert rss("<item><comments>Say what you think</comments></item>", parser).comments is None
    for media_type, is_page in (("", False), (" type='text/html'", True)):
        replies = f"<link rel='replies'{media_type} href='https://s.example/1/c'/>"
        found = atom(f"<entry><id>1</id>{replies}</entry>", parser).comments
        assert (found is not None) == is_page


@BOTH
def test_all_authors_are_named(parser: ParserMode) -> None:
    entry = rss(
        "<item><dc:creator>Ann (mailto:ann@s.example)</dc:creator>"
        "<dc:creator>bob@harbour.photography</dc:creator></item>",
        parser,
    )
    assert entry.author == "Ann, bob@harbour.photography"
    podcast = "<itunes:author>Radio</itunes:author><item><enclosure url='https://s.example/1.mp3'/>"
    assert rss(f"{podcast}</item>", parser).author == "Radio"


# ---------------------------------------------------------------- rule 48


@settings(max_examples=60, deadline=None)
@given(generated.FEEDS, st.sampled_from(["<br>", "<p>", "</b>", "<x:y>", "&", "&nbsp;", "<"]))
def test_rule_48_a_broken_document_has_the_values_of_the_whole_one(xml: str, broken: str) -> None:
    """A stray tag at the end costs no entry a value."""
    end = xml.rindex("</")
    if "</channel>" in xml[-30:]:
        end = xml.rindex("</channel>")
    whole = parse(Document(xml.encode(), URL))
    assume(whole.entries)
    for parser in ("auto", "feedparser"):
        document = Document((xml[:end] + broken + xml[end:]).encode(), URL)
        found = parse(replace(document, parser=parser))
        assert found.entries == whole.entries


NAMES = st.sampled_from(
    str.split(
        "item entry title link guid description content:encoded source image textInput author"
        " media:group media:content enclosure category comments georss:where gml:pos channel rss"
        " itunes:owner itunes:category skipHours hour cloud rdf:li feed dc:creator br x"
    )
)


@st.composite
def nested(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(NAMES)
    inner = "".join(draw(st.lists(nested(depth + 1) if depth < 3 else st.just("text"), max_size=3)))
    return (
        f"<{name}>{inner or draw(st.sampled_from(['', 'words', 'https://s.example/x']))}</{name}>"
    )


@settings(max_examples=150, deadline=None)
@example("<br><item></item></br>", False)
@example("<enclosure><link>words</link></enclosure>", True)
@given(nested(), st.booleans())
def test_rule_48_an_element_in_an_odd_place_costs_that_element(odd: str, in_item: bool) -> None:
    """The item behind is there, and so is the one in which the element stands."""
    first = f"<item><title>First</title>{odd if in_item else ''}</item>"
    body = (
        f"<rss version='2.0'{MODULES} xmlns:georss='http://www.georss.org/georss'"
        " xmlns:gml='http://www.opengis.net/gml'"
        " xmlns:content='http://purl.org/rss/1.0/modules/content/'"
        " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><channel><title>T</title>"
        f"{first}{'' if in_item else odd}<item><title>Second</title></item></channel></rss>"
    )
    found = []
    for parser in ("auto", "feedparser"):
        document = Document(body.encode(), URL, parser=parser)
        entries = parse(document).entries
        assert {"First", "Second"} <= {one.title for one in entries}
        found.append(entries)
    assert found[0] == found[1]


@BOTH
def test_a_feed_without_entries_may_use_a_prefix_that_it_does_not_declare(
    parser: ParserMode,
) -> None:
    body = "<rss><channel><title>T</title><atom:link rel='self' href='x'/></channel></rss>"
    feed = parse(Document(body.encode(), URL, parser=parser))
    assert (feed.title, feed.entries) == ("T", ())


@BOTH
@pytest.mark.parametrize(
    "content",
    [
        "<body xmlns='http://www.w3.org/1999/xhtml'><p>Nine <b>boats</b></p></body>",
        "<x:body xmlns:x='http://www.w3.org/1999/xhtml'><x:p>Nine <x:b>boats</x:b></x:p></x:body>",
        "<fullitem>&lt;p&gt;Nine &lt;b&gt;boats&lt;/b&gt;&lt;/p&gt;</fullitem>",
    ],
)
def test_an_article_within_an_old_element_of_its_own_is_not_lost(
    content: str, parser: ParserMode
) -> None:
    entry = rss(f"<item><description>Nine.</description>{content}</item>", parser)
    assert entry.html == "<p>Nine <b>boats</b></p>"


@BOTH
def test_a_title_in_html_has_no_code_for_words_and_one_in_text_may_speak_of_it(
    parser: ParserMode,
) -> None:
    code = "safe&lt;script>if (a &amp;lt; b) run()&lt;/script> harbour"
    assert atom(f"<entry><title type='html'>{code}</title></entry>", parser).title == "safe harbour"
    said = atom("<entry><title>Use &lt;script>x&lt;/script></title></entry>", parser).title
    assert said == "Use <script>x</script>"


@given(st.text(alphabet="<>/\"'=&; aitemrsschnl!-[]", max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_tag_soup_is_too_thick(soup: str) -> None:
    for parser in ("auto", "feedparser"):
        try:
            parse(Document(f"<rss><channel>{soup}".encode(), URL, parser=parser))
        except ParseError:
            continue
