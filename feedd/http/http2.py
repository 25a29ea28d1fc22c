"""HTTP/2 over one connection [RFC 9113], by httpcore. Imported only when a server speaks it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import cast

import h2.errors
import h2.events
import h2.exceptions
import httpcore
import httpx

from feedd.http.connection import NotTakenError, Released
from feedd.http.failures import CALLED_OFF
from feedd.http.stream import Stream


class Http2:
    """A `Connection` for several requests beside each other."""

    shared = True

    def __init__(self, stream: Stream, released: Released, origin: httpcore.Origin) -> None:
        self.stream = stream
        self.active = 0
        self._released = released
        self._abandoned = False
        self._inner = httpcore.AsyncHTTP2Connection(
            origin=origin, stream=cast("httpcore.AsyncNetworkStream", stream)
        )

    @property
    def usable(self) -> bool:
        return not self.stream.ended and not self._abandoned and self._inner.is_available()

    async def ask(self, request: httpx.Request) -> httpx.Response:
        self.active += 1
        url = request.url
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        assert isinstance(request.stream, httpx.AsyncByteStream)
        sent = httpcore.Request(
            request.method, target, headers=request.headers.raw, content=request.stream
        )
        try:
            with _errors():
                response = await self._inner.handle_async_request(sent)
        except BaseException:
            await self.give_back(whole=False)
            raise
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(self, response)
        )

    async def give_back(self, *, whole: bool, response: httpcore.Response | None = None) -> None:
        """An answer has been read, or nobody wants the rest of it.

        httpcore can't call off an answer: what still comes of it would eat up the connection's
        window, so the connection takes no more requests and ends with its last answer.
        """
        self.active -= 1
        self._abandoned = self._abandoned or not whole
        try:
            if response is not None:
                with _errors():
                    await response.aclose()
        except httpx.TransportError:
            self._abandoned = True
        finally:
            if self._abandoned and not self.active:
                self.stream.close()
            self._released(self)


class _Body(httpx.AsyncByteStream):
    def __init__(self, connection: Http2, response: httpcore.Response) -> None:
        self._connection = connection
        self._response = response
        self._whole = False
        self._open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors():
            async for piece in self._response.aiter_stream():
                yield piece
        self._whole = True

    async def aclose(self) -> None:
        if self._open:
            self._open = False
            await self._connection.give_back(whole=self._whole, response=self._response)


@contextmanager
def _errors() -> Iterator[None]:
    """httpcore's exceptions, h2's and the system's as httpx's."""
    try:
        yield
    except httpcore.ConnectionNotAvailable:
        raise NotTakenError from None
    except httpcore.RemoteProtocolError as error:
        # httpcore passes on h2's events as they are.
        match error.args:
            case (h2.events.StreamReset(error_code=h2.errors.ErrorCodes.REFUSED_STREAM), *_):
                raise NotTakenError from None
            case (h2.events.StreamReset(), *_):
                raise httpx.RemoteProtocolError(CALLED_OFF) from None
            case (h2.events.ConnectionTerminated(), *_):
                raise httpx.ReadError("the server ended the connection") from None
            case (str() as words, *_) if "disconnected" in words:
                raise httpx.ReadError(words) from None
        raise httpx.RemoteProtocolError(str(error)) from None
    except (httpcore.ProtocolError, h2.exceptions.H2Error) as error:
        raise httpx.RemoteProtocolError(str(error) or type(error).__name__) from None
    except (OSError, httpcore.NetworkError) as error:
        raise httpx.ReadError(str(error)) from None
