"""Building the search index anew, while others go on reading and writing."""

from __future__ import annotations

import sqlite3

from feedd.store.bodies import unpack, unpack_content
from feedd.store.connection import transaction
from feedd.store.indexing import create_search, feed_word
from feedd.store.plaintext import plain
from feedd.store.words import spaced

DOCUMENTS_A_TRANSACTION = 500
_NEXT = "search_next"

_ROWS = """SELECT d.id, e.feed_id, e.title, d.source, c.body, a.html
FROM documents d JOIN entries e ON e.id = d.entry_id
LEFT JOIN contents c ON c.entry_id = d.entry_id AND d.source = 'feed'
LEFT JOIN articles a ON a.entry_id = d.entry_id AND d.source = 'article'
WHERE d.id > ? ORDER BY d.id LIMIT ?"""


def rebuild_search(db: sqlite3.Connection) -> None:
    """Index every document that counts from what is stored, then put the new index in the place of
    the old. Searches find all of it at any moment. Raises StoreError.
    """
    with transaction(db):
        db.execute(f"DROP TABLE IF EXISTS {_NEXT}")
        create_search(db, _NEXT)
    last = 0
    done = False
    while not done:
        with transaction(db):
            rows = db.execute(_ROWS, (last, DOCUMENTS_A_TRANSACTION)).fetchall()
            db.executemany(
                f"INSERT INTO {_NEXT}(rowid, text, title, feed) VALUES (?, ?, ?, ?)",
                [
                    (
                        document_id,
                        spaced(
                            plain(unpack_content(body)[0] if source == "feed" else unpack(html))
                        ),
                        spaced(title),
                        feed_word(feed_id),
                    )
                    for document_id, feed_id, title, source, body, html in rows
                ],
            )
            if rows:
                last = rows[-1][0]
            done = len(rows) < DOCUMENTS_A_TRANSACTION
            if done:  # in the transaction that saw the last document: none can come in between
                db.execute("DROP TABLE search")
                db.execute(f"ALTER TABLE {_NEXT} RENAME TO search")
