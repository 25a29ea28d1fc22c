"""What a page hides: what is not drawn, outside of the window, for screen readers alone.

Some of it is junk; some is text that unfolds, or that a script shows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier.features import PageFeatures
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    keep,
    kept_numbers,
    take_back,
    words_in,
)
from feedd.article.tree.elements import HEADINGS, QUESTION_ENDS, raw_text, remove, text_of, unwrap
from feedd.article.tree.normalise import UNFOLDED

HIDDEN_IN_LINE_MAX: Final = 2
"""Where more parts of a line are hidden, most of it has to be seen for them to be taken out."""
HIDDEN_IN_LINE_MAX_WORDS: Final = 25
"""Longer text that is hidden within a line is no tool's name."""
MARK_MAX_WORDS: Final = 12
"""Of a mark beside hidden copies of text that is shown, too."""

OPENER_MAX_CHARS: Final = 200
"""A longer text opens nothing."""

_NOT_DISPLAYED = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?!\.|[1-9])"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{4}",
    re.I,
).search
"""What is not drawn, or far outside of the window."""
_NEVER_SHOWN = re.compile(
    r"(?:^|\s)(?:screen-reader-text|sr-only|visually-?hidden|u-visually-?hidden"
    r"|w-condition-invisible)(?:\s|$)"
).search
"""Names of what is for screen readers alone, or for other readers than this one."""
_UNFOLDING = re.compile(
    r"accordi|collaps|toggle|\btab|faq|answer|expand|panel|spoiler|slide|wow|aos|anim|fade|reveal",
    re.I,
).search
"""Names of what is hidden until a reader asks for it."""
_CONTROL = re.compile(r"(?i)control|button|\bbtn|trigger").search
"""Names of what unfolds another thing: "Expand source" in the head of a listing."""
_OVER_PAGE = re.compile(
    r"modal|pop-?up|overlay|light-?box|dialog|off-?canvas|tool-?tip", re.I
).search
"""Names of what lies over the page and is none of its text."""
_NO_TEXT: Final = frozenset(
    str.split("modal hide navbox catlinks hatnote ambox md-source-file tsd-index-panel tsd-sources")
)
"""Class names by which manuals say that something is not there at first, or only leads on."""
_NOT_PRINTED: Final = frozenset({"noprint", "no-print", "d-print-none"})
"""Class names of what stands in a line for those alone who read it on a screen."""
FALLBACK_MAX_CHARS: Final = 200
"""A player that holds more was never closed."""
_WORDS: Final = lexicon.sections_of("words.txt")
_NO_PLAYER = re.compile(rf"(?=.*(?:{_WORDS['browsers']})).*(?:{_WORDS['players']})", re.I).match
"""What stands where a browser has no player."""
_SAYING_HIDDEN: Final = frozenset({"class", "style", "hidden"})
"""Attributes by one of which what is hidden says so."""
_WITHIN_LINES: Final = ("span", "a", "small", "em", "i", "b")


def drop_hidden_in_lines(root: HtmlElement) -> None:
    """Take out of lines what is hidden there (names of tools for screen readers, notes that pop up)
    and what is not to be printed (links to edit). Where most of a line is hidden, it stays: a
    script shows it word by word.
    """
    found: defaultdict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for element in root.iter(*_WITHIN_LINES):
        if _SAYING_HIDDEN.isdisjoint(element.keys()):
            continue
        is_away = _hides(element) or _is_not_printed(element.get("class"))
        if is_away and len(text_of(element).split()) <= HIDDEN_IN_LINE_MAX_WORDS:
            line = next(e for e in element.iterancestors() if e.tag not in _WITHIN_LINES)
            found[line].append(element)
    for line, hidden in found.items():
        chars, of_line = sum(len(raw_text(e)) for e in hidden), len(raw_text(line).strip())
        if (len(hidden) <= HIDDEN_IN_LINE_MAX and chars < of_line) or 2 * chars < of_line:
            for element in hidden:
                if next(element.iter("code", "img", "video"), None) is None:
                    remove(element)


def drop_fallbacks(root: HtmlElement) -> None:
    """Take out what browsers without a player show instead of it, in it or right below it. A
    picture that stands in for an `<object>` stays.
    """
    for thing in [each for each in root.iter("object") if next(each.iter("img"), None) is not None]:
        unwrap(thing)
    for player in list(root.iter("video", "audio")):
        if len(raw_text(player)) <= FALLBACK_MAX_CHARS:
            player.text = None
            player[:] = []
        text = _says(below := player.getnext())
        if below is not None and len(text) <= FALLBACK_MAX_CHARS and _NO_PLAYER(text):
            remove(below)


