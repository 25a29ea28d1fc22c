"""Storing the results of polls: everything of several polls in one transaction, or nothing."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Sequence

from msgspec import Struct

from feedd.model import ChangedEntry, KeyedEntry, NewEntry, PollOutcome
from feedd.store import entry_rows, groups, recovery
from feedd.store.entry_versions import keep_version
from feedd.store.feeds import SAVE_PUSHED, SAVE_STATE, saved, saved_pushed
from feedd.store.polls import INSERT_POLL, poll_row
from feedd.store.search.index import SearchDocument, add_documents, drop_documents, index_anew
from feedd.store.sqlite import placeholders, savepoint, transaction
from feedd.units import DAY_S
from feedd.workers import storable

HISTORY_POLLS = 200
HISTORY_S = 90 * DAY_S
"""A feed's poll history holds at most so many polls, none older than this."""


def record(
    db: sqlite3.Connection,
    outcomes: Sequence[PollOutcome],
    now: int,
    to_index: list[SearchDocument] | None = None,
) -> list[int]:
    """Store what polls changed: feeds, history, entries, marks, article queue, search index.

    Returns the ids of the outcomes' new entries, in their order: for an entry that another process
    has stored in the meantime, its id there; for an entry whose feed was removed, 0. Raises
    StoreError, and then nothing has changed.

    Inside a transaction of the caller, a value that SQLite refuses raises UnicodeEncodeError or
    OverflowError: the caller begins anew with `storable` outcomes. A caller that records several
    times in one transaction gives `to_index`, and indexes what is put there at the end: FTS5 writes
    out all new words before any statement that SQLite may have to undo.
    """
    is_part = db.in_transaction
    try:
        return _record(db, outcomes, now, to_index)
    except (UnicodeEncodeError, OverflowError):
        # Half a character (JSON can spell it) or a number that no date is: rare, so looked for
        # only when SQLite has refused it.
        if is_part:
            raise
        return _record(db, [storable(outcome) for outcome in outcomes], now, to_index)


def _record(
    db: sqlite3.Connection,
    outcomes: Sequence[PollOutcome],
    now: int,
    to_index: list[SearchDocument] | None,
) -> list[int]:
    documents: list[SearchDocument] = []
    with transaction(db):
        stored = _save_feeds(db, outcomes)
        kept = [outcome for outcome in outcomes if outcome.state.id in stored]
        batches = [(outcome.state.id, outcome.new) for outcome in outcomes]
        arrivals = _arrivals(db, batches, stored, now)
        already_stored = _insert_entries(db, arrivals, now, documents)
        changed = [(outcome.state.id, one) for outcome in kept for one in outcome.changed]
        _update_entries(db, [*changed, *already_stored], now, documents)
        for outcome in kept:
            for entry_id, key in outcome.rekeyed:
                _set_key(db, entry_id, key)
            if outcome.archive is not None:
                recovery.begin_archive(db, outcome.archive)
        if to_index is None:
            add_documents(db, documents)
        else:
            to_index += documents
    ids = {one.place: one.entry_id for one in arrivals}
    return [
        ids.get((number, place), 0)
        for number, outcome in enumerate(outcomes)
        for place in range(len(outcome.new))
    ]


def record_entries(db: sqlite3.Connection, feed_id: int, new: Sequence[NewEntry], now: int) -> None:
    """Store new entries of a feed that no poll brought: from an archive, say. Raises StoreError."""
    try:
        _record_entries(db, feed_id, new, now)
    except (UnicodeEncodeError, OverflowError):
        _record_entries(db, feed_id, storable(tuple(new)), now)


def _record_entries(
    db: sqlite3.Connection, feed_id: int, new: Sequence[NewEntry], now: int
) -> None:
    with transaction(db), savepoint(db):
        if db.execute("SELECT 1 FROM feeds WHERE id = ?", (feed_id,)).fetchone():
            documents: list[SearchDocument] = []
            _insert_entries(db, _arrivals(db, [(feed_id, new)], {feed_id}, now), now, documents)
            add_documents(db, documents)


class _Arrival(Struct):
    """A new entry and its id: a new one, or, if another process stored it first (`already_stored`),
    the one it has. `place` is the number of its outcome, and its own number in that.
    """

    place: tuple[int, int]
    entry_id: int
    feed_id: int
    sort_at: int
    new: NewEntry
    already_stored: bool = False


