"""Which stored entries those of a document may be: the store's half of identity."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from feedd.identity import title_key
from feedd.model import KeyedEntry, KnownEntry
from feedd.store.sqlite import placeholders, sqlite_errors
from feedd.store.stored_values import short_hash

ENTRIES_A_QUERY = 2_000
SAME_LINK_READ = 2_000
"""So many entries of a feed are looked at because they have the link of one that came."""


def known_entries(
    db: sqlite3.Connection, feed_id: int, keyed: Sequence[KeyedEntry]
) -> list[KnownEntry]:
    """The stored entries of a feed that could be meant by these: those of the same key or link.

    Pruned entries are among them, with id 0 and the content they come with: known, never changed.
    """
    known: list[KnownEntry] = []
    with sqlite_errors(db):
        has_some, had_some = db.execute(
            "SELECT EXISTS (SELECT 1 FROM entries WHERE feed_id = :feed),"
            " EXISTS (SELECT 1 FROM pruned WHERE feed_id = :feed)",
            {"feed": feed_id},
        ).fetchone()
        if has_some:
            for start in range(0, len(keyed), ENTRIES_A_QUERY):
                known += _known(db, feed_id, keyed[start : start + ENTRIES_A_QUERY])
        if had_some:
            known += _pruned(db, feed_id, keyed, {one.key for one in known})
    best: dict[tuple[int, str], KnownEntry] = {}
    for one in known:  # found for its key and for its link, or twice by parts of a long document
        if one.link_key or (one.id, one.key) not in best:
            best[one.id, one.key] = one
    return list(best.values())


def has_entries(db: sqlite3.Connection, feed_id: int) -> bool:
    """Is anything stored of a feed?"""
    with sqlite_errors(db):
        row = db.execute("SELECT entries FROM counts WHERE feed_id = ?", (feed_id,)).fetchone()
    return row is not None and row[0] > 0


def _known(db: sqlite3.Connection, feed_id: int, keyed: Sequence[KeyedEntry]) -> list[KnownEntry]:
    links = {short_hash(one.link_key): one.link_key for one in keyed if one.link_key}
    columns = "SELECT id, key, link_hash, title, content_hash FROM entries"
    rows = db.execute(
        f"{columns} WHERE feed_id = ? AND key IN ({placeholders(len(keyed))})",
        (feed_id, *(one.key for one in keyed)),
    ).fetchall()
    if links:  # the index can't serve an empty list, and SQLite would refuse the query
        rows += db.execute(
            f"{columns} INDEXED BY entries_link"
            f" WHERE feed_id = ? AND link_hash IN ({placeholders(len(links))})"
            " ORDER BY id DESC LIMIT ?",
            (feed_id, *links, SAME_LINK_READ),
        ).fetchall()
    return [
        KnownEntry(
            id=entry_id,
            key=key,
            # Only links of entries that came matter: one of these, or none.
            link_key=links.get(link_hash) if link_hash is not None else None,
            title_key=title_key(title),
            content_hash=content_hash,
        )
        for entry_id, key, link_hash, title, content_hash in rows
    ]


def pruned_identities(key: str, link_key: str | None, title: str) -> list[int]:
    """What is remembered of a pruned entry, so that it is known when it returns."""
    identities = [short_hash(f"key\0{key}")]
    if link_key:
        identities.append(short_hash(f"link\0{link_key}\0{title}"))
    return identities


def _pruned(
    db: sqlite3.Connection, feed_id: int, keyed: Sequence[KeyedEntry], known: set[str]
) -> list[KnownEntry]:
    found = []
    for one in keyed:
        if one.key in known:
            continue
        identities = pruned_identities(one.key, one.link_key, one.title_key)
        if db.execute(
            "SELECT 1 FROM pruned WHERE feed_id = ?"
            f" AND identity IN ({placeholders(len(identities))})",
            (feed_id, *identities),
        ).fetchone():
            found.append(KnownEntry(0, one.key, one.link_key, one.title_key, one.content_hash))
    return found
