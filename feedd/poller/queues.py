"""Who waits for what while feeds are polled, each bounded: requests, documents, results.

Requests wait for their host's turn (rules 12, 15 and 26), documents for room until a parse worker
has answered, results to be stored. How large an answer is nobody knows before it is there. So a
feed that is asked counts as much as answers have had of late, and what has come counts as much as
it has: of large documents few are under way, of small ones many.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Generic, Protocol, TypeVar

from feedd.identity.content import host_of


def queue_of(url: str) -> str:
    """Where a feed's URL waits its turn: with those of its host, or alone where it has none."""
    return host_of(url) or url


class HasHost(Protocol):
    """Something to be asked of a host."""

    @property
    def host(self) -> str: ...


R = TypeVar("R", bound=HasHost)


class HostQueue(Generic[R]):
    """Requests waiting to go out: hosts take turns, each with at most `per_host` out at once.

    `take` waits until one may go out; whoever took it says `done` when its exchange is over.
    """

    def __init__(self, *, per_host: int) -> None:
        self._per_host = per_host
        self._waiting: dict[str, deque[R]] = {}
        self._out: dict[str, list[R]] = {}
        self._turns: deque[str] = deque()
        """Hosts of which some may go out."""
        self._available = asyncio.Semaphore(0)
        """How many may go out, of all hosts."""
        self.active = 0
        """How many may go out or are out: so many can be asked at the same time."""

    def add(self, request: R) -> None:
        """Put a request at the end of its host's queue."""
        queue = self._waiting.setdefault(request.host, deque())
        queue.append(request)
        if len(queue) <= self._places(request.host):
            self._let_one_out(request.host)

    async def take(self) -> R:
        """The next request of the host whose turn it is."""
        await self._available.acquire()
        host = self._turns.popleft()
        queue = self._waiting[host]
        request = queue.popleft()
        self._out.setdefault(host, []).append(request)
        if not queue:
            del self._waiting[host]
        elif self._places(host):
            self._turns.append(host)
        return request

    def done(self, request: R) -> None:
        """The exchange is over: its host's place is free."""
        host = request.host
        self.active -= 1
        self._out[host].remove(request)
        if not self._out[host]:
            del self._out[host]
        if len(self._waiting.get(host, ())) >= self._places(host):
            self._let_one_out(host)

    @property
    def out(self) -> list[R]:
        """What is out, of each host the longest first."""
        return [request for requests in self._out.values() for request in requests]

    def _places(self, host: str) -> int:
        """How many more of a host may be out."""
        return self._per_host - len(self._out.get(host, ()))

    def _let_one_out(self, host: str) -> None:
        """One more of a host's requests than before may go out; all that may can be taken at once,
        and those of a host that has several do not wait for each other.
        """
        if 1 in (len(self._waiting[host]), self._places(host)):
            self._turns.append(host)
        self.active += 1
        self._available.release()


# ---------------------------------------------------------------- room for documents


ROOM_BYTES: Final = 8_000_000
"""With so many bytes asked for and not parsed yet, no further feed is asked. A document alone may
have more: it has all the room then."""

FIRST_BYTES: Final = 1_000_000
"""An answer is taken to have so many bytes before the first came."""

LEAST_BYTES: Final = 25_000
"""Counted for a request at least: its connection has buffers, and the next answer may be larger."""

LATEST_ANSWERS: Final = 16
"""The usual size is that of about so many answers."""

SILENT_S: Final = 3.0
"""A request without an answer for so long counts for the least while others wait for room: a server
that hangs delays nobody else (rule 26)."""


class Place:
    """One document's. `size` is None until its answer has come, whole."""

    __slots__ = ("counted", "since", "size")

    def __init__(self, counted: int, since: float) -> None:
        self.counted = counted
        self.since = since
        self.size: int | None = None


