"""The daemon is ended at random moments while a server publishes and a person marks.

`make torture` does it 100 times a signal, `make test` ten times: FEEDD_KILLS says how often.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from feedd.store.upkeep.integrity import check
from tests.daemon.conftest import FEEDD, Place, eventually
from tests.loopback import Reply, Seen
from tests.poller.conftest import rss

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("FEEDD_KILLS", "10"))
FEEDS = 8
WINDOW = 30
"""So many items a feed shows: whoever misses more requests than that loses items."""


class Publisher:
    """A feed that has one numbered item more at every request, and shows the last `WINDOW`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.published = 0

    def __call__(self, seen: Seen) -> Reply:
        self.published += 1
        first = max(0, self.published - WINDOW)
        items = [f"{self.name}-{n}" for n in range(first, self.published)]
        return Reply(200, {"ETag": f'"{self.published}"'}, rss(*items))


class Person(threading.Thread):
    """Stars every third item that it sees, and reads the others; remembers what it did."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.starred: set[str] = set()
        self.read: set[str] = set()
        self.told: list[str] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.1):
            new = [
                row
                for row in ids(self.place.folder / "feedd.db")
                if str(row) not in self.starred | self.read
            ][:20]
            for verb, known, chosen in (
                ("star", self.starred, [str(n) for n in new if n % 3 == 0]),
                ("read", self.read, [str(n) for n in new if n % 3]),
            ):
                if chosen:
                    done = self.place.command("mark", verb, *chosen)
                    if done.returncode == 0:
                        known.update(chosen)
                    else:
                        self.told.append(done.stderr)


def ids(path: Path) -> list[int]:
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=10)) as db:
        try:
            return [row[0] for row in db.execute("SELECT entry_id FROM marks ORDER BY 1 DESC")]
        except sqlite3.OperationalError:
            return []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda n: n.name)
def test_whatever_ends_the_daemon_nothing_is_lost_doubled_or_stuck(
    place: Place, number: signal.Signals
) -> None:
    publishers = [Publisher(f"feed{n}") for n in range(FEEDS)]
    for publisher in publishers:
        place.feed(publisher.name, publisher)
    path = place.folder / "feedd.db"
    assert place.command("poll", "--all").returncode == 0
    rng = random.Random(20)
    person = Person(place)
    person.start()
    codes = set()
    try:
        for _ in range(KILLS):
            place.make_due()
            daemon = start_unseen(place)
            time.sleep(rng.uniform(0.1, 1.6))
            daemon.send_signal(number)
            codes.add(daemon.wait(15))
    finally:
        person.over.set()
        person.join()
    assert codes <= {0, -number}
    assert person.told == []
    assert person.starred
    place.make_due()
    stopping = place.start()
    eventually(lambda: not due(path), "no feed is stuck")
    assert place.stop(stopping) == 0
    assert check(path) == []
    wanted = [f"Item {p.name}-{n}" for p in publishers for n in range(p.published)]
    assert place.titles() == sorted(wanted)
    with closing(sqlite3.connect(path)) as db:
        starred = {str(row[0]) for row in db.execute(_WITH.format("starred_at"))}
        read = {str(row[0]) for row in db.execute(_WITH.format("read_at"))}
        bodies = db.execute("SELECT count(*) FROM contents WHERE length(body) = 0").fetchone()
    assert person.starred <= starred
    assert person.read <= read
    assert bodies == (0,), "no entry without its content"


_WITH = "SELECT entry_id FROM marks WHERE {} IS NOT NULL"


def due(path: Path) -> int:
    with closing(sqlite3.connect(path, timeout=10)) as db:
        query = "SELECT count(*) FROM feeds WHERE next_poll <= ?"
        return int(db.execute(query, (time.time(),)).fetchone()[0])


def start_unseen(place: Place) -> subprocess.Popen[bytes]:
    """A daemon that nobody waits for: it may be killed before it is ready."""
    with place.log.open("ab") as log:
        daemon = subprocess.Popen(
            [*FEEDD, "--config", str(place.config), "run"], stdout=log, stderr=log
        )
    place.watch(daemon)
    return daemon


def test_ten_processes_at_once_hear_of_no_lock_and_lose_nothing(place: Place) -> None:
    publishers = [Publisher(f"feed{n}") for n in range(FEEDS)]
    for publisher in publishers:
        place.feed(publisher.name, publisher)
    place.loopback.on("/added", rss("added"))
    assert place.command("poll", "--all").returncode == 0
    daemon = place.start()
    everything = [str(n) for n in ids(place.folder / "feedd.db")]
    commands = [
        ("poll", "--all"),
        ("poll", "feed0"),
        ("list", "--all", "--json"),
        ("list",),
        ("search", "item"),
        ("mark", "star", *everything[::2]),
        ("mark", "read", *everything[1::2]),
        ("add", place.loopback.url("/added"), "--name", "added"),
        ("backup", str(place.folder / "copy.db")),
    ]
    done = [
        subprocess.Popen(
            [sys.executable, "-m", "feedd", "--config", str(place.config), *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    told = [one.communicate(timeout=60)[1] for one in done]
    assert [one.returncode for one in done] == [0] * len(done), told
    assert "locked" not in "".join(told)
    assert place.command("poll", "--all").returncode == 0
    assert place.stop(daemon) == 0
    assert "locked" not in place.log.read_text()
    assert check(place.folder / "feedd.db") == []
    assert check(place.folder / "copy.db") == []
    wanted = [f"Item {p.name}-{n}" for p in publishers for n in range(p.published)]
    assert place.titles() == sorted([*wanted, "Item added"])
    with closing(sqlite3.connect(place.folder / "feedd.db")) as db:
        marked = db.execute(
            "SELECT count(starred_at), count(read_at) FROM marks WHERE entry_id <= ?",
            (int(everything[0]),),
        ).fetchone()
    assert marked == (len(everything[::2]), len(everything[1::2]))
