"""`feedd poll`: who is asked, and what is said of those who are not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.loopback import Loopback, Reply
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
