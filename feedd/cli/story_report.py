"""`feedd why ID` and `feedd split`: which entries are one story, and why; taking one out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from feedd.cli.context import Context
from feedd.cli.options import command_text, item_id
from feedd.errors import NotFoundError
from feedd.terminal import gate

if TYPE_CHECKING:
    from feedd.store.similarity import Joined


def why_story(context: Context, entry_id: int, *, as_json: bool) -> None:
    """Show the entries of the item's story, the one that stands for all first."""
    from feedd.store.similarity import story

    entries = story(context.reader(), entry_id)
    if not entries:
        raise NotFoundError(_missing(entry_id))
    if as_json:
        for entry in entries:
            context.emit_json(joined_record(entry))
        return
    rows = [
        (
            str(entry.entry_id),
            gate(entry.feed),
            evidence(entry),
            gate(entry.title or entry.link or ""),
        )
        for entry in entries
    ]
    for line in context.screen.table(rows, header=("ID", "FEED", "BECAUSE", "TITLE"), right=(0,)):
        context.out(line)
    if len(entries) > 1:
        context.say("feedd split ID takes one out for good")


def joined_record(entry: Joined) -> Mapping[str, Any]:
    """An entry of a story as the JSON object that scripts rely on."""
    return {
        "id": entry.entry_id,
        "feed": entry.feed,
        "title": entry.title,
        "link": entry.link,
        "lead": entry.lead,
        "joined_by": entry.joined_by,
        "similarity": entry.similarity,
    }


def evidence(entry: Joined) -> str:
    """Why the entry is part of the story, in words."""
    if entry.joined_by == "link":
        words = "the same link"
    elif entry.joined_by == "text":
        words = f"{entry.similarity or 0:.0%} of the same text"
    else:
        words = "came first"
    return f"{words}; stands for all" if entry.lead else words


@click.command("split", short_help="Take an item out of its story, for good.")
@click.argument("items", nargs=-1, required=True, metavar="ID...")
@click.pass_obj
def split_command(context: Context, items: Sequence[str]) -> int:
    """Each item becomes a line of its own, and is never joined again with those that it was one
    story with. feedd why ID shows which these are.
    """
    from feedd.store.acts import Change, begin_act, end_act, note_change
    from feedd.store.similarity import split, story
    from feedd.store.sqlite import synced

    ids = [item_id(text) for text in items]
    for entry_id in ids:
        if not story(context.reader(), entry_id):
            raise NotFoundError(_missing(entry_id))
    alone = 0
    for entry_id in ids:
        db = context.writer()
        with synced(db):
            left = split(db, entry_id)
            act = begin_act(db, command_text("split", str(entry_id)), context.now())
            if left:
                nothing = (None,) * (len(left) + 1)
                note_change(db, act, Change("split", (entry_id, *left), nothing, None))
            end_act(db, act, int(bool(left)))
        if left:
            context.say(f"{entry_id} is a line of its own; {', '.join(map(str, left))} stay")
        else:
            alone += 1
            context.complain(f"feedd: {entry_id} is in no story: nothing to split")
    return 1 if alone else 0


def _missing(entry_id: int) -> str:
    return f"no item {entry_id}: feedd list --all shows which there are"
