"""Views, and --where wherever items are chosen."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Feedd
from tests.cli.stocked import Stocked

VIEWS = """
[views]
python = 'tag:python since:3d'
stars  = "is:starred"
both   = "@python or @stars"
"""


@pytest.fixture
def viewed(feedd: Feedd, stocked: Stocked) -> Feedd:
    stocked.config.write_text(stocked.config.read_text() + VIEWS)
    return feedd


def ids(said: object) -> set[int]:
    return {one["id"] for one in said.records}  # type: ignore[attr-defined]


def test_a_view_is_listed_by_its_name_what_is_unread_of_it(viewed: Feedd) -> None:
    whole = ids(viewed("list", "@python", "--json"))
    assert whole
    assert whole == ids(viewed("list", "planet-python", "--json"))
    one = min(whole)
    viewed("mark", "read", str(one))
    assert ids(viewed("list", "@python", "--json")) == whole - {one}
    assert ids(viewed("list", "@python", "--all", "--json")) == whole
    assert ids(viewed("list", "@python", "lwn", "--json")) > whole - {one}
    assert ids(viewed("list", "@python", "--feed", "lwn", "--json")) == set()


def test_a_query_that_speaks_of_marks_is_shown_whole(viewed: Feedd) -> None:
    viewed("mark", "star", "1", "2")
    viewed("mark", "read", "1")
    assert ids(viewed("list", "@stars", "--json")) == {1, 2}
    assert ids(viewed("list", "--where", "is:starred", "--unread", "--json")) == {2}
    assert 1 in ids(viewed("list", "@both", "--json"))


def test_views_are_listed_in_the_order_of_the_file_with_their_counts(viewed: Feedd) -> None:
    viewed("mark", "star", "1")
    viewed("mark", "read", "1")
    records = viewed("views", "--json").records
    assert [one["name"] for one in records] == ["python", "stars", "both"]
    assert records[1] == {"name": "stars", "query": "is:starred", "items": 1, "unread": 0}
    assert records[0]["items"] == records[0]["unread"] == 3
    assert "tag:python since:3d" in viewed("views").out


def test_what_a_view_finds_can_be_marked_digested_and_searched(viewed: Feedd) -> None:
    assert viewed("search", "@python matching", "--json").records
    assert "Structural pattern" in viewed("digest", "@python").out
    assert "Kernel" not in viewed("digest", "--where", "not title:kernel").out
    assert viewed("mark", "read", "@python").err == "3 items marked read.\n"
    assert viewed("mark", "read", "--where", "title:kernel").err == "1 item marked read.\n"
    assert viewed("digest", "@python").out == ""


def test_words_of_a_view_are_set_off_in_the_titles_that_a_search_finds(
    viewed: Feedd, stocked: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked.config.write_text(stocked.config.read_text() + 'kernels = "title:kernel"\n')
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    assert "\x1b[1;31mKernel\x1b[0m" in viewed("search", "@kernels").out


def test_a_view_that_names_no_feed_is_narrowed_by_what_does(viewed: Feedd) -> None:
    viewed("mark", "star", "1", "6")
    assert ids(viewed("list", "@stars", "--json")) == {1, 6}
    for words in (["--where", "tag:python"], ["--where", "feed:planet-python"]):
        assert ids(viewed("list", "@stars", *words, "--json")) == {6}
    both = ids(viewed("list", "@stars", "@python", "--all", "--json"))
    assert both == {1, 6} | ids(viewed("list", "@python", "--all", "--json"))


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["list", "@nope"], 2, "no view nope; there are @python, @stars, @both (character 1)"),
        (["list", "--where", "a or"], 2, "(character 3)"),
        (["list", "--where", "feed:nope"], 3, "no feed 'nope'"),
        (["search", "tag:nope"], 3, "no tag 'nope'"),
        (["mark", "read", "--where", ""], 2, "nothing to search for"),
    ],
)
def test_what_is_wrong_is_said(viewed: Feedd, args: list[str], code: int, words: str) -> None:
    said = viewed(*args)
    assert said.code == code
    assert said.err.count("\n") == 1
    for part in words.split(" (character"):
        assert part.strip(")") in said.err


def test_a_wrong_query_in_the_file_is_one_of_the_files_mistakes(
    feedd: Feedd, stocked: Stocked
) -> None:
    text = stocked.config.read_text() + '\n[views]\nodd = "a ) b"\nself = "@self"\n"a b" = "c"\n'
    stocked.config.write_text(text)
    said = feedd("check")
    assert said.code == 2
    assert "views.odd" in said.err
    assert "(character 3)" in said.err
    assert "views.self" in said.err
    assert "names itself" in said.err
    assert 'views."a b"' in said.err
    first, *others = map(int, re.findall(r"config\.toml:(\d+): views", said.err))
    assert others == [first + 1, first + 2]


def test_a_feed_that_a_view_names_need_not_exist(feedd: Feedd, stocked: Stocked) -> None:
    text = stocked.config.read_text() + '\n[views]\nodd = "feed:gone or title:kernel"\n'
    stocked.config.write_text(text)
    assert len(feedd("list", "@odd").lines) == 1
