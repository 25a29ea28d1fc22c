"""Fetching one article: its page, where that leads, and the pages that continue it (rule 17)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from feedd.article import PageInput, page_rules
from feedd.errors import FeeddError, FetchError, MachineError
from feedd.http.client import Client
from feedd.http.request import Request
from feedd.identity import host_of, site_of
from feedd.model import Article, FeedConfig, HostBackoff, PageJob, Response, Settings
from feedd.schedule import headers
from feedd.web import robot_checks, robots

FINAL_STATUSES: Final = frozenset({401, 402, 403, 404, 410, 451})
"""Answers after which asking for the same page again is pointless."""

FINAL_FAILURES: Final = frozenset(
    {"forbidden-address", "bad-url", "too-large", "redirect", "robot-check"}
)

UNSURE_BELOW: Final = 0.5
"""With less confidence a page's other view is looked at, if it names one."""

TOO_LITTLE: Final = frozenset({"no-text", "too-short", page_rules.SHORTER})
"""Reasons for which another view of a page may help. A wall is not walked around."""

NOT_CHECKED: Final = frozenset({None, "robots", "paywall", page_rules.SHORTER})
"""With these a page is known for what it is; with another reason it may be a robot check."""


class PageUnavailable(Exception):  # noqa: N818 - no failure of ours: it becomes an article's error
    """A page that gave nothing to clean. `final`: asking again is pointless; otherwise
    `not_before` is when the server allows it, in epoch seconds, if it said so. `backoff`: all pages
    of its host are to wait.
    """

    def __init__(
        self,
        reason: str,
        *,
        final: bool,
        not_before: int | None = None,
        backoff: HostBackoff | None = None,
    ) -> None:
        self.reason = reason
        self.final = final
        self.not_before = not_before
        self.backoff = backoff
        super().__init__(reason)


class PageResult(Struct, frozen=True):
    """What came of fetching an article. With `unavailable` something is missing that may be there
    later.
    """

    article: Article
    unavailable: PageUnavailable | None = None


class PageFetcher(Struct, frozen=True):
    """Fetches the pages of one article, each after `pause` for its host. `hold` is told of a host
    that wants to be left alone.

    `clean` cleans a page in a worker process, `recurring` says what recurs on a host's pages.
    """

    client: Client
    clean: Callable[[PageInput], Awaitable[Article]]
    recurring: Callable[[str], Awaitable[frozenset[int]]]
    pause: Callable[[str], Awaitable[None]]
    hold: Callable[[HostBackoff], Awaitable[None]]
    job: PageJob
    feed: FeedConfig
    settings: Settings
    now: int

    async def fetch(self) -> PageResult:
        """The article of an entry: at most one move by the page's own refresh, one look at its
        AMP or print view, and ten pages. Raises MachineError.
        """
        try:
            first = await self._page(self.job.url)
            if first.moved_to:
                first = await self._page(first.moved_to)
        except PageUnavailable as unavailable:
            failed = Article(self.job.url, error=unavailable.reason)
            return PageResult(failed, None if unavailable.final else unavailable)
        return await self._whole(await self._better(first))

    async def _page(self, url: str, *, after: tuple[Article, ...] = ()) -> Article:
        """One page, cleaned; of a later page of an article, what those before did not say.

        Raises PageUnavailable.
        """
        await self.pause(host_of(url))
        try:
            response = await fetch_page(self.client, url, self.feed, self.settings, self.now)
        except PageUnavailable as unavailable:
            if unavailable.backoff is not None:
                await self.hold(unavailable.backoff)
            raise
        recurring = await self.recurring(site_of(response.url))
        if after:
            recurring = recurring.union(*(page.blocks for page in after))
        job = replace(self.job, title="", summary_text="", feed_text="") if after else self.job
        try:
            article = await self.clean(page_input(response, job, self.feed, recurring))
        except MachineError:
            raise
        except FeeddError as error:
            return Article(response.url, error=str(error))
        if article.error not in NOT_CHECKED and not article.moved_to:
            checked_by = robot_checks.robot_check(200, response.headers, response.body)
            if checked_by is not None:
                return Article(response.url, error=_check(checked_by))
        if response.truncated and article.error is None:
            return replace(article, note="the page broke off before its end")
        return article

    async def _better(self, first: Article) -> Article:
        """The page's other view where the page itself gives too little and the view gives more."""
        unsure = first.error is None and first.confidence < UNSURE_BELOW
        if not first.alternate_url or not (unsure or first.error in TOO_LITTLE):
            return first
        try:
            other = await self._page(first.alternate_url)
        except PageUnavailable:
            return first
        if other.error is not None or (unsure and other.confidence <= first.confidence):
            return first
        return replace(other, url=first.url)

    async def _whole(self, first: Article) -> PageResult:
        """The article with the pages that continue it; one that is missing is noted."""
        if first.error not in (None, page_rules.SHORTER):
            return PageResult(first)
        pages = [first]
        missing: PageUnavailable | None = None
        seen = {first.url}
        following = first.next_url
        while following and following not in seen and len(pages) < page_rules.JOINED_MAX_PAGES:
            seen.add(following)
            try:
                page = await self._page(following, after=tuple(pages))
            except PageUnavailable as unavailable:
                missing = unavailable
                break
            if page.error is not None:
                missing = PageUnavailable(page.error, final=True)
                break
            if not page_rules.is_another(page, pages):
                break
            pages.append(page)
            following = page.next_url
        joined = page_rules.join(first, pages[1:], feed_text=self.job.feed_text)
        if missing is None:
            return PageResult(joined)
        note = f"page {len(pages) + 1} is missing: {missing.reason}"
        return PageResult(replace(joined, note=note), None if missing.final else missing)


