"""Sanitised HTML as a small tree of elements and text.

The store's HTML is a serialiser's output, so the standard library's parser is enough, and it is
there in a few milliseconds. Whatever else arrives still becomes some tree, never an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

MAX_DEPTH = 60
"""Elements nested deeper lose their own nesting; nobody could see it on a terminal anyway."""

_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
})  # fmt: skip
_UNSEEN = frozenset({
    "script", "style", "template", "head", "title", "noscript", "iframe", "object", "svg", "math",
    "select", "button",
})  # fmt: skip


class HtmlNode:
    """An element: its tag, attributes, and children (elements and strings) in order."""

    __slots__ = ("attributes", "children", "tag")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[HtmlNode | str] = []

    def elements(self, *tags: str) -> Iterator[HtmlNode]:
        """The children that are elements with one of `tags`, or any element."""
        for child in self.children:
            if isinstance(child, HtmlNode) and (not tags or child.tag in tags):
                yield child

    def descendants(self) -> Iterator[HtmlNode]:
        """Every element below, in document order."""
        left = [self.elements()]
        while left:
            node = next(left[-1], None)
            if node is None:
                left.pop()
            else:
                yield node
                left.append(node.elements())

    def text(self) -> str:
        """All text below, as it stands."""
        return "".join(
            child if isinstance(child, str) else "\n" if child.tag == "br" else child.text()
            for child in self.children
        )


def parse(html: str) -> HtmlNode:
    """The tree of `html`; its root is a `body`."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = HtmlNode("body", {})
        self._open: list[HtmlNode] = [self.root]
        self._unseen = 0
        self._too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        if self._unseen:
            return
        node = HtmlNode(tag, {name: value or "" for name, value in attrs})
        if tag in _VOID:
            self._open[-1].children.append(node)
        elif len(self._open) > MAX_DEPTH:
            self._too_deep += 1
        else:
            self._open[-1].children.append(node)
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif self._unseen or tag in _VOID:
            return
        elif self._too_deep:
            self._too_deep -= 1
        elif any(node.tag == tag for node in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._open[-1].children.append(data)
