"""The place in a text that matched, with the matches marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from feedd.query.query_nodes import Term
from feedd.store.search.index import unspaced_run, visible

START, END = "\x02", "\x03"
SNIPPET_CHARS = 200
LEAD_CHARS = 60
"""How much of a snippet stands before the first match."""

_SEARCHED_CHARS = 200_000
_MATCHES_SEEN = 200
_WORDS = re.compile(r"\w+")


def pattern_for(terms: Sequence[Term]) -> re.Pattern[str] | None:
    """Finds the terms in folded text, each as a group of its own; None: they have no words."""
    groups = [words for term in terms if (words := _words_pattern(term))]
    return re.compile("|".join(f"({group})" for group in groups)) if groups else None


def snippet(text: str, pattern: re.Pattern[str] | None) -> str:
    """About `SNIPPET_CHARS` characters of the text on one line, around the place with the most
    different terms; "…" where it was cut.
    """
    text = visible(" ".join(text[:_SEARCHED_CHARS].split()))
    text = unicodedata.normalize("NFC", text)
    text = text.replace(START, "").replace(END, "")
    matches = _matches(text, pattern) if pattern else []
    start, end = _window(text, matches)
    marked = []
    at = start
    for from_, to, _ in matches:
        if from_ >= start and to <= end:
            marked += [text[at:from_], START, text[from_:to], END]
            at = to
    marked.append(text[at:end])
    before = "…" if start > 0 else ""
    after = "…" if end < len(text) else ""
    return before + "".join(marked).strip() + after


def fold(text: str) -> str:
    """Lower case without diacritics, character for character: places stay where they are."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, text))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


def _words_pattern(term: Term) -> str:
    words = _WORDS.findall(fold(unicodedata.normalize("NFC", visible(term.text))))
    if not words:
        return ""
    between = r"\W+"
    pattern = between.join(re.escape(word) for word in words)
    start = "" if unspaced_run(words[0][:1]) else r"(?<!\w)"
    end = "" if term.prefix or unspaced_run(words[-1][-1:]) else r"(?!\w)"
    if term.prefix:
        end = r"\w*"
    return f"{start}{pattern}{end}"


def _matches(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int, int]]:
    found = []
    for match in pattern.finditer(fold(text)):
        if match.end() > match.start():
            found.append((match.start(), match.end(), match.lastindex or 0))
        if len(found) >= _MATCHES_SEEN:
            break
    return found


def _window(text: str, matches: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    first = 0
    most = 0
    reach = SNIPPET_CHARS - LEAD_CHARS
    for number, (start, _, _) in enumerate(matches):
        within = set()
        for other in matches[number:]:
            if other[1] > start + reach:
                break
            within.add(other[2])
        if len(within) > most:
            first, most = start, len(within)
    start = max(0, first - LEAD_CHARS)
    if start > 0:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + SNIPPET_CHARS)
    if end < len(text):
        space = text.rfind(" ", first + 1, end)
        last = max((to for from_, to, _ in matches if from_ >= start and to <= end), default=0)
        end = space if space >= max(last, first + 1) else end
    return start, end
