"""The fast path finds what feedparser finds, in every field that is stored."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from msgspec.structs import replace

from feedd.parsing import Document
from feedd.parsing.fast import read
from feedd.parsing.reading import parse
from tests.parsing import generated

URL = "https://feeds.example/dir/feed.xml"


LONGER_BY_AN_END_TAG = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry>'
    "<summary/><media:description>twenty-six characters here</media:description>"
    '<summary type="xhtml"><img xmlns="http://www.w3.org/1999/xhtml" src="i.png"/></summary>'
    "</entry></feed>"
)
SECOND_AUTHOR_WITHOUT_NAME = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><author><name>A</name><email>a@x.org</email>'
    "</author><author><name/></author><entry/></feed>"
)


@settings(max_examples=150, deadline=None)
@example(LONGER_BY_AN_END_TAG)
@example(SECOND_AUTHOR_WITHOUT_NAME)
@given(generated.FEEDS)
def test_both_readers_store_the_same(xml: str) -> None:
    document = Document(xml.encode(), URL)
    fast = parse(document)
    reference = parse(replace(document, parser="feedparser"))
    assert replace(fast, items=b"") == reference


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("&#146;", "’"),
        ("&#0146;", "’"),
        ("&#x92;", "’"),
        ("&#233;", "é"),
        ("&#xC3;&#xa9;", "é"),
        ("Ã&#169;", "é"),
        ("&#8217;", "’"),
    ],
)
def test_characters_given_by_number_are_mended_by_both(written: str, read_as: str) -> None:
    item = f"<item><title>a{written}</title></item>"
    document = Document(f'<rss version="2.0"><channel>{item}</channel></rss>'.encode(), URL)
    assert parse(document).entries[0].title == f"a{read_as}"
    assert parse(replace(document, parser="feedparser")).entries[0].title == f"a{read_as}"


@settings(max_examples=50, deadline=None)
@given(generated.FEEDS)
def test_generated_feeds_take_the_fast_path(xml: str) -> None:
    read(xml.encode(), URL)
