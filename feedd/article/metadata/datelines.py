"""Lines of a page that say who wrote it, and when: beside its headline, made for a day, or named
after one. In the text they go, with what stands below it on its author.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml.html import HtmlElement

from feedd.article import lexicon
from feedd.article.blocks import Block, BlockDecision, take_all_back, take_back, text_of, together
from feedd.article.markup import described, group_bits, is_apart, named_elements
from feedd.article.tree import HEADINGS

if TYPE_CHECKING:
    from feedd.article.features import PageFeatures

LINE_MAX_CHARS: Final = 120
"""A line of text that says the day is no longer."""
SHOWN_MAX: Final = 20
"""So many elements that call themselves a day are looked at."""
RUN_MAX_CHARS: Final = 80
"""A run of text that is a day, with a label before it."""
LABEL_MAX_CHARS: Final = 40
BELOW_MAX: Final = 60
"""So many elements below the headline are looked at,"""
ABOVE_MAX: Final = 20
"""so many above it,"""
LEVELS_AROUND: Final = 4
"""in so many boxes around it."""
PROSE_MIN_CHARS: Final = 60
STANDFIRSTS_MAX: Final = 3
"""So many paragraphs may stand between the headline and the day."""
TEXT_MIN_CHARS: Final = 6

_NO_TEXT: Final = frozenset({"script", "style", "noscript", "svg", "template"})
_PLAIN: Final = ("p", "span", "div", "li", "em", "small", "i", "td", "dd")
_DAY_NAME = re.compile(
    r"(?i)\bdate|publi|posted|[-_]date|timestamp|\btime\b|dateline|by-?line|entry-meta|post-meta|meta\b"
    r"|\bwhen\b|\bago\b|\bfecha|\bdatum\b|\bdata\b|\btarih|\btanggal|\bдата"
)
BYLINE_MAX_WORDS: Final = 12
BYLINES_MAX_WORDS: Final = 18
"""Of one that says both, in lines of its own: a name, an office, a day and a time."""
TIMES_MIN: Final = 3
"""So many lines of one make that say when are the times of a live blog."""
NOTE_MAX_WORDS: Final = 90
"""A note on the author is no longer."""
ABOVE_NOTE_MIN_WORDS: Final = 100
BOXES_MAX: Final = 2
HEADING_MAX_CHARS: Final = 60
_WHO_AND_WHEN: Final = frozenset({"byline", "dated"})
_WRITER: Final = group_bits("byline")
_BY_WHAT = re.compile(r"by\s+(?!the (?:\w+ )?(?:desk|edit|staff)|staff|our)(\w)", re.I)
"""“By name”, “by the thumb”: in small letters that is no writer."""
SMALL_MIN: Final = 3
"""Where so many words begin with small letters, and none has a digit, a sentence tells no day."""
_BY_WRITER = re.compile(
    r"By \w[\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}, (?:an?|the|our) [^.!?]{0,90}"
    r"\b(?:editor|writer|reporter|journalist|correspondent)\b"
)
_PRESENTING = re.compile(
    r"(?i)\W*+(?:(?:written|posted|published) by \w|published in (?!\d)\w"
    r"|(?:about|meet) (?:the )?(?:author|writer)s?\W*$|sobre la firma\W*$"
    r"|über (?:den|die) autor|à propos de l.aut(?:eur|rice)|sobre (?:el|la|o|a) aut(?:h?or|ora)\b"
    r"|об авторе|про автора|l.autore\W*$|over de auteur|o autor(?:ze|ce|ovi)\b|om f[öo]rfatt?ar"
    r"|yazar hakkında|关于作者|作者简介|作者簡介|この記事を書いた人|著者について|筆者紹介)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(
    r"(?i)\W*(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[\W]+)?(?:\d{1,2}\W+)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\W+(?:\d{1,2}(?:st|nd|rd|th)?\W+)?"
    r"(?:19|20)\d\d(?:[\W]+(?:at )?\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?(?: [a-z]{2,4})?)?\W*"
)
"""A line that is a date and nothing else."""
_OFFICE = re.compile(
    r"(?:[\w&’'-]+ ){0,5}(?:correspondent|reporter|(?:staff|senior) writer|columnist|editor"
    r"|journalist(?:in)?|redakteur(?:in)?|journaliste|redactora?|giornalista|jornalista"
    r"|dziennikarka?)(?: [\w-]+)?",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\d\D{1,30}\d|年")
_ATTRIBUTES: Final = (
    *("datetime", "title", "data-datetime", "data-timestamp", "data-time", "data-date"),
)


class LineBeside(NamedTuple):
    """A short run of text beside the headline, its element, and the words before it: a label."""

    text: str
    element: HtmlElement
    label: str


def around(headline: HtmlElement | None) -> list[LineBeside]:
    """Short runs of text: those below the headline up to the article's prose, then those right
    above it. Who wrote it, and when, stands there.
    """
    found: list[LineBeside] = []
    if headline is None:
        return found
    label = ""
    for element, text in (*_below(headline), *_above(headline)):
        run = " ".join(text.split())
        if run:
            if len(run) <= RUN_MAX_CHARS:
                found.append(LineBeside(run, element, label))
            has_number = _NUMBERS.search(run) is not None
            label = run if len(run) <= LABEL_MAX_CHARS and not has_number else ""
    return found


def with_days(runs: Iterable[LineBeside]) -> Iterator[tuple[str, str]]:
    """Those that may hold a day; with each the names of its element and its label, folded."""
    for run, element, label in runs:
        if _NUMBERS.search(run) and not is_apart(element):
            yield run, f"{element.get('class')} {element.get('itemprop')} {label} {run}".lower()


def _below(headline: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    seen = paragraphs = 0
    for box in (headline, *islice(headline.iterancestors(), LEVELS_AROUND)):
        if box.tag in ("body", "main"):
            return
        for element in (e for sibling in box.itersiblings() for e in sibling.iter()):
            if element.tag in _NO_TEXT:
                continue
            text = element.text or ""
            seen += 1
            paragraphs += element.tag == "p" and len(text) > PROSE_MIN_CHARS
            is_part = paragraphs and element.tag in ("h2", "h3")
            if seen > BELOW_MAX or paragraphs > STANDFIRSTS_MAX or is_part:
                return
            yield element, _said(element)
            if element.tail:
                yield element.getparent(), element.tail


def _above(headline: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    boxes = (headline, *islice(headline.iterancestors(), 1))
    siblings = (sibling for box in boxes for sibling in box.itersiblings(preceding=True))
    for element in islice((e for box in islice(siblings, 3) for e in box.iter()), ABOVE_MAX):
        if element.tag not in _NO_TEXT:
            yield element, _said(element)


def _said(element: HtmlElement) -> str:
    """What an element begins with, or the day that it holds for who points at it: "3 days ago"."""
    text = element.text or ""
    held: str = element.get("title") or ""
    if element.tag == "time" and element.get("datetime"):
        held = element.get("datetime")
    elif not _YEAR.search(held) or len(held) > LINE_MAX_CHARS or _YEAR.search(text):
        held = ""
    return held or text


def shown(root: HtmlElement) -> Iterator[tuple[str, str]]:
    """What elements say that are made for a day, or call themselves one; and their names."""
    marked = [
        e
        for e in described(root)
        if e.get("itemprop") in ("datePublished", "dateCreated") and not is_apart(e)
    ]
    for element in marked[:3]:
        yield element.get("content") or element.get("datetime") or text_of(element), ""
    times = _by_nearness(root)
    for element in sorted(times[:SHOWN_MAX], key=lambda e: e.get("pubdate") is None):
        name = f"{element.get('class')} {element.get('itemprop')}"
        for attribute in _ATTRIBUTES:
            yield element.get(attribute) or "", name
        yield _spaced(element), name
    seen = 0
    for element in named_elements(root):
        name = _day_name(element.get("class"), element.get("id"))
        if name and not is_apart(element):
            text = _spaced(element)
            if len(text) <= LINE_MAX_CHARS and (
                len(text) >= TEXT_MIN_CHARS or element.get("title")
            ):
                for attribute in _ATTRIBUTES:
                    yield element.get(attribute) or "", name
                yield text, name
                seen += 1
                if seen >= SHOWN_MAX:
                    return


def plain(root: HtmlElement) -> Iterator[HtmlElement]:
    """Elements of any name that begin with a line's text."""
    for element in root.iter(*_PLAIN):
        if element.text and TEXT_MIN_CHARS <= len(element.text) <= LINE_MAX_CHARS:
            yield element


