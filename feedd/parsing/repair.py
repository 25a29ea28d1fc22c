"""XML that is broken: what is commonly wrong put right, and the elements of what is past that.

Each repair is tried only when expat has complained of what it mends, and is said in the problems.
`tree_of` reads any markup: what is broken costs the part that is broken, a tag that nobody closed,
a bare ampersand, a prefix that nobody declared (rule 48). Every pattern here takes time in
proportion to what it reads.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import Final, NamedTuple
from xml.parsers.expat import errors

from msgspec import Struct, field

from feedd.parsing import DEPTH_MAX_ELEMENTS
from feedd.parsing.fields import prefix_of, too_deep
from feedd.parsing.names import (
    ENTRIES,
    FULL_TEXTS,
    MODULE_NAMESPACES,
    PLAIN,
    TEXTS,
    VOID_ELEMENTS,
)

_PREDEFINED: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_SECTION: Final = r"<!\[CDATA\[.*?(?:\]\]>|$)|<!--.*?(?:-->|$)"
_NAMED = re.compile(rf"{_SECTION}|&([A-Za-z][A-Za-z0-9]*);", re.S)
_BARE = re.compile(rf"{_SECTION}|&(?!#[0-9]+;|#x[0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9._-]*;)", re.S)
_NUMBERED = re.compile(rf"{_SECTION}|&#(?:([0-9]+)|x([0-9a-fA-F]+));", re.S)
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<![^<>]*>"
    r"|<(?P<end>/?)(?P<name>[A-Za-z_][\w:.-]*+)"
    r"(?P<attributes>(?:[^<>\"'/]|/(?!>)|\"(?:[^\"<]|<(?![\w/!?]))*\"|'(?:[^'<]|<(?![\w/!?]))*')*+)(?P<empty>/?)>"
    r"|<|[^<]+",
    re.S,
)
_ATTRIBUTE = re.compile(r"(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,8})|#[xX]([0-9a-fA-F]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));")
_UNDECLARED = re.compile(r"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")

_ROOTS: Final = frozenset({"rss", "feed", "rdf_rdf", "channel"})
_ONE_LINE: Final = frozenset({"title", "link", "guid", "id", "pubdate", "published", "updated"})
_KEPT_ATTRIBUTES: Final = frozenset(
    str.split(
        "href url uri rel type length term scheme label domain medium filesize duration ispermalink"
        " mode src version xml:base xml:lang lang base rdf:about text width height"
    )
)


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
        clean = FORBIDDEN.sub("", text)
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
    if number > 0x10FFFF or FORBIDDEN.match(chr(number)):
        return ""
    return found[0]


def _escaped(found: re.Match[str]) -> str:
    return "&amp;" if found[0] == "&" else found[0]


class Node(Struct):
    """One element. `raw` is what is in it, as written, CDATA sections opened; `text` its own."""

    word: str
    attributes: dict[str, str]
    raw: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)

    @property
    def value(self) -> str:
        return "".join(self.text).strip()


def tree_of(text: str, broken: bool) -> Node | None:
    """The elements of a document, closed where the document forgot to."""
    top = Node("", {})
    stack = [top]
    for token in _TOKEN.finditer(text):
        name = token["name"]
        if name is None:
            if token["cdata"] is not None:
                _add_text(stack[-1], token["cdata"], token["cdata"])
            elif token[0] == "<":
                _add_text(stack[-1], "&lt;", "<")
            elif token[0][0] != "<":
                _add_text(stack[-1], token[0], _resolved(token[0]))
            continue
        prefixes = stack[-1].prefixes
        if not token["end"] and "xmlns" in token["attributes"]:
            prefixes = _declared(token["attributes"], prefixes)
            if len(stack) == 1:
                prefixes = _of_root(name, prefixes)
        word = _word(name, prefixes).removeprefix("xhtml_")
        if token["end"]:
            _close(stack, word)
        else:
            if word in ENTRIES and (broken or _is_entry(stack)):
                _close_entry(stack)
            _open(stack, word, token, prefixes, broken=broken)
    return next((one for one in top.children if one.word in _ROOTS), None)


def _open(
    stack: list[Node],
    word: str,
    token: re.Match[str],
    prefixes: dict[str, str],
    *,
    broken: bool,
) -> None:
    if (
        broken
        and stack[-1].word in _ONE_LINE
        and (word in PLAIN or word in TEXTS or word == "link")
    ):
        stack.pop()
    stack[-1].raw.append(f"<{word}{_UNDECLARED.sub('', token['attributes'])}>")
    if word in VOID_ELEMENTS and (broken or token["empty"]):
        stack[-1].children.append(Node(word, {}))
        return
    node = Node(word, _attributes(token["attributes"], prefixes), prefixes=prefixes)
    stack[-1].children.append(node)
    if token["empty"]:
        stack[-1].raw.append(f"</{word}>")
        return
    if len(stack) > DEPTH_MAX_ELEMENTS:
        raise too_deep()
    stack.append(node)


def _is_entry(stack: list[Node]) -> bool:
    """Is the open element an entry of the feed, not one that stands in another?"""
    return stack[-1].word in ENTRIES and all(one.word not in ENTRIES for one in stack[:-1])


def _close_entry(stack: list[Node]) -> None:
    """An entry within an entry: the one before was not closed."""
    for at, one in enumerate(stack):
        if one.word in ENTRIES:
            del stack[at:]
            return


def _close(stack: list[Node], word: str) -> None:
    """Closes the element of this name, and what is open within; an end tag of none is left out."""
    for at in range(len(stack) - 1, 0, -1):
        if stack[at].word == word:
            for inner, outer in zip(stack[:at:-1], stack[-2 : at - 1 : -1], strict=False):
                outer.raw += [*inner.raw, f"</{inner.word}>"]
            end = "" if word in VOID_ELEMENTS else f"</{word}>"
            stack[at - 1].raw += [*stack[at].raw, end]
            del stack[at:]
            return
        if stack[at].word in ENTRIES and word not in _ROOTS:
            return


def _add_text(node: Node, raw: str, text: str) -> None:
    node.raw.append(raw)
    node.text.append(text)


def _declared(attributes: str, prefixes: dict[str, str]) -> dict[str, str]:
    prefixes = dict(prefixes)
    for name, *values in _ATTRIBUTE.findall(attributes):
        if name.startswith("xmlns"):
            namespace = "".join(values).strip().lower()
            known = prefix_of(namespace)
            prefixes[name[6:]] = known if known is not None else f"?{name[6:]}"
    return prefixes


def _of_root(name: str, prefixes: dict[str, str]) -> dict[str, str]:
    """A namespace that nobody knows is that of a feed format where the root of a feed has it."""
    prefix, _, local = name.lower().rpartition(":")
    if local in _ROOTS and prefixes.get(prefix, "").startswith("?"):
        return {**prefixes, prefix: ""}
    return prefixes


def _word(name: str, prefixes: dict[str, str]) -> str:
    prefix, colon, local = name.lower().rpartition(":")
    if not colon:
        own = prefixes.get("", "")
        return local if not own else f"{own}_{local}"
    own = prefixes.get(prefix, prefix if prefix in MODULE_NAMESPACES else f"?{prefix}")
    if local in FULL_TEXTS or (prefix == "atom" and prefix not in prefixes):
        own = ""
    return f"{own}_{local}" if own else local


def _attributes(written: str, prefixes: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(written):
        key = name.lower()
        prefix, colon, local = key.rpartition(":")
        if colon and prefix not in ("xml", "xmlns"):
            known = prefixes.get(prefix, prefix)
            key = f"{known}:{local}" if known else local
        if key in _KEPT_ATTRIBUTES:
            value = _resolved("".join(values))
            found.setdefault(key, value.lower() if key in ("rel", "type") else value)
    return found


def _resolved(text: str) -> str:
    if "&" in text:
        text = _REFERENCE.sub(_character, text)
    return FORBIDDEN.sub("", text)


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return html5.get(f"{found[3]};", found[0])
    number = int(found[1]) if found[1] else int(found[2], 16)
    return chr(number) if 0 < number <= 0x10FFFF else ""
