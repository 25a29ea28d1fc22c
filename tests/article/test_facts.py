"""Rows of labels and values: facts of what a text is about, and what a page says of itself."""

from __future__ import annotations

import pytest

from tests.article.test_difficulties import PROSE, TITLE
from tests.article.test_parts_of_kinds import lines, ps

FACTS = "Court: of the valley|Case number: 412|Matter: a bell at night"


def told(row: str, *, below: bool = False) -> list[str]:
    text = f"<div class=body-text>{ps(*PROSE)}</div>"
    both = f"{text}{row}" if below else f"{row}{text}"
    return lines(f"<article><h1>{TITLE}</h1><div class=node-content>{both}</div></article>")


@pytest.mark.parametrize(
    "form",
    [
        "<div class='field a'>{}</div><div class='field b'>{}</div><div class='field c'>{}</div>",
        "<ul class=list><li><span>{}</span><li><span>{}</span><li><span>{}</span></ul>",
        "<div class=w><p>{}</p><p>{}</p><p>{}</p></div>",
    ],
    ids=["fields", "a list", "paragraphs"],
)
@pytest.mark.parametrize("below", [False, True], ids=["above", "below"])
def test_which_court_how_far_or_how_long_a_text_tells_in_rows_stays(
    form: str, *, below: bool
) -> None:
    facts = FACTS.split("|")
    kept = told(form.format(*facts), below=below)
    assert [fact for fact in facts if fact not in kept] == []


def fields(*said: str) -> str:
    named = zip(("day", "court", "number"), said, strict=False)
    return "".join(f"<div class='field {name}'>{line}</div>" for name, line in named)


@pytest.mark.parametrize(
    "row",
    [
        fields("Court: of the valley", "Written by: Nina Holt"),
        fields("Court: of the valley", "Posted: 4 March 2026"),
        fields("Court: of the valley", "Record updated: 4 March 2026"),
        fields("Court: $149.64", "Number: $206.74"),
        fields("Court: <a href=/c>of the valley</a>", "Number: <a href=/n>412</a>"),
        f"<div class=share>{fields('Court: of the valley', 'Number: 412')}</div>",
        fields("Court: of the valley"),
    ],
    ids=[
        "who wrote it",
        "its day",
        "a day of its changes",
        "prices",
        "links",
        "a box to share",
        "one line",
    ],
)
def test_what_a_page_says_of_itself_or_sells_in_such_rows_goes(row: str) -> None:
    kept = told(row)
    assert not any(line.startswith(("Court", "Number")) for line in kept)
    assert PROSE[0] in kept


def test_rows_beside_the_articles_box_are_not_its_own() -> None:
    facts = "".join(f"<li>{fact}" for fact in FACTS.split("|"))
    side = f"<div class=side><div><ul class=list>{facts}</ul></div></div>"
    text = f"<main><article><h1>{TITLE}</h1><div>{ps(*PROSE)}</div></article></main>"
    assert not any(line.startswith("Court") for line in lines(f"{text}{side}"))


def amid(part: str) -> list[str]:
    above, below = ps(*PROSE[:2]), ps(*PROSE[2:])
    box = f"<div class=body-text>{above}{part}{below}</div>"
    return lines(f"<article><h1>{TITLE}</h1>{box}</article>")


def test_when_something_begins_or_ends_is_a_fact_like_others() -> None:
    row = fields("Court: of the valley", "Begins: 4 March 2026", "Ends: 9 March 2026")
    assert "Begins: 4 March 2026" in told(row)


@pytest.mark.parametrize("fact", ["Rung with: an iron clapper", "Kling med: en klubbe av jern"])
def test_a_fact_alone_amid_the_text_stays(fact: str) -> None:
    assert fact in amid(f"<div class='mt-4 text-sm italic'>{fact}</div>")


@pytest.mark.parametrize(
    "line", ["Posted by: Nina Holt", "Filed under: Bells", "Share: Facebook", "Price: $14.20"]
)
def test_a_line_alone_that_tells_of_the_page_goes(line: str) -> None:
    assert line not in amid(f"<div class='mt-4 text-sm italic'>{line}</div>")


def test_facts_that_are_lines_of_one_block_stay() -> None:
    row = "<div><b>Bell no. 3</b><br>Court: of the valley<br>Cast: by two smiths</div>"
    kept = " ".join(told(f"<div class=meta-x>{row}</div>"))
    assert "Court: of the valley" in kept


def test_who_wrote_and_when_as_lines_of_one_block_goes() -> None:
    row = "<div><b>The valley</b><br>Author: Nina Holt<br>Category: Bells<br>Views: 12</div>"
    assert "Nina Holt" not in " ".join(told(f"<div class=meta-x>{row}</div>"))
