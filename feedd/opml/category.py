"""Tags in OPML's `category`, where commas and slashes have a meaning of their own.

Ours are percent-encoded where they hold one; those of other programs are taken as they are.
"""

from __future__ import annotations

import re

_MEANING = re.compile(r"[%,/]|^\s|\s$")


def escaped(tag: str) -> str:
    """A tag as one category."""
    return _MEANING.sub(lambda match: f"%{ord(match[0]):02X}", tag)


def unescaped(category: str) -> str:
    """The tag that `escaped` made a category of."""
    return re.sub(r"%([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), category)
