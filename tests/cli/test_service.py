"""`feedd run` in the foreground: what it prints as items arrive."""

from __future__ import annotations

from feedd.cli.service import new_item_lines
from feedd.poller.recorder import PollReport


def test_each_new_item_is_a_line_with_the_id_that_show_takes() -> None:
    report = PollReport("lwn", 200, new=2, items=((7, "One"), (8, "\x1b[31m")))
    assert new_item_lines(report) == ["      7  lwn  One", "      8  lwn  (untitled)"]


def test_what_a_new_feed_held_already_is_one_line_not_a_hundred() -> None:
    old = tuple((number, f"Item {number}") for number in range(1, 1201))
    (line,) = new_item_lines(PollReport("lwn", 200, new=1200, items=old, first=True))
    assert "lwn  1,200 items at its first poll" in line
    assert len(new_item_lines(PollReport("lwn", 200, items=old[:2], first=True))) == 1
    assert new_item_lines(PollReport("lwn", 200, items=old[:1], first=True)) == [
        "      1  lwn  Item 1"
    ]
    assert new_item_lines(PollReport("lwn", 304, first=True)) == []
