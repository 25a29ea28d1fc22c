"""`file:` and `exec:` feeds: polled like others, within limits, and never by a stranger's wish."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tests.loopback import Reply
from tests.poller.conftest import House, rss


def program(house: House, source: str, name: str = "script") -> str:
    """An executable Python script beside the configuration file; the URL of its feed."""
    path = house.folder / name
    path.write_text(f"#!{sys.executable}\n{source}\n")
    path.chmod(0o755)
    return f"exec:./{name}"


def printing(body: bytes) -> str:
    return f"import sys; sys.stdout.buffer.write({body!r})"


@pytest.mark.parametrize("written", ["file:feeds/a%20b.xml", "file://{folder}/feeds/a b.xml"])
def test_a_file_is_a_feed_and_read_again_only_after_it_changed(house: House, written: str) -> None:
    path = house.folder / "feeds" / "a b.xml"
    path.parent.mkdir()
    path.write_bytes(rss("a"))
    house.feed("f", url=written.format(folder=house.folder))
    assert [house.poll("f")["f"].status for _ in range(2)] == [200, 304]
    path.write_bytes(rss("b", "a"))
    os.utime(path, ns=(1, 1))
    again = house.poll("f")["f"]
    assert (again.status, again.new) == (200, 1)
    assert len(house.items()) == 2


@pytest.mark.parametrize(
    ("name", "said"),
    [("absent.xml", "No such file"), ("pipe", "no ordinary file"), (".", "Is a directory")],
)
def test_a_file_that_can_not_be_read_is_an_error_in_words(
    house: House, name: str, said: str
) -> None:
    os.mkfifo(house.folder / "pipe")
    house.feed("f", url=f"file:{name}")
    assert said in (house.poll("f")["f"].error or "")


def test_a_file_beyond_the_limit_is_refused(house: House) -> None:
    (house.folder / "f.xml").write_bytes(rss("a") + b" " * 20_000)
    house.set(max_feed_bytes=20_000)
    house.feed("f", url="file:f.xml")
    assert "max_feed_size" in (house.poll("f")["f"].error or "")


def test_what_a_program_prints_is_a_feed(house: House) -> None:
    house.feed("f", url=program(house, printing(rss("a"))))
    report = house.poll("f")["f"]
    assert (report.status, report.new, report.error) == (200, 1, None)
    assert house.poll("f")["f"].new == 0


def test_no_shell_sees_the_command(house: House) -> None:
    url = program(house, "import sys; open('seen', 'w').write(repr(sys.argv[1:]))")
    house.feed("f", url=f"{url} 'two words' $HOME `id` *")
    house.poll("f")
    assert (house.folder / "seen").read_text() == "['two words', '$HOME', '`id`', '*']"


def test_a_program_sees_nothing_of_our_environment_that_it_does_not_need(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDD_TEST_SECRET", "hidden")
    monkeypatch.setenv("LC_TIME", "C")
    script = "import os; open('seen', 'w').write('\\n'.join(os.environ))"
    house.feed("f", url=program(house, script))
    house.poll("f")
    seen = (house.folder / "seen").read_text().split("\n")
    assert {"PATH", "LC_TIME"} <= set(seen)
    assert "FEEDD_TEST_SECRET" not in seen


def test_a_failing_program_is_an_error_that_holds_the_last_thing_it_said(house: House) -> None:
    script = "import sys; print('x' * 9000, 'no \\x1b[31mtoken\\n', file=sys.stderr); sys.exit(3)"
    house.feed("f", url=program(house, printing(rss("a")) + "\n" + script))
    error = house.poll("f")["f"].error or ""
    assert "status 3" in error
    assert "\x1b" not in error
    assert len(error) < 300
    assert not house.items()
    assert house.state("f").failures == 1


@pytest.mark.parametrize("url", ["exec:./absent", "exec:no-such-command-here"])
def test_a_program_that_is_not_there_is_an_error_in_words(house: House, url: str) -> None:
    house.feed("f", url=url)
    assert "can't be run: No such file" in (house.poll("f")["f"].error or "")


def alive(pid: int) -> bool:
    """Does a process run? One that is dead and not yet collected by its parent doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_hanging_program_is_killed_with_all_it_started(house: House) -> None:
    script = (
        "import subprocess, time\n"
        "child = subprocess.Popen(['sleep', '60'])\n"
        "open('pid', 'w').write(str(child.pid))\n"
        "time.sleep(60)"
    )
    house.set(timeout_s=1.0)
    house.feed("f", url=program(house, script))
    assert "within 1 s" in (house.poll("f")["f"].error or "")
    pid = int((house.folder / "pid").read_text())
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(pid)


def test_a_program_that_never_stops_printing_is_cut_off(house: House) -> None:
    house.set(max_feed_bytes=100_000)
    house.feed("f", url=program(house, "while True: print('x' * 1000)"))
    assert "max_feed_size" in (house.poll("f")["f"].error or "")


def test_a_hanging_program_keeps_no_other_waiting(house: House) -> None:
    """The one ends only once the other has run, although a host would have only one place."""
    house.set(timeout_s=2.0, per_host=1)
    waiting = "import os, time\nwhile not os.path.exists('done'): time.sleep(0.01)"
    house.feed("waits", url=program(house, f"{waiting}\n{printing(rss('a'))}", "waits"))
    house.feed("quick", url=program(house, f"open('done', 'w')\n{printing(rss('b'))}", "quick"))
    reports = house.poll()
    assert [reports[name].error for name in ("waits", "quick")] == [None, None]


def test_no_redirect_leads_to_a_file_or_a_program(house: House) -> None:
    (house.folder / "f.xml").write_bytes(rss("a"))
    house.feed("file", "/file")
    house.loopback.on("/file", Reply(301, {"Location": f"file://{house.folder}/f.xml"}))
    house.feed("exec", "/exec")
    house.loopback.on("/exec", Reply(302, {"Location": "exec:touch seen"}))
    reports = house.poll()
    assert all("redirect" in (report.error or "") for report in reports.values())
    assert not house.items()
    assert not (house.folder / "seen").exists()


def test_rule_41_local_feeds_say_nothing_about_the_network(house: House) -> None:
    """Two hosts that can't be reached are still the network's fault beside a file that is fine."""
    (house.folder / "f.xml").write_bytes(rss("a"))
    house.feed("file", url="file:f.xml")
    house.feed("a", url="https://a.invalid/f")
    house.feed("b", url="https://b.invalid/f")
    assert set(house.poll(blame_network=True)) == {"file"}
    assert house.state("a").failures == 0


def test_rule_41_broken_local_feeds_are_not_a_captive_portal(house: House) -> None:
    (house.folder / "f.html").write_bytes(b"<!doctype html><html><body>no feed</body></html>")
    for name in ("a", "b", "c"):
        house.feed(name, url="file:f.html")
    reports = house.poll(blame_network=True)
    assert len(reports) == 3
    assert house.state("a").failures == 1
