"""The attributes of sanitised HTML, one tag at a time: URLs made absolute or refused, pictures that
only count readers left out, identifiers kept where a link points to them.

URLs are read as browsers read them (WHATWG URL Standard, "basic URL parser"): surrounding blanks,
inner tabs and newlines do not count, a backslash is a slash, any number of slashes may follow
`http:`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from html import escape, unescape
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

from feedd.sanitise import allowed
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

ATTRIBUTE = re.compile(r'(?<![a-z-])([a-z-]++)="([^"]*)"')
LAZY_SOURCES: Final = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-orig-file",
    "data-actualsrc",
    "data-full-url",
)
LAZY_SETS: Final = ("data-srcset", "data-lazy-srcset", "data-original-set")
"""Where pages that load images by script keep the address, and addresses by width."""

_PLACEHOLDER = re.compile(
    r"(?:blank|spacer|placeholder|lazy|loading|transparent|pixel|1x1|gr[ae]y)[\w-]{0,20}"
    r"\.(?:gif|png|svg|jpe?g|webp)(?:[?#]|$)|\.svg$",
    re.I,
).search
_WIDTH = re.compile(r"(\S+)\s+([0-9.]{1,9})[wx]").fullmatch
_NEEDS_ESCAPE = re.compile(r"[&<>\"']").search
_ADDRESSES: Final = frozenset({"cite", "poster", "src", *LAZY_SOURCES})

_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$)", re.I
).search
_HIDDEN: Final = "hidden"
_COUNTERS = re.compile(
    r"""^https?://(?:[^/?]*\.)?(?:
        pixel\.wp\.com/ | stats\.wordpress\.com/ | pixel\.quantserve\.com/
      | b\.scorecardresearch\.com/
      | (?:www\.)?google-analytics\.com/ | [a-z0-9.]*doubleclick\.net/ | facebook\.com/tr\b
      | feeds\.feedburner\.com/~r/ | feeds\.feedburner\.com/~ff/ | feedsportal\.com/.*/mf\.gif
      | blogger\.googleusercontent\.com/tracker/ | medium\.com/_/stat\b | pheedo\.com/
      | counter\.theconversation\.com/ | rss\.buysellads\.com/ | track\.hubspot\.com/
      | api\.follow\.it/track | imp\.pixel\.ad/ | ping\.feedblitz\.com/ | feeds\.wordpress\.com/
      | blogblog\.com/tracker/ | static\.addtoany\.com/ | assets\.feedblitz\.com/
    ) | /(?:piwik|matomo)\.php\? | /(?:tracking|open|beacon)[-_]?pixel | /pixel\.(?:gif|png)\b
      | /(?:spacer|blank|clear|1x1|pixel|transparent)\.(?:gif|png)(?:\?|$)""",
    re.I | re.X,
).search
_LANGUAGE = re.compile(r"(?:^|\s)lang(?:uage)?-([\w+#.-]{1,40})").search
_IDENTIFIER = re.compile(r' (?:id|name)="([^"]+)"')
_LINK_TO_PLACE = re.compile(r' href="([^"#]*)#([^"]+)"')


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


class AttributeJudge:
    """Judges the attributes that nh3 has let through, one tag at a time."""

    def __init__(self, base_url: str | None, targets: frozenset[str]) -> None:
        self._base_url = base_url
        self._targets = targets

    def judged(self, tag: re.Match[str]) -> str:
        return self.start_tag(tag[1], ATTRIBUTE.findall(tag[2]))

    def start_tag(self, name: str, said: Iterable[tuple[str, str]]) -> str:
        """The tag as it is to be stored, of attributes as they are written."""
        attributes: dict[str, str] = {}
        for attribute, escaped in said:
            value = unescape(escaped) if "&" in escaped else escaped
            judge = _JUDGES.get(attribute)
            kept = judge(self, value) if judge else value
            if kept is not None:
                attributes.setdefault("id" if attribute == "name" else attribute, kept)
        if name == "img":
            return _image(attributes)
        return _start_tag(name, attributes)

    def _href(self, value: str) -> str | None:
        return self._in_page(value) or reference(value, self._base_url)

    def _address(self, value: str) -> str | None:
        return link(value, self._base_url)

    def _candidates(self, value: str) -> str | None:
        return image_candidates(value, self._base_url)

    def _target(self, value: str) -> str | None:
        return _namespaced(value) if value in self._targets else None

    def _in_page(self, value: str) -> str | None:
        if not self._targets or "#" not in value:
            return None
        page, _, fragment = value.strip().partition("#")
        fragment = unquote(fragment)
        if fragment in self._targets and page in ("", self._base_url):
            return "#" + _namespaced(fragment)
        return None

    def _language(self, classes: str) -> str | None:
        language = _LANGUAGE(classes)
        return f"language-{language[1]}" if language else None

    def _hiding(self, style: str) -> str | None:
        return _HIDDEN if _HIDING_STYLE(style) else None


_JUDGES: Final[dict[str, Callable[[AttributeJudge, str], str | None]]] = {
    "href": AttributeJudge._href,
    **dict.fromkeys(("srcset", *LAZY_SETS), AttributeJudge._candidates),
    "id": AttributeJudge._target,
    "name": AttributeJudge._target,
    "class": AttributeJudge._language,
    "style": AttributeJudge._hiding,
    **dict.fromkeys(_ADDRESSES, AttributeJudge._address),
}


def _start_tag(name: str, attributes: dict[str, str]) -> str:
    """Written as the HTML standard's serialiser does (13.3)."""
    written = [f' {key}="{_quoted(value)}"' for key, value in attributes.items()]
    return f"<{name}{''.join(written)}>"


