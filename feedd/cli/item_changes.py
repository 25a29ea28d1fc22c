"""`feedd diff`: what was changed in an item since it was stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

from feedd.cli.context import Context
from feedd.cli.options import item_id, json_option
from feedd.cli.word_diff import Line, Run, runs, with_context, word_diff
from feedd.terminal import gate
from feedd.units import local, rfc3339

if TYPE_CHECKING:
    from feedd.cli.screen import Screen
    from feedd.store.entry_versions import Version

_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


@click.command("diff", short_help="What was changed in an item since it was stored.")
@click.argument("item", metavar="ID")
@click.option("--all", "every", is_flag=True, help="Every change that was kept, oldest first.")
@json_option
@click.pass_obj
def diff_command(context: Context, item: str, every: bool, as_json: bool) -> None:
    """The newest change of an item's title or text: [-words taken out-] and {+words put in+}, in
    red and green on a terminal.

    Dates, counts of comments, white space and the order of things are no change. An item's first 24
    changes are kept.
    """
    from feedd.store.entry_versions import MOST_CHANGES, versions

    entry_id = item_id(item)
    known = versions(context.reader(), entry_id)
    changes = list(pairwise(known))
    shown = changes if every else changes[-1:]
    if as_json:
        for old, new in shown:
            context.emit_json(change_record(entry_id, old, new))
        return
    for old, new in shown:
        for line in change_lines(old, new, len(changes), context.screen):
            context.out(line)
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
