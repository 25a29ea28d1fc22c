"""How many requests may be out at once: in all, to one host name, to one address (rule 15)."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Slots:
    """`hold` waits for a place and gives it back."""

    def __init__(self, *, concurrency: int, per_host: int) -> None:
        self._all = asyncio.Semaphore(concurrency)
        self._per_host = per_host
        self._semaphores: dict[str, asyncio.Semaphore] = {}
        self._users: defaultdict[str, int] = defaultdict(int)

    @asynccontextmanager
    async def hold(self, *keys: str) -> AsyncIterator[None]:
        """A place among all requests, and one under each key (a host's name, its address)."""
        # One key after the other, in an order that all share, so that nobody waits in a circle;
        # the common place last, so that who waits for a slow host takes nothing from others.
        taken: list[str] = []
        try:
            for key in sorted(set(keys)):
                self._users[key] += 1
                taken.append(key)
                semaphore = self._semaphores.setdefault(key, asyncio.Semaphore(self._per_host))
                try:
                    await semaphore.acquire()
                except BaseException:
                    taken.pop()
                    self._forget(key)
                    raise
            async with self._all:
                yield
        finally:
            for key in taken:
                self._semaphores[key].release()
                self._forget(key)

    def _forget(self, key: str) -> None:
        self._users[key] -= 1
        if not self._users[key]:
            del self._users[key], self._semaphores[key]
