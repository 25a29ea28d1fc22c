"""What version 2 adds to the tables of version 1."""

from __future__ import annotations

from sqlite_utils import Database


def later_tables(database: Database) -> None:
    """Tables and columns that version 1 did not have."""