def _save_feeds(db: sqlite3.Connection, outcomes: Sequence[PollOutcome]) -> set[int]:
    """Save states and poll history; returns the ids of the feeds that still exist.

    A feed whose url the user has changed in the meantime starts afresh: nothing of it is saved.
    """
    existing: set[int] = set()
    polled: dict[int, PollOutcome] = {}
    for outcome in outcomes:
        state = outcome.state
        row = db.execute("SELECT url FROM feeds WHERE id = ?", (state.id,)).fetchone()
        if row is None or (outcome.pushed and row[0] != state.url):
            continue
        existing.add(state.id)
        if outcome.pushed:
            db.execute(SAVE_PUSHED, saved_pushed(state))
        elif row[0] == state.url:
            if state.id in polled:  # again: each poll has a number of its own
                _save_polls(db, list(polled.values()))
                polled.clear()
            polled[state.id] = outcome
    _save_polls(db, list(polled.values()))
    return existing


def _save_polls(db: sqlite3.Connection, outcomes: Sequence[PollOutcome]) -> None:
    """Save the states of different feeds after their polls, and add these to the history."""
    db.executemany(SAVE_STATE, [saved(one.state) for one in outcomes])
    db.executemany(INSERT_POLL, [poll_row(one.state.id, one.poll) for one in outcomes])
    # Both limits make one bound on the number, so that only rows to be deleted are read.
    db.executemany(
        "DELETE FROM polls WHERE feed_id = ?1 AND number < max("
        f"(SELECT poll_count FROM feeds WHERE id = ?1) - {HISTORY_POLLS - 1}, coalesce((SELECT"
        " number FROM polls WHERE feed_id = ?1 AND at >= ?2 ORDER BY number LIMIT 1), 0))",
        [(one.state.id, one.poll.at - HISTORY_S) for one in outcomes],
    )


