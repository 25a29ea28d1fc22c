"""Now and then, beside polling: old items go, earlier articles are cleaned again, and what a poll
may cost is worked out anew.
"""

from __future__ import annotations

import gc
import logging
import sqlite3
from contextlib import suppress

from feedd import schedule
from feedd.errors import StoreError
from feedd.model import Settings
from feedd.poller.engine import Engine
from feedd.store import feeds as feed_store
from feedd.store import upkeep
from feedd.store.upkeep import give_back_memory

log = logging.getLogger("feedd.poller")


async def tidy(engine: Engine) -> None:
    """Drop what is older than the file says to keep, and put the database in good order."""
    keep_s = engine.poller.config.settings.keep_s
    try:
        if keep_s is not None:
            pruned = await engine.store.call(
                upkeep.prune, int(engine.clock()), keep_s=keep_s, removed=False
            )
            log.info("pruned %d items older than the file says to keep", pruned)
        await engine.store.call(upkeep.optimise)
    except StoreError as error:
        log.error("upkeep failed: %s", error)


async def give_back(engine: Engine) -> None:
    """Keep no memory that only a busy time needs, and nothing that hangs together in a circle."""
    if not engine.poller.under_way:
        gc.collect()
    with suppress(StoreError):  # whoever polls next hears of it
        await engine.store.call(give_back_memory)


async def reclean(engine: Engine) -> None:
    """Clean some earlier articles again, of hosts that may publish nothing new."""
    try:
        await engine.recleaner.go_on()
    except StoreError as error:
        log.error("could not clean earlier articles again: %s", error)


async def price(engine: Engine) -> None:
    """Work out anew what a poll may cost, from what is known of all feeds (see `schedule`)."""
    try:
        await engine.store.call(refresh_price, engine.poller.config.settings)
    except StoreError as error:
        log.error("could not work out the price of a poll: %s", error)


def refresh_price(db: sqlite3.Connection, settings: Settings) -> None:
    """The same in the store."""
    rhythms = [state.rhythm for state in feed_store.feed_states(db) if state.rhythm]
    pace = schedule.Pace(
        settings.interval_s, settings.min_interval_s, settings.max_interval_s, settings.adaptive
    )
    feed_store.set_meta(db, "price", repr(schedule.price_for(rhythms, pace)))
