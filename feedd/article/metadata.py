"""Who wrote a page, when, under which title, with which picture: its claims, the surest first.

Structured data (JSON-LD, meta elements, microdata) comes before what stands on the page (`<time>`,
bylines) and what its address says; a day that none of these gives is left to htmldate.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, cast
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from feedd import sanitise
from feedd.text import one_line

JSON_LD_MAX_CHARS: Final = 500_000
NESTED_MAX: Final = 400
"""So many objects of a page's JSON-LD are looked at."""
LINE_MAX_CHARS: Final = 500
BYLINE_MAX_CHARS: Final = 120
NAME_MAX_WORDS: Final = 6
BYLINES_MAX: Final = 20
"""So many elements that call themselves bylines or dates are looked at."""

Thing = Mapping[str, object]
"""One object of JSON-LD."""

_ARTICLE_TYPE = re.compile(
    r"Article|BlogPosting|NewsStory|Report|Recipe|Review$|SocialMediaPosting|LiveBlogPosting"
    r"|DiscussionForumPosting|QAPage|HowTo"
)
_PAGE_TYPE = re.compile(
    r"WebPage|ItemPage|AboutPage|CollectionPage|Product|VideoObject|Course|Event"
)
_COMMENT = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|^\s*//.*$", re.MULTILINE)
_COMMA_TOO_MANY = re.compile(r",(?=\s*[}\]])")
_YEARS: Final = range(1990, 2101)

_PUBLISHED_METAS: Final = tuple(
    str.split(
        "article:published_time og:published_time og:article:published_time article:published"
        " datepublished date_published publish_date publish-date publishdate published-date"
        " pubdate pub_date parsely-pub-date sailthru.date bt:pubdate originalpublicationdate"
        " citation_online_date citation_publication_date citation_date dc.date.issued dc.date"
        " dc.date.created dcterms.issued dcterms.created dcterms.date dcterms.available"
        " rnews:datepublished cxenseparse:recs:publishtime displaydate article_date_original"
        " iso-8601-publish-date shareaholic:article_published_time created date"
    )
)
"""Names of meta elements that give the day of publication, the surest first."""
_AUTHOR_METAS: Final = tuple(
    str.split(
        "author article:author og:article:author parsely-author sailthru.author citation_author"
        " dc.creator dcterms.creator dc.contributor byl article:author_name rbauthors"
        " shareaholic:article_author_name cxenseparse:author"
    )
)
_SITE_METAS: Final = ("og:site_name", "application-name", "apple-mobile-web-app-title")
_IMAGE_METAS: Final = (
    *("og:image:secure_url", "og:image", "og:image:url"),
    *("twitter:image", "twitter:image:src", "thumbnail", "sailthru.image.full"),
)

