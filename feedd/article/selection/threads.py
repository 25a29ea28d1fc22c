"""Threads: which pages are some, their posts, and above each the name of who wrote it."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier import PARAGRAPH_MIN_WORDS
from feedd.article.classifier.containers import make_begins
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection.posters import (
    NAMED_MAX_WORDS,
    POSTS_MIN,
    find_posters,
    folders_of_members,
    leave_name,
)
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    is_all_bold,
    keep,
    kept_numbers,
    take_back,
    take_with_most,
    words_in,
)
from feedd.article.tree.elements import text_of

POST_FROM: Final = 0.1
NAMED_POST_FROM: Final = 0.05
UNNAMED_POSTS_MIN: Final = 3
"""From so many boxes of one make on that each hold a member's name above text, they are posts."""
BEGAN_ABOVE_MAX: Final = 5
TELLS_OF_POSTER: Final = "tells of a poster"
WAY_MIN_LINKS: Final = 0.5
"""Of a line above the posts with the way to their board."""
WHO_WROTE: Final = "who wrote the post below"
PROFILE_ABOVE_MAX: Final = 3


def take_posts(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep the posts of a thread: of boxes of one make all where most are kept, since short answers
    convince less by themselves; and boxes that name their writer, where none of a make was kept.
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
    kept = {e for n in kept_numbers(decisions) for e in page.blocks[n].path}
    makes = [of for of in (*led.values(), *unnamed.values()) if len(of) >= POSTS_MIN]
    lost = {box for of in makes if kept.isdisjoint(of) for box in of}
    for number in prose if lost else ():
        if not (page.says[number] or lost.isdisjoint(page.blocks[number].path)):
            keep(decisions, number, "a post by who is named")


def take_named_posts(page: PageFeatures, decisions: list[BlockDecision]) -> bool:
    """Whether a page is a thread, whatever it calls itself; then the rest of its posts is kept.

    It is where most of the text, from its beginning on, stands in boxes of one make that each name
    who wrote them. The entries of a live blog do so, too: they are told by their times.
    """
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
    folders = {folder for n in above for folder in folders_of_members(page.blocks[n])}
    if not folders:
        return False
    found = Counter(each for n in answers for each in folders_of_members(page.blocks[n]))
    return any(found[folder] >= POSTS_MIN for folder in folders)


def take_posters(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Keep the name of its writer above each post of a thread. A box with a name and text right
    below it is a post if it calls itself one, or if several boxes of its make have both.
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
            leave_name(blocks[number].element)
        keep(decisions, number, WHO_WROTE)


def who_began(page: PageFeatures, decisions: Sequence[BlockDecision]) -> str | None:
    """The name above a thread's first post."""
    kept = kept_numbers(decisions) if page.is_thread else []
    is_named = bool(kept) and decisions[kept[0]].why == WHO_WROTE
    return text_of(page.blocks[kept[0]].element) if is_named else None


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
    """Drop short lines outside of the boxes of posts: whether a question is settled, who closed it,
    whom it is assigned to.
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
    """The names above posts, without those that repeat the name right above them."""
    before = -1
    for number in leading:
        is_new = before < 0 or bisect(prose, before) < bisect(prose, number)
        if is_new or not {*blocks[before].words} <= {*blocks[number].words}:
            yield number
        before = number


def _tells_time(block: Block) -> bool:
    parts = block.element.iter("time", "span") if len(block.element) else ()
    return lexicon.is_time(block.text) or any(lexicon.is_time(text_of(part)) for part in parts)
