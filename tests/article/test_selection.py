"""What is text and what is not, on small pages where a reader can see it."""

from __future__ import annotations

import math

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
        ("<div><a tabindex=0>Who will pay for bridge {}?</a></div>", 3, True),
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


def in_doubt_of_short(score: float) -> classifier.Ensemble:
    """Trees that are sure of what has twenty words, and of less as sure as `score`."""
    logit = math.log(score / (1 - score))
    return classifier.Ensemble(
        {"names": ["size"], "bias": 0.0, "trees": [[0, 20.0, logit, 3.0 - logit]]}
    )


SURE = f"<p>{2 * PROSE.format('Friday')}</p>"


@pytest.mark.parametrize(
    ("amid", "stays"),
    [
        ("<div class=m>Tone: *</div><div class=m>Weight: 3</div>", True),
        ("<div class=m>Tone: *</div><div class=n>Weight: 3</div>", False),
        ("<div class=m>Tone: *</div><div class=m>Tone: *</div>", False),
        ("<div class=share-m>Tone: *</div><div class=share-m>Weight: 3</div>", False),
        (f"<div><div class=name>Tone: *</div>{SURE}</div>", True),
        (f"<div class=name>Tone: *</div><div>{SURE}</div>", False),
        ("<div><div class=name>Tone: *</div><h3>Twenty bells</h3></div>", False),
    ],
)
def test_rows_of_a_text_and_the_first_line_of_a_box_of_it_are_not_lost(
    amid: str, stays: bool
) -> None:
    with classifier.using(in_doubt_of_short(0.3)):
        html = html_of(f"<main>{SURE}{SURE.replace('Friday', 'May')}{amid}{SURE}</main>")
    assert ("Tone: *" in html) is stays


@pytest.mark.parametrize(
    ("score", "below", "stays"),
    [
        (0.4, "<p class=note>In an earlier version the day was wrong.</p>", True),
        (0.4, "<div class=fix><p>In an earlier version the day was wrong.</p></div>", True),
        (0.4, "<p class=note>In an earlier version the day was wrong</p>", False),
        (0.4, "<p class=note><a href=/e>In an earlier version</a> the day was wrong.</p>", False),
        (0.4, "<div class=share><p>In an earlier version the day was wrong.</p></div>", False),
        (0.4, "</div><p class=note>In an earlier version the day was wrong.</p>", False),
        (0.3, "<p class=note>In an earlier version the day was wrong.</p>", False),
    ],
)
def test_a_note_right_below_the_text_is_not_lost(score: float, below: str, stays: bool) -> None:
    text = f"{SURE}{SURE.replace('Friday', 'May')}"
    with classifier.using(in_doubt_of_short(score)):
        html = html_of(f"<section><div class=story>{text}{below}</section>")
    assert ("earlier version" in html) is stays


LEAD = " ".join(["The committee met again on Sunday, and nobody had", *(["expected"] * 8)])


@pytest.mark.parametrize(
    ("score", "lead", "stays"),
    [
        (0.26, f"<div class=lead>{LEAD}.</div>", True),
        (0.26, f"<div class=lead>{LEAD}</div>", False),
        (0.26, "<div class=lead>The committee met again on Sunday.</div>", False),
        (0.26, f"<div class=share>{LEAD}.</div>", False),
        (0.2, f"<div class=lead>{LEAD}.</div>", False),
        (0.2, f"<div class=question><div>{LEAD}.</div></div>", True),
    ],
)
def test_a_long_sentence_below_the_headline_is_not_lost(
    score: float, lead: str, stays: bool
) -> None:
    with classifier.using(in_doubt_of_short(score)):
        html = html_of(f"<main><div><h1>No vote</h1>{lead}</div><div>{4 * SURE}</div></main>")
    assert ("on Sunday" in html) is stays


@pytest.mark.parametrize(
    ("count", "line", "stays"),
    [
        (3, "<a href=/{0}>The quarry</a><br><small>{1}</small>", False),
        (2, "<a href=/{0}>The quarry</a><br><small>{1}</small>", True),
        (3, "<b>The quarry</b><br><small>{1}</small>", True),
        (3, "In <a href=/{0}>the quarry</a><br><small>{1}</small>", True),
        (3, "<a href=/{0}>The quarry</a>, as it was. <small>{1}</small>", True),
    ],
)
def test_links_with_a_line_below_each_at_the_end_are_other_articles(
    count: int, line: str, stays: bool
) -> None:
    told = ("Its owner looks for a buyer.", "It is deep.", "The stone was known in Rome.")
    cards = "".join(f"<div>{line.format(*each)}</div>" for each in enumerate(told[:count]))
    text = "".join(
        SURE.replace("Friday", day) for day in ("May", "June", "July", "August", "Monday")
    )
    with classifier.using(in_doubt_of_short(0.6)):
        below = html_of(f"<main><div>{text}</div><div>{cards}</div></main>")
        amid = html_of(f"<main><div>{text}{cards}{SURE}</div></main>")
    assert ("for a buyer" in below) is stays
    assert "for a buyer" in amid
    assert "on Monday" in below


