"""What is text and what is not, on small pages where a reader can see it."""

from __future__ import annotations

import pytest

from feedd.article import PageInput, classifier
from feedd.article.cleaning import clean_page

PROSE = "The committee met on {} and, after a long discussion, decided to build the bridge anyway."


def html_of(body: str, title: str = "") -> str:
    page = f"<html><body>{body}</body></html>"
    return clean_page(PageInput(page.encode(), "https://e.org/a", "text/html", title=title)).html


def prose(*days: str) -> str:
    return "".join(f"<p>{PROSE.format(day)}</p>" for day in days)


def test_a_short_announcement_keeps_its_lists_and_code() -> None:
    html = html_of(
        "<header><a href=/>Blog</a></header><main><article><h1>Release 2.0</h1><p class=meta>By "
        "Ann, May"
        " 1, 2024</p><p>We are happy to announce release 2.0.</p><h2>New</h2><ul><li>Faster "
        "start</li>"
        "<li>Less memory</li></ul><pre>pip install x</pre></article></main><footer>All rights "
        "reserved"
        "</footer>",
        title="Release 2.0",
    )
    assert html == (
        "<p>We are happy to announce release 2.0.</p><h2>New</h2><ul><li>Faster start</li>"
        "<li>Less memory</li></ul><pre>pip install x</pre>"
    )


def test_a_headline_repeated_in_the_body_goes() -> None:
    html = html_of(
        f"<article><h1>The bridge</h1>{prose('Monday', 'Friday')}</article>", "The bridge"
    )
    assert "<h1>" not in html


def test_a_pull_quote_is_there_once() -> None:
    pulled = "<aside class=pull-quote>decided to build the bridge anyway</aside>"
    html = html_of(f"<article>{prose('Monday')}{pulled}{prose('Friday', 'Sunday')}</article>")
    assert html.count("decided to build the bridge anyway") == 3
    assert "pull" not in html


def test_a_copy_of_the_text_for_scripts_is_left_out() -> None:
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    copy = " ".join(PROSE.format(day) for day in days)
    html = html_of(f"<div><div>{copy}</div><article>{prose(*days)}</article></div>")
    assert html.count("on Monday and") == 1


def test_two_posts_with_the_same_signature_both_stay() -> None:
    quote = "<blockquote><p>{}</p><p>— The Senate (@Senate) May 1, 2024</p></blockquote>"
    first, second = quote.format("The bridge is ours."), quote.format("The river is not.")
    html = html_of(
        f"<article>{prose('Monday')}{first}{prose('Friday')}{second}{prose('Sunday')}</article>"
    )
    assert html.count("@Senate") == 2


def test_nothing_is_left_of_a_heading_over_links() -> None:
    links = "<h3>More stories</h3><ul><li><a href=/1>The old bridge</a></li></ul>"
    html = html_of(f"<article>{prose('Monday', 'Friday', 'Sunday')}{links}</article>")
    assert "More stories" not in html
    assert "old bridge" not in html


def test_a_footnote_that_the_text_points_to_is_not_lost() -> None:
    note = "<div class=links><p id=fn1>Ibid., p. 12. <a href=#r1>back</a></p></div>"
    marked = "<p>The bridge, says the report, will stand<a id=r1 href=#fn1>1</a> for a century.</p>"
    body = f"<article>{prose('Monday')}{marked}{prose('Friday', 'Sunday')}</article>"
    assert "Ibid., p. 12." in html_of(body + note)
    assert "Ibid., p. 12." not in html_of(body + note.replace("fn1", "other"))


@pytest.mark.parametrize(
    "behind",
    [
        "<aside><h3>The weather</h3><ul><li>Rain in the north</li></ul></aside>",
        "<div class=box><ul><li>Rain in the north</li></ul></div>",
        "<div class=footer-box><h3>The weather</h3><table><tr><th>North</th><td>Rain in the north"
        "</td></tr><tr><th>South</th><td>Sun</td></tr></table></div>",
    ],
)
def test_headings_and_lists_behind_the_article_do_not_become_part_of_it(behind: str) -> None:
    parts = "".join(f"<div>{prose(day, day)}</div>" for day in ("Monday", "Friday", "Sunday"))
    html = html_of(f"<main>{parts}{behind}</main>")
    assert "on Sunday" in html
    assert "Rain in the north" not in html
    assert "The weather" not in html


