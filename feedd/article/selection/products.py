"""What a shop or a register of packages says of a product, in a box beside the text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from lxml.html import HtmlElement

from feedd.article.classifier import SURE_FROM
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import PANELS
from feedd.article.selection.pointers import LINKED_MIN
from feedd.article.tree.blocks import Block, BlockDecision, kept_numbers, take_all_back
from feedd.article.tree.media import is_paid
from feedd.article.tree.normalise import LINK

BUTTON_NEAR: Final = 3
"""How many lines below a product's properties its button may stand; the price may come first."""
PANEL_LABEL_MAX_WORDS: Final = 3
LABELS_MIN: Final = 4
"""How many labels of `PANELS` make a box one."""
VALUE_MAX_WORDS: Final = 12


def drop_offered(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop what a shop says of a product: items between the product's name, a link that was
    dropped, and a button to the same address, where somebody is paid for the click.
    """
    blocks = page.blocks
    for number, block in enumerate(blocks[:-1]):
        below = number + 1
        may = not decisions[number].kept and block.link_density > LINKED_MIN
        if not (may and decisions[below].kept and blocks[below].element.tag == "li"):
            continue
        items = [*takewhile(lambda n: _is_item(blocks, decisions, n), range(below, len(blocks)))]
        end = below + len(items)
        named, to = _shops(block), [_shops(each) for each in blocks[end : end + BUTTON_NEAR]]
        sold = {address for each in to for address in each if address in named}
        if any(named[address] or each.get(address) for address in sold for each in to):
            take_all_back(decisions, items, "what a shop says of a product")


def _is_item(blocks: Sequence[Block], decisions: Sequence[BlockDecision], number: int) -> bool:
    is_doubtful = decisions[number].kept and decisions[number].score < SURE_FROM
    return is_doubtful and blocks[number].element.tag == "li" and not blocks[number].link_chars


def _shops(block: Block) -> dict[str, bool]:
    """The addresses of a block's links, and whether somebody is paid for a click on them."""
    found: dict[str, bool] = {}
    for link in block.element.iter("a"):
        to = link.get("href") or ""
        found[to] = is_paid(to, link.get("rel"))
    for around in (block.element, *block.path[-2:]):
        to = around.get(LINK) or ""
        found.setdefault(to, is_paid(to))
    found.pop("", None)
    return found


def drop_panels(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop the box in which a register of packages tells of one: labels with a value each
    ("Licence", "Maintainers"), and no sentence. In a text such labels are headings amid prose, or a
    list.
    """
    blocks = page.blocks
    short = (n for n, block in enumerate(blocks) if block.size <= PANEL_LABEL_MAX_WORDS)
    labels = [n for n in short if blocks[n].words in PANELS and decisions[n].kept]
    if len(labels) < LABELS_MIN:
        return
    labels = [n for n in labels if not any(b.words in PANELS for b in blocks[n + 1 : n + 2])]
    kept = kept_numbers(decisions)
    held = Counter(element for number in labels for element in blocks[number].path)
    inside: defaultdict[HtmlElement, list[int]] = defaultdict(list)
    for number in kept:
        for element in blocks[number].path:
            if held[element] >= LABELS_MIN:
                inside[element].append(number)
    for numbers in inside.values():
        is_text = any(page.stops[n] or blocks[n].size > VALUE_MAX_WORDS for n in numbers)
        if not is_text and len(numbers) < len(kept):
            take_all_back(decisions, numbers, "tells of a package, beside its text")
