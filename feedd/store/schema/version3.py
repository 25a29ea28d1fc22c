"""What version 3 changes in the tables of version 2."""

from __future__ import annotations

from sqlite_utils import Database

from feedd.store.search.index import note_index_version


def article_notes_and_fingerprints(database: Database) -> None:
    """What is missing of a good article gets a column of its own, a hash its telling name."""
    _article_notes(database)
    database.execute("ALTER TABLE feeds RENAME COLUMN wishes TO request_fingerprint")
    if not database.execute("SELECT 1 FROM documents LIMIT 1").fetchone():
        note_index_version(database.conn)  # a new database: nothing is to be indexed anew


def _article_notes(database: Database) -> None:
    """Version 2 noted a missing page of a good article where it noted errors."""
    database.execute("ALTER TABLE articles ADD COLUMN note TEXT")
    database.execute(
        "UPDATE articles SET note = error, error = NULL"
        " WHERE html IS NOT NULL AND error LIKE 'page % is missing: %'"
    )
