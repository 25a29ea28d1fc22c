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
from feedd.article.blocks import QUESTION_ENDS, WORD, Block
from feedd.article.lexicon import STOPS
from feedd.article.sitememory import everywhere, fingerprint, undated
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
TEXT_MIN_BLOCKS: Final = 3
LITANY_MIN_WORDS: Final = 6
LITANY_MAX_SHARE: Final = 0.6
LINKED_MAX_SHARE: Final = 0.3
REPUBLISHED_SHARE: Final = 0.5
"""When more of an article's words recur, it may be one that the site publishes several times."""
WHOLE_SHARE: Final = 0.8
"""When so much recurs, it is one whatever it says."""

_LISTED: Final = frozenset({"li", "dd", "table", "pre"})
_NAMED: Final = _LISTED | HEADINGS | {"dt"}
LASTING_MAX_WORDS: Final = 40
"""In a longer text names are no blanks of a form."""
PARTICLE_MAX_CHARS: Final = 3
INITIAL_MAX_CHARS: Final = 2
"""A stop after so few letters ends no sentence: "M. Doyle"."""
_OPENING: Final = "[【〔《<〈「『"
_CLOSING: Final = "]】〕》>〉」』"
_OF_GERMAN: Final = frozenset(
    ("der", "die", "das", "den", "dem", "des", "ein", "eine", "und", "ist", "wird", "nicht")
)
_STOP = re.compile(rf"[{STOPS}]")
_SENTENCE = re.compile(rf"[{STOPS}]['\"”’»)\]]*$")


def marks(block: Block) -> tuple[int, ...]:
    """The fingerprints by which a block is known to recur: of what stays when numbers, days and
    names change, and, where there are such, of all its words.
    """
    if block.element.tag in ("table", "pre"):
        return (fingerprint(block.words, exact=True),)
    exact = fingerprint(block.words, exact=True)
    lasting = fingerprint(undated(_lasting(block)), exact=True)
    return (exact,) if lasting == exact else (lasting, exact)


def _lasting(block: Block) -> Sequence[str]:
    """A line's words without names, which capitals show, if more than one is left. In headings and
    items capitals and names say what they are about.
    """
    if block.element.tag in _NAMED or block.size > LASTING_MAX_WORDS:
        return block.words
    said, capitals = _capitals(block.text)
    for at in range(1, len(said) - 1):  # "Anneke de Wit"
        if len(said[at]) <= PARTICLE_MAX_CHARS and capitals[at - 1] and said[at + 1][0].isupper():
            capitals[at] = not said[at].isdigit()
    left = [word.lower() for word, is_name in zip(said, capitals, strict=True) if not is_name]
    return left if len(left) > 1 else block.words