LINKS = "<ul><li><a href=/a>Fluke 117</a></li><li><a href=/b>Klein Tools 11061</a></li></ul>"


@pytest.mark.parametrize(
    "body",
    [
        f"{prose('Monday')}<p>We like these best:</p>{LINKS}{prose('Friday', 'Sunday')}",
        f"{prose('Monday')}<h3>Meters</h3>{LINKS}{prose('Friday')}<h3>More</h3>{prose('Sunday')}",
        f"{prose('Monday', 'Friday', 'Sunday')}<p>We like these best:</p>{LINKS}",
    ],
)
def test_a_list_of_links_that_the_author_leads_to_is_not_lost(body: str) -> None:
    assert "Fluke 117" in html_of(f"<article>{body}</article>")


@pytest.mark.parametrize(
    "body",
    [
        f"{prose('Monday')}<div class=related>{LINKS}</div>{prose('Friday', 'Sunday')}",
        f"{prose('Monday')}<p>Read more:</p>{LINKS}{prose('Friday', 'Sunday')}",
        f"{prose('Monday', 'Friday', 'Sunday')}{LINKS}",
        f"<div>{prose('Monday', 'Friday', 'Sunday')}</div><p>Sections:</p>{LINKS}",
    ],
)
def test_a_list_of_links_that_nobody_leads_to_does_not_become_text(body: str) -> None:
    assert "Fluke 117" not in html_of(f"<article>{body}</article>")


DOUBT = {"names": ["in_aside"], "bias": 0.0, "trees": [[0, 0.5, 3.0, -1.2]]}
"""Trees that are in doubt of all that stands aside: a score of 0.23."""


@pytest.mark.parametrize(
    ("question", "count", "stays"),
    [
        ("<h3>Who will pay for bridge {}?</h3>", 3, True),
        ("<dt>橋{}の費用は誰が払うのですか？</dt>", 3, True),
        ("<h3>Who will pay for bridge {}?</h3>", 2, False),
        ("<h3><a href=/q>Who will pay for bridge {}?</a></h3>", 3, False),
        ("<h3>Bridge {}</h3>", 3, False),
    ],
)
def test_questions_are_kept_with_their_answers_where_these_are_in_doubt(
    question: str, count: int, stays: bool
) -> None:
    answers = "".join(
        f"<div>{question.format(n)}<p>The county pays for number {n}, says the minister.</p></div>"
        for n in range(count)
    )
    body = f"<main>{prose('Monday', 'Friday', 'Sunday')}</main><aside>{answers}</aside>"
    with classifier.using(classifier.Ensemble(DOUBT)):
        html = html_of(body)
    assert html.count("says the minister") == (count if stays else 0)
    assert html.count("？") + html.count("?") == (count if stays else 0)


DOUBT_OF_LINES = {"names": ["size"], "bias": 0.0, "trees": [[0, 20.0, -1.5, 3.0]]}
"""Trees that are in doubt of what is not long: a score of 0.18."""


@pytest.mark.parametrize(
    ("last", "stays"),
    [
        (prose("Sunday"), True),
        (f"<aside>{prose('Sunday')}</aside>", False),
        ("<p class=note>The committee met on Sunday, as a note says.</p>", False),
        ("<p>The committee met again on Sunday</p>", False),
    ],
)
def test_a_sentence_amid_others_of_its_make_is_not_lost(last: str, stays: bool) -> None:
    sure = f"<p>{4 * PROSE.format('Friday')}</p>"
    with classifier.using(classifier.Ensemble(DOUBT_OF_LINES)):
        html = html_of(f"<main>{sure}{sure.replace('Friday', 'May')}{last}{sure}</main>")
    assert ("on Sunday" in html) is stays
