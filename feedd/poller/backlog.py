"""Documents from the request to the parse worker's answer: how much memory they take together.

How large an answer is nobody knows before it is there. So a feed that is asked counts as much as
answers have had of late, and what has come counts as much as it has: of large documents few are
under way, of small ones many. `RecordQueue` (`recorder`) bounds what is parsed and not yet stored.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

ROOM_BYTES: Final = 16_000_000
"""With so many bytes asked for and not parsed yet, no further feed is asked. A document alone may
have more: it has all the room then."""

FIRST_BYTES: Final = 1_000_000
"""An answer is taken to have so many bytes before the first came."""

LEAST_BYTES: Final = 25_000
"""Counted for a request at least: its connection has buffers, and the next answer may be larger."""

LATEST_ANSWERS: Final = 16
"""The usual size is that of about so many answers."""


class Place:
    """One document's. `size` is None until its answer has come, whole."""

    __slots__ = ("counted", "size")

    def __init__(self, counted: int) -> None:
        self.counted = counted
        self.size: int | None = None


class Backlog:
    """What is under way, and what waits for room."""

    def __init__(self, room_bytes: int = ROOM_BYTES) -> None:
        self._room_bytes = room_bytes
        self._bytes = 0
        self._usual_bytes = float(FIRST_BYTES)
        self._waiting: deque[asyncio.Future[Place]] = deque()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Place]:
        """A document's place while it is asked for and parsed, once there is room; first come,
        first served.
        """
        if self._waiting or not self._has_room():
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                place: Place = await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():  # given in the same moment
                    self._give_back(turn.result())
                raise
        else:
            place = self._take()
        try:
            yield place
        finally:
            size = max(place.size or 0, LEAST_BYTES)
            self._usual_bytes += (size - self._usual_bytes) / LATEST_ANSWERS
            self._give_back(place)

    def fill(self, place: Place, size: int) -> None:
        """The answer has come, with so many bytes."""
        self._bytes += size - place.counted
        place.counted = place.size = size
        self._let_in()

    def _has_room(self) -> bool:
        return not self._bytes or self._bytes + self._usual_bytes <= self._room_bytes

    def _take(self) -> Place:
        place = Place(int(self._usual_bytes))
        self._bytes += place.counted
        return place

    def _give_back(self, place: Place) -> None:
        self._bytes -= place.counted
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._has_room():
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(self._take())
