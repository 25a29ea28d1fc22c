"""A query as SQL: conditions on the row `m` of marks, words by the search index, values bound.

What the index of words can answer in one go is asked in one MATCH; the rest is conditions on the
tables. `Conditions.gathered` is where a list can start from when few entries pass some part of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

from feedd.errors import NotFoundError
from feedd.model import ItemFilter, Which
from feedd.query import says
from feedd.query.query_nodes import (
    Alternatives,
    Conjunction,
    Negation,
    Query,
    QueryCondition,
    QueryNode,
)
from feedd.store.list_ids import feed_ids_of
from feedd.store.search.word_match import (
    answered_by_words,
    flat,
    match_of,
    match_of_all,
    split,
    words_error,
)
from feedd.store.stored_values import words_in

FEW = 20_000
"""Up to so many entries are gathered before a search or a list that is narrowed to them."""

MARKED = {
    "unread": "m.read_at IS NULL",
    "read": "m.read_at IS NOT NULL",
    "starred": "m.starred_at IS NOT NULL",
    "hidden": "m.hidden_at IS NOT NULL",
}
"""What `is:` asks of an entry's marks; the others are among `_GATHERED`."""

_GATHERED = {
    "unread": "SELECT entry_id FROM marks INDEXED BY marks_feed_unread"
    " WHERE read_at IS NULL AND hidden_at IS NULL",
    "starred": "SELECT entry_id FROM marks INDEXED BY marks_starred WHERE starred_at IS NOT NULL",
    "hidden": "SELECT entry_id FROM marks INDEXED BY marks_hidden WHERE hidden_at IS NOT NULL",
    "updated": "SELECT id FROM entries INDEXED BY entries_updated WHERE changes > 0",
    "later": "SELECT entry_id FROM entry_tags WHERE folded = 'later'",
}
"""What `is:` asks, as entries taken from an index."""

_READ_STATES = ("unread", "read")

_DOCUMENTS = (
    "SELECT d.entry_id FROM search s CROSS JOIN documents d ON d.id = s.rowid WHERE search MATCH ?"
)

_WORDS = (
    "SELECT coalesce(e.words, words_in((SELECT html FROM articles a WHERE a.entry_id = e.id),"
    " (SELECT body FROM contents c WHERE c.entry_id = e.id)))"
    " FROM entries e WHERE e.id = m.entry_id"
)
"""Counted already, or now: new entries wait for it until there is time (`count_words`)."""

_Value = int | str


class SqlPart(Struct, frozen=True):
    """A piece of SQL with the values of its question marks."""

    text: str
    values: tuple[_Value, ...] = ()