_PARTED = re.compile(r"\s+(?:[|\-–—·•»«:~/]|::|\|\|)\s+|\s*[|»]\s*|:\s+")
_TITLE_TAIL = re.compile(r"\s+[|\-–—:»·•]\s+[^|\-–—:»·•]{2,60}$")
_BY = re.compile(
    r"^\W*(?:(?:written|posted|published|reported|story|words|text|article|review|reviewed|photos?)"
    r" by|by|author|authors|von|par|por|di|door|av|af|автор|text|foto)\b[:\s]*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:admin(?:istrator)?|staff|editors?|editorial(?: (?:staff|team))?|guest|webmaster|root"
    r"|user|anonymous|unknown|none|null|by|team|news|the authors?"
    r"|redaktion|la rédaction|redacción)$",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\s*(?:[|•·\n]|\s[-–—]\s|\bupdated\b|\bpublished\b|\bposted\b|\bon\b(?= \w+ \d)"
    r"|\d{1,2}[./:]\d|(?:19|20)\d\d|,? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r" \d).*$",
    re.IGNORECASE | re.DOTALL,
)
_BYLINE_NAME = re.compile(r"\b(?:byline|author|writer|creator|posted-by|postedby)", re.IGNORECASE)
_NO_BYLINE_NAME = re.compile(
    r"bio|box|about|avatar|comment|related|image|photo|social|follow|desc|list|card", re.IGNORECASE
)
_DATE_NAME = re.compile(
    r"\bdate|publi|posted|[-_]date|timestamp|\btime\b|dateline|byline|entry-meta|post-meta|meta\b",
    re.IGNORECASE,
)
_WITH_PROPERTY = etree.XPath("//*[@itemprop]")
_WITH_NAME = etree.XPath(
    "//*[@class or @id or @rel][self::a or self::span or self::p or self::div or self::address"
    " or self::cite or self::li or self::abbr or self::small or self::em]"
)
_APART: Final = frozenset({"aside", "nav", "footer"})
_ADDRESS_DAY = re.compile(
    r"(?:^|[/_.-])((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=$|[/_.-])"
)

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero janeiro gennaio januari января ene janv genn",
            "february feb februar février fevrier febrero fevereiro febbraio februari февраля fév",
            "march mar märz maerz mars marzo março maart марта mär mrz",
            "april apr avril abril aprile апреля avr abr",
            "may mai mayo maio maggio mei мая maj",
            "june jun juni juin junio junho giugno июня",
            "july jul juli juillet julio julho luglio июля juil",
            "august aug août aout agosto augustus augusti августа ago",
            "september sep sept septembre septiembre setembro settembre сентября",
            "october oct oktober octobre octubre outubro ottobre октября okt out ott",
            "november nov novembre noviembre novembro ноября",
            "december dec dezember décembre decembre diciembre dezembro dicembre december декабря"
            " dez déc dic dezem",
        ),
        1,
    )
    for name in names.split()
}
_IN_WORDS = (
    re.compile(
        r"(?P<month>[^\W\d_]{3,10})\.?,? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>(?:19|20)\d\d)"
    ),
    re.compile(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[ -](?:de |of )?(?P<month>[^\W\d_]{3,10})"
        r"\.?,?[ -](?:de )?(?P<year>(?:19|20)\d\d)"
    ),
    re.compile(r"(?P<year>(?:19|20)\d\d)[./年-] ?(?P<month>\d{1,2})[./月-] ?(?P<day>\d{1,2})"),
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?::\d\d)? ?(?P<half>[ap]\.?m\b)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says of its article; `headlines` are the names that it gives itself, the
    surest first, `site` those of its site. `published` is in epoch seconds; of a day alone it is
    midnight UTC.
    """

    title: str | None = None
    headlines: tuple[str, ...] = ()
    site: frozenset[str] = frozenset()
    author: str | None = None
    published: int | None = None
    lead_image: str | None = None
    language: str | None = None


def load() -> None:
    """Load the library for days now, not with the first page that declares none; what it logs of a
    page is of no use to anyone.
    """
    import htmldate

    logging.getLogger(htmldate.__name__).setLevel(logging.CRITICAL)


def things_of(root: HtmlElement) -> list[Thing]:
    """All objects of a page's JSON-LD, the outer before the inner. What scripts and templates add
    (comments, commas too many) is forgiven.
    """
    found: list[Thing] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            waiting: list[object] = [_parsed((script.text or "")[:JSON_LD_MAX_CHARS])]
            while waiting and len(found) < NESTED_MAX:
                value = waiting.pop(0)
                if isinstance(value, dict):
                    found.append(value)
                    waiting += [v for v in value.values() if isinstance(v, (dict, list))]
                elif isinstance(value, list):
                    waiting += value[:NESTED_MAX]
    return found


def _parsed(text: str) -> object:
    for attempt in (text, _COMMENT.sub("", text), _COMMA_TOO_MANY.sub("", _COMMENT.sub("", text))):
        try:
            return json.loads(attempt.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def article_of(things: Iterable[Thing], names: Sequence[str]) -> Thing:
    """The object that describes the page's article: one that bears one of its `names`, or else
    the one with most text, or the first.
    """
    known = {squash(name) for name in names if name}
    best: Thing = {}
    best_rank = (-1, -1)
    for thing in things:
        if not _ARTICLE_TYPE.search(text_in(thing.get("@type"))):
            continue
        named = squash(text_in(thing.get("headline")) or text_in(thing.get("name")))
        rank = (int(bool(named) and named in known), len(text_in(thing.get("articleBody"))))
        if rank > best_rank:
            best, best_rank = thing, rank
    return best


def read(
    root: HtmlElement, url: str, base: str, metas: Mapping[str, str], things: Sequence[Thing]
) -> tuple[Metadata, Thing]:
    """The page's metadata, and the JSON-LD object of its article (an empty one: there is none)."""
    page_title = line(root.findtext(".//title")) or ""
    headings = [line(" ".join(h.itertext())) or "" for h in list(root.iter("h1"))[:5]]
    told = [line(metas.get(name)) or "" for name in ("og:title", "twitter:title")]
    article = article_of(things, [*told, *headings, page_title])
    site = _site_names(url, metas, things)
    headline = line(text_in(article.get("headline")))
    title = _title(headline, told, page_title, headings, site)
    headlines = dict.fromkeys(name for name in (title, headline, *told) if name)
    return (
        Metadata(
            title=title,
            headlines=tuple(headlines),
            site=site,
            author=_author(root, metas, article, things, site),
            published=_published(root, url, metas, article, things),
            lead_image=_image(root, base, metas, article),
            language=_language(root, metas, article),
        ),
        article,
    )


