"""The kept blocks of a page, and the pictures among them, to the HTML of the article.

Containers that mean something (lists, quotations, figures …) are kept around what is left in
them; all others dissolve. What comes out still has to pass the sanitiser.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Mapping, Sequence
from itertools import islice, takewhile
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from feedd.article.classifier.containers import make
from feedd.article.selection.calls import is_tool_name
from feedd.article.selection.pointers import only_points_on
from feedd.article.tree import (
    ATOMS,
    HEADINGS,
    MEDIA,
    PAGE,
    holds_text,
    raw_text,
    remove,
    text_of,
    without_tail,
)
from feedd.article.tree.blocks import Block, common, foreign, holders, is_picture, words_in
from feedd.article.tree.figures import around_picture, shows_advertisement
from feedd.article.tree.listings import name_language
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
from feedd.article.tree.normalise import LINK
from feedd.article.tree.players import EMBED

_MEANING: Final = frozenset(
    str.split("ul ol li dl dt dd blockquote figure figcaption details summary aside")
)
_TEXTUAL: Final = HEADINGS | ATOMS | _MEANING | {"table", "p", "address"}
_ADDED: Final = group_bits("share", "ads", "subscribe")
_NOT_SHOWN: Final = group_bits("share", "ads", "subscribe", "comment", "byline", "chrome")
_NOT_LAST: Final = _NOT_SHOWN | group_bits("related")
_HIDES_LABEL: Final = "label-hidden"
"""By which Drupal says that the name of a field is not shown; its value is."""
_DRAWN = re.compile(r"\.(?:svg|gif)(?:$|[?#])", re.IGNORECASE)
"""Icons and counters' dots, rather than photographs."""
_KEPT_ATTRIBUTES: Final = ("id", "start", "reversed", "type", "value", "cite", "open")

GALLERY_MIN_PICTURES: Final = 3
NEAR_BLOCKS: Final = 3
"""A picture so many blocks above the text still belongs to it."""
NEAR_MAX_WORDS: Final = 60
"""So much of bylines, tools and prices may stand between the headline and the text."""


def assemble(
    blocks: Sequence[Block],
    kept: Collection[int],
    captions: Collection[int],
    *,
    headline: int | None = None,
    writers: Collection[str] = (),
) -> str:
    """HTML of the blocks numbered in `kept`, in order, with the pictures that stand among them,
    but for the faces of its `writers`.

    `captions` are numbers of blocks that are kept where they stand with their picture. Pictures
    between the block that is the `headline` and the text belong to it.
    """
    if not kept:
        return ""
    held = [*kept, *_gallery(blocks, kept, captions)]
    first, last = min(held), max(held)
    top, since = _outside(common(blocks, held)), first
    if headline is not None and headline < first:
        top = _outside(common(blocks, [headline, *held]))
        if sum(block.size for block in blocks[headline + 1 : first]) <= NEAR_MAX_WORDS:
            since = headline
            top = around_picture(top)
    writer = _Writer(
        text={blocks[number].element: blocks[number].link_density == 1 for number in kept},
        captions={blocks[number].element for number in captions},
        order={block.element: number for number, block in enumerate(blocks)},
        first=first,
        since=since,
        writers=writers,
        titled=set() if headline is None else {*blocks[headline].path} - {*top.iterancestors()},
        at=next((n for n, block in enumerate(blocks) if top in block.path), 0) - 1,
        last=last,
        ending=blocks[last],
        box=set(blocks[min(kept)].path[-2:]),
        foreign=foreign(blocks, {*kept, headline if headline is not None else first}, captions),
    )
    out = top.makeelement("div")
    writer.show(top)
    writer.write(top, out)
    _tidy(out)
    return "".join(etree.tostring(child, method="html", encoding="unicode") for child in out)


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
    return next(e for e in around if e.tag not in _MEANING or e.tag in PAGE)


