"""`feedd undo`: what mark, tag, rules and split did, taken back and listed."""

from __future__ import annotations

import click

from feedd.cli.context import Context
from feedd.cli.options import json_option
from feedd.errors import UsageError
from feedd.terminal import gate
from feedd.units import age, rfc3339


@click.command("undo", short_help="Take back what mark, tag, rules or split did.")
@click.argument("act", type=click.IntRange(1, 2**62), required=False, metavar="[N]")
@click.option("--list", "listed", is_flag=True, help="What can be taken back, the newest first.")
@json_option
@click.pass_obj
def undo_command(context: Context, act: int | None, listed: bool, as_json: bool) -> None:
    """Take back the last act that was not taken back yet; again, the one before. N is the number of
    an act in the list.

    What was changed since by something else stays. 100 acts are remembered, for 30 days; prune
    can't be undone.
    """
    from feedd.store.acts import undo

    if listed:
        if act is not None:
            raise UsageError("give --list or the number of an act, not both")
        _list(context, as_json=as_json)
        return
    if as_json:
        raise UsageError("--json goes with --list")
    context.reader()  # where there is no database, none is made
    done, items = undo(context.writer(), act, context.now())
    count = "1 item" if items == 1 else f"{items:,} items"
    context.say(f"{count} as before: feedd {gate(done.command)} is undone.")


def _list(context: Context, *, as_json: bool) -> None:
    from feedd.store.acts import acts

    known = acts(context.reader())
    if as_json:
        for one in known:
            context.emit_json(
                {
                    "act": one.act,
                    "at": rfc3339(one.at),
                    "command": one.command,
                    "items": one.items,
                    "undone": one.undone,
                }
            )
        return
    if not known:
        context.say("Nothing to undo yet.")
        return
    now = context.now()
    cells = [
        (str(one.act), age(now - one.at), f"{one.items:,}", "undone" if one.undone else "",
         gate(one.command))
        for one in known
    ]  # fmt: skip
    header = ("ACT", "AGE", "ITEMS", "", "COMMAND")
    for line in context.screen.table(cells, header=header, right=(0, 1, 2)):
        context.out(line)
