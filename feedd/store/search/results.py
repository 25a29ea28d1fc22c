"""Full-text search: which entries match, the best first."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedd.errors import NotFoundError, UsageError
from feedd.model import ItemFilter, ItemPage
from feedd.store.items import items_of
from feedd.store.lists import CONDITIONS, SINCE, UNTIL, feed_ids_of
from feedd.store.search.index import feed_word, searchable
from feedd.store.search.query import (
    Alternatives,
    Conjunction,
    Filter,
    Near,
    Query,
    QueryNode,
    Term,
    parse,
    wanted_terms,
)
from feedd.store.search.snippets import pattern_for, snippet
from feedd.store.sqlite import IDS_A_QUERY, placeholders, snapshot
from feedd.store.stored_values import unpack, unpack_content
from feedd.text import to_text
from feedd.units import parse_when

RANKED = 2_000
"""Of more matches than this, only the newest so many are put in order of relevance."""

FEW = 20_000
"""Up to so many entries are gathered before a search that is narrowed to them."""

TITLE_WEIGHT = 8.0
"""A word in the title counts as much as so many in the text."""

ANY_DOCUMENT = "feed : f *"
"""Every document bears a feed's word."""


def search(
    db: sqlite3.Connection,
    text: str,
    wanted: ItemFilter,
    *,
    details: bool,
    tags: Mapping[str, Sequence[str]],
    now: int | None,
) -> ItemPage:
    """See `items.search_items`."""
    query = parse(text)
    with snapshot(db):
        scope = _scope(db, query, wanted, tags, int(time.time()) if now is None else now)
        if scope.feeds == ():
            return ItemPage(())
        if query.node is None:
            return _by_time(db, wanted, scope, details=details)
        return _ranked(db, query, wanted, scope, details=details)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where to search: feeds by id (`feeds` None: all), and conditions on marks."""

    feeds: tuple[int, ...] | None
    without_feeds: tuple[int, ...]
    conditions: tuple[str, ...]
    parameters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    """A matching entry, and which of its documents matched best."""

    entry_id: int
    source: str


def _ranked(
    db: sqlite3.Connection, query: Query, wanted: ItemFilter, scope: _Scope, *, details: bool
) -> ItemPage:
    try:
        document_ids, capped = _documents(db, query, scope, wanted.limit)
    except sqlite3.OperationalError as error:
        if "fts5" in str(error):
            raise UsageError("can't read the search: put odd words in quotation marks") from error
        raise
    hits = _hits(db, document_ids)
    shown = hits if wanted.limit is None else hits[: wanted.limit]
    pattern = pattern_for([term for term in wanted_terms(query.node) if not term.title])
    snippets = {hit.entry_id: snippet(_text_of(db, hit), pattern) for hit in shown}
    items = items_of(db, [hit.entry_id for hit in shown], details=details, snippets=snippets)
    return ItemPage(tuple(items), len(hits) - len(shown), capped)


def _documents(
    db: sqlite3.Connection, query: Query, scope: _Scope, limit: int | None
) -> tuple[list[int], bool]:
    """Matching documents, the best first; and whether there are more than were looked at.

    Relevance costs a look at each document, so only the newest `RANKED` are put in its order. When
    everything is asked for, the others follow, newest first. Of nothing but beginnings of words
    (`in*`) that more documents have, none is more relevant: all stay newest first, which saves the
    index a second gathering of every word that begins so.
    """
    match = match_expression(query.node, feeds=scope.feeds, without_feeds=scope.without_feeds)
    tables, conditions, parameters = _restricted(db, scope)
    ranked = RANKED if limit is None else max(RANKED, limit)
    relevances = [f"bm25(search, 1.0, {TITLE_WEIGHT}, 0.0)"]
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


def _restricted(db: sqlite3.Connection, scope: _Scope) -> tuple[str, str, tuple[int, ...]]:
    """How conditions on marks join a search: (tables, conditions, parameters).

    Where few entries pass, they are gathered first; where many do, each match is looked at, and
    soon enough have been found.
    """
    if not scope.conditions:
        return "", "", ()
    where = " AND ".join(scope.conditions)
    few = db.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM marks m WHERE {where} LIMIT ?)",
        (*scope.parameters, FEW + 1),
    ).fetchone()[0]
    if few <= FEW:
        # The plus keeps SQLite from searching anew for every one of them.
        gathered = (
            " AND +s.rowid IN (SELECT d.id FROM marks m JOIN documents d"
            f" ON d.entry_id = m.entry_id WHERE {where})"
        )
        return "", gathered, scope.parameters
    tables = (
        " CROSS JOIN documents d ON d.id = s.rowid CROSS JOIN marks m ON m.entry_id = d.entry_id"
    )
    return tables, f" AND {where}", scope.parameters


def _hits(db: sqlite3.Connection, document_ids: Sequence[int]) -> list[_Hit]:
    """The entries of documents, in their order, one of each group."""
    rows: dict[int, tuple[int, int, str]] = {}
    for start in range(0, len(document_ids), IDS_A_QUERY):
        some = document_ids[start : start + IDS_A_QUERY]
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


def _by_time(
    db: sqlite3.Connection, wanted: ItemFilter, scope: _Scope, *, details: bool
) -> ItemPage:
    """A search without words: what the filters let through, the newest first."""
    conditions = list(scope.conditions)
    if scope.feeds is not None:
        conditions.append(f"m.feed_id IN ({', '.join(map(str, scope.feeds))})")
    if scope.without_feeds:
        conditions.append(f"m.feed_id NOT IN ({', '.join(map(str, scope.without_feeds))})")
    limit = -1 if wanted.limit is None else max(RANKED, wanted.limit) + 1
    rows = db.execute(
        "SELECT m.entry_id, coalesce(m.same_as, m.entry_id) FROM marks m"
        f" WHERE {' AND '.join(conditions) or '1'}"
        " ORDER BY m.sort_at DESC, m.entry_id DESC LIMIT ?",
        (*scope.parameters, limit),
    ).fetchall()
    groups: dict[int, int] = {}
    for entry_id, leader in rows:
        if leader not in groups or entry_id == leader:
            groups[leader] = entry_id
    ids = list(groups.values())
    shown = ids if wanted.limit is None else ids[: wanted.limit]
    items = items_of(db, shown, details=details)
    return ItemPage(tuple(items), len(ids) - len(shown), len(rows) == limit)


def _text_of(db: sqlite3.Connection, hit: _Hit) -> str:
    if hit.source == "article":
        row = db.execute("SELECT html FROM articles WHERE entry_id = ?", (hit.entry_id,)).fetchone()
        return to_text(unpack(row[0])) if row else ""
    row = db.execute("SELECT body FROM contents WHERE entry_id = ?", (hit.entry_id,)).fetchone()
    return to_text(unpack_content(row[0])[0]) if row else ""


# ---------------------------------------------------------------- what narrows a search

_IS: Mapping[str, str] = {value: CONDITIONS[value] for value in ("unread", "read", "starred")}
_CONTRARY = {
    "unread": CONDITIONS["read"],
    "read": CONDITIONS["unread"],
    "starred": "starred_at IS NULL",
}


def _scope(
    db: sqlite3.Connection,
    query: Query,
    wanted: ItemFilter,
    tags: Mapping[str, Sequence[str]],
    now: int,
) -> _Scope:
    """What the filter and the narrowing terms of the query come to together."""
    conditions: set[str] = set() if wanted.which == "all" else {CONDITIONS[wanted.which]}
    bounds = [(SINCE, wanted.since), (UNTIL, wanted.until)]
    chosen: set[int] | None = None
    without: set[int] = set()
    if wanted.feeds is not None:
        chosen = set(feed_ids_of(db, wanted.feeds))
    for field in ("feed", "tag"):
        named = [one for one in query.filters if one.field == field]
        included = [one for one in named if not one.excluded]
        if included:
            ids = {i for one in included for i in _named_feeds(db, one, tags)}
            chosen = ids if chosen is None else chosen & ids
        without.update(i for one in named if one.excluded for i in _named_feeds(db, one, tags))
    for one in query.filters:
        if one.field == "is":
            conditions.add(_CONTRARY[one.value] if one.excluded else _IS[one.value])
        elif one.field == "since":
            bounds.append((SINCE, _moment(one, now)))
        elif one.field == "until":
            bounds.append((UNTIL, _moment(one, now)))
    bounds = [(condition, at) for condition, at in bounds if at is not None]
    return _Scope(
        feeds=None if chosen is None else tuple(sorted(chosen)),
        without_feeds=tuple(sorted(without)),
        conditions=(
            *sorted(conditions),
            *(condition for condition, _ in bounds),
        ),
        parameters=tuple(at for _, at in bounds if at is not None),
    )


def _named_feeds(
    db: sqlite3.Connection, one: Filter, tags: Mapping[str, Sequence[str]]
) -> list[int]:
    if one.field == "feed":
        ids = feed_ids_of(db, [one.value])
        if not ids:
            raise NotFoundError(f"no feed '{one.value}'; feedd feeds lists them")
        return ids
    names = {tag.casefold(): names for tag, names in tags.items()}.get(one.value.casefold())
    if names is None:
        raise NotFoundError(f"no tag '{one.value}'; feedd feeds shows the tags")
    return feed_ids_of(db, names)


def _moment(one: Filter, now: int) -> int:
    try:
        return parse_when(one.value, now)
    except ValueError as error:
        raise UsageError(f"{one.field}: {error}") from None


# ---------------------------------------------------------------- as FTS5 wants it written


def match_expression(
    node: QueryNode | None, *, feeds: Sequence[int] | None, without_feeds: Sequence[int] = ()
) -> str:
    """The MATCH argument for a query, restricted to feeds by id (None: all)."""
    if isinstance(node, Conjunction) and not node.wanted:
        node_text = f"({ANY_DOCUMENT}){_without(node.unwanted)}"
    else:
        node_text = ANY_DOCUMENT if node is None else _node(node)
    expression = f"({node_text})"
    if feeds is not None:
        expression = f"({_feeds(feeds)}) AND {expression}"
    if without_feeds:
        expression = f"({expression}) NOT ({_feeds(without_feeds)})"
    return expression


def _node(node: QueryNode) -> str:
    if isinstance(node, Term):
        return f"{_columns(node.title)} : {_string(node)}"
    if isinstance(node, Near):
        terms = " ".join(_string(term) for term in node.terms)
        return f"{_columns(node.title)} : NEAR({terms}, {node.words})"
    if isinstance(node, Alternatives):
        return " OR ".join(f"({_node(choice)})" for choice in node.choices)
    wanted = " AND ".join(f"({_node(one)})" for one in node.wanted)
    return f"({wanted}){_without(node.unwanted)}" if node.unwanted else wanted


def _without(unwanted: Sequence[QueryNode]) -> str:
    return "".join(f" NOT ({_node(one)})" for one in unwanted)


def _string(term: Term) -> str:
    quoted = searchable(term.text).strip().replace('"', '""')
    return f'"{quoted}" *' if term.prefix else f'"{quoted}"'


def _columns(title: bool) -> str:
    return "{title}" if title else "{text title}"


def _feeds(feeds: Sequence[int]) -> str:
    return " OR ".join(f'feed : "{feed_word(feed)}"' for feed in feeds) or 'feed : "none"'
