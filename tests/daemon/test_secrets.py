"""A password or token is nowhere but in the user's files and in requests to the feed's origin."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.daemon.conftest import Place, eventually
from tests.loopback import Loopback, Reply
from tests.poller.conftest import rss

pytestmark = pytest.mark.slow

PASSWORD = "hunter2-Zq9"
TOKEN = "tok-Xy77-secret"
ENCODED = "bWU6aHVudGVyMi1acTk="
"""me:PASSWORD as basic authentication sends it."""


def test_secrets_are_in_no_log_error_listing_database_or_process_list(place: Place) -> None:
    (place.folder / "pass").write_text(PASSWORD)
    with Loopback() as elsewhere:
        elsewhere.on("/feed", rss("moved"))
        place.loopback.on("/ok", rss("one"))
        place.loopback.on("/refused", Reply(401))
        place.loopback.on("/moves", Reply(302, {"Location": elsewhere.url("/feed")}))
        place.loopback.on("/resets", Reply(reset=True))
        place.loopback.on("/html", b"<html><body>log in</body></html>")
        names = ["ok", "refused", "moves", "resets", "html"]
        place.write()
        with place.config.open("a") as file:
            for name in names:
                file.write(
                    f'[feeds.{name}]\nurl = "{place.loopback.url("/" + name)}"\nusername = "me"\n'
                    f'password_file = "pass"\nheaders = {{ "X-Token" = "{TOKEN}" }}\n'
                )
        daemon = place.start()
        eventually(lambda: len(place.titles()) == 2, "the feeds are polled")
        eventually(lambda: place.loopback.seen_for("/html"), "all are asked")
        arguments = Path(f"/proc/{daemon.pid}/cmdline").read_bytes().decode()
        assert place.stop(daemon) == 0
    sent = place.loopback.seen_for("/ok")[0].head.decode()
    assert ENCODED in sent, "the feed's own origin is told"
    assert TOKEN in sent
    assert elsewhere.seen
    told = [arguments, place.log.read_text()]
    told += [seen.head.decode() for seen in elsewhere.seen]
    commands = [("feeds", "--json"), ("list", "--json"), ("status",), ("check",), ("poll", "--all")]
    commands += [("why", name, "--json") for name in names]
    commands += [("--verbose", "poll", name) for name in names]
    for command in commands:
        done = place.command(*command)
        told += [done.stdout, done.stderr]
    told += [
        file.read_bytes().decode("latin-1")
        for file in place.folder.iterdir()
        if file.name not in ("config.toml", "pass")
    ]
    for secret in (PASSWORD, TOKEN, ENCODED):
        assert not [text for text in told if secret in text]


def test_what_feedd_creates_others_cant_read(place: Place) -> None:
    place.feed("a", rss("one"))
    assert place.command("poll", "--all").returncode == 0
    assert place.command("backup", str(place.folder / "copy.db")).returncode == 0
    for name in ("feedd.db", "copy.db"):
        assert stat.S_IMODE((place.folder / name).stat().st_mode) == 0o600
    fresh = place.folder / "fresh.toml"
    place.config = fresh
    assert place.command("init").returncode == 0
    assert stat.S_IMODE(fresh.stat().st_mode) & 0o037 == 0


def test_feed_text_reaches_pager_and_browser_without_a_shell(place: Place) -> None:
    trap = place.folder / "trap"
    place.loopback.on(
        "/a",
        rss("one").replace(
            b"https://example.org/one",
            f"https://example.org/$(touch {trap});`touch {trap}`".encode(),
        ),
    )
    place.feed("a")
    seen = place.folder / "seen"
    browser = place.folder / "browser"
    browser.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{seen}\n')
    browser.chmod(0o755)
    place.environment = {"BROWSER": str(browser), "PAGER": str(browser)}
    assert place.command("poll", "--all").returncode == 0
    (item,) = map(json.loads, place.command("list", "--json").stdout.splitlines())
    opened = place.command("open", str(item["id"]))
    assert opened.returncode == 0, opened.stderr
    eventually(seen.exists, "the browser has run")
    place.command("show", str(item["id"]))
    assert not trap.exists()
