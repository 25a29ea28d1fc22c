"""Tables: in columns where they fit, each row as a small list of "heading: value" where not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from feedd.cli.line_breaks import wrap
from feedd.cli.screen import Screen, pad, pad_left
from feedd.cli.typeset.inline import Flow
from feedd.cli.typeset.nodes import HtmlNode
from feedd.terminal import width

MAX_COLUMNS_SPANNED = 50
MAX_WORD_COLUMNS = 20
"""A longer word does not keep a column wide; it is broken."""
GAP = "  "
_NUMBER = re.compile(r"[-+−~≈<>$€£¥]?\s?[\d.,  ]+\s?(?:%|[a-zA-Zµ]{1,4})?|[-–—]?")
_BLOCKS = frozenset({
    "blockquote", "pre", "ul", "ol", "dl", "table", "figure", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr",
})  # fmt: skip


class CellLayout(Protocol):
    """Lays out what stands in a cell: as blocks, or as running text."""

    def lines(self, children: Iterable[HtmlNode | str], columns: int) -> list[str]: ...

    def flow(self, children: Iterable[HtmlNode | str], *styles: str) -> Flow: ...


def table_lines(node: HtmlNode, columns: int, screen: Screen, cells: CellLayout) -> list[str]:
    rows = [list(row.elements("td", "th")) for row in _rows(node)]
    rows = [row for row in rows if row]
    lines = [line for caption in node.elements("caption")
             for line in cells.flow(caption.children, "italic").lines(columns)]  # fmt: skip
    if not rows:
        return lines
    if max(map(len, rows)) == 1 or any(_is_block(cell) for row in rows for cell in row):
        # A table for layout, not for data.
        for row in rows:
            for cell in row:
                body = cells.lines(cell.children, columns)
                lines += [*([""] if lines and body else []), *body]
        return lines
    header = 1 if all(cell.tag == "th" for cell in rows[0]) and len(rows) > 1 else 0
    grid = _grid(rows, cells)
    longest = max(map(len, grid))
    if len(GAP) * (longest - 1) <= columns:
        rectangle = [line + [""] * (longest - len(line)) for line in grid]
        widths = _widths(rectangle, columns)
        if widths is not None:
            return lines + _in_columns(rectangle, header, widths, screen)
    return lines + _as_lists(grid, header, columns, screen)


def _rows(node: HtmlNode) -> list[HtmlNode]:
    found = []
    for child in node.elements("tr", "thead", "tbody", "tfoot"):
        found += [child] if child.tag == "tr" else list(child.elements("tr"))
    return found


def _is_block(cell: HtmlNode) -> bool:
    return any(element.tag in _BLOCKS for element in cell.descendants())


def _grid(rows: list[list[HtmlNode]], cells: CellLayout) -> list[list[str]]:
    """The cells' text in rows; a cell that spans rows or columns is followed by empty ones."""
    below: dict[int, int] = {}
    grid: list[list[str]] = []
    for row in rows:
        line: list[str] = []
        for cell in row:
            while below.get(len(line), 0) > 0:
                below[len(line)] -= 1
                line.append("")
            across = _span(cell, "colspan")
            down = _span(cell, "rowspan") - 1
            for number in range(across):
                if down > 0 and len(line) < MAX_COLUMNS_SPANNED:
                    below[len(line)] = down
                line.append("" if number else cells.flow(cell.children).plain())
        grid.append(line)
    return grid


def _span(cell: HtmlNode, name: str) -> int:
    text = cell.attributes.get(name, "")
    plain = text.isascii() and text.isdigit() and len(text) < 4
    return min(max(int(text), 1), MAX_COLUMNS_SPANNED) if plain else 1


def _widths(grid: list[list[str]], columns: int) -> list[int] | None:
    """How wide each column may be, or None when the table cannot fit."""
    columns -= len(GAP) * (len(grid[0]) - 1)
    natural = [max(map(width, column)) for column in zip(*grid, strict=True)]
    least = [
        max(min(max(map(width, cell.split() or [""])), MAX_WORD_COLUMNS) for cell in column)
        for column in zip(*grid, strict=True)
    ]
    if sum(natural) <= columns:
        return natural
    if sum(least) > columns:
        return None
    # The narrow columns keep their width, the wide ones share what is left.
    widths = list(least)
    left = columns - sum(least)
    while left > 0:
        wanting = [i for i, current in enumerate(widths) if current < natural[i]]
        if not wanting:
            break
        narrowest = min(wanting, key=lambda i: widths[i])
        widths[narrowest] += 1
        left -= 1
    return widths


def _in_columns(grid: list[list[str]], header: int, widths: list[int], screen: Screen) -> list[str]:
    numeric = [
        all(_NUMBER.fullmatch(cell) for cell in column[header:])
        for column in zip(*grid, strict=True)
    ]
    lines: list[str] = []
    airy = any(width(cell) > widths[i] for row in grid for i, cell in enumerate(row))
    for number, row in enumerate(grid):
        if airy and number > header:
            lines.append("")
        cells = [wrap(cell, widths[i]) for i, cell in enumerate(row)]
        for level in range(max(map(len, cells))):
            parts = []
            for i, cell in enumerate(cells):
                text = cell[level] if level < len(cell) else ""
                fitted = pad_left(text, widths[i]) if numeric[i] else pad(text, widths[i])
                parts.append(screen.paint(fitted, "bold") if number < header else fitted)
            lines.append(GAP.join(parts).rstrip())
        if number + 1 == header:
            lines.append(screen.paint(GAP.join(screen.rule * columns for columns in widths), "dim"))
    return lines


def _as_lists(grid: list[list[str]], header: int, columns: int, screen: Screen) -> list[str]:
    names = grid[0] if header else []
    lines: list[str] = []
    for row in grid[header:]:
        if lines:
            lines.append("")
        for place, cell in enumerate(row):
            if not cell:
                continue
            name = names[place] if place < len(names) else ""
            label = f"{name}: " if name else ""
            wrapped = wrap(label + cell, columns)
            if wrapped[0].startswith(label):
                wrapped[0] = screen.paint(label, "bold") + wrapped[0][len(label) :]
            lines += wrapped
    return lines
