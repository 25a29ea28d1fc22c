"""One request under way by libcurl, and its answer as it comes."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pycurl

from feedd.errors import FetchError
from feedd.http.certificates import Trust
from feedd.http.failures import (
    Failure,
    TransferError,
    broken_off,
    failure_of,
    no_http,
    no_socket,
)

KEEP_ALIVE_S = 30
NEXT_ADDRESS_AFTER_MS = 250
"""So long one address may keep silent before the next is tried beside it [RFC 8305 5]."""

FREE_PIECES = 20_000
MIN_PIECE_BYTES = 16
"""A body may come in so many tiny pieces; beyond, they have to hold so many bytes on average."""

MAX_SILENT_STEPS = 200
ODD_SILENT_STEPS = 8
"""So many steps of libcurl without a byte for us end a body in chunks (they read 80 kB each: of
chunk extensions, say), or tell why one broke off.
"""

MAX_IDLE_STEPS = 10_000
"""So many end any other answer: over HTTP/2 those of a connection's other answers count too."""

MAX_SENDINGS = 3
"""Rule 16: a request is sent on one fresh connection, and before that on a kept one that died (or
on two, where the first was dead already).
"""

_CONNECTION_DIED = frozenset({pycurl.E_HTTP2, pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR})
_STATUS = re.compile(rb"HTTP/[0-9.]+ +([1-9][0-9]{2})(?![^ \r\n])")

