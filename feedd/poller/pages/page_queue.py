"""The article queue: pages of new entries, fetched one at a time a host with a pause (rule 17)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from msgspec import Struct

from feedd.article import PageInput
from feedd.errors import StoreError, is_machine_trouble, shortage_of
from feedd.http.client import Client
from feedd.identity.content import host_of, site_of
from feedd.model import Article, Config, HostBackoff, PageJob
from feedd.poller.pages.reclean import CleanAgain, learn
from feedd.poller.queues import HostQueue
from feedd.poller.tasks import StoreThread, Supervisor, WorkerTasks
from feedd.store import articles
from feedd.store.database import PAGES
from feedd.store.polls import hold_back_pages

log = logging.getLogger("feedd.pages")

HOSTS_AT_ONCE = 8
PAGES_PER_HOST = 1
JOBS_READ_AHEAD = 200

FORGET_ABOVE = 64
"""Of more hosts than so many, those whose pause is over are forgotten."""

CleanPage = Callable[[PageInput], Awaitable[Article]]
"""Cleans a page in a worker process; raises ParseError when that had to be stopped, and
MachineError."""


class _PageTurn(Struct, frozen=True):
    job: PageJob
    host: str


class PageQueue(WorkerTasks):
    """An asynchronous context manager; `fetch_due` works off what the queue has due."""

    def __init__(
        self,
        config: Config,
        *,
        client: Client,
        clean: CleanPage,
        clean_again: CleanAgain,
        store: StoreThread,
        supervisor: Supervisor,
        clock: Callable[[], float],
        report: Callable[[PageJob, Article], None] = lambda job, article: None,
    ) -> None:
        super().__init__(supervisor)
        self.config = config
        self._client = client
        self._clean = clean
        self._clean_again = clean_again
        self._store = store
        self._clock = clock
        self._report = report
        self._queue: HostQueue[_PageTurn] = HostQueue(per_host=PAGES_PER_HOST)
        self._waiting: set[int] = set()
        self._free_at: dict[str, float] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._error: Exception | None = None

    async def fetch_due(self) -> int:
        """Fetch, clean and store every page that is due now; returns how many were worked off.

        One process on a database does so at a time. Raises StoreError when the results can't be
        kept, and MachineError; what is left stays in the queue.
        """
        worked_off = 0
        while await self._due(1):
            async with self._store.alone(PAGES):
                worked_off += await self._fetch_some()
        return worked_off

    async def _fetch_some(self) -> int:
        jobs = await self._due(JOBS_READ_AHEAD)
        for job in jobs:
            self._waiting.add(job.entry_id)
            self._queue.add(_PageTurn(job, host_of(job.url)))
        if jobs:
            self._start_workers("article pages", self._fetch_next, min(len(jobs), HOSTS_AT_ONCE))
            self._idle.clear()
            await self._idle.wait()
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        return len(jobs)

    async def _due(self, most: int) -> list[PageJob]:
        return await self._store.call(articles.page_jobs, int(self._clock()), most)

    @property
    def asked_now(self) -> list[str]:
        """The hosts that pages are being fetched from."""
        return [turn.host for turn in self._queue.out]

    async def _fetch_next(self) -> None:
        turn = await self._queue.take()
        try:
            if self._error is None:
                await self._fetch(turn.job)
        except Exception as error:
            if isinstance(error, StoreError):
                self._error = error
            elif is_machine_trouble(error):
                self._error = shortage_of(error)
            else:
                await self._give_up(turn.job, error)
        finally:
            self._queue.done(turn)
            self._waiting.discard(turn.job.entry_id)
            if not self._waiting:
                self._idle.set()

    async def _fetch(self, job: PageJob) -> None:
        from feedd.poller.pages.page_fetcher import PageFetcher  # most polls fetch no page

        now = int(self._clock())
        settings = self.config.settings
        feed = self.config.feeds.get(job.feed)
        if feed is None or (feed.articles or settings.articles) == "never":
            unwanted = Article(job.url, error="unwanted")
            await self._store.call(articles.store_article, job, unwanted, now)
            return
        if not await self._store.call(articles.still_due, job.entry_id, now):
            return  # its host asked us to wait since the queue was read
        fetcher = PageFetcher(
            self._client,
            self._clean,
            self._recurring,
            self._pause,
            self._hold,
            job,
            feed,
            settings,
            now,
        )
        result = await fetcher.fetch()
        article, unavailable = result.article, result.unavailable
        if unavailable is None or article.error is None:
            finished = unavailable is None
            await self._store.call(articles.store_article, job, article, now, finished=finished)
        if unavailable is not None:
            reason = article.note or unavailable.reason
            await self._store.call(
                articles.postpone_page, job, reason, now, not_before=unavailable.not_before
            )

        async def learn_and_tell() -> None:
            self._report(job, article)
            site = site_of(article.url)
            await learn(self._store, self._clean_again, site, job.entry_id, article, now)

        # The article is stored: whatever fails from here on must not touch it.
        await self._supervisor.attempt("cleaning articles again", learn_and_tell)

    async def _give_up(self, job: PageJob, error: Exception) -> None:
        """A bug met on one page is that page's failure alone."""
        said = f"could not be worked off: a bug, please report it ({type(error).__name__}: {error})"
        reason = " ".join(said.split())
        log.error("%s: %s %s", job.feed, job.url, reason, exc_info=log.isEnabledFor(logging.DEBUG))
        article = Article(job.url, error=reason[:500])
        try:
            await self._store.call(articles.store_article, job, article, int(self._clock()))
            self._report(job, article)
        except StoreError as failed:
            self._error = failed

    async def _pause(self, host: str) -> None:
        """Wait for this host's next turn, and take it."""
        now = asyncio.get_running_loop().time()
        if len(self._free_at) >= FORGET_ABOVE:
            self._free_at = {one: free for one, free in self._free_at.items() if free > now}
        start = max(self._free_at.get(host, 0.0), now)
        self._free_at[host] = start + self.config.settings.article_pause_s
        await asyncio.sleep(start - now)

    async def _hold(self, backoff: HostBackoff) -> None:
        await self._store.call(hold_back_pages, backoff.host, backoff.until)

    async def _recurring(self, host: str) -> frozenset[int]:
        from feedd.article import sitememory

        memory = sitememory.load(await self._store.call(articles.site_memory, host))
        return sitememory.recurring(memory)
