"""Kinds of pages on which whole articles once vanished: what a reader would miss."""

from __future__ import annotations

import json
from typing import Final

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.model import Article

URL = "https://gazette.example/a"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
PROSE = (
    "The committee met on {} and, after a long discussion, decided to build the bridge over the"
    " river anyway, which nobody had expected."
)


def paragraphs(*days: str) -> str:
    return "".join(f"<p>{PROSE.format(day)}</p>" for day in days)


def read(body: str, *, head: str = "", title: str = "", summary: str = "") -> Article:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    job = PageInput(page.encode(), URL, "text/html", title=title, summary_text=summary)
    return clean_page(job)


@pytest.mark.parametrize("tag", ["button", "select", "noscript"])
def test_an_element_that_swallowed_the_page_gives_it_back(tag: str) -> None:
    article = read(f"<{tag}><div><article>{paragraphs(*DAYS)}</article></div></{tag}>")
    assert article.error is None
    assert all(day in article.text for day in DAYS)


def test_a_button_within_an_article_is_still_none_of_it() -> None:
    article = read(f"<article>{paragraphs(*DAYS)}<button><p>Sign up now</p></button></article>")
    assert "Sign up" not in article.text


@pytest.mark.parametrize(
    "question",
    [
        "<button>Who will pay for the bridge over the river?</button>",
        "<dl><dt><button aria-expanded=false>Who will pay for it all</button></dt></dl>",
        '<button aria-expanded="false"><span>Who will pay?</span></button>',
    ],
)
def test_a_question_on_a_button_stays_above_its_answer(question: str) -> None:
    answer = f"<div>{question}<div><p>{PROSE.format('Friday')}</p></div></div>"
    article = read(f"<article>{paragraphs(*DAYS[:4])}<h2>Questions</h2>{answer}</article>")
    assert "Who will pay" in article.text
    assert "Friday" in article.text


def test_text_behind_two_megabytes_of_drawings_is_not_cut_off() -> None:
    drawing = "<svg>" + 1000 * '<path d="M 10 10 L 20 20"/>' + "</svg>"
    text = drawing.join(
        f"<p>{PROSE.format(day)}</p>" for day in (*DAYS[:4], *["May"] * 90, "Friday")
    )
    article = read(f"<article>{text}</article>")
    assert "Friday" in article.text


def test_a_manual_shows_an_example_as_often_as_it_says_it() -> None:
    lines = 6 * "bridge build --over river --by Friday\n"
    code = f"<div class=highlight><pre>{lines}</pre></div>"
    text = "".join(f"<h2>{day}</h2><p>{PROSE.format(day)}</p>{code}" for day in DAYS)
    head = '<meta name=generator content="Docutils 0.19: https://docutils.sourceforge.io/">'
    article = read(f"<div role=main><div class=document>{text}</div></div>", head=head)
    assert article.text.count("bridge build") == 30


def test_a_short_article_on_cookies_is_no_page_that_asks_for_consent() -> None:
    text = (
        "<p>Browsers will keep cookies apart from next year on, one jar for each site, the makers"
        " said on Monday. Whoever follows readers from site to site loses them by it.</p><p>Two"
        " makers of advertising have complained to the court, which will hear them in May, and"
        " expect it to forbid the change before it reaches most of the cookies there are.</p>"
    )
    article = read(f"<article>{text}</article>", title="Browsers keep cookies apart")
    assert article.error is None
    wall = "<p>We use cookies. Accept all cookies, or manage your consent to cookies here.</p>"
    assert read(f"<main>{wall}</main>", title="Browsers keep cookies apart").error


def test_an_article_that_is_only_in_the_structured_data_is_read_there() -> None:
    text = "\n".join(PROSE.format(day) for day in DAYS)
    thing = json.dumps({"@type": "NewsArticle", "headline": "A bridge", "articleBody": text})
    head = f'<script type="application/ld+json">{thing}</script>'
    article = read("<div id=app><p>Please wait.</p></div>", head=head)
    assert article.error is None
    assert [line for line in article.text.split("\n") if line] == text.split("\n")


