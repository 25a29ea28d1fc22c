"""The daemon: due times live in the database; the rota only wakes the poller, so a restart changes
nothing. Upkeep (retention, planner statistics, the price of a poll) is scheduled beside it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from pathlib import Path

from feedd import configfile, notify
from feedd.daemon.backlog import spread_backlog
from feedd.daemon.rota import Rota, clock_set_back
from feedd.errors import ConfigError, DatabaseGoneError, StoreError
from feedd.metrics.exporter import Exporter
from feedd.metrics.tally import Tally
from feedd.model import Article, PageJob
from feedd.poller.engine import Engine, open_engine
from feedd.poller.housekeeping import give_back, price, reclean, tidy
from feedd.poller.network import NETWORK_WORDS, Network, askable_without
from feedd.poller.polling import Batch, PollReport
from feedd.store import due_times
from feedd.store.database import hold_daemon_lock

log = logging.getLogger("feedd")

TICK_S = 5
"""How often the store is asked what is due: one look at an index."""

DUE_AT_ONCE = 1_000
"""So many more feeds a tick: to put ten thousand in line would hold up the loop. (Those under way
are due as well until they are stored.)"""

STOP_WITHIN_S = 8.0
"""After SIGTERM, so long for what is under way; the rest is abandoned and asked again later."""

SLEPT_S = 120
"""A tick so late means the machine slept: the backlog is spread as after a restart."""

OFFLINE_PROBE_S = 60
"""With the network down, one feed is tried this often (rule 41)."""

STORE_RETRY_S = 30
"""After the database failed (disk full, say), so long until the next try."""


class Daemon:
    """One daemon, from start to stop. `run` returns the process's exit code.

    `announce` is called with every poll's report, for a foreground run to show.
    """

    def __init__(
        self,
        config_path: Path,
        *,
        manager: notify.Manager,
        announce: Callable[[PollReport], None] = lambda report: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._config = configfile.load(config_path)
        self._manager = manager
        self._announce = announce
        self._clock = clock
        self._rng = random.Random()
        self._stop = asyncio.Event()
        self._reopen = asyncio.Event()
        self._last_tick = clock()
        self._tally = Tally(since=clock())
        self._paused_until = 0.0
        self._network: Network = "up"
        self._under_way: set[asyncio.Task[None]] = set()
        self._rota = Rota()

    async def run(self) -> int:
        """Poll until told to stop. Raises StoreError and ConfigError at start-up only."""
        loop = asyncio.get_running_loop()
        with hold_daemon_lock(self._config.settings.database):
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self._stop.set)
            while not self._stop.is_set():
                self._reopen.clear()
                await self._serve()
        log.info("stopped")
        return 0

    async def _serve(self) -> None:
        """Run one engine: until the end, or until changed settings ask for a new one."""
        loop = asyncio.get_running_loop()
        async with open_engine(
            self._config, polled=self._polled, cleaned=self._cleaned, clock=self._clock
        ) as engine:
            await engine.subscriber.begin()
            await spread_backlog(engine, self._rng, since="this start")
            self._rota = rota = self._planned(engine)
            rota.start()
            loop.add_signal_handler(signal.SIGHUP, lambda: self._keep(self._reload(engine)))
            queues = (engine.pages.fetch_due, engine.archives.fill_gaps, engine.rescue.search_due)
            workers = [asyncio.create_task(self._work_off(engine, queue)) for queue in queues]
            exporter = Exporter(self._config.settings.metrics, engine, self._tally)
            besides = (engine.subscriber.serve(), exporter.serve(), self._mind_clock(engine))
            workers += map(asyncio.create_task, besides)
            self._manager.ready(self._status_line())
            log.info("ready: %s", self._status_line())
            try:
                await _first(self._stop, self._reopen)
            finally:
                if self._stop.is_set():
                    self._manager.stopping("finishing what is under way")
                    log.info("stopping")
                rota.pause()
                await self._finish()
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)
                rota.close()

    def _planned(self, engine: Engine) -> Rota:
        rota = Rota()
        rota.every(timedelta(seconds=TICK_S), self._tick, engine)
        rota.every(timedelta(days=1), tidy, engine, first_after=timedelta(minutes=9))
        rota.every(timedelta(minutes=5), reclean, engine, first_after=timedelta(minutes=5))
        rota.every(timedelta(hours=6), price, engine, first_after=timedelta(minutes=1))
        rota.every(timedelta(minutes=1), give_back, engine, first_after=timedelta(minutes=1))
        alive_s = notify.watchdog_interval_s(os.environ, os.getpid())
        if alive_s:
            rota.every(timedelta(seconds=alive_s), self._alive, engine)
        return rota

    # ------------------------------------------------------------ jobs

    async def _tick(self, engine: Engine) -> None:
        now = self._clock()
        slept = now - self._last_tick > SLEPT_S
        self._last_tick = now
        if now < self._paused_until:
            return
        try:
            if slept:
                await spread_backlog(engine, self._rng, since="the pause")
            most = DUE_AT_ONCE + engine.poller.under_way
            due = await engine.store.call(due_times.due, int(now), most)
        except StoreError as error:
            await self._store_failed(engine, error)
            return
        if due and engine.poller.network != "up":
            due = askable_without(due, self._rng)
            self._paused_until = now + OFFLINE_PROBE_S
        if due:
            batch = engine.poller.submit(due)
            self._keep(self._see_through(engine, batch))

    async def _see_through(self, engine: Engine, batch: Batch) -> None:
        try:
            await batch.finished()
        except StoreError as error:
            await self._store_failed(engine, error)
            return
        except Exception as error:
            log.error("unexpected %s: %s; a bug, please report it", type(error).__name__, error)
        network = engine.poller.network
        if network != "up" and self._network == "up":
            self._paused_until = self._clock() + OFFLINE_PROBE_S
            log.warning(
                "%s: waiting for it; no feed is blamed; feedd demo needs none",
                NETWORK_WORDS[network],
            )
        elif network == "up" and self._network != "up":
            self._paused_until = 0.0
            log.info("the network is back")
            await spread_backlog(engine, self._rng, since="the pause")
        self._network = network
        self._manager.status(self._status_line())

    async def _alive(self, engine: Engine) -> None:
        """The watchdog hears from us only while loop and store both answer."""
        await engine.store.call(lambda db: db.execute("SELECT 1").fetchone())
        self._manager.alive()

    async def _mind_clock(self, engine: Engine) -> None:
        while True:
            back_s = await clock_set_back(self._clock)
            log.warning("the clock went back: nothing waits any longer for that")
            self._paused_until = 0.0
            self._rota.follow_clock(back_s)
            try:
                await engine.follow_clock(int(back_s))
            except StoreError as error:
                await self._store_failed(engine, error)

    async def _work_off(self, engine: Engine, queue: Callable[[], Awaitable[object]]) -> None:
        while True:
            try:
                if engine.poller.network == "up":
                    await queue()
            except StoreError as error:
                await self._store_failed(engine, error)
                await asyncio.sleep(STORE_RETRY_S)
            await asyncio.sleep(TICK_S)

    # ------------------------------------------------------------ events

    def _polled(self, report: PollReport) -> None:
        if report.error:
            log.warning("%s: %s", report.feed, report.error)
        else:
            log.debug(
                "%s: %s, %d new, %d changed", report.feed, report.status, report.new, report.changed
            )
        self._tally.polled(report)
        self._announce(report)

    def _cleaned(self, job: PageJob, article: Article) -> None:
        self._tally.cleaned(article)

    async def _reload(self, engine: Engine) -> None:
        """SIGHUP: take up the file as it is now; a bad one is reported and changes nothing."""
        self._manager.reloading()
        self._paused_until = 0.0  # who asks for a reload may have made room on the disk
        old = self._config
        try:
            new = await asyncio.to_thread(configfile.load, old.path)
            if new.settings.database != old.settings.database:
                raise ConfigError(["database has changed: restart feedd to use another one"])
            self._config = new
            if new.settings == old.settings:
                await engine.use(new)
            else:
                self._reopen.set()
            log.info("reloaded %s: %d feeds", new.path, len(new.feeds))
        except ConfigError as error:
            for problem in error.problems:
                log.error("%s", problem)
            log.error("the old configuration stays in force")
        except StoreError as error:
            await self._store_failed(engine, error)
        if not self._reopen.is_set():  # this engine goes on
            self._rota.hurry(self._tick)
        self._manager.ready(self._status_line())

    async def _store_failed(self, engine: Engine, error: StoreError) -> None:
        """Nothing is asked while nothing can be kept; then the database is opened anew."""
        if self._clock() >= self._paused_until:
            log.error("%s; trying again every %d s", error, STORE_RETRY_S)
        self._paused_until = self._clock() + STORE_RETRY_S
        try:
            await engine.store.reopen()
            await engine.use(self._config)  # another file in its place knows no feeds yet
            if isinstance(error, DatabaseGoneError):  # that was all that was wrong
                self._paused_until = 0.0
                self._rota.hurry(self._tick)
        except StoreError as again:
            log.debug("still failing: %s", again)

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        """Do this beside the rest; stopping waits for it. (The loop alone would let it be lost.)"""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _finish(self) -> None:
        waiting = set(self._under_way)
        if waiting:
            _, left = await asyncio.wait(waiting, timeout=STOP_WITHIN_S)
            for task in left:
                task.cancel()

    def _status_line(self) -> str:
        enabled = sum(feed.enabled for feed in self._config.feeds.values())
        return f"{enabled} feed{'' if enabled == 1 else 's'}" + (
            ", waiting for the network" if self._network != "up" else ""
        )


async def _first(*events: asyncio.Event) -> None:
    tasks = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
