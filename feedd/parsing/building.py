"""Raw values to those of `feedd.model`: sanitised, absolute, bounded.

One builder for all readers. What is bounded is said in the problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from html import escape
from typing import Final

from feedd import parsing
from feedd.model import Enclosure, Entry, Hints
from feedd.parsing import files
from feedd.parsing.raw import (
    NOTHING,
    Person,
    Problems,
    RawEntry,
    RawFeed,
    RawLink,
    RawText,
    written_link,
)
from feedd.sanitise import clean_with_text, link
from feedd.sanitise.allowed import ELEMENTS
from feedd.text import one_line, plain_line, to_text
from feedd.units import DAY_S, HOUR_S, WEEK_S, YEAR_S
from feedd.web.dates import to_epoch, utc_offset

_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);")
_TAG = re.compile(
    rf"<(?:/?(?:{'|'.join(sorted(ELEMENTS))})(?=[\s/>])|/?[a-z][a-z0-9]*-|[!?])", re.I
)
"""What nothing but HTML has: `<3` is none, nor is `<https://example.org>` or `<name>`."""

_CODE = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.S | re.I)
"""What is no words of HTML, though its tags be left out."""

_PARAGRAPHS = re.compile(r"\n[ \t\r]*\n\s*")
_ADDRESS = re.compile(
    r"\bhttps?://(?:[^\s<>\"&\u0e00-\u0e7f\u2000-\u206f\u2e80-\uffef]"
    r"|&(?!(?:[lg]t|quot|nbsp|#\w+);))+(?<![.,:;!?'\]}*_~])",
    re.ASCII,
)
"""An address in plain text, without the sign that ends the sentence, and without the words behind
it in a script that puts no blank between words."""

_LINE_BREAK = re.compile(r"\n(?=\S)")
_UNSTORABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*", re.ASCII).fullmatch
_RELATIONS: Final = "http://www.iana.org/assignments/relation/"
_PAGES: Final = frozenset({"text/html", "html", "application/xhtml+xml"})
_SHOWN_AS_HTML: Final = _PAGES | {None, ""}
DATES_LOOKED_AT: Final = 5
"""One of so many of the first entries tells the zone in which a publisher dates."""

_PERIODS_S: Final = {
    "hourly": HOUR_S,
    "daily": DAY_S,
    "weekly": WEEK_S,
    "monthly": 30 * DAY_S,
    "yearly": YEAR_S,
}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBER = re.compile(r"\s*\+?(\d{1,9})(?:\.\d*)?\s*", re.ASCII).fullmatch


class Builder:
    """Builds the entries of one document. `url` is where it came from."""

    def __init__(self, feed: RawFeed, url: str, problems: Problems, *, day_first: bool) -> None:
        self._day_first = day_first
        self._feed = feed
        self._url = url
        self._problems = problems
        self._heirs = author(feed.authors, problems)

    def entry(self, raw: RawEntry) -> Entry:
        """One entry, whatever is in it."""
        guid = self._guid(raw.guid)
        links: dict[str, list[RawLink]] = {}
        for one in raw.links:
            links.setdefault(relation(one), []).append(one)
        address = self._link(raw, links.get("alternate", ()))
        content, summary = _fullest(raw)
        html, text = self._html(content, address) if content else ("", "")
        beside = self._summary(summary) if summary and summary.value else None
        published, updated = self._dates(raw)
        enclosed = links.get("enclosure", ())
        attached: tuple[Enclosure, ...] = ()
        image = None
        if enclosed or raw.media or raw.thumbnails or raw.image:
            attached = files.enclosures(raw, enclosed, self._url, self._problems)
            image = files.picture(raw, attached, self._url)
        return Entry(
            guid=guid,
            link=address,
            title=self.title(raw.title),
            author=author(raw.authors, self._problems)
            or author(raw.source_authors, self._problems)
            or (self._heirs if self._feed.family != "rss" or raw.has_file else None),
            published=published,
            updated=updated,
            html=html,
            text=text,
            summary=beside if beside != text else None,
            full=content is not raw.summary,
            comments=self._comments(raw, links.get("replies", ())),
            language=_language(raw, content),
            categories=self._categories(raw.categories),
            enclosures=attached,
            image=image,
            season=_number(raw.season),
            episode=_number(raw.episode),
            origin=self.title(raw.origin) or None,
        )

    def title(self, raw: RawText | None) -> str:
        """On one line, whatever it was marked up as."""
        if raw is None or not raw.value:
            return ""
        value = _opened(raw.value)
        if len(value) > parsing.TITLE_MAX_CHARS:
            value = value[: 4 * parsing.TITLE_MAX_CHARS]
        if raw.kind == "html" and "<" in value:
            value = _CODE.sub("", value)
        title = plain_line(value) if raw.kind == "text" else one_line(value)
        if len(title) > parsing.TITLE_MAX_CHARS:
            self._problems.note(f"a title over {parsing.TITLE_MAX_CHARS} characters was cut")
            title = title[: parsing.TITLE_MAX_CHARS - 1] + "…"
        return title

    def _guid(self, given: str | None) -> str | None:
        guid = _storable(given or "").strip()
        if guid.lower() in NOTHING:
            return None
        if len(guid) > parsing.GUID_MAX_CHARS:
            self._problems.note(f"an id over {parsing.GUID_MAX_CHARS} characters is kept as a hash")
            whole = blake2b(guid.encode("utf-8", "replace"), digest_size=16).hexdigest()
            guid = f"{guid[: parsing.GUID_KEPT_CHARS]}…{whole}"
        return guid

    def _link(self, raw: RawEntry, own: Sequence[RawLink]) -> str | None:
        """Where the entry is to be read."""
        shown = [one.href for one in own if one.type in _SHOWN_AS_HTML]
        candidates = [raw.original_link, *shown, *(one.href for one in own), raw.link]
        for candidate in candidates:
            if candidate:
                address = link(candidate, self._url)
                if address:
                    return address
                self._problems.note("a link that is no web address was left out")
        return None

    def _html(self, content: RawText, address: str | None) -> tuple[str, str]:
        """Sanitised, and its text."""
        value = _opened(content.value)
        if len(value) > parsing.CONTENT_MAX_CHARS:
            self._problems.note(f"content over {parsing.CONTENT_MAX_CHARS} characters was cut")
            value = value[: parsing.CONTENT_MAX_CHARS]
        if content.kind == "text" or not _MARKUP.search(value):
            value = _in_paragraphs(escape(value, quote=False))
        elif not _TAG.search(value):
            value = _in_paragraphs(value.replace("<", "&lt;"))
        # Rule 39: xml:base, then the entry's link, then the feed's address.
        own_base = content.base if content.base != self._url else None
        return clean_with_text(value, own_base or address or self._url)

    def _summary(self, summary: RawText) -> str | None:
        value = _opened(summary.value[: 4 * parsing.SUMMARY_MAX_CHARS])
        if summary.kind == "text" or (summary.kind == "either" and not _MARKUP.search(value)):
            text = _storable(value, keep="\n")
        else:
            has_tags = "<" in value and _TAG.search(value)
            text = (
                clean_with_text(value, self._url)[1]
                if has_tags
                else to_text(value.replace("<", "&lt;"))
            )
        if len(text) > parsing.SUMMARY_MAX_CHARS:
            self._problems.note(f"a summary over {parsing.SUMMARY_MAX_CHARS} characters was cut")
            text = text[: parsing.SUMMARY_MAX_CHARS]
        return text.strip() or None

    def _dates(self, raw: RawEntry) -> tuple[int | None, int | None]:
        """When it was published and updated. RSS says with dc:date when it was published."""
        published = self._date(raw.published)
        if published is None:
            published = self._date(raw.created)
        updated = self._date(raw.updated)
        if published is None:
            published = updated
            if self._feed.family == "rss":
                updated = None
        return published, updated

    def _date(self, text: str | None) -> int | None:
        if not text or not text.strip():
            return None
        moment = to_epoch(text, day_first=self._day_first)
        if moment is None:
            self._problems.note("a date that cannot be read was left out")
        return moment

    def _comments(self, raw: RawEntry, replies: Sequence[RawLink]) -> str | None:
        pages = [one.href for one in replies if one.type in _PAGES]  # else a feed (RFC 4685, 4)
        given = raw.comments or (pages[0] if pages else "")
        return link(written_link(given), self._url) if given else None

    def _categories(self, given: Sequence[str]) -> tuple[str, ...]:
        if not given:
            return ()
        names = dict.fromkeys(
            name[: parsing.CATEGORY_MAX_CHARS] for one in given if (name := one_line(one))
        )
        if len(names) > parsing.CATEGORIES_MAX:
            self._problems.note(f"categories beyond {parsing.CATEGORIES_MAX} were left out")
        return tuple(names)[: parsing.CATEGORIES_MAX]


def author(people: Iterable[Person], problems: Problems) -> str | None:
    """The names of all, each once; an address where there is no name."""
    names: dict[str, str] = {}
    for one in people:
        name = one_line(one.name or "") or one_line(one.email or "")
        if name:
            names.setdefault(name.casefold(), name)
    together = ", ".join(names.values())
    if len(together) > parsing.AUTHOR_MAX_CHARS:
        problems.note(f"authors over {parsing.AUTHOR_MAX_CHARS} characters were cut")
        together = together[: parsing.AUTHOR_MAX_CHARS - 1] + "…"
    return together or None


def language_tag(given: str | None) -> str | None:
    """A language tag (BCP 47), or None for what is none."""
    tag = (given or "").strip().replace("_", "-")
    if len(tag) > parsing.LANGUAGE_MAX_CHARS or not _LANGUAGE(tag):
        return None
    return tag


def _opened(text: str) -> str:
    """The text of a CDATA section whose marks were escaped with it."""
    if text.startswith("<![CDATA["):
        return text[9:].removesuffix("]]>").strip()
    return text


def _fullest(raw: RawEntry) -> tuple[RawText | None, RawText | None]:
    """What to show as content, and the other text, if any: the summary beside it."""
    content = max(raw.contents, key=lambda one: len(one.value), default=None)
    if content is None or not content.value:
        return raw.summary, None
    if raw.summary is None or len(content.value) >= len(raw.summary.value):
        return content, raw.summary
    return raw.summary, content


def _in_paragraphs(text: str) -> str:
    """Text without tags as HTML: an empty line parts paragraphs, and a line that is not indented
    is a line of its own. An address is a link.
    """
    if "://" in text:
        text = _ADDRESS.sub(_linked, text)
    paragraphs = _PARAGRAPHS.split(text.replace("\r\n", "\n").strip())
    if len(paragraphs) > 1:
        paragraphs = [f"<p>{part.strip()}</p>" for part in paragraphs]
    return _LINE_BREAK.sub("<br>", "".join(paragraphs))


def _linked(address: re.Match[str]) -> str:
    """The address as a link; a bracket that closes where none was opened is no part of it."""
    url = address[0]
    closing = len(url) - len(url.rstrip(")"))
    kept = len(url) - min(closing, max(0, url.count(")") - url.count("(")))
    return f'<a href="{url[:kept]}">{url[:kept]}</a>{url[kept:]}'


def _language(raw: RawEntry, content: RawText | None) -> str | None:
    for text in (content, raw.title):
        if text is not None and text.value and text.language:
            return language_tag(text.language)
    return language_tag(raw.language) if raw.language else None


def relation(one: RawLink) -> str:
    """How a link relates to what it stands in: IANA's full names are the short ones (RFC 4287)."""
    return one.rel.removeprefix(_RELATIONS)


