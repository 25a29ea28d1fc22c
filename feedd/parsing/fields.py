"""What feeds and items have in common on the fast path: names of elements, texts, links, people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Final
from xml.etree.ElementTree import Element

from feedd.errors import ParseError
from feedd.parsing import DEPTH_MAX_ELEMENTS
from feedd.parsing.names import FULL_TEXTS, MISSPELT, PREFIXES, VOID_ELEMENTS
from feedd.parsing.raw import (
    Person,
    RawEntry,
    RawFeed,
    RawLink,
    RawText,
    as_it_is,
    is_escaped_twice,
    joined,
    kind_of,
    mended,
    needs_mending,
    person,
    written_link,
)

Step = Callable[[Element], None]
"""What is done with an element."""

_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_BASES: Final = (f"{_XML}base", "base")
_LANGUAGES: Final = (f"{_XML}lang", "lang")
_SCOPES: Final = frozenset((*_BASES, *_LANGUAGES))
_BASE_SAID = re.compile(rb"base\s*=").search
_LANGUAGE_SAID = re.compile(rb"lang\s*=").search
_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_SHORT_TYPES: Final = {
    "text": "text/plain",
    "plain": "text/plain",
    "html": "text/html",
    "xhtml": "application/xhtml+xml",
}
_UNKNOWN: Final = "?"


class UnusualError(Exception):
    """Not for the fast path; says why."""


class Fields:
    """Reads them. `base` and `language` are those in force; `family`, `strips_div` and
    `default_namespace` (one that nobody knows, of the root) are for the feed to set.
    """

    def __init__(self, xml: bytes, url: str) -> None:
        self.mended = mended if needs_mending(xml) else as_it_is
        self.base = url
        self.language: str | None = None
        self._outermost = url, self.language
        self.family = "rss"
        self.strips_div = False
        self.default_namespace = ""
        self.has_scopes = bool(_BASE_SAID(xml) or _LANGUAGE_SAID(xml))

    @property
    def inherited(self) -> str:
        """What an element takes from those around it, where it takes anything."""
        scope = self.base, self.language
        return "" if scope == self._outermost else repr(scope)

    def word(self, tag: str) -> str:
        """The word for an element: its local name, behind its prefix where it is a module's."""
        tag = tag.lower()
        if tag[0] != "{":
            return tag
        namespace, _, local = tag[1:].rpartition("}")
        if namespace == self.default_namespace:
            return local
        prefix = prefix_of(namespace)
        if prefix == "" or local in FULL_TEXTS:
            return local
        return f"{(prefix or _UNKNOWN).lower()}_{local}"

    def apply(self, step: Step, element: Element) -> None:
        """Do a step with the base and the language that hold within the element."""
        if not self.has_scopes or _SCOPES.isdisjoint(element.keys()):
            step(element)
            return
        outside = self.base, self.language
        base = next((value for name in _BASES if (value := element.get(name))), None)
        if base:
            self.base = joined(self.base, base)
            if not self.base.startswith(("http://", "https://")):
                raise UnusualError(f"xml:base {base}")
        language = next((v for name in _LANGUAGES if (v := element.get(name)) is not None), None)
        if language is not None:
            self.language = language or None
        step(element)
        self.base, self.language = outside

    def plain_text(self, element: Element) -> str:
        """The element's text, stripped and mended."""
        if len(element):
            raise UnusualError(f"<{element[0].tag}> within text")
        text = element.text
        return self.mended(text.strip()) if text else ""

    def text(self, element: Element, default_type: str) -> RawText:
        """A text construct (RFC 4287, 3.1) or its like in RSS."""
        media_type, said = default_type, False
        if element.keys():
            plain = plain_attributes(element)
            said = "type" in plain
            media_type = plain.get("type", default_type)
            media_type = _SHORT_TYPES.get(media_type, media_type)
            if plain.get("mode") == "base64":
                raise UnusualError("base64")
        kind = kind_of(media_type, self.family)
        if kind is None:
            raise UnusualError(f"type {media_type}")
        if media_type != "application/xhtml+xml":
            value = self.plain_text(element)
            if kind == "text" and not said and is_escaped_twice(value):
                kind = "html"
            return RawText(value, kind, self.base, self.language)
        if self.strips_div and len(element) == 1 and _markup_name(element[0]) == "div":
            around = f"{element.text or ''}{element[0].tail or ''}"
            if not around.strip():  # the div that must surround it in Atom 1.0 (3.1.1.3)
                element = element[0]
        base = joined(self.base, element.get(f"{_XML}base", ""))
        value = self.mended(self._markup(element).strip())
        return RawText(value, kind, base, self.language)

    def _markup(self, element: Element) -> str:
        """What is in an element, as HTML."""
        pieces: list[str] = []
        _write_inside(element, pieces)
        return "".join(pieces)

    def link(self, element: Element, owner: RawFeed | RawEntry) -> None:
        """A link of `owner`. RSS has it in the element's text, whatever the attributes say, Atom in
        `href`.
        """
        text = element.text
        if len(element):
            raise UnusualError("elements within a link")
        text = written_link(text.strip()) if text else ""
        rel, media_type, length = "alternate", None, None
        if element.keys():
            plain = plain_attributes(element)
            rel, media_type = plain.get("rel", rel), plain.get("type")
            length = plain.get("length")
            if not text or self.family != "rss":
                href = plain.get("url", plain.get("uri", plain.get("href", "")))
                text = (written_link(href) if href else "") or text
        if not text:
            return
        url = self.mended(joined(self.base, text))
        owner.links.append(RawLink(url, rel, media_type, length))
        shown_as = _SHORT_TYPES.get(media_type, media_type) if media_type else "text/html"
        if rel == "alternate" and shown_as in _HTML_TYPES:
            owner.link = url

    def person(self, element: Element, people: list[Person]) -> None:
        """An author, added to `people`."""
        if not len(element):
            found = person(self.plain_text(element))
            if found:
                people.append(found)
            return
        named: dict[str, str] = {}
        for part in element:
            word = self.word(part.tag).removeprefix("itunes_")
            if word in ("name", "email"):
                if len(part):
                    raise UnusualError("elements within a name")
                named[word] = (part.text or "").strip()
        if any(named.values()):
            people.append(Person(named.get("name"), named.get("email")))


