"""Every error feedd raises on purpose, as one tree.

    FeeddError                  exit code 1
    ├── UsageError              2   wrong arguments, unreadable input files
    │   └── ConfigError         2   the configuration file, all its problems at once
    ├── NotFoundError           3   no such feed or item
    ├── StoreError              4   the database can't be used
    │   ├── DatabaseGoneError   4   its file was deleted or replaced while in use
    │   └── OverwrittenError    4   a copy lies in its place, beside the log of the old one
    ├── MachineError            1   the machine lacks something (descriptors, memory, a process)
    ├── FetchError              1   one exchange with a server failed; `kind` says how
    └── ParseError              1   a body arrived that is no usable feed
        └── NotAFeedError       1   it is something else; may name the feed it points to

A message is one line for a person and says what to do next; it never holds a secret.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import Final, Literal

MACHINE_ERRNOS: Final = frozenset(
    {
        errno.EMFILE,  # this process has too many open files
        errno.ENFILE,  # the whole machine has
        errno.ENOMEM,
        errno.ENOBUFS,
        errno.EAGAIN,  # no further process
        errno.ENOSPC,
        errno.EDQUOT,
    }
)
"""Codes of an OSError that mean a shortage of the machine's."""

FetchErrorKind = Literal[
    "dns",  # the name does not resolve
    "connect",  # no connection: unreachable
    "no-server",  # no connection: refused, by what answers there or by a proxy
    "proxy",  # it does not answer, or wants a password first: no server has heard of the request
    "tls",  # certificate or handshake
    "timeout",  # the deadline for the whole exchange passed
    "reset",  # the connection died within the exchange
    "protocol",  # what came is not HTTP, or its encoding is broken
    "too-large",  # over the size limit, counted after decompression
    "truncated",  # the body ended before its announced end
    "redirect",  # too many, a loop, or to a place that is not allowed
    "robot-check",  # or a cookie wall, be it a page or a circle of redirects
    "forbidden-address",  # loopback, private or otherwise guarded address
    "bad-url",  # cannot be requested at all
    "exec",  # an exec: or file: feed failed
]


class FeeddError(Exception):
    """Root of the tree; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(FeeddError):
    """The user asked for something that makes no sense as asked."""

    exit_code = 2


class ConfigError(UsageError):
    """The configuration file is unusable; `problems` holds one line each."""

    kind: Final = "configuration"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class NotFoundError(FeeddError):
    """A feed name or item id that the store does not know."""

    exit_code = 3

    @classmethod
    def of_items(cls, *ids: int) -> NotFoundError:
        """There are no items with these ids."""
        return cls(f"no item {', '.join(map(str, ids))}: feedd list --all shows which there are")


class StoreError(FeeddError):
    """The database is locked, corrupt, full, read-only, or newer than this program."""

    exit_code = 4


class DatabaseGoneError(StoreError):
    """The database's file was deleted or replaced while in use; opened anew, it may be well."""


class OverwrittenError(StoreError):
    """A copy was put in the database's place beside the log of the old one: SQLite would mix the
    two. Nothing may be written to it, nor read.
    """


class MachineError(FeeddError):
    """The machine lacks what the work needs: descriptors, memory, disk space, a worker process.

    No feed and no server is to blame, and trying again soon may succeed.
    """


def is_machine_trouble(error: BaseException) -> bool:
    """Does this error say that the machine lacks something, rather than that the input is bad?"""
    if isinstance(error, (MachineError, MemoryError)):
        return True
    return isinstance(error, OSError) and error.errno in MACHINE_ERRNOS


def shortage_of(error: BaseException) -> MachineError:
    """The MachineError that such an error stands for, in words."""
    if isinstance(error, MachineError):
        return error
    lacking = error.strerror if isinstance(error, OSError) else "out of memory"
    return MachineError(f"this machine lacks something: {lacking}; free some, or allow feedd more")


class FetchError(FeeddError):
    """One exchange failed. `kind` tells the class of failure apart, the message says it in
    words.
    """

    def __init__(self, kind: FetchErrorKind, message: str) -> None:
        self.kind: FetchErrorKind = kind
        super().__init__(message)


class ParseError(FeeddError):
    """The body could not be read as a feed (or its parser had to be stopped)."""


class NotAFeedError(ParseError):
    """The body is something else, an HTML page say; `advertised` are feed URLs it names."""

    def __init__(self, message: str, advertised: Sequence[str] = ()) -> None:
        self.advertised = tuple(advertised)
        super().__init__(message)
