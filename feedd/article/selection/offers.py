"""Offers with the boxes around them: to subscribe, to register, to load an app."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier import SURE_FROM
from feedd.article.classifier.containers import amid_text, is_lone
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import LABEL_MAX_CHARS, sections_of
from feedd.article.selection import calls
from feedd.article.selection.asking import ASKS, asks_for_tips
from feedd.article.selection.calls import (
    BOX_MAX_WORDS,
    CALL_MAX_WORDS,
    PLAYER,
    SUPPORT,
    asks_at,
    asks_to_register,
    tells_of_letters,
)
from feedd.article.selection.pointers import LINKED_MIN, address_of, is_short_link
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    kept_numbers,
    small_box,
    take_all_back,
    together,
    words_in,
    words_of,
)
from feedd.article.tree.elements import HEADINGS, QUESTION_ENDS
from feedd.article.tree.markup import RELATED, SUBSCRIBE, group_bits, groups_of
from feedd.article.tree.media import is_to_follow

SHOPS_MAX_WORDS: Final = 30
"""Of a box that names the shops for an app."""
OFFER_MAX_SHARE: Final = 0.3
HEADED_MIN_WORDS: Final = 15
_CALLING: Final = frozenset({"shout", "subscribe"})
_QUOTED = re.compile('["“”„«»「」]')
_ADS: Final = group_bits("ads")
_OF_BOOKS: Final = ("regist", "inscri")
"""Parts of words for registering that also mean a book's index or a bell's inscription."""
_THANKS = re.compile(rf"(?i)\W*+(?:{sections_of('calls.txt')['thanks']})").match
_SHOPS = re.compile(r"(?i)app ?store.{0,50}google ?play|google ?play.{0,50}app ?store")


def drop_offers(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop offers to subscribe, register or load an app, with the small boxes around them."""
    blocks = page.blocks
    kept = kept_numbers(decisions)
    box_words = min(BOX_MAX_WORDS, OFFER_MAX_SHARE * words_in(blocks, kept))
    holding = {element for number in kept for element in blocks[number].path}
    asking = {element for element in holding if element.get(ASKS) is not None}
    amid = amid_text(blocks, page.stops)
    for number, block in enumerate(blocks):
        if block.text.endswith(QUESTION_ENDS) and lexicon.is_label(block.text):
            take_all_back(decisions, small_box(blocks, number, box_words), "asks the reader")
        elif _calls_by_both(page, number):
            offered = _offer(blocks, decisions, number)
            take_all_back(decisions, offered, "calls to subscribe, in a box that says so")
        elif decisions[number].kept and (
            block.element.get(ASKS) is not None or _offers_app(block, decisions[number].score)
        ):
            take_all_back(decisions, [number], "a small box that calls the reader")
        elif not holding.isdisjoint(block.path[-1:]) and (
            _is_wall(page, number, box_words, kept=decisions[number].kept)
            or not asking.isdisjoint(block.path[-3:])
            or _is_small_call(page, number, box_words)
        ):
            take_all_back(decisions, together(blocks, number), "a small box that calls the reader")
        elif not (amid.isdisjoint(block.path[-4:-1]) or holding.isdisjoint(block.path[-3:])) and (
            box := _around_button(page, number, box_words, amid)
        ):
            take_all_back(decisions, box, "a small box that calls the reader")


def _is_small_call(page: PageFeatures, number: int, most: float) -> bool:
    """Whether a block tells by its words that the small box around it calls the reader."""
    block, words = page.blocks[number], page.box_words(number)
    return (
        (words <= most and calls.alone_tells_of_cancelling(page.blocks, number))
        or (words <= most and "?" in block.text and _asks_for_tips(page, number))
        or ("shout" in page.says[number] and _is_box_of_call(page, number, most))
        or (words <= CALL_MAX_WORDS and PLAYER.match(block.text) is not None)
        or (block.size < words <= SHOPS_MAX_WORDS and _SHOPS.search(block.text) is not None)
    )


def _asks_for_tips(page: PageFeatures, number: int) -> bool:
    said = " ".join(page.blocks[n].text for n in together(page.blocks, number))
    return asks_for_tips(page.blocks[number].text, said)


def _offers_app(block: Block, score: float) -> bool:
    """Whether a block that does not convince names both shops for apps, with a link."""
    may = score < SURE_FROM and block.link_chars > 0 and block.element.tag != "p"
    return may and block.size <= BOX_MAX_WORDS and bool(_SHOPS.search(block.text))


