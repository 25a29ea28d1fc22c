"""Articles that may have to be cleaned again: what each holds, and putting a cleaner one in place.

Beside each article lie the fingerprints of those of its blocks that were not known to recur on
its host when it was cleaned. Once one of them is, the article is worth cleaning again.
"""

from __future__ import annotations

import sqlite3
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from feedd.store.bodies import pack, unpack
from feedd.store.connection import transaction
from feedd.store.indexing import Document, add_documents, drop_documents
from feedd.store.plaintext import plain
from feedd.store.problems import told

LOOKED_AT = 300
"""So many of a host's newest articles are asked whether they are worth cleaning again."""

LOOKED_THROUGH = 2_000
"""So many articles are looked through at once for those without fingerprints."""


@dataclass(frozen=True, slots=True)
class WithoutBlocks:
    """Entry ids and addresses of articles. The search goes on below entry `next_below`; None: it
    is at its end.
    """

    articles: tuple[tuple[int, str], ...]
    next_below: int | None


def keep_blocks(db: sqlite3.Connection, entry_id: int, host: str, blocks: Iterable[int]) -> None:
    """Remember what an article of a host holds; none is remembered where there is no article."""
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO article_blocks(entry_id, host, blocks)"
            " SELECT entry_id, ?, ? FROM articles WHERE entry_id = ? AND html IS NOT NULL",
            (host, _packed(blocks), entry_id),
        )


def without_blocks(db: sqlite3.Connection, below: int | None, limit: int) -> WithoutBlocks:
    """Articles beside which no fingerprints lie yet, newest first, of entries below an id."""
    with told(db):
        rows = db.execute(
            "SELECT a.entry_id, a.url, a.html IS NOT NULL AND b.entry_id IS NULL FROM articles a"
            " LEFT JOIN article_blocks b ON b.entry_id = a.entry_id"
            " WHERE a.entry_id < ? ORDER BY a.entry_id DESC LIMIT ?",
            (sys.maxsize if below is None else below, LOOKED_THROUGH),
        ).fetchall()
    found: list[tuple[int, str]] = []
    for entry_id, url, wanting in rows:
        if wanting:
            found.append((entry_id, url))
        if len(found) == limit:
            return WithoutBlocks(tuple(found), entry_id)
    return WithoutBlocks(tuple(found), rows[-1][0] if len(rows) == LOOKED_THROUGH else None)


def blocks_of_host(db: sqlite3.Connection, host: str) -> dict[int, tuple[int, ...]]:
    """What the newest articles of a host hold, by entry id, newest first."""
    with told(db):
        rows = db.execute(
            "SELECT entry_id, blocks FROM article_blocks WHERE host = ?"
            " ORDER BY entry_id DESC LIMIT ?",
            (host, LOOKED_AT),
        ).fetchall()
    return {entry_id: _unpacked(blob) for entry_id, blob in rows}


def article_html(db: sqlite3.Connection, entry_id: int) -> str:
    """The article of an entry; "" where there is none."""
    with told(db):
        row = db.execute("SELECT html FROM articles WHERE entry_id = ?", (entry_id,)).fetchone()
    return unpack(row[0]) if row else ""


def replace_article(
    db: sqlite3.Connection, entry_id: int, *, before: str, html: str | None, blocks: Iterable[int]
) -> None:
    """Put a cleaner article in the place of `before`, for readers and searches alike; None leaves
    it as it is. Either way `blocks` is what may yet prove to recur. Marks stay.

    Nothing happens when another article has come in the meantime.
    """
    with transaction(db):
        row = db.execute(
            "SELECT e.feed_id, e.title, a.html FROM articles a JOIN entries e ON e.id = a.entry_id"
            " WHERE a.entry_id = ?",
            (entry_id,),
        ).fetchone()
        if row is None or unpack(row[2]) != before:
            return
        db.execute(
            "UPDATE article_blocks SET blocks = ? WHERE entry_id = ?", (_packed(blocks), entry_id)
        )
        if html is None:
            return
        db.execute("UPDATE articles SET html = ? WHERE entry_id = ?", (pack(html), entry_id))
        drop_documents(db, [entry_id], "article")
        add_documents(db, [Document(entry_id, row[0], row[1], plain(html), "article")])


def _packed(blocks: Iterable[int]) -> bytes:
    kept = list(blocks)
    return struct.pack(f"<{len(kept)}Q", *kept)


def _unpacked(blob: bytes) -> tuple[int, ...]:
    count = len(blob) // 8
    return struct.unpack_from(f"<{count}Q", blob)
