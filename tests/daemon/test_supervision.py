"""No background task dies unseen: an error is logged once, counted, shown by status, and gone on
from.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from feedd import configfile, listener, notify, schedule
from feedd.cli.status import report_lines
from feedd.daemon import Daemon, due_feeds, housekeeping, lifecycle
from feedd.errors import StoreError
from feedd.metrics import exporter
from feedd.model import Config
from feedd.poller import feed_poller, hooks, tasks
from feedd.poller.recorder import PollReport
from feedd.poller.tasks import GIVE_UP_AFTER, Supervisor, TaskGivenUpError
from feedd.store import articles, hubs, items, measurements, polls, recovery, similarity
from feedd.store.database import open_reader, open_writer
from feedd.store.feeds import sync_feeds
from feedd.store.measurements import feed_totals, stats, task_troubles
from feedd.store.search import index
from feedd.store.upkeep import compaction
from tests.loopback import Loopback
from tests.poller.conftest import rss

PATIENCE_S = 30.0


@dataclass(frozen=True)
class Fault:
    """Where an error is met: a function that a task calls, and what makes the task call it."""

    task: str
    where: object
    function: str
    begin: Callable[[Daemon], object] = lambda daemon: None
    at_start: bool = False
    """It is called once, when the daemon starts."""


def again(name: str) -> Callable[[Daemon], object]:
    """A job of the timetable, long before its time."""
    return lambda running: running._rota.hurry(name)


def a_new_item(running: Daemon) -> None:
    assert running._engine is not None
    running._engine.new_item_hook.tell(PollReport("a", 200, items=((1, "One"),)))


def a_reload(running: Daemon) -> None:
    signal.raise_signal(signal.SIGHUP)


FAULTS = (
    Fault("schedule", polls, "due"),
    Fault("polls", notify.Manager, "status", again("schedule")),
    Fault("polling", feed_poller, "size_of", again("schedule")),
    Fault("storing polls", feed_poller, "decide_and_record", again("schedule")),
    Fault("noting errors", measurements, "note_task_troubles", at_start=True),
    Fault("upkeep", compaction, "optimise", again("upkeep")),
    Fault(
        "cleaning articles again",
        articles,
        "without_blocks",
        again("cleaning articles again"),
    ),
    Fault("search index", index, "rebuild_step", again("search index")),
    Fault("stories", similarity, "find_stories", again("stories")),
    Fault("poll cost", schedule, "poll_cost_for", again("poll cost")),
    Fault("memory", compaction, "give_back_memory", again("memory")),
    Fault("watchdog", notify.Manager, "alive"),
    Fault("article pages", articles, "page_jobs"),
    Fault("archives", recovery, "next_gap"),
    Fault("lost feeds", recovery, "next_search"),
    Fault("clock", lifecycle, "clock_set_back", at_start=True),
    Fault("reload", configfile, "load", a_reload),
    Fault("listening for hubs", listener, "listen", at_start=True),
    Fault("subscriptions", hubs, "to_attend"),
    Fault("metrics", exporter, "listen", at_start=True),
    Fault("on_new", items, "items_of", a_new_item),
    Fault("on_broken", hooks, "tell_troubles", again("on_broken")),
)


class Broken:
    """A function that raises as long as it is told to, and works after that."""

    def __init__(self, works: Callable[..., Any], error: Exception) -> None:
        self.error: Exception | None = error
        self.worked = 0

        def function(*args: Any, **kwargs: Any) -> Any:
            if self.error is not None:
                raise self.error
            self.worked += 1
            return works(*args, **kwargs)

        self.function = function


async def eventually(found: Callable[[], object], what: str, nudge: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not found():
            nudge()
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(config: Path) -> AsyncIterator[Daemon]:
    one = Daemon(config, manager=notify.Manager({}))
    one.supervisor._pause_s = 0.01
    work = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        one._stop.set()
        await asyncio.wait_for(work, PATIENCE_S)


def status_of(config: Path, one: Daemon) -> str:
    database = config.parent / "feedd.db"
    with closing(open_reader(database)) as db:
        feeds, troubles = feed_totals(db, 0), task_troubles(db)
        return "\n".join(report_lines(one._config, 1, stats(db), feeds, 0, troubles=troubles))


@pytest.fixture
def config(tmp_path: Path, loopback: Loopback) -> Path:
    loopback.on("/a", rss("one"))
    loopback.on("/b", rss("two"))
    file = tmp_path / "config.toml"
    file.write_text(
        '[feedd]\ndatabase = "feedd.db"\nallow_private_hosts = true\narticles = "never"\n'
        'min_interval = "1s"\ninterval = "1s"\nadaptive = false\n'
        'websub_callback = "https://reader.example/push"\nwebsub_listen = "127.0.0.1:0"\n'
        'metrics = "127.0.0.1:0"\non_new = "true"\n'
        f'[feeds]\na = "{loopback.url("/a")}"\nb = "{loopback.url("/b")}"\n'
    )
    return file


@pytest.mark.parametrize("error", [ValueError("a bug"), OSError(5, "bad luck")], ids=["bug", "os"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.task)
def test_a_task_that_meets_an_error_is_seen_and_goes_on(
    fault: Fault,
    error: Exception,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(lifecycle, "TICK_S", 0.05)
    monkeypatch.setattr(lifecycle, "BESIDE_S", 0.05)
    monkeypatch.setattr(housekeeping, "NOTED_EVERY", timedelta(seconds=0.05))
    monkeypatch.setenv("WATCHDOG_USEC", "100000")
    monkeypatch.setattr(tasks, "MACHINE_PAUSE_S", 0.05)
    monkeypatch.setattr(tasks, "LONGEST_PAUSE_S", 0.05)
    monkeypatch.setattr(tasks, "SETTLED_S", 0.3)
    monkeypatch.setattr(tasks, "GIVE_UP_AFTER", 10**6)
    caplog.set_level(logging.INFO, "feedd")

    broken = Broken(getattr(fault.where, fault.function), error)
    if fault.at_start:
        monkeypatch.setattr(fault.where, fault.function, broken.function)

    async def story() -> None:
        async with running(config) as one:
            supervisor = one.supervisor
            await eventually(lambda: one._engine and one._rota._jobs, "it runs", lambda: None)
            monkeypatch.setattr(fault.where, fault.function, broken.function)
            begin = partial(fault.begin, one)
            await eventually(lambda: supervisor.errors[fault.task] >= 2, "it is counted", begin)
            if fault.task != "noting errors":
                line = f": {fault.task}: "
                await eventually(lambda: line in status_of(config, one), "status names it", begin)
            broken.error = None
            await eventually(lambda: broken.worked, "it goes on", begin)
            await eventually(
                lambda: fault.task not in supervisor.troubles, "nothing is left of it", begin
            )
            await eventually(
                lambda: f": {fault.task}: " not in status_of(config, one), "nor in status", begin
            )

    asyncio.run(story())
    lines = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert [r.getMessage().partition(":")[0] for r in lines] == [fault.task]


def test_a_task_that_polling_needs_and_that_cant_go_on_ends_the_daemon(
    config: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The service manager starts it afresh; a daemon that polls nothing would look alive."""
    monkeypatch.setattr(lifecycle, "TICK_S", 0.02)
    one = Daemon(config, manager=notify.Manager({}))
    due = polls.due

    def breaks(*args: Any) -> Any:
        if one._engine is None or not one._rota._jobs:  # it is called at the start as well
            return due(*args)
        raise ValueError("a bug")

    monkeypatch.setattr(polls, "due", breaks)

    async def story() -> None:
        async with asyncio.timeout(PATIENCE_S):
            await one.run()

    with pytest.raises(TaskGivenUpError, match="schedule failed 10 times in a row"):
        asyncio.run(story())
    assert one.supervisor.errors["schedule"] == GIVE_UP_AFTER
    assert "feedd ends" in caplog.text


