"""Tables of data, however they are written, and those that only lay out a page.

A table of data keeps its cells, without blocks inside; of a layout table the cells become boxes; of
a table that numbers the lines of a listing the code is left. A list of how much of what is one too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree.elements import (
    BLOCKS,
    HEADINGS,
    TABLE_PARTS,
    flatten,
    raw_text,
    remove,
    text_of,
    unwrap,
)

CELL: Final = "data-feedd-cell"
"""On what was a cell of a layout table, or a layout table that text flows around ("apart")."""
FLOATED: Final = ("left", "right", "LEFT", "RIGHT")
AMOUNTS_MIN: Final = 3
AMOUNT_MAX_WORDS: Final = 7
CELL_MEAN_MAX_CHARS: Final = 120
"""Cells of a data table hold a phrase; those of a layout table hold the page."""
HEADED_MEAN_MAX_CHARS: Final = 400
"""Where all columns or rows have headings, cells may hold more."""
LISTS_MIN_ROWS: Final = 3
"""A table of so many rows, all of as many cells, may hold lists in its cells."""

_AMOUNT = re.compile(
    r"(?:\d[\d.,/–-]{0,6}|[½¼¾⅓⅔])\s?[^\W\d].{0,50}"
    r"|[^\W\d].{0,45}\W(?:\d[\d.,/–-]{0,6}|[½¼¾⅓⅔])\s?[^\W\d]{1,12}\.?"
)
NUMBERED_MIN_LINES: Final = 3
"""Fewer numbers that follow each other may be the code's own."""
CODE_NAME: Final = re.compile(r"code|highlight|blob|\bline\b|listing|source", re.I)
_LABELS: Final = ("data-label", "data-title", "data-th", "data-header")
_TABLE_STYLE = re.compile(r"display\s*:\s*table\s*(?:;|$)", re.I).search
_TABLE_NAME = re.compile(r"(?:^|[\s_-])(?:(?:div-?)?table|tbl)(?:\s|$)", re.I).search
_IN_ROW: Final = r"row-?(?:item|entry|data|col|cell)"
_MADE_FOR: Final = {
    (kind, part): re.compile(pattern, re.I).search
    for kind, part, pattern in (
        *(("role", "row", r"^row$"), ("role", "cell", r"^(?:grid)?cell$")),
        ("role", "header", r"^(?:column|row)header$"),
        ("style", "row", r"display\s*:\s*table-row\s*(?:;|$)"),
        *(("style", "cell", r"display\s*:\s*table-cell"), ("style", "header", r"(?!)")),
        ("class", "row", rf"(?:^|[\s_-])(?:tr|(?:t|div)?row)(?:\s|$)|table-?(?!{_IN_ROW})row"),
        ("class", "cell", rf"cell|{_IN_ROW}|(?:^|[\s_-])(?:td|col|column)(?:\s|$)"),
        ("class", "header", r"head(?:er)?-?cell|(?:^|[\s_-])th(?:\s|$)|tablehead"),
    )
}
"""How rows and cells of tables name themselves that are written in other elements."""


def is_data_table(element: HtmlElement) -> bool:
    """A table that survived `normalise`: its cells stand or fall together."""
    return bool(element.tag == "table")


def dissolve(root: HtmlElement) -> None:
    """Layout tables become divs; data tables keep their cells, without blocks inside."""
    _take_roles(root)
    for table in reversed(list(root.iter("table"))):
        if _holds_data(table):
            _drop_labels(_rows(table))
            for cell in table.iter("td", "th", "caption"):
                flatten(cell)
            for part in list(table.iter("colgroup", "col")):
                remove(part)
        else:
            for part in list(table.iter(*(TABLE_PARTS - {"table"}))):
                if next(part.iterancestors("table"), None) is table:
                    if part.tag == "td":
                        part.set(CELL, "1")
                    part.tag = "div"
            table.tag = "div"
            if table.get("align") in FLOATED:
                table.set(CELL, "apart")
    for part in root.iter(*(TABLE_PARTS - {"table"})):
        if next(part.iterancestors("table"), None) is None:
            part.tag = "div"


def _drop_labels(rows: list[list[HtmlElement]]) -> None:
    """For phones the name of its column stands before what is in each cell."""
    names = [_label(raw_text(cell)) for cell in rows[0]]
    below = [row for row in rows[1:] if len(row) == len(names)]
    for column, name in enumerate(names):
        cells = [row[column] for row in below if len(row[column])]
        known = [{name, *(_label(cell.get(key) or "") for key in _LABELS)} - {""} for cell in cells]
        if len(cells) == len(below) and all(map(_is_labelled, cells, known)):
            for cell in cells:
                remove(cell[0])


def _is_labelled(cell: HtmlElement, names: set[str]) -> bool:
    said = raw_text(cell[0])
    is_first = not (cell.text or "").strip()
    return is_first and _label(said) in names and len(_label(raw_text(cell))) > len(_label(said))


def _label(text: str) -> str:
    return " ".join(text.split()).rstrip(": ").lower()


