"""The elements around blocks: what they call themselves, and how much prose and links they hold.

Each container is worked out from the one around it, so that depth costs nothing.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import Final

from lxml.html import HtmlElement

from feedd.article.tree.blocks import Block, words_in
from feedd.article.tree.data_tables import CELL
from feedd.article.tree.markup import COMMENT, GROUPS, POST, groups_named

MOST_MIN_SHARE: Final = 0.8
AMID_MIN: Final = 2
"""A box beside so many sentences stands amid the text."""
SERIES_MIN: Final = 3
"""How many elements of one make in one container are a series: posts, answers, teasers."""

_COUNTED: Final = tuple(str.split("list aside nav footer form article main section dialog"))
_TAGS: Final = {
    "li": "list", "ul": "list", "ol": "list", "dl": "list", "aside": "aside", "nav": "nav",
    "footer": "footer", "form": "form", "article": "article", "main": "main", "section": "section",
}  # fmt: skip
_ROLES: Final = {
    "main": "main", "article": "article", "navigation": "nav", "contentinfo": "footer",
    "complementary": "aside", "search": "form", "dialog": "dialog", "menu": "nav",
    "menubar": "nav", "tablist": "nav",
}  # fmt: skip
_AT: Final = {name: number for number, name in enumerate(_COUNTED)}

FLAGS: Final = ("hidden", "in_text_property", "in_comment_property", "in_comment_type")
_SUMS: Final = ("prose", "links", "share", "blocks", "words", "alike", "alike_prose")
_LEVELS: Final = ("parent", "grand", "great", "fourth")
_SERIES: Final = ("up", "count", "prose", "words", "links")
NAMES: Final = (
    *("depth", "half_up", "half_links", "half_words", "most_up"),
    *(f"in_{name}" for name in _COUNTED),
    *FLAGS,
    *(f"class_{near}_{group}" for near in ("near", "mid") for group in GROUPS),
    *(f"{level}_{name}" for level in _LEVELS for name in _SUMS),
    *(f"{series}_{name}" for series in ("unit", "series") for name in _SERIES),
)
"""What `Container.row` holds, in this order."""

PAGE_NAMES: Final = (
    *("page_commented", "page_uncommented", "page_in_main"),
    *(f"page_series_{name}" for name in _SERIES[1:]),
)
"""What `Containers.of_page` holds, in this order."""

_NO_SUMS: Final = (0.0,) * len(_SUMS)
_NO_SERIES: Final = (-1.0, *(0.0,) * (len(_SERIES) - 1))


class Container:
    """An element with blocks in it, and what is added up over all of them. `groups` are the groups
    of words in its class and id and in those of the elements around it, as bits (see `GROUPS`): its
    own first, then those of four elements around it, then of all others. `post` is the innermost,
    of this and those around it, that calls itself one; `is_cell` says whether it was a cell of a
    layout table.
    """

    __slots__ = (
        *("above", "blocks", "counts", "depth", "flags", "groups", "is_cell", "links"),
        *("make", "post", "prose", "words"),
    )

    def __init__(self, element: HtmlElement, above: Container | None) -> None:
        self.above = above
        attributes = dict(element.items())
        named = attributes.get("class")
        self.make = element.tag, named or ""
        self.blocks = self.words = self.prose = self.links = 0.0
        says_more = len(attributes) > (named is not None)
        self.is_cell = says_more and CELL in attributes
        own = groups_named(named, attributes.get("id"))
        flags = _flags(attributes) if says_more else 0
        self.post: HtmlElement | None = element if own & POST else above and above.post
        own &= ~POST
        if above is None:
            self.depth = 1
            self.groups: tuple[int, ...] = (own, 0, 0, 0, 0, 0)
            self.counts = [0.0] * len(_COUNTED)
            self.flags = flags
        else:
            self.depth = above.depth + 1
            first, second, third, fourth, fifth, rest = above.groups
            self.groups = (own, first, second, third, fourth, fifth | rest)
            self.counts = above.counts
            self.flags = above.flags | flags
        role = _ROLES.get(attributes.get("role", "")) if says_more else None
        for name in (_TAGS.get(element.tag), role):
            if name is not None:
                self.counts = self.counts.copy()
                self.counts[_AT[name]] += 1

    @property
    def near(self) -> int:
        """Groups of its own and of the element around it."""
        return self.groups[0] | self.groups[1]

    def is_menu(self) -> bool:
        """Whether it stands in the page's navigation, or in its foot."""
        return self.counts[_AT["nav"]] > 0 or self.counts[_AT["footer"]] > 0


