"""The fast path finds what feedparser finds, in every field that is stored."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from feedd.parsing import Document, parse
from feedd.parsing.fast import read
from tests.parsing import generated

URL = "https://feeds.example/dir/feed.xml"


@settings(max_examples=150, deadline=None)
@given(generated.FEEDS)
def test_both_readers_store_the_same(xml: str) -> None:
    document = Document(xml.encode(), URL)
    fast = parse(document)
    reference = parse(replace(document, parser="feedparser"))
    assert replace(fast, items=b"") == reference


@settings(max_examples=50, deadline=None)
@given(generated.FEEDS)
def test_generated_feeds_take_the_fast_path(xml: str) -> None:
    read(xml.encode(), URL)
