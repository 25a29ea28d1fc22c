"""What goes over the socket between a worker and its parent.

Either way a frame is a length and a pickle. To the worker: a batch of `(number, pickled job)`.
Back: a batch of `(number, succeeded, pickled result or error)`, and the memory the worker uses.
Beside it lies a page of shared memory that says which job runs, and since when: it can be read
after the worker has died, and costs no message while it lives.
"""

from __future__ import annotations

import mmap
import pickle
import struct
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from io import BytesIO
from operator import attrgetter
from typing import Any, ClassVar, Final

Batch = list[tuple[int, bytes]]
Answers = tuple[list[tuple[int, bool, bytes]], int]

LENGTH: Final = struct.Struct("<Q")
_RUNNING: Final = struct.Struct("<qd")
PAGE_BYTES: Final = mmap.PAGESIZE

NO_JOB: Final = -1
STARTING: Final = -2


class Page:
    """The shared page: the number of the running job (or NO_JOB, STARTING) and the monotonic time
    of its start, in seconds.
    """

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, PAGE_BYTES)

    def write(self, job: int, since_s: float) -> None:
        _RUNNING.pack_into(self._memory, 0, job, since_s)

    def read(self) -> tuple[int, float]:
        job, since_s = _RUNNING.unpack_from(self._memory, 0)
        return job, since_s

    def close(self) -> None:
        self._memory.close()


class Splitter:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Any]:
        self._buffer += data
        while len(self._buffer) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._buffer)[0]
            if len(self._buffer) < end:
                return
            with memoryview(self._buffer) as view:
                message = pickle.loads(view[LENGTH.size : end])
            del self._buffer[:end]
            yield message


def framed(message: Batch | Answers) -> bytes:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def pickled(value: Any) -> bytes:
    """Like pickle.dumps, several times as fast on our frozen dataclasses and named tuples."""
    buffer = BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


class _Pickler(pickle.Pickler):
    """Takes a dataclass or named tuple apart into its class and its fields, in order."""

    _getters: ClassVar[dict[type, Callable[[Any], tuple[Any, ...]] | None]] = {}

    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        try:
            getter = self._getters[kind]
        except KeyError:
            getter = self._getters[kind] = _getter(kind)
        return NotImplemented if getter is None else (kind, getter(value))


def _getter(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return tuple
    if not is_dataclass(kind):
        return None
    own = fields(kind)
    if len(own) < 2 or not all(field.init and not field.kw_only for field in own):
        return None
    return attrgetter(*(field.name for field in own))
