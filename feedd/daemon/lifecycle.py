"""The daemon: due times live in the database; the rota only wakes the poller, so a restart changes
nothing. Every task runs under a supervisor (`feedd.poller.tasks`).
"""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from feedd import configfile, notify
from feedd.daemon.due_feeds import JOB, DueFeeds
from feedd.daemon.housekeeping import plan_reports, plan_upkeep, spread_backlog
from feedd.daemon.rota import Rota, clock_set_back
from feedd.errors import ConfigError, DatabaseGoneError, OverwrittenError, StoreError
from feedd.metrics.exporter import Exporter
from feedd.metrics.tally import Tally
from feedd.model import Article, Config, FeedConfig, PageJob
from feedd.own_files import version_of
from feedd.poller.engine import Engine, open_engine
from feedd.poller.recorder import PollReport
from feedd.poller.references import warn_of_problems
from feedd.poller.tasks import Step, Supervisor
from feedd.store.daemon_lock import hold_daemon_lock
from feedd.units import number_of
from feedd.workers.dispatcher import calm_collector

log = logging.getLogger("feedd")

TICK_S = 2
"""How often the store is asked what is due, at least: one look at an index. It is also asked when
the next feed falls due by what it said last time."""

BESIDE_S = 5
"""How often the other queues are looked at."""

STOP_WITHIN_S = 8.0
"""After SIGTERM, so long for what is under way; the rest is abandoned and asked again later."""

STORE_RETRY_S = 30
"""After the database failed (disk full, say), so long until the next try."""

