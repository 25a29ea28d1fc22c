"""One polite request: redirects by hand, one deadline, places by host, limits while streaming."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from urllib.parse import urlencode

import httpx

from feedd.errors import FetchError
from feedd.http.codings import Body, available, too_large
from feedd.http.connecting import Connector, default_context
from feedd.http.failures import ended_early, failure_of
from feedd.http.headers import joined
from feedd.http.pool import Pool
from feedd.http.proxying import proxied
from feedd.http.redirects import (
    KEEP_METHOD,
    REDIRECTS,
    checked_hop,
    host_of,
    origin,
    permanent_url,
    request_url,
    shown,
)
from feedd.http.request import Request, request_headers
from feedd.http.resolver import Resolver
from feedd.http.slots import Slots
from feedd.model import Credentials, Hop, Response, TlsFiles

DRAIN_BYTES = 64 * 1024
DRAIN_S = 2.0
"""A body nobody wants is read so far and so long, to keep its connection; then that is closed."""


class _NoBody(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        return
        yield b""


_NO_BODY = _NoBody()


class _Deadline:
    """What is left of the time for an exchange. It runs only while the exchange does."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self.used_s = 0.0

    @asynccontextmanager
    async def running(self, host: str) -> AsyncIterator[None]:
        """Raises FetchError "timeout" when the time is up."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._timeout_s - self.used_s):
                yield
        except TimeoutError:
            raise FetchError(
                "timeout",
                f"no complete answer from {host} within {self._timeout_s:g} s (`timeout`);"
                " the next poll tries again",
            ) from None
        finally:
            self.used_s += loop.time() - began


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer to one hop."""

    status: int
    headers: dict[str, str]
    body: bytes
    wire_bytes: int
    truncated: bool


