"""Bytes of a page to text.

The order is that of the HTML standard (13.2.3.2): byte order mark, HTTP header, `<meta>`, then
detection; but bytes beyond ASCII that are valid UTF-8 are taken for it whatever is declared. Pages
lie about their charset more often than text in another one happens to be valid UTF-8.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator
from typing import Final

from feedd.charsets import NO_CHARSETS, SUPERSETS

META_WITHIN_BYTES: Final = 4096
"""The standard asks for 1024; pages put comments and scripts before it."""
DETECT_FROM_BYTES: Final = 100_000

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_MEANT: Final = SUPERSETS | dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "utf-8")
"""A `<meta>` that could be read is not UTF-16."""


def decode(body: bytes, content_type: str | None) -> str:
    """The page as text; bytes that fit nothing become U+FFFD."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    if not body.isascii():
        with contextlib.suppress(UnicodeDecodeError):
            return body.decode("utf-8")
    declared = list(_declared(body, content_type))
    for encoding in (*declared, "ascii"):
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    if declared and _nearly(body, declared[0]):
        return body.decode(declared[0], "replace")
    if _nearly(body, "utf-8"):
        return body.decode("utf-8", "replace")
    return body.decode(_detected(body), "replace")


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    if content_type and (match := _HEADER.search(content_type)):
        yield from _known(match[1])
    if meta := _META.search(body[:META_WITHIN_BYTES]):
        yield from _known(meta[1].decode("ascii", "replace"))


def _known(label: str) -> Iterator[str]:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return
    if name not in NO_CHARSETS:
        yield _MEANT.get(name, name)


def _nearly(body: bytes, encoding: str) -> bool:
    """A page with a few broken bytes is still of its charset."""
    try:
        text = body[:DETECT_FROM_BYTES].decode(encoding, "replace")
    except LookupError:
        return False
    return text.count("�") * 200 < len(text)


def _detected(body: bytes) -> str:
    from bs4.dammit import EncodingDetector

    for label in EncodingDetector(body[:DETECT_FROM_BYTES], is_html=True).encodings:
        for encoding in _known(label):
            with contextlib.suppress(UnicodeDecodeError, LookupError):
                body[:DETECT_FROM_BYTES].decode(encoding)
                return encoding
    return "cp1252"
