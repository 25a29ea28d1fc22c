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
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NoReturn

from feedd.errors import UsageError

LONGEST_QUERY = 1_000
MOST_TERMS = 64
DEEPEST_BRACKETS = 16
NEAR_WORDS = 10
MOST_NEAR_WORDS = 1_000
"""`near` without a number; and the largest number."""

Field = Literal["feed", "tag", "is", "since", "until"]
_FIELDS: tuple[Field, ...] = ("feed", "tag", "is", "since", "until")
_ALL_FIELDS = (*_FIELDS, "title")
_EXAMPLES = {
    "feed": "feed:lwn",
    "tag": "tag:python",
    "is": "is:starred",
    "since": "since:2026-01-31",
    "until": "until:2d",
    "title": "title:sqlite",
}
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
class All:
    """Every one of `wanted`, none of `unwanted`."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these."""

    choices: tuple[Node, ...]


Node = Term | Near | All | Either


@dataclass(frozen=True, slots=True)
class Filter:
    """A narrowing term; `excluded` when it stood behind a minus."""

    field: Field
    value: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for (None: everything) and what narrows it."""

    node: Node | None
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["(", ")", "-", "OR", "AND", "near", "field", "term", "end"]
    at: int
    text: str
    value: str = ""
    prefix: bool = False


_SPACE = re.compile(r"\s*")
_FIELD = re.compile(r"([A-Za-z]+):")
_PHRASE = re.compile(r'"([^"]*)"(\*?)|“([^”]*)”(\*?)')
_WORD = re.compile(r'[^\s()"“”]+')
_NEAR = re.compile(r"near(?:/(.*))?", re.IGNORECASE)


def parse(text: str) -> Query:
    """Read a query. Raises UsageError that names what is wrong and where."""
    if len(text) > LONGEST_QUERY:
        raise UsageError(f"the search is longer than {LONGEST_QUERY} characters: shorten it")
    return _Parser(text).query()


class _Parser:
    """Recursive descent; `_here` is the token in hand."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()
        self._at = 0
        self._depth = 0
        self._filters: list[Filter] = []
        if sum(token.kind == "term" for token in self._tokens) > MOST_TERMS:
            raise UsageError(f"the search has more than {MOST_TERMS} words: leave some out")

    def query(self) -> Query:
        if self._here.kind == "end":
            raise UsageError("nothing to search for: give a word, or feedd list lists everything")
        node = self._either(top=True)
        if self._here.kind == ")":
            self._fail("there is no open bracket for this one", self._here)
        return Query(node, tuple(self._filters))

    # ------------------------------------------------------------ grammar

    def _either(self, *, top: bool) -> Node | None:
        """One or several conjunctions with OR between. Filters may stand anywhere at the top."""
        first = self._here
        choices = [self._together(top=top)]
        while self._here.kind == "OR":
            operator = self._take()
            choices.append(self._together(top=top))
            if choices[-1] is None or choices[-2] is None:
                self._fail("OR needs words on both sides", operator)
        if len(choices) == 1:
            return choices[0]
        for choice in choices:
            if isinstance(choice, All) and not choice.wanted:
                self._fail("what is left out with - needs a word to be left out from", first)
        return Either(tuple(choice for choice in choices if choice is not None))

    def _together(self, *, top: bool) -> Node | None:
        """Words side by side: all of them."""
        wanted: list[Node] = []
        unwanted: list[Node] = []
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
        return All(tuple(wanted), tuple(unwanted))

    def _near(self, *, excluded: bool) -> Node:
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

    def _primary(self, *, after_minus: bool, title: bool = False) -> Node:
        token = self._take()
        if token.kind == "term":
            return self._term(token, title=title)
        if token.kind == "field":
            if token.text != "title":
                self._fail(f"{token.text}: narrows the whole search: put it outside", token)
            if self._here.kind not in ("term", "("):
                self._fail(f"title: what? Write it without a space, {_EXAMPLES['title']}", token)
            return self._primary(after_minus=after_minus, title=True)
        if token.kind == "(":
            return self._brackets(token, title=title)
        problem = "a word is missing after this" if after_minus else "a word is missing"
        if token.kind == "near":
            problem = 'near stands between two words; to look for the word, write "near"'
        raise self._error(problem, token)

    def _brackets(self, opening: _Token, *, title: bool) -> Node:
        self._depth += 1
        if self._depth > DEEPEST_BRACKETS:
            self._fail("brackets are nested too deep", opening)
        node = self._either(top=False)
        if self._here.kind != ")":
            self._fail("this bracket is never closed", opening)
        self._take()
        self._depth -= 1
        if node is None:
            self._fail("there is nothing in these brackets", opening)
        if isinstance(node, All) and not node.wanted:
            self._fail("what is left out with - needs a word to be left out from", opening)
        return _in_title(node) if title else node

    def _filter(self, *, excluded: bool, allowed: bool) -> None:
        token = self._take()
        if not allowed:
            self._fail(f"{token.text}: narrows the whole search: put it outside", token)
        name = next(field for field in _FIELDS if field == token.text)
        value = token.value
        if self._here.kind == "term" and not value and self._here.at == token.at + len(name) + 1:
            value = self._take().value
        if not value:
            self._fail(f"{name}: what? Write it without a space, {_EXAMPLES[name]}", token)
        if name == "is":
            value = value.casefold()
            if value not in _IS:
                self._fail("is: takes starred, unread or read", token)
        elif name in ("since", "until") and excluded:
            self._fail(f"{name}: can't be left out with -; since and until are opposites", token)
        self._filters.append(Filter(name, value, excluded))

    def _term(self, token: _Token, *, title: bool) -> Term:
        if not any(c.isalnum() for c in token.value):
            self._fail("there is no letter or digit to look for", token)
        return Term(token.value, prefix=token.prefix, title=title)

    def _distance(self, operator: _Token) -> int:
        if not operator.value:
            return NEAR_WORDS
        if not re.fullmatch("[0-9]{1,4}", operator.value, re.ASCII):
            self._fail("near/ takes a number of words, as in near/5", operator)
        if not 1 <= int(operator.value) <= MOST_NEAR_WORDS:
            self._fail(f"near/ takes a number from 1 to {MOST_NEAR_WORDS}", operator)
        return int(operator.value)

    # ------------------------------------------------------------ tokens

    @property
    def _here(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._tokens[self._at]
        if token.kind != "end":
            self._at += 1
        return token

    def _split(self) -> Sequence[_Token]:
        text = self._text.replace("\0", " ")
        tokens: list[_Token] = []
        at = 0
        while True:
            space = _SPACE.match(text, at)
            assert space is not None
            at = space.end()
            if at == len(text):
                tokens.append(_Token("end", at, ""))
                return tokens
            token, at = self._token(text, at)
            tokens.append(token)

    def _token(self, text: str, at: int) -> tuple[_Token, int]:
        character = text[at]
        if character == "(":
            return _Token("(", at, character), at + 1
        if character == ")":
            return _Token(")", at, character), at + 1
        if character == "-" and at + 1 < len(text) and not text[at + 1].isspace():
            return _Token("-", at, character), at + 1
        phrase = _PHRASE.match(text, at)
        if phrase:
            value = phrase[1] if phrase[1] is not None else phrase[3]
            star = bool(phrase[2] or phrase[4])
            return _Token("term", at, phrase[0], value, star), phrase.end()
        if character in '"“”':
            self._fail("this quotation mark has no partner", _Token("term", at, text[at:]))
        field = _FIELD.match(text, at)
        if field and self._is_field(field[1], at):
            name = field[1].lower()
            if name == "title":
                return _Token("field", at, name), field.end()
            value = _PHRASE.match(text, field.end()) or _WORD.match(text, field.end())
            if value is None:
                return _Token("field", at, name), field.end()
            if value.re is _PHRASE:
                inner = value[1] if value[1] is not None else value[3]
                return _Token("field", at, name, inner.strip()), value.end()
            return _Token("field", at, name, value[0]), value.end()
        word = _WORD.match(text, at)
        assert word is not None
        return self._word(word[0], at), word.end()

    def _word(self, word: str, at: int) -> _Token:
        if word in ("OR", "|", "||"):
            return _Token("OR", at, word)
        if word in ("AND", "&", "&&", "+"):
            return _Token("AND", at, word)
        if word == "NOT":
            return _Token("-", at, word)
        near = _NEAR.fullmatch(word)
        if near:
            return _Token("near", at, word, near[1] or "" if "/" not in word else near[1] or "?")
        return _Token("term", at, word, word.rstrip("*"), word.endswith("*"))

    def _is_field(self, name: str, at: int) -> bool:
        """A field, or a word with a colon in it. Raises UsageError for a field misspelt."""
        folded = name.lower()
        if folded in _ALL_FIELDS:
            return True
        import difflib

        near = difflib.get_close_matches(folded, _ALL_FIELDS, n=1, cutoff=0.75)
        if near:
            self._fail(
                f"there is no {name}: here; did you mean {near[0]}:?", _Token("field", at, name)
            )
        return False

    def _fail(self, problem: str, token: _Token) -> NoReturn:
        raise self._error(problem, token)

    def _error(self, problem: str, token: _Token) -> UsageError:
        shown = self._text[token.at : token.at + max(len(token.text), 12)].split("\n")[0]
        place = f'at "{shown}" (character {token.at + 1})' if shown else "at the end"
        return UsageError(f"can't read the search {place}: {problem}")


def _in_title(node: Node) -> Node:
    if isinstance(node, Term):
        return Term(node.text, node.prefix, title=True)
    if isinstance(node, Near):
        return Near(node.terms, node.words, title=True)
    if isinstance(node, Either):
        return Either(tuple(_in_title(choice) for choice in node.choices))
    return All(
        tuple(_in_title(wanted) for wanted in node.wanted),
        tuple(_in_title(unwanted) for unwanted in node.unwanted),
    )
