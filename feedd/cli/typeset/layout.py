"""Paragraphs, headings, lists, quotes, figures and code, laid out one under another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from feedd.cli.screen import Screen, pad_left
from feedd.cli.typeset.inline import Flow, Links
from feedd.cli.typeset.nodes import HtmlNode
from feedd.cli.typeset.tables import table_lines
from feedd.terminal import gate_lines, width

MIN_COLUMNS = 16
"""Nested blocks are not squeezed further than this; they lose their indent instead."""

MAX_CAPTION_SEARCHED = 2_000
"""How many characters of a caption are searched for what its image says of itself."""

_INLINE = frozenset({
    "a", "abbr", "acronym", "audio", "b", "bdi", "bdo", "big", "br", "cite", "code", "data",
    "del", "dfn", "em", "embed", "font", "i", "img", "ins", "kbd", "label", "mark", "meter",
    "nobr", "output", "picture", "progress", "q", "rp", "rt", "ruby", "s", "samp", "small",
    "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "video", "wbr",
})  # fmt: skip
_BULLETS = ("•", "◦", "▪")
_CODE_INDENT = "    "


class Blocks:
    """Lays out one document; `links` collects its links on the way. `code_mark` goes before each
    line of code.
    """

    def __init__(self, screen: Screen, links: Links, *, code_mark: str) -> None:
        self._screen = screen
        self._links = links
        self._code_indent = code_mark + _CODE_INDENT
        self._list_depth = 0
        self._layouts: dict[str, Callable[[HtmlNode, int], list[str]]] = {
            "blockquote": self._quote,
            "pre": self._code,
            "ul": self._list,
            "ol": self._list,
            "menu": self._list,
            "dl": self._definitions,
            "table": self._table,
            "hr": self._rule,
            "figure": self._figure,
            "details": self._details,
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self._heading),
        }

    def lines(self, children: Iterable[HtmlNode | str], columns: int) -> list[str]:
        """The blocks under each other, a blank line between two of them."""
        lines: list[str] = []
        for block in self.blocks(children, columns):
            if lines:
                lines.append("")
            lines += block
        return lines

    def blocks(self, children: Iterable[HtmlNode | str], columns: int) -> list[list[str]]:
        """Each block's lines; text outside any block makes a paragraph of its own."""
        found: list[list[str]] = []
        loose: list[HtmlNode | str] = []
        for child in children:
            if isinstance(child, str) or (child.tag in _INLINE and not _holds_block(child)):
                loose.append(child)
                continue
            found.append(self._paragraph(loose, columns))
            loose = []
            layout = self._layouts.get(child.tag)
            if layout is not None:
                found.append(layout(child, columns))
            else:
                found += self.blocks(child.children, columns)
                loose += self._block_link(child)
        found.append(self._paragraph(loose, columns))
        return [block for block in found if block]

    def flow(self, children: Iterable[HtmlNode | str], *styles: str) -> Flow:
        flow = Flow(self._screen, self._links)
        for child in children:
            flow.add(child, styles)
        return flow

    def _block_link(self, node: HtmlNode) -> list[HtmlNode | str]:
        """What stands for the link of an anchor around whole blocks: its number."""
        url = node.attributes.get("href", "")
        if node.tag != "a" or not url.startswith(("http://", "https://")):
            return []
        return [f"[{self._links.number(url)}]"]

    def _paragraph(self, children: list[HtmlNode | str], columns: int) -> list[str]:
        return self.flow(children).lines(columns) if children else []

    def _heading(self, node: HtmlNode, columns: int) -> list[str]:
        level = int(node.tag[1])
        if not self._screen.colours:
            mark = "#" * level + " "
            lines = self.flow(node.children).lines(columns - len(mark))
            return [(mark if not number else " " * len(mark)) + line
                    for number, line in enumerate(lines)]  # fmt: skip
        styles = ("bold", "magenta") if level <= 2 else ("bold",) if level == 3 else ("underline",)
        return self.flow(node.children, *styles).lines(columns)

    def _quote(self, node: HtmlNode, columns: int) -> list[str]:
        if columns - 2 < MIN_COLUMNS:
            return self.lines(node.children, columns)
        bar = self._screen.paint(self._screen.bar, "dim")
        lines = self.lines(node.children, columns - 2)
        return [f"{bar} {line}" if line else bar for line in lines]

    def _code(self, node: HtmlNode, columns: int) -> list[str]:
        lines = code_lines(node, self._screen)
        return [self._code_indent + line if line else "" for line in lines]

    def _list(self, node: HtmlNode, columns: int) -> list[str]:
        items = list(node.elements())
        markers = _markers(node, items, self._list_depth)
        indent = max(map(width, markers), default=1) + 1
        squeezed = columns - indent < MIN_COLUMNS
        self._list_depth += 1
        bodies = [self._item(item, columns if squeezed else columns - indent) for item in items]
        self._list_depth -= 1
        airy = any("" in body for body in bodies)
        lines: list[str] = []
        for marker, body in zip(markers, bodies, strict=True):
            if airy and lines:
                lines.append("")
            first = self._screen.paint(pad_left(marker, indent - 1), "dim") + " "
            if squeezed:
                lines += [first.rstrip(" "), *body]
                continue
            for number, line in enumerate(body or [""]):
                lines.append(((" " * indent if number else first) + line).rstrip(" "))
        return lines

    def _item(self, item: HtmlNode, columns: int) -> list[str]:
        """A list item: a list inside it follows its text without a blank line."""
        lines: list[str] = []
        lists = [number for number, child in enumerate(item.children)
                 if isinstance(child, HtmlNode) and child.tag in ("ul", "ol")]  # fmt: skip
        start = 0
        for number in [*lists, len(item.children)]:
            lines += self.lines(item.children[start:number], columns)
            lines += self.lines(item.children[number : number + 1], columns)
            start = number + 1
        return lines

    def _definitions(self, node: HtmlNode, columns: int) -> list[str]:
        lines: list[str] = []
        for child in node.elements():
            for part in list(child.elements("dt", "dd")) if child.tag == "div" else [child]:
                if part.tag == "dt":
                    lines += [
                        *([""] if lines else []),
                        *self.flow(part.children, "bold").lines(columns),
                    ]
                else:
                    indent = 4 if columns - 4 >= MIN_COLUMNS else 0
                    body = self.lines(part.children, columns - indent)
                    lines += [" " * indent + line if line else "" for line in body]
        return lines

    def _table(self, node: HtmlNode, columns: int) -> list[str]:
        return table_lines(node, columns, self._screen, self)

    def _rule(self, node: HtmlNode, columns: int) -> list[str]:
        return [self._screen.paint(self._screen.rule * min(columns, 24), "dim")]

    def _figure(self, node: HtmlNode, columns: int) -> list[str]:
        captions = [child for child in node.descendants() if child.tag == "figcaption"]
        caption = " ".join(self.flow(c.children).plain() for c in captions)[:MAX_CAPTION_SEARCHED]
        for image in node.descendants():
            if image.tag == "img" and image.attributes.get("alt", "").strip() in caption:
                image.attributes["alt"] = ""
        below = [child for child in node.children
                 if isinstance(child, str) or child.tag != "figcaption"]  # fmt: skip
        lines = self.lines(below, columns)
        for child in node.elements("figcaption"):
            lines += self.flow(child.children, "italic").lines(columns)
        return lines

    def _details(self, node: HtmlNode, columns: int) -> list[str]:
        summary = [part for child in node.elements("summary") for part in child.children]
        rest = [child for child in node.children
                if isinstance(child, str) or child.tag != "summary"]  # fmt: skip
        lines = self.flow(summary, "bold").lines(columns)
        body = self.lines(rest, columns)
        return [*lines, *([""] if lines and body else []), *body]


