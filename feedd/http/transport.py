"""feedd's transport for httpx: libcurl, driven from the event loop."""

from __future__ import annotations

import asyncio
import fcntl
import math
import os
import selectors
import socket
import sys
import termios
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import httpx
import pycurl

from feedd.errors import MachineError
from feedd.http.failures import TransferError
from feedd.http.transfer import BROKEN, KEEP_ALIVE_S, Connections, Transfer
from feedd.own_files import Trust

IDLE_CONNECTIONS = 64
"""Connections that are kept although nobody uses them; beyond, the oldest is closed."""

STEP_S = 0.005
"""After so long of what sockets bring, the event loop does its other work first."""

READ_BYTES = 160_000
"""libcurl reads some so much of a socket at a time, be there more or not."""

READ_COSTS_BYTES = 100
"""What a look at a socket that brings nothing counts for at least."""

FREE_UNHEARD_BYTES = 250_000
HEARD_SHARE = 16
"""How much may come on a connection that is neither head nor body (chunk extensions, control frames
of HTTP/2), and so many times what is.
"""

ODD_UNHEARD_BYTES = 16_000
"""After so much of it, that is why a body broke off."""


_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, Red Hat
    "/etc/pki/tls/certs/ca-bundle.crt",  # older ones of these
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine, macOS, the BSDs
)
"""Where systems keep all authorities in one file. OpenSSL as it comes with pycurl knows one of
these only, and does not read `SSL_CERT_FILE`.
"""


def system_store() -> Trust:
    """The system's authorities, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name."""
    import ssl  # only who asks servers pays for it

    paths = ssl.get_default_verify_paths()
    named = os.environ.get(paths.openssl_cafile_env) or paths.cafile
    file = named or next(filter(os.path.isfile, _BUNDLES), None)
    # With a folder libcurl reads all authorities anew for each connection.
    folder = os.environ.get(paths.openssl_capath_env) or (paths.capath if file is None else None)
    return Trust(file, folder)


