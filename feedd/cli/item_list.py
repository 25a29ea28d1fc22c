"""`feedd list` and `feedd mark`: which items, shown or marked."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

import click

from feedd.cli.chosen import chosen, views_among
from feedd.cli.context import Context, how_to_begin
from feedd.cli.options import (
    Narrowing,
    command_text,
    feed_arguments,
    feed_option,
    item_id,
    moment,
    more,
    narrowing_options,
    no_pager_option,
    script_options,
    tag_option,
    where_option,
    which_of,
)
from feedd.errors import UsageError
from feedd.units import number_of

if TYPE_CHECKING:
    from feedd.model import Item, ItemFilter, ItemPage, MarkAction, Which


By = Literal["feed", "day", "tag"]

WATCH_PAUSE_S = 1.0
"""Between two looks at the database in --watch; one look costs some microseconds."""
WATCH_BATCH = 200


@click.command("list")
@feed_arguments
@narrowing_options
@where_option
@click.option(
    "--by",
    type=click.Choice(get_args(By)),
    help="Group under headings: by feed, day or tag (an item under each of its tags).",
)
@click.option("--every", is_flag=True, help="Show each feed's own entry of a story.")
@no_pager_option
@click.option("--watch", is_flag=True, help="Go on printing items as the daemon stores them.")
@script_options
@click.pass_obj
def list_command(
    context: Context,
    names: Sequence[str],
    narrowing: Narrowing,
    where: str | None,
    by: By | None,
    every: bool,
    no_pager: bool,
    watch: bool,
    template: str | None,
    as_json: bool,
) -> None:
    """New items of all feeds or of those named, newest first.

    A line has the item's id, its age, its feed and its title; ★ marks a starred item, • an unread
    one among read ones, and +2 one that two other feeds carried as well. The id is what show, open
    and mark take. @NAME is a view of the file.
    """
    from feedd.store.items import list_items

    script = script_printer(context, template, as_json=as_json)
    now = context.now()
    only, query = chosen(context, names, narrowing.feeds, narrowing.tags, where, now=now)
    which = which_of(narrowing.which, query)
    wanted = narrowing.filter(only, which, now=now, every=every, where=query)
    if watch:
        from feedd.store.items import latest_id

        last = latest_id(context.reader())
    page = list_items(context.reader(), wanted, details=script is not None)
    if script is None and not all(item.title for item in page.items):
        # Notes without titles are known by what they begin with.
        page = list_items(context.reader(), wanted, details=True)
    if watch and not wanted.oldest:
        # What comes is printed below what was there: oldest first from the beginning.
        page = page._replace(items=page.items[::-1])
    if script is None:
        lines = _lines(context, page, which, by, now)
        context.show(lines, pager=not (no_pager or watch))
    else:
        for item in page.items:
            script(item)
    if page.more and not as_json:
        context.say(more(page))
    elif not page.items and script is None and not watch:
        narrowed = bool(names or where or narrowing.is_given)
        context.say(_nothing(context, wanted, narrowed=narrowed))
    if watch:
        _watch(context, wanted, script or _printer(context, which, page.items), last)


def _lines(context: Context, page: ItemPage, which: Which, by: By | None, now: int) -> list[str]:
    from feedd.cli.item_lines import ItemLines, grouped, heading
    from feedd.records import tags_of
    from feedd.units import day_of

    screen = context.screen
    lines = ItemLines(page.items, screen=screen, now=now, which=which, feeds_shown=by != "feed")
    if by is None:
        return [lines.line(item) for item in page.items]
    config = context.config()
    keys: dict[By, Callable[[Item], Sequence[str]]] = {
        "feed": lambda item: [item.feed],
        "day": lambda item: [day_of(item.sort_at, now)],
        "tag": lambda item: tags_of(item.feed, config) or ["untagged"],
    }
    shown: list[str] = []
    for number, (name, items) in enumerate(grouped(page.items, keys[by])):
        if number:
            shown.append("")
        title = name
        if by == "feed" and name in config.feeds and config.feeds[name].title:
            title = f"{name}: {config.feeds[name].title}"
        shown.append(heading(title, len(items), screen, feed=name if by == "feed" else None))
        shown += map(lines.line, items)
    return shown


def script_printer(
    context: Context, template: str | None, *, as_json: bool
) -> Callable[[Item], None] | None:
    """What prints one item as a script wants it; None: it is for a person. Raises UsageError."""
    if template is not None and as_json:
        raise UsageError("--format and --json exclude each other; give one of them")
    if as_json:
        from feedd.records import item_record

        return lambda item: context.emit_json(item_record(item, context.config()))
    if template is not None:
        from feedd.cli.item_lines import Template

        compiled = Template(template)
        return lambda item: context.out(compiled.line(item, context.config(), context.now()))
    return None


def _printer(context: Context, which: Which, like: Sequence[Item]) -> Callable[[Item], None]:
    """What prints one item for a person, its columns where those of `like` are."""

    def print_line(item: Item) -> None:
        from feedd.cli.item_lines import ItemLines

        lines = ItemLines([*like, item], screen=context.screen, now=context.now(), which=which)
        context.out(lines.line(item))

    return print_line


def _watch(
    context: Context, wanted: ItemFilter, printer: Callable[[Item], None], last: int
) -> None:
    """Print what arrives from now on, in the order it arrives, until interrupted."""
    from feedd.store.items import items_after

    gc.enable()
    db = context.reader()
    sys.stdout.flush()
    seen_version: object = None
    while True:
        # Changes whenever another connection commits: cheaper than any query.
        version = db.execute("PRAGMA data_version").fetchone()[0]
        while version != seen_version:
            before = last
            items, last = items_after(db, last, wanted, WATCH_BATCH)
            for item in items:
                printer(item)
            if last == before:
                seen_version = version
        sys.stdout.flush()
        time.sleep(WATCH_PAUSE_S)


def _nothing(context: Context, wanted: ItemFilter, *, narrowed: bool) -> str:
    if narrowed or wanted.which != "unread":
        return "Nothing matches."
    from feedd.store.items import latest_id

    if latest_id(context.reader()) == 0:
        said = how_to_begin(context.config())
        return f"{said[:1].upper()}{said[1:]}."
    return "Nothing new. feedd list --all shows what you have read."


DONE: dict[MarkAction, str] = {
    "read": "marked read",
    "unread": "marked unread",
    "star": "starred",
    "unstar": "unstarred",
    "later": "kept for later",
    "unlater": "no longer kept for later",
}


class _Mark(click.Choice[str]):
    """The mark, which comes first; where it does not, that is said."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in self.choices:
            return super().convert(value, param, ctx)
        from feedd.cli.hints import nearest

        near = nearest(value, self.choices)
        if near is not None:
            raise UsageError(f"no mark '{value}'; did you mean '{near}'?")
        marks = ", ".join(self.choices)
        raise UsageError(
            f"'{value}' is no mark; one comes first ({marks}): feedd mark read {value}"
        )


