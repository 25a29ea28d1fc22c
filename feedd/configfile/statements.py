"""Where each statement of a TOML text stands: for messages that name a line, and for edits.

Edits leave every byte alone that is none of theirs. A scanner over text that tomllib has accepted:
it finds places, it does not judge. Grammar: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

Path = tuple[str, ...]


class Statement(Struct, frozen=True):
    """A table header or a key with its value, as offsets into the text.

    `path` is the full one, the table's included. `start` to `end` is the header or `key = value`
    without comment; `value_start` is where the value begins (headers: `end`). `kind` "member" is a
    key inside an inline table.
    """

    kind: Literal["table", "key", "member"]
    path: Path
    start: int
    end: int
    value_start: int


_BARE = r"[A-Za-z0-9_-]+"
_BLANK = re.compile(r"(?:[ \t\r\n\ufeff]|#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*(?:([A-Za-z0-9_-]+)|("(?:\\.|[^"\\])*"|'[^']*'))[ \t]*""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\r\n]*[^,\]}#\s]")


def statements(text: str) -> Iterator[Statement]:
    """Every statement in order; a table's members come after the key that holds it.

    Ends early where the text is not TOML.
    """
    scanner = _Scanner(text)
    at = _blank(text, 0)
    table: Path = ()
    while at < len(text):
        start = at
        if text[at] == "[":
            brackets = 2 if text.startswith("[[", at) else 1
            table, at = scanner.key(at + brackets)
            at += brackets
            yield Statement("table", table, start, at, at)
        else:
            yield from scanner.assignment(at, table, "key")
            at = scanner.at
        if at <= start:
            return
        at = _blank(text, at)


def lines(text: str, *, numbered: bool = False) -> dict[Path, int]:
    """The line, counted from 1, on which each path is first written. `numbered`: what is in the
    second of the tables `[[rules]]` has the path rules.2 as well.
    """
    found: dict[Path, int] = {}
    line, counted = 1, 0
    numbers: dict[Path, int] = {}
    for statement in sorted(statements(text), key=lambda each: each.start):
        line += text.count("\n", counted, statement.start)
        counted = statement.start
        path = statement.path
        if numbered and statement.kind == "table" and text.startswith("[[", statement.start):
            numbers[path] = numbers.get(path, 0) + 1
        for length in range(1, len(path) + 1):
            found.setdefault(path[:length], line)
            if path[:length] in numbers:
                of_list = (*path[:length], str(numbers[path[:length]]), *path[length:])
                found.setdefault(of_list, line)
    return found


def key_parts(text: str, statement: Statement) -> list[tuple[int, int]]:
    """Where each part of a statement's key stands as it is written: `feeds`, `lwn`, `url`."""
    at = statement.start
    while text.startswith("[", at):
        at += 1
    parts = []
    while match := _KEY_PART.match(text, at):
        parts.append(match.span(1) if match[1] is not None else match.span(2))
        at = match.end() + 1
        if not text.startswith(".", at - 1):
            break
    return parts


def nearest_line(found: dict[Path, int], path: Sequence[str]) -> int | None:
    """The line of `path`, or of the closest thing around it that has one."""
    for length in range(len(path), 0, -1):
        line = found.get(tuple(path[:length]))
        if line is not None:
            return line
    return None


def dotted(key: Sequence[str]) -> str:
    """A key's path as TOML writes it: feeds."my feed".url."""
    return ".".join(part if re.fullmatch(_BARE, part) else _in_quotes(part) for part in key)


def _in_quotes(part: str) -> str:
    return '"' + "".join(c if c.isprintable() else "�" for c in part) + '"'


def not_toml(text: str, error: Exception) -> tuple[int | None, str]:
    """On which line tomllib could not go on, and why, in words for whoever wrote the line."""
    if isinstance(error, RecursionError):
        return None, "nested too deep"
    message = str(error)
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if place is None:  # Python's limit of 4300 digits is told in words for programmers
        return None, "a number in it has too many digits" if "digits" in message else message
    line = int(place[1] or len(text.splitlines()) or 1)
    column = f" at column {place[2]}" if place[2] else " at the end of the file"
    what = message[: place.start()]
    if what == "Cannot overwrite a value":
        return line, _given_twice(text, line)
    if match := re.fullmatch(r"(?:Illegal|Found invalid) character ('.*'|\".*\")", what):
        return line, _stray_character(ast.literal_eval(match[1])) + column
    for pattern, words in _IN_WORDS:
        if match := re.fullmatch(pattern, what):
            return line, words.format(*(_key_in_words(group) for group in match.groups()))
    hint = "; text needs quotes" if what.startswith("Expected newline") else ""
    return line, what[:1].lower() + what[1:] + column + hint


