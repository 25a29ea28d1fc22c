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
from itertools import pairwise
from typing import Final

from feedd.article.sitememory import everywhere
from feedd.article.sitememory.appeals import Appeal, tells_of_backers, tells_of_publication
from feedd.article.sitememory.block_marks import (
    capitals,
    marks,
    names,
    names_in_a_row,
    names_somebody,
)
from feedd.article.sitememory.line_forms import (
    CLOSING_MAX_WORDS,
    LABEL_MAX_WORDS,
    has_comma,
    is_bare_name,
    is_credit,
    is_salutation,
    is_signature,
    is_signed,
    is_value,
    list_around,
    points,
    speaker,
)
from feedd.article.sitememory.recurring_page import PROSE_MIN_WORDS, RecurringPage
from feedd.article.tree import HEADINGS
from feedd.article.tree.blocks import STOPS, Block

INTRODUCTION_MIN_WORDS: Final = 6
HEADED_MAX_WORDS: Final = 25
"""More under a heading, with nothing new after it, tells of the publisher."""
HEADED_BEFORE_WORDS: Final = 3
BEFORE_WORDS: Final = 15
"""So much new text follows what says "you" under a heading, and amid the text."""
REMARK_MAX_WORDS: Final = 6
"""“The appeal is dismissed.”, “Amen.”"""
FORMULA_MAX_SHARE: Final = 0.8
"""Of different words: "In the name of the father and of the son"."""
SUBJECT_MAX_WORDS: Final = 3
TOPIC_MIN_CHARS: Final = 6
"""Shorter words are in many a heading."""
SITE_MIN_CHARS: Final = 6
"""A shorter name of a site may be a word of the text."""
TOLD_MIN_WORDS: Final = 20
LITANY_MIN_WORDS: Final = 6
LITANY_MAX_SHARE: Final = 0.6
LINKED_MAX_SHARE: Final = 0.3
LINK_MIN_SHARE: Final = 0.8
"""In a list or a table a word of a line may well be a link: not all of it."""
REPUBLISHED_SHARE: Final = 0.5
"""When more of an article's words recur, it may be one that the site publishes several times."""
WHOLE_SHARE: Final = 0.8
"""When so much recurs, it is one whatever it says."""

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


