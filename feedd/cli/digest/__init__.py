"""`feedd digest`: one document of what is new, to mail or to keep."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import click

from feedd.cli import Context
from feedd.cli.filters import chosen_feeds, feed_arguments, moment, tag_option

if TYPE_CHECKING:
    from feedd.model import Item

MAX_ITEMS = 500


@click.command("digest", short_help="One document of what is new, to mail or keep.")
@feed_arguments
@tag_option()
@click.option(
    "--since", metavar="WHEN", default="1d", show_default=True, help="Not older: 1d, 2026-01-31."
)
@click.option("--text", "form", flag_value="text", help="Plain text for a mail (the default).")
@click.option("--markdown", "form", flag_value="markdown", help="Markdown.")
@click.option("--html", "form", flag_value="html", help="One self-contained HTML page.")
@click.option("--all", "everything", is_flag=True, help="What has been read as well.")
@click.option("--mark-read", is_flag=True, help="Mark what the digest holds as read.")
@click.pass_obj
def digest_command(
    context: Context,
    names: Sequence[str],
    tags: Sequence[str],
    since: str,
    form: Literal["text", "markdown", "html"] | None,
    everything: bool,
    mark_read: bool,
) -> None:
    """Write what is new as one document, by tag and feed.

    Nothing new, nothing written: `feedd digest | mail -E -s News me` sends no empty mail.
    """
    from feedd.cli.digest import writing
    from feedd.cli.digest.document import digest
    from feedd.model import ItemFilter
    from feedd.store.items import list_items

    now = context.now()
    wanted = ItemFilter(
        feeds=chosen_feeds(context, names, tags),
        which="all" if everything else "unread",
        since=moment(since, now=now, option="--since"),
        limit=MAX_ITEMS,
    )
    page = list_items(context.reader(), wanted, details=True)
    if not page.items:
        context.say("Nothing new.")
        return
    made = digest(page.items, context.config(), now=now, left_out=page.more)
    write = {"markdown": writing.as_markdown, "html": writing.as_html}.get(
        form or "text", writing.as_text
    )
    sys.stdout.write(write(made))
    sys.stdout.flush()
    if mark_read:
        _mark_read(context, page.items)


def _mark_read(context: Context, items: Sequence[Item]) -> None:
    from feedd.store.marks import mark

    mark(context.writer(), "read", ids=[item.id for item in items], now=context.now())
