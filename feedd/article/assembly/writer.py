"""The text written out: its blocks, what means something around them, and its pictures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from feedd.article.assembly.block_copies import MEANING, leaf, pour
from feedd.article.assembly.picture_places import PicturePlaces, is_nameless_drawing
from feedd.article.tree.blocks import Block, holders, is_picture
from feedd.article.tree.elements import MEDIA, holds_text, remove, without_tail
from feedd.article.tree.media import is_small, picture
from feedd.article.tree.players import EMBED

_KEPT_ATTRIBUTES: Final = ("id", "start", "reversed", "type", "value", "cite", "open")


class Writer:
    """Writes the blocks numbered in `kept`, with their pictures and these captions."""

    def __init__(
        self,
        blocks: Sequence[Block],
        kept: Collection[int],
        captions: Collection[int],
        places: PicturePlaces,
    ) -> None:
        self._text = {blocks[number].element: blocks[number].link_density == 1 for number in kept}
        self._captions = {blocks[number].element for number in captions}
        self._order = {block.element: number for number, block in enumerate(blocks)}
        self._places = places
        self._showing = holders(places.top.iter(*MEDIA))

    def write(self, element: HtmlElement, out: HtmlElement) -> None:
        """Write what is kept of an element's children to `out`."""
        for child in element[:]:
            number = self._order.get(child)
            if number is not None:
                self._places.at = number
                if child in self._text:
                    out.append(leaf(child, is_link=self._text[child]))
            elif child.tag == "figure":
                self._figure(child, out)
            elif child.tag in MEDIA or (child in self._showing and not holds_text(child)):
                self._media(child, out)
            elif child.tag == "hr":
                if self._places.is_amid():
                    out.append(out.makeelement("hr"))
            elif child.tag in MEANING:
                inner = out.makeelement(child.tag)
                for name in _KEPT_ATTRIBUTES:
                    if child.get(name) is not None:
                        inner.set(name, child.get(name))
                self.write(child, inner)
                if len(inner):
                    out.append(inner)
            else:
                self.write(child, out)

    def _figure(self, element: HtmlElement, out: HtmlElement) -> None:
        """A picture or player with its caption; a figure of code or a table is written through."""
        if next(element.iterdescendants("figure"), None) is not None:
            self._group(element, out)
            return
        blocks = [part for part in element.iter() if part in self._order]
        parts = list(element.iter("img", "video", "audio"))
        if len(parts) > 1:  # beside a picture a small one is a sign
            parts = [part for part in parts if not is_nameless_drawing(part)] or parts
            shown = [picture(part) for part in parts if not is_small(part)]
        else:
            shown = [*map(picture, parts)]
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
            self._places.at = self._order[blocks[-1]]
        captions = [part for part in blocks if part in self._captions or part in self._text]
        if not self._places.has_figure(element, blocks, captions):
            return
        if captions:
            caption = out.makeelement("figcaption")
            for number, part in enumerate(captions):
                if number:
                    caption.append(caption.makeelement("br"))
                pour(part, caption)
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
        pour(own[0], caption)

    def _media(self, element: HtmlElement, out: HtmlElement) -> None:
        """Pictures and players outside of figures, each as a figure of its own."""
        for shown, link in self._places.pictures(element):
            figure = element.makeelement("figure")
            to = link.get("href") if link is not None else None
            (etree.SubElement(figure, "a", {"href": to}) if to else figure).append(shown)
            out.append(figure)
