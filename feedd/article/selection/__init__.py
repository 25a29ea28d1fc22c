"""Which blocks of a page are the article, and why: pure, and able to explain itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set
from itertools import repeat
from typing import Final

from lxml.html import HtmlElement

from feedd.article import classifier, lexicon
from feedd.article.classifier import KEEP_FROM, PART_FROM, PART_LINKS_MAX_SHARE, SENTENCE_MIN_WORDS
from feedd.article.classifier.containers import holding_most, is_beside, make_begins
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection import edges, item_lists, layouts, removal, series, threads, visibility
from feedd.article.selection.edges import AMID_FROM, AMONG_FROM, BOILERPLATE_CLASSES, NOTE_MAX_WORDS
from feedd.article.selection.item_lists import LISTS
from feedd.article.selection.pointers import LINKS_MIN_SHARE
from feedd.article.selection.series import PART
from feedd.article.sitememory import recurrence
from feedd.article.sitememory.line_forms import is_signature
from feedd.article.tree import HEADINGS, text_of
from feedd.article.tree.blocks import (
    Block,
    BlockDecision,
    is_all_bold,
    keep,
    kept_numbers,
    take_back,
    take_with_most,
    together,
    words_in,
    words_of,
)
from feedd.article.tree.data_tables import is_data_table
from feedd.article.tree.markup import CHROME, groups_of

KEEP_OF_MANUAL_FROM: Final = 0.3
"""Pages of documentation hold little beside their text, and that in navigation."""
MANUAL_AMID_FROM: Final = 0.05
"""Amid their text there is little else: of 27,000 words from this on that are no links 600 were
none, of 18,000 in lines that are links in part as many."""
CONVINCING_MIN_WORDS: Final = 50
LABEL_MAX_WORDS: Final = 8
_WHOLES: Final = frozenset({"table", "pre", "blockquote"})
_PARTS: Final = HEADINGS | _WHOLES | {"li", "dd", "dt", "summary"}

_HEADING_NAME = re.compile(
    r"(?i)(?:cross|sub)-?head|(?:zwischen|unter)-?(?:titel|(?:ue|ü)berschrift)|intertit|ladillo"
    r"|entret[ií]tul|tussenkop|mell(?:an|om)-?(?:rubrik|titt)|[sś]r[oó]dtytu"
).search
"""What calls itself a heading amid the text."""
RECURS: Final = "also on other pages of the site"
NOT_AMID: Final = "only what recurs stands below it"


def decide(
    page: PageFeatures, *, titles: Sequence[str], known: Set[int], site: Set[str] = frozenset()
) -> list[BlockDecision]:
    """One decision a block of `page.blocks`, in order.

    `titles` are the names that the article goes by: a headline of them stands above it already.
    `known` are fingerprints of texts that the site's other pages have, too, `site` what that is
    called, squashed.
    """
    decisions = take(page)
    if known:
        kept = kept_numbers(decisions)
        gone = recurrence.boilerplate(page.blocks, kept, known, site)
        for number in gone:
            take_back(decisions, number, RECURS)
        if gone:
            _ask_parts_again(page, decisions, gone)
    named = list(map(words_of, titles))
    removal.drop(page, decisions, named)
    visibility.take_openers(page.blocks, decisions)
    threads.take_posters(page, decisions)
    return decisions


def take(page: PageFeatures) -> list[BlockDecision]:
    """Those decisions before anything that is kept goes again."""
    blocks = page.blocks
    scores = classifier.score(page.standing, page.wording)
    both = zip(blocks, scores, strict=True)
    best = classifier.keep_from((s, block.size) for block, s in both if not block.is_caption)
    least = min(best, KEEP_OF_MANUAL_FROM if page.is_manual else KEEP_FROM)
    decisions = list(map(classifier.by_score, blocks, scores, repeat(least)))
    convincing = sum(
        block.size
        for block, decision in zip(blocks, decisions, strict=True)
        if decision.kept and decision.score >= KEEP_FROM
    )
    if convincing < CONVINCING_MIN_WORDS:
        decisions = classifier.by_best(page, scores, least)
    edges.take_edges(page, decisions)
    while _take_parts(page, decisions):
        pass  # what stands above a table that was taken is amid the text, too
    page.is_thread = page.is_thread or threads.take_named_posts(page, decisions)
    if page.is_thread:
        threads.take_posts(page, decisions)
    else:  # the posts of a thread may stand in a list
        visibility.take_answers(page, decisions)
        item_lists.take(page, decisions)
        edges.take_sections(page, decisions)
        series.take_times(page, decisions)
        series.take_alike(page, decisions)
        _take_parts(page, decisions)  # above what was taken since
        layouts.take_boxes(page, decisions)
    edges.take_gallery(page, decisions)
    edges.take_footnotes(blocks, decisions)
    edges.take_sources(page, decisions)
    visibility.drop_hidden(page, decisions)
    return decisions


def _take_parts(page: PageFeatures, decisions: list[BlockDecision]) -> bool:
    """Headings, items, tables and code amid the text, or after it in the same container, are kept
    even where they convince little by themselves (they are short), if nothing about them speaks of
    boilerplate; sentences amid others of their make, too (far down in a long text scores fall).
    """
    kept = kept_numbers(decisions)
    if not kept:
        return False
    blocks, last, goes_on = page.blocks, kept[-1], False
    main, path = holding_most(blocks, kept), blocks[last].path
    lists = [number for number, element in enumerate(path) if element.tag in LISTS]
    container = path[lists[-1]] if lists else path[-1] if path else None
    around = path[lists[0] - 1] if lists and lists[0] else container
    until = last + (blocks[last].element.tag in _WHOLES or bool(lists))
    kin = {page.kin[number] for number in kept}
    ends = {element: number for number in kept for element in blocks[number].path[-2:]}
    least_of_all = MANUAL_AMID_FROM if page.is_manual else AMONG_FROM
    ended = False
    for number in range(kept[0], len(blocks)):
        block, decision = blocks[number], decisions[number]
        is_below, is_whole = number > last, block.element.tag in _WHOLES
        beside = is_below and is_whole and is_beside(block, container)
        is_apart = is_below or not is_whole or decision.score < PART_FROM
        is_apart = is_apart and main not in block.path and not beside
        if decision.kept or decision.caption or is_apart:
            continue
        is_more = page.is_manual and main in block.path and decision.score >= AMONG_FROM
        if is_below and container not in block.path and not (beside or is_more):
            deeper = block.element.tag == "pre" or any(
                e.tag == "blockquote" for e in block.path[-1:]
            )
            ended = ended or around not in block.path[-1 - deeper :]
            if not (is_whole and page.is_manual if ended else is_whole or number <= until):
                continue
        is_quoted = page.stops[number] and any(e.tag == "blockquote" for e in block.path[-1:])
        is_said = page.is_thread and is_quoted and block.size >= SENTENCE_MIN_WORDS
        if decision.score < least_of_all and not (is_whole or is_said):
            continue
        is_amid = not is_below and (is_whole or is_quoted)
        is_sure = number <= until and decision.score >= AMID_FROM
        is_among = sum(each.kept for each in decisions[max(0, number - 2) : number + 3]) == 4
        is_within = any(number < ends.get(element, 0) for element in block.path[-2:])
        is_clean = not page.near[number] & BOILERPLATE_CLASSES
        is_own = block.path[-1:] == (main,)  # whatever that is called
        is_clean = is_clean or (is_own and not groups_of(block.element) & BOILERPLATE_CLASSES)
        is_clean = is_clean or (is_among and _is_heading_alone(page, number))
        is_part = _is_part(block) and (is_clean or (is_within and block.element.tag == "pre"))
        if is_clean and not is_below and decision.score >= AMID_FROM:
            is_part |= _is_row(page, number) or _heads_box(page, decisions, number)
        is_boxed = is_clean and not is_below and _is_in_note(page, number)
        is_part |= is_boxed
        is_alike = is_within and page.stops[number] and page.kin[number] in kin
        is_among_docs = page.is_manual and not is_below and block.element.tag in HEADINGS
        may = is_alike or is_boxed or (is_part and (is_among or is_among_docs))
        least = AMONG_FROM if may else PART_FROM
        is_part |= is_alike or (is_sure and (page.stops[number] or is_whole))
        is_part |= is_among and (block.size >= SENTENCE_MIN_WORDS or is_signature(block))
        has_links = block.link_density >= PART_LINKS_MAX_SHARE
        is_more = is_more and not page.says[number]
        is_inside = is_clean and main in block.path and (is_more or not is_below)
        if (is_inside and _is_of_manual(page, decisions, number)) or (
            is_part
            and (decision.score >= least or is_whole or is_said)
            and (not has_links or (is_amid and is_data_table(block.element)))
            and (is_amid or not page.says[number])
        ):
            keep(decisions, number, PART)
            is_headed = blocks[number - 1].element.tag in HEADINGS
            goes_on |= is_whole if is_below else is_headed and not decisions[number - 1].kept
    return goes_on


def _ask_parts_again(
    page: PageFeatures, decisions: list[BlockDecision], gone: Sequence[int]
) -> None:
    """What was kept as a part amid the text, is no sentence, and now that some blocks are `gone`
    has no text below it, is kept only if it is part of what is above.
    """
    last = max(
        (n for n, each in enumerate(decisions) if each.kept and each.why != PART), default=-1
    )
    below = range(last + 1, gone[-1])
    blocks = page.blocks
    parts = [
        n for n in below if decisions[n].kept and not (page.stops[n] or is_signature(blocks[n]))
    ]
    for number in parts:
        take_back(decisions, number, NOT_AMID)
    if parts:
        _take_parts(page, decisions)
        for number in gone:
            take_back(decisions, number, RECURS)


def _is_in_note(page: PageFeatures, number: int) -> bool:
    """Whether a sentence stands in a box that has a heading and leads nowhere, and right around
    which paragraphs stand: those of the text.
    """
    block = page.blocks[number]
    if not page.stops[number] or block.size < SENTENCE_MIN_WORDS:
        return False
    box = sorted(together(page.blocks, number))
    beside = page.blocks[box[0] - 1], page.blocks[min(box[-1] + 1, len(page.blocks) - 1)]
    is_amid = all(b.path == block.path[:-1] and b.size >= SENTENCE_MIN_WORDS for b in beside)
    if not is_amid or page.blocks[box[0]].element.tag not in HEADINGS:
        return False
    is_short = words_in(page.blocks, box) <= NOTE_MAX_WORDS
    return is_short and not any(page.blocks[n].link_chars or page.says[n] for n in box)


def _is_heading_alone(page: PageFeatures, number: int) -> bool:
    """Whether boxes that speak of boilerplate hold this heading alone."""
    block, below = page.blocks[number], page.blocks[number + 1]
    boxes = [e for e in block.path[-3:] if groups_of(e) & BOILERPLATE_CLASSES]
    is_heading = block.element.tag in HEADINGS and block.words != ()
    return is_heading and set(boxes).isdisjoint(below.path)


def _is_of_manual(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a block amid the text of a manual is part of it, as nearly all there is."""
    block = page.blocks[number]
    return (
        page.is_manual
        and decisions[number].score >= MANUAL_AMID_FROM
        and (block.link_density <= LINKS_MIN_SHARE or _names_next(page, decisions, number))
        and page.says[number].isdisjoint(("byline", "dated"))
        and not (block.link_chars and block.element.tag == "div" and _is_of_bar(page, number))
        and block.text.lower() not in lexicon.LANGUAGES  # which names the listing below
    )


