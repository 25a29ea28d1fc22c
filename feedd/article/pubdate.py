"""The day of an article: what the page declares, what a reader sees, what its address says."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedd.article.blocks import text_of
from feedd.article.markup import Thing, described, is_apart, named_elements, text_in
from feedd.units import DAY_S
from feedd.web.dates import day_in, to_epoch

CLAIM_MAX_CHARS: Final = 500
SHOWN_MAX_CHARS: Final = 120
"""A line of text that says the day is no longer."""
SHOWN_MAX: Final = 20
"""So many elements that call themselves a day are looked at."""

_PAGE_TYPE = re.compile(
    r"WebPage|ItemPage|AboutPage|CollectionPage|Product|VideoObject|Course|Event"
)
_YEARS: Final = range(1990, 2101)
_PUBLISHED_METAS: Final = tuple(
    str.split(
        "article:published_time og:published_time og:article:published_time article:published"
        " datepublished date_published publish_date publish-date publishdate published-date"
        " pubdate pub_date parsely-pub-date sailthru.date bt:pubdate originalpublicationdate"
        " citation_online_date citation_publication_date citation_date dc.date.issued dc.date"
        " dc.date.created dcterms.issued dcterms.created dcterms.date dcterms.available"
        " rnews:datepublished cxenseparse:recs:publishtime displaydate article_date_original"
        " iso-8601-publish-date shareaholic:article_published_time article.published published"
        " published_at publicationdate publication_date release_date ptime og:pubdate"
        " weibo:article:create_at mediator_published_time created date"
    )
)
"""Names of meta elements that give the day of publication, the surest first."""
_PLAIN_LINES: Final = ("p", "span", "div", "li", "em", "small", "i", "td")
_PUBLISHED_NAME = re.compile(
    r"pub(?:lish(?:ed)?|lication)?[\W_]*(?:date|time|on|at)\b|(?:date|time)[\W_]*(?:publ|creat|post)"
    r"|(?:first|original)[\W_]*publ|(?:article|news|display|release|post(?:ed)?)[\W_]*date|\bapub\b"
    r"|\bcreated\b"
)
_NOT_PUBLISHED = re.compile(r"modif|updat|expir|revis|review|embargo|copyright|birth|event|end")
_DATE_NAME = re.compile(
    r"\bdate|publi|posted|[-_]date|timestamp|\btime\b|dateline|by-?line|entry-meta|post-meta|meta\b"
    r"|\bwhen\b|\bago\b|\bfecha|\bdatum\b|\bdata\b|\btarih|\btanggal|\bдата",
    re.IGNORECASE,
)
_DAY_ATTRIBUTES: Final = (
    *("datetime", "title", "data-datetime", "data-timestamp", "data-time", "data-date"),
)
_CHANGED = re.compile(
    r"updat|modif|edited|aktualisiert|actualizad|atualizad|mis à jour|bijgewerkt|güncelle|обновл"
    r"|更新|修改|수정|aggiornat|zaktualiz|uppdater|oppdater|opdater|päivitet"
)
_FIRST = re.compile(
    r"\b(?:(?:first )?published|posted|publi[ée]|publicado|veröffentlicht|pubblicato|created|giriş"
    r"|yayın\w*|gepubliceerd|opublikowan\w|dodano|publicerad|publisert|udgivet|julkaistu"
    r"|опубликован\w)\b\W*|(?:发布|發布|发表|公開|掲載|入力|입력|등록)(?:时间|時間|日|于)?\W*"
)
_AMERICAN = re.compile(r"(?:en(?:[-_]us)?)?", re.IGNORECASE)
_OF_COUNTRY = re.compile(r"\.(?!us|ph|io|co|ai|me|tv|fm|ly|cc|gg|sh|to)[a-z]{2}$").search
"""All countries' addresses but those where the month comes first, or that any firm buys."""
_ADDRESS_DAY = re.compile(
    r"(?:^|[/_.-])((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2]|[a-z]{3,9})[/_-]?(0[1-9]|[12]\d|3[01])"
    r"(?=$|[/_.-])"
)
_MONTH_OR_DAY = re.compile(r"\s*\d\d?[/-]\d\d?[/-]")
"""What begins so gives the month first in America."""


def load() -> None:
    """Load the library for days now, not with the first page that declares none; what it logs of a
    page is of no use to anyone.
    """
    import htmldate

    logging.getLogger(htmldate.__name__).setLevel(logging.CRITICAL)


