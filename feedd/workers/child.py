"""A worker's own side: jobs in, results out, until the parent is gone."""

from __future__ import annotations

import gc
import importlib
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from feedd.errors import FeeddError, ParseError
from feedd.workers import COLLECTOR_THRESHOLDS, sandbox
from feedd.workers.messages import (
    LENGTH,
    NO_JOB,
    PAGE_BYTES,
    Answers,
    JobAnswer,
    JobClock,
    JobFailure,
    MessageDecoder,
    Order,
    Ready,
    WorkerSetup,
    encoded,
    framed,
)

ANSWER_AFTER_S: Final = 0.01
ANSWER_AFTER_BYTES: Final = 512_000
"""Results are handed over together, once so much time has passed or so much has come together."""

NICENESS: Final = 5
"""Workers step back behind their parent: what is serial there has to go on for them to have work,
and a loaded machine has better things to do than to read feeds. (Linux weighs niceness within a
session only, so they have to be in the parent's: sched(7), autogroup.)"""

BESIDE_DATA_BYTES: Final = 30_000_000
"""Resident and yet no data: the stack, and the mapped files of the interpreter and libraries."""


def main() -> None:
    """Serves as the command line says."""
    serve(WorkerSetup.of_text(sys.argv[1]))


def serve(setup: WorkerSetup) -> None:
    """The worker's whole life."""
    _settle_in(setup.lifeline, setup.memory_bytes)
    clock = JobClock(setup.clock)
    worker = _Worker(
        function=_imported(setup.target),
        decoders=[MessageDecoder(_imported(kind)) for kind in setup.kinds],
        clock=clock,
        cpu_s=setup.cpu_s,
    )
    for module in setup.loads:
        importlib.import_module(module)
    gc.freeze()  # as `dispatcher.calm_collector` does for the parent
    gc.set_threshold(*COLLECTOR_THRESHOLDS)
    with socket.socket(fileno=setup.connection) as ours, ours.makefile("rb") as stream:
        unconfined = sandbox.confine(
            sandbox.readable_folders([*setup.loads, setup.target.partition(":")[0], "feedd"])
        )
        ours.sendall(framed(Ready(unconfined)))
        orders = MessageDecoder(list[Order])
        while True:
            clock.write(NO_JOB, time.monotonic())
            head = stream.read(LENGTH.size)
            if len(head) < LENGTH.size:
                return
            for answers in worker.work(orders(stream.read(LENGTH.unpack(head)[0]))):
                ours.sendall(framed(answers))


class _Worker:
    """Does jobs: `function` takes what one of `decoders` makes of each."""

    def __init__(
        self,
        function: Callable[[Any], Any],
        decoders: Sequence[MessageDecoder],
        clock: JobClock,
        cpu_s: float,
    ) -> None:
        self._function = function
        self._decoders = decoders
        self._clock = clock
        self._cpu_s = cpu_s
        self._statm = _opened("/proc/self/statm")

    def work(self, batch: Sequence[Order]) -> Iterator[Answers]:
        """Answers, several together, as they are due."""
        answers: list[JobAnswer] = []
        size, answered_at = 0, time.monotonic()
        for done, order in enumerate(batch, 1):
            now = time.monotonic()
            self._clock.write(order.number, now)
            _start_cpu_clock(self._cpu_s)
            answer = self._answer(order)
            self._clock.write(NO_JOB, now)
            answers.append(answer)
            size += len(answer.value)
            late = time.monotonic() - answered_at > ANSWER_AFTER_S
            if late or size > ANSWER_AFTER_BYTES or done == len(batch):
                yield Answers(answers, self._memory_used_bytes())
                answers, size, answered_at = [], 0, time.monotonic()

    def _answer(self, order: Order) -> JobAnswer:
        try:
            job = self._decoders[order.kind](order.job)
            return JobAnswer(order.number, True, encoded(self._function(job)))
        except FeeddError as error:
            failure = JobFailure.of(error)
        except MemoryError:
            failure = _refusal("needs more memory than one document may take; it was refused")
        except RecursionError:
            failure = _refusal("is nested too deep to be read; it was refused")
        except Exception as error:  # a bug met on strange input is that input's failure alone
            said = f"cannot be read: a bug, please report it ({type(error).__name__}: {error})"
            words = " ".join(said.split())
            failure = _refusal(words[:500])
        return JobAnswer(order.number, False, encoded(failure))

    def _memory_used_bytes(self) -> int:
        """Resident now; 0 where the system does not say. (The maximum that getrusage knows begins
        with that of the parent.)
        """
        if self._statm is None:
            return 0
        return int(os.pread(self._statm, 200, 0).split()[1]) * PAGE_BYTES


def _refusal(words: str) -> JobFailure:
    return JobFailure.of(ParseError(words))


def _imported(name: str) -> Any:
    """What "module:name" names."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _opened(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def _settle_in(lifeline: int, memory_bytes: int) -> None:
    """Signals are the parent's business; memory has its limit; the parent's end is ours."""
    import fcntl

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sandbox.return_large_blocks()
    with suppress(PermissionError):  # a service's filter of system calls may know better
        os.nice(NICENESS)
    data_bytes = memory_bytes - BESIDE_DATA_BYTES  # beyond, there is a MemoryError
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))
    # Once the parent's end of the pipe closes, the kernel sends SIGIO, which ends us at once, even
    # in the middle of a long call into C.
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    os.set_blocking(lifeline, False)
    try:
        if not os.read(lifeline, 1):
            os._exit(0)  # it closed before we listened
    except BlockingIOError:
        pass


def _start_cpu_clock(cpu_s: float) -> None:
    """End this process once it has computed for so long, from now on; 0: it may go on."""
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
