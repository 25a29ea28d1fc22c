"""Archives of feeds: read to fill a gap, or from one end to the other when the user asks.

RFC 5005 links each document to the one before (`prev-archive`, or `next` in a paged feed). They are
read one at a time over all feeds, with a pause, up to a limit; a 429 or 503 stops the reading.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec import Struct
from msgspec.structs import replace

from feedd import identity
from feedd.http.client import Client
from feedd.identity.content import host_of
from feedd.model import ArchiveRead, Config, FeedConfig, NewEntry, Settings
from feedd.outcome import Failure, FailureKind
from feedd.poller.document import ParsedDocument
from feedd.poller.entry_changes import (
    GAP_FILLED_NOTE,
    GAP_NOTE,
    new_entries,
    page_wanted,
)
from feedd.poller.fetch import FetchedDocument, ParseDocument, fetch_document
from feedd.poller.tasks import StoreThread
from feedd.schedule.headers import MAX_RETRY_AFTER_S
from feedd.store import entries, recovery
from feedd.store.entry_rows import known_entries, note_carried
from feedd.store.items import latest_id
from feedd.store.polls import hold_back_host
from feedd.store.sqlite import transaction
from feedd.units import HOUR_S

HISTORY_DOCUMENTS = 100
"""How many documents are read at most each time a whole archive is asked for."""

WAIT_AFTER_TROUBLE_S = HOUR_S
"""After a failure that may pass, so long at least until the same document is asked for again."""

PASSES: frozenset[FailureKind] = frozenset({
    "throttled", "unavailable", "server", "robot-check", "dns", "connect", "no-server",
    "proxy", "timeout", "reset", "truncated",
})  # fmt: skip


class ArchiveReport(Struct, frozen=True):
    """What one document of an archive came to."""

    feed: str
    url: str
    new: int = 0
    bytes: int = 0
    error: str | None = None


def first_page(url: str) -> str:
    """Where WordPress keeps the page before the latest entries of a feed."""
    return _with_page(url, 2)


def after(read: ArchiveRead, named: str | None, *, new: int, met: int) -> str | None:
    """The document to read next; None: this was the last.

    `named` is the link in the document, which held `new` entries and `met` that were known. A gap
    is filled where the known ones begin. A site that doesn't count pages answers with the same
    entries for ever.
    """
    if read.kind == "gap" and met:
        return None
    if read.paged:
        number = dict(parse_qsl(urlsplit(read.url).query)).get("paged", "")
        return _with_page(read.url, int(number) + 1) if new and number.isdecimal() else None
    return named if named != read.url else None


def kept(
    read: ArchiveRead, verdict: identity.Verdict, feed: FeedConfig, settings: Settings
) -> tuple[NewEntry, ...]:
    """The entries to store. What filled a gap is news; history arrives read, its pages unasked.

    Entries that are known stay as they are: an archive may hold an older version of them.
    """
    if read.kind == "gap":
        return new_entries(verdict.new, feed.mute, page_wanted(feed, settings))
    return tuple(NewEntry(keyed, read=True) for keyed in verdict.new)


class ArchiveReader(Struct):
    """Reads archives; what is next lives in the store."""

    config: Config
    client: Client
    parse: ParseDocument
    store: StoreThread
    clock: Callable[[], float]

    async def fill_gaps(self) -> list[ArchiveReport]:
        """Read what is due to fill gaps. Raises StoreError and MachineError."""
        reports: list[ArchiveReport] = []
        visited: set[str] = set()
        while read := await self.store.call(recovery.next_gap, int(self.clock())):
            reports.append(await self._one(read, visited))
        return reports

    async def read_history(
        self, feed: str, came: Callable[[ArchiveReport], None] = lambda report: None
    ) -> list[ArchiveReport]:
        """Read a feed's archive from where it stands, until its end, a failure or the limit.

        `came` is told of each document. Raises StoreError and MachineError.
        """
        reports: list[ArchiveReport] = []
        visited: set[str] = set()
        while (read := await self.store.call(recovery.history_read, feed)) and read.left > 0:
            reports.append(await self._one(read, visited))
            came(reports[-1])
            if reports[-1].error is not None:
                break
        return reports

    async def _one(self, read: ArchiveRead, visited: set[str]) -> ArchiveReport:
        await asyncio.sleep(self.config.settings.article_pause_s)
        now = int(self.clock())
        feed = self.config.feeds.get(read.feed)
        if feed is None:
            await self.store.call(recovery.end_archive, read)
            return ArchiveReport(read.feed, read.url, error="the feed has left the file")
        visited.add(read.url)
        fetched = await fetch_document(
            self.client, self.parse, self.config, feed, read.url, keys=read.keys, now=now
        )
        if fetched.failure is not None:
            return await self._failed(read, fetched, fetched.failure, now)
        assert fetched.document is not None
        new = await self.store.call(
            keep_document, read, fetched.document, feed, self.config, visited, now
        )
        return ArchiveReport(read.feed, read.url, new, fetched.bytes)

    async def _failed(
        self, read: ArchiveRead, fetched: FetchedDocument, failure: Failure, now: int
    ) -> ArchiveReport:
        report = ArchiveReport(read.feed, read.url, bytes=fetched.bytes, error=failure.message)
        if failure.kind not in PASSES:
            await self.store.call(recovery.end_archive, read)
            counted_past_the_end = read.paged and failure.status == 404
            return replace(report, error=None) if counted_past_the_end else report
        wait_s = max(WAIT_AFTER_TROUBLE_S, fetched.retry_after_s or 0)
        until = now + min(wait_s, MAX_RETRY_AFTER_S)
        if failure.holds_host:
            await self.store.call(hold_back_host, host_of(read.url), until)
        left = replace(read, left=read.left - 1, due=until)
        gave_up = left.kind == "gap" and not left.left
        await self.store.call(recovery.end_archive if gave_up else recovery.begin_archive, left)
        return report


def keep_document(
    db: sqlite3.Connection,
    read: ArchiveRead,
    document: ParsedDocument,
    feed: FeedConfig,
    config: Config,
    visited: set[str],
    now: int,
) -> int:
    """Store one document's new entries and what is to be read next; returns how many were new."""
    known = known_entries(db, read.feed_id, document.entries)
    verdict = identity.decide(document.entries, known, keys=document.keys)
    met = verdict.known + len(verdict.changed)
    new = kept(read, verdict, feed, config.settings)
    url = after(read, document.feed.archive_url, new=len(new), met=met)
    with transaction(db):
        note_carried(db, read.feed_id, document.entries, known, now)
        seen = latest_id(db)
        entries.record_entries(db, read.feed_id, new, now)
        if config.rules:
            from feedd.configfile.saved_queries import names_of
            from feedd.store.rule_actions import apply_to_new

            came = range(seen + 1, latest_id(db) + 1)
            apply_to_new(db, config.rules, names_of(config), came, now)
        if url is None or url in visited:
            recovery.end_archive(db, read)
            if read.kind == "gap":
                recovery.note_filled(db, read.feed_id, GAP_NOTE, GAP_FILLED_NOTE)
        elif read.kind == "gap" and read.left <= 1:
            recovery.end_archive(db, read)
        else:
            recovery.begin_archive(db, replace(read, url=url, left=read.left - 1, due=now))
    return len(new)


def _with_page(url: str, number: int) -> str:
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("paged", str(number))])))