def test_feeds_that_are_due_beyond_what_there_is_room_for_follow_at_once(
    config: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_feeds, "DUE_AT_ONCE", 2)
    monkeypatch.setattr(due_feeds, "UNDER_WAY_AT_MOST", 3)
    monkeypatch.setattr(lifecycle, "TICK_S", 3_600)
    names = [f"f{number}" for number in range(11)]
    for name in names:
        loopback.on(f"/{name}", rss(name))
    lines = (f'{name} = "{loopback.url(f"/{name}")}"\n' for name in names)
    config.write_text(config.read_text() + "".join(lines))

    def came() -> int:
        with closing(open_reader(config.parent / "feedd.db")) as db:
            return items.latest_id(db)

    async def story() -> None:
        async with running(config) as one:
            await eventually(lambda: one._engine is not None, "it runs", lambda: None)
            await eventually(lambda: came() >= len(names), "all are asked", lambda: None)

    asyncio.run(story())


def test_what_a_file_says_as_before_stays_in_memory_where_it_is(config: Path) -> None:
    text = config.read_text()
    config.write_text(text + 'x = "https://x.example/"\ny = "https://y.example/"\n')
    live = lifecycle.LiveConfig(config)
    before = dict(live.config.feeds)
    config.write_text(
        'z = "https://z.example/"\n'.join((text, 'x = "https://x.example/"\n'))
        + 'y = { url = "https://y.example/", title = "Why" }\n'
    )

    async def story() -> Config:
        assert await live.has_changed()
        new = await live.read_again()
        assert not await live.has_changed()
        assert live.config.feeds == before, "it is not in force yet"
        await live.take_up(new)
        return live.config

    now = asyncio.run(story())
    assert now == configfile.load(config)
    assert list(now.feeds)[-3:] == ["z", "x", "y"]
    assert now.feeds["x"] is before["x"]
    assert now.feeds["y"].title == "Why"
    assert live.enabled == len(now.feeds)


