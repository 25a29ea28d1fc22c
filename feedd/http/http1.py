"""HTTP/1.1 over one connection [RFC 9112]: h11 reads and writes, nothing is let through unread."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import h11
import httpx

from feedd.http.connection import Released
from feedd.http.stream import Stream

MAX_HEAD_BYTES = 64 * 1024
"""Status line and headers of an answer; also the header of a chunk, and trailers."""


class Http1:
    """A `Connection` for one request at a time."""

    shared = False

    def __init__(self, stream: Stream, released: Released) -> None:
        self.stream = stream
        self.active = 0
        self._released = released
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)

    @property
    def usable(self) -> bool:
        return not self.active and not self.stream.ended and not self.stream.has_unread

    async def ask(self, request: httpx.Request) -> httpx.Response:
        self.active += 1
        try:
            with _errors():
                head = await self._head(request)
        except BaseException:
            self.give_back()
            raise
        return httpx.Response(
            head.status_code, headers=head.headers.raw_items(), stream=_Body(self)
        )

    async def _head(self, request: httpx.Request) -> h11.Response:
        url = request.url
        sent = h11.Request(method=request.method, target=url.raw_path, headers=request.headers.raw)
        message = self._h11.send(sent) or b""
        if "content-length" in request.headers:
            assert isinstance(request.stream, httpx.AsyncByteStream)
            async for piece in request.stream:
                message += self._h11.send(h11.Data(piece)) or b""
        self.stream.send(message + (self._h11.send(h11.EndOfMessage()) or b""))
        while True:
            event = self._h11.next_event()
            if event is h11.NEED_DATA:
                data = await self.stream.read()
                if not data:
                    raise httpx.ReadError("the connection ended before the answer's head did")
                self._h11.receive_data(data)
            elif isinstance(event, h11.Response):
                return event
            elif not isinstance(event, h11.InformationalResponse):
                raise httpx.RemoteProtocolError("no answer where one was due")

    async def piece(self) -> bytes | None:
        """The next piece of the body; None at its end."""
        with _errors():
            while True:
                event = self._h11.next_event()
                if isinstance(event, h11.Data):
                    return bytes(event.data)
                if event is not h11.NEED_DATA:
                    return None
                data = await self.stream.read()
                self._h11.receive_data(data)
                if not data:
                    self._check_ended()
                    return None

    def _check_ended(self) -> None:
        """The connection is over: so is a body without length and chunks; others are cut short."""
        try:
            self._h11.next_event()
        except h11.RemoteProtocolError:
            raise httpx.ReadError("the connection ended within the body") from None

    def give_back(self) -> None:
        """The answer has been read, or nobody wants the rest of it."""
        self.active -= 1
        whole = self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE
        # What follows an answer unasked would be taken for the next one.
        if whole and not self._h11.trailing_data[0] and not self.stream.ended:
            self._h11.start_next_cycle()
        else:
            self.stream.close()
        self._released(self)


class _Body(httpx.AsyncByteStream):
    def __init__(self, connection: Http1) -> None:
        self._connection: Http1 | None = connection

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = await self._connection.piece() if self._connection is not None else None
        if piece is None:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.give_back()


@contextmanager
def _errors() -> Iterator[None]:
    """h11's exceptions and the system's as httpx's."""
    try:
        yield
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from None
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from None
    except OSError as error:
        # In TLS 1.3 a client certificate is missed only now: the cause tells (`failures`).
        raise httpx.ReadError(str(error)) from error
