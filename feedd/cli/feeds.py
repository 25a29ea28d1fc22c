"""The commands about feeds: add, remove, feeds, why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from feedd.cli.context import Context
from feedd.cli.filters import complete_feed, json_option, missing
from feedd.errors import FeeddError, NotFoundError, UsageError
from feedd.terminal import gate

if TYPE_CHECKING:
    from feedd.cli.feedlist import ListedFeed
    from feedd.cli.subscribe import Found
    from feedd.model import Config

DEFAULT_POLLS = 20
MAX_OTHERS_SHOWN = 5


@click.command("add", short_help="Find the feed behind a URL and add it to the file.")
@click.argument("url")
@click.option("--name", metavar="NAME", help="Its handle; made from its title when not given.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="A tag; again for more.")
@click.pass_obj
def add_command(context: Context, url: str, name: str | None, tags: Sequence[str]) -> None:
    """Find the feed at URL or behind the page there, fetch it once to see that it works, and add it
    to the configuration file.

    A page's own word is taken first, then the usual places are tried, then links that look like
    feeds. Comments and layout of the file stay as they are.
    """
    import asyncio

    from feedd import configfile
    from feedd.cli.naming import name_for
    from feedd.cli.screen import Progress
    from feedd.cli.subscribe import address_of, find_feed

    config = context.config()
    tags = _checked_tags(tags)
    if name is not None:
        _check_name(name, config)
    address = address_of(url)
    if _told_if_subscribed(context, config, address):
        return
    with Progress(quiet=context.quiet) as progress:
        found = asyncio.run(
            find_feed(
                address, config.settings, tell=lambda each: progress.update(f"looking at {each}")
            )
        )
    problem = configfile.url_problem(found.url)
    if problem is not None:
        raise FeeddError(f"the feed is at an address that can't be kept: {problem}")
    if found.url != address and _told_if_subscribed(context, config, found.url):
        return
    handle = name or name_for(title=found.feed.title, url=found.url, taken=config.feeds)
    configfile.update(
        config.path,
        lambda text: configfile.add_feed(text, name=handle, url=found.url, tags=tags),
    )
    context.say(_added(handle, found))
    if found.others:
        context.say("also offered there: " + " ".join(found.others[:MAX_OTHERS_SHOWN]))
    say_how_it_takes_effect(context, config, f"feedd poll {_quoted(handle)} fetches it now")


@click.command("remove", short_help="Take a feed out of the file.")
@click.argument("name", shell_complete=complete_feed)
@click.pass_obj
def remove_command(context: Context, name: str) -> None:
    """Take the feed NAME out of the configuration file. Its items stay, until
    `feedd prune --removed`.
    """
    from feedd import configfile

    config = context.config()
    if name not in config.feeds:
        raise NotFoundError(missing("feed", name, config.feeds))
    configfile.update(config.path, lambda text: configfile.remove_feed(text, name))
    context.say(f"removed {gate(name)}; its items stay until feedd prune --removed")
    say_how_it_takes_effect(context, config, None)


@click.command("feeds", short_help="One line a feed: unread, last and next poll, health.")
@click.option("--unhealthy", is_flag=True, help="Only those that fail, moved or ended.")
@click.option(
    "--update-moved", is_flag=True, help="Write the new addresses of moved feeds into the file."
)
@json_option
@click.pass_obj
def feeds_command(context: Context, unhealthy: bool, update_moved: bool, as_json: bool) -> None:
    """One line a feed: name, unread, items, last poll, next poll, health."""
    from feedd.cli import feedlist

    if update_moved:
        if unhealthy or as_json:
            raise UsageError("--update-moved stands alone; run feedd feeds again after it")
        _update_moved(context)
        return
    feeds = _listed(context)
    if unhealthy:
        feeds = [feed for feed in feeds if feed.is_unhealthy]
    if as_json:
        for feed in feeds:
            context.emit_json(feedlist.record(feed))
        return
    now = context.now()
    rows = [feedlist.row(feed, now) for feed in feeds]
    lines = context.screen.table(rows, header=feedlist.HEADER, right=feedlist.RIGHT)
    styles = [(), *(_style(feed) for feed in feeds)]
    for line, style in zip(lines, styles, strict=False):
        context.out(context.screen.paint(line, *style))
    if not feeds:
        context.say("every feed is well" if unhealthy else "no feeds yet: feedd add URL adds one")


@click.command("why", short_help="A feed's poll history, and why the next poll is when.")
@click.argument("name", shell_complete=complete_feed)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    default=DEFAULT_POLLS,
    show_default=True,
    help="So many polls at most; 0 for all.",
)
@json_option
@click.pass_obj
def why_command(context: Context, name: str, limit: int, as_json: bool) -> None:
    """The polls of the feed NAME, newest first, and in plain words why the next one is when it
    is.
    """
    from feedd.cli import polls

    feed = next((feed for feed in _listed(context) if feed.feed.name == name), None)
    if feed is None:
        raise NotFoundError(missing("feed", name, context.config().feeds))
    records = []
    subscription = None
    if feed.feed.id:
        from feedd.store.hub_subscriptions import of_feed
        from feedd.store.poll_history import history

        records = history(context.reader(), feed.feed.id, limit or None)
        subscription = of_feed(context.reader(), feed.feed.id)
    if as_json:
        for record in records:
            context.emit_json(polls.record(record))
        return
    now = context.now()
    on = context.config().settings.websub_callback is not None
    hub = polls.hub(subscription, on=on, offered=feed.feed.hub, now=now)
    for label, text in (*polls.summary(feed, now), *hub):
        context.out(f"{context.screen.paint(label, 'bold')} {gate(text)}" if label else gate(text))
    if records:
        context.out()
        rows = [polls.row(record, now) for record in records]
        for line in context.screen.table(rows, header=polls.HEADER, right=polls.RIGHT):
            context.out(line)


# ---------------------------------------------------------------- what they share


def _listed(context: Context) -> list[ListedFeed]:
    from feedd.cli.feedlist import listed

    config = context.config()
    if not config.settings.database.exists():
        return listed(config, ())
    from feedd.store.items import feed_summaries
    from feedd.store.relocations import proposals

    reader = context.reader()
    return listed(config, feed_summaries(reader), proposals(reader))


def _update_moved(context: Context) -> None:
    from feedd import configfile

    config = context.config()
    moved = [
        (feed.feed.name, feed.moved_to)
        for feed in _listed(context)
        if feed.config is not None and feed.moved_to is not None
    ]

    def with_new_addresses(text: str) -> str:
        for name, url in moved:
            text = configfile.set_feed_url(text, name, url)
        return text

    if moved:
        configfile.update(config.path, with_new_addresses)
    for name, url in moved:
        context.say(f"{name}: now {url}")
    if moved:
        say_how_it_takes_effect(context, config, None)
    else:
        context.say("no feed has moved; nothing changed")


def _told_if_subscribed(context: Context, config: Config, url: str) -> bool:
    from feedd.configfile import same_feed_key

    key = same_feed_key(url)
    for feed in config.feeds.values():
        if same_feed_key(feed.url) == key:
            context.say(f"already subscribed: {gate(feed.name)} is {feed.url}; nothing changed")
            return True
    return False


def _check_name(name: str, config: Config) -> None:
    from feedd.configfile import name_problem

    problem = name_problem(name)
    if problem is not None:
        raise UsageError(problem)
    if name in config.feeds:
        raise UsageError(f"there is a feed named {name} already; give another --name")


def _checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    stripped = tuple(dict.fromkeys(tag.strip() for tag in tags))
    if not all(tag and tag.isprintable() for tag in stripped):
        raise UsageError("a tag is a word or some words on one line")
    return stripped


def _added(name: str, found: Found) -> str:
    count = len(found.feed.entries)
    items = "1 item" if count == 1 else f"{count} items"
    title = found.feed.title or "untitled"
    return f"added {gate(name)}: {gate(title)}, {items}, {found.feed.format}, {found.url}"


def say_how_it_takes_effect(context: Context, config: Config, otherwise: str | None) -> None:
    """What makes a change of the file count: the daemon told to read it, or `otherwise`."""
    from feedd.store.database import daemon_pid

    pid = daemon_pid(config.settings.database)
    if pid is not None:
        context.say(f"the running daemon takes it up after: kill -HUP {pid}")
    elif otherwise is not None:
        context.say(otherwise)


def _quoted(name: str) -> str:
    import shlex

    return shlex.quote(name)


def _style(feed: ListedFeed) -> tuple[str, ...]:
    if feed.feed.state in ("disabled", "removed"):
        return ("dim",)
    if feed.feed.state in ("failing", "gone"):
        return ("red",)
    return ("yellow",) if feed.is_unhealthy else ()