def test_what_the_structured_data_says_does_not_replace_what_the_page_says() -> None:
    thing = json.dumps({"@type": "NewsArticle", "articleBody": "Another text, and longer. " * 30})
    head = f'<script type="application/ld+json">{thing}</script>'
    article = read(f"<article>{paragraphs(*DAYS)}</article>", head=head)
    assert "Friday" in article.text
    assert "Another text" not in article.text


STATE: Final = {
    "blocks": {"title": "A bridge", "body": [{"type": "p", "text": PROSE.format(d)} for d in DAYS]},
    "html": {"post": {"meta": {"title": "A bridge"}, "html": "".join(map(paragraphs, DAYS))}},
}


@pytest.mark.parametrize("made", ["blocks", "html", "flat"])
@pytest.mark.parametrize("shown", ["<p>Please wait</p>", "", paragraphs("Monday")])
def test_an_article_that_a_script_draws_is_read_from_the_scripts_state(
    made: str, shown: str
) -> None:
    flat = [
        ["Reactive", 1],
        {"a": 2},
        {"title": 3, "text": 4},
        "A bridge",
        "".join(map(paragraphs, DAYS)),
    ]
    more = {"title": "A ferry", "text": "The ferry has a new captain, who drove a bus. " * 40}
    state = json.dumps(flat if made == "flat" else {"next": more, "own": STATE[made]})
    given = f"window.STATE = {state};" if made == "html" else state
    page = f"<div id=app>{shown}</div><script type=application/json>{given}</script>"
    article = read(page, title="A bridge")
    assert article.error is None
    assert all(article.text.count(f"met on {day}") == 1 for day in DAYS)
    assert "ferry" not in article.text


@pytest.mark.parametrize("days", [DAYS[:1], DAYS[:2]])
def test_a_short_article_in_the_structured_data_is_read_where_the_page_says_nothing(
    days: tuple[str, ...],
) -> None:
    text = " ".join(PROSE.format(day) for day in days)
    thing = json.dumps({"@type": "NewsArticle", "headline": "A bridge", "articleBody": text})
    head = f'<script type="application/ld+json">{thing}</script>'
    assert read("", head=head, title="A bridge").text == text
    assert "Please wait" not in read("<p>Please wait</p>", head=head, title="A bridge").text
    said = read(f"<article>{paragraphs('Friday')}</article>", head=head, title="A bridge").text
    assert "Friday" in said


def test_what_a_short_page_says_is_not_replaced_by_what_its_scripts_know() -> None:
    terms = {"name": "A bridge", "terms": "Whoever orders a bridge pays for it at once. " * 40}
    state = f"<script>var shop = {json.dumps(terms)}</script>"
    article = read(f"<article>{paragraphs('Monday')}</article>{state}", title="A bridge")
    assert "Monday" in article.text
    assert "pays for it" not in article.text


def test_a_menu_of_any_length_costs_no_text() -> None:
    menu = "".join(
        f"<li><a href=/plot/{n}>Plot {n} and its neighbours</a></li>" for n in range(40000)
    )
    article = read(f"<nav><ul>{menu}</ul></nav><article>{paragraphs(*DAYS)}</article>")
    assert "Friday" in article.text


def test_copies_for_other_screens_are_read_once() -> None:
    copy = f"<div class=c><h2>The vote</h2>{paragraphs(*DAYS[1:])}</div>"
    article = read(f"<article>{paragraphs(DAYS[0])}{copy}{copy}{copy}</article>")
    assert [article.text.count(f"met on {day}") for day in DAYS] == [1] * 5
    assert article.text.count("The vote") == 1


