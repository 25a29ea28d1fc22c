"""Pages from strangers: nothing active comes out, nothing takes long, nothing is raised."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.article.tree import parse
from feedd.article.tree.blocks import WORD, cut
from feedd.article.tree.normalise import normalise
from tests.article.made import PageMaker

URL = "https://example.org/a"
PROSE = "<p>This is a paragraph of ordinary text, with a comma, that goes on for a while.</p>"
CPU_MAX_S = 5.0
MEMORY_MAX_BYTES = 300_000_000

VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" jav&#x09;ascript:alert(1)">x</a>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe src="data:text/html,<script>alert(1)</script>"></iframe>',
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    '<noscript><img src="x" alt="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<math alttext="&lt;img src=x onerror=alert(1)&gt;"><mi>x</mi></math>',
    '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button></form>',
    '<div style="background:url(javascript:alert(1))">x</div>',
    '<img data-src="javascript:alert(1)">',
    '<picture><source srcset="javascript:alert(1)"><img></picture>',
    '<base href="javascript:alert(1)//"><a href="x">y</a>',
    '<p class="language-x onmouseover=alert(1)">x</p>',
    '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">',
]


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize("place", ["<article>{}</article>", "<article>{}", "{}"])
def test_nothing_active_survives(vector: str, place: str) -> None:
    body = PROSE * 3 + vector + f"<p>{vector}</p>" + PROSE * 3
    article = clean_page(PageInput(place.format(body).encode(), URL, "text/html"))
    tags = parse((article.html or "<p>").encode()).iter()
    for tag in tags:
        assert tag.tag not in ("script", "style", "svg", "iframe", "object", "form", "embed")
        for name, value in tag.attrib.items():
            assert not name.startswith("on")
            assert name != "style"
            assert "javascript:" not in "".join(value.split()).lower()
            assert not value.startswith("data:")


HEAVY = {
    "nested divs": "<div>" * 100_000 + PROSE,
    "nested inline": "<p><b>" * 20_000 + "x",
    "nested lists": "<ul>" * 200 + "<li>item text here" * 20_000,
    "paragraphs": PROSE * 20_000,
    "line breaks": "text<br><br>" * 100_000,
    "one line": "word " * 400_000,
    "attributes": "<div " + " ".join(f"a{n}=1" for n in range(50_000)) + ">" + PROSE,
    "pictures": "<img src=a.jpg>" * 50_000 + PROSE * 5,
    "table": "<table>" + ("<tr>" + "<td>1</td>" * 50 + "</tr>") * 400 + "</table>" + PROSE * 5,
    "comments": "<!--" * 200_000,
    "brackets": "<" * 500_000,
    "cells": "<table>" + "<tr><td>a<td>b" * 500_000,
    "links": "<a href=/x>link text here</a> " * 250_000,
    "long paragraph": f"<p>{'Words, and more of them, and a stop. ' * 200_000}</p>",
    "giant script": "<script>" + "x=1;" * 1_500_000 + "</script>" + PROSE * 5,
    "scripts closed at once": "<script/>" * 200_000 + "</script>" + PROSE * 5,
    "scripts in attributes": "<a b='<script>'>" * 100_000 + "</script>" + PROSE * 5,
    "drawings in drawings": "<svg>" * 300_000 + "</svg>" + PROSE * 5,
    "letters": "<h1>The bridge</h1>"
    + "<pre>From: a\nTo: b\nSubject: The bridge\nDate: c\n</pre>" * 28_000,
    "labels": "<p>Share this article</p><h3>Related</h3><ul><li><a href=/x>One</a></ul>" * 6_000,
    "dated items": "<ul>" + "<li>By Ann Holt on the 3rd of May 2026 and later" * 6_000,
    "times above the headline": "<header>"
    + "<time>1 January 2026</time> " * 60_000
    + f"</header><h1>The bridge</h1>{PROSE * 5}",
    "days above the headline": "<div class=top-bar>"
    + "<span class=date>1 January 2026</span> " * 60_000
    + f"</div><h1>The bridge</h1>{PROSE * 5}",
    "fields for addresses": "<div>" * 9 + "<input type=email>" * 60_000 + "</div>" * 9 + PROSE * 5,
    "structured": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + PROSE * 5,
}


CLEAN_ONE = """
import sys, time
from feedd.article import PageInput
from feedd.article.cleaning import clean_page

