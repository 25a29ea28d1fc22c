"""One request under way by libcurl, and its answer as it comes."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pycurl

from feedd.errors import FetchError, MachineError
from feedd.http.certificates import Trust
from feedd.http.failures import (
    Fault,
    as_transport_error,
    broken_off,
    failure_of,
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
"""So many steps of libcurl without a byte for us end an answer over HTTP/1 (they read 80 kB each:
of chunk extensions, say), or tell why one broke off.
"""

MAX_SENDINGS = 3
"""Rule 16: a request is sent on one fresh connection, and before that on a kept one that died (or
on two, where the first was dead already).
"""

_CONNECTION_DIED = frozenset({pycurl.E_HTTP2, pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR})

_STATUS = re.compile(rb"HTTP/[0-9.]+ +([1-9][0-9]{2})(?![^ \r\n])")

# Options that pycurl has no names for.
_HAPPY_EYEBALLS_TIMEOUT_MS = 271
_SUPPRESS_CONNECT_HEADERS = 265

_ALWAYS: Sequence[tuple[int, Any]] = (
    (pycurl.NOSIGNAL, 1),
    (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
    (pycurl.PATH_AS_IS, 1),
    (pycurl.NOPROXY, ""),  # or the environment's no_proxy would count
    (pycurl.MAXAGE_CONN, KEEP_ALIVE_S),
    (pycurl.NOPROGRESS, 0),
    (_HAPPY_EYEBALLS_TIMEOUT_MS, NEXT_ADDRESS_AFTER_MS),
    (_SUPPRESS_CONNECT_HEADERS, 1),
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
    """A request, the head of its answer (`head`), and the body as a stream.

    `allows` judges the address that is about to be connected to. libcurl calls the methods whose
    names begin with `_on_`: an exception in one of them would be printed and lost, so a reason to
    end is kept in `_reason`.
    """

    def __init__(
        self, request: httpx.Request, form: bytes, allows: Callable[[str], bool], *, fresh: bool
    ) -> None:
        loop = asyncio.get_running_loop()
        self.head: asyncio.Future[httpx.Response] | None = loop.create_future()
        """None once it is known."""
        self.curl = pycurl.Curl()
        self.on_kept: Callable[[int, Transfer], None] | None = None
        """Is told the local port of a kept connection on which the request goes out."""
        self.on_given_up: Callable[[Transfer], None] | None = None
        self.heard = False
        """Bytes came on the kept connection."""
        self.died = False
        """The kept connection died before any came, and libcurl did not try another."""
        self._url = request.url
        self._route: Route = request.extensions["route"]
        self._allows = allows
        self._reason: FetchError | MachineError | None = None
        self._lines: list[tuple[bytes, bytes]] = []
        self._status = 0
        self._pieces: list[bytes] = []
        self._piece_count = self._byte_count = self._silent_steps = self._sendings = 0
        self._fresh = self._sent_fresh = self._in_chunks = self._over = False
        self._error: httpx.TransportError | None = None
        self._news: asyncio.Future[None] | None = None
        self._set_options(request, form)
        self.curl.setopt(pycurl.FRESH_CONNECT, fresh)

    def _set_options(self, request: httpx.Request, form: bytes) -> None:
        url, route = request.url, self._route
        lines = [
            name + (b": " + value if value else b";")
            for name, value in request.headers.raw
            if name.lower() != b"content-length"  # libcurl's own
        ]
        port = url.port or (443 if url.scheme == "https" else 80)
        options = [
            *_ALWAYS,
            (pycurl.URL, str(url).encode("ascii")),
            (pycurl.HTTPHEADER, [*lines, b"Proxy-Connection:", b"Expect:"]),
            (pycurl.USERAGENT, request.headers.get("user-agent", "")),
            (pycurl.HEADERFUNCTION, self._on_header),
            (pycurl.WRITEFUNCTION, self._on_piece),
            (pycurl.XFERINFOFUNCTION, self._on_step),
            (pycurl.OPENSOCKETFUNCTION, self._on_connect),
            (pycurl.PREREQFUNCTION, self._on_sending),
        ]
        if request.method == "POST":
            options.append((pycurl.POSTFIELDS, form))
        proxy = route.proxy
        if proxy is None:
            options.append((pycurl.PROXY, ""))
            options.append((pycurl.RESOLVE, [_resolved(url.host, port, route.addresses)]))
        else:
            options.append((pycurl.PROXY, str(proxy)))
            resolved = _resolved(proxy.host, proxy.port or 0, route.addresses)
            options.append((pycurl.RESOLVE, [resolved]))
        if url.scheme == "https" or (proxy is not None and proxy.scheme == "https"):
            options += _tls_options(route.trust)
        # One handshake at a time: where HTTP/2 is offered, its connection serves all who wait.
        options.append((pycurl.PIPEWAIT, url.scheme == "https"))
        for option, value in options:
            self.curl.setopt(option, value)

    # ------------------------------------------------------------ what libcurl calls

    def _on_connect(self, purpose: int, address: tuple[Any, ...]) -> Any:
        family, kind, protocol, place = address
        self._fresh = True
        if self._route.proxy is None and not self._allows(str(place[0])):
            self._reason = FetchError(
                "forbidden-address", f"{self._host} is at {place[0]}, a private or reserved address"
            )
            return pycurl.SOCKET_BAD
        try:
            return socket.socket(family, kind, protocol)
        except OSError as error:
            self._reason = no_socket(error)
            return pycurl.SOCKET_BAD

    def _on_sending(self, remote: str, local: str, remote_port: int, local_port: int) -> int:
        self._reason = None  # another address was connected to
        self._sendings += 1
        if self._sent_fresh or self.heard or self._sendings > MAX_SENDINGS:
            self._reason = broken_off(self._host)
            return int(pycurl.PREREQFUNC_ABORT)
        self._sent_fresh = self._fresh
        # What comes over TLS may be anything: there libcurl's judgement has to do.
        if not self._fresh and self.on_kept is not None and self._url.scheme == "http":
            self.on_kept(local_port, self)
        return int(pycurl.PREREQFUNC_OK)

    def _on_header(self, line: bytes) -> int | None:
        self._silent_steps = 0
        if self.head is None:
            return None  # a trailer
        if line.startswith(b"HTTP/") and not self._status:
            found = _STATUS.match(line)
            if found is None or found[1] == b"101":
                return self._end("an answer with no status that was asked for")
            self._status = int(found[1])
        elif line in (b"\r\n", b"\n"):
            if self._status >= 200:
                response = httpx.Response(self._status, headers=self._lines, stream=self)
                coding = response.headers.get("transfer-encoding", "")
                self._in_chunks = bool(coding)
                if coding.lower() not in ("", "chunked", "identity"):
                    return self._end("a transfer coding that was not asked for")
                if not self.head.done():
                    self.head.set_result(response)
                self.head = None
            self._status, self._lines = 0, []
        else:
            name, _, value = line.partition(b":")
            self._lines.append((name.strip(), value.strip()))
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
        if self._silent_steps < MAX_SILENT_STEPS or not self._in_chunks:
            return 0
        self._end("it sends bytes without end that are no body")
        return 1

    def _end(self, why: str) -> int:
        self._reason = FetchError("protocol", f"{self._host} does not speak proper HTTP: {why}")
        return -1

    # ------------------------------------------------------------ its end

    def finish(self, code: int, words: str) -> None:
        """libcurl is done with it: well (code 0) or not."""
        self._over = True
        failure = self._reason if code else None
        if code and failure is None:
            proxy = self._route.proxy
            failure = failure_of(
                Fault(
                    code,
                    words,
                    self.curl.getinfo(pycurl.OS_ERRNO),
                    self.curl.getinfo(pycurl.SSL_VERIFYRESULT),
                    self._host,
                    self._url.port or (443 if self._url.scheme == "https" else 80),
                    proxy is not None,
                )
            )
            if self._in_chunks and self._silent_steps >= ODD_SILENT_STEPS:
                self._end("it sends bytes that are no body")
                failure = self._reason
        self.curl.close()
        head, self.head = self.head, None
        if failure is None and head is not None:
            failure = broken_off(self._host)  # within the head, which libcurl does not mind
        if failure is not None:
            self._error = as_transport_error(failure)
            if head is not None and not head.done():
                self.died = (
                    code in _CONNECTION_DIED
                    and self._sendings < MAX_SENDINGS
                    and not (self._fresh or self.heard or self._lines)
                )
                head.set_exception(self._error)
        self._wake()

    async def aclose(self) -> None:
        """Give the rest of the answer up."""
        if self.head is not None:
            self.head.cancel()
        if not self._over:
            self._over = True
            if self.on_given_up is not None:
                self.on_given_up(self)
            self.curl.close()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            if self._pieces:
                data = b"".join(self._pieces)
                self._pieces.clear()
                yield data
            elif self._over:
                if self._error is not None:
                    raise self._error
                return
            else:
                self._news = asyncio.get_running_loop().create_future()
                await self._news

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    @property
    def _host(self) -> str:
        return self._url.raw_host.decode("ascii")


def _resolved(host: str, port: int, addresses: Sequence[str]) -> str:
    """For libcurl: the addresses of a name, so that it asks nobody ("+": for a short while)."""
    written = ",".join(f"[{a}]" if ":" in a else a for a in addresses)
    return f"+{host.rstrip('.')}:{port}:{written}"


def _tls_options(trust: Trust) -> list[tuple[int, Any]]:
    chosen = (
        (pycurl.CAINFO, trust.ca_file if trust.ca_pem is None else None),
        (pycurl.CAINFO_BLOB, trust.ca_pem),
        (pycurl.CAPATH, trust.ca_folder),
        (pycurl.PROXY_CAINFO, trust.ca_file),
        (pycurl.SSLCERT, trust.client_cert),
        (pycurl.SSLKEY, trust.client_key),
        (pycurl.KEYPASSWD, "" if trust.client_cert else None),
    )
    return [(option, value) for option, value in chosen if value is not None]
