"""Which entries are the same (docs/identity.md)."""

from __future__ import annotations

import itertools
import random
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd.identity import (
    REUSED_GUIDS,
    SHARED_LINKS,
    article_link,
    canonical_link,
    content_hash,
    decide,
    keyed,
    names_article,
    title_key,
)
from feedd.identity.content import alike, likeness
from feedd.identity.entry_keys import undated_content_name
from feedd.model import Enclosure, Entry, KeyedEntry, KnownEntry

BASE = "https://example.com/a/b"


def entry(guid: str | None = "g", link: str | None = BASE, title: str = "T", **more: Any) -> Entry:
    return Entry(guid=guid, link=link, title=title, **more)


def key_of(one: Entry) -> str:
    return keyed([one], keys="guid").entries[0].key


def stored(*entries: Entry, first_id: int = 1) -> list[KnownEntry]:
    """The same entries as the store would know them."""
    return as_stored(keyed(entries, keys="guid").entries, first_id)


def as_stored(entries: Iterable[KeyedEntry], first_id: int = 1) -> list[KnownEntry]:
    return [
        KnownEntry(
            number,
            one.key,
            one.link_key,
            one.title_key,
            one.content_hash,
            article_link(one.entry.link),
            one.entry.published,
            one.entry.text,
        )
        for number, one in enumerate(entries, first_id)
    ]


def hash_of(one: Entry) -> bytes:
    return content_hash(one, canonical_link(one.link))


# ---------------------------------------------------------------- canonical links


@pytest.mark.parametrize(
    "same",
    [
        "http://example.com/a/b",
        "https://www.example.com/a/b",
        "HTTPS://EXAMPLE.com/a/b/",
        "https://example.com:443/a/b",
        "http://example.com:80/a/b//",
        "https://example.com./a/b",
        "https://user:pass@example.com/a/b",
        "https://example.com/a/b?",
        "https://example.com/a/b#comments",
        "https://example.com/a/b#:~:text=x",
        "https://example.com/a/./b",
        "https://example.com/a/x/../b",
        "https://example.com/../a/b",
        "https://example.com/%61/b",
        " https://example.com/a/b\n",
        "https://example.com/a/b?utm_source=rss&utm_medium=rss&utm_campaign=x-1",
        "https://example.com/a/b?fbclid=IwAR0&gclid=1&mc_cid=2&mc_eid=3",
        "https://example.com/a/b?UTM_Source=Feed",
        "https://example.com/a/b?source=rss",
        "https://example.com/a/b?utm_source=rss&amp;utm_medium=rss",
        "https://example.com/a/b?&&",
    ],
)
def test_links_that_lead_to_the_same_article(same: str) -> None:
    assert canonical_link(same) == BASE


@pytest.mark.parametrize(
    "other",
    [
        "https://example.com/a/B",
        "https://example.com/a%2Fb",
        "https://example.com:8080/a/b",
        "https://blog.example.com/a/b",
        "https://example.com/a/b?id=1",
        "https://example.com/a/b?source=x",
        "https://example.com/a/b#!page",
        "https://example.com/a/b#/page",
        "https://example.com/a/b;x",
        "https://example.com/a//b",
    ],
)
def test_links_that_lead_elsewhere(other: str) -> None:
    assert canonical_link(other) not in (BASE, None)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://x.example/?b=2&a=1&utm_id=7", "http://x.example?a=1&b=2"),
        ("https://x.example/caf%c3%a9", "https://x.example/café"),
        ("https://x.example/a b", "https://x.example/a%20b"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://x.example/?q=%7e", "https://x.example/?q=~"),
        ("https://x.example", "https://www.x.example/"),
    ],
)
def test_other_spellings_of_one_link(one: str, two: str) -> None:
    assert canonical_link(one) == canonical_link(two) is not None


