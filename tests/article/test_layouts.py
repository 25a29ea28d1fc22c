"""Pages laid out in tables, as the web was written until about 2008."""

from __future__ import annotations

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.model import Article

URL = "http://gazette.example/1999/ferry.html"
TITLE = "Ferry to be rowed again"
SENTENCES = (
    "The old ferry at Lower Marsh will be rowed again from Sunday, the parish decided last night.",
    "Nobody has rowed it since the bridge was built, and the oars had to be borrowed from Deal.",
    "A ferryman was found in the choir, where he has sung bass for eleven years, mostly in tune.",
    "Passengers pay a shilling by day, and two after dark, when he has to light the lamp as well.",
    "The bridge stays open for carts, sheep and those who would rather not trust to a tenor's oar.",
    "In winter the boat lies at the mill, upside down, and the miller's hens have the use of it.",
)
MENU = "".join(
    f"<a href=/{n}.html>{name}</a><br><br>"
    for n, name in enumerate(("Storm hits the coast", "Chess: a draw", "Weather", "Lottery"))
)


def read(text: str, *, left: str = MENU, right: str = "", title: str = TITLE) -> Article:
    page = (
        f"<html><head><title>The Gazette - News - {title}</title></head><body bgcolor=#ffffff>"
        f"<table width=750><tr><td width=140><font size=1>{left}</font></td><td><font"
        f" size=5><b>{title}</b></font><br><font size=1>By Ann Moor<br>Staff writer<br>May 3, 1999,"
        f" 10:22 a.m. ET</font><br><br><font size=2>{text}</font></td><td width=160><font size=1>"
        f"{right}</font></td></tr></table></body></html>"
    )
    return clean_page(PageInput(page.encode(), URL, "text/html"))


def br(*lines: str) -> str:
    return "<br><br>".join(lines)


def test_columns_of_headlines_beside_the_text_go_with_their_labels() -> None:
    article = read(br(*SENTENCES), right=f"<b>ALSO TODAY</b><br>{MENU}<b>MARKETS</b><br>Corn 2.04")
    assert all(sentence in article.text for sentence in SENTENCES)
    assert not {"Chess", "Lottery", "ALSO TODAY", "Corn"}.intersection(article.text.split())
    assert "ALSO TODAY" not in article.text


def test_a_second_column_of_text_stays_though_it_has_links() -> None:
    right = br(*(f"{s} <a href=/{n}>Map {n}</a>" for n, s in enumerate(SENTENCES[3:])))
    article = read(br(*SENTENCES[:3]), right=right)
    assert all(sentence in article.text for sentence in SENTENCES)


def test_headline_byline_and_day_are_lines_of_their_own_by_their_fonts() -> None:
    article = read(br(*SENTENCES))
    assert article.title == TITLE
    assert article.published is not None
    assert article.text.startswith(SENTENCES[0])


@pytest.mark.parametrize(
    "row",
    [
        "<a href=/p>Printer friendly version</a> | <a href=/m>Email this article</a>",
        "[<a href=/b>back</a>] [<a href=/p>print</a>] [<a href=/f>discuss this in the forum</a>]",
        "<a href=/p>Версия для печати</a> | <a href=/m>Отправить по почте</a>",
        "<a href=/p>Druckversion</a> | <a href=/m>Versenden</a> | <a href=/l>Leserbrief</a>",
        "<a href=/p>Imprimir</a> - <a href=/m>Enviar a un amigo</a>",
    ],
)
def test_rows_of_tools_below_the_text_go(row: str) -> None:
    article = read(br(*SENTENCES, row))
    assert article.text.endswith(SENTENCES[-1])


@pytest.mark.parametrize(
    "row",
    [
        'The <a href=/p>printer</a> was friendly, and "<a href=/b>back</a>" was all he said.',
        "<a href=/f>The ferry of 1850</a> | <a href=/l>Its last ferryman</a>: both in the museum.",
    ],
)
def test_links_in_a_sentence_are_no_row_of_tools(row: str) -> None:
    assert row.rpartition(">")[2].strip() in read(br(*SENTENCES[:3], row, *SENTENCES[3:])).text


