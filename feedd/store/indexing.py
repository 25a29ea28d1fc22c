"""Feeding the search index.

SQLite's contentless FTS5 keeps words but no text, and can't forget a document without being shown
its old text. So every version of an entry is a document of its own, `documents` names the
ones that count, and a search ignores the others; `upkeep` rebuilds the index when they are many.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from feedd.model import TextSource
from feedd.store.words import spaced

PENDING_BYTES = 8_000_000
"""Words are gathered in memory up to here before they are written: fewer, larger segments."""


TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
"""Case and diacritics are folded. Marks (M*) belong to words: Indic and Thai vowels are marks."""


class Document(NamedTuple):
    """What is to be found of one entry."""

    entry_id: int
    feed_id: int
    title: str
    text: str
    source: TextSource = "feed"


def feed_word(feed_id: int) -> str:
    """The word that each document of a feed bears in the index's feed column."""
    return f"f{feed_id}"


def add_documents(db: sqlite3.Connection, documents: Sequence[Document]) -> None:
    """Index these, within the caller's transaction."""
    if not documents:
        return
    # Documents that no longer count still have their lengths there: their ids stay taken.
    row = db.execute(
        "SELECT max((SELECT coalesce(max(id), 0) FROM search_docsize),"
        " (SELECT coalesce(max(id), 0) FROM documents))"
    ).fetchone()
    first = row[0] + 1
    db.executemany(
        "INSERT INTO documents(id, entry_id, source) VALUES (?, ?, ?)",
        [(first + n, one.entry_id, one.source) for n, one in enumerate(documents)],
    )
    db.executemany(
        "INSERT INTO search(rowid, text, title, feed) VALUES (?, ?, ?, ?)",
        [
            (first + n, spaced(one.text), spaced(one.title), feed_word(one.feed_id))
            for n, one in enumerate(documents)
        ],
    )


def drop_documents(db: sqlite3.Connection, entry_ids: Iterable[int], source: TextSource) -> None:
    """These entries' documents of one kind count no longer."""
    db.executemany(
        "DELETE FROM documents WHERE entry_id = ? AND source = ?",
        [(entry_id, source) for entry_id in entry_ids],
    )


def create_search(db: sqlite3.Connection, name: str) -> None:
    """An empty search index."""
    tokenizer = TOKENIZER.replace("'", "''")
    # `text` comes first because a hit in the first column takes two bytes less than in any other.
    db.execute(
        f"CREATE VIRTUAL TABLE {name} USING fts5"
        f"(text, title, feed, content='', tokenize='{tokenizer}')"
    )
    db.execute(f"INSERT INTO {name}({name}, rank) VALUES ('hashsize', ?)", (PENDING_BYTES,))
