"""Search: what is found, in what order, how it is shown, and how mistakes are told."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from feedd.errors import FeeddError, NotFoundError, UsageError
from feedd.model import ItemFilter
from feedd.query.grammar import (
    DEEPEST_BRACKETS,
    LONGEST_QUERY,
    MOST_NEAR_WORDS,
    MOST_TERMS,
    QueryNames,
    parse,
)
from feedd.query.query_nodes import Term
from feedd.store.database import open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.marks import mark
from feedd.store.search import conditions, results
from feedd.store.search.results import search_items
from feedd.store.search.snippets import END, START, pattern_for, snippet
from tests.store.conftest import DAY_S, NOW, arrive, configs, entry

EVERYTHING = ItemFilter(which="all")
TEXTS = {
    "wal": "SQLite keeps a write-ahead log, the WAL, beside the database.",
    "far": "SQLite is small. " + "Filler words go here. " * 20 + "The WAL is elsewhere.",
    "postgres": "Postgres has a WAL too.",
    "cafe": "Le café d’à côté: naïve Ångström, crème brûlée.",
    "japanese": "今日は良い天気です。データベースの話。",
    "chinese": "数据库的预写日志",
    "korean": "데이터베이스는 빠르다",
    "thai": "ฐานข้อมูลเร็วมาก",
    "hindi": "हिन्दी में लेख",
    "russian": "Базы данных и журналы",
}


@pytest.fixture
def stocked(db: sqlite3.Connection) -> sqlite3.Connection:
    """Feed a has WAL and database texts, feed b those in other scripts."""
    names = list(TEXTS)
    for feed, some in (("a", names[:3]), ("b", names[3:])):
        arrive(
            db,
            feed,
            *(
                entry(name, title=f"About {name}", text=TEXTS[name], html=f"<p>{TEXTS[name]}</p>")
                for name in some
            ),
        )
    return db


def found(db: sqlite3.Connection, query: str, **more: object) -> list[str]:
    wanted = EVERYTHING._replace(**more)  # type: ignore[arg-type]
    tags = {"Data": ["a"], "both": ["a", "b", "unpolled"]}
    items = search_items(db, parse(query, QueryNames(tags=tags), now=NOW), wanted).items
    return sorted(item.title.removeprefix("About ") for item in items)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("wal", "far postgres wal"),
        ("WAL sqlite", "far wal"),
        ("wal AND sqlite", "far wal"),
        ("wal -sqlite", "postgres"),
        ("wal NOT sqlite", "postgres"),
        ("wal -(sqlite OR postgres)", ""),
        ('"write-ahead log"', "wal"),
        ("“write ahead log”", "wal"),
        ('"log write"', ""),
        ("write-ahead", "wal"),
        ("sql*", "far wal"),
        ("sqlit", ""),
        ('"write-ahead l"*', "wal"),
        ("sqlite near/8 wal", "wal"),
        ("sqlite NEAR wal", "wal"),
        ("sqlite near/500 wal", "far wal"),
        ('sqlite near/5 "ahead log"', "wal"),
        ("postgres OR sqlite", "far postgres wal"),
        ("postgres | small", "far postgres"),
        ("(postgres OR sqlite) small", "far"),
        ("title:wal", "wal"),
        ("title:(wal OR far)", "far wal"),
        ("title:database", ""),
        ("-wal feed:a", ""),
        ("-small feed:a", "postgres wal"),
        ("wal feed:b", ""),
        ("wal -feed:b", "far postgres wal"),
        ("about feed:b -title:thai", "cafe chinese hindi japanese korean russian"),
        ("wal tag:data", "far postgres wal"),
        ("about tag:both -tag:DATA", "cafe chinese hindi japanese korean russian thai"),
        ("feed:a wal OR naive", "cafe far postgres wal"),
        ("cafe", "cafe"),
        ("CAFÉ", "cafe"),
        ("naive angstrom", "cafe"),
        ("creme brulée", "cafe"),
        ("天気", "japanese"),
        ("データ", "japanese"),
        ("気天", ""),
        ("日志", "chinese"),
        ("数据库 日志", "chinese"),
        ("데이터", "korean"),
        ("ข้อมูล", "thai"),
        ("हिन्दी", "hindi"),
        ("журнал*", "russian"),
        ("БАЗЫ", "russian"),
        ("since:1d wal", "far postgres wal"),
        ("until:2d wal", ""),
        ("since:2001-01-01 until:2100-01-01 postgres", "postgres"),
        ("is:unread postgres", "postgres"),
        ("is:read postgres", ""),
        ("-is:read postgres", "postgres"),
        ("12:30", ""),
        ("https://site.example/x?a=b", ""),
        ("C++", ""),
        ('"OR" -"near"', ""),
        ('"or"', ""),
    ],
)
def test_what_a_search_finds(stocked: sqlite3.Connection, query: str, expected: str) -> None:
    assert found(stocked, query) == expected.split()


@pytest.mark.parametrize(
    ("query", "place", "words"),
    [
        ("", "", "nothing to search for"),
        ("   ", "", "nothing to search for"),
        ('sqlite "wal', "character 8", "no partner"),
        ("sqlite OR", "character 8", "OR needs words on both sides"),
        ("OR sqlite", "character 1", "OR needs words on both sides"),
        ("a AND", "character 3", "AND needs words on both sides"),
        ("(a", "character 1", "never closed"),
        ("a)", "character 2", "no open bracket"),
        ("a ()", "character 3", "nothing in these brackets"),
        ("near/5 a", "character 1", "between two words"),
        ("a near/5", "character 3", "on both sides"),
        ("a near/x b", "character 3", "near/5"),
        ("a near/ b", "character 3", "near/5"),
        ("a near/0 b", "character 3", "1 to 1000"),
        ("a near/5 (b c)", "character 3", "on both sides"),
        ("titel:a", "character 1", "did you mean title:"),
        ("feeds:a", "character 1", "did you mean feed:"),
        ("title:", "character 1", "title: what?"),
        ("a feed:", "character 3", "feed:lwn"),
        ("is:red", "character 1", "starred, unread or read"),
        ("title:(b is:read)", "character 10", "alone"),
        ("OR", "character 1", "OR needs words on both sides"),
        ("or", "character 1", "OR needs words on both sides"),
        ("a ++", "character 3", "no letter or digit"),
        ("since:never a", "since", "no time"),
        ("-since:2d a", "character 2", "opposites"),
        ("NOT", "", "a word is missing"),
        ("(" * 50 + "a" + ")" * 50, "character 17", "too deep"),
        ("x " * 600, "", "longer than"),
        ("x " * 80, "", "more than 64 words"),
    ],
)
def test_a_mistake_is_shown_at_its_place(
    stocked: sqlite3.Connection, query: str, place: str, words: str
) -> None:
    with pytest.raises(UsageError) as told:
        found(stocked, query)
    assert place in str(told.value)
    assert words in str(told.value)
    assert "\n" not in str(told.value)
    assert "fts5" not in str(told.value)


def test_unknown_feeds_and_tags_are_told(stocked: sqlite3.Connection) -> None:
    with pytest.raises(NotFoundError, match="no feed 'nope'"):
        found(stocked, "wal feed:nope")
    with pytest.raises(NotFoundError, match="no tag 'nope'"):
        found(stocked, "wal tag:nope")


def test_the_lists_filters_narrow_a_search(stocked: sqlite3.Connection) -> None:
    assert found(stocked, "wal", feeds=("b",)) == []
    assert found(stocked, "wal", feeds=("a", "never-polled")) == ["far", "postgres", "wal"]
    assert found(stocked, "wal feed:a", feeds=("b",)) == []
    assert found(stocked, "wal", since=NOW) == []
    assert found(stocked, "wal", until=NOW - DAY_S) == ["far", "postgres", "wal"]
    page = search_items(stocked, parse("postgres"), EVERYTHING)
    mark(stocked, "read", ids=[page.items[0].id], now=NOW)
    assert found(stocked, "wal", which="unread") == ["far", "wal"]
    assert found(stocked, "wal is:read") == ["postgres"]
    assert found(stocked, "is:read") == ["postgres"]
    assert found(stocked, "wal", which="starred") == []


@pytest.mark.parametrize("few", [0, 1000])
def test_narrowing_gives_the_same_either_way(
    stocked: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(conditions, "FEW", few)
    ids = [item.id for item in search_items(stocked, parse("sqlite"), EVERYTHING).items]
    mark(stocked, "star", ids=ids, now=NOW)
    assert found(stocked, "wal is:starred") == ["far", "wal"]
    assert found(stocked, "wal -is:starred") == ["postgres"]


def test_filters_alone_list_the_newest_first(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry(5), entry(1), entry(3))
    page = search_items(db, parse("feed:a is:unread"), EVERYTHING._replace(limit=2))
    assert [item.title for item in page.items] == ["Title 1", "Title 3"]
    assert page.more == 1


def test_the_best_comes_first(db: sqlite3.Connection) -> None:
    arrive(
        db,
        "a",
        *(entry(n, title=f"Filler {n}", text="other words " * 50) for n in range(20)),
        entry(30, title="Mentions", text="zebra " + "other words " * 50),
        entry(31, title="All about the zebra", text="zebra"),
    )
    page = search_items(db, parse("zebra"), EVERYTHING)
    assert [item.title for item in page.items] == ["All about the zebra", "Mentions"]


def test_of_many_matches_the_newest_are_ranked_and_all_can_be_had(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "RANKED", 4)
    arrive(db, "a", *(entry(n) for n in range(10)))
    page = search_items(db, parse("body"), EVERYTHING._replace(limit=3))
    assert len(page.items) == 3
    assert (page.more, page.more_capped) == (1, True)
    assert {item.title for item in page.items} <= {f"Title {n}" for n in range(4)}
    page = search_items(db, parse("body"), EVERYTHING._replace(limit=None))
    assert (len(page.items), page.more) == (10, 0)
    page = search_items(db, parse("body"), EVERYTHING._replace(limit=8))
    assert (len(page.items), page.more_capped) == (8, True)


def test_beginnings_of_words_that_many_entries_have_are_found_newest_first(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(db, "a", entry(0), entry(1), entry(2, title="Body", text="body"), entry(3), entry(4))
    assert search_items(db, parse("bod*"), EVERYTHING).items[0].title == "Body"
    monkeypatch.setattr(results, "RANKED", 3)
    for query, first in (("body", "Body"), ("bod*", "Title 0")):
        page = search_items(db, parse(query), EVERYTHING._replace(limit=3))
        assert page.items[0].title == first
        assert {item.title for item in page.items} == {"Title 0", "Title 1", "Body"}


def test_matches_are_marked_in_their_context(stocked: sqlite3.Connection) -> None:
    (item,) = search_items(stocked, parse('"the WAL is"'), EVERYTHING).items
    assert item.snippet is not None
    assert f"{START}The WAL is{END} elsewhere." in item.snippet
    assert item.snippet.startswith("…")
    (item,) = search_items(stocked, parse("angstrom"), EVERYTHING).items
    assert f"{START}Ångström{END}" in (item.snippet or "")
    (item,) = search_items(stocked, parse("天気"), EVERYTHING).items
    assert f"今日は良い{START}天気{END}です" in (item.snippet or "")


def test_a_snippet_shows_the_place_with_most_of_the_words() -> None:
    text = "alpha " + "x " * 300 + "alpha beta gamma " + "y " * 300
    shown = snippet(text, pattern_for([Term("alpha"), Term("beta"), Term("gam", prefix=True)]))
    assert f"{START}alpha{END} {START}beta{END} {START}gamma{END}" in shown


def test_words_that_do_not_fit_into_one_snippet_do_not_decide_its_place() -> None:
    text = "alpha " + "x " * 90 + "beta " + "y " * 300 + "alpha beta"
    shown = snippet(text, pattern_for([Term("alpha"), Term("beta")]))
    assert f"{START}alpha{END} {START}beta{END}" in shown


@given(st.text(max_size=400), st.lists(st.builds(Term, st.text(max_size=5), st.booleans())))
def test_a_snippet_is_the_text_with_balanced_marks(text: str, terms: list[Term]) -> None:
    shown = snippet(text, pattern_for(terms))
    assert re.fullmatch(f"[^{START}{END}]*({START}[^{START}{END}]+{END}[^{START}{END}]*)*", shown)
    assert len(shown) < 200 + 2 * 200 + 10


PARTS = st.sampled_from(
    [
        *("wal", "sqlite", "é", "中文", "ก", "near", "near/3", "OR", "AND", "NOT", "-", "(", ")"),
        *('"', '""', '"a b"', "*", "a*", ":", "title:", "title:wal", "feed:a", "is:unread", "'"),
        *(
            "since:2d",
            "tag:x",
            "^",
            "{",
            "}",
            "+",
            "\\",
            "a.b",
            "\0",
            "\x1f",
            "text:a",
            "|",
            "^wal",
        ),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(query=st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=8).map(" ".join)))
@example(query='a"b"c')
@example(query="text : a")
@example(query="a NEAR(b c)")
def test_nothing_that_is_typed_is_more_than_a_usage_error(
    tmp_path_factory: pytest.TempPathFactory, query: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "search.db"
    with closing(open_writer(path)) as db:
        sync_feeds(db, configs("a"), NOW)
        if not db.execute("SELECT 1 FROM entries").fetchone():
            arrive(db, "a", entry("x", text=TEXTS["wal"], html=TEXTS["wal"]))
        told = None
        try:
            search_items(db, parse(query), EVERYTHING)
        except FeeddError as error:
            told = error
    assert told is None or (told.exit_code in (2, 3) and "\n" not in str(told))


@given(st.text(alphabet='ab"() -*:/ORNEARnear019', max_size=40))
def test_reading_a_query_is_total(query: str) -> None:
    with suppress(UsageError):
        parse(query)


@pytest.mark.parametrize(
    "written",
    [
        lambda more: "a" * (LONGEST_QUERY + more),
        lambda more: "x " * (MOST_TERMS + more),
        lambda more: "(" * (DEEPEST_BRACKETS + more) + "x" + ")" * (DEEPEST_BRACKETS + more),
        lambda more: f"a near/{MOST_NEAR_WORDS + more} b",
        lambda more: f"a near/{1 - more} b",
    ],
    ids=["length", "words", "brackets", "far", "near"],
)
def test_a_search_at_its_limits_is_read_and_one_beyond_is_told(
    written: Callable[[int], str],
) -> None:
    parse(written(0))
    with pytest.raises(UsageError):
        parse(written(1))
