"""A worker's own side: jobs in, results out, until the parent is gone."""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from feedd.errors import FeeddError, ParseError
from feedd.workers.collector import calm_collector
from feedd.workers.frames import LENGTH, NO_JOB, PAGE_BYTES, Page, framed, pickled
from feedd.workers.limits import bound_memory, start_cpu_clock

ANSWER_AFTER_S: Final = 0.01
ANSWER_AFTER_BYTES: Final = 512_000
"""Results are handed over together, once so much time has passed or so much has come together."""

NICENESS: Final = 5
"""Workers step back behind their parent: what is serial there has to go on for them to have work,
and a loaded machine has better things to do than to read feeds. (Linux weighs niceness within a
session only, so they have to be in the parent's: sched(7), autogroup.)"""


def serve(
    target: str, *, connection: int, page: int, lifeline: int, memory_bytes: int, cpu_s: float
) -> None:
    """The worker's whole life. The descriptors are those of the socket, of the shared page, and of
    a pipe whose other end only the parent holds. `cpu_s` is for each job; 0: no limit.
    """
    _settle_in(lifeline, memory_bytes)
    module, _, name = target.partition(":")
    function = getattr(importlib.import_module(module), name)
    calm_collector()
    shared = Page(page)
    with socket.socket(fileno=connection) as ours, ours.makefile("rb") as stream:
        while True:
            shared.write(NO_JOB, time.monotonic())
            head = stream.read(LENGTH.size)
            if len(head) < LENGTH.size:
                return
            batch = pickle.loads(stream.read(LENGTH.unpack(head)[0]))
            _work(function, batch, ours, shared, cpu_s)


def _work(
    function: Callable[[Any], Any],
    batch: list[tuple[int, bytes]],
    ours: socket.socket,
    page: Page,
    cpu_s: float,
) -> None:
    answers: list[tuple[int, bool, bytes]] = []
    size, answered_at = 0, time.monotonic()
    for done, (number, job) in enumerate(batch, 1):
        now = time.monotonic()
        page.write(number, now)
        start_cpu_clock(cpu_s)
        succeeded, result = _outcome(function, job)
        page.write(NO_JOB, now)
        answers.append((number, succeeded, result))
        size += len(result)
        late = time.monotonic() - answered_at > ANSWER_AFTER_S
        if late or size > ANSWER_AFTER_BYTES or done == len(batch):
            ours.sendall(framed((answers, _memory_used_bytes())))
            answers, size, answered_at = [], 0, time.monotonic()


def _memory_used_bytes() -> int:
    """Resident now; 0 where the system does not say. (The maximum that getrusage knows begins with
    that of the parent.)
    """
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[1]) * PAGE_BYTES
    except OSError:
        return 0


def _outcome(function: Callable[[Any], Any], job: bytes) -> tuple[bool, bytes]:
    try:
        return True, pickled(function(pickle.loads(job)))
    except FeeddError as error:
        return False, pickle.dumps(error)
    except MemoryError:
        failure = "needs more memory than one document may take; it was refused"
    except RecursionError:
        failure = "is nested too deep to be read; it was refused"
    except Exception as error:  # a bug met on strange input is that input's failure alone
        failure = " ".join(f"cannot be read ({type(error).__name__}: {error})".split())[:500]
    return False, pickle.dumps(ParseError(failure))


def _settle_in(lifeline: int, memory_bytes: int) -> None:
    """Signals are the parent's business; memory has its limit; the parent's end is ours."""
    import fcntl
    import resource

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(PermissionError):  # a service's filter of system calls may know better
        os.nice(NICENESS)
    bound_memory(memory_bytes)
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


def main() -> None:
    """Serves with what the command line says."""
    target, *numbers, cpu_s = sys.argv[1:]
    connection, page, lifeline, memory_bytes = map(int, numbers)
    serve(
        target,
        connection=connection,
        page=page,
        lifeline=lifeline,
        memory_bytes=memory_bytes,
        cpu_s=float(cpu_s),
    )
