"""Where a search matched, set off in titles and in the text around a match."""

from __future__ import annotations

import re
import unicodedata

from feedd.cli.screen import Screen
from feedd.terminal import ELLIPSIS, clusters, cut, gate, width

LEAD_SHARE = 3
"""At most a third of the line stands before the first match."""

_STYLE = ("bold", "red")
_SNIPPET_PART = re.compile("(\x02.*?\x03)", re.DOTALL)
_NARROWING = re.compile(r'\b(?:feed|tag|is|since|until):(?:"[^"]*"|\S*)')
_WORD = re.compile(r"(\w+)(\*?)")
_OPERATORS = frozenset({"OR", "AND", "NOT", "near", "NEAR"})


class Matches:
    """Marks what the words of `query` match: by style where there is colour, else (in the text, not
    in titles) by asterisks.
    """

    def __init__(self, query: str, screen: Screen) -> None:
        self._screen = screen
        words = [
            (_folded(word), star)
            for word, star in _WORD.findall(_NARROWING.sub(" ", query))
            if word not in _OPERATORS
        ]
        self._words = re.compile("|".join(_pattern(word, star) for word, star in words) or r"(?!)")

    def title(self, shown: str, *styles: str) -> str:
        """A gated title, painted."""
        if not self._screen.colours:
            return shown
        painted = ""
        at = 0
        for match in self._words.finditer(_folded(shown)):
            painted += self._screen.paint(shown[at : match.start()], *styles)
            painted += self._screen.paint(shown[match.start() : match.end()], *_STYLE)
            at = match.end()
        return painted + self._screen.paint(shown[at:], *styles)

    def context(self, snippet: str, room: int | None) -> str:
        """A store's snippet (matches between STX and ETX) on one line of at most `room` columns,
        the first match in view.
        """
        parts = [
            (self._marked(gate(part)), True) if part.startswith("\x02") else (gate(part), False)
            for part in _SNIPPET_PART.split(snippet)
        ]
        if room is not None and len(parts) > 1:
            parts[0] = (_last(parts[0][0], room // LEAD_SHARE), False)
        line = ""
        for text, hit in parts:
            shown = text if room is None else cut(text, room)
            line += self._screen.paint(shown, *(_STYLE if hit else ("dim",)))
            if room is not None:
                room -= width(shown)
                if shown != text or room <= 0:
                    break
        return line

    def _marked(self, text: str) -> str:
        return text if self._screen.colours else f"*{text}*"


def _pattern(word: str, star: str) -> str:
    if not word.isascii():  # scripts without spaces have no word ends
        return re.escape(word)
    return rf"(?<!\w){re.escape(word)}" + (r"\w*" if star else r"(?!\w)")


def _folded(text: str) -> str:
    """`text` without case and accents, each character still in its place."""
    if text.isascii():
        return text.lower()
    return "".join(unicodedata.normalize("NFD", char)[0].lower()[:1] or char for char in text)


def _last(text: str, columns: int) -> str:
    """The end of `text` in at most `columns`, from a word on if there is one."""
    if width(text) <= columns:
        return text
    kept: list[str] = []
    used = 1
    for cluster, wide in reversed(list(clusters(text))):
        if used + wide > columns:
            break
        kept.append(cluster)
        used += wide
    end = "".join(reversed(kept))
    head, space, rest = end.partition(" ")
    return ELLIPSIS + (rest if space and rest.strip() and len(head) < len(end) - 1 else end)