def line(value: str | None) -> str | None:
    """Text on one line; None for nothing."""
    return (one_line(value)[:LINE_MAX_CHARS] or None) if value else None


def text_in(value: object) -> str:
    """The text of a JSON-LD value: itself, its name, or those of its members."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(text_in(each) for each in value[:20])
    if isinstance(value, dict):
        return text_in(value.get("name") or value.get("@value") or "")
    return ""


def squash(text: str) -> str:
    """Letters and digits alone, folded: to compare names."""
    return re.sub(r"[\W_]+", "", text).lower()


def _site_names(url: str, metas: Mapping[str, str], things: Iterable[Thing]) -> frozenset[str]:
    """What the site calls itself, squashed; the address' host, too."""
    names = [metas.get(name, "") for name in _SITE_METAS]
    names.append(metas.get("twitter:site", "").lstrip("@"))
    for thing in things:
        kind = text_in(thing.get("@type"))
        if kind in ("WebSite", "Organization", "NewsMediaOrganization"):
            names.append(text_in(thing.get("name")))
        names.append(text_in(thing.get("publisher")))
    try:
        labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    except ValueError:
        labels = []
    names += ["".join(labels), *(label for label in labels[:-1] if len(label) > 3)]
    return frozenset(squash(name) for name in names if name and squash(name))


def _title(
    headline: str | None,
    told: Sequence[str],
    page_title: str,
    headings: Sequence[str],
    site: frozenset[str],
) -> str | None:
    shown = {squash(heading): heading for heading in headings if heading}
    named = [name for name in (headline, *told, page_title) if name]
    for heading in headings:
        if squash(heading) not in site and any(_alike(heading, name) for name in named):
            return heading
    for name in named:
        cut = without_site(name, site, shown)
        if cut != name or name != page_title:
            return cut
    return _TITLE_TAIL.sub("", page_title) or next(iter(shown.values()), None)


def _alike(one: str, two: str) -> bool:
    """Whether two names share half of their words."""
    words, others = (set(re.findall(r"\w+", name.lower())) for name in (one, two))
    return 2 * len(words & others) >= max(len(words), 1) and len(words & others) * 3 >= len(others)


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
    return title.strip()


def _author(
    root: HtmlElement,
    metas: Mapping[str, str],
    article: Thing,
    things: Iterable[Thing],
    site: frozenset[str],
) -> str | None:
    by_id = {text_in(thing.get("@id")): thing for thing in things if "name" in thing}
    own = _is_person(article.get("author"))
    for claim in (
        _named(article.get("author"), by_id),
        _named(article.get("creator"), by_id),
        *([metas.get(name, "")] for name in _AUTHOR_METAS),
        _written_by(metas),
        *_shown_authors(root),
    ):
        names = [name for each in claim for name in _people(each, frozenset() if own else site)]
        own = False
        if names:
            return ", ".join(dict.fromkeys(names))
    return None


def _named(value: object, by_id: Mapping[str, Thing]) -> list[str]:
    """Names in an author of JSON-LD, which may be told elsewhere on the page."""
    names = []
    for author in value if isinstance(value, list) else [value]:
        if isinstance(author, dict) and not author.get("name"):
            author = by_id.get(text_in(author.get("@id")), author)
        names.append(text_in(author))
    return names[:NAME_MAX_WORDS]


