"""A page's title without its site's name: by what it declares, and by its headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from feedd.article.tree.blocks import words_of
from feedd.article.tree.elements import text_of
from feedd.article.tree.markup import squash
from feedd.text import one_line

LINE_MAX_CHARS: Final = 500
PARTS_MAX: Final = 5
TITLE_MIN_WORDS: Final = 3
NAMED_MIN_CHARS: Final = 6
"""With fewer a heading that a page's title begins with may be a site or a section."""
NEARLY_AS_LIKE: Final = 0.3
"""Of headings that are so nearly as like the page's names the first is its own."""
SIDE_LEVELS: Final = 3
_SIDES: Final = frozenset({"side", "sidebar"})
_PARTED = re.compile(r"(?<!\s)\s++(?:(?:[|\-–—·•»«:~/]|::|\|\|)\s++|[|»]\s*+)|[|»｜_]\s*+|:\s++")
_IN_BRACKETS = re.compile(r"\s\(([^()]+)\)$")
_ADDITION = re.compile(
    r"\w+:|\([\w.-]+\.\w+\)(?: \d+)?|(?:posted|published|updated|by)\b.*"
    r"|(?=.*(?:19|20)\d\d)(?!\d{4}$)(?:[\d./:,-]+|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may"
    r"|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?| )+",
    re.IGNORECASE,
)
_TITLE_TAIL = re.compile(r"(?<!\s)\s++[|\-–—:»·•]\s+[^|\-–—:»·•]{2,60}$")


def own_headings(
    root: HtmlElement, url: str, page_title: str
) -> tuple[list[HtmlElement], frozenset[str]]:
    """The headings that may be the page's own, and what those say that lead home: its site's name.
    Where there is none of the first rank, it is one of those below it that stands in the title.
    """
    elements = list(root.iter("h1"))[:5]
    leading = [element for element in elements if _leads_home(element, url)]
    own = [element for element in elements if element not in leading]
    tails = {squash(page_title[cut.end() :]) for cut in _PARTED.finditer(page_title)}
    if all(squash(text_of(element)) in tails for element in own):  # of the site
        cuts = list(_PARTED.finditer(page_title))
        ends = [end for cut in cuts for end in (page_title[: cut.start()], page_title[cut.end() :])]
        parts = set(map(squash, ends or [page_title])) - {""}
        lower = [
            element
            for element in root.iter("h2", "h3", "h4")
            if not parts.isdisjoint(squash(text_of(part)) for part in (element, *element))
        ]
        beside = [element for element in own if not _is_in_sidebar(element)]
        own = sorted(lower, key=lambda e: -len(text_of(e)))[:1] or beside
    return own, frozenset(squash(text_of(element)) for element in leading)


def _is_in_sidebar(element: HtmlElement) -> bool:
    around = islice(element.iterancestors("div", "aside"), SIDE_LEVELS)
    return any(not _SIDES.isdisjoint((box.get("class") or "").split()) for box in around)


def _leads_home(heading: HtmlElement, url: str) -> bool:
    """Whether a heading is one link to the site's first page, or to the first of a blog, seen from
    another page below it.
    """
    link = next(heading.iter("a"), heading)
    try:
        home, page = urlsplit(urljoin(url, link.get("href") or url)), urlsplit(url)
    except ValueError:
        return False
    is_front = home.path in ("", "/") or (home.path[-1] == "/" and page.path.startswith(home.path))
    is_home = is_front and not home.query and home.netloc == page.netloc
    is_other = page.path.strip("/") != home.path.strip("/")
    return is_home and is_other and text_of(link) == text_of(heading)


def name_in(heading: HtmlElement, told: Sequence[str], page_title: str) -> str:
    """A heading's text; of one in parts the one that the page gives as its name, or as a part of
    that, which does not have all of the heading: the others are a rubric, a badge.
    """
    text = (line(" ".join(heading.itertext())) or "").rstrip(" ¶#§🔗")
    if len(heading) == 0:
        return text
    parts = [" ".join(part.split()) for part in (*map(text_of, heading), *heading.itertext())]
    parts = [part for part in parts if 2 * len(part) >= len(text) > 0]
    names = (page_title, *told)
    begun = {name[: cut.start()] for name in names for cut in _PARTED.finditer(name)}.union(told)
    if all(squash(text) not in squash(name) for name in names):
        begun.update(*map(_ends_of, names))
    return next((part for part in parts if part in begun), text)


