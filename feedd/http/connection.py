"""What the pool expects of an open connection, whatever its protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import httpx

from feedd.http.stream import Stream


class Connection(Protocol):
    """An open connection: one request after the other, or several beside each other if `shared`.

    It answers with httpx's values and raises httpx's exceptions: `ReadError` where it died,
    `RemoteProtocolError` where what came is not HTTP, `LocalProtocolError` for a request that
    can't be sent. `active` counts answers not yet given back; `released` is called for each.
    """

    @property
    def shared(self) -> bool: ...

    @property
    def stream(self) -> Stream: ...

    @property
    def active(self) -> int: ...

    @property
    def usable(self) -> bool:
        """Could one more request be sent?"""
        ...

    async def ask(self, request: httpx.Request) -> httpx.Response:
        """Send a request and wait for the head of its answer."""
        ...


Released = Callable[[Connection], None]


class NotTakenError(Exception):
    """The server is ending this connection and has not looked at the request [RFC 9113 6.8]."""
