"""Which pictures belong to a text: by where they stand about it, and what they look like."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice, takewhile
from typing import Final, Literal

from lxml.html import HtmlElement

from feedd.article.assembly.block_copies import MEANING
from feedd.article.classifier.containers import make
from feedd.article.selection.calls import is_tool_name
from feedd.article.selection.pointers import only_points_on
from feedd.article.tree.blocks import Block, common, foreign, words_in
from feedd.article.tree.elements import HEADINGS, PAGE, text_of
from feedd.article.tree.figures import around_picture, shows_advertisement
from feedd.article.tree.markup import BYLINE, CAPTION, CHROME, group_bits, groups_of
from feedd.article.tree.media import (
    is_flat,
    is_icon,
    is_large,
    is_small,
    leads_away,
    picture,
    stays,
)

_ADDED: Final = group_bits("share", "ads", "subscribe")
_NOT_SHOWN: Final = group_bits("share", "ads", "subscribe", "comment", "byline", "chrome")
_NOT_LAST: Final = _NOT_SHOWN | group_bits("related")
_HIDES_LABEL: Final = "label-hidden"
"""By which Drupal says that the name of a field is not shown; its value is."""
_DRAWN = re.compile(r"\.(?:svg|gif)(?:$|[?#])", re.IGNORECASE)
"""Icons and counters' dots, rather than photographs."""

GALLERY_MIN_PICTURES: Final = 3
NEAR_BLOCKS: Final = 3
"""A picture so many blocks above the text still belongs to it."""
NEAR_MAX_WORDS: Final = 60
"""How much of bylines, tools and prices may stand between the headline and the text."""

Place = Literal["amid", "leading", "last", "above"]
"""Of a picture: among what is kept, right above it in its box, right below it, or near the headline
above it."""


