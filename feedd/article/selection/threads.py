"""Threads: each post led by who wrote it."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier import PARAGRAPH_MIN_WORDS
from feedd.article.classifier.containers import make_begins
from feedd.article.classifier.features import PageFeatures
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    is_all_bold,
    keep,
    take_back,
    take_with_most,
    words_in,
)
from feedd.article.tree.elements import text_of
from feedd.article.tree.markup import POST, named_groups

POSTER_MAX_WORDS: Final = 14
POSTER_ABOVE_MAX: Final = 16
"""So many blocks above a post its author may be named."""
POST_FROM: Final = 0.1
NAMED_POST_FROM: Final = 0.05
POSTS_MIN: Final = 2
UNNAMED_POSTS_MIN: Final = 3
"""So many boxes of one make, each with a member's name above text, are posts."""
UNNAMED_ABOVE_MAX: Final = 8
BEGAN_ABOVE_MAX: Final = 5
NAMED_MAX_WORDS: Final = 6
"""A line with a link to a member that is no longer names who wrote what stands below."""
LED_MAX_CHARS: Final = 30
"""On a thread a longer line may, within so many characters."""
POST_MIN_WORDS: Final = 4
TELLS_OF_POSTER: Final = "tells of a poster"
WAY_MIN_LINKS: Final = 0.5
"""Of a line above the posts that leads up to their board."""
WHO_WROTE: Final = "who wrote the post below"
PROFILE_ABOVE_MAX: Final = 3
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


