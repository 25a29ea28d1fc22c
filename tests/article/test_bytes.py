"""From bytes to text: charsets declared, undeclared and lied about; bodies that are no pages."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.article.tree.media_types import not_html
from feedd.web.encoding import decode_page as decode

GERMAN = "<p>Größe, Straße und Übermut</p>"
RUSSIAN = "<p>" + "Съешь ещё этих мягких французских булок, да выпей чаю. " * 20 + "</p>"


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (GERMAN.encode(), None),
        (GERMAN.encode(), "text/html; charset=utf-8"),
        (GERMAN.encode("cp1252"), "text/html; charset=iso-8859-1"),
        (b"<meta charset=windows-1252>" + GERMAN.encode("cp1252"), "text/html"),
        (GERMAN.encode(), "text/html; charset=us-ascii"),
        (codecs.BOM_UTF16_LE + GERMAN.encode("utf-16-le"), "text/html; charset=utf-8"),
        (
            (GERMAN + "<p>über Äpfel für Bären und schöne Füße</p>" * 30).encode("cp1252"),
            "text/html; charset=no-such-thing",
        ),
        (b'<meta charset="utf-16">' + GERMAN.encode(), None),
    ],
)
def test_words_are_not_garbled(body: bytes, header: str | None) -> None:
    assert "Größe, Straße und Übermut" in decode(body, header)


def test_an_undeclared_charset_is_detected() -> None:
    assert "французских булок" in decode(RUSSIAN.encode("cp1251"), "text/html")


def test_one_broken_byte_does_not_change_the_charset() -> None:
    body = (GERMAN * 50).encode() + b"\xff"
    assert "Größe" in decode(body, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("body", "header", "found"),
    [
        (b"%PDF-1.7 ...", "text/html", "application/pdf"),
        (b"anything", "application/pdf", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", None, "image/png"),
        (b'{"a": 1}', "application/json", "application/json"),
        (b"<rss><channel/></rss>", "text/xml", "text/xml"),
        (b"just words", "text/plain; charset=utf-8", "text/plain"),
        (b"just words", None, "text/plain"),
        (b"<!DOCTYPE html><p>x", "text/plain", None),
        (b"<html><p>x", "application/octet-stream", None),
        (b"<p>x", "text/html; charset=utf-8", None),
        (b"<div>x", None, None),
    ],
)
def test_what_is_no_page_is_called_by_its_name(
    body: bytes, header: str | None, found: str | None
) -> None:
    assert not_html(body, header) == found


def test_a_pdf_is_recorded_as_one() -> None:
    article = clean_page(PageInput(b"%PDF-1.4\n", "https://example.org/x.pdf", "application/pdf"))
    assert article.error == "not-html: application/pdf"
    assert article.html == ""


@given(
    body=st.binary(max_size=300)
    | st.builds(
        lambda label, rest: b"<meta charset=" + label + b">" + rest,
        st.sampled_from([b"utf-8", b"utf-16", b"idna", b"zlib", b"hex", b"undefined", b"x" * 99]),
        st.binary(max_size=99),
    ),
    header=st.none()
    | st.text(max_size=60)
    | st.sampled_from(["text/html; charset=rot13", "text/html; charset=punycode", "charset=utf-7"]),
)
def test_no_bytes_and_no_header_are_too_strange(body: bytes, header: str | None) -> None:
    text = decode(body, header)
    text.encode()
    found = not_html(body, header)
    assert found is None or len(found) <= 100


TOLD = "<p>The lock keeper told the council on {} that the gates would not last the winter.</p>"


@pytest.mark.parametrize(
    "markup",
    [
        "<!-- <script> -->",
        "<!-- <script>old()</script> <style> -->",
        "<div data-example='<script>'>The second day.</div>",
        '<a href="/x" title="a > b <style>">The second day.</a>',
        "<script src=a.js />",
        "<script>if (a < b) write('<p>not ' + '<!-- this -->')</script>",
        "<script>write('<script src=b.js>')</script >",
        "<SCRIPT type=text/javascript>not.this()</sCript\n>",
        "<style>p::before{content:'not this'}</STYLE>",
        "<script>a()</script><style>b{}</style><script>c()</script>",
        "<scripture>The second day.</scripture>",
        "<svg><title>not this</title><path d='M0 0'/></svg>",
        "<svg><svg><text>not</text></svg><text>this</text></svg>",
        "<svg><path d='M0 0'/><p>The second day.</p><svg><path/></svg>",
        "<svg><path d='M0 0'/><p>The second day.</p><SVG><path/></SVG>",
    ],
)
def test_what_stands_beside_a_script_or_only_looks_like_one_is_not_lost(markup: str) -> None:
    days = ("Monday", "Tuesday", "Friday")
    told = f"{TOLD.format(days[0])}{markup}{TOLD.format(days[1])}<script>e()</script>"
    page = f"<html><body><article><h1>The lock</h1>{told}{TOLD.format(days[2])}</article></body>"
    text = clean_page(PageInput(page.encode(), "https://e.org/a", "text/html")).text
    assert [day for day in days if f"council on {day} that" in text] == list(days)
    assert "not" not in text.replace("would not last", "").split()
    assert ("second day" in markup) == ("second day" in text)


@pytest.mark.parametrize("begun", ["<script>", "<style>", "<!--", "<script", "</script>"])
def test_text_above_a_script_that_nothing_ends_is_not_lost(begun: str) -> None:
    page = f"<html><body><article>{TOLD.format('Monday') * 3}{begun} and nothing more"
    text = clean_page(PageInput(page.encode(), "https://e.org/a", "text/html")).text
    assert "council on Monday that" in text


def test_structured_data_whose_type_is_written_by_references_is_read() -> None:
    told = '{"@type": "Article", "headline": "The lock", "author": {"name": "Nina Holt"}}'
    script = f'<script type="application/ld&#x2B;json">{told}</script>'
    page = f"<html><head>{script}</head><body><article>{TOLD.format('Monday') * 3}</article>"
    assert (
        clean_page(PageInput(page.encode(), "https://e.org/a", "text/html")).byline == "Nina Holt"
    )


def test_what_structured_data_says_about_a_page_without_text_is_not_its_text() -> None:
    about = "Everything that keepers of locks have to know, in one place, and for every day. " * 20
    told = f'{{"@type": "WebPage", "name": "The lock", "description": "{about}"}}'
    script = f"<script type=application/ld+json>{told}</script>"
    page = f"<html><head><title>The lock</title>{script}</head><body><div id=app></div></body>"
    article = clean_page(PageInput(page.encode(), "https://e.org/a", "text/html", title="The lock"))
    assert "keepers of locks" not in article.text


@pytest.mark.parametrize("tag", ["main", "article", "section"])
@pytest.mark.parametrize("below", ["", "<p>Below it stands a line on the oars.</p>"])
def test_a_page_that_leaves_out_its_body_tag_is_not_lost(tag: str, below: str) -> None:
    sentence = "The ferry will be rowed again from Sunday, which nobody at the mill had expected."
    text = "".join(f"<p>{n}. {sentence}</p>" for n in range(1, 7))
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>The ferry</title><header><a"
        f" href=/>The Gazette</a></header><{tag}><h1>The ferry</h1>{text}</{tag}>{below}"
    )
    article = clean_page(PageInput(page.encode(), "http://gazette.example/f", "text/html"))
    assert article.title == "The ferry"
    assert article.text.startswith(f"1. {sentence}")
    assert "6. " in article.text
