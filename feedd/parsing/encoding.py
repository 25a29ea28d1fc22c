"""Bytes to text: byte order mark, HTTP charset, XML declaration, UTF-8, windows-1252.

Polling rule 28, after RFC 7303 section 3 and the labels of the WHATWG Encoding Standard.
"""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

from feedd.charsets import NO_CHARSETS, SUPERSETS

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
_MEANT: Final = SUPERSETS | {"iso8859-11": "cp874", "big5": "big5hkscs"}
_WIDE: Final = ("utf-16", "utf-32")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s;\"',]+)", re.I)
_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,300}?\sencoding\s*=\s*[\"']\s*([A-Za-z0-9._:-]{1,40})")

_HIGH = re.compile(rb"[\x80-\xff]")


class Decoded(NamedTuple):
    """The text, without its byte order mark, and what was wrong, in words."""

    text: str
    problem: str | None = None


def decode(body: bytes, content_type: str | None) -> Decoded:
    """Never fails; what cannot be read becomes U+FFFD."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _surely(body[len(mark) :], name)
    for start, name in _UNMARKED:
        if body.startswith(start):
            return _surely(body, name)
    asked = []
    for said, label in (("HTTP", _http_charset(content_type)), ("XML", _declared(body))):
        if not label:
            continue
        codec = _codec(label)
        if codec is None:
            asked.append(f"unknown encoding {label!r}")
        elif _is_ascii(body):
            return Decoded(body.decode("ascii"), _joined(asked))
        else:
            try:
                return Decoded(body.decode(codec), _joined(asked))
            except (UnicodeDecodeError, LookupError):
                asked.append(f"not in the encoding {label!r} that {said} says")
    try:
        return Decoded(body.decode("utf-8"), _joined(asked))
    except UnicodeDecodeError:
        return _by_majority(body, asked)


def _surely(body: bytes, name: str) -> Decoded:
    try:
        return Decoded(body.decode(name))
    except UnicodeDecodeError:
        return Decoded(body.decode(name, "replace"), f"some bytes are not {name}")


def _by_majority(body: bytes, asked: list[str]) -> Decoded:
    """UTF-8 with a few broken bytes, or windows-1252: whichever the bytes speak for."""
    as_utf8 = body.decode("utf-8", "replace")
    broken = as_utf8.count("\ufffd")
    good = len(_HIGH.sub(b"", body))  # what is left is ASCII
    if len(as_utf8) - good - broken >= broken:
        return Decoded(as_utf8, _joined([*asked, f"{broken} broken bytes in UTF-8"]))
    text = body.decode("cp1252", "replace")
    return Decoded(text, _joined([*asked, "no valid UTF-8; read as windows-1252"]))


def _joined(asked: list[str]) -> str | None:
    return "encoding: " + "; ".join(asked) if asked else None


def _is_ascii(body: bytes) -> bool:
    return body.isascii()


def _http_charset(content_type: str | None) -> str | None:
    found = _CHARSET.search(content_type) if content_type else None
    return found[1] if found else None


def _declared(body: bytes) -> str | None:
    found = _DECLARATION.match(body[:1024])
    return found[1].decode("ascii") if found else None


def _codec(label: str) -> str | None:
    """The Python codec for a label; None for unknown ones, and for those that cannot be meant in
    a document whose first bytes are ASCII.
    """
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    name = name.replace("_", "-") if name.startswith("utf_") else name
    if name in NO_CHARSETS or name.startswith(_WIDE):
        return None
    return _MEANT.get(name, name)
