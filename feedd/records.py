"""Items as the JSON objects that scripts rely on: every key always there, null where unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feedd.model import Config, Item, ItemDetail
from feedd.units import rfc3339


def tags_of(feed: str, config: Config) -> list[str]:
    """The tags the user gave the feed; none for one that left the file."""
    known = config.feeds.get(feed)
    return list(known.tags) if known is not None else []


def item_record(item: Item, config: Config) -> Mapping[str, Any]:
    """An item as `list` and `search` give it."""
    return {
        "id": item.id,
        "feed": item.feed,
        "title": item.title,
        "link": item.link,
        "author": item.author,
        "published": rfc3339(item.published),
        "updated": rfc3339(item.updated),
        "first_seen": rfc3339(item.first_seen),
        "read": item.read,
        "starred": item.starred,
        "tags": tags_of(item.feed, config),
        "summary": item.summary,
        "enclosures": [
            {"url": file.url, "type": file.type, "length": file.length} for file in item.enclosures
        ],
        "also_in": list(item.also_in),
    }


def detail_record(detail: ItemDetail, config: Config) -> Mapping[str, Any]:
    """An item as `show` gives it, with its content."""
    return {
        **item_record(detail.item, config),
        "content_html": detail.content_html,
        "content_text": detail.content_text,
        "content_source": detail.content_source,
        "article_error": detail.article_error,
    }
