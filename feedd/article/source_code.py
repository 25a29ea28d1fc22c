"""Listings of source code, each in one `<pre>`: the lines, indented, without their numbers.

Pages number lines in a column beside them, in an element before each, or in the rows of a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree import raw_text, remove, unwrap

NUMBERED_MIN_LINES: Final = 3
"""Fewer numbers that follow each other may be the code's own."""

_NUMBER_NAME = re.compile(r"\bln\b|line-?n|lineno|line-?num|gutter|rownum|blob-num|\bnum", re.I)
_CODE_NAME = re.compile(r"code|highlight|blob|\bline\b|listing|source", re.I)
_LINES: Final = frozenset({"div", "p", "li", "tr", "ol", "ul"})


def settle(root: HtmlElement) -> None:
    """Bring all listings of a page into shape."""
    for table in list(root.iter("table")):
        if table.getparent() is not None and next(table.iter("pre", "code"), None) is not None:
            _join_table(table)
    for pre in list(root.iter("pre")):
        if next(pre.iterancestors("pre"), None) is None and len(pre):
            _drop_numbers(pre)
            _part_lines(pre)


def _join_table(table: HtmlElement) -> None:
    """A table of numbers beside code, in two cells or in a row for each line, becomes the code."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    rows = [row for row in rows if row]
    if not rows or any(len(row) > 2 for row in rows):
        return
    if len(rows) == 1 and len(rows[0]) == 2 and _are_numbers(raw_text(rows[0][0]).split()):
        code = next(rows[0][1].iter("pre"), rows[0][1])
        _put(table, code)
        return
    if len(rows) < NUMBERED_MIN_LINES or any(len(row) != 2 for row in rows):
        return
    numbers = [raw_text(row[0]).strip() or row[0].get("data-line-number") or "" for row in rows]
    name = "".join(f"{row[1].get('class')} {table.get('class')}" for row in rows[:1])
    if _are_numbers(numbers) and _CODE_NAME.search(name):
        lines = [raw_text(row[1]).strip("\n") for row in rows]
        pre = table.makeelement("pre")
        pre.text = "\n".join(lines)
        _replace(table, pre)


def _put(table: HtmlElement, code: HtmlElement) -> None:
    pre = table.makeelement("pre")
    if code.get("class"):
        pre.set("class", code.get("class"))
    pre.text = code.text
    pre.extend(list(code))
    _replace(table, pre)


def _replace(table: HtmlElement, pre: HtmlElement) -> None:
    """Put a listing in a table's place, or in that of the listing around the table."""
    place = next((e for e in table.iterancestors("pre")), table)
    pre.tail, place.tail = place.tail, None
    parent = place.getparent()
    if parent is not None:
        parent.replace(place, pre)


def _drop_numbers(pre: HtmlElement) -> None:
    """Elements that hold nothing but the lines' numbers, one after the other."""
    found = [e for e in pre.iterdescendants() if len(e) == 0 and (e.text or "").strip().isdigit()]
    named = [e for e in found if _NUMBER_NAME.search(e.get("class") or "")]
    for numbers in (named, found):
        if numbers and _are_numbers(
            [(e.text or "").strip() for e in numbers], named=numbers is named
        ):
            for element in numbers:
                remove(element)
            return


def _are_numbers(texts: Sequence[str], *, named: bool = False) -> bool:
    """Whether these are numbers that follow each other."""
    if len(texts) < (1 if named else NUMBERED_MIN_LINES):
        return False
    if not all(text.isascii() and text.isdigit() and len(text) < 7 for text in texts):
        return False
    return all(int(two) == int(one) + 1 for one, two in pairwise(texts))


def _part_lines(pre: HtmlElement) -> None:
    """Elements that are lines of their own become text that ends with a line break."""
    for element in list(pre.iterdescendants()):
        if element.tag not in _LINES:
            continue
        last = element[-1] if len(element) else None
        said = element.text if last is None else last.tail
        ends = (said or "").endswith("\n") or (element.tail or "").startswith("\n")
        if not ends and (element.getnext() is not None or (element.tail or "").strip()):
            if last is None:
                element.text = (element.text or "") + "\n"
            else:
                last.tail = (last.tail or "") + "\n"
        unwrap(element)