def page_request(url: str, feed: FeedConfig, settings: Settings) -> Request:
    """A page is asked for as its feed is, without what is the feed's alone."""
    return Request(
        url=url,
        accept="page",
        max_bytes=settings.max_article_bytes,
        user_agent=feed.user_agent,
        proxy=feed.proxy,
    )


async def fetch_page(
    client: Client, url: str, feed: FeedConfig, settings: Settings, now: int
) -> Response:
    """One request for a page. Raises PageUnavailable for everything but a page that may be used."""
    try:
        response = await client.get(page_request(url, feed, settings))
    except FetchError as error:
        raise PageUnavailable(str(error), final=error.kind in FINAL_FAILURES) from error
    if response.status != 200:
        raise _refused(response, settings, now)
    if robots.forbids(response.headers.get("x-robots-tag", "")):
        raise PageUnavailable("robots", final=True)
    return response


def page_input(
    response: Response, job: PageJob, feed: FeedConfig, recurring: frozenset[int]
) -> PageInput:
    """What the cleaning of a page starts from."""
    return PageInput(
        body=response.body,
        url=response.url,
        content_type=response.headers.get("content-type"),
        title=job.title,
        summary_text=job.summary_text,
        feed_text=job.feed_text,
        language=job.language,
        selector=feed.article_selector,
        remove=feed.article_remove,
        recurring=recurring,
    )


def _refused(response: Response, settings: Settings, now: int) -> PageUnavailable:
    """A 429 speaks for all pages of its host, whether or not it says for how long; so does a 503
    that says when the server is back.
    """
    status = response.status
    checked_by = robot_checks.robot_check(status, response.headers, response.body)
    reason = f"http {status}" if checked_by is None else f"http {status}: {_check(checked_by)}"
    wait_s = headers.retry_after_s(response.headers, now)
    not_before = None if wait_s is None else now + wait_s
    backoff = None
    if status == 429 or (status == 503 and wait_s):
        until = now + max(wait_s or 0, settings.min_interval_s)
        backoff = HostBackoff(host_of(response.url), until)
    final = status in FINAL_STATUSES
    return PageUnavailable(reason, final=final, not_before=not_before, backoff=backoff)


def _check(checked_by: str) -> str:
    """In words, with what to do about it."""
    if checked_by in (robot_checks.COOKIES, robot_checks.UNNAMED):
        what = checked_by
    else:
        what = f"a robot check ({checked_by})"
    return f"{what} instead of the article; open it in a browser"
