"""The query language of searches, lists, views and rules: what a person types, as a tree.

    sqlite wal             both words             "write-ahead log"   the phrase
    sql*                   words that begin so    sqlite near/5 wal   at most five words apart
    sqlite or postgres     either                 sqlite -mysql       without (also: not mysql)
    title: author: category: link:                words of one field; brackets group: title:(a or b)
    feed: tag: lang: has: is: since: until:       exact ones; words>500; @NAME is a view

`not` binds closest, then `near`, then `and` (or nothing between), then `or`. Every mistake is a
UsageError that shows the place; nothing of SQLite's own syntax shines through.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

from msgspec import Struct, field
from msgspec.structs import replace

from feedd.errors import UsageError
from feedd.query.query_nodes import (
    Alternatives,
    Conjunction,
    ExactField,
    Near,
    Negation,
    Query,
    QueryCondition,
    QueryNode,
    Term,
    WordField,
)
from feedd.query.query_tokens import (
    EXACT_FIELDS,
    EXAMPLES,
    WORD_FIELDS,
    Token,
    mistake,
    split,
)
from feedd.units import parse_until, parse_when

LONGEST_QUERY = 1_000
MOST_TERMS = 64
DEEPEST_BRACKETS = 16
DEEPEST_VIEWS = 8
NEAR_WORDS = 10
MOST_NEAR_WORDS = 1_000
"""`near` without a number; and the largest number."""

_IS = ("later", "updated", "hidden", "starred", "unread", "read")
_HAS = ("enclosure", "article", "image", "comments")


class QueryNames(Struct, frozen=True):
    """What names in a query stand for: `views` are queries by name, `tags` the names of the feeds
    that have each; `feeds` are those that exist, whether stored yet or not.
    """

    views: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, Sequence[str]] = field(default_factory=dict)
    feeds: Sequence[str] = ()


def parse(
    text: str,
    names: QueryNames | None = None,
    *,
    now: int | None = None,
    strict: bool = True,
    view: str | None = None,
) -> Query:
    """Read a query. `now` is what `since:2d` counts from (default: the clock); `strict`: a feed or
    a tag that is named in it, not in a view, has to exist when it is asked. `view` is the name of
    the view that it is, if any.

    Raises UsageError that names what is wrong and the character.
    """
    names = names or QueryNames()
    moment = int(time.time()) if now is None else now
    inside = () if view is None else (view,)
    node = _Parser(text, names, moment, strict=strict, inside=inside).query()
    tags = {tag.casefold(): tuple(feeds) for tag, feeds in names.tags.items()}
    return Query(text, node, tags, tuple(names.feeds))


def conditions_of(node: QueryNode) -> Iterator[QueryCondition]:
    """Every condition in a query, wherever it stands."""
    if isinstance(node, QueryCondition):
        yield node
    elif isinstance(node, Negation):
        yield from conditions_of(node.node)
    elif isinstance(node, Conjunction | Alternatives):
        for one in node.nodes:
            yield from conditions_of(one)


def says(query: Query, value: str | None = None) -> bool:
    """Does the query have an `is:` term: any, or the one with this value?"""
    return any(
        one.field == "is" and value in (None, one.value) for one in conditions_of(query.node)
    )


def wanted_terms(node: QueryNode) -> list[Term]:
    """The words and phrases that whatever matches contains some of, for showing where."""
    if isinstance(node, Term):
        return [node]
    if isinstance(node, Near):
        return list(node.terms)
    if isinstance(node, Conjunction | Alternatives):
        return [term for one in node.nodes for term in wanted_terms(one)]
    return []


class _Parser:
    """Recursive descent; `_here` is the token in hand, `_field` what the brackets stand behind."""

    def __init__(
        self, text: str, names: QueryNames, now: int, *, strict: bool, inside: tuple[str, ...] = ()
    ) -> None:
        if len(text) > LONGEST_QUERY:
            raise UsageError(f"the search is longer than {LONGEST_QUERY} characters: shorten it")
        self._text = text
        self._names = names
        self._now = now
        self._strict = strict
        self._inside = inside
        self._tokens = split(text)
        self._at = 0
        self._depth = 0
        self._field: Token | None = None
        if sum(token.kind == "term" for token in self._tokens) > MOST_TERMS:
            raise UsageError(f"the search has more than {MOST_TERMS} words: leave some out")

    def query(self) -> QueryNode:
        if self._here.kind == "end":
            raise UsageError("nothing to search for: give a word, or feedd list lists everything")
        node = self._alternatives()
        if self._here.kind == ")":
            self._fail("there is no open bracket for this one", self._here)
        return node

    # ------------------------------------------------------------ grammar

    def _alternatives(self) -> QueryNode:
        choices = [self._conjunction()]
        while self._here.kind == "OR":
            operator = self._take()
            if self._here.kind in ("end", ")", "OR"):
                self._fail("OR needs words on both sides", operator)
            choices.append(self._conjunction())
        return choices[0] if len(choices) == 1 else Alternatives(tuple(choices))

    def _conjunction(self) -> QueryNode:
        """Side by side: all of them."""
        nodes: list[QueryNode] = []
        while self._here.kind not in ("end", ")", "OR"):
            if self._here.kind == "AND":
                operator = self._take()
                if not nodes or self._here.kind in ("end", ")", "OR", "AND"):
                    self._fail("AND needs words on both sides", operator)
            nodes.append(self._near())
        if not nodes:
            if self._here.kind == "OR":
                self._fail("OR needs words on both sides", self._here)
            self._fail("there is nothing in these brackets", self._tokens[self._at - 1])
        return nodes[0] if len(nodes) == 1 else Conjunction(tuple(nodes))

    def _near(self) -> QueryNode:
        node = self._negated()
        if self._here.kind != "near":
            return node
        terms: list[Term] = []
        words = 0
        operator = place = self._here
        while True:
            if not isinstance(node, Term):
                self._fail("near needs a word or a phrase on both sides, not more", place)
            terms.append(node)
            if self._here.kind != "near":
                break
            operator = self._take()
            words = max(words, self._distance(operator))
            place = self._here
            if place.kind not in ("term", "field"):
                self._fail("near needs a word or a phrase on both sides", operator)
            node = self._primary(after_minus=False)
        fields = {term.field for term in terms if term.field}
        if len(fields) > 1:
            self._fail("near needs its words in one field", operator)
        field = fields.pop() if fields else None
        return Near(tuple(replace(term, field=field) for term in terms), words)

    def _negated(self) -> QueryNode:
        negated = minus = False
        while self._here.kind == "-":
            self._take()
            negated, minus = not negated, True
        node = self._primary(after_minus=minus)
        return Negation(node) if negated else node

    def _primary(self, *, after_minus: bool) -> QueryNode:
        token = self._take()
        if token.kind == "term":
            return self._value(token, after_minus=after_minus)
        if token.kind == "(":
            return self._brackets(token)
        if token.kind in ("field", "words", "view") and self._field is not None:
            name = self._field.text
            self._fail(f"within {name}:(…) there is room for words of {name}: alone", token)
        if token.kind == "field":
            return self._of_field(token, after_minus=after_minus)
        if token.kind == "words":
            return self._words(token)
        if token.kind == "view":
            return self._view(token)
        problem = "a word is missing after this" if after_minus else "a word is missing"
        if token.kind == "near":
            problem = 'near stands between two words; to look for the word, write "near"'
        raise mistake(self._text, token, problem)

    def _brackets(self, opening: Token) -> QueryNode:
        self._depth += 1
        if self._depth > DEEPEST_BRACKETS:
            self._fail("brackets are nested too deep", opening)
        if self._here.kind in (")", "end"):
            missing = "there is nothing in these brackets"
            closed = self._here.kind == ")"
            self._fail(missing if closed else "this bracket is never closed", opening)
        node = self._alternatives()
        if self._here.kind != ")":
            self._fail("this bracket is never closed", opening)
        self._take()
        self._depth -= 1
        return node

    def _of_field(self, token: Token, *, after_minus: bool) -> QueryNode:
        adjacent = self._here.at == token.at + len(token.text) + 1
        if not adjacent or self._here.kind not in ("term", "("):
            what = f"{token.text}: what? Write it without a space, {EXAMPLES[token.text]}"
            self._fail(what, token)
        self._field = token
        node = self._primary(after_minus=after_minus)
        self._field = None
        return node

    def _value(self, token: Token, *, after_minus: bool) -> QueryNode:
        if self._field is None or self._field.text in WORD_FIELDS:
            if not any(c.isalnum() for c in token.value):
                self._fail("there is no letter or digit to look for", token)
            return Term(token.value, token.prefix, self._word_field())
        field = next(name for name in EXACT_FIELDS if name == self._field.text)
        # The mistake is shown at the field, unless brackets are between.
        place = token if self._depth and self._tokens[self._at - 2].kind != "field" else self._field
        quoted = token.text[:1] in '"“'
        value = token.value.strip() if quoted else token.text
        if not value:
            self._fail(f"{field}: what? Write it without a space, {EXAMPLES[field]}", place)
        if field == "is" and value.lower() not in _IS:
            self._fail("is: takes later, updated, hidden, starred, unread or read", place)
        if field == "has" and value.lower() not in _HAS:
            self._fail("has: takes enclosure, article, image or comments", place)
        if field in ("since", "until"):
            if after_minus:
                self._fail(
                    f"{field}: can't be left out with -; since and until are opposites", place
                )
            return QueryCondition(field, value, number=self._moment(field, value, place))
        if field in ("is", "has", "lang"):
            value = value.lower()
        return QueryCondition(field, value, strict=self._strict)

    def _word_field(self) -> WordField | None:
        if self._field is None:
            return None
        return next(name for name in WORD_FIELDS if name == self._field.text)

    def _moment(self, field: ExactField, value: str, place: Token) -> int:
        try:
            return (parse_until if field == "until" else parse_when)(value, self._now)
        except ValueError as error:
            self._fail(f"{field}: {error}", place)

    def _words(self, token: Token) -> QueryNode:
        compared = re.fullmatch(r"(>=|<=|>|<|=)([0-9]{1,9})", token.value)
        if compared is None:
            self._fail(f"words takes a number of words, as in {EXAMPLES['words']}", token)
        return QueryCondition("words", compared[1], number=int(compared[2]))

    def _view(self, token: Token) -> QueryNode:
        views = self._names.views
        if token.value not in views:
            known = f"; there are {', '.join('@' + name for name in views)}" if views else ""
            self._fail(f"there is no view {token.value}{known}", token)
        if token.value in self._inside:
            self._fail(f"the view {token.value} names itself", token)
        if len(self._inside) >= DEEPEST_VIEWS:
            self._fail("views are nested too deep", token)
        try:
            inside = (*self._inside, token.value)
            parser = _Parser(
                views[token.value], self._names, self._now, strict=False, inside=inside
            )
            return parser.query()
        except UsageError as error:
            raise UsageError(
                f"can't read the search (character {token.at + 1}): view {token.value}: {error}"
            ) from None

    def _distance(self, operator: Token) -> int:
        if not operator.value:
            return NEAR_WORDS
        if not re.fullmatch("[0-9]{1,4}", operator.value, re.ASCII):
            self._fail("near/ takes a number of words, as in near/5", operator)
        if not 1 <= int(operator.value) <= MOST_NEAR_WORDS:
            self._fail(f"near/ takes a number from 1 to {MOST_NEAR_WORDS}", operator)
        return int(operator.value)

    # ------------------------------------------------------------ tokens

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._here
        if token.kind != "end":
            self._at += 1
        return token

    def _fail(self, problem: str, token: Token) -> NoReturn:
        raise mistake(self._text, token, problem)
