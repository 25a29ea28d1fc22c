"""Asking the loopback server with feedd's own client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace

from feedd.errors import FetchError
from feedd.http import Client, Request, user_agent
from feedd.model import Response

MAX_BYTES = 100_000

T = TypeVar("T")


def client(**options: Any) -> Client:
    """A client that may ask loopback, unless told otherwise."""
    defaults: dict[str, Any] = {
        "concurrency": 8,
        "per_host": 2,
        "timeout_s": 5.0,
        "allow_private_hosts": True,
        "user_agent": user_agent("test"),
    }
    return Client(**{**defaults, **options})


def with_client(work: Callable[[Client], Awaitable[T]], **options: Any) -> T:
    """Run something with a client of its own."""

    async def run() -> T:
        async with client(**options) as opened:
            return await work(opened)

    return asyncio.run(run())


def ask(url: str, **request: Any) -> Request:
    return replace(Request(url, "feed", MAX_BYTES), **request)


def get(url: str, *, options: dict[str, Any] | None = None, **request: Any) -> Response:
    """One request by a client of its own."""
    return with_client(lambda opened: opened.get(ask(url, **request)), **(options or {}))


def get_all(
    urls: Sequence[str], *, options: dict[str, Any] | None = None, **request: Any
) -> list[Response]:
    """Requests one after the other by one client."""

    async def one_by_one(opened: Client) -> list[Response]:
        return [await opened.get(ask(url, **request)) for url in urls]

    return with_client(one_by_one, **(options or {}))


def refused(url: str, *, options: dict[str, Any] | None = None, **request: Any) -> FetchError:
    """The error that a request ends in."""
    with pytest.raises(FetchError) as caught:
        get(url, options=options, **request)
    assert "\n" not in str(caught.value)
    return caught.value


def open_connections(*ports: int) -> int:
    """How many connections to these ports of this machine are not closed on the asking side."""
    table = Path("/proc/self/net/tcp")
    if not table.exists():
        pytest.skip("this system has no /proc/self/net/tcp")
    wanted = {f"{port:04X}" for port in ports}
    rows = [line.split()[2:4] for line in table.read_text().splitlines()[1:]]
    established, ended_by_server = "01", "08"
    return sum(
        remote.rpartition(":")[2] in wanted and state in (established, ended_by_server)
        for remote, state in rows
    )


def or_error(work: Callable[[], T]) -> T | FetchError:
    """The result of something, or the error it ends in."""
    try:
        return work()
    except FetchError as error:
        return error
