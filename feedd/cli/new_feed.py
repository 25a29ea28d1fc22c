"""`feedd add`: a feed, or a page without one, found, tried, added to the file, its items stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from feedd.cli.context import Context, Progress
from feedd.cli.feed_edits import check_name
from feedd.cli.item_lines import UNTITLED
from feedd.cli.options import json_option
from feedd.errors import FeeddError, StoreError, UsageError
from feedd.terminal import gate
from feedd.units import number_of

if TYPE_CHECKING:
    from feedd.cli.feed_finder import FoundFeed
    from feedd.model import Config
    from feedd.web.page_items import ItemSelectors

MAX_OTHERS_SHOWN = 5


@click.command("add")
@click.argument("url")
@click.option("--name", metavar="NAME", help="Its name in the file; else made from its title.")
@click.option(
    "--tag", "tags", multiple=True, metavar="TAG", help="A tag for it; again for more tags."
)
@click.option("--items", metavar="SELECTOR", help="The items of a page that has no feed.")
@click.option("--item-link", metavar="SELECTOR", help="An item's link; else its first link.")
@click.option("--item-title", metavar="SELECTOR", help="An item's title; else its heading.")
@click.option("--item-date", metavar="SELECTOR", help="An item's date; else its <time>.")
@click.option("--item-text", metavar="SELECTOR", help="An item's text, if the page has it.")
@click.option("--dry-run", is_flag=True, help="Show what would be found; write nothing.")
@json_option
@click.pass_obj
def add_command(
    context: Context,
    /,
    url: str,
    name: str | None,
    tags: Sequence[str],
    dry_run: bool,
    as_json: bool,
    **selectors: str | None,
) -> int:
    """Find the feed at URL or behind the page there, fetch it once to see that it works, add it to
    the configuration file, and store what it holds.

    A page's own word is taken first, then the usual places are tried, then links that look like
    feeds. Comments and layout of the file stay as they are.

    A page without a feed is read by CSS selectors: `--items "article h2 a" --dry-run` shows what
    they find on it.
    """
    from feedd import configfile
    from feedd.cli.feed_finder import address_of

    if as_json and not dry_run:
        raise UsageError("--json goes with --dry-run: what would be found, an object an item")
    items = _selectors(selectors)
    config = context.config()
    tags = _checked_tags(tags)
    if name is not None:
        check_name(name, config)
    if url in config.feeds:
        context.say(f"already subscribed: {gate(url)} is {config.feeds[url].url}; nothing changed")
        return 0
    address = address_of(url)
    if not dry_run and _say_if_subscribed(context, config, address):
        return 0
    found = _find(context, config, address, items)
    if dry_run:
        _show(context, found, as_json=as_json)
        return 0
    problem = configfile.url_problem(found.url)
    if problem is not None:
        raise FeeddError(f"the feed is at an address that can't be kept: {problem}")
    if found.url != address and _say_if_subscribed(context, config, found.url):
        return 0
    keys = {key: value for key, value in selectors.items() if value is not None}
    handle = _write(context, config, found, name=name, tags=tags, keys=keys)
    if found.others:
        context.say("also offered there: " + " ".join(found.others[:MAX_OTHERS_SHOWN]))
    try:
        new = _store(context, handle, found)
    except StoreError as error:
        context.complain(f"feedd: its items could not be stored yet: {error}")
        return 1
    context.say(f"{number_of(new, 'new item')}; feedd shows them" if new else "no new items")
    context.say_if_daemon_runs()
    return 0


def _find(
    context: Context, config: Config, address: str, selectors: ItemSelectors | None
) -> FoundFeed:
    """The feed at an address or behind the page there; says meanwhile what it looks at."""
    import asyncio

    from feedd.cli.feed_finder import find_feed

    with Progress(quiet=context.quiet) as progress:
        return asyncio.run(
            find_feed(
                address,
                config.settings,
                tell=lambda each: progress.update(f"looking at {each}"),
                selectors=selectors,
            )
        )


def _write(
    context: Context,
    config: Config,
    found: FoundFeed,
    *,
    name: str | None,
    tags: Sequence[str],
    keys: Mapping[str, str],
) -> str:
    """Add the feed to the file, with the `keys` of its table; returns the name that it has there:
    `name`, or one made from its title.
    """
    from feedd import configfile
    from feedd.cli.feed_finder import name_for

    kept = kept_feeds(context, config)
    kept.pop(configfile.same_feed_key(found.url), None)  # it may have its name again
    taken = {*config.feeds, *kept.values()}
    handle = name or name_for(title=found.document.feed.title, url=found.url, taken=taken)

    def with_feed(text: str) -> str:
        text = configfile.add_feed(text, name=handle, url=found.url, tags=tags)
        return configfile.set_feed(text, handle, keys)

    configfile.update(config.path, with_feed)
    context.say(f"added {gate(handle)}: {_found(found)}")
    if handle in taken:
        context.say(f"note: items of a feed that was named {gate(handle)} before are its own now")
    return handle


def kept_feeds(context: Context, config: Config) -> dict[str, str]:
    """The names of feeds that have left the file while their items are still stored, by address
    (as `same_feed_key` writes it). A new feed of such a name takes these items over.
    """
    if not config.settings.database.exists():
        return {}
    from feedd.configfile import same_feed_key
    from feedd.store.feeds import feed_urls

    try:
        stored = feed_urls(context.reader()).items()
    except StoreError:  # said by what is to be stored; the file can be written all the same
        return {}
    return {same_feed_key(url): name for name, url in stored if name not in config.feeds}


def _selectors(given: Mapping[str, str | None]) -> ItemSelectors | None:
    """How the items of a page without a feed are found; None for a feed. Raises UsageError."""
    from feedd.configfile import typed_value
    from feedd.web.page_items import ItemSelectors

    for key, selector in given.items():
        if selector is not None:
            typed_value(key, selector)
            if given["items"] is None:
                option = f"--{key.replace('_', '-')}"
                raise UsageError(f"{option} is for a page without a feed: needs --items beside it")
    items = given["items"]
    if items is None:
        return None
    parts = {key.removeprefix("item_"): given[key] for key in given if key != "items"}
    return ItemSelectors(items, **parts)


def _checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    stripped = tuple(dict.fromkeys(tag.strip() for tag in tags))
    if not all(tag and tag.isprintable() for tag in stripped):
        raise UsageError("a tag is a word or some words on one line")
    return stripped


def _say_if_subscribed(context: Context, config: Config, url: str) -> bool:
    from feedd.configfile import same_feed_key

    key = same_feed_key(url)
    for feed in config.feeds.values():
        if same_feed_key(feed.url) == key:
            context.say(f"already subscribed: {gate(feed.name)} is {feed.url}; nothing changed")
            return True
    return False


def _show(context: Context, found: FoundFeed, *, as_json: bool) -> None:
    """What would be added, for --dry-run."""
    from feedd.store.items import summary_of
    from feedd.units import local, rfc3339

    if not as_json:
        context.say(_found(found))
    for keyed in found.document.entries:
        entry = keyed.entry
        if as_json:
            context.emit_json(
                {
                    "title": entry.title,
                    "link": entry.link,
                    "published": rfc3339(entry.published),
                    "summary": summary_of(keyed.packed),
                }
            )
            continue
        when = "no date" if entry.published is None else local(entry.published)
        context.out(f"{when:<16}  {gate(entry.title) or UNTITLED}")
        if entry.link:
            context.out(f"{'':16}  {context.screen.paint(gate(entry.link), 'dim')}")


def _found(found: FoundFeed) -> str:
    items = number_of(len(found.document.entries), "item")
    feed = found.document.feed
    said = f"{gate(feed.title or 'untitled')}, {items}, {feed.format}, {found.url}"
    return f"{said}; {'; '.join(map(gate, feed.problems))}" if feed.problems else said


def _store(context: Context, name: str, found: FoundFeed) -> int:
    """Store the document that was fetched to try the feed, as its first poll; returns how many
    items are new. Raises StoreError.
    """
    import random

    from msgspec.structs import replace

    from feedd.poller.decide import PollContext
    from feedd.poller.fetch import FetchResult, with_answer
    from feedd.poller.recorder import decide_and_record
    from feedd.store.feeds import feed_states

    context.take_up_file()
    config, db, now = context.config(), context.writer(), context.now()
    (state,) = feed_states(db, [name])
    # The file has the new address already: nothing has moved.
    response = replace(found.response, permanent_url=None)
    result = with_answer(FetchResult(state, config.feeds[name], now, conditional=False), response)
    result = replace(result, document=found.document)
    polls = PollContext(config.settings, None, random.Random(), config)
    return decide_and_record(db, [result], polls, {})[0].report.new
