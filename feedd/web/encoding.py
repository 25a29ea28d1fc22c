"""Bytes to text, for feeds, pages and lists of feeds alike.

Polling rules 28 and 53: what the user says, byte order mark, HTTP charset, the document's own
declaration, UTF-8, windows-1252. Labels are those of the Encoding Standard (section 4.2). UTF-8
that is valid is UTF-8, whatever single-byte encoding is declared: bytes of such a text are hardly
ever valid UTF-8, and servers declare what they were once set up for.
"""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

PAGE_HEAD_BYTES: Final = 4096
"""Where a page's declaration is looked for; the standard's 1024 bytes are often comments."""

DETECTED_BYTES: Final = 100_000

_GUESSED: Final = "no valid UTF-8; read as windows-1252"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED: Final = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_LABELS: Final = {
    "866": "cp866", "csibm866": "cp866", "dos-874": "cp874", "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8", "iso-8859-8-e": "iso8859_8", "logical": "iso8859_8",
    "visual": "iso8859_8", "iso-8859-6-i": "iso8859_6", "iso-8859-6-e": "iso8859_6",
    "sun_eu_greek": "iso8859_7", "koi": "koi8-r", "koi8": "koi8-r", "koi8-ru": "koi8-u",
    "x-mac-roman": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ukrainian": "mac_cyrillic", "cn-big5": "big5hkscs", "csbig5": "big5hkscs",
    "x-x-big5": "big5hkscs", "x-gbk": "gb18030", "chinese": "gb18030", "csgb2312": "gb18030",
    "csiso58gb231280": "gb18030", "gb_2312-80": "gb18030", "iso-ir-58": "gb18030",
    "x-euc-jp": "euc_jp", "cseucpkdfmtjapanese": "euc_jp", "csiso2022jp": "iso2022_jp",
    "csshiftjis": "cp932", "ms932": "cp932", "ms_kanji": "cp932", "sjis": "cp932",
    "windows-31j": "cp932", "x-sjis": "cp932", "cseuckr": "cp949", "csksc56011987": "cp949",
    "iso-ir-149": "cp949", "korean": "cp949", "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949", "ksc5601": "cp949", "ksc_5601": "cp949", "windows-949": "cp949",
    "unicode-1-1-utf-8": "utf-8", "unicode11utf8": "utf-8", "unicode20utf8": "utf-8",
    "x-unicode20utf8": "utf-8",
}  # fmt: skip
"""Labels of the Encoding Standard that Python does not know, or knows for less."""

