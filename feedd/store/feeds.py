"""The feeds table: rows and the states they stand for, and following the user's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec import Struct

from feedd.model import NO_HINTS, FeedConfig, FeedState, Validators
from feedd.store.sqlite import all_rows, in_parts, placeholders, sqlite_errors, transaction
from feedd.store.stored_values import hints_of, hints_text

_SAME = (
    "active_url", "title", "site", "language", "body_hash", "last_poll", "last_success",
    "last_full", "gap_at", "last_status", "last_error", "failures", "failing_since", "not_before",
    "interval_s", "rhythm", "move_to", "move_polls", "keys", "hub", "suggested_url", "notes",
)  # fmt: skip
"""Columns that are fields of a FeedState by the same name."""

_OTHERS = ("item_hashes", "etag", "last_modified", "validators_url", "hints", "next_poll",
           "next_reason", "state")  # fmt: skip
_SAVED = _SAME + _OTHERS

_same_fields = attrgetter(*_SAME)

_POLLED = "enabled AND removed_at IS NULL"
_HEALTH = "iif(removed_at IS NOT NULL, 'removed', iif(enabled, state, 'disabled'))"

_FIELDS = FeedState.__struct_fields__
_READ: Mapping[str, str] = {
    **{field: field for field in _FIELDS},
    "state": _HEALTH,
    "validators": "validators_url",
    "items": "item_hashes",
    "next_poll": f"iif({_POLLED}, next_poll, NULL)",
    "next_reason": f"iif({_POLLED}, next_reason, {_HEALTH} || ': not polled')",
}
"""What each field of a FeedState is read from."""

STATE_COLUMNS = ", ".join((*_READ.values(), "etag", "last_modified"))
"""What `state_of` reads, in its order: that of the fields, for there may be very many."""

_URL, _ACTIVE_URL = _FIELDS.index("url"), _FIELDS.index("active_url")
_VALIDATORS, _HINTS_TEXT = _FIELDS.index("validators"), _FIELDS.index("hints")

SAVE_STATE = (
    f"UPDATE feeds SET {', '.join(f'{column} = ?' for column in _SAVED)},"
    " poll_count = poll_count + 1 WHERE id = ? AND url = ?"
)
"""Takes `saved(state)`. What the user configures is not in it, and after the user changed the url
nothing is saved of a poll of the old one."""

SAVE_PUSHED = """UPDATE feeds SET rhythm = ?, keys = ?, next_poll = ?, next_reason = ?
WHERE id = ? AND url = ?"""
"""Takes `saved_pushed(state)`: what a push changes, no validator among it."""

_FINGERPRINT_BYTES = 4
"""Of the hash of what the file says about requests: enough to see a change, too little to confirm
a guess of a password or token in it."""


def state_of(row: Sequence[Any]) -> FeedState:
    """The state that a row of `STATE_COLUMNS` stands for."""
    *values, etag, modified = row
    url, hints = values[_VALIDATORS], values[_HINTS_TEXT]
    values[_VALIDATORS] = Validators(url, etag, modified) if url else None
    values[_HINTS_TEXT] = hints_of(hints) if hints else NO_HINTS
    if values[_ACTIVE_URL] == values[_URL]:
        values[_ACTIVE_URL] = values[_URL]  # one string, not two
    return FeedState(*values)


_SHOWN = ("id", "name", "url", "active_url", "state", "title", "site", "last_poll", "last_success",
          "last_status", "last_error", "failures", "failing_since", "next_poll", "interval_s",
          "suggested_url", "notes")  # fmt: skip
SHOWN_COLUMNS = ", ".join(_READ[field] for field in _SHOWN)


def shown_state_of(row: Sequence[Any]) -> FeedState:
    """As much of a feed's state as a row of `SHOWN_COLUMNS` has, which is what people are shown."""
    return FeedState(**dict(zip(_SHOWN, row, strict=True)))


def saved(state: FeedState) -> tuple[Any, ...]:
    """The parameters of `SAVE_STATE`."""
    validators = state.validators or Validators("", None, None)
    return (
        *_same_fields(state),
        state.items,
        validators.etag,
        validators.last_modified,
        validators.url or None,
        hints_text(state.hints),
        state.next_poll,
        state.next_reason,
        # Being disabled or removed is the file's doing and is stored apart from the health.
        "ok" if state.state in ("disabled", "removed") else state.state,
        state.id,
        state.url,
    )


def saved_pushed(state: FeedState) -> tuple[Any, ...]:
    """The parameters of `SAVE_PUSHED`."""
    return (state.rhythm, state.keys, state.next_poll, state.next_reason, state.id, state.url)


