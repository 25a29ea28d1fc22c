"""What was changed in an item is counted, kept and shown, and nothing else is called a change."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.cli.item_changes import COMPARED, runs, word_diff
from feedd.store.entry_versions import MOST_CHANGES
from tests.cli.conftest import Call
from tests.loopback import Loopback, Reply

TEXT = "<p>The council met on Monday.</p><p>It voted for the bridge, nine to two.</p>"
WORDS = st.lists(st.text(string.ascii_lowercase + "\x1b[é", min_size=1, max_size=4), max_size=12)


class Paper:
    """One feed of one item, printed again and again."""

    def __init__(self, call: Call, loopback: Loopback) -> None:
        self.call = call
        self._loopback = loopback
        Path("config.toml").write_text(
            '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n'
            f'[feeds]\npaper = "{loopback.url("/paper")}"\n'
        )

    def prints(self, text: str, title: str = "The bridge", comments: int = 0) -> None:
        at = (datetime.now(UTC) - timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        self._loopback.on(
            "/paper",
            Reply(
                body=f"""<rss version="2.0"><channel><title>Paper</title><item><guid>1</guid>
<title>{title}</title><pubDate>{at}</pubDate><link>http://paper.example/1</link>
<description><![CDATA[{text}<p>{comments} comments</p>]]></description></item>
</channel></rss>""".encode()
            ),
        )
        assert self.call("poll", "paper").code == 0

    def changes(self) -> int:
        (item,) = self.call("list", "--all", "--json").records
        (feed,) = self.call("feeds", "--json").records
        assert feed["updated"] == (item["changes"] > 0)
        return int(item["changes"])


@pytest.fixture
def paper(call: Call, loopback: Loopback) -> Paper:
    return Paper(call, loopback)


def test_the_words_that_were_taken_out_and_put_in_are_shown(paper: Paper) -> None:
    paper.prints(TEXT)
    paper.prints(TEXT.replace("nine to two", "eight to three"))
    paper.prints(TEXT.replace("nine to two", "eight to three"), title="The old bridge")
    assert paper.changes() == 2
    said = paper.call("diff", "1")
    assert said.code == 0
    assert "The {+old +}bridge" in said.out
    assert "nine" not in said.out
    both = paper.call("diff", "1", "--all").out
    assert "It voted for the bridge, [-nine-]{+eight+} to [-two.-]{+three.+}" in both
    assert both.index("change 1 of 2") < both.index("change 2 of 2")
    records = paper.call("diff", "1", "--all", "--json").records
    assert [(one["id"], one["change"]) for one in records] == [(1, 1), (1, 2)]
    assert records[0]["removed"] == ["nine", "two."]
    assert records[0]["added"] == ["eight", "three."]
    assert records[1]["removed"] == []
    assert records[1]["added"] == ["old"]
    assert paper.call("diff", "1", "--json").records == records[1:]


def test_counts_white_space_and_dates_are_no_change(paper: Paper) -> None:
    paper.prints(TEXT)
    paper.prints(TEXT.replace("<p>", "<p>\n  "), comments=7)
    assert paper.changes() == 0
    said = paper.call("diff", "1")
    assert said.code == 0
    assert "as it was when it was stored" in said.err
    assert paper.call("diff", "1", "--json").records == []


def test_an_item_that_changes_at_every_poll_is_kept_up_to_date_and_its_changes_bounded(
    paper: Paper,
) -> None:
    for number in range(MOST_CHANGES + 4):
        paper.prints(f"<p>It stands at {string.ascii_letters[number] * 3} now.</p>")
    assert paper.changes() == MOST_CHANGES
    records = paper.call("diff", "1", "--all", "--json").records
    assert [one["added"] for one in records] == [
        [letter * 3] for letter in string.ascii_letters[1 : MOST_CHANGES + 1]
    ]
    assert "later changes are not kept" in paper.call("diff", "1").err
    last = string.ascii_letters[MOST_CHANGES + 3] * 3
    assert last in paper.call("show", "1", "--json").records[0]["content_text"]


def test_an_item_that_does_not_exist_is_told(paper: Paper) -> None:
    paper.prints(TEXT)
    assert paper.call("diff", "99").code == 3


def test_words_of_a_feed_cannot_steer_the_terminal(paper: Paper) -> None:
    paper.prints("<p>calm</p>")
    paper.prints("<p>\x9b31m&#27;]0;owned&#7; calm</p>")
    said = paper.call("diff", "1", "--all")
    assert not set(said.out) & {"\x1b", "\x9b", "\x07"}


@given(WORDS, WORDS, st.sampled_from([" ", "\n", "\n\n"]))
def test_what_is_left_and_what_was_put_in_is_the_new_text(
    old: list[str], new: list[str], between: str
) -> None:
    before, after = between.join(old), between.join(new)
    lines = word_diff(before, after)
    for text, hidden in ((after, "removed"), (before, "added")):
        left = "\n".join("".join(r.words for r in line if r.kind != hidden) for line in lines)
        assert left.split() == text.split()


def test_texts_with_nothing_in_common_are_shown_without_comparing_all_with_all() -> None:
    old = " ".join(f"a{n}" for n in range(3 * COMPARED))
    new = " ".join(f"b{n}" for n in range(3 * COMPARED))
    lines = word_diff(old, new)
    assert runs(lines, "removed") == [old]
    assert runs(lines, "added") == [new]
