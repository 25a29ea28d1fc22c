"""The bytes of one open connection, kept within a bound until somebody reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

MAX_BUFFERED_BYTES = 256 * 1024
"""With so much unread, the other side is made to wait."""


class Stream(asyncio.Protocol):
    """An open connection with one reader at a time.

    `ended`: nothing comes after what is buffered. `received_bytes` counts all that ever came.
    `on_disturbed` is called when something happens while nobody reads: bytes nobody asked for, or
    the end. It has the methods of `httpcore.AsyncNetworkStream`, whose time-outs it ignores: a
    deadline for the whole exchange is the caller's.
    """

    def __init__(self) -> None:
        self.ended = False
        self.received_bytes = 0
        self.on_disturbed: Callable[[], None] | None = None
        self.transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._pieces: list[bytes] = []
        self._unread_bytes = 0
        self._paused = False
        self._reader: asyncio.Future[None] | None = None
        self._error: Exception | None = None

    @property
    def has_unread(self) -> bool:
        """Have bytes come that nobody has read?"""
        return bool(self._pieces)

    async def read(self, max_bytes: int = 0, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """All that has come since the last read (whatever `max_bytes` says), b"" at the end.

        Raises OSError where the connection broke.
        """
        if not self._pieces and not self.ended:
            self._reader = self._loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        if not self._pieces:
            if self._error is not None:
                raise self._error
            return b""
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._unread_bytes = 0
        if self._paused and self.transport is not None:
            self._paused = False
            self.transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send bytes; requests are small, so nothing waits for them to leave."""
        self.send(buffer)

    def send(self, data: bytes) -> None:
        """Hand bytes to the kernel, or to the loop until it takes them. Raises OSError."""
        if self.ended or self.transport is None:
            raise self._error or ConnectionResetError("the connection has ended")
        if data:
            self.transport.write(data)

    async def aclose(self) -> None:
        """As `close`, for httpcore."""
        self.close()

    def close(self) -> None:
        """Give the connection up at once."""
        self.on_disturbed = None
        self.ended = True
        self._pieces.clear()
        if self.transport is not None:
            self.transport.abort()

    def get_extra_info(self, info: str) -> object:
        """What httpcore may ask a stream; it needs none of it here."""
        return None

    # ------------------------------------------------------------ what the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received_bytes += len(data)
        self._pieces.append(data)
        self._unread_bytes += len(data)
        if self._unread_bytes > MAX_BUFFERED_BYTES and not self._paused and self.transport:
            self._paused = True
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self.ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = True
        self._error = exc
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None:
            if not self._reader.done():
                self._reader.set_result(None)
        elif self.on_disturbed is not None:
            self.on_disturbed()
