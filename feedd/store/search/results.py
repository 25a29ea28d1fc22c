"""Full-text search: which entries match, the best first."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from feedd.model import ItemFilter, ItemPage
from feedd.query import wanted_terms
from feedd.query.query_nodes import Query
from feedd.store.items import items_of
from feedd.store.lists import listed
from feedd.store.search.conditions import Conditions
from feedd.store.search.snippets import fold, pattern_for, snippet
from feedd.store.search.word_match import words_error
from feedd.store.sqlite import in_parts, placeholders, snapshot
from feedd.store.stored_values import unpack, unpack_content
from feedd.text import to_text

RANKED = 2_000
"""Of more matches than this, only the newest so many are put in order of relevance."""

TITLE_WEIGHT = 8.0
"""A word in the title counts as much as so many in the text."""


def search_items(
    db: sqlite3.Connection,
    query: Query,
    wanted: ItemFilter,
    *,
    details: bool = False,
    newest: bool = False,
) -> ItemPage:
    """Items by relevance, or the `newest` first, each with a snippet whose matches stand between
    \\x02 and \\x03. Raises NotFoundError for a feed or a tag in the query that does not exist.
    """
    with snapshot(db):
        try:
            conditions = Conditions(db, query, wanted)
            match = None if newest else conditions.match()
            if match is None:
                return _by_time(db, query, wanted, details=details)
            return _ranked(db, query, match, wanted, conditions, details=details)
        except sqlite3.OperationalError as error:
            raise words_error(error) from error


class _Hit(Struct, frozen=True):
    """A matching entry, and which of its documents matched best."""

    entry_id: int
    source: str


def _by_time(
    db: sqlite3.Connection, query: Query, wanted: ItemFilter, *, details: bool
) -> ItemPage:
    found = listed(db, wanted._replace(where=query))
    sources: dict[int, str] = {}
    for some in in_parts(found.ids):
        marks = placeholders(len(some))
        rows = f"SELECT entry_id, source FROM documents WHERE entry_id IN ({marks})"
        sources.update(db.execute(rows, some).fetchall())
    hits = [_Hit(entry_id, sources.get(entry_id, "feed")) for entry_id in found.ids]
    return _page(db, query, hits, found.more, found.capped, details=details)


def _ranked(
    db: sqlite3.Connection,
    query: Query,
    match: str,
    wanted: ItemFilter,
    conditions: Conditions,
    *,
    details: bool,
) -> ItemPage:
    document_ids, capped = _documents(db, query, match, conditions, wanted.limit)
    hits = _hits(db, document_ids)
    shown = hits if wanted.limit is None else hits[: wanted.limit]
    return _page(db, query, shown, len(hits) - len(shown), capped, details=details)


def _page(
    db: sqlite3.Connection,
    query: Query,
    hits: Sequence[_Hit],
    more: int,
    capped: bool,
    *,
    details: bool,
) -> ItemPage:
    terms = [term for term in wanted_terms(query.node) if term.field is None]
    snippets: dict[int, str] = {}
    if terms:
        pattern = pattern_for(terms)
        snippets = {hit.entry_id: snippet(_text_of(db, hit, pattern), pattern) for hit in hits}
    items = items_of(db, [hit.entry_id for hit in hits], details=details, snippets=snippets)
    return ItemPage(tuple(items), more, capped)


def _documents(
    db: sqlite3.Connection,
    query: Query,
    match: str,
    narrowed: Conditions,
    limit: int | None,
) -> tuple[list[int], bool]:
    """Matching documents, the best first; and whether there are more than were looked at.

    Relevance costs a look at each document, so only the newest `RANKED` are put in its order. When
    everything is asked for, the others follow, newest first. Of nothing but beginnings of words
    (`in*`) that more documents have, none is more relevant: all stay newest first, which saves the
    index a second gathering of every word that begins so.
    """
    tables, conditions, parameters = _restricted(narrowed)
    ranked = RANKED if limit is None else max(RANKED, limit)
    relevances = [f"bm25(search, 1.0, {TITLE_WEIGHT}, 1.0, 1.0, 1.0, 0.0)"]
    if all(term.prefix for term in wanted_terms(query.node)):
        relevances.insert(0, "0.0")
    for relevance in relevances:
        found = db.execute(
            f"SELECT s.rowid, {relevance} FROM search s{tables}"
            f" WHERE search MATCH ?{conditions} ORDER BY s.rowid DESC LIMIT ?",
            (match, *parameters, ranked + 1),
        ).fetchall()
        capped = len(found) > ranked
        if capped:
            break
    newest = sorted(found[:ranked], key=lambda row: (row[1], -row[0]))
    document_ids = [row[0] for row in newest]
    if capped and limit is None:
        document_ids += (
            row[0]
            for row in db.execute(
                f"SELECT s.rowid FROM search s{tables}"
                f" WHERE search MATCH ?{conditions} AND s.rowid <= ? ORDER BY s.rowid DESC",
                (match, *parameters, found[-1][0]),
            )
        )
        capped = False
    return document_ids, capped


def _restricted(narrowed: Conditions) -> tuple[str, str, tuple[int | str, ...]]:
    """How conditions on marks join a search: (tables, conditions, parameters).

    Where few entries pass, they are gathered first; where many do, each match is looked at, and
    soon enough have been found.
    """
    beside = narrowed.beside_match()
    if beside is None:
        return "", "", ()
    few = narrowed.gathered(by_words=False)
    if few is not None:
        # The plus keeps SQLite from searching anew for every one of them.
        gathered = (
            " AND +s.rowid IN (SELECT d.id FROM marks m NOT INDEXED JOIN documents d"
            f" ON d.entry_id = m.entry_id WHERE m.entry_id IN ({few.text}) AND {beside.text})"
        )
        return "", gathered, (*few.values, *beside.values)
    tables = (
        " CROSS JOIN documents d ON d.id = s.rowid CROSS JOIN marks m ON m.entry_id = d.entry_id"
    )
    return tables, f" AND {beside.text}", beside.values


def _hits(db: sqlite3.Connection, document_ids: Sequence[int]) -> list[_Hit]:
    """The entries of documents, in their order, one of each group."""
    rows: dict[int, tuple[int, int, str]] = {}
    for some in in_parts(document_ids):
        for document_id, entry_id, leader, source in db.execute(
            "SELECT d.id, d.entry_id, coalesce(m.same_as, m.entry_id), d.source FROM documents d"
            f" JOIN marks m ON m.entry_id = d.entry_id WHERE d.id IN ({placeholders(len(some))})",
            some,
        ):
            rows[document_id] = (entry_id, leader, source)
    hits: dict[int, _Hit] = {}
    for document_id in document_ids:
        row = rows.get(document_id)
        if row is None:
            continue  # superseded by a later version of the entry
        entry_id, leader, source = row
        # The one that lists show stands for its group where it matches as well.
        if leader not in hits or (entry_id == leader != hits[leader].entry_id):
            hits[leader] = _Hit(entry_id, source)
    return list(hits.values())


def _text_of(db: sqlite3.Connection, hit: _Hit, pattern: re.Pattern[str] | None) -> str:
    """The text that matched: of the article, or of what the feed said beside it."""
    if hit.source == "article":
        row = db.execute("SELECT html FROM articles WHERE entry_id = ?", (hit.entry_id,)).fetchone()
        text = to_text(unpack(row[0])) if row else ""
        if pattern is None or pattern.search(fold(text)):
            return text
    row = db.execute("SELECT body FROM contents WHERE entry_id = ?", (hit.entry_id,)).fetchone()
    return to_text(unpack_content(row[0])[0]) if row else ""
