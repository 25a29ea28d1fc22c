"""Where a page's blocks that recur on its site stand: what is new around them."""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import pairwise, takewhile
from typing import Final

from lxml.html import HtmlElement

from feedd.article.classifier.containers import make
from feedd.article.sitememory.appeals import Appeal, appeal
from feedd.article.sitememory.block_marks import names_somebody
from feedd.article.sitememory.line_forms import (
    holding,
    is_label,
    is_named_at_start,
    is_small,
    list_around,
)
from feedd.article.tree import HEADINGS
from feedd.article.tree.blocks import QUESTION_ENDS, Block
from feedd.article.tree.markup import group_bits, groups_of

PROSE_MIN_WORDS: Final = 10
ITEMS_MIN_WORDS: Final = 3
LINKED_MAX_SHARE: Final = 0.3
ROW_MAX_WORDS: Final = 60
"""A table's row with more is one of a layout."""
NOTE_MAX_BLOCKS: Final = 4
TEXT_MIN_BLOCKS: Final = 3


_PROMOTING: Final = group_bits("share", "subscribe", "ads", "related")
_BOLD: Final = frozenset({"b", "strong"})


class RecurringPage:
    """One page's kept blocks, of which some recur on its site: of those `changing` have new
    numbers, days or names, `standing` are on nearly all pages. What `stays` grows.
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
        self.labels = {number for number in kept if is_label(blocks[number])}
        self.appeals = {number: appeal(blocks[number], site) for number in recurring}
        self.stays = set(self.new)

    def names_box(self, number: int) -> bool:
        """Whether a line is the first of a box of few, all others of which stay."""
        inside = [
            o for o in self.kept if {*self.blocks[number].path[-1:]} <= {*self.blocks[o].path}
        ]
        rest = set(inside) - {number}
        return inside[0] == number and 0 < len(rest) <= NOTE_MAX_BLOCKS and rest <= self.stays

    def is_made_like(self, other: int, number: int) -> bool:
        """Whether a block stands beside another and is written by the same template."""
        one, two = self.blocks[other], self.blocks[number]
        return self.is_beside(other, number) and make(one.element) == make(two.element)

    def is_made_like_new(self, number: int) -> bool:
        """Whether a block stands beside new text and is written by the same template."""
        return any(self.is_made_like(other, number) for other in self.new)

    def is_boxed_apart(self, number: int) -> bool:
        """Whether a block stands in a box that is called a promotion, and no new text does."""
        boxes = {e for e in self.blocks[number].path[-2:] if groups_of(e) & _PROMOTING}
        return bool(boxes) and not any(
            boxes.intersection(self.blocks[other].path)
            for other in self.new
            if self.blocks[other].size >= PROSE_MIN_WORDS
        )

    def is_beside(self, other: int, number: int) -> bool:
        """Whether blocks stand in one container, or in two of the same make, each of which holds a
        part of the text.
        """
        one, two = self.blocks[other].path, self.blocks[number].path
        if one == two:
            return True
        is_split = len(one) == len(two) > 0 and one[-1].get("class")
        return bool(is_split) and make(one[-1]) == make(two[-1])

    def is_of_sections(self, heading: int) -> bool:
        """Whether a heading is one of those of the text: another one of its make, in its container,
        stands over what is new.
        """
        own = holding(self.blocks[heading])
        may = own.tag in HEADINGS or (own.tag in _BOLD and heading in self.labels)
        return may and any(
            under in self.new and other != heading and self.is_beside(other, heading)
            for other, under in pairwise(self.kept)
            if holding(self.blocks[other]).tag == own.tag
        )

    def is_amid_new(self, number: int) -> bool:
        """Whether new text stands in a block's container."""
        return any(self.is_beside(other, number) for other in self.new)

    def is_of_text(self, number: int) -> bool:
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

    def is_in_standing_section(self, at: int) -> bool:
        """Whether right above stands a sentence that recurs, and stays, under a heading: this goes
        on with it.
        """
        label, above = self.kept[max(0, at - 2)], self.kept[at - 1]
        goes_on = at > 1 and label in self.labels and above in self.recurring & self.stays
        if self.kept[at] in self.standing - self.changing:  # "Scale: 5 is a wonder"
            is_named = is_named_at_start(self.blocks[self.kept[at]])
            may = is_named and self.is_made_like(above, self.kept[at])
            goes_on = goes_on and may and self.is_of_sections(label)
        return goes_on and not list_around(self.blocks[above])

    def is_set_apart(self, number: int, said: Appeal) -> bool:
        """Whether no new text has the make of a block; where that turns to somebody, or is small
        print, of what holds its letters: a `<small>`, an `<em>`.
        """
        block = self.blocks[number]
        is_inner = said != Appeal.NONE or is_small(holding(block))
        written = [
            holding(b) if is_inner else b.element
            for b in map(self.blocks.__getitem__, self.new)
            if b.size >= PROSE_MIN_WORDS
        ]
        own = holding(block) if is_inner else block.element
        return bool(written) and make(own) not in map(make, written)

    def heads(self, above: int) -> bool:
        """Whether what stands right above is a heading that neither calls nor says "our"."""
        if above not in self.labels:
            return False
        said = self.appeals.get(above, Appeal.NONE)
        asks = self.blocks[above].text.endswith(QUESTION_ENDS)
        return said == Appeal.NONE or (asks and said == Appeal.TURNS)

    def new_around(
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
        inside = [
            o for o in texts if {*path[-1:]} <= {*self.blocks[o].path} or self.is_beside(o, number)
        ]
        if not inside and self.appeals[number] == Appeal.NONE and number not in self.changing:
            inside = [o for o in texts if {*path[-3:-2]} <= {*self.blocks[o].path}]
        words = sum(self.blocks[other].size for other in inside if other > number)
        is_plain = self.appeals[number] == Appeal.NONE and number not in self.changing
        if not words and is_plain and not names_somebody(self.blocks[number]):
            words = self._items_below(number)
        goes_on = words > least or any(
            number not in self.changing
            and under > number
            and under in self.new
            and self.is_beside(heading, number)
            for heading, under in pairwise(self.kept)
            if heading > number and self.is_of_sections(heading)
        )
        return any(other < number for other in inside), goes_on

    def _items_below(self, number: int) -> int:
        """How many words new items and tables below a block have in its container."""
        path = self.blocks[number].path
        words = sum(
            self.blocks[other].size
            for other in self.new
            if other > number
            and {*path[-1:]} <= {*self.blocks[other].path}
            and list_around(self.blocks[other])
            and self.blocks[other].link_density <= LINKED_MAX_SHARE
        )
        return words if words >= ITEMS_MIN_WORDS else 0

    def is_listed(self, box: tuple[HtmlElement, ...], said: Appeal) -> bool:
        """Whether an item or table stands in the article's own lists: under a heading, or among
        items that are new here. "2 eggs" is in many recipes.
        """
        together = [other for other in self.kept if list_around(self.blocks[other]) == box]
        if any(other in self.new for other in together):
            return True
        above = [other for other in self.kept if other < together[0]]
        if said != Appeal.CALLS and above and self.is_of_sections(above[-1]):
            return self.appeals.get(above[-1]) != Appeal.CALLS
        below = [other for other in self.kept if other > together[-1]]
        is_led = bool(above) and (
            above[-1] in self.labels
            or (above[-1] in self.new and bool(list_around(self.blocks[above[-1]])))
        )
        return said != Appeal.CALLS and bool(below) and is_led

    def is_in_table(self, number: int) -> bool:
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
