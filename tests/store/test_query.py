"""The query language: what each form finds, how it binds, where a mistake is, by what plan."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedd.errors import FeeddError, NotFoundError, UsageError
from feedd.model import Article, Enclosure, ItemFilter
from feedd.query import QueryNames, parse
from feedd.store import articles
from feedd.store.database import open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.items import list_items
from feedd.store.lists import listed
from feedd.store.marks import apply_marks, mark, tag
from feedd.store.search import conditions
from feedd.store.search.query_lists import counted, matching, matching_between
from feedd.store.search.results import search_items
from feedd.store.search.word_match import words_error
from tests.store.conftest import DAY_S, NOW, arrive, configs, entry, poll, rows

ALL = ItemFilter(which="all", limit=None)
NAMES = QueryNames(
    views={"dogs": "dog or wolf", "new": "since:1d @dogs"},
    tags={"Pets": ["a"], "both": ["a", "b", "never-polled"]},
    feeds=("a", "b", "c", "never-polled"),
)


def words(*some: str) -> dict[str, Any]:
    text = " ".join(some)
    return {"text": text, "html": f"<p>{text}</p>"}


@pytest.fixture
def stocked(db: sqlite3.Connection) -> sqlite3.Connection:
    arrive(
        db, "a",
        entry("dog", **words("a dog barks loudly at night"), author="Zoë Smith",
              categories=("Big Animals", "Night"), language="de-AT",
              enclosures=(Enclosure("https://x/y.mp3", "audio/mpeg", 1),)),
        entry("cat", **words("a cat sleeps"), author="Ann Smith", categories=("Animals", "Day"),
              language="de", published=NOW - 3 * DAY_S),
    )  # fmt: skip
    arrive(
        db, "b",
        entry("wolf", **words("wolf", "word " * 600), image="https://x/i.png",
              comments="https://x/c", link="https://www.example.org/2026/wolf?x=1"),
        entry("near", **words("one x y z two near or not"), language="en"),
    )  # fmt: skip
    return db


def titles(
    db: sqlite3.Connection, query: str, wanted: ItemFilter = ALL, names: QueryNames = NAMES
) -> str:
    where = parse(query, names, now=NOW)
    ids = listed(db, wanted._replace(where=where)).ids
    by_id = dict(db.execute("SELECT id, substr(title, 7) FROM entries").fetchall())
    return " ".join(sorted(by_id[one] for one in ids))


EVERYTHING = "cat dog near wolf"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("dog", "dog"),
        ("DÖG", "dog"),
        ('"dog barks"', "dog"),
        ("slee*", "cat"),
        ("dog or cat wolf", "dog"),
        ("(dog or cat) a", "cat dog"),
        ("dog or cat or wolf", "cat dog wolf"),
        ("dog Or wolf", "dog wolf"),
        ("dog || wolf", "dog wolf"),
        ("a & dog", "dog"),
        ("a + dog", "dog"),
        ("not dog", "cat near wolf"),
        ("-dog", "cat near wolf"),
        ("NOT (dog or cat)", "near wolf"),
        ("not not dog", "dog"),
        ("wolf or not a", "near wolf"),
        ("-(wolf or not a)", "cat dog"),
        ("a -dog or wolf", "cat wolf"),
        ("one near/3 two", "near"),
        ("two near/3 one", "near"),
        ("one near/2 two", ""),
        ('one near/3 two "or"', "near"),
        ('"near" "not"', "near"),
        ("title:wolf", "wolf"),
        ("title:barks", ""),
        ("title:(wolf or dog)", "dog wolf"),
        ("author:smith", "cat dog"),
        ("author:zoe", "dog"),
        ('author:"ann smith"', "cat"),
        ("author:zo*", "dog"),
        ("author:(smith -ann)", "dog"),
        ("smith", ""),
        ("category:animals", "cat dog"),
        ('category:"big animals"', "dog"),
        ('category:"animals night"', ""),
        ("category:(big night)", "dog"),
        ("link:example.org/2026", "wolf"),
        ("link:wolf", "wolf"),
        ("link:2026/example.org", ""),
        ("feed:a", "cat dog"),
        ("feed:A", "cat dog"),
        ("feed:(a or b)", EVERYTHING),
        ("feed:a feed:b", ""),
        ("-feed:a", "near wolf"),
        ("feed:never-polled", ""),
        ("tag:pets", "cat dog"),
        ("tag:PETS tag:both", "cat dog"),
        ("tag:(pets or both)", EVERYTHING),
        ("lang:de", "cat dog"),
        ("lang:DE-at", "dog"),
        ("lang:d", ""),
        ("-lang:de", "near wolf"),
        ("has:enclosure", "dog"),
        ("has:image has:comments", "wolf"),
        ("has:(image or enclosure)", "dog wolf"),
        ("has:article", ""),
        ("is:unread", EVERYTHING),
        ("is:read or is:starred", ""),
        ("is:(unread or read)", EVERYTHING),
        ("is:updated", ""),
        ("is:later", ""),
        ("is:hidden", ""),
        ("not is:unread", ""),
        ("since:2d", "dog near wolf"),
        ("until:2d", "cat"),
        ("not (since:2d)", "cat"),
        ("words>500", "wolf"),
        ("words>=601", "wolf"),
        ("words>601", ""),
        ("words<4", "cat"),
        ("words<=3 words=3", "cat"),
        ("-words<=3", "dog near wolf"),
        ("WORDS>500 or dog", "dog wolf"),
        ("@dogs", "dog wolf"),
        ("@dogs -dog", "wolf"),
        ("a @dogs", "dog"),
        ("@new", "dog wolf"),
        ("feed:b dog or feed:a dog", "dog"),
        ("feed:b or dog", "dog near wolf"),
        ("dog feed:a is:unread since:2d words<100 has:enclosure lang:de", "dog"),
    ],
)
@pytest.mark.parametrize("few", [0, 20_000], ids=["looked up", "gathered"])
def test_what_a_query_finds(
    stocked: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    expected: str,
    few: int,
) -> None:
    monkeypatch.setattr(conditions, "FEW", few)
    assert titles(stocked, query) == expected
    where = parse(query, NAMES, now=NOW)
    found = search_items(stocked, where, ALL).items
    assert " ".join(sorted(item.title[6:] for item in found)) == expected
    newest = search_items(stocked, where, ALL, newest=True).items
    assert [item.sort_at for item in newest] == sorted((i.sort_at for i in found), reverse=True)


@pytest.mark.parametrize(
    ("query", "character", "words"),
    [
        ("dog or", 5, "both sides"),
        ("or", 1, "both sides"),
        ("dog (or cat)", 6, "both sides"),
        ("dog not", 8, "missing"),
        ("-dog near/3 cat", 6, "near needs"),
        ("dog near/3 (cat)", 5, "near needs"),
        ("dog near/3 is:read", 12, "near needs"),
        ("title:a near/3 author:b", 9, "one field"),
        ("dog feed:", 5, "feed: what?"),
        ("dog feed: a", 5, "feed: what?"),
        ("title:(a feed:b)", 10, "title: alone"),
        ("is:(unread or rde)", 15, "is: takes"),
        ("has:legs", 1, "has: takes"),
        ("words>many", 1, "number of words"),
        ("words:500", 1, "words>500"),
        ("dog @cats", 5, "no view cats; there are @dogs, @new"),
        ("since:never", 1, "no time"),
        ("dog athor:x", 5, "did you mean author:"),
        ("((dog)", 1, "never closed"),
        ("dog )", 5, "no open bracket"),
        ('dog "cat', 5, "no partner"),
    ],
)
def test_a_mistake_names_the_character(query: str, character: int, words: str) -> None:
    with pytest.raises(UsageError) as told:
        parse(query, NAMES, now=NOW)
    assert f"(character {character})" in str(told.value)
    assert words in str(told.value)


def test_a_view_may_name_others_but_not_itself() -> None:
    views = {"a": "x @b", "b": "y @a", "c": "@c"}
    for query in ("@a", "@c"):
        with pytest.raises(UsageError, match="names itself"):
            parse(query, QueryNames(views=views))


def test_names_that_do_not_exist_are_told_unless_a_view_names_them(
    stocked: sqlite3.Connection,
) -> None:
    for query in ("feed:nope", "dog or feed:(a or nope)", "-tag:nope"):
        with pytest.raises(NotFoundError, match="'nope'"):
            titles(stocked, query)
    view = parse("@odd", QueryNames(views={"odd": "feed:nope or tag:nope or dog"}))
    assert len(listed(stocked, ItemFilter(where=view)).ids) == 1


def test_until_a_bare_date_is_to_its_end(db: sqlite3.Connection) -> None:
    from datetime import datetime

    noon = int(datetime(2026, 1, 31, 12).timestamp())
    arrive(db, "a", entry("day", published=noon), entry("next", published=noon + DAY_S))
    assert titles(db, "until:2026-01-31") == "day"
    assert titles(db, "since:2026-01-31") == "day next"
    assert titles(db, "until:2026-01-31T11:00") == ""


def test_an_entry_is_judged_by_all_that_is_known_of_it(db: sqlite3.Connection) -> None:
    """The feed's text and the article's are one: what is in either counts, also against it."""
    [one] = arrive(db, "a", entry("x", **words("from the feed")), fetch_page=True)
    [job] = articles.page_jobs(db, NOW, 9)
    article = Article(job.url, html="<p>whole article text</p>", byline="Ada", language="fr")
    articles.store_article(db, job, article, NOW)
    for query in ("feed article", "has:article", "author:ada", "lang:fr", "words=3"):
        assert titles(db, query) == "x"
    assert titles(db, "feed -article") == ""
    assert titles(db, "words>3") == ""
    poll(db, "a", entry("x", **words("now from another")))
    assert titles(db, "another article -feed") == "x"
    assert rows(db, "SELECT source FROM documents") == ["article"]
    assert one


def test_one_article_in_several_feeds_is_one_line_where_any_of_them_matches(
    db: sqlite3.Connection,
) -> None:
    [first] = arrive(db, "a", entry("same", title="Common"))
    [second] = arrive(db, "b", entry("same", title="Common rare"))
    for query, expected in (("common", first), ("rare", second), ("feed:b", second)):
        for few in (0, 20_000):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(conditions, "FEW", few)
                where = parse(query, NAMES)
                assert listed(db, ItemFilter(where=where)).ids == (expected,)


def test_more_than_the_limit_is_counted(db: sqlite3.Connection) -> None:
    arrive(db, "a", *(entry(n) for n in range(9)))
    page = list_items(db, ItemFilter(limit=4, where=parse("body")))
    assert [item.title for item in page.items] == ["Title 0", "Title 1", "Title 2", "Title 3"]
    assert (page.more, page.more_capped) == (5, False)
    oldest = list_items(db, ItemFilter(limit=1, oldest=True, where=parse("body")))
    assert [item.title for item in oldest.items] == ["Title 8"]


def test_marks_of_what_matches(db: sqlite3.Connection) -> None:
    arrive(db, "a", entry("x"), entry("y"), entry("z"))
    where = parse("title:x or title:y")
    assert mark(db, "read", filter=ItemFilter(which="unread", where=where), now=NOW) == 2
    assert titles(db, "is:read") == "x y"


# ---------------------------------------------------------------- any tree, against a plain reading

VOCABULARY = ("ant", "bee", "cow")
LEAVES = st.sampled_from(
    ["ant", "bee", "cow", "title:ant", "author:bee", "feed:a", "feed:b", "is:read", "is:starred",
     "lang:de", "has:image", "words>1", "words<2", '"ant bee"', "co*", "category:cow", "is:unread",
     "is:hidden", "is:later", "tag:fine"]
)  # fmt: skip


def trees() -> st.SearchStrategy[Any]:
    def grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        several = st.lists(inner, min_size=2, max_size=3)
        return st.one_of(
            st.tuples(st.just("not"), inner),
            st.tuples(st.just("and"), several),
            st.tuples(st.just("or"), several),
        )

    return st.recursive(LEAVES, grown, max_leaves=7)


def written(tree: Any) -> str:
    if isinstance(tree, str):
        return tree
    word, inner = tree
    if word == "not":
        return f"not ({written(inner)})"
    return f" {word} ".join(f"({written(one)})" for one in inner)


def holds(tree: Any, one: dict[str, Any]) -> bool:
    if not isinstance(tree, str):
        word, inner = tree
        if word == "not":
            return not holds(inner, one)
        return (all if word == "and" else any)(holds(part, one) for part in inner)
    said = f"{one['title']} / {one['text']}".split()
    leaves: dict[str, Callable[[], bool]] = {
        "title:ant": lambda: "ant" in one["title"].split(),
        "author:bee": lambda: one["author"] == "bee",
        "category:cow": lambda: "cow" in one["categories"],
        "feed:a": lambda: one["feed"] == "a",
        "feed:b": lambda: one["feed"] == "b",
        "is:read": lambda: one["read"],
        "is:unread": lambda: not one["read"],
        "is:hidden": lambda: one["hidden"],
        "is:later": lambda: one["later"],
        "tag:fine": lambda: one["fine"],
        "is:starred": lambda: one["starred"],
        "lang:de": lambda: one["language"] == "de",
        "has:image": lambda: one["image"] is not None,
        "words>1": lambda: len(one["text"].split()) > 1,
        "words<2": lambda: len(one["text"].split()) < 2,
        '"ant bee"': lambda: ("ant", "bee") in itertools.pairwise(said),
        "co*": lambda: any(word.startswith("co") for word in said),
    }
    return leaves[tree]() if tree in leaves else tree in said


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[int, Any]]]:
    path: Path = tmp_path_factory.mktemp("zoo") / "zoo.db"
    known: dict[int, Any] = {}
    with closing(open_writer(path)) as db:
        sync_feeds(db, configs("a", "b"), NOW)
        for number in range(48):
            some = [word for place, word in enumerate(VOCABULARY) if number >> place & 1]
            one: dict[str, Any] = {
                "feed": "ab"[number % 5 == 0],
                "title": VOCABULARY[number % 3],
                "text": " ".join(some),
                "author": ("bee", None)[number % 2],
                "categories": ("cow", "ox")[: number % 3],
                "language": ("de", "en", None)[number % 3],
                "image": ("https://x/i", None)[number % 4 > 1],
            }
            fields = {name: value for name, value in one.items() if name != "feed"}
            fields |= {"html": f"<p>{one['text']}</p>", "link": None, "published": NOW - number}
            [entry_id] = arrive(db, one["feed"], entry(f"z{number}", **fields))
            one["read"], one["starred"] = number % 7 < 3, number % 11 == 0
            if one["read"]:
                mark(db, "read", ids=[entry_id], now=NOW)
            if one["starred"]:
                mark(db, "star", ids=[entry_id], now=NOW)
            one["hidden"], one["later"] = number % 9 == 4, number % 13 == 2
            one["fine"], one["number"] = number % 8 == 1, number
            if one["hidden"]:
                apply_marks(db, ["hide"], [entry_id], NOW)
            if one["later"]:
                mark(db, "later", ids=[entry_id], now=NOW)
            if one["fine"]:
                tag(db, add=["Fine"], ids=[entry_id], now=NOW)
            known[entry_id] = one
        yield db, known


def listed_by_hand(
    known: dict[int, Any], tree: Any, wanted: ItemFilter, *, hidden: bool
) -> list[int]:
    """What a list of a query shows, the newest first."""
    marks: dict[str, Callable[[Any], bool]] = {
        "all": lambda one: True,
        "read": lambda one: one["read"],
        "unread": lambda one: not one["read"],
        "starred": lambda one: one["starred"],
    }
    shown = [
        entry_id
        for entry_id, one in known.items()
        if holds(tree, one)
        and marks[wanted.which](one)
        and (hidden or not one["hidden"])
        and (wanted.feeds is None or one["feed"] in wanted.feeds)
        and (wanted.since is None or NOW - one["number"] >= wanted.since)
        and (wanted.until is None or NOW - one["number"] <= wanted.until)
    ]
    return sorted(shown, key=lambda entry_id: known[entry_id]["number"])


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    tree=trees(),
    few=st.sampled_from([0, 10, 20_000]),
    wanted=st.builds(
        ItemFilter,
        which=st.sampled_from(["all", "all", "read", "unread", "starred"]),
        feeds=st.sampled_from([None, None, ("a",), ("b", "a"), ("never",)]),
        since=st.sampled_from([None, None, NOW - 30]),
        until=st.sampled_from([None, None, NOW - 10]),
        limit=st.none(),
    ),
)
def test_every_query_finds_what_its_words_say(
    zoo: tuple[sqlite3.Connection, dict[int, Any]], tree: Any, few: int, wanted: ItemFilter
) -> None:
    db, known = zoo
    text = written(tree)
    hidden = "is:hidden" in text
    expected = listed_by_hand(known, tree, wanted, hidden=hidden)
    where = parse(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conditions, "FEW", few)
        shown = listed(db, wanted._replace(where=where))
        assert list(shown.ids) == expected
        older = listed(db, wanted._replace(where=where, oldest=True, limit=4))
        assert list(older.ids) == expected[::-1][:4]
        assert older.more == max(0, len(expected) - 4)
        assert matching(db, where, wanted) == expected
        half = max(known) // 2
        between = matching_between(db, where, wanted, 3, half)
        assert between == sorted(one for one in expected if 3 < one <= half)
        assert matching_between(db, where, wanted, 3, half, new=True) == between
        everywhere = listed_by_hand(known, tree, ALL, hidden=hidden)
        unread = sum(not known[entry_id]["read"] for entry_id in everywhere)
        assert counted(db, where) == (len(everywhere), unread)
        found = search_items(db, where, wanted).items
    assert {item.id for item in found} == set(expected)


@pytest.mark.parametrize(
    ("said", "kind"),
    [("no such column: author", FeeddError), ("fts5: syntax error near x", UsageError)],
)
def test_what_the_index_of_words_refuses_is_told_and_any_other_error_is_itself(
    said: str, kind: type[Exception]
) -> None:
    assert type(words_error(sqlite3.OperationalError(said))) is kind
    other = sqlite3.OperationalError("disk I/O error")
    assert words_error(other) is other


# ---------------------------------------------------------------- plans


@pytest.mark.parametrize(
    "query",
    ["dog", "feed:a", "tag:pets", "is:starred", "is:later", "is:updated", "is:hidden", "lang:de",
     "author:smith -dog", "is:later or is:starred", "tag:pets wolf", "dog since:2d is:unread"],
)  # fmt: skip
def test_no_query_with_an_index_goes_through_all_entries(
    stocked: sqlite3.Connection, query: str
) -> None:
    asked: list[str] = []
    stocked.set_trace_callback(asked.append)
    for wanted in (ItemFilter(), ALL):
        titles(stocked, query, wanted)
    stocked.set_trace_callback(None)
    plans = []
    for statement in asked:
        if "FROM marks" in statement and "count(*)" not in statement:
            plans += [row[3] for row in stocked.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert plans
    whole = re.compile(
        r"SCAN (m|o|e|d|entries|marks|documents)\b"
        r"(?!.*INDEX (marks_starred|marks_hidden|entries_updated))"
    )
    assert [plan for plan in plans if whole.search(plan)] == []


def test_a_query_that_most_entries_pass_takes_them_in_the_order_of_time(
    stocked: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conditions, "FEW", 1)
    asked: list[str] = []
    stocked.set_trace_callback(asked.append)
    titles(stocked, "is:unread -dog", ItemFilter())
    stocked.set_trace_callback(None)
    [statement] = [one for one in asked if "INDEXED BY marks_unread" in one]
    plan = [row[3] for row in stocked.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert any("SCAN m USING INDEX marks_unread" in step for step in plan)
    assert not any("TEMP B-TREE" in step and "marks_unread" in step for step in plan)


def test_feeds_and_tags_with_the_names_of_marks_are_not_taken_for_these(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists go through the index of the marks that a query asks for."""
    sync_feeds(db, configs("read", "unread", "starred"), NOW)
    names = QueryNames(tags={"read": ["unread"]}, feeds=("read", "unread", "starred"))
    arrive(db, "read", entry("one"))
    [second] = arrive(db, "unread", entry("two"))
    mark(db, "read", ids=[second], now=NOW)
    for few in (0, conditions.FEW):
        monkeypatch.setattr(conditions, "FEW", few)
        for query, expected in (
            ("feed:read", "one"), ("feed:unread", "two"), ("tag:read", "two"), ("feed:starred", ""),
            ("not feed:read", "two"), ("tag:read is:unread", ""), ("tag:later", ""),
        ):  # fmt: skip
            assert titles(db, query, names=names) == expected
