"""Articles as they are stored: cleaned again when more is known of their site, fingerprinted."""

from __future__ import annotations

from collections.abc import Iterable

from feedd import sanitise
from feedd.article import EarlierArticle, PageRejected, assembly, tree
from feedd.article.sitememory import PAGE_BLOCKS_MAX, recurrence
from feedd.article.sitememory.block_marks import marks
from feedd.article.tree import normalise
from feedd.article.tree.blocks import Block, cut


def clean_again(earlier: EarlierArticle) -> str | None:
    """A stored article without what is by now known to recur on its site; None where that changes
    nothing.
    """
    blocks = stored_blocks(earlier.html)
    captions = [number for number, block in enumerate(blocks) if block.is_caption]
    kept = [number for number in range(len(blocks)) if number not in captions]
    gone = recurrence.boilerplate(blocks, kept, earlier.recurring)
    if not gone:
        return None
    left = [number for number in kept if number not in gone]
    return sanitise.clean(assembly.assemble(blocks, left, captions), None)


def stored_blocks(html: str) -> list[Block]:
    """The blocks of stored HTML of an article."""
    try:
        root = tree.parse(html.encode("utf-8", "ignore"))
    except PageRejected:
        return []
    return cut(root, normalise.normalise(root))


def fingerprints_of(blocks: Iterable[Block]) -> tuple[int, ...]:
    """The fingerprints of blocks, each once and in their order, `PAGE_BLOCKS_MAX` at most."""
    found = dict.fromkeys(mark for block in blocks if block.words for mark in marks(block))
    return tuple(found)[:PAGE_BLOCKS_MAX]
