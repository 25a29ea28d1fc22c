"""Is the database sound? And what can be mended in place; `salvage` does the rest."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import get_args

from feedd.errors import StoreError
from feedd.model import ArchiveKind, EntryKeys, FeedHealth, SubscriptionState, TextSource
from feedd.store import groups
from feedd.store.database import open_reader
from feedd.store.search.index import rebuild_search
from feedd.store.sqlite import error_name, snapshot, sqlite_errors, transaction
from feedd.units import FIRST_SECOND, LAST_SECOND

MOST_FINDINGS = 20

_INVARIANTS = (
    (
        "entries without marks",
        "entries e LEFT JOIN marks m ON m.entry_id = e.id WHERE m.entry_id IS NULL",
    ),
    (
        "entries without content",
        "entries e LEFT JOIN contents c ON c.entry_id = e.id WHERE c.entry_id IS NULL",
    ),
    (
        "marks of entries of another feed",
        "marks m JOIN entries e ON e.id = m.entry_id WHERE e.feed_id <> m.feed_id",
    ),
    (
        "feeds whose counts are wrong",
        "feeds f LEFT JOIN counts c ON c.feed_id = f.id"
        " WHERE (coalesce(c.entries, 0), coalesce(c.unread, 0)) <>"
        " (SELECT count(*), count(*) - count(m.read_at) FROM marks m"
        " WHERE m.feed_id = f.id AND m.hidden_at IS NULL)",
    ),
    (
        "entries in a group without its leader or with other marks",
        "marks m INDEXED BY marks_same"
        " LEFT JOIN marks l ON l.entry_id = m.same_as"
        " WHERE m.same_as IS NOT NULL AND (l.entry_id IS NULL OR l.same_as IS NOT NULL"
        " OR (l.read_at IS NULL) <> (m.read_at IS NULL)"
        " OR (l.starred_at IS NULL) <> (m.starred_at IS NULL)"
        " OR (l.hidden_at IS NULL) <> (m.hidden_at IS NULL))",
    ),
    (
        "entries that search can't find",
        "entries e WHERE NOT EXISTS (SELECT 1 FROM documents d"
        " JOIN search_docsize s ON s.id = d.id WHERE d.entry_id = e.id)",
    ),
)

_TIMES = {
    "entries": ("published", "updated", "first_seen", "changed_at"),
    "marks": ("sort_at", "read_at", "starred_at", "hidden_at"),
    "articles": ("published", "fetched_at"),
    "article_queue": ("sort_at", "not_before"),
    "feeds": (
        "last_poll", "last_success", "last_full", "failing_since", "not_before", "next_poll",
        "removed_at", "gap_at",
    ),
    "polls": ("at", "next_poll"),
}  # fmt: skip

_VALUES = (
    *(
        (
            f"times of {table} that no calendar has",
            table,
            f"{column} NOT BETWEEN {FIRST_SECOND} AND {LAST_SECOND}",
            f"UPDATE {table} SET {column} = max(min({column}, {LAST_SECOND}), {FIRST_SECOND})",
        )
        for table, columns in _TIMES.items()
        for column in columns
    ),
    (
        "feeds in a state that means nothing",
        "feeds",
        f"state NOT IN {get_args(FeedHealth)}",
        "UPDATE feeds SET state = 'ok'",
    ),
    (
        "feeds whose entries have no known kind of key",
        "feeds",
        f"keys NOT IN {get_args(EntryKeys)}",
        "UPDATE feeds SET keys = 'guid'",
    ),
    (
        "feeds whose hints can't be read",
        "feeds",
        "hints IS NOT NULL AND NOT (json_valid(hints) AND json_type(hints) = 'object')",
        "UPDATE feeds SET hints = NULL",
    ),
    *(
        (
            f"entries whose {column} can't be read",
            "entries",
            f"{column} IS NOT NULL"
            f" AND NOT (json_valid({column}) AND json_type({column}) = 'array')",
            f"UPDATE entries SET {column} = NULL",
        )
        for column in ("enclosures", "categories")
    ),
    (
        "documents of the search index that are of no kind",
        "documents",
        f"source NOT IN {get_args(TextSource)}",
        "DELETE FROM documents",
    ),
    (
        "archives to read that are of no kind",
        "archive_reads",
        f"kind NOT IN {get_args(ArchiveKind)}",
        "DELETE FROM archive_reads",
    ),
    (
        "subscriptions in a state that means nothing",
        "subscriptions",
        f"state NOT IN {get_args(SubscriptionState)}",
        "DELETE FROM subscriptions",
    ),
)
"""What is wrong, in which table, the condition for it, and what mends it under that condition."""

_OF_INDEXES = re.compile(
    r"row \d+ missing from index |wrong # of entries in index |non-unique entry in index "
    r"|malformed inverted index "
)


def is_readable(path: Path) -> bool:
    """Whether SQLite reads every table; its indexes can be made anew."""
    try:
        with closing(open_reader(path)) as db, sqlite_errors(db):
            lines = [row[0] for row in db.execute(f"PRAGMA integrity_check({MOST_FINDINGS})")]
    except StoreError as error:
        if _is_of_damage(error):
            return False
        raise
    return all(line == "ok" or _OF_INDEXES.match(line) for line in lines)


def _is_of_damage(error: StoreError) -> bool:
    cause = error.__cause__
    if isinstance(cause, UnicodeDecodeError):  # SQLite's own words held what is damaged
        return True
    return isinstance(cause, sqlite3.DatabaseError) and error_name(cause).startswith(
        ("SQLITE_CORRUPT", "SQLITE_ERROR", "SQLITE_MISMATCH")
    )


def check(path: Path) -> list[str]:
    """What is wrong with the database, a line each; empty: nothing. Changes nothing.

    Raises StoreError when it can't be opened at all.
    """
    db = open_reader(path)
    try:
        with snapshot(db):
            problems = [
                f"damaged: {row[0]}"
                for row in db.execute(f"PRAGMA integrity_check({MOST_FINDINGS})")
                if row[0] != "ok"
            ]
            orphans = db.execute("PRAGMA foreign_key_check").fetchmany(MOST_FINDINGS)
            problems += (f"row {row[1]} of {row[0]} belongs to nothing" for row in orphans)
            if problems:
                return problems
            problems += _damaged_texts(db)
            wrong_values = ((words, f"{table} WHERE {wrong}") for words, table, wrong, _ in _VALUES)
            for words, rows in (*wrong_values, *_INVARIANTS):
                if count := db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0]:
                    problems.append(f"{count} {words}: feedd repair mends it")
            return problems
    finally:
        db.close()


def repair(db: sqlite3.Connection) -> list[str]:
    """Mend what can be worked out from the rest: indexes, counts, marks, groups, the search index.

    Returns what was done, a line each. Raises StoreError.
    """
    done = []
    with transaction(db):
        db.execute("PRAGMA defer_foreign_keys = ON")
        db.execute("REINDEX")
        done.append("indexes rebuilt")
        done += _texts_mended(db)
        for words, _, wrong, mending in _VALUES:
            count = db.execute(f"{mending} WHERE {wrong}").rowcount
            if count:
                done.append(f"{count} {words}: mended")
        done += _orphans_given_away(db)
        for words, statement in (
            ("marks that were missing made anew, unread", _MAKE_MARKS),
            ("contents that were missing set empty", _MAKE_CONTENTS),
            ("marks given to the right feed", _FEED_OF_MARKS),
            ("entries taken out of broken groups", _LEAVE_GROUPS),
            ("entries given the marks of their group", _MARKS_OF_LEADER),
        ):
            count = db.execute(statement).rowcount
            if count:
                done.append(f"{count} {words}")
        groups.group_again(db)
        db.execute(_HIDE_WHOLE_GROUPS)
        db.execute("DELETE FROM counts")
        db.execute(_COUNT_AGAIN)
        db.execute(_MAKE_DOCUMENTS)
    rebuild_search(db)
    done.append("search index rebuilt")
    return done


def own_tables(db: sqlite3.Connection) -> list[str]:
    """The tables but for the search index's and those of libraries."""
    rows = db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE 'search!_%' ESCAPE '!'"
        " AND name NOT LIKE '!_%' ESCAPE '!'"
    )
    return [row[0] for row in rows]


