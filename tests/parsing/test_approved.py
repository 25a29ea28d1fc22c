"""Documents are read as they were approved: no value of an entry is lost or let in unseen."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from feedd.errors import NotAFeedError, ParseError
from feedd.model import ParsedFeed
from feedd.parsing import Document
from feedd.parsing.reading import parse
from tests.approval import approved
from tests.parsing.made import FeedMaker
from tests.parsing.samples import plain

FOLDER = Path(__file__).with_name("approved")
MADE = 700
A_FILE = 25


def mark(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def told(document: Document) -> str:
    """What is read: by both readers, and what is new when the items were seen before."""
    try:
        feed = parse(document)
    except (NotAFeedError, ParseError) as error:
        return f"{type(error).__name__}: {error}"
    said = f"{_in_short(feed)}; {' | '.join(feed.problems)}"
    again = parse(replace(document, seen=feed.items[8:]))
    return (
        f"{said}; by feedparser {_by_feedparser(document)};"
        f" seen before {again.skipped} of {len(feed.items) // 8}, {mark(plain(again))}"
    )


def _in_short(feed: ParsedFeed) -> str:
    titles = ", ".join(entry.title[:12] or "(none)" for entry in feed.entries)
    about = replace(feed, entries=())
    return (
        f"{feed.format} {feed.title!r:.20} says {mark(plain(about))}; [{titles}]"
        f" {' '.join(mark(plain(entry)) for entry in feed.entries)} items {mark(feed.items.hex())}"
    )


def _by_feedparser(document: Document) -> str:
    try:
        return mark(plain(parse(replace(document, parser="feedparser"))))
    except (NotAFeedError, ParseError) as error:
        return str(error)


@pytest.mark.parametrize("first", range(0, MADE, A_FILE))
def test_work_on_the_readers_changes_no_document_unseen(first: int) -> None:
    """A line a document; `git diff` shows how many a change means, and which entries of them."""
    lines = [f"{n}: {told(FeedMaker(n).document())}" for n in range(first, first + A_FILE)]
    approved(FOLDER / f"{first}.txt", "\n".join(lines) + "\n")
