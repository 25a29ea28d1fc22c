"""The addresses of a server that may be connected to.

The guard judges the address that is really connected to, after resolving, so a name that answers
differently the second time gets nowhere.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
from functools import lru_cache, partial
from itertools import chain, zip_longest

from feedd.errors import FetchError, is_machine_trouble
from feedd.http.failures import Failure, no_socket
from feedd.own_files import within_time

REMEMBER_S = 60.0
MAX_REMEMBERED = 16_384
MAX_ADDRESSES = 6
"""Addresses of one host that are tried before giving up."""

LOOKUP_S = 10.0
"""How long a name server may take. The thread goes on waiting for it, for minutes perhaps."""

KNOWN_AT_ONCE = 64
OTHERS_AT_ONCE = 384
"""Look-ups of names that were found lately, and of others, those included whose threads still hang
after they were given up.
"""


class Resolver:
    """Resolves, and refuses what the guard refuses unless private hosts are allowed.

    Each look-up takes a thread. Names that were found lately have places of their own, so that
    those on which a name server hangs keep none of them waiting (rule 52); waiting for a place
    takes none of the time of a look-up.
    """

    def __init__(self, *, allow_private_hosts: bool) -> None:
        self._allow_private_hosts = allow_private_hosts
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        """Until when they count, and what was found."""
        self._asking: dict[str, asyncio.Task[tuple[str, ...]]] = {}
        self._for_known = asyncio.Semaphore(KNOWN_AT_ONCE)
        self._for_others = asyncio.Semaphore(OTHERS_AT_ONCE)

    def remembered(self, host: str) -> tuple[str, ...] | None:
        """The addresses of a host that was asked for a short while ago."""
        until, addresses = self._known.get(host, (0.0, None))
        return addresses if until > asyncio.get_running_loop().time() else None

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of a host that may be connected to, best first.

        Raises FetchError "dns", "forbidden-address" or "bad-url", and MachineError.
        """
        found = await self._found(host)
        if not self._allow_private_hosts:
            self._check(host, found)
            found = tuple(filter(self.allows, found))
        return found[:MAX_ADDRESSES]

    async def proxy_addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of a proxy, wherever they are: the user named it. Raises as `addresses`."""
        return (await self._found(host))[:MAX_ADDRESSES]

    async def _found(self, host: str) -> tuple[str, ...]:
        numeric = literal(host)
        if numeric is not None:
            return (numeric,)
        known = self.remembered(host)
        if known is not None:
            return known
        # One question for all who ask at the same time; who stops waiting leaves it to the others.
        task = self._asking.get(host)
        if task is None:
            task = self._asking[host] = asyncio.create_task(self._look_up(host))
            task.add_done_callback(lambda done: self._answered(host, done))
        return await asyncio.shield(task)

    def _answered(self, host: str, task: asyncio.Task[tuple[str, ...]]) -> None:
        del self._asking[host]
        self._known.pop(host, None)
        if task.cancelled() or task.exception() is not None:
            return
        if len(self._known) >= MAX_REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[host] = (asyncio.get_running_loop().time() + REMEMBER_S, task.result())

    def check_by_name(self, host: str) -> None:
        """Refuse a host that a proxy is to resolve, as far as its name tells where it leads.

        Raises FetchError "forbidden-address".
        """
        is_here = f".{host.rstrip('.').lower()}".endswith(".localhost")  # RFC 6761, 6.3
        numeric = "127.0.0.1" if is_here else literal(host)
        if numeric is not None:
            self._check(host, (numeric,))

    def _check(self, host: str, found: tuple[str, ...]) -> None:
        """Raises FetchError "forbidden-address" where none of the addresses is allowed."""
        if not any(map(self.allows, found)):
            raise FetchError(
                "forbidden-address",
                f"{host} is at {found[0]}, a private or reserved address;"
                " allow_private_hosts = true lets feeds live there",
            )

    def allows(self, address: str) -> bool:
        """May this address be connected to?"""
        return self._allow_private_hosts or not is_forbidden(address)

    async def _look_up(self, host: str) -> tuple[str, ...]:
        threads = self._for_known if host in self._known else self._for_others
        await threads.acquire()
        try:
            rows = await within_time(
                f"addresses of {host}",
                partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM),
                timeout_s=LOOKUP_S,
                ended=threads.release,
            )
        except TimeoutError:
            words = f"no name server answered within {LOOKUP_S:g} s; is the network up?"
            raise FetchError("dns", f"{host} could not be looked up: {words}") from None
        except (UnicodeError, ValueError):
            raise FetchError("bad-url", f"{host[:100]} can't be a host's name") from None
        except OSError as error:
            raise _failure(host, error) from None
        if not rows:
            raise FetchError("dns", f"{host} has no address")
        return tuple(interleaved(list(dict.fromkeys(str(row[4][0]) for row in rows))))


def interleaved(addresses: list[str]) -> list[str]:
    """IPv6 and IPv4 in turns, beginning with the family that came first [RFC 8305 4]."""
    first = ":" in addresses[0]
    mine = [a for a in addresses if (":" in a) == first]
    others = [a for a in addresses if (":" in a) != first]
    return [a for a in chain.from_iterable(zip_longest(mine, others)) if a is not None]


def _failure(host: str, error: OSError) -> Failure:
    """Why a look-up failed. Where no file can be opened, getaddrinfo(3) tells of no answer."""
    try:
        os.close(os.dup(0))
    except OSError as lacking:
        if is_machine_trouble(lacking):
            return no_socket(lacking)
    words = f"{host} could not be looked up: {error.strerror}"
    if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)):
        words = f"there is no host named {host}; check the feed's URL"
    elif error.errno == socket.EAI_AGAIN:
        words = f"{host} could not be looked up: no name server answered; is the network up?"
    return FetchError("dns", words)


# ---------------------------------------------------------------- which are off limits

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv4: everything is allowed but these [RFC 6890, IANA's registry of special addresses].
_OFF_LIMITS = (
    # This network (0.0.0.0 reaches the machine itself), loopback, private networks.
    "0.0.0.0/8 127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"
    # Carrier-grade NAT, and some clouds' metadata; link-local: 169.254.169.254 is that of most.
    " 100.64.0.0/10 169.254.0.0/16"
    # A cloud's metadata, on a public address.
    " 168.63.129.16/32"
    # Protocol assignments, 6to4 relays, benchmarking, documentation, multicast, reserved.
    " 192.0.0.0/24 192.88.99.0/24 198.18.0.0/15 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24"
    " 224.0.0.0/4 240.0.0.0/4"
)
_V4_FORBIDDEN = list(map(ipaddress.IPv4Network, _OFF_LIMITS.split()))
# IPv6: only what is handed out as global unicast [RFC 4291], but for protocol assignments (Teredo,
# benchmarking, ORCHID …) and documentation. Loopback, unique local (with fd00:ec2::254, a cloud's
# metadata), link-local and multicast lie outside.
_V6_ALLOWED = ipaddress.IPv6Network("2000::/3")
_V6_FORBIDDEN = list(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Addresses that lead to the IPv4 address in their last 32 bits [RFC 6052]."""


