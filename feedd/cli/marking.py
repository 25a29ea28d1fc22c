"""`feedd mark`: read, unread, star, unstar; single items or whole feeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from feedd.cli import Context
from feedd.cli.filters import chosen_feeds, feed_option, item_id, moment, tag_option
from feedd.errors import UsageError

if TYPE_CHECKING:
    from feedd.model import MarkAction, Which

DONE = {
    "read": "marked read",
    "unread": "marked unread",
    "star": "starred",
    "unstar": "unstarred",
}


@click.command("mark", short_help="Mark items read, unread, starred, unstarred.")
@click.argument("action", type=click.Choice(["read", "unread", "star", "unstar"]))
@click.argument("ids", nargs=-1, metavar="[ID]...")
@feed_option("Every item of this feed.")
@tag_option("Every item of the feeds with this tag.")
@click.option("--before", metavar="WHEN", help="Only items older than this: 2d, 2026-01-31.")
@click.option("--all", "everything", is_flag=True, help="Every item.")
@click.pass_obj
def mark_command(
    context: Context,
    action: MarkAction,
    ids: Sequence[str],
    feeds: Sequence[str],
    tags: Sequence[str],
    before: str | None,
    everything: bool,
) -> None:
    """Mark items, and say how many changed.

    An article that came in several feeds is marked in all of them.
    """
    from feedd.store.marks import mark

    narrowed = bool(feeds or tags or before)
    now = context.now()
    if ids:
        if narrowed or everything:
            raise UsageError("give ids, or --feed, --tag, --before, --all; not both")
        numbers = [item_id(text) for text in ids]
        changed = mark(context.writer(), action, ids=numbers, now=now)
    elif narrowed or everything:
        from feedd.model import ItemFilter

        wanted = ItemFilter(
            feeds=chosen_feeds(context, feeds, tags), which=_touched(action), limit=None
        )
        border = moment(before, now=now, option="--before")
        changed = mark(context.writer(), action, filter=wanted, before=border, now=now)
    else:
        raise UsageError("which items? Give ids, or --feed, --tag, --before or --all")
    items = "1 item" if changed == 1 else f"{changed:,} items"
    context.say(f"{items} {DONE[action]}.")


def _touched(action: MarkAction) -> Which:
    wanted: dict[MarkAction, Which] = {"read": "unread", "unread": "read", "unstar": "starred"}
    return wanted.get(action, "all")
