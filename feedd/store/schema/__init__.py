"""The tables, as a list of migrations: forward only, each in one transaction.

docs/database.md describes the result. A migration that has been released is never edited; the next
one changes what it made. SQLite's user_version counts the applied ones, and sqlite-utils keeps
their names and dates in `_sqlite_migrations`.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations
from sqlite_utils.db import ForeignKey, Table

from feedd.store import events
from feedd.store.schema import version1
from feedd.store.search.index import note_index_version, rebuild_at_once
from feedd.store.sqlite import APPLICATION_ID, SCHEMA_VERSION, transaction

migrations = Migrations("feedd")

INDEXED_AT_ONCE = 5_000
"""How many documents are indexed anew at once, in about a second; more are left for later."""


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
                migrations.apply(database, stop_before=f"v{version + 2}")
                db.execute(f"PRAGMA user_version = {version + 1}")
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def later_tables(database: Database) -> None:
    """Tables and columns that version 1 did not have."""
    _poll_columns(database)
    _archives(database)
    _lost_feeds(database)
    _article_blocks(database)
    _subscriptions(database)


def _poll_columns(database: Database) -> None:
    """What `feedd audit` needs to know of a poll; NULL in polls older than these columns."""
    for column in (
        "conditional",
        "validators_kept",
        "redirects",
        "moved",
        "not_before",
        "fresh_until",
    ):
        database.execute(f"ALTER TABLE polls ADD COLUMN {column} INTEGER")


def _archives(database: Database) -> None:
    database.execute("ALTER TABLE feeds ADD COLUMN gap_at INTEGER")
    database.execute(
        """CREATE TABLE archive_reads (
           feed_id INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,
           kind TEXT NOT NULL,
           url TEXT NOT NULL,
           documents_left INTEGER NOT NULL,
           not_before INTEGER NOT NULL,
           paged INTEGER NOT NULL,
           PRIMARY KEY (feed_id, kind)
        ) STRICT, WITHOUT ROWID"""
    )


def _lost_feeds(database: Database) -> None:
    database.execute(
        """CREATE TABLE lost_feeds (
           feed_id INTEGER PRIMARY KEY REFERENCES feeds(id) ON DELETE CASCADE,
           since INTEGER NOT NULL,
           next_search INTEGER,
           searches INTEGER NOT NULL,
           url TEXT,
           known INTEGER,
           entries INTEGER
        ) STRICT"""
    )


def _article_blocks(database: Database) -> None:
    blocks = database.create_table(
        "article_blocks",
        {"entry_id": int, "host": str, "blocks": bytes},
        pk="entry_id",
        not_null={"host", "blocks"},
        foreign_keys=[
            ForeignKey("article_blocks", "entry_id", "entries", "id", on_delete="CASCADE")
        ],
        strict=True,
    )
    assert isinstance(blocks, Table)
    blocks.create_index(["host", "entry_id"], index_name="article_blocks_host")


def _subscriptions(database: Database) -> None:
    """The hubs that feeds offer, and our subscriptions with them."""
    database.execute(
        """CREATE TABLE subscriptions (
           feed_id INTEGER PRIMARY KEY REFERENCES feeds(id) ON DELETE CASCADE,
           hub TEXT NOT NULL,
           topic TEXT NOT NULL,
           token TEXT NOT NULL UNIQUE,
           secret TEXT NOT NULL,
           state TEXT NOT NULL,
           next_ask INTEGER NOT NULL,
           tries INTEGER NOT NULL,
           lease_ends INTEGER,
           last_push INTEGER,
           pushes INTEGER NOT NULL,
           error TEXT
           ) STRICT"""
    )


def article_notes_and_fingerprints(database: Database) -> None:
    """What is missing of a good article gets a column of its own, a hash its telling name; entries
    get a picture, an episode's numbers and their origin; documents in which entries were lost are
    read anew.
    """
    for column in ("image TEXT", "season INTEGER", "episode INTEGER", "origin TEXT"):
        database.execute(f"ALTER TABLE entries ADD COLUMN {column}")
    _article_notes(database)
    _forget_what_was_passed(database)
    database.execute("ALTER TABLE feeds RENAME COLUMN wishes TO request_fingerprint")


def stories_tags_and_events(database: Database) -> None:
    """One story in several feeds; what readers do beside reading and starring, and its undoing;
    what entries said before; what has happened; an index of more fields.
    """
    _stories(database)
    _what_readers_do(database)
    for statement in events.STATEMENTS:
        database.execute(statement)
    _search_index(database)
    # A changed address forgets now what was looked for at the old one.
    database.execute(
        "DELETE FROM lost_feeds WHERE feed_id IN (SELECT id FROM feeds WHERE state = 'new')"
    )
    # The day, so that what no document had for years can be forgotten.
    database.execute("ALTER TABLE pruned ADD COLUMN seen INTEGER NOT NULL DEFAULT 0")
    database.execute("UPDATE pruned SET seen = strftime('%s', 'now') / 86400")


def _search_index(database: Database) -> None:
    """The index knows words of more fields now: a small one is rebuilt at once, a large one in the
    background, while searches find in it what they did.
    """
    documents = database.execute("SELECT count(*) FROM documents").fetchone()[0]
    if not documents:
        note_index_version(database.conn)  # a new database: nothing is to be indexed anew
    elif documents <= INDEXED_AT_ONCE:
        rebuild_at_once(database.conn)


def _what_readers_do(database: Database) -> None:
    """Tags, hidden entries, the acts that can be undone, rules and their hits, earlier versions of
    entries, and how many words each has.
    """
    database.execute("ALTER TABLE entries ADD COLUMN words INTEGER")
    database.execute("ALTER TABLE entries ADD COLUMN changes INTEGER NOT NULL DEFAULT 0")
    database.execute("ALTER TABLE marks ADD COLUMN hidden_at INTEGER")
    for statement in (
        "CREATE INDEX entries_updated ON entries(feed_id) WHERE changes > 0",
        """CREATE TABLE entry_tags (
           folded TEXT NOT NULL,
           entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
           tag TEXT NOT NULL,
           PRIMARY KEY (folded, entry_id)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX entry_tags_entry ON entry_tags(entry_id)",
        """CREATE TABLE versions (
           entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
           change INTEGER NOT NULL,
           at INTEGER NOT NULL,
           title TEXT NOT NULL,
           text BLOB NOT NULL,
           PRIMARY KEY (entry_id, change)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE acts (
           id INTEGER PRIMARY KEY AUTOINCREMENT,
           at INTEGER NOT NULL,
           command TEXT NOT NULL,
           items INTEGER NOT NULL,
           undone_at INTEGER
        ) STRICT""",
        """CREATE TABLE act_changes (
           id INTEGER PRIMARY KEY,
           act_id INTEGER NOT NULL REFERENCES acts(id) ON DELETE CASCADE,
           what TEXT NOT NULL,
           entries BLOB NOT NULL,
           before BLOB,
           after INTEGER
        ) STRICT""",
        "CREATE INDEX act_changes_act ON act_changes(act_id)",
        """CREATE TABLE rule_hits (
           rule TEXT PRIMARY KEY,
           hits INTEGER NOT NULL,
           last_hit INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
        "DROP INDEX marks_unread",
        "DROP INDEX marks_read",
        "DROP INDEX marks_feed_unread",
        "CREATE INDEX marks_unread ON marks(sort_at)"
        " WHERE read_at IS NULL AND same_as IS NULL AND hidden_at IS NULL",
        "CREATE INDEX marks_read ON marks(sort_at)"
        " WHERE read_at IS NOT NULL AND same_as IS NULL AND hidden_at IS NULL",
        "CREATE INDEX marks_feed_unread ON marks(feed_id, sort_at)"
        " WHERE read_at IS NULL AND hidden_at IS NULL",
        "CREATE INDEX marks_hidden ON marks(sort_at) WHERE hidden_at IS NOT NULL",
        "DROP TRIGGER marks_changed",
        "DROP TRIGGER marks_removed",
        """CREATE TRIGGER marks_changed AFTER UPDATE OF read_at, hidden_at ON marks
           WHEN (old.read_at IS NULL) <> (new.read_at IS NULL)
             OR (old.hidden_at IS NULL) <> (new.hidden_at IS NULL) BEGIN
           UPDATE counts SET
             entries = entries + (new.hidden_at IS NULL) - (old.hidden_at IS NULL),
             unread = unread + (new.read_at IS NULL AND new.hidden_at IS NULL)
               - (old.read_at IS NULL AND old.hidden_at IS NULL)
           WHERE feed_id = new.feed_id;
        END""",
        """CREATE TRIGGER marks_removed AFTER DELETE ON marks WHEN old.hidden_at IS NULL BEGIN
           UPDATE counts SET entries = entries - 1, unread = unread - (old.read_at IS NULL)
           WHERE feed_id = old.feed_id;
        END""",
    ):
        database.execute(statement)


def _article_notes(database: Database) -> None:
    """Version 2 noted a missing page of a good article where it noted errors."""
    database.execute("ALTER TABLE articles ADD COLUMN note TEXT")
    database.execute(
        "UPDATE articles SET note = error, error = NULL"
        " WHERE html IS NOT NULL AND error LIKE 'page % is missing: %'"
    )


def _stories(database: Database) -> None:
    """What finds entries with nearly the same text, which were joined, and which never again.

    Texts that were stored before are not looked at: lists stay as they were.
    """
    database.execute("ALTER TABLE feeds ADD COLUMN one_story INTEGER NOT NULL DEFAULT 1")
    database.execute("CREATE INDEX marks_followers ON marks(sort_at) WHERE same_as IS NOT NULL")
    # No reference to `entries`: hashes are found by what `story_texts` has, also of entries gone.
    database.execute(
        """CREATE TABLE story_texts (
           entry_id INTEGER PRIMARY KEY,
           day INTEGER NOT NULL,
           first_seen INTEGER NOT NULL,
           hashes BLOB NOT NULL
        ) STRICT"""
    )
    database.execute(
        """CREATE TABLE story_hashes (
           hash INTEGER NOT NULL,
           day INTEGER NOT NULL,
           entry_id INTEGER NOT NULL,
           PRIMARY KEY (hash, day, entry_id)
        ) STRICT, WITHOUT ROWID"""
    )
    for table, more in (("story_joins", ", similarity REAL NOT NULL"), ("story_splits", "")):
        database.execute(
            f"""CREATE TABLE {table} (
               entry_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
               other_id INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE{more},
               PRIMARY KEY (entry_id, other_id)
            ) STRICT, WITHOUT ROWID"""
        )
        database.execute(f"CREATE INDEX {table}_other ON {table}(other_id)")
    database.execute(
        """INSERT INTO meta(key, value)
           SELECT 'story_cursor', max(id) FROM documents HAVING max(id) IS NOT NULL"""
    )


def _forget_what_was_passed(database: Database) -> None:
    """Have documents read anew: until now, entries that shared an id or a link with others could
    take each other's rows. What is still in such a feed's document is stored at its next poll.

    Fingerprints have another form now and are forgotten for all feeds. Only those in which entries
    may be missing forget their validators too, and are asked for the whole document once, when
    they are due: fewer entries than the last document had, or a change within their history.
    """
    database.execute(
        """UPDATE feeds SET
             etag = NULL, last_modified = NULL, validators_url = NULL, body_hash = NULL
           WHERE length(item_hashes) / 8
                 > (SELECT count(*) FROM entries WHERE feed_id = feeds.id)
              OR EXISTS (SELECT 1 FROM polls WHERE feed_id = feeds.id AND changed > 0)"""
    )
    database.execute("UPDATE feeds SET item_hashes = x''")
    # Pruned entries were known again by link and title; now their date has a say as well.
    database.execute(
        """INSERT INTO meta(key, value)
           SELECT 'pruned_by_title_until', strftime('%s', 'now')
           WHERE EXISTS (SELECT 1 FROM pruned)"""
    )


migrations(name="v1")(version1.first_tables)
migrations(name="v2")(later_tables)
migrations(name="v3")(article_notes_and_fingerprints)
migrations(name="v4")(stories_tags_and_events)