def boilerplate(blocks: Sequence[Block], kept: Sequence[int], known: Set[int]) -> list[int]:
    """Those of the `kept` block numbers that go, given the fingerprints `known` to recur."""
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
    ) -> None:
        self.blocks, self.kept, self.recurring = blocks, kept, recurring
        self.changing, self.standing = changing, standing
        self.new = [number for number in kept if number not in recurring]
        self.labels = {number for number in kept if is_label(blocks[number])}
        self.appeals = {number: appeal(blocks[number]) for number in recurring}
        self.stays = set(self.new)

    def content(self) -> Set[int]:
        """The numbers of those blocks that stay."""
        for at, number in enumerate(self.kept):
            if number in self.recurring and number not in self.labels and self._is_content(at):
                self.stays.add(number)
        for at in range(len(self.kept) - 1, -1, -1):
            number = self.kept[at]
            if number in self.recurring and number in self.labels and self._is_over_content(at):
                self.stays.add(number)
        return self.stays

    def is_published_again(self) -> bool:
        """Whether most of a page recurs, and little of that speaks of its reader or publisher: it
        is no furniture.
        """
        words = sum(self.blocks[number].size for number in self.kept)
        again = sum(self.blocks[number].size for number in self.recurring)
        plain = sum(
            self.blocks[number].size
            for number in self.recurring - self.changing
            if self.appeals[number] == Appeal.NONE
        )
        is_most = again > REPUBLISHED_SHARE * words
        return is_most and (plain > REPUBLISHED_SHARE * words or again > WHOLE_SHARE * words)

    def _is_over_content(self, at: int) -> bool:
        """Whether what a label that recurs stands over stays."""
        number = self.kept[at]
        if self.blocks[number].link_density > LINKED_MAX_SHARE:
            return False
        under = next((o for o in self.kept[at + 1 :] if o not in self.labels), None)
        return under in self.stays and self.appeals[number] != Appeal.CALLS

    def _is_content(self, at: int) -> bool:
        number = self.kept[at]
        block, said = self.blocks[number], self.appeals[number]
        if block.link_density > LINKED_MAX_SHARE:
            return False
        box = _list_around(block)
        if box:
            return self._is_listed(box, said)
        if said == Appeal.CALLS:
            return False
        if sum(self.blocks[other].words == block.words for other in self.kept) > 1:
            return True  # a refrain
        if len({*block.words}) <= LITANY_MAX_SHARE * len(block.words) >= LITANY_MIN_WORDS / 2:
            return True
        is_sentence = _SENTENCE.search(block.text) is not None
        above = self.kept[at - 1] if at else None
        is_headed = above is not None and self._heads(above)
        if is_headed and above in self.new and is_sentence:
            return True  # "Nobody knows.", below a question that is new
        least = HEADED_BEFORE_WORDS if is_headed else BEFORE_WORDS
        before, after = self._new_around(number, is_headed, least if said == Appeal.TURNS else 0)
        if number in self.changing and not is_headed:
            amid = is_sentence and before and after
            return amid or (
                is_sentence and said == Appeal.NONE and self._is_in_standing_section(at)
            )
        if after:
            is_whole = block.size >= INTRODUCTION_MIN_WORDS and is_sentence
            return is_headed or is_whole or (before and (is_sentence or self._is_bare_label(at)))
        if not is_sentence or said == Appeal.TURNS:
            return False
        if is_headed:
            return block.size <= HEADED_MAX_WORDS
        return self._goes_on(number, above, said)

    def _goes_on(self, number: int, above: int | None, said: Appeal) -> bool:
        """Whether a sentence without new text after it belongs to what stays right above."""
        if above is None or above not in self.stays or said != Appeal.NONE:
            return False
        block, box = self.blocks[number], _list_around(self.blocks[above])
        if number in self.changing:
            return False
        if box:
            return any(_list_around(self.blocks[other]) == box for other in self.new)
        if number not in self.standing and self._is_in_standing_section(self.kept.index(number)):
            return True
        if self.blocks[above].path != block.path:
            return False
        if block.size <= REMARK_MAX_WORDS:
            return True
        return number not in self.standing and (not _names(block) or self._is_of_text(number))

    def _is_bare_label(self, at: int) -> bool:
        """Whether a short line stands over new text as a heading does, unmarked."""
        block = self.blocks[self.kept[at]]
        is_short = block.size <= LABEL_MAX_WORDS and not any(map(str.isdigit, block.text))
        over = self.kept[at + 1 : at + 2]
        is_over = bool(over) and over[0] in self.new and over[0] not in self.labels
        return is_short and is_over and self.appeals[self.kept[at]] == Appeal.NONE

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

    def _is_in_standing_section(self, at: int) -> bool:
        """Whether right above stands a sentence that recurs, and stays, under a heading: this goes
        on with it.
        """
        label, above = self.kept[max(0, at - 2)], self.kept[at - 1]
        goes_on = at > 1 and label in self.labels and above in self.recurring & self.stays
        return goes_on and not _list_around(self.blocks[above])

    def _heads(self, above: int) -> bool:
        """Whether what stands right above is a heading that neither calls nor says "our"."""
        if above not in self.labels:
            return False
        said = self.appeals.get(above, Appeal.NONE)
        asks = self.blocks[above].text.endswith(QUESTION_ENDS)
        return said == Appeal.NONE or (asks and said == Appeal.TURNS)

    def _new_around(self, number: int, is_headed: bool, least: int) -> tuple[bool, bool]:
        """Whether new text stands before a block, and after it, in the same container; after it of
        so many words at `least`.
        """
        box = self.blocks[number].path[-1:]
        smallest = HEADED_BEFORE_WORDS if is_headed else PROSE_MIN_WORDS
        inside = [
            other
            for other in self.new
            if other not in self.labels
            and self.blocks[other].size >= smallest
            and {*box} <= {*self.blocks[other].path}
        ]
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
        return said != Appeal.CALLS and bool(above and below) and above[-1] in self.labels


def _capitals(text: str) -> tuple[list[str], list[bool]]:
    """A line's words, and which are names by their capitals: not those that begin a sentence,
    unless the next word has one, too.
    """
    found = list(WORD.finditer(text))
    said = [match[0] for match in found]
    names = [word[0].isupper() for word in said]
    for at, match in enumerate(found):
        above = found[at - 1] if at else None
        if names[at + 1 : at + 2] != [True] and (
            above is None
            or (
                len(above[0]) > INITIAL_MAX_CHARS and _STOP.search(text, above.end(), match.start())
            )
        ):
            names[at] = False
    return said, names


def _names(block: Block) -> bool:
    """Whether a line names somebody or something: capitals within it show it; in German only two
    in a row.
    """
    said, capitals = _capitals(block.text)
    if _OF_GERMAN.isdisjoint(block.words):
        return any(capitals)
    return any(
        is_name and said[at][0].isupper() and said[at].lower() not in _OF_GERMAN
        for at, is_name in enumerate(capitals[1:])
    )


def _list_around(block: Block) -> tuple[HtmlElement, ...]:
    """The list of an item, be its words in a box of their own, or what holds a table; () of what is
    none."""
    if block.element.tag in _LISTED:
        return block.path[-1:]
    return block.path[-2:-1] if block.path[-1:] and block.path[-1].tag == "li" else ()


def is_label(block: Block) -> bool:
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
