"""Whether a text that other pages of the site have, too, is boilerplate, or content that recurs.

It shows in where the text stands on the page and in what it says; see `docs/articles.md`, "Site
memory". Content is

- a heading, or a short label, over something that stays (a recipe's "Ingredients");
- an item or table in a list of the article's own;
- what is said several times on one page, or within one block: a refrain, a litany;
- a sentence that has new text after it in its container, or stands right under a heading or a
  table, or is a very short one right after what stays.

It may not call the reader away; where no new text follows, it may not even say "you" or "our". A
sentence in which numbers, days or names are new is a report's where it stands amid new text; else
it is a byline or a count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import takewhile
from typing import Final

from lxml.html import HtmlElement

from feedd.article.appeals import Appeal, appeal
from feedd.article.block_marks import capitals, marks, names_somebody
from feedd.article.blocks import QUESTION_ENDS, Block
from feedd.article.containers import make
from feedd.article.lexicon import STARTS, STOPS
from feedd.article.sitememory import everywhere
from feedd.article.tree import HEADINGS

LABEL_MAX_WORDS: Final = 6
QUESTION_MAX_WORDS: Final = 20
PROSE_MIN_WORDS: Final = 10
INTRODUCTION_MIN_WORDS: Final = 6
HEADED_MAX_WORDS: Final = 25
"""More under a heading, with nothing new after it, tells of the publisher."""
HEADED_BEFORE_WORDS: Final = 3
BEFORE_WORDS: Final = 15
"""So much new text follows what says "you" under a heading, and amid the text."""
REMARK_MAX_WORDS: Final = 6
"""“The appeal is dismissed.”, “Amen.”"""
SITE_MIN_CHARS: Final = 6
"""A shorter name of a site may be a word of the text."""
ROW_MAX_WORDS: Final = 60
"""A table's row with more is one of a layout."""
VALUE_MAX_WORDS: Final = 8
TOLD_MIN_WORDS: Final = 20
TEXT_MIN_BLOCKS: Final = 3
LITANY_MIN_WORDS: Final = 6
LITANY_MAX_SHARE: Final = 0.6
LINKED_MAX_SHARE: Final = 0.3
LINK_MIN_SHARE: Final = 0.8
"""In a list or a table a word of a line may well be a link: not all of it."""
REPUBLISHED_SHARE: Final = 0.5
"""When more of an article's words recur, it may be one that the site publishes several times."""
WHOLE_SHARE: Final = 0.8
"""When so much recurs, it is one whatever it says."""

_LISTED: Final = frozenset({"li", "dd", "table", "pre"})
_OPENING: Final = "[【〔《<〈「『"
_CLOSING: Final = "]】〕》>〉」』"
_SENTENCE = re.compile(rf"[{STOPS}]['\"”’»)\]]*$")


def boilerplate(
    blocks: Sequence[Block], kept: Sequence[int], known: Set[int], site: Set[str] = frozenset()
) -> list[int]:
    """Those of the `kept` block numbers that go, given the fingerprints `known` to recur, and what
    the `site` is called, squashed.
    """
    marked = {number: marks(blocks[number]) for number in kept}
    recurring = {number for number in kept if marked[number][0] in known}
    if not recurring:
        return []
    page = _Page(
        blocks,
        kept,
        recurring,
        {number for number in recurring if marked[number][-1] not in known},
        {number for number in recurring if everywhere(marked[number][0]) in known},
        tuple(name for name in site if len(name) >= SITE_MIN_CHARS and name[0] != "."),
    )
    if page.is_published_again():
        return []
    stays = page.content()
    return [number for number in kept if number not in stays]


