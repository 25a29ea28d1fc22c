"""A search as SQLite's FTS5 wants it written."""

from __future__ import annotations

from collections.abc import Sequence

from feedd.store.search.index import feed_word, searchable
from feedd.store.search.query import Alternatives, Conjunction, Near, Node, Term

ANY_DOCUMENT = "feed : f *"
"""Every document bears a feed's word."""


def match_expression(
    node: Node | None, *, feeds: Sequence[int] | None, without_feeds: Sequence[int] = ()
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


def _node(node: Node) -> str:
    if isinstance(node, Term):
        return f"{_columns(node.title)} : {_string(node)}"
    if isinstance(node, Near):
        terms = " ".join(_string(term) for term in node.terms)
        return f"{_columns(node.title)} : NEAR({terms}, {node.words})"
    if isinstance(node, Alternatives):
        return " OR ".join(f"({_node(choice)})" for choice in node.choices)
    wanted = " AND ".join(f"({_node(one)})" for one in node.wanted)
    return f"({wanted}){_without(node.unwanted)}" if node.unwanted else wanted


def _without(unwanted: Sequence[Node]) -> str:
    return "".join(f" NOT ({_node(one)})" for one in unwanted)


def _string(term: Term) -> str:
    quoted = searchable(term.text).strip().replace('"', '""')
    return f'"{quoted}" *' if term.prefix else f'"{quoted}"'


def _columns(title: bool) -> str:
    return "{title}" if title else "{text title}"


def _feeds(feeds: Sequence[int]) -> str:
    return " OR ".join(f'feed : "{feed_word(feed)}"' for feed in feeds) or 'feed : "none"'
