"""An entry's rows in the database, as they are written."""

from __future__ import annotations

import json
from typing import Any

from feedd.identity import names_article
from feedd.model import Entry, KeyedEntry
from feedd.store.stored_values import pack_content, short_hash
from feedd.units import DAY_S

FUTURE_TOLERANCE_S = DAY_S
EARLIEST_PUBLISHED = 631_152_000
"""1990-01-01T00:00:00Z. Rule 38: what claims to be older, or to come from the future, is sorted by
when it was first seen."""

INSERT_ENTRY = """INSERT OR IGNORE INTO entries(
  id, feed_id, key, link_hash, content_hash, title, link, author, published, updated, first_seen,
  comments, language, categories, enclosures)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

INSERT_CONTENT = "INSERT INTO contents(entry_id, full, body) VALUES (?, ?, ?)"

UPDATE_ENTRY = """UPDATE entries SET
  link_hash = ?, content_hash = ?, title = ?, link = ?, author = ?,
  published = coalesce(published, ?), updated = ?, comments = ?, language = ?, categories = ?,
  enclosures = ?, changed_at = ?
WHERE id = ?"""
"""`published` stays as first given: a list must not reorder itself because a feed was fetched."""

UPDATE_CONTENT = "UPDATE contents SET full = ?, body = ? WHERE entry_id = ?"

_json = json.JSONEncoder(ensure_ascii=False).encode


def entry_row(entry_id: int, feed_id: int, keyed: KeyedEntry, now: int) -> tuple[Any, ...]:
    """The parameters of `INSERT_ENTRY`."""
    entry = keyed.entry
    return (
        entry_id,
        feed_id,
        keyed.key,
        link_hash(keyed),
        keyed.content_hash,
        entry.title,
        entry.link,
        entry.author,
        entry.published,
        entry.updated,
        now,
        entry.comments,
        entry.language,
        _categories(entry),
        _enclosures(entry),
    )


def changed_row(entry_id: int, keyed: KeyedEntry, now: int) -> tuple[Any, ...]:
    """The parameters of `UPDATE_ENTRY`."""
    entry = keyed.entry
    return (
        link_hash(keyed),
        keyed.content_hash,
        entry.title,
        entry.link,
        entry.author,
        entry.published,
        entry.updated,
        entry.comments,
        entry.language,
        _categories(entry),
        _enclosures(entry),
        now,
        entry_id,
    )


def content_row(entry_id: int, keyed: KeyedEntry) -> tuple[Any, ...]:
    """The parameters of `INSERT_CONTENT`."""
    return (entry_id, int(keyed.entry.full), _packed(keyed))


def changed_content_row(entry_id: int, keyed: KeyedEntry) -> tuple[Any, ...]:
    """The parameters of `UPDATE_CONTENT`."""
    return (int(keyed.entry.full), _packed(keyed), entry_id)


def _packed(keyed: KeyedEntry) -> bytes:
    if keyed.packed is not None:
        return keyed.packed
    return pack_content(keyed.entry.html, keyed.entry.summary)


def link_hash(keyed: KeyedEntry) -> int | None:
    """What an entry's link is looked up by; None for none, or one that names no article."""
    link = keyed.link_key
    return short_hash(link) if link is not None and names_article(link) else None


def sort_time(published: int | None, now: int) -> int:
    """When an entry counts as having appeared (rule 38)."""
    if published is None or not EARLIEST_PUBLISHED <= published <= now + FUTURE_TOLERANCE_S:
        return now
    return published


def _categories(entry: Entry) -> str | None:
    return _json(entry.categories) if entry.categories else None


def _enclosures(entry: Entry) -> str | None:
    if not entry.enclosures:
        return None
    files = [
        {"url": file.url, "type": file.type, "length": file.length} for file in entry.enclosures
    ]
    return _json(files)
