"""Who wrote a text, and when: lines in it that say so, and boxes on its writer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.classifier import ARTICLE_MIN_WORDS
from feedd.article.classifier.features import PageFeatures
from feedd.article.selection.edges import NOTE_MAX_WORDS
from feedd.article.tree.blocks import (
    HAN,
    Block,
    BlockDecision,
    kept_numbers,
    take_all_back,
    take_back,
    together,
    words_in,
)
from feedd.article.tree.elements import HEADINGS
from feedd.article.tree.markup import BYLINE

WHEN_MAX_WORDS: Final = 12
"""A line that says when something is has no more words."""
OF_EVENT: Final = "when and where an event is"
WHO_AND_WHEN: Final = "says who and when"
BYLINE_MAX_WORDS: Final = 12
BYLINES_MAX_WORDS: Final = 18
"""The same for a line that says who and when: a name, an office, a day and a time."""
TIMES_MIN: Final = 3
"""From how many lines of one make on that say when they are the times of a live blog, and stay."""
BOXES_MAX: Final = 2
ITEM_MIN_WORDS: Final = 4
"""Shorter items beside a day are ways to share, and topics."""
HEADING_MAX_CHARS: Final = 60
_WHO_AND_WHEN: Final = frozenset({"byline", "dated"})
_BY_WHAT = re.compile(r"by\s+(?!the (?:\w+ )?(?:desk|edit|staff)|staff|our)(\w)", re.I)
"""What stands behind "by": a writer's name, or, in small letters, none (“by the thumb”)."""
SMALL_MIN: Final = 3
"""A sentence with so many words in small letters, and without digits, is text, no byline."""
_SENTENCES = re.compile(r"[^\W\d_]{4}\. (?=[^\W\d_a-z])").findall
"""Where one sentence ends and another begins."""
_BY_WRITER = re.compile(
    r"By \w[\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}, (?:an?|the|our) [^.!?]{0,90}"
    r"\b(?:editor|writer|reporter|journalist|correspondent)\b"
)
_TABLE: Final = lexicon.sections_of("bylines.txt")
_PRESENTING = re.compile(rf"(?i)\W*+(?:{_TABLE['about the author']})")
_DATE = re.compile(
    r"(?i)\W*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[\W]+)?(?:\d{1,2}\W+)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\W+(?:\d{1,2}(?:st|nd|rd|th)?\W+)?"
    r"(?:19|20)\d\d(?:[\W]+(?:at )?\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?(?: [a-z]{2,4})?)?\W*"
)
"""A line that is a date and nothing else."""
_OFFICE = re.compile(rf"(?:[\w&’'-]+ ){{0,5}}(?:{_TABLE['office']})(?: [\w-]+)?", re.IGNORECASE)
_CREDIT = re.compile(
    rf"(?:[{HAN}]{{0,6}}(?:[记記]者|[编編][辑輯译譯]?|[责責][编編])|文字?|作者|撰文|撰稿|采写|[摄攝]影"
    r"|[题題]?[图圖]片?|[来來]源"
    r"|校[对對]|[监監]制|[审審][核校]|策[划劃]|排版|[翻编]?译|出品)"
    r"\s?[|｜:：丨/／]\s?[\w ·、丨|&]{2,24}"
)
CREDIT_MAX_CHARS: Final = 40
_YEAR = re.compile(r"(?:19|20)\d\d")


