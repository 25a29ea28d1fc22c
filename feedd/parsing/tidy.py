"""XML as it is met to XML that any parser reads alike: well formed, each element where it belongs.

What is broken costs the part that is broken: a tag that nobody closed, a bare ampersand, a prefix
that nobody declared (rule 48). Of an entry only its own direct elements are written, in plain form:
what stands in `source`, `image`, `media:group` or in an element that nobody knows is not the
entry's (rule 46). Every pattern here takes time in proportion to what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.entities import html5
from typing import Final

from feedd.parsing.limits import DEPTH_MAX_ELEMENTS
from feedd.parsing.machine import too_deep
from feedd.parsing.mending import joined, permalink, written_link
from feedd.parsing.names import (
    FALLBACK_TEXTS,
    FALLBACK_TITLES,
    MODULE_NAMESPACES,
    PREFIXES,
    VOID_ELEMENTS,
)
from feedd.parsing.people import person

AT_SIGN: Final = "\ue0f0"
"""Stands for `@` in names of people: feedparser would take an address in them apart."""

_TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<![^<>]*>"
    r"|<(?P<end>/?)(?P<name>[A-Za-z_][\w:.-]*+)"
    r"(?P<attributes>(?:[^<>\"'/]|/(?!>)|\"[^\"<]*\"|'[^'<]*')*+)(?P<empty>/?)>"
    r"|<|[^<]+",
    re.S,
)
_ATTRIBUTE = re.compile(r"(?<![\w:.-])([\w:.-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,8})|#[xX]([0-9a-fA-F]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));")
_UNDECLARED = re.compile(r"\sxmlns(?::[\w.-]+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_ENTRIES: Final = frozenset({"item", "entry"})
_ROOTS: Final = frozenset({"rss", "feed", "rdf_rdf", "channel"})
_PEOPLE: Final = frozenset({"author", "managingeditor", "dc_creator", "dc_author", "itunes_author"})
_TEXTS: Final = {
    "title": "title", "dc_title": "dc:title", "description": "description",
    "dc_description": "dc:description", "summary": "summary", "itunes_summary": "itunes:summary",
    "content": "content", "content_encoded": "content:encoded",
}  # fmt: skip
_PLAIN: Final = frozenset(
    str.split(
        "guid id published issued pubdate dcterms_issued updated modified lastbuilddate dc_date"
        " dcterms_modified created dcterms_created language dc_language category keywords"
        " dc_subject media_category itunes_keywords media_keywords comments enclosure"
        " feedburner_origlink media_content media_thumbnail itunes_image itunes_duration"
        " itunes_season itunes_episode ttl sy_updateperiod sy_updatefrequency"
    )
)
_ONE_LINE: Final = frozenset({"title", "link", "guid", "id", "pubdate", "published", "updated"})
_KEPT_ATTRIBUTES: Final = frozenset(
    str.split(
        "href url uri rel type length term scheme label domain medium filesize duration ispermalink"
        " mode src version xml:base xml:lang lang base rdf:about text width height"
    )
)


@dataclass(slots=True)
class Node:
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


def tidied(text: str, url: str, *, broken: bool) -> str | None:
    """The feed in `text` in plain form; None where there is no root that a feed could have.

    In a `broken` document an entry begins wherever its tag stands, for the one before may not have
    been closed; in a sound one, what stands in an element of an entry is that element's.
    """
    root = _tree(text, broken)
    if root is None:
        return None
    head, entries = _parts(root)
    family = "atom" if root.word == "feed" else "rss"
    channel = next((one for one in root.children if one.word == "channel"), None)
    base = _base(root.attributes, url)
    if channel is not None:
        base = _base(channel.attributes, base)
    declared = "".join(
        f' xmlns:{prefix}="{uri}"'
        for prefix, uri in MODULE_NAMESPACES.items()
        if (family, prefix) != ("atom", "atom")
    )
    written = list(_head(head, family, base))
    name, plain = ("entry", "feed") if family == "atom" else ("item", "rss")
    for one in entries:
        written.append(f"<{name}{_written(one.attributes)}>")
        written += _entry(one, family, _base(one.attributes, base))
        written.append(f"</{name}>")
    inner = "".join(written)
    attributes = _written(root.attributes)
    if root.word == "rdf_rdf":
        namespace = ' xmlns="http://purl.org/rss/1.0/"'
        if "my.netscape.com/rdf/simple/0.9" in text[:2000]:
            namespace = ' xmlns="http://my.netscape.com/rdf/simple/0.9/"'
        inner = f"<channel>{inner.partition('<item')[0]}</channel>" + "".join(
            inner.partition("<item")[1:]
        )
        return f"<rdf:RDF{namespace}{declared}{attributes}>{inner}</rdf:RDF>"
    if family == "atom":
        namespace = "" if "version" in root.attributes else ' xmlns="http://www.w3.org/2005/Atom"'
        return f"<feed{namespace}{declared}{attributes}>{inner}</feed>"
    of_channel = _written(channel.attributes) if channel else ""
    return f"<{plain}{declared}{attributes}><channel{of_channel}>{inner}</channel></{plain}>"


def _tree(text: str, broken: bool) -> Node | None:
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
        word = _word(name, prefixes).removeprefix("xhtml_")
        if token["end"]:
            _close(stack, word)
        else:
            if word in _ENTRIES and (broken or _is_entry(stack)):
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
    if stack[-1].word in _ONE_LINE and (word in _PLAIN or word in _TEXTS or word == "link"):
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
    return stack[-1].word in _ENTRIES and all(one.word not in _ENTRIES for one in stack[:-1])


def _close_entry(stack: list[Node]) -> None:
    """An entry within an entry: the one before was not closed."""
    for at, one in enumerate(stack):
        if one.word in _ENTRIES:
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
        if stack[at].word in _ENTRIES and word not in _ROOTS:
            return


def _add_text(node: Node, raw: str, text: str) -> None:
    node.raw.append(raw)
    node.text.append(text)


def _declared(attributes: str, prefixes: dict[str, str]) -> dict[str, str]:
    prefixes = dict(prefixes)
    for name, *values in _ATTRIBUTE.findall(attributes):
        if name.startswith("xmlns"):
            namespace = "".join(values).strip().lower()
            known = PREFIXES.get(namespace, "" if "userland.com/rss" in namespace else None)
            if known is not None or namespace:
                prefixes[name[6:]] = known if known is not None else f"?{name[6:]}"
    return prefixes


def _word(name: str, prefixes: dict[str, str]) -> str:
    prefix, colon, local = name.lower().rpartition(":")
    if not colon:
        own = prefixes.get("", "")
        return local if not own else f"{own}_{local}"
    own = prefixes.get(prefix, prefix if prefix in MODULE_NAMESPACES else f"?{prefix}")
    if prefix == "atom" and prefix not in prefixes:
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
    return _FORBIDDEN.sub("", text)


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return html5.get(f"{found[3]};", found[0])
    number = int(found[1]) if found[1] else int(found[2], 16)
    return chr(number) if 0 < number <= 0x10FFFF else ""


def _parts(root: Node) -> tuple[list[Node], list[Node]]:
    """What stands in the head of the feed, and its entries."""
    head: list[Node] = []
    entries: list[Node] = []
    for node in root.children:
        inside = node.children if node.word == "channel" else [node]
        for one in inside:
            (entries if one.word in _ENTRIES else head).append(one)
    return head, entries


def _head(nodes: Iterable[Node], family: str, base: str) -> Iterator[str]:
    nodes = list(nodes)
    yield from _title(nodes)
    for node in nodes:
        if node.word == "link":
            yield from _link(node, family, base)
        elif node.word in _PEOPLE and (family == "atom" or node.word == "itunes_author"):
            yield from _person(node, node.word)
        elif node.word in ("skiphours", "skipdays"):
            units = "".join(
                f"<{one.word}>{escape(one.value, quote=False)}</{one.word}>"
                for one in node.children
                if one.word in ("hour", "day")
            )
            name = "skipHours" if node.word == "skiphours" else "skipDays"
            yield f"<{name}>{units}</{name}>"
        elif node.word in (
            "language",
            "dc_language",
            "ttl",
            "itunes_image",
        ) or node.word.startswith("sy_update"):
            yield _plain(node)


def _entry(entry: Node, family: str, base: str) -> Iterator[str]:
    nodes = list(_own(entry))
    yield from _title(nodes)
    has_text = any(
        _has_words(one) for one in nodes if one.word in _TEXTS and "title" not in one.word
    )
    for node in nodes:
        if node.word in _TEXTS:
            if has_text and "title" not in node.word:
                yield _text(node, _TEXTS[node.word])
        elif node.word == "link":
            yield from _link(node, family, base)
        elif node.word in _PEOPLE:
            yield from _person(node, node.word)
        elif node.word == "source":
            yield from _source(node)
        elif node.word in _PLAIN:
            yield _plain(node)
    if not has_text:
        yield from _fallback(nodes, FALLBACK_TEXTS, "description")
    yield from _stand_in_links(nodes, family, base)


def _stand_in_links(nodes: Iterable[Node], family: str, base: str) -> Iterator[str]:
    """Where an entry without a link of its own leads: to Atom's content elsewhere, or its guid."""
    sources = [one.attributes.get("src", "") for one in nodes if one.word == "content"]
    found = [joined(base, src) for one in sources[-1:] if (src := written_link(one))]
    guids = [one for one in nodes if one.word in ("guid", "id")]
    for one in guids[-1:]:
        said = one.attributes.get("ispermalink", "")
        found.append(permalink(one.value, said, family, _base(one.attributes, base)))
    name = "link" if family == "atom" else "atom:link"
    for address in found:
        if address:
            yield f'<{name} rel="alternate" href="{escape(address)}"/>'


