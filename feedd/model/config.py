"""What the user configured.

Every command reads all of it, and a list wants to be there at once: these are named tuples, which
are quickly made where annotations are not postponed (each would be compiled).
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from feedd.model import ParserMode
from feedd.units import DAY_S, HOUR_S, MINUTE_S

ArticlesMode = Literal["auto", "always", "never"]


UpdatesMode = Literal["keep", "unread"]

RepairMode = Literal["ask", "auto"]

PicturesMode = Literal["auto", "always", "never"]

ReadAction = Literal[
    "down", "up", "top", "bottom", "page-down", "page-up", "half-page-down", "half-page-up",
    "open", "back", "close", "leave", "quit", "feeds", "other-pane", "next-unread", "read-on",
    "next-item", "previous-item", "next-tag", "previous-tag", "toggle-read", "toggle-star",
    "toggle-later", "tag", "read-all", "undo", "browser", "copy-link", "enclosure", "picture",
    "search", "search-next", "search-previous", "code-right", "code-left", "all", "starred",
    "sort", "sort-feeds", "hide-empty", "side-by-side", "refresh", "suspend", "help",
    "none",
]  # fmt: skip
"""What a key of the full-screen reader can do."""


NOTHING: Mapping[str, Any] = MappingProxyType({})


class Retention(NamedTuple):
    """How long items stay: read ones `read_s` seconds, as long as they are among the feed's newest
    `items`; unread ones `unread_s`. None: forever, and any number.
    """

    read_s: int | None = None
    unread_s: int | None = None
    items: int | None = None

    @property
    def drops(self) -> bool:
        """Is there anything that does not stay forever?"""
        return self != Retention()


class Settings(NamedTuple):
    """The `[feedd]` table, checked, with defaults filled in. `_s` are seconds. `first_unread`: so
    many entries of a feed's first poll stay unread; None: all.
    """

    database: Path
    interval_s: int = HOUR_S
    min_interval_s: int = 15 * MINUTE_S
    max_interval_s: int = DAY_S
    adaptive: bool = True
    articles: ArticlesMode = "auto"
    concurrency: int = 32
    per_host: int = 2
    article_pause_s: float = 2.0
    timeout_s: float = 30.0
    max_feed_bytes: int = 16_000_000
    max_article_bytes: int = 8_000_000
    allow_private_hosts: bool = False
    keep_s: int | None = None
    keep_unread_s: int | None = None
    keep_items: int | None = None
    contact: str = ""
    user_agent: str = ""
    parser: ParserMode = "auto"
    proxy: str | None = None
    repair: RepairMode = "ask"
    ca_file: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    on_new: str | None = None
    on_broken: str | None = None
    one_story: bool = True
    first_unread: int | None = None
    websub_callback: str | None = None
    websub_listen: tuple[str, int] = ("127.0.0.1", 8455)
    metrics: tuple[str, int] | Path | None = None

    @property
    def retention(self) -> Retention:
        """How long items stay of feeds that say nothing else."""
        return Retention(self.keep_s, self.keep_unread_s, self.keep_items)


class FeedConfig(NamedTuple):
    """One entry of `[feeds]`. `None` means: as the settings say. From `one_story` on, what the
    feed says nothing of has been taken from the settings.
    """

    name: str
    url: str
    title: str | None = None
    tags: tuple[str, ...] = ()
    interval_s: int | None = None
    articles: ArticlesMode | None = None
    enabled: bool = True
    updates: UpdatesMode = "keep"
    mute: tuple[str, ...] = ()
    username: str | None = None
    password_file: str | None = None
    headers: Mapping[str, str] = NOTHING
    user_agent: str | None = None
    proxy: str | None = None
    ca_file: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    encoding: str | None = None
    article_selector: str | None = None
    article_remove: str | None = None
    items: str | None = None
    item_link: str | None = None
    item_title: str | None = None
    item_date: str | None = None
    item_text: str | None = None
    repair: RepairMode | None = None
    on_new: str | None = None
    on_broken: str | None = None
    one_story: bool = True
    first_unread: int | None = None
    keep_s: int | None = None
    keep_unread_s: int | None = None
    keep_items: int | None = None

    def __repr__(self) -> str:
        """Without what is secret: its headers are."""
        return f"FeedConfig(name={self.name!r}, url={self.url!r})"

    @property
    def retention(self) -> Retention:
        """How long its items stay."""
        return Retention(self.keep_s, self.keep_unread_s, self.keep_items)


class ReadSettings(NamedTuple):
    """The `[read]` table: of the full-screen reader. `enclosure` and the commands among `keys` are
    words in which `%u`, `%t` and `%i` stand for an item's link, title and id; no `enclosure`: the
    browser. `keys` maps keys, by the names that the help shows, to actions and commands.
    """

    enclosure: tuple[str, ...] = ()
    pictures: PicturesMode = "auto"
    keys: Mapping[str, ReadAction | tuple[str, ...]] = NOTHING


class Rule(NamedTuple):
    """One of the `[[rules]]`: what is done with new entries that match the query `when`. `number`
    is its place in the file, from 1; `until` the last day it holds.
    """

    number: int
    when: str
    do: tuple[str, ...]
    name: str | None = None
    until: date | None = None


class Config(NamedTuple):
    """The user's file, read and checked. `warnings` are what works but was hardly meant; of a file
    read by its index only those on its settings. `identity` tells a large file's text from others.
    """

    path: Path
    settings: Settings
    feeds: Mapping[str, FeedConfig]
    warnings: tuple[str, ...] = ()
    read: ReadSettings = ReadSettings()
    views: Mapping[str, str] = NOTHING
    rules: tuple[Rule, ...] = ()
    identity: str = ""

    @property
    def feeds_by_tag(self) -> Mapping[str, list[str]]:
        """Each tag with the names of its feeds, both in the order of the file."""
        tags: dict[str, list[str]] = {}
        for name, feed in self.feeds.items():
            for tag in feed.tags:
                tags.setdefault(tag, []).append(name)
        return tags

    @property
    def retentions(self) -> Mapping[str, Retention]:
        """How long items stay, by their feeds' names."""
        return {name: feed.retention for name, feed in self.feeds.items()}

    @property
    def drops(self) -> bool:
        """Is there any item that does not stay forever?"""
        return self.settings.retention.drops or any(
            feed.retention.drops for feed in self.feeds.values()
        )
