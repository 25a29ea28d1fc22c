"""A backup comes back whole, whatever lay in its place; nothing is written into a mixture."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from feedd.errors import OverwrittenError, StoreError, UsageError
from feedd.model import ItemFilter
from feedd.store.daemon_lock import hold_daemon_lock
from feedd.store.database import open_reader, open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.items import list_items
from feedd.store.marks import mark
from feedd.store.sqlite import log_path
from feedd.store.stored_values import set_meta
from feedd.store.upkeep.backup import backup, restore
from feedd.store.upkeep.integrity import check
from tests.store.conftest import NOW, arrive, configs, entry

FIRST = {f"Title {n}" for n in range(40)}


@pytest.fixture
def copy(path: Path, tmp_path: Path) -> Iterator[Path]:
    """A backup of forty items; after it, forty more came into the database, which was killed."""
    db = open_writer(path)
    sync_feeds(db, configs("a"), NOW)
    ids = arrive(db, "a", *(entry(n) for n in range(40)))
    mark(db, "star", ids=ids[:3], now=NOW)
    backup(db, tmp_path / "copy.db")
    arrive(db, "a", *(entry(n) for n in range(40, 80)))
    yield tmp_path / "copy.db"
    db.close()


def titles(path: Path) -> set[str]:
    with closing(open_reader(path)) as db:
        return {item.title for item in list_items(db, ItemFilter(which="all", limit=None)).items}


def test_a_backup_put_beside_the_log_of_a_killed_daemon_is_all_there(
    copy: Path, path: Path
) -> None:
    assert log_path(path).stat().st_size > 0
    kept = restore(copy, path)
    assert titles(path) == FIRST
    assert check(path) == []
    assert kept is not None
    assert len(titles(kept)) == 80, "what was there is not lost"
    with closing(open_writer(path)) as db:
        assert len(list_items(db, ItemFilter(which="starred", limit=None)).items) == 3
        assert len(arrive(db, "a", entry(99))) == 1, "and it goes on"
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal", "readers do not wait"


def test_a_database_that_is_gone_or_is_no_database_is_restored(copy: Path, path: Path) -> None:
    for file in path.parent.glob("feedd.db*"):
        file.unlink()
    assert restore(copy, path) is None
    assert titles(path) == FIRST
    path.write_bytes(b"\xaa" * 50_000)
    kept = restore(copy, path)
    assert titles(path) == FIRST
    assert kept is not None
    assert kept.read_bytes() == b"\xaa" * 50_000
    again = restore(copy, path)
    assert again != kept, "nothing that was kept is overwritten"


def test_what_is_restored_belongs_to_whom_it_belonged(copy: Path, path: Path) -> None:
    path.chmod(0o660)
    restore(copy, path)
    assert path.stat().st_mode & 0o777 == 0o660
    assert path.stat().st_uid == os.getuid()


def test_a_running_daemon_is_not_robbed_of_its_database(copy: Path, path: Path) -> None:
    with hold_daemon_lock(path), pytest.raises(StoreError, match="stop it first"):
        restore(copy, path)
    assert len(titles(path)) == 80


def test_a_file_that_is_no_backup_replaces_nothing(copy: Path, path: Path, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("hello")
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE t(x)")
        db.commit()
    damaged = tmp_path / "damaged.db"
    content = bytearray(copy.read_bytes())
    content[30_000:60_000] = b"\xaa" * 30_000
    damaged.write_bytes(content)
    for wrong in (text, other, damaged, tmp_path / "none", tmp_path, path):
        with pytest.raises((UsageError, StoreError)):
            restore(wrong, path)
    assert len(titles(path)) == 80
    assert [file.name for file in path.parent.glob(".*")] == []


def test_a_copy_laid_over_the_database_beside_its_log_is_not_opened(copy: Path, path: Path) -> None:
    """SQLite would take the old log for the copy's own, and both would be lost."""
    shutil.copy(copy, path)
    before = path.read_bytes()
    for open_it in (open_reader, open_writer):
        with pytest.raises(OverwrittenError, match="feedd restore FILE"):
            open_it(path)
    assert path.read_bytes() == before
    assert restore(copy, path) is not None
    assert titles(path) == FIRST
    assert check(path) == []


@pytest.mark.parametrize("how", ["copied over it", "renamed to it"])
def test_who_has_the_database_open_writes_nothing_into_a_copy_put_there(
    path: Path, tmp_path: Path, how: str
) -> None:
    copy = tmp_path / "copy.db"
    db = open_writer(path)
    sync_feeds(db, configs("a"), NOW)
    arrive(db, "a", *(entry(n) for n in range(40)))
    backup(db, copy)
    before = copy.read_bytes()
    arrive(db, "a", *(entry(n) for n in range(40, 80)))
    if how == "copied over it":
        shutil.copy(copy, path)
    else:
        copy.replace(path)
    with pytest.raises(OverwrittenError, match="feedd restore FILE"):
        set_meta(db, "key", "value")
    db.close()
    del db
    assert path.read_bytes() == before, "not on closing either"
