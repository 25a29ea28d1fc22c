"""The day of an article: what the page declares, what a reader sees, what its address says.

A reader wants the day of publication. Of the 158 articles of WCXB to learn from that declare both,
on days apart, 137 truths are the day of publication, 15 that of the last change.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedd.article.lexicon import parted, sections_of
from feedd.article.pagehead.metadata.datelines import (
    LINE_MAX_CHARS,
    LineBeside,
    is_of_page_head,
    of_agency,
    plain,
    shown,
    with_days,
)
from feedd.article.tree.elements import text_of
from feedd.article.tree.markup import MarkedElements, Thing, is_apart, text_in
from feedd.units import DAY_S, HOUR_S
from feedd.web.calendars import in_common_calendar
from feedd.web.dates import day_in, to_epoch

CLAIM_MAX_CHARS: Final = 500
DAY_ANYWHERE_S: Final = 36 * HOUR_S
"""How long a day lasts after its midnight UTC, in the last zone where it ends."""
OF_AGENCY_FOR_S: Final = 3 * DAY_S
"""A later day beside the headline than so long after the agency's is of what is to come."""

_PAGE_TYPE = re.compile(
    r"WebPage|ItemPage|AboutPage|CollectionPage|Product|VideoObject|Course|Event"
)
_PARTS = re.compile(r"[|•·⋅・—–]| - ")
"""Between what a line beside the headline says."""
_YEAR = re.compile(r"(?:19|20)\d\d|\d\d?[./-]\d\d?[./-]\d\d")
_FROM_TO = re.compile(r"(?<![\d-])\d{1,2} ?- ?\d{1,2}(?![\d-])")
_LABEL = re.compile(
    r"\W*(?:(?:first |last )?(?:published|posted|updated|modified|created|written|date)"
    r"(?: on| at)?\b|on\b)\W*",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(r"\W*[^\W\d][^\d:：]{1,28}[:：]\s*")
_BY = re.compile(r"(?:(?:posted|written|published) )?(?:by|von|par|por|door|av|af) \w", re.I)
_OF_ELSE = re.compile(
    r"\bjoin|\bsince\b|\bmember\b|\bborn\b|birth|found|event|deadline|expir|valid"
)
"""Days beside a headline that are of a person, a firm or what is to come."""
_YEARS: Final = range(1990, 2101)
_PUBLISHED_METAS: Final = parted(sections_of("meta_names.txt")["published"])
_PUBLISHED_NAME = re.compile(
    r"pub(?:lish(?:ed)?|lication)?[\W_]*(?:date|time|on|at)\b|(?:date|time)[\W_]*(?:publ|creat|post)"
    r"|(?:first|original)[\W_]*publ|(?:article|news|display|release|post(?:ed)?)[\W_]*date|\bapub\b"
    r"|\bcreated\b"
)
_NOT_PUBLISHED = re.compile(r"modif|updat|expir|revis|review|embargo|copyright|birth|event|end")
_TABLE: Final = sections_of("dates.txt")
_CHANGED = re.compile(_TABLE["changed"])
_LAST = re.compile(
    r"(?:(?:this|page|article|content|date|last|zuletzt|dernière|última|ultima|laatst|senast|sist|son"
    r"|ostatnia?|последн\w+) ){0,3}(?:" + _CHANGED.pattern + r")\w*"
)
_FIRST = re.compile(_TABLE["published"])
_AMERICAN = re.compile(r"(?:en(?:[-_]us)?)?", re.IGNORECASE)
_OF_COUNTRY = re.compile(r"\.(?!us|ph|io|co|ai|me|tv|fm|ly|cc|gg|sh|to)[a-z]{2}$").search
"""All countries' addresses but those where the month comes first, or that any firm buys."""
_ADDRESS_DAY = re.compile(
    r"(?:^|[/_.-])((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2]|[a-z]{3,9})[/_.-]?(0[1-9]|[12]\d|3[01])"
    r"(?=$|[/_.-])"
)
_FOLDERS = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2]|[a-z]{3,9})/(0?[1-9]|[12]\d|3[01])/")
"""Folders of an address: the system made them on the day of publication."""
_EITHER_IS_MONTH = re.compile(r"(?<![\d/-])(?:0?\d|1[0-2])[/-](?:0?\d|1[0-2])[/-]\d")
_COPYRIGHT = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)
_MONTH_OR_DAY = re.compile(r"\s*\d\d?[/-]\d\d?[/-]")
"""What begins so gives the month first in America."""


@cache
def load() -> None:
    """Load the library for days now, not with the first page that declares none; what it logs of a
    page is of no use to anyone.
    """
    import htmldate

    logging.getLogger(htmldate.__name__).setLevel(logging.CRITICAL)


