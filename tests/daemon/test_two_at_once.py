"""Two processes on one database: what one is doing the other does not do once more (rule 17)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter

import pytest

from tests.daemon.conftest import Place, eventually
from tests.loopback import Reply, Seen
from tests.poller.conftest import rss
from tests.poller.stories import feed_of, page

pytestmark = pytest.mark.slow


class HeldBack:
    """An answer that is given once the test says so; `asked` from the first request on."""

    def __init__(self, body: bytes, media: str) -> None:
        self.asked = threading.Event()
        self.released = threading.Event()
        self._reply = Reply(headers={"Content-Type": media}, body=body)

    def __call__(self, request: Seen) -> Reply:
        self.asked.set()
        self.released.wait(60)
        return self._reply


def started(place: Place, *arguments: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "feedd", "--config", str(place.config), *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    place.watch(process)  # type: ignore[arg-type]
    return process


def asked(place: Place) -> Counter[str]:
    return Counter(seen.path for seen in place.loopback.seen)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    return process.stderr.readline().rstrip()


def test_a_pass_that_starts_while_another_one_asks_asks_no_server_again(place: Place) -> None:
    slow = HeldBack(rss("p"), "application/rss+xml")
    place.feed("slow", slow)
    place.feed("quick", rss("q"))
    first = started(place, "poll")
    assert slow.asked.wait(30)
    second = started(place, "poll")
    assert first_line(second) == "waiting for another feedd poll"
    slow.released.set()
    assert first.wait(60) == 0
    assert "no feed is due" in second.communicate(timeout=60)[1]
    assert asked(place) == {"/slow": 1, "/quick": 1}


def test_a_pass_that_was_killed_keeps_nobody_waiting(place: Place) -> None:
    slow = HeldBack(rss("p"), "application/rss+xml")
    place.feed("slow", slow)
    first = started(place, "poll")
    assert slow.asked.wait(30)
    second = started(place, "poll")
    assert first_line(second) == "waiting for another feedd poll"
    first.kill()
    slow.released.set()
    assert second.wait(60) == 0
    assert place.titles() == ["Item p"]


def test_a_feed_named_by_its_user_is_asked_though_a_pass_over_others_is_under_way(
    place: Place,
) -> None:
    slow = HeldBack(rss("p"), "application/rss+xml")
    place.feed("slow", slow)
    place.feed("wanted", rss("q"))
    first = started(place, "poll")
    assert slow.asked.wait(30)
    eventually(lambda: "/wanted" in asked(place), "the other feed of the pass")
    assert place.command("poll", "wanted").returncode == 0
    assert "Item q" in place.titles()
    slow.released.set()
    assert first.wait(60) == 0


def test_pages_that_the_daemon_is_fetching_are_not_fetched_by_a_poll_beside_it(
    place: Place,
) -> None:
    place.settings = 'articles = "auto"\n'
    slow = HeldBack(page("a"), "text/html")
    place.feed("f", feed_of(place.loopback, "a", "b"))
    place.loopback.on("/page/a", slow)
    place.loopback.on("/page/b", Reply(headers={"Content-Type": "text/html"}, body=page("b")))
    daemon = place.start()
    assert slow.asked.wait(60)
    beside = started(place, "poll", "f")
    assert first_line(beside) == "waiting for another feedd that fetches articles"
    slow.released.set()
    assert beside.wait(60) == 0
    assert place.stop(daemon) == 0
    pages = {path: times for path, times in asked(place).items() if path.startswith("/page/")}
    assert pages == {"/page/a": 1, "/page/b": 1}


def test_where_no_turns_can_be_kept_a_pass_asks_as_if_it_were_alone(place: Place) -> None:
    place.feed("f", rss("p"))
    (place.folder / "feedd.db.turns").mkdir()
    assert place.command("poll").returncode == 0
    assert place.titles() == ["Item p"]


def test_in_a_folder_of_a_group_every_member_may_take_a_turn(place: Place) -> None:
    place.feed("f", rss("p"))
    place.folder.chmod(0o2770)
    before = os.umask(0o077)
    try:
        assert place.command("poll").returncode == 0
    finally:
        os.umask(before)
    assert (place.folder / "feedd.db.turns").stat().st_mode & 0o777 == 0o660