@pytest.mark.parametrize(
    "url",
    [
        *(None, "", "mailto:a@b.c", "javascript:alert(1)", "//x.example/a", "/a", "tag:x,1:2"),
        *("https://", "https:///a", "http://a b/", "ftp://x.example/"),
    ],
)
def test_what_is_no_link_has_no_canonical_form(url: str | None) -> None:
    assert canonical_link(url) is None


def test_www_alone_is_a_host() -> None:
    assert canonical_link("https://www.com/x") == "https://www.com/x"


URLS = st.one_of(
    st.text(max_size=50),
    st.text(max_size=50).map("https://".__add__),
    st.builds(
        "{}://{}{}{}/{}?{}#{}".format,
        st.sampled_from(["http", "HTTPS"]),
        st.sampled_from(["", "www.", "u:p@"]),
        st.sampled_from(["example.com", "EXAMPLE.org.", "ü.example", "[::1]", "1.2.3.4"]),
        st.sampled_from(["", ":", ":80", ":443", ":8080", ":x"]),
        st.text("ab/.%c3~ é", max_size=12),
        st.text("ab=&utm_%25; ", max_size=20),
        st.text("!/ab=", max_size=5),
    ),
)


@example("HTTP://0/%3%30")
@example("https://example.org/%%34%31")
@given(URLS)
def test_canonical_links_are_stable_and_never_fail(url: str) -> None:
    canonical = canonical_link(url)
    if canonical is not None:
        assert canonical_link(canonical) == canonical
        assert canonical.startswith("https://")
        assert not any(c.isspace() for c in canonical.partition("?")[0]) or len(url) > 2000


def test_a_front_page_is_no_article() -> None:
    assert not names_article("https://example.com")
    assert names_article("https://example.com/a")
    assert names_article("https://example.com?p=1")


# ---------------------------------------------------------------- rule 33: keys


def test_rule_33_the_key_is_the_guid_then_the_link_then_title_and_date_then_content() -> None:
    assert key_of(entry("g")) == "g"
    assert key_of(entry(None)) == f"link:{BASE}"
    dated = entry(None, None, published=5)
    assert key_of(dated).startswith("title:")
    assert key_of(dated) != key_of(replace(dated, published=6))
    assert key_of(dated) == key_of(replace(dated, text="edited"))
    bare = entry(None, None, "", text="words")
    assert key_of(bare).startswith("content:")
    assert key_of(bare) != key_of(replace(bare, text="others"))


def test_rule_33_a_front_page_is_no_key() -> None:
    front = entry(None, "https://example.com/", published=5)
    assert key_of(front).startswith("title:")


def test_rule_33_a_link_with_a_rotating_tracking_parameter_is_one_key() -> None:
    assert key_of(entry(None, BASE + "?utm_campaign=1")) == key_of(
        entry(None, BASE + "?utm_campaign=2#utm_x=3")
    )


def test_keys_are_short_however_long_the_guid() -> None:
    long = entry("x" * 100_000)
    assert len(key_of(long)) < 60
    assert key_of(long) != key_of(entry("x" * 100_001))


def test_parts_of_one_page_stay_apart() -> None:
    parts = [entry(None, f"{BASE}#v{n}", "Release") for n in range(3)]
    assert len(keyed(parts, keys="guid").entries) == 3
    result = decide(keyed(parts, keys="guid").entries, stored(*parts[:2]))
    assert [one.entry for one in result.new] == [parts[2]]


def test_entries_that_share_a_link_are_not_swallowed() -> None:
    """A changelog without guids, all of whose entries link to the changelog."""
    log = [entry(None, BASE, f"Version {n}", published=n) for n in range(3)]
    assert len(keyed(log, keys="guid").entries) == 3
    result = decide(keyed(log, keys="guid").entries, stored(*log[:2]))
    assert [one.entry for one in result.new] == [log[2]]


