"""What passes between a worker and its parent: data with a schema, never code.

Either way a message is a length and a value in MessagePack. What arrives is decoded as the type
that is expected there and refused if it is anything else: a worker whose parser was taken over by
a document can send wrong values of these types, and nothing besides.

    to the worker   a list of `Order`
    back            once a `Ready`, then `Answers`

Jobs and results are bytes within these, each decoded as its own type by who asked for it. Beside
the socket lies a page of shared memory that says which job runs, and since when: it can be read
after the worker has died, and costs no message while it lives.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta

from feedd.errors import FeeddError, NotAFeedError, ParseError
from feedd.workers import storable

MESSAGE_MAX_BYTES: Final = 512_000_000
"""Beyond, a message is refused. A parser's memory ends not far from there."""

ERROR_MAX_CHARS: Final = 2_000
ADVERTISED_MAX: Final = 100

LENGTH: Final = struct.Struct("<Q")
_RUNNING: Final = struct.Struct("<qd")
PAGE_BYTES: Final = mmap.PAGESIZE

NO_JOB: Final = -1
STARTING: Final = -2


class WorkerSetup(NamedTuple):
    """What a worker is told at its start.

    `target` is the function, as "module:name", `kinds` are the types of its jobs, `loads` modules
    to import beforehand. The descriptors are those of our socket, of the shared page, and of a pipe
    whose other end only the parent holds. `memory_bytes` is for the process, `cpu_s` for each job
    (0: no limit).
    """

    target: str
    kinds: list[str]
    loads: list[str]
    memory_bytes: int
    cpu_s: float
    connection: int = -1
    clock: int = -1
    lifeline: int = -1

    def text(self) -> str:
        """All of it, for a command line."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def of_text(cls, text: str) -> WorkerSetup:
        return msgspec.json.decode(text, type=cls)


class Order(NamedTuple):
    """A job for a worker: its number, which of the agreed types it is, and itself, encoded."""

    number: int
    kind: int
    job: bytes


class Ready(NamedTuple):
    """A worker's first message: its function is imported. `unconfined` names what its kernel does
    not offer, of `sandbox.confine`.
    """

    unconfined: list[Annotated[str, Meta(max_length=100)]]


class JobAnswer(NamedTuple):
    """What came of a job: its result, or a `JobFailure`, encoded."""

    number: int
    succeeded: bool
    value: bytes


class Answers(NamedTuple):
    """Some answers, and the resident memory of their worker, 0 where the system does not say."""

    answers: list[JobAnswer]
    memory_used_bytes: int


class JobFailure(NamedTuple):
    """An error that a worker's function raised; `advertised` as in NotAFeedError."""

    kind: Literal["error", "parse", "not-a-feed"]
    message: Annotated[str, Meta(max_length=ERROR_MAX_CHARS)]
    advertised: Annotated[tuple[str, ...], Meta(max_length=ADVERTISED_MAX)] = ()

    @classmethod
    def of(cls, error: FeeddError) -> JobFailure:
        """The data of an error."""
        message = str(error)[:ERROR_MAX_CHARS]
        if isinstance(error, NotAFeedError):
            return cls("not-a-feed", message, error.advertised[:ADVERTISED_MAX])
        return cls("parse" if isinstance(error, ParseError) else "error", message)

    def error(self) -> FeeddError:
        """The error of the data."""
        if self.kind == "not-a-feed":
            return NotAFeedError(self.message, self.advertised)
        return ParseError(self.message) if self.kind == "parse" else FeeddError(self.message)


class MessageError(Exception):
    """What arrived is not what was agreed; says in a line what was wrong."""


def bad_answer(error: MessageError) -> ParseError:
    """What is said of the document whose reader answered so."""
    return ParseError(f"made its reader answer what no reader says ({error}); it was refused")


class MessageDecoder:
    """Makes values of one type, and of no other, from their encoding."""

    def __init__(self, expected: Any) -> None:
        self._decode = msgspec.msgpack.Decoder(expected).decode

    def __call__(self, data: bytes | memoryview) -> Any:
        """Raises MessageError."""
        try:
            return self._decode(data)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise MessageError(" ".join(str(error).split())[:200]) from None


decoded_failure = MessageDecoder(JobFailure)

_encoder = msgspec.msgpack.Encoder()
_encode = _encoder.encode


def encoded(value: Any) -> bytes:
    """A value of ours as bytes: a `Struct`, a named tuple, or what these are made of.

    Lone surrogates become "?", and integers stay within 63 bits: neither could be stored.
    """
    try:
        return _encode(value)
    except (UnicodeEncodeError, OverflowError):
        return _encode(storable(value))


def framed(message: Ready | Answers | list[Order]) -> bytearray:
    """A message as it goes over the socket."""
    data = bytearray(LENGTH.size)
    _encoder.encode_into(message, data, LENGTH.size)
    LENGTH.pack_into(data, 0, len(data) - LENGTH.size)
    return data


class Splitter:
    """Cuts a stream of bytes into the bodies of messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[memoryview]:
        """The bodies that are complete with `data`, each until the next is asked for.

        Raises MessageError for one that is too long.
        """
        self._buffer += data
        while len(self._buffer) >= LENGTH.size:
            length = LENGTH.unpack_from(self._buffer)[0]
            if length > MESSAGE_MAX_BYTES:
                raise MessageError(f"a message of {length:,} bytes")
            end = LENGTH.size + length
            if len(self._buffer) < end:
                return
            with memoryview(self._buffer) as whole, whole[LENGTH.size : end] as body:
                yield body
            del self._buffer[:end]


class JobClock:
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
