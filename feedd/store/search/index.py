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
from typing import TYPE_CHECKING, Any, NamedTuple

from feedd.store.sqlite import transaction
from feedd.store.stored_values import (
    categories_of,
    get_meta,
    set_meta,
    unpack,
    unpack_content,
    words_in,
)
from feedd.text import TEXT_VERSION, to_text

if TYPE_CHECKING:
    from feedd.model import TextSource

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

_UNSPACED = f"[{_LETTERS}]"
"""Compiled when it is first used: that takes as long as importing twenty modules."""

_INVISIBLE = "\u00ad\u200b\u2060\ufeff"
"""Soft hyphen, zero-width space, word joiner, zero-width no-break space: for typesetters alone."""

_OTHER_BYTES = bytes(byte for byte in range(256) if not 0xE0 <= byte <= 0xF4 or byte == 0xE2)
"""In UTF-8, what no letter of these scripts begins with (0xE2 begins typographic quotes)."""

PENDING_BYTES = 8_000_000
"""Words are gathered in memory up to here before they are written: fewer, larger segments."""

MERGED_SEGMENTS = 8
"""How many of one size are merged into one. Half as many, as FTS5 comes, merge the words of a first
poll twice, which costs its index a tenth; a search looks into a few more."""

LEAF_BYTES = 8_000
"""Of a leaf of the index: it fills a page of the file. As FTS5 comes, half of that."""

TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
"""Case and diacritics are folded. Marks (M*) belong to words: Indic and Thai vowels are marks."""

INDEX_VERSION = f"{TEXT_VERSION}.2"
"""Changes with what `to_text` and `searchable` give; the table meta holds that of the index."""

DOCUMENTS_A_STEP = 200
"""Indexed anew in one transaction: between two of these others get to write."""

_NEXT = "search_next"
_VERSION = "index_version"
_PROGRESS = "index_progress"
_COUNTED = "words_counted"
"""Keys of the table meta. The progress is a version and the last document of it; of the entries up
to the one counted last it is known how many words they have."""

BETWEEN_CATEGORIES = " \ue000 "
"""A word of its own, which nobody types: no phrase is found across two categories."""

COLUMNS = ("text", "title", "author", "category", "link", "kind")
"""Of the index. `text` comes first because a hit in the first column takes two bytes less than in
any other. `kind` holds words for the language and for what the entry has.
"""

_ONE_AN_ENTRY = (
    "DELETE FROM documents WHERE source = 'feed' AND entry_id IN"
    " (SELECT entry_id FROM documents WHERE source = 'article')"
)

_ENTRY = (
    "e.id, e.title, coalesce(e.author, a.byline), e.categories, e.link,"
    " coalesce(e.language, f.language, a.language), e.enclosures IS NOT NULL, e.image IS NOT NULL,"
    " e.comments IS NOT NULL, a.html, c.body"
)
_FROM = (
    " FROM entries e JOIN feeds f ON f.id = e.feed_id LEFT JOIN contents c ON c.entry_id = e.id"
    " LEFT JOIN articles a ON a.entry_id = e.id"
)
_ROW = f"SELECT {_ENTRY}{_FROM} WHERE e.id = ?"
_ROWS = (
    f"SELECT d.id, {_ENTRY} FROM documents d JOIN entries e ON e.id = d.entry_id"
    f" {_FROM.partition(' e ')[2]} WHERE d.id > ? ORDER BY d.id LIMIT ?"
)


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
    return re.sub(_UNSPACED, r" \g<0>", text)


def _searchable_utf8(text: bytes) -> str | bytes:
    # Looked for are the invisible characters that don't begin with one of those bytes; first their
    # last byte, since one is found at once and three are not.
    if text.isascii() or not (
        text.translate(None, _OTHER_BYTES)
        or (b"\xad" in text and b"\xc2\xad" in text)
        or (b"\x8b" in text and b"\xe2\x80\x8b" in text)
        or (b"\xa0" in text and b"\xe2\x81\xa0" in text)
    ):
        return text
    return searchable(text.decode("utf-8", "replace"))