def _ends_of(name: str) -> set[str]:
    """What of a page's name stands behind a rubric, without the site's name behind that."""
    cuts = [(cut.start(), cut.end()) for cut in _PARTED.finditer(name)][:PARTS_MAX]
    until = [start for start, _ in cuts] + [len(name)]
    return {name[begin:end] for _, begin in cuts for end in until if begin < end}


def line(value: str | None) -> str | None:
    """Text on one line; None for nothing."""
    return (one_line(value)[:LINE_MAX_CHARS] or None) if value else None


def title_of(
    headline: str | None,
    told: Sequence[str],
    page_title: str,
    headings: Sequence[str],
    site: frozenset[str],
) -> str | None:
    """The title of a page by its structured data, what it tells networks, its `<title>` and its
    headings: the heading that is most like the others, else the first of these without the name of
    the `site` (squashed names).
    """
    shown: dict[str, str] = {}
    ends = {squash(page_title.removeprefix(n)) for n in (headline, *told) if n}  # of the site
    for each in headings:
        if each and squash(each) not in site | ends - {squash(page_title)}:
            shown.setdefault(squash(each), each)
    named = [name for name in (headline, *told, page_title) if name]
    alike = [h for h in shown.values() if any(_alike(h, name) for name in named)]
    if alike:
        likeness = [_likeness(heading, named) for heading in alike]
        best = max(likeness) - NEARLY_AS_LIKE
        heading = next(h for h, like in zip(alike, likeness, strict=True) if like >= best)
        if _stands_whole(heading, page_title, site):
            return heading
        names = [without_site(name, site, {}) for name in named]
        return _before_bar(_without_additions(without_site(heading, site, {}), names))
    for name in (n for n in named if squash(n) not in site or n == page_title):
        cut = without_site(name, site, shown)
        if cut != name or name != page_title:
            return _before_bar(cut)
        if name in told:
            break
    return _TITLE_TAIL.sub("", page_title) or next(iter(shown.values()), None)


def _stands_whole(heading: str, page_title: str, site: frozenset[str]) -> bool:
    """Whether the page's title is a heading and the site's name behind it: what looks like a
    site's name or a rubric within the heading is its own.
    """
    before, _, after = page_title.partition(heading)
    cut = _PARTED.match(after)
    is_cut = not before and cut is not None and squash(after[cut.end() :]) in site
    return is_cut and squash(_PARTED.split(heading)[-1]) not in site


def _likeness(heading: str, named: Sequence[str]) -> float:
    """What share of the words of a heading and the name that is most like it are in both."""
    words, *others = (set(words_of(name)) for name in (heading, *named))
    return max(len(words & other) / (len(words | other) or 1) for other in others or [set()])


def _alike(one: str, two: str) -> bool:
    """Whether two names share half of their words, or the second is the first with a tail: of a
    script without blanks a clause is a word.
    """
    words, others = (set(words_of(name)) for name in (one, two))
    if len(one) >= NAMED_MIN_CHARS and re.match(r"\W{2}", two[len(one) :]) and two.startswith(one):
        return True
    return 2 * len(words & others) >= max(len(words), 1) and len(words & others) * 3 >= len(others)


def _without_additions(heading: str, named: Sequence[str]) -> str:
    """A heading without a day, a writer, a host or a rubric that a template put beside what the
    page gives as its name elsewhere.
    """
    for name in named:
        is_most = len(name.split()) >= TITLE_MIN_WORDS and 2 * len(name) >= len(heading)
        if is_most and heading != name:
            before, _, after = heading.partition(name)
            if not (before and after) and _ADDITION.fullmatch((before or after).strip()):
                return name
    return heading


def _before_bar(title: str) -> str:
    """A title without what stands behind a bar: a section, a rubric, a site of no known name."""
    before = title.partition(" | ")[0]
    return before if len(before.split()) >= TITLE_MIN_WORDS else title


def without_site(title: str, site: frozenset[str], shown: Mapping[str, str]) -> str:
    """A title without the site's name at its end or beginning: the name is known, or what is left
    of the title stands on the page as a heading (`shown`, by its squashed text).
    """
    cuts = [(match.start(), match.end()) for match in _PARTED.finditer(title)]
    for start, end in cuts:
        for part in (title[:start], title[end:]):
            if squash(part) and squash(part) in shown:
                return part.strip()
    while cuts and squash(title[cuts[-1][1] :]) in site:
        title = title[: cuts.pop()[0]]
    if cuts and len(title) > cuts[0][1] and squash(title[: cuts[0][0]]) in site:
        title = title[cuts[0][1] :]
    ending = _IN_BRACKETS.search(title)
    if ending is not None and squash(ending[1]) in site:
        title = title[: ending.start()]
    return title.strip()
