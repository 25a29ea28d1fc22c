"""Copies of kept blocks, fit to stand anywhere."""

from __future__ import annotations

import copy
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree.elements import ATOMS, HEADINGS, raw_text, remove, without_tail
from feedd.article.tree.listings import name_language
from feedd.article.tree.media import is_small, picture
from feedd.article.tree.normalise import LINK

MEANING: Final = frozenset(
    str.split("ul ol li dl dt dd blockquote figure figcaption details summary aside")
)
"""Elements that are kept around what is left in them."""

_TEXTUAL: Final = HEADINGS | ATOMS | MEANING | {"table", "p", "address"}


def leaf(element: HtmlElement, *, is_link: bool) -> HtmlElement:
    """A copy of a block fit to stand anywhere; `is_link`: all of its text is one."""
    copied = without_tail(element)
    for image in list(copied.iter("img")) if len(copied) else ():
        if picture(image) is None or (is_small(image) and image.get("alt") in raw_text(copied)):
            remove(image)
    href = copied.get(LINK)
    if copied.tag == "pre":
        name_language(copied, element)
        for part in copied.iter():
            part.attrib.pop("style", None)  # it keeps its lines as it is
    elif copied.tag not in _TEXTUAL:
        copied.tag = "p"
    if href is None and is_link:
        around = next((e for e in element.iterancestors() if e.get(LINK)), None)
        href = around.get(LINK) if around is not None else None
    if href and next(copied.iter("a"), None) is None:
        link = copied.makeelement("a", {"href": href})
        pour(copied, link)
        for child in list(copied):
            copied.remove(child)
        copied.text = None
        copied.append(link)
    return copied


def pour(source: HtmlElement, target: HtmlElement) -> None:
    """Append copies of an element's content to another."""
    if source.text:
        if len(target):
            target[-1].tail = (target[-1].tail or "") + source.text
        else:
            target.text = (target.text or "") + source.text
    for child in source:
        target.append(copy.copy(child))


def tidy(out: HtmlElement) -> None:
    """Small repairs: items hold their text directly; lists without items go, and lists of terms
    that have but pictures.
    """
    for terms in list(out.iter("dl")):
        if all(child.tag == "figure" for child in terms):
            terms.drop_tag()
    for item in list(out.iter("li", "dd")):
        if (
            len(item)
            and item[0].tag == "p"
            and all(c.tag in ("ul", "ol") for c in item[1:])
            and not (item.text or "").strip()
        ):
            item[0].drop_tag()
    for items in list(out.iter("ul", "ol")):
        for child in list(items):
            if child.tag not in ("li", "ul", "ol"):
                wrapper = items.makeelement("li")
                child.addprevious(wrapper)
                wrapper.append(child)