_IN_WORDS = (
    (r"Cannot declare (\(.*\)) twice", "cannot declare [{}] twice; put all its keys under one"),
    (
        r"Cannot mutate immutable namespace (\(.*\))",
        "{} is complete already; add to it there",
    ),
    (
        r"Cannot redefine namespace (\(.*\))",
        "[{}] is given twice; put all its keys under one",
    ),
    (
        r"Expected (?:\"'''\"|'\"\"\"')",
        "a text that three quotes begin has no end; three quotes end it",
    ),
    (r"Duplicate inline table key (.*)", "{} is given twice; take one of them out"),
    (r"Invalid value", 'no value that TOML knows; text needs quotes, such as "1h"'),
    (r"Invalid statement", "neither a key with its value nor a [table]"),
    (
        r"Invalid initial character for a key part",
        "a key with such characters needs quotes",
    ),
    (r"Unescaped '\\' in a string", "a \\ in a text in double quotes must be written \\\\"),
)


def _stray_character(character: str) -> str:
    if character in "\r\n":
        return "illegal character: a text in quotes must end on its line"
    code = f"{ord(character):04x}"
    return f"illegal character U+{code.upper()}; take it out, or write \\u{code} in double quotes,"


def _given_twice(text: str, line: int) -> str:
    """The key that is given a second time up to `line`, and where it was first."""
    first: dict[Path, int] = {}
    for statement in statements(text):
        at = text.count("\n", 0, statement.start) + 1
        if at > line:
            break
        before = first.setdefault(statement.path, at)
        if before != at:
            return f"{dotted(statement.path)} is given twice, first on line {before}; take one out"
    return "a key is given twice; take one of them out"


def _key_in_words(written: str) -> str:
    """A key as Python shows it, as TOML does."""
    try:
        value = ast.literal_eval(written)
    except (ValueError, SyntaxError):
        return "it"
    return dotted(value if isinstance(value, tuple) else (str(value),))


class _Scanner:
    """Walks values; `at` is where the last one ended."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def key(self, at: int) -> tuple[Path, int]:
        parts: list[str] = []
        while match := _KEY_PART.match(self.text, at):
            parts.append(match[1] if match[1] is not None else _unquoted(match[2]))
            at = match.end()
            if not self.text.startswith(".", at):
                break
            at += 1
        return tuple(parts), at

    def assignment(
        self, start: int, table: Path, kind: Literal["key", "member"]
    ) -> Iterator[Statement]:
        """Step over one `key = value`; yields it and the members of its value."""
        key, at = self.key(start)
        if not self.text.startswith("=", at):
            self.at = start
            return
        value_start = at + 1
        while self.text.startswith((" ", "\t"), value_start):
            value_start += 1
        members = list(self.value(value_start, table + key))
        yield Statement(kind, table + key, start, self.at, value_start)
        yield from members

    def value(self, at: int, path: Path) -> Iterator[Statement]:
        """Step over one value; yields the members of inline tables in it."""
        if self.text.startswith("{", at):
            yield from self._inline_table(at + 1, path)
        elif self.text.startswith("[", at):
            self._array(at + 1, path)
        else:
            match = _STRING.match(self.text, at) or _SCALAR.match(self.text, at)
            self.at = match.end() if match else at

    def _array(self, at: int, path: Path) -> None:
        at = _blank(self.text, at)
        while at < len(self.text) and self.text[at] != "]":
            # Members of tables within arrays have no path of their own that anyone could name.
            list(self.value(at, path))
            if self.at <= at:
                return
            at = self._past_comma(self.at)
        self.at = at + 1

    def _inline_table(self, at: int, path: Path) -> Iterator[Statement]:
        at = _blank(self.text, at)
        while at < len(self.text) and self.text[at] != "}":
            yield from self.assignment(at, path, "member")
            if self.at <= at:
                return
            at = self._past_comma(self.at)
        self.at = at + 1

    def _past_comma(self, at: int) -> int:
        at = _blank(self.text, at)
        return _blank(self.text, at + 1) if self.text.startswith(",", at) else at


def _blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    assert match is not None
    return match.end()


def _unquoted(written: str) -> str:
    if "\\" not in written:
        return written[1:-1]
    try:
        return str(tomllib.loads(f"key = {written}")["key"])
    except tomllib.TOMLDecodeError:
        return written[1:-1]
