"""Structure that readers would miss: each kind of it in four page templates."""

from __future__ import annotations

import re

import pytest

from benchmarks.structure import TEMPLATES, measure
from tests.article.test_difficulties import TITLE, ps, read, story


@pytest.mark.parametrize("name", TEMPLATES)
def test_all_structure_of_the_sample_page_survives(name: str) -> None:
    kept, _ = measure(TEMPLATES[name])
    assert not [row for row in kept if row.kept < row.of]


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        (
            "<figure><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
            "<figcaption>Table 1</figcaption></figure>",
            ("<table>", "<figcaption>Table 1</figcaption>"),
        ),
        (
            "<figure><figcaption>Listing 1</figcaption><pre><code>ring()\nrest()</code></pre>"
            "</figure>",
            ("ring()\nrest()", "<figcaption>Listing 1</figcaption>"),
        ),
        (
            "<figure><blockquote><p>Wind is a guest.</p></blockquote><figcaption>Ode</figcaption>"
            "</figure>",
            ("<blockquote><p>Wind is a guest.</p></blockquote>", "<figcaption>Ode</figcaption>"),
        ),
        (
            "<figure><video controls><source src=/v.mp4 type=video/mp4></video><figcaption>It turns"
            "</figcaption></figure>",
            ("/v.mp4", "<figcaption>It turns</figcaption>"),
        ),
        (
            "<details><summary>More on tin</summary><p>It is soft and comes from Wales.</p>"
            "</details>",
            ("<summary>More on tin</summary>", "It is soft"),
        ),
        (
            "<dl><div><dt>Hub</dt><dd>Amid.</dd></div><div><dt>Cap</dt><dd>The top.</dd></div>"
            "</dl>",
            ("<dt>Hub</dt>", "<dd>The top.</dd>"),
        ),
        (
            "<p>H<sub>2</sub>O, m<sup>2</sup>, <kbd>Ctrl</kbd>, <abbr title='a b'>AB</abbr>, <del>9"
            "</del></p>",
            ("H<sub>2</sub>O", "m<sup>2</sup>", "<kbd>", '<abbr title="a b">', "<del>"),
        ),
    ],
    ids=["table", "listing", "quotation", "film", "details", "definitions", "letters"],
)
def test_what_is_less_common_survives_with_what_is_said_of_it(
    markup: str, kept: tuple[str, ...]
) -> None:
    html = story(markup).html
    assert [part in html for part in kept] == [True] * len(kept), html


def test_a_listing_in_a_figure_is_text_and_its_caption_stands_beside_it() -> None:
    listing = "<figure><pre>ring()\nrest()</pre><figcaption>Listing 1</figcaption></figure>"
    text = story(listing).text
    assert "ring()" in text
    assert "Listing 1" not in text


@pytest.mark.parametrize(
    "listing",
    [
        "<code class=hljs>span([<b class=hljs-number>1</b>, <b class=hljs-number>2</b>, "
        "<b class=hljs-number>3</b>])\n</code>",
        "<code>listen <span class='token number'>8080</span>;\n</code>",
        "<span class=mi>1</span>, <span class=mi>2</span>, <span class=mi>3</span>",
        "<a>1</a>.  Aim\n\nTo cross.\n\n<a>2</a>.  Means\n\nA rope.\n\n<a>3</a>.  Cost\n",
    ],
    ids=["a list", "a port", "alone", "chapters"],
)
def test_numbers_that_a_listing_itself_says_are_no_numbers_of_its_lines(listing: str) -> None:
    said = re.sub("<[^>]+>", "", listing)
    html = story(f"<pre>{listing}</pre>").html
    shown = html[html.index("<pre") : html.index("</pre>")]
    assert re.sub("<[^>]+>", "", shown).strip() == said.strip()


@pytest.mark.parametrize(
    "listing",
    [
        "<i class=ln>1</i>ring()\n<i class=ln>2</i>\n<i class=ln>3</i>rest()\n",
        "<div><i>1</i>ring()</div><div><i>2</i></div><div><i>3</i>rest()</div>",
        "<b class=line><i>1</i>ring()\n</b><b class=line><i>2</i>\n</b>"
        "<b class=line><i>3</i>rest()</b>",
        "<i>1</i><i>2</i><i>3</i><code>ring()\n\nrest()</code>",
    ],
    ids=["before each", "in boxes", "in lines", "in front"],
)
def test_the_numbers_of_a_listings_lines_are_left_out(listing: str) -> None:
    html = story(f"<pre>{listing}</pre>").html
    assert ">ring()\n\nrest()" in html.replace("<code>", "").replace("<b>", "").replace("</b>", "")


def test_a_quotation_beside_the_portrait_of_who_said_it_is_text() -> None:
    said = "<blockquote><p>Nobody drew this bridge before the flood.</p></blockquote>"
    portrait = '<img src=/ines.jpg width=100 height=100 alt="Ines Varga">'
    name = "<div><figcaption>Ines Varga, engineer</figcaption></div>"
    article = story(f"<figure><div>{portrait}</div><div>{said}{name}</div></figure>")
    assert said in article.html
    assert "before the flood" in article.text
    assert "<figcaption>Ines Varga, engineer</figcaption>" in article.html


