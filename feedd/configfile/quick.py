"""The plain TOML that most files are written in, read five times faster than by tomllib.

Every command reads the file first, and with a thousand feeds tomllib takes longer over it than the
rest of `feedd list` together. Here a line is one match. What is not plain (dotted keys, escapes,
multi-line strings, nested values, floats, dates), and everything that looks wrong, is left to
tomllib; what is read here means the same there.
"""

from __future__ import annotations

import re
from typing import Any

_BASIC = r'"([^"\\\x00-\x08\x0a-\x1f\x7f]*)"'
_LITERAL = r"'([^'\x00-\x08\x0a-\x1f\x7f]*)'"
_STRING = f"(?:{_BASIC}|{_LITERAL})"
_KEY = rf"(?:([A-Za-z0-9_-]+)|{_BASIC})"
_BREAK = r"(?:[ \t]|\r?\n)*"


def _uncaptured(pattern: str) -> str:
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


_ITEM = re.compile(_STRING)
_PAIR = re.compile(rf"{_KEY}[ \t]*=[ \t]*{_STRING}")
_LIST = rf"\[{_BREAK}(?:{_uncaptured(_STRING)}{_BREAK}(?:,{_BREAK}|(?=\])))*\]"
_INLINE = (
    rf"\{{[ \t]*(?:{_uncaptured(_PAIR.pattern)}[ \t]*"
    rf"(?:,[ \t]*(?=[A-Za-z0-9_\"-])|(?=\}})))*\}}"
)
_LINE = re.compile(
    r"[ \t]*(?:"
    rf"{_KEY}[ \t]*=[ \t]*"  # groups 1, 2
    rf"(?:{_STRING}|(true)|(false)|([1-9][0-9]{{0,8}})|({_LIST})|({_INLINE}))"  # 3, 4; 5 to 9
    rf"|\[[ \t]*{_KEY}[ \t]*(?:\.[ \t]*{_KEY}[ \t]*)?\]"  # 10, 11; 12, 13
    r")?[ \t]*(?:\#[^\x00-\x08\x0a-\x1f\x7f]*)?(?:\r?\n|\Z)"
)


def quick_document(text: str) -> dict[str, Any] | None:
    """What `tomllib.loads` gives for a plain document; None for any other."""
    document: dict[str, Any] = {}
    table = document
    at = 0
    while at < len(text):
        line = _LINE.match(text, at)
        if line is None:
            return None
        at = line.end()
        last = line.lastindex
        if last is None:
            continue
        if last >= 10:
            opened = _opened(document, line)
            if opened is None:
                return None
            table = opened
            continue
        key = line[1] if line[1] is not None else line[2]
        value = _value(line, last)
        if key in table or value is None or (table is document and isinstance(value, dict)):
            return None
        table[key] = value
    return document


def _opened(document: dict[str, Any], line: re.Match[str]) -> dict[str, Any] | None:
    """The new table that a header opens; None when the header is more than plain."""
    name = line[10] if line[10] is not None else line[11]
    inner = line[12] if line[12] is not None else line[13]
    parent = document
    if inner is not None:
        parent = document.setdefault(name, {})
        name = inner
    if not isinstance(parent, dict) or name in parent:
        return None
    opened: dict[str, Any] = {}
    parent[name] = opened
    return opened


def _value(line: re.Match[str], group: int) -> object:
    if group <= 4:
        return line[group]
    if group == 7:
        return int(line[7])
    if group == 8:
        return [basic or literal for basic, literal in _ITEM.findall(line[8])]
    if group == 9:
        pairs = _PAIR.findall(line[9])
        members = {bare or key: basic or literal for bare, key, basic, literal in pairs}
        return members if len(members) == len(pairs) else None
    return group == 5
