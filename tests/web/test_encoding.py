"""Rule 28: byte order mark, HTTP charset, XML declaration, UTF-8, windows-1252; never a crash."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.parsing import Document
from feedd.parsing.reading import parse
from feedd.web.encoding import decode_document as decode
from feedd.web.encoding import decode_page

URL = "https://example.org/feed"


def feed(declared: str | None = None, text: str = "Käse “€” naïve") -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return f'{declaration}<rss version="2.0"><channel><title>{text}</title></channel></rss>'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (feed().encode(), None),
        (feed("utf-8").encode("utf-8-sig"), "text/xml; charset=iso-8859-1"),
        (feed("utf-8").encode("utf-16"), "text/xml; charset=utf-8"),
        (feed("utf-16").encode("utf-16-le"), None),
        (feed("utf-16").encode("utf-16-be"), "application/xml"),
        (feed().encode("utf-32"), None),
        (feed("utf-8").encode("cp1252"), "text/xml; charset=windows-1252"),
        (feed("utf-8").encode("cp1252"), 'text/xml; charset="ISO-8859-1"'),
        (feed("windows-1252").encode("cp1252"), "text/xml"),
        (feed("iso-8859-1").encode("cp1252"), "text/xml; charset="),
        (feed("utf-8").encode("cp1252"), None),
        (feed().encode("cp1252"), "text/xml; charset=utf-8"),
        (feed("x-unknown").encode(), "text/xml; charset=none-such"),
        (feed("utf-7").encode(), None),
        (feed("utf-16").encode(), None),
    ],
)
def test_rule_28_the_encoding_is_found(body: bytes, content_type: str | None) -> None:
    assert parse(Document(body, URL, content_type)).title == "Käse “€” naïve"


def test_rule_28_the_http_charset_goes_before_the_declaration() -> None:
    body = feed("utf-8", "Ж").encode("koi8-r")
    assert parse(Document(body, URL, "text/xml; charset=koi8-r")).title == "Ж"


def test_other_encodings_are_known() -> None:
    for name, text in (("gb2312", "中文"), ("Shift_JIS", "日本"), ("euc-kr", "한국")):
        assert parse(Document(feed(name, text).encode(name), URL)).title == text


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("x-sjis", "cp932", "新しい茶の話"),
        ("windows-31j", "cp932", "①新しい茶の話"),
        ("iso-2022-jp", "iso2022_jp", "新しい茶の話"),
        ("x-euc-jp", "euc_jp", "新しい茶の話"),
        ("x-cp1251", "cp1251", "Новости дня"),
        ("x-mac-cyrillic", "mac_cyrillic", "Новости дня"),
        ("ks_c_5601-1987", "cp949", "새 소식"),
        ("x-x-big5", "big5hkscs", "新聞"),
        ("dos-874", "cp874", "ข่าว"),
        ("unicode-1-1-utf-8", "utf-8", "Ж"),
    ],
)
def test_rule_53_labels_are_those_of_the_encoding_standard(
    label: str, codec: str, text: str
) -> None:
    body = feed(None, text).encode(codec)
    assert parse(Document(body, URL, f"text/xml; charset={label}")).title == text
    assert parse(Document(feed(label, text).encode(codec), URL)).title == text
    html = f"<html><head><meta charset={label}><title>{text}</title>".encode(codec)
    assert text in decode_page(html)


@pytest.mark.parametrize("label", ["windows-1251", "iso-8859-1", "koi8-r", "shift_jis"])
def test_rule_53_valid_utf_8_beats_what_is_declared(label: str) -> None:
    text = "Новости дня: хлеб подешевел"
    read = parse(Document(feed(label, text).encode(), URL, f"text/xml; charset={label}"))
    assert read.title == text
    assert any(label in problem for problem in read.problems)


def test_the_users_word_on_an_encoding_beats_server_and_document() -> None:
    text = "Новости дня: хлеб подешевел"
    body = feed("koi8-r", text).encode("cp1251")
    document = Document(body, URL, "text/xml; charset=utf-8", encoding="windows-1251")
    assert parse(document).title == text


def test_a_few_broken_bytes_do_not_spoil_the_rest() -> None:
    body = (
        feed("utf-8", "Käse für alle, cut: \ue000").encode().replace("\ue000".encode(), b"\xe2\x80")
    )
    read = parse(Document(body, URL, "text/xml; charset=utf-8"))
    assert read.title is not None
    assert read.title.startswith("Käse für alle, cut: \ufffd")
    assert any("broken bytes" in problem for problem in read.problems)


def test_what_had_to_be_guessed_is_said() -> None:
    assert decode(feed("utf-8").encode("cp1252"), None).problem is not None
    assert decode(feed().encode(), "text/xml; charset=none-such").problem is not None
    assert decode(feed("utf-8").encode(), "text/xml; charset=utf-8").problem is None


@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=40)))
def test_rule_28_no_bytes_are_too_strange(body: bytes, content_type: str | None) -> None:
    decode(body, content_type).text.encode("utf-8", "surrogatepass")
    decode(b"<?xml version='1.0' encoding='utf-8'?>" + body, content_type)


@pytest.mark.parametrize("codec", ["euc_jp", "gb18030", "big5"])
def test_a_few_broken_bytes_leave_a_document_in_its_encoding(codec: str) -> None:
    body = ("中文" * 150).encode(codec)
    read = decode(body + b"\xff", f"text/xml; charset={codec}")
    assert read.text == "中文" * 150 + "\ufffd"
    assert read.problem == f"encoding: not in the encoding {codec!r} that HTTP says"
    assert "中文" not in decode(body + b"\xff \xff ", f"text/xml; charset={codec}").text
