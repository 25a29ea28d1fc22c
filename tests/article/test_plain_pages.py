"""Pages of plain text: their words and lines are the article; what is none is told as before."""

from __future__ import annotations

import pytest

from feedd.article import PageInput
from feedd.article.cleaning import clean_page
from feedd.model import Article

URL = "https://notes.example/rope.txt"
MANUAL = (
    "ROPE(1)                      Commands                      ROPE(1)\n\n"
    "NAME\n     rope -- splice one end <to> another & hold\n\n"
    "SYNOPSIS\n     rope [-l length] end ...\n\n"
    "DESCRIPTION\n     The ends are laid beside each other and spliced, strand by strand.\n"
    "     Where an end is frayed it is whipped first; see whip(1).\n\n"
    "     A splice is as strong as the rope, a knot is not.\n"
)
PROSE = (
    "Long ago every rope of the harbour was made on the walk behind the chapel, which is three"
    " hundred metres long and has no bend in it, for a bend would spoil the lay.\n"
    "The men walked backwards all day.\n\n"
    "Today a machine does it in a room, and the walk is a garden where nobody walks backwards any"
    " more, though the children try it now and then until they fall over the roses.\n"
)


def cleaned(
    text: str | bytes, media_type: str | None = "text/plain", *, feed_text: str = ""
) -> Article:
    body = text.encode() if isinstance(text, str) else text
    return clean_page(PageInput(body, URL, media_type, feed_text=feed_text))


@pytest.mark.parametrize("media_type", ["text/plain; charset=utf-8", "text/markdown", None])
def test_a_text_whose_lines_the_author_broke_keeps_them(media_type: str | None) -> None:
    article = cleaned(MANUAL.replace("<to>", "to"), media_type)
    assert (article.error, article.html.startswith("<pre>ROPE(1)  ")) == (None, True)
    assert "     rope -- splice one end to another & hold\n\nSYNOPSIS" in article.text


def test_what_looks_like_a_tag_is_a_word() -> None:
    assert "splice one end <to> another & hold" in cleaned(MANUAL).text
    assert "<script>" in cleaned(f"{MANUAL}\n     <script>alert(1)</script>").text


def test_running_words_are_paragraphs_to_be_wrapped() -> None:
    article = cleaned(PROSE)
    assert article.html.count("<p>") == 2
    assert "<br>The men walked backwards all day.</p>" in article.html
    assert article.error is None


def test_what_a_terminal_made_bold_is_not_doubled() -> None:
    bold = MANUAL.replace("NAME", "".join(f"{letter}\b{letter}" for letter in "NAME"))
    assert "\nNAME\n" in cleaned(bold.replace("SYNOPSIS", "\x1b[1mSYNOPSIS\x1b[0m")).text
    assert "\nSYNOPSIS\n" in cleaned(bold).text


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-8", "utf-16"])
def test_its_encoding_is_what_the_server_says(encoding: str) -> None:
    words = "Канат вьют из трёх прядей, и каждая прядь вьётся в свою сторону.\n" * 6
    article = cleaned(words.encode(encoding), f"text/plain; charset={encoding}")
    assert "каждая прядь вьётся" in article.text


@pytest.mark.parametrize(
    ("body", "media_type", "error"),
    [
        (bytes(range(256)) * 8, "text/plain", "not-html: text/plain"),
        (b"GIF89a" + bytes(300), "text/plain", "not-html: image/gif"),
        (b'{"a": 1}' * 60, "application/json", "not-html: application/json"),
        (b"body { color: red }\n" * 40, "text/css", "not-html: text/css"),
        (b"Not found", "text/plain", "too-short"),
    ],
)
def test_what_is_no_text_to_read_is_told(body: bytes, media_type: str, error: str) -> None:
    assert cleaned(body, media_type).error == error


def test_a_text_that_says_less_than_the_feed_is_not_taken() -> None:
    assert cleaned(PROSE, feed_text=PROSE * 3).error == "shorter than the feed's own content"
