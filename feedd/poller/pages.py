"""The article queue: pages of new entries, fetched one at a time a host with a pause (rule 17)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass

from feedd.article import PageInput, sitememory
from feedd.errors import FeeddError, FetchError
from feedd.http import Client, Request, headers
from feedd.identity.hosts import host_of
from feedd.model import Article, Config, PageJob
from feedd.poller.crew import Crew
from feedd.poller.hosts import HostLine
from feedd.poller.store_thread import StoreThread
from feedd.store import queue, sites

HOSTS_AT_ONCE = 8
PAGES_PER_HOST = 1
JOBS_READ_AHEAD = 200

FINAL_STATUSES = frozenset({401, 402, 403, 404, 410, 451})
"""Answers after which asking for the same page again is pointless."""

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
        store: StoreThread,
        clock: Callable[[], float],
        report: Callable[[PageJob, Article], None] = lambda job, article: None,
    ) -> None:
        self.config = config
        self._client = client
        self._clean = clean
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
        return await self._store.call(queue.page_jobs, int(self._clock()), JOBS_READ_AHEAD)

    async def _fetch_on(self) -> None:
        while True:
            turn = await self._line.take()
            try:
                await self._pause(turn.host)
                await self._fetch(turn.job)
            except Exception as error:
                self._error = error
            finally:
                self._line.done(turn)
                self._waiting.discard(turn.job.entry_id)
                if not self._waiting:
                    self._idle.set()

    async def _pause(self, host: str) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._free_at.get(host, 0.0) - loop.time())
        self._free_at[host] = loop.time() + self.config.settings.article_pause_s

    async def _fetch(self, job: PageJob) -> None:
        now = int(self._clock())
        settings = self.config.settings
        feed = self.config.feeds.get(job.feed)
        if feed is None or (feed.articles or settings.articles) == "never":
            await self._store.call(
                queue.store_article, job, Article(job.url, error="unwanted"), now
            )
            return
        request = Request(
            url=job.url,
            accept="page",
            max_bytes=settings.max_article_bytes,
            user_agent=feed.user_agent,
            proxy=feed.proxy,
        )
        try:
            response = await self._client.get(request)
        except FetchError as error:
            if error.kind in ("forbidden-address", "bad-url", "too-large", "redirect"):
                await self._settle(job, Article(job.url, error=str(error)), now)
            else:
                await self._store.call(queue.postpone_page, job, str(error), now)
            return
        if response.status != 200:
            await self._refused(job, response.status, response.headers, now)
            return
        if "none" in response.headers.get("x-robots-tag", "").lower().replace(",", " ").split():
            await self._settle(job, Article(job.url, error="robots"), now)
            return
        host = host_of(response.url)
        memory = sitememory.load(await self._store.call(sites.site_memory, host))
        page = PageInput(
            body=response.body,
            url=response.url,
            content_type=response.headers.get("content-type"),
            title=job.title,
            summary_text=job.summary_text,
            feed_text=job.summary_text,
            language=job.language,
            selector=feed.article_selector,
            remove=feed.article_remove,
            furniture=sitememory.recurring(memory),
        )
        try:
            article = await self._clean(page)
        except FeeddError as error:
            article = Article(response.url, error=str(error))
        await self._settle(job, article, now)
        learned = sitememory.learn(memory, article.url, article.blocks)
        if learned is not memory:
            blob = sitememory.dump(learned)
            await self._store.call(sites.keep_site_memory, host, blob, now)

    async def _refused(
        self, job: PageJob, status: int, response_headers: Mapping[str, str], now: int
    ) -> None:
        if status in FINAL_STATUSES:
            await self._settle(job, Article(job.url, error=f"http {status}"), now)
            return
        wait_s = headers.retry_after_s(response_headers, now)
        at = now + wait_s if wait_s is not None else None
        await self._store.call(queue.postpone_page, job, f"http {status}", now, not_before=at)

    async def _settle(self, job: PageJob, article: Article, now: int) -> None:
        await self._store.call(queue.store_article, job, article, now)
        self._report(job, article)
