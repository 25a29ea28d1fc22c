"""The query language: one for searches, lists, views and rules."""

from feedd.query.grammar import (
    QueryNames,
    conditions_of,
    parse,
    says,
    wanted_terms,
)