def published(
    marked: MarkedElements,
    url: str,
    metas: Mapping[str, str],
    article: Thing,
    things: Iterable[Thing],
    runs: Iterable[LineBeside],
) -> int | None:
    """When the article was published first, in epoch seconds; midnight UTC of a day alone.

    What the page declares comes first, then the day that stands beside its headline, or with a
    place before its text, then any other day that a reader sees. Where the day beside the headline
    is the earlier one, the page's system has declared when it built the page, or moved it here.
    """
    first = day_first(marked.root.get("lang"), url)
    declared = [text_in(article.get(key)) for key in ("datePublished", "dateCreated", "uploadDate")]
    claims = _claims(metas, things)
    is_sure = _is_sound(declared[0], text_in(article.get("dateModified")))
    told = next(_instants((*declared, *claims) if is_sure else claims, day_first=first), None)
    beside, changed = _beside(runs, day_first=first, is_told=told is not None)
    if told is not None:
        if told % DAY_S == 0:
            told = next((at for at in _instants(claims, day_first=first) if _is_at(at, told)), told)
        return beside if beside is not None and beside + DAY_ANYWHERE_S < told else told
    dispatched = instant(of_agency(marked.root) or "", day_first=first)
    if dispatched is not None and (beside is None or beside > dispatched + OF_AGENCY_FOR_S):
        beside = dispatched
    day = _undeclared(marked, url, beside, changed, day_first=first)
    day = next(_instants(declared, day_first=first), None) if day is None else day
    day = _told_day(marked.root, day_first=first) if day is None else day
    return _by_htmldate(marked.root, url) if day is None else day


def _claims(metas: Mapping[str, str], things: Iterable[Thing]) -> list[str]:
    """What meta elements and the page's own structured data say of the day, the surest first."""
    claims = [metas[name] for name in _PUBLISHED_METAS if name in metas]
    claims += [
        text_in(thing.get("datePublished"))
        for thing in things
        if "datePublished" in thing and _PAGE_TYPE.search(text_in(thing.get("@type")))
    ]
    claims += [text for name, text in metas.items() if _names_publication(name)]
    claims += [  # cards of social networks have labels with their data
        metas.get(f"twitter:data{number}", "")
        for number in (1, 2)
        if _FIRST.match(metas.get(f"twitter:label{number}", "").lower())
    ]
    return claims


def _undeclared(
    marked: MarkedElements, url: str, beside: int | None, changed: int | None, *, day_first: bool
) -> int | None:
    """The day of a page that declares none: that in its address, `beside` its headline, or shown
    elsewhere (`changed`: a change of it).
    """
    folder = _day_in_folders(url)
    day = beside if folder is None else folder
    shown = (
        _shown_day(marked, day_first=day_first) if changed is None or day is not None else changed
    )
    if day is not None:
        is_same = shown is not None and (
            _is_within(shown, day) or (folder is None and _is_within(shown, _turned(day)))
        )
        return shown if is_same else day
    address = _day_in_address(url)
    if shown is not None and address is not None:
        within = DAY_ANYWHERE_S if shown % DAY_S else 0
        if shown > address + within:  # of another page, or of a change
            return address
    return address if shown is None else shown


def _is_within(at: int, day: int) -> bool:
    """Whether an instant falls on a day, told as its midnight UTC, somewhere on earth."""
    return day - DAY_ANYWHERE_S + DAY_S <= at <= day + DAY_ANYWHERE_S


def _is_at(at: int, day: int) -> bool:
    """Whether an instant says at what time of a day."""
    return at % DAY_S != 0 and _is_within(at, day)


def _turned(day: int) -> int:
    """The day that is meant where the number of the month was taken for that of the day."""
    at = datetime.fromtimestamp(day, UTC)
    return day if at.day > 12 else int(at.replace(month=at.day, day=at.month).timestamp())


def _instants(claims: Iterable[str], *, day_first: bool) -> Iterator[int]:
    found = (instant(claim, day_first=day_first) for claim in claims if claim)
    return (at for at in found if at is not None)


def _beside(
    runs: Iterable[LineBeside], *, day_first: bool, is_told: bool
) -> tuple[int | None, int | None]:
    """The first day that is a line of its own beside the headline; and the first there that is
    said to be one of a change. Where the page declares a day, numbers that might be month or day
    say nothing against it.
    """
    changed = None
    for said, names in with_days(runs):
        parts = _PARTS.split(in_common_calendar(said))
        days = sum(_YEAR.search(part) is not None for part in parts)
        for part in parts:
            if is_told and _EITHER_IS_MONTH.search(part):
                continue
            at = _whole_day(part, day_first=day_first)
            label = _ANY_LABEL.match(part) if at is None and not is_told else None
            if label is not None and not _CHANGED.search(names):
                at = _whole_day(part[label.end() :], day_first=day_first)
            if at is not None and not _OF_ELSE.search(names):
                line = part if days > 1 else said
                whole = instant(line, day_first=day_first)  # the time of day may stand apart
                at = whole if whole is not None and _is_within(whole, at) else at
                if not _CHANGED.search(part.lower() if days > 1 else names):
                    return at, changed
                changed = at if changed is None else changed
    return None, changed