def test_doubles_inside_one_document_count_once() -> None:
    old = entry(text="old", updated=1)
    new = entry(text="new", updated=2)
    for document in ([old, new], [new, old]):
        assert [one.entry.text for one in keyed(document, keys="guid").entries] == ["new"]
    twice = [entry("g"), entry(None)]
    assert [one.key for one in keyed(twice, keys="guid").entries] == ["g"]


# ---------------------------------------------------------------- rule 36: reused guids


def test_rule_36_a_guid_for_several_links_is_no_key() -> None:
    document = [entry("same", f"{BASE}/{n}", f"T{n}") for n in range(3)]
    keying = keyed(document, keys="guid")
    assert keying.keys == "link"
    assert keying.note == REUSED_GUIDS
    assert len(keying.entries) == 3
    assert keyed(document[:1], keys="link").keys == "link", "and so it stays"


def test_rule_36_one_article_under_two_spellings_of_its_link_is_no_reuse() -> None:
    document = [entry("same", BASE), entry("same", "http://www.example.com/a/b/?utm_source=x")]
    keying = keyed(document, keys="guid")
    assert (keying.keys, len(keying.entries), keying.note) == ("guid", 1, None)


def test_rule_36_what_was_known_by_guid_is_known_by_link() -> None:
    known = stored(entry("one", f"{BASE}/1", "T1"))
    document = [entry("same", f"{BASE}/{n}", f"T{n}") for n in (1, 2)]
    result = decide(keyed(document, keys="guid").entries, known)
    assert [one.entry.title for one in result.new] == ["T2"]
    assert result.rekeyed == ((1, f"link:{BASE}/1"),)


# ---------------------------------------------------------------- rule 34: changes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (entry(text="a  b\nc"), entry(text="a b c\n")),
        (entry(text="a b"), entry(text="a\xa0b")),
        (entry(updated=1, published=1), entry(updated=2, published=2)),
        (entry(text="x. 3 comments"), entry(text="x. 14 comments")),
        (entry(text="x. 1 Comment"), entry(text="x. 2 Comments")),
        (entry(text="x. No comments"), entry(text="x. 1 comment")),
        (entry(text="Points: 57 # Comments: 12"), entry(text="Points: 101 # Comments: 99")),
        (entry(text="x (12 Kommentare)"), entry(text="x (13 Kommentare)")),
        (entry(title="T (3 comments)"), entry(title="T (4 comments)")),
        (
            entry(text="see https://x.example/?utm_id=1"),
            entry(text="see https://x.example/?utm_id=2"),
        ),
        (entry(link=BASE + "?utm_term=1"), entry(link=BASE + "?utm_term=2")),
        (
            entry(html='<img src="https://x.example/a.png?token=1" alt="x">'),
            entry(html='<img alt="x" src="https://x.example/a.png?token=2">'),
        ),
        (
            entry(enclosures=(Enclosure("https://x.example/a.mp3?utm_source=1", "audio/mpeg", 5),)),
            entry(enclosures=(Enclosure("https://x.example/a.mp3?utm_source=2"),)),
        ),
    ],
)
def test_rule_34_noise_is_no_change(before: Entry, after: Entry) -> None:
    assert hash_of(before) == hash_of(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (entry(text="a"), entry(text="b")),
        (entry(text="costs 3 euros"), entry(text="costs 4 euros")),
        (entry(text="version 1.2"), entry(text="version 1.3")),
        (entry(title="T"), entry(title="U")),
        (entry(link=BASE), entry(link=BASE + "2")),
        (
            entry(html='<img src="https://x.example/1">'),
            entry(html='<img src="https://x.example/2">'),
        ),
        (entry(), entry(enclosures=(Enclosure("https://x.example/a.mp3"),))),
        (entry(text="a", title=""), entry(text="", title="a")),
    ],
)
def test_rule_34_what_the_publisher_wrote_is_a_change(before: Entry, after: Entry) -> None:
    assert hash_of(before) != hash_of(after)


