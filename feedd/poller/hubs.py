"""What a poll means for the feed's subscription with its hub, and the subscription for the poll."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import replace

from feedd import schedule
from feedd.identity.hosts import host_of
from feedd.model import PollOutcome, Subscription
from feedd.poller.asking import Asked
from feedd.poller.concluding import Terms, pace_of
from feedd.store import hub_subscriptions
from feedd.websub import leasing
from feedd.websub.offering import Offer, offered

TOKEN_BYTES = 24
SECRET_BYTES = 32


def heed_hub(
    db: sqlite3.Connection, asked: Asked, outcome: PollOutcome, terms: Terms
) -> PollOutcome:
    """The outcome of a poll, with the hub it offers noted, and later where that pushes."""
    if asked.failure is not None or asked.response is None or asked.response.truncated:
        return outcome
    state = outcome.state
    if asked.reading is not None:
        feed = asked.reading.feed
        offer = offered(
            asked.response.headers.get("link", ""), feed.hub, feed.self_url, asked.response.url
        )
        state = replace(state, hub=offer.hub if offer else None)
        outcome = replace(outcome, state=state)
        if offer is not None or asked.feed.hub is not None:
            _note(db, outcome, offer, asked.at)
    subscription = hub_subscriptions.of_feed(db, state.id) if state.hub else None
    if subscription is None or not subscription.pushes:
        return outcome
    if outcome.new:
        hub_subscriptions.save(db, leasing.missed(subscription), asked.at)
        return outcome
    return _rarer(outcome, subscription, asked, terms)


def _note(db: sqlite3.Connection, outcome: PollOutcome, offer: Offer | None, now: int) -> None:
    """Keep what a feed offers now; another hub or topic is another subscription."""
    feed = outcome.state
    known = hub_subscriptions.of_feed(db, feed.id)
    if offer is None:
        if known is not None:
            hub_subscriptions.forget(db, feed.id, now)
    elif known is None or not offer.is_of(known):
        token, secret = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_hex(SECRET_BYTES)
        begun = Subscription(feed.id, feed.name, offer.hub, offer.topic, token, secret)
        hub_subscriptions.save(db, begun, now)


def _rarer(
    outcome: PollOutcome, subscription: Subscription, asked: Asked, terms: Terms
) -> PollOutcome:
    if terms.settings.websub_callback is None:
        return outcome
    state = outcome.state
    decided = schedule.Decision(
        state.next_poll, state.interval_s or 0, state.next_reason, state.rhythm
    )
    decision = schedule.while_pushed(
        decided,
        pushes=subscription.pushes,
        hub=host_of(subscription.hub),
        last_poll=state.last_poll or asked.at,
        pace=pace_of(asked.config, terms.settings),
        hints=state.hints,
        rng=terms.rng,
    )
    return replace(
        outcome,
        state=replace(state, next_poll=decision.next_poll, next_reason=decision.reason),
        poll=replace(outcome.poll, next_poll=decision.next_poll, reason=decision.reason),
    )


def conclude_push(
    db: sqlite3.Connection, asked: Asked, outcome: PollOutcome, terms: Terms
) -> PollOutcome:
    """The outcome of a push, from that of a poll that had brought the same document.

    Nothing was asked of the feed's own address: all that is remembered of it stays (validators,
    health, the last poll), and so does the next poll, unless it may be later.
    """
    subscription = hub_subscriptions.of_feed(db, asked.feed.id)
    assert subscription is not None
    before, after = asked.feed, outcome.state
    state = replace(before, keys=after.keys, rhythm=after.rhythm)
    poll = replace(outcome.poll, status=None, error=None)
    outcome = replace(outcome, state=state, poll=poll, pushed=True)
    if before.failures or before.last_poll is None:
        return outcome
    return _rarer(outcome, subscription, asked, terms)
