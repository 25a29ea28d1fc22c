"""One article in the three ways in which pages have been built: it comes out whole in each."""

from __future__ import annotations

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.model import Article, Entry
from feedd.poller.document import is_partial
from feedd.poller.entry_changes import needs_page

TITLE = "Harbour Board Insists on No Delay of Dredging"
FIRST = (
    "June 4, 2026 (Saltmere Wire)—The chairman of the harbour board and the minister for ports"
    " spoke"
    " by telephone yesterday about the silting of the northern channel. “The minister is worried"
    " about"
    " attempts to put off the work under various pretexts,” said the board's office, as reported by"
    " the Herald. The chairman said in an interview afterwards that the fishermen's union has asked"
    " the board not to dredge near the oyster beds."
)
LEAD_IN = (
    "A spokesman for the union confirmed yesterday that it has indeed made such a request. Its"
    " members,"
    " he said,"
)
QUOTE = (
    "“conveyed to the board and to the ministry that they need to tell carefully between the beds"
    " that"
    " are worked and those that were given up,”"
)
LEAD_OUT = "he told reporters during the weekly briefing on the quay."
SECOND = (
    "The chairman stressed in his interview that silt is the common trouble on which everyone"
    " should"
    " work. “It is important to keep the ferry running, to secure the moorings and to see that the"
    " agreement is kept, as well as to start the survey; but as important as these goals are, the"
    " channel is our common trouble, and there should be no doubt about that.” He also said that"
    " the"
    " survey in the north"
)
SECOND_QUOTE = (
    "“is being held back by owners who refuse to come to the table and set conditions for the"
    " talks.”"
)
LAST = (
    "His remarks on conditions followed those of the town's engineer, who said on Thursday that it"
    " is"
    " wrong to wait for the last permit before the first boat is hired."
)
TEXTS = [FIRST, LEAD_IN, QUOTE, LEAD_OUT, SECOND, SECOND_QUOTE, LAST]
QUOTES = (QUOTE, SECOND_QUOTE)
SUBSCRIBE = "<a href='/subscribe'>Subscribe to Saltmere Wire Online</a>"
TOP = "<a href='#top'>Back to top</a>"


def by_tables() -> str:
    """Tables, FONT tags and double line breaks, as in 1999."""
    body = "<br><br>\n".join(TEXTS)
    return (
        f"<html><head><title>{TITLE}</title></head><body bgcolor=white><table width=600><tr><td>"
        f"<font size=2>{SUBSCRIBE}</font><br><br><font size=4><b>{TITLE}</b></font><br><br>"
        f"<font face=Arial>{body}</font><br><br>{TOP}</td></tr></table></body></html>"
    )


def by_blockquotes() -> str:
    """Paragraphs, with the quotations in blockquotes."""
    body = "".join(
        f"<blockquote>{text}</blockquote>" if text in QUOTES else f"<p>{text}</p>" for text in TEXTS
    )
    return (
        f"<html><head><title>{TITLE}</title></head><body><p>{SUBSCRIBE}</p><h1>{TITLE}</h1>{body}"
        f"<p>{TOP}</p></body></html>"
    )


def by_divs() -> str:
    """Nothing but nested divs."""
    body = "".join(f"<div><div>{text}</div></div>" for text in TEXTS)
    return (
        f"<html><head><title>{TITLE}</title></head><body><div><div>{SUBSCRIBE}</div><div>"
        f"<div><div>{TITLE}</div></div>{body}</div><div>{TOP}</div></div></body></html>"
    )


def cleaned(body: bytes, content_type: str = "text/html; charset=utf-8", **more: str) -> Article:
    summary = more.get("summary", FIRST[:160])
    return clean_page(
        PageInput(
            body=body,
            url="https://wire.example/2026/dredging.html",
            content_type=content_type,
            title=TITLE,
            summary_text=summary,
            feed_text=summary,
            language="en",
        )
    )


@pytest.mark.parametrize("build", [by_tables, by_blockquotes, by_divs])
def test_every_paragraph_and_quotation_comes_out_and_the_furniture_does_not(build: object) -> None:
    page: str = build()  # type: ignore[operator]
    article = cleaned(page.encode())
    assert article.error is None
    text = " ".join(article.text.split())
    for paragraph in TEXTS:
        assert paragraph in text
    assert "Subscribe" not in text
    assert "Back to top" not in text
    assert TITLE not in text


@pytest.mark.parametrize(
    ("encoding", "content_type", "meta"),
    [
        ("utf-8", "text/html", ""),
        ("utf-8-sig", "text/html; charset=iso-8859-1", ""),
        ("windows-1252", "text/html; charset=iso-8859-1", ""),
        ("windows-1252", "text/html", "<meta charset=windows-1252>"),
        ("utf-16", "text/html", ""),
    ],
)
def test_the_characters_are_right_whatever_says_so(
    encoding: str, content_type: str, meta: str
) -> None:
    page = by_blockquotes().replace("<head>", f"<head>{meta}")
    article = cleaned(page.encode(encoding), content_type)
    assert FIRST in " ".join(article.text.split())


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"%PDF-1.7", "application/pdf", "not-html: application/pdf"),
        (b"\x89PNG\r\n", "image/png", "not-html: image/png"),
    ],
)
def test_what_is_no_page_is_recorded_as_what_it_is(
    body: bytes, content_type: str, error: str
) -> None:
    assert cleaned(body, content_type).error == error


@pytest.mark.parametrize(
    "body",
    [b"", b"<", b"<html></html>", b"\x00" * 1000, b"<div>" * 20_000, b"<p>" + b"a " * 99_999],
)
def test_odd_pages_give_an_article_or_a_reason_and_never_fail(body: bytes) -> None:
    article = cleaned(body)
    assert article.error is not None or article.text


def test_a_page_shorter_than_the_feeds_own_text_never_replaces_it() -> None:
    page = f"<html><body><article><p>{FIRST}</p></article></body></html>"
    assert cleaned(page.encode(), summary=" ".join([FIRST, SECOND, LAST] * 3)).error is not None


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (Entry("1", "https://e.org/1", "t", text="Only a teaser."), True),
        (Entry("1", "https://e.org/1", "t", text="A word " * 400, full=True), False),
        (Entry("1", "https://e.org/1", "t", text="A word " * 100 + "[…]", full=True), True),
        (Entry("1", None, "t", text="Only a teaser."), False),
    ],
)
def test_a_page_is_wanted_when_the_feed_carries_only_a_summary(entry: Entry, wanted: bool) -> None:
    assert needs_page(entry, "auto", partial=is_partial(entry)) == wanted
    assert not needs_page(entry, "never", partial=True)
    assert needs_page(entry, "always", partial=False) == (entry.link is not None)
