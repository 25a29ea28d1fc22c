"""feedd's transport for httpx: connections that passed the guard, kept alive and reused.

httpx's own pool looks through all its connections with a system call each, twice a request: a
thousand 304s cost it ten times what they cost here.
"""

from __future__ import annotations

import asyncio

import httpx

from feedd.errors import FetchError
from feedd.http.connecting import Connector
from feedd.http.connection import Connection, NotTakenError
from feedd.http.http1 import Http1
from feedd.http.redirects import host_of

KEEP_ALIVE_S = 30.0
IDLE_CONNECTIONS = 64
"""Connections that are kept although nobody uses them; beyond, the oldest is closed."""

Origin = tuple[bytes, bytes, int]

_DEFAULT_PORTS = {b"http": 80, b"https": 443}


class Pool(httpx.AsyncBaseTransport):
    """Answers requests to `http:` and `https:` URLs.

    Raises httpx's TransportErrors, and FetchError where no connection came about. A kept connection
    that died before any byte of the answer came is replaced by a new one, once (rule 16).
    """

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._ready: dict[Origin, list[Connection]] = {}
        self._idle: dict[Connection, float] = {}
        self._origins: dict[Connection, Origin] = {}
        self._handshakes: dict[Origin, asyncio.Lock] = {}
        self._sweep: asyncio.TimerHandle | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        origin = (url.raw_scheme, url.raw_host, url.port or _DEFAULT_PORTS[url.raw_scheme])
        kept = self._kept(origin)
        if kept is not None:
            received_bytes = kept.stream.received_bytes
            try:
                return await kept.ask(request)
            except NotTakenError:
                pass
            except httpx.ReadError:
                # Of an answer among several others it can't be said whose the bytes were.
                if not kept.shared and kept.stream.received_bytes != received_bytes:
                    raise
        try:
            return await (await self._opened(origin, fresh=kept)).ask(request)
        except NotTakenError:
            raise FetchError(
                "reset", f"{host_of(url)} takes no requests; the next poll tries again"
            ) from None

    async def aclose(self) -> None:
        """Close all connections."""
        if self._sweep is not None:
            self._sweep.cancel()
        for connection in list(self._origins):
            self._forget(connection)

    @property
    def open_connections(self) -> int:
        """How many connections are open, used or kept."""
        return len(self._origins)

    # ------------------------------------------------------------ finding one

    def _kept(self, origin: Origin) -> Connection | None:
        """A connection that can take a request now."""
        ready = self._ready.get(origin)
        while ready:
            connection = ready[-1]
            if not connection.usable:
                ready.pop()
                if not connection.active:
                    self._forget(connection)
                continue
            if not connection.shared:
                ready.pop()
            self._idle.pop(connection, None)
            connection.stream.on_disturbed = None
            return connection
        return None

    async def _opened(self, origin: Origin, *, fresh: Connection | None) -> Connection:
        scheme, raw_host, port = origin
        host = raw_host.decode("ascii")
        if scheme == b"http":
            return self._added(origin, Http1(await self._connector.plain(host, port), self._back))
        # One handshake at a time: where HTTP/2 is offered, its connection serves all who wait.
        lock = self._handshakes.setdefault(origin, asyncio.Lock())
        try:
            async with lock:
                kept = self._kept(origin)
                if kept is not None and kept is not fresh:
                    return kept
                stream, protocol = await self._connector.secure(host, port)
        finally:
            if not lock.locked():
                self._handshakes.pop(origin, None)
        if protocol != "h2":
            return self._added(origin, Http1(stream, self._back))
        import httpcore  # with anyio and h2 a tenth of a second, so only where it is spoken

        from feedd.http.http2 import Http2

        connection = Http2(stream, self._back, httpcore.Origin(*origin))
        self._ready.setdefault(origin, []).append(connection)
        return self._added(origin, connection)

    def _added(self, origin: Origin, connection: Connection) -> Connection:
        self._origins[connection] = origin
        return connection

    # ------------------------------------------------------------ keeping

    def _back(self, connection: Connection) -> None:
        """An answer of a connection has been given back."""
        if not connection.usable:
            if not connection.active:
                self._forget(connection)
            return
        if connection.active:
            return
        if not connection.shared:
            self._ready.setdefault(self._origins[connection], []).append(connection)
        self._idle[connection] = asyncio.get_running_loop().time() + KEEP_ALIVE_S
        connection.stream.on_disturbed = lambda: self._disturbed(connection)
        if len(self._idle) > IDLE_CONNECTIONS:
            self._forget(next(iter(self._idle)))
        self._set_sweep()

    def _disturbed(self, connection: Connection) -> None:
        """A kept connection has ended, or says something unasked."""
        if not connection.usable:
            self._forget(connection)

    def _forget(self, connection: Connection) -> None:
        self._idle.pop(connection, None)
        origin = self._origins.pop(connection, None)
        ready = self._ready.get(origin) if origin is not None else None
        if origin is not None and ready is not None:
            if connection in ready:
                ready.remove(connection)
            if not ready:
                del self._ready[origin]
        connection.stream.close()

    def _set_sweep(self) -> None:
        if self._sweep is None and self._idle:
            self._sweep = asyncio.get_running_loop().call_at(
                next(iter(self._idle.values())), self._close_expired
            )

    def _close_expired(self) -> None:
        self._sweep = None
        now = asyncio.get_running_loop().time()
        for connection, until in list(self._idle.items()):
            if until > now:
                break
            self._forget(connection)
        self._set_sweep()
