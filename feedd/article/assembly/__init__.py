"""The kept blocks of a page, and the pictures among them, to the HTML of the article.

Containers that mean something (lists, quotations, figures …) are kept around what is left in
them; all others dissolve. What comes out still has to pass the sanitiser.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lxml import etree

from feedd.article.assembly.block_copies import tidy
from feedd.article.assembly.picture_places import PicturePlaces
from feedd.article.assembly.writer import Writer
from feedd.article.tree.blocks import Block


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
    places = PicturePlaces(blocks, kept, captions, headline=headline, writers=writers)
    out = places.top.makeelement("div")
    Writer(blocks, kept, captions, places).write(places.top, out)
    tidy(out)
    return "".join(etree.tostring(child, method="html", encoding="unicode") for child in out)