class _Writer:
    def __init__(
        self,
        *,
        text: Mapping[HtmlElement, bool],
        captions: set[HtmlElement],
        order: dict[HtmlElement, int],
        first: int,
        since: int,
        writers: Collection[str],
        titled: set[HtmlElement],
        at: int,
        last: int,
        ending: Block,
        box: set[HtmlElement],
        foreign: set[HtmlElement],
    ) -> None:
        self._text = text
        self._captions = captions
        self._order = order
        self._first = first
        self._since = since
        self._titled = titled
        self._writers = writers
        self._last = last
        self._ending = ending
        self._box = box
        self._foreign = foreign
        self._at = at
        self._amid: set[tuple[str, str]] = set()
        self._showing: set[HtmlElement] = set()

    def show(self, top: HtmlElement) -> None:
        """Note which elements have a picture or player in them."""
        self._showing = holders(top.iter(*MEDIA))

    def write(self, element: HtmlElement, out: HtmlElement) -> None:
        """Write what is kept of an element's children to `out`."""
        for child in element:
            number = self._order.get(child)
            if number is not None:
                self._at = number
                if child in self._text:
                    out.append(_leaf(child, is_link=self._text[child]))
            elif child.tag == "figure":
                self._figure(child, out)
            elif child.tag in MEDIA or (child in self._showing and not holds_text(child)):
                self._media(child, out)
            elif child.tag == "hr":
                if self._inside():
                    out.append(out.makeelement("hr"))
            elif child.tag in _MEANING:
                inner = out.makeelement(child.tag)
                for name in _KEPT_ATTRIBUTES:
                    if child.get(name) is not None:
                        inner.set(name, child.get(name))
                self.write(child, inner)
                if len(inner):
                    out.append(inner)
            else:
                self.write(child, out)

    def _inside(self) -> bool:
        """Between the first kept block and the last, or right below that if it is a heading."""
        is_heading = self._ending.element.tag in HEADINGS
        return self._first <= self._at < self._last + is_heading

    def _leads(self, element: HtmlElement) -> bool:
        """Right above the first kept block, in a box of its own with it."""
        return self._at == self._first - 1 and element.getparent() in self._box

    def _reach(self, element: HtmlElement) -> int:
        """So many blocks above the headline a picture may stand that is in a box with it."""
        return NEAR_BLOCKS * (not self._titled.isdisjoint(islice(element.iterancestors(), 2)))

    def _ends(self, element: HtmlElement) -> bool:
        """Right below the last kept block: in its container or in a box beside and like that, or
        in a box like those of the pictures amid the text.
        """
        path, parent = self._ending.path, element.getparent()
        if self._at != self._last or parent not in path or groups_of(element) & _NOT_LAST:
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

    def _figure(self, element: HtmlElement, out: HtmlElement) -> None:
        """A picture or player with its caption; a figure of code or a table is written through."""
        if next(element.iterdescendants("figure"), None) is not None:
            self._group(element, out)
            return
        blocks = [part for part in element.iter() if part in self._order]
        parts = list(element.iter("img", "video", "audio"))
        shown = [picture(part) for part in parts if len(parts) == 1 or not is_small(part)]
        figure = element.makeelement("figure")
        if is_picture(element) or not blocks:
            figure.extend(each for each in shown if each is not None)
        if not len(figure) and element.get("class") == EMBED:
            figure.extend(without_tail(link) for link in element.iter("a"))
        if not len(figure):
            self._group(element, figure)
            out.extend([figure] if figure.find("figcaption") is not None else list(figure))
            return
        if blocks:
            self._at = self._order[blocks[-1]]
        ends = self._ending.path[-1:] == (element.getparent(),)
        last = self._last + ends * len(blocks)  # the last picture, with its caption
        near = min(self._first - NEAR_BLOCKS, self._since - self._reach(element))
        captions = [part for part in blocks if part in self._captions or part in self._text]
        is_dropped = bool(self._foreign.intersection(element.iterancestors()))
        is_other = is_dropped or any(map(only_points_on, map(text_of, captions)))
        is_other = is_other or any(part.get("alt") in self._writers for part in parts)
        is_other = is_other or shows_advertisement(element)
        is_other = is_other or (self._at > self._last and all(map(is_flat, parts)))
        if is_other or not near <= self._at <= last:
            return
        if captions:
            caption = out.makeelement("figcaption")
            for number, part in enumerate(captions):
                if number:
                    caption.append(caption.makeelement("br"))
                _pour(part, caption)
            for image in [i for i in caption.iter("img") if is_small(i) or picture(i) is None]:
                remove(image)
            figure.append(caption)
        out.append(figure)

    def _group(self, element: HtmlElement, out: HtmlElement) -> None:
        """What is in a figure, be it figures, a table or a quotation; with the caption of all of it
        the last figure's, or, where there is none, that of `out`."""
        before = len(out)
        self.write(element, out)
        named = [e for e in element.iter("figcaption") if e in self._captions]
        own = [e for e in named if next(e.iterancestors("figure")) is element]
        if not own or len(out) == before:
            return
        figures = [e for e in out[before:] if e.tag == "figure"]
        holder = figures[-1] if figures else out
        caption = holder.find("figcaption")
        if caption is None:
            caption = holder.makeelement("figcaption")
            holder.append(caption)
        else:
            caption.append(caption.makeelement("br"))
        _pour(own[0], caption)

    def _media(self, element: HtmlElement, out: HtmlElement) -> None:
        is_inside, leads = self._inside(), self._leads(element)
        is_last = not is_inside and self._ends(element)
        since = self._since - 1 - self._reach(element)
        is_above = not (is_inside or is_last or leads) and since <= self._at < self._first
        may = is_inside or leads or is_last or is_above
        if not may or self._foreign.intersection(element.iterancestors()):
            return
        around = element.getparent()
        if groups_of(around) & BYLINE and around not in self._ending.path:
            return
        above = around if is_inside or is_last else None
        images = list(element.iter("img", "video", "audio"))
        for found in images:
            shown = picture(found)
            boxes = (found, *takewhile(lambda box: box is not above, found.iterancestors()))
            is_text = groups_of(around) & _ADDED and any(e in self._text for e in around.iter())
            is_added = above is not None and any(groups_of(b) & _ADDED for b in boxes)
            if shown is None or (is_added and not is_text):  # a banner that holds text is its box
                continue
            is_drawn = _DRAWN.search(found.get("src") or "") is not None
            if (is_drawn and (is_last or is_above)) or is_tool_name(found.get("alt"), is_drawn):
                continue
            is_sign = is_icon(found) or (len(images) > 1 and is_small(found))
            is_sign = is_sign or found.get("alt") in self._writers
            if is_sign or (is_above and not self._heads(found)):
                continue
            self._amid.add(make(element))
            link = next((a for a in found.iterancestors("a") if a.get("href")), None)
            if link is not None and (leads_away(link) or (is_above and not stays(link))):
                continue
            figure = found.makeelement("figure")
            to = link.get("href") if link is not None else None
            (etree.SubElement(figure, "a", {"href": to}) if to else figure).append(shown)
            out.append(figure)


