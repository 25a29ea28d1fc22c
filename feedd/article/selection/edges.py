"""The edges of a text: decks and sentences below the headline, notes and sections at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from itertools import pairwise, takewhile
from typing import Final

from lxml.html import HtmlElement

from feedd.article.classifier import (
    ABOVE_FROM,
    AMID_FROM,
    AMONG_FROM,
    PART_LINKS_MAX_SHARE,
    SENTENCE_MIN_WORDS,
    SURE_FROM,
)
from feedd.article.classifier.containers import holding_most, make, make_begins
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import parted, sections_of
from feedd.article.selection.pointers import CARD_MAX_WORDS, LINKED_MIN
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    keep,
    keep_all,
    kept_numbers,
    take_back,
    words_in,
)
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import BOILERPLATE_CLASSES, group_bits

LEAD_MIN_WORDS: Final = 15
"""Sentences between the headline and the text that are so long are kept from `ABOVE_FROM` on, in no
box of something else; in a box of a question, the question from `AMONG_FROM` on."""
BELOW_FROM: Final = 0.35
"""Sentences right below the text, in its container or a box there, are kept from this score on: on
corrections, say."""
NOTES_MAX: Final = 3
"""How many lines right below the text may be notes."""
NOTE_MAX_WORDS: Final = 90
"""The longest note below a text, on its author, say."""
BOXES_MIN: Final = 2
"""A box right below the text stays where so many others of its make are kept."""
DECK: Final = "a deck"
DECK_FROM: Final = 0.15
DECKS_MAX: Final = 4
DECK_MIN_WORDS: Final = 4
DECK_ALONE_MIN_WORDS: Final = 8
_OF_PAGE: Final = frozenset({"byline", "dated", "share", "comments", "pointer", "about", "contact"})
"""Groups of words that speak of the page, not of the article's subject."""
_DECK_PARTS: Final = parted(sections_of("class_names.txt")["deck"])
_DECK_WORDS: Final = frozenset({"dek", "deck", "sapo", "lede"})
"""Class names that templates give to the deck: parts of a name, and whole words of one."""
GALLERY_MIN: Final = 3
"""From so many pictures with captions on they are a gallery."""
_ASKED: Final = group_bits("recipe")
LINE_MAX_WORDS: Final = 12
BODY_MIN_SHARE: Final = 0.6
_BODIES: Final = frozenset({"articleBody", "text"})
"""What microdata calls the element that holds a text."""


