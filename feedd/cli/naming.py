"""A handle for a new feed: short, easy to type, made from its title or its host. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from urllib.parse import urlsplit

MAX_SLUG_CHARACTERS = 24

# Labels of host names that say nothing about whose feed it is.
_WITHOUT_MEANING = frozenset(("www", "feeds", "feed", "rss", "blog", "blogs", "news", "m", "api"))
_SECOND_LEVEL = frozenset(("co", "com", "org", "net", "ac", "gov", "edu", "or", "ne"))
_SPELT_OUT = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "œ": "oe"})


def name_for(*, title: str | None, url: str, taken: Container[str]) -> str:
    """A name that is not taken, such as "planet-python"."""
    slug = _slug(title or "") or _slug(_host_word(url)) or "feed"
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"


def _slug(text: str) -> str:
    """`text` in lower-case ASCII, words joined by hyphens; "" where nothing legible is left."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_SPELT_OUT))
    letters = [c for c in folded if c.isalpha()]
    foreign = sum(not c.isascii() for c in letters)
    if foreign and foreign * 2 >= len(letters):
        return ""  # a script that has no ASCII form: its few Latin letters would mislead
    words = re.findall(r"[a-z0-9]+", "".join(c for c in folded if not _is_mark_or_quote(c)))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:MAX_SLUG_CHARACTERS]
        if len(longer) > MAX_SLUG_CHARACTERS:
            break
        slug = longer
    return slug


def _is_mark_or_quote(character: str) -> bool:
    return character in "'’ʼ" or unicodedata.category(character) == "Mn"


def _host_word(url: str) -> str:
    """The part of a host's name that people know it by: "ycombinator" of news.ycombinator.com."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    labels = host.split(".")
    if host.replace(".", "").isdigit() or ":" in host or len(labels) == 1:
        return host
    labels.pop()
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    telling = [label for label in labels if label not in _WITHOUT_MEANING]
    return (telling or labels)[-1]
