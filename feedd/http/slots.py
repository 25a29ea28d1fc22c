"""How many requests may be out at once: in all, to one host name, to one address (rule 15)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager


class Slots:
    """Places for requests: `concurrency` in all, `per_host` under each key.

    A request takes all of its places at once or none, so nobody holds one while waiting for
    another, and a host that hangs keeps nobody else waiting (rule 26).
    """

    def __init__(self, *, concurrency: int, per_host: int) -> None:
        self._free = concurrency
        self._per_host = per_host
        self._taken: Counter[str] = Counter()
        self._waiting: dict[asyncio.Future[None], frozenset[str]] = {}

    @asynccontextmanager
    async def hold(self, keys: Iterable[str]) -> AsyncIterator[None]:
        """A place under each key (a host's name, its addresses), first come first served."""
        wanted = frozenset(keys)
        if self._are_free(wanted):
            self._take(wanted)
        else:
            await self._wait(wanted)
        try:
            yield
        finally:
            self._give_back(wanted)

    async def _wait(self, keys: frozenset[str]) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting[turn] = keys
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # given in the same moment
                self._give_back(keys)
            self._waiting.pop(turn, None)
            raise

    def _are_free(self, keys: frozenset[str]) -> bool:
        return self._free > 0 and all(self._taken[key] < self._per_host for key in keys)

    def _take(self, keys: frozenset[str]) -> None:
        self._free -= 1
        self._taken.update(keys)

    def _give_back(self, keys: frozenset[str]) -> None:
        self._free += 1
        for key in keys:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]
        served = []
        for turn, wanted in self._waiting.items():  # not copied: it may be long, and is seldom read
            if not self._free:
                break
            if self._are_free(wanted) and not turn.done():
                self._take(wanted)
                turn.set_result(None)
                served.append(turn)
        for turn in served:
            del self._waiting[turn]
