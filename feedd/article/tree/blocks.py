"""A shaped page as a list of blocks: the paragraphs, headings, list items … of which some are the
article.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import takewhile
from typing import Final

from lxml.html import HtmlElement
from msgspec import Struct

from feedd.article.tree.elements import ATOMS, BLOCKS, MEDIA, text_of
from feedd.article.tree.media import shows
from feedd.article.tree.normalise import LINK
from feedd.article.tree.players import EMBED

STOPS: Final = ".!?…。！？｡।॥۔؟։።။។"
"""What ends a sentence: in Latin, Cyrillic and Greek, Chinese and Japanese, Hindi, Urdu and Arabic,
Armenian, Amharic, Burmese, Khmer.
"""
WORD: Final = re.compile(r"\w+")
_SPACED: Final = bytes(
    code if code < 128 and WORD.match(chr(code)) else ord(" ") for code in range(256)
)
_FOLDED: Final = _SPACED.lower()
"""Tables for ASCII bytes that turn all but words into blanks: as written, and in small letters."""
_SIGNS: Final = "’‘“”–—…\xa0"
"""Signs beyond ASCII between English words."""

JUDGED_MAX_CHARS: Final = 50_000
"""Of a longer block only the beginning is judged."""

SPACED_MAX_CHARS: Final = 12
"""Where "words" are longer than this in the mean, they are clauses of a script without blanks."""
UNSPACED_WORD_CHARS: Final = 3
"""About how many characters of such a script are a word."""
KANA: Final = "\u3040-\u30ff"
HAN: Final = "\u3400-\u9fff\uf900-\ufaff"
HANGUL: Final = "\uac00-\ud7af"
"""Signs of Japanese, Chinese and Korean script, as classes in expressions have them."""
_DENSE = re.compile(f"[{KANA}{HAN}{HANGUL}]")
DENSE_WORD_CHARS: Final = 2
"""About how many characters of Chinese, Japanese and Korean script are a word."""

ALIKE_MIN: Final = 2
"""How many lines of one make must be kept before the others are kept for their sake."""
BLOCKS_MAX: Final = 6_000
"""Blocks beyond this are not looked at."""


class Block(Struct, frozen=True, eq=False):
    """One leaf of a shaped page. `words` are folded, `size` is about how many they are, also in
    scripts that write no blanks between them; `link_chars` counts text within links, of which
    `link_density` is the share; `media_before`: an image or player stands between it and the block
    before it; `is_caption`: it belongs to a picture.
    """

    element: HtmlElement
    text: str
    words: tuple[str, ...]
    size: int
    link_chars: int
    link_density: float
    path: tuple[HtmlElement, ...]
    media_before: bool
    is_caption: bool


class BlockDecision(Struct, frozen=True):
    """About one block: `score` is the learned certainty, `why` the deciding reason in words."""

    kept: bool
    why: str
    score: float
    caption: bool = False


def keep(decisions: list[BlockDecision], number: int, why: str) -> None:
    """Keep a block."""
    decisions[number] = BlockDecision(True, why, decisions[number].score)


def keep_all(decisions: list[BlockDecision], numbers: Iterable[int], why: str) -> None:
    """Keep those of the blocks that are not kept yet."""
    for number in numbers:
        if not decisions[number].kept:
            keep(decisions, number, why)


def take_back(decisions: list[BlockDecision], number: int, why: str) -> None:
    """Drop a block again."""
    decisions[number] = BlockDecision(False, why, decisions[number].score)


def take_all_back(decisions: list[BlockDecision], numbers: Iterable[int], why: str) -> None:
    """Drop those of the blocks again that are kept."""
    for number in numbers:
        if decisions[number].kept:
            take_back(decisions, number, why)


def kept_numbers(decisions: Sequence[BlockDecision]) -> list[int]:
    """The numbers of the blocks that are kept."""
    return [number for number, decision in enumerate(decisions) if decision.kept]


def cut(root: HtmlElement, leading: Set[HtmlElement] = frozenset()) -> list[Block]:
    """The blocks that hold text, in the page's order; `leading` are what were links around them."""
    body = root.find("body")
    body = root if body is None else body
    showing = holders(body.iter(*MEDIA))
    found: list[Block] = []
    # (element, its ancestors from the body down, whether a link, and a caption, encloses it)
    waiting: list[tuple[HtmlElement, tuple[HtmlElement, ...], bool, bool]] = [
        (body, (), False, False)
    ]
    media = False
    while waiting and len(found) < BLOCKS_MAX:
        element, path, linked, captioned = waiting.pop()
        tag = element.tag
        if tag == "figure" and element.get("class") == EMBED:
            media = True
            continue
        captioned = captioned or tag == "figcaption" or (tag == "figure" and is_picture(element))
        inside = () if tag in ATOMS or tag == "table" else element[:]
        # one of them is a block, then all are, but for a picture above its caption
        if inside and (inside[0].tag in BLOCKS or inside[-1].tag in BLOCKS):
            linked = linked or element in leading
            inner = (*path, element)
            waiting += [(child, inner, linked, captioned) for child in reversed(inside)]
            continue
        text = text_of(element)
        if text:
            linked = linked or element in leading
            found.append(
                _block(element, text, path, linked=linked, media=media, captioned=captioned)
            )
            media = False
        media = media or element in showing
    return found


