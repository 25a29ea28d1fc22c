"""What a page says of itself is for those who pay, and whether it is there all the same.

A page may hold its whole text and lay a wall over it: `isAccessibleForFree` then says that it is
paid for, and `hasPart` where the paid part stands (schema.org, WebPageElement).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree.elements import text_of
from feedd.article.tree.markup import Thing, text_in

PARAGRAPH_MIN_CHARS: Final = 80
"""Shorter ones may be what a wall says."""
PARTS_MAX: Final = 5
"""How many parts are looked for."""
PARAGRAPHS_MAX: Final = 50

_CLASS_OR_ID = re.compile(r"\s*[\w-]*([.#])([\w-]+)\s*")
"""The selectors that are understood."""
_BOXES: Final = frozenset({"div", "section", "article", "main", "p"})


def is_told_paid(article: Thing, metas: Mapping[str, str]) -> bool:
    """Whether a page says that its article is not free."""
    is_free = str(article.get("isAccessibleForFree", "")).lower() != "false"
    return not is_free or metas.get("article:content_tier", "").lower() in ("locked", "metered")


def paid_paragraphs(root: HtmlElement, article: Thing) -> tuple[str, ...]:
    """The long paragraphs of the parts that a page says are paid for, `PARAGRAPHS_MAX` at most."""
    selected = list(_selected(article))
    if not selected:
        return ()
    texts = map(text_of, _paragraphs(root, selected))
    long = (text for text in texts if len(text) >= PARAGRAPH_MIN_CHARS)
    return tuple(islice(long, PARAGRAPHS_MAX))


def _paragraphs(root: HtmlElement, selected: Sequence[tuple[str, str]]) -> Iterator[HtmlElement]:
    """The paragraphs in what is selected, each once however often it is."""
    within: set[HtmlElement] = set()
    for element in root.iter("*"):
        is_selected = element.tag in _BOXES and any(
            name in (element.get(attribute) or "").split() for attribute, name in selected
        )
        if is_selected or element.getparent() in within:
            within.add(element)
            if element.tag == "p":
                yield element


def _selected(article: Thing) -> Iterator[tuple[str, str]]:
    """The attribute and its value by which each part is found."""
    parts = article.get("hasPart")
    for part in (parts if isinstance(parts, list) else [parts])[:PARTS_MAX]:
        selector = text_in(part.get("cssSelector")) if isinstance(part, dict) else ""
        match = _CLASS_OR_ID.fullmatch(selector)
        if match is not None:
            yield "class" if match[1] == "." else "id", match[2]
