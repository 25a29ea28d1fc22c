"""The last lines of a text that part with the reader: who wrote it, where to follow, rights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from feedd.article import lexicon
from feedd.article.classifier.containers import make
from feedd.article.lexicon import MENTIONS, STARTS
from feedd.article.page_rules import tells_of_wall
from feedd.article.pagehead import FOOT_OF_MANUAL
from feedd.article.pagehead.metadata import byline
from feedd.article.selection.calls import (
    CALL_MAX_WORDS,
    begins_call,
    makes_plea,
    tells_of_letters,
)
from feedd.article.selection.credits import is_credit
from feedd.article.selection.edges import NOTE_MAX_WORDS
from feedd.article.selection.offers import OFFER_MAX_SHARE
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    kept_numbers,
    take_all_back,
    together,
    words_in,
)

PLEA_MAX_WORDS: Final = 200
CONTACT_MAX_WORDS: Final = 15
NOTICE_LINES: Final = 3
"""How many of the last lines a notice of rights may have."""
_OF_RIGHTS = re.compile(
    r"(?i)(?:copyright\W{0,3})?(?:©|ⓒ|\(c\) )|copyright\W{1,3}(?:by |(?:19|20)\d\d)"
    r"|copyright\b.{0,60}\b(?:all rights|(?:19|20)\d\d\W*$)"
).match
"""How a notice of rights begins, and no sentence that speaks of them."""
_FOOTER = re.compile(r"(?i)(?:^|[\s_-])foot(?:er)?(?:$|[\s_-])").search
_WHY_SENT = re.compile(rf"\W*+(?:{'|'.join(lexicon.lines_of('letter_feet.txt'))})", re.I).match
_SENTENCES = re.compile(r"(?<=[.!?]) ")
_CONTACT = re.compile(
    r"(?i)\W*+(?:(?:e-?mail|contact|follow|reach|tel|phone|fax)\b.{0,60}(?:@|\d{4})|.{0,60}\w@\w++\.\w)"
)
_WRITE_TO_US = re.compile(
    r"(?>.*?\b(?:tell|contact|write (?:to )?|e-?mail|reach) us\b).*\w@\w"
    r"|.*\w@\w[\w.-]*\.\w++\W*+$"
    r"|\W*+(?:(?:found|spotted|noticed) an? (?:typo|mistake|error)"
    r"|use this form (?:if|to)\b|to report (?:a problem|an error)"
    r" (?:with|on|in) th(?:e|is) (?:web ?)?(?:site|page)|(?:нашли|заметили) (?:ошибку|опечатку)"
    r"|(?:tipp)?fehler (?:gefunden|entdeckt)|trouvé une (?:faute|erreur|coquille))",
    re.IGNORECASE | re.DOTALL,
)
_TABLE: Final = lexicon.sections_of("notices.txt")
_NOTICE = re.compile(rf"(?i){_TABLE['licence']}|\W*+(?:{_TABLE['beginning']})|{_TABLE['notice']}")
_FOLLOW = re.compile(
    r"(?i)\bfollow (?:him|her|them|us|me|@\w+)(?: on\b| @)|\byou(?:.re| are) receiving this\b"
)
_BEGINNING: Final = (_WRITE_TO_US.match, _NOTICE.match, FOOT_OF_MANUAL.match, is_credit)
_PARTING: Final = (byline.tells_of_author, _FOLLOW.search, *_BEGINNING)


def drop(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """Drop such lines from the end: boxes that speak for the publisher, notices of rights with what
    stands below them, and single lines one after the other.
    """
    kept = kept_numbers(decisions)
    box = together(blocks, kept[-1]) if kept and blocks[kept[-1]].path else []
    words = words_in(blocks, (number for number in box if decisions[number].kept))
    said = " ".join(blocks[number].text for number in box if words <= PLEA_MAX_WORDS)
    all_words = words_in(blocks, kept)
    is_small = words < OFFER_MAX_SHARE * all_words
    around = blocks[kept[-1]].path[-2:] if kept else ()
    named = [f"{e.tag} {e.get('class')} {e.get('id')}" for e in around]
    asks = is_small and (makes_plea(said) or any(map(_FOOTER, named)))
    if asks and lexicon.speaks_for_publisher(said):
        take_all_back(decisions, box, "a box at the end that speaks for the publisher")
        kept = [number for number in kept if number not in box]
    elif 2 * words < all_words and any(_WHY_SENT(blocks[number].text) for number in box):
        take_all_back(decisions, box, "the foot of a letter")
        kept = [number for number in kept if number not in box]
    for notice in kept[-NOTICE_LINES:-1]:
        if _OF_RIGHTS(blocks[notice].text):
            below = kept[kept.index(notice) + 1 :]
            inner, above = blocks[notice].path[-1:], kept[: kept.index(notice)]
            is_own = inner != () and not any(inner[0] in blocks[n].path for n in above)
            if all(_is_like(blocks[notice], blocks[number], is_own=is_own) for number in below):
                take_all_back(decisions, below, "below the notice of rights")
                kept = kept[: -len(below)]
            break
    while len(kept) > 1 and parts_with_reader(blocks[kept[-1]]):
        take_all_back(decisions, [kept.pop()], "parts with the reader")


def _is_like(notice: Block, line: Block, *, is_own: bool) -> bool:
    """Whether a short line belongs to a notice of rights above it: in the same container, and made
    like it or, where the notice has a box of its own (`is_own`), however it is made.
    """
    is_beside = line.path == notice.path and line.size <= NOTE_MAX_WORDS
    return is_beside and (is_own or make(line.element) == make(notice.element) != ("p", ""))


def parts_with_reader(block: Block) -> bool:
    """Whether the last line of a text tells who wrote it, where to find them, or what to do now."""
    text = block.text
    if block.size > NOTE_MAX_WORDS:
        return False
    if any(found(text) for found in _PARTING):
        return True
    if block.size <= CALL_MAX_WORDS and any(map(begins_call, _SENTENCES.split(text))):
        return not tells_of_wall(text)
    folded = text.lower()
    is_shout = STARTS["shout"].match(folded) or (block.link_chars and tells_of_letters(block))
    if is_shout and MENTIONS["subscribe"].search(folded) and _is_publishers(block):
        return not tells_of_wall(text)  # which is to be seen: it says why there is no more
    has_rights = text[-1] != "." and MENTIONS["rights"].search(folded)
    return block.size <= CONTACT_MAX_WORDS and bool(has_rights or _CONTACT.match(text))


def _is_publishers(block: Block) -> bool:
    """Whether a line speaks for who publishes it, or leads there."""
    return (
        block.link_chars > 0 or lexicon.speaks_for_publisher(block.text) or tells_of_letters(block)
    )
