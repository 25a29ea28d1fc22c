"""What version 2 adds to the tables of version 1."""

from __future__ import annotations

from sqlite_utils import Database


def later_tables(database: Database) -> None:
    """Tables and columns that version 1 did not have."""
    _poll_columns(database)


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
