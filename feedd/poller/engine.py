"""All that polling needs: opened and closed together, each part made when it is first used."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol, TypeVar

from msgspec import Struct, field

from feedd.model import Config
from feedd.parsing import PARSE_CPU_S, PARSE_TIMEOUT_S
from feedd.poller.document import PackedDocument, ParseJob
from feedd.workers.dispatcher import Workers, calm_collector

if TYPE_CHECKING:
    from feedd.http.client import Client
    from feedd.model import Article, PageJob
    from feedd.poller.feed_poller import Poller
    from feedd.poller.hooks import NewItemHook
    from feedd.poller.pages.page_queue import PageQueue
    from feedd.poller.pages.reclean import Recleaner
    from feedd.poller.push.subscriber import Subscriber
    from feedd.poller.recorder import PollReport
    from feedd.poller.relocate.archive_reader import ArchiveReader
    from feedd.poller.relocate.relocation import Relocator
    from feedd.poller.tasks import StoreThread, Supervisor

# What most polls do without is imported with the part that needs it, all else while the parse
# workers start.

PARSERS = 2
"""Parse workers. The second is started when the first has all that it takes."""

MANY_FEEDS = 50
"""When none of so many was ever read, the parse workers start while the rest is set up."""

CLEANERS = 2

REBUILD_INDEX_S = 20
"""How long at a time an index of an earlier version is built anew: some 50,000 entries."""


PACES_KEY = "paces"
"""Under this key the store has the hash of the intervals that polls were planned by."""


class _Part(Protocol):
    """What does as the user's file says."""

    config: Config


P = TypeVar("P", bound=_Part)


class Engine(Struct, eq=False, dict=True):
    """The parts of polling: `poller` for feeds, `pages` for articles, `recleaner` for earlier ones,
    `archives` and `relocator` for what slipped by and who went elsewhere, `subscriber` for what
    hubs push, `new_item_hook` for `on_new`, `store` for the database; `supervisor` for the tasks.
    """

    config: Config
    client: Client
    parsers: Workers
    store: StoreThread
    supervisor: Supervisor
    clock: Callable[[], float]
    polled: Callable[[PollReport], None]
    cleaned: Callable[[PageJob, Article], None]
    closing: AsyncExitStack
    _made: list[_Part] = field(default_factory=list)

    @cached_property
    def poller(self) -> Poller:
        from feedd.poller.feed_poller import Poller

        poller = Poller(
            self.config,
            client=self.client,
            parse=self.parsers.run,
            store=self.store,
            supervisor=self.supervisor,
            clock=self.clock,
            rng=random.Random(),
            report=self.stored,
        )
        self.closing.push_async_exit(poller)
        return self._following(poller)

    @cached_property
    def cleaners(self) -> Workers:
        from feedd import article
        from feedd.model import Article
        from feedd.web.discovery import FeedLinksJob, PageLinks

        cleaners = Workers(
            "feedd.article.cleaning:work",
            {
                article.PageInput: Article,
                article.EarlierArticle: str | None,
                article.StoredArticle: tuple[int, ...],
                FeedLinksJob: PageLinks,
            },
            count=CLEANERS,
            timeout_s=article.CLEAN_TIMEOUT_S,
            cpu_s=article.CLEAN_CPU_S,
            memory_bytes=article.CLEAN_MEMORY_BYTES,
        )
        self.closing.push_async_exit(cleaners)
        return cleaners

    @cached_property
    def pages(self) -> PageQueue:
        from feedd.poller.pages.page_queue import PageQueue

        pages = PageQueue(
            self.config,
            client=self.client,
            clean=self.cleaners.run,
            clean_again=self.cleaners.run,
            store=self.store,
            supervisor=self.supervisor,
            clock=self.clock,
            report=self.cleaned,
        )
        self.closing.push_async_exit(pages)
        return self._following(pages)

    @cached_property
    def new_item_hook(self) -> NewItemHook:
        from feedd.poller.hooks import NewItemHook

        hook = NewItemHook(self.config, store=self.store, supervisor=self.supervisor)
        self.closing.push_async_exit(hook)
        return self._following(hook)

    @cached_property
    def recleaner(self) -> Recleaner:
        from feedd.poller.pages.reclean import Recleaner

        return Recleaner(store=self.store, work=self.cleaners.run)

    @cached_property
    def archives(self) -> ArchiveReader:
        from feedd.poller.relocate.archive_reader import ArchiveReader

        archives = ArchiveReader(
            self.config,
            client=self.client,
            parse=self.parsers.run,
            store=self.store,
            clock=self.clock,
        )
        return self._following(archives)

    @cached_property
    def relocator(self) -> Relocator:
        from feedd.poller.relocate.relocation import Relocator

        relocator = Relocator(
            self.config,
            client=self.client,
            parse=self.parsers.run,
            feed_links=self.cleaners.run,
            store=self.store,
            clock=self.clock,
        )
        return self._following(relocator)

    @cached_property
    def subscriber(self) -> Subscriber:
        from feedd.poller.push.subscriber import Subscriber

        subscriber = Subscriber(
            self.config,
            client=self.client,
            parse=self.parsers.run,
            store=self.store,
            clock=self.clock,
            report=self.stored,
        )
        return self._following(subscriber)

    def stored(self, report: PollReport) -> None:
        """A poll or push is stored: its new items are told, but for those of a first poll."""
        if not report.first and report.items:
            self.new_item_hook.tell(report)
        self.polled(report)

    async def use(self, config: Config) -> None:
        """Take up a newly read configuration; its settings must be those of the old one."""
        from feedd.store.feeds import sync_feeds
        from feedd.store.polls import follow_clock

        now = int(self.clock())
        await self.store.call(follow_clock, now)
        await self.store.call(sync_feeds, config.feeds.values(), now)
        await self._follow_paces(config)
        if config.identity:
            await self._note_index(config)
        self.config = config
        for part in self._made:
            part.config = config

    async def _follow_paces(self, config: Config) -> None:
        """Where intervals of the file have changed, what was planned by the old ones is moved."""
        from feedd.store.stored_values import get_meta, set_meta

        paces = _paces_hash(config)
        before = await self.store.call(get_meta, PACES_KEY)
        if before is None:
            await self.store.call(set_meta, PACES_KEY, paces)
        elif before != paces:
            from feedd.poller.new_paces import follow_paces  # the file seldom changes

            await self.store.call(follow_paces, config, PACES_KEY, paces)

    async def _note_index(self, config: Config) -> None:
        """Where the feeds of a large file stand is kept, for the commands that read it next."""
        from feedd.configfile.file_index import INDEX_KEY, PLACES_KEY, index_of
        from feedd.store.stored_values import get_meta, set_meta

        kept = await self.store.call(get_meta, INDEX_KEY)
        if kept is not None and kept.partition("\n")[0] == config.identity:
            return
        index = await asyncio.to_thread(index_of, config)
        if index is not None:
            await self.store.call(set_meta, PLACES_KEY, index.places)
            await self.store.call(set_meta, INDEX_KEY, index.settings)

    def _following(self, part: P) -> P:
        self._made.append(part)
        return part

    async def rebuild_index(self) -> None:
        """Where an earlier version filled the search index, go on building it anew for some
        seconds; others get to the database in between.
        """
        from feedd.store.search.index import rebuild_step

        until = time.monotonic() + REBUILD_INDEX_S
        while await self.store.call(rebuild_step) and time.monotonic() < until:
            pass

    async def find_stories(self, *, within_s: float) -> None:
        """Look for stories among texts that were stored since, for so long; others get to the
        database in between. Of a single feed there are none. Raises StoreError.
        """
        from feedd.store.similarity import find_stories

        until = time.monotonic() + within_s
        while len(self.config.feeds) > 1 and await self.store.call(find_stories, int(self.clock())):
            if time.monotonic() >= until:
                break

    async def follow_clock(self, back_s: int) -> None:
        """The clock went back by so much: nothing waits for the old time to come again."""
        from feedd.store.polls import follow_clock

        self.poller.follow_clock(back_s)
        await self.store.call(follow_clock, int(self.clock()), back_s)


