"""URLs as strangers write them, made absolute or refused.

Read as browsers read them (WHATWG URL Standard, "basic URL parser"): surrounding blanks and inner
tabs and newlines do not count, a backslash is a slash, any number of slashes may follow `http:`.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from feedd.sanitise.allowed import URL_SCHEMES

URL_MAX_CHARS: Final = 8_192
"""A longer URL is refused: servers do not take it, and it is data, not an address."""

_WEB: Final = frozenset({"http", "https"})
_ORDINARY = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?(?:/[!#-;=?-\[\]_a-z~]*)?"
).fullmatch
_ORDINARY_PATH = re.compile(
    r"(?:/(?!/|\.)[!$-.0-;=@-\[\]_a-z~]*)+(?:\?[!$-;=?-\[\]_a-z~]*)?"
).fullmatch
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):").match
_AUTHORITY = re.compile(r"(https?)://([^/?#]+)").match
_IGNORED = re.compile(r"[\t\n\r]")
_EDGES: Final = "".join(map(chr, range(0x21)))
_TO_ESCAPE = re.compile(r"[\x00-\x20\"<>\\^`{|}\x7f-\xa0\ud800-\udfff]")
_CANDIDATE = re.compile(r"[\s,]*(\S*[^\s,])(?:,+(?=\s|$)|\s+([^,]*)|$)")
_DESCRIPTOR = re.compile(r"[0-9]+(?:\.[0-9]+)?[wxh]").fullmatch


def link(url: str | None, base_url: str | None) -> str | None:
    """The absolute http(s) URL that `url` means at `base_url`; None when it means none."""
    return _absolute(url, base_url, _WEB)


def reference(url: str | None, base_url: str | None) -> str | None:
    """Like `link`, for the URL attributes of HTML: mailto: passes too."""
    return _absolute(url, base_url, URL_SCHEMES)


def image_candidates(srcset: str, base_url: str | None) -> str | None:
    """A `srcset` attribute with absolute URLs; None when none is left (HTML, 4.8.4.2.1)."""
    kept = []
    for url, descriptor in _CANDIDATE.findall(srcset):
        absolute = _absolute(url, base_url, _WEB)
        if absolute:
            width = descriptor.strip()
            kept.append(f"{absolute} {width}" if _DESCRIPTOR(width) else absolute)
    return ", ".join(kept) or None


def _absolute(url: str | None, base_url: str | None, schemes: frozenset[str]) -> str | None:
    if not url or len(url) > URL_MAX_CHARS:
        return None
    if _ORDINARY(url) and url[-1] not in "?#":
        return url
    url = _IGNORED.sub("", url).strip(_EDGES)
    named = _SCHEME(url)
    if named:
        scheme = named[1].lower()
        if scheme not in schemes:
            return None
        rest = url[named.end() :]
        if scheme == "mailto":
            return "mailto:" + _escaped(rest) if "@" in rest else None
        return _checked(f"{scheme}://{_slashes(rest).lstrip('/')}")
    if not base_url or not url:
        return None
    if _ORDINARY_PATH(url) and url[-1] not in "?#":
        origin = _AUTHORITY(base_url)
        if origin:
            return origin[0] + url
    try:
        return _checked(urljoin(base_url, _slashes(url)))
    except ValueError:
        return None


def _slashes(url: str) -> str:
    """Backslashes before the query are slashes."""
    if "\\" not in url:
        return url
    end = min((at for at in (url.find("?"), url.find("#")) if at >= 0), default=len(url))
    return url[:end].replace("\\", "/") + url[end:]


def _checked(url: str) -> str | None:
    authority = _AUTHORITY(url)
    if not authority:
        return None
    if "[" in authority[2] or "]" in authority[2]:
        try:
            urlsplit(url)
        except ValueError:
            return None
    return _escaped(url.rstrip("?#"))


def _escaped(url: str) -> str:
    return _TO_ESCAPE.sub(_percent, url)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))