def unspaced_run(text: str) -> bool:
    """Does the text hold letters of a script without spaces?"""
    return not text.isascii() and re.search(_UNSPACED, text) is not None


class SearchDocument(NamedTuple):
    """What is to be found of one entry. The text may be given in UTF-8."""

    entry_id: int
    title: str
    text: str | bytes
    author: str | None = None
    categories: Sequence[str] = ()
    link: str | None = None
    language: str | None = None
    has: tuple[str, ...] = ()
    source: TextSource = "feed"


def language_words(language: str) -> str:
    """How the index has a language: a word, and one for each of its subtags."""
    if language.isascii() and language.isalpha():
        return f"l{language.lower()}"
    return "l" + " ".join(re.findall(r"[0-9a-z]+", language.lower())[:4])


def stored_document(db: sqlite3.Connection, entry_id: int) -> SearchDocument | None:
    """What is to be found of an entry as it is stored: of the article where there is one, and of
    what the feed said beside it.
    """
    row = db.execute(_ROW, (entry_id,)).fetchone()
    return _document(row) if row else None


def index_anew(db: sqlite3.Connection, entry_ids: Iterable[int]) -> None:
    """Index these entries as they are stored, within the caller's transaction."""
    documents = [one for entry_id in entry_ids if (one := stored_document(db, entry_id))]
    drop_documents(db, [one.entry_id for one in documents])
    add_documents(db, documents)
    db.executemany(
        "UPDATE entries SET words = NULL WHERE id = ?", [(one.entry_id,) for one in documents]
    )


def count_words(db: sqlite3.Connection) -> bool:
    """Note how many words some of the entries have that were stored since the last time; returns
    whether there are more. Raises StoreError.
    """
    with transaction(db):
        last = int(get_meta(db, _COUNTED) or 0)
        rows = db.execute(
            "SELECT e.id, e.words, a.html, c.body FROM entries e LEFT JOIN contents c"
            " ON c.entry_id = e.id LEFT JOIN articles a ON a.entry_id = e.id"
            " WHERE e.id > ? ORDER BY e.id LIMIT ?",
            (last, DOCUMENTS_A_STEP),
        ).fetchall()
        db.executemany(
            "UPDATE entries SET words = ? WHERE id = ?",
            [
                (words_in(html, body), entry_id)
                for entry_id, words, html, body in rows
                if words is None
            ],
        )
        if rows:
            set_meta(db, _COUNTED, str(rows[-1][0]))
    return len(rows) == DOCUMENTS_A_STEP


def _document(row: tuple[Any, ...]) -> SearchDocument:
    entry_id, title, author, categories, link, language, enclosures, image, comments = row[:9]
    article, text = to_text(unpack(row[9])), to_text(unpack_content(row[10])[0])
    has = (
        ("enclosure", enclosures), ("image", image), ("comments", comments), ("article", row[9])
    )  # fmt: skip
    if row[9]:
        text = article if text in article else f"{article}{BETWEEN_CATEGORIES}{text}"
    return SearchDocument(
        entry_id, title, text, author, categories_of(categories), link, language,
        tuple(name for name, there in has if there), "article" if row[9] else "feed",
    )  # fmt: skip


def add_documents(db: sqlite3.Connection, documents: Sequence[SearchDocument]) -> None:
    """Index these, within the caller's transaction. An entry has one document that counts."""
    if not documents:
        return
    documents = list({one.entry_id: one for one in documents}.values())
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
    columns = COLUMNS if index_has_fields(db) else COLUMNS[:2]
    names, marks = ", ".join(columns), ", ".join("?" * (len(columns) - 1))
    db.executemany(
        f"INSERT INTO search(rowid, {names}) VALUES (?, CAST(? AS TEXT), {marks})",
        [(first + n, *_indexed(one)[: len(columns)]) for n, one in enumerate(documents)],
    )


