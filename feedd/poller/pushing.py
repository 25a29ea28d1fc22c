"""A pushed document is stored as a polled one is: parsed, keyed, decided, recorded at once."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from feedd.model import Config, Response, Subscription
from feedd.parsing import Document
from feedd.poller.asking import Asked, ReadDocument
from feedd.poller.concluding import Terms, conclude
from feedd.poller.document import Reading, ReadingJob
from feedd.poller.hubs import conclude_push
from feedd.poller.polling import PollReport, report_of
from feedd.poller.recording import priced
from feedd.poller.store_thread import StoreThread
from feedd.store import entries, hub_subscriptions, known_entries
from feedd.store import feeds as feed_store
from feedd.store.sqlite import transaction
from feedd.websub import leasing


async def take_in(
    body: bytes,
    content_type: str | None,
    subscription: Subscription,
    *,
    config: Config,
    read: ReadDocument,
    store: StoreThread,
    terms: Terms,
    now: int,
) -> PollReport | None:
    """Store what a document brings that a feed's hub pushed; None where the feed is not polled.

    Raises ParseError when it is no feed, and StoreError.
    """
    feed = config.feeds.get(subscription.feed)
    states = await store.call(feed_store.feed_states, [subscription.feed])
    if feed is None or not feed.enabled or not states:
        return None
    job = ReadingJob(
        document=Document(
            body=body,
            url=states[0].active_url,
            content_type=content_type,
            seen=states[0].items,
            parser=config.settings.parser,
        ),
        keys=states[0].keys,
    )
    reading = await read(job)
    response = Response(200, subscription.topic, {}, wire_bytes=len(body))
    asked = Asked(states[0], feed, now, conditional=False, response=response, reading=reading)
    return await store.call(_record, asked, reading, terms)


def _record(
    db: sqlite3.Connection, asked: Asked, reading: Reading, terms: Terms
) -> PollReport | None:
    # What a poll has stored while the document was read must not be undone.
    states = feed_store.feed_states(db, [asked.feed.name])
    subscription = hub_subscriptions.of_feed(db, asked.feed.id)
    if subscription is None or not states or states[0].hub != subscription.hub:
        return None  # the feed, or what it offers, is another one by now
    asked = replace(asked, feed=states[0])
    known = known_entries.known_entries(db, asked.feed.id, reading.entries)
    with transaction(db):
        hub_subscriptions.save(db, leasing.pushed(subscription, asked.at), asked.at)
        as_polled = conclude(asked, known, priced(db, terms), had_entries=False)
        outcome = conclude_push(db, asked, as_polled, terms)
        ids = entries.record(db, [outcome], asked.at)
    return report_of(asked, outcome, ids)
