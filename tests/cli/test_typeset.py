"""An article reads well at any width, with and without colour, whatever is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.cli.screen import Screen
from feedd.cli.typeset import typeset
from feedd.cli.typeset.nodes import parse
from feedd.terminal import width

DOCUMENTS = Path(__file__).parent / "documents"
PLAIN = Screen(terminal=False)
COLOUR = Screen(terminal=True, colours=256, columns=80)
LINKING = Screen(terminal=True, colours=256, columns=80, links=True)
SEQUENCES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")


def plain(html: str, columns: int = 60) -> str:
    return "\n".join(typeset(html, columns=columns, screen=PLAIN).lines)


@pytest.mark.parametrize("expected", sorted(DOCUMENTS.glob("*.txt")), ids=lambda path: path.stem)
def test_sample_documents_look_as_they_should(expected: Path) -> None:
    name, columns = expected.stem.rsplit("-", 1)
    html = (DOCUMENTS / f"{name}.html").read_text("utf-8")
    set_ = typeset(html, columns=int(columns), screen=PLAIN)
    links = [f"[{number}] {url}" for number, url in enumerate(set_.links, start=1)]
    assert [*set_.lines, "", *links] == expected.read_text("utf-8").splitlines()


def test_colour_changes_no_text() -> None:
    html = "<p>One <b>bold</b> <i>slanted</i> <a href='https://e.org/'>link</a></p><ul><li>x</ul>"
    painted = typeset(html, columns=40, screen=LINKING).lines
    assert "\x1b[1mbold\x1b[0m" in painted[0]
    assert "\x1b]8;;https://e.org/\x1b\\" in painted[0]
    assert [SEQUENCES.sub("", line) for line in painted] == plain(html, 40).split("\n")


def test_code_is_verbatim_and_coloured_where_its_language_is_known() -> None:
    html = '<pre><code class="language-python">def f():\n\n    return "a  b"  # c</code></pre>'
    painted = typeset(html, columns=20, screen=COLOUR).lines
    assert "\x1b[35mdef\x1b[0m" in painted[0]
    bare = [SEQUENCES.sub("", line) for line in painted]
    assert bare == ["    def f():", "", '        return "a  b"  # c']
    unknown = html.replace("language-python", "language-no-such-thing")
    assert typeset(unknown, columns=20, screen=COLOUR).lines == bare


def test_links_are_numbered_once_each() -> None:
    set_ = typeset(
        '<p><a href="https://a.org/">a</a> <a href="https://b.org/">b</a> '
        '<a href="https://a.org/">again</a> <a href="javascript:x()">no</a></p>',
        columns=60,
        screen=PLAIN,
    )
    assert set_.lines == ["a[1] b[2] again[1] no"]
    assert set_.links == ["https://a.org/", "https://b.org/"]


def test_footnotes_keep_their_marks_and_lose_their_back_links() -> None:
    html = (
        '<p>Claim<sup><a href="https://e.org/p#fn:1">1</a></sup>.</p>'
        '<ol><li><p>Proof. <a href="https://e.org/p#fnref:1">↩</a></p></li></ol>'
    )
    assert plain(html) == "Claim[^1].\n\n1. Proof."


def test_images_say_what_they_show_and_where_they_are() -> None:
    set_ = typeset('<p><img src="https://e.org/cat.png" alt="A cat"></p>', columns=60, screen=PLAIN)
    assert set_.lines == ["[image: A cat][1]"]
    assert set_.links == ["https://e.org/cat.png"]


def test_a_table_that_does_not_fit_becomes_a_list_of_its_rows() -> None:
    head = "".join(f"<th>Heading{n}</th>" for n in range(6))
    row = "".join(f"<td>value number {n}</td>" for n in range(6))
    html = f"<table><tr>{head}</tr><tr>{row}</tr></table>"
    assert plain(html, 40).split("\n")[:2] == [
        "Heading0: value number 0",
        "Heading1: value number 1",
    ]
    assert "Heading0        Heading1" in plain(html, 120)


def test_a_layout_table_reads_as_its_content() -> None:
    assert (
        plain("<table><tr><td><p>one</p><ul><li>two</li></ul></td></tr></table>") == "one\n\n• two"
    )


def test_the_title_is_not_said_twice() -> None:
    html = "<article><h1>The  Title</h1><p>Text</p></article>"
    assert typeset(html, columns=40, screen=PLAIN, title="The Title").lines == ["Text"]


def test_quotes_nest_with_a_bar_each() -> None:
    assert plain("<blockquote>a<blockquote>b</blockquote></blockquote>") == "│ a\n│\n│ │ b"


def test_an_escape_split_over_elements_is_no_escape() -> None:
    assert "\x1b" not in plain("<p>a\x1b<b>[31mred</b> &#27;[2J &#x9b;31m &#x202e;x</p>")


TAGS = ["p", "b", "a href='https://e.org/x#fn1'", "ul", "li", "ol", "blockquote", "pre", "code",
        "table", "tr", "td", "th", "sup", "h2", "img alt='x' src='https://e.org/'", "br", "dl",
        "dt", "dd", "figure", "figcaption", "div", "q", "hr",
        "video src='https://e.org/v'"]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS]),
    st.sampled_from([f"</{tag.split()[0]}>" for tag in TAGS]),
    st.text(alphabet="ab é日👩\u202e\x1b\x9b[]&<>;\t\n0\u200d\u0301", max_size=12),
    st.just("word " * 12),
)


@given(st.lists(PIECES, max_size=40).map("".join), st.integers(min_value=20, max_value=90))
@settings(max_examples=150, deadline=None)
def test_any_html_at_all_is_set_within_its_columns(html: str, columns: int) -> None:
    for screen in (PLAIN, LINKING):
        for line in typeset(html, columns=columns, screen=screen).lines:
            bare = SEQUENCES.sub("", line)
            assert bare.isprintable() or not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", bare)
            if "<pre" not in html:
                assert width(bare) <= columns


def test_a_thousand_nested_quotes_are_no_trouble() -> None:
    for tags in (["blockquote"], ["ul", "li"], ["dl", "dd"], ["ol", "li", "blockquote"]):
        nest = "".join(f"<{tag}>" for tag in tags) * 3000
        ends = "".join(f"</{tag}>" for tag in reversed(tags)) * 3000
        lines = plain(nest + "deep water runs still" + ends, 40).split("\n")
        assert "deep water" in lines[-2] + lines[-1]
        assert max(map(width, lines)) <= 40


def test_an_element_that_ends_where_it_begins_holds_nothing_of_what_follows() -> None:
    assert [
        child if isinstance(child, str) else child.tag
        for child in parse("a<br/>b<span/>c<script/>d<script></script>e").children
    ] == ["a", "br", "b", "span", "c", "d", "e"]


def test_items_are_counted_as_their_list_says_as_far_as_its_letters_go() -> None:
    html = "<ol type={} start={}><li>x</li><li>y</li></ol>"
    for kind, start, first, second in (
        ("I", 3998, "MMMCMXCVIII.", "MMMCMXCIX."),
        ("I", 3999, "MMMCMXCIX.", "4000."),
        ("i", 0, "0.", "i."),
        ("a", 25, "y.", "z."),
        ("A", 26, "Z.", "27."),
        ("a", 0, "0.", "a."),
        ("1", 9, "9.", "10."),
    ):
        lines = plain(html.format(kind, start)).splitlines()
        assert [line.split()[0] for line in lines] == [first, second]
