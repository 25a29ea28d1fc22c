"""HTML from strangers to HTML that is safe to store, show and parse again.

nh3 (an HTML5 parser and an allow-list, in Rust) does the sanitising. While it does, every URL
attribute passes `urls`, because nh3 itself leaves `cite`, `poster` and `srcset` alone; afterwards
images that only count readers are taken out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from html import escape, unescape
from typing import Final
from urllib.parse import unquote

from feedd.sanitise import allowed, urls
from feedd.sanitise.passthrough import PLAIN_LINK, passes_unchanged

# In what nh3 writes, "<" and ">" stand for nothing but the ends of tags.
_TAG_WITH_ATTRIBUTES = re.compile(r"<([a-z0-9]+)((?: [^>]*)?)>")
_TAG_TO_JUDGE = re.compile(
    rf"<(?!{PLAIN_LINK}>)"
    r"(a|audio|blockquote|code|del|img|ins|pre|q|source|video)( [^>]*)>"
)
_ATTRIBUTE = re.compile(r'(?<![a-z-])([a-z-]++)="([^"]*)"')
_LAZY_SOURCES: Final = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-orig-file",
    "data-actualsrc",
    "data-full-url",
)
_LAZY_SETS: Final = ("data-srcset", "data-lazy-srcset", "data-original-set")
"""Where pages that load images by script keep the address, and addresses by width."""

_PLACEHOLDER = re.compile(
    r"(?:blank|spacer|placeholder|lazy|loading|transparent|pixel|1x1|gr[ae]y)[\w-]{0,20}"
    r"\.(?:gif|png|svg|jpe?g|webp)(?:[?#]|$)|\.svg$",
    re.I,
).search
_WIDTH = re.compile(r"(\S+)\s+([0-9.]{1,9})[wx]").fullmatch
_NOSCRIPT = re.compile(r"<noscript\b[^<>]*>(.*?)(?:</noscript\b[^<>]*>|\Z)", re.S | re.I)
_PICTURE = re.compile(r"<img\b[^<>]*>", re.I)
_SOURCE = re.compile(r"""\ssrc\s*=\s*["']?([^"'\s>]+)""", re.I)
_TWIN_WITHIN_CHARS: Final = 2_000
_KEEPS_LINES = re.compile(
    r"(<([a-z][a-z0-9]{0,15})\s[^<>]{0,400}?white-space\s{0,5}:\s{0,5}(?:pre|break-spaces)[^<>]*>)"
    r"(.*?)(?=</\2\b|\Z)",
    re.S | re.I,
)
_TO_ESCAPE = re.compile(r"[&<>\"']").search
_ADDRESSES: Final = frozenset({"cite", "poster", "src", *_LAZY_SOURCES})

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
_EMBEDDED = re.compile(
    r"<iframe\b[^<>]*?\ssrc\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s>]++))[^>]*+>"
    r"(?:[^<]*+</iframe\s*+>)?",
    re.I,
)
_IDENTIFIER = re.compile(r' (?:id|name)="([^"]+)"')
_LINK_TO_PLACE = re.compile(r' href="([^"#]*)#([^"]+)"')
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>")
_NOT_NESTING: Final = frozenset(
    str.split(
        "area base br col dd dt embed hr img input li link meta option p param source td th tr"
        " track tbody thead tfoot wbr"
    )
)
_FLAT: Final = frozenset({"br", "img", "p"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]").search
_UNSTORABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def clean(html: str, base_url: str | None) -> str:
    """`html`, sanitised.

    What is left is listed in `allowed`; every URL in it is absolute (relative ones are resolved
    against `base_url`) and http, https or, in links, mailto. HTML over `HTML_MAX_CHARS` is cut,
    nesting over `DEPTH_MAX_TAGS` flattened. Cleaning twice changes nothing that matters.
    """
    if "<" not in html and "&" not in html:
        return _storable(html).replace(">", "&gt;").replace("\xa0", "&nbsp;")
    html = html[: allowed.HTML_MAX_CHARS]
    if html.count("<") > allowed.DEPTH_MAX_TAGS and _too_deep(html):
        html = _sub_in_tags(_TAG, _only_flat, html)
    if passes_unchanged(html):
        return html
    folded = html.lower() if "<no" in html or "<NO" in html or "white-space" in html else ""
    if "<noscript" in folded:
        html = _NOSCRIPT.sub(_without_scripts, html)
    if "white-space" in folded:
        html = _KEEPS_LINES.sub(_lines_apart, html)
    if "<iframe" in html or "<IFRAME" in html:
        html = _sub_in_tags(_EMBEDDED, _link_to_embedded, html)
    in_page = "#" in html and _may_hold_targets(html)
    sanitise = _cleaners()[1 if in_page else 0]
    try:
        result = sanitise(html)
    except UnicodeEncodeError:
        result = sanitise(_storable(html))
    if in_page:
        result = _TAG_WITH_ATTRIBUTES.sub(
            _Attributes(base_url, _targets(result, base_url)).judged, result
        )
    elif "=" in result or "<img" in result:
        result = _TAG_TO_JUDGE.sub(_Attributes(base_url, frozenset()).judged, result)
        result = result.replace("<img>", "")
    if not result.replace("\n", " ").isprintable() and _CONTROL(result):
        return _storable(result)
    return result


def _cleaners() -> tuple[Callable[[str], str], Callable[[str], str]]:
    """nh3 with our table; the second keeps identifiers, too. It holds no state: one serves all."""
    global _loaded
    if _loaded is None:
        from nh3 import Cleaner

        attributes = {tag: set(names) for tag, names in allowed.ATTRIBUTES.items()}
        attributes["img"] |= {"style", *_LAZY_SOURCES, *_LAZY_SETS}
        anchored = {tag: set(names) for tag, names in attributes.items()}
        anchored["*"].add("id")
        anchored["a"].add("name")
        plain, keeping_ids = (
            Cleaner(
                tags=set(allowed.TAGS),
                clean_content_tags=set(allowed.DROPPED_WITH_CONTENT),
                attributes=table,
                url_schemes=set(allowed.URL_SCHEMES),
                link_rel=None,
            ).clean
            for table in (attributes, anchored)
        )
        _loaded = plain, keeping_ids
    return _loaded


_loaded: tuple[Callable[[str], str], Callable[[str], str]] | None = None


class _Attributes:
    """Judges the attributes that nh3 has let through, one tag at a time."""

    def __init__(self, base_url: str | None, targets: frozenset[str]) -> None:
        self._base_url = base_url
        self._targets = targets

    def judged(self, tag: re.Match[str]) -> str:
        name = tag[1]
        attributes: dict[str, str] = {}
        for attribute, escaped in _ATTRIBUTE.findall(tag[2]):
            value = unescape(escaped) if "&" in escaped else escaped
            judge = _JUDGES.get(attribute)
            kept = judge(self, value) if judge else value
            if kept is not None:
                attributes.setdefault("id" if attribute == "name" else attribute, kept)
        if name == "img":
            return _image(attributes)
        return _start_tag(name, attributes)

    def _href(self, value: str) -> str | None:
        return self._in_page(value) or urls.reference(value, self._base_url)

    def _address(self, value: str) -> str | None:
        return urls.link(value, self._base_url)

    def _candidates(self, value: str) -> str | None:
        return urls.image_candidates(value, self._base_url)

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


def _storable(text: str) -> str:
    """Without control characters, noncharacters and lone surrogates."""
    return _UNSTORABLE.sub("", text)


_JUDGES: Final[dict[str, Callable[[_Attributes, str], str | None]]] = {
    "href": _Attributes._href,
    **dict.fromkeys(("srcset", *_LAZY_SETS), _Attributes._candidates),
    "id": _Attributes._target,
    "name": _Attributes._target,
    "class": _Attributes._language,
    "style": _Attributes._hiding,
    **dict.fromkeys(_ADDRESSES, _Attributes._address),
}


def _start_tag(name: str, attributes: dict[str, str]) -> str:
    """Written as the HTML standard's serialiser does (13.3)."""
    written = [f' {key}="{_escaped(value)}"' for key, value in attributes.items()]
    return f"<{name}{''.join(written)}>"


def _escaped(value: str) -> str:
    return escape(value) if _TO_ESCAPE(value) else value


def _image(attributes: dict[str, str]) -> str:
    """A sanitised image as it is to be stored: nothing for one that only counts readers, its
    alternative text for one without an address.
    """
    lazy = [attributes.pop(name) for name in _LAZY_SOURCES if name in attributes]
    sets = [attributes.pop(name) for name in _LAZY_SETS if name in attributes]
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


def _without_scripts(found: re.Match[str]) -> str:
    """What a browser without scripts shows is a picture that they would load, once, and else an
    invitation to allow them.
    """
    before = found.string[max(0, found.start() - _TWIN_WITHIN_CHARS) : found.start()]
    kept = []
    for picture in _PICTURE.findall(found[1]):
        source = _SOURCE.search(picture)
        if source and source[1] not in before:
            kept.append(picture)
    return "".join(kept)


def _lines_apart(found: re.Match[str]) -> str:
    return found[1] + found[3].replace("\n", "<br>\n")


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


def _may_hold_targets(html: str) -> bool:
    return "id=" in html or "name=" in html or "ID=" in html or "NAME=" in html


def _targets(html: str, base_url: str | None) -> frozenset[str]:
    """Identifiers in sanitised HTML that a link in it points to."""
    pointed_at = {
        unquote(unescape(fragment))
        for page, fragment in _LINK_TO_PLACE.findall(html)
        if not page.strip() or unescape(page) == base_url
    }
    if not pointed_at:
        return frozenset()
    return frozenset(pointed_at.intersection(map(unescape, _IDENTIFIER.findall(html))))


def _link_to_embedded(match: re.Match[str]) -> str:
    """A frame cannot stay; a link to what it showed can."""
    address = match[1] or match[2] or match[3] or ""
    shown = re.sub(r"^\s*(?:https?:)?//(?:www\.)?|[?#].*$", "", address).rstrip("/")
    return f'<p><a href="{address.replace(chr(34), "")}">{shown.replace("<", "")}</a></p>'


def _too_deep(html: str) -> bool:
    """Whether `html` may nest deeper than the limit, judged by unclosed tags (never less)."""
    depth = 0
    opened: Counter[str] = Counter()
    for closing, name in _TAG.findall(html, 0, html.rfind(">") + 1):
        tag = name.lower()
        if tag in _NOT_NESTING:
            continue
        if not closing:
            opened[tag] += 1
            depth += 1
            if depth > allowed.DEPTH_MAX_TAGS:
                return True
        elif opened[tag]:
            opened[tag] -= 1
            depth -= 1
    return False


def _sub_in_tags(
    pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], html: str
) -> str:
    """`pattern`, which ends with ">", replaced up to the last one: behind that, a search for the
    end of each tag would be in vain.
    """
    end = html.rfind(">") + 1
    return pattern.sub(replace, html[:end]) + html[end:]


def _only_flat(match: re.Match[str]) -> str:
    return match[0] if match[2].lower() in _FLAT else " "
