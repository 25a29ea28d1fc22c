"""Pages with known articles for validation: stories poured into the shapes that publishers use.

Written and frozen before feedd was run on any of them; its rules and weights were not made with
them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

_SLOT = re.compile(r"\{\{(\w+)\}\}")
_LINK = re.compile(r"\[([^\]]+)\]")
_STRONG = re.compile(r"\*([^*]+)\*")
_MARKED = re.compile(r"\[([^\]]+)\]|\*([^*]+)\*")
_KINDS: Final = {"## ": "heading", "> ": "quote", "- ": "item", "+ ": "step", "| ": "row"}
_KINDS_MORE: Final = {"\t": "code", "! ": "caption"}


@dataclass(frozen=True, slots=True)
class Story:
    """An article before it has a page. `blocks` are pairs of kind and text, as marked."""

    title: str
    author: str
    blocks: Sequence[tuple[str, str]]

    def truth(self) -> str:
        """Its text, without captions, as people mark it."""
        said = [text for kind, text in self.blocks if kind != "caption"]
        return "\n".join(_MARKED.sub(lambda m: m[1] or m[2], text) for text in said)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a site writes its pages: `page` has slots {{title}}, {{author}}, {{date}}, {{body}},
    {{url}}, and {{other1}} to {{other6}}, the headlines of other pages. `between` is what stands
    within the article after so many of its blocks.
    """

    name: str
    page: str
    paragraph: str = "<p>{}</p>"
    heading: str = "<h2>{}</h2>"
    quote: str = "<blockquote><p>{}</p></blockquote>"
    item: str = "<li>{}</li>"
    items: str = "<ul>{}</ul>"
    steps: str = "<ol>{}</ol>"
    code: str = "<pre><code>{}</code></pre>"
    table: str = "<table>{}</table>"
    figure: str = '<figure><img src="/i/{n}.jpg" alt=""><figcaption>{}</figcaption></figure>'
    between: Mapping[int, str] = field(default_factory=dict)
    joiner: str = "\n"


def story(written: str) -> Story:
    """A story out of its lines."""
    title, author, *lines = written.split("\n")
    kinds = _KINDS | _KINDS_MORE
    blocks = []
    for line in lines:
        mark = next((mark for mark in kinds if line.startswith(mark)), "")
        text = line.removeprefix(mark)
        kind = kinds.get(mark, "paragraph")
        blocks.append((kind, text.strip("| ").replace(" | ", " \t ") if kind == "row" else text))
    return Story(title, author, tuple(blocks))


def page(layout: Layout, told: Story, others: Sequence[str]) -> str:
    """The page of a story; `others` are headlines that stand around it."""
    slots = {
        "title": escape(told.title, quote=False),
        "author": escape(told.author, quote=False),
        "date": "March 14, 2024",
        "url": address(layout, told),
        "body": body(layout, told),
    } | {f"other{n}": escape(other, quote=False) for n, other in enumerate(others, 1)}
    once = _SLOT.sub(lambda slot: slots[slot[1]], layout.page)
    return _SLOT.sub(lambda slot: slots[slot[1]], once)  # those within the body


def address(layout: Layout, told: Story) -> str:
    """Where the page is said to be."""
    slug = re.sub(r"\W+", "-", told.title.lower()).strip("-")
    return f"https://{layout.name}.example/2024/03/{slug}"


def body(layout: Layout, told: Story) -> str:
    """The article in the layout's own markup."""
    parts: list[str] = []
    blocks = list(told.blocks)
    at = written = 0
    while at < len(blocks):
        kind = blocks[at][0]
        run = [blocks[at][1]]
        while kind in _GROUPED and at + 1 < len(blocks) and blocks[at + 1][0] == kind:
            at += 1
            run.append(blocks[at][1])
        parts.append(_written(layout, kind, run, at))
        at += 1
        written += 1
        parts.append(layout.between.get(written, ""))
    return layout.joiner.join(part for part in parts if part)


_GROUPED: Final = frozenset({"item", "step", "row", "code"})


def _written(layout: Layout, kind: str, run: Sequence[str], at: int) -> str:
    if kind in ("item", "step"):
        inner = "".join(layout.item.format(_inline(text)) for text in run)
        return (layout.items if kind == "item" else layout.steps).format(inner)
    if kind == "row":
        rows = ("".join(f"<td>{_inline(c.strip())}</td>" for c in text.split("\t")) for text in run)
        return layout.table.format("".join(f"<tr>{row}</tr>" for row in rows))
    if kind == "code":
        return layout.code.format(escape("\n".join(run), quote=False))
    shape = {
        "paragraph": layout.paragraph,
        "heading": layout.heading,
        "quote": layout.quote,
        "caption": layout.figure,
    }[kind]
    return shape.format(_inline(run[0]), n=at)


def _inline(text: str) -> str:
    marked = escape(text, quote=False)
    linked = _LINK.sub(r'<a href="/linked">\1</a>', marked)
    return _STRONG.sub(r"<strong>\1</strong>", linked)
