"""Rows of entries: those that the entries of a document may mean, and those that are written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import asdict, replace

from feedd import identity
from feedd.model import KeyedEntry, KnownEntry
from feedd.store.sqlite import placeholders, sqlite_errors
from feedd.store.stored_values import pack_content, short_hash, unpack_content
from feedd.text import to_text
from feedd.units import DAY_S

ENTRIES_A_QUERY = 2_000

SAME_LINK_READ = 2_000
"""How many entries of a feed are looked at because they have the link of one that came."""

TEXTS_READ = 200
"""Of so many stored entries, the newest, the text is compared with that of one that came."""

EARLIEST_PUBLISHED = 631_152_000
"""1990-01-01T00:00:00Z. Rule 38: what claims to be older, or to be of the future, is sorted by when
it was first seen."""

INSERT_ENTRY = """INSERT OR IGNORE INTO entries(
  id, feed_id, key, first_seen, link_hash, content_hash, title, link, author, published, updated,
  comments, language, categories, enclosures, image, season, episode, origin)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

INSERT_CONTENT = "INSERT INTO contents(entry_id, full, body) VALUES (?, ?, ?)"

UPDATE_ENTRY = """UPDATE entries SET
  link_hash = ?, content_hash = ?, title = ?, link = ?, author = ?,
  published = coalesce(published, ?), updated = ?, comments = ?, language = ?, categories = ?,
  enclosures = ?, image = ?, season = ?, episode = ?, origin = ?, words = NULL, changed_at = ?
WHERE id = ?"""
"""`published` stays as first given: a list must not reorder itself because a feed was fetched."""

UPDATE_CONTENT = "UPDATE contents SET full = ?, body = ? WHERE entry_id = ?"

_json = json.JSONEncoder(ensure_ascii=False).encode


