"""Of a large configuration file commands read what they need; what they say is what it says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from feedd.cli.context import Context
from feedd.configfile.file_index import INDEX_KEY, IndexedFeeds
from feedd.configfile.places import LARGE_FILE_BYTES
from tests.cli.conftest import Call

CONFIG = (
    """\
[feedd]
database = "own.db"
[feeds]
a = { url = "https://a.example/", enabled = false }
[feeds.b]
url = "https://b.example/"
title = "Bee"
tags = ["insects"]
enabled = false
"""
    + "# a large file\n" * (LARGE_FILE_BYTES // 15)
)


@pytest.fixture
def polled(call: Call) -> Path:
    """A large file, read whole by a poll."""
    file = Path("config.toml")
    file.write_text(CONFIG)
    assert call("poll").code == 0
    return file


def read_by_index() -> bool:
    return isinstance(Context().config().feeds, IndexedFeeds)


def test_after_a_poll_commands_read_only_what_they_need(polled: Path, call: Call) -> None:
    assert read_by_index()
    shown = {one["name"]: one for one in call("feeds", "--json").records}
    assert (shown["b"]["title"], shown["b"]["tags"]) == ("Bee", ["insects"])
    assert shown["a"]["state"] == "disabled"
    assert call("list").code == 0
    assert call("list", "--feed", "c").code == 3
    assert call("list", "--tag", "insects").code == 0


def test_what_was_edited_since_counts_for_the_next_command(polled: Path, call: Call) -> None:
    polled.write_text(CONFIG.replace('"Bee"', '"Bug"'))
    assert not read_by_index()
    assert [one["title"] for one in call("feeds", "--json").records] == [None, "Bug"]
    renamed = CONFIG.replace("[feeds.b]", "[feeds.c]")
    polled.write_text(renamed)
    assert [one["name"] for one in call("feeds", "--json").records] == ["a", "c"]
    polled.write_text(renamed.replace("https://b.example/", "https://c.example/"))
    assert [one["name"] for one in call("feeds", "--json").records] == ["a", "c", "b"]


@pytest.mark.parametrize("command", [["list"], ["feeds"], ["status"], ["show", "1"], ["poll"]])
def test_a_mistake_made_since_is_told_by_every_command(
    polled: Path, call: Call, command: list[str]
) -> None:
    polled.write_text(CONFIG.replace('"https://b.example/"', '"ftp://b.example/"'))
    said = call(*command)
    assert said.code == 2
    assert "config.toml:6: feeds.b.url: found" in said.err


def test_check_reads_all_of_the_file_and_warns_of_all_of_it(polled: Path, call: Call) -> None:
    polled.write_text(CONFIG.replace("https://a.example/", "https://b.example/"))
    call("poll")
    assert read_by_index()
    assert "feeds.b: has the same URL as a" in call("check").err


@pytest.mark.parametrize("mode", [0o660, 0o606])
def test_what_others_may_have_written_of_the_file_is_not_believed(
    polled: Path, call: Call, mode: int
) -> None:
    """They could have a command of the user's read otherwise than it stands in the file."""
    Path("own.db").chmod(mode)
    assert not read_by_index()
    assert len(call("feeds", "--json").records) == 2


def test_a_database_that_lost_its_notes_costs_time_only(polled: Path, call: Call) -> None:
    with closing(sqlite3.connect("own.db")) as db, db:
        db.execute("DELETE FROM meta WHERE key = ?", (INDEX_KEY,))
    assert not read_by_index()
    assert len(call("feeds", "--json").records) == 2