def published(
    root: HtmlElement,
    url: str,
    metas: Mapping[str, str],
    article: Thing,
    things: Iterable[Thing],
) -> int | None:
    first = day_first(root.get("lang"), url)
    declared = [text_in(article.get(key)) for key in ("datePublished", "dateCreated", "uploadDate")]
    claims = [metas.get(name, "") for name in _PUBLISHED_METAS]
    claims += [
        text_in(thing.get("datePublished"))
        for thing in things
        if _PAGE_TYPE.search(text_in(thing.get("@type")))
    ]
    claims += [text for name, text in metas.items() if _names_publication(name)]
    is_sure = _is_sound(declared[0], text_in(article.get("dateModified")))
    for claim in (*declared, *claims) if is_sure else claims:
        at = instant(claim, day_first=first)
        if at is not None:
            return at
    for at in (_shown_day(root, day_first=first), _day_in_address(url)):
        if at is not None:
            return at
    for claim in declared:
        at = instant(claim, day_first=first)
        if at is not None:
            return at
    at = _told_day(root, day_first=first)
    return _by_htmldate(root, url) if at is None else at


def _names_publication(name: str) -> bool:
    return _PUBLISHED_NAME.search(name) is not None and _NOT_PUBLISHED.search(name) is None


def _is_sound(published: str, changed: str) -> bool:
    """Whether what was published was not changed before: some systems give the last rebuild."""
    at, since = instant(published), instant(changed)
    return at is None or since is None or at <= since or at // DAY_S == since // DAY_S


def _day_in_address(url: str) -> int | None:
    match = _ADDRESS_DAY.search(urlsplit(url).path)
    if match is None:
        return None
    year, month, day = match.groups()
    return instant(f"{day} {month} {year}" if month.isalpha() else f"{year}-{month}-{day}")


def _shown_day(root: HtmlElement, *, day_first: bool) -> int | None:
    """The first day that a reader sees; one of a change only where there is no other."""
    changed = None
    for claim, name in _shown_days(root):
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


def _shown_days(root: HtmlElement) -> Iterator[tuple[str, str]]:
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
        for attribute in _DAY_ATTRIBUTES:
            yield element.get(attribute) or "", name
        yield text_of(element)[:CLAIM_MAX_CHARS], name
    seen = 0
    for element in named_elements(root):
        names = element.get("class"), element.get("id")
        if _names_day(*names) and not is_apart(element):
            name = " ".join(name or "" for name in names)
            text = text_of(element)
            if len(text) <= SHOWN_MAX_CHARS and (len(text) >= 6 or element.get("title")):
                for attribute in _DAY_ATTRIBUTES:
                    yield element.get(attribute) or "", name
                yield text, name
                seen += 1
                if seen >= SHOWN_MAX:
                    return


def _told_day(root: HtmlElement, *, day_first: bool) -> int | None:
    """The first day that a line, whatever it is called, says to be that of publication."""
    for element in root.iter(*_PLAIN_LINES):
        said = element.text
        if said and len(said) <= SHOWN_MAX_CHARS:
            first = _FIRST.match(said.lower().lstrip())
            if first is not None and not is_apart(element):
                text = text_of(element)
                at = instant(text[first.end() :], day_first=day_first)
                if at is not None and len(text) <= SHOWN_MAX_CHARS:
                    return at
    return None


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


@lru_cache(maxsize=4096)
def _names_day(*names: str | None) -> bool:
    return any(name is not None and _DATE_NAME.search(name) for name in names)


def _by_htmldate(root: HtmlElement, url: str) -> int | None:
    load()
    from htmldate import find_date

    try:
        found = find_date(root, url=url, original_date=True, extensive_search=False)
    except Exception:  # a library's rules over a stranger's page: no day is no loss
        return None
    return instant(found) if found else None


def day_first(language: str | None, url: str) -> bool:
    """Whether a page in this language, at this address, writes the day before the month also
    between slashes or hyphens, as all do but Americans.
    """
    host = urlsplit(url).hostname or ""
    return not _AMERICAN.fullmatch(language or "") or _OF_COUNTRY(host) is not None


def instant(text: str, *, day_first: bool = False) -> int | None:
    """Epoch seconds of a time as pages write it; None for what is none, or before feeds were."""
    text = text.strip()
    if not 6 <= len(text) <= CLAIM_MAX_CHARS:
        return None
    at = to_epoch(text, day_first=day_first or not _MONTH_OR_DAY.match(text))
    at = day_in(text, day_first=day_first) if at is None else at
    return None if at is None else _sane(at)


def _sane(seconds: int) -> int | None:
    try:
        return seconds if datetime.fromtimestamp(seconds, UTC).year in _YEARS else None
    except (ValueError, OverflowError, OSError):
        return None
