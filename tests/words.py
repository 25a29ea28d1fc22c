"""Words that say something to programmers only, and do not belong in what a person is told."""

from __future__ import annotations

import re

_OF_PROGRAMMERS = re.compile(
    r"\bTraceback\b|\b(?:None|bytes|bytearray|dict|tuple|str|int|NaN)\b[('\"]"
    r"|NoneType|\bobject\b|\b[A-Z]\w+(?:Error|Exception|Warning)\b|\bErrno\b|\bError -?\d"
    r"|\bsys\.|\bPython int\b|recursion depth|\bb'|\bb\"|\\x[0-9a-f]{2}|<[a-z_.]+ at 0x"
    r"|\bzlib\b|while decompressing|block type|unicode_?decode|codec can't|immutable namespace"
    r"|[Cc]annot overwrite|\(char \d+\)|\('[^']*',(?: '[^']*',?)*\)",
)


def programmers_words(told: str) -> str | None:
    """The first such word in what a person is told; None where there is none."""
    found = _OF_PROGRAMMERS.search(told)
    return found[0] if found else None
