"""Listings of source code: one `<pre>` each, without the numbers of their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, takewhile
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from feedd.article.tree.data_tables import CODE_NAME, are_numbers, join_listing
from feedd.article.tree.elements import raw_text, remove, unwrap

LABEL_MAX_CHARS: Final = 40

_NUMBER_NAME = re.compile(r"\bln\b|line-?n|lineno|line-?num|gutter|rownum|blob-num|\bnum", re.I)
_CODE_LINES: Final = frozenset({"div", "p", "li", "tr", "ol", "ul"})
_STARTS_LINE: Final = _CODE_LINES | {"code", "br", "pre"}
_CODE_LANGUAGE = re.compile(
    r"(?:^|[\s;])(?:lang(?:uage)?[-:]|brush:\s*|highlight-(?:source-)?"
    r"|sourceCode\s+)([A-Za-z][\w+#-]{0,20})"
)


def settle(root: HtmlElement) -> None:
    """Bring all listings of a page into shape: each one `<pre>` of indented lines. Pages number
    lines in a column beside them, in an element before each, or in the rows of a table.
    """
    for table in list(root.iter("table")):
        named = [table, *islice(table.iter("td"), 2)]
        is_code = any(CODE_NAME.search(element.get("class") or "") for element in named)
        if table.getparent() is not None and (
            is_code or next(table.iter("pre", "code"), None) is not None
        ):
            join_listing(table)
    for lines in list(root.iter("ol")):
        if lines.getparent() is not None and _NUMBER_NAME.search(lines.get("class") or ""):
            lines.tag = "pre"
    for pre in list(root.iter("pre")):
        if next(pre.iterancestors("pre"), None) is None and len(pre):
            _drop_labels(pre)
            _drop_numbers(pre)
            _part_code_lines(pre)


def _drop_labels(pre: HtmlElement) -> None:
    """Names of languages and of buttons stand in elements beside the one that holds the code."""
    codes = list(islice(pre.iter("code"), 2))
    if len(codes) != 1 or 2 * len(raw_text(codes[0])) < len(raw_text(pre)):
        return
    around = {codes[0], *codes[0].iterancestors()}
    boxes = takewhile(lambda e: e is not pre, codes[0].iterancestors())
    for box in (*boxes, pre):
        for child in list(box):
            if child not in around and len(raw_text(child).strip()) <= LABEL_MAX_CHARS:
                remove(child)


def _drop_numbers(pre: HtmlElement) -> None:
    """Elements that hold nothing but the lines' numbers, one after the other."""
    found = [e for e in pre.iterdescendants() if len(e) == 0 and _number_in(e).isdigit()]
    named = [e for e in found if _NUMBER_NAME.search(e.get("class") or "")]
    for numbers in (named, found):
        follow = are_numbers([_number_in(e) for e in numbers], named=numbers is named)
        if numbers and follow and _lead_lines(pre, numbers):
            for element in numbers:
                box = element.getparent()
                remove(element)
                if box is not pre and len(box) == 0 and box.getparent().getparent() is not None:
                    _drop_gutter(box, pre)
            return


def _lead_lines(pre: HtmlElement, numbers: Sequence[HtmlElement]) -> bool:
    """Whether numbers begin lines that follow each other: code says `[1, 2, 3]`, too, and chapters
    that are numbered stand apart.
    """
    wanted, line, breaks = set(numbers), "", 0
    for event, element in etree.iterwalk(pre, events=("start", "end")):
        text = (element.text if event == "start" else element.tail) or ""
        if event == "start" and element in wanted:
            if line.strip() or (breaks > 1 and element is not numbers[0]):
                return False
            breaks, text = text.count("\n"), ""
        elif event == "start" and (
            element.tag in _STARTS_LINE or CODE_NAME.search(element.get("class") or "")
        ):
            line = ""
        breaks += text.count("\n")
        line = (line + text).rpartition("\n")[2]
    return True


def _number_in(element: HtmlElement) -> str:
    return (element.text or "").strip(" \n\t.:|)")


def _drop_gutter(box: HtmlElement, pre: HtmlElement) -> None:
    """What held a line's number alone goes with it, where it stands beside the line."""
    line = box.getparent()
    if line is not pre and not (box.text or "").strip() and len(line) > 1:
        remove(box)


def _part_code_lines(pre: HtmlElement) -> None:
    """Elements that are lines of their own become text that ends with a line break."""
    lines = [element for element in pre.iterdescendants() if element.tag in _CODE_LINES]
    if not lines and len(pre) > 1 and all(child.tag == "code" for child in pre):
        lines = list(pre)  # a listing may be many
    for element in lines:
        last = element[-1] if len(element) else None
        ends = raw_text(element).endswith("\n") or (element.tail or "").startswith("\n")
        ends = ends or (last is not None and last.tag == "br" and not last.tail)
        if not ends and (element.getnext() is not None or (element.tail or "").strip()):
            if last is None:
                element.text = (element.text or "") + "\n"
            else:
                last.tail = (last.tail or "") + "\n"
        unwrap(element)


def name_language(pre: HtmlElement, original: HtmlElement) -> None:
    """Code's language from wherever the page names it, as a class that the sanitiser knows."""
    names = [e.get("class") or "" for e in (*original.iter(), *list(original.iterancestors())[:3])]
    names += [
        f"lang-{e.get('data-lang') or e.get('data-language')}"
        for e in original.iter()
        if e.get("data-lang") or e.get("data-language")
    ]
    for name in names:
        match = _CODE_LANGUAGE.search(name)
        if match:
            language = f"language-{match[1].lower()}"
            code = pre.find("code")
            (code if code is not None else pre).set("class", language)
            return
