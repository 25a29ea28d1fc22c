"""What version 3 changes in the tables of version 2."""

from __future__ import annotations

from sqlite_utils import Database

from feedd.store.search.index import note_index_version


def article_notes_and_fingerprints(database: Database) -> None:
    """What is missing of a good article gets a column of its own, a hash its telling name;
    documents in which entries were lost are read anew.
    """
    _article_notes(database)
    _forget_what_was_passed(database)
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
