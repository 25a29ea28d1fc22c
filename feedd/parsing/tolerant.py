"""Feeds that `tidy` has put in plain form, as feedparser reads them: the reference.

Its sanitiser and its link resolving are off: the first lets some attacks through, the second is
slow, and both are done once for all readers. It gets UTF-8 that is known to be UTF-8, from memory
(given bytes, it would open a file of that name).
"""

from __future__ import annotations

import io
import re
from typing import Any, Final, Literal

import feedparser

from feedd.errors import ParseError
from feedd.parsing.names import VOID_ELEMENTS
from feedd.parsing.raw import Person, RawEntry, RawFeed, RawLink, RawText, kind_of, mended
from feedd.parsing.tidy import AT_SIGN

_VERSIONS: Final = {
    "rss": "RSS",
    "rss090": "RSS 0.90",
    "rss091n": "RSS 0.91",
    "rss091u": "RSS 0.91",
    "rss092": "RSS 0.92",
    "rss093": "RSS 0.93",
    "rss094": "RSS 0.94",
    "rss10": "RSS 1.0",
    "rss20": "RSS 2.0",
    "atom": "Atom",
    "atom01": "Atom 0.1",
    "atom02": "Atom 0.2",
    "atom03": "Atom 0.3",
    "atom10": "Atom 1.0",
    "cdf": "CDF",
}
_IDENTIFIER = re.compile(r"<(guid|id)((?:\s[^<>]*)?)>")
_IS_PERMALINK = re.compile(r'\sisPermaLink="[^"]*"')
_NEEDLESS_END = re.compile(f"</(?:{'|'.join(sorted(VOID_ELEMENTS))})>")
_SKIPPED = re.compile(r"<(hour|day)>([^<]*)<")

Found = dict[str, Any]


def read(text: str, url: str) -> RawFeed:
    """The feed in `text`, which is in the plain form of `tidy`. Raises ParseError where feedparser
    fails.
    """
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    data = _IDENTIFIER.sub(_plain_identifier, text).encode("utf-8", "replace")
    try:
        found: Found = feedparser.parse(
            io.BytesIO(data),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except (MemoryError, RecursionError):
        raise
    except Exception:  # sgmllib's ways to fail on strange input are many, and none says why
        raise ParseError("cannot be read as a feed: its markup is broken beyond repair") from None
    version = _text(found, "version") or ""
    head: Found = found["feed"]
    family: Literal["atom", "rss"] = "atom" if version.startswith("atom") else "rss"
    feed = RawFeed(
        family=family,
        version=_VERSIONS.get(version, "RSS"),
        title=_construct(head, "title_detail", family),
        link=_text(head, "link"),
        links=_links(head),
        authors=_people(head),
        language=_text(head, "language"),
        ttl=_text(head, "ttl"),
        update_period=_text(head, "sy_updateperiod"),
        update_frequency=_text(head, "sy_updatefrequency"),
        entries=[_entry(entry, family) for entry in found["entries"]],
    )
    for unit, value in _SKIPPED.findall(text):
        (feed.skip_hours if unit == "hour" else feed.skip_days).append(mended(value.strip()))
    return feed


def _plain_identifier(tag: re.Match[str]) -> str:
    """A guid or id marked as no link: feedparser would make a link of it, relative to the feed,
    where it is to be kept as given (polling rule 33).
    """
    attributes = _IS_PERMALINK.sub("", tag[2])
    return f'<{tag[1]}{attributes} isPermaLink="false">'


def _entry(found: Found, family: str) -> RawEntry:
    source = dict.get(found, "source")
    contents = dict.get(found, "content")
    tags = dict.get(found, "tags")
    entry = RawEntry(
        guid=_text(found, "id"),
        link=_text(found, "link"),
        original_link=_text(found, "feedburner_origlink"),
        original_file=_text(found, "feedburner_origenclosurelink"),
        title=_construct(found, "title_detail", family),
        summary=_construct(found, "summary_detail", family),
        links=_links(found),
        media=_media(found),
        authors=_people(found),
        source_authors=_people(source) if isinstance(source, dict) else [],
        origin=_origin(source, family) if isinstance(source, dict) else None,
        thumbnails=_urls(dict.get(found, "media_thumbnail")),
        image=_image(found),
        duration=_text(found, "itunes_duration"),
        season=_text(found, "itunes_season"),
        episode=_text(found, "itunes_episode"),
        published=_text(found, "published"),
        updated=_text(found, "updated"),
        created=_text(found, "created"),
        comments=_text(found, "comments"),
        language=_text(found, "language"),
    )
    for content in _list(contents):
        text = _as_text(content, family)
        if text is not None:
            entry.contents.append(text)
    for tag in _list(tags):
        name = _text(tag, "label") or _text(tag, "term")
        if name:
            entry.categories.append(name)
    return entry


def _text(found: Found, key: str) -> str | None:
    """The value under `key`, past feedparser's own renaming of keys; None for what is no text."""
    value = dict.get(found, key)
    return value if isinstance(value, str) else None


def _construct(found: Found, key: str, family: str) -> RawText | None:
    detail = dict.get(found, key)
    return _as_text(detail, family) if isinstance(detail, dict) else None


def _as_text(detail: Found, family: str) -> RawText | None:
    media_type = _text(detail, "type") or "text/plain"
    kind = kind_of(media_type, family)
    value = _text(detail, "value")
    if kind is None or value is None:
        return None
    if media_type == "application/xhtml+xml":
        value = _NEEDLESS_END.sub("", value)  # </br> would be read as one more break
    return RawText(value, kind, _text(detail, "base") or "", _text(detail, "language"))


def _links(found: Found) -> list[RawLink]:
    links = dict.get(found, "links")
    return [
        RawLink(href, _text(link, "rel") or "alternate", _text(link, "type"), _text(link, "length"))
        for link in _list(links)
        if (href := _text(link, "href"))
    ]


def _media(found: Found) -> list[RawLink]:
    media = dict.get(found, "media_content")
    return [
        RawLink(
            url,
            _text(one, "medium") or "",
            _text(one, "type"),
            _text(one, "filesize"),
            _text(one, "duration"),
        )
        for one in _list(media)
        if (url := _text(one, "url"))
    ]


def _origin(source: Found, family: str) -> RawText | None:
    """The title of the feed that an entry is from; in RSS it is the text of `source` itself."""
    titled = _construct(source, "title_detail", family)
    if titled is not None:
        return titled
    name = _text(source, "title")
    return None if name is None else RawText(name, "either", "")


def _urls(thumbnails: object) -> list[str]:
    urls = (_text(one, "url") for one in _list(thumbnails))
    return [url.strip() for url in urls if url and url.strip()]


def _image(found: Found) -> str | None:
    image = dict.get(found, "image")
    return (_text(image, "href") or "").strip() or None if isinstance(image, dict) else None


def _people(found: Found) -> list[Person]:
    people = dict.get(found, "authors")
    names = (_text(one, "name") for one in _list(people))
    return [Person(name.replace(AT_SIGN, "@")) for name in names if name]


def _list(value: object) -> list[Found]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
