"""What of a query the index of words can answer, as one MATCH of SQLite's FTS5."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from feedd.errors import FeeddError, UsageError
from feedd.query.query_nodes import (
    Alternatives,
    Conjunction,
    Near,
    Negation,
    QueryCondition,
    QueryNode,
    Term,
)
from feedd.store.search.index import language_words, searchable


def split(nodes: Sequence[QueryNode]) -> tuple[list[QueryNode], list[QueryNode]]:
    """Of parts that must all hold, those for one MATCH (none without a positive one), and the
    rest.
    """
    words = [node for node in nodes if answered_by_words(node)]
    if not words:
        return [], list(nodes)
    for node in nodes:
        if isinstance(node, Negation) and answered_by_words(node.node):
            words.append(node)
    return words, [node for node in nodes if node not in words]


def match_of_all(nodes: Sequence[QueryNode]) -> str:
    """One MATCH for parts that must all hold."""
    wanted = [match_of(one) for one in nodes if not isinstance(one, Negation)]
    unwanted = [match_of(one.node) for one in nodes if isinstance(one, Negation)]
    both = " AND ".join(f"({one})" for one in wanted)
    return f"({both})" + "".join(f" NOT ({one})" for one in unwanted)


def match_of(node: QueryNode) -> str:
    """The MATCH for what `answered_by_words`."""
    if isinstance(node, Term):
        return f"{_columns(node)} : {_string(node)}"
    if isinstance(node, Near):
        terms = " ".join(_string(term) for term in node.terms)
        return f"{_columns(node.terms[0])} : NEAR({terms}, {node.words})"
    if isinstance(node, Alternatives):
        return " OR ".join(f"({match_of(one)})" for one in node.nodes)
    if isinstance(node, Conjunction):
        return match_of_all(flat(node))
    assert isinstance(node, QueryCondition)
    if node.field == "lang":
        return f'kind : "{language_words(node.value)}"'
    assert node.field == "has"
    return f'kind : "h{node.value}"'


def answered_by_words(node: QueryNode) -> bool:
    """Can the index of words answer it, whole?"""
    if isinstance(node, Term | Near):
        return True
    if isinstance(node, QueryCondition):
        return node.field in ("lang", "has")
    if isinstance(node, Alternatives):
        return all(map(answered_by_words, node.nodes))
    if isinstance(node, Conjunction):
        parts = flat(node)
        plain = [one.node if isinstance(one, Negation) else one for one in parts]
        return all(map(answered_by_words, plain)) and any(map(answered_by_words, parts))
    return False


def flat(node: QueryNode) -> list[QueryNode]:
    """The parts that must all hold."""
    if isinstance(node, Conjunction):
        return [part for one in node.nodes for part in flat(one)]
    return [node]


def _string(term: Term) -> str:
    quoted = searchable(term.text).strip().replace('"', '""')
    return f'"{quoted}" *' if term.prefix else f'"{quoted}"'


def _columns(term: Term) -> str:
    return "{text title}" if term.field is None else f"{{{term.field}}}"


def words_error(error: sqlite3.OperationalError) -> Exception:
    """What to raise for an error while words are looked for."""
    if "no such column" in str(error):
        return FeeddError(
            "the index of words is being built anew after an update and does not know authors,"
            " categories, links and languages yet: feedd run goes on with it, feedd repair does it"
            " at once"
        )
    if "fts5" not in str(error):
        return error
    return UsageError("can't read the search: put odd words in quotation marks")
