"""One polite request: redirects by hand, one deadline, places by host, limits while streaming."""

from __future__ import annotations

import asyncio
import base64
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

import httpx

from feedd.errors import FetchError
from feedd.http.decoding import Body, available, too_large
from feedd.http.headers import ACCEPT
from feedd.http.redirects import (
    REDIRECTS,
    checked_hop,
    origin,
    permanent_url,
    request_url,
)
from feedd.http.resolving import Resolver
from feedd.http.slots import Slots
from feedd.http.transport import GuardedTransport, connected, failure_of, proxied_transport
from feedd.model import Credentials, Hop, Response, Validators

DRAIN_BYTES = 64 * 1024
"""A body nobody wants is read so far, to keep the connection; beyond, the connection is closed."""

WAITS_FOR_PLACE_S = 600.0
"""Longer than this no request waits for its host's place."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for. `max_bytes` counts decoded bytes; `credentials` belong to `url`'s origin.

    `validators` are sent on the hop whose URL is theirs, and on no other (rule 3).
    """

    url: str
    accept: Literal["feed", "page"]
    max_bytes: int
    validators: Validators | None = None
    credentials: Credentials | None = None
    user_agent: str | None = None
    proxy: str | None = None


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
        self._concurrency = concurrency
        self._timeout_s = timeout_s
        self._user_agent = user_agent
        self._proxy = proxy
        self._tls = tls_context
        self._resolver = Resolver(allow_private_hosts=allow_private_hosts)
        self._slots = Slots(concurrency=concurrency, per_host=per_host)
        self._transports: dict[str | None, httpx.AsyncBaseTransport] = {}
        self._accept_encoding = available()

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for transport in self._transports.values():
            await transport.aclose()

    async def get(self, request: Request) -> Response:
        """The final answer to a GET, redirects followed. Raises FetchError."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        url, credentials = request_url(request.url, request.credentials)
        start, home = str(url), origin(url)
        left_s = self._timeout_s
        hops: list[Hop] = []
        while True:
            async with self._slots.hold(url.host, await self._address(url, request)):
                asked_at = loop.time()
                sent = credentials if origin(url) == home else None
                answer = await self._hop(request, url, sent, left_s)
                left_s -= loop.time() - asked_at
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or location is None:
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
            duration_ms=int((loop.time() - began) * 1000),
        )

    async def _address(self, url: httpx.URL, request: Request) -> str:
        """The address whose places count; a proxy resolves by itself, so there the name does."""
        if request.proxy or self._proxy:
            return url.host
        return (await self._resolver.addresses(url.host))[0]

    async def _hop(
        self, request: Request, url: httpx.URL, credentials: Credentials | None, left_s: float
    ) -> _Answer:
        """One request and its answer, within what is left of the deadline."""
        made = httpx.Request(
            "GET",
            url,
            headers=self._headers(request, url, credentials),
            extensions={"timeout": {"connect": left_s, "pool": left_s}},
        )
        connections: list[str] = []
        connected.set(connections)
        try:
            async with asyncio.timeout(left_s):
                try:
                    return await self._exchange(request, made)
                except FetchError as error:
                    # A kept connection may die just as it is used: ask once more (rule 16).
                    if error.kind != "reset" or connections:
                        raise
                    return await self._exchange(request, made)
        except TimeoutError:
            words = f"no complete answer from {url.host} within {self._timeout_s:g} s"
            raise FetchError("timeout", words) from None

    async def _exchange(self, request: Request, made: httpx.Request) -> _Answer:
        host = made.url.host
        try:
            response = await self._transport(request.proxy).handle_async_request(made)
        except httpx.TransportError as error:
            raise failure_of(error, host) from None
        except (ValueError, UnicodeError) as error:
            raise FetchError("bad-url", f"{host} can't be asked: {error}") from None
        try:
            return await self._receive(request, response, host)
        finally:
            await response.aclose()

    async def _receive(self, request: Request, response: httpx.Response, host: str) -> _Answer:
        headers = _joined(response)
        wanted = response.status_code == 200
        length = headers.get("content-length", "")
        if wanted and length.isdigit() and int(length[:18]) > request.max_bytes:
            raise too_large(request.max_bytes)
        body = Body(
            headers.get("content-encoding", "") if wanted else "", max_bytes=request.max_bytes
        )
        truncated = False
        try:
            async for piece in response.aiter_raw():
                body.add(piece)
                if not wanted and body.wire_bytes > DRAIN_BYTES:
                    break
        except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
            if not (wanted and body.wire_bytes and _ended_early(error)):
                raise failure_of(error, host) from None
            truncated = True
        except httpx.TransportError as error:
            raise failure_of(error, host) from None
        return _Answer(
            response.status_code,
            headers,
            body.decoded() if wanted else b"",
            body.wire_bytes,
            truncated or (wanted and not body.complete),
        )

    def _transport(self, own_proxy: str | None) -> httpx.AsyncBaseTransport:
        proxy = own_proxy or self._proxy
        transport = self._transports.get(proxy)
        if transport is None:
            tls = self._tls = self._tls or ssl.create_default_context()
            if proxy is None:
                transport = GuardedTransport(self._resolver, tls, connections=self._concurrency)
            else:
                transport = proxied_transport(proxy, tls, connections=self._concurrency)
            self._transports[proxy] = transport
        return transport

    def _headers(
        self, request: Request, url: httpx.URL, credentials: Credentials | None
    ) -> list[tuple[bytes, bytes]]:
        headers = [
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", request.user_agent or self._user_agent),
            ("Accept", ACCEPT[request.accept]),
            ("Accept-Encoding", self._accept_encoding),
        ]
        validators = request.validators
        if validators is not None and validators.url == str(url):
            if validators.etag is not None:
                headers.append(("If-None-Match", validators.etag))
            if validators.last_modified is not None:
                headers.append(("If-Modified-Since", validators.last_modified))
        if credentials is not None:
            if credentials.username is not None:
                headers.append(("Authorization", _basic(credentials)))
            headers.extend(credentials.headers.items())
        return [(name.encode("ascii"), _octets(value)) for name, value in headers]


def _basic(credentials: Credentials) -> str:
    pair = f"{credentials.username}:{credentials.password or ''}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _octets(value: str) -> bytes:
    """A header's value as it came: `_joined` read it as latin-1."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


def _joined(response: httpx.Response) -> dict[str, str]:
    joined: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _ended_early(error: httpx.TransportError) -> bool:
    """Did the connection end within a body, rather than break the protocol?"""
    return isinstance(error, httpx.NetworkError) or "closed connection" in str(error)
