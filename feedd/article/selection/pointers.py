"""Lines that only point elsewhere: to other pages, or further down on this one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier import ARTICLE_MIN_WORDS, PARAGRAPH_MIN_WORDS
from feedd.article.classifier.containers import make
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import LABEL_MAX_CHARS, STARTS
from feedd.article.tree.blocks import (
    WORD,
    Block,
    BlockDecision,
    kept_numbers,
    take_all_back,
    words_in,
    words_of,
)
from feedd.article.tree.elements import HEADINGS, text_of
from feedd.article.tree.normalise import LINK

POINTER_MAX_CHARS: Final = 500
POINTER_MAX_WORDS: Final = 6
BUTTON_MAX_WORDS: Final = 4
ROW_MAX_WORDS: Final = 25
TOOL_MAX_WORDS: Final = 6
SHOUT_MIN_WORDS: Final = 4
LINKED_MIN: Final = 0.9
LINKS_MIN_SHARE: Final = 0.8
"""A block with a larger share of its letters in links counts as links alone."""
CARDS_MIN: Final = 3
"""From so many boxes of one make that a link begins on, they are teasers."""
CARD_MAX_WORDS: Final = 40
"""Of what stands beside the link in a box that points to another article."""
CARDS_MAX_SHARE: Final = 0.3
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button|cta)(?:$|[\s_-])", re.I).search

_COMMENTS_PLACE = re.compile(
    r"[^#]*+#(?:comment|respond|disqus|repl(?:y|ies)|[ck]omm?ent|yorum|reacties|diskus"
    r"|(?:page-?)?(?:top|oben|haut|inicio|arriba)$)",
    re.IGNORECASE,
)
_TABLE: Final = lexicon.sections_of("elsewhere.txt")
_POINTING = re.compile(f"{STARTS['pointer'].pattern}|{_TABLE['pointing']}", re.IGNORECASE)
_BEFORE_COLON = re.compile(r"[^:|：]{3,30}(?:: |：| [|»–—] )")
_PRICE = re.compile(rf"\W*(?:{_TABLE['price']})\b", re.IGNORECASE)
_ARROWS: Final = frozenset("+>›»→⇒➔➜➡►▶▸☞👉⮕")
ARROWS_MAX_CHARS: Final = 8
"""“+++ The link +++”."""
_TOOL = re.compile(rf"\W*(?:{_TABLE['tool']})\W*", re.IGNORECASE)
_BRACKETED = re.compile(
    r"(?:[^\[\]:]{3,40}: ?)?(?:\[ ?[^\W\d_][^\[\]]{2,40}\][^\w\[]{0,3})++"
).fullmatch
_YOU_ARE_HERE = re.compile(rf"(?i)\W*(?:{_TABLE['you are here']})\b ?[:：>»]").match
_OF_TIMES: Final = frozenset({"am", "pm", "uhr", "h", "gmt", "et"})
_POSTED: Final = lexicon.parted(_TABLE["posted"])
_IN_WORDS = re.compile(
    r"(?i)\W*+(?:(?:read|learn|see) more|find out more) (?:about|on|in|at|how|why|what)\b"
)
"""A sentence of the text that leads on: "Learn more about the bridge in our report."."""


def is_pointer(block: Block) -> bool:
    """Whether a line only points elsewhere: "Read more:" and a link, or a link that begins so."""
    if not 0 < block.link_chars <= len(block.text) <= POINTER_MAX_CHARS:
        return False
    if block.element.tag in HEADINGS or _IN_WORDS.match(block.text):
        return False
    links = [text_of(link) for link in block.element.iter("a")]
    rest = block.text
    for link in links:
        rest = rest.replace(link, " ", 1)
    words = words_of(rest)
    if not words:
        begin = _BEFORE_COLON.match(block.text)
        return begin is not None and (
            lexicon.points_on(begin[0]) or _POINTING.match(block.text) is not None
        )
    return len(words) <= POINTER_MAX_WORDS and (
        lexicon.points_on(rest)
        or _POINTING.match(rest) is not None
        or (_is_paid(block) and _PRICE.match(rest) is not None)
    )


def _is_paid(block: Block) -> bool:
    """Whether all links of a line are said to be paid for."""
    return all("sponsored" in (link.get("rel") or "") for link in block.element.iter("a"))


def follows_arrow(block: Block) -> bool:
    """Whether a line is a link behind an arrow: it points elsewhere, where few others do."""
    return (
        0 < block.link_chars < len(block.text) <= block.link_chars + ARROWS_MAX_CHARS
        and block.text[0] in _ARROWS
        and not words_of(block.element.text or "")
        and block.element.tag not in HEADINGS
        and "li" not in (block.element.tag, *(e.tag for e in block.path[-1:]))
    )


def is_row_of_tools(block: Block) -> bool:
    """Whether a line is links of a few words each and no more than a day and a time, and one of the
    links prints, sends or leads back.
    """
    if block.link_chars * 3 < len(block.text) or block.size > ROW_MAX_WORDS:
        return False
    links = [text_of(link) for link in block.element.iter("a")]
    if not any(_TOOL.fullmatch(link) or lexicon.is_label(link) for link in links):
        return False
    rest = Counter(block.words) - Counter(WORD.findall(" ".join(links).lower()))
    is_short = all(len(link.split()) <= TOOL_MAX_WORDS for link in links)
    return is_short and all(word.isdigit() or word in _OF_TIMES for word in rest)


def is_bracketed(block: Block) -> bool:
    """Whether a line is links in brackets alone, below a label perhaps, or the way to this page:
    "[Home] [Help]", "Sorted by: [date] [thread]", "You are here: Home >> Cases".
    """
    if block.text[0] == "[" or block.text[-1] == "]":
        return block.text.count("[") > 1 and _BRACKETED(block.text) is not None
    return block.link_chars > 0 and _YOU_ARE_HERE(block.text) is not None


def tells_of_posting(block: Block) -> bool:
    """Whether a block is the sentence that WordPress put below each text: when it was posted, in
    which category, and how to answer.
    """
    return block.link_chars > 0 and block.text.startswith(_POSTED)


def only_points_on(text: str) -> bool:
    """Whether a line says no more than that there is more elsewhere: "Read more"."""
    if lexicon.points_on(text):
        return True
    match = _POINTING.match(text) if len(text) <= LABEL_MAX_CHARS else None
    return match is not None and not re.search(r"\w", text[match.end() :])


def announces_links(block: Block) -> bool:
    """Whether a line only says that links stand below: "See also:". A heading has to be a known
    label, for a chapter may consist of links.
    """
    if block.link_chars or block.size > POINTER_MAX_WORDS:
        return False
    if block.element.tag in HEADINGS:
        return lexicon.is_label(block.text)
    return lexicon.points_on(block.text) or _POINTING.match(block.text) is not None


def is_short_link(block: Block) -> bool:
    """Whether a line is one link of a few words."""
    return block.size <= BUTTON_MAX_WORDS and block.link_density > LINKED_MIN


def is_button(block: Block) -> bool:
    """Whether a line is one link of a few words that calls itself a button."""
    if not is_short_link(block) or block.element.tag in HEADINGS:
        return False
    links = (block.element, *block.element.iter("a"))
    return any(_BUTTON(e.get("class") or "") for e in links)


def address_of(block: Block) -> str:
    """Where the first link of a line leads, or the line that is within one."""
    link = next(block.element.iter("a"), block.element)
    return link.get("href") or link.get(LINK) or ""


def leads_away(block: Block) -> bool:
    """Whether a line is one link in capitals, a headline of something else, or one to what readers
    wrote, further down on the page, or to its top."""
    if block.link_density <= LINKED_MIN:
        return False
    if _COMMENTS_PLACE.match(address_of(block)) is not None:
        return True
    is_line = block.element.tag not in HEADINGS and len(block.words) >= SHOUT_MIN_WORDS
    return is_line and block.text == block.text.upper() != block.text.lower()


def jumps(block: Block) -> bool:
    """Whether a line is one link to a place further down on this page."""
    return block.link_density > LINKED_MIN and address_of(block).startswith("#")


def _is_card(block: Block) -> bool:
    """Whether a block is a link and, in a line of its own below it, a few words."""
    element = block.element
    if block.size > CARD_MAX_WORDS or len(element) == 0:
        return False
    is_first = element[0].tag == "a" and not (element.text or "").strip()
    return is_first and not (element[0].tail or "").strip() and element.find("br") is not None


def drop_cards(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop teasers below the text: what small boxes say under a link that was dropped, where
    several boxes of one make begin so, and rows of lines that each are a link with a few words
    below it.
    """
    blocks = page.blocks
    kept = kept_numbers(decisions)
    rows = _rows_of_cards(blocks)
    lines = [n for row in rows if len(row) >= CARDS_MIN for n in row if decisions[n].kept]
    own = [n for n in kept if blocks[n].size >= PARAGRAPH_MIN_WORDS]
    last = next((n for n in reversed(own) if page.box_words(n) > CARD_MAX_WORDS), 0)
    if not (lines or any(page.box_words(n) <= CARD_MAX_WORDS for n in kept if n > last)):
        return
    cards = _led_by_links(blocks, decisions)
    told = [n for n in kept if blocks[n].path and blocks[n].path[-1] in cards]
    told = [n for n in told if page.box_words(n) <= CARD_MAX_WORDS] + lines
    own = [number for number in own if number not in told]
    below = [n for n in told if own and n > own[-1]]
    words = words_in(blocks, own)
    named = {n for row in rows if announces_links(blocks[row[0] - 1]) for n in row}
    if words >= ARTICLE_MIN_WORDS and named.intersection(below):
        take_all_back(decisions, named.intersection(below), "of a box that points elsewhere")
        below = [number for number in below if number not in named]
    if words >= max(ARTICLE_MIN_WORDS, words_in(blocks, below) / CARDS_MAX_SHARE):
        take_all_back(decisions, below, "of a box that points elsewhere")


def _rows_of_cards(blocks: Sequence[Block]) -> list[list[int]]:
    """Lines that are links in part, those of one make in one box together."""
    rows: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        if 0 < block.link_chars < len(block.text) and _is_card(block):
            rows[block.path[-1:], make(block.element)].append(number)
    return list(rows.values())


def _led_by_links(blocks: Sequence[Block], decisions: Sequence[BlockDecision]) -> set[HtmlElement]:
    """Boxes that a link begins which was dropped, where there are several of one make."""
    leads: defaultdict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
    before: Sequence[HtmlElement] = ()
    for number, block in enumerate(blocks):
        is_first = bool(block.path) and block.path[-1] not in before
        if is_first and not decisions[number].kept and block.link_density > LINKS_MIN_SHARE:
            leads[make(block.path[-1])].append(block.path[-1])
        before = block.path
    return {box for boxes in leads.values() if len(boxes) >= CARDS_MIN for box in boxes}
