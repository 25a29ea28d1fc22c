"""Single difficulties of real pages: what a reader would miss, or have to skip."""

from __future__ import annotations

from typing import Final

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.model import Article

TITLE: Final = "Bell foundry closes after two centuries"
PROSE: Final = (
    "The bell foundry on the hill has cast its last bell, and the three men who worked there have"
    " gone home with their tools in a handcart.",
    "For two hundred and ten years the furnace burned through every winter, since a cold furnace"
    " cracks and a cracked furnace costs a year.",
    "Marta Kovac, who kept the books, says that the order for the cathedral was the last one that"
    " paid for the copper it needed.",
    "“We could have gone on with doorbells,” she said on Thursday, “but nobody wanted to learn how"
    " to tune them.”",
    "The town has bought the building for one crown and means to put a library there, or a swimming"
    " pool, or both if the roof allows it.",
    "A survey of the roof found that the beams are sound, while the tiles come from four centuries"
    " and fit each other badly.",
)
CODE: Final = "def cast(bell):\n    for part in bell.parts:\n        pour(part)\n    return bell"
LINES: Final = CODE.split("\n")


def ps(start: int = 0, end: int = 6) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in PROSE[start:end])


def read(main: str, title: str = TITLE) -> Article:
    page = (
        "<html><body><header><a href=/>The Valley Courier</a><nav><ul><li><a href=/n>News</a></ul>"
        f"</nav></header><main>{main}</main><footer><p>© 2026 The Valley Courier.</p></footer>"
    )
    return clean_page(
        PageInput(page.encode(), "https://courier.example/a/1", "text/html", title=title)
    )


def story(amid: str) -> Article:
    """What stands amid a text, read with it; all of the text has to be there."""
    article = read(f"<article class=story><h1>{TITLE}</h1>{ps(0, 3)}{amid}{ps(3)}</article>")
    assert all(paragraph in article.text for paragraph in PROSE), article.text
    return article


@pytest.mark.parametrize(
    "listing",
    [
        "<pre><code>{lines}</code></pre>".format(
            lines="".join(
                f"<div class=line><span class=ln>{n}</span>{line}</div>"
                for n, line in enumerate(LINES, 1)
            )
        ),
        "<pre>{lines}</pre>".format(
            lines="\n".join(f"<a href=#l{n}>{n}</a>{line}" for n, line in enumerate(LINES, 1))
        ),
        f"<table><tr><td class=gutter><pre>1\n2\n3\n4</pre><td><pre>{CODE}</pre></table>",
        "<table class=blob>{rows}</table>".format(
            rows="".join(
                f"<tr><td data-line-number={n}></td><td class=blob-code><pre>{line}</pre></td></tr>"
                for n, line in enumerate(LINES, 1)
            )
        ),
        "<table class=code><thead><tr><th>Line<th></thead>{rows}</table>".format(
            rows="".join(f"<tr><th>{n}<td>{line}</tr>" for n, line in enumerate(LINES, 1))
        ),
        f"<pre>{'<br>'.join(LINES)}</pre>",
        "<table class=highlight>{rows}</table>".format(
            rows="".join(
                f"<tr><td class=blob-num data-line-number={n}><td class=blob-code>{line}</tr>"
                for n, line in enumerate(LINES, 1)
            )
        ),
        "<table class=listing><tr><td>{numbers}<td class=code>{lines}</tr></table>".format(
            numbers="".join(f"<div>{n}</div>" for n in range(1, 5)),
            lines="".join(f"<div class=line>{line}</div>" for line in LINES),
        ),
        "<ol class=linenums>{}</ol>".format("".join(f"<li>{line}</li>" for line in LINES)),
        "<pre>{lines}</pre>".format(
            lines="".join(
                f"<div class=l><div class=gutter><div class=ln>{n}</div></div><div class=code>"
                f"<span>{line}</span></div></div>"
                for n, line in enumerate(LINES, 1)
            )
        ),
        "<pre>{lines}</pre>".format(lines="".join(f"<code>{line}</code>" for line in LINES)),
        "<pre>{lines}</pre>".format(
            lines="\n".join(f"<b>{n:02}.</b>{line}" for n, line in enumerate(LINES, 1))
        ),
        f"<pre><div><span>python</span><span>Copy</span></div><code>{CODE}</code></pre>",
    ],
    ids=[
        "divs",
        "links",
        "columns",
        "rows",
        "rows below a head",
        "breaks",
        "cells",
        "boxes",
        "items",
        "gutters",
        "codes",
        "dots",
        "label",
    ],
)
def test_code_keeps_its_lines_and_loses_their_numbers(listing: str) -> None:
    assert CODE in story(listing).html