def _text_columns(db: sqlite3.Connection) -> dict[str, list[str]]:
    """The text columns of each table."""
    return {
        name: [str(row[1]) for row in db.execute(f"PRAGMA table_info({name})") if row[2] == "TEXT"]
        for name in own_tables(db)
    }


def _damaged_texts(db: sqlite3.Connection) -> list[str]:
    """What holds bytes that are no UTF-8: items and feeds by their number and name."""
    db.create_function(
        "is_text", 1, lambda value: value == _as_text(value).encode(), deterministic=True
    )
    found: list[str] = []
    for table, columns in _text_columns(db).items():
        for column in columns:
            wrong = f"{column} IS NOT NULL AND NOT is_text(CAST({column} AS BLOB))"
            if table in ("entries", "feeds"):
                whose = "item" if table == "entries" else "feed"
                rows = db.execute(f"SELECT id FROM {table} WHERE {wrong} LIMIT {MOST_FINDINGS}")
                found += (f"the {column} of {whose} {row[0]} is damaged:"
                          " feedd repair mends the rest of it" for row in rows)  # fmt: skip
                continue
            count = db.execute(f"SELECT count(*) FROM {table} WHERE {wrong}").fetchone()[0]
            if count:
                found.append(f"{count} damaged texts in {column} of {table}: feedd repair mends it")
    return found


