"""What is done now and then, beside polling.

Old items are pruned, memory is given back, and the poll cost and the start times of a backlog are
worked out anew.
"""

from __future__ import annotations

import gc
import logging
import os
import random
import sqlite3
from datetime import timedelta
from functools import partial

from feedd import notify, schedule
from feedd.daemon.rota import Rota
from feedd.model import Settings, TaskTrouble
from feedd.poller import hooks
from feedd.poller.engine import Engine
from feedd.poller.queues import queue_of
from feedd.poller.recorder import POLL_COST_KEY
from feedd.store import feeds as feed_store
from feedd.store import measurements, polls
from feedd.store.stored_values import set_meta
from feedd.store.upkeep import compaction, retention

log = logging.getLogger("feedd.poller")

STORIES_EVERY, STORIES_WITHIN_S = timedelta(seconds=10), 2.0
"""How often texts are looked at for stories, and for how long: some 1,500 texts."""


NOTED_EVERY = timedelta(seconds=5)
"""How often what tasks meet is noted for `feedd status`."""


def plan_reports(rota: Rota, engine: Engine, manager: notify.Manager) -> None:
    """Have `feedd status` hear of what tasks meet, and the service manager that all is alive."""
    noted: list[TaskTrouble] | None = None

    async def note_troubles() -> None:
        nonlocal noted
        troubles = list(engine.supervisor.troubles.values())
        if troubles != noted:
            await engine.store.call(measurements.note_task_troubles, troubles)
            noted = troubles

    async def tell_alive() -> None:
        """The watchdog hears from us only while loop and store both answer."""
        await engine.store.call(lambda db: db.execute("SELECT 1").fetchone())
        manager.alive()

    rota.every(NOTED_EVERY, "noting errors", note_troubles)
    alive_s = notify.watchdog_interval_s(os.environ, os.getpid())
    if alive_s:
        rota.every(timedelta(seconds=alive_s), "watchdog", tell_alive)


def plan_upkeep(rota: Rota, engine: Engine) -> None:
    """Have it all done in its time, and none of it with the start."""
    minute = timedelta(minutes=1)
    stories = partial(engine.find_stories, within_s=STORIES_WITHIN_S)
    for name, step, every, first_after in (
        ("upkeep", partial(tidy, engine), timedelta(days=1), 9 * minute),
        ("cleaning articles again", engine.recleaner.go_on, 5 * minute, 5 * minute),
        ("poll cost", partial(refresh_poll_cost, engine), timedelta(hours=6), minute),
        ("on_broken", partial(tell_troubles, engine), timedelta(hours=1), 2 * minute),
        ("stories", stories, STORIES_EVERY, STORIES_EVERY),
        ("search index", engine.rebuild_index, minute, minute / 12),
        ("memory", partial(give_back_memory, engine), minute, minute),
    ):
        rota.every(every, name, step, first_after=first_after)


async def tidy(engine: Engine) -> None:
    """Drop what is older than the file says to keep, and put the database in good order. Raises
    StoreError, as all here do.
    """
    config = engine.poller.config
    if config.drops:
        done = await engine.store.call(
            retention.prune, int(engine.clock()), config.settings.retention, config.retentions
        )
        log.info(
            "pruned %d items older than the file says to keep", sum(each.pruned for each in done)
        )
    await engine.store.call(compaction.optimise)


async def tell_troubles(engine: Engine) -> None:
    """Run `on_broken` for feeds that are in trouble for long, or no more."""
    await hooks.tell_troubles(engine.store, engine.poller.config, int(engine.clock()))


async def give_back_memory(engine: Engine) -> None:
    """Keep no memory that only a busy time needs, and nothing that hangs together in a circle."""
    if not engine.poller.under_way:
        gc.collect()
    await engine.store.call(compaction.give_back_memory)


async def refresh_poll_cost(engine: Engine) -> None:
    """Work out anew what a poll costs, from what is known of all feeds (see `schedule`)."""
    await engine.store.call(_refresh_poll_cost, engine.poller.config.settings)


def _refresh_poll_cost(db: sqlite3.Connection, settings: Settings) -> None:
    rhythms = feed_store.rhythms(db, schedule.FEEDS_AT_MOST)
    pace = schedule.Pace(
        settings.interval_s, settings.min_interval_s, settings.max_interval_s, settings.adaptive
    )
    set_meta(db, POLL_COST_KEY, repr(schedule.poll_cost_for(rhythms, pace)))


async def spread_backlog(engine: Engine, rng: random.Random, *, since: str) -> None:
    """After a pause everything is overdue at once: feeds are asked in order of lateness, spread
    over hosts and seconds (rule 12). Raises StoreError.
    """
    overdue, lasts_s = await engine.store.call(_spread, int(engine.clock()), rng, since)
    if overdue > 1:
        log.info("%d feeds fell due before %s; asked within %d s", overdue, since, lasts_s + 1)


def _spread(db: sqlite3.Connection, now: int, rng: random.Random, since: str) -> tuple[int, int]:
    """The same in the store's thread, since ten thousand would hold up the loop: how many feeds,
    and how long until the last.
    """
    overdue = polls.overdue(db, now)
    turns = [(feed_id, queue_of(url), since_s or now) for feed_id, url, since_s in overdue]
    starts = schedule.spread_backlog(turns, now, rng)
    polls.postpone(
        db, starts, f"fell due before {since}; asked in its turn, the most overdue first"
    )
    return len(overdue), max(starts.values(), default=now) - now