@pytest.mark.parametrize(
    ("name", "pictures", "is_gallery"),
    [
        ("<a href=/b><h3>The quarry closes</h3></a>", 3, True),
        ("<a href=/b><h3>The quarry closes</h3></a>", 2, False),
        ("<h3>The quarry closes</h3>", 3, False),
    ],
)
def test_cards_below_pictures_with_their_captions_do_not_replace_them(
    name: str, pictures: int, is_gallery: bool
) -> None:
    figure = "<figure><img src=/{0}.jpg width=800><figcaption>Arch {0}.</figcaption></figure>"
    shown = "".join(map(figure.format, range(pictures)))
    cards = "".join(
        f"<div class=card>{name}{SURE.replace('Friday', day)}</div>" for day in ("Monday", "May")
    )
    with classifier.using(in_doubt_of_short(0.2)):
        html = html_of(f"<main><h1>An arch</h1><p>In three pictures.</p>{shown}<div>{cards}</div>")
    assert ("In three pictures" in html) is is_gallery
    assert "/1.jpg" in html
    assert ("on Monday" in html) is not is_gallery


@pytest.mark.parametrize(
    ("when", "count", "stays"),
    [("195{}", 3, True), ("May {}, 1951", 3, True), ("195{}", 2, False), ("No. 195{}", 3, False)],
)
def test_the_years_of_a_timeline_stand_above_what_happened(
    when: str, count: int, stays: bool
) -> None:
    items = "".join(
        f"<div class='item at{n % 2}'><div class=when>{when.format(n + 1)}</div>{SURE}</div>"
        for n in range(count)
    )
    with classifier.using(in_doubt_of_short(0.1)):
        assert ("195" in html_of(f"<main>{SURE}{items}{SURE}</main>")) is stays


@pytest.mark.parametrize(
    ("name", "tag", "stays"),
    [("body", "pre", True), ("comment", "pre", True), ("comment", "h3", False)],
)
def test_code_within_the_text_is_kept_whatever_its_box_is_called(
    name: str, tag: str, stays: bool
) -> None:
    box = f"<div class={name}>{SURE}<{tag}>pour --all</{tag}>{SURE.replace('Friday', 'May')}</div>"
    with classifier.using(in_doubt_of_short(0.1)):
        assert ("pour --all" in html_of(f"<main>{box}</main>")) is stays


@pytest.mark.parametrize(("name", "stays"), [("tab two", True), ("aside two", False)])
def test_a_table_in_a_container_like_that_of_the_text_is_part_of_it(name: str, stays: bool) -> None:
    table = "<table><tr><td>Weight<td>9 kg<tr><td>Tone<td>A flat</table>"
    tabs = f"<div class='tab one'>{SURE}{SURE}</div><h3>More</h3><div class='{name}'>{table}</div>"
    with classifier.using(in_doubt_of_short(0.1)):
        assert ("A flat" in html_of(f"<main>{tabs}</main>")) is stays


@pytest.mark.parametrize(("name", "stays"), [("note", True), ("other", False)])
def test_a_footnote_beside_its_number_is_not_lost(name: str, stays: bool) -> None:
    note = f"<div class=n><a id={name}-1 href=#up>1</a><div><p>So says the ledger.</p></div></div>"
    link = "<sup><a href=#note-1>1</a></sup>"
    with classifier.using(in_doubt_of_short(0.1)):
        html = html_of(f"<main>{SURE.replace('</p>', link + '</p>')}</main><div>{note}</div>")
    assert ("So says the ledger" in html) is stays


@pytest.mark.parametrize(
    ("heading", "stay"),
    [("<h2>2.{} – 2025-02-14</h2>", True), ("<p>2025-02-14, no. {}</p>", False)],
)
def test_headings_with_days_are_not_taken_for_lines_of_who_and_when(
    heading: str, stay: bool
) -> None:
    parts = (f"{heading.format(n)}<ul><li>Pours tin.</li></ul>{SURE}" for n in (1, 2))
    assert (html_of("".join(parts)).count("2025-02-14") == 2) is stay


@pytest.mark.parametrize(("tag", "stays"), [("div", True), ("article", False)])
def test_where_little_convinces_other_articles_are_no_text(tag: str, stays: bool) -> None:
    links = "".join(f"<li><a href=https://b{n}.org/>Bridge {n} of the town</a>" for n in range(9))
    own = f"<article class=post><h1>Nine bridges</h1><p>In no order.</p><ul>{links}</ul></article>"
    cards = "".join(f"<{tag}><h3>Tunnel {n}</h3><p>It is dark.</p></{tag}>" for n in range(3))
    with classifier.using(in_doubt_of_short(0.3)):
        html = html_of(f"<main>{own}<section>{cards}</section></main>", "Nine bridges")
    assert "Bridge 8" in html
    assert ("Tunnel 2" in html) is stays
