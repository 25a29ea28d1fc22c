"""What boards tell of each poster and each post: ranks, counts, days, signatures."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier.containers import make_begins
from feedd.article.classifier.features import PageFeatures
from feedd.article.lexicon import sections_of
from feedd.article.selection.posters import POSTS_MIN, find_posters
from feedd.article.selection.threads import TELLS_OF_POSTER, UNNAMED_POSTS_MIN
from feedd.article.tree.blocks import Block, BlockDecision, kept_numbers, take_all_back, take_back
from feedd.article.tree.elements import HEADINGS

PROFILES_MIN: Final = 3
SLOT_MAX_WORDS: Final = 6
LINE_MAX_WORDS: Final = 25
SLOT_MAX_SHARE: Final = 0.25
"""Of the posts' words: more is what they say."""
PROFILE_MAX_WORDS: Final = 40
_EDITED = re.compile(rf"\W*(?:{sections_of('posters.txt')['edited']}).{{0,120}}\d", re.IGNORECASE)
_SIGNATURE = re.compile(r"signature(?!s)", re.I).search


def drop(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop what boards tell of each poster, by its words or by its place in each post."""
    blocks = page.blocks
    take_all_back(decisions, _in_slots(page, decisions), "stands in each post")
    may = [n for n in kept_numbers(decisions) if blocks[n].size <= PROFILE_MAX_WORDS]
    may = [n for n in may if blocks[n].text[:1] != "#" or blocks[n].element.tag not in HEADINGS]
    for number in may if page.is_thread else ():
        if _EDITED.match(blocks[number].text):
            take_back(decisions, number, "says when a post was changed")
    found = [n for n in may if lexicon.tells_of_poster(blocks[n].text, blocks[n].words)]
    if len(found) >= PROFILES_MIN:
        for number in found:
            take_back(decisions, number, TELLS_OF_POSTER)
            value = number + 1
            if blocks[number].element.tag == "dt" and blocks[value : value + 1]:
                take_back(decisions, value, TELLS_OF_POSTER)


def _in_slots(page: PageFeatures, decisions: Sequence[BlockDecision]) -> Iterator[int]:
    """Short lines that most posts have, written alike: days, ranks, counts, signatures."""
    slots: defaultdict[tuple[str, ...], dict[HtmlElement, list[int]]] = defaultdict(dict)
    posts: defaultdict[tuple[str, str], set[HtmlElement]] = defaultdict(set)
    words = 0
    blocks, around = page.blocks, page.posts()
    least = POSTS_MIN if page.is_thread else PROFILES_MIN
    if page.is_thread and len({*around}) <= least:
        around = _posts_by_names(page, decisions)
    kinds = {post: make_begins(post) for post in {*around} if post is not None}
    several = len(kinds) >= least and not page.is_manual  # whose topics are alike
    if not (several or page.is_thread):
        both = enumerate(zip(blocks, around, strict=True))
        yield from (
            number for number, (block, post) in both if post is not None and _is_answer(block)
        )
        return
    for number, (block, post) in enumerate(zip(blocks, around, strict=True)):
        if post is None:
            continue
        if _is_answer(block) or _is_signature(*page.kin[number][1::2]):
            yield number
        elif several and (
            page.is_thread or not (block.element.tag in HEADINGS or lexicon.is_time(block.text))
        ):
            posts[kinds[post]].add(post)
            words += block.size
            slots[(*kinds[post], *page.kin[number])].setdefault(post, []).append(number)
    for kin, held in slots.items():
        if len(held) >= least and 2 * len(held) >= len(posts[kin[0], kin[1]]):
            numbers = [number for each in held.values() for number in each]
            sizes = sorted(blocks[number].size for number in numbers)
            is_short = sizes[len(sizes) // 2] <= SLOT_MAX_WORDS
            is_short = is_short and SLOT_MAX_SHARE * words >= sum(sizes) and kin[2] != "pre"
            is_line = len(held) >= PROFILES_MIN and sizes[-1] <= LINE_MAX_WORDS
            is_line = is_line and page.is_thread and kin[2] not in ("pre", "table")
            if is_short or (is_line and _say_the_same([blocks[n].words for n in numbers])):
                yield from numbers


def _is_signature(*names: str) -> bool:
    return any("ignature" in name.lower() and _SIGNATURE(name) for name in names)


def _is_answer(block: Block) -> bool:
    """Whether a heading says that it is an answer's."""
    return block.text[:3] == "Re:" and block.element.tag in HEADINGS


def _posts_by_names(
    page: PageFeatures, decisions: Sequence[BlockDecision]
) -> list[HtmlElement | None]:
    """Around each block the widest box that holds one post, where posts do not call themselves so:
    by who is named in them.
    """
    unnamed = find_posters(page, decisions).unnamed
    boxes = [e for of in unnamed.values() if len(of) >= UNNAMED_POSTS_MIN for e in of]
    times = Counter(around for box in boxes for around in box.iterancestors())
    held = ([box, *takewhile(lambda e: times[e] == 1, box.iterancestors())] for box in boxes)
    widest = {each[-1] for each in held}
    return [next((e for e in block.path if e in widest), None) for block in page.blocks]


def _say_the_same(lines: Sequence[Sequence[str]]) -> bool:
    """Whether half of what lines say is numbers and what all of them say."""
    common = set(lines[0]).intersection(*lines)
    told = sum(word.isdigit() or word in common for line in lines for word in line)
    return 2 * told >= sum(map(len, lines))
