"""Which job goes to which worker, and in which batch."""

from __future__ import annotations

import asyncio
import gc
import itertools
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from feedd.errors import MachineError, ParseError
from feedd.workers import COLLECTOR_THRESHOLDS

if TYPE_CHECKING:
    from feedd.workers.messages import JobAnswer, MessageDecoder
    from feedd.workers.worker_process import WorkerProcess

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


LOSSES_MAX: Final = 3
"""A job that was first in line in so many processes that ended without a word of why is refused."""


def calm_collector() -> None:
    """What is there now is there to stay and not looked at any more; the rest seldom."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)


class _Job:
    """One call, waiting or under way. `losses`: how many processes it may have ended."""

    __slots__ = ("data", "decode", "future", "kind", "losses", "number")

    def __init__(
        self,
        number: int,
        kind: int,
        data: bytes,
        decode: MessageDecoder,
        future: asyncio.Future[Any],
    ) -> None:
        self.number = number
        self.kind = kind
        self.data = data
        self.decode = decode
        self.future = future
        self.losses = 0


class Workers:
    """An asynchronous context manager: `await workers.run(job)` calls `target` in a process.

    `target` is "module:function", imported there; it takes one argument. `results` has the type of
    each job that it takes, and of what it returns for that: frozen `Struct`s and named tuples of
    plain values, which are what passes between the processes. `loads` names modules that a worker
    is to import before its first job, since it can't write what is compiled then. At most `count`
    processes run, started when there is work, or with `early` at once. `timeout_s` by the clock and
    `cpu_s` of computing (0: no limit) are for one job, `memory_bytes` for one process.
    """

    def __init__(
        self,
        target: str,
        results: Mapping[type, object],
        *,
        loads: Sequence[str] = (),
        count: int = 1,
        timeout_s: float = 10.0,
        cpu_s: float = 0.0,
        memory_bytes: int = MEMORY_BYTES,
        early: bool = False,
    ) -> None:
        self._target = target
        self._results = results
        self._loads = loads
        self._count = count
        self._timeout_s = timeout_s
        self._cpu_s = cpu_s
        self._memory_bytes = memory_bytes
        self._early = early
        self._numbers = itertools.count()
        self._decoders: dict[type, tuple[int, MessageDecoder]] = {}
        self._waiting: deque[_Job] = deque()
        self._under_way: dict[int, _Job] = {}
        self._batches: dict[WorkerProcess, deque[list[int]]] = {}
        self._retiring: dict[WorkerProcess, deque[list[int]]] = {}
        self._idle: dict[WorkerProcess, asyncio.TimerHandle] = {}
        self._assigning = False
        self._starts_in_vain = 0

    async def __aenter__(self) -> Workers:
        if self._early:
            with suppress(MachineError):  # then the first job hears of it
                for _ in range(self._count):
                    self._rest(self._start())
        return self

    async def __aexit__(self, *error: object) -> None:
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
        long, needed too much memory or ended its process; MachineError when no process can work,
        which is no fault of the job's.
        """
        from feedd.workers.messages import encoded

        loop = asyncio.get_running_loop()
        kind, decode = self._kind(type(job))
        waiting = _Job(next(self._numbers), kind, encoded(job), decode, loop.create_future())
        del job  # what is in it may be large, and is not needed again
        self._waiting.append(waiting)
        if not self._assigning:
            self._assigning = True
            loop.call_soon(self._assign)
        return await waiting.future

    def _kind(self, job: type) -> tuple[int, MessageDecoder]:
        """Which of the types it is, and what makes values of its results."""
        if job not in self._decoders:
            from feedd.workers.messages import MessageDecoder

            self._decoders[job] = list(self._results).index(job), MessageDecoder(self._results[job])
        return self._decoders[job]

    def _assign(self) -> None:
        """Hands out what waits, as long as a worker has room for it."""
        from feedd.workers.messages import Order

        self._assigning = False
        while self._waiting:
            try:
                process = self._with_room()
            except MachineError as error:
                self._give_up([], str(error))
                return
            if process is None:
                return
            batch = self._next_batch()
            if not batch:
                return
            self._batches[process].append([job.number for job in batch])
            self._under_way.update((job.number, job) for job in batch)
            if process in self._idle:
                self._idle.pop(process).cancel()
            process.send([Order(job.number, job.kind, job.data) for job in batch])

    def _with_room(self) -> WorkerProcess | None:
        """A process that takes more. Raises MachineError where there is none at all."""
        process = min(self._batches, key=lambda one: len(self._batches[one]), default=None)
        if process is None:
            return self._start()
        if not self._is_full(process):
            return process
        if len(self._batches) < self._count:
            with suppress(MachineError):  # those there will do it all
                return self._start()
        return None

    def _is_full(self, process: WorkerProcess) -> bool:
        """Another worker is worth its start only when those there have as much as they take."""
        return len(self._batches[process]) >= BATCHES_AHEAD

    def _next_batch(self) -> list[_Job]:
        """A fair share of what waits, within the limits of a batch.

        A job that was lost with a process is a batch of its own: if it is why, no other suffers.
        """
        share = -(-len(self._waiting) // (self._count * BATCHES_AHEAD))
        batch: list[_Job] = []
        size = 0
        while self._waiting and len(batch) < min(share, BATCH_JOBS) and size < BATCH_BYTES:
            if batch and self._waiting[0].losses:
                break
            job = self._waiting.popleft()
            if not job.future.done():
                batch.append(job)
                size += len(job.data)
                if job.losses:
                    break
        return batch

    def _start(self) -> WorkerProcess:
        """Raises MachineError."""
        from feedd.workers.messages import WorkerSetup
        from feedd.workers.worker_process import WorkerProcess

        setup = WorkerSetup(
            target=self._target,
            kinds=[f"{kind.__module__}:{kind.__qualname__}" for kind in self._results],
            loads=list(self._loads),
            memory_bytes=self._memory_bytes,
            cpu_s=self._cpu_s,
        )
        process = WorkerProcess(
            setup, timeout_s=self._timeout_s, on_answers=self._answered, on_end=self._ended
        )
        self._batches[process] = deque()
        return process

    def _answered(self, process: WorkerProcess, answers: Sequence[JobAnswer]) -> None:
        for answer in answers:
            job = self._under_way.pop(answer.number)
            if not job.future.done():
                self._settle(process, job, answer)
        self._starts_in_vain = 0
        batches = self._batches.get(process) or self._retiring.get(process)
        while batches and process.unanswered.isdisjoint(batches[0]):
            batches.popleft()
        if process in self._retiring:
            if not process.unanswered:
                process.end()
        elif self._outlived(process):
            self._retire(process)
        elif not process.unanswered and not self._waiting:
            self._rest(process)
        self._assign()

    def _settle(self, process: WorkerProcess, job: _Job, answer: JobAnswer) -> None:
        """Hands a result over; a worker that says what was not agreed says no more."""
        from feedd.workers.messages import MessageError, bad_answer, decoded_failure

        try:
            if answer.succeeded:
                job.future.set_result(job.decode(answer.value))
            else:
                job.future.set_exception(decoded_failure(answer.value).error())
        except MessageError as error:
            job.future.set_exception(bad_answer(error))
            process.end()

    def _outlived(self, process: WorkerProcess) -> bool:
        grown_bytes = min(REPLACE_AFTER_BYTES, REPLACE_AFTER_SHARE * self._memory_bytes)
        return process.jobs_done >= REPLACE_AFTER_JOBS or process.memory_used_bytes >= grown_bytes

    def _rest(self, process: WorkerProcess) -> None:
        loop = asyncio.get_running_loop()
        self._idle[process] = loop.call_later(IDLE_S, self._retire, process)

    def _retire(self, process: WorkerProcess) -> None:
        """Gives it nothing more to do; it goes when it has done what it has."""
        self._idle.pop(process, None)
        self._retiring[process] = self._batches.pop(process, deque())
        if not process.unanswered:
            process.end()

    def _ended(self, process: WorkerProcess, culprit: int | None, reason: str) -> None:
        batches = self._batches.pop(process, None) or self._retiring.pop(process, deque())
        if process in self._idle:
            self._idle.pop(process).cancel()
        lost = [self._under_way.pop(number) for number in sorted(process.unanswered)]
        if process.unconfined is None and lost:
            self._starts_in_vain += 1
            if self._starts_in_vain >= STARTS_IN_VAIN:
                self._give_up(lost, f"the process for {self._target} does not work: it {reason}")
                return
        told = culprit is not None or process.unconfined is None
        suspects = batches[0] if batches and not told else []
        for job in reversed(lost):
            if job.number in suspects:
                job.losses += 1
            if job.number != culprit and job.losses < LOSSES_MAX:
                self._waiting.appendleft(job)
            elif not job.future.done():
                job.future.set_exception(ParseError(reason))
        self._assign()

    def _give_up(self, lost: list[_Job], error: str) -> None:
        """No worker starts: everything that waits hears of it, the next job tries again."""
        self._starts_in_vain = 0
        for job in [*lost, *self._waiting]:
            if not job.future.done():
                job.future.set_exception(MachineError(error))
        self._waiting.clear()
