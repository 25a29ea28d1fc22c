"""Functions run in processes of their own, where a crash, a hang or hunger takes nothing along.

    Workers    what the event loop talks to: `await workers.run(job)`
    pool       which job goes to which process, in what company
    process    one process as its parent sees it: socket, clock, obituary
    child      the process's own side; loads nothing that the job does not need
    collector  what Python's collector of cycles is to do in such a process, and in the parent

Only `child` is loaded in a worker: everything here is imported when it is asked for.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedd.workers.pool import Workers

__all__ = ["Workers"]


def __getattr__(name: str) -> object:
    if name != "Workers":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from feedd.workers.pool import Workers

    return Workers
