"""The daemon as its user meets it: started, signalled, killed, started again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.daemon.conftest import FEEDD, Manager, Place, eventually
from tests.loopback import Reply, Seen
from tests.poller.conftest import rss

pytestmark = pytest.mark.slow


def test_new_feeds_are_polled_at_once_and_a_restart_asks_nothing_again(place: Place) -> None:
    place.feed("a", rss("one"))
    place.feed("b", rss("two"))
    daemon = place.start()
    eventually(lambda: place.titles() == ["Item one", "Item two"], "both feeds are stored")
    assert place.stop(daemon) == 0
    asked = len(place.loopback.seen)
    for _ in range(2):
        again = place.start()
        time.sleep(0.3)
        place.stop(again)
    assert len(place.loopback.seen) == asked == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_within_ten_seconds_even_while_a_server_hangs(
    place: Place, number: int
) -> None:
    place.feed("hangs", Reply(delay_s=60.0))
    daemon = place.start()
    eventually(lambda: place.loopback.seen, "the feed was asked")
    began = time.monotonic()
    assert place.stop(daemon, number) == 0
    assert time.monotonic() - began < 10


def test_a_second_daemon_is_refused_and_told_who_holds_the_database(place: Place) -> None:
    place.feed("a", rss("one"))
    first = place.start()
    second = place.start()
    assert second.wait(5) == 4
    assert f"process {first.pid}" in place.log.read_text()


def test_sighup_takes_up_the_file_as_it_is_now(place: Place) -> None:
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the first feed is stored")
    place.feed("b", rss("two"))
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: len(place.titles()) == 2, "the new feed is polled")
    assert len(place.loopback.seen_for("/a")) == 1


def test_sighup_takes_up_changed_settings(place: Place) -> None:
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the first feed is stored")
    place.settings += "concurrency = 3\n"
    place.feed("b", rss("two"))
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: len(place.titles()) == 2, "the new feed is polled")
    assert place.stop(daemon) == 0


def test_a_bad_file_on_reload_is_reported_and_the_old_one_stays_in_force(place: Place) -> None:
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the first feed is stored")
    place.settings += 'intervall = "1h"\n'
    place.feed("b", rss("two"))
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: place.lines("stays in force"), "the refusal is logged")
    assert "did you mean interval?" in place.log.read_text()
    assert daemon.poll() is None


def test_a_file_that_changes_is_taken_up_without_being_told(place: Place) -> None:
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "the first feed is stored")
    place.feed("b", rss("two"))
    eventually(lambda: len(place.titles()) == 2, "the new feed is polled")
    place.settings += 'intervall = "1h"\n'
    place.feed("c", rss("three"))
    eventually(lambda: place.lines("stays in force"), "a bad file is reported")
    place.settings = place.settings.replace('intervall = "1h"\n', "")
    place.write()
    eventually(lambda: len(place.titles()) == 3, "it is good again")
    assert place.lines("stays in force") == 1
    assert daemon.poll() is None


def test_that_the_file_is_gone_is_said_once_and_it_is_taken_up_when_it_is_back(
    place: Place,
) -> None:
    place.feed("a", rss("one"))
    place.start()
    eventually(place.titles, "the first feed is stored")
    place.config.unlink()
    eventually(lambda: place.lines("stays in force"), "that it is gone is reported")
    place.feed("b", rss("two"))
    eventually(lambda: len(place.titles()) == 2, "it is back")
    assert place.lines("stays in force") == 1


def test_a_feed_taken_out_of_the_file_is_asked_no_more(place: Place) -> None:
    place.settings += 'interval = "1s"\nmin_interval = "1s"\nadaptive = false\n'
    place.feed("stays", rss("one"))
    place.feed("goes", rss("two"))
    place.start()
    asked = place.loopback.seen_for
    eventually(lambda: len(asked("/goes")) > 1, "both feeds are asked again and again")
    del place.feeds["goes"]
    place.write()
    eventually(lambda: place.lines("reloaded"), "the file is taken up")
    before, others = len(asked("/goes")), len(asked("/stays"))
    eventually(lambda: len(asked("/stays")) > others + 3, "the other feed is asked as before")
    assert len(asked("/goes")) <= before + 1, "but for a request that was under way"


def test_sighup_before_it_is_ready_waits_and_hundreds_do_no_harm(place: Place) -> None:
    place.feed("a", rss("one"))
    with place.log.open("ab") as log:
        daemon = subprocess.Popen(
            [*FEEDD, "--verbose", "--config", str(place.config), "run"], stdout=log, stderr=log
        )
    place.watch(daemon)
    eventually(lambda: ignores_sighup(daemon.pid) or daemon.poll() is not None, "Python runs")
    while not place.lines("ready:") and daemon.poll() is None:
        daemon.send_signal(signal.SIGHUP)
        time.sleep(0.002)
    place.feed("b", rss("two"))
    for _ in range(500):
        daemon.send_signal(signal.SIGHUP)
    eventually(lambda: len(place.titles()) == 2, "both feeds are stored")
    assert place.stop(daemon) == 0
    assert len(place.loopback.seen) == 2
    assert place.lines("Traceback") == 0
    assert place.lines("apscheduler") == place.lines("Run time of job") == 0


def ignores_sighup(pid: int) -> bool:
    """Before that, nothing that a program does could keep it from being ended."""
    status = Path(f"/proc/{pid}/status").read_text()
    ignored = next(line for line in status.splitlines() if line.startswith("SigIgn:"))
    return bool(int(ignored.split()[1], 16) & 1 << (signal.SIGHUP - 1))


def test_killed_in_the_middle_of_a_poll_nothing_is_lost_or_doubled(place: Place) -> None:
    published: list[str] = []

    def growing(seen: Seen) -> Reply:
        published.append(f"item-{len(published)}")
        return Reply(200, {"ETag": f'"{len(published)}"'}, rss(*published), delay_s=0.02)

    for number in range(6):
        place.feed(f"still{number}", rss(f"still-{number}"))
    place.feed("grows", growing)
    rng = random.Random(7)
    for _ in range(10):
        daemon = place.start()
        time.sleep(rng.random() * 0.4)
        place.stop(daemon, signal.SIGKILL)
    done = place.command("poll", "--all")
    assert done.returncode == 0, done.stderr
    wanted = [f"Item {name}" for name in published] + [f"Item still-{n}" for n in range(6)]
    assert place.titles() == sorted(wanted)
    assert place.command("check").returncode == 0


def test_without_a_network_it_says_so_in_one_line_and_blames_no_feed(place: Place) -> None:
    place.feeds = {name: f"http://{name}.invalid/feed" for name in ("a", "b", "c")}
    place.write()
    place.start()
    eventually(lambda: place.lines("no network"), "the outage is logged")
    time.sleep(0.2)
    assert place.lines("no network") == 1
    assert place.lines(".invalid") == 0


def test_the_service_manager_is_told_of_start_reload_and_stop(
    place: Place, manager: Manager
) -> None:
    place.environment = {
        "NOTIFY_SOCKET": str(manager.path),
        "WATCHDOG_USEC": "400000",
        "JOURNAL_STREAM": "8:1",
    }
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(lambda: manager.said("READY=1"), "READY=1")
    eventually(lambda: manager.said("WATCHDOG=1") >= 2, "WATCHDOG=1, again and again")
    daemon.send_signal(signal.SIGHUP)
    eventually(lambda: manager.said("RELOADING=1"), "RELOADING=1")
    eventually(lambda: manager.said("READY=1") == 2, "READY=1 after the reload")
    place.stop(daemon)
    assert manager.said("STOPPING=1") == 1
    log = place.log.read_text().splitlines()
    assert log
    assert all(line.startswith(("<3>", "<4>", "<6>", "<7>")) for line in log)


def test_workers_do_not_outlive_a_killed_daemon(place: Place) -> None:
    place.feed("a", rss("one"))
    daemon = place.start()
    eventually(place.titles, "a worker has read the feed")
    children = [
        int(pid) for pid in os.listdir("/proc") if pid.isdigit() and _parent(int(pid)) == daemon.pid
    ]
    assert children
    place.stop(daemon, signal.SIGKILL)
    eventually(lambda: not any(map(_runs, children)), "the workers end")


def _parent(pid: int) -> int | None:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
