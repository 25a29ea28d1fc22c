"""One worker process as its parent sees it. Nothing here waits or blocks."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cache
from typing import Final

from feedd.errors import MachineError
from feedd.workers import sandbox
from feedd.workers.messages import (
    NO_JOB,
    PAGE_BYTES,
    STARTING,
    Answers,
    JobAnswer,
    JobClock,
    MessageDecoder,
    MessageError,
    Order,
    Ready,
    Splitter,
    WorkerSetup,
    framed,
)

log = logging.getLogger("feedd.workers")

START_TIMEOUT_S: Final = 60.0
"""For the process to start and import its function."""

SILENCE_MAX_S: Final = 30.0
"""For a worker to take up what it was sent, or to go on with an answer."""

_READ_BYTES: Final = 1 << 18
_INHERITED: Final = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "VIRTUAL_ENV")
"""What a worker gets of the environment: enough to import what we can, and none of our secrets."""

_BOOT: Final = "from feedd.workers.child import main; main()"

_CRASHES: Final = frozenset({signal.SIGABRT, signal.SIGBUS, signal.SIGKILL, signal.SIGSEGV})
"""How libraries in C end that get no memory, and how the system ends who takes too much."""

_ready = MessageDecoder(Ready)
_answers = MessageDecoder(Answers)


class WorkerProcess:
    """A worker and our end of its socket.

    `on_answers` gets the answers to jobs, as they are done; `on_end` is called once, when the
    process is gone: with the number of the job that was running (None: none was) and what happened,
    in words. `unconfined` is what the sandbox lacks, `None` until the worker is ready for jobs.

    Raises MachineError when the machine lets no process start, with nothing left behind.
    """

    def __init__(
        self,
        setup: WorkerSetup,
        *,
        timeout_s: float,
        on_answers: Callable[[WorkerProcess, Sequence[JobAnswer]], None],
        on_end: Callable[[WorkerProcess, int | None, str], None],
    ) -> None:
        self._timeout_s = timeout_s
        self._cpu_s = setup.cpu_s
        self._on_answers = on_answers
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._outgoing = bytearray()
        self._splitter = Splitter()
        self._timer: asyncio.TimerHandle | None = None
        self._reason: str | None = None
        self._blames_running = True
        self._heard_s = time.monotonic()
        self.unconfined: list[str] | None = None
        self.unanswered: set[int] = set()
        self.jobs_done = 0
        self.memory_used_bytes = 0
        try:
            self._spawn(setup)
        except (OSError, MemoryError) as error:
            words = getattr(error, "strerror", None) or "no memory"
            raise MachineError(
                f"the process for {setup.target} could not be started ({words})"
            ) from error

    def _spawn(self, setup: WorkerSetup) -> None:
        with ExitStack() as ours, ExitStack() as given:
            self._socket, theirs = socket.socketpair()
            ours.callback(self._socket.close)
            given.callback(theirs.close)
            page = os.memfd_create("feedd-worker")
            given.callback(os.close, page)
            os.ftruncate(page, PAGE_BYTES)
            self._clock = JobClock(page)
            ours.callback(self._clock.close)
            self._clock.write(STARTING, time.monotonic())
            read_end, lifeline = os.pipe()
            given.callback(os.close, read_end)
            ours.callback(os.close, lifeline)
            self._socket.setblocking(False)
            self._loop.add_reader(self._socket.fileno(), self._readable)
            ours.callback(self._loop.remove_reader, self._socket.fileno())
            setup = setup._replace(connection=theirs.fileno(), clock=page, lifeline=read_end)
            self._process = _started(setup)
            self._resources = ours.pop_all()

    def send(self, batch: Sequence[Order]) -> None:
        """Hands jobs over; they are worked off in order."""
        self.unanswered.update(order.number for order in batch)
        message = framed(list(batch))
        if self._outgoing:
            self._outgoing += message
        else:
            self._outgoing = message
            self._writable()
        if self._timer is None:
            self._heard_s = time.monotonic()
            self._timer = self._loop.call_later(self._timeout_s, self._look_at_clock)

    def end(self, reason: str = "was stopped", *, blames_running: bool = False) -> None:
        """Ends the process now, whatever it does; `on_end` follows. `blames_running`: the job that
        is under way is why.
        """
        if self._reason is None:
            self._reason = reason
            self._blames_running = blames_running
        self._process.kill()

    def close(self) -> None:
        """Ends the process without a word to anyone; for good."""
        self._release()
        self._process.kill()
        self._process.wait()

    def _writable(self) -> None:
        try:
            while self._outgoing:
                del self._outgoing[: self._socket.send(self._outgoing)]
        except BlockingIOError:
            self._loop.add_writer(self._socket.fileno(), self._writable)
        except OSError:
            self._outgoing.clear()  # it died: reading will tell
            self._loop.remove_writer(self._socket.fileno())
        else:
            self._loop.remove_writer(self._socket.fileno())

    def _readable(self) -> None:
        try:
            data = self._socket.recv(_READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._ended()
            return
        if self._reason is not None:
            return  # what it still says does not count
        self._heard_s = time.monotonic()
        try:
            for body in self._splitter.feed(data):
                self._take(body)
                if self._reason is not None:
                    return
        except MessageError as error:
            self.end(f"answered with what no worker sends ({error}) and was stopped")

    def _take(self, body: memoryview) -> None:
        if self.unconfined is None:
            self.unconfined = _ready(body).unconfined
            if self.unconfined:
                _tell(" and no ".join(self.unconfined))
            return
        answers, used_bytes = _answers(body)
        numbers = {answer.number for answer in answers}
        if len(numbers) < len(answers) or not numbers <= self.unanswered:
            raise MessageError("an answer to no question")
        self.memory_used_bytes = used_bytes
        self.jobs_done += len(answers)
        self.unanswered -= numbers
        if not self.unanswered and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._on_answers(self, answers)

    def _look_at_clock(self) -> None:
        job, since_s = self._clock.read()
        limit_s = self._timeout_s
        if job < 0:
            limit_s = START_TIMEOUT_S if self.unconfined is None else SILENCE_MAX_S
        # The worker itself says when it began: it gets no more time for saying so again and again.
        left_s = min(since_s, self._heard_s + self._timeout_s) + limit_s - time.monotonic()
        if left_s > 0:
            wait_s = min(left_s, self._timeout_s) + 0.001
            self._timer = self._loop.call_later(wait_s, self._look_at_clock)
            return
        self._timer = None
        if job in (NO_JOB, STARTING):
            self.end("did not answer in time and was stopped")
        else:
            reason = f"took longer than {self._timeout_s:g} s and was stopped"
            self.end(reason, blames_running=True)

    def _ended(self) -> None:
        job, _ = self._clock.read()
        self._release()
        status = self._process.wait()
        if self._reason is None:
            self._reason = exit_reason(status, self._cpu_s)
        blamed = job if self._blames_running and job in self.unanswered else None
        self._on_end(self, blamed, self._reason)

    def _release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._socket.fileno() >= 0:
            self._loop.remove_writer(self._socket.fileno())
        self._resources.close()


@cache
def _tell(lacking: str) -> None:
    """Once for a process's life: what its workers do without."""
    log.info("workers are less confined: this machine allows no %s", lacking)


def exit_reason(status: int, cpu_s: float) -> str:
    """How a process ended on its own, in words, by the status that its parent got."""
    if status >= 0:
        return f"ended the process that read it (exit status {status})"
    if status == -signal.SIGPROF:
        return f"took more than {cpu_s:g} s of CPU time and was stopped"
    names = {one.value: one.name for one in signal.Signals}
    name = names.get(-status, f"signal {-status}")
    if -status in _CRASHES:
        return f"crashed the process that read it, perhaps for want of memory ({name})"
    return f"ended the process that read it ({name})"


def _started(setup: WorkerSetup) -> subprocess.Popen[bytes]:
    sandbox.hide_memory()
    sandbox.return_large_blocks()
    blocked = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    # Blocked until the child ignores them: none can end it in between.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOT, setup.text()],
            pass_fds=[setup.connection, setup.clock, setup.lifeline],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=_environment(),
            process_group=0,  # Ctrl-C is for the parent
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
