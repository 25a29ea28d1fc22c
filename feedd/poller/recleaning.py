"""Earlier articles of a host cleaned again, from what is stored, as its memory grows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from feedd.article import EarlierArticle, sitememory
from feedd.article.sitememory import SiteMemory
from feedd.errors import ParseError
from feedd.model import Article
from feedd.poller.store_thread import StoreThread
from feedd.store import earlier, sites

AT_ONCE: Final = 10
"""So many earlier articles of a host are cleaned again after one of its pages; the rest after the
next ones.
"""

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
    memory = sitememory.load(await store.call(sites.site_memory, host))
    if article.error is None:
        unproven = set(article.blocks) - sitememory.recurring(memory)
        await store.call(earlier.keep_blocks, entry_id, host, unproven)
    learned = sitememory.learn(memory, article.url, article.blocks)
    if learned is not memory:
        await store.call(sites.keep_site_memory, host, sitememory.dump(learned), now)
    await _clean_stale(store, clean_again, host, learned)


async def _clean_stale(
    store: StoreThread, clean_again: CleanAgain, host: str, memory: SiteMemory
) -> None:
    known = sitememory.recurring(memory)
    if not known:
        return
    held = await store.call(earlier.blocks_of_host, host)
    stale = [entry_id for entry_id, blocks in held.items() if sitememory.is_stale(blocks, known)]
    for entry_id in stale[:AT_ONCE]:
        before = await store.call(earlier.article_html, entry_id)
        try:
            html = await clean_again(EarlierArticle(before, known))
        except ParseError:
            html = None  # it stays as it is, and is not tried again for the same reason
        left = [block for block in held[entry_id] if block not in known]
        await store.call(earlier.replace_article, entry_id, before=before, html=html, blocks=left)