def _is_of_bar(page: PageFeatures, number: int) -> bool:
    """Whether a line is "[Top]", or stands in what calls itself navigation: links of a few words
    that lead about a manual.
    """
    block = page.blocks[number]
    is_bracketed = block.text[0] == "[" and block.text[-1] == "]"
    return block.size <= LABEL_MAX_WORDS and (is_bracketed or bool(page.near[number] & CHROME))


def _names_next(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether what is said right below in the same box, or list, is about a line that is a link."""
    below = number + 1
    may = below < len(decisions) and decisions[below].kept and not page.says[number]
    return may and not set(page.blocks[number].path[-1:]).isdisjoint(page.blocks[below].path)


def _is_row(page: PageFeatures, number: int) -> bool:
    """Whether a block is one of several of a make, and says something else: marks, properties."""
    beside = (n for n in (number - 1, number + 1) if n < len(page.blocks))
    alike = (page.blocks[n].words for n in beside if page.kin[n] == page.kin[number])
    return any(words != page.blocks[number].words for words in alike)


def _heads_box(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a short line is the first of a box, above a sentence that is kept."""
    block, below = page.blocks[number], number + 1
    if block.size > LABEL_MAX_WORDS or not (decisions[below].kept and page.stops[below]):
        return False
    box = block.path[-1]
    return box in page.blocks[below].path and box not in page.blocks[number - 1].path


def _is_part(block: Block) -> bool:
    parent = block.path[-1].tag if block.path else ""
    if block.element.tag in _PARTS or parent in ("li", "dd", "details", "blockquote"):
        return True
    if block.size > LABEL_MAX_WORDS:
        return False
    return is_all_bold(block) or _HEADING_NAME(block.element.get("class") or "") is not None
