"""The recorder: what fetches and pushes brought is decided and stored, many feeds to a transaction.

`RecordQueue` holds what waits for it, and says how much shares a transaction.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from feedd.errors import StoreError
from feedd.identity.content import host_of
from feedd.model import HostBackoff, PollOutcome
from feedd.outcome import unexpected
from feedd.poller.decide import PollContext, Push, StoredFacts, decide_poll
from feedd.poller.entry_changes import muted
from feedd.poller.fetch import FetchResult
from feedd.poller.queues import BARE_DOCUMENT, BARE_RESULT
from feedd.store import entries as entry_store
from feedd.store import feeds as feed_store
from feedd.store import hubs, recovery
from feedd.store.entry_rows import has_entries, known_entries, note_carried
from feedd.store.polls import hold_back_host
from feedd.store.search.index import SearchDocument, add_documents
from feedd.store.sqlite import begin_anew, savepoint, transaction
from feedd.store.stored_values import get_meta
from feedd.units import DAY_S
from feedd.workers import storable

log = logging.getLogger("feedd.poller")

LOST_FOR_S = 3 * DAY_S
"""How long a feed is missing before it is looked for the first time."""

PART_BYTES: Final = 1_000_000
"""How much of the entries of a transaction is unpacked at a time."""

POLL_COST_KEY: Final = "price"
"""Where the store keeps the poll cost; the name is that of version 0.1.0."""


class PollReport(Struct, frozen=True):
    """What one poll of one feed came to. `items` are the (id, title) of its new items.

    `archive_url` is where the document says that older entries are. `first`: the feed had never
    been read before. `pushed`: its hub brought the document. `notify` are commands of
    rules, each with the item that it is to be run for.
    """

    feed: str
    status: int | None
    new: int = 0
    changed: int = 0
    bytes: int = 0
    error: str | None = None
    items: tuple[tuple[int, str], ...] = ()
    archive_url: str | None = None
    first: bool = False
    duration_ms: int = 0
    pushed: bool = False
    notify: tuple[tuple[str, int], ...] = ()


class Recorded(Struct, frozen=True):
    """What was stored of one poll or push. `url` is the feed's address from now on; `backoff`: its
    host is to be left alone.
    """

    report: PollReport
    url: str
    backoff: HostBackoff | None = None


def decide_and_record(
    db: sqlite3.Connection,
    results: list[FetchResult],
    context: PollContext,
    held: Mapping[str, int],
) -> list[Recorded]:
    """Decide what each result changes and store it all in one transaction. Empties `results`.

    `held` says until when hosts want to be left alone: feeds that were being asked when a host said
    so are held too.

    Where one of them trips over a bug of ours, each is stored by itself, and that one becomes a
    recorded failure of its feed: it is asked again later, not at once. Raises StoreError.
    """
    context = with_poll_cost(db, context)
    now = max(result.at for result in results)
    with transaction(db):
        try:
            stored = _record_together(db, _parts(results), context, now)
            _hold_hosts(db, stored, held, now)
        except Exception as error:
            if _is_the_stores(error):
                raise
            begin_anew(db)
            stored = [_record_alone(db, result, context, now) for result in results]
            _hold_hosts(db, stored, held, now)
    results.clear()  # here: to free all that is in them would hold up the loop
    return stored


def record_push(db: sqlite3.Connection, push: Push, context: PollContext) -> PollReport | None:
    """Decide what a push changes and store it; None where the feed, or what it offers, is another
    one by now. Raises StoreError.
    """
    # What a poll has stored while the document was parsed must not be undone.
    states = feed_store.feed_states(db, [push.feed.name])
    subscription = hubs.of_feed(db, push.feed.id)
    if subscription is None or not states or states[0].hub != subscription.hub:
        return None
    push = replace(push, feed=states[0])
    context = with_poll_cost(db, context)
    with transaction(db):
        try:
            [stored] = _record_together(db, [[push]], context, push.at)
        except (UnicodeEncodeError, OverflowError):
            begin_anew(db)
            [stored] = _record_together(db, [[push]], context, push.at, mended=True)
    return stored.report


def with_poll_cost(db: sqlite3.Connection, context: PollContext) -> PollContext:
    """The context with what a poll costs, as last worked out."""
    cost = get_meta(db, POLL_COST_KEY)
    return replace(context, poll_cost=float(cost) if cost else None)


def _parts(results: Sequence[FetchResult]) -> Iterator[list[FetchResult]]:
    """Results that are unpacked together: few entries at a time take little memory."""
    part: list[FetchResult] = []
    size = 0
    for result in results:
        more = len(result.packed.entries) if result.packed else 0
        if part and size + more > PART_BYTES:
            yield part
            part, size = [], 0
        part.append(result)
        size += more
    yield part


def _record_together(
    db: sqlite3.Connection,
    parts: Iterable[Sequence[FetchResult | Push]],
    context: PollContext,
    now: int,
    *,
    mended: bool = False,
) -> list[Recorded]:
    seen = 0
    if context.config and context.config.rules:
        from feedd.store.items import latest_id  # most files have no rules

        seen = latest_id(db)
    stored: list[Recorded] = []
    to_index: list[SearchDocument] = []
    for part in parts:
        results = [one.unpacked() if isinstance(one, FetchResult) else one for one in part]
        outcomes = [decide_poll(result, _stored_facts(db, result), context) for result in results]
        if mended:
            outcomes = list(map(storable, outcomes))
        _record_hubs(db, outcomes)
        ids = iter(entry_store.record(db, outcomes, now, to_index))
        _record_places(db, outcomes)
        _count_muted(db, outcomes, context, now)
        for result, outcome in zip(results, outcomes, strict=True):
            report = _report(result, outcome, [next(ids) for _ in outcome.new])
            stored.append(Recorded(report, outcome.state.active_url, outcome.backoff))
    add_documents(db, to_index)
    return _meet_rules(db, stored, seen, context, now)


def _record_alone(
    db: sqlite3.Connection, result: FetchResult, context: PollContext, now: int
) -> Recorded:
    try:
        with savepoint(db):
            return _record_together(db, [[result]], context, now, mended=True)[0]
    except Exception as error:
        if _is_the_stores(error):
            raise
        log.debug("%s: unexpected error", result.feed.name, exc_info=True)
        failed = replace(result, packed=None, document=None, failure=unexpected(error))
        return _record_together(db, [[failed]], context, now, mended=True)[0]


def _hold_hosts(
    db: sqlite3.Connection, stored: Sequence[Recorded], held: Mapping[str, int], now: int
) -> None:
    """After the feeds' own states, which hold the next poll as it was decided."""
    holds = {host: until for host, until in held.items() if until > now}
    if holds:
        hosts = {host_of(one.url) for one in stored}
        holds = {host: until for host, until in holds.items() if host in hosts}
    holds |= {one.backoff.host: one.backoff.until for one in stored if one.backoff}
    for host, until in holds.items():
        hold_back_host(db, host, until)


