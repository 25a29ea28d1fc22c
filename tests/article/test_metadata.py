"""Who, when, under which title: what a page says of its article, in every way that pages use."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.article.pagehead.metadata.pubdate import instant
from feedd.model import Article

PROSE = "<p>The council met for the third time this year, and again no vote was taken.</p>" * 4


def read(head: str = "", body: str = PROSE, path: str = "/a") -> Article:
    page = f"<html><head>{head}</head><body><article>{body}</article></body></html>"
    return clean_page(PageInput(page.encode(), f"https://gazette.example{path}", "text/html"))


def day(article: Article) -> str | None:
    at = article.published
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")


def ld(thing: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


ARTICLE = {"@type": "NewsArticle", "datePublished": "2024-05-02T10:00:00Z"}


@pytest.mark.parametrize(
    "head",
    [
        ld(ARTICLE),
        ld({"@graph": [{"@type": "WebSite", "name": "G"}, [[ARTICLE]]]}),
        ld({"@type": "WebPage", "hasPart": [ARTICLE]}),
        ld(ARTICLE).replace("{", "<!-- {").replace("}", "} -->"),
        ld(ARTICLE).replace("}", ",}"),
        ld({"@type": "NewsArticle", "headline": "x", **ARTICLE}).replace('"x"', '"a "b" c"'),
        ld(ARTICLE).replace("}", ""),
        '<meta property="article:published_time" content="2024-05-02T12:00:00+02:00">',
        '<meta name="pubdate" content="Thu, 02 May 2024 10:00:00 GMT">',
        '<meta name="sailthru.date" content="2024-05-02 10:00:00">',
        '<meta itemprop="datePublished" content="2024-05-02T10:00Z">',
        '<meta name="date" content="May 2, 2024 10:00 AM">',
    ],
)
def test_the_day_is_read_wherever_the_page_declares_it(head: str) -> None:
    assert day(read(head)) == "2024-05-02 10:00"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("<time datetime=2024-05-02>today</time>", "/a"),
        ("<time>2 May 2024</time>", "/a"),
        ("<p class=date>Published 2nd May 2024</p>", "/a"),
        ("<span class=entry-meta>2. Mai 2024</span>", "/a"),
        ("<p class=dateline>2024年5月2日</p>", "/a"),
        ("", "/2024/05/02/council"),
        ("", "/news/2024-05-02-council.html"),
    ],
)
def test_the_day_is_read_from_what_a_reader_sees(body: str, path: str) -> None:
    assert day(read(body=body + PROSE, path=path)) == "2024-05-02 00:00"


@pytest.mark.parametrize(
    ("language", "host", "day"),
    [("en-US", "gazette.example", "2024-05-02"), ("es", "gazette.example", "2024-02-05"),
     ("en", "gazette.co.uk", "2024-02-05")],
)  # fmt: skip
def test_between_slashes_americans_write_the_month_first(
    language: str, host: str, day: str
) -> None:
    page = f"<html lang={language}><body><article><p class=date>05/02/2024</p>{PROSE}</article>"
    article = clean_page(PageInput(page.encode(), f"https://{host}/a", "text/html"))
    assert str(datetime.fromtimestamp(article.published or 0, UTC).date()) == day


@pytest.mark.parametrize(
    "begin",
    ["<b>SOLVIK QUAY, May 2, 2024</b> – ", "BERLIN, 2. Mai 2024 – ", "(Paris, le 2 mai 2024) — ",
     "Frankfurt am Main, 02.05.2024 - ", "LONDON, 2 May 2024 (GLOBE NEWSWIRE) -- ",
     "NEW YORK, May 2, 2024 /PRNewswire/ -- ", "Madrid, 2 de mayo de 2024.- "],
)  # fmt: skip
def test_the_day_with_which_an_agency_begins_is_that_of_a_page_that_declares_none(
    begin: str,
) -> None:
    plans = "<ul><li>First train: 12 October 2024<li>Depot closed: 31 December 2024</ul>"
    text = f"<h1>Depot moves</h1><p>{begin}The depot moves to the quay.</p>{plans}{PROSE}"
    assert day(read(body=text)) == "2024-05-02 00:00"


def test_the_day_beside_the_headline_is_when_an_agencys_text_of_the_day_before_came_out() -> None:
    text = f"<h1>Depot moves</h1><p>3 May 2024</p><p>PARIS, 2 May 2024 – It moves.</p>{PROSE}"
    assert day(read(body=text)) == "2024-05-03 00:00"


def test_the_day_of_an_agencys_text_in_a_box_beside_the_article_is_not_its_own() -> None:
    other = "<aside><p>PARIS, 1 January 2019 – Another depot moves.</p></aside>"
    assert day(read(body=f"{other}<p class=date>2 May 2024</p>{PROSE}")) == "2024-05-02 00:00"


@pytest.mark.parametrize(
    "begin", ["On Monday, 5 May 2014 – a day of rain – ", "He left Leeds for good, 4 May 1990 – "]
)
def test_a_day_that_the_text_tells_of_is_not_its_own(begin: str) -> None:
    shown = "<p class=date>2 May 2024</p>"
    assert day(read(body=f"<p>{begin}it began.</p>{PROSE}{shown}")) == "2024-05-02 00:00"


def test_a_day_in_a_line_of_no_name_below_the_headline_is_read() -> None:
    assert day(read(body=f"<h1>Still no vote</h1><p>10 marca 2026</p>{PROSE}")) == (
        "2026-03-10 00:00"
    )


def test_the_day_of_another_article_is_not_taken() -> None:
    teaser = "<aside><time datetime=2019-01-01>old</time></aside>"
    assert day(read(body=f"{teaser}<time datetime=2024-05-02>x</time>{PROSE}")) == (
        "2024-05-02 00:00"
    )


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (ld({"@type": "Article", "author": {"@type": "Person", "name": "Ann Ender"}}), ""),
        (ld({"@type": "Article", "author": [{"name": "Ann Ender"}]}), ""),
        (
            ld(
                [
                    {"@type": "Article", "author": {"@id": "#a"}},
                    {"@type": "Person", "@id": "#a", "name": "Ann Ender"},
                ]
            ),
            "",
        ),
        ('<meta name="author" content="By Ann Ender">', ""),
        ('<meta name="parsely-author" content="Ann Ender">', ""),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" '
         'content="Ann Ender">', ""),
        ("", "<a rel=author href=/ann>Ann Ender</a>"),
        ("", "<span itemprop=author><b itemprop=name>Ann Ender</b>, reporter</span>"),
        ("", "<p class=byline>By Ann Ender | May 2, 2024</p>"),
        ('<meta name="author" content="desk@gazette.example">', "<p class=byline>Ann Ender</p>"),
        (
            '<meta property="og:site_name" content="The Gazette">'
            '<meta name="author" content="The Gazette">',
            "<p class=byline>By Ann Ender</p>",
        ),
        ("", "<div class=byline><span class=author-name>Ann Ender</span><i>Desk chief</i></div>"),
        ("", "<p class=meta>by <a href=/authors/ann-ender/>Ann Ender</a> in Town</p>"),
        ("", "<p><a href=/tac-gia/ann>Ann Ender</a> · <a href=/tags/vote>Vote</a></p>"),
        ("", "<p><a href=/yazarlar/ann>Ann Ender</a></p>"),
        ("", "<div class=byline-row><span class=byline>By Ann Ender</span> <i>City desk</i></div>"),
        ("", "<h1>No vote</h1><p>Words: Ann Ender · Photographs: Bo Vik</p>"),
        ("", "<p><a href=/autorzy/ann>Ann Ender</a></p>"),
        ("", "<p>May 2, 2024 by Ann Ender, reporter at large for the town</p>"),
        ("", "<p class=author>Autora: Ann Ender</p>"),
        (ld({"@type": "Article", "author": {"@type": "Person", "name": "The Gazette"},
             "publisher": {"name": "The Gazette"}}), "<p class=byline>By Ann Ender</p>"),
        (ld({"@type": "Article", "author": {"@type": "person", "name": "Ann Ender"},
             "publisher": {"name": "Ann Ender"}}), ""),
        ("", "<div class=author-box><h4>About the author</h4><p>Ann Ender</p></div>"),
        ("", "<p class=byline><a href=/by/ann>Ann Ender</a><a href=/x>Read more about Ann</a></p>"),
    ],
)  # fmt: skip
def test_the_author_is_a_person_and_neither_an_address_nor_the_site(head: str, body: str) -> None:
    assert read(head, body + PROSE).byline == "Ann Ender"


def test_a_writer_has_a_site_with_a_name_and_a_host_of_their_own() -> None:
    head = '<meta property="og:site_name" content="Field notes"><meta name=author content="{}">'
    page = f"<html><head>{head}</head><body><article>{PROSE}</article></body></html>"
    for said, author in (("Ann Ender", "Ann Ender"), ("annender", None)):
        job = PageInput(page.format(said).encode(), "https://annender.example/a", "text/html")
        assert clean_page(job).byline == author


def test_several_authors_are_all_named() -> None:
    assert read('<meta name="author" content="Ann Ender and Bo Vik">').byline == "Ann Ender, Bo Vik"


@pytest.mark.parametrize(
    "head",
    [
        "<title>No vote - again | The Gazette</title>"
        '<meta property="og:site_name" content="The Gazette">',
        '<meta property="og:title" content="No vote - again – The Gazette">'
        '<meta property="og:site_name" content="The Gazette">',
        "<title>The Gazette: No vote - again</title>"
        + ld({"@type": "WebSite", "name": "Gazette"})
        + ld({"@type": "Article", "publisher": {"name": "The Gazette"}}),
    ],
)
def test_the_title_is_without_the_sites_name(head: str) -> None:
    assert read(head).title == "No vote - again"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<i>Village life</i> <b>No vote again at Orrin</b>", "No vote again at Orrin"),
        ("<i>Orrin:</i> <b>No vote again at Orrin</b>", "Orrin: No vote again at Orrin"),
    ],
)
def test_the_title_is_without_a_rubric_that_the_page_does_not_give_as_its_name(
    heading: str, title: str
) -> None:
    head = "<title>Orrin: No vote again at Orrin - The Gazette</title>"
    assert read(head, f"<h1>{heading}</h1>{PROSE}").title == title


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("No vote again at Orrin <i>Members only</i>", "No vote again at Orrin"),
        ("No vote again at Orrin <i>and Lund</i>", "No vote again at Orrin and Lund"),
    ],
)
def test_a_badge_in_the_headline_is_no_part_of_it_where_networks_are_told_so(
    heading: str, title: str
) -> None:
    told = title.removesuffix(" Members only")
    head = f'<title>No vote… - The Gazette</title><meta property="og:title" content="{told} | Us">'
    assert read(head, f"<h1>{heading}</h1>{PROSE}").title == title


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Opublikowano 3 listopada 2025 w Warszawie", "2025-11-03"),
        ("Posted by Ann Ender on March 3rd, 2024 at 5:30 pm", "2024-03-03"),
        ("Stand: 04-03-2024", "2024-03-04"),
        ("2025年12月2日 更新", "2025-12-02"),
        ("الثلاثاء 10 مارس 2026", "2026-03-10"),
        ("Chapter 12 of 2025 pages", None),
    ],
)
def test_the_day_is_found_in_a_line_of_other_words(said: str, day: str | None) -> None:
    at = instant(said)
    assert (None if at is None else datetime.fromtimestamp(at, UTC).date().isoformat()) == day


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["May", "mai", "2024", "31", "99", "-", "/", ".", " ", ":", "T", "+02:00", "PM", "年"]
        )
        | st.text(max_size=4),
        max_size=8,
    ).map("".join)
)
def test_any_text_is_a_day_or_none(text: str) -> None:
    at = instant(text)
    assert at is None or 1990 <= datetime.fromtimestamp(at, UTC).year <= 2100


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "@type",
                        "@graph",
                        "@id",
                        "author",
                        "name",
                        "datePublished",
                        "image",
                        "headline",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_structured_data_costs_the_article(data: object) -> None:
    thing = {"@type": "Article", "x": data}
    if isinstance(data, dict):
        thing |= data
    assert "no vote was taken" in read(ld(thing)).text


def test_a_name_in_the_line_below_written_by_is_the_authors() -> None:
    box = "<div><p>Written by</p><p>Ada Stone</p></div>"
    assert read(body=PROSE + box).byline == "Ada Stone"


@pytest.mark.parametrize("line", ["Autor: Ada Stone", "Tekst: Ada Stone", "Szerző : Ada Stone"])
def test_who_signed_a_text_below_it_in_another_language_is_its_author(line: str) -> None:
    assert read(body=f"{PROSE * 9}<p><em>{line}</em></p>").byline == "Ada Stone"
    label = line.partition(":")[0]
    assert read(body=f"{PROSE * 9}<p>{label} and title</p>").byline is None


def test_a_link_to_all_that_somebody_wrote_names_the_author_in_other_languages_too() -> None:
    line = "<div>di <a href=/{}/ada-stone>Ada Stone</a></div>"
    assert read(body=PROSE * 9 + line.format("firme")).byline == "Ada Stone"
    assert read(body=PROSE * 9 + line.format("persone")).byline is None


def test_of_two_who_are_said_to_have_written_neither_is_taken() -> None:
    boxes = "<div><p>Written by Ada Stone</p></div><div><p>Written by Ben Reed</p></div>"
    assert read(body=PROSE * 3 + boxes).byline is None


def test_a_byline_in_boxes_is_read_with_blanks_between_them() -> None:
    byline = "<div class=byline><div>By <b>Ada Stone</b></div><div>Published on Monday</div></div>"
    assert read(body=byline + PROSE).byline == "Ada Stone"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("5 พฤศจิกายน 2567", "2024-11-05"),
        ("วันอังคารที่ 5 พ.ย. 67 เวลา 10:30 น.", "2024-11-05"),
        ("05/11/2567", "2024-11-05"),
        ("۱۵ آبان ۱۴۰۳", "2024-11-05"),
        ("۱۴۰۳/۰۸/۱۵", "2024-11-05"),
        ("30 اسفند 1399", "2021-03-20"),
        ("٥ تشرين الثاني ٢٠٢٤", "2024-11-05"),
        ("令和6年11月5日", "2024-11-05"),
        ("平成元年1月8日", None),
        ("民國113年11月5日", "2024-11-05"),
        ("二〇二四年十一月二十五日", "2024-11-25"),
        ("५ नवंबर २०२४", "2024-11-05"),
        ("৫ নভেম্বর ২০২৪", "2024-11-05"),
        ("5 בנובמבר 2024", "2024-11-05"),
        ("Thứ ba, ngày 5 tháng 11 năm 2024", "2024-11-05"),
        ("2024 m. lapkričio 5 d.", "2024-11-05"),
        ("5 noiembrie 2024", "2024-11-05"),
        ("Room 2567, 5 May 2024", "2024-05-05"),
        ("十二人の怒れる男", None),
    ],
)
def test_a_day_is_read_in_the_calendar_and_the_digits_of_its_country(
    said: str, day: str | None
) -> None:
    at = instant(said)
    assert (None if at is None else datetime.fromtimestamp(at, UTC).date().isoformat()) == day


@pytest.mark.parametrize(
    "said",
    [
        "2024年11月5日 7時30分",
        "2024年11月5日(火) 午前7時30分",
        "2024年11月5日（火曜日） 07:30",
        "2024年11月5日 星期二 上午7点30分",
        "2024년 11월 5일 오후 4시 30분",
        "2024년 11월 5일 (화) 16:30",
    ],
)
def test_the_time_of_day_is_read_as_east_asia_writes_it(said: str) -> None:
    others = "<ul><li>2024年11月1日 <a href=/b>Other</a></ul>"
    article = read(body=f"<h1>No vote</h1><p>{said}</p>{PROSE}<aside>{others}</aside>")
    assert day(article) == "2024-11-05 07:30"


BUILT = ld({**ARTICLE, "headline": "Still no vote", "dateModified": ARTICLE["datePublished"]})


@pytest.mark.parametrize(
    ("beside", "when"),
    [
        ("<div>March 7, 2023</div>", "2023-03-07 00:00"),
        ("<p>By Ann Ender</p><p><span>March 7, 2023 - 4 min read</span></p>", "2023-03-07 00:00"),
        ("<div><span>Published</span><span>7 March 2023</span></div>", "2023-03-07 00:00"),
        ("<div><span title='7.3.2023, 06:15'>2 days ago</span></div>", "2023-03-07 06:15"),
        ("<p><a title='All of March 7, 2023'>Town</a></p>", "2024-05-02 10:00"),
        ("<div>May 1, 2024</div>", "2024-05-02 10:00"),  # the same day somewhere on earth
        ("<div>June 3, 2024</div>", "2024-05-02 10:00"),
        ("<div>02/05/2024</div>", "2024-05-02 10:00"),  # the second of May, of an English writer
        ("<div>By Ann Ender on 02/05/2024</div>", "2024-05-02 10:00"),
        ("<div>7 mar 2023 - 07:14 CET</div>", "2023-03-07 06:14"),
        ("<div><span>Last updated</span><span>March 7, 2023</span></div>", "2024-05-02 10:00"),
        ("<dl><dt>Joined</dt><dd>Nov 4, 2011</dd></dl>", "2024-05-02 10:00"),
        ("<p>The fair: January 6-9, 2023</p>", "2024-05-02 10:00"),
        ("<aside><p>March 7, 2023</p></aside>", "2024-05-02 10:00"),
        ("<p>On March 7, 2023 the hall burnt.</p>", "2024-05-02 10:00"),
    ],
)
def test_the_day_beside_the_headline_is_older_than_the_day_the_site_was_built(
    beside: str, when: str
) -> None:
    assert day(read(BUILT, f"<h1>Still no vote</h1>{beside}{PROSE}")) == when


def test_of_two_days_beside_the_headline_that_of_publication_is_taken() -> None:
    lines = (
        "<p><b>Last updated</b> <i>June 3, 2024</i></p><p><b>Published</b> <i>May 2, 2024</i></p>"
    )
    assert day(read(body=f"<h1>Still no vote</h1>{lines}{PROSE}")) == "2024-05-02 00:00"


def test_a_day_of_a_change_is_better_than_those_of_other_articles() -> None:
    lines = "<p><b>Last updated:</b> <i>June 3, 2024</i></p>"
    others = "<div class=date>January 9, 2021</div>"
    assert day(read(body=f"<h1>Still no vote</h1>{lines}{PROSE}{others}")) == "2024-06-03 00:00"


def test_a_day_in_the_address_comes_before_later_ones_that_stand_somewhere() -> None:
    body = f"<h1>Still no vote</h1>{PROSE}<div><span class=date>2024-05-03</span></div>"
    assert day(read(body=body, path="/town/20240502-vote.html")) == "2024-05-02 00:00"
    assert day(read(body=body, path="/town/the-vote-of-20240602.html")) == "2024-05-03 00:00"


def test_where_numbers_might_be_day_or_month_the_folders_of_the_address_tell() -> None:
    body = f"<h1>Still no vote</h1><p class=date>03/10/2023</p>{PROSE}"
    assert day(read(body=body, path="/blog/2023/october/03/vote")) == "2023-10-03 00:00"
    assert day(read(body=body, path="/blog/vote")) == "2023-03-10 00:00"
    body += "<time datetime=2023-10-03T08:00Z>3 Oct</time>"
    assert day(read(body=body, path="/blog/vote")) == "2023-10-03 08:00"


def test_a_midnight_is_the_day_of_an_instant_that_the_page_tells_elsewhere() -> None:
    article = ld({**ARTICLE, "datePublished": "2024-05-02T00:00:00Z"})
    later = '<meta name="pubdate" content="2024-05-02T17:30:00Z">'
    other = '<meta name="pubdate" content="2024-06-02T17:30:00Z">'
    assert day(read(article + later)) == "2024-05-02 17:30"
    assert day(read(article + other)) == "2024-05-02 00:00"


@pytest.mark.parametrize(
    ("end", "when"),
    [
        ("<p>Last updated: November 13, 2025</p>", "2025-11-13 00:00"),
        ("<p>Last edited by Bo Vik on Sunday, February 22, 2026, in all seven parts.</p>", None),
        ("<p>© 1 January 2019 The Gazette</p>", None),
    ],
)
def test_the_last_line_tells_the_day_only_where_it_says_so(end: str, when: str | None) -> None:
    assert day(read(body=PROSE + end)) == when


HEADLINE = "<h1>Still no vote</h1>"
UPLOADER = '<meta name="author" content="DeskUser">'


@pytest.mark.parametrize(
    ("head", "beside", "author"),
    [
        (UPLOADER, "<p>By <a href=/p/7>Ann Ender</a></p>", "Ann Ender"),
        (UPLOADER, "<div><span>by</span><a href=/p/7><b>Ann Ender</b></a></div>", "Ann Ender"),
        (UPLOADER, "<p>Written by Ann Ender</p>", "Ann Ender"),
        ("", "<div><span>By</span><span>Ann van Ender</span></div>", "Ann van Ender"),
        ("", "<p>ORRIN — By Ann Ender</p>", "Ann Ender"),
        ("", "<p>by <a href=/u/ann>Ann</a></p><h4>Author: <i>Bo Vik</i></h4>", "Ann"),
        (UPLOADER, "<p>Propos recueillis par Ann Ender</p>", "Ann Ender"),
        ('<meta name="author" content="Le Phare de la Rade">',
         "<p>Propos recueillis par Ann Le Ender</p>", "Ann Le Ender"),
        ("", "<p>by <a href=/u>admin</a></p><p><b>Words:</b> Ann Ender<br><b>Photography:</b>"
         " Bo Vik</p>", "Ann Ender"),
        ('<meta name="author" content="Redaktion Orrin am Sonntag">',
         "<p>Von unserer Redakteurin <b>Ann Ender</b></p>", "Ann Ender"),
        (UPLOADER, "<p>De notre envoyée spéciale Ann Ender</p>", "Ann Ender"),
        (UPLOADER, "<p>By our own bell, at noon</p>", "DeskUser"),
        (UPLOADER, "<p>Interview by the sea</p>", "DeskUser"),
        (UPLOADER, "<p>By the sea, by the hundred</p>", "DeskUser"),
        (UPLOADER, "<p>Von Anfang an dabei</p>", "DeskUser"),
        (UPLOADER, "<aside><p>By Bo Vik</p></aside>", "DeskUser"),
        ('<meta name="author" content="Ann Ender, Bo Vik">', "<p>By Ann Ender</p>",
         "Ann Ender, Bo Vik"),
    ],
)  # fmt: skip
def test_the_line_below_the_headline_knows_better_than_the_system_who_wrote(
    head: str, beside: str, author: str
) -> None:
    assert read(head, f"{HEADLINE}{beside}{PROSE}").byline == author


@pytest.mark.parametrize(
    ("said", "author"),
    [
        ("By Ann Ender. Reviewed by Bo Vik", "Ann Ender"),
        ("By Ann Ender, medically reviewed by Bo Vik", "Ann Ender"),
        ("By Ann Ender. Translated by Bo Vik", "Ann Ender"),
        ("Teksti: Ann Ender", "Ann Ender"),
        ("Das Gespräch führte Ann Ender", "Ann Ender"),
        ("Rozmawiała Ann Ender", "Ann Ender"),
        ("Беседовала Ann Ender", "Ann Ender"),
        ("Intervista di Ann Ender", "Ann Ender"),
        ("Yazan: Ann Ender", "Ann Ender"),
        ("Írta: Ann Ender", "Ann Ender"),
        ("Piše: Ann Ender | Foto: Bo Vik", "Ann Ender"),
        ("Пише: Ann Ender", "Ann Ender"),
        ("Skrevet av Ann Ender", "Ann Ender"),
        ("نویسنده: Ann Ender", "Ann Ender"),
        ("מאת Ann Ender", "Ann Ender"),
        ("เขียนโดย Ann Ender", "Ann Ender"),
        ("Haber Ann Ender, Bo Vik", "Ann Ender, Bo Vik"),
        ("Napisala Ann Ender", "Ann Ender"),
        ("Moses Otten", "Moses Otten"),
        ("ann.ender", None),
        ("gazette.example", None),
        ("NOC Admin", None),
        ("Articles by Ann", None),
        ("J.K. Ender", "J.K. Ender"),
    ],
)
def test_who_looked_at_it_and_where_someone_logs_in_is_no_author(
    said: str, author: str | None
) -> None:
    assert read(body=f"<p class=byline>{said}</p>{PROSE}").byline == author


@pytest.mark.parametrize(
    ("of_type", "author"), [("Person", "Gazette"), (["Person", "Organization"], "Gazette"),
                            ("Organization", None)],
)  # fmt: skip
def test_the_sites_name_is_an_author_where_the_page_says_that_it_is_a_persons(
    of_type: object, author: str | None
) -> None:
    graph = [
        {"@type": "Article", "headline": "x", "author": {"@id": "#p", "name": "Gazette"}},
        {"@type": of_type, "@id": "#p", "name": "Gazette"},
        {"@type": "WebSite", "name": "Gazette"},
    ]
    assert read(ld({"@graph": graph})).byline == author


def test_every_author_of_a_paper_is_named_first_name_first() -> None:
    metas = "".join(
        f'<meta name="citation_author" content="{name}">' for name in ("Ender, Ann", "Bo Vik")
    )
    assert read(metas).byline == "Ann Ender, Bo Vik"
    parts = "<span itemprop=author><b itemprop=name>{}</b></span> "
    assert read(
        body=f"<p>{parts.format('Ann Ender')}{parts.format('Bo Vik')}</p>{PROSE}"
    ).byline == ("Ann Ender, Bo Vik")


def test_an_article_in_a_list_of_others_says_nothing_of_this_one() -> None:
    other = {"@type": "NewsArticle", "headline": "Cows", "datePublished": "2020-01-01",
             "author": {"name": "Bo Vik"}}  # fmt: skip
    entries = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": other}]}
    article = read(ld(entries), f"{HEADLINE}<p>By Ann Ender</p>{PROSE}")
    assert (article.byline, article.published) == ("Ann Ender", None)
    own = read(ld(entries) + "<title>Cows</title>", f"<h1>Cows</h1>{PROSE}")
    assert (own.byline, day(own)) == ("Bo Vik", "2020-01-01 00:00")


@pytest.mark.parametrize(
    ("address", "is_lead"),
    [
        ("/img/mill.jpg", True),
        ("/img/image-343604.jpg", True),
        ("/img/IMG_4287.jpeg", True),
        ("/img/new-logo-of-the-mill.png", True),
        ("/blog/mill/og.png", True),
        ("/static/logo.png", False),
        ("/static/logo-white-large.png", False),
        ("/static/logo-of-a-mill.png", True),
        ("/assets/default-share.png?v=3", False),
        ("/images/facebook-logo.jpg", False),
        ("/images/og-image-default-1200x630.png", False),
        ("data:image/gif;base64,R0lGODlhAQABAAAAACw=", False),
    ],
)
def test_a_picture_that_stands_for_the_whole_site_leads_no_article(
    address: str, is_lead: bool
) -> None:
    head = f'<meta property="og:image" content="{address}">'
    second = ld({"@type": "Article", "image": {"@id": "#i"}})
    second += ld({"@type": "ImageObject", "@id": "#i", "url": "/img/of-the-article.jpg"})
    lead = f"https://gazette.example{address}" if is_lead else None
    assert read(head).lead_image == lead
    own = "https://gazette.example/img/of-the-article.jpg"
    assert read(head + second).lead_image == (lead or own)


@pytest.mark.parametrize(
    ("above", "is_lead"),
    [
        ("<div class=top><img class='attachment-full wp-post-image' src=/c.jpg></div>", True),
        ("<div class=post-thumbnail-image><img src=/x.gif data-src=/c.jpg></div>", True),
        ("<ul><li><a href=/b><img class=wp-post-image src=/c.jpg></a></ul>", False),
        ("<div class=post-featured-image><a href=/c-1.jpg><img src=/c.jpg></a></div>", True),
        ("<aside><img class=wp-post-image src=/c.jpg></aside>", False),
        ("<div class=site-banner><img src=/c.jpg></div>", False),
        ("<div class=hero-image style='background-image:url(/c.jpg)'></div>", True),
        ("<header class='hero header' style='background-image:url(/c.jpg)'></header>", False),
    ],
)
def test_the_picture_that_a_template_marks_leads_the_article_wherever_it_stands(
    above: str, is_lead: bool
) -> None:
    body = f"<div><div>{above}</div><section><div><h1>No vote</h1>{PROSE}</div></section></div>"
    lead = read(body=body).lead_image
    assert lead == ("https://gazette.example/c.jpg" if is_lead else None)
    declared = '<meta property="og:image" content="/d.jpg">'
    assert read(declared, body).lead_image == "https://gazette.example/d.jpg"


@pytest.mark.parametrize(
    ("root", "head", "language"),
    [
        ('lang="en-US"', '<meta property="og:locale" content="de_DE">', "en-US"),
        ('lang="en-US"', '<meta property="og:locale" content="de_DE">'
         + ld({"@type": "Article", "inLanguage": "de"}), "de"),
        ('lang="{{ lang }}"', '<meta http-equiv="content-language" content="de">', "de"),
        ("", "", "de-AT"),
    ],
)  # fmt: skip
def test_a_templates_language_is_not_the_pages(root: str, head: str, language: str) -> None:
    page = (
        f"<html {root}><head>{head}</head><body><article lang=de_AT>{PROSE}</article></body></html>"
    )
    job = PageInput(page.encode(), "https://gazette.example/a", "text/html")
    assert clean_page(job).language == language


OG_TITLE = '<meta property="og:title" content="Still no vote">'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (OG_TITLE + "<title>Still no vote | The Gazette</title>", "<h1>The Gazette</h1>",
         "Still no vote"),
        ('<meta property="og:site_name" content="Gazette"><title>Still no vote｜Gazette</title>',
         "", "Still no vote"),
        ("<title>still_no_vote: an option</title>", "<h1>still_no_vote: an option</h1>",
         "still_no_vote: an option"),
        (OG_TITLE + "<title>Still no vote: why</title>",
         "<h1>Still no vote: why</h1>", "Still no vote: why"),
        ("<title>Still no vote - gazette.example</title>", "<h1>gazette.example</h1>",
         "Still no vote"),
    ],
)  # fmt: skip
def test_what_the_page_is_called_more_than_its_article_is_the_sites_name(
    head: str, body: str, title: str
) -> None:
    page = f"<html><head>{head}</head><body>{body}<article>{PROSE}</article></body></html>"
    job = PageInput(page.encode(), "https://forum.gazette.example/a", "text/html")
    assert clean_page(job).title == title


@pytest.mark.parametrize(
    "said",
    [
        *("Written by {}", "By {}", "Von {}", "Par {}", "Por {}", "Di {}", "Door {}", "Av {}"),
        *("Af {}", "Oleh {}", "Author: {}", "Auteure : {}", "Texto: {}", "Haber: {}", "Yazan: {}"),
        *("Reportage: {}", "Words: {}", "Szerző: {}", "Írta: {}", "Kirjoittaja: {}"),
        *("Toimittaja: {}", "Penulis: {}", "Tác giả: {}", "Συντάκτης: {}", "Γράφει: {}"),
        *("Автор: {}", "Napisała: {}", "Submitted by {}", "Enviado por {}", "Soumis par {}"),
        *("Inviato da {}", "Gespeichert von {}", "Ingediend door {}", "Posted by {}", "מאת {}"),
    ],
)
def test_a_line_that_begins_as_bylines_do_names_the_author_in_every_language(said: str) -> None:
    assert read(UPLOADER, f"{HEADLINE}<p>{said.format('Ann Ender')}</p>{PROSE}").byline == (
        "Ann Ender"
    )
