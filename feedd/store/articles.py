"""Article pages: those to fetch, what came of them, and what is remembered of their sites.

Beside each article lie the fingerprints of those of its blocks that were not known to recur on
its host when it was cleaned. Once one of them is, the article is worth cleaning again.
"""

from __future__ import annotations

import sqlite3
import struct
import sys
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from feedd.model import Article, PageJob
from feedd.store.search.index import index_anew
from feedd.store.sqlite import sqlite_errors, transaction
from feedd.store.stored_values import pack, unpack, unpack_content
from feedd.text import to_text
from feedd.units import HOUR_S
from feedd.workers import storable

TRIES = 3

WAIT_AFTER_TRY_S = (4 * HOUR_S, 44 * HOUR_S)
"""Rule 17: three tries over two days."""

_JOB = (
    "SELECT e.id, f.name, e.link, e.title, c.body, coalesce(e.language, f.language), {tries}"
    " FROM {queue}entries e {on} JOIN feeds f ON f.id = e.feed_id"
    " LEFT JOIN contents c ON c.entry_id = e.id WHERE e.link IS NOT NULL AND "
)

_QUEUED = _JOB.format(
    tries="q.tries",
    queue="article_queue q INDEXED BY article_queue_newest JOIN ",
    on="ON e.id = q.entry_id",
)

_ANY = _JOB.format(tries="0", queue="", on="")

LOOKED_AT = 300
"""How many of a host's newest articles are asked whether they are worth cleaning again."""

LOOKED_THROUGH = 2_000
"""How many articles are looked through at once for those without fingerprints."""

MAX_SITES = 5_000
"""Hosts remembered; those whose pages were fetched longest ago go first."""


def page_jobs(db: sqlite3.Connection, now: int, limit: int) -> list[PageJob]:
    """Pages that may be asked for now, those of the newest entries first."""
    with sqlite_errors(db):
        rows = db.execute(
            _QUEUED + "q.not_before <= ? ORDER BY q.sort_at DESC LIMIT ?", (now, limit)
        ).fetchall()
    return [_job(row) for row in rows]


def still_due(db: sqlite3.Connection, entry_id: int, now: int) -> bool:
    """May this page, read from the queue a while ago, still be asked for?"""
    with sqlite_errors(db):
        query = "SELECT 1 FROM article_queue WHERE entry_id = ? AND not_before <= ?"
        return db.execute(query, (entry_id, now)).fetchone() is not None


def page_job_of(db: sqlite3.Connection, entry_id: int) -> PageJob | None:
    """The page of one entry, queued or not; None where it has no link."""
    with sqlite_errors(db):
        row = db.execute(_ANY + "e.id = ?", (entry_id,)).fetchone()
    return _job(row) if row else None


def store_article(
    db: sqlite3.Connection, job: PageJob, article: Article, now: int, *, finished: bool = True
) -> None:
    """Keep what came of a page, and take it off the queue, unless it is not `finished`.

    An article that is there already survives a later failure; the failure is noted beside it.
    """
    article = storable(article)
    with transaction(db):
        if not db.execute("SELECT 1 FROM entries WHERE id = ?", (job.entry_id,)).fetchone():
            return  # pruned in the meantime
        if finished:
            db.execute("DELETE FROM article_queue WHERE entry_id = ?", (job.entry_id,))
        if article.error is not None:
            _note_failure(db, job.entry_id, article.url, article.error, now)
            return
        db.execute(
            "INSERT OR REPLACE INTO articles(entry_id, url, fetched_at, note, title, byline,"
            " published, language, lead_image, confidence, html)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                job.entry_id,
                article.url,
                now,
                article.note,
                article.title,
                article.byline,
                article.published,
                article.language,
                article.lead_image,
                article.confidence,
                pack(article.html),
            ),
        )
        index_anew(db, [job.entry_id])


def postpone_page(
    db: sqlite3.Connection, job: PageJob, error: str, now: int, *, not_before: int | None = None
) -> None:
    """Note a failed try. After the last one the page is given up, with the error as the reason;
    where there is an article that lacks a page, its note says so already.

    `not_before` is when the server allows the next try, if it said so.
    """
    with transaction(db):
        if job.tries + 1 >= TRIES:
            db.execute("DELETE FROM article_queue WHERE entry_id = ?", (job.entry_id,))
            if db.execute("SELECT 1 FROM entries WHERE id = ?", (job.entry_id,)).fetchone():
                _note_failure(db, job.entry_id, job.url, error, now, unless_noted=True)
            return
        again_at = max(now + WAIT_AFTER_TRY_S[job.tries], not_before or 0)
        db.execute(
            "UPDATE article_queue SET tries = ?, not_before = ?, error = ? WHERE entry_id = ?",
            (job.tries + 1, again_at, error, job.entry_id),
        )