class Containers:
    """All elements around a page's blocks. `innermost` has the container of each block;
    `is_laid_out` says whether any was a cell of a layout table.
    """

    def __init__(self, blocks: Sequence[Block], prose: Sequence[float]) -> None:
        self.total = sum(prose) or 1.0
        self.innermost: list[Container | None] = []
        self._rows: dict[Container, list[float]] = {}
        self._sums: dict[Container, tuple[float, ...]] = {}
        self._series: dict[Container, _Standing] = {}
        self._own: defaultdict[Container, float] = defaultdict(float)
        found: dict[HtmlElement, Container] = {}
        for block, reads in zip(blocks, prose, strict=True):
            container = _container(block.path, found)
            self.innermost.append(container)
            if container is not None:
                container.blocks += 1
                container.words += block.size
                container.prose += reads
                self._own[container] += reads
                container.links += block.link_density * block.size
        self.is_laid_out = any(container.is_cell for container in found.values())
        self._alike: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        twins: defaultdict[tuple[Container | None, tuple[str, str]], list[Container]]
        twins = defaultdict(list)
        for container in reversed(found.values()):  # the inner before the outer
            above = container.above
            if above is not None:
                above.blocks += container.blocks
                above.words += container.words
                above.prose += container.prose
                above.links += container.links
            alike = self._alike[container.make]
            alike[0] += 1
            alike[1] += container.prose
            twins[above, container.make].append(container)
        self._twins = {
            made: _Series(alike) for made, alike in twins.items() if len(alike) >= SERIES_MIN
        }

    @property
    def makes(self) -> Iterable[tuple[str, str]]:
        """Tags and classes of all containers, each once."""
        return self._alike

    def of_page(self) -> tuple[float, ...]:
        """See `PAGE_NAMES`."""
        commented = in_main = 0.0
        for container, prose in self._own.items():
            if reduce(or_, container.groups) & COMMENT or container.flags & _COMMENTS:
                commented += prose
            if container.counts[_AT["main"]] or container.counts[_AT["article"]]:
                in_main += prose
        series = max(self._twins.values(), key=lambda series: series.prose, default=None)
        of_series = series.row(self.total)[1:] if series and series.prose else (0.0,) * 4
        return (
            commented / self.total,
            math.log1p(self.total - commented),
            in_main / self.total,
            *of_series,
        )

    def row(self, container: Container) -> list[float]:
        """What is known of a container and of those around it; see `NAMES`."""
        known = self._rows.get(container)
        if known is None:
            known = self._rows[container] = self._row(container)
        return known

    def _row(self, container: Container) -> list[float]:
        standing = self._standing(container)
        first, second, third, fourth, fifth, _ = container.groups
        row = [float(container.depth), *standing.shares, *container.counts]
        row += bits(container.flags, len(FLAGS))
        row += bits(first | second, len(GROUPS))
        row += bits(third | fourth | fifth, len(GROUPS))
        level: Container | None = container
        for _ in _LEVELS:
            row += _NO_SUMS if level is None else self._summed(level)
            level = level and level.above
        row += standing.unit
        row += standing.series
        return row

    def _summed(self, container: Container) -> tuple[float, ...]:
        known = self._sums.get(container)
        if known is None:
            words = container.words or 1
            alike = self._alike[container.make]
            known = self._sums[container] = (
                container.prose / self.total,
                container.links / words,
                container.prose / words,
                container.blocks,
                container.words,
                alike[0],
                alike[1] / self.total,
            )
        return known

    def _standing(self, container: Container) -> _Standing:
        known = self._series.get(container)
        if known is None:
            above = container.above
            around = None if above is None else self._standing(above)
            known = self._series[container] = self._stand(container, around)
        return known

    def _stand(self, container: Container, above: _Standing | None) -> _Standing:
        half_up = half_links = half_words = most_up = 0.0
        if container.prose >= 0.5 * self.total:
            half_links, half_words = container.links / (container.words or 1), container.words
        elif above is not None and above.shares[0] >= 0:
            half_up, half_links, half_words = above.shares[0] + 1, *above.shares[1:3]
        else:
            half_up = -1.0
        if container.prose < 0.8 * self.total:
            most_up = -1.0 if above is None or above.shares[3] < 0 else above.shares[3] + 1
        unit = _outer(above.unit) if above is not None else _NO_SERIES
        series = _outer(above.series) if above is not None else _NO_SERIES
        twins = self._twins.get((container.above, container.make))
        if twins is not None:
            unit = twins.row(self.total)
            if unit[2] >= series[2]:
                series = unit
        return _Standing((half_up, half_links, half_words, most_up), unit, series)


