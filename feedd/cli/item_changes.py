"""`feedd diff`: what was changed in an item, word by word, as `git diff --word-diff` does it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import click

from feedd.cli.context import Context
from feedd.cli.options import item_id, json_option
from feedd.terminal import gate
from feedd.units import local, rfc3339

if TYPE_CHECKING:
    from feedd.cli.screen import Screen
    from feedd.store.entry_versions import Version


COMPARED: Final = 2_000
"""How many lines, or words of a paragraph, are compared one by one: the time grows with the square.
Where more differ, all of them are shown as taken out and put in.
"""

CONTEXT_LINES: Final = 3

Kind = Literal["same", "removed", "added"]


class Run(NamedTuple):
    """Words in a row that are the same in both texts, or only in one."""

    kind: Kind
    words: str


Line = tuple[Run, ...]


def word_diff(old: str, new: str) -> list[Line]:
    """The new text line by line, each as runs of words, with what was taken out where it stood."""
    before, after = old.split("\n"), new.split("\n")
    lines: list[Line] = []
    for same, a, b in _blocks(before, after):
        if same:
            lines += [_line("same", line) for line in a]
        elif len(a) == len(b):
            lines += [tuple(_words(*pair)) for pair in zip(a, b, strict=True)]
        else:
            lines += _unevenly(a, b)
    return lines


def runs(lines: Sequence[Line], kind: Kind) -> list[str]:
    """The runs of one kind, in their order."""
    return [run.words for line in lines for run in line if run.kind == kind and run.words]


def with_context(lines: Sequence[Line]) -> Iterator[Line | None]:
    """The lines that differ with some around them; None where others were left out."""
    differing = [at for at, line in enumerate(lines) if any(run.kind != "same" for run in line)]
    near = sorted(
        {
            at
            for middle in differing
            for at in range(middle - CONTEXT_LINES, middle + CONTEXT_LINES + 1)
            if 0 <= at < len(lines)
        }
    )
    last = -1
    for at in near:
        if at > last + 1:
            yield None
        yield lines[at]
        last = at
    if near and last < len(lines) - 1:
        yield None


def _line(kind: Kind, text: str) -> Line:
    return (Run(kind, text),)


def _unevenly(a: Sequence[str], b: Sequence[str]) -> Iterator[Line]:
    """Lines of another number: what was added to one, or split off, is found by its words."""
    if not a or not b:
        kind: Kind = "removed" if a else "added"
        yield from (_line(kind, line) for line in (a or b))
        return
    for ends, group in groupby(_words("\n".join(a), "\n".join(b)), lambda run: run.words == "\n"):
        if not ends:
            yield from _split(list(group))


def _split(found: Sequence[Run]) -> Iterator[Line]:
    line: list[Run] = []
    for run in found:
        first, *others = run.words.split("\n")
        line.append(Run(run.kind, first))
        for other in others:
            yield tuple(line)
            line = [Run(run.kind, other)]
    yield tuple(line)


def _words(old: str, new: str) -> Iterator[Run]:
    for same, a, b in _blocks(_tokens(old), _tokens(new)):
        if same:
            yield Run("same", "".join(a))
            continue
        if a:
            yield Run("removed", "".join(a))
        if b:
            yield Run("added", "".join(b))


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|\S+", text)


def _blocks(
    a: Sequence[str], b: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Parts of both in order: the same in both, or not. No two alike follow each other."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    if start:
        yield True, a[:start], b[:start]
    middle, other = a[start : len(a) - end], b[start : len(b) - end]
    if max(len(middle), len(other)) > COMPARED:
        yield False, middle, other
    elif middle or other:
        for tag, i1, i2, j1, j2 in SequenceMatcher(
            None, middle, other, autojunk=False
        ).get_opcodes():
            yield tag == "equal", middle[i1:i2], other[j1:j2]
    if end:
        yield True, a[len(a) - end :], b[len(b) - end :]


_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


@click.command("diff")
@click.argument("item", metavar="ID")
@click.option("--all", "every", is_flag=True, help="Every change that was kept, oldest first.")
@json_option
@click.pass_obj
def diff_command(context: Context, item: str, every: bool, as_json: bool) -> None:
    """The newest change of an item's title or text: [-words taken out-] and {+words put in+}, in
    red and green on a terminal.

    Other dates, counts of comments, white space or another order do not count as a change. An
    item's first 24 changes are kept.
    """
    from feedd.store.entry_versions import MOST_CHANGES, versions

    entry_id = item_id(item)
    known = versions(context.reader(), entry_id)
    changes = list(pairwise(known))
    shown = changes if every else changes[-1:]
    if as_json:
        context.emit_json(*(change_record(entry_id, old, new) for old, new in shown))
        return
    for old, new in shown:
        context.show([*change_lines(old, new, len(changes), context.screen)], pager=False)
    if not changes:
        context.say(f"item {entry_id} is as it was when it was stored")
    elif len(changes) >= MOST_CHANGES:
        context.say(
            f"it has changed {MOST_CHANGES} times: its text is kept up to date, but later changes"
            " are not kept"
        )


def change_record(entry_id: int, old: Version, new: Version) -> Mapping[str, Any]:
    """A change as the JSON object that scripts rely on."""
    lines = [*word_diff(old.title, new.title), *word_diff(old.text, new.text)]
    return {
        "id": entry_id,
        "change": old.number,
        "at": rfc3339(old.at),
        "removed": [words.strip() for words in runs(lines, "removed") if words.strip()],
        "added": [words.strip() for words in runs(lines, "added") if words.strip()],
    }


def change_lines(old: Version, new: Version, count: int, screen: Screen) -> Iterator[str]:
    """A change for a person: when it was, the title where it changed, and the text around it."""
    head = f"change {old.number} of {count}, {local(old.at or 0)}"
    yield screen.paint(head, "bold")
    if old.title != new.title:
        yield from (_shown(line, screen) for line in word_diff(old.title, new.title))
        yield ""
    for line in with_context(word_diff(old.text, new.text)):
        yield "…" if line is None else _shown(line, screen)


def _shown(line: Line, screen: Screen) -> str:
    return "".join(_run(run, screen) for run in line)


def _run(run: Run, screen: Screen) -> str:
    words = gate(run.words)
    if run.kind == "same" or not words:
        return words
    if screen.colours:
        return screen.paint(words, "red" if run.kind == "removed" else "green")
    before, after = _MARKS[run.kind]
    return f"{before}{words}{after}"