page = sys.stdin.buffer.read()
before = time.process_time()
clean_page(PageInput(page, "https://example.org/a", "text/html"))
used_s = time.process_time() - before
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(used_s, int(peak.split()[1]) * 1024)
"""


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_pages_stay_within_their_time_and_memory(name: str) -> None:
    page = f"<html><body>{HEAVY[name]}".encode()
    done = subprocess.run(
        [sys.executable, "-c", CLEAN_ONE], input=page, capture_output=True, check=True
    )
    used_s, peak_bytes = map(float, done.stdout.split())
    assert used_s < CPU_MAX_S
    assert peak_bytes < MEMORY_MAX_BYTES


def test_a_name_of_any_length_costs_no_article() -> None:
    """Templates write the whole headline there."""
    for named in (f"id={'x' * 9_000}", f"class={'x' * 9_000}", f"class=a id='{'post ' * 900}'"):
        page = f"<article {named}>{PROSE * 12}</article>"
        assert "ordinary text" in clean_page(PageInput(page.encode(), URL, "text/html")).text


def test_a_selector_may_choose_one_line() -> None:
    line = "<ul><li class=one>By Ann Holt, 12 May 2026</ul>"
    page = PageInput(f"{line}{PROSE * 12}".encode(), URL, "text/html", selector=".one")
    assert "ordinary" not in clean_page(page).text


def test_a_truncated_page_gives_what_there_is() -> None:
    body = f"<html><body><article>{PROSE * 12}<p>This paragraph was cut off in the mid"
    article = clean_page(PageInput(body.encode(), URL, "text/html"))
    assert article.error is None
    assert "cut off in the mid" in article.text


MARKUP = st.lists(
    st.sampled_from(
        str.split(
            "<div> </div> <p> </p> <br> <br><br> <b> </b> <td> <tr> <table> </table> <ul> <li> "
            "</ul> <h2>"
            " </h2> <a&#32;href=x> </a> <pre> </pre> <figure> <img&#32;src=x> <blockquote> "
            "</font> <font> text"
            " words&#32;of&#32;it <dl> <dt> <dd> <noscript> <math> &amp; <!-- --> <form> <details>"
        )
    ).map(lambda token: token.replace("&#32;", " ")),
    max_size=60,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(MARKUP)
def test_any_markup_is_cleaned_without_an_exception(markup: str) -> None:
    clean_page(PageInput(markup.encode(), URL, "text/html"))


@settings(max_examples=150, deadline=None)
@given(MARKUP)
@example("<h2> <blockquote> text </h2> words of it")
@example("<embed> text <p> words </p></embed> of it")
def test_shaping_loses_no_words_and_keeps_their_order(markup: str) -> None:
    root = parse(f"<body>start {markup}".encode("utf-8", "ignore"))
    for noscript in list(root.iter("noscript")):
        noscript.drop_tree()
    body = root.find("body")
    before = WORD.findall(" ".join(body.itertext()))
    normalise(root)
    after = WORD.findall(" ".join(block.text for block in cut(root)))
    assert after == before


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_cleaned_without_an_exception(body: bytes) -> None:
    clean_page(PageInput(body, URL, "text/html"))


@pytest.mark.parametrize(
    "address", ["http://[x", "//[", "http://a.example:port/", "\\\\x", "%", ""]
)
def test_addresses_that_are_none_cost_no_article(address: str) -> None:
    """Whatever looks at where a link leads: rules do so in many places."""
    for seed in range(30):
        page = PageMaker(seed).page()
        body = re.sub(
            rb'\b(href|src|content)=("[^"]*"|[^\s>"]+)', b'\\1="%s"' % address.encode(), page.body
        )
        clean_page(replace(page, body=body, selector=None))
    sources = f"<h2>Sources</h2><ul><li><a href='{address}'>A</a><li><a href=//b.example>B</a></ul>"
    assert "Sources" in clean_page(PageInput(f"<article>{PROSE * 4}{sources}".encode(), URL)).text


def test_importing_the_room_loads_no_heavy_library() -> None:
    code = (
        "import sys, feedd.article, feedd.article.sitememory; "
        "heavy = {'lxml', 'trafilatura', 'readability', 'bs4', 'nh3'} & set(sys.modules); "
        "sys.exit(', '.join(heavy) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_text_below_more_structured_data_than_is_read_is_not_lost() -> None:
    data = '{"@type": "Thing", "name": "a bridge"},' * 60_000
    page = f"<script type=application/ld+json>[{data}]</script><article>{PROSE * 5}</article>"
    assert "ordinary text" in clean_page(PageInput(page.encode(), URL, "text/html")).text
