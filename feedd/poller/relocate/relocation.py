"""A feed that is no longer where it was is looked for from its site's address.

Only one that has answered for days with 404, 410 or a page; at most once a week. What is found is
proposed with the share of its entries that are known, and taken without being asked only where the
file says `repair = "auto"` and at least half of them are.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress

from msgspec import Struct

from feedd import configfile, identity
from feedd.errors import FetchError, MachineError, ParseError, StoreError
from feedd.http.client import Client
from feedd.identity.content import host_of
from feedd.model import Config, FeedConfig, FeedState, Proposal, Response
from feedd.poller.document import ParsedDocument
from feedd.poller.fetch import ParseDocument, fetch_document
from feedd.poller.pages.page_fetcher import page_request
from feedd.poller.tasks import StoreThread
from feedd.schedule import headers
from feedd.schedule.headers import MAX_RETRY_AFTER_S
from feedd.store import recovery
from feedd.store.entry_rows import known_entries
from feedd.store.polls import hold_back_host
from feedd.units import DAY_S, HOUR_S
from feedd.web.discovery import FeedLinksJob, PageLinks

log = logging.getLogger("feedd.relocation")

SEARCH_EVERY_S = 7 * DAY_S
SEARCHES = 8
"""After so many searches a feed is given up, until it comes back or its address is changed."""

SHORTAGE_WAIT_S = 30
"""After a shortage of the machine's, so long until the next try."""

CANDIDATES = 3
"""How many addresses are tried in one search, besides the page that names them."""

HELD_S = HOUR_S
"""How long a host that answers 429 is left alone at least."""


def is_same_feed(found: Proposal) -> bool:
    """Are enough of its entries known to take it for the lost feed?"""
    return found.known > 0 and 2 * found.known >= found.entries


class Relocator(Struct):
    """Looks for lost feeds; which are due lives in the store."""

    config: Config
    client: Client
    parse: ParseDocument
    feed_links: Callable[[FeedLinksJob], Awaitable[PageLinks]]
    store: StoreThread
    clock: Callable[[], float]

    async def search_due(self) -> None:
        """Look for every lost feed whose turn it is, one after the other. Raises StoreError,
        MachineError, and after the others the first unexpected error (rule 26).
        """
        unexpected: Exception | None = None
        while state := await self.store.call(recovery.next_search, int(self.clock())):
            try:
                await self.search(state)
            except StoreError:
                raise
            except MachineError:
                again = int(self.clock()) + SHORTAGE_WAIT_S
                await self.store.call(recovery.undo_search, state.id, again)
                raise
            except Exception as error:
                unexpected = unexpected or error
        if unexpected is not None:
            raise unexpected

    async def search(self, state: FeedState) -> Proposal | None:
        """Look for one feed and remember the best that is found. Raises StoreError and
        MachineError.
        """
        now = int(self.clock())
        await self.store.call(
            recovery.note_search, state.id, now, again_after_s=SEARCH_EVERY_S, at_most=SEARCHES
        )
        feed = self.config.feeds.get(state.name)
        if feed is None or feed.items is not None:
            return None
        best: Proposal | None = None
        for url in await self._candidates(state, feed):
            found = await self._look_at(url, state, feed)
            if found is not None and (best is None or found.known > best.known):
                best = found
            if found is not None and is_same_feed(found):
                break
        if best is not None:
            await self._propose(state, feed, best, now)
        return best

    async def _propose(self, state: FeedState, feed: FeedConfig, found: Proposal, now: int) -> None:
        await self.store.call(recovery.propose, state.id, found)
        how = f"{found.known} of {found.entries} entries there are known"
        log.warning("%s: seems to be at %s now: %s", state.name, found.url, how)
        if (feed.repair or self.config.settings.repair) == "auto" and is_same_feed(found):
            reason = f"its address no longer works; found again at {found.url}: {how}"
            await self.store.call(recovery.switch_address, state.id, found.url, now, reason)

    async def _candidates(self, state: FeedState, feed: FeedConfig) -> list[str]:
        """Addresses to try: what the page in the feed's place names, then what its site names."""
        said = [state.suggested_url] if state.suggested_url else []
        page = await self._page(state.site or _root(state.url), feed)
        if page is not None and page.status == 200:
            kind, header = page.headers.get("content-type"), page.headers.get("link", "")
            with suppress(ParseError):  # a page that its worker gives up on names nothing
                links = await self.feed_links(FeedLinksJob(page.body, page.url, kind, header))
                said += [*links.advertised, *links.known_forms, *links.lookalikes]
        known = {state.url, state.active_url}
        fit = [url for url in dict.fromkeys(said) if url not in known and _is_fit(url)]
        return fit[:CANDIDATES]

    async def _page(self, url: str, feed: FeedConfig) -> Response | None:
        if not _is_fit(url):
            return None
        try:
            response = await self.client.get(page_request(url, feed, self.config.settings))
        except FetchError:
            return None
        if response.status == 429:
            wait_s = headers.retry_after_s(response.headers, int(self.clock()))
            await self._hold(url, wait_s)
        return response

    async def _look_at(self, url: str, state: FeedState, feed: FeedConfig) -> Proposal | None:
        await asyncio.sleep(self.config.settings.article_pause_s)
        now = int(self.clock())
        fetched = await fetch_document(
            self.client, self.parse, self.config, feed, url, keys=state.keys, now=now
        )
        if fetched.failure is not None and fetched.failure.holds_host:
            await self._hold(url, fetched.retry_after_s)
        if fetched.document is None or not _is_fit(fetched.url):
            return None
        return await self.store.call(_compared, state.id, fetched.url, fetched.document)

    async def _hold(self, url: str, wait_s: int | None) -> None:
        until = int(self.clock()) + min(max(HELD_S, wait_s or 0), MAX_RETRY_AFTER_S)
        await self.store.call(hold_back_host, host_of(url), until)


def _compared(db: sqlite3.Connection, feed_id: int, url: str, document: ParsedDocument) -> Proposal:
    """How much of what is at `url` is known of the feed already."""
    known = known_entries(db, feed_id, document.entries)
    verdict = identity.decide(document.entries, known, keys=document.keys)
    return Proposal(url, verdict.known + len(verdict.changed), len(document.entries))


def _is_fit(url: str) -> bool:
    """May a stranger's word lead here? Only to the web: never to a file or a program."""
    return url.startswith(("http://", "https://")) and configfile.url_problem(url) is None


def _root(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}/"
