"""Background tasks and their supervisor, and the thread that owns the database.

No task dies unseen, and none is given up for one error.

An error is logged once with the name of its task, counted, and the task goes on after a pause that
grows. Whoever shows how feedd does (`feedd status`, the metrics) finds in `Supervisor.troubles`
what fails at present. A task without which feedd is of no use and that fails again and again ends
the process, so that the service manager starts it afresh.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, Self, TypeVar

from msgspec.structs import replace

from feedd.errors import DatabaseGoneError, FeeddError, StoreError, is_machine_trouble
from feedd.model import TaskTrouble
from feedd.store.database import Turn, end_turn, open_turns, open_writer, take_turn
from feedd.store.sqlite import WatchedConnection
from feedd.units import HOUR_S, format_duration

log = logging.getLogger("feedd.tasks")

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 60.0
"""After an error a task waits so long; twice as long after each further one, up to this."""

MACHINE_PAUSE_S: Final = 15.0
"""After a shortage of the machine's (descriptors, memory, disk), so long until the next try."""

SETTLED_S: Final = 60.0
"""A task that has run for so long since its last error works again."""

GIVE_UP_AFTER: Final = 10
"""After so many errors in a row, some five minutes, an essential task is given up."""

LOG_AGAIN_S: Final = HOUR_S
"""The same error of the same task is logged once in so long."""

ERROR_CHARACTERS: Final = 300

Step = Callable[[], Awaitable[object]]
"""One step of a task's work. A task is its steps, one after the other."""


class TaskGivenUpError(FeeddError):
    """A task without which feedd is of no use fails again and again."""


