"""Authors: one field of RSS taken apart into a name and an address."""

from __future__ import annotations

import re

from feedd.parsing.limits import PERSON_MAX_CHARS
from feedd.parsing.raw import Person

_ADDRESS = re.compile(
    r"(([a-zA-Z0-9\_\-\.\+]+)@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([a-zA-Z0-9\-]+\.)+))"
    r"([a-zA-Z]{2,4}|[0-9]{1,3})(\]?))(\?subject=\S+)?"
)


def person(text: str) -> Person | None:
    """`mail@example.org (Name)`, `Name <mail@example.org>` or either alone, as feedparser reads
    them; None for an empty field.
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