class _Series:
    """At least `SERIES_MIN` containers of one make in one container."""

    __slots__ = ("count", "links", "prose", "words")

    def __init__(self, members: Sequence[Container]) -> None:
        self.count = float(len(members))
        self.words = sum(container.words for container in members)
        self.prose = sum(container.prose for container in members)
        self.links = sum(container.links for container in members)

    def row(self, total: float) -> tuple[float, ...]:
        words = self.words or 1
        return 0.0, self.count, self.prose / total, self.words / self.count, self.links / words


class _Standing:
    """Where a container stands: in what holds half and most of the prose, and in which series."""

    __slots__ = ("series", "shares", "unit")

    def __init__(
        self, shares: tuple[float, ...], unit: tuple[float, ...], series: tuple[float, ...]
    ) -> None:
        self.shares, self.unit, self.series = shares, unit, series


def _outer(series: tuple[float, ...]) -> tuple[float, ...]:
    """The same series, seen from one element further in."""
    up, count, prose, words, links = series
    return series if up < 0 else (up + 1, count, prose, words, links)


def _container(
    path: Sequence[HtmlElement], found: dict[HtmlElement, Container]
) -> Container | None:
    """The container of the last element of a path; those around it are made before it."""
    if not path:
        return None
    known = found.get(path[-1])
    if known is not None:
        return known
    start = len(path) - 1
    while start and path[start - 1] not in found:
        start -= 1
    above = found[path[start - 1]] if start else None
    for element in path[start:]:
        above = found[element] = Container(element, above)
    return above


def make(element: HtmlElement) -> tuple[str, str]:
    """An element's tag and class: elements of one make are written by one template."""
    return element.tag, element.get("class") or ""


def make_begins(element: HtmlElement) -> tuple[str, str]:
    """An element's tag and first class: others may tell even from odd."""
    tag, named = make(element)
    return tag, named.partition(" ")[0]


def is_beside(block: Block, container: HtmlElement | None) -> bool:
    """Whether a block stands in a container of the same make as this one, beside it."""
    if container is None or not container.get("class"):
        return False
    beside = (e for e in block.path if e.getparent() is container.getparent())
    return any(make_begins(element) == make_begins(container) for element in beside)


def amid_text(blocks: Sequence[Block], stops: Sequence[bool]) -> set[HtmlElement]:
    """Containers of several sentences, of the text perhaps."""
    both = zip(blocks, stops, strict=True)
    sentences = Counter(block.path[-1] for block, stop in both if stop and block.path)
    return {box for box, times in sentences.items() if times >= AMID_MIN}


def is_lone(blocks: Sequence[Block], box: HtmlElement) -> bool:
    """Whether a box is the only one of its make: no list, of which others are."""
    own = (block.path[-1] for block in blocks if block.path)
    alike = any(element is not box and make(element) == make(box) for element in own)
    return not alike and box.tag not in ("ul", "ol", "blockquote")


def holding_most(blocks: Sequence[Block], kept: Sequence[int]) -> HtmlElement | None:
    """The innermost element that holds nearly all of the kept words."""
    boxes: Counter[tuple[HtmlElement, ...]] = Counter()
    for number in kept:
        boxes[blocks[number].path] += blocks[number].size
    words: Counter[HtmlElement] = Counter()
    for path, size in boxes.items():
        for element in path:
            words[element] += size
    least = MOST_MIN_SHARE * words_in(blocks, kept)
    return next((element for element in reversed(words) if words[element] >= least), None)


@lru_cache(maxsize=8192)
def bits(mask: int, count: int) -> tuple[float, ...]:
    """The lowest `count` bits, one number each."""
    return tuple(float(mask >> number & 1) for number in range(count))


_COMMENTS: Final = sum(1 << FLAGS.index(f"in_comment_{what}") for what in ("property", "type"))


def _flags(attributes: Mapping[str, str]) -> int:
    """Whether an element says itself that it is not shown, and what its microdata says."""
    get = attributes.get
    is_drawn = "display:none" not in (get("style") or "").replace(" ", "").lower()
    found = int(not is_drawn or get("hidden") is not None or get("aria-hidden") == "true")
    named = get("itemprop")
    if named:
        named = named.lower()
        if "body" in named or named in ("text", "description"):
            found |= 1 << FLAGS.index("in_text_property")
        elif named == "comment":
            found |= 1 << FLAGS.index("in_comment_property")
    if "Comment" in (get("itemtype") or ""):
        found |= 1 << FLAGS.index("in_comment_type")
    return found
