"""What is to be known about a block before deciding whether it is part of the article.

A row of numbers for each block, in the order of `NAMES`: of the page, of the containers around the
block, of the block itself, and of the blocks beside it. What is read from its words takes longest,
and comes after all else: most blocks are hopeless where they stand, whatever they say.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import itemgetter, mul
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier import containers
from feedd.article.classifier.containers import Containers, make
from feedd.article.pagehead import MANUALS, PageHead, is_foot_of_manual
from feedd.article.tree.blocks import STOPS, Block, without_signs, words_of
from feedd.article.tree.elements import HEADINGS, raw_text
from feedd.article.tree.markup import COMMENT, GROUPS, POST, groups_named

Row = Sequence[float]

PROSE_MIN_WORDS: Final = 12
PROSE_LINKS_MAX_SHARE: Final = 0.35
LONG_MIN_WORDS: Final = 30
BEGINNING_CHARS: Final = 500
INITIALS_CHARS: Final = 300
MENU_MIN_LINKS: Final = 0.8
"""Blocks with so many links are not looked at in navigation and foot: of 6,600 none was text."""
TITLES_MAX: Final = 4
LIKENESS_MAX_WORDS: Final = 60
"""A longer block is no headline and no teaser."""

_STOPS: Final = frozenset(STOPS)
_SENTENCE_ENDS: Final = _STOPS | {":", ";"}
_UNSTOPPED: Final = frozenset(map(chr, range(0x0E00, 0x0F00)))
UNSTOPPED_MIN_CHARS: Final = 40
"""Thai and Lao have no full stop: a line of so many characters ends as a sentence does."""
_CLOSING: Final = "'\"”’»)]」』"
_ENDING_CHARS: Final = 12
_INITIAL: Final = itemgetter(0)
_DIGITS = re.compile(r"\d+")
FOOT_BLOCKS: Final = 8
"""How many of the last blocks may name the software that wrote the page."""
_FUNCTION_WORDS: Final = frozenset(
    lexicon.parted(lexicon.sections_of("words.txt")["function words"])
)
"""Words that sentences are held together by: names and menus have few."""

_DECLARED_KINDS: Final = ("article", "forum", "answers", "product", "documentation")
_TAG_NAMES: Final = ("li", "div", "table", "pre", "dt")
_TAG_ROWS: Final = {
    tag: tuple(float(name == ("li" if tag == "dd" else tag)) for name in _TAG_NAMES)
    for tag in (*_TAG_NAMES, "dd")
}
_NO_TAG: Final = (0.0,) * len(_TAG_NAMES)
_RANKS: Final = {tag: float(tag[1]) for tag in HEADINGS}
_SAYS: Final = (*lexicon.STARTS, *lexicon.MENTIONS)
_BESIDE: Final = ("links", "size", "heading", "beside", "prose", "kin")
_BEYOND: Final = ("links", "size")

_PAGE_NAMES: Final = (
    *("page_words", "page_blocks", "page_links", "page_prose", "page_items", "page_code"),
    *("page_headings", "page_long", "page_comments", "page_headline"),
    *("page_depth", "page_slug", *(f"page_is_{kind}" for kind in _DECLARED_KINDS)),
    *containers.PAGE_NAMES,
)
_OWN_NAMES: Final = (
    *("size", "links", "sentence", "stop", "commas", "digits"),
    *("function_words", "capitalised", "repeated", "caption", "after_media"),
    *("heading", "slanted", "bold", "title", "summary", "place", "from_headline"),
    *("kin_prose", "kin_share", "kin_links", "kin_blocks", "kin_size"),
    *(f"tag_{name}" for name in _TAG_NAMES),
    *(f"class_own_{group}" for group in GROUPS),
    *(f"says_{name}" for name in _SAYS),
)
_BESIDE_NAMES: Final = (
    *(f"{where}_{name}" for where in ("before", "after") for name in _BESIDE),
    *(f"{where}_{name}" for where in ("before2", "after2") for name in _BEYOND),
)
NAMES: Final = (*_PAGE_NAMES, *containers.NAMES, *_OWN_NAMES, *_BESIDE_NAMES)
"""What a row holds, in this order."""
_READ: Final = frozenset(
    {"commas", "digits", "function_words", "capitalised", "slanted", "bold", "summary"}
).union(f"says_{name}" for name in _SAYS)
ASKED: Final = tuple(sorted(NAMES, key=_READ.__contains__))
"""The same in the order in which trees are given it."""
STANDING: Final = len(NAMES) - len(_READ)
"""How many features are known before a block's words are read."""
_PLACES: Final = tuple(map(ASKED.index, NAMES))

