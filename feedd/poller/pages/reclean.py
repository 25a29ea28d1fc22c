"""Earlier articles of a host cleaned again, from what is stored, as its memory grows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from msgspec import Struct

from feedd.article import EarlierArticle, StoredArticle, sitememory
from feedd.article.sitememory import SiteMemory
from feedd.errors import ParseError
from feedd.identity import site_of
from feedd.model import Article
from feedd.poller.tasks import StoreThread
from feedd.store import articles

AT_ONCE: Final = 10
"""How many earlier articles of a host are cleaned again after one of its pages; the rest after the
next ones, or when its turn comes.
"""

HOSTS_A_TURN: Final = 20
ARTICLES_A_TURN: Final = 20
"""What `Recleaner.go_on` does at a time: well under a second of work."""

CleanAgain = Callable[[EarlierArticle], Awaitable[str | None]]
"""Cleans an article again in a worker process; raises ParseError when that had to be stopped."""


async def learn(
    store: StoreThread,
    clean_again: CleanAgain,
    host: str,
    entry_id: int,
    article: Article,
    now: int,
) -> None:
    """Let a host's memory grow by one more article; earlier ones have the good of it."""
    memory = sitememory.load(await store.call(articles.site_memory, host))
    if article.error is None:
        unproven = sitememory.unproven(article.blocks, sitememory.recurring(memory))
        await store.call(articles.keep_blocks, entry_id, host, unproven)
    learned = sitememory.learn(memory, article.url, article.blocks)
    if learned is not memory:
        await store.call(articles.keep_site_memory, host, sitememory.dump(learned), now)
    await _clean_stale(store, clean_again, host, learned)


class Recleaner(Struct):
    """Goes round the earlier articles of all hosts, a little at a time, whether or not their hosts
    publish anything new. Where it is, is forgotten with it: it begins again.

    `work` does what `article.cleaning.work` does, in a worker process.
    """

    store: StoreThread
    work: Callable[[Any], Awaitable[Any]]
    host: str = ""
    below: int | None = None
    all_known: bool = False

    async def go_on(self) -> None:
        """One turn. Raises StoreError."""
        if not self.all_known:
            await self._get_to_know()
        hosts = await self.store.call(articles.hosts_after, self.host, HOSTS_A_TURN)
        self.host = hosts[-1] if len(hosts) == HOSTS_A_TURN else ""
        for host in hosts:
            memory = sitememory.load(await self.store.call(articles.site_memory, host))
            await _clean_stale(self.store, self.work, host, memory)

    async def _get_to_know(self) -> None:
        """Articles stored before there were fingerprints beside them get theirs."""
        found = await self.store.call(articles.without_blocks, self.below, ARTICLES_A_TURN)
        self.below, self.all_known = found.next_below, found.next_below is None
        for entry_id, url in found.articles:
            html = await self.store.call(articles.article_html, entry_id)
            try:
                blocks = await self.work(StoredArticle(html))
            except ParseError:
                blocks = ()  # nothing is known of it, nor asked again
            await self.store.call(articles.keep_blocks, entry_id, site_of(url), blocks)


async def _clean_stale(
    store: StoreThread, clean_again: CleanAgain, host: str, memory: SiteMemory
) -> None:
    known = sitememory.recurring(memory)
    if not known:
        return
    held = await store.call(articles.blocks_of_host, host)
    stale = [entry_id for entry_id, blocks in held.items() if sitememory.is_stale(blocks, known)]
    for entry_id in stale[:AT_ONCE]:
        before = await store.call(articles.article_html, entry_id)
        try:
            html = await clean_again(EarlierArticle(before, known))
        except ParseError:
            html = None  # it stays as it is, and is not tried again for the same reason
        left = sitememory.unproven(held[entry_id], known)
        await store.call(articles.replace_article, entry_id, before=before, html=html, blocks=left)
