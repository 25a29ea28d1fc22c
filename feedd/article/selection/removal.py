"""Kept blocks that go again, by rules that need no learning.

They repeat the title or the text, say who and when, point elsewhere, or stand below the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from itertools import groupby, takewhile
from operator import itemgetter, or_
from typing import Final

from feedd.article import lexicon
from feedd.article.classifier import PARAGRAPH_MIN_WORDS, SURE_FROM
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection import (
    calls,
    comments,
    credits,
    edges,
    layouts,
    offers,
    other_articles,
    papers,
    partings,
    pointers,
    products,
    profiles,
    repeats,
    visibility,
)
from feedd.article.selection.pointers import LINKS_MIN_SHARE
from feedd.article.tree import HEADINGS, MEDIA, text_of
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    kept_numbers,
    take_all_back,
    take_back,
    together,
    words_in,
)
from feedd.article.tree.markup import RELATED, group_bits, groups_of

LISTED_MIN: Final = 3
"""So many headings that stand above nothing are a list."""
BELOW_MIN_WORDS: Final = 100
"""With fewer below it a headline may stand apart from its text."""
POINTERS_MAX_SHARE: Final = 0.3
"""Where more of the kept words point elsewhere, pointing elsewhere is what the page is for."""
ABOVE_MAX_SHARE: Final = 1.5
"""Where more stands above a heading that says the title, for a word below it, it is the text."""
LABEL_MAX_WORDS: Final = 8
TOOL_MAX_WORDS: Final = 4
ARROWED_MIN_LINES: Final = 4
"""To so many kept lines one that is a link behind an arrow only points elsewhere."""
TOOL_MAX_CHARS: Final = 50
"""A compound is one word; so is a sentence of a script without blanks."""
REST_MIN_WORDS: Final = 3
"""What goes with its heading is more than a tool beside that."""

SHARING_MAX_WORDS: Final = 4
_SHARE: Final = group_bits("share")
_TOC: Final = group_bits("toc")


def drop(
    page: PageFeatures, decisions: list[BlockDecision], titles: Sequence[tuple[str, ...]]
) -> None:
    """Go through all rules. `titles` are the words of the names that the article goes by."""
    blocks = page.blocks
    if page.headline is not None:
        _drop_above(blocks, decisions, page.headline)
    repeats.drop_headline(blocks, decisions, titles, lowest=page.headline)
    other_articles.drop(page, decisions, titles)
    if page.is_paper:
        papers.drop_apparatus(page, decisions)
    profiles.drop(page, decisions)
    credits.drop_byline(page, decisions)
    _drop_tools(page, decisions)
    products.drop_panels(page, decisions)
    edges.drop_before_body(page, decisions)
    if not page.is_thread:  # whose posts quote each other
        repeats.drop_echoes(blocks, decisions)
    if not page.is_manual:  # whose examples and parameters recur
        repeats.drop_copies(blocks, decisions, titles, is_thread=page.is_thread)
    offers.drop_offers(page, decisions)
    products.drop_offered(page, decisions)
    _drop_asides(page, decisions)
    if not page.is_thread:
        pointers.drop_cards(page, decisions)
        comments.drop_comments(page, decisions)
    layouts.drop(page, decisions)
    credits.drop_writer(page, decisions)
    partings.drop(blocks, decisions)
    if _drop_box_labels(blocks, decisions):
        partings.drop(blocks, decisions)  # above the heading of a box that went
    _drop_bare_headings(page, decisions)


def _drop_above(blocks: Sequence[Block], decisions: list[BlockDecision], headline: int) -> None:
    """Boxes above the headline that hold nothing of the text below it tell of other articles, save
    what reads like text for sure and stands in no list, as teasers do: of 19 such blocks 18 were.
    """
    below = [number for number in range(headline + 1, len(blocks)) if decisions[number].kept]
    words = words_in(blocks, below)
    is_above = blocks[headline].element.tag in HEADINGS and words >= BELOW_MIN_WORDS
    if not is_above or set(blocks[below[0]].path[1:]).isdisjoint(blocks[headline].path):
        return  # the headline stands apart itself
    around = {element for number in (headline, *below) for element in blocks[number].path}
    above = [
        number
        for number in range(headline)
        if decisions[number].kept
        and around.isdisjoint(blocks[number].path[-1:])
        and (decisions[number].score < SURE_FROM or any(e.tag == "li" for e in blocks[number].path))
    ]
    if words_in(blocks, above) <= ABOVE_MAX_SHARE * words:
        for number in above:
            take_back(decisions, number, "stands in a box above the headline")


def _drop_tools(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Lists of a few words each between the headline and the first paragraph: tabs, buttons, ways
    to share. What a heading stands above is none.
    """
    blocks, above = page.blocks, page.headline or 0
    text = (n for n, d in enumerate(decisions) if d.kept and page.stops[n])
    first = next((n for n in text if blocks[n].size >= PARAGRAPH_MIN_WORDS), 0)
    for box, numbers in groupby(range(above + 1, first), lambda n: blocks[n].path[-1:]):
        items = list(numbers)
        is_titled = items[0] - 1 > above and blocks[items[0] - 1].element.tag in HEADINGS
        if (
            box
            and box[0].tag in ("ul", "ol")
            and not is_titled
            and all(_is_tool(page, n) for n in items)
        ):
            take_all_back(decisions, items, "tools above the text")


