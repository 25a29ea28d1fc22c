"""What other extractors take for the article: candidates to compare blocks with.

Both work on copies of the one parse, as the page wrote it: their rules know pages, not our shape.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from feedd.article.blocks import JUDGED_MAX_CHARS, WORD

RUN_WORDS: Final = 3
"""Texts are compared by runs of so many words: fewer meet by chance, more break at every edit."""


@dataclass(frozen=True, slots=True)
class CandidateText:
    """One candidate text, ready to be asked how much of a block is in it."""

    runs: frozenset[tuple[str, ...]]
    lines: frozenset[tuple[str, ...]]
    words: int

    def share(self, words: Sequence[str]) -> float:
        """How much of a block's text the candidate holds, 0 to 1."""
        if not words or not self.words:
            return 0.0
        if len(words) < RUN_WORDS + 1:
            return float(tuple(words) in self.lines)
        runs = list(zip(words, words[1:], words[2:], strict=False))
        return sum(run in self.runs for run in runs) / len(runs)


def candidate_text(lines: Iterable[str]) -> CandidateText:
    """A candidate out of its lines of text."""
    split = [tuple(WORD.findall(line[:JUDGED_MAX_CHARS].lower())) for line in lines]
    words = [word for line in split for word in line]
    return CandidateText(
        runs=frozenset(zip(words, words[1:], words[2:], strict=False)),
        lines=frozenset(split),
        words=len(words),
    )


NO_CANDIDATE: Final = candidate_text(())


ENOUGH_WORDS: Final = 25
"""When the first candidate finds less, the second is asked as well."""


def load() -> None:
    """Load the extractors, which takes as long as cleaning several pages; what they log of a page
    is of no use to anyone.
    """
    import readability
    import trafilatura

    for library in (trafilatura, readability):
        logging.getLogger(library.__name__).setLevel(logging.CRITICAL)


def best_candidate(root: HtmlElement) -> CandidateText:
    """What trafilatura takes for the article, or readability where trafilatura finds next to
    nothing.

    Asking both every time was tried: it costs as much again and brought no clear gain.
    """
    found = by_trafilatura(root)
    return found if found.words >= ENOUGH_WORDS else by_readability(root)


def by_trafilatura(root: HtmlElement) -> CandidateText:
    """What trafilatura takes for the article."""
    load()
    from trafilatura.core import bare_extraction
    from trafilatura.settings import Document

    document = bare_extraction(
        copy.deepcopy(root), fast=True, include_comments=False, with_metadata=False
    )
    if not isinstance(document, Document) or document.body is None:
        return NO_CANDIDATE
    return candidate_text(" ".join(element.itertext()) for element in _lines(document.body))


def _lines(body: HtmlElement) -> Iterable[HtmlElement]:
    for element in body:
        if element.tag in ("list", "table", "quote", "div", "row") and len(element):
            yield from _lines(element)
        else:
            yield element


def by_readability(root: HtmlElement) -> CandidateText:
    """What readability takes for the article."""
    load()
    import lxml.html
    from readability import Document
    from readability.readability import Unparseable

    class OnTree(Document):  # type: ignore[misc]
        """readability over a tree: it would parse the markup anew, up to twice."""

        def _parse(self, given: HtmlElement) -> HtmlElement:
            from readability.cleaners import html_cleaner

            return html_cleaner.clean_html(copy.deepcopy(given))

    try:
        summary = OnTree(root).summary()
    except Unparseable:
        return NO_CANDIDATE
    if not summary:
        return NO_CANDIDATE
    found = lxml.html.document_fromstring(summary)
    return candidate_text(str(text) for text in found.itertext())
