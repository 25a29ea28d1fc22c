"""Answers that wait for the recorder: how many it takes at once, and when there are too many."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from feedd.poller.asking import Asked

FEEDS_WORTH_IT: Final = 64
GATHER_S: Final = 0.25
"""So many feeds, or so long, the recorder waits for while more are being asked: a transaction
costs the index of words as much as ten feeds.
"""

GATHER_STEP_S: Final = 0.01

ROOM: Final = 6_000_000
"""With answers of so many characters not yet stored, no further feed is asked, and no more are
stored in one transaction. They take some four times as many bytes of memory; and as many again are
being stored.
"""

BARE_ANSWER: Final = 25_000
"""Counted for an answer beside its text: 304s go 240 to a transaction."""

T = TypeVar("T")


class Brought(Generic[T]):
    """A line of answers, each with its size in characters."""

    def __init__(self) -> None:
        self._line: asyncio.Queue[tuple[T, int]] = asyncio.Queue()
        self._size = 0
        self._room = asyncio.Event()
        self._room.set()

    async def has_room(self) -> None:
        """Wait until more may be brought."""
        await self._room.wait()

    def put(self, answer: T, size: int) -> None:
        self._line.put_nowait((answer, size))
        self._size += size
        if self._size >= ROOM:
            self._room.clear()

    async def take(self, under_way: Callable[[], int]) -> list[T]:
        """What is to share a transaction: at least one. `under_way`: how many are being asked or
        wait here.
        """
        first, size = await self._line.get()
        for _ in range(round(GATHER_S / GATHER_STEP_S)):
            await asyncio.sleep(GATHER_STEP_S)
            if 1 + self._line.qsize() >= min(FEEDS_WORTH_IT, under_way()) or self._size >= ROOM:
                break
        taken = [first]
        while size < ROOM and not self._line.empty():
            answer, more = self._line.get_nowait()
            taken.append(answer)
            size += more
        self._size -= size
        if self._size < ROOM:
            self._room.set()
        return taken


def size_of(asked: Asked) -> int:
    """What an answer counts for, in characters."""
    entries = asked.reading.entries if asked.reading else ()
    texts = sum(len(keyed.packed or b"") + len(keyed.entry.text) for keyed in entries)
    return BARE_ANSWER + texts