@click.command("mark")
@click.argument("action", type=_Mark(list(DONE)))
@click.argument("ids", nargs=-1, metavar="[ID]...")
@feed_option("Every item of this feed.")
@tag_option("Every item of the feeds with this tag.")
@where_option
@click.option("--before", metavar="WHEN", help="Only items older than this: 2d, 2026-01-31.")
@click.option("--all", "everything", is_flag=True, help="Every item.")
@click.pass_obj
def mark_command(
    context: Context,
    action: MarkAction,
    ids: Sequence[str],
    feeds: Sequence[str],
    tags: Sequence[str],
    where: str | None,
    before: str | None,
    everything: bool,
) -> None:
    """Mark items, and say how many changed.

    An article that came in several feeds is marked in all of them. @NAME instead of ids is a view.
    feedd undo takes it back.
    """
    from feedd.store.marks import mark

    command = command_text("mark", action, ids, feeds=feeds, tags=tags, where=where, before=before)
    views, ids = views_among(ids)
    narrowed = bool(feeds or tags or before or views or where is not None)
    now = context.now()
    if ids:
        if narrowed or everything:
            raise UsageError("give ids, or --feed, --tag, --where, --before, --all; not both")
        whole = f"for every item of it: feedd mark {action} --feed {{}}"
        numbers = [item_id(text, context, instead=whole) for text in ids]
        changed = mark(context.writer(), action, ids=numbers, now=now, command=command)
    elif narrowed or everything:
        from feedd.model import ItemFilter

        only, query = chosen(context, views, feeds, tags, where, now=now)
        wanted = ItemFilter(feeds=only, which=_touched(action), where=query, limit=None)
        border = moment(before, now=now, option="--before")
        db = context.writer()
        changed = mark(db, action, filter=wanted, before=border, now=now, command=command)
    else:
        raise UsageError("which items? Give ids, or --feed, --tag, --where, --before or --all")
    context.say(f"{number_of(changed, 'item')} {DONE[action]}.")


def _touched(action: MarkAction) -> Which:
    wanted: dict[MarkAction, Which] = {"read": "unread", "unread": "read", "unstar": "starred"}
    return wanted.get(action, "all")