def _stored_facts(db: sqlite3.Connection, result: FetchResult | Push) -> StoredFacts:
    entries = result.document.entries if result.document else ()
    known = known_entries(db, result.feed.id, entries) if entries else []
    note_carried(db, result.feed.id, entries, known, result.at)
    return StoredFacts(
        known,
        had_entries=bool(known) or not entries or has_entries(db, result.feed.id),
        subscription=(
            hubs.of_feed(db, result.feed.id)
            if result.feed.last_poll and (result.feed.hub or result.document is not None)
            else None  # of a feed that was never polled there is none
        ),
    )


def _record_hubs(db: sqlite3.Connection, outcomes: Sequence[PollOutcome]) -> None:
    """Before the feeds' own states, which hold the next poll as it was decided."""
    for outcome in outcomes:
        if outcome.hub is not None:
            subscription, at = outcome.hub.subscription, outcome.poll.at
            if subscription is None:
                hubs.forget(db, outcome.state.id, at)
            else:
                hubs.save(db, subscription, at)


def _record_places(db: sqlite3.Connection, outcomes: Sequence[PollOutcome]) -> None:
    """Which feeds are no longer at their addresses, and which are there again."""
    missing = [(one.state.id, one.poll.at) for one in outcomes if one.missing]
    back = [one.state.id for one in outcomes if one.missing is False]
    if missing or back:
        recovery.update_lost_feeds(db, missing, back, after_s=LOST_FOR_S)


def _count_muted(
    db: sqlite3.Connection, outcomes: Sequence[PollOutcome], context: PollContext, now: int
) -> None:
    """Note how many new entries each feed's `mute` has met."""
    feeds = context.config.feeds if context.config else {}
    for outcome in outcomes:
        feed = feeds.get(outcome.state.name)
        if feed is not None and feed.mute and outcome.new:
            from feedd.store import rule_actions  # most files mute nothing: they pay for none

            hits = sum(muted(one.keyed.entry.title, feed.mute) for one in outcome.new)
            if hits:
                rule_actions.note_hits(db, rule_actions.mute_key(feed), hits, now)


def _meet_rules(
    db: sqlite3.Connection, stored: list[Recorded], seen: int, context: PollContext, now: int
) -> list[Recorded]:
    """Have entries that are newer than `seen` meet the rules; the reports get the commands that are
    to be run.
    """
    config = context.config
    if config is None or not config.rules:
        return stored
    came = (entry_id for one in stored for entry_id, _ in one.report.items)
    if not (new := [entry_id for entry_id in came if entry_id > seen]):
        return stored
    from feedd.configfile.saved_queries import names_of
    from feedd.store import rule_actions

    notify = rule_actions.apply_to_new(db, config.rules, names_of(config), new, now)
    if not notify:
        return stored
    told = []
    for one in stored:
        ids = {entry_id for entry_id, _ in one.report.items}
        commands = tuple(command for command in notify if command[1] in ids)
        told.append(replace(one, report=replace(one.report, notify=commands)))
    return told


def _report(result: FetchResult | Push, outcome: PollOutcome, ids: Sequence[int]) -> PollReport:
    """`ids` are those of the new entries."""
    poll = outcome.poll
    titles = [new.keyed.entry.title for new in outcome.new]
    return PollReport(
        feed=outcome.state.name,
        status=poll.status,
        new=poll.new,
        changed=poll.changed,
        bytes=poll.bytes,
        error=poll.error,
        items=tuple(zip(ids, titles, strict=True)),
        archive_url=result.document.feed.archive_url if result.document else None,
        first=result.feed.last_success is None,
        duration_ms=poll.duration_ms,
        pushed=outcome.pushed,
    )


def _is_the_stores(error: Exception) -> bool:
    """Is it the database that can't go on (full, locked, damaged), whatever it is given?"""
    damaged = type(error) is sqlite3.DatabaseError
    return damaged or isinstance(error, (StoreError, sqlite3.OperationalError))


def size_of(result: FetchResult) -> int:
    """What a result counts for, in bytes of memory."""
    return BARE_RESULT + (BARE_DOCUMENT + len(result.packed.entries) if result.packed else 0)