def _floated(cell: str) -> str:
    return f"<table align=right width=150 border=1><tr><td>{cell}</td></tr></table>"


def test_figures_in_a_table_that_text_flows_around_stay() -> None:
    box = _floated("<b>THE FERRY IN FIGURES</b><br>Built: 1851<br>Length: nine yards<br>Oars: 4")
    paragraphs = [f"<p>{sentence}</p>" for sentence in SENTENCES]
    article = read("".join([*paragraphs[:3], box, *paragraphs[3:]]))
    assert "Length: nine yards" in article.text


def test_what_leads_elsewhere_or_says_little_in_such_a_table_is_no_part_of_the_text() -> None:
    paragraphs = [f"<p>{sentence}</p>" for sentence in SENTENCES]
    for cell in ("<a href=/f>The ferry in figures</a>: built in 1851, nine yards long, four oars",
                 "Built: 1851"):  # fmt: skip
        article = read("".join([*paragraphs[:3], _floated(cell), *paragraphs[3:]]))
        assert "1851" not in article.text


def test_a_pull_quote_in_such_a_table_is_said_once() -> None:
    quoted = "he has sung bass for eleven years"
    box = _floated(f"<b>{quoted}</b><tr><td>A ferryman's neighbour")
    paragraphs = [f"<p>{sentence}</p>" for sentence in SENTENCES]
    article = read("".join([*paragraphs[:2], box, *paragraphs[2:]]))
    assert article.text.count(quoted) == 1
    assert "neighbour" not in article.text


def test_a_calendar_of_a_blog_goes_and_a_table_of_numbers_stays() -> None:
    weeks = [range(n, n + 7) for n in range(1, 29, 7)]
    rows = "".join(f"<tr>{''.join(f'<td>{day}</td>' for day in week)}</tr>" for week in weeks)
    days = "".join(f"<th>{day}</th>" for day in "SMTWTFS")
    calendar = f"<table><caption>May 1999</caption><tr>{days}</tr>{rows}</table>"
    fares = "<table><tr><th>Day<th>Fares<tr><td>1<td>28<tr><td>2<td>31<tr><td>3<td>29</table>"
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    article = read(f"{text}{fares}{text.replace('ferry', 'boat')}", left=calendar)
    assert "28" in article.html
    assert "Fares" in article.html
    assert "May 1999" not in article.text


def test_the_headers_of_an_archived_mail_go_and_its_text_stays() -> None:
    headers = (
        "<ul><li><em>To</em>: list@ferry.example<li><em>Subject</em>: Re: oars<li><em>From</em>:"
        " Ann<li><em>Date</em>: Mon, 3 May 1999<li><em>In-reply-to</em>: &lt;7@f.example&gt;</ul>"
    )
    mail = "\n".join(SENTENCES)
    page = f"<h1>Re: oars</h1><hr>{headers}<hr><pre>{mail}</pre>"
    article = clean_page(PageInput(page.encode(), "http://ferry.example/msg8.html", "text/html"))
    assert SENTENCES[2] in article.text
    assert "In-reply-to" not in article.text


def test_a_list_of_letters_to_and_from_is_no_header() -> None:
    letters = "<ul><li>To: the miller, about hens<li>To: the parish, about oars</ul>"
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    assert "about hens" in read(f"{text}<p>He wrote two letters:</p>{letters}{text}").text


def test_lines_that_say_who_posted_go_from_between_the_texts_of_a_day() -> None:
    entries = "".join(
        f"<h3>May {n}, 1999</h3>{br(one, two)}<br><br><small>posted by Ann at 9:1{n} PM</small>"
        for n, (one, two) in enumerate(zip(SENTENCES[::2], SENTENCES[1::2], strict=True), 1)
    )
    article = read(entries)
    assert all(sentence in article.text for sentence in SENTENCES)
    assert "posted by" not in article.text


def test_the_note_that_wordpress_put_below_each_text_goes() -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    note = (
        "<p><small>This entry was posted on Sunday, May 3rd, 2005 at 9:14 pm and is filed under"
        " <a href=/b>Boats</a>. You can <a href=#respond>leave a response</a>.</small></p>"
    )
    article = read(f"{text}{note}")
    assert article.text.endswith(SENTENCES[-1])


