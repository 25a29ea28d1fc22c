"""Lines that stand in an article and are none of it, and lines that only look so."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedd.article import PageInput, page_rules, pagehead
from feedd.article.cleaning import clean_page
from feedd.article.lexicon import (
    MENTIONS,
    MENTIONS_MAX_CHARS,
    STARTS,
    groups_said,
    is_label,
    parted,
    sections_of,
)
from feedd.article.pagehead.metadata import shown_names
from feedd.article.selection import calls, posters
from feedd.article.tree.blocks import WORD, words_of

PROSE = "The committee met on {} and, after a long discussion, decided to build the bridge anyway."


def text_of(*lines: str, title: str = "", head: str = "") -> str:
    """The article of a page with these lines after the first paragraph."""
    first, *rest = (f"<p>{PROSE.format(day)}</p>" for day in ("Monday", "Friday", "Sunday"))
    body = f"<article>{first}{''.join(lines)}{''.join(rest)}</article>"
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return clean_page(PageInput(page.encode(), "https://e.org/a", "text/html", title=title)).text


def ending_with(line: str) -> str:
    days = "".join(f"<p>{PROSE.format(day)}</p>" for day in ("Monday", "Friday", "Sunday"))
    page = f"<html><body><article>{days}{line}</article></body></html>"
    return clean_page(PageInput(page.encode(), "https://e.org/a", "text/html")).text


@pytest.mark.parametrize(
    "line",
    [
        "<p>Advertisement</p>",
        "<p>Article continues below advertisement</p>",
        "<p>Реклама</p>",
        "<p>Loading the player...</p>",
        "<p><strong>READ MORE: <a href=/r>Bridge opens at last</a></strong></p>",
        "<p><strong>Related:</strong> <a href=/r>The bridges of the north</a></p>",
        "<p><a href=/r>Related: The bridges of the north</a></p>",
        "<p><strong>Leia também:</strong> <a href=/r>A ponte que faltava</a></p>",
        "<p><strong>On example.com:</strong> <a href=/r>The bridges of the north</a></p>",
        "<p><a href=/r>MAYOR OPENS BRIDGE OF THE NORTH</a></p>",
        "<p>Advertisement - story continues below</p>",
        "<p>Estimated reading time: 4 min read</p>",
        "<p>Temps de lecture : 3 minutes</p>",
        "<p>Skip to main content</p>",
        "<p>Print this page</p>",
        "<p>toggle caption</p>",
        "<p>Enlarge this image</p>",
        "<p>View this post on Instagram</p>",
        "<p>Photo courtesy of Ada Quill</p>",
        "<p>Last updated on May 4, 2024 by Ada Quill</p>",
        "<p><a href=/p>← Previous post</a> <a href=/n>Next post →</a></p>",
        "<p>Filed under: <a href=/t>Bridges</a></p>",
        "<p>Posted in <a href=/n>News</a> | Tagged <a href=/b>bridge</a> | Leave a comment</p>",
        "<p>Already a subscriber? <a href=/login>Log in</a></p>",
        "<p>Have a tip? Email our reporter at <a href=mailto:a@e.org>a@e.org</a>.</p>",
        "<p>Support independent journalism. <a href=/m>Become a member</a> from $5 a month.</p>",
        "<p>Thanks for reading! Subscribe for free to receive new posts.</p>",
        "<p>If you liked this post, please share it with your friends.</p>",
    ],
)
def test_labels_and_pointers_amid_the_text_go(line: str) -> None:
    assert text_of(line) == text_of()


@pytest.mark.parametrize(
    "line",
    [
        "<p>Advertisement was not yet a word when the bridge was first drawn, in 1704.</p>",
        "<p>More on this bridge can be read in <a href=/b>the book by Ada Quill</a>, which is"
        " out of print, and in the minutes of the committee.</p>",
        "<p>Read more slowly, the minutes say <a href=/m>something else</a> altogether.</p>",
        "<p>Learn more about <a href=/p>the pillars that carry the bridge of the north</a>.</p>",
        "<p>See <a href=/m>the minutes</a> for who voted against it, and for how long.</p>",
        "<p>Reading time at the bridge keeper's house was between four and five.</p>",
        "<p>“Follow us on Facebook”, says <a href=/b>a sign on the bridge</a>, now rusty.</p>",
        "<p>Photo by photo the archive shows how the piers sank.</p>",
        "<p>Thanks for reading the plans so closely, she wrote to the ministry.</p>",
        "<p>If you like this bridge, wait until you have seen the one at Ostrow in the rain.</p>",
        "<p>Support for local news came from <a href=/f>a foundation</a> that the mill set up.</p>",
        "<p>Tagged along with <a href=/b>the builders</a>, a dog crossed it before the mayor.</p>",
    ],
)
def test_sentences_that_begin_like_them_stay(line: str) -> None:
    assert len(text_of(line).split("\n\n")) == 4


@pytest.mark.parametrize(
    "label",
    [
        "Share this on:",
        "PIN FOR LATER!",
        "Page 3 of 12",
        "Click on a star to rate it!",
        "Diesen Artikel teilen",
        "Seite 2 von 5",
        "Partager cet article",
        "Comparte esta noticia:",
        "Compartilhe!",
        "Ascolta l'articolo",
        "Ascolta l’articolo",
        "Zapisz się do newslettera",
        "Cikk megosztása",
        "Поделиться новостью",
        "Время чтения: 4 минуты",
        "Haberi paylaş",
        "شارك الخبر",
        "שתפו כתבה",
        "この記事をシェアする",
        "約5分で読めます",
        "댓글 쓰기",
        "收藏本文",
        "第2页 / 共5页",
    ],
)
def test_labels_amid_the_text_go_in_the_languages_that_feeds_are_in(label: str) -> None:
    assert text_of(f"<p>{label}</p>") == text_of()


@pytest.mark.parametrize(
    "label",
    [
        "Related content",
        "Lies auch",
        "Sur le même thème",
        "También puedes leer",
        "Confira também",
        "Potrebbero interessarti",
        "Bekijk ook",
        "Aiheesta lisää",
        "Warto przeczytać",
        "Mohlo by vás také zajímat",
        "Kapcsolódó cikkeink",
        "Читайте на эту тему",
        "Вас може зацікавити",
        "Διαβάστε επίσης",
        "İlginizi çekebilir",
        "مواضيع ذات صلة",
        "כתבות נוספות",
        "Baca juga",
        "Có thể bạn quan tâm",
        "こちらの記事もおすすめ",
        "관련 뉴스",
        "猜你喜欢",
    ],
)
def test_lines_that_lead_elsewhere_go_in_the_languages_that_feeds_are_in(label: str) -> None:
    assert text_of(f"<p>{label}: <a href=/r>Ponte Nova 1704</a></p>") == text_of()
    assert text_of(f"<p><a href=/r>{label}: Ponte Nova 1704</a></p>") == text_of()
    assert text_of(f"<p>{label}</p><p><a href=/r>Ponte Nova 1704</a></p>") == text_of()


@pytest.mark.parametrize(
    "line",
    [
        "Share this on Friday with whoever stands on the bridge, the keeper said.",
        "Related content was found below the piers by divers in the autumn of 1911.",
        "Page 3 of 12 is missing from the minutes, and so is the map that went with it.",
        "Warto przeczytać umowę, zanim ktokolwiek wejdzie na most, mówi strażnik.",
        "Partager cet article du traité, disait le ministre, serait le trahir.",
    ],
)
def test_a_sentence_that_begins_like_a_label_is_not_lost(line: str) -> None:
    assert line in text_of(f"<p>{line}</p>")


def test_no_phrase_stands_twice_in_the_tables() -> None:
    tables = ("labels.txt", "pointers.txt", "comments.txt", "invitations.txt")
    texts = (files("feedd.article.lexicon").joinpath(table).read_text("utf-8") for table in tables)
    lines = chain.from_iterable(map(str.splitlines, texts))
    phrases = (line.split("|") for line in lines if line and line[0] != "#")
    times = Counter(map(words_of, chain.from_iterable(phrases)))
    assert [phrase for phrase, count in times.items() if count > 1] == []


def test_a_section_of_a_table_is_one_expression_whose_long_lines_go_on_below() -> None:
    said = sections_of("calls.txt")
    assert {"commission", "words of commissions", "consent"} <= said.keys()
    assert re.search(said["commission"], "we earn a small affiliate commission")
    assert "  " not in said["commission"]
    assert "amazon associate" in parted(said["words of commissions"])


def test_a_chapter_called_like_a_label_is_not_lost() -> None:
    rest = "".join(f"<h3>{name}</h3><p>{PROSE.format(name)}</p>" for name in ("May", "June"))
    told = text_of(f"<h3>Related content</h3><p>{PROSE.format('Thursday')}</p>{rest}")
    assert "Related content" in told


@pytest.mark.parametrize("text", ["Ads on the moon", "Share this cake", "Copy", "Up next"])
def test_a_label_is_a_whole_line(text: str) -> None:
    assert is_label(text) is (text in ("Copy", "Up next"))


@pytest.mark.parametrize(
    "line",
    [
        "<p>Ann Quill is a contributing editor at Fathom. This story was supported by a fund.</p>",
        "<p>Email Ann Quill at ann@e.org or follow her @annquill. Follow us on X @e.</p>",
        "<p>Ann Quill ann@e.org</p>",
        "<p><i>The Tribune belongs to its readers. See an error? Tell us at errors@e.org.</i></p>",
        "<p>If you enjoyed this, subscribe to our newsletter and never miss a bridge.</p>",
    ],
)
def test_what_parts_with_the_reader_at_the_end_goes(line: str) -> None:
    assert ending_with(line) == ending_with("")


@pytest.mark.parametrize(
    "line",
    [
        "<p>The company has since changed its privacy policy.</p>",
        "<p>Copyright law does not cover bridges, the court held.</p>",
        "<p>Nobody has eaten its cookies since.</p>",
        "<p>The terms of service of the ferry run to forty pages.</p>",
    ],
)
def test_a_text_may_end_with_what_it_says_on_rights(line: str) -> None:
    assert ending_with(line) != ending_with("")
    assert ending_with("<p>All rights reserved by the Gazette.</p>") == ending_with("")


@pytest.mark.parametrize(
    "line", ["By Friday the water had gone.", "Updated plans were shown on Monday."]
)
def test_a_text_may_begin_as_a_byline_does(line: str) -> None:
    days = "".join(f"<p>{PROSE.format(day)}</p>" for day in ("Monday", "Friday", "Sunday"))
    page = f"<html><body><article><p>{line}</p>{days}</article></body></html>"
    assert line in clean_page(PageInput(page.encode(), "https://e.org/a", "text/html")).text


def test_who_somebody_is_amid_the_text_stays() -> None:
    line = "<p>Ann Quill is a reporter at the Echo, and was the only one who asked.</p>"
    assert "Ann Quill is a reporter" in text_of(line)


def test_the_heading_of_a_box_goes_with_the_box() -> None:
    box = (
        "<div class=related><h4>Further information</h4><ul><li><a href=/1>The bridges of the"
        " north</a></li><li><a href=/2>Who was Ada Quill?</a></li></ul></div>"
    )
    assert text_of(box) == text_of()


def test_a_box_that_calls_to_subscribe_goes_and_text_for_subscribers_stays() -> None:
    box = "<div class=newsletter-inline><p>A newsletter for all who cross rivers.</p></div>"
    text = (
        "<div class=subscriber-only><p>The bridge was crossed by a cow, and then by all.</p></div>"
    )
    assert text_of(box) == text_of()
    assert "by a cow" in text_of(text)


def test_a_name_below_the_headline_goes() -> None:
    body = f"<div>The bridge at last</div><div>Ann Quill</div><p>{PROSE.format('Monday')}</p>"
    page = f"<title>The bridge at last</title><body>{body}"
    article = clean_page(PageInput(page.encode(), "https://e.org/a", "text/html"))
    assert article.text == PROSE.format("Monday")


@pytest.mark.parametrize("heading", ["Getting Across", "Die Furt"])
def test_a_section_that_begins_below_the_headline_keeps_its_heading(heading: str) -> None:
    body = f"<h1>The bridge at last</h1><h2>{heading}</h2><p>{PROSE.format('Monday')}</p>"
    page = f"<title>The bridge at last</title><body>{body}"
    article = clean_page(PageInput(page.encode(), "https://e.org/a", "text/html"))
    assert article.text.split("\n")[0] == heading


def test_a_bold_line_over_a_list_is_a_heading() -> None:
    text = text_of("<p><b>Ingredients</b></p><ul><li>Three stones</li><li>One river</li></ul>")
    assert "Ingredients" in text
    assert "One river" in text


def test_headings_lose_what_links_to_themselves() -> None:
    text = text_of(
        "<h2>The vote<a class=headerlink href=#v>¶</a></h2>",
        f"<p>{PROSE.format('Tuesday')}</p>",
        "<h2>The river<span class=mw-editsection>[<a href=/e>edit</a>]</span></h2>",
    )
    assert {"The vote", "The river"} <= set(text.split("\n"))


@pytest.mark.parametrize(
    "title",
    [
        "Barlow Bugle Online - How the bridge was built",
        "GitHub - quill/b: How the bridge was built",
    ],
)
def test_a_headline_is_known_by_a_part_of_the_pages_title(title: str) -> None:
    body = "<p><font size=5><b>How the bridge was built</b></font><br>By Ann Quill</p>"
    page = f"<title>{title}</title><body>{body}{'<p>' + PROSE.format('Monday') + '</p>'}"
    article = clean_page(PageInput(page.encode(), "https://e.org/a", "text/html"))
    assert article.text == PROSE.format("Monday")


def test_a_date_above_the_text_goes() -> None:
    body = f"<p>Thu 14 Mar, 2024</p><p>{PROSE.format('Monday')}</p><p>{PROSE.format('Friday')}</p>"
    article = clean_page(PageInput(body.encode(), "https://e.org/a", "text/html"))
    assert "2024" not in article.text


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Comments (3)",
            "3 comments",
            "Comentarios",
            "Leave a Reply",
            "One thought on “A bridge”",
        ),
        *(
            "Ein Kommentar zu „Die Brücke“",
            "12 réponses à « Le pont »",
            "Discussion about this post",
        ),
    ],
)
def test_below_the_heading_of_the_comments_nothing_is_the_article(heading: str) -> None:
    days = "".join(f"<p>{PROSE.format(day)}</p>" for day in ("Monday", "Friday", "Sunday", "Lent"))
    said = (
        "<p>I was there when they decided, and I can tell you that it was no long discussion.</p>"
    )
    body = f"<div><div>{days}</div><div><h3>{heading}</h3>{said * 2}</div></div>"
    article = clean_page(PageInput(body.encode(), "https://e.org/a", "text/html"))
    assert "Lent" in article.text
    assert "I was there" not in article.text


def test_what_readers_say_in_a_box_of_comments_is_not_the_article_but_text_amid_it_is() -> None:
    days = ("Monday", "Friday", "Sunday", "Lent", "Easter", "Advent")
    text = "".join(f"<p>{PROSE.format(day)}</p>" for day in days)
    line = "<p class=comment>{}</p>"
    said = line.format(PROSE.format("the eve").replace("The committee", "I was there when they"))
    amid = line.format("Answer what reviewers say of the bridge politely, and thank them for it.")
    body = f"<div><div>{text}{amid}{text.replace('met', 'sat')}</div>{said}</div>"
    article = clean_page(PageInput(body.encode(), "https://e.org/a", "text/html"))
    assert "Answer what reviewers say" in article.text
    assert "I was there" not in article.text


@pytest.mark.parametrize("name", [*STARTS, *MENTIONS])
def test_the_look_at_first_letters_spares_no_text_that_an_expression_finds(name: str) -> None:
    pattern = STARTS.get(name) or MENTIONS[name]

    @settings(max_examples=60, database=None, deadline=None)
    @given(st.from_regex(pattern))
    def is_found(text: str) -> None:
        assert_found(text)
        assert_found(text.upper())

    def assert_found(text: str) -> None:
        text = " ".join(text.split())
        begin = text[:MENTIONS_MAX_CHARS].lower()
        found = pattern.match(begin) if name in STARTS else pattern.search(begin)
        if found:
            assert name in groups_said(text, tuple(WORD.findall(text.lower())))

    is_found()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (calls._CALL_TO_COMMENT, calls._OF_CALLS),
        (calls._PLEA, calls._OF_PLEAS),
        (calls._COMMISSION, calls._OF_COMMISSIONS),
        (posters._MEMBER, posters._OF_MEMBERS),
        (pagehead.FOOT_OF_MANUAL, pagehead._WRITES),
        (shown_names._BYLINE_NAME, shown_names._OF_BYLINES),
        (page_rules._PAYWALL, page_rules._OF_WALLS),
        (calls._CONSENT, calls._OF_CONSENT),
    ],
    ids=str.split("calls pleas commissions members feet bylines walls consent"),
)
def test_words_that_are_looked_for_first_spare_no_text_that_an_expression_finds(
    pattern: re.Pattern[str], words: tuple[str, ...]
) -> None:
    letters = st.characters(max_codepoint=127, include_characters=pattern.pattern)

    @settings(max_examples=100, database=None, deadline=None)
    @given(st.from_regex(pattern, alphabet=letters))
    def is_told(text: str) -> None:
        assert any(word in text.lower() for word in words)

    is_told()
