"""Where the lines of a text end at a width: at spaces, hyphens, between East Asian characters.

Most text is made of characters of one column each, or of two, that neither modify nor hide another.
Long stretches of them are wrapped by searching for a place to break from the end of a line
backwards, and need no look at their joiners and marks.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from feedd.terminal import NARROW, WIDE, clusters_from

# Where a line may end (Unicode UAX #14, the part that matters here).
_NOT_FIRST = frozenset(
    "!%),.:;?]}¢°·’”›»…‰′″、。〉》」』】〕〗〞！％），．：；？］｝～ー々ゝゞヽヾ｠･ﾞﾟ"
)
_NOT_LAST = frozenset("$([{£¥‘“‹«〈《「『【〔〖〝＄（［｛｟")
_HYPHENS = frozenset("-‐–—")
_INSIDE_WORDS = frozenset("/?&=_.,;:+%#|~@")


def wrap(text: str, columns: int) -> list[str]:
    """Gated `text` in lines of at most `columns`; its own line ends are kept."""
    return [
        line[start:end]
        for line in text.split("\n")
        for start, end in breaks(line, columns) or [(0, 0)]
    ]


def breaks(line: str, columns: int) -> list[tuple[int, int]]:
    """Where each wrapped line of `line` starts and ends.

    Lines end at spaces, after hyphens, between East Asian characters (never before a closing mark
    or after an opening one); a longer word is broken after a sign inside it, else anywhere. Spaces
    at line ends are left out. `columns` below 2 counts as 2: a wide character needs as much.
    """
    columns = max(columns, 2)
    lines: list[tuple[int, int]] = []
    narrow = None if line.isascii() else re.compile(f"[{NARROW}]*+")
    wide = None if narrow is None else re.compile(f"[{WIDE}]*+")
    start, in_word = 0, False
    while True:
        found = _break_narrow(line, start, columns, narrow)
        if found is None and wide is not None:
            found = _break_wide(line, start, columns, wide)
        if found is None:
            found = _break_any(line, start, columns, in_word=in_word)
        if found is None:
            break
        if found.end > start:
            lines.append((start, found.end))
        start, in_word = found.next, found.in_word
    end = len(line.rstrip(" "))
    if end > start:
        lines.append((start, end))
    return lines


class _Break(NamedTuple):
    """A place to break a line: where it ends, where the next one starts, and whether that is
    within a word.
    """

    end: int
    next: int
    in_word: bool = False


def _break_narrow(
    line: str, start: int, columns: int, narrow: re.Pattern[str] | None
) -> _Break | None:
    """The break of a line of one-column characters (None: only such are there), found backwards
    from its end. None where it takes a closer look, or the rest fits.
    """
    # The character that is too much, and the one after, which might modify it.
    past = start + columns
    last = past + 2
    if last > len(line) or (narrow is not None and narrow.fullmatch(line, start, last) is None):
        return None
    if line[start] == " " or line[past : past + 2] == "  ":
        return None
    if line[past] == " ":
        return None if line[past - 1] == " " else _Break(past, past + 1)
    space = line.rfind(" ", start, past)
    tail = line[max(space, start) : past]
    if not _HYPHENS.isdisjoint(tail) or (space >= 0 and line[space - 1] == " "):
        return None
    if space >= 0:
        return _Break(space, space + 1)
    return _Break(past, past, line[past - 1].isalnum()) if _INSIDE_WORDS.isdisjoint(tail) else None


def _break_wide(line: str, start: int, columns: int, wide: re.Pattern[str]) -> _Break | None:
    """Likewise for a line of characters of two columns each."""
    past = start + columns // 2
    last = past + 2
    if last > len(line) or wide.fullmatch(line, start, last) is None:
        return None
    for place in range(past, start, -1):
        if line[place] not in _NOT_FIRST and line[place - 1] not in _NOT_LAST:
            return _Break(place, place, line[place - 1].isalnum())
    return None


def _break_any(line: str, start: int, columns: int, *, in_word: bool) -> _Break | None:
    """The break of the line that starts at `start`, found cluster by cluster; None: the rest fits.

    `in_word`: whether what stands before `start` is a word that may go on.
    """
    at, used = start, 0
    good: _Break | None = None
    fair: _Break | None = None
    before, before_wide = "", 0
    for cluster, wide in clusters_from(line, start):
        if cluster == " ":
            end = good.end if good is not None and before == " " else at
            good = _Break(end, at + 1)
            in_word = False
        else:
            if before and before != " ":
                if (before_wide == 2 or wide == 2 or before in _HYPHENS) and _may_part(
                    before, before_wide, cluster, wide, in_word=in_word
                ):
                    good = _Break(at, at, in_word)
                elif before[0] in _INSIDE_WORDS:
                    fair = _Break(at, at, in_word)
            if used + wide > columns and at > start:
                return good or fair or _Break(at, at, in_word)
            in_word = cluster[0].isalnum() or (in_word and cluster[0] in _HYPHENS)
        used += wide
        at += len(cluster)
        before, before_wide = cluster, wide
    return None


def _may_part(before: str, before_wide: int, after: str, after_wide: int, *, in_word: bool) -> bool:
    if after[0] in _NOT_FIRST or before[0] in _NOT_LAST:
        return False
    if before_wide == 2 or after_wide == 2:
        return "\xa0" not in (before, after)
    return in_word and before in _HYPHENS and after[0].isalpha()
