"""Comments below an article: in boxes called so, and below a heading over comments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from feedd.article import lexicon
from feedd.article.classifier import PARAGRAPH_MIN_WORDS, SURE_FROM
from feedd.article.classifier.containers import make
from feedd.article.classifier.features import PageFeatures
from feedd.article.tree.blocks import BlockDecision, kept_numbers, take_back, words_in
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import COMMENT

COMMENTED_MIN_WORDS: Final = 50
"""How many words of sentences must stand above the heading over comments: a count of comments may
stand above a text, too."""
RESPONSES: Final = frozenset(str.split("responses antworten réponses respuestas respostas ответы"))
"""Headings that stand over comments on a blog; in a manual, over how a server answers."""
RECURS_FROM: Final = 3
"""An invitation to comment that stands so often in the text stands below each step of a guide."""


def drop_comments(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop comments below the article.

    What stands below all other text in boxes called comments goes, if it is less than that text: of
    4,500 words in such boxes, wherever they stood, 180 were text. All below a heading over comments
    goes, unless the text goes on there.
    """
    blocks = page.blocks
    kept = kept_numbers(decisions)
    own = [n for n in kept if not page.near[n] & COMMENT and blocks[n].size >= PARAGRAPH_MIN_WORDS]
    boxed = [n for n in kept if page.near[n] & COMMENT and own and n > own[-1]]
    if words_in(blocks, boxed) < words_in(blocks, own):
        for number in boxed:
            take_back(decisions, number, "stands among the comments")
    last = max((n for n in kept if blocks[n].size >= PARAGRAPH_MIN_WORDS), default=0)
    above: list[int] = []
    said = 0
    for number, block in enumerate(blocks):
        may = said >= COMMENTED_MIN_WORDS and lexicon.opens_comments(block)
        may = may and not (page.is_manual and block.text.lower() in RESPONSES)
        if may and sum(block.words == other.words for other in blocks[:last]) < RECURS_FROM:
            below = [other for other in range(number, len(blocks)) if decisions[other].kept]
            if not _goes_on(page, decisions, number, above, below):
                for other in below:
                    take_back(decisions, other, "stands below the comments' heading")
                return
        if decisions[number].kept:
            said += block.size * page.stops[number]
            above.append(number)


def _goes_on(
    page: PageFeatures,
    decisions: Sequence[BlockDecision],
    heading: int,
    above: Sequence[int],
    below: Sequence[int],
) -> bool:
    """Whether the text goes on below a heading over comments.

    It does where a container of the text above holds a paragraph below, too, and where what is
    below convinces and either stands in boxes of the same make as the text above (answers, posts,
    chapters of a manual) or is longer than it, the "heading" being a count of comments at its top.
    """
    blocks = page.blocks
    held = {element for number in above for element in blocks[number].path[-1:]}
    long = [number for number in below if blocks[number].size >= PARAGRAPH_MIN_WORDS]
    if any(not held.isdisjoint(blocks[number].path[-1:]) for number in long):
        return True
    around = {element for number in above for element in blocks[number].path}
    makes = {make(e) for number in above for e in blocks[number].path[-3:] if e.get("class")}
    boxes = {e for number in long for e in blocks[number].path[-3:]} - around
    alike = page.is_manual or any(make(box) in makes for box in boxes)
    words, words_above = (words_in(blocks, numbers) for numbers in (below, above))
    expected, expected_above = (
        sum(blocks[n].size * decisions[n].score for n in numbers) for numbers in (below, above)
    )
    is_count = blocks[heading].element.tag not in HEADINGS
    is_count = is_count or expected_above < SURE_FROM * words_above
    is_most = words > words_above
    return (alike or (is_most and is_count)) and expected > SURE_FROM * words
