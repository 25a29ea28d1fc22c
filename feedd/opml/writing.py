"""Subscriptions written as an OPML document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from feedd.opml.category import escaped
from feedd.opml.subscriptions import NAMESPACE, OpmlFeed

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