def take_edges(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep the edges of a text: sentences between the headline and the first kept block, whatever
    their container; decks right below the headline; and up to `NOTES_MAX` sentences right below the
    last kept block, in a container of the text or a box there.
    """
    kept = kept_numbers(decisions)
    if not kept:
        return
    first, last, held = kept[0], kept[-1], {e for n in kept for e in page.blocks[n].path[-1:]}
    held.update(_around_several(page, kept))
    above = range(first if page.headline is None else page.headline + 1, first)
    decks = above[: 0 if page.headline is None else DECKS_MAX]
    below = range(last + 1, len(decisions))[: 0 if page.is_thread else NOTES_MAX]
    for number in (*above, *below):
        block, score = page.blocks[number], decisions[number].score
        least, links_max, is_own = AMID_FROM, PART_LINKS_MAX_SHARE, number < first
        if is_own and block.size >= LEAD_MIN_WORDS and not page.near[number] & BOILERPLATE_CLASSES:
            least = AMONG_FROM if page.near[number] & _ASKED else ABOVE_FROM
        if not is_own:
            least, links_max = BELOW_FROM, 0.0
            is_own = not page.near[number] & BOILERPLATE_CLASSES and block.size <= NOTE_MAX_WORDS
            if is_own and _goes_on_with(page, decisions, kept, number):
                least = AMONG_FROM
            else:
                is_own = is_own and not held.isdisjoint(block.path[-2:])
        may = is_own and page.stops[number] and not (block.is_caption or page.says[number])
        if may and score >= least and block.link_density <= links_max:
            why = f"a sentence {'below' if number > last else 'above'} the text"
            keep(decisions, number, why)
        elif number in decks and score >= DECK_FROM and _is_deck(page, number, held):
            keep(decisions, number, DECK)
        elif number in decks and score >= AMID_FROM and _is_with_headline(page, number):
            keep(decisions, number, "a deck, alone with the headline")


def _is_deck(page: PageFeatures, number: int, held: Set[HtmlElement]) -> bool:
    """Whether a line right below the headline is a deck by its class, or by that of a box around it
    that holds none of the text.
    """
    block = page.blocks[number]
    if block.size < DECK_MIN_WORDS or block.link_chars or block.is_caption or block.text[-1] == ":":
        return False
    named = (block.element, *(e for e in block.path[-1:] if e not in held))
    names = [name.lower() for element in named if (name := element.get("class"))]
    is_deck = any(part in name for name in names for part in _DECK_PARTS) or any(
        not _DECK_WORDS.isdisjoint(name.replace("-", " ").replace("_", " ").split())
        for name in names
    )
    said = page.says[number] if is_deck else _OF_PAGE
    asks = "subscribe" in said and block.size < SENTENCE_MIN_WORDS
    return not asks and said.isdisjoint(_OF_PAGE)


def _is_with_headline(page: PageFeatures, number: int) -> bool:
    """Whether a box holds the headline and, right below that, this line alone."""
    block, above = page.blocks[number], page.blocks[number - 1]
    is_right_below = number - 1 == page.headline and block.path == above.path
    if not is_right_below or block.size < DECK_ALONE_MIN_WORDS or block.link_chars:
        return False
    if block.is_caption or not page.says[number].isdisjoint(_OF_PAGE) or not block.path:
        return False
    return number + 1 == len(page.blocks) or block.path[-1] not in page.blocks[number + 1].path


def _around_several(page: PageFeatures, kept: Sequence[int]) -> set[HtmlElement]:
    """Containers with several boxes in them that each hold several sentences of the text."""
    sentences = Counter(page.blocks[n].path[-2:] for n in kept if page.stops[n])
    boxes = Counter(path[0] for path, times in sentences.items() if times > 1 and len(path) == 2)
    return {box for box, times in boxes.items() if times >= BOXES_MIN}


def _goes_on_with(
    page: PageFeatures, decisions: Sequence[BlockDecision], kept: Sequence[int], number: int
) -> bool:
    """Whether a line below the text continues it: below a heading in a box of its own, in one more
    box like that of the last line, or, where no block convinces, in the container that holds most.
    """
    block, ending, before = page.blocks[number], page.blocks[kept[-1]], page.blocks[number - 1]
    if block.path == ending.path:
        best = max(decisions[n].score for n in kept)
        return best < SURE_FROM and block.path[-1] is holding_most(page.blocks, kept)
    if block.text.endswith(("...", "…")) or not block.path:
        return False
    if block.path[:-1] == ending.path[:-1]:
        boxes = [page.blocks[n].path for n in kept if page.blocks[n].path[:-1] == block.path[:-1]]
        return sum(make(path[-1]) == make(block.path[-1]) for path in boxes) >= BOXES_MIN
    is_headed = before.element.tag in HEADINGS and before.link_chars == 0
    return is_headed and before.path == block.path and ending.path[-1] in block.path[-2:]


def take_sections(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep sections whose heading is made like headings of the text and stands in the same
    container or in a box beside theirs, with their sentences, items and tables: a recipe's
    ingredients, notes.
    """
    blocks, first = page.blocks, page.headline or 0
    heads = [n for n in page.headings if first < n < len(blocks) - 1]
    bare = [
        n
        for n in heads
        if not (blocks[n].link_chars or (decisions[n].kept and decisions[n + 1].kept))
    ]
    if not bare:
        return
    known = {_head_of(blocks[n]) for n in heads if decisions[n].kept and decisions[n + 1].kept}
    ends = dict(pairwise([*heads, len(blocks)]))
    for number in bare if known else ():
        block, until = blocks[number], ends[number]
        if not block.path or _head_of(block) not in known:
            continue
        box = block.path[-1]
        lines = [n for n in range(number + 1, until) if box in blocks[n].path]
        own = [n for n in lines if _is_of_section(page, decisions, n)]
        if any(blocks[n].link_chars for n in lines) or any(decisions[n].kept for n in own):
            continue
        if own and not page.says[number]:
            keep_all(decisions, (number, *own), "a section like others")


def _head_of(heading: Block) -> tuple[object, ...]:
    """What the headings of one text's sections have in common."""
    return (
        make_begins(heading.element),
        *map(make_begins, heading.path[-1:]),
        *heading.path[-2:-1],
    )


def _is_of_section(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    block = page.blocks[number]
    is_whole = block.element.tag == "table" or any(e.tag in ("ul", "ol") for e in block.path[-2:])
    may = (page.stops[number] or is_whole) and not block.is_caption
    return may and decisions[number].score >= ABOVE_FROM and not page.says[number]


def take_gallery(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Take a gallery for the article: where all that is kept are teasers below pictures with
    captions, and these stand below the headline, the teasers go and the sentences above the
    pictures stay.
    """
    blocks = page.blocks
    shown = [number for number, block in enumerate(blocks) if block.is_caption]
    if len(shown) < GALLERY_MIN or page.headline is None:
        return
    kept = kept_numbers(decisions)
    if not (kept and page.headline < shown[0] <= shown[-1] < kept[0]):
        return
    links = {e for b in blocks if b.link_density > LINKED_MIN for e in b.path[-2:]}
    cards = (page.box_words(n) <= CARD_MAX_WORDS and blocks[n].path[-1] in links for n in kept)
    if not all(cards):
        return
    above = [n for n in range(page.headline + 1, shown[0]) if page.stops[n] and not page.says[n]]
    for number in kept if above else ():
        take_back(decisions, number, "a card below a gallery")
    for number in above:
        keep(decisions, number, "above a gallery")


def drop_before_body(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop short lines that are no sentences from above the element that microdata calls the text,
    where that holds most of it: names of files, of tools.
    """
    blocks = page.blocks
    kept = kept_numbers(decisions)
    path = blocks[kept[len(kept) // 2]].path if kept and not page.is_thread else ()
    body = next((e for e in path if e.get("itemprop") in _BODIES), None)
    if body is None:
        return
    above = [*takewhile(lambda number: body not in blocks[number].path, kept)]
    within = words_in(blocks, (number for number in kept if body in blocks[number].path))
    if within < BODY_MIN_SHARE * words_in(blocks, kept):
        return
    for number in above:
        is_line = blocks[number].size <= LINE_MAX_WORDS and not page.stops[number]
        if is_line and blocks[number].element.tag not in HEADINGS:
            take_back(decisions, number, "a line above what is said to be the text")
