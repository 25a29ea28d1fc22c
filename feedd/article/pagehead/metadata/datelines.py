"""Lines of a page that say who wrote it, and when: beside its headline, made for a day, or named
after one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from feedd.article.lexicon import sections_of
from feedd.article.tree.blocks import HAN, Block
from feedd.article.tree.elements import text_of
from feedd.article.tree.markup import MarkedElements, is_apart

LINE_MAX_CHARS: Final = 120
"""A line of text that says the day is no longer."""
SHOWN_MAX: Final = 20
"""How many elements that call themselves a day are looked at."""
RUN_MAX_CHARS: Final = 80
"""A run of text that is a day, with a label before it."""
LABEL_MAX_CHARS: Final = 40
BELOW_MAX: Final = 60
"""How many elements below the headline are looked at."""
ABOVE_MAX: Final = 20
"""How many above it."""
LEVELS_AROUND: Final = 4
"""In how many boxes around it."""
PROSE_MIN_CHARS: Final = 60
STANDFIRSTS_MAX: Final = 3
"""How many paragraphs may stand between the headline and the day."""
TEXT_MIN_CHARS: Final = 6
PARAGRAPHS_MAX: Final = 40
"""In how many paragraphs a day is looked for that begins one."""

_NO_TEXT: Final = frozenset({"script", "style", "noscript", "svg", "template"})
_TIMES: Final = ("time", "relative-time", "time-ago", "local-time")
"""The later ones are those of code hosts, which scripts show as "3 days ago"."""
_PLAIN: Final = ("p", "span", "div", "li", "em", "small", "i", "td", "dd")
_NAMES: Final = sections_of("class_names.txt")
_DAY_NAME = re.compile(rf"(?i){_NAMES['day']}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_OF_AGENCY = re.compile(
    r"\(?(?!(?:On|In|By|Since|Am|Im|Seit|Le|El|Il|Em|Op|Den)\b)"
    r"([^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,2}(?:,| \()[^!?–—]{1,40}?(?<!\d)(?:19|20)\d\d\b)"
    r"(?:\)|[^\w–—]{0,3}\([A-Z ]+\))?(?: ?[–—―]| ?--| -|\.-| ?/)"
)
_NUMBERS = re.compile(r"\d\D{1,30}\d|年")
_ATTRIBUTES: Final = (
    *("datetime", "title", "data-datetime", "data-timestamp", "data-time", "data-date"),
)
_PAGE_HEAD = re.compile(rf"(?i)(?<![a-z])(?:{_NAMES['page head']})(?![a-z])").search
"""What calls itself the top of a page, or today's date."""


_REPORTED_BY = re.compile(
    rf"[（(〔【\[][{HAN}]{{0,6}}[记記]者[ :：]?([{HAN}]{{2,4}}(?:[ 、][{HAN}]{{2,4}})*)"
    r"(?<![摄攝电電报報])[／/）)〕】\]]"
    rf"|【文[／/|｜ ](?:[{HAN}]{{2,8}} )?([{HAN}]{{2,4}}(?:[ 、][{HAN}]{{2,4}})*)】"
)
"""A dateline of Chinese newspapers, with the names of those who reported."""
REPORTER_MAX_CHARS: Final = 60


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
    heads: dict[HtmlElement, bool] = {}
    above = [
        (element, text)
        for element, text in _above(headline)
        if not (_NUMBERS.search(text) and is_of_page_head(element, heads))
    ]
    for element, text in (*_below(headline), *above):
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
    if element.tag in _TIMES and element.get("datetime"):
        held = element.get("datetime")
    elif not _YEAR.search(held) or len(held) > LINE_MAX_CHARS or _YEAR.search(text):
        held = ""
    return held or text


def shown(page: MarkedElements) -> Iterator[tuple[str, str]]:
    """What elements say that are made for a day, or call themselves one; and their names."""
    marked = [
        e
        for e in page.described
        if e.get("itemprop") in ("datePublished", "dateCreated") and not is_apart(e)
    ]
    for element in marked[:3]:
        yield element.get("content") or element.get("datetime") or text_of(element), ""
    times = _by_nearness(page.root)
    for element in sorted(times[:SHOWN_MAX], key=lambda e: e.get("pubdate") is None):
        name = f"{element.get('class')} {element.get('itemprop')}"
        for attribute in _ATTRIBUTES:
            yield element.get(attribute) or "", name
        yield _spaced(element), name
    seen = 0
    heads: dict[HtmlElement, bool] = {}
    for element in page.named:
        name = _day_name(element.get("class"), element.get("id"))
        if name and not is_apart(element):
            text = _spaced(element)
            may = TEXT_MIN_CHARS <= len(text) <= LINE_MAX_CHARS or (
                len(text) < TEXT_MIN_CHARS and element.get("title")
            )
            if may and not (_NUMBERS.search(text) and is_of_page_head(element, heads)):
                for attribute in _ATTRIBUTES:
                    yield element.get(attribute) or "", name
                yield text, name
                seen += 1
                if seen >= SHOWN_MAX:
                    return


def is_of_page_head(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether an element stands in what is above all pages of a site, with today's date perhaps:
    in a head that holds no headline and is none of an article's. `known` has the heads of the page
    that were looked through: many dates may stand in one.
    """
    head = None
    for around in (element, *element.iterancestors()):
        if around.tag in ("article", "main", "section"):
            return False
        named = head is None and _names_page_head(around.get("class"), around.get("id"))
        if named or (head is None and around.tag == "header"):
            head = around
    if head is not None and head not in known:
        known[head] = not any(
            part.tag == "h1" or len(part.text or "") > LINE_MAX_CHARS
            for part in head.iter("h1", "p")
        )
    return head is not None and known[head]


@lru_cache(maxsize=4096)
def _names_page_head(*names: str | None) -> bool:
    return _PAGE_HEAD(" ".join(filter(None, names))) is not None


def plain(root: HtmlElement) -> Iterator[HtmlElement]:
    """Elements of any name that begin with a line's text."""
    for element in root.iter(*_PLAIN):
        if element.text and TEXT_MIN_CHARS <= len(element.text) <= LINE_MAX_CHARS:
            yield element


def of_agency(root: HtmlElement) -> str | None:
    """Place and day with which the first of the paragraphs begins that begins so, as agencies
    write: “PARIS, 16 June 2026 – …”, “(Paris, 16 juin 2026) — …”.
    """
    for paragraph in islice(root.iter("p"), PARAGRAPHS_MAX):
        found = _OF_AGENCY.match(text_of(paragraph)[:LINE_MAX_CHARS])
        if found is not None and not is_apart(paragraph):
            return found[1]
    return None


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
    heads: dict[HtmlElement, bool] = {}
    for element in root.iter("h1", *_TIMES):
        if element is headline:
            place = below
        elif element.tag in _TIMES and not is_apart(element):
            is_near = any(box in boxes for box in islice(element.iterancestors(), 3))
            if is_near or place is below or not is_of_page_head(element, heads):
                (beside if is_near else place).append(element)
    return [*beside, *below, *above]


def reporter_in(blocks: Iterable[Block]) -> str | None:
    """Who reported it, as the first line that says so has it: “（记者 蒋若水）”."""
    for block in blocks:
        begin = block.text[:REPORTER_MAX_CHARS]
        if ("者" in begin or "文" in begin) and not block.link_chars:
            found = _REPORTED_BY.search(begin)
            if found is not None:
                return ", ".join(re.split("[ 、]", found[1] or found[2]))
    return None
