"""Lines that turn to the reader: calls, pleas, questions for consent, notes on commissions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import MENTIONS, parted
from feedd.article.page_rules import tells_of_wall
from feedd.article.selection.asking import (
    TOLD_MAX_WORDS,
    asks_for_tips,
    asks_to_log_in,
    tells_of_closing,
)
from feedd.article.selection.pointers import LINKED_MIN, POINTER_MAX_WORDS
from feedd.article.tree.blocks import Block, together
from feedd.article.tree.elements import HEADINGS, text_of
from feedd.article.tree.media import is_to_follow

CALL_MAX_WORDS: Final = 25
BOX_MAX_WORDS: Final = 80
"""A box of a call or a question to the reader holds no more."""
COMMISSION_MAX_WORDS: Final = 70
_TABLE: Final = lexicon.sections_of("calls.txt")
_COMMISSION = re.compile(_TABLE["commission"])
_OF_COMMISSIONS: Final = parted(_TABLE["words of commissions"])
_OF_PLEAS: Final = (
    *("support", "readers like", "by subscribing", "by becoming", "your donation"),
    *("your contribution", "profit news", "reader-funded", "consider "),
)
_OF_CALLS: Final = ("comment", "tag ", "mention ", "wherever you", "thank", "if you ", "javascript")
"""One of these is in every match of `_PLEA`, and of `_CALL_TO_COMMENT`."""
_CALL_TO_COMMENT = re.compile(
    r"(?i)\b(?:let us know|tell us|share your \w+|sound off|leave (?:us )?(?:a comment|your \w+)"
    r"|have your say)\b.{0,40}\b(?:in|with) (?:the|our|a) comments?\b.{0,12}$"
    r"|\b(?:tag|mention) (?:us\b|me\b|@\w)"
    r"|^(?:listen|subscribe|download|stream|available|find|follow)\b.{0,80}\bwherever you"
    r" (?:get|find|listen to) (?:your )?podcasts"
    r"|^thank(?:s| you) for reading\b[^.!?]{0,30}[.!?] .{0,40}\b(?:subscrib|shar|sign up|support)"
    r"|^if you (?:like|enjoy|love)d? (?:this|my|our|what)\b.{0,50}\b(?:share|subscribe|follow"
    r"|sign up|consider|donate|support)\b"
    r"|^(?:please )?(?:enable|activate|turn on) javascript (?:to|in|for)\b[^.]{0,60}\.?$"
)
_MADE_BY_MACHINES = re.compile(rf"(?i)\W*+(?:{_TABLE['machines']})")
_OF_MACHINES: Final = frozenset(parted(_TABLE["words of machines"]))
_CALL = re.compile(rf"\W*+(?:{_TABLE['call']})", re.IGNORECASE)
_PARTING = re.compile(rf"\W*+(?:{'|'.join(lexicon.lines_of('parting_calls.txt'))})", re.I)
_IN_BROWSER = re.compile("|".join(lexicon.lines_of("in_browsers.txt"))).search
_OF_BROWSERS: Final = tuple(
    str.split("brows naviga navega webbläs nettles przegląd браузер prohlíž version")
)
"""One of these is in every match of that."""
_FOLLOWING: Final = parted(_TABLE["following"])
_CANCELLING = re.compile(rf"(?i){_TABLE['unsubscribe']}")
_LETTERS = re.compile(rf"(?i){_TABLE['letters']}")
SUPPORT = re.compile(
    r"\W*+(?:je (?:donne|soutiens)|spenden)\W*|\W*+"
    rf"(?:{_TABLE['support']})(?: (?:now|today|jetzt|maintenant|ahora|ora|agora))?\W*",
    re.IGNORECASE,
)
_ASKS_AT = re.compile(rf"(?i)(?://|/|/[\w-]{{1,20}}-)(?:{_TABLE['addresses']})(?:[/?#.]|$)")
_PLEA = re.compile(
    r"(?i)readers like you|\bnon-?profit news\w*|\breader-(?:funded|supported)\b"
    r"|\bconsider (?:making |giving )?an? (?:\w+ )?(?:gift|donation|contribution)\b"
    r"|\byour (?:support|donation|contribution) (?:helps|makes|allows|enables"
    r"|lets|keeps|powers)\b|\bfor your support\b"
    r"|\bby (?:subscribing|becoming an? [\w ]{0,25}member)\b"
    r"|\bsupport(?:ing)? (?:our|us|independent|\w+-winning) (?:journalis|report|work|mission)"
)
_REGISTERING: Final = ("account", "abbon", "suscri", "prenumer", "subskr")
PLAYER = re.compile(
    r"(?i)\W*+(?:(?:listen to this (?:article|story)|artikel anhören)\W*+(?:$|\d|enjoy more audio)"
    r"|produced by [^.]{0,70}\b(?:ai|automated) (?:narration|voice))"
)
CANCELLING_MAX_WORDS: Final = 20
CONSENT_MAX_WORDS: Final = 90
_CONSENT = re.compile(_TABLE["consent"], re.IGNORECASE)
_OF_CONSENT: Final = parted(_TABLE["words of consent"])
_CANCEL = re.compile(_TABLE["cancel at any time"], re.IGNORECASE)
_OF_CANCELLING: Final = parted(_TABLE["words of cancelling"])


def is_call(block: Block) -> bool:
    """Whether a line only asks the reader to comment, or, with a link, to follow, join, load or
    subscribe to what is the publisher's, not what the text is about.
    """
    if block.size <= TOLD_MAX_WORDS and (
        tells_of_closing(block) or (block.link_chars and asks_to_log_in(block))
    ):
        return True
    if block.size > BOX_MAX_WORDS or block.element.tag in HEADINGS or block.text[0] in '"“„«「『':
        return False
    says = block.text.lower().__contains__
    if block.link_chars > 0 and any(map(says, _OF_PLEAS)) and _PLEA.search(block.text):
        return any(map(_leads_to_give, block.element.iter("a")))
    if "?" in block.text and asks_for_tips(block.text, block.text):
        return True
    if not _OF_MACHINES.isdisjoint(block.words) and _MADE_BY_MACHINES.match(block.text):
        return True
    if block.size > CALL_MAX_WORDS:
        return False
    calls = any(map(says, _OF_CALLS)) and _CALL_TO_COMMENT.search(block.text)
    if calls or PLAYER.match(block.text):
        return True
    if block.link_chars == 0:
        return False
    if any(map(says, _OF_BROWSERS)) and any(
        _leads_to_browser(link) for link in block.element.iter("a")
    ):
        return True
    is_button = block.link_density > LINKED_MIN and SUPPORT.match(block.text)
    does_call = is_button or _CALL.match(block.text) or any(map(_calls, block.element.iter("a")))
    return bool(does_call) or _asks_to_follow(block)


def _leads_to_browser(link: HtmlElement) -> bool:
    return _IN_BROWSER(text_of(link).lower()) is not None


def _leads_to_give(link: HtmlElement) -> bool:
    return SUPPORT.fullmatch(text_of(link)) is not None or asks_at(link.get("href") or "")


def cancels(block: Block) -> bool:
    """Whether a line has a link for those who want no more letters."""
    links = block.element.iter("a") if block.link_chars > 0 and block.size <= BOX_MAX_WORDS else ()
    return any(_CANCELLING.match(text_of(link)) for link in links)


def _calls(link: HtmlElement) -> bool:
    """Whether a link within a line is a call by itself."""
    return begins_call(text_of(link))


def _asks_to_follow(block: Block) -> bool:
    """Whether a line with a link to a channel says to follow it."""
    if not any(is_to_follow(link.get("href") or "") for link in block.element.iter("a")):
        return False
    folded = block.text.lower()
    says = any(map(folded.__contains__, _FOLLOWING))
    says = says or MENTIONS["subscribe"].search(folded) is not None
    return says or _PARTING.match(block.text) is not None


def plea_around(page: PageFeatures, number: int) -> list[int]:
    """The box around a block that makes a plea for support of it: one that a heading begins, in it
    or right above it, and that speaks for the publisher.
    """
    blocks, text = page.blocks, page.blocks[number].text
    if not any(map(text.lower().__contains__, _OF_PLEAS)) or not _PLEA.search(text):
        return []
    box = sorted(together(blocks, number))
    above = blocks[max(0, box[0] - 1)]
    if above.element.tag in HEADINGS and above.path == blocks[number].path[:-1]:
        box.insert(0, box[0] - 1)
    is_headed = blocks[box[0]].element.tag in HEADINGS and number != box[0]
    said = " ".join(blocks[n].text for n in box)
    return box if is_headed and lexicon.speaks_for_publisher(said) else []


def is_tool_name(name: str | None, is_drawn: bool) -> bool:
    """Whether what a picture is named says what to do: where it is drawn, in a word."""
    text = name or ""
    is_tool = lexicon.is_label(text) or (is_drawn and lexicon.is_label(f"{text} {text}"))
    return is_tool or _CALL.match(text) is not None


def asks_at(address: str) -> bool:
    """Whether one subscribes or gives money at an address."""
    return _ASKS_AT.search(address) is not None


def makes_plea(text: str) -> bool:
    """Whether a text asks for support of its publisher."""
    return _PLEA.search(text) is not None


def begins_call(text: str) -> bool:
    """Whether a text begins as calls do, whatever comes then."""
    return _CALL.match(text) is not None or _PARTING.match(text) is not None


def names_networks(block: Block) -> bool:
    """Whether a line only names networks, each with a link, to share or follow there."""
    links = [text_of(link) for link in block.element.iter("a")] if block.link_chars else []
    rest = block.size - len(links)
    return len(links) > 1 and all(map(lexicon.is_network, links)) and rest <= POINTER_MAX_WORDS


def tells_of_letters(block: Block) -> bool:
    """Whether a line speaks of what a publisher sends by mail."""
    return _LETTERS.search(block.text) is not None


def asks_to_register(text: str) -> bool:
    """Whether a line says that reading on takes an account or a subscription."""
    folded = text.lower()
    asks = any(map(folded.__contains__, _REGISTERING)) or MENTIONS["subscribe"].search(folded)
    return bool(asks and tells_of_wall(text)) or lexicon.counts_free_articles(folded)


def tells_of_commission(block: Block) -> bool:
    """Whether a line says no more than that the publisher is paid for what is bought."""
    if block.size > COMMISSION_MAX_WORDS:
        return False
    folded = block.text.lower()
    return any(map(folded.__contains__, _OF_COMMISSIONS)) and bool(_COMMISSION.search(folded))


def asks_consent(block: Block) -> bool:
    """Whether a line stands in for what the page shows only when the reader agrees."""
    if block.size > CONSENT_MAX_WORDS:
        return False
    may = any(map(block.text.lower().__contains__, _OF_CONSENT))
    return may and _CONSENT.search(block.text) is not None


def alone_tells_of_cancelling(blocks: Sequence[Block], number: int) -> bool:
    """Whether of a page's lines this one alone says how to be rid of what is offered."""
    return _tells_of_cancelling(blocks[number]) and sum(map(_tells_of_cancelling, blocks)) == 1


def _tells_of_cancelling(block: Block) -> bool:
    if block.size > CANCELLING_MAX_WORDS:
        return False
    folded = block.text.lower()
    return any(map(folded.__contains__, _OF_CANCELLING)) and bool(_CANCEL.search(folded))
