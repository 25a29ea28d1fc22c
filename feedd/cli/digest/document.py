"""A digest as a value: what is new, by tag and feed, ready to be written in any form."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from feedd.model import Config, Item
from feedd.records import tags_of
from feedd.terminal import cut, gate

MAX_SUMMARY_COLUMNS = 320
UNTAGGED = "Other feeds"


@dataclass(frozen=True, slots=True)
class Story:
    """One item. All text is on one line and safe to show; `link` is http(s) or None."""

    id: int
    title: str
    link: str | None
    author: str
    at: str
    summary: str
    also_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A feed with its stories."""

    name: str
    title: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The feeds of one tag."""

    tag: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """The whole; `left_out` counts the items over the limit."""

    title: str
    count: int
    sections: tuple[Section, ...]
    left_out: int = 0


def digest(items: Iterable[Item], config: Config, *, now: int, left_out: int = 0) -> Digest:
    """Group `items`: tags in the order of the user's file, feeds likewise, items as they come.

    A feed stands under its first tag; feeds without any come last.
    """
    by_feed: dict[str, list[Item]] = {}
    for item in items:
        by_feed.setdefault(item.feed, []).append(item)
    order = [name for name in config.feeds if name in by_feed]
    order += [name for name in by_feed if name not in config.feeds]
    by_tag: dict[str, list[Source]] = {}
    for name in order:
        tag = (tags_of(name, config) or [UNTAGGED])[0]
        feed = config.feeds.get(name)
        title = (feed.title if feed is not None else None) or name
        stories = tuple(_story(item) for item in by_feed[name])
        by_tag.setdefault(gate(tag), []).append(Source(gate(name), gate(title), stories))
    if UNTAGGED in by_tag:
        by_tag[UNTAGGED] = by_tag.pop(UNTAGGED)
    return Digest(
        title=f"News of {time.strftime('%A, %-d %B %Y', time.localtime(now))}",
        count=sum(map(len, by_feed.values())),
        sections=tuple(Section(tag, tuple(sources)) for tag, sources in by_tag.items()),
        left_out=left_out,
    )


def _story(item: Item) -> Story:
    summary = gate(item.summary).strip()
    title = gate(item.title).strip() or "(untitled)"
    return Story(
        id=item.id,
        title=title,
        link=item.link if item.link and item.link.startswith(("http://", "https://")) else None,
        author=gate(item.author or "").strip(),
        at=time.strftime("%-d %b %H:%M", time.localtime(item.sort_at)),
        summary="" if summary == title else cut(" ".join(summary.split()), MAX_SUMMARY_COLUMNS),
        also_in=tuple(map(gate, item.also_in)),
    )