class Supervisor:
    """Keeps tasks running. `errors` counts by task since the start, `troubles` are those of now.

    `store_failed` is told of a database that can't be used, which is no task's fault.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        store_failed: Callable[[StoreError], Awaitable[None]] | None = None,
        pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self.errors: Counter[str] = Counter()
        self.troubles: dict[str, TaskTrouble] = {}
        self.given_up = asyncio.Event()
        self._clock = clock
        self._store_failed = store_failed
        self._pause_s = pause_s
        self._reason = ""
        self._logged: dict[str, tuple[str, float]] = {}

    async def keep_running(
        self, name: str, step: Step, *, every_s: float = 0.0, essential: bool = False
    ) -> None:
        """Take one step after the other, `every_s` apart, whatever errors they meet; until
        cancelled, or given up.
        """
        in_a_row = 0
        while True:
            error = await self._attempt(name, step)
            if error is None:
                in_a_row = 0
                await asyncio.sleep(every_s)
                continue
            if _passes(error):
                await asyncio.sleep(MACHINE_PAUSE_S)
                continue
            in_a_row += 1
            if essential and in_a_row >= GIVE_UP_AFTER:
                self._give_up(name, error)
                return
            await asyncio.sleep(min(self._pause_s * 2 ** (in_a_row - 1), LONGEST_PAUSE_S))

    async def attempt(self, name: str, step: Step, *, essential: bool = False) -> bool:
        """One step of a task that is called again by others; did it go well?"""
        error = await self._attempt(name, step)
        if essential and error is not None and not _passes(error):
            trouble = self.troubles.get(name)
            if trouble is not None and trouble.count >= GIVE_UP_AFTER:
                self._give_up(name, error)
        return error is None

    def note(self, name: str, error: Exception) -> None:
        """Count and log an error that was met outside of any step."""
        now = self._clock()
        self.errors[name] += 1
        words = in_words(error)
        logged, at = self._logged.get(name, ("", 0.0))
        if logged != words or not 0 <= now - at < LOG_AGAIN_S:
            self._logged[name] = (words, now)
            log.error("%s: %s; the rest goes on", name, words)
        log.debug("%s", name, exc_info=None if isinstance(error, FeeddError) else error)

    async def until(self, *events: asyncio.Event) -> None:
        """Wait for one of these. Raises TaskGivenUpError where a task is given up before."""
        waiting = [asyncio.ensure_future(one.wait()) for one in (*events, self.given_up)]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()
        if not any(event.is_set() for event in events):
            raise TaskGivenUpError(self._reason)

    async def _attempt(self, name: str, step: Step) -> Exception | None:
        """Take a step; returns the error that it met."""
        settled = None
        if name in self.troubles:
            loop = asyncio.get_running_loop()
            settled = loop.call_later(SETTLED_S, self._worked, name)
        try:
            await step()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            error: Exception = RuntimeError("cancelled from within")
        except Exception as met:
            error = met
        else:
            self._worked(name)
            return None
        finally:
            if settled is not None:
                settled.cancel()
        await self._failed(name, error)
        return error

    async def _failed(self, name: str, error: Exception) -> None:
        words = in_words(error)
        before = self.troubles.get(name)
        self.troubles[name] = (
            TaskTrouble(name, words, int(self._clock()), 1)
            if before is None
            else replace(before, error=words, count=before.count + 1)
        )
        if isinstance(error, StoreError) and self._store_failed is not None:
            self.errors[name] += 1
            try:
                await self._store_failed(error)
            except Exception as another:  # what is to help must not end the task either
                self.note(name, another)
        else:
            self.note(name, error)

    def _worked(self, name: str) -> None:
        trouble = self.troubles.pop(name, None)
        if trouble is not None:
            lasted = format_duration(max(1, int(self._clock()) - trouble.since))
            errors = "1 error" if trouble.count == 1 else f"{trouble.count} errors"
            log.info("%s: works again after %s in %s", name, errors, lasted)

    def _give_up(self, name: str, error: Exception) -> None:
        self._reason = f"{name} failed {GIVE_UP_AFTER} times in a row: {in_words(error)}"
        log.critical("%s; feedd ends, to be started afresh", self._reason)
        self.given_up.set()


def _passes(error: Exception) -> bool:
    """Is it the database's or the machine's trouble, which no fresh start would end?"""
    return isinstance(error, StoreError) or is_machine_trouble(error)


def in_words(error: Exception) -> str:
    """An error in one line: ours as they are, others with their kind."""
    words = str(error) if isinstance(error, FeeddError) else f"{type(error).__name__}: {error}"
    return " ".join(words.split())[:ERROR_CHARACTERS]


class WorkerTasks:
    """An asynchronous context manager: its tasks run as long as it is open.

    They are started when there is work, as many as it takes.
    """

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._running: dict[str, list[asyncio.Task[None]]] = {}

    def _start_workers(self, name: str, step: Step, count: int, *, essential: bool = False) -> None:
        """See to it that at least `count` tasks of this name are there."""
        workers = self._running.setdefault(name, [])
        while len(workers) < count:
            work = self._supervisor.keep_running(name, step, essential=essential)
            workers.append(asyncio.create_task(work))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        tasks = [task for workers in self._running.values() for task in workers]
        self._running.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


# ---------------------------------------------------------------- the store's thread

SWITCH_S = 0.0005
"""While this thread computes, the event loop gets the interpreter back after so long: it has to ask
for it after each system call. (As Python comes, ten times as long: 100 ms for what one look at the
sockets brings.)
"""

TURN_PAUSE_S: Final = 0.1
"""Whoever waits for its turn looks so often."""

P = ParamSpec("P")
R = TypeVar("R")


class StoreThread:
    """Runs functions that take the connection first, one after the other, off the event loop.

    `waits_for` says whose turn it is while this process waits for its own.
    """

    def __init__(self, path: Path) -> None:
        self.waits_for = ""
        self._path = path
        self._turns: int | None = None
        """Its file, open as long as this: closing it gives back every lock on it."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._db: WatchedConnection | None = None

    async def __aenter__(self) -> StoreThread:
        sys.setswitchinterval(SWITCH_S)
        try:
            await self._run(self._open)
        except BaseException:
            self._thread.shutdown(wait=False)
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._run(self._close)
        self._thread.shutdown(wait=True)
        if self._turns is not None:
            os.close(self._turns)

    async def call(
        self,
        function: Callable[Concatenate[sqlite3.Connection, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """`function(connection, …)` in the store's thread; its result or exception comes back.

        Raises DatabaseGoneError when the file has been taken away or replaced.
        """

        def run() -> R:
            if self._db is None:
                raise DatabaseGoneError(
                    f"the database {self._path} is not open: it could not be reopened"
                )
            self._db.check_file()
            return function(self._db, *args, **kwargs)

        return await self._run(run)

    @asynccontextmanager
    async def alone(self, turn: Turn) -> AsyncIterator[None]:
        """Within this block is no other process on this database; where one is, wait for it.

        The lock is the kernel's: it ends with its process. Where it can't be had, nobody waits.
        """
        if self._turns is None:
            self._turns = open_turns(self._path)
        if self._turns is None:
            yield
            return
        while not take_turn(self._turns, turn):
            self.waits_for = turn.others
            await asyncio.sleep(TURN_PAUSE_S)
        self.waits_for = ""
        try:
            yield
        finally:
            end_turn(self._turns, turn)

    async def reopen(self) -> None:
        """Close and open again: after the file was replaced, or the disk was full."""

        def anew() -> None:  # in one piece: nobody finds it closed in between
            self._close()
            self._open()

        await self._run(anew)

    async def _run(self, function: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    def _open(self) -> None:
        self._db = open_writer(self._path)

    def _close(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            db.close()
