"""An article's HTML as lines for a terminal: typeset, wrapped to a measure, links numbered."""

from __future__ import annotations

from typing import NamedTuple

from feedd.cli.screen import Screen
from feedd.cli.typeset.inline import Links
from feedd.cli.typeset.layout import Blocks
from feedd.cli.typeset.nodes import HtmlNode, parse
from feedd.terminal import gate

MAX_MEASURE_COLUMNS = 80
"""Lines longer than this are hard to read; --width asks for others."""


CODE_MARK = "\x0e"
"""What can stand where a line of code begins; no gated text has it."""


class Typeset(NamedTuple):
    """Lines, painted for the screen they were set for; the links in the order of their
    numbers.
    """

    lines: list[str]
    links: list[str]


def typeset(
    html: str, *, columns: int, screen: Screen, title: str = "", code_mark: str = ""
) -> Typeset:
    """Sanitised `html` in lines of at most `columns` (code is kept as it is, however long, each
    line of it behind `code_mark`).

    `title`: a first heading that says the same is left out, for it stands above already.
    """
    body = parse(html)
    _drop_title(body, title)
    links = Links()
    lines = Blocks(screen, links, code_mark=code_mark).lines(body.children, columns)
    return Typeset(lines, [gate(url) for url in links.numbers])


def _drop_title(body: HtmlNode, title: str) -> None:
    if not title:
        return
    parent = body
    while True:
        first = next((child for child in parent.children
                      if isinstance(child, HtmlNode) or child.strip()), None)  # fmt: skip
        if not isinstance(first, HtmlNode):
            return
        if first.tag in ("h1", "h2", "h3"):
            if " ".join(first.text().split()).casefold() == title.casefold():
                parent.children.remove(first)
            return
        if first.tag not in ("article", "div", "header", "main", "section"):
            return
        parent = first
