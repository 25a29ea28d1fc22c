"""What is text and what is not, on small pages where a reader can see it."""

from __future__ import annotations

import pytest

from feedd.article import PageInput
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
