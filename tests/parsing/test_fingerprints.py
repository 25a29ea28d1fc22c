"""Items seen before are not read again, and nothing else is lost or changed by that."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd.model import Entry, ParsedFeed
from feedd.parsing import Document
from feedd.parsing.fingerprints import HASH_BYTES
from feedd.parsing.reading import parse
from tests.parsing import generated, samples

URL = "https://feeds.example/dir/feed.xml"


def hashes(feed: ParsedFeed) -> list[bytes]:
    return [feed.items[at : at + HASH_BYTES] for at in range(0, len(feed.items), HASH_BYTES)]


@settings(max_examples=80, deadline=None)
@given(generated.FEEDS, st.data())
def test_the_outcome_is_the_whole_less_what_was_seen(xml: str, data: st.DataObject) -> None:
    document = Document(xml.encode(), URL)
    whole = parse(document)
    each = hashes(whole)
    seen = data.draw(st.sets(st.sampled_from(each))) if each else set()
    partly = parse(replace(document, seen=b"".join(sorted(seen))))
    pairs = zip(each, whole.entries, strict=True)
    kept = tuple(entry for one, entry in pairs if one not in seen)
    assert partly.entries == kept
    assert partly.items == whole.items
    assert partly.skipped == len(whole.entries) - len(kept)
    assert replace(partly, entries=(), skipped=0, problems=()) == replace(
        whole, entries=(), problems=()
    )


@pytest.mark.parametrize("offset", ["+0530", "-08:00", "&#43;05:30", "+0000"])
def test_the_publishers_zone_stays_known_while_nothing_new_comes(offset: str) -> None:
    items = "".join(
        f"<item><guid>{n}</guid><pubDate>Fri, 0{n} Jan 2026 03:04:05 {offset}</pubDate></item>"
        for n in range(1, 8)
    )
    document = Document(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), URL)
    whole = parse(document)
    again = parse(replace(document, seen=whole.items))
    assert again.skipped == 7
    assert again.hints == whole.hints
    assert (whole.hints.utc_offset_s is None) == (offset == "+0000")


@settings(max_examples=80, deadline=None)
@given(generated.FEEDS, generated.FEEDS)
def test_an_item_counts_as_seen_only_where_it_means_the_same(first: str, second: str) -> None:
    """Whatever was read before: what is skipped now was among its entries."""
    before = parse(Document(first.encode(), URL))
    now = Document(second.encode(), URL)
    whole = parse(now)
    partly = parse(replace(now, seen=before.items))
    skipped = [entry for entry in whole.entries if entry not in partly.entries]
    assert all(entry in before.entries for entry in skipped)


def titles(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.title for entry in entries]


RSS = (
    b'<rss version="2.0"><channel><title>T</title><lastBuildDate>%s</lastBuildDate>'
    b"%s</channel></rss>"
)
ITEM = b"<item><title>%d</title><link>/%d</link></item>"


def test_only_the_new_items_of_a_changed_document_are_read() -> None:
    old = RSS % (b"Mon", b"".join(ITEM % (n, n) for n in (2, 1)))
    new = RSS % (b"Tue", b"".join(ITEM % (n, n) for n in (3, 2, 1)))
    before = parse(Document(old, URL))
    now = parse(Document(new, URL, seen=before.items))
    assert titles(now.entries) == ["3"]
    assert now.skipped == 2
    assert len(now.items) == 3 * HASH_BYTES


@pytest.mark.parametrize(
    "change",
    [
        lambda d: replace(d, url="https://other.example/feed.xml"),
        lambda d: replace(d, body=d.body.replace(b"moor.example/blog/", b"moor.example/b/")),
        lambda d: replace(d, body=d.body.replace(b"Fen Moore", b"Fen More")),
        lambda d: replace(d, seen=d.seen[:-1]),
        lambda d: replace(d, parser="feedparser"),
    ],
    ids=["url", "base", "author", "damaged", "feedparser"],
)
def test_what_bears_on_all_items_makes_all_new(change: object) -> None:
    assert callable(change)
    before = parse(samples.document("full.atom"))
    now = parse(change(samples.document("full.atom", seen=before.items)))
    assert (now.skipped, len(now.entries)) == (0, 3)


def test_another_language_makes_those_items_new_that_do_not_have_their_own() -> None:
    before = parse(samples.document("full.atom"))
    now = samples.document("full.atom", seen=before.items)
    changed = parse(replace(now, body=now.body.replace(b'"en-GB"', b'"en"')))
    assert [entry.language for entry in changed.entries] == ["en", "en"]


def test_items_of_json_feeds_are_known_again() -> None:
    before = parse(samples.document("v11.json-feed"))
    assert parse(samples.document("v11.json-feed", seen=before.items)).skipped == 1


def test_what_looks_like_an_end_tag_within_text_ends_no_item() -> None:
    tricky = (
        b"<item><title>%s</title><description><![CDATA[a </item><item> b]]></description></item>"
    )
    old = b"".join(tricky % title for title in (b"one", b"two"))
    before = parse(Document(RSS % (b"1", old), URL))
    now = Document(RSS % (b"2", tricky % b"new" + old), URL, seen=before.items)
    partly = parse(now)
    assert titles(partly.entries) == ["new"]
    assert partly.items == parse(replace(now, seen=b"")).items


@pytest.mark.parametrize(
    "behind", [b"<title>Late</title>", b"<textInput><title>X</title></textInput>"]
)
def test_a_feed_whose_title_stands_behind_its_items_keeps_it(behind: bytes) -> None:
    rdf = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        b' xmlns="http://purl.org/rss/1.0/">%s'
        b'<item rdf:about="http://a/1"><title>one</title><link>http://a/1</link></item>'
        b'<channel rdf:about="http://a/">' + behind + b"</channel></rdf:RDF>"
    )
    before = parse(Document(rdf % b"", URL))
    again = parse(Document(rdf % b"", URL, seen=before.items))
    assert again.skipped == 1
    assert again.title == before.title


def test_a_document_cut_short_within_known_items_brings_its_new_ones() -> None:
    item = b"<item><title>%s</title><guid>%s</guid></item>"
    old = b"".join(item % (name, name) for name in (b"one", b"two"))
    before = parse(Document(RSS % (b"1", old), URL))
    body = (RSS % (b"2", item % (b"new", b"new") + old)).partition(b"</channel>")[0]
    partly = parse(Document(body, URL, complete=False, seen=before.items))
    assert "new" in titles(partly.entries)