def known_entries(
    db: sqlite3.Connection, feed_id: int, keyed: Sequence[KeyedEntry]
) -> list[KnownEntry]:
    """The stored entries of a feed that could be meant by these: those with one of their names.

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
        best: dict[str, KnownEntry] = {}
        for one in known:  # found for its key and for its link, or twice by parts of a document
            if one.link_key or one.key not in best:
                best[one.key] = one
        for one in _in_doubt(keyed, best)[:TEXTS_READ]:
            best[one.key] = _with_text(db, one)
        if had_some:
            best |= _pruned(db, feed_id, keyed, best)
    return list(best.values())


def with_shared_links(db: sqlite3.Connection, *, after: int) -> list[tuple[int, int]]:
    """(id, hash of the link) of the entries with ids above `after` whose link another feed has."""
    return db.execute(
        "SELECT n.id, n.link_hash FROM entries n WHERE n.id > ? AND n.link_hash IS NOT NULL AND ("
        " EXISTS (SELECT 1 FROM entries o INDEXED BY entries_link"
        "  WHERE o.link_hash = n.link_hash AND o.feed_id < n.feed_id)"
        " OR EXISTS (SELECT 1 FROM entries o INDEXED BY entries_link"
        "  WHERE o.link_hash = n.link_hash AND o.feed_id > n.feed_id)) ORDER BY n.id",
        (after,),
    ).fetchall()


def has_entries(db: sqlite3.Connection, feed_id: int) -> bool:
    """Is any entry of the feed stored?"""
    with sqlite_errors(db):
        row = db.execute("SELECT 1 FROM entries WHERE feed_id = ? LIMIT 1", (feed_id,)).fetchone()
    return row is not None


def _known(db: sqlite3.Connection, feed_id: int, keyed: Sequence[KeyedEntry]) -> list[KnownEntry]:
    links = {short_hash(one.link_key): one.link_key for one in keyed if one.link_key}
    names = list({name for one in keyed for name in (one.key, *_former_names(one))})
    columns = "SELECT id, key, link_hash, title, content_hash, link, published FROM entries"
    rows = db.execute(
        f"{columns} WHERE feed_id = ? AND key IN ({placeholders(len(names))})",
        (feed_id, *names),
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
            title_key=identity.title_key(title),
            content_hash=content_hash,
            article=identity.article_link(link),
            published=published,
        )
        for entry_id, key, link_hash, title, content_hash, link, published in rows
    ]


def _former_names(one: KeyedEntry) -> list[str]:
    """The names under which an entry may be stored that is not known by its guid."""
    guid = identity.guid_name(one)
    if one.key == guid:
        return []
    return [name for name in (guid, *identity.names_below_guid(one)) if name is not None]


def _in_doubt(keyed: Sequence[KeyedEntry], known: dict[str, KnownEntry]) -> list[KnownEntry]:
    """Those, newest first, of which it takes more than names to say whether they are
    meant.
    """
    by_key = {one.key: one for one in keyed}
    described = {(one.link_key, one.title_key) for one in keyed if one.link_key}
    former = {name for one in keyed for name in _former_names(one)}
    lower = [row for row in known.values() if row.key.startswith(("title:", "content:"))]
    shared = {row.article for row in lower} - {None}
    doubtful = []
    for row in known.values():
        meant = by_key.get(row.key)
        if meant is None:
            if (row.link_key, row.title_key) in described or row.key in former:
                doubtful.append(row)
        elif (shared and row.article in shared) or (
            meant.title_key != row.title_key and meant.entry.published != row.published
        ):
            doubtful.append(row)
    return sorted(doubtful, key=lambda row: row.id, reverse=True)


def _with_text(db: sqlite3.Connection, one: KnownEntry) -> KnownEntry:
    body, enclosures = db.execute(
        "SELECT body, enclosures FROM entries LEFT JOIN contents ON entry_id = id WHERE id = ?",
        (one.id,),
    ).fetchone()
    files = json.loads(enclosures) if enclosures else ()
    return replace(
        one,
        text=to_text(unpack_content(body)[0]),
        files=frozenset(identity.canonical_link(file["url"]) or file["url"] for file in files),
    )


def pruned_identities(
    key: str, link: str | None, title: str, published: int | None, content_hash: bytes
) -> list[int]:
    """What is remembered of a pruned entry, so that it is known when it returns: its key, unless
    that is its link, which others may have; and its link with title and date. `link` and `title`
    are as identity has them.
    """
    names = [] if key.startswith("link:") else [f"key\0{key}"]
    if link:
        when = content_hash.hex() if published is None else published
        names.append(f"entry\0{link}\0{title}\0{when}")
    return [short_hash(name) for name in names]


def _pruned(
    db: sqlite3.Connection,
    feed_id: int,
    keyed: Sequence[KeyedEntry],
    known: Mapping[str, KnownEntry],
) -> dict[str, KnownEntry]:
    by_title_until = _by_title_until(db)
    found = {}
    for one in keyed:
        key = one.key
        if key in known:
            if not key.startswith("link:") or known[key].title_key == one.title_key:
                continue
            key = identity.name_below_link(one)  # the link may have become another entry's
        identities = _identities_of(one, by_title_until)
        some = placeholders(len(identities))
        query = f"SELECT 1 FROM pruned WHERE feed_id = ? AND identity IN ({some})"
        if db.execute(query, (feed_id, *identities)).fetchone():
            known_as = (key, one.link_key, one.title_key, one.content_hash)
            found[key] = KnownEntry(0, *known_as, published=one.entry.published)
    return found


def _by_title_until(db: sqlite3.Connection) -> int:
    row = db.execute("SELECT value FROM meta WHERE key = 'pruned_by_title_until'").fetchone()
    return int(row[0]) if row else 0


def _identities_of(one: KeyedEntry, by_title_until: int) -> list[int]:
    """Under which an entry may be remembered as pruned."""
    published = one.entry.published
    found = pruned_identities(one.key, one.link_key, one.title_key, published, one.content_hash)
    if one.link_key and published is not None and published < by_title_until:
        found.append(short_hash(f"link\0{one.link_key}\0{one.title_key}"))
    return found


NOTED_DAYS = 365
"""That a document has an entry which was pruned is noted so often."""


def note_carried(
    db: sqlite3.Connection,
    feed_id: int,
    keyed: Iterable[KeyedEntry],
    known: Iterable[KnownEntry],
    now: int,
) -> None:
    """A document has these: those of them that were pruned (so `known` says) stay known for ten
    years from now (see `retention`).
    """
    if all(one.id for one in known):
        return
    by_title_until, today = _by_title_until(db), now // DAY_S
    db.executemany(
        "UPDATE pruned SET seen = ? WHERE feed_id = ? AND identity = ? AND seen < ?",
        [
            (today, feed_id, pruned, today - NOTED_DAYS)
            for one in keyed
            for pruned in _identities_of(one, by_title_until)
        ],
    )


def entry_row(entry_id: int, feed_id: int, keyed: KeyedEntry, now: int) -> tuple[Any, ...]:
    """The parameters of `INSERT_ENTRY`."""
    return (entry_id, feed_id, keyed.key, now, *_published_values(keyed))


def changed_row(entry_id: int, keyed: KeyedEntry, now: int) -> tuple[Any, ...]:
    """The parameters of `UPDATE_ENTRY`."""
    return (*_published_values(keyed), now, entry_id)


def _published_values(keyed: KeyedEntry) -> tuple[Any, ...]:
    """What the publisher says of an entry, in the order of both statements."""
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
        _json(entry.categories) if entry.categories else None,
        _json([asdict(file) for file in entry.enclosures]) if entry.enclosures else None,
        entry.image,
        entry.season,
        entry.episode,
        entry.origin,
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
    return short_hash(link) if link is not None and identity.names_article(link) else None


def sort_time(published: int | None, now: int) -> int:
    """When an entry counts as having appeared (rule 38)."""
    if published is None or not EARLIEST_PUBLISHED <= published <= now:
        return now
    return published