def _paces_hash(config: Config) -> str:
    """Of all that the file says of intervals."""
    settings = config.settings
    bounds = (settings.interval_s, settings.min_interval_s, settings.max_interval_s)
    own = [(feed.name, feed.interval_s) for feed in config.feeds.values() if feed.interval_s]
    said = repr((bounds, settings.adaptive, own))
    return blake2b(said.encode(), digest_size=8).hexdigest()


@asynccontextmanager
async def open_engine(
    config: Config,
    *,
    polled: Callable[[PollReport], None] = lambda report: None,
    cleaned: Callable[[PageJob, Article], None] = lambda job, article: None,
    clock: Callable[[], float] = lambda: time.time(),  # the machine's, as it is then
    supervisor: Supervisor | None = None,
) -> AsyncIterator[Engine]:
    """The engine for a configuration, its feeds known to the store. Raises StoreError."""
    settings = config.settings
    never_read = not settings.database.exists()
    async with AsyncExitStack() as closing:
        parsers = await closing.enter_async_context(
            Workers(
                "feedd.poller.document:packed_document",
                {ParseJob: PackedDocument},
                loads=("feedd.parsing.reading",),
                count=PARSERS,
                timeout_s=PARSE_TIMEOUT_S,
                cpu_s=PARSE_CPU_S,
                early=never_read and len(config.feeds) >= MANY_FEEDS,
            )
        )
        from feedd.http.client import open_client
        from feedd.poller.tasks import StoreThread, Supervisor

        store = await closing.enter_async_context(StoreThread(settings.database))
        client = await closing.enter_async_context(open_client(settings))
        engine = Engine(
            config,
            client,
            parsers,
            store,
            supervisor or Supervisor(clock=clock),
            clock,
            polled,
            cleaned,
            closing,
        )
        await engine.use(config)
        calm_collector()
        yield engine