def test_titles_are_compared_without_case_width_space_and_counts() -> None:
    assert title_key("  Ｈello\tWORLD ") == title_key("hello world")
    assert title_key("News (3 comments)") == title_key("News (12 Comments)")
    assert title_key("Part (3)") != title_key("Part (4)")
    assert title_key("") == ""


# ---------------------------------------------------------------- rules 34, 35, 37: verdicts


def test_new_changed_and_known_are_told_apart() -> None:
    known = stored(entry("1", f"{BASE}/1"), entry("2", f"{BASE}/2"))
    document = [
        entry("1", f"{BASE}/1"),
        entry("2", f"{BASE}/2", text="edited"),
        entry("3", f"{BASE}/3"),
    ]
    result = decide(keyed(document, keys="guid").entries, known)
    assert [one.key for one in result.new] == ["3"]
    assert [(number, one.entry.text) for number, one in result.changed] == [(2, "edited")]
    assert (result.known, result.rekeyed) == (1, ())


def test_rule_35_a_new_guid_with_the_same_link_and_title_is_the_known_entry() -> None:
    known = stored(entry("http://example.com/?p=1"))
    moved = entry("https://example.com/?p=1", "http://www.example.com/a/b/", " T ")
    result = decide(keyed([moved], keys="guid").entries, known)
    assert (result.new, result.known) == ((), 1)
    assert result.rekeyed == ((1, "https://example.com/?p=1"),)
    edited = replace(moved, text="edited")
    assert [i for i, _ in decide(keyed([edited], keys="guid").entries, known).changed] == [1]


@pytest.mark.parametrize(
    ("known", "document"),
    [
        ([entry("1", title="A")], [entry("2", title="B")]),
        ([entry("1"), entry("2")], [entry("3")]),
        ([entry("1")], [entry("1"), entry("2")]),
        ([entry("1", "https://example.com/")], [entry("2", "https://example.com/")]),
        ([entry("1", None)], [entry("2", None)]),
    ],
    ids=["other title", "two could be meant", "still there", "front page", "no link"],
)
def test_rule_35_where_it_is_in_doubt_nothing_is_swallowed(
    known: list[Entry], document: list[Entry]
) -> None:
    assert len(decide(keyed(document, keys="guid").entries, stored(*known)).new) == 1


def test_rule_35_a_notice_that_came_on_two_days_already_is_new_on_the_third() -> None:
    first, second, third = (
        replace(entry(str(day), text="closed today"), published=day) for day in (1, 2, 3)
    )
    known = stored(first, second)
    assert len(decide(keyed([first, third], keys="guid").entries, known).new) == 1
    moved = decide(keyed([third], keys="guid").entries, stored(first))
    assert (moved.new, moved.known) == ((), 1)  # of one that came once it is the same, dated anew


def test_rule_35_two_claims_to_one_entry_are_both_new() -> None:
    result = decide(keyed([entry("2"), entry("3")], keys="guid").entries, stored(entry("1")))
    assert len(result.new) == 2


ENTRIES = st.builds(
    Entry,
    guid=st.none() | st.sampled_from(["a", "b", "c"]),
    link=st.none() | st.sampled_from([BASE, BASE + "#x", BASE + "/2", "https://example.com/", "x"]),
    title=st.sampled_from(["", "T", "U", "t"]),
    published=st.none() | st.integers(0, 2),
    updated=st.none() | st.integers(0, 2),
    text=st.sampled_from(["", "x", "1 comment", "2 comments"]),
)
DOCUMENTS = st.lists(ENTRIES, max_size=8)


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_order_of_a_document_means_nothing(document: list[Entry], order: random.Random) -> None:
    shuffled = document[:]
    order.shuffle(shuffled)
    one, two = keyed(document, keys="guid"), keyed(shuffled, keys="guid")
    assert (one.keys, one.note) == (two.keys, two.note)
    assert {k.key: k.content_hash for k in one.entries} == {
        k.key: k.content_hash for k in two.entries
    }


