"""A hub of the tests' own: notes what it is asked, and verifies and pushes when a test says so."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit


@dataclass
class Hub:
    """`status` is what it answers to requests, which it keeps in `asked`, as their fields."""

    status: int = 202
    asked: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    async def __aenter__(self) -> Hub:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hub"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        assert head.startswith("POST /hub "), head
        length = next(
            int(line.partition(":")[2])
            for line in head.splitlines()
            if line.lower().startswith("content-length:")
        )
        body = (await reader.readexactly(length)).decode()
        self.asked.append({key: value[0] for key, value in parse_qs(body).items()})
        writer.write(
            b"HTTP/1.1 %d Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % self.status
        )
        await writer.drain()
        writer.close()

    async def verify(self, **changed: str) -> tuple[int, str]:
        """Ask the subscriber whether it meant what it last asked for; its answer."""
        asked = self.asked[-1]
        fields = {
            "hub.mode": asked["hub.mode"],
            "hub.topic": asked["hub.topic"],
            "hub.challenge": "a challenge",
            "hub.lease_seconds": "864000",
        }
        fields |= {f"hub.{name}": value for name, value in changed.items()}
        return await self.call("GET", query=urlencode(fields))

    async def push(
        self, body: bytes, *, method: str = "sha256", secret: str | None = None
    ) -> tuple[int, str]:
        """Push a document, signed with the secret the subscriber gave (or with another)."""
        key = (secret or self.asked[-1]["hub.secret"]).encode()
        signature = hmac.new(key, body, getattr(hashlib, method)).hexdigest()
        return await self.call("POST", body, {"X-Hub-Signature": f"{method}={signature}"})

    async def call(
        self,
        method: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        query: str = "",
    ) -> tuple[int, str]:
        """A request to the callback of the last subscription; status and body of the answer."""
        return await asyncio.to_thread(self._call, method, body, headers or {}, query)

    def _call(
        self, method: str, body: bytes, headers: Mapping[str, str], query: str
    ) -> tuple[int, str]:
        callback = urlsplit(self.asked[-1]["hub.callback"])
        connection = http.client.HTTPConnection(callback.netloc, timeout=10)
        try:
            target = f"{callback.path}?{query}" if query else callback.path
            connection.request(method, target, body or None, dict(headers))
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()
