"""feedd's transport for httpx: libcurl, driven from the event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import httpx
import pycurl

from feedd.errors import MachineError
from feedd.http.failures import TransferError
from feedd.http.transfer import KEEP_ALIVE_S, Transfer

IDLE_CONNECTIONS = 64
"""Connections that are kept although nobody uses them; beyond, the oldest is closed."""


class CurlTransport(httpx.AsyncBaseTransport):
    """Answers requests to `http:` and `https:` URLs whose extension "route" is a `Route`.

    Raises TransferError, which is one of httpx's TransportErrors.
    Connections are kept and shared by all requests; the multi handle that keeps them is closed
    when nothing was asked for a while. (pycurl's own AsyncCurlMulti can't tell a head that came.)
    """

    def __init__(self, allows: Callable[[str], bool]) -> None:
        self._allows = allows
        self._multi: pycurl.CurlMulti | None = None
        self._transfers: dict[pycurl.Curl, Transfer] = {}
        self._watched: dict[int, int] = {}
        self._timer: asyncio.Handle | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._unanswered: dict[int, Transfer] = {}
        """Requests on kept connections, by local port, until something comes."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        form = b"".join([piece async for piece in request.stream])
        transfer = self._begun(request, form)
        try:
            return await self._head(transfer)
        except TransferError:
            if not transfer.died:
                raise
        # libcurl does this itself (rule 16), but not where HTTP/2 was spoken.
        transfer = self._begun(request, form)
        transfer.curl.setopt(pycurl.FRESH_CONNECT, 1)
        return await self._head(transfer)

    def _begun(self, request: httpx.Request, form: bytes) -> Transfer:
        return Transfer(
            request,
            form,
            allows=self._allows,
            on_kept=self._unanswered.__setitem__,
            on_given_up=self._remove,
        )

    async def _head(self, transfer: Transfer) -> httpx.Response:
        self._add(transfer)
        assert transfer.head is not None
        try:
            return await transfer.head
        except BaseException:
            await transfer.aclose()
            raise

    async def aclose(self) -> None:
        """Close all connections."""
        for transfer in list(self._transfers.values()):
            await transfer.aclose()
        self._close()

    # ------------------------------------------------------------ transfers

    def _add(self, transfer: Transfer) -> None:
        if self._idle is not None:
            self._idle.cancel()
        if self._multi is None:
            try:
                self._multi = pycurl.CurlMulti()
            except pycurl.error:  # it needs a pair of sockets
                lacking = MachineError("no memory or no file left to ask anybody; tried again soon")
                raise TransferError(lacking) from None
            self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
            self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)
            self._multi.setopt(pycurl.M_MAXCONNECTS, IDLE_CONNECTIONS)
        self._transfers[transfer.curl] = transfer
        self._multi.add_handle(transfer.curl)

    def _remove(self, transfer: Transfer) -> None:
        assert self._multi is not None
        self._multi.remove_handle(transfer.curl)
        del self._transfers[transfer.curl]
        if not self._transfers:
            self._unanswered.clear()
            self._idle = asyncio.get_running_loop().call_later(KEEP_ALIVE_S, self._close)

    def _close(self) -> None:
        for handle in (self._idle, self._timer):
            if handle is not None:
                handle.cancel()
        if self._multi is not None:
            self._multi.close()
            self._multi = None

    # ------------------------------------------------------------ driving libcurl

    def _act(self, fd: int, what: int) -> None:
        if self._multi is None:
            return
        self._multi.socket_action(fd, what)
        _, done, failed = self._multi.info_read()
        for curl, code, words in [*((curl, 0, "") for curl in done), *failed]:
            transfer = self._transfers[curl]
            self._remove(transfer)
            transfer.finish(code, words)

    def _watch(self, what: int, fd: int, multi: object, data: object) -> None:
        """libcurl wants to know when a socket can be read or written."""
        loop = asyncio.get_running_loop()
        wanted = 0 if what == pycurl.POLL_REMOVE else what
        had = self._watched.pop(fd, 0)
        if wanted:
            self._watched[fd] = wanted
        for flag, add, remove, act in (
            (pycurl.POLL_IN, loop.add_reader, loop.remove_reader, self._readable),
            (pycurl.POLL_OUT, loop.add_writer, loop.remove_writer, self._writable),
        ):
            if wanted & flag and not had & flag:
                add(fd, act, fd)
            elif had & flag and not wanted & flag:
                remove(fd)

    def _readable(self, fd: int) -> None:
        self._note_first_byte(fd)
        self._act(fd, pycurl.CSELECT_IN)

    def _writable(self, fd: int) -> None:
        self._note_first_byte(fd)
        self._act(fd, pycurl.CSELECT_OUT)

    def _note_first_byte(self, fd: int) -> None:
        """Rule 16: libcurl asks once more where a kept connection died before a *line* came."""
        if not self._unanswered:
            return
        seen = socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=fd)
        try:
            port = seen.getsockname()[1]
            transfer = self._unanswered.get(port)
            if transfer is not None:
                transfer.heard = bool(seen.recv(1, socket.MSG_PEEK))
                del self._unanswered[port]
        except OSError:
            pass
        finally:
            seen.detach()

    def _set_timer(self, timeout_ms: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        if timeout_ms == 0:
            self._timer = loop.call_soon(self._time_is_up)
        elif timeout_ms > 0:
            self._timer = loop.call_later(timeout_ms / 1000, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        self._act(pycurl.SOCKET_TIMEOUT, 0)