class Backlog:
    """What is under way, and what waits for room."""

    def __init__(self, room_bytes: int = ROOM_BYTES) -> None:
        self._room_bytes = room_bytes
        self._bytes = 0
        self._usual_bytes = float(FIRST_BYTES)
        self._waiting: deque[asyncio.Future[Place]] = deque()
        self._unanswered: dict[Place, None] = {}
        self._look: asyncio.TimerHandle | None = None

    async def enter(self) -> Place:
        """A place, once there is room; first come, first served."""
        if self._has_room():
            return self._take()
        turn: asyncio.Future[Place] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._look_soon()
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # given in the same moment
                self._give_back(turn.result())
            raise

    def leave(self, place: Place) -> None:
        """The document has been parsed, or there is none."""
        size = max(place.size or 0, LEAST_BYTES)
        self._usual_bytes += (size - self._usual_bytes) / LATEST_ANSWERS
        self._give_back(place)

    def fill(self, place: Place, size: int) -> None:
        """The answer has come, with so many bytes."""
        self._unanswered.pop(place, None)
        self._bytes += size - place.counted
        place.counted = place.size = size
        self._let_in()

    def _has_room(self) -> bool:
        return not self._bytes or self._bytes + self._usual_bytes <= self._room_bytes

    def _take(self) -> Place:
        place = Place(int(self._usual_bytes), asyncio.get_running_loop().time())
        self._bytes += place.counted
        self._unanswered[place] = None
        return place

    def _give_back(self, place: Place) -> None:
        self._unanswered.pop(place, None)
        self._bytes -= place.counted
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._has_room():
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(self._take())

    def _look_soon(self) -> None:
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(SILENT_S, self._pass_silent)

    def _pass_silent(self) -> None:
        """Room is made beside servers that have been silent for long, if somebody waits for it."""
        self._look = None
        if not self._waiting:
            return
        silent_since = asyncio.get_running_loop().time() - SILENT_S
        for place in self._unanswered:
            if place.since > silent_since:
                break
            if place.counted > LEAST_BYTES:
                self._bytes -= place.counted - LEAST_BYTES
                place.counted = LEAST_BYTES
        self._let_in()
        if self._waiting:
            self._look_soon()


class Room:
    """A place in a backlog for one document, taken when it is first asked for."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog
        self._place: Place | None = None

    async def enter(self) -> None:
        """Wait for the place, if it is not there yet."""
        if self._place is None:
            self._place = await self._backlog.enter()

    def fill(self, size: int) -> None:
        """The answer has come, with so many bytes."""
        if self._place is not None:
            self._backlog.fill(self._place, size)

    def leave(self) -> None:
        """Give the place back, if there is one."""
        if self._place is not None:
            self._backlog.leave(self._place)


# ---------------------------------------------------------------- results to be stored


FEEDS_WORTH_IT: Final = 1_000
GATHER_S: Final = 0.25
"""How many feeds, or how long, the recorder waits for while more are being asked: a transaction
costs the index of words as much as ten feeds.
"""

ROOM: Final = 4_000_000
"""With results of so many bytes not yet stored, no further feed is asked, and no more are stored in
one transaction. As many again are being stored.
"""

LAST_FEEDS: Final = 100
LAST_BYTES: Final = 1_000_000
"""Of the last so many feeds that are under way, half are stored while the others are parsed, if it
is so much: else one core would store them all when the others have nothing more to do.
"""

BARE_RESULT: Final = 4_000
BARE_DOCUMENT: Final = 9_000
"""Counted for a result and for its document, in bytes, beside its entries as they came from the
parse worker: 304s go 1,000 to a transaction. (Deciding and storing while requests are under way
costs a tenth more, since the two threads take the interpreter from each other.)
"""

T = TypeVar("T")


class RecordQueue(Generic[T]):
    """What waits to be stored, each with its size in bytes."""

    def __init__(self) -> None:
        self._queue: deque[tuple[T, int]] = deque()
        self._size = 0
        self._room = asyncio.Event()
        self._room.set()
        self._some = asyncio.Event()
        self._enough = asyncio.Event()
        self._under_way: Callable[[], int] = lambda: 0

    async def has_room(self) -> None:
        await self._room.wait()

    def put(self, result: T, size: int) -> None:
        self._queue.append((result, size))
        self._size += size
        if self._size >= ROOM:
            self._room.clear()
        self._some.set()
        self.look()

    def look(self) -> None:
        """Is enough there? To be asked when fewer are under way."""
        if not self._queue:
            return
        wanted = min(FEEDS_WORTH_IT, self._under_way())
        if wanted <= LAST_FEEDS and self._size >= LAST_BYTES:
            wanted //= 2
        if len(self._queue) >= wanted or self._size >= ROOM:
            self._enough.set()

    async def take(self, under_way: Callable[[], int]) -> list[T]:
        """What is to share a transaction: at least one. `under_way`: how many are being fetched or
        wait here.
        """
        self._under_way = under_way
        self._enough.clear()
        await self._some.wait()
        self.look()
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER_S):
                await self._enough.wait()
        taken: list[T] = []
        size = 0
        while self._queue and size < ROOM:
            result, more = self._queue.popleft()
            taken.append(result)
            size += more
        self._size -= size
        if self._size < ROOM:
            self._room.set()
        if not self._queue:
            self._some.clear()
        return taken
