"""Lines amid a text that are no part of it: labels, buttons, calls, and what points elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import reduce
from itertools import groupby, takewhile
from operator import itemgetter, or_
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier import PARAGRAPH_MIN_WORDS
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection import calls, offers, partings, pointers
from feedd.article.selection.pointers import CARD_MAX_WORDS, LINKS_MIN_SHARE
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    kept_numbers,
    take_all_back,
    together,
    words_in,
)
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import RELATED, group_bits, groups_of

POINTERS_MAX_SHARE: Final = 0.3
"""Where a larger share of the kept words points elsewhere, that is what the page is for."""
ARROWED_MIN_LINES: Final = 4
"""Links behind arrows go where there is at most one to so many kept lines."""
SHARING_MAX_WORDS: Final = 4
_SHARE: Final = group_bits("share")
_TOC: Final = group_bits("toc")


def drop(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop labels, pointers and calls wherever they stand, some with the box around them."""
    kept = kept_numbers(decisions)
    words = words_in(page.blocks, kept)
    pointing = dict.fromkeys(
        _in_boxes_that_point(page, kept, words) | _of_cards(page, decisions, kept, words),
        "points elsewhere, in a box that says so",
    )
    arrowed = {number for number in kept if pointers.follows_arrow(page.blocks[number])}
    if len(arrowed) * ARROWED_MIN_LINES <= len(kept):  # else a list of links, written as lines
        pointing |= dict.fromkeys(arrowed, "only points elsewhere")
    announced = _announced(page, decisions, kept, words)
    take_all_back(decisions, announced, "points elsewhere, link by link")
    for number in kept:
        if decisions[number].kept:
            take_all_back(decisions, *_aside(page, decisions, number, pointing, words))


def _aside(
    page: PageFeatures,
    decisions: Sequence[BlockDecision],
    number: int,
    pointing: Mapping[int, str],
    words: int,
) -> tuple[Sequence[int], str]:
    """Which blocks go because of a line, and why: the line, or all of the box around it; none where
    the line may be text. `pointing` tells why lines go that point elsewhere by where they stand;
    `words` is how many words are kept in all.
    """
    block, own, box_words = page.blocks[number], [number], page.box_words(number)
    most = min(calls.BOX_MAX_WORDS, offers.OFFER_MAX_SHARE * words)
    if lexicon.is_label(block.text, block.words) and not _heads_section(page, decisions, number):
        takes_box = box_words <= most and block.words in lexicon.OF_BOXES
        return together(page.blocks, number) if takes_box else own, "a label of what is no text"
    if "subscribe" in page.says[number] and calls.cancels(block):
        around = together(page.blocks, number) if box_words <= most else own
        return around, "says how to get no more letters"
    if calls.is_call(block) or calls.names_networks(block):
        return own, "calls the reader"
    if pointers.is_button(block) or (block.link_chars and pointers.is_row_of_tools(block)):
        return own, "a button"
    if pointers.tells_of_posting(block):
        return own, "says when it was posted"
    if block.link_chars and pointers.is_bracketed(block):
        return own, "a row of links"
    if pointers.is_pointer(block) or pointers.leads_away(block):
        return own, "only points elsewhere"
    if number in pointing:
        return own, pointing[number]
    if page.near[number] & _SHARE and _shares(page, number):
        return together(page.blocks, number), "offers to share"
    if box_words <= min(partings.PLEA_MAX_WORDS, words / 2):
        plea = calls.plea_around(page, number)
        if plea:
            return plea, "pleads for support"
    if page.near[number] & _TOC and pointers.jumps(block):
        return own, "leads down this page"
    if calls.tells_of_commission(block):
        return own, "a note on commissions"
    if box_words <= most and calls.asks_consent(block):
        return together(page.blocks, number), "asks to show what others say"
    return (), ""


def _unless_many(blocks: Sequence[Block], numbers: Set[int], words: int) -> Set[int]:
    """These numbers, or none where their blocks have too large a share of the kept `words`."""
    return numbers if words_in(blocks, numbers) <= POINTERS_MAX_SHARE * words else set()


