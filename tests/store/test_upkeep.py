"""Retention, copies, checks, repairs."""

from __future__ import annotations

import random
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from feedd.errors import StoreError, UsageError
from feedd.model import Article, ItemFilter
from feedd.query import parse
from feedd.store import articles, measurements
from feedd.store.database import open_reader, open_writer
from feedd.store.feeds import feed_states, sync_feeds
from feedd.store.items import list_items
from feedd.store.marks import mark
from feedd.store.search import index
from feedd.store.search.results import search_items
from feedd.store.upkeep import backup, compaction, integrity, retention
from feedd.text import to_text
from tests.store.conftest import DAY_S, NOW, arrive, configs, entry, poll, prune, rows

EVERYTHING = ItemFilter(which="all", limit=None)


def found(db: sqlite3.Connection, words: str) -> list[str]:
    return sorted(one.title for one in search_items(db, parse(words), EVERYTHING).items)


def test_only_what_is_read_old_and_not_starred_goes(db: sqlite3.Connection, path: Path) -> None:
    day = DAY_S
    ids = arrive(db, "a", entry(1), entry(9 * day), entry(8 * day), entry(7 * day))
    mark(db, "read", ids=ids[:3], now=NOW)
    mark(db, "star", ids=ids[2:3], now=NOW)
    assert prune(db, NOW, keep_s=5 * day, removed=False) == 1
    assert [one.id for one in list_items(db, EVERYTHING).items] == [ids[0], ids[3], ids[2]]
    assert integrity.check(path) == []
    assert prune(db, NOW, None, removed=False) == 0


def test_what_was_pruned_does_not_come_back(db: sqlite3.Connection) -> None:
    """Rule 37, also for a feed that still carries it, under its old guid or a new one."""
    old = entry(9 * DAY_S)
    ids = arrive(db, "a", old)
    mark(db, "read", ids=ids, now=NOW)
    prune(db, NOW, keep_s=DAY_S, removed=False)
    result = poll(db, "a", old, entry(1))
    assert [one.keyed.entry.title for one in result.new] == ["Title 1"]
    changed = entry(9 * DAY_S, text="edited", guid="another")
    assert poll(db, "a", changed).new == ()
    assert len(poll(db, "b", old).new) == 1, "another feed's is another entry"


@pytest.mark.parametrize("guid", [None, "of today"])
@pytest.mark.parametrize("title", ["Title 1", "Page of the day"])
def test_a_link_that_is_used_again_brings_its_new_article_after_pruning(
    db: sqlite3.Connection, guid: str | None, title: str
) -> None:
    """A daily page has the link of yesterday's, and often its title."""
    day = {"link": "https://site.example/daily", "guid": None, "title": "Page of the day"}
    ids = arrive(db, "a", entry(9 * DAY_S, **day))
    mark(db, "read", ids=ids, now=NOW)
    prune(db, NOW, keep_s=DAY_S, removed=False)
    news = entry(1, link=day["link"], guid=guid, title=title, text="today's")
    assert len(poll(db, "a", news).new) == 1
    yesterdays = entry(9 * DAY_S, **day)
    assert poll(db, "a", yesterdays).new == ()


def test_pruning_removed_feeds_spares_what_is_starred(db: sqlite3.Connection, path: Path) -> None:
    ids = arrive(db, "a", entry(1), entry(2))
    arrive(db, "b", entry(3))
    mark(db, "star", ids=ids[:1], now=NOW)
    sync_feeds(db, configs("c"), NOW)
    assert prune(db, NOW, None, removed=True) == 2
    assert [feed.name for feed in feed_states(db)] == ["a", "c"]
    mark(db, "unstar", ids=ids[:1], now=NOW)
    assert prune(db, NOW, None, removed=True) == 1
    assert [feed.name for feed in feed_states(db)] == ["c"]
    assert integrity.check(path) == []