class CurlTransport(httpx.AsyncBaseTransport):
    """Answers requests to `http:` and `https:` URLs; their extensions are "route", a `Route`, and
    "used_s", seconds of its time that are over. Raises TransferError, which is one of httpx's
    TransportErrors.

    A response is whole when it is returned. It has a status and extensions: its "headers", joined,
    and what came of its body, decoded as it comes, within the limits: "body", "wire_bytes",
    "truncated". Of a status other than 2xx no more is read than keeps its connection, and nothing
    that happens then can change the answer.

    Connections are kept and shared by all requests; the multi handle that keeps them is closed
    when nothing was asked for a while.
    """

    def __init__(self, allows: Callable[[str], bool]) -> None:
        self._shared = Connections(allows, self._finish)
        self._multi: pycurl.CurlMulti | None = None
        self._transfers: dict[pycurl.Curl, Transfer] = {}
        self._loop: asyncio.AbstractEventLoop
        self._sockets: selectors.DefaultSelector
        self._watched: set[int] = set()
        self._ready_sockets: deque[tuple[int, int]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._due_s = math.inf
        self._idle: asyncio.TimerHandle | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        transfer = self._begin(request)
        try:
            outcome = await transfer.answer
            if transfer.died:
                # libcurl does this itself (rule 16), but not where HTTP/2 was spoken.
                transfer = self._begin(request, fresh=True)
                outcome = await transfer.answer
        finally:
            if transfer.curl in self._transfers:  # nobody waits for it any more
                self._remove(transfer.curl).curl.close()
        if isinstance(outcome, httpx.Response):
            return outcome
        raise TransferError(outcome)

    async def aclose(self) -> None:
        """Close all connections."""
        for curl in list(self._transfers):
            self._remove(curl).answer.cancel()
            curl.close()
        self._close()

    def _begin(self, request: httpx.Request, *, fresh: bool = False) -> Transfer:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        multi = self._multi or self._open()
        transfer = Transfer(request, self._shared, self._loop)
        if fresh:
            transfer.curl.setopt(pycurl.FRESH_CONNECT, 1)
        self._transfers[transfer.curl] = transfer
        multi.add_handle(transfer.curl)
        return transfer

    def _open(self) -> pycurl.CurlMulti:
        self._loop = asyncio.get_running_loop()
        try:
            self._sockets = selectors.DefaultSelector()  # one file for the loop to watch
            self._multi = multi = pycurl.CurlMulti()
        except (OSError, pycurl.error):  # it needs a pair of sockets
            lacking = MachineError("no memory or no file left to ask anybody; tried again soon")
            raise TransferError(lacking) from None
        multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
        multi.setopt(pycurl.M_MAXCONNECTS, IDLE_CONNECTIONS)
        self._loop.add_reader(self._sockets.fileno(), self._ready)
        return multi

    def _remove(self, curl: pycurl.Curl) -> Transfer:
        assert self._multi is not None
        self._multi.remove_handle(curl)
        transfer = self._transfers.pop(curl)
        if not self._transfers:
            self._shared.unanswered.clear()
            self._idle = self._loop.call_later(KEEP_ALIVE_S, self._close)
        return transfer

    def _close(self) -> None:
        for handle in (self._idle, self._timer):
            if handle is not None:
                handle.cancel()
        self._idle = self._timer = None
        if self._multi is not None:
            self._loop.remove_reader(self._sockets.fileno())
            self._multi.close()
            self._multi = None
            self._sockets.close()
            self._watched.clear()
            self._shared.registered.clear()

    # ------------------------------------------------------------ driving libcurl

    def _watch(self, what: int, fd: int, multi: object, data: object) -> None:
        """libcurl wants to know when a socket can be read or written; its numbers for that are
        those of `selectors`.
        """
        if what == pycurl.POLL_REMOVE:
            self._watched.discard(fd)  # it stays registered: most are soon asked again
            return
        self._watched.add(fd)
        registered = self._shared.registered
        if registered.get(fd) != what:
            with suppress(KeyError):  # of another connection under this number, perhaps
                self._sockets.unregister(fd)
            self._sockets.register(fd, what)
            registered[fd] = what

    def _ready(self) -> None:
        """Sockets can be read or written: those that are left over from the last time come first,
        and some may be left over for the next.
        """
        ready = self._ready_sockets
        if not ready:
            ready.extend((key.fd, events) for key, events in self._sockets.select(0))
        until = time.monotonic() + STEP_S
        while ready and self._multi is not None:
            fd, events = ready.popleft()
            if fd in self._watched:
                self._serve(self._multi, fd, events)
            elif self._shared.registered.pop(fd, None):  # an idle connection was closed
                self._sockets.unregister(fd)
            if time.monotonic() > until:
                break
        self._finish_done()

    def _serve(self, multi: pycurl.CurlMulti, fd: int, events: int) -> None:
        waiting = port = 0
        if events & selectors.EVENT_READ:
            waiting, port = _waiting_bytes(fd), self._local_port(fd)
            # Rule 16: libcurl asks once more where a kept connection died before a *line* came.
            transfer = self._shared.unanswered.pop(port, None)
            if transfer is not None:
                transfer.heard = waiting > 0
        heard = self._shared.heard_bytes
        multi.socket_action(fd, events)
        if not waiting:
            return
        heard = self._shared.heard_bytes - heard
        read = min(waiting if heard else max(waiting, READ_COSTS_BYTES), READ_BYTES)
        unheard = self._shared.unheard.pop(port, 0) + read - HEARD_SHARE * heard
        if unheard > 0:
            self._shared.unheard[port] = unheard
            if unheard > FREE_UNHEARD_BYTES and fd in self._watched:
                self._give_up(fd, port)

    def _shut(self, fd: int) -> None:
        """Nothing more is sent or read there, and libcurl finds that it is at its end."""
        with suppress(OSError, ValueError), _borrowed(fd) as connection:
            connection.shutdown(socket.SHUT_RDWR)

    def _give_up(self, fd: int, port: int) -> None:
        """End a connection and what it is used for. (One without use is being closed by libcurl,
        which would read on for seconds.)
        """
        self._shut(fd)
        for curl, transfer in list(self._transfers.items()):
            if curl.getinfo(pycurl.LOCAL_PORT) == port:
                transfer.give_up()
                self._finish(curl, -1, "")

    def _local_port(self, fd: int) -> int:
        ports = self._shared.ports
        if fd not in ports:
            with suppress(OSError), _borrowed(fd) as connection:
                ports[fd] = connection.getsockname()[1]
        return ports.get(fd, 0)

    def _set_timer(self, timeout_ms: int) -> None:
        """libcurl wants to act by then, whatever comes. A timer that is due before is left."""
        self._due_s = self._loop.time() + timeout_ms / 1000 if timeout_ms >= 0 else math.inf
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None and self._timer.when() > self._due_s:
            self._timer.cancel()
            self._timer = None
        if self._timer is None and self._due_s < math.inf:
            self._timer = self._loop.call_at(self._due_s, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        if self._due_s <= self._loop.time() and self._multi is not None:
            self._due_s = math.inf
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
            self._finish_done()
        self._arm()

    def _finish_done(self) -> None:
        if self._multi is None:
            return
        _, done, failed = self._multi.info_read()
        for curl in done:
            self._finish(curl, 0, "")
        for curl, code, words in failed:
            self._finish(curl, code, words)

    def _finish(self, curl: pycurl.Curl, code: int, words: str) -> None:
        if code in BROKEN:
            self._shut(curl.getinfo(pycurl.ACTIVESOCKET))
        transfer = self._remove(curl)
        if code and transfer.has_head:
            port = curl.getinfo(pycurl.LOCAL_PORT)
            if self._shared.unheard.get(port, 0) > ODD_UNHEARD_BYTES:
                transfer.give_up()
        transfer.finish(code, words)


@contextmanager
def _borrowed(fd: int) -> Iterator[socket.socket]:
    """One of libcurl's sockets."""
    seen = socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=fd)
    try:
        yield seen
    finally:
        seen.detach()


def _waiting_bytes(fd: int) -> int:
    """How many bytes can be read; 0 at the end."""
    try:
        return int.from_bytes(fcntl.ioctl(fd, termios.FIONREAD, bytes(4)), sys.byteorder)
    except OSError:
        return 0
