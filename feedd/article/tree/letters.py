"""Letters as archives of mailing lists show them: the head in the listing, replies' how-to below.

Such pages are preformatted text throughout (public-inbox, MARC), so nothing but its words tells a
letter from what the archive adds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree.elements import raw_text, remove
from feedd.article.tree.markup import squash

HEAD_MAX_CHARS: Final = 20_000
BEGINNING_PARTS: Final = 3
BEGINNING_MAX_CHARS: Final = 40
"""A field's name stands there."""
BELOW_MAX: Final = 50
"""An archive puts no more elements below a letter."""
REST_MAX_CHARS: Final = 300
"""How much an archive may say between a letter's head and the letter."""
_FIELD: Final = (
    r"(?:from|to|cc|subject|date|sender|list|newsgroups|message-id|in-reply-to|references|reply-to"
    r"|list-id|x-[\w-]++):[^\n]*+\n(?:[ \t][^\n]*+\n)*+"
)
_HEAD = re.compile(rf"(?i)\s*+(?:{_FIELD}){{3}}(?:{_FIELD})*+")
"""Three fields or more, one below the other."""
_SUBJECT = re.compile(r"(?im)^subject:[ \t]*+([^\n]++)")
_BESIDE: Final = frozenset({"pre", "form", "hr", "br", "a", "b", "table", "style"})
"""What archives put below a letter; where paragraphs stand there, it is shown amid a text."""


def settle(root: HtmlElement, titles: Sequence[str]) -> None:
    """Take the head off the letter that a page is called after, and what stands below it."""
    for listing in root.iter("pre"):
        if ":" not in "".join(islice(listing.itertext(), BEGINNING_PARTS))[:BEGINNING_MAX_CHARS]:
            continue
        text = raw_text(listing)
        head = _HEAD.match(text, 0, HEAD_MAX_CHARS)
        subject = _SUBJECT.search(head[0]) if head else None
        if head is None or subject is None or not _is_called(subject[1], titles):
            continue
        below = list(islice(listing.itersiblings(), BELOW_MAX + 1))
        if len(below) > BELOW_MAX or any(element.tag not in _BESIDE for element in below):
            continue
        ends = text.find("\n\n", head.end() - 1, head.end() + REST_MAX_CHARS)
        if ends >= 0 and _cut(listing, ends):
            listing.tail = None
            for element in below:
                element.tail = None
                remove(element)
            return


def _is_called(subject: str, titles: Sequence[str]) -> bool:
    """Whether a title is a letter's subject, or begins with it: who wrote it may follow."""
    said = squash(subject)
    return bool(said) and any(squash(title).startswith(said) for title in titles)


def _cut(listing: HtmlElement, ends: int) -> bool:
    """Take the first `ends` characters off; False where they end within an element."""
    gone: list[HtmlElement] = []
    at = len(listing.text or "")
    for child in listing:
        if at >= ends:
            break
        at += len(raw_text(child))
        if at > ends:
            return False
        at += len(child.tail or "")
        gone.append(child)
    left = (gone[-1].tail if gone else listing.text) or ""
    listing.text = left[len(left) - (at - ends) :].lstrip("\n") if at > ends else ""
    for child in gone:
        child.tail = None
        listing.remove(child)
    return True
