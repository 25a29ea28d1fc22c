"""What disks, clocks and other programs do to a running daemon, and how it goes on."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from feedd.store.database import open_writer
from feedd.store.upkeep.integrity import check
from tests.daemon.conftest import Place, eventually
from tests.loopback import Loopback, Reply
from tests.poller.conftest import House, rss

pytestmark = pytest.mark.slow

DAY_S = 86_400


@pytest.mark.parametrize("name", ["deleted", "replaced"])
def test_a_database_taken_away_is_told_and_its_successor_used_without_a_restart(
    place: Place, name: str
) -> None:
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the feed is stored")
    path = place.folder / "feedd.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = place.folder / "copy.db"
    shutil.copy(path, copy)
    for file in place.folder.glob("feedd.db*"):
        if file.suffix != ".lock":
            file.unlink()
    if name == "replaced":
        copy.rename(path)
    eventually(lambda: place.lines(f"was {name} while in use"), "it is told")
    eventually(lambda: feed_names(path) == ["a"], "the file in its place is used")
    eventually(lambda: place.titles() == ["Item one"], "nothing is missing")
    assert place.stop(daemon) == 0
    assert check(path) == []


def test_a_copy_laid_over_the_database_ends_the_daemon_before_it_writes_into_it(
    place: Place,
) -> None:
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the feed is stored")
    copy = place.folder / "copy.db"
    assert place.command("backup", str(copy)).returncode == 0
    whole = copy.read_bytes()
    place.feed("a", rss("one", "two"))
    place.make_due()
    eventually(lambda: len(place.titles()) == 2, "the log holds more than the copy")
    shutil.copy(copy, place.database)
    assert daemon.wait(30) == 4
    assert place.lines("a copy was put in the place of the database") == 1
    assert place.database.read_bytes() == whole
    assert place.command("list").returncode == 4
    said = place.command("restore", str(copy))
    assert said.returncode == 0, said.stderr
    assert place.command("check").returncode == 0
    assert place.titles() == ["Item one"]


def test_a_backup_is_restored_by_a_command_but_not_under_a_daemon(place: Place) -> None:
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the feed is stored")
    copy = place.folder / "copy.db"
    assert place.command("backup", str(copy)).returncode == 0
    assert place.command("mark", "read", "--all").returncode == 0
    said = place.command("restore", str(copy))
    assert said.returncode == 4
    assert "stop it first" in said.stderr
    assert place.stop(daemon, signal.SIGKILL) == -signal.SIGKILL
    said = place.command("restore", str(copy))
    assert said.returncode == 0
    assert "is kept as" in said.stderr
    assert "Item one" in place.command("list").stdout, "unread, as in the backup"
    assert place.command("check").returncode == 0


def feed_names(path: Path) -> list[str]:
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=10)) as db:
        try:
            return [row[0] for row in db.execute("SELECT name FROM feeds")]
        except sqlite3.OperationalError:
            return []


def test_a_full_disk_is_told_once_and_polling_resumes_when_there_is_room(place: Place) -> None:
    texts = [(f"{n}", os.urandom(6000).hex()) for n in range(60)]
    place.feed("small", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the first feed is stored")
    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
    place.feed("large", Reply(200, {"ETag": '"1"'}, rss(*texts)))
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: place.lines("no space left"), "the full disk is told")
    assert place.lines("trying again") == 1
    assert daemon.poll() is None
    assert place.titles() == ["Item one"], "all of a poll or nothing"
    resource.prlimit(
        daemon.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    )
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: len(place.titles()) == 61, "what did not fit is there now")
    assert place.stop(daemon) == 0
    assert check(place.folder / "feedd.db") == []


def test_a_daemon_without_a_file_to_open_blames_no_feed_and_goes_on_when_it_may(
    place: Place,
) -> None:
    place.feed("a", Reply(200, body=rss("one"), close=True))  # each poll needs a connection
    daemon = place.start()
    eventually(place.titles, "the feed is stored")
    place.loopback.on("/a", rss("one", "two"))
    before = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (3, before[1]))
    place.make_due()
    eventually(lambda: place.lines("too many open files"), "it is told")
    with closing(sqlite3.connect(place.database)) as db:
        assert db.execute("SELECT failures, last_error FROM feeds").fetchall() == [(0, None)]
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, before)
    eventually(lambda: len(place.titles()) == 2, "it goes on", patience_s=60)
    assert place.stop(daemon) == 0
    assert place.lines("please report") == 0


def from_the_future(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")


def damaged(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xaa" * (size - 8192))


def no_database(path: Path) -> None:
    path.write_bytes(b"Dear diary\n" * 1000)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (from_the_future, "written by a newer feedd"),
        (damaged, "damaged"),
        (no_database, "is not a feedd database"),
    ],
)
@pytest.mark.parametrize("command", [("list",), ("poll", "--all"), ("run",), ("mark", "read", "1")])
def test_a_database_that_cant_be_used_is_one_line_and_exit_code_4(
    place: Place, harm: Callable[[Path], None], words: str, command: tuple[str, ...]
) -> None:
    place.feed("a", rss("one"))
    path = place.folder / "feedd.db"
    open_writer(path).close()
    harm(path)
    before = path.read_bytes()
    done = place.command(*command)
    assert done.returncode == 4, done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert path.read_bytes() == before, "it is left as it was"


def test_a_clock_a_day_ahead_and_back_leaves_no_feed_waiting(
    tmp_path: Path, loopback: Loopback
) -> None:
    house = House(tmp_path, loopback)
    house.feed("a")
    loopback.on("/a", rss("one"))
    house.poll()
    right = house.now
    house.now = right + DAY_S
    loopback.on("/a", rss("one", "two"))
    house.poll()
    assert len(house.items()) == 2
    house.now = right
    house.poll()
    due = house.state("a").next_poll
    assert due is not None
    assert right < due < right + house.settings.max_interval_s + 600
    loopback.on("/a", rss("one", "two", "three"))
    house.poll_when_due("a")
    assert [item.title for item in house.items(oldest=True)].count("Item three") == 1
    assert len(house.items()) == 3