def _arrivals(
    db: sqlite3.Connection,
    batches: Sequence[tuple[int, Sequence[NewEntry]]],
    stored: set[int],
    now: int,
) -> list[_Arrival]:
    """Give new entries their ids, in order of time within a feed: a later id is a newer entry."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()
    next_id = (row[0] if row else 0) + 1
    arrivals = []
    for number, (feed_id, entries) in enumerate(batches):
        if feed_id not in stored:
            continue
        timed = [
            (entry_rows.sort_time(new.keyed.entry.published, now), -place, new)
            for place, new in enumerate(entries)
        ]
        timed.sort(key=lambda one: one[:2])  # documents usually begin with the newest
        for sort_at, place, new in timed:
            arrivals.append(_Arrival((number, -place), next_id, feed_id, sort_at, new))
            next_id += 1
    return arrivals


def _insert_entries(
    db: sqlite3.Connection,
    arrivals: Sequence[_Arrival],
    now: int,
    documents: list[SearchDocument],
) -> list[tuple[int, ChangedEntry]]:
    """Insert all; returns those that were stored already, as changes to what is stored."""
    if not arrivals:
        return []
    rows = [entry_rows.entry_row(one.entry_id, one.feed_id, one.new.keyed, now) for one in arrivals]
    inserted = db.executemany(entry_rows.INSERT_ENTRY, rows).rowcount
    already_stored = []
    if inserted < len(arrivals):
        already_stored = _use_stored_rows(db, arrivals)
        arrivals = [one for one in arrivals if not one.already_stored]
    db.executemany(
        entry_rows.INSERT_CONTENT,
        [entry_rows.content_row(one.entry_id, one.new.keyed) for one in arrivals],
    )
    _insert_marks(db, arrivals, now)
    _queue_pages(
        db,
        [
            (one.entry_id, one.sort_at, now + one.new.page_delay_s)
            for one in arrivals
            if one.new.fetch_page and one.new.keyed.entry.link
        ],
    )
    languages = _languages(db, {one.feed_id for one in arrivals})
    documents += [
        _document(one.entry_id, one.new.keyed, languages.get(one.feed_id)) for one in arrivals
    ]
    return already_stored


def _use_stored_rows(
    db: sqlite3.Connection, arrivals: Sequence[_Arrival]
) -> list[tuple[int, ChangedEntry]]:
    """Take the ids of rows that another process inserted first; returns those whose content
    differs.
    """
    changes = []
    for one in arrivals:
        keyed = one.new.keyed
        entry_id, content_hash = db.execute(
            "SELECT id, content_hash FROM entries WHERE feed_id = ? AND key = ?",
            (one.feed_id, keyed.key),
        ).fetchone()
        if entry_id != one.entry_id:
            one.entry_id, one.already_stored = entry_id, True
            if content_hash != keyed.content_hash:
                changes.append((one.feed_id, ChangedEntry(entry_id, keyed)))
    return changes


def _insert_marks(db: sqlite3.Connection, arrivals: Sequence[_Arrival], now: int) -> None:
    if not arrivals:
        return
    read = {one.entry_id: now for one in arrivals if one.new.read}
    shared = entry_rows.with_shared_links(db, after=arrivals[0].entry_id - 1)
    joined = groups.joining(db, shared, read) if shared else {}
    rows: list[tuple[int | None, ...]] = []
    for one in arrivals:
        group = joined.get(one.entry_id)
        marks = (group.read_at, group.starred_at) if group else (read.get(one.entry_id), None)
        rows.append((one.entry_id, one.feed_id, one.sort_at, *marks))
    db.executemany(
        "INSERT INTO marks(entry_id, feed_id, sort_at, read_at, starred_at) VALUES (?, ?, ?, ?, ?)",
        rows,
    )
    arrived = Counter(one.feed_id for one in arrivals)
    unread = Counter(row[1] for row in rows if row[3] is None)
    db.executemany(
        "INSERT INTO counts(feed_id, entries, unread) VALUES (?, ?, ?)"
        " ON CONFLICT(feed_id) DO UPDATE"
        " SET entries = entries + excluded.entries, unread = unread + excluded.unread",
        [(feed_id, count, unread[feed_id]) for feed_id, count in arrived.items()],
    )
    for entry_id, group in joined.items():
        groups.share_tags(db, (group.leader, entry_id))
        # An update, not part of the insert: that it has joined is an event (`events`), and a
        # trigger on inserts would cost every row.
        db.execute(
            "UPDATE marks SET same_as = :leader,"
            " hidden_at = (SELECT hidden_at FROM marks WHERE entry_id = :leader)"
            " WHERE entry_id = :entry",
            {"leader": group.leader, "entry": entry_id},
        )


def _queue_pages(db: sqlite3.Connection, rows: Sequence[tuple[int, int, int]]) -> None:
    """Put pages, as (entry id, sort time, not before), in the article queue."""
    db.executemany(
        "INSERT INTO article_queue(entry_id, sort_at, not_before, tries) VALUES (?, ?, ?, 0)"
        " ON CONFLICT(entry_id) DO UPDATE SET not_before = excluded.not_before, tries = 0",
        rows,
    )


def _languages(db: sqlite3.Connection, feed_ids: Collection[int]) -> dict[int, str | None]:
    query = f"SELECT id, language FROM feeds WHERE id IN ({placeholders(len(feed_ids))})"
    return dict(db.execute(query, tuple(feed_ids)).fetchall())


def _document(entry_id: int, keyed: KeyedEntry, feed_language: str | None) -> SearchDocument:
    """An entry for the search index, as `stored_document` would read it back."""
    entry = keyed.entry
    text = entry.text if keyed.utf8 is None else keyed.utf8
    has: tuple[str, ...] = ()
    if entry.enclosures or entry.image or entry.comments:
        there = {"enclosure": entry.enclosures, "image": entry.image, "comments": entry.comments}
        has = tuple(name for name, value in there.items() if value)
    language = entry.language or feed_language
    return SearchDocument(
        entry_id, entry.title, text, entry.author, entry.categories, entry.link, language, has
    )


def _update_entries(
    db: sqlite3.Connection,
    changes: Sequence[tuple[int, ChangedEntry]],
    now: int,
    documents: list[SearchDocument],
) -> None:
    """Change stored entries to what they are now; their ids, first-seen and sort times stay."""
    if not changes:
        return
    languages = _languages(db, {feed_id for feed_id, _ in changes})
    with_article = _with_article(db, [change.id for _, change in changes])
    for feed_id, change in changes:
        keyed = change.keyed
        keep_version(db, change.id, keyed, now)
        if not db.execute(
            entry_rows.UPDATE_ENTRY, entry_rows.changed_row(change.id, keyed, now)
        ).rowcount:
            continue  # pruned in the meantime
        _set_key(db, change.id, keyed.key)
        db.execute(entry_rows.UPDATE_CONTENT, entry_rows.changed_content_row(change.id, keyed))
        if change.unread:
            db.execute(
                "UPDATE marks SET read_at = NULL WHERE read_at IS NOT NULL AND (entry_id = :id"
                " OR entry_id = (SELECT same_as FROM marks WHERE entry_id = :id)"
                " OR same_as = coalesce((SELECT same_as FROM marks WHERE entry_id = :id), :id))",
                {"id": change.id},
            )
        if change.fetch_page and keyed.entry.link:
            sort_at = db.execute(
                "SELECT sort_at FROM marks WHERE entry_id = ?", (change.id,)
            ).fetchone()[0]
            _queue_pages(db, [(change.id, sort_at, now)])
        if change.id in with_article:
            index_anew(db, [change.id])
        else:
            drop_documents(db, [change.id])
            documents.append(_document(change.id, keyed, languages.get(feed_id)))


def _with_article(db: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    query = "SELECT entry_id FROM articles WHERE html IS NOT NULL AND entry_id"
    return {row[0] for row in db.execute(f"{query} IN ({placeholders(len(ids))})", ids)}


def _set_key(db: sqlite3.Connection, entry_id: int, key: str) -> None:
    """Give an entry another key, unless another entry of the feed has that key."""
    db.execute(
        "UPDATE OR IGNORE entries SET key = ? WHERE id = ? AND key <> ?", (key, entry_id, key)
    )
