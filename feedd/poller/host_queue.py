"""Whose turn it is: a line by host, so that no host holds up another (rules 12, 15 and 26)."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, Protocol, TypeVar

from feedd.identity.content import host_of


def queue_of(url: str) -> str:
    """Where a feed's URL waits its turn: with those of its host, or alone where it has none."""
    return host_of(url) or url


class HasHost(Protocol):
    """Something to be asked of a host."""

    @property
    def host(self) -> str: ...


T = TypeVar("T", bound=HasHost)


class HostQueue(Generic[T]):
    """Requests waiting to go out: hosts take turns, each with at most `per_host` out at once.

    `take` waits until one may go out; whoever took it says `done` when its exchange is over.
    """

    def __init__(self, *, per_host: int) -> None:
        self._per_host = per_host
        self._waiting: dict[str, deque[T]] = {}
        self._out: dict[str, list[T]] = {}
        self._turns: deque[str] = deque()
        self._available = asyncio.Semaphore(0)

    def add(self, request: T) -> None:
        """Put a request at the end of its host's queue."""
        host = request.host
        queue = self._waiting.get(host)
        if queue is None:
            self._waiting[host] = deque([request])
            if len(self._out.get(host, ())) < self._per_host:
                self._turn(host)
        else:
            queue.append(request)

    async def take(self) -> T:
        """The next request of the host whose turn it is."""
        await self._available.acquire()
        host = self._turns.popleft()
        queue = self._waiting[host]
        request = queue.popleft()
        out = self._out.setdefault(host, [])
        out.append(request)
        if not queue:
            del self._waiting[host]
        elif len(out) < self._per_host:
            self._turn(host)
        return request

    def done(self, request: T) -> None:
        """The exchange is over: its host's place is free."""
        host = request.host
        self._out[host].remove(request)
        if not self._out[host]:
            del self._out[host]
        if host in self._waiting and host not in self._turns:
            self._turn(host)

    @property
    def out(self) -> list[T]:
        """What is out, of each host the longest first."""
        return [request for requests in self._out.values() for request in requests]

    def _turn(self, host: str) -> None:
        self._turns.append(host)
        self._available.release()
