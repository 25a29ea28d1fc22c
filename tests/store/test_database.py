"""Opening the database, in good times and bad."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from feedd.errors import StoreError
from feedd.store import feeds
from feedd.store.daemon_lock import daemon_pid, hold_daemon_lock
from feedd.store.database import open_reader, open_writer
from feedd.store.sqlite import SCHEMA_VERSION, noted, path_of, snapshot, synced, transaction
from feedd.store.stored_values import get_meta, set_meta
from tests.store.conftest import NOW, arrive, configs, entry, rows


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def in_child(work: Callable[[], None]) -> str:
    """Run `work` in a forked process; the message of the StoreError it ended with, or ""."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        message = ""
        try:
            work()
        except StoreError as error:
            message = str(error)
        except BaseException as error:
            message = f"!{error!r}"
        os.write(write, message.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        message = pipe.read()
    os.waitpid(pid, 0)
    assert not message.startswith("!"), message
    return message


def test_nobody_else_can_read_what_a_person_reads(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "feedd.db"
    with closing(open_writer(path)) as db:
        feeds.sync_feeds(db, configs("a"), NOW)
        assert mode(path) == 0o600
        assert mode(path.with_name("feedd.db-wal")) == 0o600
        assert mode(path.with_name("feedd.db-shm")) == 0o600
        assert mode(path.parent) == 0o700


@pytest.mark.parametrize(("umask", "expected"), [(0o027, 0o640), (0o007, 0o660), (0o000, 0o660)])
def test_a_folder_shared_with_a_group_shares_the_file(
    tmp_path: Path, umask: int, expected: int
) -> None:
    tmp_path.chmod(0o2770)
    before = os.umask(umask)
    try:
        open_writer(tmp_path / "feedd.db").close()
    finally:
        os.umask(before)
    assert mode(tmp_path / "feedd.db") == expected


def test_reading_creates_nothing_and_says_what_to_do(path: Path) -> None:
    with pytest.raises(StoreError, match="feedd poll or feedd run creates it"):
        open_reader(path)
    assert not path.exists()


def test_a_reader_cannot_write(reader: sqlite3.Connection) -> None:
    with pytest.raises(StoreError, match="can't be written"), transaction(reader):
        reader.execute("DELETE FROM feeds")


@pytest.mark.parametrize("opener", [open_writer, open_reader])
def test_another_programs_database_is_left_alone(
    path: Path, opener: Callable[[Path], sqlite3.Connection]
) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.commit()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="of another program"):
        opener(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("opener", [open_writer, open_reader])
def test_a_database_from_the_future_is_left_alone(
    path: Path, opener: Callable[[Path], sqlite3.Connection]
) -> None:
    with closing(open_writer(path)) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(StoreError, match=r"newer feedd .* update feedd"):
        opener(path)


@pytest.mark.parametrize("opener", [open_writer, open_reader])
def test_a_file_that_is_no_database_is_left_alone(
    path: Path, opener: Callable[[Path], sqlite3.Connection]
) -> None:
    path.write_bytes(b"[feeds]\nlwn = 1\n" * 100)
    with pytest.raises(StoreError, match="not a feedd database"):
        opener(path)
    assert path.read_bytes().startswith(b"[feeds]")


def test_a_damaged_page_is_told_and_no_traceback(db: sqlite3.Connection, path: Path) -> None:
    arrive(db, "a", *(entry(n, html="<p>" + "x y z " * 200) for n in range(200)))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.close()
    with path.open("r+b") as file:
        for page in range(3, path.stat().st_size // 4096, 2):
            file.seek(page * 4096)
            file.write(b"\xff" * 200)

    def read_all() -> None:
        with closing(open_reader(path)) as damaged, snapshot(damaged):
            for table in ("entries", "contents", "marks", "search_data", "documents"):
                damaged.execute(f"SELECT * FROM {table}").fetchall()

    with pytest.raises(StoreError, match="damaged"):
        read_all()


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        open_writer(tmp_path)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that others may enter: those of pytest are closed by its next start."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for one in (folder, *folder.parents):
            if one.stat().st_uid == 0 and one != Path("/"):
                one.chmod(one.stat().st_mode | 0o055)
        yield folder


@pytest.mark.skipif(os.getuid() != 0, reason="takes on another user, which only root can")
def test_permissions_are_named_where_they_are_missing(open_folder: Path) -> None:
    path = open_folder / "feedd.db"
    open_writer(path).close()
    path.chmod(0o444)

    def write() -> None:
        os.setuid(65534)
        open_writer(path)

    def create() -> None:
        os.setuid(65534)
        open_writer(open_folder / "other.db")

    def read() -> None:
        os.setuid(65534)
        with closing(open_reader(path)) as db:
            assert feeds.feed_states(db) == []

    assert "check the permissions" in in_child(write)
    assert "check the permissions" in in_child(create)
    assert in_child(read) == "", "a database at rest can be read without a right to write"
    with closing(open_writer(path)):
        for file in open_folder.glob("feedd.db*"):
            file.chmod(0o444)
        assert in_child(read) == "", "and one that the daemon has open"


@pytest.mark.skipif(os.getuid() != 0, reason="takes on another user, which only root can")
def test_a_reader_without_a_right_to_write_is_never_shown_old_items_for_new(
    db: sqlite3.Connection, path: Path, open_folder: Path
) -> None:
    arrive(db, "a", entry(1))
    copy = open_folder / "feedd.db"
    log = copy.with_name("feedd.db-wal")
    for source in (path, path.with_name("feedd.db-wal")):
        shutil.copy(source, copy.with_name(source.name))
        copy.with_name(source.name).chmod(0o444)
    open_folder.chmod(0o555)
    assert log.stat().st_size > 0

    def read() -> None:
        os.setuid(65534)
        open_reader(copy).close()

    assert "can't be opened" in in_child(read), "the newest items are in the log"
    with closing(open_writer(copy)):
        pass
    log.touch()
    log.chmod(0o444)
    assert in_child(read) == ""


def test_a_full_disk_is_told_and_nothing_is_lost(db: sqlite3.Connection, path: Path) -> None:
    arrive(db, "a", entry(1))

    def fill() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with closing(open_writer(path)) as mine:
            size = path.stat().st_size + 200_000
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            arrive(mine, "a", *(entry(n, html=os.urandom(4000).hex()) for n in range(2, 400)))

    assert "no space left" in in_child(fill)
    assert rows(db, "SELECT key FROM entries") == ["guid-1"]
    assert len(arrive(db, "a", entry(2))) == 1, "and it goes on when there is space again"
    assert rows(db, "PRAGMA integrity_check") == ["ok"]


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_taken_away_is_noticed_before_anything_is_lost(
    db: sqlite3.Connection, path: Path, replaced: bool
) -> None:
    for file in path.parent.glob("feedd.db*"):
        file.unlink()
    if replaced:
        open_writer(path).close()
    with pytest.raises(StoreError, match="replaced while in use" if replaced else "deleted"):
        arrive(db, "a", entry(1))
    db.close()
    with closing(open_writer(path)) as again:
        feeds.sync_feeds(again, configs("a"), NOW)
        assert len(arrive(again, "a", entry(1))) == 1


def test_waiting_for_another_writer_ends_in_words(db: sqlite3.Connection, path: Path) -> None:
    with closing(open_writer(path)) as other:
        other.execute("PRAGMA busy_timeout = 20")
        with transaction(db), pytest.raises(StoreError, match="in use by another program"):
            set_meta(other, "key", "value")
        set_meta(other, "key", "value")
    assert get_meta(db, "key") == "value"


def test_readers_never_wait_for_writers(db: sqlite3.Connection, reader: sqlite3.Connection) -> None:
    reader.execute("PRAGMA busy_timeout = 0")
    with transaction(db):
        db.execute("DELETE FROM feeds")
        assert len(feeds.feed_states(reader)) == 3


def test_a_snapshot_sees_one_state(db: sqlite3.Connection, reader: sqlite3.Connection) -> None:
    with snapshot(reader):
        before = len(feeds.feed_states(reader))
        feeds.sync_feeds(db, configs("a", "b", "c", "d"), NOW)
        assert len(feeds.feed_states(reader)) == before
    assert len(feeds.feed_states(reader)) == before + 1


def test_a_failed_transaction_leaves_nothing(db: sqlite3.Connection) -> None:
    def fail() -> None:
        with transaction(db):
            set_meta(db, "key", "value")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert get_meta(db, "key") is None


def test_what_a_person_did_is_synced_and_then_speed_returns(db: sqlite3.Connection) -> None:
    with synced(db):
        assert rows(db, "PRAGMA synchronous") == [2]
    assert rows(db, "PRAGMA synchronous") == [1]
    assert rows(db, "PRAGMA journal_mode") == ["wal"]
    assert rows(db, "PRAGMA foreign_keys") == [1]


def test_a_second_daemon_is_told_who_is_first(path: Path) -> None:
    assert daemon_pid(path) is None
    with hold_daemon_lock(path):
        assert daemon_pid(path) == os.getpid()
        with pytest.raises(StoreError, match=f"process {os.getpid()}"):
            hold_daemon_lock(path)
    assert daemon_pid(path) is None
    with hold_daemon_lock(path):
        assert daemon_pid(path) == os.getpid()


def test_a_killed_daemon_leaves_the_way_free(path: Path) -> None:
    code = (
        "import sys, time, pathlib; from feedd.store.daemon_lock import hold_daemon_lock;"
        "lock = hold_daemon_lock(pathlib.Path(sys.argv[1])); print(1, flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    child.stdout.readline()
    assert daemon_pid(path) == child.pid
    child.kill()
    child.wait()
    child.stdout.close()
    deadline = time.monotonic() + 5
    while daemon_pid(path) is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    with hold_daemon_lock(path):
        assert daemon_pid(path) == os.getpid()


def test_reading_commands_import_little() -> None:
    """sqlite-utils takes longer to import than a list takes to print."""
    code = (
        "import sys\n"
        "from feedd.store import items, marks, feeds, articles, database\n"
        "from feedd.store.search import results\n"
        "heavy = {'sqlite_utils', 'lxml', 'nh3', 'zstandard', 'httpx', 'asyncio', 'feedparser'}\n"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_what_others_may_have_written_is_not_believed(path: Path, db: sqlite3.Connection) -> None:
    set_meta(db, "told", "well")
    assert noted(path, "told") == "well"
    assert noted(path, "nothing") is None
    for mode in (0o620, 0o602, 0o666):
        path.chmod(mode)
        assert noted(path, "told") is None, oct(mode)
    path.chmod(0o644)
    assert noted(path, "told") == "well"
    assert noted(path.parent, "told") is None
    assert noted(path.with_name("none.db"), "told") is None
    if os.geteuid() == 0:
        os.chown(path, 12345, -1)
        assert noted(path, "told") is None
        os.chown(path, 0, -1)


def test_a_message_names_the_file_where_there_is_one(path: Path, db: sqlite3.Connection) -> None:
    assert path_of(db) == str(path)
    with closing(sqlite3.connect(":memory:")) as memory:
        assert path_of(memory) == "in memory"
    assert path_of(memory) == "(closed)"
