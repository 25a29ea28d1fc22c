"""Several processes on one database: nobody is told "locked", nothing is lost or doubled."""

from __future__ import annotations

import multiprocessing
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from feedd.model import ItemFilter
from feedd.query import parse
from feedd.store.database import open_reader, open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.items import feed_summaries, list_items
from feedd.store.marks import mark
from feedd.store.search import index
from feedd.store.search.results import search_items
from feedd.store.upkeep import backup, compaction, integrity
from tests.store.conftest import NOW, arrive, configs, entry, poll, rows

ROUNDS = 25


def polls(path: Path) -> None:
    """Two of these poll the same feed: each sees the entries that the other is storing."""
    with closing(open_writer(path)) as db:
        for n in range(ROUNDS):
            poll(db, "a", *(entry(f"{n}-{part}") for part in range(3)))


def adds(path: Path) -> None:
    with closing(open_writer(path)) as db:
        for n in range(ROUNDS):
            sync_feeds(db, configs("a", *(f"x{m}" for m in range(n))), NOW)


def marks(path: Path) -> None:
    with closing(open_writer(path)) as db:
        for _ in range(ROUNDS):
            mark(db, "read", filter=ItemFilter(), now=NOW)
            mark(db, "star", filter=ItemFilter(which="read"), now=NOW)


def reads(path: Path) -> None:
    for _ in range(ROUNDS):
        with closing(open_reader(path)) as db:
            page = list_items(db, ItemFilter(which="all", limit=None), details=True)
            assert len({item.id for item in page.items}) == len(page.items)
            search_items(db, parse("body"), ItemFilter(which="all"))
            feed_summaries(db)


def backs_up(path: Path) -> None:
    for number in range(5):
        copy = path.with_name(f"copy{number}.db")
        with closing(open_writer(path)) as db:
            backup.backup(db, copy)
        assert integrity.check(copy) == []


def optimises(path: Path) -> None:
    with closing(open_writer(path)) as db:
        for _ in range(5):
            compaction.optimise(db)
            index.rebuild_search(db)


def _run(
    work: Callable[[Path], None], path: Path, errors: multiprocessing.SimpleQueue[str]
) -> None:
    try:
        work(path)
    except BaseException as error:
        errors.put(f"{work.__name__}: {error!r}")


def test_everyone_at_once(tmp_path: Path) -> None:
    path = tmp_path / "feedd.db"
    with closing(open_writer(path)) as db:
        sync_feeds(db, configs("a"), NOW)
    context = multiprocessing.get_context("fork")
    errors: multiprocessing.SimpleQueue[str] = context.SimpleQueue()
    work = (polls, polls, adds, marks, reads, reads, backs_up, optimises)
    children = [context.Process(target=_run, args=(one, path, errors)) for one in work]
    for child in children:
        child.start()
    for child in children:
        child.join()
    told = []
    while not errors.empty():
        told.append(errors.get())
    assert told == []
    with closing(open_writer(path)) as db:
        assert rows(db, "SELECT count(*), count(DISTINCT key) FROM entries") == [
            (ROUNDS * 3, ROUNDS * 3)
        ]
        assert rows(db, "SELECT poll_count FROM feeds WHERE name = 'a'") == [2 * ROUNDS]
    assert integrity.check(path) == []


def _polls_forever(path: Path) -> None:
    with closing(open_writer(path)) as db:
        for n in range(100_000):
            arrive(db, "a", entry(f"{n}-0"), entry(f"{n}-1"))


def test_a_kill_in_the_middle_leaves_whole_polls(tmp_path: Path) -> None:
    path = tmp_path / "feedd.db"
    with closing(open_writer(path)) as db:
        sync_feeds(db, configs("a"), NOW)
    child = multiprocessing.get_context("fork").Process(target=_polls_forever, args=(path,))
    child.start()
    deadline = time.monotonic() + 20
    with closing(open_reader(path)) as reader:
        while _count(reader) < 20 and time.monotonic() < deadline:
            time.sleep(0.005)
    child.kill()
    child.join()
    assert integrity.check(path) == []
    with closing(open_writer(path)) as db:
        stored = _count(db)
        assert stored >= 20
        assert rows(db, "SELECT 2 * poll_count FROM feeds") == [stored]
        assert rows(db, "PRAGMA integrity_check") == ["ok"]


def _count(db: sqlite3.Connection) -> int:
    return int(rows(db, "SELECT count(*) FROM entries")[0])


def _writes_once(path: Path) -> None:
    with closing(open_writer(path)) as db:
        poll(db, "a", entry("another"))


def test_a_second_connection_of_a_process_leaves_the_locks_of_the_first(tmp_path: Path) -> None:
    """Without its locks, another process takes itself for the last one and deletes the log that
    this process goes on writing to: the file is damaged.
    """
    path = tmp_path / "feedd.db"
    with closing(open_writer(path)) as db:
        sync_feeds(db, configs("a"), NOW)
    with closing(open_reader(path)) as reader:
        _count(reader)
        with closing(open_writer(path)) as writer:
            arrive(writer, "a", entry("one"))
            log = path.with_name("feedd.db-wal").stat().st_ino
            child = multiprocessing.get_context("spawn").Process(target=_writes_once, args=(path,))
            child.start()
            child.join()
            assert child.exitcode == 0
            assert path.with_name("feedd.db-wal").stat().st_ino == log
            arrive(writer, "a", entry("two"))
    assert integrity.check(path) == []
    with closing(open_reader(path)) as reader:
        assert _count(reader) == 3
