"""The posts of a thread: each is led by who wrote it; what boards tell of the posters goes."""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement

from feedd.article.blocks import Block, BlockDecision, take_back, text_of
from feedd.article.containers import make
from feedd.article.tree import HEADINGS

POSTER_MAX_WORDS: Final = 14
POSTER_ABOVE_MAX: Final = 8
"""So many blocks above a post its author may be named."""
POSTS_MIN: Final = 2
POST_MIN_WORDS: Final = 4
PROFILES_MIN: Final = 3
PROFILE_MAX_WORDS: Final = 40

_POSTER = re.compile(
    r"user-?_?name|(?<![a-z])author|creator|poster\b|nick-?name|hnuser", re.I
).search
_POST = re.compile(
    r"(?<![a-z])(?:posts?|comments?|message|reply|answer|topic)(?![a-rt-z])", re.I
).search
_OF_POSTERS: Final = frozenset(
    str.split(
        "joined join registered member posts messages threads topics location karma reputation"
        " reaction likes points"
    )
)
"""Each match of `_POSTED` begins with one of these."""
_POSTED = re.compile(
    r"\b(?:joined|join date|registered|member since|posts|messages|threads|topics|location|karma"
    r"|reputation|reaction score|likes received|points)\b ?:? ?[\d\w]",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"\W*(?:joined|join date|registered|member since|posts|messages|threads|location|reputation"
    r"|reaction score|likes received|points|(?:senior |junior |new |active )?member|\d+ posts"
    r"|#\d+)"
    r"(?:\W+[\d.,k]+)?\W*",
    re.IGNORECASE,
)


def take_posters(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """The posts of a thread are each led by the name of who wrote it."""
    prose = [
        number
        for number, decision in enumerate(decisions)
        if decision.kept and blocks[number].size >= POST_MIN_WORDS
    ]
    posts = set(filter(_is_post, {around for number in prose for around in blocks[number].path}))
    if len(posts) < POSTS_MIN:
        return
    led: defaultdict[tuple[str, str], dict[HtmlElement, int]] = defaultdict(dict)
    for number, block in enumerate(blocks):
        if block.size > POSTER_MAX_WORDS or not _names_poster(block):
            continue
        below = next(iter(prose[bisect(prose, number) :]), None)
        if below is None or below - number > POSTER_ABOVE_MAX:
            continue
        post = next(
            (e for e in reversed(block.path) if e in posts and e in blocks[below].path), None
        )
        if post is not None:
            named = led[make(post)]
            before = named.setdefault(post, number)
            if block.link_chars and not blocks[before].link_chars:  # a name leads to its bearer
                named[post] = number
    for first_lines in led.values():
        if len(first_lines) >= POSTS_MIN:
            for number in first_lines.values():
                _leave_name(blocks[number].element)
                decisions[number] = BlockDecision(
                    True, "who wrote the post below", decisions[number].score
                )


def _names_poster(block: Block) -> bool:
    element = block.element
    if any(map(_is_poster, block.path[-2:])) or _is_poster(element):
        return True
    return len(element) > 0 and any(map(_is_poster, element.iter("a", "span", "b", "strong")))


def _is_poster(element: HtmlElement) -> bool:
    return _is_posters_name(element.get("class"), element.get("itemprop"))


@lru_cache(maxsize=8192)
def _is_posters_name(*names: str | None) -> bool:
    return any(name is not None and _POSTER(name) is not None for name in names)


def _leave_name(line: HtmlElement) -> None:
    """Take out of a line what stands beside the name: days, points, links to the post."""
    for name in line.iter("a", "span", "b", "strong"):
        if _is_poster(name) and text_of(name):
            name.tail = None
            line.text = None
            line[:] = [name]
            return


def _is_post(element: HtmlElement) -> bool:
    return _is_posts_name(element.get("class"), element.get("id"))


@lru_cache(maxsize=8192)
def _is_posts_name(*names: str | None) -> bool:
    return any(name is not None and _POST(name) is not None for name in names)


def drop_profiles(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """What boards tell of each poster."""
    found = [n for n, d in enumerate(decisions) if d.kept and _tells_of_poster(blocks[n])]
    if len(found) >= PROFILES_MIN:
        for number in found:
            take_back(decisions, number, "tells of a poster")
            value = number + 1
            if blocks[number].element.tag == "dt" and blocks[value : value + 1]:
                take_back(decisions, value, "tells of a poster")


def _tells_of_poster(block: Block) -> bool:
    """Whether a line says since when somebody is on a board, and how much they have posted."""
    if block.size > PROFILE_MAX_WORDS or (block.text[:1] == "#" and block.element.tag in HEADINGS):
        return False
    if _PROFILE.fullmatch(block.text):
        return True
    may = sum(map(_OF_POSTERS.__contains__, block.words)) > 1
    return may and len(_POSTED.findall(block.text)) > 1