_ALWAYS: Sequence[tuple[int, Any]] = (
    (pycurl.NOSIGNAL, 1),
    (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
    (pycurl.PATH_AS_IS, 1),
    (pycurl.NOPROXY, ""),  # or the environment's no_proxy would count
    (pycurl.MAXAGE_CONN, KEEP_ALIVE_S),
    (pycurl.NOPROGRESS, 0),
    # Two that pycurl has no names for: HAPPY_EYEBALLS_TIMEOUT_MS, SUPPRESS_CONNECT_HEADERS.
    (271, NEXT_ADDRESS_AFTER_MS),
    (265, 1),
)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes: to one of these addresses, of the server or of the proxy; and whom it
    trusts there.
    """

    addresses: Sequence[str]
    trust: Trust
    proxy: httpx.URL | None = None


class Transfer(httpx.AsyncByteStream):
    """A request, the head of its answer (`head`; None once it is known), and its body as a stream.

    `allows` judges the address that is about to be connected to; `on_kept` is told the local port
    of a kept connection on which the request goes out, `on_given_up` that nobody wants the rest of
    the answer. libcurl calls the other methods whose names begin with `_on_`: an exception in one
    of them would be printed and lost, so a reason to end is kept in `_reason`.
    """

    def __init__(
        self,
        request: httpx.Request,
        form: bytes,
        *,
        allows: Callable[[str], bool],
        on_kept: Callable[[int, Transfer], None],
        on_given_up: Callable[[Transfer], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        self.head: asyncio.Future[httpx.Response] | None = loop.create_future()
        self.curl = pycurl.Curl()
        self.heard = False
        """Bytes came on the kept connection."""
        self.died = False
        """The kept connection died before any came, and libcurl did not try another."""
        self._url = request.url
        self._route: Route = request.extensions["route"]
        self._allows, self._on_kept, self._on_given_up = allows, on_kept, on_given_up
        self._reason: Failure | None = None
        self._lines: list[tuple[bytes, bytes]] = []
        self._status = 0
        self._pieces: list[bytes] = []
        self._piece_count = self._byte_count = self._silent_steps = self._sendings = 0
        self._fresh = self._sent_fresh = self._in_chunks = self._over = False
        self._error: TransferError | None = None
        self._news: asyncio.Future[None] | None = None
        for option, value in (
            *_ALWAYS,
            *_request_options(request, form),
            *_route_options(self._url, self._route),
            (pycurl.HEADERFUNCTION, self._on_header),
            (pycurl.WRITEFUNCTION, self._on_piece),
            (pycurl.XFERINFOFUNCTION, self._on_step),
            (pycurl.OPENSOCKETFUNCTION, self._on_connect),
            (pycurl.PREREQFUNCTION, self._on_sending),
        ):
            self.curl.setopt(option, value)

    # ------------------------------------------------------------ what libcurl calls

    def _on_connect(self, purpose: int, address: tuple[Any, ...]) -> Any:
        family, kind, protocol, place = address
        self._fresh = True
        if self._route.proxy is None and not self._allows(str(place[0])):
            words = f"{self._host} is at {place[0]}, a private or reserved address"
            self._reason = FetchError("forbidden-address", words)
            return pycurl.SOCKET_BAD
        try:
            made = socket.socket(family, kind, protocol)
            os.close(os.dup(made.fileno()))  # as pycurl does, and does not say that it can't
            return made
        except OSError as error:
            self._reason = no_socket(error)
            return pycurl.SOCKET_BAD

    def _on_sending(self, remote: str, local: str, remote_port: int, local_port: int) -> Any:
        self._reason = None  # another address was connected to
        self._sendings += 1
        if self._sent_fresh or self.heard or self._sendings > MAX_SENDINGS:
            self._reason = broken_off(self._host)
            return pycurl.PREREQFUNC_ABORT
        self._sent_fresh = self._fresh
        # What comes over TLS may be anything: there libcurl's judgement has to do.
        if not self._fresh and self._url.scheme == "http":
            self._on_kept(local_port, self)
        return pycurl.PREREQFUNC_OK

    def _on_header(self, line: bytes) -> int | None:
        self._silent_steps = 0
        if self.head is None:
            return None  # a trailer
        if line.startswith(b"HTTP/") and not self._status:
            found = _STATUS.match(line)
            if found is None or found[1] == b"101":
                return self._end("an answer with no status that was asked for")
            self._status = int(found[1])
        elif line not in (b"\r\n", b"\n"):
            name, _, value = line.partition(b":")
            self._lines.append((name.strip(), value.strip()))
        elif self._status < 200:
            self._status, self._lines = 0, []
        else:
            response = httpx.Response(self._status, headers=self._lines, stream=self)
            coding = response.headers.get("transfer-encoding", "")
            self._in_chunks = bool(coding)
            if coding.lower() not in ("", "chunked", "identity"):
                return self._end("a transfer coding that was not asked for")
            if not self.head.done():
                self.head.set_result(response)
            self.head = None
        return None

    def _on_piece(self, piece: bytes) -> int | None:
        self._silent_steps = 0
        self._pieces.append(piece)
        self._piece_count += 1
        self._byte_count += len(piece)
        if self._piece_count > FREE_PIECES + self._byte_count // MIN_PIECE_BYTES:
            return self._end("its body comes in pieces of a few bytes without end")
        self._wake()
        return None

    def _on_step(self, *_: int) -> int:
        self._silent_steps += 1
        if self._silent_steps < (MAX_SILENT_STEPS if self._in_chunks else MAX_IDLE_STEPS):
            return 0
        return self._end("it sends bytes without end that are no body")

    def _end(self, why: str) -> int:
        self._reason = no_http(self._host, why)
        return -1

    # ------------------------------------------------------------ its end

    def finish(self, code: int, words: str) -> None:
        """libcurl is done with it: well (code 0) or not."""
        self._over = True
        failure = self._reason if code else None
        if code and failure is None:
            proxied = self._route.proxy is not None
            failure = failure_of(self.curl, code, words, self._url, proxied=proxied)
            if self._in_chunks and self._silent_steps >= ODD_SILENT_STEPS:
                failure = no_http(self._host, "it sends bytes that are no body")
        self.curl.close()
        head, self.head = self.head, None
        if failure is None and head is not None:
            failure = broken_off(self._host)  # within the head, which libcurl does not mind
        if failure is not None and head is None:
            self._error = TransferError(failure)
        elif failure is not None and head is not None and not head.done():
            tried = self._fresh or self._sendings >= MAX_SENDINGS
            unheard = not (self.heard or self._lines)
            self.died = code in _CONNECTION_DIED and unheard and not tried
            head.set_exception(TransferError(failure))
        self._wake()

    async def aclose(self) -> None:
        """Give the rest of the answer up."""
        if self.head is not None:
            self.head.cancel()
        if not self._over:
            self._over = True
            self._error = TransferError(broken_off(self._host))  # for who reads it still
            self._on_given_up(self)
            self.curl.close()
            self._wake()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self._pieces or not self._over:
            if self._pieces:
                data = b"".join(self._pieces)
                self._pieces.clear()
                yield data
            else:
                self._news = asyncio.get_running_loop().create_future()
                await self._news
        error, self._error = self._error, None
        try:
            if error is not None:
                raise error
        finally:
            del error  # or the exception's frame would hold the exception

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    @property
    def _host(self) -> str:
        return self._url.raw_host.decode("ascii")


def _request_options(request: httpx.Request, form: bytes) -> list[tuple[int, Any]]:
    lines = [
        name + (b": " + value if value else b";")
        for name, value in request.headers.raw
        if name.lower() != b"content-length"  # libcurl's own
    ]
    return [
        (pycurl.URL, str(request.url).encode("ascii")),
        (pycurl.HTTPHEADER, [*lines, b"Proxy-Connection:", b"Expect:"]),
        (pycurl.USERAGENT, request.headers.get("user-agent", "")),  # what the proxy is told
        *([(pycurl.POSTFIELDS, form)] if request.method == "POST" else []),
    ]


def _route_options(url: httpx.URL, route: Route) -> list[tuple[int, Any]]:
    """With the addresses of the name that is connected to, so that libcurl asks nobody."""
    secure = url.scheme == "https"
    there = route.proxy or url
    port = there.port or (443 if secure else 80)
    host = there.raw_host.decode("ascii")
    addresses = ",".join(f"[{a}]" if ":" in a else a for a in route.addresses)
    options = [
        (pycurl.PROXY, "" if route.proxy is None else str(route.proxy)),
        (pycurl.RESOLVE, [f"+{host}:{port}:{addresses}"]),  # +: for a minute
        # One handshake at a time: where HTTP/2 is offered, its connection serves all who wait.
        (pycurl.PIPEWAIT, secure),
    ]
    if secure or there.scheme == "https":
        trust = route.trust
        options += [
            (pycurl.CAINFO, trust.ca_file if trust.ca_pem is None else None),
            (pycurl.CAINFO_BLOB, trust.ca_pem),
            (pycurl.CAPATH, trust.ca_folder),
            (pycurl.PROXY_CAINFO, trust.ca_file),
            (pycurl.SSLCERT, trust.client_cert),
            (pycurl.SSLKEY, trust.client_key),
            (pycurl.KEYPASSWD, "" if trust.client_cert else None),
        ]
    return [(option, value) for option, value in options if value is not None]