LISTS = "<ul><li>Book the hall</li><li>Ask the band</li></ul><ul><li>Pay both</li></ul>"
LONG = "A bridge is drawn, counted, drawn again and only then paid for, whoever asked for it. " * 3


@pytest.mark.parametrize(
    "rows",
    [
        [("Period", "Task"), ("March", LISTS), ("April", LISTS)],
        [("<b>Period</b>", "Task"), ("\n" + " " * 400 + "March", "<p>Ask</p>"), ("April", "Pay")],
        [("<th>Day</th>", "<th>Topic</th>"), ("1 May", LONG), ("2 May", LONG)],
        [("<th>Before</th>", LONG), ("<th>After</th>", LONG)],
    ],
    ids=["lists", "indented", "headed columns", "headed rows"],
)
def test_a_table_keeps_its_rows_whatever_its_cells_hold(rows: list[tuple[str, str]]) -> None:
    cells = [[c if c[:3] == "<th" else f"<td>{c}</td>" for c in row] for row in rows]
    table = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    assert story(f"<table>{table}</table>").html.count("<tr>") == len(rows)


def test_a_table_that_lays_out_text_and_lists_is_none() -> None:
    html = story(
        f"<table><tr><td>{LISTS}</td><td><p>{LONG}</p><p>{LONG}</p></td></tr></table>"
    ).html
    assert "<table>" not in html
    assert "counted, drawn again" in html


@pytest.mark.parametrize(
    "drawn",
    [
        "<span class=katex><span class=katex-mathml>{math}</span><span class=katex-html "
        "aria-hidden=true><span>E</span><span>=mc</span><span>2</span></span></span>",
        "<mjx-container><mjx-math aria-hidden=true><mjx-mi>E=mc2</mjx-mi></mjx-math>"
        "<mjx-assistive-mml>{math}</mjx-assistive-mml></mjx-container>",
    ],
    ids=["KaTeX", "MathJax"],
)
def test_a_formula_that_is_drawn_beside_its_source_is_read_once(drawn: str) -> None:
    tex = '<annotation encoding="application/x-tex">E=mc^2</annotation>'
    math = f"<math><semantics><mi>E</mi>{tex}</semantics></math>"
    article = story(f"<p>So {drawn.format(math=math)}, <b aria-hidden=true>says</b> he.</p>")
    assert "<p>So <code>E=mc^2</code>, <b>says</b> he.</p>" in article.html


@pytest.mark.parametrize(
    "items",
    [
        "<menu><li>Look first</li><li>Then cross</li></menu>",
        "<div role=list><div role=listitem>Look first</div><div role=listitem>Then cross"
        "</div></div>",
    ],
)
def test_a_list_is_a_list_whatever_its_elements_are(items: str) -> None:
    assert "<ul><li>Look first</li><li>Then cross</li></ul>" in story(items).html


def test_what_a_browser_shows_of_a_template_is_read() -> None:
    shown = "<p>The bell in the shadow of the tower was cast last, and nobody has paid for it.</p>"
    assert shown in story(f"<div><template shadowrootmode=open>{shown}</template></div>").html
    assert shown not in story(f"<div><template>{shown}</template></div>").html


def test_a_post_of_instagram_is_a_link_to_it() -> None:
    call = "<a href=https://www.instagram.com/p/b/>View this post on Instagram</a>"
    post = (
        "<blockquote class=instagram-media data-instgrm-permalink=https://www.instagram.com/p/b/>"
    )
    html = story(f"{post}<div>{call}</div></blockquote>").html
    assert '<a href="https://www.instagram.com/p/b/">instagram.com/p/b</a>' in html
    assert "View this post" not in html


def test_a_table_of_boxes_whose_names_are_shortened_is_one() -> None:
    rows = (("Bell", "Weight"), ("Old Tom", "412 kg"), ("Little Tom", "96 kg"))
    cells = ["".join(f"<div class=tbl-cell>{cell}</div>" for cell in row) for row in rows]
    boxes = "".join(f"<div class=tbl-row>{row}</div>" for row in cells)
    assert story(f"<div class=tbl>{boxes}</div>").html.count("<tr>") == len(rows)


def test_the_heading_of_a_list_that_stays_stays_whatever_it_says() -> None:
    books = (
        "<li><a href=https://b.example/1>Cold Shelves</a>. A history of seeds, and of mice.</li>"
    )
    linked = "<li><a href=/1>Ferry to be painted green</a></li>"
    ending = f"<article><h1>{TITLE}</h1>{ps()}<h2>Further reading</h2><ul>{{}}</ul></article>"
    assert "<h2>Further reading</h2>" in read(ending.format(books * 3)).html
    assert "Further reading" not in read(ending.format(linked * 3)).html


def test_what_happened_is_text_though_it_stands_in_brackets() -> None:
    said = "<p>(Laughter in the hall)</p>"
    assert "Laughter in the hall" in story(said).text
    assert "dvertisement" not in story("<p>(Advertisement)</p>").text