@pytest.mark.parametrize("empty", ["<div class=line><br></div>", "<div><div>\n</div></div>"])
def test_an_empty_line_of_code_is_one_line(empty: str) -> None:
    listing = f"<pre><div>{LINES[0]}</div>{empty}<div>{LINES[1]}</div></pre>"
    assert f"{LINES[0]}\n\n{LINES[1]}" in story(listing).html


def test_numbers_in_code_that_are_not_those_of_lines_stay() -> None:
    listing = "<pre>a = <b>3</b>\nb = <b>1</b>\nc = <b>4</b></pre>"
    assert "a = <b>3</b>" in story(listing).html


ROWS: Final = (("Year", "Bells"), ("2019", "41"), ("2020", "38"))


@pytest.mark.parametrize(
    ("table", "row", "cell"),
    [
        ("<table>{}</table>", "<tr>{}</tr>", "<td><div><div>{}</div></div></td>"),
        ("<table>{}</table>", "<tr>{}</tr>", "<td><p>{}</p></td>"),
        ("<table>{}</table>", "<tr>{}</tr>", "<th><button>▲</button><span>{}</span></th>"),
        ("<table>{}</table>", "<tr>{}</tr>", "<th><button>{}</button></th>"),
        ("<table>{}</table>", "<tr>{}</tr>", "<td><a href=/b/{0}>{0}</a></td>"),
        (
            "<div role=table><div role=rowgroup>{}</div></div>",
            "<div role=row>{}</div>",
            "<div role=cell>{}</div>",
        ),
        (
            "<div style='display:table'>{}</div>",
            "<div style='display: table-row'>{}</div>",
            "<div style='display:table-cell'>{}</div>",
        ),
        (
            "<div class=divTable><div class=divTableBody>{}</div></div>",
            "<div class=divTableRow>{}</div>",
            "<div class=divTableCell>{}</div>",
        ),
        (
            "<div class=b-table><div class=b-table__body>{}</div></div>",
            "<div class=b-table__tr>{}</div>",
            "<div class=b-table__td>{}</div>",
        ),
        (
            "<div class=Table>{}</div>",
            "<div class=Table-row>{}</div>",
            "<div class=Table-row-item>{}</div>",
        ),
    ],
    ids=[
        "boxes",
        "paragraphs",
        "sortable",
        "buttons",
        "links",
        "roles",
        "styles",
        "classes",
        "tr",
        "items",
    ],
)
def test_a_table_is_a_table_however_it_is_written(table: str, row: str, cell: str) -> None:
    rows = "".join(row.format("".join(map(cell.format, cells))) for cells in ROWS)
    html = story(table.format(rows)).html
    assert html.count("<tr>") == 3
    assert all(word in html.partition("<table>")[2] for cells in ROWS for word in cells)


def test_a_grid_of_paragraphs_in_boxes_that_are_named_as_a_tables_is_text() -> None:
    rows = "".join(
        f"<div class=row><div class=cell><h3>{n}</h3><p>{text}</p></div><div class=cell><p>{text}"
        " Twice.</p></div></div>"
        for n, text in enumerate(PROSE)
    )
    article = read(f"<article><h1>{TITLE}</h1><div class=table>{rows}</div></article>")
    assert all(f"{text} Twice." in article.text for text in PROSE)
    assert "<table" not in article.html


