"""Who wrote an article and when, in the many ways that pages say it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from feedd.article import PageInput, pagehead, tree
from feedd.article.cleaning import clean_page
from feedd.model import Article

TITLE: Final = "Bell foundry closes after two centuries"
SITE: Final = "The Valley Courier"
PROSE: Final = (
    "The bell foundry on the hill has cast its last bell, and the three men have gone home.",
    "For two hundred and ten years the furnace burned, since a cold furnace cracks in winter.",
    "The town has bought the building for one crown and means to put a library into it.",
)

TEXT: Final = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)


def read(head: str = "", above: str = "", url: str = "https://courier.example/a/1") -> Article:
    page = (
        f"<html><head><title>{TITLE} - {SITE}</title>{head}</head><body><header><a href=/>{SITE}"
        f"</a></header><main><article class=story><h1>{TITLE}</h1>{above}{TEXT}</article></main>"
    )
    return clean_page(PageInput(page.encode(), url, "text/html", title=TITLE))


def day_of(article: Article) -> str | None:
    if article.published is None:
        return None
    return datetime.fromtimestamp(article.published, UTC).strftime("%Y-%m-%d")


@pytest.mark.parametrize(
    "meta",
    [
        '<meta name="DC.date.issued" content="2026-03-04">',
        '<meta name="citation_publication_date" content="2026/03/04">',
        '<meta name="date" content="4. März 2026">',
        '<meta property="article:published_time" content="2026-03-04 09:00:00 +0100">',
        '<meta name="publish-date" content="1772611200000">',
        '<meta content="2026-03-04" itemprop="datePublished">',
        '<meta property="article:published_time" content="Wednesday, March 4, 2026 - 08:00">',
        '<meta name="published" content="March 4, 2026">',
        '<meta name="article.published" content="1772611200000">',
        '<meta name="revision_date" content="2026-05-01"><meta name="firstpublished"'
        ' content="2026-03-04">',
        '<meta name="apub:time" content="3/4/2026 9:30:00 AM">',
        '<meta property="article:published_time" content="03-04-2026">',
        '<meta name="twitter:label1" content="Publié"><meta name="twitter:data1"'
        ' content="4 mars 2026">',
        """<meta name="parsely-page" content='{"pub_date":"2026-03-04T08:00:00Z"}'>""",
    ],
)
def test_a_day_in_a_meta_element_is_found(meta: str) -> None:
    assert day_of(read(meta)) == "2026-03-04"


@pytest.mark.parametrize(
    "line",
    [
        "<time>4. März 2026</time>",
        '<time class="ago" title="2026-03-04 10:00">3 days ago</time>',
        '<p class="date">Publié le 4 mars 2026 à 10h30</p>',
        '<span class="fecha">4 de marzo de 2026</span>',
        '<span class="timestamp" data-datetime="2026-03-04T10:00:00Z">Wednesday</span>',
        '<p class="dates"><span>Updated March 9, 2026</span> <span>Published March 4, 2026</span>',
        '<p class="updated-date">Updated March 9, 2026</p><p class="post-date">March 4, 2026</p>',
        "<p>Valley, March 4, 2026</p>",
        "<p>Last updated on 9 March 2026</p><p>First published on 4 March 2026</p>",
        "<dl><dt>情報</dt><dd>更新日：令和8年3月4日</dd></dl>",
        "<div>Giriş: 04.03.2026 - 08:15</div><div>Güncelleme: 09.03.2026 - 10:00</div>",
        '<span class="timestamp" data-time="1772611200">yesterday</span>',
        '<abbr class="published" title="2026-03-04T09:30:00Z">9:30</abbr>',
    ],
)
def test_a_day_in_sight_is_found_before_that_of_a_change(line: str) -> None:
    assert day_of(read(above=line)) == "2026-03-04"


def test_where_the_page_was_published_after_its_last_change_the_day_in_sight_counts() -> None:
    rebuilt = f'"headline":"{TITLE}","datePublished":"2026-09-01","dateModified":"2026-08-30"'
    head = f'<script type="application/ld+json">{{"@type":"Article",{rebuilt}}}</script>'
    assert day_of(read(head, '<p class="date">March 4, 2026</p>')) == "2026-03-04"
    assert day_of(read(head)) == "2026-09-01"
    no_day = head.replace("2026-09-01", "this week")
    assert day_of(read(no_day, '<p class="date">March 4, 2026</p>')) == "2026-03-04"


def test_the_time_of_the_newest_article_in_a_pages_head_is_not_this_ones() -> None:
    head = "<div><a href=/n>Ferry stops</a> <time datetime=2026-09-01>today</time></div>"
    page = f"{head}<header><h1>{TITLE}</h1><time datetime=2026-03-04>4 March</time></header>{TEXT}"
    article = clean_page(PageInput(page.encode(), "https://courier.example/a", "text/html"))
    assert day_of(article) == "2026-03-04"


@pytest.mark.parametrize(
    "path", ["2026/03/04/bell", "2026/march/04/bell", "bell-2026-03-04.html", "2026.03.04/bell"]
)
def test_a_day_in_the_address_is_found(path: str) -> None:
    assert day_of(read(url=f"https://courier.example/{path}")) == "2026-03-04"


ARTICLE_LD: Final = (
    f'"headline":"{TITLE}","datePublished":"2026-03-04T09:00:00+01:00",'
    '"author":{"@type":"Person","name":"Nina Holt"}'
)


@pytest.mark.parametrize(
    "script",
    [
        f'/* for search */ {{"@type":"NewsArticle",{ARTICLE_LD}}}',
        f'//<![CDATA[\n{{"@type":"NewsArticle",{ARTICLE_LD}}}\n//]]>',
        f'{{"@type":"WebSite","name":"x"}}\n{{"@type":"NewsArticle",{ARTICLE_LD}}}',
        f'[{{"@type":"WebSite","name":"x"}},{{"@type":"NewsArticle",{ARTICLE_LD},}},]',
        f'{{"@type":"NewsArticle",{ARTICLE_LD}}};',
        f'\ufeff{{"@type":"NewsArticle",{ARTICLE_LD}}}',
        f'{{"@type":"NewsArticle","description":"a\nb\tc",{ARTICLE_LD}}}',
        f'{{"@type":"WebPage","hasPart":[{{"@type":"NewsArticle",{ARTICLE_LD}}}]}}',
        f'{{"@type":"NewsArticle",{ARTICLE_LD}}}'.replace('"', "&quot;"),
        f'{{"@type":"newsarticle",{ARTICLE_LD}}}',
        f'{{"@type":"NewsArticle",{ARTICLE_LD},"publisher":{{"@type":"Organization","name":"The',
    ],
)
def test_json_ld_is_read_through_what_templates_add_to_it(script: str) -> None:
    article = read(f'<script type="application/ld+json">{script}</script>')
    assert article.byline == "Nina Holt"
    assert article.published == datetime(2026, 3, 4, 8, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("head", "above"),
    [
        ("", '<p class="meta">Written by <strong>Nina Holt</strong></p>'),
        ("", '<div class="article__byline">By Nina Holt, Staff Writer</div>'),
        ("", '<div class="autor"><img src="/n.jpg" alt="Nina Holt"> Nina Holt</div>'),
        ("", '<span class="vcard author"><a class="url fn n" href="/n">Nina Holt</a></span>'),
        ("", "<p>By Nina Holt</p>"),
        ("", "<p>By Nina Holt | March 4, 2026</p>"),
        (f'<meta name="author" content="{SITE}">', '<div class="by-line">by Nina Holt</div>'),
        ('<meta name="author" content="desk@courier.example">', '<b class="author">Nina Holt</b>'),
        ('<meta name="author" content="nina@courier.example (Nina Holt)">', ""),
        ('<meta name="author" content="admin">', '<p class="byline">Nina Holt</p>'),
        ("", "<p class=byline>Words by Nina Holt. Photographs by Ode Lund</p>"),
        ("", "<p class=byline>Nina Holt @ninaholt</p>"),
        ("", "<p class=line>Text: Nina Holt | Fotos: Ode Lund</p>"),
        ("", "<p class=line>Haber: Nina Holt - Fotoğraf: Ode Lund</p>"),
        (
            "",
            "<div class=author-card><img src=/n.jpg><p class=author-card__name>Nina Holt</p></div>",
        ),
        ("", "<h4>About the author</h4><p><b>Nina Holt</b> was born in a foundry.</p>"),
    ],
)
def test_the_author_is_a_person_s_name(head: str, above: str) -> None:
    site = f'<meta property="og:site_name" content="{SITE}">'
    assert read(site + head, above).byline == "Nina Holt"


def test_a_sentence_that_begins_with_by_names_no_author() -> None:
    assert read(above="<p>By no means, said the mayor.</p>").byline is None


def test_all_links_to_authors_in_a_byline_are_its_authors() -> None:
    both = "<a rel=author href=/n>Nina Holt</a>, <a rel=author href=/o>Ode Lund</a>"
    other = "<section><a rel=author href=/w>Wim Bos</a></section>"
    linked = both.replace(" rel=author href=/", " href=/autor/")
    assert read(above=f"<div class=line>{linked}</div>").byline == "Nina Holt, Ode Lund"
    assert read(above=f"<p class=names>{both}</p>{other}").byline == "Nina Holt, Ode Lund"


def test_a_reporter_in_korean_is_named_before_what_they_are() -> None:
    assert read(above="<p>김하늘 기자 입력 2026. 3. 4. 08:15</p>").byline == "김하늘"


def title_of(head: str, above: str, host: str = "courier") -> str | None:
    """The title of a page with this head, and this above its text."""
    page = f"<html><head>{head}</head><body>{above}{TEXT}</body></html>"
    return clean_page(PageInput(page.encode(), f"https://{host}.example/a", "text/html")).title


@pytest.mark.parametrize(
    ("head", "headings"),
    [
        (f"<title>{TITLE} | Opinion</title>", (f"{TITLE} | Opinion",)),
        (f"<title>{TITLE} • {SITE}</title>", (SITE,)),
        (f'<meta property="og:title" content="{TITLE}">', (f"Dec 18 2025 {TITLE}",)),
        (f'<meta property="og:title" content="{TITLE}">', (f"{TITLE} Posted on May 1 by Ode",)),
        (f'<meta property="og:title" content="{TITLE}">', (f"{TITLE} (bells.example) 87",)),
        (f"<title>{TITLE} (Nina Holt)</title>", ("Nina Holt's bells and closes", TITLE)),
        (f"<title>{TITLE} - {SITE}</title>", (f"{TITLE} – {SITE}",)),
        (f"<title>{TITLE}</title>", (f"{TITLE} ¶",)),
        (f"<title>{TITLE} ({SITE})</title>", ()),
    ],
)
def test_the_title_is_what_the_page_is_called_and_no_more(
    head: str, headings: tuple[str, ...]
) -> None:
    site = f'<meta property="og:site_name" content="{SITE}">'
    above = "".join(f"<h1>{heading}</h1>" for heading in headings)
    assert title_of(site + head, above) == TITLE


def test_a_headline_that_the_entry_bears_is_the_title_whatever_is_made_for_search_engines() -> None:
    head = "<title>Bells 2026: prices, towers, how to ring</title>"
    page = f"<html><head>{head}</head><body><h1>{TITLE}</h1>{TEXT}</body></html>".encode()
    read_as = [
        clean_page(PageInput(page, "https://courier.example/a", "text/html", title=title)).title
        for title in (TITLE, "Ferry runs on")
    ]
    assert read_as == [TITLE, "Bells 2026: prices, towers, how to ring"]


@pytest.mark.parametrize("title", ["2026 guide to bells and moulds", "Bells: the year of 2019"])
def test_a_year_and_what_follows_a_colon_are_parts_of_a_title(title: str) -> None:
    head = f"<title>{title}</title><meta property=og:title content='guide to bells and moulds'>"
    assert title_of(head, f"<h1>{title}</h1>") == title


@pytest.mark.parametrize(
    ("title", "above"),
    [
        (f"{TITLE} » News » {SITE}", f"<h2 class=top>{TITLE}</h2>"),
        (f"{SITE}: {TITLE}", f"<h1><a href=/>{SITE}</a></h1><h3>{TITLE}</h3>"),
        (f"{TITLE} - {SITE}", f"<h1><a href=/>{SITE}</a></h1><h2>Ferry runs on</h2>"),
        (f"{TITLE} - {SITE}", f"<h1>{TITLE}</h1><h2>{SITE}</h2>"),
    ],
)
def test_where_the_first_heading_is_the_sites_the_title_is_that_of_the_article(
    title: str, above: str
) -> None:
    head = f'<title>{title}</title><meta property="og:title" content="{SITE}">'
    assert title_of(head, above, "bells") == TITLE


def test_what_a_card_for_networks_calls_the_site_is_no_articles_title() -> None:
    cards = "".join(f'<meta property="og:{n}" content="{SITE}">' for n in ("title", "site_name"))
    above = "<div>A story</div>"
    assert title_of(f"<title>{TITLE} — {SITE}</title>{cards}", above, "bells") == TITLE
    assert title_of(f"<title>{SITE}</title>{cards}", above, "bells") == SITE


@pytest.mark.parametrize("kicker", ["<span>Crafts</span> ", "<small>Subscribers only</small>"])
def test_what_stands_above_the_name_within_the_headline_is_no_part_of_it(kicker: str) -> None:
    head = f'<meta property="og:title" content="{TITLE}">'
    assert title_of(head, f"<h1>{kicker}<span>{TITLE}</span></h1>") == TITLE
    assert title_of(head, f"<h1><b>Plus</b>{TITLE}</h1>") == TITLE
    assert title_of(f"<title>{TITLE} · Courier</title>", f"<h1>{kicker}{TITLE}</h1>") == TITLE
    whole = f"<h1><span>{TITLE},</span> <span>and none follows</span></h1>"
    assert title_of("", whole) == f"{TITLE}, and none follows"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        (f"{SITE}: a history | in four parts", f"{SITE}: a history | in four parts"),
        ("Bells – a love story | with hammers", "Bells – a love story | with hammers"),
        (f"{TITLE} – {SITE}", TITLE),
    ],
)
def test_a_headline_before_the_sites_name_keeps_its_own_dashes(heading: str, title: str) -> None:
    head = f'<title>{heading} - {SITE}</title><meta property="og:site_name" content="{SITE}">'
    page = f"<html><head>{head}</head><body><h1>{heading}</h1>{TEXT}</body></html>"
    url = "https://courier.example/a"
    assert clean_page(PageInput(page.encode(), url, "text/html")).title == title


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("", "<p class=x>di <b>Nina Holt</b></p>"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Person",'
            '"givenName":"Nina","familyName":"Holt"}}</script>',
            "",
        ),
    ],
)
def test_an_author_is_named_in_two_parts_or_in_a_line_of_no_name(head: str, line: str) -> None:
    assert read(head, line).byline == "Nina Holt"
    assert read(head="", above="<p class=x>di <b>ottobre</b></p>").byline is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<span>Von</span> <a href=/n>Nina Holt</a> <i>und</i> <a href=/o>Ode Lund</a>", 2),
        ("<span>By</span> <a href=/n>Nina Holt</a>, <a href=/o>Ode Lund</a>", 2),
        ("<span>By</span> <a href=/n>Nina Holt</a> <a href=/o>Ode Lund</a>", 1),
        ("By <a href=/n>Nina Holt</a>, Crafts Editor and <a href=/o>Ode Lund</a>", 2),
        ("By <a href=/n>Nina Holt</a>, on the hill and <a href=/o>Ode Lund</a>", 1),
    ],
)
def test_names_beside_the_headline_that_are_joined_are_all_authors(line: str, names: int) -> None:
    both = "Nina Holt, Ode Lund"
    assert read(above=f"<div class=x>{line}</div>").byline == both[: 9 if names == 1 else None]


def test_a_byline_below_a_lower_heading_with_a_rubric_is_read() -> None:
    heading = f"<h2><span>Crafts</span><span>: </span><span>{TITLE}</span></h2>"
    page = (
        f"<html><head><title>{TITLE} - {SITE}</title></head><body><article><header>{heading}"
        f"<p>Two centuries.</p><div>Von <a href=/n>Nina Holt</a></div></header>{TEXT}</article>"
    )
    assert (
        pagehead.read(tree.parse(page.encode()), "https://courier.example/a").about.author
        == "Nina Holt"
    )
    other = page.replace(f"<span>{TITLE}</span>", "<span>Most read</span>")
    assert (
        pagehead.read(tree.parse(other.encode()), "https://courier.example/a").about.author is None
    )


def test_the_day_above_a_lower_heading_comes_before_those_of_a_list_below() -> None:
    days = '<ul><li><time datetime="2026-05-01">May 1</time> <a href=/b>Ferry</a></ul>'
    page = (
        f"<html><head><title>{TITLE} | {SITE}</title></head><body><div><h2>Wednesday, March 4,"
        f" 2026</h2><h3>{TITLE}</h3>{TEXT * 2}{days}</div></body></html>"
    )
    article = clean_page(PageInput(page.encode(), "https://courier.example/a", "text/html"))
    assert day_of(article) == "2026-03-04"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<div>Updated: 9 March 2026, 11:02 | Published: 4 March 2026, 18:45</div>", "2026-03-04"),
        ("<div><i></i> 4 มีนาคม 2569 เวลา 10:15 น.</div>", "2026-03-04"),
        ("<p>Megjelent: 2026. március 4., szerda 08:30</p>", "2026-03-04"),
        ("<p>Módosítva: 2026. március 9.</p><p>Megjelent: 2026. március 4.</p>", "2026-03-04"),
        ("<div>نُشر في: ٤ مارس ٢٠٢٦ - ١٠:٣٠ صباحا</div>", "2026-03-04"),
        ("<span>Thứ tư, 4/3/2026, 10:15 (GMT+7)</span>", "2026-03-04"),
        ("<span>Chủ nhật, 4/5/2026</span>", "2026-05-04"),
    ],
)
def test_the_day_beside_a_headline_is_that_of_publication_in_whatever_words(
    line: str, day: str
) -> None:
    assert day_of(read(above=line)) == day


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("<p>记者 沈若溪 通讯员 顾明远</p>", "沈若溪"),
        ("<p>取材・文：岡野千尋</p>", "岡野千尋"),
        ("<p>本报记者 张三</p>", "张三"),
        ("<p>2026年3月4日 07:12　来源：江南晚报　作者：沈若溪</p>", "沈若溪"),
        ("<p>记者从市政府获悉，这座桥将于明年完工。</p>", None),
        ("<p>文化 社会</p>", None),
        ("<div>Szerző: <strong>Csepregi Zsófia</strong> | 2026. 03. 04.</div>", "Csepregi Zsófia"),
        ("<p>بقلم سلمى البدري</p>", "سلمى البدري"),
        ("<span>윤해인 기자</span>", "윤해인"),
        ("<p>글쓰기 수업 안내</p>", None),
        ("<p>Texto: Nuria Casariego / Fotos: Iván Solórzano</p>", "Nuria Casariego"),
    ],
)
def test_who_wrote_it_is_read_in_words_and_letters_of_other_languages(
    line: str, author: str | None
) -> None:
    assert read(above=line).byline == author


def test_who_wrote_it_may_stand_in_one_meta_element_with_all_else() -> None:
    told = """<meta name="parsely-page" content='{"author":"Nina Holt","tags":["bell"]}'>"""
    assert read(told).byline == "Nina Holt"
    broken = """<meta name="parsely-page" content='{"author":"Nina Holt",'>"""
    assert read(broken).byline is None


@pytest.mark.parametrize(
    ("todays", "own"),
    [
        (
            "<header><a href=/>Courier</a><time datetime=2026-09-01>{}</time></header>",
            "<article><header><time datetime=2026-09-01>{}</time></header></article>",
        ),
        (
            "<div class=top-bar><span class=date>{}</span><a href=/login>Log in</a></div>",
            "<div class=post-top><span class=date>{}</span><a href=/crafts>Crafts</a></div>",
        ),
        ("<div id=today>{}</div>", "<div id=posted>{}</div>"),
        (
            "<div class='hd current-date'><i></i>{}</div>",
            "<div class='hd entry-date'><i></i>{}</div>",
        ),
    ],
)
def test_the_day_on_which_a_page_was_fetched_is_not_that_of_the_article(
    todays: str, own: str
) -> None:
    page = f"{{}}<div class=text><h1>{TITLE}</h1>{{}}{TEXT}</div><footer>© 2026 {SITE}</footer>"
    day = "Tuesday, September 1, 2026"
    at = "https://courier.example/a"

    def dated(above: str, below: str = "") -> str | None:
        job = PageInput(page.format(above, below).encode(), at, "text/html", title=TITLE)
        return day_of(clean_page(job))

    assert dated(todays.format(day)) is None
    assert dated(todays.format(day), "<p>Published March 4, 2026</p>") == "2026-03-04"
    assert dated(own.format(day)) == "2026-09-01"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("<p>Posted By <u>Ann Holt</u> On <u>4 March 2026 @ 8:15 am</u> In Bells</p>", "Ann Holt"),
        ("<p class=byline>Ann Holt (Wells, 1974) casts bells and teaches it.</p>", "Ann Holt"),
        (
            "<b>Ann Holt</b> <a href='mailto:bells%40l.example?Subject=Re%3A%20Bells'>ann at"
            " holt.example</a><br>",
            "Ann Holt",
        ),
        ("<p class=byline>Nettredaksjonen</p><p>Tekst: Ann Holt</p>", "Ann Holt"),
        ("<p class=byline>La redazione</p>", None),
        ("<p class=byline>Redakcja Kielce</p><p>Tekst: Ann Holt</p>", "Ann Holt"),
        (
            "<b>News Desk</b> <a href='mailto:desk@courier.example?Subject=Tip'>desk at"
            " courier.example</a><br>",
            None,
        ),
    ],
)
def test_a_name_is_read_without_what_software_and_notes_put_around_it(
    line: str, author: str | None
) -> None:
    assert read(above=line).byline == author


@pytest.mark.parametrize("tag", ["relative-time", "time-ago", "local-time"])
def test_the_hour_of_a_release_is_read_from_what_a_script_shows_as_days_ago(tag: str) -> None:
    line = f'<p>ann released this <{tag} datetime="2026-03-04T15:22:08Z">Mar 4, 2026</{tag}></p>'
    assert read(above=line).published == 1_772_637_728