class _Page(RecurringPage):
    """What of a page's blocks that recur is content."""

    def content(self) -> Set[int]:
        """The numbers of those blocks that stay."""
        self.stays |= self._farewells()
        for at, number in enumerate(self.kept):
            if number in self.stays | self.labels:
                continue
            if self._is_content(at):
                self.stays.add(number)
        for at in range(len(self.kept) - 1, -1, -1):
            number = self.kept[at]
            if number not in self.stays and self._is_over_content(at):
                self.stays.add(number)
        return self.stays - self._pointed_at()

    def _farewells(self) -> Set[int]:
        """What a letter ends with: a salutation and a name, made like its text, and a sentence that
        stands right above them.
        """
        found: set[int] = set()
        for at, (number, name) in enumerate(pairwise(self.kept)):
            block, signed = self.blocks[number], self.blocks[name]
            is_short = signed.size <= CLOSING_MAX_WORDS and is_salutation(block)
            if not is_short or block.link_chars or signed.link_chars:
                continue
            if self.is_made_like(name, number) and self.is_made_like_new(number):
                above = self.kept[at - 1 : at] if at else []
                said = [o for o in above if self.is_made_like(o, number)]
                found.update(
                    [number, name], [o for o in said if self.appeals.get(o) != Appeal.CALLS]
                )
        return found & self.recurring

    def _pointed_at(self) -> set[int]:
        """What consists of a link, right below a line that goes and says to read on elsewhere."""
        found: set[int] = set()
        for above, number in pairwise(self.kept):
            block, over = self.blocks[number], self.blocks[above]
            is_pointer = above not in self.stays and over.element.tag not in HEADINGS
            if (
                over.path == block.path
                and block.link_density >= LINK_MIN_SHARE
                and (above in found or (is_pointer and points(over)))
            ):
                found.add(number)
        return found

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
            leads = is_marked and under in self.new
            leads = leads and (
                bool(list_around(self.blocks[under]))
                or (points(block) and self.is_of_sections(number))
            )
            return leads or self.appeals[number] != Appeal.CALLS  # "See also", over a list
        is_short = block.size <= LABEL_MAX_WORDS and not any(map(str.isdigit, block.text))
        under = next(iter(self.kept[at + 1 : at + 2]), None)
        if is_salutation(block) and under in self.stays and not block.link_chars:
            return self.appeals[number] != Appeal.CALLS
        is_plain = self.appeals[number] == Appeal.NONE and not block.link_chars
        may_name = is_plain and block.size <= LABEL_MAX_WORDS and not is_bare_name(block)
        if may_name and self.names_box(number):
            return True  # "Since 2.0", of a note
        is_short = is_short and not _SENTENCE.search(block.text)
        if not is_short or under is None or under not in self.stays or list_around(block):
            return False
        return is_plain and any(
            other < number and self.blocks[other].size >= PROSE_MIN_WORDS for other in self.new
        )

    def _is_content(self, at: int) -> bool:
        number = self.kept[at]
        block, said = self.blocks[number], self.appeals[number]
        if number in self.standing and self.is_boxed_apart(number):
            return False
        box = list_around(block)
        is_refrain = sum(self.blocks[other].words == block.words for other in self.kept) > 1
        is_piece = bool(box) or is_refrain or self.is_in_table(number)
        if block.link_density > (LINK_MIN_SHARE if is_piece else LINKED_MAX_SHARE):
            return False
        if box and self.is_listed(box, said):
            return True
        if block.element.tag == "pre" and said != Appeal.CALLS and self.is_amid_new(number):
            return True
        if said != Appeal.CALLS and self._is_speech(number):
            return True
        if said == Appeal.CALLS or is_piece:
            return said != Appeal.CALLS and (not box or is_refrain)
        if len({*block.words}) <= LITANY_MAX_SHARE * len(block.words) >= LITANY_MIN_WORDS / 2:
            return True
        is_sentence = _SENTENCE.search(block.text) is not None
        above = self.kept[at - 1] if at else None
        is_headed = above is not None and self.heads(above)
        if is_headed and above in self.new and is_sentence:
            return True  # "Nobody knows.", below a question that is new
        if number not in self.changing and self._is_farewell(number, above, said):
            return True
        least = HEADED_BEFORE_WORDS if is_headed else BEFORE_WORDS
        smallest = HEADED_BEFORE_WORDS if is_headed else PROSE_MIN_WORDS
        before, after = self.new_around(number, smallest, least if said == Appeal.TURNS else 0)
        if above is not None and self._is_told_under(number, above, said):
            return True
        after = after or (number not in self.standing and self._is_signed_below(number))
        if number in self.changing and not is_headed:
            return is_sentence and ((before and after) or self._tells_on(at, said))
        if after and number in self.standing and not is_headed:
            is_aside = self.is_set_apart(number, said) or (before and self._is_credit(number))
            if is_aside:
                return False
        if after:
            is_long = block.size >= INTRODUCTION_MIN_WORDS or has_comma(block)  # "Hello, it's me."
            is_whole = is_long and is_sentence
            return is_headed or is_whole or (before and (is_sentence or is_value(block)))
        if is_sentence and self._speaks_of_section(at):
            return True
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
        if number in self.standing and self._is_credit(number):
            return False
        block, box = self.blocks[number], list_around(self.blocks[above])
        if box:
            return any(list_around(self.blocks[other]) == box for other in self.new)
        if self.is_in_standing_section(self.kept.index(number)):
            return True
        if not self.is_beside(above, number):
            return False
        if block.size <= REMARK_MAX_WORDS:
            return True
        if number in self.standing:
            may = above in self.new and self.is_made_like(above, number)
            return may and not (names_somebody(block) or tells_of_publication(block))
        return not names_somebody(block) or self.is_of_text(number)

    def _is_credit(self, number: int) -> bool:
        """Whether a line names somebody of whom the new text knows nothing, by two names in a row,
        or where it says who pays: a sponsor, or whose the figures are. Formulas that say
        words again do not, nor do verses.
        """
        block = self.blocks[number]
        said = {word for other in self.new for word in self.blocks[other].words}
        is_formula = len({*block.words}) <= FORMULA_MAX_SHARE * len(block.words)
        is_strange = not said.issuperset(names(block))
        if is_formula or not is_strange or block.element.find("br") is not None:
            return False
        speaks = self.appeals[number] == Appeal.TURNS or tells_of_backers(block)
        return speaks or names_in_a_row(block, said)

    def _is_signed_below(self, number: int) -> bool:
        """Whether the letter that a line is of goes on to its signature."""
        path = self.blocks[number].path
        below = (self.blocks[other] for other in self.kept if other > number)
        return any(block.path == path and is_signature(block) for block in below)

    def _is_speech(self, number: int) -> bool:
        """Whether a line begins with the name of a speaker, as new ones do."""
        name = speaker(self.blocks[number])
        return bool(name) and any(
            self.blocks[other].size >= HEADED_BEFORE_WORDS and speaker(self.blocks[other]) == name
            for other in self.new
        )

    def _is_told_under(self, number: int, above: int, said: Appeal) -> bool:
        """Whether a short line is what a heading of the text stands over, or one of several values
        in its midst: "When: 6 June, 6 p.m.".
        """
        block = self.blocks[number]
        if said != Appeal.NONE or is_credit(block) or block.size > HEADED_MAX_WORDS:
            return False
        if self.is_of_sections(above):
            is_value_of_it = number not in self.standing and _SENTENCE.search(block.text) is None
            says_new = number in self.changing or is_value_of_it
            return says_new and self.appeals.get(above) != Appeal.CALLS
        at = self.kept.index(number)
        beside = [above, *self.kept[at + 1 : at + 2]]
        return is_value(block) and any(
            is_value(self.blocks[other]) and self.is_made_like(other, number) for other in beside
        )

    def _speaks_of_section(self, at: int) -> bool:
        """Whether a line right below what stays begins with a word of the heading above that: it is
        what the line is about.
        """
        number = self.kept[at]
        if not at or self.kept[at - 1] not in self.stays or self.blocks[number].link_chars:
            return False
        label = next((other for other in reversed(self.kept[:at]) if other in self.labels), None)
        subject = self.blocks[number].words[:SUBJECT_MAX_WORDS]
        told = {word for word in subject if len(word) >= TOPIC_MIN_CHARS}
        return label is not None and not told.isdisjoint(self.blocks[label].words)

    def _is_farewell(self, number: int, above: int | None, said: Appeal) -> bool:
        """Whether a line made like the text takes leave or signs: it ends after a comma with a
        name, or is short, right below the text, and nothing but furniture follows.
        """
        block = self.blocks[number]
        if block.link_chars or is_credit(block):
            return False
        if is_signature(block):
            path = block.path
            return any(o < number and self.blocks[o].path == path for o in self.stays)
        beside = [other for other in self.stays if self.is_made_like(other, number)]
        if is_signed(block):
            return any(other < number for other in beside)
        is_plain = block.size <= REMARK_MAX_WORDS and said == Appeal.NONE and ":" not in block.text
        if not is_plain or above not in self.stays or not any(o < number for o in beside):
            return False
        if is_salutation(block) or (above in beside and is_salutation(self.blocks[above])):
            return True
        return not (is_bare_name(block) or any(other > number for other in self.new))

    def _tells_on(self, at: int, said: Appeal) -> bool:
        """Whether a sentence with new numbers or days, and no new text after it, is a report's: it
        goes on in a section that recurs, or is long and begins with no name.
        """
        if said != Appeal.NONE or not at:
            return False
        block, above = self.blocks[self.kept[at]], self.kept[at - 1]
        if self.is_in_standing_section(at) and block.size >= PROSE_MIN_WORDS:
            return True
        is_long = block.size >= TOLD_MIN_WORDS and above in self.stays
        _, named = capitals(block.text)
        return is_long and not any(named[:2]) and self.blocks[above].path == block.path
