"""Who wrote an article and when, in the many ways that pages say it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.model import Article

TITLE: Final = "Bell foundry closes after two centuries"
SITE: Final = "The Valley Courier"
PROSE: Final = (
    "The bell foundry on the hill has cast its last bell, and the three men have gone home.",
    "For two hundred and ten years the furnace burned, since a cold furnace cracks in winter.",
    "The town has bought the building for one crown and means to put a library into it.",
)


def read(head: str = "", above: str = "", url: str = "https://courier.example/a/1") -> Article:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)
    page = (
        f"<html><head><title>{TITLE} - {SITE}</title>{head}</head><body><header><a href=/>{SITE}"
        f"</a></header><main><article class=story><h1>{TITLE}</h1>{above}{text}</article></main>"
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
    ],
)
def test_a_day_in_sight_is_found_before_that_of_a_change(line: str) -> None:
    assert day_of(read(above=line)) == "2026-03-04"


@pytest.mark.parametrize("path", ["2026/03/04/bell", "2026/mar/04/bell", "bell-2026-03-04.html"])
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
        ("", '<span class="vcard author"><a class="url fn n" href="/n">Nina Holt</a></span>'),
        ("", "<p>By Nina Holt</p>"),
        ("", "<p>By Nina Holt | March 4, 2026</p>"),
        (f'<meta name="author" content="{SITE}">', '<div class="by-line">by Nina Holt</div>'),
        ('<meta name="author" content="desk@courier.example">', '<b class="author">Nina Holt</b>'),
        ('<meta name="author" content="nina@courier.example (Nina Holt)">', ""),
        ('<meta name="author" content="admin">', '<p class="byline">Nina Holt</p>'),
    ],
)
def test_the_author_is_a_person_s_name(head: str, above: str) -> None:
    site = f'<meta property="og:site_name" content="{SITE}">'
    assert read(site + head, above).byline == "Nina Holt"


def test_a_sentence_that_begins_with_by_names_no_author() -> None:
    assert read(above="<p>By no means, said the mayor.</p>").byline is None