_SUPERSETS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""Names that are used for a superset of what they mean (Encoding Standard, 4.2)."""

_NONE: Final = frozenset(
    {"utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined"}
)
"""Codecs that nothing is written in: UTF-7 hides markup, some fail in ways of their own, some take
long.
"""

_WIDE: Final = ("utf-16", "utf-32")
_SEVERAL_BYTES: Final = frozenset(
    {"utf-8", "gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "iso2022_jp", "hz", "johab"}
)
_SURELY_UTF_8: Final = 8
"""How many characters of several bytes are no accident in another encoding."""

_CHARSET = re.compile(r"charset\s*+=\s*+(?:[\"']\s*+)?([^\s;\"',]{1,60})", re.I)
_XML_SAYS = re.compile(rb"\s*<\?xml[^>]{0,300}?\sencoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,40})")
_OF_ENCODING: Final = (b"charset", b"encoding")
_NAMES_ENCODING = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})")
"""Of small letters."""
_HIGH = re.compile(rb"[\x80-\xff]")
_TRAILING = re.compile(rb"[\x80-\xbf]")


class Decoded(NamedTuple):
    """The text, without its byte order mark, and what was wrong, in words. `same`: its UTF-8 is the
    very body.
    """

    text: str
    problem: str | None = None
    same: bool = False


def decode_document(
    body: bytes, content_type: str | None = None, *, encoding: str | None = None
) -> Decoded:
    """A feed or another document in XML or JSON. Never fails: what cannot be read becomes U+FFFD.

    `encoding` is the user's word, which beats everything but a byte order mark.
    """
    declared = _XML_SAYS.match(body[:1024])
    return _decoded(body, encoding, content_type, declared[1] if declared else None, "XML")


def decode_page(body: bytes, content_type: str | None = None) -> str:
    """A page of HTML, by its `<meta>` where it has one."""
    return _decoded_page(body, content_type).text


def page_in_utf_8(body: bytes, content_type: str | None = None) -> bytes:
    """What `decode_page` reads, in UTF-8: most often the very body."""
    page = _decoded_page(body, content_type)
    return body if page.same else page.text.encode("utf-8", "ignore")


def _decoded_page(body: bytes, content_type: str | None) -> Decoded:
    decoded = _decoded(body, None, content_type, _page_says(body[:PAGE_HEAD_BYTES]), "HTML")
    if decoded.problem is not None and decoded.problem.endswith(_GUESSED):
        return Decoded(body.decode(_detected(body) or "cp1252", "replace"))
    return decoded


def _page_says(head: bytes) -> bytes | None:
    """The encoding that a `<meta>` names, or an XML declaration."""
    head = head.lower()
    begins = [at for at in map(head.find, _OF_ENCODING) if at >= 0]
    for found in _NAMES_ENCODING.finditer(head, min(begins)) if begins else ():
        tag = head[max(0, head.rfind(b"<", 0, found.start())) : found.start()]
        if tag[:5] in (b"<meta", b"<?xml") and b">" not in tag:
            return found[1]
    return None


def codec_of(label: str) -> str | None:
    """The Python codec for a label; None for unknown ones, and for those that cannot be meant where
    ASCII could be read.
    """
    label = label.strip().lower()
    try:
        codec = codecs.lookup(_LABELS.get(label) or label.removeprefix("x-"))
    except (LookupError, ValueError):
        return None
    if not getattr(codec, "_is_text_encoding", True):
        return None  # zlib, base64 and the like
    name = codec.name
    name = name.replace("_", "-") if name.startswith("utf_") else name
    if name in _NONE or name.startswith(_WIDE):
        return None
    return _SUPERSETS.get(name, name)


def _decoded(
    body: bytes,
    encoding: str | None,
    content_type: str | None,
    declared: bytes | None,
    language: str,
) -> Decoded:
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _surely(body[len(mark) :], name)
    if encoding is not None and (wanted := codec_of(encoding)) is not None:
        return Decoded(body.decode(wanted, "replace"))
    for start, name in _UNMARKED:
        if body.startswith(start):
            return _surely(body, name)
    said = _CHARSET.search(content_type) if content_type else None
    labels = (
        ("HTTP", said[1] if said else None),
        (language, declared.decode("ascii", "replace") if declared else None),
    )
    utf_8 = None if body.isascii() else _as_utf_8(body)
    problems: list[str] = []
    for who, label in labels:
        if not label:
            continue
        codec = codec_of(label)
        if codec is None:
            problems.append(f"unknown encoding {label!r}")
            continue
        if utf_8 is not None and codec != "utf-8" and _is_no_accident(body, codec):
            problems.append(f"UTF-8, not {label!r} as {who} says")
            codec = "utf-8"
        if utf_8 is not None and codec == "utf-8":
            return Decoded(utf_8, _joined(problems), same=True)
        try:
            return Decoded(body.decode(codec), _joined(problems), same=codec == "utf-8")
        except (UnicodeDecodeError, LookupError):
            problems.append(f"not in the encoding {label!r} that {who} says")
            if codec in _SEVERAL_BYTES and codec != "utf-8" and (nearly := _nearly(body, codec)):
                return Decoded(nearly, _joined(problems))
    if body.isascii():
        return Decoded(body.decode("ascii"), _joined(problems), same=True)
    if utf_8 is not None:
        return Decoded(utf_8, _joined(problems), same=True)
    return _by_majority(body, problems)


def _surely(body: bytes, name: str) -> Decoded:
    try:
        return Decoded(body.decode(name))
    except UnicodeDecodeError:
        return Decoded(body.decode(name, "replace"), f"some bytes are not {name}")


def _as_utf_8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_no_accident(body: bytes, codec: str) -> bool:
    """Is valid UTF-8 meant, though this codec is declared?"""
    if codec not in _SEVERAL_BYTES:
        return True
    return len(_TRAILING.findall(body[:100_000])) >= 2 * _SURELY_UTF_8


def _nearly(body: bytes, codec: str) -> str | None:
    """A document with a few broken bytes is still in its encoding."""
    text = body.decode(codec, "replace")
    return text if text.count("\ufffd") * 200 < len(text) else None


def _by_majority(body: bytes, problems: list[str]) -> Decoded:
    """UTF-8 with a few broken bytes, or windows-1252: whichever the bytes speak for."""
    as_utf_8 = body.decode("utf-8", "replace")
    broken = as_utf_8.count("\ufffd")
    good = len(_HIGH.sub(b"", body))  # what is left is ASCII
    if len(as_utf_8) - good - broken >= broken:
        return Decoded(as_utf_8, _joined([*problems, f"{broken} broken bytes in UTF-8"]))
    text = body.decode("cp1252", "replace")
    return Decoded(text, _joined([*problems, _GUESSED]))


def _detected(body: bytes) -> str | None:
    """What a page that says nothing is written in, by its letters."""
    from bs4.dammit import EncodingDetector

    head = body[:DETECTED_BYTES]
    for label in EncodingDetector(head, is_html=True).encodings:
        codec = codec_of(label)
        if codec is not None:
            try:
                head.decode(codec)
            except UnicodeDecodeError:
                continue
            return codec
    return None


def _joined(problems: list[str]) -> str | None:
    return "encoding: " + "; ".join(problems) if problems else None