class Client:
    """An asynchronous context manager; `get` raises nothing but FetchError."""

    def __init__(
        self,
        *,
        concurrency: int,
        per_host: int,
        timeout_s: float,
        allow_private_hosts: bool,
        user_agent: str,
        proxy: str | None = None,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout_s = timeout_s
        self._user_agent = user_agent
        self._proxy = proxy
        self._tls = tls_context
        self._concurrency = concurrency
        self._resolver = Resolver(allow_private_hosts=allow_private_hosts)
        self._slots = Slots(concurrency=concurrency, per_host=per_host)
        self._direct: dict[TlsFiles | None, Pool] = {
            None: Pool(Connector(self._resolver, tls_context))
        }
        self._proxied: dict[tuple[str, TlsFiles | None], httpx.AsyncBaseTransport] = {}
        self._accept_encoding = available()

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for transport in (*self._direct.values(), *self._proxied.values()):
            await transport.aclose()

    @property
    def open_connections(self) -> int:
        """Connections to servers that are open now, used or kept; those to proxies not counted."""
        return sum(pool.open_connections for pool in self._direct.values())

    async def get(self, request: Request) -> Response:
        """The final answer to a GET, redirects followed. Raises FetchError."""
        try:
            return await self._get(request)
        except FetchError:
            raise
        except Exception as error:
            place = shown(request.url)
            words = f"unexpected {type(error).__name__} while asking {place}: please report this"
            raise FetchError("protocol", words) from error

    async def post(self, request: Request, form: Mapping[str, str]) -> Response:
        """The final answer to a POST of a form, without a body unless it is a 200.

        Only redirects that keep the method are followed. Like a GET it may be sent twice, where a
        kept connection died: for what is harmless when repeated. Raises FetchError.
        """
        return await self.get(replace(request, form=urlencode(form).encode("ascii")))

    async def _get(self, request: Request) -> Response:
        deadline = _Deadline(self._timeout_s)
        url, credentials = request_url(request.url, request.credentials)
        start = str(url)
        home = origin(url)
        if request.home not in (None, request.url):
            home = origin(request_url(request.home, None)[0])
        hops: list[Hop] = []
        while True:
            at_home = origin(url) == home
            sent = credentials if at_home else None
            asked = request if at_home else _without_certificate(request)
            try:
                answer = await self._hop(asked, url, sent, deadline)
            except FetchError as error:
                raise _naming_hop(error, hops) from None
            location = answer.headers.get("location")
            followed = REDIRECTS if request.form is None else KEEP_METHOD
            if answer.status not in followed or location is None:
                break
            url = checked_hop(url, location, hops, start=start, secret=credentials is not None)
            hops.append(Hop(answer.status, str(url)))
        return Response(
            status=answer.status,
            url=str(url),
            headers=answer.headers,
            body=answer.body,
            hops=tuple(hops),
            permanent_url=permanent_url(hops),
            truncated=answer.truncated,
            wire_bytes=answer.wire_bytes,
            duration_ms=int(deadline.used_s * 1000),
        )

    async def _hop(
        self, request: Request, url: httpx.URL, credentials: Credentials | None, deadline: _Deadline
    ) -> _Answer:
        """One request and its answer, once there is a place for it."""
        transport = self._transport(request.proxy or self._proxy, request.tls)
        sent = httpx.Request(
            "GET" if request.form is None else "POST",
            url,
            headers=request_headers(
                request,
                credentials,
                url=str(url),
                host=url.netloc,
                user_agent=self._user_agent,
                accept_encoding=self._accept_encoding,
            ),
            stream=_NO_BODY if request.form is None else httpx.ByteStream(request.form),
        )
        host = host_of(url)
        addresses = await self._addresses(host, transport, deadline)
        async with self._slots.hold((host.rstrip("."), *addresses)):
            async with deadline.running(host):
                response = await _begin(transport, sent, host)
                if response.status_code == 200:
                    return await _received(response, host, request.max_bytes)
            # The answer is known: whatever becomes of the rest can't change it.
            return _Answer(
                response.status_code,
                joined(response.headers.raw),
                b"",
                await _drained(response),
                truncated=False,
            )

    async def _addresses(
        self, host: str, transport: httpx.AsyncBaseTransport, deadline: _Deadline
    ) -> Sequence[str]:
        """The addresses under which a request takes its places: none where a proxy resolves."""
        if not isinstance(transport, Pool):
            self._resolver.check_by_name(host)
            return ()
        known = self._resolver.remembered(host)
        if known is None:
            async with deadline.running(host):
                known = await self._resolver.addresses(host)
        return known

    def _transport(self, proxy: str | None, files: TlsFiles | None) -> httpx.AsyncBaseTransport:
        """The connections that go this way, and trust and show what the files say."""
        if proxy is None:
            if files not in self._direct:
                self._direct[files] = Pool(Connector(self._resolver, default_context(files)))
            return self._direct[files]
        if (proxy, files) not in self._proxied:
            tls = self._tls if files is None else default_context(files)
            made = proxied(proxy, tls, connections=self._concurrency)
            self._proxied[proxy, files] = made
        return self._proxied[proxy, files]


def _without_certificate(request: Request) -> Request:
    """As asked of another server than the feed's own: it is shown no client certificate."""
    tls = request.tls
    if tls is None or tls.client_cert is None:
        return request
    return replace(request, tls=TlsFiles(tls.ca_file) if tls.ca_file else None)


async def _begin(
    transport: httpx.AsyncBaseTransport, request: httpx.Request, host: str
) -> httpx.Response:
    try:
        return await transport.handle_async_request(request)
    except httpx.TransportError as error:
        raise failure_of(error, host) from None


async def _received(response: httpx.Response, host: str, max_bytes: int) -> _Answer:
    """The answer with its body, decoded within the limit. What was cut short is kept and marked."""
    headers = joined(response.headers.raw)
    assert isinstance(response.stream, httpx.AsyncByteStream)
    try:
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:18]) > max_bytes:
            raise too_large(max_bytes)
        body = Body(headers.get("content-encoding", ""), max_bytes=max_bytes)
        truncated = False
        try:
            async for piece in response.stream:
                body.add(piece)
        except httpx.TransportError as error:
            if not (ended_early(error) and body.wire_bytes):
                raise failure_of(error, host) from None
            truncated = True
    finally:
        await response.stream.aclose()
    truncated = truncated or not body.complete
    return _Answer(200, headers, body.decoded(), body.wire_bytes, truncated)


async def _drained(response: httpx.Response) -> int:
    """Read the rest of a body nobody wants, for the sake of its connection; its bytes."""
    assert isinstance(response.stream, httpx.AsyncByteStream)
    wire_bytes = 0
    try:
        async with asyncio.timeout(DRAIN_S):
            async for piece in response.stream:
                wire_bytes += len(piece)
                if wire_bytes > DRAIN_BYTES:
                    break
    except (TimeoutError, httpx.TransportError):
        pass
    finally:
        await response.stream.aclose()
    return wire_bytes


def _naming_hop(error: FetchError, hops: Sequence[Hop]) -> FetchError:
    """Say behind which redirect an exchange failed (rule 20)."""
    if not hops:
        return error
    place = shown(hops[-1].url)
    return FetchError(error.kind, f"redirect {len(hops)} leads to {place}: {error}")
