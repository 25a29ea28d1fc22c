"""Which addresses requests may go to. Pure.

The guard judges the address that is really connected to, after resolving, so a name that answers
differently the second time gets nowhere.
"""

from __future__ import annotations

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_V4_NETWORKS = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and some clouds' metadata
        "127.0.0.0/8",
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
_V6_NETWORKS = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "::/96",  # unspecified, loopback, and the old IPv4-compatible form
        "100::/64",
        "2001:db8::/32",
        "fc00::/7",  # unique local; fd00:ec2::254 is a cloud's metadata
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_forbidden(address: str) -> bool:
    """Is an IP address (as getaddrinfo gives it) off limits unless `allow_private_hosts`?

    Loopback, private, link-local, multicast, reserved and metadata addresses are [RFC 6890], and
    IPv6 forms that lead to such an IPv4 address. What is no IP address is forbidden too.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return True
    return any(_is_off_limits(each) for each in _all_forms(parsed))


def _all_forms(address: Address) -> list[Address]:
    """The address, and the IPv4 address that it leads to through mapping or tunnels."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    forms: list[Address] = [address]
    if address.sixtofour is not None:
        forms.append(address.sixtofour)
    if address.teredo is not None:
        forms.extend(address.teredo)
    if address in _NAT64:
        forms.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return forms


def _is_off_limits(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return any(address in network for network in _V4_NETWORKS)
    return any(address in network for network in _V6_NETWORKS)


def literal(host: str) -> str | None:
    """The dotted form of a host that is an IPv4 address in any spelling inet_aton(3) takes
    (`2130706433`, `0x7f.1`, `0177.0.0.1`), an IPv6 address as it is; None for a name.
    """
    if ":" in host:
        return host
    try:
        return socket.inet_ntoa(socket.inet_aton(host)) if host and host[-1] in _HEX else None
    except (OSError, UnicodeError):
        return None


_HEX = frozenset("0123456789abcdefABCDEFxX")