def _spaced(element: HtmlElement) -> str:
    """An element's text, with a blank where its parts meet: a name and a day may stand in boxes."""
    if len(element) == 0:
        return " ".join((element.text or "").split())
    text = text_of(element)
    return " ".join(" ".join(element.itertext()).split()) if len(text) <= LINE_MAX_CHARS else text


@lru_cache(maxsize=4096)
def _day_name(*names: str | None) -> str:
    """Class and id of an element that calls itself a day; else ""."""
    name = " ".join(name for name in names if name)
    return name if _DAY_NAME.search(name) else ""


def _by_nearness(root: HtmlElement) -> list[HtmlElement]:
    """Times in the headline's box, then those below the headline, then those above: a page's head
    may tell of the newest articles.
    """
    beside: list[HtmlElement] = []
    below: list[HtmlElement] = []
    above: list[HtmlElement] = []
    headline = next(root.iter("h1"), None)
    around = [] if headline is None else list(headline.iterancestors())[:2]
    boxes = [box for box in around if box.tag not in ("body", "html", "main")]
    place = above
    for element in root.iter("h1", "time"):
        if element is headline:
            place = below
        elif element.tag == "time" and not is_apart(element):
            is_near = any(box in boxes for box in islice(element.iterancestors(), 3))
            (beside if is_near else place).append(element)
    return [*beside, *below, *above]


