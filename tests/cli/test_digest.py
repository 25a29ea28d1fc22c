"""`feedd digest`: one document in the morning, whole and harmless."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from feedd.terminal import width
from tests.cli.conftest import Feedd
from tests.cli.stocked import Stocked, entry, store


def test_a_mail_by_tag_and_feed(feedd: Feedd) -> None:
    said = feedd("digest", "--since", "9w")
    assert said.code == 0
    assert said.lines[2] == "10 items"
    order = ["PYTHON", "Planet Python", "* Structural pattern matching", "BLOGS", "OTHER FEEDS"]
    places = [said.out.index(text) for text in order]
    assert places == sorted(places)
    assert all(width(line) <= 72 for line in said.lines if "://" not in line)
    assert "\x1b" not in said.out


def test_without_tags_no_feed_is_called_another(feedd: Feedd) -> None:
    said = feedd("digest", "lwn", "--since", "9w")
    assert "FEEDS\n-----" in said.out
    assert "OTHER" not in said.out


def test_only_what_is_new(feedd: Feedd) -> None:
    assert feedd("digest").lines[2] == "5 items"
    feedd("mark", "read", "--feed", "lwn")
    assert feedd("digest").lines[2] == "3 items"
    assert feedd("digest", "--all").lines[2] == "5 items"


def test_nothing_new_writes_nothing(feedd: Feedd) -> None:
    feedd("digest", "--since", "9w", "--mark-read")
    assert feedd("digest", "--since", "9w").out == ""


@pytest.mark.parametrize("form", ["--html", "--markdown", "--text"])
def test_hostile_titles_are_only_text(feedd: Feedd, stocked: Stocked, form: str) -> None:
    made = [
        entry("<script>alert(1)</script> [x](javascript:y) *b*", stocked.now,
              link="https://e.org/a\"><script>", summary="<img src=x onerror=y>")
    ]  # fmt: skip
    store(stocked.database, "lwn", made, stocked.now)
    out = feedd("digest", form).out
    if form == "--html":
        tags: set[str] = set()

        class Tags(HTMLParser):
            def handle_starttag(self, tag: str, attrs: object) -> None:
                tags.add(tag)

        Tags().feed(out)
        assert tags <= {"html", "meta", "title", "style", "h1", "h2", "h3", "p", "a", "b",
                        "small", "article"}  # fmt: skip
    elif form == "--markdown":
        assert "\\<script\\>" in out
        assert "[x](javascript:" not in out
    assert "\x1b" not in out


def test_no_line_of_a_mail_is_taken_for_a_command_of_the_mail_program(
    feedd: Feedd, stocked: Stocked
) -> None:
    stocked.config.write_text(
        '[feedd]\ndatabase = "feedd.db"\n[feeds.lwn]\nurl = "https://lwn.example/rss"\n'
        "title = '~!touch x'\ntags = ['.']\n"
        "[feeds.nihongo]\nurl = 'https://jp.example/rss'\ntags = ['~r /etc/passwd']\ntitle = '.'\n"
    )
    for form in ("--text", "--markdown", "--html"):
        said = feedd("digest", "--all", "--since", "9w", form)
        assert said.code == 0
        assert "touch x" in said.out
        assert not [line for line in said.lines if line == "." or line.startswith("~")]