@lru_cache(maxsize=4096)
def is_forbidden(address: str) -> bool:
    """Is an IP address (as getaddrinfo gives it) off limits unless `allow_private_hosts`?

    Loopback, private, link-local, multicast, reserved and metadata addresses are, and IPv6 forms
    that lead to such an IPv4 address. What is no IP address is forbidden too.
    """
    try:
        return _is_off_limits(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return True


def _is_off_limits(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return any(address in network for network in _V4_FORBIDDEN)
    if address.ipv4_mapped is not None:
        return _is_off_limits(address.ipv4_mapped)
    if address in _NAT64:
        return _is_off_limits(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    if address not in _V6_ALLOWED or any(address in network for network in _V6_FORBIDDEN):
        return True
    return address.sixtofour is not None and _is_off_limits(address.sixtofour)


@lru_cache(maxsize=4096)
def literal(host: str) -> str | None:
    """The usual form of a host that is an address in any spelling that a resolver would take for
    one (`2130706433`, `0x7f.1`, `0177.0.0.1`, `[::1]`); None for a name.
    """
    host = host.strip("[]")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    # inet_aton(3) reads every number base and count of parts, and so does getaddrinfo(3). It also
    # stops reading at white space, which no host holds.
    if not host or not host[-1].isalnum() or any(map(str.isspace, host)):
        return None
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, ValueError):  # ValueError: what is no ASCII, and NUL
        return None