def _own(entry: Node) -> Iterator[Node]:
    """Those of an entry: its children, and those of its `media:group` and `media:content`."""
    for node in entry.children:
        yield node
        if node.word in ("media_group", "media_content"):
            for one in node.children:
                if one.word.startswith("media_"):
                    yield from _own(Node("", {}, children=[one]))


def _title(nodes: Sequence[Node]) -> Iterator[str]:
    """The first title that says something; what names an entry otherwise."""
    for node in nodes:
        if node.word in ("title", "dc_title") and _has_words(node):
            yield _text(node, "title")
            return
    yield from _fallback(nodes, FALLBACK_TITLES, "title")


def _has_words(node: Node) -> bool:
    return bool(node.children or node.value)


def _fallback(nodes: Iterable[Node], words: Iterable[str], name: str) -> Iterator[str]:
    for word in words:
        for node in nodes:
            if node.word == word and _has_words(node):
                yield _text(node, name)
                return


def _source(node: Node) -> Iterator[str]:
    inner = []
    for one in node.children:
        if one.word == "title":
            inner.append(_text(one, "title"))
        elif one.word in _PEOPLE:
            inner += _person(one, "author")
    text = "" if node.children else escape(node.value, quote=False)
    yield f"<source>{text}{''.join(inner)}</source>"


