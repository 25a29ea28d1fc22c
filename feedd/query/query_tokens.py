"""A query cut into its words, brackets, operators and fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, get_args

from msgspec import Struct

from feedd.errors import UsageError
from feedd.query.query_nodes import ExactField, WordField

WORD_FIELDS: tuple[WordField, ...] = get_args(WordField)
EXACT_FIELDS: tuple[ExactField, ...] = get_args(ExactField)
EXAMPLES = {
    "feed": "feed:lwn",
    "tag": "tag:python",
    "lang": "lang:de",
    "has": "has:enclosure",
    "is": "is:starred",
    "since": "since:2026-01-31",
    "until": "until:2d",
    "title": "title:sqlite",
    "author": 'author:"Ada Lovelace"',
    "category": "category:linux",
    "link": "link:example.org/2026",
    "words": "words>500",
}

SHOWN_CHARS = 12
"""Of the place of a mistake, at least so much is shown."""


class Token(Struct, frozen=True):
    """One piece. `at` is where it stands; `value` what it holds; `prefix`: a star ended it.

    What a field holds is the term behind it, read as it stands.
    """

    kind: Literal["(", ")", "-", "OR", "AND", "near", "field", "term", "words", "view", "end"]
    at: int
    text: str
    value: str = ""
    prefix: bool = False


_SPACE = re.compile(r"\s*")
_FIELD = re.compile(r"([A-Za-z]+):")
_PHRASE = re.compile(r'"([^"]*)"(\*?)|“([^”]*)”(\*?)')
_WORD = re.compile(r'[^\s()"“”]+')
_NEAR = re.compile(r"near(?:/(.*))?", re.IGNORECASE)
_WORDS = re.compile(r"words(>=|<=|>|<|=)(.*)", re.IGNORECASE | re.DOTALL)

_OPERATORS: dict[str, Literal["OR", "AND", "-"]] = {
    **dict.fromkeys(("or", "|", "||"), "OR"),
    **dict.fromkeys(("and", "&", "&&", "+"), "AND"),
    "not": "-",
}


def split(text: str) -> Sequence[Token]:
    """The tokens of a query, an "end" behind them. Raises UsageError that shows the place."""
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
        found, at = _tokens(text, at)
        tokens += found


def _tokens(text: str, at: int) -> tuple[list[Token], int]:
    character = text[at]
    if character in "()":
        return [Token("(" if character == "(" else ")", at, character)], at + 1
    if character == "-" and at + 1 < len(text) and not text[at + 1].isspace():
        return [Token("-", at, character)], at + 1
    if character in '"“”':
        phrase, at = _phrase(text, at)
        return [phrase], at
    field = _FIELD.match(text, at)
    if field and _is_field(text, field[1], at):
        name = Token("field", at, field[1].lower())
        at = field.end()
        if at == len(text) or text[at].isspace() or text[at] in "()":
            return [name], at
        if text[at] in '"“”':
            value, at = _phrase(text, at)
        else:
            word = _WORD.match(text, at)
            assert word is not None
            value, at = _term(word[0], at), word.end()
        return [name, value], at
    word = _WORD.match(text, at)
    assert word is not None
    return [_word(word[0], at)], word.end()


def _phrase(text: str, at: int) -> tuple[Token, int]:
    phrase = _PHRASE.match(text, at)
    if phrase is None:
        raise mistake(text, Token("term", at, text[at:]), "this quotation mark has no partner")
    value = phrase[1] if phrase[1] is not None else phrase[3]
    return Token("term", at, phrase[0], value, bool(phrase[2] or phrase[4])), phrase.end()


def _term(word: str, at: int) -> Token:
    return Token("term", at, word, word.rstrip("*"), word.endswith("*"))


def _word(word: str, at: int) -> Token:
    operator = _OPERATORS.get(word.lower())
    if operator:
        return Token(operator, at, word)
    near = _NEAR.fullmatch(word)
    if near:
        return Token("near", at, word, near[1] or "" if "/" not in word else near[1] or "?")
    compared = _WORDS.fullmatch(word)
    if compared:
        return Token("words", at, word, compared[1] + compared[2])
    if word[0] == "@" and len(word) > 1:
        return Token("view", at, word, word[1:])
    return _term(word, at)


def _is_field(text: str, name: str, at: int) -> bool:
    """A field, or a word with a colon in it. Raises UsageError for a field misspelt."""
    folded = name.lower()
    if folded in WORD_FIELDS or folded in EXACT_FIELDS:
        return True
    place = Token("field", at, name)
    if folded == "words":
        raise mistake(text, place, f"words takes a comparison, {EXAMPLES['words']}")
    import difflib

    near = difflib.get_close_matches(folded, (*EXACT_FIELDS, *WORD_FIELDS), n=1, cutoff=0.75)
    if near:
        raise mistake(text, place, f"there is no {name}: here; did you mean {near[0]}:?")
    return False


def mistake(text: str, token: Token, problem: str) -> UsageError:
    """The error that shows what is wrong with a query, and where."""
    shown = text[token.at : token.at + max(len(token.text), SHOWN_CHARS)].split("\n")[0]
    place = f'at "{shown}"' if shown else "at the end"
    return UsageError(f"can't read the search {place} (character {token.at + 1}): {problem}")