def _whole_day(said: str, *, day_first: bool) -> int | None:
    """The day of a line that says nothing else, but that it is one, or who wrote."""
    if not _YEAR.search(said) or _FROM_TO.search(said):
        return None
    if _BY.match(said):
        return _sane(day_in(said, day_first=day_first))
    label = _FIRST.match(said.lower()) or _LABEL.match(said)
    said = (said[label.end() :] if label else said).strip(" .,:：")
    return _sane(to_epoch(said, day_first=day_first or not _MONTH_OR_DAY.match(said)))


@lru_cache(maxsize=4096)
def _names_publication(name: str) -> bool:
    return _PUBLISHED_NAME.search(name) is not None and _NOT_PUBLISHED.search(name) is None


def _is_sound(published: str, changed: str) -> bool:
    """Whether what was published was not changed before: some systems give the last rebuild."""
    at, since = instant(published), instant(changed)
    return at is None or since is None or at <= since or at // DAY_S == since // DAY_S


def _day_in_folders(url: str) -> int | None:
    return _day_by(_FOLDERS.search(urlsplit(url).path.lower()))


def _day_in_address(url: str) -> int | None:
    return _day_by(_ADDRESS_DAY.search(urlsplit(url).path))


def _day_by(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    year, month, day = match.groups()
    return instant(f"{day} {month} {year}" if month.isalpha() else f"{year}-{month:0>2}-{day:0>2}")


def _shown_day(marked: MarkedElements, *, day_first: bool) -> int | None:
    """The first day that a reader sees; one of a change only where there is no other."""
    changed = None
    for claim, name in shown(marked):
        folded = claim.lower()
        first = _FIRST.search(folded)
        if first is not None:
            rest = claim[first.end() :] if len(folded) == len(claim) else ""
            at = instant(rest, day_first=day_first)
            if at is not None:
                return at
        at = instant(claim, day_first=day_first)
        if at is not None and not _CHANGED.search(f"{name} {folded}".lower()):
            return at
        changed = at if changed is None else changed
    return changed


def _told_day(root: HtmlElement, *, day_first: bool) -> int | None:
    """The first day that a line, whatever it is called, says to be that of publication; one of a
    change only where there is no other.
    """
    changed = None
    for element in plain(root):
        folded = (element.text or "").lower().lstrip()
        first = _FIRST.match(folded)
        label = first or (_LAST.match(folded) if changed is None else None)
        if label is not None and not is_apart(element):
            text = text_of(element)
            if len(text) <= LINE_MAX_CHARS and first is not None:
                at = instant(text[label.end() :], day_first=day_first)
                if at is not None:
                    return at
            elif len(text) <= LINE_MAX_CHARS:
                said = in_common_calendar(text[label.end() :])
                changed = _whole_day(said, day_first=day_first)
    return changed


def _by_htmldate(root: HtmlElement, url: str) -> int | None:
    load()
    from htmldate import find_date

    try:
        found = find_date(root, url=url, original_date=True, extensive_search=False)
    except Exception:  # a library's rules over a stranger's page: no day is no loss
        return None
    at = instant(found) if found and not found.endswith("-01-01") else None  # a year alone
    return None if at is None or _is_todays(root, at) else at


def _is_todays(root: HtmlElement, at: int) -> bool:
    """Whether a day is told above the page alone: the day when it was fetched."""
    telling = [
        element
        for element in root.iter(
            "time", "p", "span", "div", "li", "i", "b", "small", "em", "td", "a"
        )
        for text in (element.text, element.tail)
        if text and len(text) <= LINE_MAX_CHARS and _YEAR.search(text) and instant(text) == at
    ]
    heads: dict[HtmlElement, bool] = {}
    return bool(telling) and all(is_of_page_head(element, heads) for element in telling)


def day_first(language: str | None, url: str) -> bool:
    """Whether a page in this language, at this address, writes the day before the month also
    between slashes or hyphens, as all do but Americans.
    """
    host = urlsplit(url).hostname or ""
    return not _AMERICAN.fullmatch(language or "") or _OF_COUNTRY(host) is not None


def instant(text: str, *, day_first: bool = False) -> int | None:
    """Epoch seconds of a time as pages write it; None for what is none, or before feeds were."""
    text = in_common_calendar(text.strip())
    if not 6 <= len(text) <= CLAIM_MAX_CHARS or _COPYRIGHT.match(text):
        return None
    at = to_epoch(text, day_first=day_first or not _MONTH_OR_DAY.match(text))
    at = day_in(text, day_first=day_first) if at is None else at
    return _sane(at)


def _sane(seconds: int | None) -> int | None:
    if seconds is None:
        return None
    try:
        return seconds if datetime.fromtimestamp(seconds, UTC).year in _YEARS else None
    except (ValueError, OverflowError, OSError):
        return None
