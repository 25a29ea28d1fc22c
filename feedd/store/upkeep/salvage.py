"""A damaged database read table by table, as far as SQLite can, into a new one.

What is of the wrong kind (a text where a number belongs) becomes what its column can hold, bytes
that are no text become U+FFFD.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from feedd.errors import StoreError
from feedd.store import schema
from feedd.store.daemon_lock import hold_daemon_lock
from feedd.store.database import connect, open_writer
from feedd.store.sqlite import APPLICATION_ID, SCHEMA_VERSION, sqlite_errors
from feedd.store.upkeep import integrity
from feedd.store.upkeep.backup import put_in_place, remove_database
from feedd.store.upkeep.damaged_rows import DAMAGE_ERRORS, rows_of, with_numbers_of_their_own

UNREADABLE = "nothing can be read"


class _Column(NamedTuple):
    name: str
    type: str
    required: bool


def mend(database: Path) -> list[str]:
    """All that can be mended: what hangs together wrongly in place, a damaged file by `salvage`.

    Returns what was done and lost, a line each. Raises StoreError, also when it stays damaged.
    """
    done: list[str] = []
    if not integrity.is_readable(database):
        done += salvage(database)
    try:
        done += _repaired(database)
        problems = integrity.check(database)
    except StoreError:
        if done:
            raise
        problems = ["it can't be mended in place"]
    if problems:
        done += [*salvage(database), *_repaired(database)]
        problems = integrity.check(database)
    if problems:
        raise StoreError(
            f"{database} is still damaged ({problems[0]}): feedd restore FILE puts a backup in its"
            " place"
        )
    return done


def _repaired(database: Path) -> list[str]:
    with closing(open_writer(database)) as db:
        return integrity.repair(db)


def salvage(database: Path) -> list[str]:
    """Put a new database in the place of a damaged one, with all that can be read of it; the
    damaged one is kept beside it. What is left to mend is `integrity.repair`'s.

    Returns what was saved and lost, a line each. Raises StoreError when a daemon runs, or when not
    even the list of tables can be read: nothing is changed then.
    """
    with hold_daemon_lock(database):
        part = database.with_name(f".{database.name}.part")
        try:
            remove_database(part)
            done = _copied(database, part)
            if all(line.endswith(UNREADABLE) for line in done):
                raise sqlite3.DatabaseError(UNREADABLE)  # an empty one would be taken for mended
            kept = put_in_place(part, database, "damaged")
        except OSError as error:
            raise StoreError(f"can't repair {database}: {error.strerror}") from error
        except DAMAGE_ERRORS as error:
            raise StoreError(
                f"{database} is damaged where its tables are listed: feedd restore FILE puts a"
                " backup in its place"
            ) from error
        finally:
            with suppress(OSError):
                remove_database(part)
        return [*done, f"the damaged database is kept as {kept}"]


def _copied(database: Path, part: Path) -> list[str]:
    part.touch(0o600)
    done: list[str] = []
    with closing(connect(database)) as old, closing(sqlite3.connect(part)) as new:
        old.text_factory = bytes
        old.execute("PRAGMA writable_schema = ON")  # a damaged index or view is passed over
        new.isolation_level = None
        with sqlite_errors(new):
            version = old.execute("PRAGMA user_version").fetchone()[0]
            version = version if 0 < version <= SCHEMA_VERSION else SCHEMA_VERSION
            new.execute("PRAGMA synchronous = OFF")  # it is synced before it takes its place
            schema.migrate(new, to=version)
            new.execute("PRAGMA foreign_keys = OFF")
            new.execute("BEGIN")
            for table in _tables(new):
                if table == "events":  # those that the copying of the others made
                    new.execute("DELETE FROM events")
                done.append(_copy_table(old, new, table))
            new.execute("COMMIT")
            new.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            schema.migrate(new)
            new.execute("PRAGMA journal_mode = WAL").fetchone()
    return done


def _tables(new: sqlite3.Connection) -> list[str]:
    """All that is not worked out from the rest, as counts and the search index are."""
    names = [name for name in integrity.own_tables(new) if name != "counts"]
    return sorted(names, key=lambda name: (name == "events", name != "feeds", name != "entries"))


def _copy_table(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> str:
    """Copies the rows that can be read; returns what was saved and lost."""
    try:
        there = {
            str(row[1], "utf-8", "replace") for row in old.execute(f"PRAGMA table_info({table})")
        }
    except DAMAGE_ERRORS:
        there = set()
    columns = [
        _Column(name, kind, bool(required) or bool(key))
        for _, name, kind, required, _, key in new.execute(f"PRAGMA table_info({table})")
    ]
    shared = [column for column in columns if column.name in there]
    if not shared:
        return f"{table}: {UNREADABLE}"
    numbered = _is_numbered(new, table)
    rows, lost = rows_of(old, table, [column.name for column in shared], numbered=numbered)
    key = next((place for place, one in enumerate(shared) if _is_alias(new, table, one)), None)
    if key is not None:
        rows = with_numbers_of_their_own(rows, key, _owners(new, shared[key].name))
    names = ", ".join(f'"{column.name}"' for column in shared)
    insert = f"INSERT INTO {table}({names}) VALUES ({', '.join('?' * len(shared))})"
    saved = 0
    for row in rows:
        values = [_fitting(value, one) for value, one in zip(row.values, shared, strict=True)]
        added = _insert(new, insert, values, table, [column.name for column in shared])
        saved, lost = saved + added, lost + (not added)
    if table == "entries":
        _keep_numbers_used(old, new)
    return f"{table}: {saved:,} saved" + (f", up to {lost:,} lost" if lost else "")


def _insert(
    new: sqlite3.Connection, insert: str, values: list[object], table: str, names: list[str]
) -> bool:
    """Whether the row could be stored; an entry or feed with another one's key gets its own."""
    distinct = {"entries": "key", "feeds": "name"}.get(table)
    with suppress(*DAMAGE_ERRORS):
        new.execute(insert, values)
        return True
    if distinct in names:
        place = names.index(distinct)
        values[place] = f"{values[place]} (row {values[names.index('id')]})"
        with suppress(*DAMAGE_ERRORS):
            new.execute(insert, values)
            return True
    return False


