"""The tables of version 1. Frozen: later versions change what this made, never this."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.db import ForeignKey, Table

from feedd.store.search.index import create_search


def first_tables(database: Database) -> None:
    """Feeds and their polls; entries, their contents and articles; what the user did; search."""
    _feed_tables(database)
    _entry_tables(database)
    _mark_tables(database)
    _search_tables(database)
    _views(database)


def _feed_tables(database: Database) -> None:
    database.create_table(
        "meta", {"key": str, "value": str}, pk="key", not_null={"key", "value"}, strict=True
    )
    feeds = database.create_table(
        "feeds",
        {
            "id": int,
            "name": str,
            "url": str,
            "active_url": str,
            "enabled": int,
            "removed_at": int,
            "state": str,
            "title": str,
            "site": str,
            "language": str,
            "poll_count": int,
            "last_poll": int,
            "last_success": int,
            "last_full": int,
            "last_status": int,
            "last_error": str,
            "failures": int,
            "failing_since": int,
            "not_before": int,
            "next_poll": int,
            "next_reason": str,
            "interval_s": int,
            "move_to": str,
            "move_polls": int,
            "keys": str,
            "hub": str,
            "suggested_url": str,
            "notes": str,
            "etag": str,
            "last_modified": str,
            "validators_url": str,
            "hints": str,
            "rhythm": str,
            "wishes": bytes,
            "body_hash": bytes,
            "item_hashes": bytes,
        },
        pk="id",
        not_null={
            "name",
            "url",
            "active_url",
            "enabled",
            "state",
            "poll_count",
            "failures",
            "next_reason",
            "move_polls",
            "keys",
            "rhythm",
            "wishes",
            "item_hashes",
        },
        defaults={"poll_count": 0},
        strict=True,
    )
    feeds.create_index(["name"], index_name="feeds_name", unique=True)
    database.execute(
        "CREATE INDEX feeds_due ON feeds(next_poll)"
        " WHERE enabled = 1 AND removed_at IS NULL AND next_poll IS NOT NULL"
    )
    database.execute(
        """CREATE TABLE polls (
           feed_id INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,
           number INTEGER NOT NULL,
           at INTEGER NOT NULL,
           url TEXT,
           status INTEGER,
           bytes INTEGER NOT NULL,
           duration_ms INTEGER NOT NULL,
           new INTEGER NOT NULL,
           changed INTEGER NOT NULL,
           error TEXT,
           next_poll INTEGER,
           reason TEXT NOT NULL,
           PRIMARY KEY (feed_id, number)
        ) STRICT, WITHOUT ROWID"""
    )


def _entry_tables(database: Database) -> None:
    # AUTOINCREMENT: the id of a deleted entry must never come to mean another one.
    database.execute(
        """CREATE TABLE entries (
           id INTEGER PRIMARY KEY AUTOINCREMENT,
           feed_id INTEGER NOT NULL REFERENCES feeds(id),
           key TEXT NOT NULL,
           link_hash INTEGER,
           content_hash BLOB NOT NULL,
           title TEXT NOT NULL,
           link TEXT,
           author TEXT,
           published INTEGER,
           updated INTEGER,
           first_seen INTEGER NOT NULL,
           changed_at INTEGER,
           comments TEXT,
           language TEXT,
           categories TEXT,
           enclosures TEXT
        ) STRICT"""
    )
    database.execute("CREATE UNIQUE INDEX entries_key ON entries(feed_id, key)")
    database.execute(
        "CREATE INDEX entries_link ON entries(link_hash, feed_id) WHERE link_hash IS NOT NULL"
    )
    database.create_table(
        "contents",
        {"entry_id": int, "full": int, "body": bytes},
        pk="entry_id",
        not_null={"full", "body"},
        foreign_keys=[_child("contents")],
        strict=True,
    )
    database.create_table(
        "articles",
        {
            "entry_id": int,
            "url": str,
            "fetched_at": int,
            "error": str,
            "title": str,
            "byline": str,
            "published": int,
            "language": str,
            "lead_image": str,
            "confidence": float,
            "html": bytes,
        },
        pk="entry_id",
        not_null={"url", "fetched_at", "confidence"},
        foreign_keys=[_child("articles")],
        strict=True,
    )
    queue = database.create_table(
        "article_queue",
        {"entry_id": int, "sort_at": int, "not_before": int, "tries": int, "error": str},
        pk="entry_id",
        not_null={"sort_at", "not_before", "tries"},
        foreign_keys=[_child("article_queue")],
        strict=True,
    )
    assert isinstance(queue, Table)
    queue.create_index(["sort_at", "not_before"], index_name="article_queue_newest")
    database.create_table(
        "sites",
        {"host": str, "memory": bytes, "learned_at": int},
        pk="host",
        not_null={"memory", "learned_at"},
        strict=True,
    )
    database.execute(
        """CREATE TABLE pruned (
           feed_id INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,
           identity INTEGER NOT NULL,
           PRIMARY KEY (feed_id, identity)
        ) STRICT, WITHOUT ROWID"""
    )


def _mark_tables(database: Database) -> None:
    database.create_table(
        "marks",
        {
            "entry_id": int,
            "feed_id": int,
            "sort_at": int,
            "read_at": int,
            "starred_at": int,
            "same_as": int,
        },
        pk="entry_id",
        not_null={"feed_id", "sort_at"},
        foreign_keys=[_child("marks")],
        strict=True,
    )
    # A list takes its rows from one of these in its order, without looking at any other row.
    # `same_as IS NULL`: of one article in several feeds, the first stands for all.
    for statement in (
        "CREATE INDEX marks_unread ON marks(sort_at) WHERE read_at IS NULL AND same_as IS NULL",
        "CREATE INDEX marks_read ON marks(sort_at) WHERE read_at IS NOT NULL AND same_as IS NULL",
        "CREATE INDEX marks_starred ON marks(sort_at) WHERE starred_at IS NOT NULL",
        "CREATE INDEX marks_feed ON marks(feed_id, sort_at)",
        "CREATE INDEX marks_feed_unread ON marks(feed_id, sort_at) WHERE read_at IS NULL",
        "CREATE INDEX marks_same ON marks(same_as) WHERE same_as IS NOT NULL",
    ):
        database.execute(statement)
    database.create_table(
        "counts",
        {"feed_id": int, "entries": int, "unread": int},
        pk="feed_id",
        not_null={"entries", "unread"},
        foreign_keys=[ForeignKey("counts", "feed_id", "feeds", "id", on_delete="CASCADE")],
        strict=True,
    )
    # Triggers, so that the counts are right whoever changes the marks. Rows are added by `entries`
    # alone, which counts them by the feed: a trigger would triple the cost of each row.
    for statement in (
        """CREATE TRIGGER marks_changed AFTER UPDATE OF read_at ON marks
           WHEN (old.read_at IS NULL) <> (new.read_at IS NULL) BEGIN
           UPDATE counts SET unread = unread + (new.read_at IS NULL) - (old.read_at IS NULL)
           WHERE feed_id = new.feed_id;
        END""",
        """CREATE TRIGGER marks_removed AFTER DELETE ON marks BEGIN
           UPDATE counts SET entries = entries - 1, unread = unread - (old.read_at IS NULL)
           WHERE feed_id = old.feed_id;
        END""",
    ):
        database.execute(statement)


def _search_tables(database: Database) -> None:
    documents = database.create_table(
        "documents",
        {"id": int, "entry_id": int, "source": str},
        pk="id",
        not_null={"entry_id", "source"},
        foreign_keys=[_child("documents")],
        strict=True,
    )
    assert isinstance(documents, Table)
    documents.create_index(["entry_id"], index_name="documents_entry")
    create_search(database.conn, "search")


def _views(database: Database) -> None:
    database.create_view(
        "items",
        """SELECT e.id, f.name AS feed, e.title, e.link, e.author,
       datetime(e.published, 'unixepoch') AS published,
       datetime(e.updated, 'unixepoch') AS updated,
       datetime(e.first_seen, 'unixepoch') AS first_seen,
       m.read_at IS NOT NULL AS read,
       m.starred_at IS NOT NULL AS starred,
       m.sort_at, m.same_as, e.categories, e.enclosures
  FROM entries e JOIN feeds f ON f.id = e.feed_id JOIN marks m ON m.entry_id = e.id""",
    )


def _child(table: str) -> ForeignKey:
    return ForeignKey(table, "entry_id", "entries", "id", on_delete="CASCADE")