def queue_length(db: sqlite3.Connection) -> int:
    """Pages waiting, those to be tried later included."""
    with sqlite_errors(db):
        return int(db.execute("SELECT count(*) FROM article_queue").fetchone()[0])


def still_queued(db: sqlite3.Connection, entry_ids: Iterable[int]) -> int:
    """How many of these entries' pages are to be tried again."""
    with sqlite_errors(db):
        return sum(
            db.execute("SELECT count(*) FROM article_queue WHERE entry_id = ?", (one,)).fetchone()[
                0
            ]
            for one in entry_ids
        )


def _note_failure(
    db: sqlite3.Connection,
    entry_id: int,
    url: str,
    error: str,
    now: int,
    *,
    unless_noted: bool = False,
) -> None:
    db.execute(
        "INSERT INTO articles(entry_id, url, fetched_at, error, confidence)"
        " VALUES (?, ?, ?, ?, 0.0)"
        " ON CONFLICT(entry_id) DO UPDATE SET error = excluded.error,"
        " fetched_at = excluded.fetched_at WHERE note IS NULL OR NOT ?",
        (entry_id, url, now, error, unless_noted),
    )


def _job(row: tuple[Any, ...]) -> PageJob:
    entry_id, feed, url, title, body, language, tries = row
    html, summary = unpack_content(body)
    text = to_text(html)
    fullest = max(text, summary or "", key=len)
    return PageJob(entry_id, feed, url, title, summary or text, language, tries, fullest)


class WithoutBlocks(Struct, frozen=True):
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
    with sqlite_errors(db):
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
    with sqlite_errors(db):
        rows = db.execute(
            "SELECT entry_id, blocks FROM article_blocks WHERE host = ?"
            " ORDER BY entry_id DESC LIMIT ?",
            (host, LOOKED_AT),
        ).fetchall()
    return {entry_id: _unpacked(blob) for entry_id, blob in rows}


def article_html(db: sqlite3.Connection, entry_id: int) -> str:
    """The article of an entry; "" where there is none."""
    with sqlite_errors(db):
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
        row = db.execute("SELECT html FROM articles WHERE entry_id = ?", (entry_id,)).fetchone()
        if row is None or unpack(row[0]) != before:
            return
        db.execute(
            "UPDATE article_blocks SET blocks = ? WHERE entry_id = ?", (_packed(blocks), entry_id)
        )
        if html is None:
            return
        db.execute("UPDATE articles SET html = ? WHERE entry_id = ?", (pack(html), entry_id))
        index_anew(db, [entry_id])


def _packed(blocks: Iterable[int]) -> bytes:
    kept = list(blocks)
    return struct.pack(f"<{len(kept)}Q", *kept)


def _unpacked(blob: bytes) -> tuple[int, ...]:
    count = len(blob) // 8
    return struct.unpack_from(f"<{count}Q", blob)


def site_memory(db: sqlite3.Connection, host: str) -> bytes | None:
    """The memory of a host; None where there is none yet."""
    with sqlite_errors(db):
        row = db.execute("SELECT memory FROM sites WHERE host = ?", (host,)).fetchone()
    return bytes(row[0]) if row else None


def hosts_after(db: sqlite3.Connection, host: str, limit: int) -> list[str]:
    """The next hosts that something is remembered of, in the order of their names."""
    with sqlite_errors(db):
        rows = db.execute(
            "SELECT host FROM sites WHERE host > ? ORDER BY host LIMIT ?", (host, limit)
        ).fetchall()
    return [row[0] for row in rows]


def keep_site_memory(db: sqlite3.Connection, host: str, memory: bytes, now: int) -> None:
    """Remember this of a host from now on."""
    with transaction(db):
        db.execute(
            "INSERT OR REPLACE INTO sites(host, memory, learned_at) VALUES (?, ?, ?)",
            (host, memory, now),
        )
        db.execute(
            "DELETE FROM sites WHERE host IN"
            " (SELECT host FROM sites ORDER BY learned_at DESC LIMIT -1 OFFSET ?)",
            (MAX_SITES,),
        )