_NO_CONTAINER: Final = (0.0,) * len(containers.NAMES)
NOTHING: Final = (0.0,) * len(NAMES)
"""The row of a block that is not looked at."""
_NO_BLOCK: Final = (0.0,) * 4
_NO_PAIR: Final = (0.0, 0.0)


class PageFeatures:
    """What is known of a page and of each of its blocks; lists go by the blocks' numbers.

    `standing`: the features of `ASKED` but for a block's `wording`. `stops`: whether it ends as a
    sentence does. `says`: the groups of `lexicon` that its words are of. `near`: the groups of
    class words in its class and in those right around it, as bits (of a menu's link only those
    around it). `kin`: what blocks have in common that are written alike, in containers written
    alike.

    `is_laid_out`: the page is laid out in tables. `is_thread`, `is_manual`, `is_paper`: its
    structured data, software or address say that it is one of posts, of documentation (its title,
    classes and foot may, too), or of a scientific paper.
    """

    def __init__(
        self, blocks: Sequence[Block], *, head: PageHead, titles: Sequence[str], url: str
    ) -> None:
        self.blocks = blocks
        self._host = urlsplit(url).netloc.removeprefix("www.")
        self.is_paper = "paper" in head.kinds
        self.is_thread = "forum" in head.kinds and "documentation" not in head.kinds
        self.is_declared_thread: Final = self.is_thread
        self._ends = [block.text[-_ENDING_CHARS:].rstrip(_CLOSING)[-1:] for block in blocks]
        self.stops = [
            end in _STOPS or (end in _UNSTOPPED and len(block.text) >= UNSTOPPED_MIN_CHARS)
            for block, end in zip(blocks, self._ends, strict=True)
        ]
        self._prose = [_prose(block, stop) for block, stop in zip(blocks, self.stops, strict=True)]
        looks = [
            (block.link_density, float(block.size), float(block.element.tag in HEADINGS), prose)
            for block, prose in zip(blocks, self._prose, strict=True)
        ]
        self.headings = [number for number, look in enumerate(looks) if look[2]]
        self._looks = [_NO_BLOCK, _NO_BLOCK, *looks, _NO_BLOCK, _NO_BLOCK]
        self._around = Containers(blocks, self._prose)
        self.is_laid_out = self._around.is_laid_out
        classes = " ".join(name for _, name in self._around.makes).split()
        self.is_manual = (
            not head.kinds.isdisjoint(("documentation", "manual"))
            or not MANUALS.isdisjoint(classes)
            or any(is_foot_of_manual(block.text) for block in blocks[-FOOT_BLOCKS:])
        )
        self._is_menu = [
            box is not None and block.link_density > MENU_MIN_LINKS and box.is_menu()
            for block, box in zip(blocks, self._around.innermost, strict=True)
        ]
        self._makes = [make(block.element) for block in blocks]
        self._own_groups = [
            0 if is_menu else groups_named(named, block.element.get("id")) & ~POST
            for block, (_, named), is_menu in zip(blocks, self._makes, self._is_menu, strict=True)
        ]
        self.near = [
            own | (container.near if container is not None else 0)
            for own, container in zip(self._own_groups, self._around.innermost, strict=True)
        ]
        named = [frozenset(words_of(title)) for title in titles[:TITLES_MAX]]
        self._titles = [words for words in dict.fromkeys(named) if words]
        self._in_titles = set().union(*self._titles)
        self._summary = set(words_of(head.description))
        self._titled = [self._likeness_to_title(block) for block in blocks]
        self.headline = self._find_headline()
        self.texts = Counter(block.words for block in blocks)
        self._add_up_kin()
        page = self._of_page(head, url)
        self.standing: list[Row] = [self._standing(number, page) for number in range(len(blocks))]
        self.says = lexicon.Said(blocks, unasked=filter(self.is_menu, range(len(blocks))))

    @cached_property
    def rows(self) -> list[Row]:
        """All that is known of each block, in the order of `NAMES`."""
        full = ([*row, *self.wording(number)] for number, row in enumerate(self.standing))
        rows = ([row[place] for place in _PLACES] for row in full)
        return [NOTHING if self.is_menu(number) else row for number, row in enumerate(rows)]

    def _standing(self, number: int, page: list[float]) -> Row:
        if self._is_menu[number]:
            return NOTHING
        container = self._around.innermost[number]
        around = _NO_CONTAINER if container is None else self._around.row(container)
        return [*page, *around, *self._own(number), *self._beside(number)]

    def is_menu(self, number: int) -> bool:
        """Whether a block is one of the page's navigation, by its place alone."""
        return self._is_menu[number]

    def posts(self) -> list[HtmlElement | None]:
        """The innermost post around each block."""
        return [box and box.post for box in self._around.innermost]

    def box_words(self, number: int) -> float:
        """How many words the innermost container of a block holds."""
        box = self._around.innermost[number]
        return math.inf if box is None else box.words

    def leads_off(self, address: str) -> bool:
        """Whether a link leads to another site."""
        try:
            host = urlsplit(address).netloc.removeprefix("www.")
        except ValueError:
            return False
        return host not in ("", self._host)

    def _add_up_kin(self) -> None:
        """Blocks of one make are written alike and stand in containers written alike."""
        self.kin = [
            (*own, *(container.make if container is not None else ("", "")))
            for own, container in zip(self._makes, self._around.innermost, strict=True)
        ]
        sums: defaultdict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0] * 4)
        for block, prose, kin in zip(self.blocks, self._prose, self.kin, strict=True):
            of_kin = sums[kin]
            of_kin[0] += 1
            of_kin[1] += block.size
            of_kin[2] += prose
            of_kin[3] += block.link_density * block.size
        total = self._around.total
        self._kin = {
            kin: (prose / total, prose / (words or 1), links / (words or 1), blocks, words / blocks)
            for kin, (blocks, words, prose, links) in sums.items()
        }
        both = zip(self._around.innermost, self.kin, strict=True)
        pairs = [
            (float(box is below), float(kin == kin_below))
            for (box, kin), (below, kin_below) in pairwise(both)
        ]
        self._pairs = [_NO_PAIR, *pairs, _NO_PAIR]

    def _of_page(self, head: PageHead, url: str) -> list[float]:
        """What all of its blocks share."""
        blocks, count = self.blocks, len(self.blocks) or 1
        densities, sizes, headings, _ = zip(*self._looks[2:-2], strict=True)
        words = sum(sizes) or 1
        path = urlsplit(url).path.strip("/")
        tags = Counter([block.element.tag for block in blocks])
        long = [n for n, size in enumerate(sizes) if size >= LONG_MIN_WORDS and densities[n] < 0.3]
        commented = sum(
            times * bool(group & COMMENT)
            for container, times in Counter(self._around.innermost).items()
            if container is not None
            for group in container.groups[:3]
        )
        return [
            math.log1p(words),
            math.log1p(count),
            sum(map(mul, densities, sizes)) / words,
            self._around.total / words,
            tags["li"] / count,
            min(tags["pre"], 20.0),
            sum(headings) / count,
            float(len(long)),
            commented / count,
            -1.0 if self.headline is None else self.headline / count,
            float(path.count("/") + bool(path)),
            float(path.rsplit("/", 1)[-1].count("-")),
            *(float(kind in head.kinds) for kind in _DECLARED_KINDS),
            *self._around.of_page(),
        ]

    def _find_headline(self) -> int | None:
        """The number of the block that says the title, a heading rather than another."""
        found, best = None, 0.55
        for number, block in enumerate(self.blocks):
            if block.words and block.size < 40:
                likeness = self._titled[number]
                if block.element.tag in HEADINGS:
                    likeness += 0.4 if block.element.tag == "h1" else 0.1
                if likeness > best + 0.01:
                    found, best = number, likeness
                elif likeness > best - 0.01 and self._is_entrys(number, found):
                    found = number
        return found

    def _is_entrys(self, number: int, found: int | None) -> bool:
        """Whether of two headlines of one rank the lower one bears the entry's title."""
        if found is None or self.blocks[number].element.tag != self.blocks[found].element.tag:
            return False
        entrys = self._titles[0]
        return set(self.blocks[number].words) == entrys != set(self.blocks[found].words)

    def _likeness_to_title(self, block: Block) -> float:
        if len(block.words) > LIKENESS_MAX_WORDS or self._in_titles.isdisjoint(block.words):
            return 0.0
        words = set(block.words)
        return max([_likeness(words, title) for title in self._titles])

    def _own(self, number: int) -> list[float]:
        block = self.blocks[number]
        tag = block.element.tag
        return [
            float(block.size),
            block.link_density,
            float(self._ends[number] in _SENTENCE_ENDS),
            float(self.stops[number]),
            self.texts[block.words] - 1.0,
            float(block.is_caption),
            float(block.media_before),
            _RANKS.get(tag, 0.0),
            self._titled[number],
            number / len(self.blocks),
            -999.0 if self.headline is None else float(number - self.headline),
            *self._kin[self.kin[number]],
            *_TAG_ROWS.get(tag, _NO_TAG),
            *containers.bits(self._own_groups[number], len(GROUPS)),
        ]

    def wording(self, number: int) -> list[float]:
        """The end of a block's row: what its words are, and how they are written."""
        block = self.blocks[number]
        text, words = block.text, block.words
        begin = text[:BEGINNING_CHARS]
        initials = list(map(_INITIAL, text[:INITIALS_CHARS].split()))
        if without_signs(begin).isascii():  # in a third of the time
            digits = sum(map(begin.count, "0123456789"))
        else:
            digits = sum(map(len, _DIGITS.findall(begin)))
        first_words, summed = words[:60], 0.0
        is_like = block.size > 3 and not self._summary.isdisjoint(words)
        if is_like and len(words) <= LIKENESS_MAX_WORDS:
            summed = _likeness(set(words), self._summary)
        return [
            float(text.count(",") if text.isascii() else sum(map(text.count, ",、，،"))),
            digits / (len(begin) or 1),
            sum(map(_FUNCTION_WORDS.__contains__, first_words)) / (len(first_words) or 1),
            sum(map(str.isupper, initials)) / (len(initials) or 1),
            *(_shares_in(block) if len(block.element) else (0.0, 0.0)),
            summed,
            *_said_row(self.says[number]),
        ]

    def _beside(self, number: int) -> list[float]:
        above2, above, _, below, below2 = self._looks[number : number + 5]
        (beside_above, kin_above), (beside_below, kin_below) = self._pairs[number : number + 2]
        return [
            *(*above[:3], beside_above, above[3], kin_above),
            *(*below[:3], beside_below, below[3], kin_below),
            *(*above2[:2], *below2[:2]),
        ]


@lru_cache(maxsize=1024)
def _said_row(says: frozenset[str]) -> tuple[float, ...]:
    return tuple(float(name in says) for name in _SAYS)


def _prose(block: Block, stop: bool) -> float:
    """How many words of prose a block has, by its looks."""
    reads = block.size >= LONG_MIN_WORDS or stop
    if block.size >= PROSE_MIN_WORDS and block.link_density < PROSE_LINKS_MAX_SHARE and reads:
        return block.size * (1 - block.link_density)
    return 0.0


def _shares_in(block: Block) -> tuple[float, float]:
    """How much of a block's text is slanted, and how much is bold, 0 to 1."""
    slanted = bold = 0
    for element in block.element.iter("em", "i", "strong", "b"):
        if element.tag in ("em", "i"):
            slanted += len(raw_text(element))
        else:
            bold += len(raw_text(element))
    length = len(block.text)
    return min(slanted / length, 1.0), min(bold / length, 1.0)


def _likeness(one: Set[str], two: Set[str]) -> float:
    """Shared words over all words of either, 0 to 1."""
    shared = len(one & two)
    return shared / (len(one) + len(two) - shared or 1)