WATCH_S = 3
"""How often the configuration file is looked at."""


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
        self._live = LiveConfig(config_path)
        self._manager = manager
        self._announce = announce
        self._clock = clock
        self._rng = random.Random()
        self._stop = asyncio.Event()
        self._reload_asked = asyncio.Event()
        self._reopen = asyncio.Event()
        self._tally = Tally(since=clock())
        self._due = DueFeeds(
            clock=clock,
            rng=self._rng,
            keep=self._keep,
            followed=lambda: manager.status(self._status_line()),
        )
        self._under_way: set[asyncio.Task[bool]] = set()
        self._engine: Engine | None = None
        self.supervisor = Supervisor(clock=clock, store_failed=self._store_failed)
        self._rota = Rota(self.supervisor)
        self._overwritten: OverwrittenError | None = None

    @property
    def _config(self) -> Config:
        return self._live.config

    async def run(self) -> int:
        """Poll until told to stop. Raises StoreError and ConfigError at start-up only,
        TaskGivenUpError where a task that polling needs can't go on, and OverwrittenError where a
        copy was put over the database.
        """
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._note_stray)
        with hold_daemon_lock(self._config.settings.database):
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self._stop.set)
            # Also one that comes before there is anything to reload: it waits.
            loop.add_signal_handler(signal.SIGHUP, self._reload_asked.set)
            # Hundreds at once fill the loop's own pipe: one of a kind is enough, and no error.
            signal.set_wakeup_fd(signal.set_wakeup_fd(-1), warn_on_full_buffer=False)
            while not self._stop.is_set():
                self._reopen.clear()
                await self._serve()
        if self._overwritten is not None:
            raise self._overwritten
        log.info("stopped")
        return 0

    async def _serve(self) -> None:
        """Run one engine: until the end, or until changed settings ask for a new one."""
        async with open_engine(
            self._config,
            polled=self._polled,
            cleaned=self._cleaned,
            clock=self._clock,
            supervisor=self.supervisor,
        ) as engine:
            self._engine = engine
            await engine.subscriber.begin()
            await spread_backlog(engine, self._rng, since="this start")
            self._rota = rota = self._planned(engine)
            rota.start()
            tasks = [
                asyncio.create_task(self.supervisor.keep_running(name, step, every_s=every_s))
                for name, step, every_s in self._tasks(engine)
            ]
            self._manager.ready(self._status_line())
            log.info("ready: %s", self._status_line())
            self._keep("configuration", partial(warn_of_problems, self._config))
            try:
                await self.supervisor.until(self._stop, self._reopen)
            finally:
                if self._stop.is_set():
                    self._manager.stopping("finishing what is under way")
                    log.info("stopping")
                rota.pause()
                await self._finish()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                rota.close()
                self._engine = None

    def _planned(self, engine: Engine) -> Rota:
        """What is done at intervals."""
        rota = Rota(self.supervisor)
        tick = timedelta(seconds=TICK_S)
        rota.every(tick, JOB, partial(self._due.take_up, engine, rota), essential=True)
        plan_reports(rota, engine, self._manager)
        plan_upkeep(rota, engine)
        return rota

    def _tasks(self, engine: Engine) -> list[tuple[str, Step, float]]:
        """What goes on all the time: its name, its step, and the seconds between two of them."""
        settings = self._config.settings
        exporter = Exporter(settings.metrics, engine, self._tally)
        online = partial(partial, self._with_network, engine)
        tasks: list[tuple[str, Step, float]] = [
            ("article pages", online(engine.pages.fetch_due), BESIDE_S),
            ("archives", online(engine.archives.fill_gaps), BESIDE_S),
            ("lost feeds", online(engine.relocator.search_due), BESIDE_S),
            ("clock", partial(self._follow_clock, engine), 0),
            ("reload", partial(self._reload_when_asked, engine), 0),
            ("watching the file", self._watch_file, WATCH_S),
        ]
        if settings.websub_callback is not None:
            tasks.append(("listening for hubs", engine.subscriber.serve, BESIDE_S))
            tasks.append(("subscriptions", engine.subscriber.attend, BESIDE_S))
        if settings.metrics is not None:
            tasks.append(("metrics", exporter.serve, BESIDE_S))
        return tasks

    # ------------------------------------------------------------ steps

    async def _follow_clock(self, engine: Engine) -> None:
        back_s = await clock_set_back(self._clock)
        log.warning("the clock went back: nothing waits any longer for that")
        self._due.paused_until = 0.0
        self._rota.follow_clock(back_s)
        await engine.follow_clock(int(back_s))

    async def _with_network(self, engine: Engine, step: Callable[[], Awaitable[object]]) -> None:
        if engine.poller.network == "up":
            await step()

    async def _watch_file(self) -> None:
        """A configuration file that has changed is taken up as after SIGHUP."""
        if await self._live.has_changed():
            self._reload_asked.set()

    async def _reload_when_asked(self, engine: Engine) -> None:
        await self._reload_asked.wait()
        self._reload_asked.clear()
        await self._reload(engine)

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
        self._due.paused_until = 0.0  # who asks for a reload may have made room on the disk
        old = self._config.settings
        try:
            new = await self._live.read_again()
            if new.settings.database != old.database:
                raise ConfigError(["database has changed: restart feedd to use another one"])
            await self._live.take_up(new)
            if new.settings == old:
                await engine.use(new)
                calm_collector()
            else:
                self._reopen.set()
            log.info("reloaded %s: %d feeds", new.path, len(new.feeds))
            self._keep("configuration", partial(warn_of_problems, self._config))
        except ConfigError as error:
            for problem in error.problems:
                log.error("%s", problem)
            log.error("the old configuration stays in force")
        except StoreError as error:
            await self._store_failed(error)
        if not self._reopen.is_set():  # this engine goes on
            self._rota.hurry(JOB)
        self._manager.ready(self._status_line())

    async def _store_failed(self, error: StoreError) -> None:
        """Nothing is asked while nothing can be kept; then the database is opened anew. One that
        was overwritten ends the daemon.
        """
        if isinstance(error, OverwrittenError):
            self._overwritten = error
            self._stop.set()
            return
        if self._clock() >= self._due.paused_until:
            log.error("%s; trying again every %d s", error, STORE_RETRY_S)
        self._due.paused_until = self._clock() + STORE_RETRY_S
        if self._engine is None:
            return
        try:
            await self._engine.store.reopen()
            await self._engine.use(self._config)  # another file in its place knows no feeds yet
            if isinstance(error, DatabaseGoneError):  # that was all that was wrong
                self._due.paused_until = 0.0
                self._rota.hurry(JOB)
        except OverwrittenError as overwritten:
            await self._store_failed(overwritten)
        except StoreError as again:
            log.debug("still failing: %s", again)

    def _note_stray(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An error that no task of ours met: of a callback, or of a library's own task."""
        error = context.get("exception")
        said = error if isinstance(error, Exception) else RuntimeError(context["message"])
        self.supervisor.note("event loop", said)

    def _keep(self, name: str, step: Step) -> None:
        """Do this beside the rest; stopping waits for it. (The loop alone would let it be lost.)"""
        task = asyncio.create_task(self.supervisor.attempt(name, step))
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
        waiting = ", waiting for the network" if self._due.network != "up" else ""
        return number_of(enabled, "feed") + waiting


# ---------------------------------------------------------------- its configuration


class LiveConfig:
    """The configuration in force: `config`; `enabled` of its feeds are polled. Raises ConfigError.

    There may be a hundred thousand. What the file says of a feed as before stays the object that it
    was, so that memory stays as it is, and what is not needed any more is let go of bit by bit: all
    at once would hold up the loop, whichever thread does it.
    """

    def __init__(self, path: Path) -> None:
        self._version = version_of(path)
        self._is_missed = False
        self._put_in_force(configfile.load(path))

    def _put_in_force(self, config: Config) -> None:
        self.config = config
        self.enabled = sum(feed.enabled for feed in config.feeds.values())

    async def has_changed(self) -> bool:
        """Is the file another one than was read last, or gone? An editor may put it back at once:
        it is gone when that is seen twice.
        """
        version = await asyncio.to_thread(version_of, self.config.path)
        was_missed, self._is_missed = self._is_missed, version is None
        return version != self._version and (version is not None or was_missed)

    async def read_again(self) -> Config:
        """The file as it is now, not in force yet. Raises ConfigError."""
        self._version = await asyncio.to_thread(version_of, self.config.path)
        return await asyncio.to_thread(_read, self.config)

    async def take_up(self, config: Config) -> None:
        """From now on this is in force."""
        await asyncio.to_thread(self._put_in_force, config)


def _read(old: Config) -> Config:
    """The file of `old` as it is now, with what is as in `old` taken from there."""
    new = configfile.load(old.path)
    read = dict(new.feeds)
    feeds: dict[str, FeedConfig] = {}
    new = new._replace(feeds=feeds)
    for name in list(read):
        feed, known = read.pop(name), old.feeds.get(name)
        if known == feed:
            feeds[known.name] = known
        else:
            feeds[name] = feed
    return new
