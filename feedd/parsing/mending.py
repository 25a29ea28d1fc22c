"""Small repairs that feedparser makes to every text, for the fast path to make as well."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin

_WINDOWS_1252: Final = {
    byte: character
    for byte in range(0x80, 0xA0)
    if (character := bytes([byte]).decode("cp1252", "replace")) != "\ufffd"
}
_CONTROLS = re.compile("[\x80-\x9f]").search
_SUSPECT = re.compile(rb"\xc2[\x80-\x9f]|\xc3[\x82-\xb4]\xc2").search
_TO_LATIN = re.compile(rb"&#(?:0*(?:1[2-9][0-9]|2[0-5][0-9])|[xX]0*[89a-fA-F][0-9a-fA-F]);").search
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
_MANY_SLASHES = re.compile("^([A-Za-z][A-Za-z0-9+-.]*://)/*")

_NO_LINKS: Final = frozenset({"", "-", "n/a", "na", "none", "null", "nil", "undefined", "#"})
_ADDRESSES: Final = ("http:", "https:", "/")


def needs_mending(xml: bytes) -> bool:
    """Whether any text in a UTF-8 document can be changed by `mended`: both of its cases show as
    U+0080 to U+00BF behind certain bytes, or hide in numeric references to U+0080 to U+00FF.
    """
    if b"&#" in xml and _TO_LATIN(xml) is not None:
        return True
    return b"\xc2" in xml and _SUSPECT(xml) is not None


def mended(text: str) -> str:
    """UTF-8 that was taken for ISO 8859-1 and encoded again, and windows-1252 in disguise."""
    if text.isascii():
        return text
    try:
        text = text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text.translate(_WINDOWS_1252) if _CONTROLS(text) else text
    return text.translate(_WINDOWS_1252)


def as_it_is(text: str) -> str:
    """What takes the place of `mended` where it has nothing to do."""
    return text


def without_reference_marks(url: str) -> str:
    """A URL in which `&b=` became `&b;=`, or was escaped once too often."""
    return _REFERENCE.sub(r"&\1", url.replace("&amp;", "&")) if "&" in url else url


def written_link(text: str) -> str:
    """A link as it was meant: "" for what is none, a scheme for an address that lacks it.

    Words are no link. In an address a blank is one that should have been escaped.
    """
    words = without_reference_marks(text).split()
    text = " ".join(words)
    if text.lower() in _NO_LINKS or (len(words) > 1 and not text.lower().startswith(_ADDRESSES)):
        return ""
    return f"http://{text}" if text[:4].lower() == "www." else text


def permalink(guid: str, said: str, family: str, base: str) -> str:
    """The address that an identifier is; "" where it is none, or says that it is none (RSS 2.0)."""
    if family == "rss" and said.strip().lower() == "false":
        return ""
    if guid.startswith(("http://", "https://")):
        return guid
    return joined(base, guid) if said.strip().lower() == "true" and written_link(guid) else ""


def joined(base: str, url: str) -> str:
    """`url` at `base`; "" for what is no URL."""
    if url.startswith(("http://", "https://")):
        return url
    try:
        return urljoin(base, _MANY_SLASHES.sub(r"\1", url))
    except ValueError:
        return ""
