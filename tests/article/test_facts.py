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


FOR = "<h3>{}</h3><ul><li>Cold handle<li>Next to silent</ul>"
AGAINST = "<h3>{}</h3><ul><li>Slow to boil<li>Short lead</ul>"
SUMMED_UP = ["Cold handle", "Next to silent", "Slow to boil", "Short lead"]


@pytest.mark.parametrize(
    ("good", "bad"),
    [("Pros", "Cons"), ("Les plus", "Les moins"), ("Was uns gefällt", "Was uns nicht gefällt"),
     ("Artıları", "Eksileri"), ("优点", "缺点")],
)  # fmt: skip
@pytest.mark.parametrize("below", [False, True], ids=["above", "below"])
def test_what_a_review_says_for_and_against_a_thing_stays(
    good: str, bad: str, *, below: bool
) -> None:
    box = f"<section class=verdict-box>{FOR.format(good)}{AGAINST.format(bad)}</section>"
    kept = told(box, below=below)
    assert [line for line in (good, *SUMMED_UP, bad) if line not in kept] == []


@pytest.mark.parametrize(
    "box",
    [
        f"<div class=comments>{FOR.format('Pros')}{AGAINST.format('Cons')}</div>",
        "<div class=sides><h3>Pros</h3><ul><li><a href=/p>Cold handle</a></ul>"
        "<h3>Cons</h3><ul><li><a href=/c>Slow to boil</a></ul></div>",
    ],
    ids=["a buyer's", "links"],
)
def test_lists_below_the_text_that_sum_up_nothing_go(box: str) -> None:
    assert not {*SUMMED_UP} & {*told(box, below=True)}


@pytest.mark.parametrize("below", [False, True], ids=["above", "below"])
def test_what_a_review_says_for_and_against_in_paragraphs_stays(*, below: bool) -> None:
    boxes = "".join(
        f"<div class={name}><h4>{name}</h4><p>{first}</p><p>{second}</p></div>"
        for name, first, second in (("Pros", *SUMMED_UP[:2]), ("Cons", *SUMMED_UP[2:]))
    )
    kept = told(f"<section class=verdict-box>{boxes}</section>", below=below)
    assert [line for line in SUMMED_UP if line not in kept] == []


def test_what_is_said_for_and_against_another_thing_beside_the_article_goes() -> None:
    side = f"<div class=side><div>{FOR.format('Pros')}{AGAINST.format('Cons')}</div></div>"
    text = f"<main><article><h1>{TITLE}</h1><div>{ps(*PROSE)}</div></article></main>"
    assert not {*SUMMED_UP} & {*lines(f"{text}{side}")}


VISITATION = (
    "<div class='{}'><h4>Visitation</h4><div>Friday, March 27, 2026</div><div>4:00 - 7:00 pm</div>"
    "<div>Harrow Home, 118 Canal Street</div><div><a href=/d>Directions</a></div></div>"
)
WHEN_AND_WHERE = ["Visitation", "4:00 - 7:00 pm", "Harrow Home, 118 Canal Street"]


def with_event(box: str) -> list[str]:
    text = f"{ps(*PROSE[:3])}<h2>Services</h2>{box}{ps(*PROSE[3:])}"
    return lines(f"<article><h1>{TITLE}</h1><div class=body-text>{text}</div></article>")


def test_when_and_where_something_amid_the_text_takes_place_stays() -> None:
    kept = with_event(VISITATION.format("event-item"))
    assert [line for line in WHEN_AND_WHERE if line not in kept] == []
    assert "Directions" not in kept


def test_an_event_amid_the_text_that_leads_elsewhere_goes() -> None:
    other = VISITATION.replace("Visitation", "<a href=/v>Visitation</a>").format("event-card")
    kept = with_event(f"<aside class=related-events>{other}</aside>")
    assert not {*WHEN_AND_WHERE} & {*kept}


def led_to(lead: str, block: str) -> list[str]:
    text = f"{ps(*PROSE[:2])}<p>{lead}</p>{block}{ps(*PROSE[2:])}"
    return lines(f"<article><h1>{TITLE}</h1><div class=body-text>{text}</div></article>")


ADDRESS = "<div><p>{}<br>Inland Navigation Agency<br>14 Coopers Row<br>Ludgate</p></div>"


def test_an_address_that_a_colon_leads_to_stays() -> None:
    kept = led_to("Send objections to:", ADDRESS.format("Notices Team"))
    assert any(line.startswith("Notices Team") for line in kept)


def test_the_language_of_a_listing_is_no_text_though_a_colon_leads_to_it() -> None:
    kept = led_to("The bell is rung by a line:", "<div class=code><span>js</span></div>")
    assert "js" not in kept


def above(table: str) -> list[str]:
    text = f"<div class=body-text><table>{table}</table>{ps(*PROSE)}</div>"
    return lines(f"<article><h1>{TITLE}</h1>{text}</article>")


def test_a_table_of_facts_above_the_text_is_no_byline_though_it_says_when_it_begins() -> None:
    rows = (("Distance", "142 km"), ("Climbs", "3"), ("Start", "12:15"))
    kept = above("".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows))
    assert any("142 km" in line for line in kept)
    assert any("12:15" in line for line in kept)


def test_a_table_of_who_wrote_and_when_above_the_text_goes() -> None:
    rows = (("Written by", "Nina Holt"), ("Published", "4 March 2026"))
    kept = above("".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows))
    assert not any("Nina Holt" in line for line in kept)
