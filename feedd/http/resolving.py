"""Names to addresses that may be connected to, remembered for a short while."""

from __future__ import annotations

import asyncio
import socket

from feedd.errors import FetchError
from feedd.http.addresses import is_forbidden, literal

REMEMBER_S = 60.0
MAX_REMEMBERED = 4096
MAX_ADDRESSES = 6
"""Addresses of one host that are tried before giving up."""


class Resolver:
    """Resolves, and refuses what the guard refuses unless private hosts are allowed."""

    def __init__(self, *, allow_private_hosts: bool) -> None:
        self._allow_private_hosts = allow_private_hosts
        self._known: dict[str, tuple[float, list[str]]] = {}

    async def addresses(self, host: str) -> list[str]:
        """The addresses of a host, best first. Raises FetchError "dns" or "forbidden-address"."""
        loop = asyncio.get_running_loop()
        host = host.strip("[]")
        known = self._known.get(host)
        if known is not None and known[0] > loop.time():
            return known[1]
        numeric = literal(host)
        found = [numeric] if numeric is not None else await self._ask(host)
        allowed = [a for a in found if self._allow_private_hosts or not is_forbidden(a)]
        if not allowed:
            raise FetchError(
                "forbidden-address",
                f"{host} is {found[0]}, a private or reserved address;"
                " allow_private_hosts = true lets feeds live there",
            )
        if len(self._known) >= MAX_REMEMBERED:
            self._known.clear()
        self._known[host] = (loop.time() + REMEMBER_S, allowed[:MAX_ADDRESSES])
        return self._known[host][1]

    async def _ask(self, host: str) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            rows = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)):
                words = f"there is no host named {host}; check the feed's URL"
            else:
                words = f"{host} could not be looked up ({error.strerror}); is the network up?"
            raise FetchError("dns", words) from None
        except (UnicodeError, ValueError):
            raise FetchError("bad-url", f"{host[:100]} can't be a host's name") from None
        addresses = list(dict.fromkeys(str(row[4][0]) for row in rows))
        if not addresses:
            raise FetchError("dns", f"{host} has no address")
        return addresses