def _fitting(value: object, column: _Column) -> object:
    """The value as its column can hold it; texts and blobs both come as bytes."""
    fitted: object = None
    if column.type == "TEXT":
        if isinstance(value, bytes):
            fitted = value.decode("utf-8", "replace")
        elif value is not None:
            fitted = str(value)
    elif column.type == "BLOB":
        fitted = value if isinstance(value, bytes) else None
    elif isinstance(value, int | float):
        fitted = value if column.type == "REAL" or isinstance(value, int) else None
    if fitted is None and column.required:
        return {"TEXT": "", "BLOB": b""}.get(column.type, 0)
    return fitted


def _is_numbered(new: sqlite3.Connection, table: str) -> bool:
    try:
        new.execute(f"SELECT rowid FROM {table} LIMIT 0")
    except DAMAGE_ERRORS:
        return False
    return True


def _is_alias(new: sqlite3.Connection, table: str, column: _Column) -> bool:
    """Whether the column is the row's number."""
    keys = [row for row in new.execute(f"PRAGMA table_info({table})") if row[5]]
    return (
        len(keys) == 1
        and keys[0][1] == column.name
        and column.type == "INTEGER"
        and _is_numbered(new, table)
    )


def _owners(new: sqlite3.Connection, key: str) -> set[int] | None:
    """The numbers of the entries or feeds whose rows have such a key; None: it is their own."""
    owner = {"entry_id": "entries", "feed_id": "feeds"}.get(key)
    return {row[0] for row in new.execute(f"SELECT id FROM {owner}")} if owner else None


def _keep_numbers_used(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """The number of a deleted entry must not come to mean another one."""
    with suppress(*DAMAGE_ERRORS):
        row = old.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entries'").fetchone()
        if row and isinstance(row[0], int) and 0 < row[0] < 2**40:
            new.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'entries'", (row[0],)
            )
