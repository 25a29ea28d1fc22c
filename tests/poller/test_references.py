"""What the configuration refers to: trouble is named before it is met, and holds nothing up."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from pathlib import Path

import pytest

from feedd import configfile
from feedd.own_files import MAX_HANGING, read_file, within_time
from feedd.poller.references import reference_problems
from tests.loopback import Reply
from tests.poller.conftest import House, rss

CONFIG = """\
[feedd]
on_new = "no-such-program --now"
ca_file = "none.pem"

[feeds.a]
url = "https://a.example/feed"
username = "me"
password_file = "a.pass"
article_selector = "div[[x"
article_remove = "p:no-such-thing"

[feeds.b]
url = "exec:./script"
on_new = "./other"

[feeds.c]
url = "https://c.example/feed"
client_cert = "cert.pem"
"""


def found(folder: Path, text: str) -> list[str]:
    path = folder / "config.toml"
    path.write_text(text)
    return [line.removeprefix(f"{folder}/") for line in reference_problems(configfile.load(path))]


def test_each_thing_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "script").write_text("#!/bin/sh\n")
    lines = found(tmp_path, CONFIG)
    starts = [
        "config.toml:2: feedd.on_new: there is no program no-such-program in $PATH",
        f"config.toml:3: feedd.ca_file: ca_file: {tmp_path}/none.pem can't be read: No such file",
        f"config.toml:8: feeds.a.password_file: {tmp_path}/a.pass can't be read: No such file",
        'config.toml:9: feeds.a.article_selector: "div[[x" is no CSS selector: ',
        'config.toml:10: feeds.a.article_remove: "p:no-such-thing" is no CSS selector: ',
        f"config.toml:13: feeds.b.url: {tmp_path}/script may not be run",
        f"config.toml:14: feeds.b.on_new: there is no program {tmp_path}/other",
        "config.toml:18: feeds.c.client_cert: ",
    ]
    assert len(lines) == len(starts), lines
    for line, start in zip(lines, starts, strict=True):
        assert line.startswith(start), line


def test_what_is_sound_is_not_complained_of(tmp_path: Path) -> None:
    (tmp_path / "a.pass").write_text("secret\n")
    (tmp_path / "script").write_text("#!/bin/sh\n")
    (tmp_path / "script").chmod(0o755)
    text = """\
[feedd]
on_new = "sh -c 'cat >> log'"
[feeds.a]
url = "https://a.example/feed"
username = "me"
password_file = "a.pass"
article_selector = "main > article:not(.ad), .post"
[feeds.b]
url = "exec:./script --all"
"""
    assert found(tmp_path, text) == []


@pytest.mark.parametrize("kind", ["fifo", "folder", "device"])
def test_what_is_no_file_in_the_place_of_one_is_told_and_waits_for_nobody(
    tmp_path: Path, kind: str
) -> None:
    for name in ("a.pass", "none.pem", "cert.pem"):
        _put(tmp_path / name, kind)
    lines = found(tmp_path, CONFIG)
    told = [line for line in lines if "can't be read: it is no regular file" in line]
    assert len(told) == 3, lines


def _put(path: Path, kind: str) -> None:
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")


@pytest.mark.parametrize("kind", ["missing", "fifo", "folder"])
@pytest.mark.parametrize("key", ["password_file", "ca_file", "client_cert"])
def test_a_file_that_can_not_be_read_is_its_feeds_failure_in_words_and_no_bug(
    house: House, key: str, kind: str
) -> None:
    place = house.folder / "named"
    if kind != "missing":
        _put(place, kind)
    more = {"username": "me"} if key == "password_file" else {}
    house.feed("f", "/f", **{key: "named"}, **more)
    house.feed("g")
    for path in ("/f", "/g"):
        house.loopback.on(path, Reply(200, {}, rss("a")))
    reports = house.poll("f", "g")
    error = reports["f"].error or ""
    assert f"{key}: {place}" in error
    assert "bug" not in error
    assert reports["g"].new == 1
    assert house.state("f").next_poll is not None, "it is tried again"
    if kind == "missing" and key == "password_file":
        place.write_text("secret")
        assert house.poll("f")["f"].new == 1


def test_a_file_system_that_hangs_is_told_in_time_and_takes_no_further_threads() -> None:
    hang = threading.Event()

    async def ask(timeout_s: float) -> None:
        for _ in range(MAX_HANGING + 2):
            with pytest.raises(OSError, match="does not answer"):
                await within_time("the file", hang.wait, timeout_s=timeout_s)
        assert await within_time("another file", lambda: 5, timeout_s=60) == 5
        names = [thread.name for thread in threading.enumerate()]
        assert names.count("reading the file") == MAX_HANGING
        hang.set()
        for thread in threading.enumerate():
            if thread.name == "reading the file":
                await asyncio.to_thread(thread.join)
        await asyncio.sleep(0)
        assert await within_time("the file", lambda: 6, timeout_s=60) == 6, "once it answers"

    asyncio.run(ask(0.02))


def test_an_error_of_reading_comes_back_as_it_is(tmp_path: Path) -> None:
    async def ask() -> bytes:
        return await within_time("x", lambda: read_file(tmp_path / "x", 10))

    with pytest.raises(FileNotFoundError):
        asyncio.run(ask())
    (tmp_path / "x").write_bytes(b"0123456789abc")
    assert asyncio.run(ask()) == b"0123456789"


def test_the_end_of_the_program_does_not_wait_for_a_file_that_hangs() -> None:
    began = time.monotonic()

    async def ask() -> None:
        with pytest.raises(OSError, match="does not answer"):
            await within_time("hanging", lambda: time.sleep(20), timeout_s=0.01)

    asyncio.run(ask())
    assert time.monotonic() - began < 10
