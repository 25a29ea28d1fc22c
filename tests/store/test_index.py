"""The search index holds the same words whenever it is built, and is built anew unseen."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedd.errors import FeeddError
from feedd.model import Article, Entry, ItemFilter
from feedd.query import parse
from feedd.sanitise import clean
from feedd.store import articles
from feedd.store.database import open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.search import index
from feedd.store.search.results import search_items
from feedd.store.stored_values import set_meta
from feedd.store.upkeep import integrity
from feedd.text import to_text
from tests.store.conftest import NOW, arrive, configs, entry, poll, rows

LONG = "Donaudampfschifffahrt"
BROKEN = "Donau\u00addampf\u00adschiff\u00adfahrt"


def found(db: sqlite3.Connection, query: str) -> list[int]:
    wanted = ItemFilter(which="all", limit=None)
    return sorted(item.id for item in search_items(db, parse(query), wanted).items)


def words(db: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """All that can be found: each word with its column and document."""
    db.execute("DROP TABLE IF EXISTS temp.words")
    db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search', 'instance')")
    return sorted(
        db.execute(
            "SELECT term, col, doc FROM temp.words WHERE doc IN (SELECT id FROM documents)"
        ).fetchall()
    )


def from_feed(number: int, html: str, **more: object) -> Entry:
    """An entry as parsing makes it."""
    cleaned = clean(html, "https://site.example/")
    return entry(number, html=cleaned, text=to_text(cleaned), **more)


@pytest.mark.parametrize(
    "html",
    [
        f"<p>Die {BROKEN}</p>",
        "<p>Die Donau&shy;dampf&shy;schiff&shy;fahrt</p>",
        f"Die {BROKEN}",
        "<p>Die Donau\u200bdampf\ufeffschiff\u2060fahrt</p>",
        "<pre>Donau\u00addampfschifffahrt</pre>",
    ],
)
def test_a_word_written_with_hyphenation_marks_is_found_before_and_after_a_repair(
    db: sqlite3.Connection, html: str
) -> None:
    ids = arrive(db, "a", from_feed(1, html))
    for _ in range(2):
        assert found(db, LONG) == found(db, BROKEN) == found(db, "Donau*") == ids
        (item,) = search_items(db, parse(LONG), ItemFilter(which="all")).items
        assert f"\x02{LONG}\x03" in (item.snippet or "")
        integrity.repair(db)


def test_a_title_with_hyphenation_marks_is_found(db: sqlite3.Connection) -> None:
    ids = arrive(db, "a", entry(1, title=BROKEN))
    assert found(db, LONG) == found(db, f"title:{LONG}") == ids


def test_an_articles_captions_are_found_before_and_after_a_repair(db: sqlite3.Connection) -> None:
    ids = arrive(db, "a", entry(1), fetch_page=True)
    html = "<p>Text.</p><figure><img src='x'><figcaption>A walrus</figcaption></figure>"
    articles.store_article(db, articles.page_jobs(db, NOW, 1)[0], Article("https://x", html), NOW)
    assert found(db, "walrus") == ids
    integrity.repair(db)
    assert found(db, "walrus") == ids


PIECES = st.sampled_from(
    [
        *("word ", "Zwölf", "天気", "ไทย", "\u00ad", "\u200b", "&amp;", "&shy;", "&nbsp;", "<br>"),
        *("<p>", "</p>", "<b>", "</b>", "<ul><li>", "</ul>", "<ol><li>", "</ol>", "<td>", "<pre>"),
        *(
            "</pre>",
            "<figure>",
            "<figcaption>",
            "</figure>",
            "\n",
            "  ",
            "<!-- c -->",
            "&lt;x",
            "\0",
        ),
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(html=st.lists(PIECES, max_size=20).map("".join))
def test_the_same_words_are_found_after_a_rebuild(tmp_path: Path, html: str) -> None:
    path = tmp_path / "property.db"
    path.unlink(missing_ok=True)
    with closing(open_writer(path)) as db:
        sync_feeds(db, configs("a"), NOW)
        arrive(db, "a", from_feed(1, html), entry(2), fetch_page=True)
        job = articles.page_jobs(db, NOW, 9)[-1]
        article = Article("https://x", clean(html, "https://x"))
        articles.store_article(db, job, article, NOW)
        before = words(db)
        index.rebuild_search(db)
        assert words(db) == before


def old_index(db: sqlite3.Connection) -> None:
    """As if an earlier version had filled it."""
    set_meta(db, "index_version", "0")


def test_an_index_of_an_earlier_version_is_built_anew_in_steps_while_all_is_found(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "DOCUMENTS_A_STEP", 2)
    ids = sorted(arrive(db, "a", *(entry(n) for n in range(7))))
    db.execute("DROP TABLE search")
    db.execute("CREATE VIRTUAL TABLE search USING fts5(text, title, feed, content='')")
    db.executemany(
        "INSERT INTO search(rowid, text, title, feed) SELECT id, 'body', 'old', 'f1'"
        " FROM documents WHERE entry_id = ?",
        [(one,) for one in ids],
    )
    old_index(db)
    steps = 0
    while index.rebuild_step(db):
        steps += 1
        if steps == 2:  # a new one, a changed one and a removed one between two steps
            ids += arrive(db, "b", entry("late", text="body late"))
            poll(db, "a", entry(0, html="<p>body changed</p>", text="body changed"))
        assert found(db, "body") == ids
    assert steps >= 4
    assert found(db, "body") == ids
    assert found(db, "title:old") == []
    assert found(db, "changed") == [rows(db, "SELECT id FROM entries WHERE key = 'guid-0'")[0]]
    assert not index.rebuild_step(db)


def test_a_rebuild_goes_on_where_a_restart_broke_it_off(
    db: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "DOCUMENTS_A_STEP", 2)
    ids = sorted(arrive(db, "a", *(entry(n) for n in range(9))))
    old_index(db)
    assert index.rebuild_step(db)
    assert index.rebuild_step(db)
    done = 2
    with closing(open_writer(path)) as again:
        while index.rebuild_step(again):
            done += 1
        assert done == 4, "not from the beginning"
        assert found(again, "body") == ids
        assert integrity.check(path) == []


def test_what_another_version_had_begun_is_not_mixed_in(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "DOCUMENTS_A_STEP", 2)
    ids = sorted(arrive(db, "a", *(entry(n) for n in range(5))))
    old_index(db)
    assert index.rebuild_step(db)
    set_meta(db, "index_progress", "0 4")
    while index.rebuild_step(db):
        pass
    assert found(db, "body") == ids


def test_a_new_database_needs_no_rebuild(db: sqlite3.Connection) -> None:
    assert not index.rebuild_step(db)
    arrive(db, "a", entry(1))
    assert not index.rebuild_step(db)


SAMPLE = (
    "plain &amp; simple",
    "<h1>Title</h1><p>A <b>b</b>old word<br>next</p><ul><li>one<ul><li>in</li></ul></li></ul>",
    "<ol><li>x</li><li><p>y</p></li></ol><pre>def f():\n    return 1</pre><hr>a&nbsp;b",
    "<table><tr><th>A</th><td>B</td></tr></table><blockquote>quoted</blockquote>",
    "<figure><img src='x' alt='seen'><figcaption>A caption</figcaption></figure>",
    f"<p>{BROKEN} &shy; &copy; &#8212; \u200b天気 ฐานข้อมูล café</p><!-- no --><details>d</details>",
)


def test_whoever_changes_what_is_indexed_has_older_indexes_built_anew() -> None:
    """Where this fails: raise TEXT_VERSION (or the number behind it in INDEX_VERSION), and note the
    new version and digest here.
    """
    indexed = "\0".join(index.searchable(to_text(html)) for html in SAMPLE)
    digest = blake2b(indexed.encode(), digest_size=8).hexdigest()
    assert (index.INDEX_VERSION, digest) == ("1.2", "1b207d8f57ae7b8f")


def test_until_an_old_index_is_rebuilt_words_of_fields_are_not_looked_for_in_vain(
    db: sqlite3.Connection,
) -> None:
    arrive(db, "a", entry(1, author="Ada"))
    db.execute("DROP TABLE search")
    db.execute("CREATE VIRTUAL TABLE search USING fts5(text, title, feed, content='')")
    db.execute("INSERT INTO search(rowid, text, title) SELECT id, 'body', 'old' FROM documents")
    old_index(db)
    arrive(db, "a", entry(2, author="Ada"))
    assert len(found(db, "body")) == 2
    with pytest.raises(FeeddError, match="being built anew"):
        found(db, "author:ada")
    while index.rebuild_step(db):
        pass
    assert len(found(db, "author:ada")) == 2