def _is_wall(page: PageFeatures, number: int, most: float, *, kept: bool) -> bool:
    """Whether a heading of a small box asks to register for the rest or to support the publisher,
    or is not kept and offers letters: what stands below it in the box belongs to the offer.
    """
    block = page.blocks[number]
    stands_out = block.link_density > LINKED_MIN or block.element.tag in HEADINGS
    may = stands_out and page.box_words(number) <= most
    if may and not kept and block.element.tag in HEADINGS and "subscribe" in page.says[number]:
        return not any(map(block.text.lower().__contains__, _OF_BOOKS)) or _offers(page, number)
    asks = len(block.text) <= LABEL_MAX_CHARS and SUPPORT.fullmatch(block.text) is not None
    return may and (asks or asks_to_register(block.text))


def _offers(page: PageFeatures, number: int) -> bool:
    """Whether the box around a heading leads somewhere, or turns to the reader."""
    inside = (n for n in together(page.blocks, number) if n != number)
    return any(
        page.blocks[n].link_chars
        or page.says[n]
        or lexicon.speaks_for_publisher(page.blocks[n].text)
        for n in inside
    )


def _around_button(
    page: PageFeatures, number: int, most: float, amid: Set[HtmlElement]
) -> list[int]:
    """The small box around a lone link that makes it an offer; empty where there is none.

    The box stands `amid` the text and is the only one of its make; the link calls the reader, or
    the box speaks for the publisher ("our") without quoting anybody. A link that calls may stand
    in further boxes of its own.
    """
    block, blocks, words = page.blocks[number], page.blocks, page.box_words(number)
    if not block.link_chars or page.is_thread:
        return []
    last, is_link = next(reversed(block.element), block.element), is_short_link(block)
    ends_so = not is_link and block.size <= CALL_MAX_WORDS and asks_at(last.get("href") or "")
    if not (ends_so or is_link) or words > most:
        return []
    calls = bool(page.says[number] & _CALLING) or SUPPORT.match(block.text) is not None
    address = last.get("href") if ends_so else address_of(block)
    calls = calls or is_to_follow(address) or asks_at(address)
    box, held = block.path[-1], together(blocks, number)
    for box in reversed(block.path[-3:-1]) if calls and words == block.size else ():
        held = [n for n, each in enumerate(blocks) if box in each.path]
        if len(held) > 1:
            break
    said = " ".join(blocks[n].text for n in held if n != number)
    if not said or words_in(blocks, held) > most:
        return []
    if "share" in page.says[number] and _THANKS(said):
        return held
    own = lexicon.speaks_for_publisher(said) and _QUOTED.search(said) is None
    is_amid = box.getparent() in amid
    return held if (calls or own) and is_amid and is_lone(blocks, box) else []


def _is_box_of_call(page: PageFeatures, number: int, most: float) -> bool:
    """Whether a block that calls the reader stands in a small box, for letters or of promotion."""
    words = page.box_words(number)
    if page.blocks[number].element.tag == "li" or words > most:
        return False
    promotes = bool(page.near[number] & RELATED) and 2 * words <= most
    box = together(page.blocks, number)
    return promotes or any(tells_of_letters(page.blocks[other]) for other in box)


def _offer(blocks: Sequence[Block], decisions: Sequence[BlockDecision], number: int) -> list[int]:
    """A call to subscribe with what is kept of the box around it: its benefits, say. Only the call
    where the box holds much of the article.
    """
    named = [element for element in blocks[number].path[-2:] if groups_of(element) & SUBSCRIBE]
    kept = kept_numbers(decisions)
    inside = [other for other in kept if named and named[0] in blocks[other].path]
    words = words_in(blocks, inside)
    if words > OFFER_MAX_SHARE * words_in(blocks, kept):
        return [number]
    return [number, *inside]


def _calls_by_both(page: PageFeatures, number: int) -> bool:
    """Whether a block calls to subscribe both by its class and by its words: either alone may be
    anything. A heading whose id only repeats its words is not judged by that id.
    """
    named = SUBSCRIBE | (_ADS if page.box_words(number) <= BOX_MAX_WORDS else 0)
    if not page.near[number] & named or "subscribe" not in page.says[number]:
        return False
    block = page.blocks[number]
    names = set(words_of(block.element.get("id") or ""))
    is_named = block.element.tag in HEADINGS and (
        names <= {*block.words} or _heads_text(page, number)
    )
    return not is_named or any(groups_of(element) & SUBSCRIBE for element in block.path[-2:])


def _heads_text(page: PageFeatures, number: int) -> bool:
    """Whether a heading stands in one container with a paragraph above it and one below it."""
    beside = [page.blocks[n] for n in (number - 1, number + 1) if n < len(page.blocks)]
    path = page.blocks[number].path
    return all(block.path == path and block.size >= HEADED_MIN_WORDS for block in beside)