def drop_byline(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Lines above the first paragraph, or between that and the next, that say who wrote it and when
    are kept as such, not as text: the first may be a deck.
    """
    dated = Counter(
        page.kin(number)
        for number, decision in enumerate(decisions)
        if decision.kept and "dated" in page.says[number]
    )
    has_deck = page.is_thread  # whose second post may begin so
    for number, block in enumerate(page.blocks):
        least = TIMES_MIN - (block.element.tag in HEADINGS)
        if not decisions[number].kept or dated[page.kin(number)] >= least:
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
        elif not is_writers and _is_of_text(block.text):
            continue
        elif says and not _is_value(page, decisions, number):
            take_back(decisions, number, "says who and when")


def _is_of_text(line: str) -> bool:
    """Whether a line begins as a byline does and is none: "By the thumb, from a nail."."""
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


def _is_value(page: PageFeatures, decisions: Sequence[BlockDecision], number: int) -> bool:
    """Whether a line is one of several named values, not all of which say who and when."""
    block = page.blocks[number]
    if block.element.tag != "dd" or page.blocks[number - 1].element.tag != "dt":
        return False
    values = [n for n in together(page.blocks, number) if page.blocks[n].element.tag == "dd"]
    return any(decisions[n].kept and not _says_who_and_when(page, n) for n in values)


def tells_when(text: str) -> bool:
    """Whether a whole line is a time, a day or a year."""
    is_year = len(text) == 4 and text.isdigit()
    return is_year or lexicon.is_time(text) or _DATE.fullmatch(text) is not None


def says_who_and_when(text: str) -> bool:
    """Whether a line begins as bylines do, or is a date or a writer's office and nothing else."""
    begins = lexicon.STARTS["byline"].match(text.lower())
    return bool(begins or _DATE.fullmatch(text) or _OFFICE.fullmatch(text))


def drop_writer(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """The last line goes where it begins with the name that stands above it in a writer's box, and
    what a heading at the end presents as who wrote the text.
    """
    last = max((number for number, d in enumerate(decisions) if d.kept), default=0)
    note = page.blocks[last]
    may = not page.is_thread and note.size <= NOTE_MAX_WORDS
    for at in range(max(0, last - 2), last) if may else ():
        name, near = page.blocks[at], page.near[at : last + 1]
        is_writers = any(groups & _WRITER for groups in near) and lexicon.is_name(name.text)
        if is_writers and not {*name.words}.isdisjoint(note.words[:1]):
            take_all_back(decisions, range(at, last + 1), "tells of a writer, below their name")
    if not page.is_thread:
        _drop_boxes(page, decisions)
    _drop_presentation(page.blocks, decisions)


def _drop_boxes(page: PageFeatures, decisions: list[BlockDecision]) -> None:
    """Small boxes amid the text that present who wrote it, by a heading, or by a name in a writer's
    box that the note begins with and the text never says. More than two are the text.
    """
    blocks, found = page.blocks, []
    for number, block in enumerate(blocks[:-1]):
        headed = block.element.tag in HEADINGS and _presents_author(block.text)
        told = blocks[number + 1].words[:1] if page.near[number] & _WRITER else ()
        if headed or (told and told[0] in block.words and lexicon.is_name(block.text)):
            box = next((e for e in reversed(block.path) if e in blocks[number + 1].path), None)
            inside = [n for n, each in enumerate(blocks) if box in each.path]
            is_small = sum(blocks[n].size for n in inside) <= NOTE_MAX_WORDS
            apart = (b for n, b in enumerate(blocks) if decisions[n].kept and n not in inside)
            is_own = headed or all({*block.words}.isdisjoint(each.words) for each in apart)
            if is_small and is_own and number == inside[0] and page.headline not in inside:
                found.append(inside)
    for inside in found if len(found) <= BOXES_MAX else ():
        take_all_back(decisions, inside, "a box on who wrote the text")


def _drop_presentation(blocks: Sequence[Block], decisions: list[BlockDecision]) -> None:
    """What the heading "Written by" and a name, or "About the author", stands above at the end,
    where it is short.
    """
    kept = [number for number, decision in enumerate(decisions) if decision.kept]
    words = 0
    for number in reversed(kept):
        block = blocks[number]
        words += block.size
        if words > NOTE_MAX_WORDS:
            return
        if block.element.tag in HEADINGS and _presents_author(block.text):
            said = sum(blocks[above].size for above in kept if above < number)
            if said >= ABOVE_NOTE_MIN_WORDS:
                take_all_back(decisions, range(number, len(blocks)), "presents the author")
            return


def _presents_author(text: str) -> bool:
    """Whether a heading stands above a note on who wrote the text."""
    return len(text) <= HEADING_MAX_CHARS and _PRESENTING.match(text) is not None