class _Page:
    """One page's kept blocks, of which some recur on its site: of those `changing` have new
    numbers, days or names, `standing` are on nearly all pages.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        kept: Sequence[int],
        recurring: Set[int],
        changing: Set[int],
        standing: Set[int],
        site: Sequence[str],
    ) -> None:
        self.blocks, self.kept, self.recurring = blocks, kept, recurring
        self.changing, self.standing = changing, standing
        self.new = [number for number in kept if number not in recurring]
        self.labels = {number for number in kept if _is_label(blocks[number])}
        self.appeals = {number: appeal(blocks[number], site) for number in recurring}
        self.stays = set(self.new)

    def content(self) -> Set[int]:
        """The numbers of those blocks that stay."""
        for at, number in enumerate(self.kept):
            if number in self.recurring and number not in self.labels and self._is_content(at):
                self.stays.add(number)
        for at in range(len(self.kept) - 1, -1, -1):
            number = self.kept[at]
            if number not in self.stays and self._is_over_content(at):
                self.stays.add(number)
        return self.stays

    def is_published_again(self) -> bool:
        """Whether most of a page recurs on some pages of the site, and little of that speaks of its
        reader or publisher: it is no furniture.
        """
        words = sum(self.blocks[number].size for number in self.kept)
        again = sum(self.blocks[number].size for number in self.recurring - self.standing)
        plain = sum(
            self.blocks[number].size
            for number in self.recurring - self.standing - self.changing
            if self.appeals[number] == Appeal.NONE
        )
        is_most = again > REPUBLISHED_SHARE * words
        return is_most and (plain > REPUBLISHED_SHARE * words or again > WHOLE_SHARE * words)

    def _is_over_content(self, at: int) -> bool:
        """Whether what a label that recurs stands over stays; unmarked, amid the text alone."""
        number = self.kept[at]
        block = self.blocks[number]
        if number in self.labels:
            under = next((o for o in self.kept[at + 1 :] if o not in self.labels), None)
            is_marked = block.element.tag in HEADINGS or block.element.tag == "dt"
            may = is_marked or block.link_density <= LINKED_MAX_SHARE
            if not may or under is None or under not in self.stays:
                return False
            leads = is_marked and under in self.new and bool(_list_around(self.blocks[under]))
            return leads or self.appeals[number] != Appeal.CALLS  # "See also", over a list
        is_short = block.size <= LABEL_MAX_WORDS and not any(map(str.isdigit, block.text))
        under = next(iter(self.kept[at + 1 : at + 2]), None)
        if not is_short or under is None or under not in self.stays or _list_around(block):
            return False
        is_plain = self.appeals[number] == Appeal.NONE and not block.link_chars
        return is_plain and any(
            other < number and self.blocks[other].size >= PROSE_MIN_WORDS for other in self.new
        )

    def _is_content(self, at: int) -> bool:
        number = self.kept[at]
        block, said = self.blocks[number], self.appeals[number]
        box = _list_around(block)
        is_refrain = sum(self.blocks[other].words == block.words for other in self.kept) > 1
        is_piece = bool(box) or is_refrain or self._is_in_table(number)
        if block.link_density > (LINK_MIN_SHARE if is_piece else LINKED_MAX_SHARE):
            return False
        if box and self._is_listed(box, said):
            return True
        if said == Appeal.CALLS or is_piece:
            return said != Appeal.CALLS and (not box or is_refrain)
        if len({*block.words}) <= LITANY_MAX_SHARE * len(block.words) >= LITANY_MIN_WORDS / 2:
            return True
        is_sentence = _SENTENCE.search(block.text) is not None
        above = self.kept[at - 1] if at else None
        is_headed = above is not None and self._heads(above)
        if is_headed and above in self.new and is_sentence:
            return True  # "Nobody knows.", below a question that is new
        least = HEADED_BEFORE_WORDS if is_headed else BEFORE_WORDS
        smallest = HEADED_BEFORE_WORDS if is_headed else PROSE_MIN_WORDS
        before, after = self._new_around(number, smallest, least if said == Appeal.TURNS else 0)
        if number in self.changing and not is_headed:
            return is_sentence and ((before and after) or self._tells_on(at, said))
        if after and number in self.standing and not is_headed and self._is_set_apart(number):
            return False
        if after:
            is_whole = block.size >= INTRODUCTION_MIN_WORDS and is_sentence
            return is_headed or is_whole or (before and (is_sentence or _is_value(block)))
        if not is_sentence or said == Appeal.TURNS:
            return False
        if is_headed:
            return block.size <= HEADED_MAX_WORDS
        return self._goes_on(number, above, said)

    def _goes_on(self, number: int, above: int | None, said: Appeal) -> bool:
        """Whether a sentence without new text after it belongs to what stays right above."""
        if above not in self.stays and number not in self.standing:  # a call stands between
            above = max((other for other in self.stays if other < number), default=None)
        if above is None or above not in self.stays or said != Appeal.NONE:
            return False
        block, box = self.blocks[number], _list_around(self.blocks[above])
        if box:
            return any(_list_around(self.blocks[other]) == box for other in self.new)
        if number not in self.standing and self._is_in_standing_section(self.kept.index(number)):
            return True
        if self.blocks[above].path != block.path:
            return False
        if block.size <= REMARK_MAX_WORDS:
            return True
        return number not in self.standing and (
            not names_somebody(block) or self._is_of_text(number)
        )

    def _is_of_text(self, number: int) -> bool:
        """Whether a sentence is one of several, one after the other, that recur and speak of
        neither reader nor publisher: a text that the site has published before.
        """
        at = self.kept.index(number)
        above = takewhile(self._is_plain, reversed(self.kept[:at]))
        below = takewhile(self._is_plain, self.kept[at:])
        return len([*above, *below]) >= TEXT_MIN_BLOCKS

    def _is_plain(self, number: int) -> bool:
        is_prose = self.blocks[number].size >= PROSE_MIN_WORDS
        lasts = number in self.recurring and number not in self.standing | self.changing
        return is_prose and lasts and self.appeals[number] == Appeal.NONE

    def _tells_on(self, at: int, said: Appeal) -> bool:
        """Whether a sentence with new numbers or days, and no new text after it, is a report's: it
        goes on in a section that recurs, or is long and begins with no name.
        """
        if said != Appeal.NONE or not at:
            return False
        block, above = self.blocks[self.kept[at]], self.kept[at - 1]
        if self._is_in_standing_section(at):
            return True
        is_long = block.size >= TOLD_MIN_WORDS and above in self.stays
        _, named = capitals(block.text)
        return is_long and not any(named[:2]) and self.blocks[above].path == block.path

    def _is_in_standing_section(self, at: int) -> bool:
        """Whether right above stands a sentence that recurs, and stays, under a heading: this goes
        on with it.
        """
        label, above = self.kept[max(0, at - 2)], self.kept[at - 1]
        goes_on = at > 1 and label in self.labels and above in self.recurring & self.stays
        return goes_on and not _list_around(self.blocks[above])

    def _is_set_apart(self, number: int) -> bool:
        """Whether no new text has the make of a block."""
        makes = {
            make(self.blocks[o].element) for o in self.new if self.blocks[o].size >= PROSE_MIN_WORDS
        }
        return bool(makes) and make(self.blocks[number].element) not in makes

    def _heads(self, above: int) -> bool:
        """Whether what stands right above is a heading that neither calls nor says "our"."""
        if above not in self.labels:
            return False
        said = self.appeals.get(above, Appeal.NONE)
        asks = self.blocks[above].text.endswith(QUESTION_ENDS)
        return said == Appeal.NONE or (asks and said == Appeal.TURNS)

    def _new_around(
        self, number: int, smallest: int = PROSE_MIN_WORDS, least: int = 0
    ) -> tuple[bool, bool]:
        """Whether new text stands before a block, and after it, in the same container: in blocks of
        so many words as the `smallest`, and after it of so many in all as the `least`. A line that
        turns to nobody may stand in a small box of its own.
        """
        path = self.blocks[number].path
        texts = [
            other
            for other in self.new
            if other not in self.labels and self.blocks[other].size >= smallest
        ]
        inside = [o for o in texts if {*path[-1:]} <= {*self.blocks[o].path}]
        if not inside and self.appeals[number] == Appeal.NONE and number not in self.changing:
            inside = [o for o in texts if {*path[-3:-2]} <= {*self.blocks[o].path}]
        words = sum(self.blocks[other].size for other in inside if other > number)
        return any(other < number for other in inside), words > least

    def _is_listed(self, box: tuple[HtmlElement, ...], said: Appeal) -> bool:
        """Whether an item or table stands in the article's own lists: under a heading, or among
        items that are new here. "2 eggs" is in many recipes.
        """
        together = [other for other in self.kept if _list_around(self.blocks[other]) == box]
        if any(other in self.new for other in together):
            return True
        above = [other for other in self.kept if other < together[0]]
        below = [other for other in self.kept if other > together[-1]]
        is_led = bool(above) and (
            above[-1] in self.labels
            or (above[-1] in self.new and bool(_list_around(self.blocks[above[-1]])))
        )
        return said != Appeal.CALLS and bool(below) and is_led

    def _is_in_table(self, number: int) -> bool:
        """Whether a block stands in a cell of a table of data, where others are new: such a table
        is whole.
        """
        path = self.blocks[number].path
        row = next((e for e in reversed(path) if e.tag == "tr"), None)
        table = None if row is None else next(e for e in reversed(path) if e.tag == "table")
        if table is None:
            return False
        inside = [other for other in self.kept if table in self.blocks[other].path]
        words = sum(self.blocks[other].size for other in inside if row in self.blocks[other].path)
        return words <= ROW_MAX_WORDS and any(other in self.new for other in inside)


def _is_value(block: Block) -> bool:
    """Whether a line is a name and a value, of what the text is about: "Stability: 2"."""
    name, colon, _ = block.text.partition(":")
    is_short = bool(colon) and block.size <= VALUE_MAX_WORDS and " " not in name
    folded = block.text.lower()
    return is_short and not any(STARTS[which].match(folded) for which in ("credit", "byline"))


def _list_around(block: Block) -> tuple[HtmlElement, ...]:
    """The list of an item, be its words in a box of their own, or what holds a table; () of what is
    none."""
    if block.element.tag in _LISTED:
        return block.path[-1:]
    return block.path[-2:-1] if block.path[-1:] and block.path[-1].tag == "li" else ()


def _is_label(block: Block) -> bool:
    """Whether a block is a heading, or reads like one: short and bold, in brackets or with a colon,
    or a question.
    """
    if block.element.tag in HEADINGS or block.element.tag == "dt":
        return True
    if block.text.endswith(QUESTION_ENDS):
        return block.size <= QUESTION_MAX_WORDS and block.element.tag not in _LISTED
    if block.size > LABEL_MAX_WORDS or block.text.endswith((".", "!")):
        return False
    return (
        block.text.endswith((":", "："))
        or (block.text[0] in _OPENING and block.text[-1] in _CLOSING)
        or (
            len(block.element) == 1
            and block.element[0].tag in ("b", "strong")
            and not (block.element.text or "").strip()
        )
    )
