"""Is the database sound? And what can be mended."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from feedd.store import groups
from feedd.store.database import open_reader
from feedd.store.search.index import rebuild_search
from feedd.store.sqlite import snapshot, transaction

MOST_FINDINGS = 20

_INVARIANTS = (
    (
        "entries without marks",
        "SELECT count(*) FROM entries e LEFT JOIN marks m ON m.entry_id = e.id"
        " WHERE m.entry_id IS NULL",
    ),
    (
        "entries without content",
        "SELECT count(*) FROM entries e LEFT JOIN contents c ON c.entry_id = e.id"
        " WHERE c.entry_id IS NULL",
    ),
    (
        "marks of entries of another feed",
        "SELECT count(*) FROM marks m JOIN entries e ON e.id = m.entry_id"
        " WHERE e.feed_id <> m.feed_id",
    ),
    (
        "feeds whose counts are wrong",
        "SELECT count(*) FROM feeds f LEFT JOIN counts c ON c.feed_id = f.id"
        " WHERE (coalesce(c.entries, 0), coalesce(c.unread, 0)) <>"
        " (SELECT count(*), count(*) - count(m.read_at) FROM marks m WHERE m.feed_id = f.id)",
    ),
    (
        "entries in a group without its leader or with other marks",
        "SELECT count(*) FROM marks m INDEXED BY marks_same"
        " LEFT JOIN marks l ON l.entry_id = m.same_as"
        " WHERE m.same_as IS NOT NULL AND (l.entry_id IS NULL OR l.same_as IS NOT NULL"
        " OR (l.read_at IS NULL) <> (m.read_at IS NULL)"
        " OR (l.starred_at IS NULL) <> (m.starred_at IS NULL))",
    ),
    (
        "entries that search can't find",
        "SELECT count(*) FROM entries e WHERE NOT EXISTS (SELECT 1 FROM documents d"
        " JOIN search_docsize s ON s.id = d.id WHERE d.entry_id = e.id AND d.source = 'feed')",
    ),
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
            for words, query in _INVARIANTS:
                count = db.execute(query).fetchone()[0]
                if count:
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
        db.execute("REINDEX")
        done.append("indexes rebuilt")
        for words, statement in (
            ("marks that were missing made anew, unread", _MAKE_MARKS),
            ("contents that were missing set empty", _MAKE_CONTENTS),
            ("marks given to the right feed", _FEED_OF_MARKS),
            ("entries taken out of broken groups", _LEAVE_GROUPS),
        ):
            count = db.execute(statement).rowcount
            if count:
                done.append(f"{count} {words}")
        _group_again(db)
        db.execute("DELETE FROM counts")
        db.execute(_COUNT_AGAIN)
        db.execute("DELETE FROM documents WHERE entry_id NOT IN (SELECT id FROM entries)")
        db.execute(_MAKE_DOCUMENTS)
    rebuild_search(db)
    done.append("search index rebuilt")
    return done


def _group_again(db: sqlite3.Connection) -> None:
    """Put entries of one article together, with the marks of the one that came first."""
    joined = groups.joining(db, after=0, read={})
    db.executemany(
        "UPDATE marks SET same_as = ?, read_at = ?, starred_at = ? WHERE entry_id = ?",
        [
            (group.leader, group.read_at, group.starred_at, entry_id)
            for entry_id, group in joined.items()
        ],
    )


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

_COUNT_AGAIN = """INSERT INTO counts(feed_id, entries, unread)
SELECT feed_id, count(*), count(*) - count(read_at) FROM marks GROUP BY feed_id"""

_MAKE_DOCUMENTS = """INSERT INTO documents(id, entry_id, source)
SELECT (SELECT coalesce(max(id), 0) FROM search_docsize)
  + (SELECT coalesce(max(id), 0) FROM documents) + row_number() OVER (ORDER BY e.id), e.id, 'feed'
FROM entries e WHERE NOT EXISTS
  (SELECT 1 FROM documents d WHERE d.entry_id = e.id AND d.source = 'feed')"""
