"""Sample documents of every format, read as they should be, by both readers."""

from __future__ import annotations

import pytest

from feedd.parsing.reading import parse
from tests.parsing import samples


@pytest.mark.parametrize("name", samples.NAMES)
def test_a_document_is_read_as_expected(name: str) -> None:
    assert samples.plain(parse(samples.document(name))) == samples.expected(name)


@pytest.mark.parametrize("name", [n for n in samples.NAMES if n not in samples.NOT_WELL_FORMED])
def test_feedparser_alone_reads_the_same(name: str) -> None:
    feed = parse(samples.document(name, parser="feedparser"))
    assert samples.plain(feed) == samples.expected(name)


@pytest.mark.parametrize("name", [n for n in samples.NAMES if n != "broken.rss"])
def test_ordinary_documents_take_the_fast_path(name: str) -> None:
    feed = parse(samples.document(name))
    assert len(feed.items) == 8 * len(feed.entries)
