"""Handles that a person can type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.cli.feed_finder import MAX_SLUG_CHARACTERS, name_for
from feedd.configfile import name_problem


@pytest.mark.parametrize(
    ("title", "url", "name"),
    [
        ("Planet Python", "https://planetpython.org/rss20.xml", "planet-python"),
        ("LWN.net", "https://lwn.net/headlines/rss", "lwn-net"),
        ("Jo's Café & Straße", "https://x.example/", "jos-cafe-strasse"),
        ("The very long title of a magazine", "https://x.example/", "the-very-long-title-of-a"),
        ("Pneumonoultramicroscopicsilicovolcanoconiosis", "https://x/", "pneumonoultramicroscopic"),
        (None, "https://news.ycombinator.com/rss", "ycombinator"),
        ("", "https://www.bbc.co.uk/feed", "bbc"),
        ("Новости сегодня", "https://feeds.example.org/x", "example"),
        ("日本語 RSS", "https://blog.example.jp/", "example"),
        ("2600", "https://x.example/", "2600"),
        ("!!!", "http://127.0.0.1:8000/feed", "127-0-0-1"),
        ("???", "http://localhost/feed", "localhost"),
        (None, "https://[::1", "feed"),
    ],
)
def test_a_name_comes_from_the_title_or_else_the_host(
    title: str | None, url: str, name: str
) -> None:
    assert name_for(title=title, url=url, taken=()) == name


def test_a_name_that_is_taken_gets_a_number() -> None:
    taken = {"planet-python", "planet-python-2"}
    assert name_for(title="Planet Python", url="https://x/", taken=taken) == "planet-python-3"


@given(st.none() | st.text(max_size=60), st.text(max_size=40))
def test_every_name_can_be_used_on_a_command_line(title: str | None, host: str) -> None:
    name = name_for(title=title, url=f"https://{host}/", taken=())
    assert name_problem(name) is None
    assert name.isascii()
    assert len(name) <= MAX_SLUG_CHARACTERS
