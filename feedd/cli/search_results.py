"""`feedd search`: full text over titles and articles, the matches shown in their context."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from feedd.cli.chosen import asked, chosen_feeds
from feedd.cli.context import Context
from feedd.cli.item_list import script_printer
from feedd.cli.options import Narrowing, more, narrowing_options, no_pager_option, script_options
from feedd.errors import UsageError

if TYPE_CHECKING:
    from feedd.model import ItemPage, Which
    from feedd.query.query_nodes import Query


_WITHOUT = re.compile(r"-(?!n\d+$)[^-].+", re.DOTALL)
"""A minus and two characters or more; no option is written so, but for -n20."""


class _SearchCommand(click.Command):
    """A command with words such as `-mysql`: it is no option, it means NOT mysql."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        valued = {
            name
            for option in self.params
            if isinstance(option, click.Option) and not option.is_flag
            for name in option.opts
        }
        words: list[str] = []
        for place, word in enumerate(args):
            if word == "--":
                words += args[place:]
                break
            without = _WITHOUT.fullmatch(word) and (not place or args[place - 1] not in valued)
            words += ["NOT", word[1:]] if without else [word]
        return super().parse_args(ctx, words)


@click.command("search", cls=_SearchCommand)
@click.argument("words", nargs=-1, required=True, metavar="QUERY...")
@narrowing_options
@no_pager_option
@click.option("--newest", is_flag=True, help="The newest first, instead of the best match.")
@script_options
@click.pass_obj
def search_command(
    context: Context,
    words: Sequence[str],
    narrowing: Narrowing,
    newest: bool,
    no_pager: bool,
    template: str | None,
    as_json: bool,
) -> None:
    """Search titles and articles, read and unread, best match first.

    \b
    sqlite wal             both words, anywhere
    "write-ahead log"      the phrase
    sql*                   words that begin so
    sqlite near/5 wal      at most five words apart
    sqlite OR postgres     either
    sqlite NOT mysql       without (also: -mysql)
    title:sqlite           in the title
    author: category: link:  likewise; author:(ada or grace)
    feed:lwn tag:python    only there
    is:starred             or is:unread, read, later, updated, hidden
    has:enclosure lang:de  or has:article, image, comments
    since:2026-01-31       or since:2d; until: likewise
    words>500              of the text that show shows
    @morning               the view of that name

    Accents and case make no difference. Where more than 2,000 match, the newest of them are ranked;
    of beginnings of words alone, then, the newest come first.
    """
    from feedd.store.search.results import search_items

    printer = script_printer(context, template, as_json=as_json)
    if newest and narrowing.oldest:
        raise UsageError("--newest and --oldest exclude each other; give one of them")
    now = context.now()
    only = chosen_feeds(context, narrowing.feeds, narrowing.tags)
    wanted = narrowing.filter(only, narrowing.which or "all", now=now)
    query = asked(context, " ".join(words), now=now)
    newest = newest or wanted.oldest
    page = search_items(context.reader(), query, wanted, details=printer is not None, newest=newest)
    if printer is None:
        context.show(_lines(context, page, wanted.which, query, now), pager=not no_pager)
    else:
        for item in page.items:
            printer(item)
    if page.more and not as_json:
        context.say(more(page))
    elif not page.items and printer is None:
        context.say("Nothing found.")


def _lines(context: Context, page: ItemPage, which: Which, query: Query, now: int) -> list[str]:
    from feedd.cli.item_lines import ItemLines, Matches

    screen = context.screen
    lines = ItemLines(
        page.items, screen=screen, now=now, which=which, matches=Matches(query, screen)
    )
    found = (part for item in page.items for part in (lines.line(item), lines.context(item)))
    return [part for part in found if part is not None]
