"""`feedd tag`: items' own tags, given, taken away and listed."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from feedd.cli.context import Context
from feedd.cli.options import (
    chosen,
    command_text,
    feeds_by_tag,
    item_id,
    json_option,
    where_option,
)
from feedd.errors import UsageError
from feedd.terminal import gate

_AWAY = re.compile(r"-(?!h$|q$|v$)[^-].*", re.DOTALL)
_MARK = "\0"
"""Stands before the minus of a tag until click has read the options."""


class _TagCommand(click.Command):
    """A command with words such as `-inbox`: it is no option, the tag is taken away."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words: list[str] = []
        for place, word in enumerate(args):
            is_value = place > 0 and args[place - 1] == "--where"
            words.append(_MARK + word if _AWAY.fullmatch(word) and not is_value else word)
        return super().parse_args(ctx, words)


@click.command("tag", cls=_TagCommand, short_help="Give items tags, or take them away.")
@click.argument("words", nargs=-1, metavar="[ID]... [+TAG]... [-TAG]...")
@where_option
@json_option
@click.pass_obj
def tag_command(context: Context, words: Sequence[str], where: str | None, as_json: bool) -> None:
    """Give items the tags behind a +, take those behind a - away, and say how many changed.

    \b
    feedd tag 12 15 +later -inbox
    feedd tag @morning +seen
    feedd tag --where 'feed:hn title:hiring' +jobs

    Without any words: the tags that there are. A tag is one word without commas and quotes; a tag
    of a feed is set in the file. feedd undo takes it back.
    """
    words = [word.removeprefix(_MARK) for word in words]
    add = [word[1:] for word in words if word.startswith("+")]
    remove = [word[1:] for word in words if word.startswith("-")]
    items = [word for word in words if word[:1] not in ("+", "-")]
    if not words and where is None:
        _list(context, as_json=as_json)
        return
    if not add and not remove:
        raise UsageError("which tags? Give +TAG or -TAG, as in feedd tag 12 +later")
    views = [word for word in items if word.startswith("@")]
    ids = [item_id(word, context, instead="--where feed:{} takes its items")
           for word in items if not word.startswith("@")]  # fmt: skip
    from feedd.model import ItemFilter
    from feedd.store.marks import tag

    now = context.now()
    wanted = None
    if views or where is not None:
        if ids:
            raise UsageError("give ids, or --where or @NAME; not both")
        _, query = chosen(context, views, (), (), where, now=now)
        wanted = ItemFilter(which="all", limit=None, where=query)
    if wanted is None and not ids:
        raise UsageError("which items? Give ids, --where or @NAME")
    feed_tags = {name: feed.tags for name, feed in context.config().feeds.items()}
    changed = tag(
        context.writer(),
        add=add,
        remove=remove,
        ids=ids,
        filter=wanted,
        feed_tags=feed_tags,
        now=now,
        command=command_text("tag", words, where=where),
    )
    context.say(f"{'1 item' if changed == 1 else f'{changed:,} items'} changed.")


def _list(context: Context, *, as_json: bool) -> None:
    from feedd.model import Query, QueryCondition
    from feedd.store.marks import own_tags
    from feedd.store.search.query_lists import counted

    db = context.reader()
    of_tag = feeds_by_tag(context.config())
    feeds = {tag.casefold(): tuple(names) for tag, names in of_tag.items()}
    tags = {tag.casefold(): tag for tag in (*own_tags(db), *of_tag)}
    rows = []
    for _, tag in sorted(tags.items()):
        query = Query("", QueryCondition("tag", tag), feeds)
        rows.append((tag, *counted(db, query)))
    if as_json:
        for tag, items, unread in rows:
            context.emit_json({"tag": tag, "items": items, "unread": unread})
        return
    if not rows:
        context.say("No tags yet: feedd tag 12 +NAME gives item 12 one.")
        return
    cells = [(gate(tag), str(unread), str(items)) for tag, items, unread in rows]
    for line in context.screen.table(cells, header=("TAG", "UNREAD", "ITEMS"), right=(1, 2)):
        context.out(line)