def _rows(table: HtmlElement) -> list[list[HtmlElement]]:
    """The cells of each row that has any."""
    rows = ([cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr"))
    return [row for row in rows if row]


def _holds_data(table: HtmlElement) -> bool:
    if table.get("role") in ("presentation", "none"):
        return False
    if next(table.iterdescendants("table", "form", "h1", "article", "iframe"), None) is not None:
        return False
    rows = _rows(table)
    cells = [cell for row in rows for cell in row]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return False
    lengths = [len(text_of(cell)) for cell in cells]
    filled = [length for length in lengths if length]
    mean = sum(filled) / (len(filled) or 1)
    is_even = len(set(map(len, rows))) == 1
    if is_even and _is_headed(rows) and 0 < mean <= HEADED_MEAN_MAX_CHARS:
        return True
    headings = next(table.iterdescendants("h2"), None)
    if not filled or mean > CELL_MEAN_MAX_CHARS or headings is not None:
        return False
    if next(table.iterdescendants("th", "caption", "thead"), None) is not None:
        return True
    parted = sum(
        _is_parted(cell, lists=not is_even or len(rows) < LISTS_MIN_ROWS) for cell in cells
    )
    return len(filled) >= 4 and 4 * parted < len(cells)


def _is_headed(rows: Sequence[Sequence[HtmlElement]]) -> bool:
    """Whether all columns have a heading, or all rows."""
    return all(cell.tag == "th" for cell in rows[0]) or all(row[0].tag == "th" for row in rows)


def _is_parted(cell: HtmlElement, *, lists: bool) -> bool:
    """Whether a cell holds more than one block, in whatever boxes they stand; `lists` are parted,
    too, or else as good as a paragraph.
    """
    inside = [cell]
    while len(inside) == 1:
        inside = [child for child in inside[0] if child.tag in BLOCKS or child.tag == "img"]
        if not lists and inside and all(child.tag in ("ul", "ol") for child in inside):
            return False
    return len(inside) > 1 or sum(1 for _ in cell.iterdescendants("br")) > 1


def _take_roles(root: HtmlElement) -> None:
    """Tables written in other elements say so by roles (WAI-ARIA 1.2), styles or class names."""
    for table in list(root.iter("div", "section", "ul")):
        kind = _names_table(table)
        if not kind:
            continue
        rows = [row for row in table.iterdescendants() if _is_made_for(row, "row", kind)]
        if kind != "role" and not _are_rows(rows, kind):
            continue
        for row in rows:
            for cell in row.iterdescendants():
                if _is_made_for(cell, "header", kind):
                    cell.tag = "th"
                elif _is_made_for(cell, "cell", kind):
                    cell.tag = "td"
            row.tag = "tr"
        if rows:
            for around in list(table.iterdescendants("div", "ul", "section", "span")):
                if next(around.iterancestors("td", "th"), None) is None:
                    unwrap(around)
            table.tag = "table"
            table.attrib.pop("role", None)


def _names_table(element: HtmlElement) -> str:
    """The attribute that says that an element is a table; "" where none does."""
    names = element.keys()
    if "role" in names and element.get("role") in ("table", "grid", "treegrid"):
        return "role"
    if "style" in names and _TABLE_STYLE(element.get("style")):
        return "style"
    named = element.get("class") if "class" in names else ""
    may = "able" in named or "tbl" in named
    return "class" if may and _TABLE_NAME(named) else ""


def _is_made_for(element: HtmlElement, part: str, kind: str) -> bool:
    value = element.get(kind)
    return value is not None and _MADE_FOR[kind, part](value) is not None


def _are_rows(rows: list[HtmlElement], kind: str) -> bool:
    """Whether these hold nothing but cells, as many each, and each a phrase."""
    cells = [cell for row in rows for cell in row]
    counts = {len(row) for row in rows}
    if len(rows) < 2 or len(counts) != 1 or counts <= {0, 1}:
        return False
    made = all(_is_made_for(e, "cell", kind) or _is_made_for(e, "header", kind) for e in cells)
    return (
        made
        and sum(len(raw_text(cell)) for cell in cells) <= CELL_MEAN_MAX_CHARS * len(cells)
        and next((e for row in rows for e in row.iter("table", "form", *HEADINGS)), None) is None
    )


def are_amounts(items: Sequence[str]) -> bool:
    """Whether most of a list's items begin or end with how much there is: "2 onions"."""
    short = [text for text in items if len(text.split()) <= AMOUNT_MAX_WORDS]
    amounts = sum(_AMOUNT.fullmatch(text.lstrip("▢☐□")) is not None for text in short)
    return len(items) >= AMOUNTS_MIN and 2 * amounts > len(items)


def join_listing(table: HtmlElement) -> None:
    """A table of numbers beside code, in two cells or in a row for each line, becomes the code."""
    rows = _rows(table)
    if len(rows) > NUMBERED_MIN_LINES and next(rows[0][0].iterancestors("thead"), None) is not None:
        del rows[0]  # "Line"
    if not rows or any(len(row) != 2 for row in rows):
        return
    pre = table.makeelement("pre")
    if len(rows) == 1 and are_numbers(" ".join(rows[0][0].itertext()).split()):
        code = next(rows[0][1].iter("pre"), rows[0][1])
        if code.get("class"):
            pre.set("class", code.get("class"))
        pre.text = code.text
        pre.extend(list(code))
    else:
        numbers = [raw_text(row[0]).strip() or row[0].get("data-line-number") or "" for row in rows]
        name = f"{rows[0][1].get('class')} {table.get('class')}"
        if not (are_numbers(numbers) and CODE_NAME.search(name)):
            return
        pre.text = "\n".join(raw_text(row[1]).strip("\n") for row in rows)
    place = next((e for e in table.iterancestors("pre")), table)  # or the listing around
    pre.tail, place.tail = place.tail, None
    place.getparent().replace(place, pre)


def are_numbers(texts: Sequence[str], *, named: bool = False) -> bool:
    """Whether these are numbers that follow each other."""
    if len(texts) < (1 if named else NUMBERED_MIN_LINES):
        return False
    if not all(text.isascii() and text.isdigit() and len(text) < 7 for text in texts):
        return False
    return all(int(two) == int(one) + 1 for one, two in pairwise(texts))
