"""Lines that only point elsewhere: to other pages, or further down on this one."""

from __future__ import annotations

import re
from typing import Final

from feedd.article import lexicon
from feedd.article.blocks import Block, text_of
from feedd.article.lexicon import LABEL_MAX_CHARS, STARTS
from feedd.article.normalise import LINK
from feedd.article.tree import HEADINGS

POINTER_MAX_CHARS: Final = 500
POINTER_MAX_WORDS: Final = 6
BUTTON_MAX_WORDS: Final = 4
SHOUT_MIN_WORDS: Final = 4
LINKED_MIN: Final = 0.9
_BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button|cta)(?:$|[\s_-])", re.I).search

_COMMENTS_PLACE = re.compile(
    r"[^#]*+#(?:comment|respond|disqus|repl(?:y|ies)|[ck]omm?ent|yorum|reacties|diskus"
    r"|(?:page-?)?(?:top|oben|haut|inicio|arriba)$)",
    re.IGNORECASE,
)
_POINTING = re.compile(
    STARTS["pointer"].pattern
    + r"|\W*+(?:อ่าน(?:เพิ่มเติม|ต่อ)|بیشتر بخوانید|(?:קראו|ראו) (?:גם|עוד)|прочетете|pročitajte|"
    r"preberite|дивіться|llegeix|també et|loe (?:ka|lisaks)|taip pat skaityk|lasi arī)"
    r"|\W*+(?:filed under|posted in|tagged(?: (?:as|with))?|tags:|categor(?:y|ies):|topics:)"
    r"|\W*+(?:上一篇|下一篇|前の記事|次の記事|이전 ?글|다음 ?글|标签|標籤)"
    r"|(?:te |les? |os )?(?:recomendamos|recommandons|consigliamo)|\W*+рекомендуем"
    r"|\W*+i̇?lgi̇?li̇? haber|\W*+on [\w-]+\.(?:com|org|net|\w\w)\b",
    re.IGNORECASE,
)
_BEFORE_COLON = re.compile(r"[^:|：]{3,30}(?:: |：| [|»–—] )")
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
    words = re.findall(r"\w+", rest)
    if not words:
        begin = _BEFORE_COLON.match(block.text)
        return begin is not None and (
            lexicon.points_on(begin[0]) or _POINTING.match(block.text) is not None
        )
    return len(words) <= POINTER_MAX_WORDS and (
        lexicon.points_on(rest) or _POINTING.match(rest) is not None
    )


def only_points_on(text: str) -> bool:
    """Whether a line says no more than that there is more elsewhere: "Read more"."""
    if lexicon.points_on(text):
        return True
    match = _POINTING.match(text) if len(text) <= LABEL_MAX_CHARS else None
    return match is not None and not re.search(r"\w", text[match.end() :])


def announces_links(block: Block) -> bool:
    """Whether a line only says that links stand below: "See also:". A heading says more: a chapter
    may be one of links.
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


def leads_away(block: Block) -> bool:
    """Whether a line is one link in capitals, a headline of something else, or one to what readers
    wrote, further down on the page, or to its top."""
    if block.link_density <= LINKED_MIN:
        return False
    link = next(block.element.iter("a"), block.element)
    if _COMMENTS_PLACE.match(link.get("href") or link.get(LINK) or "") is not None:
        return True
    is_line = block.element.tag not in HEADINGS and len(block.words) >= SHOUT_MIN_WORDS
    return is_line and block.text == block.text.upper() != block.text.lower()
