"""What a page says of itself is for those who pay, and whether it is there all the same.

A page may hold its whole text and lay a wall over it: `isAccessibleForFree` then says that it is
paid for, and `hasPart` where the paid part stands (schema.org, WebPageElement).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree.elements import text_of
from feedd.article.tree.markup import Thing, text_in

PARAGRAPH_MIN_CHARS: Final = 80
"""Shorter ones may be what a wall says."""
PARTS_MAX: Final = 5
"""How many parts are looked for, each in the whole page."""
PARAGRAPHS_MAX: Final = 50

_CLASS_OR_ID = re.compile(r"\s*[\w-]*([.#])([\w-]+)\s*")
"""The selectors that are understood."""


def is_told_paid(article: Thing, metas: Mapping[str, str]) -> bool:
    """Whether a page says that its article is not free."""
    is_free = str(article.get("isAccessibleForFree", "")).lower() != "false"
    return not is_free or metas.get("article:content_tier", "").lower() in ("locked", "metered")


def paid_paragraphs(root: HtmlElement, article: Thing) -> tuple[str, ...]:
    """The long paragraphs of the parts that a page says are paid for, `PARAGRAPHS_MAX` at most."""
    found: list[str] = []
    for attribute, name in _selected(article):
        for element in root.iter("div", "section", "article", "main", "p"):
            if name in (element.get(attribute) or "").split():
                texts = map(text_of, element.iter("p"))
                found += [text for text in texts if len(text) >= PARAGRAPH_MIN_CHARS]
    return tuple(found[:PARAGRAPHS_MAX])


def _selected(article: Thing) -> Iterator[tuple[str, str]]:
    """The attribute and its value by which each part is found."""
    parts = article.get("hasPart")
    for part in (parts if isinstance(parts, list) else [parts])[:PARTS_MAX]:
        selector = text_in(part.get("cssSelector")) if isinstance(part, dict) else ""
        match = _CLASS_OR_ID.fullmatch(selector)
        if match is not None:
            yield "class" if match[1] == "." else "id", match[2]