def drop_hidden(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop what the page hides, unless it is most of the text and said nowhere else: then a script
    shows it.
    """
    blocks, hides = page.blocks, _hides_of_manual if page.is_manual else _hides
    kept = kept_numbers(decisions)
    around = {blocks[number].path[-1:]: blocks[number].path for number in kept}
    hiding = {inner for inner, path in around.items() if any(map(hides, path))}
    hidden = [n for n in kept if blocks[n].path[-1:] in hiding or _is_hidden(blocks[n], hides)]
    if not hidden:
        return
    shown = {blocks[n].words for n in set(kept).difference(hidden)}
    is_copy = all(blocks[n].words in shown or blocks[n].size <= MARK_MAX_WORDS for n in hidden)
    share = 1.5 if page.is_manual else 2  # whose pages may be short
    if is_copy or share * words_in(blocks, hidden) < words_in(blocks, kept):
        for number in hidden:
            take_back(decisions, number, "hidden on the page")


def take_openers(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """Keep what stands above a text that unfolds: a `<summary>` that is no label, or a question."""
    for number, (block, below) in enumerate(pairwise(blocks)):
        if decisions[number].kept or not decisions[number + 1].kept or not below.path:
            continue
        inner = next((e for e in below.path if e not in block.path), below.element)
        if block.element.tag == "summary":
            is_opener = block.path[-1:] and block.path[-1] in below.path
        else:
            asks = block.text.endswith(QUESTION_ENDS) or inner.get(UNFOLDED) is not None
            is_opener = asks and _is_away(inner) and _says(inner.getprevious()) == block.text
        if is_opener and not lexicon.is_label(block.text):
            keep(decisions, number, "leads a text")


def _is_hidden(block: Block, hides: Callable[[HtmlElement], bool]) -> bool:
    parts = [part for part in block.element[:] if _hides(part) and text_of(part) == block.text]
    return bool(parts) or hides(block.element)


def _hides(element: HtmlElement) -> bool:
    named = element.get("class")
    if named and _is_never_shown(named):
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    if not _is_away(element):
        return False
    is_panel = element.get("role") == "tabpanel" or element.get("aria-labelledby") is not None
    return not (is_panel and element.get("hidden") is not None) and not _unfolds(element)


def _is_away(element: HtmlElement) -> bool:
    """Whether an element is not drawn, or is far outside of the window, until a script shows it."""
    if element.get("hidden") not in (None, "until-found"):
        return True
    style = element.get("style")
    return style is not None and _NOT_DISPLAYED(style) is not None


def _hides_of_manual(element: HtmlElement) -> bool:
    """Whether a manual hides an element: as in `_hides`, or because a script lays it over the page
    (forms for remarks, choices of a site, tips), which on other pages may be text. The names of
    tabs are hidden, too: they stand above what they show.
    """
    is_labels = len(element) > 1 and all(child.tag == "label" for child in element)
    if is_labels or element.get("role") == "tablist":
        return next(element.iter("p", "pre", *HEADINGS), None) is None
    named = element.get("class") or ""
    is_folded = element.tag == "details" and element.get("open") is None
    if is_folded and _is_beside_headline(element):  # in which browsers a thing works
        return True
    is_away = (is_folded and "ooltip" in named) or not _NO_TEXT.isdisjoint(named.split())
    return _hides(element) or (is_away and not _unfolds(element))


def _is_beside_headline(element: HtmlElement) -> bool:
    above = element.itersiblings("h1", preceding=True)
    return element.getparent().tag == "header" and next(above, None) is not None


@lru_cache(maxsize=4096)
def _is_never_shown(named: str) -> bool:
    named = named.lower()
    may = any(map(named.__contains__, ("sr-only", "-reader-", "visually", "-invisible")))
    return may and _NEVER_SHOWN(named) is not None


def _is_not_printed(named: str | None) -> bool:
    return named is not None and "no" in named and not _NOT_PRINTED.isdisjoint(named.split())


def _unfolds(element: HtmlElement) -> bool:
    """Whether an element, or the one around it, is shown when a reader asks for it: by its name, or
    because what stands above it opens it.
    """
    parent = element.getparent()
    is_of_text = parent is None or any(child.tag == "p" for child in parent)
    around = [element] if is_of_text else [element, parent]
    names = " ".join(f"{e.get('class') or ''} {e.get('id') or ''}" for e in around)
    if _OVER_PAGE(names):
        return False
    above = element.getprevious()
    is_opened = element.get(UNFOLDED) is not None or (above is not None and _opens(above))
    is_tool = element.tag in _WITHIN_LINES and _CONTROL(element.get("class") or "") is not None
    return is_opened or (_UNFOLDING(names) is not None and not is_tool)


def _opens(above: HtmlElement) -> bool:
    """Whether an element unfolds what stands below it: it has a state for that, or is a question.
    Of 1,350 hidden words that were text 1,260 stood below such an element, of 2,640 that were none
    20.
    """
    text = _says(above)
    if not 0 < len(text) <= OPENER_MAX_CHARS:
        return False
    has_state = any(each.get("aria-expanded") for each in above.iter())
    return has_state or text.endswith(QUESTION_ENDS)


def _says(element: HtmlElement | None) -> str:
    return text_of(element) if element is not None and isinstance(element.tag, str) else ""