@pytest.mark.parametrize(
    ("box", "gone"),
    [
        (
            "<div class=offer-box><h4>Subscribe and get more</h4><ul><li>Unlimited access"
            "<li>Cancel at any time</ul><a href=/s>Subscribe now</a></div>",
            "Cancel at any time",
        ),
        ("<p>We may earn a commission if you buy through links on this page.</p>", "commission"),
        (
            '<p style="visibility:hidden">A line that no reader is meant to see.</p>',
            "no reader",
        ),
        (f"<div class=mobile><p>{PROSE[2]}</p></div>", ""),
        (f"<p class=lead-mobile>{PROSE[2]}</p>", ""),
        (
            "<div class=box><p><b>Sign up to the bell letter</b></p><p>Our free email brings what"
            " rings to your inbox, every Friday.</p></div>",
            "every Friday",
        ),
        ("<div class=promo><p>Download our app to hear bells on the go.</p></div>", "on the go"),
        (
            "<div class=embed><p>Here you find external content of a third party. Your data may be"
            " sent to it if you load the video.</p></div>",
            "external",
        ),
        (
            "<p>See also:</p><ul><li><a href=/1>Bells of tin</a><li><a href=/2>Tin</a></ul>",
            "Bells of tin",
        ),
        ("<p><b>Czytaj też: <a href=/1>Dzwony z cyny</a></b></p>", "Dzwony"),
        ("<p>延伸阅读：<a href=/1>锡钟</a></p>", "锡钟"),
        ("<p class=sr-only>Opens in a new window and rings.</p>", "Opens"),
        (
            "<div class='note w-condition-invisible'><p>Your trial of the bell ends.</p></div>",
            "trial",
        ),
    ],
)
def test_what_frames_a_text_goes(box: str, gone: str) -> None:
    text = story(box).text
    assert not gone or gone not in text
    assert text.count(PROSE[2]) == 1


def test_the_title_of_a_box_of_facts_stays_with_its_list_and_goes_with_one_that_goes() -> None:
    box = "<div class='mod m2'><div class=mod-t>{}</div><ul>{}</ul></div>"
    facts = ("Cast in 1791 by the monks.", "It weighs nine tons.", "In August it is not rung.")
    own = box.format("The bell in facts", "".join(f"<li>{fact}</li>" for fact in facts))
    assert "The bell in facts" in story(own).text
    links = "".join(f"<li><a href=/{number}>{fact}</a></li>" for number, fact in enumerate(facts))
    assert "Bells by letter" not in story(box.format("Bells by letter", links)).text


@pytest.mark.parametrize(
    "unclosed",
    ["<a href=/x>", "<svg><g>", "<select><option>A<option>B", "<picture><source srcset=a.jpg>"],
)
def test_an_element_that_was_never_closed_takes_nothing_with_it(unclosed: str) -> None:
    article = read(f"<article><h1>{TITLE}</h1>{unclosed}{ps()}</article>")
    assert all(paragraph in article.text for paragraph in PROSE)


def test_pictures_that_stand_for_nothing_go_and_those_beside_the_text_stay() -> None:
    html = story(
        "<img src=/static/spinner.gif><img src=/undefined><img src=/i/bell.jpg width=800>"
        "<div><img src=/avatars/1.jpg width=48 height=48>Nina writes about metal.</div>"
    ).html
    assert "/i/bell.jpg" in html
    assert not any(name in html for name in ("spinner", "undefined", "avatars"))


@pytest.mark.parametrize(
    "entry",
    [
        "<li><span class=time>{h}:15</span><p>{text}</p></li>",
        "<li><b class=at>{h} h 15</b><p>{text}</p></li>",
        "<section><p class=stamp>{h}:15 GMT</p><h2>Hour {h}</h2><p>{text}</p></section>",
        "<dt>{h}:15</dt><dd><p>{text}</p></dd>",
    ],
)
def test_a_live_blog_keeps_the_time_of_every_entry(entry: str) -> None:
    entries = "".join(entry.format(h=18 - n, text=text) for n, text in enumerate(PROSE))
    article = read(f"<article><h1>{TITLE}</h1><div>{entries}</div></article>")
    said = article.text.replace(" h ", ":")
    found = [said.find(f"{18 - n}:15") for n in range(len(PROSE))]
    assert min(found) >= 0
    assert found == sorted(found)


@pytest.mark.parametrize(
    "made",
    [
        "<h2><button>{}</button></h2>",
        "<div role=heading aria-level=2>{}</div>",
        "<div><h2>{}</h2><span class=edit-section>[<a href=/e>edit</a>]</span></div>",
        "<h2>{}</h2>",
    ],
)
def test_a_heading_is_one_however_it_is_written_and_the_picture_below_the_last_stays(
    made: str,
) -> None:
    last = f"{ps(3)}{made.format('The bells')}<p><img src=/i/bells.jpg width=900 height=600></p>"
    heading = made.format("What the roof says")
    html = read(f"<article><h1>{TITLE}</h1>{ps(0, 3)}{heading}{last}</article>").html
    assert "<h2>What the roof says</h2>" in html
    assert html.index("<h2>The bells</h2>") < html.index("/i/bells.jpg")
    assert "edit" not in html