def prefix_of(namespace: str) -> str | None:
    """The prefix for a namespace in lower case, "" for that of a feed format; None: unknown."""
    known = PREFIXES.get(namespace)
    if known is None:
        plain = namespace.strip().replace("https:", "http:", 1).rstrip("/#")
        known = "" if "backend.userland.com/rss" in namespace else MISSPELT.get(plain)
    return known


def plain_attributes(element: Element) -> Mapping[str, str]:
    """By names in lower case, those of known namespaces with their prefix."""
    plain = {}
    for name, value in element.items():
        key = name.lower()
        if key[0] == "{":
            namespace, _, local = key[1:].rpartition("}")
            prefix = prefix_of(namespace)
            key = f"{prefix}:{local}" if prefix else local
        plain[key] = value.lower() if key in ("rel", "type") else value
    return plain


def refuse_depth(root: Element) -> None:
    """Raises ParseError where elements nest beyond the limit."""
    level, depth = [root], 1
    while level:
        if depth > DEPTH_MAX_ELEMENTS:
            raise too_deep()
        level = [inner for element in level if len(element) for inner in element]
        depth += 1


def too_deep() -> ParseError:
    return ParseError(f"is nested more than {DEPTH_MAX_ELEMENTS} elements deep; it was refused")


def _write_inside(element: Element, pieces: list[str]) -> None:
    if element.text:
        pieces.append(escape(element.text, quote=False))
    for inner in element:
        name = _markup_name(inner)
        written = "".join(
            f' {key}="{_quoted(value)}"' for key, value in plain_attributes(inner).items()
        )
        pieces.append(f"<{name}{written}>")
        _write_inside(inner, pieces)
        if name not in VOID_ELEMENTS:
            pieces.append(f"</{name}>")
        if inner.tail:
            pieces.append(escape(inner.tail, quote=False))


def _markup_name(element: Element) -> str:
    """The local name of an element within markup. Its namespace must say that it is markup: others
    feedparser takes for elements of the feed.
    """
    namespace, brace, local = element.tag.lower().rpartition("}")
    if not brace or prefix_of(namespace[1:]) == "" or local == "body":
        raise UnusualError(f"<{element.tag}> within markup")
    return local


def _quoted(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")
