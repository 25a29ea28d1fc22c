"""Names to addresses that may be connected to, remembered for a short while."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from itertools import chain, zip_longest

from feedd.errors import FetchError
from feedd.http.addresses import is_forbidden, literal

REMEMBER_S = 60.0
MAX_REMEMBERED = 4096
MAX_ADDRESSES = 6
"""Addresses of one host that are tried before giving up."""

LOOKUPS_AT_ONCE = 32
"""Each takes a thread; a name server that hangs would hold those of a small pool for all."""


class Resolver:
    """Resolves, and refuses what the guard refuses unless private hosts are allowed."""

    def __init__(self, *, allow_private_hosts: bool) -> None:
        self._allow_private_hosts = allow_private_hosts
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._asking: dict[str, asyncio.Task[tuple[str, ...]]] = {}
        self._threads = asyncio.Semaphore(LOOKUPS_AT_ONCE)

    def remembered(self, host: str) -> tuple[str, ...] | None:
        """The addresses of a host that was asked for a short while ago."""
        known = self._known.get(host)
        if known is None or known[0] <= asyncio.get_running_loop().time():
            return None
        return known[1]

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of a host, best first. Raises FetchError "dns", "forbidden-address" or
        "bad-url".
        """
        known = self.remembered(host)
        if known is not None:
            return known
        # One question for all who ask at the same time; who stops waiting leaves it to the others.
        task = self._asking.get(host)
        if task is None:
            task = self._asking[host] = asyncio.create_task(self._ask(host))
            task.add_done_callback(lambda done: self._answered(host, done))
        return await asyncio.shield(task)

    def _answered(self, host: str, task: asyncio.Task[tuple[str, ...]]) -> None:
        del self._asking[host]
        if task.cancelled() or task.exception() is not None:
            return
        if len(self._known) >= MAX_REMEMBERED:
            self._known.clear()
        self._known[host] = (asyncio.get_running_loop().time() + REMEMBER_S, task.result())

    async def _ask(self, host: str) -> tuple[str, ...]:
        numeric = literal(host)
        found = [numeric] if numeric is not None else await self._look_up(host)
        self._check(host, found[0], found)
        return tuple(a for a in found if self._allows(a))[:MAX_ADDRESSES]

    def check_by_name(self, host: str) -> None:
        """Refuse a host that a proxy is to resolve, as far as its name tells where it leads.

        Raises FetchError "forbidden-address".
        """
        numeric = literal(host)
        name = host.rstrip(".").lower()
        if numeric is None and (name == "localhost" or name.endswith(".localhost")):
            numeric = "127.0.0.1"  # RFC 6761, 6.3
        if numeric is not None:
            self._check(host, numeric, [numeric])

    def _check(self, host: str, shown: str, found: list[str]) -> None:
        """Raises FetchError "forbidden-address" where none of the addresses is allowed."""
        if not any(map(self._allows, found)):
            raise FetchError(
                "forbidden-address",
                f"{host} is at {shown}, a private or reserved address;"
                " allow_private_hosts = true lets feeds live there",
            )

    def _allows(self, address: str) -> bool:
        return self._allow_private_hosts or not is_forbidden(address)

    async def _look_up(self, host: str) -> list[str]:
        async with self._threads:
            try:
                rows = await _in_thread(host)
            except socket.gaierror as error:
                raise FetchError("dns", _words(host, error)) from None
            except (UnicodeError, ValueError):
                raise FetchError("bad-url", f"{host[:100]} can't be a host's name") from None
            except OSError as error:
                raise FetchError("dns", f"{host} could not be looked up: {error}") from None
        if not rows:
            raise FetchError("dns", f"{host} has no address")
        return interleaved(list(dict.fromkeys(rows)))


def interleaved(addresses: list[str]) -> list[str]:
    """IPv6 and IPv4 in turns, beginning with the family that came first [RFC 8305 4]."""
    first = ":" in addresses[0]
    mine = [a for a in addresses if (":" in a) == first]
    others = [a for a in addresses if (":" in a) != first]
    return [a for a in chain.from_iterable(zip_longest(mine, others)) if a is not None]


async def _in_thread(host: str) -> list[str]:
    """getaddrinfo(3) in a thread of its own that no shutdown has to wait for."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(rows: list[str], error: Exception | None) -> None:
        if answer.cancelled():
            return
        if error is None:
            answer.set_result(rows)
        else:
            answer.set_exception(error)

    def ask() -> None:
        rows: list[str] = []
        failure: Exception | None = None
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            rows = [str(row[4][0]) for row in found]
        except Exception as error:
            failure = error
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, rows, failure)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    return await answer


def _words(host: str, error: socket.gaierror) -> str:
    if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)):
        return f"there is no host named {host}; check the feed's URL"
    if error.errno == socket.EAI_AGAIN:
        return f"{host} could not be looked up: no name server answered; is the network up?"
    return f"{host} could not be looked up: {error.strerror}"
