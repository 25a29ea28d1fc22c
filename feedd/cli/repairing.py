"""`feedd repair-feed`: a feed that is no longer where it was, followed to where it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from feedd.cli.context import Context
from feedd.cli.filters import complete_feed
from feedd.errors import FeeddError, NotFoundError
from feedd.terminal import gate

if TYPE_CHECKING:
    from feedd.model import Config, FeedState, Proposal


@click.command("repair-feed", short_help="Follow a lost feed to its new address.")
@click.argument("name", shell_complete=complete_feed)
@click.pass_obj
def repair_feed_command(context: Context, name: str) -> None:
    """Write the address where the feed NAME was found again into the file. Its items stay.

    Where none was found so far, look for it now from its site's address; the next call then
    switches to what this one shows.
    """
    import asyncio

    from feedd import configfile
    from feedd.cli.feedlist import proposal_in_words
    from feedd.cli.feeds import say_how_it_takes_effect
    from feedd.cli.filters import missing
    from feedd.store.feeds import feed_states
    from feedd.store.relocations import proposals
    from feedd.units import format_duration

    config = context.config()
    if name not in config.feeds:
        raise NotFoundError(missing("feed", name, config.feeds))
    found = proposals(context.reader()).get(name)
    if found is not None:
        url = found.url
        configfile.update(config.path, lambda text: configfile.set_feed_url(text, name, url))
        context.say(f"{gate(name)}: now {gate(url)}; its items stay")
        say_how_it_takes_effect(context, config, None)
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
    from feedd.store import relocations

    async with open_engine(config) as engine:
        now = int(engine.clock())
        await engine.store.call(relocations.note_lost, [(state.id, now)], (), after_s=0)
        return await engine.rescue.search(state)
