"""`feedd list`: what is new is seen at a glance, by people and by scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from feedd.terminal import width
from tests.cli.conftest import Feedd
from tests.cli.stocked import Stocked, entry, stock_many, store
from tests.words import programmers_words

ROOT = Path(__file__).parents[2]

KEYS = {"id", "feed", "title", "link", "author", "published", "updated", "first_seen", "read",
        "starred", "tags", "summary", "enclosures", "also_in", "story", "changes", "categories",
        "comments", "image", "item_tags", "later", "hidden", "language", "words"}  # fmt: skip


def titles(said_lines: list[str]) -> str:
    return "\n".join(said_lines)


def test_newest_come_first_with_id_age_and_feed(feedd: Feedd) -> None:
    said = feedd("list")
    assert said.code == 0
    assert len(said.lines) == 10
    assert "lwn" in said.lines[1]
    assert "2h" in said.lines[1]
    assert said.lines[1].endswith("Kernel 7.0 released")
    assert "Undated entry" in said.lines[0]
    assert said.err == ""


def test_a_bare_feedd_lists(feedd: Feedd) -> None:
    assert feedd().out == feedd("list").out


@pytest.mark.parametrize(
    "args",
    [
        ["-n", "5", "--starred", "--json"],
        ["--json", "-n2"],
        ["--tag", "python"],
        ["--feed=lwn", "--all"],
        ["--oldest"],
        ["--read"],
    ],
)
def test_a_bare_feedd_takes_what_list_takes(
    feedd: Feedd, stocked: Stocked, args: list[str]
) -> None:
    meant = feedd("list", *args)
    assert meant.code == 0
    assert feedd(*args) == meant
    assert feedd("--config", str(stocked.config), *args) == meant
    assert feedd(f"--config={stocked.config}", *args, "--quiet").out == meant.out


def test_a_bare_feedd_names_options_that_are_none(feedd: Feedd) -> None:
    said = feedd("--stared")
    assert said.code == 2
    assert "--starred" in said.err


def test_a_feed_is_named_the_same_way_everywhere(feedd: Feedd) -> None:
    by_name = feedd("list", "lwn", "--json")
    assert by_name.records
    assert feedd("list", "--feed", "lwn", "--json") == by_name
    both = {item["feed"] for item in feedd("list", "lwn", "--feed", "nihongo", "--json").records}
    assert both == {"lwn", "nihongo"}
    found = feedd("search", "kernel", "--feed", "lwn", "--json").records
    assert {item["feed"] for item in found} == {"lwn"}
    assert not feedd("search", "kernel", "--feed", "nihongo", "--json").records
    assert feedd("digest", "--feed", "lwn", "--since", "100d") == feedd(
        "digest", "lwn", "--since", "100d"
    )
    assert feedd("list", "--feed", "lvn").code == 3


def test_marking_a_feed_by_its_bare_name_says_how(feedd: Feedd) -> None:
    said = feedd("mark", "read", "lwn")
    assert said.code == 2
    assert "feedd mark read --feed lwn" in said.err


def test_lines_fit_the_columns_that_are_asked_for(
    feedd: Feedd, monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in (40, 80, 200):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = feedd("list").lines
        assert all(width(line) <= columns for line in lines)
        assert all("\x1b" not in line for line in lines)


def test_an_items_own_tags_stand_behind_its_title_and_fit_the_columns(
    feedd: Feedd, monkeypatch: pytest.MonkeyPatch
) -> None:
    feedd("tag", "1", "2", "3", "4", "+jobs", "+" + "z" * 90, "+日本")
    monkeypatch.setenv("COLUMNS", "80")
    lines = feedd("list").lines
    assert any(line.endswith("Kernel 7.0 released #jobs #…") for line in lines)
    assert any("A title so long that" in line and line.endswith("… #jobs #…") for line in lines)
    for columns in range(40, 250, 7):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert all(width(line) <= columns for line in feedd("list").lines)
    monkeypatch.setenv("COLUMNS", "250")
    assert any(" #日本" in line for line in feedd("list").lines)


def test_an_item_of_the_future_says_how_far_ahead_and_stands_where_it_was_seen(
    feedd: Feedd, stocked: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = 3600
    ahead = [
        entry("A webinar this evening", stocked.now + 3 * hour + 60),
        entry("A slip of the year", stocked.now + 400 * 24 * hour),
    ]
    store(stocked.database, "lwn", ahead, stocked.now - 6 * hour)
    said = feedd("list")
    place = {line.split("  ")[-1]: place for place, line in enumerate(said.lines)}
    line = said.lines[place["A webinar this evening"]]
    assert "  in 3h  lwn" in line
    assert place["Kernel 7.0 released"] < place["A webinar this evening"]
    assert "6h  lwn" in said.lines[place["A slip of the year"]]
    ends = {line.index("lwn") for line in said.lines if "  lwn  " in line}
    assert len(ends) == 1, "the columns are straight"
    monkeypatch.setenv("COLUMNS", "60")
    assert all(width(line) <= 60 for line in feedd("list").lines)
    assert "in 3h\n" in feedd("list", "--format", "{age}").out


def test_json_has_every_key_and_utc_times(feedd: Feedd) -> None:
    said = feedd("list", "--json", "--limit", "0")
    assert len(said.records) == 10
    assert said.err == ""
    for record in said.records:
        assert set(record) == KEYS
        assert record["first_seen"].endswith("Z")
    kernel = next(record for record in said.records if record["title"].startswith("Kernel"))
    assert kernel["author"] == "corbet"
    assert kernel["updated"] is None
    assert kernel["tags"] == []
    wal = next(record for record in said.records if record["enclosures"])
    assert wal["enclosures"] == [
        {
            "url": "https://lwn.example/a.mp3",
            "type": "audio/mpeg",
            "length": 12_000_000,
            "duration_s": None,
        }
    ]
    matching = next(r for r in said.records if r["title"].startswith("Structural"))
    assert matching["summary"] == "How match and case work."
    assert matching["tags"] == ["python", "blogs"]


def test_json_carries_nothing_that_a_terminal_obeys(feedd: Feedd, stocked: Stocked) -> None:
    store(stocked.database, "lwn", [entry("C1 \x9b31m \u202eover\u200b", stocked.now)], stocked.now)
    said = feedd("list", "--json")
    assert not set(said.out) & set("\x1b\x9b\u202e\u200b\x07")
    assert any(record["title"].startswith("C1") for record in said.records)


@pytest.mark.parametrize(
    ("args", "count"),
    [
        (["lwn"], 4),
        (["lwn", "nihongo"], 7),
        (["--tag", "blogs"], 6),
        (["--tag", "PYTHON"], 3),
        (["planet-python", "--tag", "python"], 3),
        (["lwn", "--tag", "python"], 0),
        (["--since", "6h"], 5),
        (["--until", "1d"], 5),
        (["--since", "1d", "--until", "3h"], 3),
        (["--starred"], 0),
        (["--read"], 0),
        (["--all"], 10),
        (["--limit", "3"], 3),
    ],
)
def test_a_list_shows_what_its_options_ask_for(feedd: Feedd, args: list[str], count: int) -> None:
    assert len(feedd("list", *args).lines) == count


def test_what_the_limit_hides_is_counted(feedd: Feedd) -> None:
    assert feedd("list", "--limit", "3").err == "… and 7 more (--limit 0 shows all)\n"
    assert feedd("--quiet", "list", "--limit", "3").err == ""


def test_oldest_first(feedd: Feedd) -> None:
    assert feedd("list", "--oldest", "--json").records == feedd("list", "--json").records[::-1]


def test_read_and_unread_are_told_apart_without_colour(feedd: Feedd) -> None:
    number = feedd("list", "--json").records[1]["id"]
    feedd("mark", "read", str(number))
    feedd("mark", "star", str(number))
    lines = feedd("list", "--all").lines
    assert "★" in lines[1]
    assert "•" not in lines[1]
    assert "•" in lines[2]
    assert "★" not in lines[2]


def test_an_article_in_two_feeds_is_one_line(feedd: Feedd, stocked: Stocked) -> None:
    link = "https://shared.example/story"
    for feed in ("lwn", "nihongo"):
        made = [entry("A story that two feeds carry", stocked.now, link=link)]
        store(stocked.database, feed, made, stocked.now)
    lines = [line for line in feedd("list").lines if "two feeds carry" in line]
    assert len(lines) == 1
    assert lines[0].endswith(" +1")
    record = next(r for r in feedd("list", "--json").records if "two feeds" in r["title"])
    assert len(record["also_in"]) == 1


@pytest.mark.parametrize(
    ("by", "heading"),
    [("feed", "planet-python: Planet Python (3)"), ("day", "Today ("), ("tag", "untagged (4)")],
)
def test_groups_have_headings(feedd: Feedd, by: str, heading: str) -> None:
    assert heading in feedd("list", "--by", by).out


def test_a_format_of_ones_own(feedd: Feedd) -> None:
    said = feedd("list", "lwn", "--format", "{id:>5} {feed}\\t{title:.6} {read} {link}")
    assert said.lines[0].startswith("    4 lwn\tKernel no https://site.example/kernel")
    assert "\x1b" not in feedd("list", "--format", "{title}").out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["lwm"], "feedd: no feed 'lwm'; did you mean 'lwn'?\n"),
        (["--tag", "pythom"], "feedd: no tag 'pythom'; did you mean 'python'?\n"),
    ],
)
def test_a_name_that_does_not_exist_is_exit_code_3(
    feedd: Feedd, args: list[str], message: str
) -> None:
    said = feedd("list", *args)
    assert (said.code, said.out, said.err) == (3, "", message)


def test_nothing_new_is_said(feedd: Feedd) -> None:
    feedd("mark", "read", "--all")
    said = feedd("list")
    assert (said.code, said.out) == (0, "")
    assert said.err == "Nothing new. feedd list --all shows what you have read.\n"
    assert feedd("list", "--json") == (0, "", "")


def test_a_feed_taken_out_of_the_file_can_still_be_listed(feedd: Feedd, stocked: Stocked) -> None:
    text = stocked.config.read_text()
    stocked.config.write_text(text.replace('lwn = "https://lwn.example/rss"\n', ""))
    assert len(feedd("list", "lwn").lines) == 4


def test_a_broken_database_is_exit_code_4(feedd: Feedd, stocked: Stocked) -> None:
    for path in stocked.folder.glob("feedd.db*"):
        path.write_bytes(b"this is no database at all, not even a small one" * 100)
    said = feedd("list")
    assert said.code == 4
    assert said.err.startswith("feedd: ")
    assert said.err.count("\n") == 1


def test_a_missing_database_says_what_to_do(feedd: Feedd, stocked: Stocked) -> None:
    for path in stocked.folder.glob("feedd.db*"):
        path.unlink()
    said = feedd("list")
    assert said.code == 4
    assert "feedd" in said.err.removeprefix("feedd: ")


def test_a_long_list_is_bounded(feedd: Feedd, stocked: Stocked) -> None:
    stock_many(stocked, 300)
    said = feedd("list")
    assert len(said.lines) == 50
    assert "260 more" in said.err
    assert len(feedd("list", "--limit", "0", "--json").records) == 310
    json.loads(feedd("list", "--json", "--limit", "1").out)


def test_a_note_without_title_is_known_by_what_it_says(feedd: Feedd) -> None:
    assert any(line.endswith("A note without title") for line in feedd("list").lines)


def test_an_item_stands_under_each_of_its_tags(feedd: Feedd) -> None:
    groups = feedd("list", "planet-python", "--by", "tag").out.split("\n\n")
    assert [group.split(" ")[0] for group in groups] == ["python", "blogs"]
    assert groups[0].splitlines()[1:] == groups[1].splitlines()[1:]


@pytest.mark.parametrize("encoding", ["ascii", "ascii:surrogateescape", "iso-8859-1", "koi8-r"])
def test_a_terminal_without_unicode_gets_marks_that_it_has(
    feedd: Feedd, stocked: Stocked, encoding: str
) -> None:
    feedd("mark", "star", "--feed", "planet-python")
    done = subprocess.run(
        [sys.executable, "-m", "feedd", "list", "--all"],
        capture_output=True,
        cwd=stocked.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, "COLUMNS": "60"},
        check=True,
    )
    shown = done.stdout.decode(encoding.partition(":")[0])
    assert " * " in shown
    assert max(map(len, shown.splitlines())) <= 60
    assert "?" in shown  # nothing stands for Japanese
    assert "Cafe" in shown


HUGE = "9" * 20


@pytest.mark.parametrize(
    "command",
    [
        ["list", "--limit", HUGE],
        ["list", "--since", f"{HUGE}d"],
        ["list", "--until", "99999-01-01"],
        ["list", "--format", "{"],
        ["list", "--format", "}"],
        ["list", "--format", "{title:q}"],
        ["list", "--format", "{title:>" + HUGE + "}"],
        ["list", "--format", "{title!r}"],
        ["list", "--format", "{title.__class__}"],
        ["search", "x", "--limit", HUGE],
        ["search", "("],
        ["why", "lwn", "--limit", HUGE],
        ["show", HUGE],
        ["open", HUGE],
        ["mark", "read", HUGE],
        ["restore", "config.toml"],
        ["import", "config.toml"],
        ["import", "."],
    ],
)
def test_a_mistaken_command_is_told_in_one_line_and_in_no_words_of_programmers(
    feedd: Feedd, command: list[str]
) -> None:
    said = feedd(*command)
    assert said.code != 0
    assert len(said.err.splitlines()) == 1
    assert programmers_words(said.err) is None


@pytest.mark.parametrize(
    "narrowing",
    [["lwn"], ["--feed", "lwn"], ["--tag", "blogs"], ["--since", "1h"], ["--until", "1h"],
     ["--where", "kernel"], ["--read", "--feed", "nihongo"]],
)  # fmt: skip
def test_a_narrowed_list_of_nothing_says_that_nothing_matches(
    feedd: Feedd, narrowing: list[str]
) -> None:
    feedd("mark", "read", "--all")
    if "--read" in narrowing:
        feedd("mark", "unread", "--all")
    assert feedd("list", *narrowing).err == "Nothing matches.\n"
    if "--read" not in narrowing:
        assert feedd("list").err.startswith("Nothing new.")


@pytest.mark.parametrize("command", [("list",), ("search", "the"), ()])
def test_two_marks_that_exclude_each_other_are_no_list_of_the_last_one(
    feedd: Feedd, command: tuple[str, ...]
) -> None:
    said = feedd(*command, "--starred", "--unread")
    assert (said.code, said.out) == (2, "")
    assert "--unread and --starred exclude each other" in said.err
    assert feedd(*command, "--unread", "--all").code == 2
    starred = feedd(*command, "--starred", "--json").out
    assert feedd(*command, "--all", "--starred", "--json").out == starred
