"""`feedd tag` and `feedd undo`: items' own tags; and what was done to items, taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click
from msgspec.structs import asdict

from feedd.cli.chosen import chosen, views_among
from feedd.cli.context import Context
from feedd.cli.options import command_text, item_id, json_option, where_option
from feedd.errors import UsageError
from feedd.terminal import gate
from feedd.units import age, number_of, rfc3339

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


@click.command("tag", cls=_TagCommand)
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
    views, items = views_among(word for word in words if word[:1] not in ("+", "-"))
    if not words and where is None:
        _list_tags(context, as_json=as_json)
        return
    if not add and not remove:
        raise UsageError("which tags? Give +TAG or -TAG, as in feedd tag 12 +later")
    ids = [item_id(word, context, instead="--where feed:{} takes its items") for word in items]
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
    feed_tags = None  # only tags that are taken away could be a feed's
    if remove:
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
    context.say(f"{number_of(changed, 'item')} changed.")


def _list_tags(context: Context, *, as_json: bool) -> None:
    from feedd.query.query_nodes import Query, QueryCondition
    from feedd.store.marks import own_tags
    from feedd.store.search.query_lists import counted

    db = context.reader()
    of_tag = context.config().feeds_by_tag
    feeds = {tag.casefold(): tuple(names) for tag, names in of_tag.items()}
    tags = {tag.casefold(): tag for tag in (*own_tags(db), *of_tag)}
    rows = []
    for _, tag in sorted(tags.items()):
        query = Query("", QueryCondition("tag", tag), feeds)
        rows.append((tag, *counted(db, query)))
    if as_json:
        names = ("tag", "items", "unread")
        context.emit_json(*(dict(zip(names, row, strict=True)) for row in rows))
        return
    if not rows:
        context.say("No tags yet: feedd tag 12 +NAME gives item 12 one.")
        return
    cells = [(gate(tag), str(unread), str(items)) for tag, items, unread in rows]
    header = ("TAG", "UNREAD", "ITEMS")
    context.show(context.screen.table(cells, header=header, right=(1, 2)), pager=False)


@click.command("undo")
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
        _list_acts(context, as_json=as_json)
        return
    if as_json:
        raise UsageError("--json goes with --list")
    context.reader()  # where there is no database, none is made
    done, items = undo(context.writer(), act, context.now())
    count = number_of(items, "item")
    context.say(f"{count} as before: feedd {gate(done.command)} is undone.")


def _list_acts(context: Context, *, as_json: bool) -> None:
    from feedd.store.acts import acts

    known = acts(context.reader())
    if as_json:
        context.emit_json(*({**asdict(one), "at": rfc3339(one.at)} for one in known))
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
    context.show(context.screen.table(cells, header=header, right=(0, 1, 2)), pager=False)