def _quoted(value: str) -> str:
    return escape(value) if _NEEDS_ESCAPE(value) else value


def _image(attributes: dict[str, str]) -> str:
    """A sanitised image as it is to be stored: nothing for one that only counts readers, its
    alternative text for one without an address.
    """
    lazy = [attributes.pop(name) for name in LAZY_SOURCES if name in attributes]
    sets = [attributes.pop(name) for name in LAZY_SETS if name in attributes]
    address = attributes.pop("src", "")
    if (lazy or sets) and (not address or _PLACEHOLDER(address)):
        address = lazy[0] if lazy else _largest(sets[0])
        if sets:
            attributes.setdefault("srcset", sets[0])
    if "style" in attributes or _is_dot(attributes) or _COUNTERS(address):
        return ""
    if address:
        return _start_tag("img", {"src": address} | attributes)
    if "srcset" in attributes:
        return _start_tag("img", attributes)
    return escape(attributes.get("alt", ""), quote=False)


def _largest(candidates: str) -> str:
    """The address of the widest picture of a `srcset`."""
    best, found = -1.0, ""
    for one in candidates.split(", "):
        sized = _WIDTH(one.strip())
        address, width = (sized[1], sized[2]) if sized else (one.strip(), "0")
        with suppress(ValueError):
            if float(width) > best:
                best, found = float(width), address
    return found


def _is_dot(attributes: dict[str, str]) -> bool:
    sides = [
        attributes[side].strip().removesuffix("px")
        for side in ("width", "height")
        if side in attributes
    ]
    return bool(sides) and all(side in ("0", "1") for side in sides)


def _namespaced(fragment: str) -> str:
    if fragment.startswith(allowed.ID_PREFIX):
        return fragment
    return allowed.ID_PREFIX + fragment


def targets(html: str, base_url: str | None) -> frozenset[str]:
    """Identifiers in sanitised HTML that a link in it points to."""
    pointed_at = {
        unquote(unescape(fragment))
        for page, fragment in _LINK_TO_PLACE.findall(html)
        if not page.strip() or unescape(page) == base_url
    }
    if not pointed_at:
        return frozenset()
    return frozenset(pointed_at.intersection(map(unescape, _IDENTIFIER.findall(html))))