def take_posts(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Of what stands in boxes of one make, on a page of posts, all is kept where most is: short
    answers convince less by themselves.
    """
    found: defaultdict[tuple[tuple[str, str], ...], list[int]] = defaultdict(list)
    first = page.headline or 0
    for number, block in enumerate(page.blocks):
        around = [block.element, *reversed(block.path[-2:])]
        at = next((at for at, element in enumerate(around[:2]) if element.get("class")), None)
        if at is not None and number >= first and not block.is_caption:
            found[tuple(map(make_begins, around[at : at + 2]))].append(number)
    for numbers in found.values():
        take_with_most(decisions, page.says, numbers, least=POST_FROM, why="a post as others are")
    prose, led, unnamed, _ = find_posters(page, decisions, least=NAMED_POST_FROM)
    kept = {e for n, d in enumerate(decisions) if d.kept for e in page.blocks[n].path}
    makes = [of for of in (*led.values(), *unnamed.values()) if len(of) >= POSTS_MIN]
    lost = {box for of in makes if kept.isdisjoint(of) for box in of}
    for number in prose if lost else ():
        if not (page.says[number] or lost.isdisjoint(page.blocks[number].path)):
            keep(decisions, number, "a post by who is named")


_Led = defaultdict[tuple[str, str], dict[HtmlElement, int]]
"""Of each make of boxes those that hold a name, with the number of its block."""


def take_named_posts(page: PageFeatures, decisions: list[BlockDecision]) -> bool:
    """Whether a page is one of posts, whatever it calls itself: most of it, from its beginning on,
    stands in boxes of one make that each name who wrote them. Then what else they say is kept. The
    entries of a live blog name their writers, too, and have times."""
    blocks = page.blocks
    prose, led, unnamed, _ = find_posters(page, decisions, least=POST_FROM)
    several = [of for of in (*led.values(), *unnamed.values()) if len(of) >= UNNAMED_POSTS_MIN]
    if not several:
        return False
    long = [n for n in prose if blocks[n].size >= PARAGRAPH_MIN_WORDS] or prose[-1:]
    began = min(n for of in several for n in of.values())
    is_above = long[0] < began and all(set(blocks[long[0]].path).isdisjoint(of) for of in several)
    is_asked = is_above and _began_by_member(page, long[0], range(began, prose[-1]))
    if sum(map(_tells_time, blocks)) >= UNNAMED_POSTS_MIN and not is_asked:
        return False
    for posts in several:
        held = [n for n in prose if any(e in posts for e in blocks[n].path)]
        kept = words_in(blocks, (n for n in held if decisions[n].kept))
        sure = {e for n in held if decisions[n].kept for e in blocks[n].path if e in posts}
        words, all_words = (words_in(blocks, each) for each in (held, prose))
        is_most = all_words < 2 * words < 4 * kept and len(sure) >= POSTS_MIN - is_asked
        if not (is_most and (is_asked or _begins_with(page, held, long))):
            continue
        if is_asked:
            for number in held:
                if not (decisions[number].kept or page.says[number]):
                    keep(decisions, number, "a post by a member")
        take_with_most(decisions, page.says, held, least=POST_FROM, why="a post by who is named")
        return True
    return False


def _begins_with(page: PageFeatures, posts: Sequence[int], long: Sequence[int]) -> bool:
    """Whether nothing long stands above the posts, or no more than one of them says: a question."""
    blocks, first = page.blocks, posts[0]
    above = words_in(blocks, (n for n in long if n < first))
    is_opened = any(map(lexicon.opens_comments, blocks[:first]))
    return above <= max(blocks[n].size for n in posts) and (not above or not is_opened)


def _began_by_member(page: PageFeatures, began: int, answers: range) -> bool:
    """Whether who wrote the first text is a member as those are who wrote the answers, by links to
    addresses in one folder. Those who write for a blog or a newspaper have pages there, too.
    """
    above = range(max(0, began - BEGAN_ABOVE_MAX), began)
    folders = {folder for n in above for folder in _folders_of_members(page.blocks[n])}
    if not folders:
        return False
    found = Counter(each for n in answers for each in _folders_of_members(page.blocks[n]))
    return any(found[folder] >= POSTS_MIN for folder in folders)


def _folders_of_members(block: Block) -> Set[str]:
    may = block.link_chars and block.size <= POSTER_MAX_WORDS
    links = filter(_leads_to_member, block.element.iter("a")) if may else ()
    folders = {link.get("href").rpartition("/")[0] for link in links}
    return {folder for folder in folders if folder.rpartition("/")[2] in _FOLDERS}


def take_posters(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """The posts of a thread are each led by the name of who wrote it. What holds a name and text
    right below it is a post by what it calls itself, or where several of its make hold both.
    """
    blocks = page.blocks
    prose, led, unnamed, names = find_posters(page, decisions)
    several = [of for of in led.values() if len(of) >= POSTS_MIN]
    if not several:
        for of in unnamed.values():
            hold_all = all(not of.keys().isdisjoint(blocks[n].path) for n in prose)
            if len(of) >= (POSTS_MIN if hold_all else UNNAMED_POSTS_MIN):
                several.append(of)
    leading = [number for of in several for number in of.values()]
    if page.is_declared_thread and leading:
        first, headline = min(leading), page.headline or 0
        above = [n for n in range(headline + 1, first) if decisions[n].kept]
        since = first if any(page.stops[n] for n in above) else headline + 1
        _drop_beside(page, decisions, {box for of in several for box in of}, since)
    if leading and page.is_thread and prose[0] < min(leading):  # who began it
        leading += [n for n in names if prose[0] - BEGAN_ABOVE_MAX <= n < prose[0]][:1]
    named = _above_profiles(page, decisions) if page.is_thread else []
    leading += named
    for number in range((page.headline or 0) + 1, min(named, default=0)):
        block = blocks[number]
        may = decisions[number].kept and block.size < PARAGRAPH_MIN_WORDS
        if may and block.link_density > WAY_MIN_LINKS:
            take_back(decisions, number, "leads elsewhere, above the posts")
    for number in _once_a_post(blocks, prose, sorted({*leading})):
        if page.is_thread or not _tells_time(blocks[number]):  # which live blogs need
            _leave_name(blocks[number].element)
        keep(decisions, number, WHO_WROTE)


def who_began(page: PageFeatures, decisions: Sequence[BlockDecision]) -> str | None:
    """The name above a thread's first post."""
    kept = (number for number, decision in enumerate(decisions) if decision.kept)
    first = next(kept, None) if page.is_thread else None
    if first is None or decisions[first].why != WHO_WROTE:
        return None
    return text_of(page.blocks[first].element)


def _above_profiles(page: PageFeatures, decisions: Sequence[BlockDecision]) -> list[int]:
    """Bold lines above what a board tells of its posters, in one box with it."""
    told = [n for n, each in enumerate(decisions) if each.why == TELLS_OF_POSTER]
    found: list[int] = []
    for number in told:
        cell = set(page.blocks[number].path[-2:])
        above = range(number - 1, max(-1, number - PROFILE_ABOVE_MAX), -1)
        held = ((n, page.blocks[n]) for n in above if not cell.isdisjoint(page.blocks[n].path[-2:]))
        names = (n for n, b in held if b.size <= NAMED_MAX_WORDS and is_all_bold(b.element, b.text))
        found += islice(names, 1)
    return found


def _drop_beside(
    page: PageFeatures, decisions: list[BlockDecision], posts: Set[HtmlElement], since: int
) -> None:
    """Short lines that stand in no box like those of the posts: whether a question is settled, who
    closed it, whom it is assigned to.
    """
    makes = {make_begins(post) for post in posts}
    for number in range(since, len(decisions)):
        block = page.blocks[number]
        may = decisions[number].kept and block.size < PARAGRAPH_MIN_WORDS
        may = may and block.element.tag != "dt"  # which stands over what is in its dd
        if may and makes.isdisjoint(map(make_begins, block.path)):
            take_back(decisions, number, "stands beside the posts")


def _once_a_post(
    blocks: Sequence[Block], prose: Sequence[int], leading: Sequence[int]
) -> Iterator[int]:
    """Names above posts, less those that say again, in a box within, who was named right above."""
    before = -1
    for number in leading:
        is_new = before < 0 or bisect(prose, before) < bisect(prose, number)
        if is_new or not {*blocks[before].words} <= {*blocks[number].words}:
            yield number
        before = number


def find_posters(
    page: PageFeatures, decisions: Sequence[BlockDecision], least: float = 1.0
) -> tuple[list[int], _Led, _Led, list[int]]:
    """What is kept of prose, and sentences from the `least` score on; the boxes that call
    themselves posts and hold a name above some of it, and others that do; all that may be names.
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
        return prose, _Led(dict), _Led(dict), []
    posts = {element for element in around if named_groups(element) & POST}
    alike = Counter(map(make_begins, posts))
    posts = {post for post in posts if alike[make_begins(post)] >= POSTS_MIN}  # one holds them all
    leads = list(_leads(page, prose, posts))
    boxes = {box for _, _, box in leads if box is not None}
    times = Counter(map(make_begins, boxes))
    led, unnamed = _Led(dict), _Led(dict)
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
    return prose, led, unnamed, names


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


def _tells_time(block: Block) -> bool:
    parts = block.element.iter("time", "span") if len(block.element) else ()
    return lexicon.is_time(block.text) or any(lexicon.is_time(text_of(part)) for part in parts)


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


def _is_poster(element: HtmlElement) -> bool:
    return _names_poster_by(element.get("class"), element.get("itemprop"))


@lru_cache(maxsize=16384)
def _names_poster_by(*names: str | None) -> bool:
    return any(name is not None and _POSTER(name) is not None for name in names)


def _leave_name(line: HtmlElement) -> None:
    """Take out of a line what stands beside the name: days, points, links to the post."""
    parts = [part for part in line.iter("a", "span", "b", "strong") if text_of(part)]
    marked = [part for part in parts if _is_poster(part)]
    for name in marked or filter(_leads_to_member, parts):
        if name is not line:
            name.tail = None
            line.text = None
            line[:] = [name]
            return
