"""A machine whose clock is set and whose disk fails under the running daemon."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from feedd.store.upkeep.integrity import check
from tests.daemon.conftest import Place, compiled, eventually
from tests.loopback import Reply
from tests.poller.conftest import rss

pytestmark = pytest.mark.slow

DAY_S = 86_400


class Machine:
    """What the daemon takes for its machine; see machine.c."""

    def __init__(self, place: Place) -> None:
        self._said = place.folder / "machine"
        place.environment |= {
            "LD_PRELOAD": str(place.folder / "machine.so"),
            "FEEDD_MACHINE": str(self._said),
        }
        self.set()

    def set(self, *, ahead_s: int = 0, error: int = 0) -> None:
        """From now on the clock is so far ahead, and what is written to the database fails so."""
        new = self._said.with_suffix(".new")
        new.write_text(f"{ahead_s} {error}")
        new.rename(self._said)


@pytest.fixture
def machine(place: Place) -> Machine:
    compiled("machine.c", place.folder / "machine.so", "-shared", "-fPIC")
    return Machine(place)


def test_a_clock_set_back_by_a_day_stops_nothing(place: Place, machine: Machine) -> None:
    machine.set(ahead_s=DAY_S)
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the feed is stored")
    machine.set()
    eventually(lambda: place.lines("the clock went back"), "it is noticed")
    eventually(lambda: due(place.database) < time.time() + DAY_S / 2, "no feed waits for that day")
    place.loopback.on("/a", rss("one", "two"))
    place.make_due()
    eventually(lambda: len(place.titles()) == 2, "feeds are asked as before")
    assert place.stop(daemon) == 0


def test_a_clock_set_ahead_by_half_a_century_stops_nothing(place: Place, machine: Machine) -> None:
    machine.set(ahead_s=-50 * 365 * DAY_S)
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the feed is stored")
    machine.set()
    place.loopback.on("/a", rss("one", "two"))
    place.make_due()
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: len(place.titles()) == 2, "feeds are asked as before")
    assert place.stop(daemon) == 0


@pytest.mark.parametrize("failure", ["EROFS", "EIO", "ENOSPC"])
def test_a_disk_that_takes_no_more_is_told_once_and_used_again_when_it_does(
    place: Place, machine: Machine, failure: str
) -> None:
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the feed is stored")
    place.loopback.on("/a", Reply(200, {"ETag": '"2"'}, rss("one", "two")))
    place.make_due()
    machine.set(error=getattr(errno, failure))
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: place.lines("no space left"), "it is told")
    assert place.lines("trying again") == 1
    assert daemon.poll() is None
    assert place.titles() == ["Item one"], "all of a poll or nothing"
    machine.set()
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: len(place.titles()) == 2, "what could not be kept is asked for again")
    assert place.stop(daemon) == 0
    assert check(place.database) == []


def test_a_page_damaged_under_the_daemon_is_told_and_a_backup_used_without_a_restart(
    place: Place,
) -> None:
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the feed is stored")
    backup = place.folder / "backup.db"
    assert place.command("backup", str(backup)).returncode == 0
    with closing(sqlite3.connect(place.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damage(place.database)
    place.loopback.on("/a", Reply(200, {"ETag": '"2"'}, rss("one", "two")))
    place.feed("b", rss("three"))
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: place.lines("damaged"), "it is told")
    assert daemon.poll() is None
    assert place.command("list").returncode == 4
    for log in place.folder.glob("feedd.db-*"):
        log.unlink()
    backup.rename(place.database)
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: "Item three" in place.titles(), "the backup is used")
    place.make_due()
    eventually(lambda: len(place.titles()) == 3, "nothing is missing")
    assert place.stop(daemon) == 0
    assert check(place.database) == []


def due(database: Path) -> int:
    """When the only feed is asked next."""
    with closing(sqlite3.connect(database)) as db:
        (next_poll,) = db.execute("SELECT next_poll FROM feeds").fetchone()
    return int(next_poll)


def damage(path: Path) -> None:
    """Every page but the first holds what nobody wrote."""
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xaa" * (path.stat().st_size - 8192))


@pytest.fixture
def small_disk(place: Place) -> Path:
    """A disk of 2 MB that only this place's daemon sees."""
    disk = place.folder / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size=2m tmpfs {disk}"
    if subprocess.run(["unshare", "--mount", "sh", "-c", mount], capture_output=True).returncode:
        pytest.skip("may not mount a disk here")
    place.wrapper = ("unshare", "--mount", "sh", "-c", f'{mount} && exec "$@"', "sh")
    place.database = disk / "feedd.db"
    return disk


def test_a_small_disk_that_fills_up_is_told_and_polling_resumes_when_it_grows(
    place: Place, small_disk: Path
) -> None:
    texts = [(f"{n}", os.urandom(6_000).hex()) for n in range(200)]
    place.feed("small", rss("one"))
    daemon = place.start()
    beside = ("nsenter", f"--mount=/proc/{daemon.pid}/ns/mnt")
    place.wrapper = beside
    eventually(lambda: listed(place) == ["Item one"], "the first feed is stored")
    place.feed("large", rss(*texts))
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: place.lines("no space left"), "the full disk is told")
    assert daemon.poll() is None
    assert listed(place) == ["Item one"], "all of a poll or nothing"
    subprocess.run([*beside, "mount", "-o", "remount,size=90m", small_disk], check=True)
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: len(listed(place)) == 201, "what did not fit is there now")
    assert place.command("check").returncode == 0
    assert place.stop(daemon) == 0


def listed(place: Place) -> list[str]:
    """The titles that a reader sees."""
    done = place.command("list", "--limit", "999", "--json")
    return [json.loads(line)["title"] for line in done.stdout.splitlines()]


@pytest.fixture
def no_privileges(place: Place) -> None:
    """Permissions bind root too."""
    if os.getuid() == 0:
        drop = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
        if shutil.which("setpriv") is None or subprocess.run([*drop, "true"]).returncode:
            pytest.skip("root can't give up its privileges here")
        place.wrapper = drop


@pytest.mark.usefixtures("no_privileges")
def test_a_read_only_database_can_be_read_and_says_why_it_can_not_be_written(place: Place) -> None:
    place.feed("a", rss("one"))
    assert place.command("poll", "--all").returncode == 0
    before = place.database.read_bytes()
    place.database.chmod(0o400)
    place.folder.chmod(0o500)
    try:
        listed = place.command("list")
        refused = {name: place.command(*name.split()) for name in ("poll --all", "mark read 1")}
    finally:
        place.folder.chmod(0o700)
    assert listed.returncode == 0, listed.stderr
    assert "Item one" in listed.stdout
    for name, done in refused.items():
        assert done.returncode == 4, name
        assert "permissions" in done.stderr, name
        assert done.stderr.count("\n") == 1, name
    assert place.database.read_bytes() == before
