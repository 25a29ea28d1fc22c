"""A small server, for hubs and for metrics: HTTP/1.1, one request a connection, all limited."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import parse_qsl

import h11
from msgspec import Struct, field

log = logging.getLogger("feedd.listener")

MAX_HEAD_BYTES: Final = 16_384
MAX_QUERY_FIELDS: Final = 32
MAX_CONNECTIONS: Final = 32
"""Of one address. One more is closed at once; the caller tries again."""

MAX_IN_ALL: Final = 128
"""Beyond, the oldest that has asked nothing yet makes room: idle ones lock nobody out."""

EXCHANGE_S: Final = 30.0
"""From a connection's beginning to its end."""

LINGER_S: Final = 1.0
_PIECE_BYTES: Final = 65_536


class TooLargeError(Exception):
    """The body is larger than allowed."""


class Call(Struct, frozen=True):
    """A request. `path` is as it was sent, without its query; header names are lower case.

    `body` reads what it carries; raises TooLargeError.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Callable[[], Awaitable[bytes]]


class Answer(Struct, frozen=True):
    """What the caller is told. `headers` beside those that every answer has."""

    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Respond = Callable[[Call], Awaitable[Answer]]


@asynccontextmanager
async def listen(
    host: str, port: int, respond: Respond, *, max_body_bytes: int = 0
) -> AsyncIterator[int]:
    """Serve until the end of the block; gives the port (of port 0, the one that was free).

    Raises OSError when it can't be listened on. What is under way at the end is cut off.
    """
    serving: dict[asyncio.Task[None], _Exchange] = {}

    async def serve(exchange: _Exchange, writer: asyncio.StreamWriter) -> None:
        try:
            await _serve(exchange, respond)
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        exchange = _Exchange(reader, writer, max_body_bytes)
        if not _make_room(serving, exchange.caller):
            writer.close()
            return
        task = asyncio.create_task(serve(exchange, writer))
        serving[task] = exchange
        task.add_done_callback(lambda task: serving.pop(task, None))

    server = await asyncio.start_server(accept, host, port, limit=_PIECE_BYTES)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


def _make_room(serving: dict[asyncio.Task[None], _Exchange], caller: str) -> bool:
    """May another connection come from this address? Who has asked nothing yet may go for it."""
    if sum(exchange.caller == caller for exchange in serving.values()) >= MAX_CONNECTIONS:
        return False
    if len(serving) < MAX_IN_ALL:
        return True
    idle = next((task for task, exchange in serving.items() if not exchange.has_asked), None)
    if idle is None:
        return False
    del serving[idle]
    idle.cancel()
    return True


async def _serve(exchange: _Exchange, respond: Respond) -> None:
    with suppress(TimeoutError, OSError, h11.ProtocolError):
        async with asyncio.timeout(EXCHANGE_S):
            try:
                answer = await respond(await exchange.call())
            except TooLargeError:
                answer = Answer(413)
            except h11.RemoteProtocolError as error:
                answer = Answer(error.error_status_hint)
            except (OSError, TimeoutError):
                raise
            except Exception:
                log.exception("a request could not be answered; please report this")
                answer = Answer(500)
            await exchange.answer(answer)


class _Exchange:
    """One request and its answer on one connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, max_body_bytes: int
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._max_body_bytes = max_body_bytes
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)
        self.caller = str((writer.get_extra_info("peername") or ("",))[0])
        self.has_asked = False

    async def call(self) -> Call:
        """The request, its body still unread. Raises h11.RemoteProtocolError."""
        request = await self._event()
        if not isinstance(request, h11.Request):
            raise ConnectionError("nothing was asked")
        self.has_asked = True
        path, _, query = request.target.decode("latin-1").partition("?")
        try:
            fields = dict(parse_qsl(query, max_num_fields=MAX_QUERY_FIELDS))
        except ValueError:
            fields = {}
        return Call(
            method=request.method.decode("latin-1"),
            path=path,
            query=fields,
            headers={name.decode(): value.decode("latin-1") for name, value in request.headers},
            body=self._body,
        )

    async def _body(self) -> bytes:
        if self._h11.they_are_waiting_for_100_continue:
            self._send(h11.InformationalResponse(status_code=100, headers=[]))
        body = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            body += event.data
            if len(body) > self._max_body_bytes:
                raise TooLargeError
        return bytes(body)

    async def _event(self) -> object:
        while (event := self._h11.next_event()) is h11.NEED_DATA:
            self._h11.receive_data(await self._reader.read(_PIECE_BYTES))
        return event

    async def answer(self, answer: Answer) -> None:
        """Send it, and let the caller read it before the connection ends."""
        body = answer.body.encode()
        headers = [
            ("Content-Type", answer.content_type),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
            *answer.headers.items(),
        ]
        self._send(h11.Response(status_code=answer.status, headers=headers))
        self._send(h11.Data(body))
        self._send(h11.EndOfMessage())
        await self._writer.drain()
        self._writer.write_eof()
        # Closed with bytes unread, the connection would be reset and the answer perhaps lost.
        async with asyncio.timeout(LINGER_S):
            while await self._reader.read(_PIECE_BYTES):
                pass

    def _send(self, event: h11.Event) -> None:
        self._writer.write(self._h11.send(event) or b"")
