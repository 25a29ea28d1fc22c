"""The search language: what a person types, as a tree and filters.

    sqlite wal             both words             "write-ahead log"   the phrase
    sql*                   words that begin so    sqlite near/5 wal   at most five words apart
    sqlite OR postgres     either                 sqlite -mysql       without (also: NOT mysql)
    title:sqlite           in the title           (a OR b) c          brackets group
    feed:lwn tag:python is:starred since:2026-01-31 until:2d          narrow the whole search

Every mistake is a UsageError that shows the place; nothing of SQLite's own syntax shines through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from feedd.errors import UsageError
from feedd.store.search.query_tokens import EXAMPLES, FIELDS, Field, Token, mistake, split

LONGEST_QUERY = 1_000
MOST_TERMS = 64
DEEPEST_BRACKETS = 16
NEAR_WORDS = 10
MOST_NEAR_WORDS = 1_000
"""`near` without a number; and the largest number."""

_IS = ("starred", "unread", "read")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase; `prefix`: its last word may go on; `title`: in the title only."""

    text: str
    prefix: bool = False
    title: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Terms at most `words` words apart."""

    terms: tuple[Term, ...]
    words: int
    title: bool = False


@dataclass(frozen=True, slots=True)
class Conjunction:
    """Every one of `wanted`, none of `unwanted`."""

    wanted: tuple[QueryNode, ...]
    unwanted: tuple[QueryNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternatives:
    """At least one of these."""

    choices: tuple[QueryNode, ...]


QueryNode = Term | Near | Conjunction | Alternatives


@dataclass(frozen=True, slots=True)
class Filter:
    """A narrowing term; `excluded` when it stood behind a minus."""

    field: Field
    value: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for (None: everything) and what narrows it."""

    node: QueryNode | None
    filters: tuple[Filter, ...] = ()


def parse(text: str) -> Query:
    """Read a query. Raises UsageError that names what is wrong and where."""
    if len(text) > LONGEST_QUERY:
        raise UsageError(f"the search is longer than {LONGEST_QUERY} characters: shorten it")
    return _Parser(text).query()


def wanted_terms(node: QueryNode | None) -> list[Term]:
    """The words and phrases that whatever matches contains some of, for showing where."""
    if node is None:
        return []
    if isinstance(node, Term):
        return [node]
    if isinstance(node, Near):
        return [Term(term.text, term.prefix, node.title) for term in node.terms]
    inner = node.wanted if isinstance(node, Conjunction) else node.choices
    return [term for one in inner for term in wanted_terms(one)]


