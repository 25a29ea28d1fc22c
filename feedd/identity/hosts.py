"""Hosts and their addresses: which requests concern one server, and which lead to a private one."""

from __future__ import annotations

import ipaddress
import socket
from functools import lru_cache
from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """The host name of a URL in lower case; "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


# ---------------------------------------------------------------- addresses

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv4: everything is allowed but these [RFC 6890, IANA's registry of special addresses].
_V4_FORBIDDEN = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and some clouds' metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's metadata, on a public address
        "169.254.0.0/16",  # link-local: 169.254.169.254 is most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# IPv6: only what is handed out as global unicast [RFC 4291], but for these parts of it. Loopback,
# unique local (with fd00:ec2::254, a cloud's metadata), link-local and multicast lie outside.
_V6_ALLOWED = ipaddress.IPv6Network("2000::/3")
_V6_FORBIDDEN = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, among them Teredo, benchmarking, ORCHID
        "2001:db8::/32",
        "3fff::/20",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Addresses that lead to the IPv4 address in their last 32 bits [RFC 6052]."""


def is_forbidden(address: str) -> bool:
    """Is an IP address (as getaddrinfo gives it) off limits unless `allow_private_hosts`?

    Loopback, private, link-local, multicast, reserved and metadata addresses are, and IPv6 forms
    that lead to such an IPv4 address. What is no IP address is forbidden too.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    return _is_off_limits(parsed)


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
