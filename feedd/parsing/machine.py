"""Events of expat to calls, one for each element that means something where it stands.

A context (the feed, an item, an author …) knows its elements by name. An element is captured (its
text is wanted), enters a context of its own, or passes: then what is in it is looked at as if it
were not there, as feedparser does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Final
from xml.parsers import expat

from feedd.errors import ParseError
from feedd.parsing import DEPTH_MAX_ELEMENTS
from feedd.parsing.names import DANGEROUS, PREFIXES, RESERVED_PREFIXES, VOID_ELEMENTS
from feedd.parsing.raw import joined

Attributes = Mapping[str, str]
Step = Callable[[Attributes], None]
Finish = Callable[[str], None]

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_BASES: Final = (f"{_XML} base xml", "base")
_LANGUAGES: Final = (f"{_XML} lang xml", "lang")
_SCOPES: Final = frozenset((*_BASES, *_LANGUAGES))
_TEXT_PIECE_BYTES: Final = 65_536


class UnusualError(Exception):
    """Not for the fast path; says why."""


class Machine:
    """The part that knows XML and nothing of feeds. `context` has to be set by who uses it."""

    def __init__(self, url: str) -> None:
        self.base = url
        self.language: str | None = None
        self.depth = 0
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.namespace_prefixes = True
        self.parser.buffer_text = True
        self.parser.buffer_size = _TEXT_PIECE_BYTES
        self.declared: list[tuple[str, str]] = []
        self._namespaces: dict[str, str] = {}
        self._scopes: list[tuple[int, str, str | None]] = []
        self._contexts: list[tuple[dict[str, Step | None], Callable[[str], Step | None], int]] = []
        self._steps: dict[str, Step | None] = {}
        self._step_for: Callable[[str], Step | None] = _nothing
        self._learned: dict[Callable[[str], Step | None], dict[str, Step | None]] = {}
        self._context_depth = 0
        self._leave: list[Callable[[], None] | None] = []
        self._pieces: list[str] = []
        self._finish: Finish | None = None
        self._markup_depth = 0
        self.parser.StartNamespaceDeclHandler = self._declares
        self.parser.StartDoctypeDeclHandler = _doctype
        self.read_elements()

    def read_elements(self) -> None:
        """Listen to expat."""
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._pieces.append

    def pass_elements(self) -> None:
        """Listen to nothing but declarations of namespaces until `read_elements`."""
        self.parser.StartElementHandler = None
        self.parser.EndElementHandler = None
        self.parser.CharacterDataHandler = None

    # ------------------------------------------------------------ what steps do

    def enter(
        self,
        step_for: Callable[[str], Step | None],
        leave: Callable[[], None] | None = None,
    ) -> None:
        """From here to the end of this element, `step_for` says what a name means."""
        self._contexts.append((self._steps, self._step_for, self._context_depth))
        self._leave.append(leave)
        self._steps = self._learned.setdefault(step_for, {})
        self._step_for = step_for
        self._context_depth = self.depth

    def skip(self, attributes: Attributes) -> None:
        """Nothing in this element counts."""
        self.enter(_nothing)

    def capture(self, finish: Finish) -> None:
        """`finish` gets the text of this element, stripped. Elements within are unusual."""
        self._pieces.clear()
        self._finish = finish

    def capture_markup(self, finish: Finish) -> None:
        """`finish` gets the elements and text of this element, as HTML."""
        self._pieces.clear()
        self._finish = finish
        self._markup_depth = self.depth
        self.parser.StartElementHandler = self._markup_start
        self.parser.EndElementHandler = self._markup_end
        self.parser.CharacterDataHandler = self._markup_text

    def text_so_far(self) -> str:
        """The text since the last capture began, or since `clear_text`."""
        return "".join(self._pieces).strip()

    def clear_text(self) -> None:
        self._pieces.clear()

    @property
    def pieces(self) -> list[str]:
        return self._pieces

    # ------------------------------------------------------------ what expat says

    def _declares(self, prefix: str | None, namespace: str | None) -> None:
        if not namespace:
            return
        known = PREFIXES.get(namespace.lower())
        if prefix in RESERVED_PREFIXES and known != prefix:
            raise UnusualError(f"prefix {prefix} for {namespace}")
        if known is None and prefix:
            self._namespaces[prefix] = namespace
        self.declared.append((prefix or "", namespace))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self._finish is not None:
            raise UnusualError(f"<{name}> within text")
        if self.depth > DEPTH_MAX_ELEMENTS:
            raise too_deep()
        if attributes and not _SCOPES.isdisjoint(attributes):
            self._enter_scope(attributes)
        try:
            step = self._steps[name]
        except KeyError:
            step = self._learn(name)
        if step is not None:
            step(attributes)

    def _learn(self, name: str) -> Step | None:
        word = known_as(name, self._namespaces)
        if word in DANGEROUS and self._step_for is not _nothing:
            raise UnusualError(f"<{word}>")
        step = self._steps[name] = self._step_for(word)
        return step

    def _end(self, name: str) -> None:
        finish = self._finish
        if finish is not None:
            self._finish = None
            finish("".join(self._pieces).strip())
        elif self.depth == self._context_depth:
            leave = self._leave.pop()
            if leave is not None:
                leave()
            self._steps, self._step_for, self._context_depth = self._contexts.pop()
        if self._scopes and self._scopes[-1][0] == self.depth:
            _, self.base, self.language = self._scopes.pop()
        self.depth -= 1

    def _enter_scope(self, attributes: Attributes) -> None:
        self._scopes.append((self.depth, self.base, self.language))
        base = _first(attributes, _BASES)
        if base:
            self.base = joined(self.base, base)
            if not self.base.startswith(("http://", "https://")):
                raise UnusualError(f"xml:base {base}")
        language = _first(attributes, _LANGUAGES)
        if language is not None:
            self.language = language or None

    def _markup_start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEPTH_MAX_ELEMENTS:
            raise too_deep()
        local = _markup_name(name)
        written = "".join(
            f' {key}="{_quoted(value)}"' for key, value in plain_attributes(attributes).items()
        )
        self._pieces.append(f"<{local}{written}>")

    def _markup_end(self, name: str) -> None:
        if self.depth == self._markup_depth:
            self.read_elements()
            self._end(name)
            return
        self.depth -= 1
        local = _local(name)
        if local not in VOID_ELEMENTS:
            self._pieces.append(f"</{local}>")

    def _markup_text(self, text: str) -> None:
        self._pieces.append(escape(text, quote=False))


def plain_attributes(attributes: Attributes) -> dict[str, str]:
    """By names in lower case, those of known namespaces with their prefix."""
    plain = {}
    for name, value in attributes.items():
        key = name.lower()
        if " " in key:
            namespace, local, *_ = key.split(" ")
            prefix = PREFIXES.get(namespace)
            key = f"{prefix}:{local}" if prefix else local
        plain[key] = value.lower() if key in ("rel", "type") else value
    return plain


def too_deep() -> ParseError:
    return ParseError(f"is nested more than {DEPTH_MAX_ELEMENTS} elements deep; it was refused")


def _nothing(word: str) -> None:
    return None


def _doctype(*said: object) -> None:
    raise UnusualError("a document type declaration")


def _first(attributes: Attributes, names: tuple[str, ...]) -> str | None:
    return next((attributes[name] for name in names if name in attributes), None)


def _markup_name(name: str) -> str:
    """The local name of an element within markup. Its namespace must say that it is markup: others
    feedparser takes for elements of the feed.
    """
    local = _local(name)
    if " " not in name or PREFIXES.get(name.split(" ")[0].lower()) == "" or local == "body":
        raise UnusualError(f"<{name}> within markup")
    return local


def _quoted(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")


def _local(name: str) -> str:
    if " " in name:
        name = name.split(" ")[1]
    return name.lower()


def known_as(name: str, in_use: dict[str, str]) -> str:
    """The word for an element, from expat's "namespace local prefix"; `in_use` maps the prefixes
    of unknown namespaces to them.
    """
    namespace, local, *_ = name.lower().split(" ") if " " in name else ("", name.lower())
    if "backend.userland.com/rss" in namespace:
        return local
    prefix = PREFIXES.get(namespace)
    if prefix is None:
        prefix = next((own for own, uri in in_use.items() if uri.lower() == namespace), "")
    return f"{prefix.lower()}_{local}" if prefix else local
