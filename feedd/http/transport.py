"""The one place where httpx opens connections: guarded, kept alive, HTTP/2 where offered."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from feedd.errors import FetchError
from feedd.http.resolving import Resolver

KEEP_ALIVE_S = 30.0
IDLE_CONNECTIONS = 64

connected: ContextVar[list[str] | None] = ContextVar("connected", default=None)
"""Addresses connected to on behalf of the current request; stays empty on a kept connection."""


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the address that was checked, never to a name."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._resolver.addresses(host)
        share = None if timeout is None else timeout / len(addresses)
        failure = FetchError("connect", f"no connection to {host}")
        for address in addresses:
            try:
                stream = await self._inner.connect_tcp(
                    address, port, timeout=share, socket_options=socket_options
                )
            except httpcore.ConnectError as error:
                failure = FetchError("connect", _connect_words(error, host, port))
            except httpcore.ConnectTimeout:
                failure = FetchError("timeout", f"{host} did not answer within {share:.0f} s")
            else:
                log = connected.get()
                if log is not None:
                    log.append(address)
                return stream
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise FetchError("bad-url", "sockets in the file system are not supported")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a connection pool whose connections pass the guard."""

    def __init__(self, resolver: Resolver, tls: ssl.SSLContext, *, connections: int) -> None:
        super().__init__(verify=tls, http2=True, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=connections,
            max_keepalive_connections=min(connections, IDLE_CONNECTIONS),
            keepalive_expiry=KEEP_ALIVE_S,
            http1=True,
            http2=True,
            network_backend=_GuardedBackend(resolver),
        )


def proxied_transport(
    proxy: str, tls: ssl.SSLContext, *, connections: int
) -> httpx.AsyncBaseTransport:
    """A transport through an HTTP or SOCKS5 proxy, which resolves names itself."""
    limits = httpx.Limits(
        max_connections=connections,
        max_keepalive_connections=min(connections, IDLE_CONNECTIONS),
        keepalive_expiry=KEEP_ALIVE_S,
    )
    return httpx.AsyncHTTPTransport(
        verify=tls, http2=True, trust_env=False, limits=limits, proxy=proxy
    )


def failure_of(error: httpx.TransportError, host: str) -> FetchError:
    """What a transport's exception means, in words."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            return FetchError("tls", _tls_words(cause, host))
    if isinstance(error, httpx.TimeoutException):
        return FetchError("timeout", f"{host} did not answer in time")
    if isinstance(error, httpx.ProxyError):
        return FetchError("connect", f"the proxy refused: {error}")
    if isinstance(error, httpx.ConnectError):
        return FetchError("connect", f"no connection to {host}: {error}")
    if isinstance(error, httpx.RemoteProtocolError):
        if "disconnected" in str(error):
            return FetchError("reset", f"{host} closed the connection without an answer")
        return FetchError("protocol", f"{host} does not speak proper HTTP: {error}")
    if isinstance(error, httpx.NetworkError):
        return FetchError("reset", f"the connection to {host} broke off")
    if isinstance(error, httpx.UnsupportedProtocol):
        return FetchError("bad-url", f"only http and https can be asked: {error}")
    return FetchError("protocol", f"the exchange with {host} failed: {error}")


def _causes(error: BaseException) -> Iterable[BaseException]:
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _connect_words(error: httpcore.ConnectError, host: str, port: int) -> str:
    for cause in _causes(error):
        number = getattr(cause, "errno", None)
        if number == errno.ECONNREFUSED:
            return f"connection refused by {host} port {port}: no server is running there"
        if number in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
            return f"{host} is unreachable: there is no route to it"
        if number == errno.ECONNRESET:
            return f"{host} reset the connection at once"
    return f"no connection to {host} port {port}: {error}"


def _tls_words(error: ssl.SSLError, host: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        by_code = {
            9: "the certificate is not valid yet; is this machine's clock right?",
            10: "the certificate has expired; the server's owner must renew it",
            18: "the certificate is self-signed, so nobody vouches for it",
            19: "the certificate's chain ends in one that is self-signed and not trusted here",
            20: "the certificate's issuer is unknown here",
            23: "the certificate has been revoked",
            62: "the certificate is for another host",
            64: "the certificate is for another address",
        }
        said = by_code.get(error.verify_code, error.verify_message)
        return f"TLS with {host} failed: {said}"
    reason = (error.reason or "handshake failure").replace("_", " ").lower()
    return f"TLS with {host} failed: {reason}"
