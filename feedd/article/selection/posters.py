"""Who wrote the posts of a thread: the names above them, by class, microdata and address."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from feedd.article.classifier.containers import make_begins
from feedd.article.classifier.features import PageFeatures
from feedd.article.tree.blocks import Block, BlockDecision
from feedd.article.tree.elements import text_of
from feedd.article.tree.markup import POST, named_groups

POSTER_MAX_WORDS: Final = 14
POSTER_ABOVE_MAX: Final = 16
"""How many blocks above a post its author may be named."""
POSTS_MIN: Final = 2
UNNAMED_ABOVE_MAX: Final = 8
NAMED_MAX_WORDS: Final = 6
"""A line with a link to a member that is no longer names who wrote what stands below."""
LED_MAX_CHARS: Final = 30
"""On a thread a longer line may, within so many characters."""
POST_MIN_WORDS: Final = 4
_POSTER = re.compile(
    r"user-?_?name|(?<![a-z])author|creator|poster\b|(?:nick|display)-?name|hnuser"
    r"|(?<![\w-])(?:fn|sender)(?![\w-])",
    re.I,
).search
_OF_MEMBERS: Final = ("/u", "user", "member", "profile", "/people", "/~", "/@", "uid", "u=")
_MEMBER = re.compile(
    r"/(?:u|users?|members?|profiles?|people)[/-][^/?#]+|/~\w|(?:user|member|profile)(?:\.php)?\?"
    r"|/@[\w.-]+/?(?:[?#]|$)|\b(?:action|mode)=(?:view)?profile|\buid[-=]\d|[?;&]u=\d"
)
"""Addresses of those who post, in small letters; one of `_OF_MEMBERS` is in each."""
_FOLDERS: Final = frozenset({"u", "user", "users", "member", "members"})
"""Folders of those who post, and do not write for the site."""

Led = defaultdict[tuple[str, str], dict[HtmlElement, int]]
"""By make, boxes that hold a name above prose, with the number of the name's block."""


class Posters(NamedTuple):
    """Who seems to have written what: the numbers of blocks of `prose`, boxes that call themselves
    posts and are `led` by a name, `unnamed` boxes that are so, too, and all `names`.
    """

    prose: list[int]
    led: Led
    unnamed: Led
    names: list[int]


def find_posters(
    page: PageFeatures, decisions: Sequence[BlockDecision], least: float = 1.0
) -> Posters:
    """The posters of a page. Prose is what is kept of it, and sentences from the score `least`
    on.
    """
    blocks = page.blocks
    prose = [
        number
        for number, decision in enumerate(decisions)
        if (decision.kept or (decision.score >= least and page.stops[number]))
        and (page.is_thread or blocks[number].size >= POST_MIN_WORDS)
        and blocks[number].element.tag not in ("dt", "dd")  # which tell of posters
    ]
    around = {element for number in prose for element in blocks[number].path}
    makes = Counter(map(make_begins, around))
    if not page.is_thread and max(makes.values(), default=0) < POSTS_MIN:
        return Posters(prose, Led(dict), Led(dict), [])
    posts = {element for element in around if named_groups(element) & POST}
    alike = Counter(map(make_begins, posts))
    posts = {post for post in posts if alike[make_begins(post)] >= POSTS_MIN}  # one holds them all
    leads = list(_leads(page, prose, posts))
    boxes = {box for _, _, box in leads if box is not None}
    times = Counter(map(make_begins, boxes))
    led, unnamed = Led(dict), Led(dict)
    names = []
    for number, is_post, box in leads:
        is_alone = box is None or times[make_begins(box)] < POSTS_MIN
        if (is_alone and not page.is_thread) or not _names_poster(page, number):
            continue
        names.append(number)
        if box is not None and not is_post:
            unnamed[make_begins(box)].setdefault(box, number)
        elif box is not None:
            named = led[make_begins(box)]
            before = named.setdefault(box, number)
            if blocks[number].link_chars and not blocks[before].link_chars:
                named[box] = number  # a name leads to its bearer
    return Posters(prose, led, unnamed, names)


def _leads(
    page: PageFeatures, prose: Sequence[int], posts: Set[HtmlElement]
) -> Iterator[tuple[int, bool, HtmlElement | None]]:
    """Short lines that may name who wrote the prose right below them: whether in one of the
    `posts`, and that, or else a box around both.
    """
    blocks = page.blocks
    for number, below in _above_prose(page, prose, may_lack_link=bool(posts)):
        block = blocks[number]
        shared = [e for e, other in zip(block.path, blocks[below].path, strict=False) if e is other]
        post = next((e for e in reversed(shared) if e in posts), None)
        if post is not None:
            yield number, True, post
            continue
        said = prose[bisect(prose, number) - 1]  # below which stands no name of the next one
        above = blocks[said].path if said < number else ()
        inner = shared[:-3:-1] if below - number <= UNNAMED_ABOVE_MAX else ()
        boxes = (e for e in inner if (page.is_thread or e.get("class")) and e not in above)
        yield number, False, next(boxes, None)


def _above_prose(
    page: PageFeatures, prose: Sequence[int], *, may_lack_link: bool
) -> Iterator[tuple[int, int]]:
    """Short lines above prose, each with the number of the prose right below it."""
    for number, block in enumerate(page.blocks[: prose[-1]] if prose else ()):
        if block.size <= POSTER_MAX_WORDS and (may_lack_link or block.link_chars):
            below = prose[bisect(prose, number)]
            has_letters = len(block.text) > 1 and not block.text.isdigit()
            if has_letters and below - number <= POSTER_ABOVE_MAX:
                yield number, below


def _names_poster(page: PageFeatures, number: int) -> bool:
    block, element = page.blocks[number], page.blocks[number].element
    if any(map(_is_poster, block.path[-2:])) or _is_poster(element):
        return True
    if len(element) == 0:
        return False
    if any(map(_is_poster, element.iter("a", "span", "b", "strong"))):
        return True
    link = next(filter(_leads_to_member, element.iter("a")), None)
    if link is None or block.size <= NAMED_MAX_WORDS:
        return link is not None
    leads = block.text.find(text_of(link), 0, LED_MAX_CHARS) >= 0  # "by …", and the day
    return page.is_thread and leads and not page.stops[number]


def _leads_to_member(link: HtmlElement) -> bool:
    is_mention = (link.text or "").startswith("@")  # amid a sentence
    address = (link.get("href") or "").lower()
    may = not is_mention and any(map(address.__contains__, _OF_MEMBERS))
    return may and _MEMBER.search(address) is not None


def folders_of_members(block: Block) -> Set[str]:
    may = block.link_chars and block.size <= POSTER_MAX_WORDS
    links = filter(_leads_to_member, block.element.iter("a")) if may else ()
    folders = {link.get("href").rpartition("/")[0] for link in links}
    return {folder for folder in folders if folder.rpartition("/")[2] in _FOLDERS}


def _is_poster(element: HtmlElement) -> bool:
    return _names_poster_by(element.get("class"), element.get("itemprop"))


@lru_cache(maxsize=16384)
def _names_poster_by(*names: str | None) -> bool:
    return any(name is not None and _POSTER(name) is not None for name in names)


def leave_name(line: HtmlElement) -> None:
    """Take out of a line what stands beside the name: days, points, links to the post."""
    parts = [part for part in line.iter("a", "span", "b", "strong") if text_of(part)]
    marked = [part for part in parts if _is_poster(part)]
    for name in marked or filter(_leads_to_member, parts):
        if name is not line:
            name.tail = None
            line.text = None
            line[:] = [name]
            return
