"""One request under way by libcurl, and its answer as it comes."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpx
import pycurl
from msgspec import Struct, field

from feedd.errors import FetchError
from feedd.http.failures import Failure, broken_off, failure_of, no_http, no_socket
from feedd.http.request import Route, host_of
from feedd.web.codings import Body, too_large

KEEP_ALIVE_S = 30
NEXT_ADDRESS_AFTER_MS = 250
"""How long one address may keep silent before the next is tried beside it [RFC 8305 5]."""

DRAIN_BYTES = 64 * 1024
DRAIN_S = 2.0
"""A body nobody wants is read so far and so long, to keep its connection; then that is closed."""

REFUSAL_BYTES = 200_000
"""How much of it, unpacked, is kept of a refusal's page: it may be a robot check (rule 50)."""

FREE_PIECES = 20_000
MIN_PIECE_BYTES = 16
"""A body may come in so many tiny pieces; beyond, they have to hold so many bytes on average."""

PIECES_A_TURN = 4_000
"""After so many the loop does its other work first; of ordinary bodies none has so many."""

MAX_INTERIM = 1_000
"""Answers before the answer (`100 Continue`, `103 Early Hints`): so many are passed over."""

MAX_SENDINGS = 3
"""Rule 16: a request is sent on one fresh connection, and before that on a kept one that died (or
on two, where the first was dead already).
"""

BROKEN = frozenset({pycurl.E_HTTP2, pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR})
"""What ends a transfer whose connection is of no more use. (libcurl keeps one on which HTTP/2 was
flooded.)
"""

_STATUS = re.compile(rb"HTTP/[0-9.]+ +([1-9][0-9]{2})(?![^ \r\n])")

_WHOLE = re.compile(r"bytes 0-([0-9]{1,18})/([0-9]{1,18})")

_NO_STREAM = httpx.ByteStream(b"")

_ONE_VALUE = "age content-length content-type date etag expires last-modified location retry-after"
_SINGLE = frozenset(_ONE_VALUE.split())
"""Headers of one value: of several, the first counts, since joined they would say nothing."""


def _plain_handle() -> pycurl.Curl:
    """With what holds for every request: it is quicker to copy than to set anew."""
    curl = pycurl.Curl()
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    curl.setopt(pycurl.PATH_AS_IS, 1)
    curl.setopt(pycurl.PROXY, "")
    curl.setopt(pycurl.NOPROXY, "")  # or the environment's no_proxy would count
    curl.setopt(pycurl.MAXAGE_CONN, KEEP_ALIVE_S)
    # Two that pycurl has no names for: HAPPY_EYEBALLS_TIMEOUT_MS, SUPPRESS_CONNECT_HEADERS.
    curl.setopt(271, NEXT_ADDRESS_AFTER_MS)
    curl.setopt(265, 1)
    return curl


class Connections(Struct):
    """What all transfers over the same connections share."""

    allows: Callable[[str], bool]
    """May this address be connected to?"""
    finish: Callable[[pycurl.Curl, int, str], None]
    """Ends a transfer, with libcurl's code and words."""
    plain: pycurl.Curl = field(default_factory=_plain_handle)
    ports: dict[int, int] = field(default_factory=dict)
    """Local ports of open connections, by file."""
    registered: dict[int, int] = field(default_factory=dict)
    """For what the files of open connections are registered with the loop."""
    unanswered: dict[int, Transfer] = field(default_factory=dict)
    """Requests on kept connections, by local port, until something comes."""
    unheard: dict[int, int] = field(default_factory=dict)
    """Bytes beyond what may come unheard, by local port; most have none."""
    heard_bytes: int = 0
    """Of heads and bodies, so far."""


