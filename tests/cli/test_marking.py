"""`feedd mark`: exactly what was meant is marked, and how much that was is said."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Feedd


@pytest.mark.parametrize(
    ("args", "message", "unread"),
    [
        (["read", "1"], "1 item marked read.", 9),
        (["read", "1", "2", "1"], "2 items marked read.", 8),
        (["read", "--feed", "lwn"], "4 items marked read.", 6),
        (["read", "--tag", "blogs"], "6 items marked read.", 4),
        (["read", "--before", "1d"], "5 items marked read.", 5),
        (["read", "--feed", "lwn", "--before", "1d"], "2 items marked read.", 8),
        (["read", "--all"], "10 items marked read.", 0),
        (["unread", "--all"], "0 items marked unread.", 10),
        (["star", "1", "2"], "2 items starred.", 10),
    ],
)
def test_marks_and_says_how_many(feedd: Feedd, args: list[str], message: str, unread: int) -> None:
    said = feedd("mark", *args)
    assert (said.code, said.out, said.err) == (0, "", message + "\n")
    assert len(feedd("list", "--limit", "0").lines) == unread


def test_marking_twice_changes_nothing(feedd: Feedd) -> None:
    feedd("mark", "read", "1")
    assert feedd("mark", "read", "1").err == "0 items marked read.\n"


def test_stars_come_and_go(feedd: Feedd) -> None:
    feedd("mark", "star", "1", "3")
    assert len(feedd("list", "--starred").lines) == 2
    feedd("mark", "unstar", "--all")
    assert feedd("list", "--starred").lines == []


@pytest.mark.parametrize("args", [["read", "999"], ["star", "--feed", "nope"]])
def test_what_does_not_exist_is_exit_code_3(feedd: Feedd, args: list[str]) -> None:
    said = feedd("mark", *args)
    assert said.code == 3
    assert said.err.count("\n") == 1