class PicturePlaces:
    """Where a text stands on its page: `top` is the element around it and its pictures, and `at`
    the number of the block that was passed last, which whoever goes through it says.
    """

    def __init__(
        self,
        blocks: Sequence[Block],
        kept: Collection[int],
        captions: Collection[int],
        *,
        headline: int | None,
        writers: Collection[str],
    ) -> None:
        held = [*kept, *_gallery(blocks, kept, captions)]
        self._first, self._last = min(held), max(held)
        self.top, self._since = _outside(common(blocks, held)), self._first
        if headline is not None and headline < self._first:
            self.top = _outside(common(blocks, [headline, *held]))
            if words_in(blocks, range(headline + 1, self._first)) <= NEAR_MAX_WORDS:
                self._since = headline
                self.top = around_picture(self.top)
        self.at = next((n for n, block in enumerate(blocks) if self.top in block.path), 0) - 1
        titled = set() if headline is None else {*blocks[headline].path}
        self._titled = titled - {*self.top.iterancestors()}
        self._writers = writers
        self._ending = blocks[self._last]
        self._box = set(blocks[min(kept)].path[-2:])
        own = {*kept, headline if headline is not None else self._first}
        self._foreign = foreign(blocks, own, captions)
        self._text = {blocks[number].element for number in kept}
        self._amid: set[tuple[str, str]] = set()

    def is_amid(self) -> bool:
        """Between the first kept block and the last, or right below that if it is a heading."""
        is_heading = self._ending.element.tag in HEADINGS
        return self._first <= self.at < self._last + is_heading

    def pictures(self, element: HtmlElement) -> Iterator[tuple[HtmlElement, HtmlElement | None]]:
        """The pictures and players of an element outside of figures that belong to the text, as
        they are shown, each with the link around it.
        """
        place = self._place(element)
        if place is None or self._foreign.intersection(element.iterancestors()):
            return
        around = element.getparent()
        if groups_of(around) & BYLINE and around not in self._ending.path:
            return
        # A banner that holds text is its box.
        is_text = groups_of(around) & _ADDED and any(e in self._text for e in around.iter())
        within = around if place in ("amid", "last") and not is_text else None
        images = list(element.iter("img", "video", "audio"))
        for image in images:
            shown = picture(image)
            if shown is None or (within is not None and _is_added(image, within)):
                continue
            if self._is_ornament(image, place, is_alone=len(images) == 1):
                continue
            self._amid.add(make(element))
            link = next((a for a in image.iterancestors("a") if a.get("href")), None)
            if link is None or not (leads_away(link) or (place == "above" and not stays(link))):
                yield shown, link

    def has_figure(
        self, element: HtmlElement, blocks: Sequence[HtmlElement], captions: Sequence[HtmlElement]
    ) -> bool:
        """Whether a figure belongs to the text, in which these blocks stand (`at` is the last of
        them), and of them these captions.
        """
        ends = self._ending.path[-1:] == (element.getparent(),)
        last = self._last + ends * len(blocks)  # the last picture, with its caption
        near = min(self._first - NEAR_BLOCKS, self._since - self._reach(element))
        shown = list(element.iter("img", "video", "audio"))
        return not (
            not near <= self.at <= last
            or self._foreign.intersection(element.iterancestors())
            or any(map(only_points_on, map(text_of, captions)))
            or any(image.get("alt") in self._writers for image in shown)
            or shows_advertisement(element)
            or (self.at > self._last and all(map(is_flat, shown)))
        )

    def _place(self, element: HtmlElement) -> Place | None:
        """Where a picture stands that may be the text's."""
        if self.is_amid():
            return "amid"
        if self._leads(element):
            return "leading"
        if self._ends(element):
            return "last"
        since = self._since - 1 - self._reach(element)
        return "above" if since <= self.at < self._first else None

    def _leads(self, element: HtmlElement) -> bool:
        """Right above the first kept block, in a box of its own with it."""
        return self.at == self._first - 1 and element.getparent() in self._box

    def _reach(self, element: HtmlElement) -> int:
        """How many blocks above the headline a picture may stand that is in a box with it."""
        return NEAR_BLOCKS * (not self._titled.isdisjoint(islice(element.iterancestors(), 2)))

    def _ends(self, element: HtmlElement) -> bool:
        """Right below the last kept block: in its container or in a box beside and like that, or
        in a box like those of the pictures amid the text.
        """
        path, parent = self._ending.path, element.getparent()
        if self.at != self._last or parent not in path or groups_of(element) & _NOT_LAST:
            return False
        if parent is path[-1]:
            return True
        like = make(element)
        if like == make(path[-1]):
            return like[1] != "" or parent is path[-2]
        return like[1] != "" and like in self._amid

    def _heads(self, image: HtmlElement) -> bool:
        """Whether a picture near the headline is the article's: it stands in no box of something
        else, and is large, or in a box that speaks of a picture.
        """
        around = takewhile(lambda box: box not in self._titled, image.iterancestors())
        groups = [
            groups_of(box) & ~(CHROME if _HIDES_LABEL in (box.get("class") or "") else 0)
            for box in (image, *around)
        ]
        is_link = next(image.iterancestors("a"), None) is not None
        if any(group & (_NOT_LAST if is_link else _NOT_SHOWN) for group in groups):
            return False
        return is_large(image) or (not image.get("width") and any(g & CAPTION for g in groups))

    def _is_ornament(self, image: HtmlElement, place: Place, *, is_alone: bool) -> bool:
        """Whether a picture says nothing to the text: a sign, a writer's face, a page's logo."""
        is_drawn = _DRAWN.search(image.get("src") or "") is not None
        if (is_drawn and place in ("last", "above")) or is_tool_name(image.get("alt"), is_drawn):
            return True
        is_sign = is_icon(image) or (not is_alone and is_small(image))
        is_sign = is_sign or image.get("alt") in self._writers
        return is_sign or (place == "above" and not self._heads(image))


def _is_added(image: HtmlElement, within: HtmlElement) -> bool:
    """Whether a picture, or a box around it up to this one, calls itself added to the text."""
    boxes = (image, *takewhile(lambda box: box is not within, image.iterancestors()))
    return any(groups_of(box) & _ADDED for box in boxes)


def _gallery(
    blocks: Sequence[Block], kept: Collection[int], captions: Collection[int]
) -> list[int]:
    """Captions below the text where the pictures with their captions are the article."""
    below = [number for number in captions if number > max(kept)]
    words = words_in(blocks, kept)
    shown = words_in(blocks, below)
    return below if len(below) >= GALLERY_MIN_PICTURES and 2 * shown >= words else []


def _outside(element: HtmlElement) -> HtmlElement:
    """The container around what means something, for the picture above the text."""
    around = (element, *element.iterancestors())
    return next(e for e in around if e.tag not in MEANING or e.tag in PAGE)


def is_nameless_drawing(image: HtmlElement) -> bool:
    """Whether a picture is drawn, and says neither what it shows nor how large it is: a tool."""
    is_bare = not (image.get("alt") or image.get("width") or image.get("height"))
    return is_bare and _DRAWN.search(image.get("src") or "") is not None