def index_has_fields(db: sqlite3.Connection) -> bool:
    """Does the index know words of fields? That of an earlier version does not, until it has been
    rebuilt.
    """
    query = "SELECT 1 FROM pragma_table_info('search') WHERE name = 'kind'"
    return db.execute(query).fetchone() is not None


def _indexed(one: SearchDocument) -> tuple[str | bytes, ...]:
    """The values of `COLUMNS`."""
    kind = " ".join(f"h{name}" for name in one.has) if one.has else ""
    if one.language:
        kind = f"{kind} {language_words(one.language)}"
    return (
        searchable(one.text) if isinstance(one.text, str) else _searchable_utf8(one.text),
        searchable(one.title),
        searchable(one.author) if one.author else "",
        searchable(BETWEEN_CATEGORIES.join(one.categories)) if one.categories else "",
        one.link or "",
        kind,
    )


def drop_documents(db: sqlite3.Connection, entry_ids: Iterable[int]) -> None:
    """What the index has of these entries counts no longer."""
    db.executemany("DELETE FROM documents WHERE entry_id = ?", [(one,) for one in entry_ids])


def create_search(db: sqlite3.Connection, name: str) -> None:
    """An empty search index."""
    tokenizer = TOKENIZER.replace("'", "''")
    db.execute(
        f"CREATE VIRTUAL TABLE {name} USING fts5"
        f"({', '.join(COLUMNS)}, content='', tokenize='{tokenizer}')"
    )
    for option, value in (
        ("hashsize", PENDING_BYTES), ("automerge", MERGED_SEGMENTS), ("pgsz", LEAF_BYTES)
    ):  # fmt: skip
        db.execute(f"INSERT INTO {name}({name}, rank) VALUES (?, ?)", (option, value))


def note_index_version(db: sqlite3.Connection) -> None:
    """Remember that the index is of the present version."""
    set_meta(db, _VERSION, INDEX_VERSION)


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
    if get_meta(db, _VERSION) == INDEX_VERSION:
        return False
    with transaction(db):
        if get_meta(db, _VERSION) == INDEX_VERSION:
            return False  # another process was quicker
        version, _, last = (get_meta(db, _PROGRESS) or "").partition(" ")
        if version != INDEX_VERSION:
            db.execute(f"DROP TABLE IF EXISTS {_NEXT}")
            create_search(db, _NEXT)
            last = "0"
        rows = db.execute(_ROWS, (int(last), DOCUMENTS_A_STEP)).fetchall()
        _fill(db, _NEXT, rows)
        if len(rows) == DOCUMENTS_A_STEP:
            set_meta(db, _PROGRESS, f"{INDEX_VERSION} {rows[-1][0]}")
            return True
        # In the transaction that saw the last document: none can come in between.
        db.execute(_ONE_AN_ENTRY)
        db.execute("DROP TABLE search")
        db.execute(f"ALTER TABLE {_NEXT} RENAME TO search")
        db.execute("DELETE FROM meta WHERE key = ?", (_PROGRESS,))
        note_index_version(db)
        return False


def rebuild_at_once(db: sqlite3.Connection) -> None:
    """The same within the caller's transaction, for a few documents."""
    db.execute(_ONE_AN_ENTRY)
    db.execute("DROP TABLE search")
    create_search(db, "search")
    _fill(db, "search", db.execute(_ROWS, (0, -1)).fetchall())
    note_index_version(db)


def _fill(db: sqlite3.Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Index the documents of these rows."""
    documents = [_document(row[1:]) for row in rows]
    db.executemany(
        f"INSERT INTO {table}({', '.join(COLUMNS)}, rowid) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(*_indexed(one), row[0]) for one, row in zip(documents, rows, strict=True)],
    )
