"""One connection of each protocol, and one request after the other (or beside it) over it.

A connection answers with httpx's values and raises httpx's exceptions: `ReadError` where it died,
`RemoteProtocolError` where what came is not HTTP, `LocalProtocolError` for a request that can't be
sent. It calls `released` when an answer has been read or given up.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, cast

import h11
import httpx

from feedd.http.stream import Stream

MAX_HEAD_BYTES = 64 * 1024
"""Status line and headers of an answer; also a chunk's header, and trailers."""


class Connection(Protocol):
    """An open connection of either protocol. `active` counts answers not yet given back."""

    shared: bool
    stream: Stream
    active: int
    released: Callable[[Connection], None]

    @property
    def usable(self) -> bool:
        """Could one more request be sent?"""
        ...

    async def ask(self, request: httpx.Request) -> httpx.Response:
        """Send a request and wait for the head of its answer."""
        ...


class NotTakenError(Exception):
    """The server ends this connection, and has not looked at the request."""


# ---------------------------------------------------------------- HTTP/1.1


class Http1:
    """HTTP/1.1 [RFC 9112], one request at a time."""

    shared = False

    def __init__(self, stream: Stream, released: Callable[[Connection], None]) -> None:
        self.stream = stream
        self.released = released
        self.active = 0
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)

    @property
    def usable(self) -> bool:
        return not self.active and not self.stream.ended and not self.stream.has_unread

    async def ask(self, request: httpx.Request) -> httpx.Response:
        self.active += 1
        try:
            with _h11_errors():
                head = await self._head(request)
        except BaseException:
            self._give_back(complete=False)
            raise
        return httpx.Response(
            head.status_code,
            headers=head.headers.raw_items(),
            stream=_Http1Body(self._pieces(), self._give_back),
        )

    async def _head(self, request: httpx.Request) -> h11.Response:
        sent = h11.Request(
            method=request.method, target=request.url.raw_path, headers=request.headers.raw
        )
        self.stream.send((self._h11.send(sent) or b"") + (self._h11.send(h11.EndOfMessage()) or b""))
        while True:
            event = self._h11.next_event()
            if event is h11.NEED_DATA:
                data = await self.stream.read()
                if not data:
                    raise httpx.ReadError("the server closed the connection without an answer")
                self._h11.receive_data(data)
            elif isinstance(event, h11.Response):
                return event
            elif not isinstance(event, h11.InformationalResponse):
                raise httpx.RemoteProtocolError("no answer where one was due")

    async def _pieces(self) -> AsyncIterator[bytes]:
        with _h11_errors():
            while True:
                event = self._h11.next_event()
                if isinstance(event, h11.Data):
                    yield bytes(event.data)
                elif event is h11.NEED_DATA:
                    await self._receive()
                else:
                    return

    async def _receive(self) -> None:
        data = await self.stream.read()
        self._h11.receive_data(data)
        if not data:
            # Without length and chunks the end of the connection is the end of the body.
            try:
                self._h11.next_event()
            except h11.RemoteProtocolError:
                raise httpx.ReadError("the connection ended within the body") from None

    def _give_back(self, *, complete: bool) -> None:
        self.active -= 1
        done = self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE
        # What follows the end of an answer unasked would be taken for the next answer.
        if complete and done and not self._h11.trailing_data[0] and not self.stream.ended:
            self._h11.start_next_cycle()
        else:
            self.stream.close()
        self.released(self)


class _Http1Body(httpx.AsyncByteStream):
    def __init__(self, pieces: AsyncIterator[bytes], give_back: Callable[..., None]) -> None:
        self._pieces = pieces
        self._give_back: Callable[..., None] | None = give_back
        self._complete = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            yield piece
        self._complete = True

    async def aclose(self) -> None:
        if self._give_back is not None:
            give_back, self._give_back = self._give_back, None
            give_back(complete=self._complete)


@contextmanager
def _h11_errors() -> Iterator[None]:
    try:
        yield
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from None
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from None
    except OSError as error:
        raise httpx.ReadError(str(error)) from None


# ---------------------------------------------------------------- HTTP/2


class Http2:
    """HTTP/2 [RFC 9113], several requests at a time, by httpcore."""

    shared = True

    def __init__(
        self,
        stream: Stream,
        released: Callable[[Connection], None],
        *,
        scheme: bytes,
        host: bytes,
        port: int,
    ) -> None:
        import httpcore  # with anyio and h2, a tenth of a second: only who meets HTTP/2 pays for it

        self.stream = stream
        self.released = released
        self.active = 0
        self._abandoned = False
        self._inner = httpcore.AsyncHTTP2Connection(
            origin=httpcore.Origin(scheme, host, port),
            stream=cast("httpcore.AsyncNetworkStream", stream),
        )

    @property
    def usable(self) -> bool:
        return not self.stream.ended and not self._abandoned and self._inner.is_available()

    async def ask(self, request: httpx.Request) -> httpx.Response:
        import httpcore

        self.active += 1
        url = request.url
        try:
            with _httpcore_errors():
                response = await self._inner.handle_async_request(
                    httpcore.Request(
                        request.method,
                        httpcore.URL(
                            scheme=url.raw_scheme,
                            host=url.raw_host,
                            port=url.port,
                            target=url.raw_path,
                        ),
                        headers=request.headers.raw,
                    )
                )
        except BaseException:
            self._give_back(complete=False)
            raise
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Http2Body(response, self._give_back),
        )
