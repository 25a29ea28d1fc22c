"""The article queue: pages waiting to be fetched, and what came of them."""

from __future__ import annotations

import sqlite3
from typing import Any

from feedd.model import Article, PageJob
from feedd.store.bodies import pack, unpack_content
from feedd.store.connection import transaction
from feedd.store.indexing import Document, add_documents, drop_documents
from feedd.store.plaintext import plain
from feedd.store.problems import told
from feedd.store.scrubbing import scrub

TRIES = 3
WAIT_AFTER_TRY_S = (4 * 3600, 44 * 3600)
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


def page_jobs(db: sqlite3.Connection, now: int, limit: int) -> list[PageJob]:
    """Pages that may be asked for now, those of the newest entries first."""
    with told(db):
        rows = db.execute(
            _QUEUED + "q.not_before <= ? ORDER BY q.sort_at DESC LIMIT ?", (now, limit)
        ).fetchall()
    return [_job(row) for row in rows]


def page_job_of(db: sqlite3.Connection, entry_id: int) -> PageJob | None:
    """The page of one entry, queued or not; None where it has no link."""
    with told(db):
        row = db.execute(_ANY + "e.id = ?", (entry_id,)).fetchone()
    return _job(row) if row else None


def store_article(
    db: sqlite3.Connection, job: PageJob, article: Article, now: int, *, finished: bool = True
) -> None:
    """Keep what came of a page, and take it off the queue, unless it is not `finished`.

    An article that is there already survives a later failure; the failure is noted beside it, as
    is what is missing of an article.
    """
    article = scrub(article)
    with transaction(db):
        row = db.execute(
            "SELECT feed_id, title FROM entries WHERE id = ?", (job.entry_id,)
        ).fetchone()
        if row is None:
            return  # pruned in the meantime
        if finished:
            db.execute("DELETE FROM article_queue WHERE entry_id = ?", (job.entry_id,))
        if article.error is not None:
            _note_failure(db, job.entry_id, article.url, article.error, now)
            return
        db.execute(
            "INSERT OR REPLACE INTO articles(entry_id, url, fetched_at, error, title, byline,"
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
        drop_documents(db, [job.entry_id], "article")
        add_documents(db, [Document(job.entry_id, row[0], row[1], article.text, "article")])


def postpone_page(
    db: sqlite3.Connection, job: PageJob, error: str, now: int, *, not_before: int | None = None
) -> None:
    """Note a failed try. After the last one the page is given up, with the error as the reason.

    `not_before` is when the server allows the next try, if it said so.
    """
    with transaction(db):
        if job.tries + 1 >= TRIES:
            db.execute("DELETE FROM article_queue WHERE entry_id = ?", (job.entry_id,))
            if db.execute("SELECT 1 FROM entries WHERE id = ?", (job.entry_id,)).fetchone():
                _note_failure(db, job.entry_id, job.url, error, now)
            return
        again_at = max(now + WAIT_AFTER_TRY_S[job.tries], not_before or 0)
        db.execute(
            "UPDATE article_queue SET tries = ?, not_before = ?, error = ? WHERE entry_id = ?",
            (job.tries + 1, again_at, error, job.entry_id),
        )


def queue_length(db: sqlite3.Connection) -> int:
    """Pages waiting, those to be tried later included."""
    with told(db):
        return int(db.execute("SELECT count(*) FROM article_queue").fetchone()[0])


def _note_failure(db: sqlite3.Connection, entry_id: int, url: str, error: str, now: int) -> None:
    db.execute(
        "INSERT INTO articles(entry_id, url, fetched_at, error, confidence)"
        " VALUES (?, ?, ?, ?, 0.0)"
        " ON CONFLICT(entry_id) DO UPDATE SET error = excluded.error,"
        " fetched_at = excluded.fetched_at",
        (entry_id, url, now, error),
    )


def _job(row: tuple[Any, ...]) -> PageJob:
    entry_id, feed, url, title, body, language, tries = row
    html, summary = unpack_content(body)
    text = plain(html)
    fullest = max(text, summary or "", key=len)
    return PageJob(entry_id, feed, url, title, summary or text, language, tries, fullest)
