"""Colour, width and links follow the terminal and the environment."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.cli.screen import Screen, osc8_target, pad, pad_left
from feedd.records import json_line
from feedd.terminal import cut, gate, width


class Stream(io.StringIO):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def screen(environ: Mapping[str, str], *, terminal: bool = True) -> Screen:
    return Screen.of(Stream(terminal=terminal), {"TERM": "xterm-256color", **environ})


@pytest.mark.parametrize(
    ("environ", "terminal", "colours", "columns"),
    [
        ({}, True, 256, 80),
        ({"TERM": "xterm"}, True, 16, 80),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, True, 256, 80),
        ({"NO_COLOR": "1"}, True, 0, 80),
        ({"NO_COLOR": ""}, True, 256, 80),
        ({"TERM": "dumb"}, True, 0, 80),
        ({"COLUMNS": "132"}, True, 256, 132),
        ({"COLUMNS": "3"}, True, 256, 20),
        ({"COLUMNS": "wide"}, True, 256, 80),
        ({}, False, 0, None),
        ({"COLUMNS": "100"}, False, 0, 100),
        ({"CLICOLOR_FORCE": "1"}, False, 256, None),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False, 0, None),
    ],
)
def test_what_the_environment_asks_for(
    environ: dict[str, str], terminal: bool, colours: int, columns: int | None
) -> None:
    shown = screen(environ, terminal=terminal)
    assert (shown.colours, shown.columns) == (colours, columns)


@pytest.mark.parametrize(
    ("environ", "links"),
    [
        ({}, False),
        ({"VTE_VERSION": "7200"}, True),
        ({"VTE_VERSION": "4000"}, False),
        ({"TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.4"}, True),
        ({"TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.3a", "KITTY_WINDOW_ID": "1"}, False),
        ({"FORCE_HYPERLINK": "1"}, True),
        ({"FORCE_HYPERLINK": "0", "VTE_VERSION": "7200"}, False),
        ({"TERM": "dumb", "VTE_VERSION": "7200"}, False),
    ],
)
def test_links_only_where_the_terminal_has_them(environ: dict[str, str], links: bool) -> None:
    assert screen(environ).links is links


@pytest.mark.parametrize(
    ("terminal", "rows", "lines", "fits"),
    [
        (True, 24, 24, True),
        (True, 24, 25, False),
        (True, None, 1000, True),
        (False, 24, 1000, True),
    ],
)
def test_a_pager_is_for_what_a_terminal_cannot_show_at_once(
    terminal: bool, rows: int | None, lines: int, fits: bool
) -> None:
    assert Screen(terminal=terminal, rows=rows).fits(lines) is fits


def test_a_feed_keeps_its_colour() -> None:
    one = screen({})
    assert one.paint_feed("x", "lwn") == one.paint_feed("x", "lwn")
    assert len({one.paint_feed("x", f"feed{n}") for n in range(40)}) > 8


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://e.org/a?b=c", "https://e.org/a?b=c"),
        ("https://e.org/\x1b\\evil", "https://e.org/%5Cevil"),
        ("https://e.org/é x", "https://e.org/%C3%A9%20x"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
    ],
)
def test_link_targets_hold_no_control_characters(url: str, target: str | None) -> None:
    shown = osc8_target(url)
    assert shown == target or (shown is not None and shown.isascii() and shown.isprintable())


def test_tables_align_and_shrink() -> None:
    rows = [["lwn", "12", "a long health report of this feed"], ["日本", "3", "ok"]]
    wide = Screen(terminal=False).table(rows, header=["name", "new", "health"], right=[1])
    assert wide == [
        "name  new  health",
        "lwn    12  a long health report of this feed",
        "日本    3  ok",
    ]
    narrow = Screen(terminal=True, columns=28).table(rows, right=[1])
    assert narrow[0] == "lwn   12  a long health…"


def test_json_looks_the_same_in_any_encoding() -> None:
    record = {"title": "日本 \u202e\x9b\ud800 \x1b"}
    assert json_line(record) == '{"title": "日本 \\u202e\\u009b\\ud800 \\u001b"}'
    assert json_line(record, encoding="ascii").isascii()


CELLS = st.text(alphabet="ab \t\x1b[31m{}é天\u0301\u202e—", max_size=6)


@given(
    st.integers(1, 3).flatmap(
        lambda wide: st.lists(st.lists(CELLS, min_size=wide, max_size=wide), min_size=1, max_size=4)
    ),
    st.sets(st.integers(0, 2)),
    st.one_of(st.none(), st.integers(20, 24)),
)
def test_a_table_holds_each_cell_gated_in_the_columns_of_the_widest(
    rows: list[list[str]], right: set[int], columns: int | None
) -> None:
    lines = Screen(terminal=False, columns=columns).table(rows, right=tuple(right))
    gated = [[gate(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*gated, strict=True)]
    over = sum(widths) + 2 * (len(widths) - 1) - (columns or 0)
    if columns and over > 0:
        widths[-1] = max(min(widths[-1], 8), widths[-1] - over)
    for line, row in zip(lines, gated, strict=True):
        placed = [
            pad_left(cut(cell, most), most) if number in right else pad(cut(cell, most), most)
            for number, (cell, most) in enumerate(zip(row, widths, strict=True))
        ]
        assert line == "  ".join(placed).rstrip()