def _texts_mended(db: sqlite3.Connection) -> list[str]:
    """Bytes that are no UTF-8 become U+FFFD; says where."""
    done = [
        f"{line.partition(':')[0]}: its bytes that are no text became \ufffd"
        for line in _damaged_texts(db)
    ]
    if not done:
        return []
    db.create_function("as_text", 1, _as_text, deterministic=True)
    for table, columns in _text_columns(db).items():
        for column in columns:
            wrong = f"{column} IS NOT NULL AND NOT is_text(CAST({column} AS BLOB))"
            mended = f"as_text(CAST({column} AS BLOB))"
            db.execute(f"UPDATE OR IGNORE {table} SET {column} = {mended} WHERE {wrong}")
            if (table, column) in (("entries", "key"), ("feeds", "name")):  # each its own
                db.execute(f"UPDATE {table} SET {column} = {mended} || ' ' || id WHERE {wrong}")
            elif table not in ("entries", "feeds"):  # another row says the same
                db.execute(f"DELETE FROM {table} WHERE {wrong}")
    return done


def _as_text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _orphans_given_away(db: sqlite3.Connection) -> list[str]:
    """Entries whose feed is not there go to the feed that their marks name, else to one made for
    them; what belongs to an entry or a feed that is not there goes.
    """
    done: list[str] = []
    count = db.execute(_FEED_BY_MARKS).rowcount
    strays = db.execute(
        "SELECT feed_id, count(*) FROM entries WHERE feed_id NOT IN (SELECT id FROM feeds)"
        " GROUP BY feed_id"
    ).fetchall()
    for feed_id, entries in strays:
        db.execute(_MAKE_FEED, {"id": feed_id, "name": f"recovered-{feed_id}"})
        count += entries
    if count:
        done.append(f"{count} entries without a feed given to one")
    for table in _text_columns(db):
        for row in db.execute(f"PRAGMA foreign_key_list({table})").fetchall():
            owner, column = row[2], row[3]
            if table == "entries":
                continue
            count = db.execute(
                f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM {owner})"
            ).rowcount
            if count and table not in ("counts", "documents"):
                done.append(f"{count} rows of {table} that belong to nothing deleted")
    return done


