"""A text that is on several pages of a site: boilerplate, or content that recurs?

By its standing on the page. Content opens or divides what is new: it survives as

- a heading, or a short label, over something that is new on this page (a recipe's "Ingredients");
- what is said several times on one page: a refrain;
- a sentence below a heading that is new: an answer;
- prose in the article's own container, at its beginning or right under a heading, with new text
  after it (a column's standing introduction).

Neither may call the reader away: to subscribe, follow, share, read something else; nor speak of
rights, cookies or commissions. All else that recurs goes, whatever its markup: what stands at the
end (author boxes, "Back to top"), what points elsewhere, lines that are no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

from feedd.article.blocks import Block
from feedd.article.lexicon import MENTIONS, STARTS
from feedd.article.sitememory import fingerprint
from feedd.article.tree import HEADINGS

LABEL_MAX_WORDS: Final = 6
PROSE_MIN_WORDS: Final = 10
INTRODUCED_AFTER: Final = 2
INTRODUCED_AFTER_WORDS: Final = 40
"""A standing introduction comes after so little that is new: a dateline, a teaser."""
LINKED_MAX_SHARE: Final = 0.3
REPUBLISHED_SHARE: Final = 0.5
"""When more of an article's words recur, it is one that the site publishes several times."""

_CALLING: Final = (
    *(STARTS[name] for name in ("pointer", "share", "tags", "comments", "advert", "back", "shout")),
    *(MENTIONS[name] for name in ("subscribe", "rights", "contact", "about", "commission")),
)
_LISTED: Final = frozenset({"li", "dd", "table", "pre"})
_SENTENCE = re.compile(r"[.!?…。！？]['\"”’»)\]]*$")


def mark(block: Block) -> int:
    """The fingerprint by which a block is known to recur."""
    return fingerprint(block.words, exact=block.element.tag in ("table", "pre"))


def boilerplate(blocks: Sequence[Block], kept: Sequence[int], recurring: Set[int]) -> list[int]:
    """Those of the `kept` block numbers that go, given which numbers' texts recur."""
    again = [number for number in kept if number in recurring]
    words = sum(blocks[number].size for number in kept)
    if sum(blocks[number].size for number in again) > REPUBLISHED_SHARE * words:
        return []
    return [number for number in again if not _is_content(blocks, number, kept, recurring)]


def _is_content(
    blocks: Sequence[Block], number: int, kept: Sequence[int], recurring: Set[int]
) -> bool:
    block = blocks[number]
    if block.link_density > LINKED_MAX_SHARE or _calls(block):
        return False
    after = [other for other in kept if other > number]
    if _is_label(block):
        under = next((o for o in after if not _is_label(blocks[o])), None)
        return under is not None and under not in recurring
    if block.element.tag in _LISTED:
        return _is_listed_content(blocks, number, kept, recurring)
    if sum(blocks[other].words == block.words for other in kept) > 1:
        return True  # a refrain
    before = [other for other in kept if other < number]
    if not _SENTENCE.search(block.text):
        return False
    if before and before[-1] not in recurring and _is_label(blocks[before[-1]]):
        return True  # "Nobody knows.", below a question that is new
    if block.size < PROSE_MIN_WORDS:
        return False
    new = [other for other in before if other not in recurring]
    opens = (
        len(new) <= INTRODUCED_AFTER
        and sum(blocks[other].size for other in new) <= INTRODUCED_AFTER_WORDS
    )
    if not opens and not (before and _is_label(blocks[before[-1]])):
        return False
    return any(o not in recurring and blocks[o].path == block.path for o in after)


def _is_listed_content(
    blocks: Sequence[Block], number: int, kept: Sequence[int], recurring: Set[int]
) -> bool:
    """Whether an item or table stands in the article's own lists: under a heading, or among items
    that are new here. "2 eggs" is in many recipes.
    """
    box = blocks[number].path[-1:]
    together = [o for o in kept if blocks[o].path[-1:] == box and blocks[o].element.tag in _LISTED]
    if any(other not in recurring for other in together):
        return True
    above = [other for other in kept if other < together[0]]
    below = [other for other in kept if other > together[-1]]
    return bool(above and below) and _is_label(blocks[above[-1]])


def _is_label(block: Block) -> bool:
    if block.element.tag in HEADINGS or block.element.tag == "dt":
        return True
    short = block.size <= LABEL_MAX_WORDS and not block.text.endswith((".", "!", "?"))
    marked = block.text.endswith(":") or (
        len(block.element) == 1
        and block.element[0].tag in ("b", "strong")
        and not (block.element.text or "").strip()
    )
    return short and marked


def _calls(block: Block) -> bool:
    return any(pattern.match(block.text) for pattern in _CALLING[:7]) or any(
        pattern.search(block.text) for pattern in _CALLING[7:]
    )
