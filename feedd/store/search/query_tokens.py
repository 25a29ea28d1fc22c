"""A search cut into its words, brackets and operators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from feedd.errors import UsageError

Field = Literal["feed", "tag", "is", "since", "until"]
FIELDS: tuple[Field, ...] = get_args(Field)
ALL_FIELDS = (*FIELDS, "title")
EXAMPLES = {
    "feed": "feed:lwn",
    "tag": "tag:python",
    "is": "is:starred",
    "since": "since:2026-01-31",
    "until": "until:2d",
    "title": "title:sqlite",
}

SHOWN_CHARS = 12
"""Of the place of a mistake, at least so much is shown."""


@dataclass(frozen=True, slots=True)
class Token:
    """One piece. `at` is where it stands; `value` what it holds; `prefix`: a star ended it."""

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


def split(text: str) -> Sequence[Token]:
    """The tokens of a search, an "end" behind them. Raises UsageError that shows the place."""
    text = text.replace("\0", " ")
    tokens: list[Token] = []
    at = 0
    while True:
        space = _SPACE.match(text, at)
        assert space is not None
        at = space.end()
        if at == len(text):
            tokens.append(Token("end", at, ""))
            return tokens
        token, at = _token(text, at)
        tokens.append(token)


def _token(text: str, at: int) -> tuple[Token, int]:
    character = text[at]
    if character == "(":
        return Token("(", at, character), at + 1
    if character == ")":
        return Token(")", at, character), at + 1
    if character == "-" and at + 1 < len(text) and not text[at + 1].isspace():
        return Token("-", at, character), at + 1
    phrase = _PHRASE.match(text, at)
    if phrase:
        value = phrase[1] if phrase[1] is not None else phrase[3]
        star = bool(phrase[2] or phrase[4])
        return Token("term", at, phrase[0], value, star), phrase.end()
    if character in '"“”':
        raise mistake(text, Token("term", at, text[at:]), "this quotation mark has no partner")
    field = _FIELD.match(text, at)
    if field and _is_field(text, field[1], at):
        name = field[1].lower()
        if name == "title":
            return Token("field", at, name), field.end()
        value = _PHRASE.match(text, field.end()) or _WORD.match(text, field.end())
        if value is None:
            return Token("field", at, name), field.end()
        if value.re is _PHRASE:
            inner = value[1] if value[1] is not None else value[3]
            return Token("field", at, name, inner.strip()), value.end()
        return Token("field", at, name, value[0]), value.end()
    word = _WORD.match(text, at)
    assert word is not None
    return _word(word[0], at), word.end()


def _word(word: str, at: int) -> Token:
    if word in ("OR", "|", "||"):
        return Token("OR", at, word)
    if word in ("AND", "&", "&&", "+"):
        return Token("AND", at, word)
    if word == "NOT":
        return Token("-", at, word)
    near = _NEAR.fullmatch(word)
    if near:
        return Token("near", at, word, near[1] or "" if "/" not in word else near[1] or "?")
    return Token("term", at, word, word.rstrip("*"), word.endswith("*"))


def _is_field(text: str, name: str, at: int) -> bool:
    """A field, or a word with a colon in it. Raises UsageError for a field misspelt."""
    folded = name.lower()
    if folded in ALL_FIELDS:
        return True
    import difflib

    near = difflib.get_close_matches(folded, ALL_FIELDS, n=1, cutoff=0.75)
    if near:
        raise mistake(
            text, Token("field", at, name), f"there is no {name}: here; did you mean {near[0]}:?"
        )
    return False


def mistake(text: str, token: Token, problem: str) -> UsageError:
    """The error that shows what is wrong with a search, and where."""
    shown = text[token.at : token.at + max(len(token.text), SHOWN_CHARS)].split("\n")[0]
    place = f'at "{shown}" (character {token.at + 1})' if shown else "at the end"
    return UsageError(f"can't read the search {place}: {problem}")