@pytest.mark.parametrize(
    ("made", "goes"),
    [
        ("<div class=story__crosshead>{}</div>", "<div class=story__note>{}</div>"),
        (
            "<div class=promo-title><h3>{}</h3></div>",
            "<div class=promo><h3>{}</h3><p><a href=/1>Ferry runs on to the north</a></p></div>",
        ),
        ("<h2 class=subscribe-heading>{} that subscribe</h2>", ""),
    ],
)
def test_a_heading_amid_the_text_stays_whatever_its_class(made: str, goes: str) -> None:
    heading = "Of bells and heirs"
    assert heading in story(made.format(heading)).text
    assert heading not in story(goes.format(heading)).text


def test_pictures_in_boxes_for_sharing_and_of_partners_are_not_the_articles() -> None:
    html = story(
        "<div class=share><a href=/s><img src=/i/post.png width=64 alt=Post></a></div>"
        "<div class=banner-ad><img src=/i/sale.jpg width=728 height=90></div>"
    ).html
    assert "<img" not in html


def test_a_list_of_links_that_is_the_point_of_the_page_is_kept_whole() -> None:
    names = ("On tin", "A short history of ringing", "Why moulds crack", "Letters from a tower")
    links = "".join(f"<li><a href=https://s.example/{n}>{name}</a>" for n, name in enumerate(names))
    article = read(f"<article><h1>Links for May</h1>{ps(0, 2)}<ul>{links}</ul>{ps(5)}</article>")
    assert all(name in article.text for name in names)


def test_of_a_gallery_every_picture_and_what_is_said_of_it_are_kept() -> None:
    slides = "".join(
        f"<li><img src=/g/{n}.jpg width=900 height=600 alt=''><p>{text}</p></li>"
        for n, text in enumerate(PROSE)
    )
    article = read(f"<article><h1>{TITLE}</h1><ul class=gallery>{slides}</ul></article>")
    assert [f"/g/{n}.jpg" in article.html for n in range(len(PROSE))] == [True] * len(PROSE)
    assert all(text in article.text for text in PROSE)


def test_a_table_amid_the_text_stays_in_a_box_that_is_named_for_subscribers() -> None:
    table = "<table><tr><th>Year</th><th>Bells</th></tr><tr><td>2022</td><td>48</td></tr></table>"
    halves = [f"<div class=subscriber-only>{ps(*part)}</div>" for part in ((0, 3), (3, 6))]
    box = f"<div class=subscriber-preview>{table.join(halves)}</div>"
    assert "<td>48</td>" in read(f"<article><h1>{TITLE}</h1>{box}</article>").html


def test_answers_below_the_comments_on_a_question_are_not_lost() -> None:
    answer = "<div class=answer id=a{n}><div class=body><p>{text}</p></div></div>"
    answers = "".join(answer.format(n=n, text=text) for n, text in enumerate(PROSE[2:]))
    question = f"<div class=question><p>{PROSE[0]}</p><p>{PROSE[1]}</p><p>Add a comment</p></div>"
    page = f"<html><body><h1>Why do bells crack?</h1>{question}{answers}</body></html>"
    address = "https://bells.example/questions/12/why-do-bells-crack"
    article = clean_page(PageInput(page.encode(), address, "text/html"))
    assert all(text in article.text for text in PROSE)


def test_the_panels_of_tabs_are_part_of_the_text_although_only_one_is_shown_at_first() -> None:
    panels = "".join(
        f"<section role=tabpanel{' hidden' if n else ''}><p>{text}</p></section>"
        for n, text in enumerate(PROSE[4:])
    )
    article = read(f"<article><h1>{TITLE}</h1>{ps(0, 4)}{panels}</article>")
    assert all(text in article.text for text in PROSE)


def test_a_page_that_is_for_pointing_elsewhere_keeps_its_pointers() -> None:
    cards = "".join(
        f"<div class='related card'><p><a href=/{n}>{text}</a></p></div>"
        for n, text in enumerate(PROSE)
    )
    article = read(f"<h1>News of the bells</h1><div class=listing>{cards}</div>")
    assert all(text in article.text for text in PROSE)


