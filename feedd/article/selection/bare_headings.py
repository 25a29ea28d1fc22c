"""Headings that stand above nothing: of boxes of which all else was dropped, and at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from feedd.article import lexicon
from feedd.article.classifier import AMID_FROM, PARAGRAPH_MIN_WORDS, SURE_FROM
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import LABEL_MAX_WORDS
from feedd.article.selection import edges
from feedd.article.selection.pointers import LINKS_MIN_SHARE
from feedd.article.tree.blocks import Block, BlockDecision, kept_numbers, take_back
from feedd.article.tree.elements import HEADINGS, MEDIA, QUESTION_ENDS, text_of

LISTED_MIN: Final = 3
"""From how many headings above nothing on they are a list, and stay."""
REST_MIN_WORDS: Final = 3
"""A box must have held so many words more than its heading: less is a tool beside it."""


def drop_of_boxes(blocks: Sequence[Block], decisions: list[BlockDecision]) -> bool:
    """Drop the heading of a box of which nothing else is kept, and the headings of a box of links.
    Returns whether there were any.
    """
    kept = [blocks[number] for number in kept_numbers(decisions)]
    holding = Counter(element for block in kept for element in block.path)
    headed = Counter(e for block in kept if block.element.tag in HEADINGS for e in block.path)
    found = False
    for number, block in enumerate(blocks[:-1]):
        is_short = block.size <= LABEL_MAX_WORDS and not block.text.endswith((".", "!", "?"))
        if not (is_short and decisions[number].kept) or decisions[number].why == edges.DECK:
            continue
        next_one, below = blocks[number + 1], blocks[number + 1].path
        leads = next_one.element.tag == "li" and next_one.link_density > LINKS_MIN_SHARE
        leads = leads and not decisions[number + 1].kept
        around = block.path[-1 - (block.element.tag in HEADINGS) :]
        boxes = [e for e in around if e in below and holding[e] in (1, leads * headed[e])]
        box = boxes[0] if boxes and leads else next(reversed(around), None)
        held = (b.size for b in blocks if box in b.path and not lexicon.is_label(b.text, b.words))
        if boxes and sum(held) >= block.size + REST_MIN_WORDS:
            take_back(decisions, number, "the heading of a box that goes")
            found = True
    return found


def drop_at_end(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop headings at the end of the text: what they announced was dropped. Those stay that end a
    list: headings of one make that each have nothing or a picture below them.
    """
    blocks = page.blocks
    kept = kept_numbers(decisions)
    ending = []
    for number in range(len(blocks) - 1, -1, -1):
        if decisions[number].kept:
            tag = blocks[number].element.tag
            if tag not in HEADINGS or _heads_media(blocks, number):
                break
            prose = [n for n in kept if blocks[n].element.tag == tag and _is_prose(page, n)]
            if len(prose) > 1 and number in prose:
                break  # a page whose paragraphs are written as headings
            ending.append(number)
    texts = {e for n in kept if blocks[n].size >= PARAGRAPH_MIN_WORDS for e in blocks[n].path}
    listed = Counter(
        page.kin[number]
        for number in kept_numbers(decisions)
        if blocks[number].element.tag in HEADINGS
        and not page.says[number]
        and not (
            texts
            and blocks[number].link_density > LINKS_MIN_SHARE
            and texts.isdisjoint(blocks[number].path[-2:])  # leads away, below the text
        )
        and (number in ending or _heads_media(blocks, number) or not decisions[number + 1].kept)
    )
    for number in ending:
        score = decisions[number].score
        is_shown = blocks[number].media_before and not blocks[number].link_chars
        least = AMID_FROM if is_shown else SURE_FROM
        if listed[page.kin[number]] < LISTED_MIN or score < least or page.says[number]:
            take_back(decisions, number, "a heading of nothing")
        else:
            return


def _is_prose(page: PageFeatures, number: int) -> bool:
    """Whether a heading is a whole paragraph: no question, and not cut off by an ellipsis."""
    block = page.blocks[number]
    cut = block.text.endswith((*QUESTION_ENDS, "…", "..."))
    return page.stops[number] and block.size >= PARAGRAPH_MIN_WORDS and not cut


def _heads_media(blocks: Sequence[Block], number: int) -> bool:
    """Whether a picture, player or post of another site stands right below a heading."""
    heading = blocks[number]
    if number + 1 == len(blocks) or not blocks[number + 1].media_before:
        beside = heading.element.itersiblings()
        shown = next((e for e in beside if e.tag in MEDIA or len(e) or text_of(e)), None)
        if shown is not None and (shown.tag in MEDIA or next(shown.iter(*MEDIA), None) is not None):
            return not text_of(shown)
    if number + 1 == len(blocks):
        return False
    below = blocks[number + 1]
    own = set(heading.path)
    return below.media_before or any(
        element.tag in ("figure", "blockquote") for element in below.path if element not in own
    )