def test_trackbacks_below_the_text_go() -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    below = (
        "<div class=tb><h2>TrackBack</h2><p>TrackBack URL for this entry: http://g.example/tb/7</p>"
        "<p>Listed below are links to weblogs that reference this entry:</p></div>"
    )
    assert "TrackBack" not in read(f"<div>{text}</div>{below}").text


def test_a_blog_below_a_site_is_named_by_a_heading_that_is_no_title() -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = f"<title>Loaf: {TITLE}</title><h1><a href='/loaf/'>Loaf</a></h1><h3>{TITLE}</h3>{text}"
    job = PageInput(page.encode(), "http://b.example/loaf/2006/10/ferry.html", "text/html")
    assert clean_page(job).title == TITLE


def test_a_books_name_above_its_chapter_is_no_title() -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = f"<title>{TITLE} - The Oar Book</title><h1>The Oar Book</h1><h2>{TITLE}</h2>{text}"
    job = PageInput(page.encode(), "http://b.example/ch04.html", "text/html")
    assert clean_page(job).title == TITLE


def test_boxes_of_tools_that_text_flows_around_go() -> None:
    tools = _floated(
        "<b>Story Tools</b><br><a href=/s>SAVE THIS</a><br><a href=/m>E-MAIL THIS</a><br>"
        "<b>RELATED</b><br><a href=/1>Oars of 1850</a><br><a href=/2>The mill's hens</a>"
    )
    article = read(tools + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES))
    assert all(sentence in article.text for sentence in SENTENCES)
    assert "Oars of 1850" not in article.text
    assert "Story Tools" not in article.text


def test_a_day_with_tools_beside_it_goes() -> None:
    row = "5/3/1999 10:22:00 AM <a href=/m>Email this article</a> &bull; <a href=/p>Print</a>"
    article = read("".join(f"<p>{sentence}</p>" for sentence in SENTENCES) + f"<p>{row}</p>")
    assert article.text.endswith(SENTENCES[-1])


def test_bars_of_links_in_manuals_go_by_their_names() -> None:
    bar = (
        "<table><tr><td class=NavBarCell1><a href=p.html>Package</a><td class=NavBarCell1><a"
        " href=t.html>Tree</a><tr><td class=NavBarCell2><a href=x.html>PREV CLASS</a><td"
        " class=NavBarCell2><a href=y.html>NEXT CLASS</a></table>"
    )
    text = "".join(f"<h3>row{n}</h3><p>{one}</p>" for n, one in enumerate(SENTENCES))
    page = f"<title>Oar (Boat API)</title>{bar}<h2>Class Oar</h2>{text}{bar}"
    job = PageInput(page.encode(), "http://boat.example/docs/api/Oar.html", "text/html")
    article = clean_page(job)
    assert SENTENCES[-1] in article.text
    assert "PREV CLASS" not in article.text


def test_a_chinese_headline_is_known_in_a_title_without_blanks() -> None:
    text = "".join(
        f"<p>摆渡船从星期天起重新开航，第{n}天的票价是一个先令，晚上两个先令。</p>"
        for n in "一二三四五"
    )
    page = (
        "<meta charset=utf-8><title>修船的老人-河口文化频道</title><table><tr><td><div><b>"
        f"修船的老人</b></div><hr>{text}</td></tr></table>"
    )
    job = PageInput(page.encode(), "http://river.example/n22.html", "text/html")
    article = clean_page(job)
    assert article.title == "修船的老人"
    assert "修船的老人" not in article.text


def test_a_quotation_below_the_last_list_stays() -> None:
    below = (
        "<h2>Limits</h2><ul><li>Oars are hired in pairs.<li>Hens do not count as passengers.</ul>"
        "<blockquote><p>Boats with a keel, said the miller, have worked since May.</p></blockquote>"
    )
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = f"<title>{TITLE}</title><main><h1>{TITLE}</h1>{text}{below}</main><footer>Powered by Oar"
    job = PageInput(page.encode(), "http://git.example/oar", "text/html")
    assert "Boats with a keel" in clean_page(job).text
