"""`feedd tail`: events as lines and as objects, and going on after a restart."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call, Feedd
from tests.cli.stocked import Stocked, entry, stock_many, store
from tests.loopback import Loopback, Reply
from tests.poller.conftest import rss

KEYS = ["v", "cursor", "at", "event", "feed", "id", "item"]


def test_the_last_events_are_lines_for_a_person(feedd: Feedd) -> None:
    said = feedd("tail", "-n", "3")
    assert said.code == 0
    assert len(said.lines) == 3
    assert any("new" in line and "nihongo" in line for line in said.lines)
    assert len(feedd("tail").lines) == 10
    assert feedd("tail", "-n", "0").out == ""


def test_an_event_is_an_object_with_every_key_and_the_item(feedd: Feedd, stocked: Stocked) -> None:
    events = feedd("tail", "-n", "100", "--json").records
    assert {event["v"] for event in events} == {1}
    new = [event for event in events if event["event"] == "new"]
    assert len(new) == 10
    assert all(list(event) == KEYS for event in new)
    listed = {item["id"]: item for item in feedd("list", "--all", "--every", "--json").records}
    for event in new:
        assert event["feed"] == event["item"]["feed"]
        assert event["at"].endswith("Z")
        if event["id"] in listed:
            assert event["item"] == listed[event["id"]]


def test_what_comes_after_a_cursor_comes_once_and_in_order(feedd: Feedd, stocked: Stocked) -> None:
    events = feedd("tail", "-n", "100", "--json").records
    for place in (0, 4, len(events) - 1):
        after = feedd("tail", "--json", "--after", events[place]["cursor"]).records
        assert [event["cursor"] for event in after] == [
            event["cursor"] for event in events[place + 1 :]
        ]
    store(stocked.database, "lwn", [entry("Fresh from the press", stocked.now)], stocked.now)
    (fresh,) = feedd("tail", "--json", "--after", events[-1]["cursor"]).records
    assert fresh["item"]["title"] == "Fresh from the press"


def test_however_many_came_after_a_cursor_all_are_told(feedd: Feedd, stocked: Stocked) -> None:
    (last,) = feedd("tail", "-n", "1", "--json").records
    stock_many(stocked, 1_100)
    assert len(feedd("tail", "--after", last["cursor"]).lines) == 1_100


@pytest.mark.parametrize(
    ("cursor", "said"), [("nonsense", "is no cursor"), ("feedbeef.1.0", "another database")]
)
def test_a_cursor_that_is_none_of_ours_is_one_line(feedd: Feedd, cursor: str, said: str) -> None:
    done = feedd("tail", "--json", "--after", cursor)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert said in done.err


def test_a_strangers_title_reaches_no_terminal_as_it_is(feedd: Feedd) -> None:
    said = feedd("tail", "-n", "100")
    assert not set(said.out) & set("\x1b\x07\u202e")
    assert "Evil red" in said.out


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_goes_on_until_it_is_stopped_and_that_is_no_failure(
    stocked: Stocked, ending: signal.Signals
) -> None:
    command = [sys.executable, "-m", "feedd", "tail", "-n", "0", "-f", "--json"]
    with subprocess.Popen(
        command, cwd=stocked.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as following:
        assert following.stdout is not None
        assert following.stderr is not None
        for title in ("First of all", "And then"):
            # Stored again and again until it is told: the program may not listen yet.
            store(stocked.database, "lwn", [entry(title, stocked.now)], stocked.now)
            event = json.loads(_next_line(following, stocked, title))
            assert (event["event"], event["item"]["title"]) == ("new", title)
        following.send_signal(ending)
        assert following.wait(20) == 0
        assert following.stderr.read() == ""


def _next_line(following: subprocess.Popen[str], stocked: Stocked, title: str) -> str:
    import select

    assert following.stdout is not None
    for _ in range(20):
        if select.select([following.stdout], [], [], 1.0)[0]:
            line = following.stdout.readline()
            if json.loads(line)["item"]["title"] == title:
                return line
            continue
        store(stocked.database, "lwn", [entry(title, stocked.now - 1)], stocked.now)
    raise AssertionError("nothing was told")


def test_a_feeds_troubles_and_articles_are_told_as_they_happen(
    call: Call, loopback: Loopback
) -> None:
    loopback.on("/a", rss("one"))
    Path("config.toml").write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n'
        f'[feeds]\na = "{loopback.url("/a")}"\n'
    )
    call("poll", "a")
    cursor = call("tail", "--json", "-n", "1").records[0]["cursor"]
    loopback.on("/a", Reply(500))
    for _ in range(4):
        call("poll", "a")
    loopback.on("/a", rss("one", "two"))
    call("poll", "a")
    told = call("tail", "--json", "--after", cursor).records
    assert [(event["event"], event["feed"], event["item"] is None) for event in told] == [
        ("broken", "a", True),
        ("repaired", "a", True),
        ("new", "a", False),
    ]
    assert told[0]["error"].startswith("500")
    assert told[0]["id"] is None
