"""What a search matched is seen: in titles, and in the text around it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.cli.item_lines import Matches
from feedd.cli.screen import Screen
from feedd.query import parse
from feedd.terminal import width

PLAIN = Screen(terminal=False)
COLOUR = Screen(terminal=True, colours=16, columns=80)
HIT = re.compile(r"\x1b\[1;31m(.*?)\x1b\[0m")


@pytest.mark.parametrize(
    ("query", "title", "hits"),
    [
        ("sqlite", "SQLite and sqlites", ["SQLite"]),
        ("sql*", "SQLite and MySQL", ["SQLite"]),
        ("cafe", "Un café, cafe", ["café", "cafe"]),
        ("title:wal near/5 log", "WAL is a log near 5", ["WAL", "log"]),
        ("feed:lwn tag:log since:2d log", "lwn tag log", ["log"]),
        ("天気", "今日の天気です", ["天気"]),
        ("a OR b", "a or b", ["a", "b"]),
        ("title:two", "The title is two", ["two"]),
        ('"write ahead" -log', "Ahead, write; write-ahead log", ["write-ahead"]),
        ("NOT mysql sql", "SQL, not MySQL", ["SQL"]),
    ],
)
def test_words_of_the_query_are_set_off_in_titles(query: str, title: str, hits: list[str]) -> None:
    assert HIT.findall(Matches(parse(query), COLOUR).title(title)) == hits
    assert Matches(parse(query), PLAIN).title(title) == title


def test_the_first_match_is_in_view_on_a_narrow_screen() -> None:
    snippet = "…" + "long words before " * 6 + "\x02match\x03" + " and more words after" * 9
    shown = Matches(parse("match"), PLAIN).context(snippet, 40)
    assert shown.startswith("…before *match* and")
    assert shown.endswith("…")
    assert width(shown) <= 40
    assert "\x1b[1;31mmatch\x1b[0m" in Matches(parse("match"), COLOUR).context(snippet, 40)


def test_a_snippet_can_not_drive_the_terminal() -> None:
    shown = Matches(parse("x"), PLAIN).context("a\x1b[2J\x02x\x1b]0;t\x07\x03\u202eb\x02", None)
    assert shown == "a*x*b"


@given(
    st.text(alphabet="ab 日👩\x02\x03\u0301\x1b", max_size=60),
    st.integers(min_value=1, max_value=30),
)
def test_any_snippet_fits_the_room_on_its_line(snippet: str, room: int) -> None:
    shown = Matches(parse("a"), PLAIN).context(snippet, room)
    assert width(shown) <= room
    assert "\x1b" not in shown
