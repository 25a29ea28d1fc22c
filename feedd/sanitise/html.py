"""HTML from strangers to HTML that is safe to store, show and parse again.

nh3 (an HTML5 parser and an allow-list, in Rust) does the sanitising. Then every attribute that it
let through is judged (`attributes`): nh3 itself leaves `cite`, `poster` and `srcset` alone.

A short article in paragraphs with a few links is often given back as it is: to see that
(`passes_unchanged`) takes a fifth of the time. What is recognised there is far less than what
`allowed` lists: well-nested tags without attributes, links in their plainest form, and no character
that would be written otherwise. Everything else goes through the sanitiser.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

from feedd.sanitise import allowed
from feedd.sanitise.attributes import LAZY_SETS, LAZY_SOURCES, AttributeJudge, targets

_ANY_TAG = re.compile(r"<([^<>]*)>")
_PLAIN_LINK: Final = (
    r'a href="https?://[a-z0-9][a-z0-9.-]*'
    r'(?:/(?:[!$%\'-;=@-\[\]_a-z~?]|&amp;)*[!$%\'-;=@-\[\]_a-z~])?"'
)
"""What is within the tag of a link whose address nobody has to judge."""

_LINK = re.compile(_PLAIN_LINK).fullmatch
_OTHER_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|nbsp);)").search

_INLINE: Final = frozenset(str.split("b code em i strong sub sup"))
_PHRASES: Final = _INLINE | {"a", "br"}
_BLOCKS: Final = frozenset(str.split("blockquote h1 h2 h3 h4 h5 h6 hr ol p ul"))
_FLOW: Final = _PHRASES | _BLOCKS
_VOID: Final = frozenset({"br", "hr"})

# What may stand in what, so that a parser has nothing to rearrange (HTML standard, 13.2.6.4.7).
_WITHIN: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys((*_INLINE, "a", "p", "h1", "h2", "h3", "h4", "h5", "h6"), _PHRASES),
    **dict.fromkeys(("blockquote", "li"), _FLOW),
    **dict.fromkeys(("ol", "ul"), frozenset({"li"})),
}

# In what nh3 writes, "<" and ">" stand for nothing but the ends of tags.
_TAG_WITH_ATTRIBUTES = re.compile(r"<([a-z0-9]+)((?: [^>]*)?)>")
_TAG_TO_JUDGE = re.compile(
    rf"<(?!{_PLAIN_LINK}>)"
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
_FORMULA = re.compile(r"<math\b([^<>]*)>((?:[^<]|<(?!/?math\b))*+)</math>")
_SOURCE_OF_FORMULA = re.compile(r"\balttext\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TEX = re.compile(r"<annotation\b[^<>]*\btex\b[^<>]*>([^<]*)", re.I)
_NOTE = re.compile(r"<annotation\b[^<>]*>[^<]*")
_EMBEDDED = re.compile(
    r"<iframe\b[^<>]*?\ssrc\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s>]++))[^>]*+>"
    r"(?:[^<]*+</iframe\s*+>)?",
    re.I,
)
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
    if "</math>" in html:
        html = _FORMULA.sub(_written_out, html)
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
            AttributeJudge(base_url, targets(result, base_url)).judged, result
        )
    elif "=" in result or "<img" in result:
        result = _TAG_TO_JUDGE.sub(AttributeJudge(base_url, frozenset()).judged, result)
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
        attributes["img"] |= {"style", *LAZY_SOURCES, *LAZY_SETS}
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


def _storable(text: str) -> str:
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
    return found[1] + found[3].replace("\n", "<br>\n")


def _may_hold_targets(html: str) -> bool:
    return "id=" in html or "name=" in html or "ID=" in html or "NAME=" in html


def _written_out(formula: re.Match[str]) -> str:
    """A formula is its TeX source where it has one, else its alternative text, else its words: of
    elements of MathML the sanitiser would leave nothing.
    """
    tex = _TEX.search(formula[2])
    told = _SOURCE_OF_FORMULA.search(formula[1])
    words = tex[1] if tex else (told[1] or told[2] or "") if told else ""
    return f"<code>{words.strip() or _ANY_TAG.sub('', _NOTE.sub('', formula[2])).strip()}</code>"


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


def passes_unchanged(html: str) -> bool:
    """Whether this is HTML that the sanitiser surely gives back as it is."""
    if html.count('="') != html.count('<a href="http'):
        return False  # other attributes: by far the most frequent reason, and the quickest seen
    tags = _ANY_TAG.findall(html)
    if html.count("<") != len(tags) or html.count(">") != len(tags):
        return False
    if not html.replace("\n", " ").isprintable():
        return False  # a no-break space, say, or a control character
    if "&" in html and _OTHER_REFERENCE(html):
        return False
    opened: list[str] = []
    within = _FLOW
    for tag in tags:
        if tag in within and tag != "a":
            if tag not in _VOID:
                opened.append(tag)
                within = _WITHIN[tag]
        elif tag[:1] == "/":
            if not opened or opened.pop() != tag[1:]:
                return False
            within = _WITHIN[opened[-1]] if opened else _FLOW
        elif "a" in within and "a" not in opened and _LINK(tag):
            opened.append("a")
            within = _PHRASES
        else:
            return False
    return not opened
