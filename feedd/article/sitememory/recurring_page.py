"""What is to be known about a line that recurs on its site before deciding whether it is content.

Where it stands on the page at hand, how it is made beside the text that is new there, what form it
has and what it says, and what stands above and below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from itertools import accumulate
from typing import Final

from lxml.html import HtmlElement

from feedd.article.classifier.containers import make
from feedd.article.sitememory.appeals import (
    Appeal,
    Ways,
    tells_of_backers,
    tells_of_publication,
    ways_of,
)
from feedd.article.sitememory.block_marks import capitals, names_in_a_row, names_somebody
from feedd.article.sitememory.line_forms import (
    COMMAS,
    WORDING,
    holding,
    is_bare_name,
    is_credit,
    is_label,
    is_signature,
    is_signed,
    is_small,
    is_value,
    labelled,
    list_around,
    points,
    wording,
)
from feedd.article.sitememory.subjects import PUBLISHING, SUBJECTS, subjects_of
from feedd.article.tree.blocks import STOPS, Block
from feedd.article.tree.elements import HEADINGS, QUESTION_ENDS
from feedd.article.tree.markup import group_bits, groups_of

PROSE_MIN_WORDS: Final = 10
LONG_MIN_CHARS: Final = 4
"""A word of so many letters may be one that the page is about."""
NAMED_MAX_CHARS: Final = 30
FIELD_MAX_WORDS: Final = 12

_CLOSING: Final = "'\"”’»)]"
_NONE: Final = -1
_PROMOTING: Final = group_bits("share", "subscribe", "ads", "related")

_ABOVE_AND_BELOW: Final = (
    *("there", "new", "label", "item", "path", "appeal", "size"),
    *("changing", "heading", "published"),
)
NAMES: Final = (
    *("changing", "standing", "words", "chars", "links"),
    *("label", "heading", "item", "table", "code"),
    *("stops", "goes_on", "leads_on", "asks", "credit", "pointer"),
    *("backers", "publication", "strange_names", "signature", "promoting"),
    *("anchors", "new_names"),
    *("field", "value", "name", "signed", "digits", "capitals", "names", "ends_in_name"),
    *("position", "from_end", "run_above", "run_below", "prose_above", "prose_below"),
    *("made_like_prose", "set_apart", "new_in_box", "blocks_in_box", "in_list", "new_in_list"),
    *("times", "forms", "different_words", "words_of_text", "small", "slanted", "headed"),
    *("alike", "new_alike", "fields_beside", "over_new", "over_recurring", "over_list"),
    *SUBJECTS,
    *Ways._fields,
    *WORDING,
    *("second_above", "second_below", "run_words", "run_calls", "run_labels", "run_standing"),
    *("since_prose", "until_prose", "under_heading", "heading_appeal", "section_new"),
    *("labelled", "label_published", "label_beside", "value_words", "value_digit", "value_day"),
    *(f"above_{name}" for name in _ABOVE_AND_BELOW),
    *(f"below_{name}" for name in _ABOVE_AND_BELOW),
)
"""What a row holds, in this order."""

Row = list[float]
Make = tuple[tuple[HtmlElement, ...], tuple[str, str]]


class RecurringPage:
    """One page's `kept` blocks, by their numbers, of which some are `recurring` on its site: of
    those `changing` have new numbers, days or names, `standing` are on nearly all pages; `forms`
    tells how many lines of the page are the same but for these. Each of its sums is made once, so
    that the time grows with the number of blocks.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        kept: Sequence[int],
        recurring: Set[int],
        changing: Set[int],
        standing: Set[int],
        forms: Mapping[int, int],
        site: Sequence[str],
    ) -> None:
        self.blocks, self.kept, self.recurring = blocks, kept, recurring
        self.changing, self.standing, self.forms = changing, standing, forms
        self.new = {number for number in kept if number not in recurring}
        self.labels = {number for number in kept if is_label(blocks[number])}
        self._ways = {number: ways_of(blocks[number], site) for number in recurring}
        self.appeals = {number: ways.appeal for number, ways in self._ways.items()}
        self.subjects = {number: subjects_of(blocks[number]) for number in recurring}

    def rows(self) -> dict[int, Row]:
        """What is known of each block that recurs, in the order of `NAMES`."""
        return {n: self._row(at) for at, n in enumerate(self.kept) if n in self.recurring}

    def is_sentence(self, number: int) -> bool:
        return self.blocks[number].text.rstrip(_CLOSING)[-1:] in STOPS

    def _row(self, at: int) -> Row:
        number = self.kept[at]
        block = self.blocks[number]
        text, words, said = block.text, block.words, self.appeals[number]
        name, colon, rest = text.partition(":")
        spelt, named = capitals(text)
        long = [word for word in words if len(word) >= LONG_MIN_CHARS]
        box = self._boxes[block.path[-1]] if block.path else _Sums()
        items, alike = self._lists[list_around(block)], self.makes[make_in(block)]
        under = self.under[at]
        above = self.kept[at - 1] if at else None
        below = self.kept[at + 1] if at + 1 < len(self.kept) else None
        inner = holding(block)
        prose = self.prose_until[-1] or 1
        has_letters = inner is not block.element
        return [
            *(float(number in self.changing), float(number in self.standing)),
            *(float(block.size), float(len(text)), block.link_density),
            *(float(number in self.labels), float(block.element.tag in HEADINGS)),
            float(block.element.tag in ("li", "dd", "dt")),
            *(float(block.element.tag == tag) for tag in ("table", "pre")),
            *(
                float(self.is_sentence(number)),
                float(text[-1] in COMMAS),
                float(text[-1] in ":："),
            ),
            *(float(text.endswith(QUESTION_ENDS)), float(is_credit(block)), float(points(block))),
            *(float(tells_of_backers(block)), float(tells_of_publication(block))),
            *(float(names_in_a_row(block, self._new_words)), float(is_signature(block))),
            float(any(groups_of(e) & _PROMOTING for e in (*block.path[-2:], block.element))),
            float(sum(1 for _ in block.element.iter("a")) if block.link_chars else 0),
            float(self._new_names(spelt, named)),
            float(bool(colon and rest.strip()) and len(name.split()) <= 3),
            *(float(is_value(block)), float(is_bare_name(block)), float(is_signed(block))),
            float(sum(map(str.isdigit, text))),
            *(float(sum(named)), float(names_somebody(block)), float(named[-1:] == [True])),
            *(at / len(self.kept), float(len(self.kept) - at)),
            *map(float, self._runs[at]),
            *(self.prose_until[at] / prose, 1 - self.prose_until[at] / prose),
            *(float(alike.prose > 0), float(self._is_set_apart(block, said))),
            *(box.new_words / (box.words or 1), float(box.blocks)),
            *(float(items.blocks), float(items.new)),
            *(float(self._times[words]), float(self.forms[number])),
            len({*words}) / (len(words) or 1),
            sum(map(self._new_words.__contains__, long)) / (len(long) or 1),
            *(float(is_small(inner)), float(has_letters and inner.tag in ("em", "i", "small"))),
            float(above is not None and self._heads(above)),
            *(float(alike.blocks - 1), alike.new / (alike.blocks - 1 or 1)),
            float(sum(o is not None and self._is_field(o) for o in (above, below))),
            *(float(under in self.new), float(under in self.recurring)),
            float(under is not None and bool(list_around(self.blocks[under]))),
            *(float(self.subjects[number] >> bit & 1) for bit in range(len(SUBJECTS))),
            *map(float, self._ways[number]),
            *wording(block),
            *(float(self._appeal_at(at - 2)), float(self._appeal_at(at + 2))),
            *self._others_in_run(at),
            *self._from_prose(at),
            *self._headed(at),
            *labelled(block),
            *self._beside(above, block),
            *self._beside(below, block),
        ]

    def _beside(self, other: int | None, block: Block) -> Row:
        if other is None:
            return [0.0, 0.0, 0.0, 0.0, 0.0, _NONE, 0.0, 0.0, 0.0, _NONE]
        beside = self.blocks[other]
        return [
            *(1.0, float(other in self.new), float(other in self.labels)),
            *(float(bool(list_around(beside))), float(beside.path == block.path)),
            *(float(self.appeals.get(other, _NONE)), float(beside.size)),
            *(float(other in self.changing), float(beside.element.tag in HEADINGS)),
            float((self.subjects.get(other, 0) & PUBLISHING).bit_count()),
        ]

    def _new_names(self, said: Sequence[str], named: Sequence[bool]) -> int:
        """How many names are in a line that the new text doesn't have."""
        names = [word.lower() for word, is_name in zip(said, named, strict=True) if is_name]
        return sum(len(name) > 1 and name not in self._new_words for name in names)

    def _appeal_at(self, at: int) -> int:
        is_there = 0 <= at < len(self.kept)
        return self.appeals.get(self.kept[at], _NONE) if is_there else _NONE - 1

    def _others_in_run(self, at: int) -> Row:
        """What else recurs in a row with a line: words, lines that call, labels, and the share that
        is on nearly all pages.
        """
        above, below = self._runs[at]
        words, calls, labels, standing = (
            sums[at + below + 1] - sums[at - above] - sums[at + 1] + sums[at]
            for sums in self._until
        )
        return [*map(float, (words, calls, labels)), standing / (above + below or 1)]

    def _from_prose(self, at: int) -> Row:
        """How many blocks below the last new prose a line stands, and how many above the first; 0
        where it doesn't.
        """
        first, last = self._prose_ends
        return [float(max(0, at - last)), float(max(0, first - at))]

    def _headed(self, at: int) -> Row:
        """How many lines below a label a line stands, and what that says; of a label, which share
        of what it stands over is new.
        """
        place = self._label_above[at]
        found = [_NONE, _NONE - 1.0, _NONE]
        if self.kept[at] in self.labels:
            until = next(
                (n for n in range(at + 1, len(self.kept)) if self.kept[n] in self.labels),
                len(self.kept),
            )
            section = self.kept[at + 1 : until]
            found[2] = sum(n in self.new for n in section) / (len(section) or 1)
        if place is not None:
            found[:2] = [float(at - place), float(self.appeals.get(self.kept[place], _NONE))]
        return found

    def _is_set_apart(self, block: Block, said: Appeal) -> bool:
        """Whether no new text has the make of a block; where that turns to somebody, or is small
        print, of what holds its letters: a `<small>`, an `<em>`.
        """
        inner = holding(block)
        is_inner = said != Appeal.NONE or is_small(inner)
        written = self._holding if is_inner else self._written
        return bool(written) and make(inner if is_inner else block.element) not in written

    def _heads(self, above: int) -> bool:
        """Whether what stands right above is a heading that neither calls nor says "our"."""
        if above not in self.labels:
            return False
        said = self.appeals.get(above, Appeal.NONE)
        asks = self.blocks[above].text.endswith(QUESTION_ENDS)
        return said == Appeal.NONE or (asks and said == Appeal.TURNS)

    def _is_field(self, other: int) -> bool:
        block = self.blocks[other]
        return block.size < FIELD_MAX_WORDS and ":" in block.text[:NAMED_MAX_CHARS]

    def _is_prose(self, number: int) -> bool:
        return number in self.new and self.blocks[number].size >= PROSE_MIN_WORDS

    @cached_property
    def _written(self) -> Set[tuple[str, str]]:
        """Makes of the new prose."""
        return {make(self.blocks[n].element) for n in self.kept if self._is_prose(n)}

    @cached_property
    def _holding(self) -> Set[tuple[str, str]]:
        """Makes of what holds its letters."""
        return {make(holding(self.blocks[n])) for n in self.kept if self._is_prose(n)}

    @cached_property
    def _new_words(self) -> Set[str]:
        return {word for n in self.new for word in self.blocks[n].words}

    @cached_property
    def _times(self) -> Counter[Sequence[str]]:
        return Counter(self.blocks[number].words for number in self.kept)

    @cached_property
    def prose_until(self) -> list[int]:
        """How many words of new prose stand above each block; the last: on the whole page."""
        words = (self.blocks[n].size if self._is_prose(n) else 0 for n in self.kept)
        return [0, *accumulate(words)]

    @cached_property
    def _until(self) -> list[list[int]]:
        """How many words, lines that call, labels, and lines that are on nearly all pages stand
        above each block.
        """
        counted = (
            [self.blocks[n].size for n in self.kept],
            [self.appeals.get(n) == Appeal.CALLS for n in self.kept],
            [n in self.labels for n in self.kept],
            [n in self.standing for n in self.kept],
        )
        return [[0, *accumulate(map(int, each))] for each in counted]

    @cached_property
    def _prose_ends(self) -> tuple[int, int]:
        """Where the first new prose stands, and the last."""
        places = [at for at, number in enumerate(self.kept) if self._is_prose(number)]
        return (places[0], places[-1]) if places else (len(self.kept), -1)

    @cached_property
    def _label_above(self) -> list[int | None]:
        """Where the next label above each block stands."""
        found: list[int | None] = []
        place: int | None = None
        for at, number in enumerate(self.kept):
            found.append(place)
            place = at if number in self.labels else place
        return found

    @cached_property
    def _runs(self) -> list[tuple[int, int]]:
        """How many blocks that recur stand right above each, and right below it."""
        counted: list[list[int]] = []
        for numbers in (self.kept, self.kept[::-1]):
            run, runs = 0, []
            for number in numbers:
                runs.append(run)
                run = run + 1 if number in self.recurring else 0
            counted.append(runs)
        return list(zip(counted[0], counted[1][::-1], strict=True))

    @cached_property
    def under(self) -> list[int | None]:
        """The number of the next block below each that is no label."""
        found: list[int | None] = []
        under: int | None = None
        for number in reversed(self.kept):
            found.append(under)
            under = under if number in self.labels else number
        return found[::-1]

    @cached_property
    def _boxes(self) -> dict[HtmlElement, _Sums]:
        """Sums over all blocks in an element."""
        sums: dict[HtmlElement, _Sums] = {}
        for number in self.kept:
            for element in self.blocks[number].path:
                self._add(sums.setdefault(element, _Sums()), number)
        return sums

    @cached_property
    def _lists(self) -> dict[tuple[HtmlElement, ...], _Sums]:
        """Sums over the items of a list; what is in none is in ()."""
        sums: dict[tuple[HtmlElement, ...], _Sums] = {}
        for number in self.kept:
            items = list_around(self.blocks[number])
            if items:
                self._add(sums.setdefault(items, _Sums()), number)
        return {(): _Sums(), **sums}

    @cached_property
    def makes(self) -> dict[Make, _Sums]:
        """Sums over the blocks of one make in one container."""
        sums: dict[Make, _Sums] = {}
        for number in self.kept:
            self._add(sums.setdefault(make_in(self.blocks[number]), _Sums()), number)
        return sums

    def _add(self, sums: _Sums, number: int) -> None:
        size, is_new = self.blocks[number].size, number in self.new
        sums.blocks += 1
        sums.words += size
        sums.new += is_new
        sums.new_words += size * is_new
        sums.prose += self._is_prose(number)


class _Sums:
    """Over several blocks: how many they and their words are, and those that are new."""

    __slots__ = ("blocks", "new", "new_words", "prose", "words")

    def __init__(self) -> None:
        self.blocks = self.words = self.new = self.new_words = self.prose = 0


def make_in(block: Block) -> Make:
    return block.path, make(block.element)
