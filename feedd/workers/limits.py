"""What a job, and the process that does it, may use; and how it is told that it used more.

The kernel does the counting and the stopping: a call into C that never comes back is ended like any
other.
"""

from __future__ import annotations

import resource
import signal
from typing import Final

BESIDE_DATA_BYTES: Final = 30_000_000
"""Resident and yet no data: the stack, and the mapped files of the interpreter and libraries."""

_CRASHES: Final = frozenset({signal.SIGABRT, signal.SIGBUS, signal.SIGKILL, signal.SIGSEGV})
"""How libraries in C end that get no memory, and how the system ends who takes too much."""


def bound_memory(memory_bytes: int) -> None:
    """Let this process have so much resident memory in all; beyond, it gets a MemoryError."""
    data_bytes = memory_bytes - BESIDE_DATA_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))


def start_cpu_clock(cpu_s: float) -> None:
    """End this process once it has computed for so long, from now on; 0: it may go on."""
    signal.setitimer(signal.ITIMER_PROF, cpu_s)


def obituary(status: int, cpu_s: float) -> str:
    """How a process ended on its own, in words, by the status that its parent got."""
    if status >= 0:
        return f"ended the process that read it (exit status {status})"
    number = signal.Signals(-status)
    if number == signal.SIGPROF:
        return f"took more than {cpu_s:g} s of CPU time and was stopped"
    if number in _CRASHES:
        return f"crashed the process that read it, perhaps for want of memory ({number.name})"
    return f"ended the process that read it ({number.name})"