def test_a_refrain_is_sung_each_time() -> None:
    refrain = "<p>And the river goes on, and the river goes on.</p>"
    song = "".join(f"<p>{PROSE.format(day)}</p>{refrain}" for day in DAYS)
    assert read(f"<article>{song}</article>").text.count("goes on, and") == 5


def test_text_goes_on_below_a_box_that_counts_comments() -> None:
    box = "<div class=teaser><a href=/b>Another bridge</a><ul><li>Comments: 49</li></ul></div>"
    article = read(
        f"<article>{paragraphs('Monday', 'Tuesday', 'Wednesday')}{box}"
        f"{paragraphs('Thursday', 'Friday')}</article>"
    )
    assert all(day in article.text for day in DAYS)
    assert "Comments" not in article.text


@pytest.mark.parametrize(("made_by", "is_there"), [("Sphinx 8", True), ("Blog 8", False)])
def test_a_manual_may_have_a_chapter_on_comments(made_by: str, is_there: bool) -> None:
    chapter = f"<section><h2>Comments</h2>{paragraphs('Thursday')}{paragraphs('Friday')}</section>"
    body = f"<section><h1>Bridges</h1>{paragraphs(*DAYS[:3])}{chapter}</section>"
    head = f'<meta name="generator" content="{made_by}">'
    text = read(f"<article>{body}</article>", head=head, title="Bridges").text
    assert ("Friday" in text) is is_there
    assert "Wednesday" in text


def test_a_summary_in_other_words_does_not_refuse_the_page_with_the_entrys_title() -> None:
    title = "Bridge over the river is to be built"
    summary = "Volcanologists evacuated three villages yesterday after ashes reached Reykjavik."
    page = f"<article><h1>{title}</h1>{paragraphs(*DAYS)}</article>"
    assert (
        read(page, head=f"<title>{title} | Gazette</title>", title=title, summary=summary).error
        is None
    )
    other = read(page, head="<title>The Gazette: all news</title>", title="Ashes", summary=summary)
    assert "not the entry's article" in str(other.error)


def test_the_pictures_of_a_gallery_stay_with_what_is_said_of_them() -> None:
    pictures = "".join(
        f"<figure><img src=/p/{day}.jpg width=900><figcaption>{PROSE.format(day)}</figcaption>"
        "</figure>"
        for day in DAYS
    )
    html = read(f"<article>{paragraphs('Sunday')}{pictures}</article>").html
    assert all(f"/p/{day}.jpg" in html and f"met on {day}" in html for day in DAYS)


def test_the_picture_above_the_text_is_shown_and_is_the_articles() -> None:
    article = read(
        "<article><header><h1>A bridge at last</h1><figure><img src=/lead.jpg width=900>"
        "<figcaption>The river on Monday</figcaption></figure></header>"
        f"<div class=text>{paragraphs(*DAYS)}</div></article>",
        head="<title>A bridge at last</title>",
    )
    assert '<img src="https://gazette.example/lead.jpg"' in article.html
    assert article.lead_image == "https://gazette.example/lead.jpg"


def test_pictures_of_other_articles_are_not_shown() -> None:
    teaser = (
        "<div class=teaser><a href=/b><img src=/other.jpg width=400><h4>Old bridge</h4></a></div>"
    )
    article = read(
        f"<article>{paragraphs('Monday', 'Tuesday')}{teaser}{paragraphs('Friday')}</article>"
    )
    assert "other.jpg" not in article.html


def test_headings_linked_to_themselves_are_headings() -> None:
    heading = "<h2 id=vote><a href=#vote>The vote itself</a></h2>"
    article = read(
        f"<article>{paragraphs('Monday', 'Tuesday')}{heading}{paragraphs('Friday')}</article>"
    )
    assert "<h2>The vote itself</h2>" in article.html


