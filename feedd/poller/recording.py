"""What a batch of answers changes, decided and stored in one transaction."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

from feedd.errors import StoreError
from feedd.identity.hosts import host_of
from feedd.model import PollOutcome
from feedd.outcome import unexpected
from feedd.poller.asking import Asked
from feedd.poller.concluding import Terms, conclude
from feedd.poller.hubs import heed_hub
from feedd.poller.rescue import note_lost
from feedd.store import feeds as feed_store
from feedd.store.due_times import hold_back_host
from feedd.store.entries import record
from feedd.store.known_entries import has_entries, known_entries
from feedd.store.sqlite import savepoint, transaction

log = logging.getLogger("feedd.poller")

Recorded = tuple[PollOutcome, list[int]]
"""A feed's outcome, with the ids of its new items."""


def conclude_and_record(
    db: sqlite3.Connection, brought: Sequence[Asked], terms: Terms, held: Mapping[str, int]
) -> list[Recorded]:
    """Decide what each answer changes and store it all in one transaction.

    `held` says until when hosts want to be left alone: feeds that were being asked when a host said
    so are held too.

    An answer that trips over a bug of ours becomes a recorded failure of its feed: the others of
    the batch are stored, and the feed is asked again later, not at once. Raises StoreError.
    """
    terms = priced(db, terms)
    with transaction(db):
        try:
            return _together(db, brought, terms, held)
        except Exception as error:
            if _is_the_stores(error):
                raise
        return [_alone(db, asked, terms, held) for asked in brought]


def priced(db: sqlite3.Connection, terms: Terms) -> Terms:
    """The terms with what a poll costs, as last worked out."""
    price = feed_store.get_meta(db, "price")
    return replace(terms, price=float(price) if price else None)


def hold_of(asked: Asked, outcome: PollOutcome) -> dict[str, int]:
    """The host that answered 429, and when it may be asked again: as it said, else after the
    backoff. Empty after any other answer."""
    if asked.failure is None or asked.failure.kind != "throttled":
        return {}
    said = outcome.poll.not_before or 0
    until = said if said > asked.at else outcome.state.next_poll or 0
    return {host_of(outcome.poll.url): until}


def _together(
    db: sqlite3.Connection, brought: Sequence[Asked], terms: Terms, held: Mapping[str, int]
) -> list[Recorded]:
    with savepoint(db):
        outcomes = []
        for asked in brought:
            entries = asked.reading.entries if asked.reading else ()
            known = known_entries(db, asked.feed.id, entries) if entries else []
            had_entries = bool(known) or not entries or has_entries(db, asked.feed.id)
            outcome = conclude(asked, known, terms, had_entries=had_entries)
            outcomes.append(heed_hub(db, asked, outcome, terms))
        now = max(asked.at for asked in brought)
        ids = iter(record(db, outcomes, now))
        note_lost(db, brought)
        hosts = {host_of(outcome.state.active_url) for outcome in outcomes}
        holds = {host: until for host, until in held.items() if host in hosts and until > now}
        for asked, outcome in zip(brought, outcomes, strict=True):
            holds |= hold_of(asked, outcome)
        for host, until in holds.items():
            hold_back_host(db, host, until)
        return [(outcome, [next(ids) for _ in outcome.new]) for outcome in outcomes]


def _alone(db: sqlite3.Connection, asked: Asked, terms: Terms, held: Mapping[str, int]) -> Recorded:
    try:
        return _together(db, [asked], terms, held)[0]
    except Exception as error:
        if _is_the_stores(error):
            raise
        log.debug("%s: unexpected error", asked.feed.name, exc_info=True)
        failed = replace(asked, reading=None, failure=unexpected(error))
        return _together(db, [failed], terms, held)[0]


def _is_the_stores(error: Exception) -> bool:
    """Is it the database that can't go on (full, locked, damaged), whatever it is given?"""
    damaged = type(error) is sqlite3.DatabaseError
    return damaged or isinstance(error, (StoreError, sqlite3.OperationalError))