def _person(node: Node, word: str) -> Iterator[str]:
    named = {one.word: one.value for one in node.children}
    name = named.get("name") or named.get("itunes_name")
    email = named.get("email") or named.get("itunes_email")
    if not node.children and (found := person(node.value)):
        name, email = found
    shown = (name or email or "").replace("@", AT_SIGN)
    if shown:
        yield f"<author><name>{escape(shown, quote=False)}</name></author>"


def _link(node: Node, family: str, base: str) -> Iterator[str]:
    """RSS has its address in the element's text, whatever its attributes say, Atom in `href`."""
    attributes = dict(node.attributes)
    text = written_link(node.value)
    href = next(
        (attributes.get(key, "") for key in ("url", "uri", "href") if key in attributes), ""
    )
    in_text = family == "rss" and text and not node.children
    target = text if in_text else written_link(href) or text
    if attributes.get("rel", "").endswith("replies") and "html" not in attributes.get("type", ""):
        return  # a feed of comments, of which feedparser would say that it is a page
    if target:
        for key in ("url", "uri", "href", "length"):
            attributes.pop(key, None)
        own_base = _base(attributes, base)
        attributes["href"] = joined(own_base, target)
        if length := node.attributes.get("length"):
            attributes["length"] = length
        name = "link" if family == "atom" else "atom:link"
        yield f"<{name}{_written(attributes)}/>"


def _text(node: Node, name: str) -> str:
    """A text construct: as it is, or with the markup in it as the text of HTML."""
    attributes = node.attributes
    value = "".join(node.text)
    if node.children:
        value = "".join(node.raw)
        if attributes.get("type") in ("xhtml", "application/xhtml+xml"):
            value = _without_wrapper(node)
        attributes = {**attributes, "type": "html"}
    elif attributes.get("type") in ("xhtml", "application/xhtml+xml"):
        value = escape(value, quote=False)
        attributes = {**attributes, "type": "html"}
    return (
        f"<{name}{_written(attributes)}>{escape(_FORBIDDEN.sub('', value), quote=False)}</{name}>"
    )


def _without_wrapper(node: Node) -> str:
    """Markup of Atom without the div that surrounds it (RFC 4287, 3.1.1.3)."""
    alone = [one.word for one in node.children] == ["div"] and not node.value
    return "".join(node.children[0].raw if alone else node.raw)


def _plain(node: Node) -> str:
    prefix, mark, local = node.word.partition("_")
    name = f"{prefix}:{local}" if mark else prefix
    value = "" if node.word.startswith(("media_content", "enclosure")) else node.value
    if node.word == "comments":
        value = written_link(value)
    return f"<{name}{_written(node.attributes)}>{escape(value, quote=False)}</{name}>"


def _written(attributes: dict[str, str]) -> str:
    return "".join(
        f' {"isPermaLink" if key == "ispermalink" else key}="{escape(value)}"'
        for key, value in attributes.items()
    )


def _base(attributes: dict[str, str], base: str) -> str:
    own = attributes.get("xml:base") or attributes.get("base")
    return joined(base, own) if own else base
