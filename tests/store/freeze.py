"""Writes versions/vN.sql: today's database with two items, to be kept once version N is released.

python -m tests.store.freeze
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from feedd.store.database import open_writer
from feedd.store.sqlite import APPLICATION_ID, SCHEMA_VERSION

VERSIONS = Path(__file__).parent / "versions"
SEARCH = (
    "INSERT INTO search(search, rank) VALUES ('hashsize', 8000000);",
    "INSERT INTO search(rowid, text, title, author, category, link, kind)"
    " VALUES (1, 'Body of 2', 'Title 2', '', '', 'https://site.example/2', '');",
    "INSERT INTO search(rowid, text, title, author, category, link, kind)"
    " VALUES (2, 'Body of 1', 'Title 1', '', '', 'https://site.example/1', '');",
)
"""The index cannot be asked for what it was given."""


def statements(db: sqlite3.Connection) -> Iterator[str]:
    """What makes the database again, in an order that does not change from run to run."""
    yield f"-- What version {SCHEMA_VERSION} wrote. Frozen once it is released."
    yield f"PRAGMA application_id = {APPLICATION_ID};"
    yield f"PRAGMA user_version = {SCHEMA_VERSION};"
    yield "BEGIN TRANSACTION;"
    parts = db.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
        " AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite_stat%'"
        " AND name <> 'sqlite_sequence' ORDER BY type <> 'table', type, name"
    ).fetchall()
    for kind, name, sql in parts:
        yield f"{sql};"
        if kind == "table":
            yield from _rows(db, name)
    yield "DELETE FROM sqlite_sequence;"
    yield from _rows(db, "sqlite_sequence")
    yield db.execute("SELECT sql FROM sqlite_schema WHERE name = 'search'").fetchone()[0] + ";"
    yield from SEARCH
    yield "COMMIT;"


def _rows(db: sqlite3.Connection, table: str) -> Iterator[str]:
    columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")')]
    values = " || ',' || ".join(f'quote("{column}")' for column in columns)
    for (row,) in db.execute(f'SELECT {values} FROM "{table}"'):
        yield f'INSERT INTO "{table}" VALUES({row});'


def main() -> None:
    before = (VERSIONS / f"v{SCHEMA_VERSION - 1}.sql").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feedd.db"
        with closing(sqlite3.connect(path)) as old:
            old.executescript(before)
        with closing(open_writer(path)) as db:
            db.execute("UPDATE _sqlite_migrations SET applied_at = '2026-11-24 12:00:00+00:00'")
            text = "\n".join(statements(db))
    (VERSIONS / f"v{SCHEMA_VERSION}.sql").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
