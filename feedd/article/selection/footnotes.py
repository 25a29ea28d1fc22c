"""What a text refers to: footnotes that it points to, and its sources, listed below it."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import takewhile
from typing import Final

from lxml.html import HtmlElement

from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import SOURCES
from feedd.article.tree.blocks import Block, BlockDecision, keep, keep_all, kept_numbers, together
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import BOILERPLATE_CLASSES
from feedd.article.tree.media import is_to_follow
from feedd.article.tree.normalise import LINK

_NOTE = re.compile(r"#(?:cite_?)?(?:fn|foot|note|end-?note|ref|sdfootnote|_ftn|_edn)", re.I).match
"""Addresses of notes on the same page."""
NOTE_MAX_PARTS: Final = 3
SOURCES_NEAR: Final = 6
"""How many blocks below the text the line above its sources may stand."""
SOURCES_MAX_WORDS: Final = 8
"""Of the line above the sources."""
ITEMS_MIN: Final = 2
SOURCES_MAX: Final = 15
"""More are the references of a paper, which are not kept."""


def take_footnotes(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """Keep what a kept block links to as its note."""
    wanted = {
        (link.get("href") or "")[1:]
        for number in kept_numbers(decisions)
        for link in blocks[number].element.iter("a")
        if _NOTE(link.get("href") or "")
    }
    if not wanted:
        return
    for number, block in enumerate(blocks):
        names = {element.get("id") for element in (*block.path[-2:], block.element)}
        names |= {element.get("id") or element.get("name") for element in block.element.iter("a")}
        if not wanted.isdisjoint(names - {None}):
            note = together(blocks, number) if block.text.isdigit() else [number]
            if len(note) <= NOTE_MAX_PARTS:
                keep_all(decisions, note, "a footnote")


def take_sources(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep sources: links below a line such as "Sources:", in a container of the text or a box
    there, if one of them leads to another site; and items below a heading of the text of which all
    do.
    """
    blocks = page.blocks
    for number in page.headings:
        items = _sources(page, number)[1:] if _heads_items(page, decisions, number) else ()
        for item in items if len(items) >= ITEMS_MIN and _all_lead_off(page, items) else ():
            if not (decisions[item].kept or page.says[item]):
                keep(decisions, item, "leads to another site, below a heading")
    for number, block in enumerate(blocks):
        if block.size > SOURCES_MAX_WORDS or block.words not in SOURCES:
            continue
        near = range(number - 1, max(-1, number - 1 - SOURCES_NEAR), -1)
        last = next((n for n in near if decisions[n].kept), None)
        if last is None or not (
            decisions[number].kept or set(blocks[last].path[-2:]).intersection(block.path)
        ):
            continue
        keep_all(decisions, _sources(page, number), "a source")


def _heads_items(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a heading of the text stands above an item that was lost."""
    below = number + 1
    if not decisions[number].kept or below == len(decisions) or decisions[below].kept:
        return False
    is_item = page.blocks[below].element.tag == "li"
    return is_item and not page.near[below] & BOILERPLATE_CLASSES


def _all_lead_off(page: PageFeatures, numbers: Sequence[int]) -> bool:
    """Whether each of these lines has a link, all links lead to other sites, and none to where one
    follows or shares.
    """
    links = [_links(page.blocks[number]) for number in numbers]
    return all(links) and all(
        page.leads_off(to) and not is_to_follow(to) for of_line in links for to in of_line
    )


def _sources(page: PageFeatures, number: int) -> list[int]:
    """A line with the links right below it in its box, if one of them leads to another site."""
    line = page.blocks[number]
    if line.link_chars or line.element.tag == "li" or not line.path:
        return []
    box = line.path[-1]
    boxes = {box, box.getparent()} if box.tag in ("header", "summary") else {box}
    below = range(number + 1, len(page.blocks))
    tag = page.blocks[below[0]].element.tag if below else ""
    found = [*takewhile(lambda n: _is_source(page, n, boxes, tag), below)]
    if len(found) > SOURCES_MAX:
        return []
    links = (link for n in found for link in _links(page.blocks[n]))
    return [number, *found] if any(map(page.leads_off, links)) else []


def _is_source(page: PageFeatures, number: int, boxes: Set[HtmlElement], tag: str) -> bool:
    """Whether a block is an item, or another line with a link, in one of these boxes."""
    block = page.blocks[number]
    if block.element.tag != tag or tag in HEADINGS or boxes.isdisjoint(block.path):
        return False
    return tag == "li" or (block.link_chars > 0 and not page.says[number])


def _links(block: Block) -> list[str]:
    """The addresses of a block's links, or of the one that it stands in."""
    own = block.element.get(LINK)
    return [own] if own else [link.get("href") or "" for link in block.element.iter("a")]
