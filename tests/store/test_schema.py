"""The database's layout: new, and reached from every earlier version."""

from __future__ import annotations

import re
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from feedd.model import ItemFilter
from feedd.query import parse
from feedd.store.database import open_reader, open_writer
from feedd.store.feeds import feed_states, sync_feeds
from feedd.store.items import item, list_items
from feedd.store.schema import version1
from feedd.store.search.results import search_items
from feedd.store.sqlite import APPLICATION_ID, SCHEMA_VERSION
from feedd.store.upkeep import integrity
from tests.store.conftest import DAY_S, NOW, arrive, configs, entry, rows

VERSIONS = Path(__file__).parent / "versions"
DOC = Path(__file__).parent.parent.parent / "docs" / "database.md"


def layout(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Names and definitions, white space aside."""
    return [
        (name, re.sub(r"\s+", " ", sql))
        for name, sql in db.execute(
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
            " AND name NOT LIKE 'sqlite_stat%' ORDER BY name"
        )
    ]


def old_database(path: Path, version: int) -> None:
    """A database as that version wrote it, with two items in it."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript((VERSIONS / f"v{version}.sql").read_text(encoding="utf-8"))


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_every_earlier_version_becomes_todays(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.db"
    old_database(path, version)
    with closing(open_writer(path)) as db, closing(open_writer(tmp_path / "new.db")) as new:
        assert layout(db) == layout(new)
        assert rows(db, "PRAGMA user_version") == [SCHEMA_VERSION]
        assert rows(db, "PRAGMA application_id") == [APPLICATION_ID]
        page = list_items(db, ItemFilter(which="all"), details=True)
        assert [(item.title, item.summary) for item in page.items] == [
            ("Title 1", "Body of 1"),
            ("Title 2", "Body of 2"),
        ]
        assert len(search_items(db, parse("body"), ItemFilter(which="all")).items) == 2
        assert len(arrive(db, "a", entry(3))) == 1
    assert integrity.check(path) == []


def test_feeds_that_may_have_lost_entries_are_read_whole_once(tmp_path: Path) -> None:
    """Before version 3 entries could take each other's rows: what is still in the document is
    stored when the feed is due. Feeds that show no sign of it keep their validators."""
    path = tmp_path / "old.db"
    old_database(path, 2)
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("UPDATE feeds SET etag = 'e', validators_url = url, body_hash = x'01'")
        for name, items in (("a", 2), ("b", 1), ("c", 0)):
            hashes = b"8 bytes." * items
            old.execute("UPDATE feeds SET item_hashes = ? WHERE name = ?", (hashes, name))
        old.execute(
            "INSERT INTO polls(feed_id, number, at, bytes, duration_ms, new, changed, reason)"
            " VALUES (3, 1, 1, 1, 1, 0, 1, '')"
        )
        old.execute("UPDATE feeds SET next_poll = 1900000000")
    with closing(open_writer(path)) as db:
        assert rows(db, "SELECT DISTINCT item_hashes FROM feeds") == [b""]
        whole = "SELECT name FROM feeds WHERE etag IS NULL AND body_hash IS NULL ORDER BY name"
        assert rows(db, whole) == ["b", "c"]
        assert rows(db, "SELECT DISTINCT next_poll FROM feeds") == [1900000000]


def test_there_is_a_frozen_copy_of_every_version() -> None:
    assert {file.name for file in VERSIONS.iterdir()} == {
        f"v{version}.sql" for version in range(1, SCHEMA_VERSION + 1)
    }


def test_a_reader_brings_an_old_database_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "feedd.db"
    path.touch()
    with closing(open_reader(path)) as db:
        assert rows(db, "PRAGMA user_version") == [SCHEMA_VERSION]


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(version1, "_views", fail)
    path = tmp_path / "feedd.db"
    with pytest.raises(RuntimeError, match="power cut"):
        open_writer(path)
    with closing(sqlite3.connect(path)) as db:
        assert layout(db) == []
        assert rows(db, "PRAGMA user_version") == [0]
    monkeypatch.undo()
    open_writer(path).close()


def test_many_may_create_it_at_once(tmp_path: Path) -> None:
    path = tmp_path / "feedd.db"
    errors: list[BaseException] = []

    def create() -> None:
        try:
            with closing(open_writer(path)) as db:
                assert rows(db, "PRAGMA user_version") == [SCHEMA_VERSION]
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_every_table_and_column_is_in_the_docs(db: sqlite3.Connection) -> None:
    text = DOC.read_text(encoding="utf-8")
    missing = []
    for table in rows(
        db,
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'",
    ):
        if f"## `{table}`" not in text and table != "_sqlite_migrations":
            missing.append(table)
            continue
        if table.startswith("_"):
            continue
        section = text.partition(f"## `{table}`")[2].partition("\n## ")[0]
        missing += [
            f"{table}.{column[1]}"
            for column in db.execute(f"PRAGMA table_info({table})")
            if f"`{column[1]}`" not in section
        ]
    assert missing == []


EXAMPLES = re.findall(r"```sql\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_queries_in_the_docs_run_and_find_something(
    db: sqlite3.Connection, reader: sqlite3.Connection, example: str
) -> None:
    from feedd.store.marks import mark

    ids = arrive(db, "a", entry(1, author="Some One"), entry(2), fetch_page=True)
    arrive(db, "b", entry(1), entry(4))
    mark(db, "star", ids=ids[:1], now=NOW)
    mark(db, "read", ids=ids[:1], now=NOW)
    assert reader.execute(example).fetchall()


def test_the_docs_show_how_to_read_a_body(db: sqlite3.Connection, path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    for html in ("<p>short</p>", "<p>" + "long " * 500 + "</p>"):
        arrive(db, "a", entry(html, html=html, text="x", summary="The summary"))
    seen: dict[str, list[str]] = {}
    exec(code.replace("feedd.db", str(path)), seen)
    assert seen["bodies"] == ["<p>short</p>", "<p>" + "long " * 500 + "</p>"]


def test_a_missing_page_that_version_2_called_an_error_becomes_a_note(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old_database(path, 2)
    with closing(sqlite3.connect(path)) as old:
        old.executemany(
            "INSERT INTO articles(entry_id, url, fetched_at, error, confidence, html)"
            " VALUES (?, 'https://site.example/', 1, ?, 0.9, ?)",
            [(1, "page 2 is missing: http 404", b"<p>Good</p>"), (2, "paywall", None)],
        )
        old.commit()
    with closing(open_writer(path)) as db:
        good, none = item(db, 1), item(db, 2)
        assert good.article is not None
        assert (good.article.note, good.article_error) == ("page 2 is missing: http 404", None)
        assert (none.article, none.article_error) == (None, "paywall")


def test_no_feed_is_asked_anew_because_a_column_was_renamed(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    old_database(path, 2)
    with closing(open_writer(path)) as db:
        before = feed_states(db)
        sync_feeds(db, configs("a", "b", "c"), NOW + DAY_S)
        assert feed_states(db) == before
