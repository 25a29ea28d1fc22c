"""Output that was looked at and found good, kept in files beside the tests.

    FEEDD_APPROVE=1 python -m pytest PATH     takes over what PATH's tests give now

Then look at the difference, as at any change: each line of it is what a user would see otherwise.
"""

from __future__ import annotations

import difflib
import hashlib
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

LINES_SHOWN = 40
"""So much of a difference is told."""

MARKS_A_LINE = 20


def approved(path: Path, text: str) -> None:
    """Fails where `text` is not what the file says."""
    if os.environ.get("FEEDD_APPROVE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = difflib.unified_diff(known.splitlines(), text.splitlines(), n=0, lineterm="")
    shown = "\n".join(itertools.islice(lines, 2, LINES_SHOWN))
    assert not shown, (
        f"{path.name} says otherwise; where that is meant, run this test with FEEDD_APPROVE=1, and"
        f" look at `git diff`:\n{shown}"
    )


def mark(value: object) -> str:
    """A value in eight characters."""
    return hashlib.sha256(repr(value).encode("utf-8", "backslashreplace")).hexdigest()[:8]


def short(value: object) -> str:
    """A value on one line; a long one cut, with a mark of the whole."""
    said = ascii(value)
    return said if len(said) <= 90 else f"{said[:80]}… {mark(value)}"


def marked(
    shown: int, count: int, of: Callable[[int], object], mark: Callable[[object], str] = mark
) -> Iterator[str]:
    """Lines for the cases that are too many to be shown, from number `shown` on: what comes `of`
    each as a mark. `count` is how many there are in all.
    """
    for first in range(shown, count, MARKS_A_LINE):
        marks = [mark(of(number)) for number in range(first, first + MARKS_A_LINE)]
        yield f"{first}: {' '.join(marks)}"
