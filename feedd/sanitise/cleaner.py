"""HTML out of the ordinary, sanitised by nh3: an HTML5 parser and an allow-list, in Rust.

Then every attribute that it let through is judged (`attributes`): nh3 itself leaves `cite`,
`poster` and `srcset` alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from feedd.sanitise import allowed
from feedd.sanitise.attributes import LAZY_SETS, LAZY_SOURCES, AttributeJudge, targets

ANY_TAG = re.compile(r"<([^<>]*)>")
PLAIN_LINK: Final = (
    r'a href="https?://[a-z0-9][a-z0-9.-]*'
    r'(?:/(?:[!$%\'-;=@-\[\]_a-z~?]++|&amp;)++(?<!\?)(?<!&amp;))?"'
)
"""What is within the tag of a link whose address nobody has to judge."""

KEPT: Final = {tag: set(names) for tag, names in allowed.ATTRIBUTES.items()}
KEPT["img"] |= {"style", *LAZY_SOURCES, *LAZY_SETS}
"""Attributes that are allowed, and those that tell of a picture what it is."""

# In what nh3 writes, "<" and ">" stand for nothing but the ends of tags.
_TAG_WITH_ATTRIBUTES = re.compile(r"<([a-z0-9]+)((?: [^>]*)?)>")
TAG_TO_JUDGE = re.compile(
    rf"<(?!{PLAIN_LINK}>)"
    r"(a|audio|blockquote|code|del|img|ins|pre|q|source|video)( [^>]*)>"
)
_NOSCRIPT = re.compile(r"<noscript\b[^<>]*>(.*?)(?:</noscript\b[^<>]*>|\Z)", re.S | re.I)
_PICTURE = re.compile(r"<img\b[^<>]*>", re.I)
_SOURCE = re.compile(r"""\ssrc\s*=\s*["']?([^"'\s>]+)""", re.I)
_TWIN_WITHIN_CHARS: Final = 2_000
_KEEPS_LINES = re.compile(
    r"(<([a-z][a-z0-9]{0,15})\s[^<>]{0,400}?white-space\s{0,5}:\s{0,5}(?:pre|break-spaces)[^<>]*>)"
    r"(.*?)(?=</\2\b|\Z)",
    re.S | re.I,
)
_TAG_OR_LINE = re.compile(r"<[^<>]*>|\n")
_LINE_END: Final = "\U0001fffe"
"""Behind a line break that a style keeps, for the parser to carry: no character of any text
(Unicode, 23.7), none that `storable` takes away, and other than a tag it moves nothing. Before the
break it would hide the first one in a `pre`, which parsers leave out."""
_TAG_OR_LINE_END = re.compile(rf"<(/?)(pre\b)?[^<>]*>|\n?{_LINE_END}")
_FORMULA = re.compile(r"<math\b([^<>]*)>((?:[^<]|<(?!/?math\b))*+)</math>")
_SOURCE_OF_FORMULA = re.compile(r"\balttext\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TEX = re.compile(r"<annotation\b[^<>]*\btex\b[^<>]*>([^<]*)", re.I)
_NOTE = re.compile(r"<annotation\b[^<>]*>[^<]*")
_EMBEDDED = re.compile(
    r"<iframe\b[^<>]*?\ssrc\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s>]++))[^>]*+>"
    r"(?:[^<]*+</iframe\s*+>)?",
    re.I,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]").search
_UNSTORABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def by_parser(html: str, base_url: str | None) -> str:
    """Any HTML of a bounded length and depth, sanitised."""
    folded = html.lower() if "<no" in html or "<NO" in html or "white-space" in html else ""
    if "<noscript" in folded:
        html = _NOSCRIPT.sub(_without_scripts, html)
    if "white-space" in folded:
        html = _KEEPS_LINES.sub(_lines_apart, html)
    if "</math>" in html:
        html = _FORMULA.sub(_written_out, html)
    if "<amp-img" in html:
        html = html.replace("<amp-img", "<img")
    if "<iframe" in html or "<IFRAME" in html:
        html = sub_in_tags(_EMBEDDED, _link_to_embedded, html)
    in_page = "#" in html and may_hold_targets(html)
    sanitise = load()[1 if in_page else 0]
    try:
        result = sanitise(html)
    except UnicodeEncodeError:
        result = sanitise(storable(html))
    if _LINE_END in result:
        result = _lines_broken(result)
    if in_page:
        result = _TAG_WITH_ATTRIBUTES.sub(
            AttributeJudge(base_url, targets(result, base_url)).judged, result
        )
    elif "=" in result or "<img" in result:
        result = TAG_TO_JUDGE.sub(AttributeJudge(base_url, frozenset()).judged, result)
        result = result.replace("<img>", "")
    if not result.replace("\n", " ").isprintable() and _CONTROL(result):
        return storable(result)
    return result


@cache
def load() -> tuple[Callable[[str], str], Callable[[str], str]]:
    """nh3 with our table; the second keeps identifiers, too. It holds no state: one serves all."""
    from nh3 import Cleaner

    anchored = {tag: set(names) for tag, names in KEPT.items()}
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
        for table in (KEPT, anchored)
    )
    return plain, keeping_ids


def storable(text: str) -> str:
    """Without control characters, noncharacters and lone surrogates."""
    return _UNSTORABLE.sub("", text)


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
    return found[1] + _TAG_OR_LINE.sub(_line_marked, found[3])


def _line_marked(found: re.Match[str]) -> str:
    return found[0] if found[0] != "\n" else f"\n{_LINE_END}"


def _lines_broken(html: str) -> str:
    """What nh3 wrote, with a `<br>` at each line end that a style kept; within a `pre`, whose line
    breaks count already, it would be a second one.
    """
    depth = 0

    def written(found: re.Match[str]) -> str:
        nonlocal depth
        if found[2]:
            depth += -1 if found[1] else 1
        if depth or found[0][0] == "<":
            return found[0].replace(_LINE_END, "")
        return "<br>\n"

    return _TAG_OR_LINE_END.sub(written, html)


def may_hold_targets(html: str) -> bool:
    return "id=" in html or "name=" in html or "ID=" in html or "NAME=" in html


def _written_out(formula: re.Match[str]) -> str:
    """A formula is its TeX source where it has one, else its alternative text, else its words: of
    elements of MathML the sanitiser would leave nothing.
    """
    tex = _TEX.search(formula[2])
    told = _SOURCE_OF_FORMULA.search(formula[1])
    words = tex[1] if tex else (told[1] or told[2] or "") if told else ""
    return f"<code>{words.strip() or ANY_TAG.sub('', _NOTE.sub('', formula[2])).strip()}</code>"


def _link_to_embedded(match: re.Match[str]) -> str:
    """A frame cannot stay; a link to what it showed can."""
    address = match[1] or match[2] or match[3] or ""
    shown = re.sub(r"^\s*(?:https?:)?//(?:www\.)?|[?#].*$", "", address).rstrip("/")
    return f'<p><a href="{address.replace(chr(34), "")}">{shown.replace("<", "")}</a></p>'


def sub_in_tags(
    pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], html: str
) -> str:
    """`pattern`, which ends with ">", replaced up to the last one: behind that, a search for the
    end of each tag would be in vain.
    """
    end = html.rfind(">") + 1
    return pattern.sub(replace, html[:end]) + html[end:]