def test_texts_that_differ_in_a_count_alone_are_compared_in_any_order_alike() -> None:
    document = [
        entry(None, None, "T", published=0, text="2 comments"),
        entry(None, None, "t", published=0, text="1 comment"),
        entry("a", None, "T", published=0, text="1 comment"),
        entry("a", None, ""),
    ]
    found = {
        frozenset((one.key, one.content_hash) for one in keyed(order, keys="guid").entries)
        for order in itertools.permutations(document)
    }
    assert len(found) == 1


@given(DOCUMENTS, DOCUMENTS, st.randoms(use_true_random=False))
def test_a_verdict_does_not_depend_on_any_order(
    before: list[Entry], after: list[Entry], order: random.Random
) -> None:
    known = stored(*before)
    document = list(keyed(after, keys="guid").entries)
    first = decide(document, known)
    order.shuffle(known)
    order.shuffle(document)
    second = decide(document, known)
    assert {k.key for k in first.new} == {k.key for k in second.new}
    assert {(i, k.key) for i, k in first.changed} == {(i, k.key) for i, k in second.changed}
    assert first.known == second.known


@given(DOCUMENTS, st.sampled_from(["guid", "link"]))
def test_the_same_document_again_brings_nothing(document: list[Entry], keys: Any) -> None:
    keying = keyed(document, keys=keys)
    known = as_stored(keying.entries)
    again = keyed(document, keys=keying.keys)
    result = decide(again.entries, known, keys=again.keys)
    assert (result.new, result.changed, result.rekeyed) == ((), (), ())
    assert result.known == len(keying.entries)


@given(DOCUMENTS, DOCUMENTS)
@example(
    [entry(None, None, ""), entry("a", None, "", published=0)],
    [entry(None, None, ""), entry("b", None, ""), entry("a", None, "T", published=1)],
)
def test_every_entry_gets_exactly_one_verdict(before: list[Entry], after: list[Entry]) -> None:
    read = keyed(after, keys="guid")
    result = decide(read.entries, stored(*before), keys=read.keys)
    document = read.entries
    if result.keys != read.keys:  # guids turn out to be reused: two that say nothing else are one
        document = keyed([one.entry for one in read.entries], keys=result.keys).entries
    assert len(result.new) + len(result.changed) + result.known == len(document)
    ids = [i for i, _ in result.changed] + [i for i, _ in result.rekeyed]
    assert len(ids) == len(set(ids)), "no stored entry is claimed twice"


@given(st.text(max_size=200), st.text(max_size=50), st.none() | st.text(max_size=50))
def test_any_text_can_be_keyed(text: str, title: str, link: str | None) -> None:
    one = Entry(guid=None, link=link, title=title, text=text, html=text)
    (first,) = keyed([one], keys="guid").entries
    assert isinstance(first, KeyedEntry)
    assert title_key(title_key(title)) == title_key(title)


def test_an_entry_costs_no_more_in_a_document_of_thousands() -> None:
    def used_s(count: int) -> float:
        document = [
            entry(f"g{n}", f"{BASE}/{n}?utm_source=x", f"Title {n}", text="some words 12 " * 70)
            for n in range(count)
        ]
        started = time.process_time()
        keyed(document, keys="guid")
        return time.process_time() - started

    few_s, many_s = (min(used_s(count) for _ in range(3)) for count in (500, 4_000))
    assert many_s < 20 * few_s  # eight times as many; sixty-four times as long if each met each


STORY = (
    "The council voted on the new bridge on Monday, and the mayor said that it would be built"
    " by the end of the decade, whatever it takes; the river has been a border for too long."
)


def test_a_corrected_text_is_nearly_the_same_and_another_story_is_not() -> None:
    corrected = STORY.replace("mayor", "major")
    assert 0.8 < likeness(STORY, corrected) < 1
    assert alike(STORY, corrected)
    other = "A walrus was seen on the beach at noon; nobody knows where it came from or why."
    assert likeness(STORY, other) < 0.2
    assert not alike(STORY, other)


