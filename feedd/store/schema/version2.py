"""What version 2 adds to the tables of version 1."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.db import ForeignKey, Table


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