def _is_tool(page: PageFeatures, number: int) -> bool:
    block = page.blocks[number]
    has_digits = any(map(str.isdigit, block.text)) or ":" in block.text
    may = len(block.words) <= TOOL_MAX_WORDS and 0 < block.link_chars <= TOOL_MAX_CHARS
    return may and not (page.stops[number] or has_digits)


def _drop_asides(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Labels, pointers and calls, wherever they stand."""
    blocks = page.blocks
    kept = kept_numbers(decisions)
    pointing = {
        number
        for number in kept
        if blocks[number].link_density > LINKS_MIN_SHARE
        and (page.near[number] | _links_say(blocks[number])) & RELATED
    }
    words = words_in(blocks, kept)
    boxes = {
        next((e for e in reversed(blocks[n].path[-3:]) if groups_of(e) & RELATED), None)
        for n in pointing
    }
    told = [n for n in kept if n not in pointing and not boxes.isdisjoint(blocks[n].path[-3:])]
    within = words_in(blocks, told)  # text of cards, below what they link
    linked = words_in(blocks, pointing)
    if 2 * within > words or linked > POINTERS_MAX_SHARE * words:
        pointing.clear()
    arrowed = {number for number in kept if pointers.follows_arrow(blocks[number])}
    if len(arrowed) * ARROWED_MIN_LINES > len(kept):
        arrowed.clear()  # a list of links, written as lines
    carded = {n for n in kept if page.near[n] & RELATED and _is_of_card(page, decisions, n)}
    if words_in(blocks, carded) > POINTERS_MAX_SHARE * words:
        carded.clear()
    box_words = min(calls.BOX_MAX_WORDS, offers.OFFER_MAX_SHARE * words)
    plea_words = min(partings.PLEA_MAX_WORDS, words / 2)
    announced: set[int] = set()
    for number in range(kept[0], kept[-1]) if kept else ():
        may = decisions[number].kept or blocks[number].element.tag in HEADINGS
        may = may or "pointer" in page.says[number]
        if may and pointers.announces_links(blocks[number]):
            links = _links_below(blocks, number)
            is_sure = links[-1:] < kept[-1:] or lexicon.is_label(blocks[number].text)
            announced |= {number, *links} if links and is_sure else set()
    announced = {number for number in announced if decisions[number].kept}
    if words_in(blocks, announced) <= POINTERS_MAX_SHARE * words:
        for number in announced:
            take_back(decisions, number, "points elsewhere, link by link")
    for number in filter(lambda n: decisions[n].kept, kept):
        block = blocks[number]
        if lexicon.is_label(block.text, block.words) and not _heads_section(
            page, decisions, number
        ):
            take_back(decisions, number, "a label of what is no text")
        elif calls.is_call(block) or calls.names_networks(block):
            take_back(decisions, number, "calls the reader")
        elif pointers.is_button(block) or (block.link_chars and pointers.is_row_of_tools(block)):
            take_back(decisions, number, "a button")
        elif pointers.tells_of_posting(block):
            take_back(decisions, number, "says when it was posted")
        elif pointers.is_pointer(block) or pointers.leads_away(block) or number in arrowed:
            take_back(decisions, number, "only points elsewhere")
        elif page.near[number] & _SHARE and _shares(page, number):
            take_all_back(decisions, together(blocks, number), "offers to share")
        elif number in pointing or number in carded:
            take_back(decisions, number, "points elsewhere, in a box that says so")
        elif page.box_words(number) <= plea_words and (plea := calls.plea_around(page, number)):
            take_all_back(decisions, plea, "pleads for support")
        elif page.near[number] & _TOC and pointers.jumps(block):
            take_back(decisions, number, "leads down this page")
        elif calls.tells_of_commission(block):
            take_back(decisions, number, "a note on commissions")
        elif page.box_words(number) <= box_words and visibility.asks_consent(block):
            take_all_back(decisions, together(blocks, number), "asks to show what others say")


def _heads_section(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a heading stands above text, as others of its make do: "Related" may be a chapter."""
    alike = [n for n, d in enumerate(decisions) if d.kept and page.kin[n] == page.kin[number]]
    heads = page.blocks[number].element.tag in HEADINGS and alike[-1:] > alike[:1]
    below = number + 1
    return (
        heads
        and below < len(decisions)
        and decisions[below].kept
        and page.blocks[below].path == page.blocks[number].path
        and page.blocks[below].size >= PARAGRAPH_MIN_WORDS
    )


def _is_of_card(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a line stands below a heading that leads elsewhere, and was not kept, in a small box
    that calls itself a teaser.
    """
    blocks, above = page.blocks, number - 1
    heading = blocks[above]
    boxes = [e for e in blocks[number].path[-3:] if groups_of(e) & RELATED and e in heading.path]
    if above < 0 or decisions[above].kept or not boxes:
        return False
    leads = heading.element.tag in HEADINGS and heading.link_density > LINKS_MIN_SHARE
    leads = leads and blocks[number].element.tag != "li"
    inside = range(above, len(blocks)) if leads else ()
    own = takewhile(lambda n: boxes[-1] in blocks[n].path, inside)
    return leads and words_in(blocks, own) <= pointers.CARD_MAX_WORDS


def _links_say(block: Block) -> int:
    """The groups of words in the classes of links with a picture beside their words, as bits."""
    links = {image.getparent() for image in block.element.iter("img")}
    return reduce(or_, (groups_of(link) for link in links if link.tag == "a"), 0)


def _shares(page: PageFeatures, number: int) -> bool:
    """Whether a box for sharing holds short names alone, one of which says so."""
    box = together(page.blocks, number)
    named = any("share" in page.says[each] for each in box)
    return named and all(page.blocks[each].size <= SHARING_MAX_WORDS for each in box)


def _links_below(blocks: Sequence[Block], number: int) -> list[int]:
    """Links, and boxes of little more than one, right below a line."""
    depth = len(blocks[number].path)
    found: list[int] = []
    below = groupby(
        range(number + 1, len(blocks)), lambda n: blocks[n].path[depth : depth + 1] or n
    )
    for numbers in map(list, map(itemgetter(1), below)):
        links = {n for n in numbers if blocks[n].link_density > LINKS_MIN_SHARE}
        if words_in(blocks, (n for n in numbers if n not in links)) > pointers.CARD_MAX_WORDS * len(
            links
        ):
            return [*found, *takewhile(links.__contains__, numbers)]
        found += numbers
    return found


def _drop_box_labels(blocks: Sequence[Block], decisions: list[BlockDecision]) -> bool:
    """The heading of a box goes with what is in it; so do those of a box of links. Whether there
    were any.
    """
    kept = [block for block, decision in zip(blocks, decisions, strict=True) if decision.kept]
    holding = Counter(element for block in kept for element in block.path)
    headed = Counter(e for block in kept if block.element.tag in HEADINGS for e in block.path)
    found = False
    for number, block in enumerate(blocks[:-1]):
        is_short = block.size <= LABEL_MAX_WORDS and not block.text.endswith((".", "!", "?"))
        if not (is_short and decisions[number].kept):
            continue
        next_one, below = blocks[number + 1], blocks[number + 1].path
        leads = next_one.element.tag == "li" and next_one.link_density > LINKS_MIN_SHARE
        leads = leads and not decisions[number + 1].kept
        around = block.path[-1 - (block.element.tag in HEADINGS) :]
        boxes = [e for e in around if e in below and holding[e] in (1, leads * headed[e])]
        box = boxes[0] if boxes and leads else next(reversed(around), None)
        held = (b.size for b in blocks if box in b.path and not lexicon.is_label(b.text, b.words))
        if boxes and sum(held) >= block.size + REST_MIN_WORDS:
            take_back(decisions, number, "the heading of a box that goes")
            found = True
    return found


def _drop_bare_headings(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """A heading at the end announces something that was dropped, unless it is the last of a list:
    of headings of one make that each stand above nothing or a picture, or below one.
    """
    blocks = page.blocks
    kept = kept_numbers(decisions)
    ending = []
    for number in range(len(blocks) - 1, -1, -1):
        if decisions[number].kept:
            tag = blocks[number].element.tag
            if tag not in HEADINGS or _heads_media(blocks, number):
                break
            prose = [n for n in kept if blocks[n].element.tag == tag and _is_prose(page, n)]
            if len(prose) > 1 and number in prose:
                break  # a page whose paragraphs are written as headings
            ending.append(number)
    texts = {e for n in kept if blocks[n].size >= PARAGRAPH_MIN_WORDS for e in blocks[n].path}
    listed = Counter(
        page.kin[number]
        for number, decision in enumerate(decisions)
        if decision.kept
        and blocks[number].element.tag in HEADINGS
        and not page.says[number]
        and not (
            texts
            and blocks[number].link_density > LINKS_MIN_SHARE
            and texts.isdisjoint(blocks[number].path[-2:])  # leads away, below the text
        )
        and (number in ending or _heads_media(blocks, number) or not decisions[number + 1].kept)
    )
    for number in ending:
        score = decisions[number].score
        is_shown = blocks[number].media_before and not blocks[number].link_chars
        least = edges.AMID_FROM if is_shown else SURE_FROM
        if listed[page.kin[number]] < LISTED_MIN or score < least or page.says[number]:
            take_back(decisions, number, "a heading of nothing")
        else:
            return


def _is_prose(page: PageFeatures, number: int) -> bool:
    """Whether a heading is a paragraph, and no question or beginning of what is elsewhere."""
    block = page.blocks[number]
    cut = block.text.endswith(("?", "？", "…", "..."))
    return page.stops[number] and block.size >= PARAGRAPH_MIN_WORDS and not cut


def _heads_media(blocks: Sequence[Block], number: int) -> bool:
    """Whether a picture, player or post of another site stands right below a heading."""
    heading = blocks[number]
    if number + 1 == len(blocks) or not blocks[number + 1].media_before:
        beside = heading.element.itersiblings()
        shown = next((e for e in beside if e.tag in MEDIA or len(e) or text_of(e)), None)
        if shown is not None and (shown.tag in MEDIA or next(shown.iter(*MEDIA), None) is not None):
            return not text_of(shown)
    if number + 1 == len(blocks):
        return False
    below = blocks[number + 1]
    own = set(heading.path)
    return below.media_before or any(
        element.tag in ("figure", "blockquote") for element in below.path if element not in own
    )