class Conditions:
    """A query, and what else a list is narrowed to, as it is asked of one state of the database.

    Raises NotFoundError for a feed or a tag that does not exist and has to.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        query: Query,
        wanted: ItemFilter,
        *,
        looked_up: bool = False,
    ) -> None:
        self._db = db
        self._query = query
        self._looked_up = looked_up
        self._parts: list[QueryNode] = flat(query.node)
        # Hidden entries match only where the query asks for them.
        self._with_hidden = says(query, "hidden")
        self._narrowed = [] if self._with_hidden else [SqlPart("m.hidden_at IS NULL")]
        self._sources: list[SqlPart] = []
        self._narrow(wanted)

    def _narrow(self, wanted: ItemFilter) -> None:
        if wanted.which != "all":
            self._narrowed.append(SqlPart(MARKED[wanted.which]))
        if source := self._marked(wanted.which):
            self._sources.append(source)
        for at, compared in ((wanted.since, ">="), (wanted.until, "<=")):
            if at is not None:
                self._narrowed.append(SqlPart(f"m.sort_at {compared} ?", (at,)))
        if wanted.feeds is not None:
            ids = feed_ids_of(self._db, wanted.feeds)
            self._narrowed.append(_in("m.feed_id", ids))
            self._sources.append(_entries_of(ids))

    def where(self) -> SqlPart:
        """The whole of it."""
        return _all([*self._narrowed, self._sql(self._query.node)])

    def match(self) -> str | None:
        """What the index of words is asked when its answer comes in the order of relevance; None
        where words alone decide nothing.
        """
        asked, _ = split(self._parts)
        return match_of_all(asked) if asked else None

    def beside_match(self) -> SqlPart | None:
        """What `match` leaves to be asked; None: nothing."""
        _, rest = split(self._parts)
        parts = [*self._narrowed, *map(self._sql, rest)]
        return _all(parts) if parts else None

    def walked(self, which: Which) -> tuple[str, ...]:
        """The indexes in which what matches stands in the order of time, but for followers."""
        asked = {
            ("read" if one.value == "unread" else "unread") if negated else one.value
            for part in self._parts
            for negated, one in [_bare(part)]
            if isinstance(one, QueryCondition) and one.field == "is" and one.value in _READ_STATES
        }
        indexes = [] if which == "starred" else [f"marks_{state}" for state in _READ_STATES]
        for state in (*asked, which):
            if state in _READ_STATES:
                indexes = [index for index in indexes if index == f"marks_{state}"]
        if which == "starred":
            indexes.append("marks_starred")
        elif self._with_hidden:
            indexes.append("marks_hidden")
        return tuple(indexes)

    def gathered(self, *, by_words: bool = True) -> SqlPart | None:
        """The smallest number of entries that hold all that match, at most `FEW`; None: more."""
        asked, rest = split(self._parts)
        sources = [*self._sources, *(source for node in rest if (source := self._source(node)))]
        if asked and by_words:
            sources.append(SqlPart(_DOCUMENTS, (match_of_all(asked),)))
        sized = [(self._size(source), source) for source in sources]
        size, source = min(sized, key=lambda one: one[0], default=(FEW + 1, None))
        return source if size <= FEW else None

    # ------------------------------------------------------------ SQL

    def _sql(self, node: QueryNode) -> SqlPart:
        if answered_by_words(node):
            return self._membership(match_of(node))
        if isinstance(node, Conjunction):
            asked, rest = split(flat(node))
            parts = [self._membership(match_of_all(asked))] if asked else []
            return _all([*parts, *map(self._sql, rest)])
        if isinstance(node, Alternatives):
            words = [one for one in node.nodes if answered_by_words(one)]
            others = [self._sql(one) for one in node.nodes if not answered_by_words(one)]
            if words:
                others.append(self._membership(match_of(Alternatives(tuple(words)))))
            return _joined(others, " OR ")
        if isinstance(node, Negation):
            inner = self._sql(node.node)
            return SqlPart(f"NOT coalesce({inner.text}, 0)", inner.values)
        assert isinstance(node, QueryCondition)
        return self._condition(node)

    def _condition(self, one: QueryCondition) -> SqlPart:
        if one.field == "feed":
            return _in("m.feed_id", self._feeds_named(one))
        if one.field == "tag":
            feeds = _in("m.feed_id", self._feeds_tagged(one))
            own = "m.entry_id IN (SELECT entry_id FROM entry_tags WHERE folded = ?)"
            return _joined([feeds, SqlPart(own, (one.value.casefold(),))], " OR ")
        if one.field == "is":
            return SqlPart(MARKED.get(one.value) or f"m.entry_id IN ({_GATHERED[one.value]})")
        if one.field in ("since", "until"):
            return SqlPart(f"m.sort_at {'>=' if one.field == 'since' else '<='} ?", (one.number,))
        assert one.field == "words"
        self._db.create_function("words_in", 2, words_in, deterministic=True)
        return SqlPart(f"({_WORDS}) {one.value} ?", (one.number,))

    def _source(self, node: QueryNode) -> SqlPart | None:
        """Entries that hold all that match a part of the query, from an index."""
        if answered_by_words(node):
            return SqlPart(_DOCUMENTS, (match_of(node),))
        if isinstance(node, Alternatives):
            sources = [self._source(one) for one in node.nodes]
            return _union([one for one in sources if one]) if all(sources) else None
        if isinstance(node, Conjunction):
            return next((source for one in node.nodes if (source := self._source(one))), None)
        if not isinstance(node, QueryCondition):
            return None
        if node.field == "is":
            return self._marked(node.value)
        if node.field not in ("feed", "tag"):
            return None
        tagged = node.field == "tag"
        entries = _entries_of(self._feeds_tagged(node) if tagged else self._feeds_named(node))
        own = "SELECT entry_id FROM entry_tags WHERE folded = ?"
        return _union([entries, SqlPart(own, (node.value.casefold(),))]) if tagged else entries

    def _marked(self, value: str) -> SqlPart | None:
        """Entries with a mark, by its index. (That of unread ones holds none that is hidden.)"""
        if value not in _GATHERED or (value == "unread" and self._with_hidden):
            return None
        return SqlPart(_GATHERED[value])

    def _size(self, source: SqlPart) -> int:
        try:
            row = self._db.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM ({source.text}) LIMIT ?)",
                (*source.values, FEW + 1),
            ).fetchone()
        except sqlite3.OperationalError as error:
            raise words_error(error) from error
        return int(row[0])

    def _membership(self, match: str) -> SqlPart:
        """Entries that match: gathered once, which takes a fraction of a second for a million;
        entries that have just come are looked up one by one.
        """
        if not self._looked_up:
            return SqlPart(f"m.entry_id IN ({_DOCUMENTS})", (match,))
        looked_up = (
            "EXISTS (SELECT 1 FROM documents d CROSS JOIN search s ON s.rowid = d.id"
            " WHERE d.entry_id = m.entry_id AND search MATCH ?)"
        )
        return SqlPart(looked_up, (match,))

    # ------------------------------------------------------------ names

    @cached_property
    def _feed_ids(self) -> dict[str, list[int]]:
        ids: dict[str, list[int]] = {}
        for feed_id, name in self._db.execute("SELECT id, name FROM feeds"):
            ids.setdefault(name.casefold(), []).append(feed_id)
        return ids

    def _feeds_named(self, one: QueryCondition) -> list[int]:
        ids = self._feed_ids.get(one.value.casefold(), [])
        if not ids and one.strict and not self._exists(one.value, self._query.feeds):
            raise NotFoundError(f"no feed '{one.value}'; feedd feeds lists them")
        return ids

    def _feeds_tagged(self, one: QueryCondition) -> list[int]:
        tag = one.value.casefold()
        names = self._query.tags.get(tag)
        if names is None and one.strict and tag != "later" and not self._db.execute(
            "SELECT 1 FROM entry_tags WHERE folded = ?", (tag,)
        ).fetchone():  # fmt: skip
            raise NotFoundError(f"no tag '{one.value}'; feedd tag and feedd feeds show the tags")
        return [id for name in names or () for id in self._feed_ids.get(name.casefold(), [])]

    @staticmethod
    def _exists(name: str, feeds: Sequence[str]) -> bool:
        return any(name.casefold() == feed.casefold() for feed in feeds)


def _bare(node: QueryNode) -> tuple[bool, QueryNode]:
    """Is it negated, and what is?"""
    return (True, node.node) if isinstance(node, Negation) else (False, node)


def _in(column: str, values: Sequence[int]) -> SqlPart:
    return SqlPart(f"{column} IN ({', '.join('?' * len(values))})", tuple(values))


def _entries_of(feed_ids: Sequence[int]) -> SqlPart:
    feeds = _in("feed_id", feed_ids)
    index = "INDEXED BY marks_feed" if feed_ids else "NOT INDEXED"  # of none there are no rows
    return SqlPart(f"SELECT entry_id FROM marks {index} WHERE {feeds.text}", feeds.values)


def _all(parts: Sequence[SqlPart]) -> SqlPart:
    return _joined(parts, " AND ")


def _joined(parts: Sequence[SqlPart], word: str) -> SqlPart:
    text = word.join(f"({part.text})" for part in parts)
    return SqlPart(text, tuple(value for part in parts for value in part.values))


def _union(sources: Sequence[SqlPart]) -> SqlPart:
    text = " UNION ALL ".join(source.text for source in sources)
    return SqlPart(text, tuple(value for source in sources for value in source.values))