def test_what_boards_tell_of_their_posters_is_no_part_of_the_thread() -> None:
    post = (
        "<article class=message><div class=user><h4><a class=username>{user}</a></h4><dl><dt>"
        "Messages</dt><dd>12</dd></dl></div><div class=body>{text}</div></article>"
    )
    posts = "".join(post.format(user=f"user{n}", text=text) for n, text in enumerate(PROSE))
    article = read(f"<h1>How do I tune a bell?</h1><div>{posts}</div>", "How do I tune a bell?")
    assert all(text in article.text for text in PROSE)
    assert "Messages" not in article.text


def test_what_stands_at_the_same_place_in_every_post_is_no_part_of_the_thread() -> None:
    post = (
        "<div class='post {even}'><dl><dt><a class=username>{user}</a></dt><dd class=rank>Old"
        " hand</dd><dd class=since>Here since May {n}</dd></dl><div class=body><h3>Re: How do I"
        " tune a bell?</h3><div class=text>{text}</div><div class=sig>Ring {n} on</div></div></div>"
    )
    posts = "".join(
        post.format(even="even" if n % 2 else "odd", n=n, user=f"user{n}", text=text)
        for n, text in enumerate(PROSE)
    )
    article = read(f"<h1>How do I tune a bell?</h1><div>{posts}</div>", "How do I tune a bell?")
    lines = [line for line in article.text.splitlines() if line]
    assert lines == [said for n, text in enumerate(PROSE) for said in (f"user{n}", text)]


def test_each_post_of_a_thread_is_led_by_the_name_of_who_wrote_it() -> None:
    post = (
        "<div class=comment><p class=tagline><a class=author href=/u>{user}</a> 12 points, 3 hours"
        " ago</p><div class=text><p>{text}</p></div><ul><li><a href=#>permalink</a></li></ul></div>"
    )
    posts = "".join(post.format(user=f"user{n}", text=text) for n, text in enumerate(PROSE))
    article = read(f"<h1>How do I tune a bell?</h1><div>{posts}</div>", "How do I tune a bell?")
    lines = [line for line in article.text.splitlines() if line]
    assert lines == [said for n, text in enumerate(PROSE) for said in (f"user{n}", text)]


def test_the_author_of_an_article_is_not_taken_for_that_of_a_post() -> None:
    article = read(
        f"<article class=post><h1>{TITLE}</h1><p class=byline><a class=author href=/n>Nina Holt</a>"
        f"</p>{ps()}</article>"
    )
    assert "Nina Holt" not in article.text


def test_the_next_article_that_a_page_loads_below_is_another() -> None:
    more = "<p>The ferry has a new captain since Monday, who drove a bus in the capital before.</p>"
    article = read(
        f"<article class=post><h1>{TITLE}</h1>{ps()}</article>"
        f"<article class=post><h1>Ferry gets a new captain</h1>{more}</article>"
    )
    assert all(paragraph in article.text for paragraph in PROSE)
    assert "captain" not in article.text


@pytest.mark.parametrize("end", ["</body></html>", "</html>\n<!-- menu -->", "</BODY>\n</HTML >"])
def test_a_page_put_together_of_whole_pages_is_read_to_its_end(end: str) -> None:
    article = read(f"<header>The Courier</header>{end}<html><body><h1>{TITLE}</h1>{ps()}")
    assert all(text in article.text for text in PROSE)


@pytest.mark.parametrize("void", ["<embed src=a.swf>", "<track src=a.vtt>", "<source src=a.mp4>"])
def test_an_element_that_needs_no_end_swallows_nothing(void: str) -> None:
    article = read(f"{void}<article><h1>{TITLE}</h1>{ps()}</article>")
    assert all(text in article.text for text in PROSE)


def test_a_heading_that_was_never_closed_ends_where_a_list_begins() -> None:
    listed = "<h3>What a bell takes\n<ul><li>Copper<li>Tin, a fifth of it<li>A furnace</ul>"
    html = story(listed).html
    assert ">What a bell takes" in html
    assert html.count("<li>") == 3
    inside = "<h3><div>What a bell</div><div>takes</div></h3>"
    assert "<h3>What a bell<br>\ntakes</h3>" in story(inside).html
