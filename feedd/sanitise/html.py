"""HTML from strangers to HTML that is safe to store, show and parse again.

Most articles need no parser: their tags are well nested, of kinds that no parser would move, with
attributes in their plainest form. Those are gone through tag by tag, to the very outcome that nh3
and the judge would have (`cleaner`), in a third of the time; whatever is in doubt goes there.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape
from typing import Final

from feedd.sanitise import allowed
from feedd.sanitise.attributes import ATTRIBUTE, AttributeJudge
from feedd.sanitise.cleaner import (
    ANY_TAG,
    KEPT,
    PLAIN_LINK,
    TAG_TO_JUDGE,
    by_parser,
    may_hold_targets,
    storable,
    sub_in_tags,
)
from feedd.text import text_between, to_text

_Apart = tuple[list[str], list[str]]


_LINK = re.compile(PLAIN_LINK).fullmatch
_OTHER_REFERENCES = re.compile(r"(?s)&(?!amp;|lt;|gt;|nbsp;)(?=(.{0,33}))").findall
_REFERENCE = re.compile(
    r"\s|(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
).match
"""Behind its "&"; or a lone "&"."""
_ORDINARY_TAG = re.compile(r'([a-z][a-z0-9]*)((?: [a-z-]+="[^"\t\n\xa0]*+")*) ?(/?)').fullmatch
_ORDINARY_URL = re.compile(
    r"(?:https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}(?::[0-9]{1,4})?)?"
    r"(?:/(?!/)[!#-;=?-\[\]_a-z~]*)?"
).fullmatch
_ADDRESSED: Final = frozenset({"cite", "href", "src"})

_INLINE: Final = frozenset(
    str.split(
        "abbr b big cite code del dfn em i ins kbd mark q s samp small span strike strong sub sup"
        " time tt u var"
    )
)
_PHRASES: Final = _INLINE | {"a", "br", "img"}
_BLOCKS: Final = frozenset(str.split("blockquote div figure h1 h2 h3 h4 h5 h6 hr ol p pre ul"))
_FLOW: Final = _PHRASES | _BLOCKS
_VOID: Final = frozenset({"br", "hr", "img"})

# What may stand in what, so that a parser has nothing to rearrange (HTML standard, 13.2.6.4.7).
_WITHIN: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys((*_INLINE, "a", "p", "pre", "h1", "h2", "h3", "h4", "h5", "h6"), _PHRASES),
    **dict.fromkeys(("blockquote", "div", "figcaption", "li"), _FLOW),
    **dict.fromkeys(("ol", "ul"), frozenset({"li"})),
    "figure": _FLOW | {"figcaption"},
}

_Context = dict[str, tuple[str, "_Context | None"]]
"""What each tag without attributes that may stand in a place is stored as, and where it leads:
into an element, out of this one (None), nowhere (what is empty)."""


def _contexts() -> _Context:
    """Outside of all elements. There is no link within a link, however deep."""
    anywhere: dict[str, _Context] = {name: {} for name in ("", *_WITHIN)}
    in_links: dict[str, _Context] = {name: {} for name in (*_INLINE, "a")}
    for contexts in (anywhere, in_links):
        for name, context in contexts.items():
            if name:
                context[f"/{name}"] = ("" if name == "span" else f"</{name}>", None)
            for inner in _WITHIN.get(name, _FLOW):
                if inner in _VOID:
                    context[inner] = ("" if inner == "img" else f"<{inner}>", {})
                elif inner != "a":
                    context[inner] = ("" if inner == "span" else f"<{inner}>", contexts[inner])
                elif contexts is anywhere:
                    context[inner] = ("<a>", in_links["a"])
    return anywhere[""]


_OUTSIDE: Final = _contexts()
_JUDGED: Final = frozenset(str.split("a blockquote code del img ins pre q"))

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>")
_NOT_NESTING: Final = frozenset(
    str.split(
        "area base br col dd dt embed hr img input li link meta option p param source td th tr"
        " track tbody thead tfoot wbr"
    )
)
_FLAT: Final = frozenset({"br", "img", "p"})


def clean(html: str, base_url: str | None) -> str:
    """`html`, sanitised.

    What is left is listed in `allowed`; every URL in it is absolute (relative ones are resolved
    against `base_url`) and http, https or, in links, mailto. HTML over `HTML_MAX_CHARS` is cut,
    nesting over `DEPTH_MAX_TAGS` flattened. Cleaning twice changes nothing that matters.
    """
    return _cleaned(html, base_url)[0]


def clean_with_text(html: str, base_url: str | None) -> tuple[str, str]:
    """The same, and its plain text (`to_text`): of most articles from one pass over them."""
    cleaned, apart = _cleaned(html, base_url)
    return cleaned, to_text(cleaned) if apart is None else text_between(*apart, printable=True)


def _cleaned(html: str, base_url: str | None) -> tuple[str, _Apart | None]:
    """Sanitised, and cut at its tags where that costs nothing."""
    if "<" not in html and "&" not in html:
        return storable(html).replace(">", "&gt;").replace("\xa0", "&nbsp;"), None
    html = html[: allowed.HTML_MAX_CHARS]
    if html.count("<") > allowed.DEPTH_MAX_TAGS and _too_deep(html):
        html = sub_in_tags(_TAG, _only_flat, html)
    apart = tag_by_tag(html, base_url)
    if apart is None:
        return by_parser(html, base_url), None
    parts, tags, plain = apart
    return "".join(parts), (parts, tags) if plain else None


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


def _only_flat(match: re.Match[str]) -> str:
    return match[0] if match[2].lower() in _FLAT else " "


def tag_by_tag(html: str, base_url: str | None) -> tuple[list[str], list[str], bool] | None:
    """HTML of ordinary, well-nested tags, sanitised; None where it takes a parser to read it. It is
    cut at its tags: every second part is one, of the name that the second list has ("" where
    nothing is left of it). Lastly, whether `text_between` can make its text of that.
    """
    if " srcset=" in html:  # of pictures, which take a parser
        return None
    parts = ANY_TAG.split(html)
    tags = parts[1::2]
    text = " ".join(parts[::2])
    if "<" in text or ">" in text or not _is_plain(text):
        return None
    if "\xa0" in text or ("&" in text and _OTHER_REFERENCES(text)):
        texts = _resolved(parts[::2])
        if texts is None:
            return None
        parts[::2] = texts
    outer: list[_Context] = []
    context = _OUTSIDE
    judge = AttributeJudge(base_url, frozenset())
    links_to_places = "#" in html
    plain = True
    at = -1
    for tag in tags:
        at += 2
        step = context.get(tag)
        if step is not None:
            parts[at], inner = step
        else:
            name: str = "a"
            written: str | None = f"<{tag}>"
            if not _LINK(tag):
                if tag.startswith("!--") and tag.endswith("--") and len(tag) > 4:
                    tags[at // 2] = parts[at] = ""
                    continue
                found = _ORDINARY_TAG(tag)
                if found is None or (found[3] and found[1] not in _VOID) or not _is_plain(tag):
                    return None
                if links_to_places and may_hold_targets(tag):
                    return None
                name, written = found[1], _start(found[1], found[2], judge)
                if written and written[0] != "<":
                    plain = False  # the alternative text of a picture
            step = context.get(name)
            if written is None or step is None:
                return None
            tags[at // 2], parts[at], inner = name, written, step[1]
        if inner is None:
            context = outer.pop()
        elif inner:
            outer.append(context)
            context = inner
    if outer:
        return None
    if "pre" in tags:
        plain = False
        if any(tag == "pre" and parts[2 * n + 2][:1] == "\n" for n, tag in enumerate(tags)):
            return None  # which a parser leaves out
    return parts, tags, plain


def _start(name: str, attributes: str, judge: AttributeJudge) -> str | None:
    """A start tag with those of its attributes that stay; None where that is in doubt."""
    if "white-space" in attributes:
        return None
    kept: dict[str, str] = {}
    for key, value in ATTRIBUTE.findall(attributes):
        if key in kept or (key not in KEPT["*"] and key not in KEPT.get(name, ())):
            continue
        if key == "srcset" or (key in _ADDRESSED and not _ORDINARY_URL(unescape(value))):
            return None
        if "&" in value:
            if name not in _JUDGED:
                return None
            value = escape(unescape(value), quote=False).replace('"', "&quot;")
            if "\xa0" in value or not value.isprintable():
                return None
        kept[key] = value
    if name == "span":
        return ""
    if name == "img":
        return judge.start_tag(name, kept.items()) if kept else ""
    tag = f"<{name}{''.join([f' {key}={chr(34)}{value}{chr(34)}' for key, value in kept.items()])}>"
    return TAG_TO_JUDGE.sub(judge.judged, tag) if kept and name in _JUDGED else tag


def _is_plain(text: str) -> bool:
    """Whether no control character is in it, and no reference of an unusual form."""
    if not _as_blanks(text).isprintable():
        return False
    return "&" not in text or all(map(_REFERENCE, _OTHER_REFERENCES(text)))


def _as_blanks(text: str) -> str:
    """With a blank for each character that is as good as one."""
    return text.replace("\n", " ").replace("\t", " ").replace("\xa0", " ")


def _resolved(texts: list[str]) -> list[str] | None:
    """Texts with their references written as nh3 writes them; None where one is of a control
    character.
    """
    written = []
    for text in texts:
        if "&" in text:
            text = escape(unescape(text), quote=False)
            if not _as_blanks(text).isprintable():
                return None
        written.append(text.replace("\xa0", "&nbsp;"))
    return written