def _is_person(author: object) -> bool:
    """A person's own site may bear the person's name."""
    first = author[0] if isinstance(author, list) and author else author
    return isinstance(first, dict) and text_in(first.get("@type")) == "Person"


def _written_by(metas: Mapping[str, str]) -> list[str]:
    """Cards of social networks have labels with their data."""
    for number in ("1", "2"):
        label = metas.get(f"twitter:label{number}", "").lower()
        if label.startswith(("written by", "by", "author", "verfasst von")):
            return [metas.get(f"twitter:data{number}", "")]
    return []


def _shown_authors(root: HtmlElement) -> Iterator[list[str]]:
    marked = [e for e in _described(root) if "author" in e.get("itemprop").split()]
    marked = [e for e in marked if not _is_apart(e)]
    for element in marked[:3]:
        name = next((e for e in element.iter() if e.get("itemprop") == "name"), element)
        yield [name.get("content") or _text_of(name)]
    by_rel = [a for a in root.iter("a") if "author" in (a.get("rel") or "").lower().split()]
    for link in [a for a in by_rel if not _is_apart(a)][:1]:
        yield [_text_of(link)]
    seen = 0
    for element in _named_elements(root):
        name = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('rel') or ''}"
        if not _BYLINE_NAME.search(name) or _NO_BYLINE_NAME.search(name) or _is_apart(element):
            continue
        text = _text_of(element)
        if not text or len(text) > BYLINE_MAX_CHARS:
            continue
        links = [_text_of(a) for a in element.iter("a") if "@" not in _text_of(a)]
        yield (
            links
            if links and all(len(text.split()) <= NAME_MAX_WORDS for text in links)
            else [text]
        )
        seen += 1
        if seen >= BYLINES_MAX:
            return


def _described(root: HtmlElement) -> list[HtmlElement]:
    """Elements with microdata."""
    return cast(list[HtmlElement], _WITH_PROPERTY(root))


def _named_elements(root: HtmlElement) -> list[HtmlElement]:
    """Elements that may be a line of who and when, and bear a name of some kind."""
    return cast(list[HtmlElement], _WITH_NAME(root))


def _is_apart(element: HtmlElement) -> bool:
    return any(
        around.tag in _APART or "comment" in (around.get("class") or "").lower()
        for around in element.iterancestors()
    )


def _text_of(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _people(claim: str, site: frozenset[str]) -> list[str]:
    """The names in a line that says who wrote something; no addresses, no sites, no roles."""
    claim = line(claim) or ""
    claim = _AFTER_NAME.sub("", _BY.sub("", claim)).strip(" ,;:–—-|")
    if not claim or claim.startswith(("http", "www.", "/")):
        return []
    names = []
    for part in re.split(r"\s*(?:;|\n|,(?! (?:jr|sr|ph)\b)| and | & | und | et | y )\s*", claim):
        name = _BY.sub("", re.sub(r"(?<!\S)\S+@\S+", "", part)).strip(" ,;:()<>[]–—-|")
        if (
            len(name) >= 2
            and len(name.split()) <= NAME_MAX_WORDS
            and not _NO_NAME.match(name)
            and not re.search(r"\d{2}|https?:|[?!{}]|\w\.\w+\.\w", name)
            and squash(name) not in site
        ):
            names.append(name)
    return names


def _published(
    root: HtmlElement,
    url: str,
    metas: Mapping[str, str],
    article: Thing,
    things: Iterable[Thing],
) -> int | None:
    claims = [text_in(article.get(key)) for key in ("datePublished", "dateCreated", "uploadDate")]
    claims += [metas.get(name, "") for name in _PUBLISHED_METAS]
    claims += [
        text_in(thing.get("datePublished"))
        for thing in things
        if _PAGE_TYPE.search(text_in(thing.get("@type")))
    ]
    for claim in claims:
        at = instant(claim)
        if at is not None:
            return at
    for claim in _shown_days(root):
        at = instant(claim)
        if at is not None:
            return at
    match = _ADDRESS_DAY.search(urlsplit(url).path)
    if match:
        return _epoch(int(match[1]), int(match[2]), int(match[3]))
    return _by_htmldate(root, url)


def _shown_days(root: HtmlElement) -> Iterator[str]:
    """What elements say that are made for a day, or call themselves one."""
    marked = [
        e
        for e in _described(root)
        if e.get("itemprop") in ("datePublished", "dateCreated") and not _is_apart(e)
    ]
    for element in marked[:3]:
        yield element.get("content") or element.get("datetime") or _text_of(element)
    times = [e for e in root.iter("time") if not _is_apart(e)]
    for element in sorted(times[:BYLINES_MAX], key=lambda e: e.get("pubdate") is None):
        yield element.get("datetime") or ""
        yield _text_of(element)[:LINE_MAX_CHARS]
    seen = 0
    for element in _named_elements(root):
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _DATE_NAME.search(name) and not _is_apart(element):
            text = _text_of(element)
            if 6 <= len(text) <= BYLINE_MAX_CHARS:
                yield element.get("title") or text
                yield text
                seen += 1
                if seen >= BYLINES_MAX:
                    return


def _by_htmldate(root: HtmlElement, url: str) -> int | None:
    load()
    from htmldate import find_date

    try:
        found = find_date(root, url=url, original_date=True, extensive_search=False)
    except Exception:  # a library's rules over a stranger's page: no day is no loss
        return None
    return instant(found) if found else None


def instant(text: str) -> int | None:
    """Epoch seconds of a time as pages write it; None for what is none, or before feeds were."""
    text = text.strip()
    if not 6 <= len(text) <= LINE_MAX_CHARS:
        return None
    if text.isdigit() and len(text) in (10, 13):
        return _sane(int(text[:10]))
    try:
        at = datetime.fromisoformat(re.sub(r"(?<!\s)\s++(?=[+-]\d\d:?\d\d$)", "", text))
    except ValueError:
        pass
    else:
        return _sane(int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()))
    if re.match(r"\d{4}-\d\d-\d\dT", text):
        return instant(text[:19]) if len(text) > 19 else _in_words(text[:10])
    if re.match(r"[A-Za-z]{3,9},? \d", text):
        try:
            return _sane(int(parsedate_to_datetime(text).timestamp()))
        except (ValueError, TypeError, OverflowError):
            pass
    return _in_words(text)