def _holds_block(node: HtmlNode) -> bool:
    return any(child.tag not in _INLINE for child in node.descendants())


def _markers(node: HtmlNode, items: list[HtmlNode], depth: int) -> list[str]:
    if node.tag != "ol":
        return [_BULLETS[min(depth, len(_BULLETS) - 1)]] * len(items)
    kind = node.attributes.get("type", "1")
    down = "reversed" in node.attributes
    number = _number(node.attributes.get("start", ""), len(items) if down else 1)
    markers = []
    for item in items:
        number = _number(item.attributes.get("value", ""), number)
        markers.append(f"{_counted(number, kind)}.")
        number += -1 if down else 1
    return markers


def _number(text: str, otherwise: int) -> int:
    digits = text.strip().removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 9 else otherwise


def _counted(number: int, kind: str) -> str:
    if kind in ("a", "A") and 1 <= number <= 26:
        return chr(ord(kind) + number - 1)
    if kind in ("i", "I") and 1 <= number <= 3999:
        roman = ""
        left = number
        for value, letters in _ROMAN:
            roman += letters * (left // value)
            left %= value
        return roman if kind == "i" else roman.upper()
    return str(number)


_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


# ---------------------------------------------------------------- code


MAX_HIGHLIGHTED_CHARACTERS = 50_000
"""Longer blocks are data, and some lexers are slow."""

_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language|lang|highlight|brush|source|sourceCode)[-: ]+([\w+#-]+)"
)
# Pygments token kinds, the more special first.
_PAINTS = (
    ("Comment", ("dim",)),
    ("Keyword", ("magenta",)),
    ("Operator.Word", ("magenta",)),
    ("Literal.String", ("green",)),
    ("Literal.Number", ("cyan",)),
    ("Name.Function", ("blue",)),
    ("Name.Class", ("blue",)),
    ("Name.Decorator", ("yellow",)),
    ("Name.Tag", ("blue",)),
    ("Name.Attribute", ("yellow",)),
    ("Generic.Deleted", ("red",)),
    ("Generic.Inserted", ("green",)),
    ("Generic.Heading", ("bold",)),
    ("Generic.Subheading", ("magenta",)),
    ("Generic.Prompt", ("dim",)),
)


def code_lines(node: HtmlNode, screen: Screen) -> list[str]:
    """The lines of a `pre`, as they are but for what a terminal would obey."""
    text = gate_lines(node.text()).strip("\n").rstrip()
    if not text:
        return []
    language = _language(node) if screen.colours else None
    if language is None or len(text) > MAX_HIGHLIGHTED_CHARACTERS:
        return text.split("\n")
    return _highlighted(text, language, screen)


def _language(node: HtmlNode) -> str | None:
    for element in (node, *node.descendants()):
        for name in ("class", "lang", "data-lang", "data-language"):
            value = element.attributes.get(name, "")
            match = _LANGUAGE.search(value) if name == "class" else re.match(r"[\w+#-]+$", value)
            if match is not None:
                return match.group(match.re.groups).lower()
    return None


def _highlighted(text: str, language: str, screen: Screen) -> list[str]:
    try:
        from pygments.lexers import get_lexer_by_name
        from pygments.util import ClassNotFound
    except ImportError:
        return text.split("\n")
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return text.split("\n")
    lines = [""]
    for kind, part in lexer.get_tokens(text):
        name = str(kind).removeprefix("Token.")
        styles = next((paint for prefix, paint in _PAINTS if name.startswith(prefix)), ())
        for number, piece in enumerate(part.split("\n")):
            if number:
                lines.append("")
            lines[-1] += screen.paint(piece, *styles)
    return lines