def holders(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    """All elements around these."""
    found: set[HtmlElement] = set()
    for element in elements:
        for around in element.iterancestors():
            if around in found:
                break
            found.add(around)
    return found


def is_picture(figure: HtmlElement) -> bool:
    """Whether all text in a figure is a picture's caption; others hold code, or a quotation beside
    the portrait of who said it.
    """
    has_picture = next(figure.iter("img", "video"), None) is not None
    return has_picture and next(figure.iter("blockquote", "pre", "table"), None) is None


def is_all_bold(element: HtmlElement, text: str) -> bool:
    """Whether one bold part of an element is all its text."""
    return any(text_of(part) == text for part in element.iter("b", "strong"))


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    text = without_signs(text)
    if text.isascii():  # in a quarter of the time
        return tuple(text.encode().translate(_FOLDED).decode().split())
    return tuple(WORD.findall(text.lower()))


def without_signs(text: str) -> str:
    """A text with a blank for each sign of `_SIGNS`, without which most texts are ASCII."""
    if not text.isascii():
        for sign in _SIGNS:
            text = text.replace(sign, " ")
    return text


def written_words(text: str) -> list[str]:
    """The words of a text as they stand."""
    text = without_signs(text)
    if text.isascii():
        return text.encode().translate(_SPACED).decode().split()
    return WORD.findall(text)


def _block(
    element: HtmlElement,
    text: str,
    path: tuple[HtmlElement, ...],
    *,
    linked: bool,
    media: bool,
    captioned: bool,
) -> Block:
    if linked or _is_one_link(element):
        link_chars = len(text)
    elif len(element) == 0:
        link_chars = 0
    else:
        link_chars = min(len(text), sum(map(len, map(text_of, element.iter("a")))))
    words = words_of(text[:JUDGED_MAX_CHARS])
    return Block(
        element,
        text,
        words,
        _size(len(words), text[:JUDGED_MAX_CHARS]),
        link_chars,
        link_chars / len(text),
        path,
        media,
        captioned,
    )


def _is_one_link(element: HtmlElement) -> bool:
    """Whether nothing stands in an element but one link: as in most menus."""
    if len(element) != 1 or (link := element[0]).tag != "a":
        return False
    return not (element.text and element.text.strip()) and not (link.tail and link.tail.strip())


def _size(words: int, text: str) -> int:
    """How many words a text has, or would have in a script with blanks."""
    if not text.isascii() and _DENSE.search(text):
        return max(words, len(_DENSE.findall(text)) // DENSE_WORD_CHARS)
    spaced = words * SPACED_MAX_CHARS >= len(text)
    return words if spaced else len(text) // UNSPACED_WORD_CHARS


def size_of(text: str) -> int:
    """How many words a text has that is no block yet."""
    return _size(len(text.split()), text)


def words_in(blocks: Sequence[Block], numbers: Iterable[int]) -> int:
    """How many words these blocks have."""
    return sum(blocks[number].size for number in numbers)


def together(blocks: Sequence[Block], number: int) -> list[int]:
    """The numbers of all blocks in the innermost container of a block, right around it."""
    box = blocks[number].path[-1]
    above = takewhile(lambda n: box in blocks[n].path, range(number - 1, -1, -1))
    return [*above, *takewhile(lambda n: box in blocks[n].path, range(number, len(blocks)))]


def small_box(blocks: Sequence[Block], number: int, most: float) -> list[int]:
    """All blocks in the widest of the three boxes around a block that has `most` words at most."""
    boxes = ([n for n, b in enumerate(blocks) if e in b.path] for e in blocks[number].path[-3:])
    return next((box for box in boxes if words_in(blocks, box) <= most), [number])


def common(blocks: Sequence[Block], numbers: Collection[int]) -> HtmlElement:
    """The innermost container of all these blocks."""
    paths = dict.fromkeys(blocks[number].path for number in numbers)
    shared = next(iter(paths))
    for path in paths:
        while path[: len(shared)] != shared:
            shared = shared[:-1]
    return shared[-1] if shared else blocks[min(numbers)].element.getparent()


def without(blocks: Sequence[Block], kept: Collection[int]) -> set[HtmlElement]:
    """Containers that hold text, of which none is kept."""
    holding = {element for number in kept for element in blocks[number].path}
    paths = {block.path[-1:]: block.path for block in blocks}
    return {element for path in paths.values() for element in path if element not in holding}


def foreign(
    blocks: Sequence[Block], kept: Collection[int], captions: Collection[int]
) -> set[HtmlElement]:
    """Containers whose text was dropped. A kept caption that leads to another page does not save a
    container in which other text was dropped.
    """
    found = without(blocks, {*kept, *captions})
    leading = {number for number in captions if _leads_on(blocks[number])}
    if leading:
        told = {e for n, block in enumerate(blocks) if n not in captions for e in block.path}
        found |= told & without(blocks, {*kept, *captions} - leading)
    return found


def _leads_on(caption: Block) -> bool:
    """Whether a link to another page holds a caption."""
    around = (caption.element, *caption.path) if caption.link_density == 1 else ()
    to = next((e.get(LINK) for e in around if e.get(LINK)), None)
    return to is not None and not (to.startswith("#") or shows(to))


def take_with_most(
    decisions: list[BlockDecision],
    says: Mapping[int, frozenset[str]],
    numbers: Sequence[int],
    *,
    least: float,
    why: str,
) -> None:
    """Keep all `numbers` (blocks of one make) where most are kept, from the score `least` on; those
    that speak of boilerplate are left.
    """
    kept = sum(decisions[number].kept for number in numbers)
    for number in numbers if kept >= ALIKE_MIN and 2 * kept >= len(numbers) else ():
        decision = decisions[number]
        if not decision.kept and decision.score >= least and not says[number]:
            keep(decisions, number, why)
