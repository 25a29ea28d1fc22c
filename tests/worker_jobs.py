"""What the worker processes of tests/test_workers.py do. Nothing here is slow to import."""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import signal
import socket
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct

from feedd.errors import NotAFeedError
from feedd.workers.messages import NO_JOB, JobClock, WorkerSetup


class Triple(NamedTuple):
    """A value as ours are: a named tuple."""

    first: int
    rest: tuple[int, str] = (0, "")


class Pair(Struct, frozen=True):
    """A value as ours are."""

    left: Pair | None
    right: tuple[bytes, Triple] = (b"", Triple(1))
    text: str = ""


class Task(Struct, frozen=True):
    """What the worker under test is to do; `value` is of any plain type."""

    what: str
    value: Any = None


RESULTS: dict[type, object] = {Task: Any, Pair: Pair}


status = os.open("/proc/self/status", os.O_RDONLY)
"""Opened when this is imported: later on a worker may open no file but those of libraries."""

kept: list[bytes] = []
"""What a worker has grown by."""


def bytes_of(field: str) -> int:
    """Of this process, by a field of its status."""
    lines = os.pread(status, 10_000, 0).decode().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if field in line)


def bytes_left_of_large_blocks() -> int:
    """How much more is resident when large blocks are free again, with small ones between them."""
    before = bytes_of("VmRSS")
    for size in (2_000_000, *[1_000_000] * 40):
        large = b"\1" * size
        kept.append(b"\1" * 1_000)
    del large
    return bytes_of("VmRSS") - before


def grow_until_stopped() -> int:
    """The most that was resident."""
    ballast = []
    try:
        while True:
            ballast.append(b"\1" * 1_000_000)
    except MemoryError:
        ballast.clear()
    return bytes_of("VmHWM")


def obey(order: Task | Pair) -> Any:
    """What the worker under test does, as ordered."""
    if isinstance(order, Pair):
        return order
    what, value = order.what, order.value
    if what == "echo":
        return value
    if what == "pid":
        return os.getpid()
    if what == "rank":
        return os.getpriority(os.PRIO_PROCESS, 0), os.getsid(0), os.getpgrp()
    if what == "environment":
        return dict(os.environ)
    if what == "print":
        print("stray output")
        return value
    if what == "nap":
        time.sleep(value)
        return value
    if what == "hang":
        while True:
            pass
    if what == "fill":
        return grow_until_stopped()
    if what == "let go":
        return bytes_left_of_large_blocks()
    if what == "say":  # as what has taken the worker over might
        os.write(WorkerSetup.of_text(sys.argv[1]).connection, value)
        return "said"
    if what == "quit":
        JobClock(WorkerSetup.of_text(sys.argv[1]).clock).write(NO_JOB, 0.0)
        os._exit(3)
    if what == "pretend":
        clock = JobClock(WorkerSetup.of_text(sys.argv[1]).clock)
        while True:
            clock.write(clock.read()[0], time.monotonic())
    if what == "large":
        return 10**30
    if what == "lie":
        return Pair(None, text=value)
    if what == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "leave":
        os._exit(3)
    if what == "eat":
        return len(bytearray(value))
    if what == "keep":
        kept.append(bytes(value).replace(b"\0", b"\1"))
        return None
    if what == "recurse":
        return obey(order)
    if what == "refuse":
        raise NotAFeedError("no feed", ["https://example.org/feed"])
    raise ValueError(f"a bug: {value}")


def obey_in_text(order: Task) -> Any:
    """As `obey`, where a string is expected."""
    return obey(order)


# What a worker may not do. Each is tried by a function in a worker; the answer is the error.

ATTEMPTS: dict[str, Callable[[], object]] = {
    "connect": lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
    "socket": lambda: socket.socket(socket.AF_UNIX),
    "socketpair": socket.socketpair,
    "read": lambda: Path("/etc/hostname").read_bytes(),
    "list": lambda: os.listdir(os.environ["HOME"]),
    "write": lambda: os.open("/tmp/feedd-test-of-workers", os.O_WRONLY | os.O_CREAT),
    "append": lambda: os.open("/dev/null", os.O_WRONLY | os.O_APPEND),
    "remove": lambda: os.remove("/tmp/feedd-test-of-workers"),
    "folder": lambda: os.mkdir("/tmp/feedd-test-of-workers"),
    "link": lambda: os.symlink("/etc/passwd", "/tmp/feedd-test-of-workers"),
    "chmod": lambda: os.chmod(__file__, 0o777),
    "fork": os.fork,
    "program": lambda: os.execv("/bin/true", ["true"]),
    "signal": lambda: os.kill(os.getppid(), 0),
    "limits": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (1, 1)),
    "priority": lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19),
    "memory": lambda: os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY),
    "environment": lambda: os.open(f"/proc/{os.getppid()}/environ", os.O_RDONLY),
    "given away": lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid()),
    "typed": lambda: fcntl.ioctl(0, termios.TIOCSTI, b"x"),
}


def attempt(task: Task) -> str:
    """What comes of it in words: "done", or the error's name."""
    try:
        ATTEMPTS[task.what]()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return "done"