def test_an_error_that_comes_and_goes_is_logged_once_an_hour(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_790_000_000.0
    supervisor = Supervisor(clock=lambda: now)

    async def fails() -> None:
        raise ValueError("a bug")

    async def works() -> None:
        pass

    async def story(times: int) -> None:
        for _ in range(times):
            assert not await supervisor.attempt("metrics", fails)
            assert await supervisor.attempt("metrics", works)

    def told() -> int:
        return caplog.text.count("metrics: ValueError: a bug")

    asyncio.run(story(50))
    assert told() == 1
    assert supervisor.errors["metrics"] == 50
    now += 3601
    asyncio.run(story(1))
    assert told() == 2


def test_a_task_cancelled_from_within_goes_on() -> None:
    """A library that cancels whoever waits for it must not end a task for good."""
    supervisor = Supervisor(pause_s=0.001)
    going_on = asyncio.Event()

    async def step() -> None:
        if supervisor.errors["metrics"] < 2:
            raise asyncio.CancelledError
        going_on.set()
        await asyncio.Event().wait()

    async def story() -> None:
        task = asyncio.create_task(supervisor.keep_running("metrics", step))
        await asyncio.wait_for(going_on.wait(), PATIENCE_S)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(story())


def test_a_task_outlives_an_error_in_what_is_done_about_a_broken_database() -> None:
    async def fails(error: StoreError) -> None:
        raise ValueError("a bug")

    async def step() -> None:
        raise StoreError("the disk is full")

    supervisor = Supervisor(store_failed=fails)
    assert asyncio.run(supervisor.attempt("upkeep", step)) is False
    assert supervisor.errors["upkeep"] == 2


def test_a_feed_is_asked_when_it_falls_due_not_when_the_store_is_looked_at_next(
    config: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "TICK_S", 3600)
    loaded, now = configfile.load(config), int(time.time())
    with closing(open_writer(loaded.settings.database)) as db:
        sync_feeds(db, loaded.feeds.values(), now)
        polls.postpone(db, {1: now + 1, 2: now + 2}, "a test")

    async def story() -> None:
        async with running(config):
            asked = partial(loopback.seen_for, "/b")
            await eventually(asked, "the second feed", lambda: None)

    asyncio.run(story())
    assert loopback.seen_for("/a")
