"""Authors: one field of RSS taken apart into a name and an address."""

from __future__ import annotations

import re

from feedd.parsing.limits import PERSON_MAX_CHARS
from feedd.parsing.raw import Person

_ADDRESS = re.compile(
    r"(?<![a-zA-Z0-9_.+-])[a-zA-Z0-9_.+-]++@"
    r"(?:\[(?:[0-9]{1,3}\.){3}[0-9]{1,3}\]|(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,24}\b)"
)
_AROUND_ADDRESS = re.compile(r"[(<\[]?\s*(?:mailto:)?\s*\0\s*[)>\]]?", re.I)
"""Brackets round an address that has been taken out."""


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
    name = _AROUND_ADDRESS.sub(" ", text.replace(email, "\0")).replace("&lt; &gt;", "")
    name = " ".join(name.split())
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1].strip()
    return Person(name or None, email)
