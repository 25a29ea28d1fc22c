"""A small house for poller tests: the real engine, a real database, the loopback server."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from feedd.model import Config, FeedConfig, FeedState, Item, ItemFilter, Settings
from feedd.poller.engine import Engine, open_engine
from feedd.poller.recorder import PollReport
from feedd.store import feeds as feed_store
from feedd.store import items, polls
from feedd.store.database import open_reader
from tests.loopback import Loopback
from tests.poller.stories import feed_of, page

START = 1_790_000_000
"""The test's clock at first, epoch seconds: 2026-09-21."""


class House:
    """Feeds on the loopback server, polled when a test says so, at the time that it says."""

    def __init__(self, folder: Path, loopback: Loopback) -> None:
        self.loopback = loopback
        self.now = START
        self.settings = Settings(
            database=folder / "feedd.db",
            allow_private_hosts=True,
            article_pause_s=0.0,
            articles="never",
            timeout_s=5.0,
        )
        self.feeds: dict[str, FeedConfig] = {}
        self.folder = folder

    def feed(self, name: str, path: str = "", **keys: Any) -> FeedConfig:
        """Configure a feed; its URL is the server's `path` unless `url` is given."""
        keys.setdefault("url", self.loopback.url(path or f"/{name}"))
        self.feeds[name] = FeedConfig(name, **keys)
        return self.feeds[name]

    def set(self, **keys: Any) -> None:
        """Change settings."""
        self.settings = self.settings._replace(**keys)

    @property
    def config(self) -> Config:
        return Config(self.folder / "config.toml", self.settings, dict(self.feeds))

    def poll(self, *names: str, blame_network: bool = False, pages: bool = False) -> Reports:
        """One pass over the named feeds, due or not; without names over those that are due."""
        return asyncio.run(self._poll(names, blame_network, pages))

    def poll_when_due(self, name: str) -> Reports:
        """Turn the clock to the feed's next poll, and poll it."""
        due = self.state(name).next_poll
        assert due is not None, f"{name} is never due"
        self.now = max(self.now, due)
        return self.poll(name)

    async def _poll(self, names: tuple[str, ...], blame_network: bool, pages: bool) -> Reports:
        async with open_engine(self.config, clock=lambda: self.now) as engine:
            batch = engine.poller.submit(
                await self._chosen(engine, names), blame_network=blame_network
            )
            await batch.finished()
            if pages:
                await engine.pages.fetch_due()
            await engine.new_item_hook.finished()
            return {report.feed: report for report in batch.reports}

    async def _chosen(self, engine: Engine, names: tuple[str, ...]) -> list[FeedState]:
        if names:
            return await engine.store.call(feed_store.feed_states, list(names))
        return await engine.store.call(polls.due, self.now)

    def reader(self) -> closing[sqlite3.Connection]:
        return closing(open_reader(self.settings.database))

    def state(self, name: str) -> FeedState:
        """What is remembered of a feed."""
        with self.reader() as db:
            return feed_store.feed_states(db, [name])[0]

    def wait_s(self, name: str = "f") -> int:
        """Seconds until a feed's next poll."""
        due = self.state(name).next_poll
        assert due is not None
        return due - self.now

    def items(self, **keys: Any) -> tuple[Item, ...]:
        """The stored items, newest first, read ones too."""
        with self.reader() as db:
            return items.list_items(db, ItemFilter(which="all", **keys)).items


Reports = Mapping[str, PollReport]


@pytest.fixture
def house(tmp_path: Path, loopback: Loopback) -> House:
    return House(tmp_path, loopback)


def rss(*items: str | tuple[str, str], title: str = "A feed", head: str = "") -> bytes:
    """An RSS 2.0 document; an item is its name, or its name and its description."""
    pairs = [(item, f"About {item}.") if isinstance(item, str) else item for item in items]
    written = "".join(
        f"<item><guid isPermaLink='false'>{name}</guid><title>Item {name}</title>"
        f"<link>https://example.org/{name}</link><description>{text}</description>"
        "<pubDate>Sun, 20 Sep 2026 10:00:00 GMT</pubDate></item>"
        for name, text in pairs
    )
    return (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>"
        f"<link>https://example.org/</link>{head}{written}</channel></rss>"
    ).encode()


@pytest.fixture
def reading_house(house: House) -> House:
    """A house whose feed "f" has the items a and b, with pages."""
    house.set(articles="auto")
    house.feed("f")
    house.loopback.on("/f", feed_of(house.loopback, "a", "b"))
    for name in "ab":
        house.loopback.on(f"/page/{name}", page(name))
    return house