_FEED_BY_MARKS = """UPDATE OR IGNORE entries SET feed_id =
  (SELECT m.feed_id FROM marks m JOIN feeds f ON f.id = m.feed_id WHERE m.entry_id = entries.id)
WHERE feed_id NOT IN (SELECT id FROM feeds) AND EXISTS
  (SELECT 1 FROM marks m JOIN feeds f ON f.id = m.feed_id WHERE m.entry_id = entries.id)"""

# A feed of the file with the address that it was polled at takes it over (`sync_feeds`).
_MAKE_FEED = """INSERT INTO feeds(id, name, url, active_url, enabled, removed_at, state, failures,
  next_reason, move_polls, keys, rhythm, request_fingerprint, item_hashes)
SELECT :id, :name, url, url, 1, CAST(strftime('%s', 'now') AS INTEGER), 'ok', 0, '', 0, 'guid', '',
  x'', x'' FROM
  (SELECT coalesce((SELECT url FROM polls WHERE feed_id = :id AND url IS NOT NULL
    ORDER BY number DESC LIMIT 1), 'https://' || :name || '.invalid/') AS url)"""

_MAKE_MARKS = """INSERT INTO marks(entry_id, feed_id, sort_at)
SELECT e.id, e.feed_id, e.first_seen FROM entries e
WHERE NOT EXISTS (SELECT 1 FROM marks m WHERE m.entry_id = e.id)"""

_MAKE_CONTENTS = """INSERT INTO contents(entry_id, "full", body)
SELECT e.id, 0, x'' FROM entries e
WHERE NOT EXISTS (SELECT 1 FROM contents c WHERE c.entry_id = e.id)"""

_FEED_OF_MARKS = """UPDATE marks SET feed_id = (SELECT feed_id FROM entries WHERE id = entry_id)
WHERE feed_id <> (SELECT feed_id FROM entries WHERE id = entry_id)"""

_LEAVE_GROUPS = """UPDATE marks SET same_as = NULL WHERE entry_id IN (
  SELECT m.entry_id FROM marks m LEFT JOIN marks l ON l.entry_id = m.same_as
  WHERE m.same_as IS NOT NULL AND (l.entry_id IS NULL OR l.same_as IS NOT NULL))"""

_MARKS_OF_LEADER = """UPDATE marks SET (read_at, starred_at) =
  (SELECT l.read_at, l.starred_at FROM marks l WHERE l.entry_id = marks.same_as)
WHERE same_as IS NOT NULL AND (read_at, starred_at) IS NOT
  (SELECT l.read_at, l.starred_at FROM marks l WHERE l.entry_id = marks.same_as)"""

_HIDE_WHOLE_GROUPS = """UPDATE marks SET hidden_at =
  (SELECT hidden_at FROM marks l WHERE l.entry_id = marks.same_as) WHERE same_as IS NOT NULL"""

_COUNT_AGAIN = """INSERT INTO counts(feed_id, entries, unread)
SELECT feed_id, count(*), count(*) - count(read_at) FROM marks
WHERE hidden_at IS NULL GROUP BY feed_id"""

_MAKE_DOCUMENTS = """INSERT INTO documents(id, entry_id, source)
SELECT (SELECT coalesce(max(id), 0) FROM search_docsize)
  + (SELECT coalesce(max(id), 0) FROM documents) + row_number() OVER (ORDER BY e.id), e.id,
  iif(EXISTS (SELECT 1 FROM articles WHERE entry_id = e.id AND html IS NOT NULL), 'article', 'feed')
FROM entries e WHERE NOT EXISTS (SELECT 1 FROM documents d WHERE d.entry_id = e.id)"""