def sync_feeds(db: sqlite3.Connection, feeds: Iterable[FeedConfig], now: int) -> None:
    """Make the store's feeds those of the file; nothing is written when they already are.

    A feed is known by its name, else (renamed) by its url. A changed url starts afresh and is due.
    One that left the file is `removed` and keeps its items; one that returns is due when it was
    (rule 9), or at once where it failed. After a change
    of what is sent (user, password file, headers) a feed that stopped at 401 is due again.
    """
    with transaction(db):
        found = _difference(db, feeds)
        for new_name, known in found.renamed:
            db.execute("UPDATE feeds SET name = ? WHERE id = ?", (new_name, known.id))
        for feed in found.new:
            _insert(db, feed, now)
        for feed, known in found.changed:
            _update(db, feed, known, now)
        gone = [(now, known.id) for known in found.lost.values() if known.removed_at is None]
        db.executemany("UPDATE feeds SET removed_at = ? WHERE id = ?", gone)


def feeds_not_in(db: sqlite3.Connection, feeds: Iterable[FeedConfig]) -> set[str]:
    """The names of the store's feeds that `sync_feeds` with these would leave as removed."""
    with sqlite_errors(db):
        return set(_difference(db, feeds).lost)


def feed_states(db: sqlite3.Connection, names: Sequence[str] | None = None) -> list[FeedState]:
    """All feeds ever configured and not pruned, or those named, by name."""
    with sqlite_errors(db):
        if names is None:
            every = db.execute(f"SELECT {STATE_COLUMNS} FROM feeds ORDER BY name")
            return list(map(state_of, every))
        rows: list[tuple[Any, ...]] = []
        for name in dict.fromkeys(names):
            rows += db.execute(f"SELECT {STATE_COLUMNS} FROM feeds WHERE name = ?", (name,))
        rows.sort(key=lambda row: str(row[1]))
    return list(map(state_of, rows))


def states_in_order(db: sqlite3.Connection, ids: Sequence[int]) -> list[FeedState]:
    """The feeds of these ids that are there, in their order."""
    states: dict[int, FeedState] = {}
    with sqlite_errors(db):
        for some in in_parts(ids):
            query = f"SELECT {STATE_COLUMNS} FROM feeds WHERE id IN ({placeholders(len(some))})"
            states |= {row[0]: state_of(row) for row in all_rows(db, query, some)}
    return [states[one] for one in ids if one in states]


def feed_urls(db: sqlite3.Connection) -> dict[str, str]:
    """The addresses of all feeds ever configured and not pruned, by name."""
    with sqlite_errors(db):
        return dict(db.execute("SELECT name, url FROM feeds"))