def test_a_table_amid_the_text_stays_whole_whatever_its_cells_say() -> None:
    table = (
        "<table><tr><th>Source</th><th>Share</th></tr><tr><td>Subscriptions</td><td>61 %</td></tr>"
        "<tr><td>Advertisements</td><td>22 %</td></tr></table>"
    )
    article = read(
        f"<article>{paragraphs('Monday', 'Tuesday')}{table}{paragraphs('Friday')}</article>"
    )
    assert "<td>Advertisements</td>\n<td>22 %</td>" in article.html


def test_what_a_page_hides_of_itself_is_not_shown_unless_it_is_most_of_it() -> None:
    note = "<p hidden>Draft note of the desk: the mayor has not answered yet.</p>"
    assert "Draft note" not in read(f"<article>{paragraphs(*DAYS)}{note}</article>").text
    assert "Friday" in read(f"<article><div hidden>{paragraphs(*DAYS)}</div></article>").text


@pytest.mark.parametrize(
    ("above", "stays"),
    [
        ("<h3>What will it cost?</h3>", True),
        ("<div aria-expanded=false>The costs</div>", True),
        ("<h3><button aria-expanded=false><p>The costs</p></button></h3>", True),
        ("<h3>The costs</h3>", False),
        ("<button aria-expanded=false>Share</button><h3>The costs</h3>", False),
    ],
)
def test_what_unfolds_below_its_question_or_button_is_not_lost(above: str, stays: bool) -> None:
    hidden = "<div hidden><p>It will cost nine millions, and nobody knows who will pay.</p></div>"
    html = f"<article>{paragraphs(*DAYS)}<div>{above}{hidden}</div>{paragraphs('June')}</article>"
    assert ("nine millions" in read(html).text) is stays
    assert "nine millions" not in read(html.replace("<div hidden", "<div class=modal hidden")).text


@pytest.mark.parametrize(
    "bold", ["<section><div><b>1995</b></div></section>", "<div><strong>Part 2</strong></div>"]
)
def test_a_short_line_in_bold_is_the_heading_of_a_page_without_headings(bold: str) -> None:
    name = "1995" if "1995" in bold else "Part 2"
    above, below = paragraphs("Monday", "Tuesday", "Wednesday"), paragraphs("Thursday", "Friday")
    assert name in read(f"<article>{above}{bold}{below}</article>").text
    unmarked = bold.replace("<b>", "").replace("<strong>", "")
    unmarked = unmarked.replace("</b>", "").replace("</strong>", "")
    assert name not in read(f"<article>{above}{unmarked}{below}</article>").text


def test_the_answers_of_a_thread_are_not_taken_for_comments_below_an_article() -> None:
    def post(*days: str) -> str:
        return f"<div class=post-text>{paragraphs(*days)}</div><p><a href=/c>Add a comment</a></p>"

    article = read(
        f"<main><div class=question>{post('Monday', 'Tuesday', 'Wednesday')}</div>"
        f"<div class=answer>{post('Thursday')}</div><div class=answer>{post('Friday')}</div></main>"
    )
    assert all(day in article.text for day in DAYS)
    assert "Add a comment" not in article.text


def test_teasers_above_the_headline_are_not_the_article() -> None:
    teasers = "".join(
        f"<li><h4><a href=/{day}>Another bridge</a></h4>{PROSE.format(f'the last {day}')}</li>"
        for day in DAYS
    )
    head = "<title>A bridge at last - Gazette</title>"
    text = f"<article><h1>A bridge at last</h1>{paragraphs(*DAYS)}</article>"
    article = read(f"<div><ul>{teasers}</ul></div><div>{text}</div>", head=head)
    assert article.text.count("met on") == len(DAYS)


def test_a_standfirst_above_the_headline_stays() -> None:
    first = f"<p>{PROSE.format('Sunday')}</p>"
    head = "<title>A bridge at last - Gazette</title>"
    article = read(
        f"<article>{first}<h1>A bridge at last</h1>{paragraphs(*DAYS)}</article>", head=head
    )
    assert "Sunday" in article.text