def _leaf(element: HtmlElement, *, is_link: bool) -> HtmlElement:
    """A copy of a block fit to stand anywhere; `is_link`: all of its text is one."""
    copied = without_tail(element)
    for image in list(copied.iter("img")) if len(copied) else ():
        if picture(image) is None or (is_small(image) and image.get("alt") in raw_text(copied)):
            remove(image)
    href = copied.get(LINK)
    if copied.tag == "pre":
        name_language(copied, element)
        for part in copied.iter():
            part.attrib.pop("style", None)  # it keeps its lines as it is
    elif copied.tag not in _TEXTUAL:
        copied.tag = "p"
    if href is None and is_link:
        around = next((e for e in element.iterancestors() if e.get(LINK)), None)
        href = around.get(LINK) if around is not None else None
    if href and next(copied.iter("a"), None) is None:
        link = copied.makeelement("a", {"href": href})
        _pour(copied, link)
        for child in list(copied):
            copied.remove(child)
        copied.text = None
        copied.append(link)
    return copied


def _pour(source: HtmlElement, target: HtmlElement) -> None:
    """Append copies of an element's content to another."""
    if source.text:
        if len(target):
            target[-1].tail = (target[-1].tail or "") + source.text
        else:
            target.text = (target.text or "") + source.text
    for child in source:
        target.append(copy.copy(child))


def _tidy(out: HtmlElement) -> None:
    """Small repairs: items hold their text directly; lists without items go, and lists of terms
    that have but pictures.
    """
    for terms in list(out.iter("dl")):
        if all(child.tag == "figure" for child in terms):
            terms.drop_tag()
    for item in list(out.iter("li", "dd")):
        if (
            len(item)
            and item[0].tag == "p"
            and all(c.tag in ("ul", "ol") for c in item[1:])
            and not (item.text or "").strip()
        ):
            item[0].drop_tag()
    for items in list(out.iter("ul", "ol")):
        for child in list(items):
            if child.tag not in ("li", "ul", "ol"):
                wrapper = items.makeelement("li")
                child.addprevious(wrapper)
                wrapper.append(child)