class _Parser:
    """Recursive descent; `_here` is the token in hand."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = split(text)
        self._at = 0
        self._depth = 0
        self._filters: list[Filter] = []
        if sum(token.kind == "term" for token in self._tokens) > MOST_TERMS:
            raise UsageError(f"the search has more than {MOST_TERMS} words: leave some out")

    def query(self) -> Query:
        if self._here.kind == "end":
            raise UsageError("nothing to search for: give a word, or feedd list lists everything")
        node = self._alternatives(top=True)
        if self._here.kind == ")":
            self._fail("there is no open bracket for this one", self._here)
        return Query(node, tuple(self._filters))

    # ------------------------------------------------------------ grammar

    def _alternatives(self, *, top: bool) -> QueryNode | None:
        """One or several conjunctions with OR between. Filters may stand anywhere at the top."""
        first = self._here
        choices = [self._conjunction(top=top)]
        while self._here.kind == "OR":
            operator = self._take()
            choices.append(self._conjunction(top=top))
            if choices[-1] is None or choices[-2] is None:
                self._fail("OR needs words on both sides", operator)
        if len(choices) == 1:
            return choices[0]
        for choice in choices:
            if isinstance(choice, Conjunction) and not choice.wanted:
                self._fail("what is left out with - needs a word to be left out from", first)
        return Alternatives(tuple(choice for choice in choices if choice is not None))

    def _conjunction(self, *, top: bool) -> QueryNode | None:
        """Words side by side: all of them."""
        wanted: list[QueryNode] = []
        unwanted: list[QueryNode] = []
        while self._here.kind not in ("end", ")", "OR"):
            token = self._here
            if token.kind == "AND":
                self._take()
                if not wanted or self._here.kind in ("end", ")", "OR", "AND"):
                    self._fail("AND needs words on both sides", token)
                continue
            excluded = token.kind == "-"
            if excluded:
                self._take()
            if self._here.kind == "field" and self._here.text != "title":
                self._filter(excluded=excluded, allowed=top)
                continue
            node = self._near(excluded=excluded)
            (unwanted if excluded else wanted).append(node)
        if not wanted and not unwanted:
            return None
        if len(wanted) == 1 and not unwanted:
            return wanted[0]
        return Conjunction(tuple(wanted), tuple(unwanted))

    def _near(self, *, excluded: bool) -> QueryNode:
        node = self._primary(after_minus=excluded)
        if self._here.kind != "near":
            return node
        terms = [node]
        words = 0
        while self._here.kind == "near":
            operator = self._take()
            words = max(words, self._distance(operator))
            if self._here.kind not in ("term", "field"):
                self._fail("near needs a word or a phrase on both sides", operator)
            terms.append(self._primary(after_minus=False))
        plain = [term for term in terms if isinstance(term, Term)]
        if len(plain) < len(terms):
            self._fail("near needs words or phrases, not brackets", self._tokens[self._at - 1])
        return Near(tuple(plain), words, title=any(term.title for term in plain))

    def _primary(self, *, after_minus: bool, title: bool = False) -> QueryNode:
        token = self._take()
        if token.kind == "term":
            return self._term(token, title=title)
        if token.kind == "field":
            if token.text != "title":
                self._fail(f"{token.text}: narrows the whole search: put it outside", token)
            if self._here.kind not in ("term", "("):
                self._fail(f"title: what? Write it without a space, {EXAMPLES['title']}", token)
            return self._primary(after_minus=after_minus, title=True)
        if token.kind == "(":
            return self._brackets(token, title=title)
        problem = "a word is missing after this" if after_minus else "a word is missing"
        if token.kind == "near":
            problem = 'near stands between two words; to look for the word, write "near"'
        raise mistake(self._text, token, problem)

    def _brackets(self, opening: Token, *, title: bool) -> QueryNode:
        self._depth += 1
        if self._depth > DEEPEST_BRACKETS:
            self._fail("brackets are nested too deep", opening)
        node = self._alternatives(top=False)
        if self._here.kind != ")":
            self._fail("this bracket is never closed", opening)
        self._take()
        self._depth -= 1
        if node is None:
            self._fail("there is nothing in these brackets", opening)
        if isinstance(node, Conjunction) and not node.wanted:
            self._fail("what is left out with - needs a word to be left out from", opening)
        return _in_title(node) if title else node

    def _filter(self, *, excluded: bool, allowed: bool) -> None:
        token = self._take()
        if not allowed:
            self._fail(f"{token.text}: narrows the whole search: put it outside", token)
        name = next(field for field in FIELDS if field == token.text)
        value = token.value
        if self._here.kind == "term" and not value and self._here.at == token.at + len(name) + 1:
            value = self._take().value
        if not value:
            self._fail(f"{name}: what? Write it without a space, {EXAMPLES[name]}", token)
        if name == "is":
            value = value.casefold()
            if value not in _IS:
                self._fail("is: takes starred, unread or read", token)
        elif name in ("since", "until") and excluded:
            self._fail(f"{name}: can't be left out with -; since and until are opposites", token)
        self._filters.append(Filter(name, value, excluded))

    def _term(self, token: Token, *, title: bool) -> Term:
        if not any(c.isalnum() for c in token.value):
            self._fail("there is no letter or digit to look for", token)
        return Term(token.value, prefix=token.prefix, title=title)

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
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def _fail(self, problem: str, token: Token) -> NoReturn:
        raise mistake(self._text, token, problem)


def _in_title(node: QueryNode) -> QueryNode:
    if isinstance(node, Term):
        return Term(node.text, node.prefix, title=True)
    if isinstance(node, Near):
        return Near(node.terms, node.words, title=True)
    if isinstance(node, Alternatives):
        return Alternatives(tuple(_in_title(choice) for choice in node.choices))
    return Conjunction(
        tuple(_in_title(wanted) for wanted in node.wanted),
        tuple(_in_title(unwanted) for unwanted in node.unwanted),
    )