def _in_boxes_that_point(page: PageFeatures, kept: Sequence[int], words: int) -> Set[int]:
    """Links in boxes that call themselves teasers, unless these hold most of the text."""
    blocks = page.blocks
    links = {
        number
        for number in kept
        if blocks[number].link_density > LINKS_MIN_SHARE
        and (page.near[number] | _links_say(blocks[number])) & RELATED
    }
    boxes = {_teaser_around(blocks[number]) for number in links}
    told = (n for n in kept if n not in links and not boxes.isdisjoint(blocks[n].path[-3:]))
    is_text = 2 * words_in(blocks, told) > words
    return set() if is_text else _unless_many(blocks, links, words)


def _teaser_around(block: Block) -> HtmlElement | None:
    return next((e for e in reversed(block.path[-3:]) if groups_of(e) & RELATED), None)


def _links_say(block: Block) -> int:
    """The groups of words in the classes of links with a picture beside their words, as bits."""
    links = {image.getparent() for image in block.element.iter("img")}
    return reduce(or_, (groups_of(link) for link in links if link.tag == "a"), 0)


def _of_cards(
    page: PageFeatures, decisions: Sequence[BlockDecision], kept: Sequence[int], words: int
) -> Set[int]:
    """Lines of teasers whose headings were not kept."""
    cards = {n for n in kept if page.near[n] & RELATED and _is_of_card(page, decisions, n)}
    return _unless_many(page.blocks, cards, words)


def _is_of_card(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a line stands right below a heading that is a link and was not kept, in a small box
    that calls itself a teaser.
    """
    blocks, above = page.blocks, number - 1
    heading = blocks[above]
    boxes = [e for e in blocks[number].path[-3:] if groups_of(e) & RELATED and e in heading.path]
    if above < 0 or decisions[above].kept or not boxes:
        return False
    leads = heading.element.tag in HEADINGS and heading.link_density > LINKS_MIN_SHARE
    leads = leads and blocks[number].element.tag != "li"
    inside = range(above, len(blocks)) if leads else ()
    own = takewhile(lambda n: boxes[-1] in blocks[n].path, inside)
    return leads and words_in(blocks, own) <= CARD_MAX_WORDS


def _announced(
    page: PageFeatures, decisions: Sequence[BlockDecision], kept: list[int], words: int
) -> Set[int]:
    """Lines that say that links stand below ("See also:"), with these."""
    blocks = page.blocks
    found: set[int] = set()
    for number in range(kept[0], kept[-1]) if kept else ():
        may = decisions[number].kept or blocks[number].element.tag in HEADINGS
        may = may or "pointer" in page.says[number]
        if may and pointers.announces_links(blocks[number]):
            links = _links_below(blocks, number)
            is_sure = links[-1:] < kept[-1:] or lexicon.is_label(blocks[number].text)
            found |= {number, *links} if links and is_sure else set()
    return _unless_many(blocks, found.intersection(kept), words)


def _links_below(blocks: Sequence[Block], number: int) -> list[int]:
    """Links, and boxes of little more than one, right below a line."""
    depth = len(blocks[number].path)
    found: list[int] = []
    below = groupby(
        range(number + 1, len(blocks)), lambda n: blocks[n].path[depth : depth + 1] or n
    )
    for numbers in map(list, map(itemgetter(1), below)):
        links = {n for n in numbers if blocks[n].link_density > LINKS_MIN_SHARE}
        if words_in(blocks, (n for n in numbers if n not in links)) > CARD_MAX_WORDS * len(links):
            return [*found, *takewhile(links.__contains__, numbers)]
        found += numbers
    return found


def _heads_section(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a heading stands above text, as others of its make do: "Related" may be a chapter."""
    alike = [n for n in kept_numbers(decisions) if page.kin[n] == page.kin[number]]
    heads = page.blocks[number].element.tag in HEADINGS and alike[-1:] > alike[:1]
    below = number + 1
    return (
        heads
        and below < len(decisions)
        and decisions[below].kept
        and page.blocks[below].path == page.blocks[number].path
        and page.blocks[below].size >= PARAGRAPH_MIN_WORDS
    )


def _shares(page: PageFeatures, number: int) -> bool:
    """Whether a box for sharing holds short names alone, one of which says so."""
    box = together(page.blocks, number)
    named = any("share" in page.says[each] for each in box)
    return named and all(page.blocks[each].size <= SHARING_MAX_WORDS for each in box)