def is_page(one: RawLink) -> bool:
    """Does a link lead to something for people to read?"""
    return one.type in _SHOWN_AS_HTML


def _number(given: str | None) -> int | None:
    """The number of a season or of an episode."""
    digits = (given or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else None


def _storable(text: str, *, keep: str = "") -> str:
    if text.isascii() and text.isprintable():
        return text
    return _UNSTORABLE.sub(lambda found: found[0] if found[0] in keep else "", text)


def hints(feed: RawFeed) -> Hints:
    """What the document says; nonsense says nothing. Hour 24 is hour 0, as RSS 0.91 has it."""
    period_s = _PERIODS_S.get((feed.update_period or "").strip().lower())
    frequency = _whole_number(feed.update_frequency) if feed.update_frequency else 1
    ttl_min = _whole_number(feed.ttl)
    hours = {number % 24 for hour in feed.skip_hours if (number := _whole_number(hour)) is not None}
    days = {_DAYS.index(day.strip().lower()) for day in feed.skip_days if _is_day(day)}
    return Hints(
        ttl_s=ttl_min * 60 if ttl_min else None,
        update_period_s=period_s // frequency if period_s and frequency else None,
        skip_hours=tuple(sorted(hours)) if len(hours) < 24 else (),
        skip_days=tuple(sorted(days)) if len(days) < 7 else (),
        utc_offset_s=next(filter(None, map(_offset_of, feed.entries[:DATES_LOOKED_AT])), None),
    )


def _offset_of(raw: RawEntry) -> int | None:
    return utc_offset(raw.published or raw.created or raw.updated)


def _whole_number(text: str | None) -> int | None:
    found = _NUMBER(text) if text else None
    return int(found[1]) if found else None


def _is_day(text: str) -> bool:
    return text.strip().lower() in _DAYS
