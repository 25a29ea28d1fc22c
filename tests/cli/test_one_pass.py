"""`feedd poll`: who is asked, and what is said of those who are not."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from feedd.cli import one_pass
from feedd.cli.one_pass import waiting_words
from tests.cli.conftest import Call
from tests.loopback import Loopback, Reply, Seen
from tests.poller.conftest import rss


def configured(loopback: Loopback, *names: str) -> None:
    feeds = "".join(f'{name} = "{loopback.url(f"/{name}")}"\n' for name in names)
    Path("config.toml").write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\nper_host = 1\n'
        f'articles = "never"\n[feeds]\n{feeds}'
    )


def test_every_feed_has_its_line_also_where_its_host_asked_us_to_stop(
    call: Call, loopback: Loopback
) -> None:
    names = [f"f{number}" for number in range(8)]
    configured(loopback, *names)
    for name in names:
        loopback.on(f"/{name}", Reply(429, {"Retry-After": "172800"}))
    said = call("poll", "--all", "--json")
    assert said.code == 1
    assert len(loopback.seen) == 1
    assert sorted(record["feed"] for record in said.records) == names
    waits = [record["error"] for record in said.records if record["status"] is None]
    assert len(waits) == 7
    assert all("asked to wait 2 days more (Retry-After)" in error for error in waits)
    again = call("poll", "--all", "--json")
    assert len(loopback.seen) == 1
    assert sorted(record["feed"] for record in again.records) == names


def test_feeds_whose_host_asked_us_to_stop_are_one_line_and_not_called_asked_or_failed(
    call: Call, loopback: Loopback
) -> None:
    configured(loopback, *(f"f{number}" for number in range(8)))
    for number in range(8):
        loopback.on(f"/f{number}", Reply(429, {"Retry-After": "172800"}))
    said = call("poll")
    assert said.code == 1
    *told, summary = said.err.splitlines()
    assert len(told) == 2
    waiting = r"(f\d, ){4}f\d and 2 more: asked to wait 2 days more \(Retry-After\)"
    assert re.fullmatch(waiting, told[1])
    assert summary.startswith("1 feed asked, 0 new, 0 changed, 1 failed, 7 to be asked later (")
    again = call("poll", "f3")
    assert again.code == 1
    assert again.err.splitlines()[0] == "f3: asked to wait 2 days more (Retry-After)"
    assert "0 feeds asked, 0 new, 0 changed, 1 to be asked later (" in again.err


@pytest.mark.parametrize("files", [10, 12, 14, 16, 18])
def test_without_a_file_to_open_it_is_one_line_and_no_feed_is_blamed(
    call: Call, loopback: Loopback, files: int
) -> None:
    configured(loopback, "a", "b")
    for name in ("a", "b"):
        loopback.on(f"/{name}", rss(name))
    assert call("poll").code == 0
    for name in ("a", "b"):
        loopback.on(f"/{name}", rss(name, f"{name}-new"))
    limited = f'ulimit -n {files}; exec "$0" -m feedd --quiet poll --all'
    done = subprocess.run(
        ["bash", "-c", limited, sys.executable], capture_output=True, text=True, timeout=60
    )
    if done.returncode:
        assert done.stderr.count("\n") == 1
        assert "please report" not in done.stderr
    else:
        assert files > 10
    health = call("feeds", "--json").records
    assert [(feed["state"], feed["failures"]) for feed in health] == [("ok", 0)] * 2


def test_a_pass_in_which_all_goes_well_says_nothing_of_waiting(
    call: Call, loopback: Loopback
) -> None:
    configured(loopback, "a", "b")
    for name in ("a", "b"):
        loopback.on(f"/{name}", rss(name))
    said = call("poll", "--json")
    assert said.code == 0
    assert sorted(record["feed"] for record in said.records) == ["a", "b"]


def test_of_more_feeds_than_are_taken_up_at_once_none_is_left_out(
    call: Call, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_pass, "TAKEN_UP_AT_ONCE", 3)
    names = [f"f{number}" for number in range(8)]
    configured(loopback, *names)
    for name in names:
        loopback.on(f"/{name}", rss(name))
    loopback.on("/f4", Reply(429, {"Retry-After": "172800"}))
    said = call("poll", "--all", "--json")
    assert sorted(record["feed"] for record in said.records) == names
    first = [seen.path for seen in loopback.seen]
    assert len(first) == len(set(first)) >= 5
    assert {path[1:] for path in first} <= set(names)


def test_the_last_line_tells_articles_stored_refused_and_still_to_fetch(
    call: Call, loopback: Loopback
) -> None:
    items = "".join(
        f"<item><title>{name}</title><guid>{name}</guid><link>{loopback.url(f'/{name}')}</link>"
        f"<description>Few words.</description></item>"
        for name in ("whole", "wall", "busy")
    )
    loopback.on("/a", rss_of(items))
    words = "So much is said in full here that nobody has to look for the rest of it. " * 5
    page = f"<html><body><article><h1>whole</h1>{f'<p>{words}</p>' * 8}</article></body></html>"
    loopback.on("/whole", Reply(headers={"Content-Type": "text/html"}, body=page.encode()))
    loopback.on("/wall", Reply(headers={"Content-Type": "image/png"}, body=b"\x89PNG\r\n\x1a\n"))
    loopback.on("/busy", Reply(503, {"Retry-After": "3600"}))
    Path("config.toml").write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticle_pause = "0s"\n'
        f'articles = "always"\n[feeds]\na = "{loopback.url("/a")}"\n'
    )
    said = call("poll")
    assert "1 feed asked, 3 new, 0 changed; " in said.err.splitlines()[-1]
    assert "articles: 1 stored, 1 refused, 1 still to fetch" in said.err.splitlines()[-1]


def rss_of(items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'.encode()


@pytest.mark.parametrize("many", [1, 1_000])
def test_stories_of_first_polls_with_very_many_entries_are_found_by_a_later_pass(
    call: Call, loopback: Loopback, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(one_pass, "FIRST_ENTRIES_MANY", many)
    monkeypatch.setattr(one_pass, "STORIES_WITHIN_S", 60.0)
    monkeypatch.setattr(one_pass, "STORIES_SHARE", 60.0)
    configured(loopback, "a", "b")
    text = "Word after word of " + " ".join(f"agency{number} news{number}" for number in range(60))
    for name in ("a", "b"):
        loopback.on(f"/{name}", rss((f"{name}-1", text)))
    assert call("poll").code == 0
    assert len(call("list", "--json").records) == (2 if many == 1 else 1)
    loopback.on("/b", rss(("b-1", text), "b-2"))
    assert call("poll", "--all").code == 0
    assert len(call("list", "--json").records) == 2


def test_who_keeps_a_pass_waiting_is_named(tmp_path: Path, loopback: Loopback) -> None:
    named = threading.Event()

    def stalled(seen: Seen) -> Reply:
        named.wait(30)
        return Reply(body=rss_of(""))

    loopback.on("/stalled", stalled)
    loopback.on("/quick", rss("quick"))
    urls = "".join(f'{name} = "{loopback.url(f"/{name}")}"\n' for name in ("quick", "stalled"))
    (tmp_path / "config.toml").write_text(
        f'[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\n[feeds]\n{urls}'
    )
    command = [sys.executable, "-m", "feedd", "--config", "config.toml", "poll"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as polling:
        assert polling.stderr is not None
        line = polling.stderr.readline()
        named.set()
        rest = polling.stderr.read()
    assert line == "waiting for stalled\n"
    assert "waiting" not in rest
    assert polling.returncode == 0


def test_of_many_that_are_waited_for_some_are_named() -> None:
    names = [f"feed-{number}" for number in range(30)]
    assert waiting_words(names, 2.9) is None
    assert waiting_words([], 60) is None
    assert waiting_words(["one\x1b[2J", "one\x1b[2J"], 3) == "waiting for one"
    said = waiting_words(names, 3.0)
    assert said == "waiting for feed-0, feed-1, feed-2, feed-3, feed-4 and 25 more"
