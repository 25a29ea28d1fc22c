"""`feedd views`: the queries of the file's `[views]`."""

from __future__ import annotations

import click

from feedd.cli.context import Context
from feedd.cli.options import asked, json_option
from feedd.terminal import gate


@click.command("views", short_help="The views of the file: queries by name.")
@json_option
@click.pass_obj
def views_command(context: Context, as_json: bool) -> None:
    """The views of the file, in its order, with how many items each has and how many are unread.

    feedd list @NAME shows one; so do digest, search, mark and tag take it.
    """
    from feedd.store.search.query_lists import counted

    views = context.config().views
    if not views and not as_json:
        example = 'morning = "tag:news since:1d"'
        context.say(f"No views yet: name a query in the file under [views], as in {example}.")
        return
    cells = []
    for name, query in views.items():
        items, unread = counted(context.reader(), asked(context, f"@{name}", now=context.now()))
        if as_json:
            record = {"name": name, "query": query, "items": items, "unread": unread}
            context.emit_json(record)
        cells.append((gate(name), f"{unread:,}", f"{items:,}", gate(query)))
    if as_json:
        return
    header = ("VIEW", "UNREAD", "ITEMS", "QUERY")
    for line in context.screen.table(cells, header=header, right=(1, 2)):
        context.out(line)
