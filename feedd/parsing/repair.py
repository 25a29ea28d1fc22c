"""What is commonly wrong with XML, put right before a more forgiving parser is needed.

Each repair is tried only when expat has complained of what it mends, and is said in the problems.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import Final, NamedTuple
from xml.parsers.expat import errors

_PREDEFINED: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_SECTION: Final = r"<!\[CDATA\[.*?(?:\]\]>|$)|<!--.*?(?:-->|$)"
_NAMED = re.compile(rf"{_SECTION}|&([A-Za-z][A-Za-z0-9]*);", re.S)
_BARE = re.compile(rf"{_SECTION}|&(?!#[0-9]+;|#x[0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9._-]*;)", re.S)
_NUMBERED = re.compile(rf"{_SECTION}|&#(?:([0-9]+)|x([0-9a-fA-F]+));", re.S)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Repaired(NamedTuple):
    """The text after a repair, and what was done, in words."""

    text: str
    problem: str


def repaired(text: str, code: int, offset_bytes: int) -> Repaired | None:
    """`text` without what made expat stop with `code`; None when there is no repair for it."""
    message = errors.messages.get(code)
    if message == errors.XML_ERROR_UNDEFINED_ENTITY:
        return _changed(text, _NAMED.sub(_numeric, text), "entities of HTML were resolved")
    if message == errors.XML_ERROR_BAD_CHAR_REF:
        return _changed(text, _NUMBERED.sub(_legal, text), "illegal characters were left out")
    if message == errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
        kept = text.encode()[:offset_bytes].decode()
        return Repaired(kept, "text after the feed was left out")
    if message == errors.XML_ERROR_INVALID_TOKEN:
        clean = _FORBIDDEN.sub("", text)
        if clean != text:
            return Repaired(clean, "illegal characters were left out")
        return _changed(text, _BARE.sub(_escaped, text), "bare ampersands were escaped")
    return None


def _changed(before: str, after: str, problem: str) -> Repaired | None:
    return Repaired(after, problem) if after != before else None


def _numeric(found: re.Match[str]) -> str:
    name = found[1]
    if name is None or name in _PREDEFINED:
        return found[0]
    characters = html5.get(f"{name};")
    if characters is None:
        return f"&amp;{name};"
    return "".join(f"&#{ord(character)};" for character in characters)


def _legal(found: re.Match[str]) -> str:
    if found[1] is None and found[2] is None:
        return found[0]
    digits, base = (found[1], 10) if found[1] is not None else (found[2], 16)
    number = int(digits, base) if len(digits) < 9 else 0
    if number > 0x10FFFF or _FORBIDDEN.match(chr(number)):
        return ""
    return found[0]


def _escaped(found: re.Match[str]) -> str:
    return "&amp;" if found[0] == "&" else found[0]
