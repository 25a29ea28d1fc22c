"""The commands that set feedd up: init, import and export, demo."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from feedd.cli.context import Context
from feedd.errors import ConfigError, UsageError
from feedd.terminal import gate
from feedd.units import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedd.model import Config, FeedConfig, FeedSummary
    from feedd.opml import OpmlFeed


MAX_KNOWN_SHOWN = 10
"""How many feeds that are there already are named one by one; more are only counted."""


@click.command("init")
@click.pass_obj
def init_command(context: Context) -> None:
    """Write a commented starter file: where --config or $FEEDD_CONFIG says, else to
    ~/.config/feedd/config.toml. An existing file is never touched.
    """
    from feedd import configfile

    path = configfile.new_file(context.config_path)
    configfile.create(path, configfile.STARTER)
    feeds = len(configfile.parse(configfile.STARTER, path).feeds)
    context.say(f"wrote {path}, with {feeds} feeds to begin with: choose yours there")
    try:
        used = configfile.find(context.config_path)
    except ConfigError as error:
        context.say(f"note that feedd, called here, says: {error}")
        return
    if used.absolute() != path.absolute():
        context.say(f"note that feedd, called here, uses {used} instead")
    else:
        context.say("next: feedd add https://lwn.net   finds the feed there, stores its items")
        context.say("or:   feedd poll   asks all feeds once; feedd read shows what came")


@click.command("import")
@click.argument("file", metavar="FILE")
@click.pass_obj
def import_command(context: Context, file: str) -> None:
    """Add the feeds of FILE (OPML, or newsboat's urls; - for standard input) to the configuration
    file.

    Folders become tags; cssFullContent, of FreshRSS, becomes article_selector. Feeds that are
    skipped are named, with the reason.
    """
    from feedd import configfile, opml
    from feedd.cli.new_feed import kept_feeds

    config = context.config()
    try:
        found = opml.read(_content(file))
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from None
    new, known, refused = _sorted_out(found.feeds, config, kept_feeds(context, config))
    if new:
        configfile.update(config.path, lambda text: configfile.add_feeds(text, new))
    for line in (*found.skipped, *refused):
        context.say(f"skipped: {gate(line)}")
    for line in found.left_out:
        context.say(f"left out: {gate(line)}")
    for line in known:
        if len(known) <= MAX_KNOWN_SHOWN:
            context.say(f"skipped: {gate(line)}")
        else:
            context.detail(f"skipped: {gate(line)}")
    parts = [f"{number_of(len(new), 'feed')} added to {config.path}"]
    if known:
        parts.append(f"{len(known)} there already")
    skipped = len(found.skipped) + len(refused)
    if skipped:
        parts.append(f"{skipped} skipped")
    context.say(", ".join(parts))


@click.command("export")
@click.pass_obj
def export_command(context: Context) -> None:
    """Write the feeds of the configuration file to standard output, as OPML 2.0."""
    from feedd import opml
    from feedd.configfile import url_problem
    from feedd.opml import OpmlFeed

    config = context.config()
    stored = {summary.feed.name: summary.feed for summary in _summaries(context, config)}
    feeds = []
    for name, feed in config.feeds.items():
        if url_problem(feed.url) is not None:
            context.say(f"left out: {gate(name)} is no feed on the web")
            continue
        if feed.items is not None:
            context.say(f"left out: {gate(name)} is a page; other readers don't know its selectors")
            continue
        state = stored.get(name)
        feeds.append(
            OpmlFeed(
                feed.url,
                title=feed.title,
                site=state.site if state else None,
                tags=feed.tags,
                name=name,
                label=state.title if state else None,
            )
        )
    # The document says that it is UTF-8, whatever the terminal speaks.
    sys.stdout.flush()
    sys.stdout.buffer.write(opml.write(feeds).encode("utf-8", "replace"))


def _content(file: str) -> bytes:
    from feedd.opml import MAX_BYTES

    try:
        if file == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with open(file, "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"can't be read: {reason}") from None


def _sorted_out(
    feeds: Iterable[OpmlFeed], config: Config, kept: dict[str, str]
) -> tuple[list[FeedConfig], list[str], list[str]]:
    """The feeds to add under names of their own, none that of another of the `kept_feeds`; which
    are there already; which can't be added.
    """
    from feedd.cli.feed_finder import name_for
    from feedd.configfile import name_problem, same_feed_key, url_problem
    from feedd.model import FeedConfig

    names = {same_feed_key(feed.url): name for name, feed in config.feeds.items()}
    taken = {*config.feeds, *kept.values()}
    new: list[FeedConfig] = []
    known: list[str] = []
    refused: list[str] = []
    for feed in feeds:
        problem = url_problem(feed.url)
        key = same_feed_key(feed.url)
        if problem is not None:
            refused.append(f'"{feed.title or feed.site or "a feed"}": {problem}')
        elif key in names:
            known.append(f"{feed.url} is there already: {names[key]}")
        else:
            name = feed.name
            taken.discard(kept.get(key, ""))
            if name is None or name in taken or name_problem(name) is not None:
                name = name_for(title=feed.title, url=feed.url, taken=taken)
            taken.add(name)
            names[key] = name
            new.append(
                FeedConfig(
                    name,
                    feed.url,
                    feed.title,
                    feed.tags,
                    article_selector=feed.article_selector,
                )
            )
    return new, known, refused


def _summaries(context: Context, config: Config) -> list[FeedSummary]:
    if not config.settings.database.exists():
        return []
    from feedd.store.items import feed_summaries

    return feed_summaries(context.reader())


MAX_COLUMNS = 80
"""The tour's own words are easier to read in lines no longer than this."""


@click.command("demo")
@click.pass_obj
def demo_command(context: Context) -> int:
    """Show every part of feedd on a small site of its own, on this computer's loopback, in a
    temporary folder. Needs no network and changes nothing of yours; takes some seconds.
    """
    from feedd.demo import tour

    screen = context.screen
    return tour.run(
        columns=min(screen.columns or MAX_COLUMNS, MAX_COLUMNS),
        bold=lambda text: screen.paint(text, "bold"),
    )
