"""Plain text of stored HTML, for summaries, snippets and rebuilding the search index.

Stored HTML went through `sanitise`: tags are balanced, attribute values are quoted and hold no
bare "<" or ">", entities are few. That makes regular expressions enough, and spares a command that
prints summaries the import of a parser.
"""

from __future__ import annotations

import re

_BLOCK_TAGS = """
    address article aside blockquote br caption dd details div dl dt figcaption figure footer h1
    h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead
    tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[^>]*>|<!--.*?-->", re.DOTALL)
_PRE = re.compile(r"<pre\b[^>]*>(.*?)</pre>", re.IGNORECASE | re.DOTALL)
_WHITE = re.compile(r"\s+")


def plain(html: str) -> str:
    """Blocks on lines of their own, entities resolved, white space collapsed except in <pre>."""
    if "<" not in html:
        return " ".join(_resolved(html).split())
    if "<pre" not in html:
        return _flow(html)
    parts = []
    at = 0
    for match in _PRE.finditer(html):
        parts.append(_flow(html[at : match.start()]))
        parts.append(_resolved(_TAG.sub("", match[1])).strip("\n"))
        at = match.end()
    parts.append(_flow(html[at:]))
    return "\n".join(part for part in parts if part)


def excerpt(text: str, limit: int) -> str:
    """The beginning of a text on one line, at most `limit` characters, cut at a word."""
    line = _WHITE.sub(" ", text[: limit * 2]).strip()
    if len(line) <= limit:
        return line if len(text) <= limit * 2 else line + "…"
    cut = line.rfind(" ", limit // 2, limit)
    return line[: cut if cut > 0 else limit - 1].rstrip() + "…"


def _flow(html: str) -> str:
    text = _TAG.sub(_break, html.replace("\n", " "))
    lines = (" ".join(line.split()) for line in _resolved(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _resolved(text: str) -> str:
    if "&" not in text:
        return text
    from html import unescape  # brings a table of 2,231 names, which most lists do without

    return unescape(text)


def _break(tag: re.Match[str]) -> str:
    name = tag[1]
    return "\n" if name is not None and name.lower() in _BLOCKS else ""
