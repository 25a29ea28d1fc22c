"""Functions run in processes of their own, where a crash, a hang or hunger takes nothing along.

A worker is started when the first job comes, is handed jobs over a socket, and is killed and
replaced when a job takes too long, dies or eats too much memory. It ends with its parent.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

from feedd.errors import FeeddError, ParseError

DEFAULT_MEMORY_BYTES = 1_000_000_000
MAX_MESSAGE_BYTES = 1_000_000_000
RESTART_AFTER_JOBS = 20_000
"""A worker is replaced after so many jobs, so that no leak of a library lasts."""

_LENGTH = struct.Struct("!Q")
_PR_SET_PDEATHSIG = 1


class Workers:
    """An asynchronous context manager: `await workers.run(job)` calls `target` in a process.

    `target` is "module:function"; it takes one picklable argument. `timeout_s` is for one job.
    """

    def __init__(
        self,
        target: str,
        *,
        count: int = 1,
        timeout_s: float = 10.0,
        memory_bytes: int = DEFAULT_MEMORY_BYTES,
    ) -> None:
        self._target = target
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._idle: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        for _ in range(count):
            self._idle.put_nowait(None)
        self._alive: set[_Worker] = set()

    async def __aenter__(self) -> Workers:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in list(self._alive):
            self._discard(worker)

    async def run(self, job: Any) -> Any:
        """What the function returns for `job`, or the FeeddError that it raised.

        Raises ParseError when the process had to be stopped or died.
        """
        worker = await self._idle.get()
        try:
            if worker is None:
                worker = await _Worker.start(self._target, self._memory_bytes)
                self._alive.add(worker)
            try:
                ok, value = await asyncio.wait_for(worker.ask(job), self._timeout_s)
            except TimeoutError:
                words = f"took longer than {self._timeout_s:g} s to read and was stopped"
                raise ParseError(words) from None
            except (OSError, EOFError, asyncio.IncompleteReadError):
                raise ParseError(f"its reader {worker.epitaph()}; nothing was stored") from None
        except BaseException:
            if worker is not None:
                self._discard(worker)
                worker = None
            raise
        finally:
            if worker is not None and worker.jobs >= RESTART_AFTER_JOBS:
                self._discard(worker)
                worker = None
            self._idle.put_nowait(worker)
        if ok:
            return value
        raise value

    def _discard(self, worker: _Worker) -> None:
        self._alive.discard(worker)
        worker.kill()


class _Worker:
    """One process and our end of its socket."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self.jobs = 0

    @classmethod
    async def start(cls, target: str, memory_bytes: int) -> _Worker:
        ours, theirs = socket.socketpair()
        arguments = (target, str(theirs.fileno()), str(memory_bytes), str(os.getpid()))
        code = "import sys; from feedd.workers import serve; serve(*sys.argv[1:])"
        with theirs:
            process = subprocess.Popen(  # noqa: ASYNC220  returns once the process is forked
                [sys.executable, "-c", code, *arguments],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_environment(),
            )
        reader, writer = await asyncio.open_connection(sock=ours, limit=2**20)
        return cls(process, reader, writer)

    async def ask(self, job: Any) -> tuple[bool, Any]:
        self.jobs += 1
        data = pickle.dumps(job, pickle.HIGHEST_PROTOCOL)
        self._writer.write(_LENGTH.pack(len(data)))
        self._writer.write(data)
        await self._writer.drain()
        (length,) = _LENGTH.unpack(await self._reader.readexactly(_LENGTH.size))
        answer: tuple[bool, Any] = pickle.loads(await self._reader.readexactly(length))
        return answer

    def epitaph(self) -> str:
        """How the process ended, in words."""
        try:
            status = self._process.wait(1)
        except subprocess.TimeoutExpired:
            return "stopped answering"
        if status < 0:
            return f"was ended by {signal.Signals(-status).name}"
        return f"ended with status {status}"

    def kill(self) -> None:
        self._writer.close()
        self._process.kill()
        self._process.wait()


def _environment() -> dict[str, str]:
    """What a worker inherits: it must find the same modules, and needs none of our secrets."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return environment


# ---------------------------------------------------------------- the other side


def serve(target: str, descriptor: str, memory_bytes: str, parent: str) -> None:
    """The worker's whole life: jobs in, results out, until the parent closes the socket."""
    _settle_in(int(memory_bytes), int(parent))
    module, _, name = target.partition(":")
    function = getattr(importlib.import_module(module), name)
    with socket.socket(fileno=int(descriptor)) as connection, connection.makefile("rb") as stream:
        while True:
            head = stream.read(_LENGTH.size)
            if len(head) < _LENGTH.size:
                return
            (length,) = _LENGTH.unpack(head)
            answer = _answer(function, stream.read(length))
            connection.sendall(_LENGTH.pack(len(answer)) + answer)


def _answer(function: Callable[[Any], Any], data: bytes) -> bytes:
    try:
        return pickle.dumps((True, function(pickle.loads(data))), pickle.HIGHEST_PROTOCOL)
    except FeeddError as error:
        return pickle.dumps((False, error))
    except MemoryError:
        return pickle.dumps((False, ParseError("needs more memory than a document may; refused")))
    except RecursionError:
        return pickle.dumps((False, ParseError("is nested too deep; refused")))
    except Exception as error:  # a library's bug on strange input is that input's failure alone
        words = f"could not be read ({type(error).__name__}: {error})"
        return pickle.dumps((False, ParseError(" ".join(words.split())[:500])))


def _settle_in(memory_bytes: int, parent: int) -> None:
    """Signals are the parent's business; memory has a limit; the parent's death is ours."""
    import ctypes
    import resource

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)  # it died before we could say so
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
