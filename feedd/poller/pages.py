"""The article queue: pages of new entries, fetched one at a time a host with a pause (rule 17)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass

from feedd.article import PageInput, sitememory
from feedd.errors import StoreError
from feedd.http import Client
from feedd.identity.hosts import host_of
from feedd.model import Article, Config, PageJob
from feedd.poller.crew import Crew
from feedd.poller.hosts import HostLine
from feedd.poller.recleaning import CleanAgain, learn
from feedd.poller.store_thread import StoreThread
from feedd.poller.visiting import Visitor
from feedd.store import articles

log = logging.getLogger("feedd.pages")

HOSTS_AT_ONCE = 8
PAGES_PER_HOST = 1
JOBS_READ_AHEAD = 200

CleanPage = Callable[[PageInput], Awaitable[Article]]
"""Cleans a page in a worker process; raises FeeddError when that had to be stopped."""


@dataclass(frozen=True, slots=True)
class _Turn:
    job: PageJob
    host: str


class Pages(Crew):
    """An asynchronous context manager; `fetch_due` works off what the queue has due."""

    def __init__(
        self,
        config: Config,
        *,
        client: Client,
        clean: CleanPage,
        clean_again: CleanAgain,
        store: StoreThread,
        clock: Callable[[], float],
        report: Callable[[PageJob, Article], None] = lambda job, article: None,
    ) -> None:
        self.config = config
        self._client = client
        self._clean = clean
        self._clean_again = clean_again
        self._store = store
        self._clock = clock
        self._report = report
        self._line: HostLine[_Turn] = HostLine(per_host=PAGES_PER_HOST)
        self._waiting: set[int] = set()
        self._free_at: dict[str, float] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._error: BaseException | None = None

    def _work(self) -> Iterable[Coroutine[None, None, None]]:
        for _ in range(HOSTS_AT_ONCE):
            yield self._fetch_on()

    async def fetch_due(self) -> int:
        """Fetch, clean and store every page that is due now; returns how many were worked off.

        Raises StoreError when the results can't be kept.
        """
        worked_off = 0
        while jobs := await self._due():
            for job in jobs:
                self._waiting.add(job.entry_id)
                self._line.add(_Turn(job, host_of(job.url)))
            self._idle.clear()
            worked_off += len(jobs)
            await self._idle.wait()
            if self._error is not None:
                error, self._error = self._error, None
                raise error
        return worked_off

    async def _due(self) -> list[PageJob]:
        return await self._store.call(articles.page_jobs, int(self._clock()), JOBS_READ_AHEAD)

    async def _fetch_on(self) -> None:
        while True:
            turn = await self._line.take()
            try:
                await self._fetch(turn.job)
            except StoreError as error:
                self._error = error
            except Exception as error:
                await self._give_up(turn.job, error)
            finally:
                self._line.done(turn)
                self._waiting.discard(turn.job.entry_id)
                if not self._waiting:
                    self._idle.set()

    async def _give_up(self, job: PageJob, error: Exception) -> None:
        """A bug met on one page is that page's failure alone."""
        reason = " ".join(f"could not be worked off ({type(error).__name__}: {error})".split())
        log.error("%s: %s %s", job.feed, job.url, reason, exc_info=log.isEnabledFor(logging.DEBUG))
        article = Article(job.url, error=reason[:500])
        try:
            await self._store.call(articles.store_article, job, article, int(self._clock()))
            self._report(job, article)
        except StoreError as failed:
            self._error = failed

    async def _pause(self, host: str) -> None:
        """Wait for this host's next turn, and take it."""
        loop = asyncio.get_running_loop()
        start = max(self._free_at.get(host, 0.0), loop.time())
        self._free_at[host] = start + self.config.settings.article_pause_s
        await asyncio.sleep(start - loop.time())

    async def _known(self, host: str) -> frozenset[int]:
        memory = sitememory.load(await self._store.call(articles.site_memory, host))
        return sitememory.recurring(memory)

    async def _fetch(self, job: PageJob) -> None:
        now = int(self._clock())
        settings = self.config.settings
        feed = self.config.feeds.get(job.feed)
        if feed is None or (feed.articles or settings.articles) == "never":
            unwanted = Article(job.url, error="unwanted")
            await self._store.call(articles.store_article, job, unwanted, now)
            return
        visitor = Visitor(self._client, self._clean, self._known, self._pause)
        visit = await visitor.visit(job, feed, settings, now)
        unanswered = visit.unanswered
        if unanswered is None or visit.article.error is None:
            finished = unanswered is None
            await self._store.call(
                articles.store_article, job, visit.article, now, finished=finished
            )
        if unanswered is not None:
            reason = visit.article.note or unanswered.reason
            await self._store.call(
                articles.postpone_page, job, reason, now, not_before=unanswered.not_before
            )
        self._report(job, visit.article)
        host = host_of(visit.article.url)
        await learn(self._store, self._clean_again, host, job.entry_id, visit.article, now)
