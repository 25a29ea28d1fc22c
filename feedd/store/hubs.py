"""Subscriptions to the hubs that push feeds between polls (WebSub)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from feedd.model import Subscription
from feedd.store.sqlite import sqlite_errors, transaction

_SUBSCRIPTION_COLUMNS = (
    "feed_id, hub, topic, token, secret, state, next_ask, tries, lease_ends, last_push, pushes,"
    " error"
)
_SUBSCRIPTION = (
    "SELECT s.feed_id, f.name, s.hub, topic, token, secret, s.state, next_ask, tries, lease_ends,"
    " last_push, pushes, error FROM subscriptions s JOIN feeds f ON f.id = s.feed_id"
)
_STILL_POLLED = "(f.enabled = 1 AND f.removed_at IS NULL)"

AS_USUAL = "pushes may have been missed: polled as usual"
_AS_USUAL = "max(:now, last_poll + interval_s, coalesce(not_before, 0))"

AT_ONCE = 20
"""How many subscriptions are attended to at a time."""


def of_feed(db: sqlite3.Connection, feed_id: int) -> Subscription | None:
    with sqlite_errors(db):
        row = db.execute(f"{_SUBSCRIPTION} WHERE s.feed_id = ?", (feed_id,)).fetchone()
    return Subscription(*row) if row else None


def of_token(db: sqlite3.Connection, token: str) -> Subscription | None:
    """The subscription that a callback's address ends with."""
    with sqlite_errors(db):
        row = db.execute(f"{_SUBSCRIPTION} WHERE token = ?", (token,)).fetchone()
    return Subscription(*row) if row else None


def to_attend(db: sqlite3.Connection, now: int) -> Sequence[tuple[Subscription, bool]]:
    """Subscriptions that may need something done, and whether their feed is still polled."""
    with sqlite_errors(db):
        rows = db.execute(
            f"{_SUBSCRIPTION.replace(' FROM', f', {_STILL_POLLED} FROM', 1)}"
            f" WHERE next_ask <= :now OR lease_ends <= :now OR (NOT {_STILL_POLLED}"
            " AND s.state IN ('asked', 'verified')) ORDER BY next_ask LIMIT :most",
            {"now": now, "most": AT_ONCE},
        ).fetchall()
    return [(Subscription(*row[:-1]), bool(row[-1])) for row in rows]


def save(db: sqlite3.Connection, subscription: Subscription, now: int) -> None:
    """Keep this of a feed's hub from now on. Where pushes can't be relied on any more, the feed is
    polled as usual. Nothing is kept for a feed that is gone.
    """
    s = subscription
    with transaction(db):
        relied = db.execute(
            "SELECT pushes FROM subscriptions WHERE feed_id = ?", (s.feed_id,)
        ).fetchone()
        db.execute(
            f"INSERT OR REPLACE INTO subscriptions({_SUBSCRIPTION_COLUMNS})"
            " SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM feeds WHERE id = ?",
            (
                s.hub, s.topic, s.token, s.secret, s.state, s.next_ask, s.tries,
                s.lease_ends, s.last_push, s.pushes, s.error, s.feed_id,
            ),
        )  # fmt: skip
        if relied and relied[0] and not s.pushes:
            poll_as_usual(db, now, s.feed_id)


def forget(db: sqlite3.Connection, feed_id: int, now: int) -> None:
    """The feed's hub is out of it: the feed is polled as usual."""
    with transaction(db):
        poll_as_usual(db, now, feed_id)
        db.execute("DELETE FROM subscriptions WHERE feed_id = ?", (feed_id,))


def poll_as_usual(db: sqlite3.Connection, now: int, feed_id: int | None = None) -> None:
    """Give one feed, or all, the next poll that it would have without pushes."""
    with transaction(db):
        db.execute(
            f"UPDATE feeds SET next_poll = {_AS_USUAL}, next_reason = :reason"
            " WHERE id IN (SELECT feed_id FROM subscriptions WHERE last_push IS NOT NULL"
            " AND feed_id = coalesce(:feed, feed_id))"
            f" AND failures = 0 AND next_poll > {_AS_USUAL}",
            {"now": now, "feed": feed_id, "reason": AS_USUAL},
        )
