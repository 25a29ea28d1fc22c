"""newsboat's `urls` file read: an address a line, with tags and `~title` (newsboat's manual, "The
urls file").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from feedd.opml.subscriptions import OpmlFeed

LABEL_MAX_CHARS: Final = 300
SHOWN_MAX_CHARS: Final = 80

_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"|(\S++)')
_WEB: Final = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)
_BEGINS: Final = re.compile(
    r'"?(?:https?://|feed:|query:|filter:|exec:|file:|include |ignore )', re.IGNORECASE
)
_WHY: Final = {
    "query": "a query over other feeds; `feedd list` and tags find what it found",
    "filter": "a feed that a program changes; give an exec: feed by hand for that",
    "exec": "a program's output; only written by hand into the file is a program run",
    "file": "a local file; only written by hand into the file is it read",
}


def is_urls_file(text: str) -> bool:
    """Does its first line that says something begin as newsboat's do?"""
    lines = (line.strip() for line in text[:100_000].splitlines())
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return _BEGINS.match(first) is not None


def subscribed(text: str) -> Iterator[tuple[int, OpmlFeed | str]]:
    """Each line that says something, with its number: a feed, or why it is none."""
    for number, line in enumerate(text.splitlines(), 1):
        words = list(_words(line))
        if not words:
            continue
        address, *labels = words
        kind = address.partition(":")[0].lower()
        if kind in _WHY:
            yield number, f'"{_shown(address)}" is {_WHY[kind]}'
        elif not (_WEB.fullmatch(address) and address.isprintable()):
            yield number, f'no http:// or https:// address: "{_shown(address)}"'
        else:
            titles = [label[1:] for label in labels if label.startswith("~")]
            hidden = ("hidden (!)",) if "!" in labels else ()
            tags = (label for label in labels if label != "!" and not label.startswith("~"))
            yield (
                number,
                OpmlFeed(
                    address,
                    title=next(filter(None, map(_label, titles)), None),
                    tags=tuple(dict.fromkeys(filter(None, map(_label, tags)))),
                    left_out=hidden,
                ),
            )


def _words(line: str) -> Iterator[str]:
    """The words of a line, quoted or not, up to a comment."""
    if line.lstrip().startswith("#"):
        return
    for word in _WORD.finditer(line):
        if word[2] is not None and word[2].startswith("#"):
            return
        yield word[2] if word[1] is None else re.sub(r"\\(.)", r"\1", word[1])


def _label(text: str) -> str:
    line = " ".join(text.split())
    return "".join(c for c in line if c.isprintable())[:LABEL_MAX_CHARS].strip()


def _shown(text: str) -> str:
    return _label(text)[:SHOWN_MAX_CHARS]
