"""All that polling needs, opened together and closed together."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from feedd.article import EarlierArticle, PageInput, StoredArticle, inputs
from feedd.http.client import open_client
from feedd.model import Article, Config, PageJob
from feedd.parsing import PARSE_CPU_S, PARSE_TIMEOUT_S
from feedd.poller.document import ParsedDocument, ParseJob
from feedd.poller.feed_poller import Poller
from feedd.poller.hooks import NewItemHook
from feedd.poller.pages.page_queue import PageQueue
from feedd.poller.pages.reclean import Recleaner
from feedd.poller.push.subscriber import Subscriber
from feedd.poller.recorder import PollReport
from feedd.poller.relocate.archive_reader import ArchiveReader
from feedd.poller.relocate.relocation import Relocator
from feedd.poller.tasks import StoreThread, Supervisor
from feedd.store.feeds import sync_feeds
from feedd.store.polls import follow_clock
from feedd.store.search.index import rebuild_step
from feedd.store.story_search import find_stories
from feedd.web.discovery import FeedLinksJob, PageLinks
from feedd.workers import calm_collector
from feedd.workers.dispatcher import Workers

PARSERS = 2
"""Parse workers. The second is started when the first has all that it takes."""

MANY_FEEDS = 50
"""When none of so many was ever read, the parse workers start while the rest is set up."""

CLEANERS = 2

REBUILD_INDEX_S = 20
"""So long at a time an index of an earlier version is built anew: some 50,000 entries."""


@dataclass(frozen=True, slots=True)
class Engine:
    """The open parts: `poller` for feeds, `pages` for articles, `recleaner` for earlier ones,
    `archives` and `relocator` for what slipped by and who went elsewhere, `subscriber` for what
    hubs push, `new_item_hook` for `on_new`, `store` for the database; `supervisor` for the tasks.
    """

    poller: Poller
    pages: PageQueue
    recleaner: Recleaner
    archives: ArchiveReader
    relocator: Relocator
    subscriber: Subscriber
    new_item_hook: NewItemHook
    store: StoreThread
    supervisor: Supervisor
    clock: Callable[[], float]

    async def use(self, config: Config) -> None:
        """Take up a newly read configuration; its settings must be those of the old one."""
        now = int(self.clock())
        await self.store.call(follow_clock, now)
        await self.store.call(sync_feeds, config.feeds.values(), now)
        self.poller.config = config
        self.pages.config = config
        self.archives.config = config
        self.relocator.config = config
        self.subscriber.config = config
        self.new_item_hook.config = config

    async def rebuild_index(self) -> None:
        """Where an earlier version filled the search index, go on building it anew for some
        seconds; others get to the database in between.
        """
        until = time.monotonic() + REBUILD_INDEX_S
        while await self.store.call(rebuild_step) and time.monotonic() < until:
            pass

    async def find_stories(self, *, within_s: float) -> None:
        """Look for stories among texts that were stored since, for so long; others get to the
        database in between. Of a single feed there are none. Raises StoreError.
        """
        until = time.monotonic() + within_s
        while len(self.poller.config.feeds) > 1 and await self.store.call(
            find_stories, int(self.clock())
        ):
            if time.monotonic() >= until:
                break

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
    supervisor: Supervisor | None = None,
) -> AsyncIterator[Engine]:
    """The engine for a configuration, its feeds known to the store. Raises StoreError."""
    settings = config.settings
    supervisor = supervisor or Supervisor(clock=clock)

    def stored(report: PollReport) -> None:
        new_item_hook.tell(report)
        polled(report)

    never_read = not settings.database.exists()
    async with (
        Workers(
            "feedd.poller.document:parse_document",
            {ParseJob: ParsedDocument},
            loads=("feedd.parsing.reading",),
            count=PARSERS,
            timeout_s=PARSE_TIMEOUT_S,
            cpu_s=PARSE_CPU_S,
            early=never_read and len(config.feeds) >= MANY_FEEDS,
        ) as parsers,
        StoreThread(settings.database) as store,
        NewItemHook(config, store=store, supervisor=supervisor) as new_item_hook,
        Workers(
            "feedd.article.cleaning:work",
            {
                PageInput: Article,
                EarlierArticle: str | None,
                StoredArticle: tuple[int, ...],
                FeedLinksJob: PageLinks,
            },
            count=CLEANERS,
            timeout_s=inputs.CLEAN_TIMEOUT_S,
            cpu_s=inputs.CLEAN_CPU_S,
            memory_bytes=inputs.CLEAN_MEMORY_BYTES,
        ) as cleaners,
        open_client(settings) as client,
        Poller(
            config,
            client=client,
            parse=parsers.run,
            store=store,
            supervisor=supervisor,
            clock=clock,
            rng=random.Random(),
            report=stored,
        ) as poller,
        PageQueue(
            config,
            client=client,
            clean=cleaners.run,
            clean_again=cleaners.run,
            store=store,
            supervisor=supervisor,
            clock=clock,
            report=cleaned,
        ) as pages,
    ):
        archives = ArchiveReader(config, client=client, parse=parsers.run, store=store, clock=clock)
        relocator = Relocator(
            config,
            client=client,
            parse=parsers.run,
            feed_links=cleaners.run,
            store=store,
            clock=clock,
        )
        subscriber = Subscriber(
            config, client=client, parse=parsers.run, store=store, clock=clock, report=stored
        )
        recleaner = Recleaner(store=store, work=cleaners.run)
        engine = Engine(
            poller,
            pages,
            recleaner,
            archives,
            relocator,
            subscriber,
            new_item_hook,
            store,
            supervisor,
            clock,
        )
        await engine.use(config)
        calm_collector()
        yield engine
