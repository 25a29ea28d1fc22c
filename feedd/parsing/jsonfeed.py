"""JSON Feed 1.0 and 1.1 (https://jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any, Final

from feedd.errors import NotAFeedError, ParseError
from feedd.parsing.raw import (
    Kind,
    Person,
    RawEntry,
    RawFeed,
    RawLink,
    RawText,
    is_escaped_twice,
    is_markup,
    written_link,
)

_VERSION: Final = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/([\d.]+)")
_ITEMS = re.compile(r'"items"\s*:\s*\[\s*')
_BETWEEN = re.compile(r"\s*,\s*")

Object = dict[str, Any]


def read(text: str, url: str, *, complete: bool) -> RawFeed:
    """The feed in `text`. Of a document cut short, the items that are whole.

    Raises NotAFeedError for other JSON, ParseError for what is no JSON.
    """
    problems = []
    try:
        document = json.loads(text, strict=False)
    except RecursionError:
        raise ParseError("is JSON nested too deep to be read; it was refused") from None
    except ValueError as error:
        document = _salvaged(text)
        if document is None:
            raise ParseError(f"is not well-formed JSON: {_fault(error)}") from None
        problems.append(
            "is cut short; its last, incomplete item was left out"
            if not complete
            else f"is not well-formed JSON ({_fault(error)}); the items before were read"
        )
    if not isinstance(document, dict) or not _is_feed(document):
        raise NotAFeedError("is JSON, but no JSON Feed: it has no items")
    version = _VERSION.match(_string(document, "version") or "")
    number = version[1].rstrip(".") if version else ""
    feed = RawFeed(
        family="json",
        version={"1": "JSON Feed 1.0"}.get(number, f"JSON Feed {number}".strip()),
        title=_text(document, "title", url),
        link=_string(document, "home_page_url"),
        authors=_authors(document),
        language=_string(document, "language"),
        problems=problems,
        context=repr((url, document.get("authors"), document.get("author"))).encode(
            "utf-8", "backslashreplace"
        ),
    )
    for key, rel in (("feed_url", "self"), ("next_url", "next")):
        if address := _string(document, key):
            feed.links.append(RawLink(address, rel))
    for hub in _objects(document, "hubs"):
        if address := _string(hub, "url"):
            feed.links.append(RawLink(address, "hub"))
    feed.entries = [_entry(item, url) for item in _objects(document, "items")]
    return feed


def _fault(error: ValueError) -> str:
    """What is wrong with the JSON, and where."""
    if not isinstance(error, json.JSONDecodeError):
        return "a number in it has too many digits"
    what = error.msg[:1].lower() + error.msg[1:]
    return f"{what} in line {error.lineno}, column {error.colno}"


def _is_feed(document: Object) -> bool:
    return isinstance(document.get("items"), list) and (
        "jsonfeed.org" in (_string(document, "version") or "") or "title" in document
    )


def _salvaged(text: str) -> Object | None:
    """Of a broken document: its items up to the fault, and the strings before them."""
    start = _ITEMS.search(text)
    if not start:
        return None
    try:
        head = json.loads(text[: start.start()].rstrip().rstrip(",") + "}", strict=False)
    except (ValueError, RecursionError):
        head = {"title": ""}
    if not isinstance(head, dict):
        return None
    items: list[Any] = []
    decoder = json.JSONDecoder(strict=False)
    at = start.end()
    while True:
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        items.append(item)
        between = _BETWEEN.match(text, at)
        if not between:
            break
        at = between.end()
    return {"version": "https://jsonfeed.org/version/1.1", **head, "items": items}


def _entry(item: Object, url: str) -> RawEntry:
    entry = RawEntry(
        guid=_string(item, "id"),
        link=_string(item, "url") or _string(item, "external_url"),
        title=_text(item, "title", url),
        summary=_text(item, "summary", url),
        authors=_authors(item),
        categories=_strings(item, "tags"),
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
        language=_string(item, "language"),
        image=_string(item, "image") or _string(item, "banner_image"),
        raw=json.dumps(item).encode(),
    )
    if (entry.guid or "").startswith(("http://", "https://")):
        entry.links.append(RawLink(entry.guid or ""))
    if entry.link is not None:
        entry.link = written_link(entry.link)
        entry.links.insert(0, RawLink(entry.link))
    if html := _string(item, "content_html"):
        entry.contents.append(RawText(html, "html", url))
    elif plain := _string(item, "content_text"):
        kind: Kind = "html" if is_markup(plain.strip()) else "text"
        entry.contents.append(RawText(plain, kind, url))
    for attachment in _objects(item, "attachments"):
        if address := _string(attachment, "url"):
            size = _string(attachment, "size_in_bytes")
            mime_type = _string(attachment, "mime_type")
            duration = _string(attachment, "duration_in_seconds")
            entry.links.append(RawLink(address, "enclosure", mime_type, size, duration))
    return entry


def _authors(thing: Object) -> list[Person]:
    """Those named; a name alone where an object should be."""
    named = _listed(thing, "authors") or _listed(thing, "author")
    names = (_string(one, "name") if isinstance(one, dict) else one for one in named)
    return [Person(name) for name in names if name and isinstance(name, str)]


def _text(thing: Object, key: str, url: str) -> RawText | None:
    value = _string(thing, key)
    if value is not None and is_escaped_twice(value):
        value = unescape(value)
    return None if value is None else RawText(value.strip(), "text", url)


def _string(thing: Object, key: str) -> str | None:
    """A string; a number as one, for those that write ids as numbers."""
    value = thing.get(key)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)[:100] if abs(value) < 1e300 else None
    return value if isinstance(value, str) else None


def _strings(thing: Object, key: str) -> list[str]:
    return [one for one in _listed(thing, key) if isinstance(one, str)]


def _objects(thing: Object, key: str) -> list[Object]:
    return [one for one in _listed(thing, key) if isinstance(one, dict)]


def _listed(thing: Object, key: str) -> list[Any]:
    """What a list holds; one thing alone where a list should be."""
    value = thing.get(key)
    if isinstance(value, list):
        return value
    return [value] if value else []
