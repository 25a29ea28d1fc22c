"""One worker process as its parent sees it. Nothing here waits or blocks."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final

from feedd.workers.frames import NO_JOB, PAGE_BYTES, STARTING, Batch, Page, Splitter, framed
from feedd.workers.limits import obituary

START_TIMEOUT_S: Final = 60.0
"""For the process to start and import its function."""

_READ_BYTES: Final = 1 << 18
_INHERITED: Final = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "VIRTUAL_ENV")
"""What a worker gets of the environment: enough to import what we can, and none of our secrets."""

_BOOT: Final = "from feedd.workers.child import main; main()"


class Process:
    """A worker and our end of its socket.

    `on_answers` gets `(number, succeeded, pickled result)` for jobs, as they are done; `on_end`
    is called once, when the process is gone: with the number of the job that was running (None:
    none was) and what happened, in words.
    """

    def __init__(
        self,
        target: str,
        *,
        timeout_s: float,
        cpu_s: float,
        memory_bytes: int,
        on_answers: Callable[[Process, list[tuple[int, bool, bytes]]], None],
        on_end: Callable[[Process, int | None, str], None],
    ) -> None:
        self._timeout_s = timeout_s
        self._cpu_s = cpu_s
        self._on_answers = on_answers
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._outgoing = bytearray()
        self._splitter = Splitter()
        self._clock: asyncio.TimerHandle | None = None
        self._verdict: str | None = None
        self.unanswered: set[int] = set()
        self.jobs_done = 0
        self.memory_used_bytes = 0
        self._spawn(target, memory_bytes)
        self._loop.add_reader(self._socket.fileno(), self._readable)

    def _spawn(self, target: str, memory_bytes: int) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        page = os.memfd_create("feedd-worker")
        os.ftruncate(page, PAGE_BYTES)
        self._page = Page(page)
        self._page.write(STARTING, time.monotonic())
        read_end, self._lifeline = os.pipe()
        given = [theirs.fileno(), page, read_end]
        limits = [memory_bytes, self._cpu_s]
        blocked = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
        # Blocked until the child ignores them: none can end it in between.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT, target, *map(str, given + limits)],
                pass_fds=given,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
                process_group=0,  # Ctrl-C is for the parent
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()
            os.close(page)
            os.close(read_end)

    def send(self, batch: Batch) -> None:
        """Hands jobs over; they are worked off in order."""
        self.unanswered.update(number for number, _ in batch)
        idle = not self._outgoing
        self._outgoing += framed(batch)
        if idle:
            self._writable()
        if self._clock is None:
            self._clock = self._loop.call_later(self._timeout_s, self._look_at_clock)

    def end(self, verdict: str = "was stopped") -> None:
        """Ends the process now, whatever it does; `on_end` follows."""
        if self._verdict is None:
            self._verdict = verdict
        self._process.kill()

    def close(self) -> None:
        """Ends the process without a word to anyone; for good."""
        if self._socket.fileno() >= 0:
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
        for answers, used_bytes in self._splitter.feed(data):
            self.memory_used_bytes = used_bytes
            self.jobs_done += len(answers)
            self.unanswered.difference_update(number for number, _, _ in answers)
            if not self.unanswered and self._clock is not None:
                self._clock.cancel()
                self._clock = None
            self._on_answers(self, answers)

    def _look_at_clock(self) -> None:
        job, since_s = self._page.read()
        limit_s = START_TIMEOUT_S if job < 0 else self._timeout_s
        left_s = since_s + limit_s - time.monotonic()
        if left_s > 0:
            wait_s = min(left_s, self._timeout_s) + 0.001
            self._clock = self._loop.call_later(wait_s, self._look_at_clock)
            return
        self._clock = None
        if job in (NO_JOB, STARTING):
            self.end("did not answer in time and was stopped")
        else:
            self.end(f"took longer than {self._timeout_s:g} s and was stopped")

    def _ended(self) -> None:
        job, _ = self._page.read()
        self._release()
        status = self._process.wait()
        if self._verdict is None:
            self._verdict = obituary(status, self._cpu_s)
        self._on_end(self, job if job in self.unanswered else None, self._verdict)

    def _release(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
        self._loop.remove_reader(self._socket.fileno())
        self._loop.remove_writer(self._socket.fileno())
        self._socket.close()
        self._page.close()
        os.close(self._lifeline)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
