"""All that polling needs, opened together and closed together."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from feedd import http
from feedd.article import EarlierArticle, PageInput, StoredArticle, inputs
from feedd.model import Article, Config, PageJob
from feedd.parsing.limits import PARSE_CPU_S, PARSE_TIMEOUT_S
from feedd.poller.announcing import Announcer
from feedd.poller.archives import Archives
from feedd.poller.document import Reading, ReadingJob
from feedd.poller.pages import Pages
from feedd.poller.polling import Poller, PollReport
from feedd.poller.recleaning import Recleaner
from feedd.poller.rescue import Rescue
from feedd.poller.store_thread import StoreThread
from feedd.poller.subscribing import Subscriber
from feedd.store.due_times import follow_clock
from feedd.store.feeds import sync_feeds
from feedd.workers import Workers, calm_collector

PARSERS = 2
"""Reading documents. The second is started when the first has all that it takes."""

MANY_FEEDS = 50
"""When none of so many was ever read, the reading processes start while the rest is set up."""

CLEANERS = 2


@dataclass(frozen=True, slots=True)
class Engine:
    """The open parts: `poller` for feeds, `pages` for articles, `recleaner` for earlier ones,
    `archives` and `rescue` for what slipped by and who went elsewhere, `subscriber` for what hubs
    push, `announcer` for `on_new`, `store` for the database.
    """

    poller: Poller
    pages: Pages
    recleaner: Recleaner
    archives: Archives
    rescue: Rescue
    subscriber: Subscriber
    announcer: Announcer
    store: StoreThread
    clock: Callable[[], float]

    async def use(self, config: Config) -> None:
        """Take up a newly read configuration; its settings must be those of the old one."""
        now = int(self.clock())
        await self.store.call(follow_clock, now)
        await self.store.call(sync_feeds, config.feeds.values(), now)
        self.poller.config = config
        self.pages.config = config
        self.archives.config = config
        self.rescue.config = config
        self.subscriber.config = config
        self.announcer.config = config

    async def follow_clock(self, back_s: int) -> None:
        """The clock went back by so much: nothing waits for the old time to come again."""
        self.poller.follow_clock(back_s)
        await self.store.call(follow_clock, int(self.clock()), back_s)


@asynccontextmanager
async def open_engine(
    config: Config,
    *,
    polled: Callable[[PollReport], None] = lambda report: None,
    cleaned: Callable[[PageJob, Article], None] = lambda job, article: None,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[Engine]:
    """The engine for a configuration, its feeds known to the store. Raises StoreError."""
    settings = config.settings

    def stored(report: PollReport) -> None:
        announcer.tell(report)
        polled(report)

    never_read = not settings.database.exists()
    async with (
        Workers(
            "feedd.poller.document:read",
            {ReadingJob: Reading},
            loads=("feedd.parsing.reading",),
            count=PARSERS,
            timeout_s=PARSE_TIMEOUT_S,
            cpu_s=PARSE_CPU_S,
            early=never_read and len(config.feeds) >= MANY_FEEDS,
        ) as parsers,
        StoreThread(settings.database) as store,
        Announcer(config, store=store) as announcer,
        Workers(
            "feedd.article.worker:work",
            {PageInput: Article, EarlierArticle: str | None, StoredArticle: tuple[int, ...]},
            count=CLEANERS,
            timeout_s=inputs.CLEAN_TIMEOUT_S,
            cpu_s=inputs.CLEAN_CPU_S,
            memory_bytes=inputs.CLEAN_MEMORY_BYTES,
        ) as cleaners,
        http.open_client(settings) as client,
        Poller(
            config,
            client=client,
            read=parsers.run,
            store=store,
            clock=clock,
            rng=random.Random(),
            report=stored,
        ) as poller,
        Pages(
            config,
            client=client,
            clean=cleaners.run,
            clean_again=cleaners.run,
            store=store,
            clock=clock,
            report=cleaned,
        ) as pages,
    ):
        archives = Archives(config, client=client, read=parsers.run, store=store, clock=clock)
        rescue = Rescue(config, client=client, read=parsers.run, store=store, clock=clock)
        subscriber = Subscriber(
            config, client=client, read=parsers.run, store=store, clock=clock, report=stored
        )
        recleaner = Recleaner(store=store, work=cleaners.run)
        engine = Engine(
            poller, pages, recleaner, archives, rescue, subscriber, announcer, store, clock
        )
        await engine.use(config)
        calm_collector()
        yield engine