def test_pruning_goes_on_in_steps(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PRUNED_A_TRANSACTION", 3)
    arrive(db, "a", *(entry(n) for n in range(10)), read=True)
    assert prune(db, NOW + 100, keep_s=10, removed=False) == 10


def test_a_backup_is_whole_while_the_daemon_writes(
    db: sqlite3.Connection, reader: sqlite3.Connection, tmp_path: Path
) -> None:
    arrive(db, "a", entry(1))
    copy = tmp_path / "copy.db"
    backup.backup(reader, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert integrity.check(copy) == []
    arrive(db, "a", entry(2))
    copy.unlink()
    backup.backup(db, copy)
    with closing(open_reader(copy)) as restored:
        assert len(list_items(restored, EVERYTHING).items) == 2
        assert found(restored, "body") == ["Title 1", "Title 2"]
    assert sorted(file.name for file in tmp_path.iterdir() if "copy" in file.name) == ["copy.db"]
    with closing(open_writer(copy)) as restored:
        arrive(restored, "a", entry(3))


def test_a_backup_overwrites_nothing_else(
    db: sqlite3.Connection, path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear Sir or Madam")
    for taken in (other, path, tmp_path):
        with pytest.raises(UsageError, match="exists already and was left as it is"):
            backup.backup(db, taken)
    assert other.read_text() == "Dear Sir or Madam"
    assert integrity.check(path) == []
    with pytest.raises(UsageError, match="no folder"):
        backup.backup(db, tmp_path / "no" / "copy.db")


def test_a_sound_database_has_no_problems(db: sqlite3.Connection, path: Path) -> None:
    arrive(db, "a", entry(1), fetch_page=True)
    arrive(db, "b", entry(1))
    assert integrity.check(path) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("DELETE FROM marks", "entries without marks"),
        ("DELETE FROM contents", "entries without content"),
        ("UPDATE marks SET feed_id = 3 WHERE entry_id = 3", "marks of entries of another feed"),
        ("UPDATE counts SET unread = 77", "counts are wrong"),
        ("UPDATE marks SET read_at = 1 WHERE same_as IS NULL", "in a group"),
        ("UPDATE marks SET same_as = 99 WHERE same_as IS NOT NULL", "in a group"),
        ("DELETE FROM documents", "search can't find"),
        ("INSERT INTO search(search) VALUES ('delete-all')", "search can't find"),
    ],
)
def test_each_damage_is_found_and_mended(
    db: sqlite3.Connection, path: Path, damage: str, words: str
) -> None:
    arrive(db, "a", entry(1), entry(2))
    arrive(db, "b", entry(1))
    db.execute(damage)
    assert any(words in problem for problem in integrity.check(path))
    done = integrity.repair(db)
    assert any("search index rebuilt" in line for line in done)
    assert integrity.check(path) == []
    if "contents" not in damage:
        assert found(db, "body") == ["Title 1", "Title 2"]
    assert len(arrive(db, "c", entry(5))) == 1


def test_a_missing_database_is_no_sound_one(path: Path) -> None:
    with pytest.raises(StoreError):
        integrity.check(path)


def test_the_search_index_is_rebuilt_while_entries_come(
    db: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "DOCUMENTS_A_STEP", 2)
    ids = arrive(db, "a", *(entry(n) for n in range(5)), fetch_page=True)
    job = articles.page_jobs(db, NOW, 1)[0]
    articles.store_article(db, job, Article(job.url, html="<p>zebras</p>", text="zebras"), NOW)
    poll(db, "a", entry(3, text="giraffes", html="giraffes"))
    assert measurements.stats(db).superseded == 2  # what the feed said before either
    with closing(open_writer(path)) as other:

        def plain_and_news(html: str) -> str:
            if not other.in_transaction and not rows(other, "SELECT 1 FROM entries WHERE id > 5"):
                with closing(open_reader(path)) as reader:
                    assert len(found(reader, "body OR giraffes OR zebras")) == len(ids)
            return to_text(html)

        monkeypatch.setattr(index, "to_text", plain_and_news)
        index.rebuild_search(db)
    assert measurements.stats(db).superseded == 0
    assert found(db, "giraffes") == ["Title 3"]
    assert found(db, "zebras") == [job.title]
    assert len(found(db, "body")) == 4
    arrive(db, "b", entry("late"))
    assert found(db, "late") == ["Title late"]
    assert integrity.check(path) == []


def test_upkeep_leaves_everything_as_it_was(db: sqlite3.Connection, path: Path) -> None:
    ids = arrive(db, "a", *(entry(n) for n in range(50)))
    before = list_items(db, EVERYTHING)
    compaction.optimise(db)
    assert list_items(db, EVERYTHING) == before
    assert len(found(db, "body")) == len(ids)
    assert integrity.check(path) == []


def emptied(db: sqlite3.Connection) -> int:
    """A database with more free than used space; returns the free bytes."""
    big = [entry(n, html=random.Random(n).randbytes(9_000).hex()) for n in range(9_000, 9_100)]
    mark(db, "read", ids=arrive(db, "a", *big), now=NOW)
    assert prune(db, NOW, keep_s=5_000, removed=False) == len(big)
    compaction.optimise(db)  # under the limits as they are; its statistics are there from now on
    return measurements.sizes(db).free_bytes


@pytest.mark.parametrize(
    ("more", "share", "most", "shrinks"),
    [
        (1, 0.33, 10**9, True),
        (0, 0.33, 10**9, False),
        (1, 1.0, 10**9, False),
        (1, 0.33, 0, False),
    ],
    ids=["much-free", "little-free", "small-share", "too-large-to-wait-for"],
)
def test_the_file_gets_smaller_after_much_was_pruned_and_only_then(
    db: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    more: int,
    share: float,
    most: int,
    shrinks: bool,
) -> None:
    """`more`: so many bytes are free above the least that counts as much."""
    free = emptied(db)
    size = measurements.sizes(db).database_bytes
    assert free > size / 2
    monkeypatch.setattr(compaction, "FREE_AT_LEAST_BYTES", free - more)
    monkeypatch.setattr(compaction, "FREE_SHARE", share)
    monkeypatch.setattr(compaction, "VACUUMED_BYTES", most)
    compaction.optimise(db)
    after = measurements.sizes(db)
    assert (after.database_bytes < size / 2) == shrinks
    assert (after.free_bytes < free / 2) == shrinks
    compaction.optimise(db)
    assert measurements.sizes(db).database_bytes == after.database_bytes


def test_many_superseded_documents_are_cleared_away(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "SUPERSEDED_AT_LEAST", 0)
    arrive(db, "a", entry(1))
    poll(db, "a", entry(1, text="changed", html="changed"))
    compaction.optimise(db)
    while index.rebuild_step(db):  # by the daemon and by poll, beside their work
        pass
    assert measurements.stats(db).superseded == 0
    assert found(db, "changed") == ["Title 1"]


def test_the_database_in_numbers(db: sqlite3.Connection, path: Path) -> None:
    ids = arrive(db, "a", entry(1), entry(2), fetch_page=True)
    arrive(db, "b", entry(1))
    mark(db, "star", ids=ids, now=NOW)
    mark(db, "read", ids=ids[:1], now=NOW)
    numbers = measurements.stats(db)
    assert (numbers.feeds, numbers.items, numbers.unread, numbers.starred) == (3, 3, 1, 2)
    assert (numbers.pages_waiting, numbers.articles, numbers.documents) == (2, 0, 3)
    assert numbers.sizes.database_bytes > 0
    assert numbers.sizes.log_bytes > 0
