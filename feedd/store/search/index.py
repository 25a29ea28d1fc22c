"""Feeding the search index.

SQLite's contentless FTS5 keeps words but no text, and can't forget a document without being shown
its old text. So every version of an entry is a document of its own, `documents` names the
ones that count, and a search ignores the others; `upkeep` rebuilds the index when they are many.

Scripts that write without spaces (Han, kana, hangul, Thai, Lao, Khmer, Burmese) are cut into single
letters, in the index and in queries alike: a run of letters is then found wherever it stands.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from feedd.model import TextSource
from feedd.store.sqlite import sqlite_errors, transaction
from feedd.store.stored_values import unpack, unpack_content
from feedd.text import TEXT_VERSION, to_text

_LETTERS = (
    "\u0e01-\u0e33\u0e40-\u0e45"  # Thai
    "\u0e81-\u0eb3\u0ec0-\u0ec6"  # Lao
    "\u1000-\u102a\u1780-\u17b3"  # Burmese, Khmer
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    "\u3105-\u312f\u31a0-\u31bf"  # bopomofo
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Han
    "\uac00-\ud7a3"  # hangul syllables
    "\uff66-\uff9d"  # half-width kana
)

_UNSPACED = re.compile(f"[{_LETTERS}]")

_INVISIBLE = "\u00ad\u200b\u2060\ufeff"
"""Soft hyphen, zero-width space, word joiner, zero-width no-break space: for typesetters alone."""

_OTHER_BYTES = bytes(byte for byte in range(256) if not 0xE0 <= byte <= 0xF4 or byte == 0xE2)
"""In UTF-8, what no letter of these scripts begins with (0xE2 begins typographic quotes)."""

PENDING_BYTES = 8_000_000
"""Words are gathered in memory up to here before they are written: fewer, larger segments."""

TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
"""Case and diacritics are folded. Marks (M*) belong to words: Indic and Thai vowels are marks."""

INDEX_VERSION = f"{TEXT_VERSION}.1"
"""Changes with what `to_text` and `searchable` give; the table meta holds that of the index."""

DOCUMENTS_A_STEP = 200
"""Indexed anew in one transaction: between two of these others get to write."""

_NEXT = "search_next"
_VERSION = "index_version"
_PROGRESS = "index_progress"
"""Keys of the table meta. The progress is a version and the last document of it."""

_ROWS = """SELECT d.id, e.feed_id, e.title, d.source, c.body, a.html
FROM documents d JOIN entries e ON e.id = d.entry_id
LEFT JOIN contents c ON c.entry_id = d.entry_id AND d.source = 'feed'
LEFT JOIN articles a ON a.entry_id = d.entry_id AND d.source = 'article'
WHERE d.id > ? ORDER BY d.id LIMIT ?"""


def visible(text: str) -> str:
    """The text without what only typesetters see within a word."""
    for mark in _INVISIBLE:
        if mark in text:
            text = text.replace(mark, "")
    return text


def searchable(text: str) -> str:
    """The text as the index and queries have it: a space before and after each letter of a script
    without spaces, nothing invisible within words.
    """
    if text.isascii():
        return text
    text = visible(text)
    # Many times quicker than the pattern, and enough for most of what is not plain ASCII.
    if not text.encode("utf-8", "surrogatepass").translate(None, _OTHER_BYTES):
        return text
    return _UNSPACED.sub(r" \g<0>", text)


def unspaced_run(text: str) -> bool:
    """Does the text hold letters of a script without spaces?"""
    return not text.isascii() and _UNSPACED.search(text) is not None


class SearchDocument(NamedTuple):
    """What is to be found of one entry."""

    entry_id: int
    feed_id: int
    title: str
    text: str
    source: TextSource = "feed"


def feed_word(feed_id: int) -> str:
    """The word that each document of a feed bears in the index's feed column."""
    return f"f{feed_id}"


def add_documents(db: sqlite3.Connection, documents: Sequence[SearchDocument]) -> None:
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
            (first + n, searchable(one.text), searchable(one.title), feed_word(one.feed_id))
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


def note_index_version(db: sqlite3.Connection) -> None:
    """Remember that the index is of the present version."""
    _remember(db, _VERSION, INDEX_VERSION)


def rebuild_search(db: sqlite3.Connection) -> None:
    """Index every document that counts from what is stored, then put the new index in the place of
    the old. Searches find all of it at any moment. Raises StoreError.
    """
    request_rebuild(db)
    while rebuild_step(db):
        pass


def request_rebuild(db: sqlite3.Connection) -> None:
    """From now on `rebuild_step` has something to do, from the beginning."""
    with transaction(db):
        db.execute("DELETE FROM meta WHERE key IN (?, ?)", (_VERSION, _PROGRESS))


def rebuild_step(db: sqlite3.Connection) -> bool:
    """Take an index of another version than `INDEX_VERSION` one step nearer to the present one.

    Searches find everything in the old one until the new one is whole; what was done survives a
    restart. Returns whether there is more to do. Raises StoreError.
    """
    with sqlite_errors(db):
        if _remembered(db, _VERSION) == INDEX_VERSION:
            return False
    with transaction(db):
        if _remembered(db, _VERSION) == INDEX_VERSION:
            return False  # another process was quicker
        version, _, last = (_remembered(db, _PROGRESS) or "").partition(" ")
        if version != INDEX_VERSION:
            db.execute(f"DROP TABLE IF EXISTS {_NEXT}")
            create_search(db, _NEXT)
            last = "0"
        rows = db.execute(_ROWS, (int(last), DOCUMENTS_A_STEP)).fetchall()
        db.executemany(
            f"INSERT INTO {_NEXT}(rowid, text, title, feed) VALUES (?, ?, ?, ?)",
            [
                (
                    document_id,
                    searchable(
                        to_text(unpack_content(body)[0] if source == "feed" else unpack(html))
                    ),
                    searchable(title),
                    feed_word(feed_id),
                )
                for document_id, feed_id, title, source, body, html in rows
            ],
        )
        if len(rows) == DOCUMENTS_A_STEP:
            _remember(db, _PROGRESS, f"{INDEX_VERSION} {rows[-1][0]}")
            return True
        # In the transaction that saw the last document: none can come in between.
        db.execute("DROP TABLE search")
        db.execute(f"ALTER TABLE {_NEXT} RENAME TO search")
        db.execute("DELETE FROM meta WHERE key = ?", (_PROGRESS,))
        _remember(db, _VERSION, INDEX_VERSION)
        return False


def _remembered(db: sqlite3.Connection, key: str) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None


def _remember(db: sqlite3.Connection, key: str, value: str) -> None:
    db.execute("INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)", (key, value))
