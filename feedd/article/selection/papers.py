"""Pages of scientific papers: what they tell of the paper beside its text, or its abstract."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import sections_of
from feedd.article.tree.blocks import Block, BlockDecision, kept_numbers, take_all_back, words_in
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import RELATED

_TABLE: Final = sections_of("papers.txt")
_OF_PAPER = re.compile(
    rf"(?i)\W*+(?:\d+ (?:citations|references)|(?:{_TABLE['about the paper']})(?:\W*+\d+)?\W*+)"
).fullmatch
_PARTICULAR = re.compile(rf"\W*+(?:{_TABLE['particulars']}) ?:", re.IGNORECASE)
_ABSTRACT = re.compile(rf"(?i)\W*+(?:{_TABLE['abstract']})\W*+").fullmatch
_REFERENCES = re.compile(rf"(?i)\W*+(?:{_TABLE['references']})(?:\W*+\d+)?\W*+").fullmatch
_CHAPTER = re.compile(rf"(?i)\W*+(?:(?:\d++|[ivx]++)\W++)?+(?:{_TABLE['chapter']})\W*+").fullmatch
_NAMES_ABSTRACT = re.compile(r"(?:(?<![a-zA-Z])[aA]|(?<=[a-z])A)bstracts?(?![a-zA-Z])").search
ABSTRACT_MIN_WORDS: Final = 30
_TO_READER: Final = frozenset({"you", "your", "please"})
"""What a site says to its reader; papers do not."""


def drop_apparatus(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop what a page tells of its paper (citations, permissions, history), by headings and
    labels; where the page has no more of the paper than the abstract, drop all else.
    """
    blocks, of_paper, cited, abstract = page.blocks, set[int](), set[int](), set[int]()
    headings = [n for n, block in enumerate(blocks) if block.element.tag in HEADINGS]
    for found, says in ((of_paper, _OF_PAPER), (cited, _REFERENCES), (abstract, _ABSTRACT)):
        for number in headings:
            if says(blocks[number].text):
                found.update(_chapter(blocks, number))
    named = [[*filter(_is_abstract, (*block.path, block.element))] for block in blocks]
    outer = {element for boxes in named for element in boxes[:-1]}
    boxed = {n for n, boxes in enumerate(named) if boxes}
    boxed -= {n for n in boxed if named[n][-1] in outer and not page.stops[n]}
    boxed |= {n for n in headings if n + 1 in boxed and blocks[n].path == blocks[n + 1].path}
    own = boxed - of_paper  # cards of other papers are led by a heading
    core = own if words_in(blocks, own) >= ABSTRACT_MIN_WORDS else abstract | boxed
    abstract |= core
    labelled = {n for n, block in enumerate(blocks) if _PARTICULAR.match(block.text)}
    of_paper |= labelled
    abstract -= labelled
    kept = set(kept_numbers(decisions))
    words = words_in(blocks, kept & core)
    if words < ABSTRACT_MIN_WORDS:
        return
    take_all_back(decisions, of_paper - abstract, "tells of the paper")
    others = kept - of_paper - core - cited
    told = [n for n in others if page.stops[n] or blocks[n].size >= ABSTRACT_MIN_WORDS]
    told = [
        n for n in told if not page.near[n] & RELATED and _TO_READER.isdisjoint(blocks[n].words)
    ]
    goes_on = any(_CHAPTER(blocks[n].text) for n in headings if n not in abstract)
    if not goes_on and words_in(blocks, told) <= words:
        tables = {n for n in kept & abstract if blocks[n].element.tag == "table"}
        take_all_back(decisions, kept - abstract | tables, "beside a paper's abstract")


def _is_abstract(element: HtmlElement) -> bool:
    return _NAMES_ABSTRACT(f"{element.get('class')} {element.get('id')}") is not None


def _chapter(blocks: Sequence[Block], number: int) -> range:
    """A heading and what stands below it, up to the next of its rank or a higher one, in the
    innermost box that holds both.
    """
    rank, path, last = blocks[number].element.tag, blocks[number].path, number + 1
    box = next((e for e in reversed(path) if last < len(blocks) and e in blocks[last].path), None)
    while last < len(blocks) and box in blocks[last].path:
        tag = blocks[last].element.tag
        if tag in HEADINGS and tag <= rank:
            break
        last += 1
    return range(number, last)
