"""What a search, a view or a rule asks for, as a tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

WordField = Literal["title", "author", "category", "link"]

ExactField = Literal["feed", "tag", "lang", "has", "is", "since", "until"]


class Term(Struct, frozen=True):
    """A word or a phrase; `prefix`: its last word may go on; `field` None: in title or text."""

    text: str
    prefix: bool = False
    field: WordField | None = None


class Near(Struct, frozen=True):
    """Terms of one field, at most `words` other words between them."""

    terms: tuple[Term, ...]
    words: int


class QueryCondition(Struct, frozen=True):
    """`field:value`, or the comparison `value` of the number of words. `number` is a moment in
    epoch seconds, or words. `strict`: what is named has to exist.
    """

    field: ExactField | Literal["words"]
    value: str
    strict: bool = False
    number: int = 0


class Negation(Struct, frozen=True):
    """What does not match `node`."""

    node: QueryNode


class Conjunction(Struct, frozen=True):
    """Every one of these."""

    nodes: tuple[QueryNode, ...]


class Alternatives(Struct, frozen=True):
    """At least one of these."""

    nodes: tuple[QueryNode, ...]


QueryNode = Term | Near | QueryCondition | Negation | Conjunction | Alternatives


class Query(Struct, frozen=True):
    """What was asked for: its text and its tree; views are part of it already. `tags` are the names
    of the feeds that have each tag (in lower case); `feeds` those that exist, stored or not.
    """

    text: str
    node: QueryNode
    tags: Mapping[str, tuple[str, ...]]
    feeds: tuple[str, ...] = ()
