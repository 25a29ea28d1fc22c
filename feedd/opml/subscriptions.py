"""What an OPML document is to feedd, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree
from msgspec import Struct

NAMESPACE = "urn:x-feedd:opml"
"""Holds what OPML has no word for: `name`, the feed's handle on the command line."""


class OpmlFeed(Struct, frozen=True):
    """A subscription. `tags` are its folders, outermost first, then its categories.

    `title` is one that the user gave; `label`, only written, is what readers show without one.
    `left_out` names what another reader keeps of it and feedd has no key for.
    """

    url: str
    title: str | None = None
    site: str | None = None
    tags: tuple[str, ...] = ()
    name: str | None = None
    label: str | None = None
    article_selector: str | None = None
    left_out: tuple[str, ...] = ()


class OpmlImport(Struct, frozen=True):
    """What a file holds, each feed once; in words, which were skipped and why, and what of those
    that were taken was left out.
    """

    feeds: tuple[OpmlFeed, ...]
    skipped: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(feeds: Iterable[OpmlFeed]) -> str:
    """An OPML 2.0 document: a folder for each first tag, all tags in `category`.

    `read` gives the same feeds back, and other readers understand it.
    """
    opml = etree.Element("opml", {"version": "2.0"}, nsmap={"feedd": NAMESPACE})
    head = etree.SubElement(opml, "head")
    etree.SubElement(head, "title").text = "feedd subscriptions"
    body = etree.SubElement(opml, "body")
    folders: dict[str, etree._Element] = {}
    for feed in feeds:
        parent = body
        if feed.tags:
            folder = _clean(feed.tags[0])
            if folder not in folders:
                folders[folder] = etree.SubElement(
                    body, "outline", {"text": folder, "title": folder}
                )
            parent = folders[folder]
        etree.SubElement(parent, "outline", _written(feed))
    etree.indent(opml)
    document = etree.tostring(opml, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'


def _written(feed: OpmlFeed) -> dict[str, str]:
    attributes = {
        "text": feed.title or feed.label or feed.name or feed.url,
        "type": "rss",
        "xmlUrl": feed.url,
        "title": feed.title,
        "htmlUrl": feed.site,
        "category": ",".join(map(escaped, feed.tags)) or None,
        f"{{{NAMESPACE}}}name": feed.name,
    }
    return {key: _clean(value) for key, value in attributes.items() if value is not None}


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


_MEANING = re.compile(r"[%,/]|^\s|\s$")


def escaped(tag: str) -> str:
    """A tag as one category."""
    return _MEANING.sub(lambda match: f"%{ord(match[0]):02X}", tag)


def unescaped(category: str) -> str:
    """The tag that `escaped` made a category of."""
    return re.sub(r"%([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), category)