class Transfer:
    """A request, and its answer as it comes.

    libcurl calls the methods whose names begin with `_on_`: an exception in one of them would be
    printed and lost, so a reason to end is kept in `_reason`; and none may change an option.
    """

    def __init__(
        self, request: httpx.Request, shared: Connections, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.answer: asyncio.Future[httpx.Response | Failure] = loop.create_future()
        self.curl = shared.plain.duphandle()
        self.heard = False
        """Bytes came on the kept connection."""
        self.died = False
        """The kept connection died before any came, and libcurl did not try another."""
        self._shared = shared
        self._loop = loop
        self._route: Route = request.extensions["route"]
        self._url, self._host = request.url, self._route.host
        self._reason: Failure | None = None
        self._lines: list[bytes] = []
        self._headers: Mapping[str, str] | None = None
        self._status = 0
        self._body: Body | None = None
        self._draining: asyncio.TimerHandle | None = None
        self._piece_count = self._byte_count = self._interim_count = self._sendings = 0
        self._fresh = self._sent_fresh = self._wanted = False
        setopt = self.curl.setopt
        _set_options(setopt, request, self._route)
        left_s = self._route.timeout_s - request.extensions.get("used_s", 0.0)
        setopt(pycurl.TIMEOUT_MS, max(1, round(left_s * 1000)))
        setopt(pycurl.HEADERFUNCTION, self._on_header)
        setopt(pycurl.WRITEFUNCTION, self._on_piece)
        setopt(pycurl.OPENSOCKETFUNCTION, self._on_connect)
        setopt(pycurl.PREREQFUNCTION, self._on_sending)

    # ------------------------------------------------------------ what libcurl calls

    def _on_connect(self, purpose: int, address: tuple[Any, ...]) -> Any:
        family, kind, protocol, place = address
        self._fresh = True
        if self._route.proxy is None and not self._shared.allows(str(place[0])):
            words = f"{self._host} is at {place[0]}, a private or reserved address"
            self._reason = FetchError("forbidden-address", words)
            return pycurl.SOCKET_BAD
        try:
            made = socket.socket(family, kind, protocol)
            copy = os.dup(made.fileno())  # as pycurl does, and does not say that it can't
            os.close(copy)
            self._shared.ports.pop(copy, None)
            self._shared.registered.pop(copy, None)
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
        if self._fresh:
            self._shared.unheard.pop(local_port, None)  # of an earlier one, or of the handshake
        elif self._url.scheme == "http":  # over TLS libcurl's judgement has to do
            self._shared.unanswered[local_port] = self
        return pycurl.PREREQFUNC_OK

    def _on_header(self, line: bytes) -> int | None:
        self._shared.heard_bytes += len(line)
        if self._headers is not None:
            return None  # a trailer
        if line[:1] in (b"\r", b"\n"):  # by which libcurl, too, ends a head
            return self._on_head()
        self._lines.append(line)
        return None

    def _on_head(self) -> int | None:
        """The head is there, or that of an answer before the answer."""
        found = _STATUS.match(b"".join(self._lines[:1]))
        if found is None or found[1] == b"101":
            return self._end("an answer with no status that was asked for")
        self._status = int(found[1])
        if self._status < 200:
            self._lines.clear()
            self._interim_count += 1
            if self._interim_count > MAX_INTERIM:
                return self._end("it announces its answer again and again")
            return None
        fields = [line.partition(b":") for line in self._lines[1:]]
        headers = joined([(name.strip(), value.strip()) for name, _, value in fields])
        if headers.get("transfer-encoding", "").lower() not in ("", "chunked", "identity"):
            return self._end("a transfer coding that was not asked for")
        self._headers, self._wanted = headers, 200 <= self._status < 300
        if self._status == 304:
            return None
        try:
            self._open_body(headers)
        except FetchError as error:
            self._reason = error
            return -1
        return None

    def _open_body(self, headers: Mapping[str, str]) -> None:
        if not self._wanted:
            self._draining = self._loop.call_later(DRAIN_S, self._shared.finish, self.curl, -1, "")
            if self._status < 400:
                return
        max_bytes = self._route.max_bytes if self._wanted else REFUSAL_BYTES
        length = headers.get("content-length", "")
        if self._wanted and length.isdecimal() and int(length[:18]) > max_bytes:
            raise too_large(max_bytes)
        self._body = Body(headers.get("content-encoding", ""), max_bytes=max_bytes)

    def _on_piece(self, piece: bytes) -> Any:
        self._piece_count += 1
        if self._piece_count % PIECES_A_TURN == 0:
            self._loop.call_soon(self._go_on)
            return pycurl.WRITEFUNC_PAUSE  # it comes again
        self._byte_count += len(piece)
        self._shared.heard_bytes += len(piece)
        if self._piece_count > FREE_PIECES + self._byte_count // MIN_PIECE_BYTES:
            return self._end("its body comes in pieces of a few bytes without end")
        if not self._wanted and self._byte_count > DRAIN_BYTES:
            return -1
        try:
            if self._body is not None:
                self._body.add(piece)
        except FetchError as error:
            self._reason = error
            return -1
        return None

    def _go_on(self) -> None:
        if not self.answer.done():
            self.curl.unpause()

    def _end(self, why: str) -> int:
        self._reason = no_http(self._host, why)
        return -1

    # ------------------------------------------------------------ its end

    @property
    def has_head(self) -> bool:
        """Is it known what the answer is?"""
        return self._headers is not None

    def give_up(self) -> None:
        """Its server sends without end what is neither head nor body. To be finished then."""
        if self._reason is None:
            self._end("it sends bytes without end that are no answer")

    def finish(self, code: int, words: str) -> None:
        """libcurl is done with it: well (code 0) or not."""
        failure: Failure | None = None
        if code and (self._wanted or self._headers is None):
            proxied, timeout_s = self._route.proxy is not None, self._route.timeout_s
            failure = self._reason or failure_of(
                self.curl, code, words, self._url, proxied=proxied, timeout_s=timeout_s
            )
        elif self._headers is None:
            failure = broken_off(self._host)  # within the head, which libcurl does not mind
        self.curl.close()
        if self._draining is not None:
            self._draining.cancel()
        if self.answer.done():
            return
        if self._headers is None:
            tried = self._fresh or self._sendings >= MAX_SENDINGS
            self.died = code in BROKEN and not (tried or self.heard or self._lines)
        has_begun = self.has_head and self._byte_count > 0
        cut_short = has_begun and getattr(failure, "kind", None) == "reset"
        if failure is not None and not cut_short:
            self.answer.set_result(failure)
            return
        headers = self._headers or {}
        complete = self._body is not None and self._body.complete and not cut_short
        facts = {
            "headers": headers,
            "body": self._body.decoded() if self._body else b"",
            "wire_bytes": self._byte_count,
            "truncated": self._wanted and (not complete or is_part(self._status, headers)),
        }
        self.answer.set_result(httpx.Response(self._status, stream=_NO_STREAM, extensions=facts))


def is_part(status: int, headers: Mapping[str, str]) -> bool:
    """Is it a part of the document, though none was asked for [RFC 9110 15.3.7]?"""
    if status != 206 or "content-range" not in headers:
        return False
    said = _WHOLE.fullmatch(headers["content-range"])
    return said is None or int(said[1]) + 1 < int(said[2])


def joined(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers from the wire: names in lower case, repeated ones joined by commas [RFC 9110 5.3],
    X-Robots-Tag by line ends: an agent named in one line is not meant by the next.

    Values are read as latin-1, so that no byte is lost.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in headers:
            headers[name] = value
        elif name not in _SINGLE:
            headers[name] += ("\n" if name == "x-robots-tag" else ", ") + value
    return headers


def _set_options(
    setopt: Callable[[int, Any], object], request: httpx.Request, route: Route
) -> None:
    url, proxy, trust = request.url, route.proxy, route.trust
    secure = url.scheme == "https"
    setopt(pycurl.URL, route.url.encode("ascii"))
    lines = [b": ".join(one) if one[1] else one[0] + b";" for one in request.headers.raw]
    setopt(pycurl.HTTPHEADER, [*lines, b"Proxy-Connection:", b"Expect:"])
    if request.method == "POST":
        setopt(pycurl.POSTFIELDS, request.read())
    host = route.host if proxy is None else host_of(proxy)
    if proxy is not None:
        setopt(pycurl.PROXY, str(proxy))
        setopt(pycurl.USERAGENT, request.headers.get("user-agent", ""))  # what the proxy is told
    if (host,) != route.addresses:  # so that libcurl asks nobody
        port = (proxy or url).port or (443 if secure else 80)
        addresses = ",".join(f"[{a}]" if ":" in a else a for a in route.addresses)
        setopt(pycurl.RESOLVE, [f"+{host}:{port}:{addresses}"])  # +: for a minute
    if not secure and (proxy is None or proxy.scheme != "https"):
        return
    # One handshake at a time: where HTTP/2 is offered, its connection serves all who wait.
    setopt(pycurl.PIPEWAIT, secure)
    for option, chosen in (
        (pycurl.CAINFO, trust.ca_file if trust.ca_pem is None else None),
        (pycurl.CAINFO_BLOB, trust.ca_pem),
        (pycurl.CAPATH, trust.ca_folder),
        (pycurl.PROXY_CAINFO, trust.ca_file),
        (pycurl.SSLCERT, trust.client_cert),
        (pycurl.SSLKEY, trust.client_key),
        (pycurl.KEYPASSWD, "" if trust.client_cert else None),
    ):
        if chosen is not None:
            setopt(option, chosen)