def drop_byline(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop lines that say who wrote the text and when, down to its second paragraph: the first may
    be a deck. The article's byline and day are read elsewhere (`pagehead.metadata`).
    """
    dated = Counter(page.kin[n] for n in kept_numbers(decisions) if "dated" in page.says[n])
    beside: dict[tuple[HtmlElement, str], list[int]] = {}
    has_deck = page.is_thread  # whose second post may begin so
    for number, block in enumerate(page.blocks):
        least = TIMES_MIN - (block.element.tag in HEADINGS)
        if not decisions[number].kept or dated[page.kin[number]] >= least:
            continue
        if decisions[number].why == OF_EVENT:
            continue
        is_writers = _BY_WRITER.match(block.text) is not None
        is_both = block.size <= BYLINES_MAX_WORDS and page.says[number] >= _WHO_AND_WHEN
        is_line = block.size <= BYLINE_MAX_WORDS or is_both
        names = lexicon.is_name(block.text) and block.element.tag not in HEADINGS
        near = range(number, number + 1 + names)
        says = is_writers or any(_says_who_and_when(page, n) for n in near)
        is_sure = bool(_YEAR.search(block.text)) or says_who_and_when(block.text) or names
        is_text = not (says and is_sure) or page.stops[number] or block.element.tag in HEADINGS
        if has_deck and not is_writers and (is_text or not is_line):
            return
        if not (is_line or is_writers):
            has_deck = True
        elif not is_writers and (_is_of_text(block.text) or _holds_facts(page, number)):
            continue
        elif says and not _is_value(page, decisions, number, beside):
            take_back(decisions, number, WHO_AND_WHEN)


def _holds_facts(page: PageFeatures, number: int) -> bool:
    """Whether a block is a table that names no writer: "Distance 142 km, start 12:15"."""
    return page.blocks[number].element.tag == "table" and "byline" not in page.says[number]


def _is_of_text(line: str) -> bool:
    """Whether a line that may say who and when is text: it holds three sentences, is a sentence
    without digits, or begins like a byline and goes on in small letters ("By the thumb, …").
    """
    if line.endswith(".") and len(_SENTENCES(line)) > 1:
        return True
    how = _BY_WHAT.match(line)
    small = sum(word[0].islower() for word in line.split())
    is_sentence = line.endswith((".", "!", "?")) and small >= SMALL_MIN
    return (how is not None and how[1].islower()) or (
        is_sentence and not any(map(str.isdigit, line))
    )


def _says_who_and_when(page: PageFeatures, number: int) -> bool:
    if number == len(page.blocks) or page.blocks[number].size > BYLINES_MAX_WORDS:
        return False
    said = page.says[number] & _WHO_AND_WHEN
    if page.blocks[number].size > BYLINE_MAX_WORDS:
        return said == _WHO_AND_WHEN
    return bool(said) or says_who_and_when(page.blocks[number].text)


def _is_value(
    page: PageFeatures,
    decisions: Sequence[BlockDecision],
    number: int,
    beside: dict[tuple[HtmlElement, str], list[int]],
) -> bool:
    """Whether a line is one of several named values, or of several items of a list, not all of
    which say who and when. `beside` has those of each list that are still to be asked.
    """
    block = page.blocks[number]
    tag = block.element.tag
    if tag != "li" and (tag != "dd" or page.blocks[number - 1].element.tag != "dt"):
        return False
    key = block.path[-1], tag
    if key not in beside:
        least = ITEM_MIN_WORDS if tag == "li" else 0
        inside = ((n, page.blocks[n]) for n in together(page.blocks, number))
        beside[key] = [n for n, b in inside if b.element.tag == tag and b.size >= least]
    others = beside[key]
    while others and (not decisions[others[-1]].kept or _says_who_and_when(page, others[-1])):
        others.pop()
    return bool(others)


def tells_when(text: str) -> bool:
    """Whether a whole line is a time, a day or a year."""
    is_year = len(text) == 4 and text.isdigit()
    return is_year or lexicon.is_time(text) or _DATE.fullmatch(text) is not None


def says_who_and_when(text: str) -> bool:
    """Whether a line begins as bylines do, or is a date or a writer's office and nothing else."""
    begins = lexicon.STARTS["byline"].match(text.lower())
    return bool(begins or _DATE.fullmatch(text) or _OFFICE.fullmatch(text)) or is_credit(text)


def is_credit(text: str) -> bool:
    """Whether a whole line is an office of those who make a text in China, and its holders."""
    may = len(text) <= CREDIT_MAX_CHARS and not text.isascii()
    return may and _CREDIT.fullmatch(text) is not None


def drop_writer(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop notes on who wrote the text: a last line that begins with the name right above it in a
    box called after writers, small boxes amid the text, and all below "About the author" at the
    end.
    """
    last = max(kept_numbers(decisions), default=0)
    note = page.blocks[last]
    may = not page.is_thread and note.size <= NOTE_MAX_WORDS
    for at in range(max(0, last - 2), last) if may else ():
        name, near = page.blocks[at], page.near[at : last + 1]
        is_writers = any(groups & BYLINE for groups in near) and lexicon.is_name(name.text)
        if is_writers and not {*name.words}.isdisjoint(note.words[:1]):
            take_all_back(decisions, range(at, last + 1), "tells of a writer, below their name")
    if not page.is_thread:
        _drop_boxes(page, decisions)
    _drop_presentation(page.blocks, decisions)


def _drop_boxes(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Drop small boxes amid the text on who wrote it: below a heading that says so, or in a box
    called after writers, with a name that the note below begins with and the text never says. More
    than `BOXES_MAX` of them are the text.
    """
    blocks, found = page.blocks, []
    for number, block in enumerate(blocks[:-1]):
        headed = block.element.tag in HEADINGS and _presents_author(block.text)
        told = blocks[number + 1].words[:1] if page.near[number] & BYLINE else ()
        if headed or (told and told[0] in block.words and lexicon.is_name(block.text)):
            box = next((e for e in reversed(block.path) if e in blocks[number + 1].path), None)
            inside = [n for n, each in enumerate(blocks) if box in each.path]
            is_small = words_in(blocks, inside) <= NOTE_MAX_WORDS
            apart = (b for n, b in enumerate(blocks) if decisions[n].kept and n not in inside)
            is_own = headed or all({*block.words}.isdisjoint(each.words) for each in apart)
            if is_small and is_own and number == inside[0] and page.headline not in inside:
                found.append(inside)
    for inside in found if len(found) <= BOXES_MAX else ():
        take_all_back(decisions, inside, "a box on who wrote the text")


def _drop_presentation(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """Drop a short end of the text below a heading such as "Written by Ann Poe", with that."""
    kept = kept_numbers(decisions)
    words = 0
    for number in reversed(kept):
        block = blocks[number]
        words += block.size
        if words > NOTE_MAX_WORDS:
            return
        if block.element.tag in HEADINGS and _presents_author(block.text):
            said = words_in(blocks, (above for above in kept if above < number))
            if said >= ARTICLE_MIN_WORDS:
                take_all_back(decisions, range(number, len(blocks)), "presents the author")
            return


def _presents_author(text: str) -> bool:
    """Whether a heading stands above a note on who wrote the text."""
    return len(text) <= HEADING_MAX_CHARS and _PRESENTING.match(text) is not None
