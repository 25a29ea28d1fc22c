"""Which job goes to which worker, in what company."""

from __future__ import annotations

import asyncio
import itertools
import pickle
from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Any, Final

from feedd.errors import FeeddError, ParseError
from feedd.workers.frames import pickled
from feedd.workers.process import Process

MEMORY_BYTES: Final = 1_000_000_000
BATCH_JOBS: Final = 16
BATCH_BYTES: Final = 1_000_000
BATCHES_AHEAD: Final = 2
"""A worker has its next batch before it has done the last: it never waits for us."""

STARTS_IN_VAIN: Final = 3
"""A worker that dies this often before its first answer is given up."""

IDLE_S: Final = 60.0
"""A worker without work for so long is ended; the next job starts another."""

REPLACE_AFTER_BYTES: Final = 200_000_000
REPLACE_AFTER_SHARE: Final = 0.4
REPLACE_AFTER_JOBS: Final = 20_000
"""A worker that has grown beyond, in bytes or by its share of what it may have, or lived longer, is
replaced once its work is done."""


class _Job:
    """One call, waiting or under way."""

    __slots__ = ("data", "future", "number")

    def __init__(self, number: int, data: bytes, future: asyncio.Future[Any]) -> None:
        self.number = number
        self.data = data
        self.future = future


class Workers:
    """An asynchronous context manager: `await workers.run(job)` calls `target` in a process.

    `target` is "module:function", imported there; it takes one picklable argument. At most `count`
    processes run, started when there is work, or with `early` at once. `timeout_s` by the clock and
    `cpu_s` of computing (0: no limit) are for one job, `memory_bytes` for one process.
    """

    def __init__(
        self,
        target: str,
        *,
        count: int = 1,
        timeout_s: float = 10.0,
        cpu_s: float = 0.0,
        memory_bytes: int = MEMORY_BYTES,
        early: bool = False,
    ) -> None:
        self._target = target
        self._count = count
        self._timeout_s = timeout_s
        self._cpu_s = cpu_s
        self._memory_bytes = memory_bytes
        self._early = early
        self._numbers = itertools.count()
        self._waiting: deque[_Job] = deque()
        self._under_way: dict[int, _Job] = {}
        self._batches: dict[Process, deque[set[int]]] = {}
        self._retiring: set[Process] = set()
        self._idle: dict[Process, asyncio.TimerHandle] = {}
        self._assigning = False
        self._starts_in_vain = 0

    async def __aenter__(self) -> Workers:
        if self._early:
            with suppress(OSError):  # then the first job hears of it
                for _ in range(self._count):
                    self._rest(self._start())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for timer in self._idle.values():
            timer.cancel()
        for process in [*self._batches, *self._retiring]:
            process.close()
        for job in [*self._waiting, *self._under_way.values()]:
            job.future.cancel()
        self._waiting.clear()
        self._under_way.clear()
        self._batches.clear()
        self._retiring.clear()

    async def run(self, job: Any) -> Any:
        """What the function returns for `job`.

        Raises the FeeddError that it raised; ParseError when it raised anything else, took too
        long, needed too much memory or ended its process.
        """
        loop = asyncio.get_running_loop()
        waiting = _Job(next(self._numbers), pickled(job), loop.create_future())
        self._waiting.append(waiting)
        if not self._assigning:
            self._assigning = True
            loop.call_soon(self._assign)
        return await waiting.future

    def _assign(self) -> None:
        """Hands out what waits, as long as a worker has room for it."""
        self._assigning = False
        while self._waiting:
            try:
                process = self._with_room()
            except OSError as error:
                self._give_up([], f"could not be started ({error.strerror})")
                return
            if process is None:
                return
            batch = self._next_batch()
            if not batch:
                return
            self._batches[process].append({job.number for job in batch})
            self._under_way.update((job.number, job) for job in batch)
            if process in self._idle:
                self._idle.pop(process).cancel()
            process.send([(job.number, job.data) for job in batch])

    def _with_room(self) -> Process | None:
        process = min(self._batches, key=lambda one: len(self._batches[one]), default=None)
        if process is None or (self._is_full(process) and len(self._batches) < self._count):
            return self._start()
        return None if self._is_full(process) else process

    def _is_full(self, process: Process) -> bool:
        """Another worker is worth its start only when those there have as much as they take."""
        return len(self._batches[process]) >= BATCHES_AHEAD

    def _next_batch(self) -> list[_Job]:
        """A fair share of what waits, within the limits of a batch."""
        share = -(-len(self._waiting) // (self._count * BATCHES_AHEAD))
        batch: list[_Job] = []
        size = 0
        while self._waiting and len(batch) < min(share, BATCH_JOBS) and size < BATCH_BYTES:
            job = self._waiting.popleft()
            if not job.future.done():
                batch.append(job)
                size += len(job.data)
        return batch

    def _start(self) -> Process:
        process = Process(
            self._target,
            timeout_s=self._timeout_s,
            cpu_s=self._cpu_s,
            memory_bytes=self._memory_bytes,
            on_answers=self._answered,
            on_end=self._ended,
        )
        self._batches[process] = deque()
        return process

    def _answered(self, process: Process, answers: list[tuple[int, bool, bytes]]) -> None:
        self._starts_in_vain = 0
        for number, succeeded, data in answers:
            job = self._under_way.pop(number)
            if not job.future.done():
                value = pickle.loads(data)
                if succeeded:
                    job.future.set_result(value)
                else:
                    job.future.set_exception(value)
        batches = self._batches.get(process)
        while batches and not batches[0] & process.unanswered:
            batches.popleft()
        if self._outlived(process) and batches is not None:
            self._retire(process)
        elif not process.unanswered and not self._waiting:
            self._rest(process)
        self._assign()

    def _outlived(self, process: Process) -> bool:
        grown_bytes = min(REPLACE_AFTER_BYTES, REPLACE_AFTER_SHARE * self._memory_bytes)
        return process.jobs_done >= REPLACE_AFTER_JOBS or process.memory_used_bytes >= grown_bytes

    def _rest(self, process: Process) -> None:
        loop = asyncio.get_running_loop()
        self._idle[process] = loop.call_later(IDLE_S, self._retire, process)

    def _retire(self, process: Process) -> None:
        """Gives it nothing more to do; it goes when it has done what it has."""
        self._idle.pop(process, None)
        self._batches.pop(process, None)
        self._retiring.add(process)
        if not process.unanswered:
            process.end()

    def _ended(self, process: Process, culprit: int | None, verdict: str) -> None:
        self._batches.pop(process, None)
        self._retiring.discard(process)
        if process in self._idle:
            self._idle.pop(process).cancel()
        lost = [self._under_way.pop(number) for number in sorted(process.unanswered)]
        if not process.jobs_done and culprit is None and lost:
            self._starts_in_vain += 1
            if self._starts_in_vain >= STARTS_IN_VAIN:
                self._give_up(lost, verdict)
                return
        for job in reversed(lost):
            if job.number != culprit:
                self._waiting.appendleft(job)
            elif not job.future.done():
                job.future.set_exception(ParseError(verdict))
        self._assign()

    def _give_up(self, lost: list[_Job], verdict: str) -> None:
        """No worker starts: everything that waits hears of it, the next job tries again."""
        self._starts_in_vain = 0
        error = f"the process for {self._target} does not work: it {verdict}"
        for job in [*lost, *self._waiting]:
            if not job.future.done():
                job.future.set_exception(FeeddError(error))
        self._waiting.clear()
