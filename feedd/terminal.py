"""Text from strangers, made safe for a terminal, measured in its columns, and cut.

Everything that came from a feed passes `gate` (or `gate_lines`) on its way to a terminal. What may
not pass: control characters and escape sequences (ECMA-48: C0, DEL, C1, CSI, OSC, DCS, SOS, PM,
APC), characters that reorder or hide text (Unicode UAX #9 embeddings, overrides and isolates;
invisible format characters; tags), and piles of combining marks.

Widths follow the terminals that draw a grapheme cluster in one piece: East Asian wide and emoji
take two columns (UAX #11), combining marks and joiners none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

MAX_MARKS_PER_CHARACTER = 6
"""Combining marks kept on one character; living scripts need fewer, piled-up text has more."""

ELLIPSIS = "…"

# Patterns are strings, compiled when first used: a usual title needs none of them.
#
# Sequences go as a whole, so that no "[31m" is left behind. Terminated ones only, and their bodies
# hold no control characters, so that a lone introducer neither eats text nor costs time.
_SEQUENCE = (
    r"(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]"  # CSI
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x00-\x1f\x7f-\x9f]*+(?:\x07|\x1b\\|\x9c)"  # OSC …
    r"|\x1b[ -/]*+[0-Z\\^-~]"  # two-character and charset sequences
)
_BLANKS = "[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+"
_BLANKS_IN_LINE = "[\t\v\f\x1c-\x1f]"
_LINE_ENDS = "\r\n?|[\x85\u2028\u2029]"
_DROPPED = (
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # invisible fillers
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\ufdd0-\ufdef\ufffe\uffff]"  # noncharacters
)
_PRINTABLE_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
"""What is dropped although str.isprintable takes it for visible."""
_SURROGATE = "[\ud800-\udfff]"
_JOINERS = "\u200c\u200d"
_EMOJI_STYLE = "\ufe0f"
_SELECTORS = range(0xFE00, 0xFE10)
_FLAG_HALVES = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)

# Most text is made of characters of one column each, or of two, that neither modify nor hide
# another.
NARROW = (
    " -~\xa0-\xac\xae-\u02ff\u0384-\u038a\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u0531-\u0556"
    "\u05d0-\u05ea\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
)
WIDE = "\u3000-\u3029\u3041-\u3096\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60"
_PLAIN = f"[{NARROW}{WIDE}]*+"


def gate(text: str) -> str:
    """`text` as one line that is safe to print."""
    if _is_safe(text):
        return text
    text = re.sub(_BLANKS, " ", re.sub(_SEQUENCE, "", text))
    return _visible(text)


def gate_lines(text: str) -> str:
    """`text` safe to print, its lines kept; tabs become spaces to the next multiple of eight."""
    if all(map(_is_safe, text.split("\n"))):
        return text
    text = re.sub(_LINE_ENDS, "\n", re.sub(_SEQUENCE, "", text))
    if "\t" in text:
        text = "\n".join(_expanded(line) for line in text.split("\n"))
    text = re.sub(_BLANKS_IN_LINE, " ", text)
    return "\n".join(map(_visible, text.split("\n")))


def _is_safe(line: str) -> bool:
    """Whether nothing in it takes a closer look: the usual line, for which nothing is compiled."""
    return line.isprintable() and (line.isascii() or all(map(_stands_alone, line)))


def _expanded(line: str) -> str:
    first, *rest = line.split("\t")
    done = [first]
    used = width(first)
    for part in rest:
        blanks = 8 - used % 8
        done += (" " * blanks, part)
        used += blanks - 1 + width(f" {part}")  # what begins it may modify the blank
    return "".join(done)


def _visible(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line
    line = re.sub(_SURROGATE, "\ufffd", re.sub(_DROPPED, "", line))
    return line if line.isascii() or re.fullmatch(_PLAIN, line) else _tamed(line)


def _tamed(line: str) -> str:
    """Joiners and selectors only where they join or select; marks only so many."""
    kept: list[str] = []
    joiner = ""
    marks = 0
    for character in line:
        if character in _JOINERS:
            joiner = character
            continue
        follows = bool(kept) and not kept[-1].isascii()
        if ord(character) in _SELECTORS:
            if not kept or ord(kept[-1]) in _SELECTORS or kept[-1] == " ":
                continue
        elif _is_mark(character):
            marks += 1
            if marks > MAX_MARKS_PER_CHARACTER:
                continue
        else:
            marks = 0
            if joiner and follows and not character.isascii():
                kept.append(joiner)
        joiner = ""
        kept.append(character)
    return "".join(kept)


# ------------------------------------------------------------------------------------ measuring


def width(text: str) -> int:
    """The columns that gated, one-line `text` takes."""
    if text.isascii():
        return len(text)
    return sum(columns for _, columns in clusters(text))


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """What a terminal draws in one piece, with its columns: a character and all that modify it."""
    return clusters_from(text, 0)


def clusters_from(text: str, at: int) -> Iterator[tuple[str, int]]:
    """The clusters of `text` from the place `at`, where one begins."""
    if text.isascii():
        for place in range(at, len(text)):
            yield text[place], 1
        return
    end = len(text)
    while at < end:
        first = text[at]
        columns = _columns(first)
        past = at + 1
        if ord(first) in _FLAG_HALVES and past < end and ord(text[past]) in _FLAG_HALVES:
            past, columns = past + 1, 2
        while past < end:
            follower = text[past]
            if follower == _EMOJI_STYLE:
                columns = max(columns, 1 if first.isalpha() else 2)
            elif follower in _JOINERS:
                if past + 1 < end and _is_pictograph(text[past + 1]) and _is_pictograph(first):
                    past += 1
            elif not (_is_mark(follower) or (columns == 2 and ord(follower) in _SKIN_TONES)):
                break
            past += 1
        yield text[at:past], columns
        at = past


def cut(text: str, columns: int) -> str:
    """Gated, one-line `text` in at most `columns`; a longer one ends at a word where one is near,
    with an ellipsis.
    """
    if columns < 1:
        return ""
    if width(text) <= columns:
        return text
    room = columns - 1
    kept, used = 0, 0
    word_end, word_used = 0, 0
    for cluster, wide in clusters(text):
        if cluster == " " and text[:kept].strip():
            word_end, word_used = kept, used
        if used + wide > room:
            break
        kept, used = kept + len(cluster), used + wide
    if text[kept : kept + 1] != " " and word_used * 3 >= room * 2:
        kept = word_end
    return text[:kept].rstrip(" ,;:-–—([{") + ELLIPSIS


# ------------------------------------------------------------------------------------ characters


@lru_cache(maxsize=8_192)
def _columns(character: str) -> int:
    if character.isascii():
        return 1
    from unicodedata import category, east_asian_width

    if east_asian_width(character) in "WF" or 0x1FA70 <= ord(character) <= 0x1FAFF:
        return 2
    return 0 if _is_mark(character) or category(character) == "Cf" else 1


@lru_cache(maxsize=8_192)
def _is_mark(character: str) -> bool:
    """Whether it is drawn onto the character before it."""
    if character.isascii():
        return False
    from unicodedata import category

    code = ord(character)
    jamo = 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF
    return jamo or category(character) in ("Mn", "Me")


@lru_cache(maxsize=8_192)
def _stands_alone(character: str) -> bool:
    """Whether a printable character is seen, and drawn beside the one before it."""
    return not (character in _PRINTABLE_FILLERS or _is_mark(character))


def _is_pictograph(character: str) -> bool:
    code = ord(character)
    return code >= 0x1F000 or 0x2190 <= code <= 0x2BFF
