"""The tables, as a list of migrations: forward only, each in one transaction.

docs/database.md describes the result. A migration that has been released is never edited; the next
one changes what it made. SQLite's user_version counts the applied ones, and sqlite-utils keeps
their names and dates in `_sqlite_migrations`.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations
from sqlite_utils.db import ForeignKey, Table

from feedd.store.connection import APPLICATION_ID, SCHEMA_VERSION, transaction
from feedd.store.indexing import PENDING_BYTES

migrations = Migrations("feedd")

TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
"""Case and diacritics are folded. Marks (M*) belong to words: Indic and Thai vowels are marks."""


def migrate(db: sqlite3.Connection, *, to: int = SCHEMA_VERSION) -> None:
    """Bring the database to a version, one transaction a step; harmless when already there.

    Several processes may try at once: one does it, the others find it done. Raises StoreError.
    """
    database = Database(db, execute_plugins=False)
    done = False
    while not done:
        with transaction(db):
            version = int(db.execute("PRAGMA user_version").fetchone()[0])
            done = version >= to
            if not done:
                _apply_next(database, version + 1)
                db.execute(f"PRAGMA user_version = {version + 1}")
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _apply_next(database: Database, version: int) -> None:
    following = f"v{version + 1}"
    migrations.apply(database, stop_before=following)


@migrations(name="v1")
def _first_tables(database: Database) -> None:
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
    # Triggers, so that the counts are right whoever changes the marks.
    for statement in (
        """CREATE TRIGGER marks_added AFTER INSERT ON marks BEGIN
           INSERT INTO counts(feed_id, entries, unread)
           VALUES (new.feed_id, 1, new.read_at IS NULL)
           ON CONFLICT(feed_id) DO UPDATE
           SET entries = entries + 1, unread = unread + excluded.unread;
        END""",
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


def create_search(db: sqlite3.Connection, name: str) -> None:
    """An empty search index."""
    tokenizer = TOKENIZER.replace("'", "''")
    # `text` comes first because a hit in the first column takes two bytes less than in any other.
    db.execute(
        f"CREATE VIRTUAL TABLE {name} USING fts5"
        f"(text, title, feed, content='', tokenize='{tokenizer}')"
    )
    db.execute(f"INSERT INTO {name}({name}, rank) VALUES ('hashsize', ?)", (PENDING_BYTES,))


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
