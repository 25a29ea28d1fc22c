"""The tables, as a list of migrations: forward only, each in one transaction.

docs/database.md describes the result. A migration that has been released is never edited; the next
one changes what it made. SQLite's user_version counts the applied ones, and sqlite-utils keeps
their names and dates in `_sqlite_migrations`.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database, Migrations

from feedd.store.database import APPLICATION_ID, SCHEMA_VERSION
from feedd.store.schema import version1, version2, version3
from feedd.store.sqlite import transaction

migrations = Migrations("feedd")


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


migrations(name="v1")(version1.first_tables)
migrations(name="v2")(version2.later_tables)
migrations(name="v3")(version3.article_notes_and_fingerprints)
