"""Items as the JSON objects that scripts rely on: every key always there, null where unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from feedd.model import ArticleDetail, Config, Item, ItemDetail
from feedd.units import rfc3339

# What a terminal would obey: C1 controls and DEL, invisible and direction-changing characters, line
# separators, tags, and lone surrogates (which no encoding can carry). Compiled when first used.
_OBEYED = (
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def json_line(record: Mapping[str, Any], *, encoding: str = "utf-8") -> str:
    """`record` as one line of JSON in which nothing would be obeyed by a terminal.

    Plain ASCII where `encoding` is not UTF-8.
    """
    import json

    unicode = encoding.lower().replace("-", "").replace("_", "") == "utf8"
    text = json.dumps(record, ensure_ascii=not unicode)
    if (
        text.isascii() and "\x7f" not in text
    ):  # nearly all: of ASCII only DEL is obeyed as it stands
        return text
    return re.sub(_OBEYED, _escaped, text) if unicode else text


def _escaped(match: re.Match[str]) -> str:
    import json

    return json.dumps(match.group())[1:-1]


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
        "tags": list(dict.fromkeys((*tags_of(item.feed, config), *item.item_tags))),
        "item_tags": list(item.item_tags),
        "later": item.later,
        "hidden": item.hidden,
        "summary": item.summary,
        "enclosures": [
            {
                "url": file.url,
                "type": file.type,
                "length": file.length,
                "duration_s": file.duration_s,
            }
            for file in item.enclosures
        ],
        "also_in": list(item.also_in),
        "story": item.story,
        "language": item.language,
        "words": item.words,
        "changes": item.changes,
        "categories": list(item.categories),
        "comments": item.comments,
        "image": item.image,
    }


def _article_record(article: ArticleDetail | None) -> Mapping[str, Any] | None:
    if article is None:
        return None
    return {
        "url": article.url,
        "title": article.title,
        "author": article.author,
        "published": rfc3339(article.published),
        "lead_image": article.lead_image,
        "language": article.language,
        "confidence": article.confidence,
        "note": article.note,
    }


def detail_record(detail: ItemDetail, config: Config) -> Mapping[str, Any]:
    """An item as `show` gives it, with its content."""
    return {
        **item_record(detail.item, config),
        "content_html": detail.content_html,
        "content_text": detail.content_text,
        "content_source": detail.content_source,
        "article_error": detail.article_error if detail.content_source == "feed" else None,
        "article": _article_record(detail.article),
    }