def _in_words(text: str) -> int | None:
    """The first day in a line, with the time that stands after it."""
    for pattern in _IN_WORDS:
        match = pattern.search(text)
        if match:
            month = match["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS.get(month)
            if number:
                return _epoch(int(match["year"]), number, int(match["day"]), text[match.end() :])
    match = _NUMERIC.search(text)
    if match:
        one, sign, two, year = int(match[1]), match[2], int(match[3]), int(match[4])
        if sign == "/" and two <= 31 and one <= 12:
            return _epoch(year, one, two)
        return _epoch(year, two, one)
    return None


def _epoch(year: int, month: int, day: int, after: str = "") -> int | None:
    clock = _CLOCK.search(after[:40])
    hour, minute = (int(clock["hour"]), int(clock["minute"])) if clock else (0, 0)
    if clock and clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower().startswith("p") else 0)
    try:
        return _sane(int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()))
    except ValueError:
        try:
            return _sane(int(datetime(year, month, day, tzinfo=UTC).timestamp()))
        except ValueError:
            return None


def _sane(seconds: int) -> int | None:
    try:
        return seconds if datetime.fromtimestamp(seconds, UTC).year in _YEARS else None
    except (ValueError, OverflowError, OSError):
        return None


def _image(root: HtmlElement, base: str, metas: Mapping[str, str], article: Thing) -> str | None:
    claims = [metas.get(name, "") for name in _IMAGE_METAS]
    claims += [_address_in(article.get("image")), _address_in(article.get("thumbnailUrl"))]
    claims += [
        link.get("href") or ""
        for link in root.iter("link")
        if (link.get("rel") or "").lower() == "image_src"
    ]
    for claim in claims:
        address = sanitise.link(claim, base) if claim else None
        if address and not re.search(r"/undefined$|placeholder|/null$", address):
            return address
    return None


def _address_in(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    return value if isinstance(value, str) else ""


def _language(root: HtmlElement, metas: Mapping[str, str], article: Thing) -> str | None:
    for claim in (
        root.get("lang") or root.get("xml:lang") or "",
        text_in(article.get("inLanguage")),
        metas.get("og:locale", ""),
        metas.get("content-language", ""),
        metas.get("language", ""),
    ):
        tag = claim.strip().replace("_", "-")
        if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", tag):
            return tag
    return None
