"""`feedd search`: what was read once is found again, and the match is seen."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Feedd


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["kernel"], 1),
        (["write-ahead"], 2),
        (["feed:lwn", "write-ahead"], 1),
        (["tag:blogs", "write-ahead"], 1),
        (['"write-ahead log"'], 2),
        (["structur*"], 1),
        (["title:matching"], 1),
        (["title:case"], 0),
        (["cafe"], 1),
        (["天気"], 1),
        (["題名"], 1),
        (["is:starred", "kernel"], 0),
        (["since:6h", "kernel"], 1),
        (["until:6h", "kernel"], 0),
        (["readers near/5 log"], 1),
        (["feed:lwn"], 4),
    ],
)
def test_a_search_finds_as_many_items_as_it_means(
    feedd: Feedd, words: list[str], count: int
) -> None:
    said = feedd("search", *words, "--json")
    assert said.code == 0, said.err
    assert len(said.records) == count


def test_matches_are_marked_in_their_context(feedd: Feedd, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "*readers*" in feedd("search", "readers").out
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    assert "\x1b[1;31mreaders\x1b[0m" in feedd("search", "readers").out


@pytest.mark.parametrize(
    "words", [['"open'], ["AND"], ["("], ["near/5"], ["*"], ["a OR"], ["NOT x"], ["is:purple"],
              ["title:"], ["feed:"], ["'"], ["\\"], ["^"], ["-"], ["a:b:c"]]
)  # fmt: skip
def test_a_slip_in_the_query_is_no_sql_error(feedd: Feedd, words: list[str]) -> None:
    said = feedd("search", "--", *words)
    assert said.code in (0, 2)
    assert "fts5" not in said.err.lower()
    assert "sqlite3" not in said.err.lower()
    assert said.err.count("\n") <= 1


def test_nothing_found_is_said(feedd: Feedd) -> None:
    said = feedd("search", "xyzzyplugh")
    assert (said.code, said.out, said.err) == (0, "", "Nothing found.\n")


def test_what_has_been_read_is_found_too(feedd: Feedd) -> None:
    feedd("mark", "read", "--all")
    assert len(feedd("search", "kernel").lines) >= 1
    assert feedd("search", "--unread", "kernel").lines == []


@pytest.mark.parametrize(
    "words",
    [
        ["write-ahead", "-tag:blogs"],
        ["-tag:blogs", "write-ahead"],
        ["-n5", "write-ahead", "-tag:blogs"],
        ["write-ahead", "-n", "5", "-tag:blogs"],
        ["write-ahead -tag:blogs"],
        ["write-ahead", "--", "-tag:blogs"],
    ],
)
def test_a_minus_leaves_out_and_is_no_option(feedd: Feedd, words: list[str]) -> None:
    assert len(feedd("search", "--json", *words).records) == 1


@pytest.mark.parametrize("letters", ["-nginx", "-hash", "-linux"])
def test_a_left_out_word_may_begin_like_an_option(feedd: Feedd, letters: str) -> None:
    said = feedd("search", "kernel", letters)
    assert (said.code, len(said.lines) >= 1) == (0, True), said.err


def test_a_misspelt_option_is_still_one(feedd: Feedd) -> None:
    said = feedd("search", "kernel", "--unraed")
    assert said.code == 2
    assert "--unread" in said.err


def test_the_newest_first_or_the_oldest_instead_of_the_best_match(feedd: Feedd) -> None:
    def ages(*options: str) -> list[str]:
        found = feedd("search", "log OR kernel OR match*", "--json", *options).records
        return [item["published"] for item in found]

    assert len(ages()) > 2
    assert ages("--newest") == sorted(ages(), reverse=True)
    assert ages("--oldest") == sorted(ages())
    assert ages() not in (ages("--newest"), ages("--oldest")), "else this shows nothing"
    assert ages("--newest", "-n", "1") == ages("--newest")[:1]
    assert feedd("search", "log", "--newest", "--oldest").code == 2


def test_a_search_that_found_more_than_it_shows_says_how_many(feedd: Feedd) -> None:
    found = len(feedd("search", "log OR kernel OR match*", "--json").records)
    said = feedd("search", "log OR kernel OR match*", "-n", "1")
    assert f"… and {found - 1} more (--limit 0 shows all)" in said.err
