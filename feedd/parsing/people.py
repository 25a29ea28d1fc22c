"""Authors: one field of RSS taken apart into a name and an address."""

from __future__ import annotations

import re

from feedd.parsing.limits import PERSON_MAX_CHARS
from feedd.parsing.raw import Person

_ADDRESS = re.compile(
    r"[a-zA-Z0-9_.+-]+@(?:\[(?:[0-9]{1,3}\.){3}[0-9]{1,3}\]|(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,24}\b)"
)
_DAMAGED_NAME = re.compile(r"([A-Za-z]{1,20})\s?\((.+)", re.S)


def person(text: str) -> Person | None:
    """`mail@example.org (Name)`, `Name <mail@example.org>` or either alone; None for an empty
    field.
    """
    if not text:
        return None
    found = _ADDRESS.search(text) if "@" in text and len(text) <= PERSON_MAX_CHARS else None
    if not found:
        return Person(text)
    email = found[0]
    name = text.replace(email, "").replace("()", "").replace("<>", "").replace("&lt;&gt;", "")
    name = name.strip().removeprefix("(").removesuffix(")").strip()
    return Person(name or None, email)


def undamaged(name: str, email: str) -> Person:
    """An author as given, from what feedparser makes of it: it knows no top-level domain of more
    than four letters, and takes the rest of a longer one for the beginning of the name.
    """
    damaged = _DAMAGED_NAME.match(name)
    if not damaged:
        return Person(name, email)
    return Person(damaged[2].removesuffix(")").strip() or None, email + damaged[1])