def test_texts_that_differ_in_a_number_are_two_reports() -> None:
    assert not alike(f"{STORY} 12 were there.", f"{STORY} 13 were there.")
    assert alike(f"{STORY} 12 were there.", f"{STORY} 12 were here.")


def test_a_text_is_wholly_like_itself_and_an_empty_one_like_none() -> None:
    assert likeness(STORY, STORY) == 1
    assert likeness("a", "a") == 1
    assert likeness(STORY, "") == likeness("", STORY) == likeness("", "") == 0
    assert alike("", "")


@pytest.mark.parametrize("mark", ["#", "# ", "#!", "#/"])
def test_a_mark_with_nothing_behind_it_makes_no_other_article(mark: str) -> None:
    assert canonical_link(f"https://example.org/a{mark}") == "https://example.org/a"


def test_a_bare_mark_names_no_part_of_a_page() -> None:
    assert article_link("https://example.org/a#") == "https://example.org/a"
    assert article_link("https://example.org/a#part") == "https://example.org/a#part"
    assert article_link("https://example.org/a") == "https://example.org/a"


@pytest.mark.parametrize("link", [None, BASE])
def test_entries_that_version_0_1_0_knew_by_their_content_alone_are_known(link: str | None) -> None:
    """It left the date out of that key."""
    other = "A walrus was seen on the beach at noon; nobody knows where it came from or why."
    several = [entry(None, link, "Note", published=5, text=text) for text in (STORY, other)]
    now = keyed(several, keys="guid").entries
    before = as_stored(replace(one, key=undated_content_name(one)) for one in now)
    assert {row.key for row in before}.isdisjoint({one.key for one in now})
    result = decide(now, before)
    assert (result.new, result.changed, result.known) == ((), (), 2)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions of feedd are called."""
    count = 0

    def note(frame: Any, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("keys", ["guid", "link"])
@pytest.mark.parametrize("guid", ["{}", "one for all"])
def test_a_thousand_texts_of_one_link_and_title_hold_up_nothing(keys: Any, guid: str) -> None:
    """Two hundred stored entries, a thousand that came, all unlike: each with each took hours."""

    def texts(first: int, count: int, name: str) -> list[Entry]:
        return [
            entry(name, BASE, "Update", text=f"{n} is the number of this update, {n * n} another")
            for n in range(first, first + count)
        ]

    before = [replace(one, guid=f"old {n}") for n, one in enumerate(texts(0, 200, "old"))]
    known = as_stored(keyed(before, keys="guid").entries)
    came = [replace(one, guid=guid.format(n)) for n, one in enumerate(texts(1_000, 1_000, ""))]
    keying = keyed(came, keys=keys)
    assert calls_of(lambda: decide(keying.entries, known, keys=keying.keys)) < 60 * 1_000
    assert len(decide(keying.entries, known, keys=keying.keys).new) == len(keying.entries)


def test_fifty_versions_of_one_entry_are_compared_and_more_are_entries() -> None:
    texts = [entry(None, None, "Note", published=5, text=f"{STORY} {'x' * n}") for n in range(60)]
    assert len(keyed(texts[:50], keys="guid").entries) == 1
    assert len(keyed(texts, keys="guid").entries) == 60


def test_why_guids_or_links_are_no_names_is_said_with_the_verdict() -> None:
    sound = keyed([entry("1", f"{BASE}/1"), entry("2", f"{BASE}/2")], keys="guid")
    reused = keyed([entry("1", f"{BASE}/1"), entry("1", f"{BASE}/2")], keys="guid")
    shared = keyed([entry(None, BASE, "A"), entry(None, BASE, "B")], keys="guid")
    for keying, note in ((sound, None), (reused, REUSED_GUIDS), (shared, SHARED_LINKS)):
        assert keying.note == note
        assert decide(keying.entries, [], keys=keying.keys).note == note