def rhythms(db: sqlite3.Connection, at_most: int) -> list[str]:
    """The rhythms of the feeds that have one; of more than `at_most` feeds, every so many."""
    with sqlite_errors(db):
        last = db.execute("SELECT coalesce(max(id), 0) FROM feeds").fetchone()[0]
        rows = db.execute(
            "SELECT rhythm FROM feeds WHERE id % ? = 0 AND rhythm <> ''",
            (max(1, last // at_most),),
        )
        return [row[0] for row in rows]


class _StoredFeed(Struct, frozen=True):
    """What `sync_feeds` needs to know of a stored feed."""

    id: int
    name: str
    url: str
    enabled: int
    removed_at: int | None
    request_fingerprint: bytes
    next_poll: int | None
    last_status: int | None
    not_before: int | None
    one_story: int
    failures: int


class _Difference(NamedTuple):
    """Between the file's feeds and the store's; `changed` has all of `renamed`."""

    new: list[FeedConfig]
    changed: list[tuple[FeedConfig, _StoredFeed]]
    renamed: list[tuple[str, _StoredFeed]]
    lost: dict[str, _StoredFeed]


def _difference(db: sqlite3.Connection, feeds: Iterable[FeedConfig]) -> _Difference:
    new = {feed.name: feed for feed in feeds}
    found = _Difference([], [], [], {})
    # Row by row: there may be a hundred thousand, of which nearly all are as they were.
    for row in db.execute(
        "SELECT id, name, url, enabled, removed_at, request_fingerprint, next_poll,"
        " last_status, not_before, one_story, failures FROM feeds"
    ):
        known = _StoredFeed(*row)
        feed = new.pop(known.name, None)
        if feed is None:
            found.lost[known.name] = known
        elif _differs(feed, known):
            found.changed.append((feed, known))
    for old_name, new_name in _renamed(new.values(), found.lost).items():
        known = found.lost.pop(old_name)
        found.renamed.append((new_name, known))
        found.changed.append((new.pop(new_name), known))
    found.new.extend(new.values())
    return found


def _differs(feed: FeedConfig, known: _StoredFeed) -> bool:
    return (
        feed.url != known.url
        or feed.enabled != bool(known.enabled)
        or feed.one_story != bool(known.one_story)
        or known.removed_at is not None
        or _request_fingerprint(feed) != known.request_fingerprint
    )


def _renamed(new: Iterable[FeedConfig], lost: Mapping[str, _StoredFeed]) -> dict[str, str]:
    """Stored feeds that left the file under their name and are in it under another, by url."""
    by_url: dict[str, str] = {}
    for name, known in lost.items():
        if known.url not in by_url or known.removed_at is None:
            by_url[known.url] = name
    return {by_url.pop(feed.url): feed.name for feed in new if feed.url in by_url}


def _insert(db: sqlite3.Connection, feed: FeedConfig, now: int) -> None:
    db.execute(
        "INSERT INTO feeds(name, url, active_url, enabled, state, failures, next_poll, next_reason,"
        " move_polls, keys, rhythm, request_fingerprint, item_hashes, one_story)"
        " VALUES (?, ?, ?, ?, 'new', 0, ?, 'new: never polled', 0, 'guid', '', ?, x'', ?)",
        (
            feed.name,
            feed.url,
            feed.url,
            int(feed.enabled),
            now,
            _request_fingerprint(feed),
            int(feed.one_story),
        ),
    )


def _update(db: sqlite3.Connection, feed: FeedConfig, known: _StoredFeed, now: int) -> None:
    changes: dict[str, int | str | bytes | None] = {}
    returned = known.removed_at is not None or (feed.enabled and not known.enabled)
    due = returned and (known.next_poll is None or known.failures > 0)
    if known.removed_at is not None:
        changes["removed_at"] = None
    if feed.enabled != bool(known.enabled):
        changes["enabled"] = int(feed.enabled)
    if feed.one_story != bool(known.one_story):
        changes["one_story"] = int(feed.one_story)
        if not feed.one_story:
            from feedd.store.groups import leave_stories  # seldom needed

            leave_stories(db, known.id)
    fingerprint = _request_fingerprint(feed)
    if fingerprint != known.request_fingerprint:
        changes["request_fingerprint"] = fingerprint
        due = due or known.last_status == 401
        # Another request, or another encoding, may bring another document.
        forgotten = ("etag", "last_modified", "validators_url", "body_hash", "item_hashes")
        changes |= {column: _AFRESH[column] for column in forgotten}
    if due:
        changes["next_poll"] = max(now, known.not_before or 0)
        changes["next_reason"] = "back in the file: asked at once"
    if feed.url != known.url:
        changes.update(_AFRESH)
        changes |= {"url": feed.url, "active_url": feed.url, "next_poll": now}
        db.execute("DELETE FROM lost_feeds WHERE feed_id = ?", (known.id,))
    if changes:
        assignments = ", ".join(f"{column} = :{column}" for column in changes)
        db.execute(f"UPDATE feeds SET {assignments} WHERE id = :id", {**changes, "id": known.id})


_AFRESH: Mapping[str, int | str | bytes | None] = {
    "state": "new",
    "etag": None,
    "last_modified": None,
    "validators_url": None,
    "body_hash": None,
    "item_hashes": b"",
    "hints": None,
    "last_full": None,
    "gap_at": None,
    "last_status": None,
    "last_error": None,
    "failures": 0,
    "failing_since": None,
    "not_before": None,
    "next_reason": "new address: asked at once",
    "move_to": None,
    "move_polls": 0,
    "hub": None,
    "suggested_url": None,
    "notes": None,
}
"""What a changed url undoes: all that was said at the old address."""


def _request_fingerprint(feed: FeedConfig) -> bytes:
    read_as: tuple[str | None, ...] = (feed.encoding,) if feed.encoding else ()
    if feed.items:
        read_as += (feed.items, feed.item_link, feed.item_title, feed.item_date, feed.item_text)
    headers = tuple(sorted(feed.headers.items()))
    sent = (feed.username, feed.password_file, headers, feed.user_agent, feed.proxy)
    return _fingerprint(*sent, *read_as)


@lru_cache(maxsize=16)
def _fingerprint(user: Any, password_file: Any, headers: tuple[Any, ...], *rest: Any) -> bytes:
    """Of nearly all feeds the file says the same, which is nothing."""
    said = repr((user, password_file, list(headers), *rest))
    return blake2b(said.encode(), digest_size=_FINGERPRINT_BYTES).digest()
