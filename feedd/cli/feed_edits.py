"""The commands that change the feeds of the user's file: remove, set, rename, repair-feed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from feedd.cli.chosen import stored_names
from feedd.cli.context import Context
from feedd.cli.hints import check_feed
from feedd.cli.options import complete_feed
from feedd.errors import FeeddError, UsageError
from feedd.terminal import gate

if TYPE_CHECKING:
    from feedd.model import Config, FeedState, Proposal

_OFTEN_SECRET = ("headers", "proxy")
"""Keys whose values are not shown back."""


@click.command("remove")
@click.argument("name", shell_complete=complete_feed)
@click.pass_obj
def remove_command(context: Context, name: str) -> None:
    """Take the feed NAME out of the configuration file. Its items stay, until
    `feedd prune --removed`.
    """
    from feedd import configfile

    config = context.config()
    check_feed(name, config)
    configfile.update(config.path, lambda text: configfile.remove_feed(text, name))
    context.say(f"removed {gate(name)}; its items stay until feedd prune --removed")
    context.say_if_daemon_runs()


@click.command("set")
@click.argument("name", shell_complete=complete_feed)
@click.argument("changes", nargs=-1, required=True, metavar="KEY=VALUE...")
@click.pass_obj
def set_command(context: Context, name: str, changes: Sequence[str]) -> None:
    """Change keys of the feed NAME in the configuration file; KEY= goes back to the default.

    \b
    feedd set lwn interval=2h articles=always
    feedd set lwn tags=news,linux enabled=false
    feedd set lwn interval=

    All of it is changed or, where one value is wrong, nothing. Comments and layout stay.
    """
    from feedd import configfile

    config = context.whole_config()
    check_feed(name, config)
    values: dict[str, object] = {}
    for change in changes:
        key, equals, written = change.partition("=")
        if not equals:
            raise UsageError(f"'{change}': write KEY=VALUE, or KEY= for the default")
        value = configfile.typed_value(key, written) if written else None
        if key == "url" and value is None:
            raise UsageError("a feed needs its url; feedd remove takes it out of the file")
        values[key] = value
    configfile.update(config.path, lambda text: configfile.set_feed(text, name, values))
    for key, value in values.items():
        now = "is the default again" if value is None else f"= {configfile.value_text(value)}"
        if value is not None and key in _OFTEN_SECRET:
            now = "changed"
        context.say(gate(f"{name}: {key} {now}"))
    for warning in configfile.load(config.path).warnings:
        if warning not in config.warnings:
            context.say(f"note: {gate(warning)}")
    context.say_if_daemon_runs()


@click.command("rename")
@click.argument("old", shell_complete=complete_feed)
@click.argument("new")
@click.pass_obj
def rename_command(context: Context, old: str, new: str) -> None:
    """Give the feed OLD the name NEW in the configuration file. Its items stay."""
    from feedd import configfile
    from feedd.cli.rules import queries_naming

    config = context.config()
    check_feed(old, config)
    check_name(new, config)
    stored = config.settings.database.exists()
    if stored and new in stored_names(context):
        raise UsageError(
            f"items of a feed named {new} are still there; feedd prune --removed drops them"
        )
    if stored:
        context.take_up_file()  # a new url first, under the old name
    configfile.update(config.path, lambda text: configfile.rename_feed(text, old, new))
    if stored:
        context.take_up_file()
    context.say(f"{gate(old)} is now {gate(new)}; its items stay")
    for what in queries_naming(context.whole_config(), old):
        context.say(f"note: {gate(what)} still says feed:{gate(old)}; write {gate(new)} there")
    context.say_if_daemon_runs()


@click.command("repair-feed")
@click.argument("name", shell_complete=complete_feed)
@click.pass_obj
def repair_feed_command(context: Context, name: str) -> None:
    """Write the address where the feed NAME was found again into the file. Its items stay.

    Where no address was found so far, look for one now, beginning at the feed's site, and show it;
    the same command again then writes it.
    """
    import asyncio

    from feedd import configfile
    from feedd.store.feeds import feed_states
    from feedd.store.recovery import proposals
    from feedd.units import format_duration

    config = context.config()
    check_feed(name, config)
    found = proposals(context.reader()).get(name)
    if found is not None:
        url = found.url
        configfile.update(config.path, lambda text: configfile.set_feed_url(text, name, url))
        context.say(f"{gate(name)}: now {gate(url)}; its items stay")
        context.say_if_daemon_runs()
        return
    states = feed_states(context.reader(), [name])
    if not states or states[0].state not in ("failing", "gone"):
        raise FeeddError(f"{name} does not fail: there is nothing to repair")
    wait_s = (states[0].not_before or 0) - context.now()
    if wait_s > 0:
        raise FeeddError(f"{name}: its server asked to wait {format_duration(wait_s)} more")
    found = asyncio.run(_search(config, states[0]))
    if found is None:
        raise FeeddError(f"nothing found in the place of {name}; feedd add URL takes a new address")
    context.say(f"{gate(proposal_in_words(name, found))}")


async def _search(config: Config, state: FeedState) -> Proposal | None:
    from feedd.poller.engine import open_engine
    from feedd.store import recovery

    async with open_engine(config) as engine:
        now = int(engine.clock())
        await engine.store.call(recovery.update_lost_feeds, [(state.id, now)], (), after_s=0)
        return await engine.relocator.search(state)


def check_name(name: str, config: Config) -> None:
    """Raises UsageError where a new feed can't have this name."""
    from feedd.configfile import name_problem

    problem = name_problem(name)
    if problem is not None:
        raise UsageError(problem)
    if name in config.feeds:
        raise UsageError(f"there is a feed named {name} already; choose another name")


def write_moved(context: Context, moved: Mapping[str, str]) -> None:
    """Write the addresses to which feeds have moved, by their names, into the file."""
    from feedd import configfile

    def with_new_addresses(text: str) -> str:
        for name, url in moved.items():
            text = configfile.set_feed_url(text, name, url)
        return text

    if not moved:
        context.say("no feed has moved; nothing changed")
        return
    configfile.update(context.config().path, with_new_addresses)
    for name, url in moved.items():
        context.say(f"{name}: now {url}")
    context.say_if_daemon_runs()


def proposal_in_words(name: str, found: Proposal) -> str:
    """Where a lost feed seems to be, how sure that is, and what to do."""
    return (
        f"seems to be at {found.url} now: {found.known} of {found.entries} entries there are known"
        f" ({share_known(found):.0%}); feedd repair-feed {shlex.quote(name)} switches to it"
    )


def share_known(found: Proposal) -> float:
    return found.known / max(1, found.entries)
