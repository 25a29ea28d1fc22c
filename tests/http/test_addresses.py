"""The guard: which addresses may be asked."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.http.resolver import is_forbidden, literal


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",  # a cloud's metadata
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",  # a cloud's metadata
        "169.254.169.254",  # most clouds' metadata
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",  # a cloud's metadata
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:a00:1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "fc00::1",
        "fd00:ec2::254",  # a cloud's metadata
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "not an address",
        "",
        "127.0.0.1:80",
    ],
)
def test_rule_20_private_and_special_addresses_are_off_limits(address: str) -> None:
    assert is_forbidden(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.216.34",
        "172.15.0.1",
        "172.32.0.1",
        "100.128.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "::ffff:1.1.1.1",
        "64:ff9b::1.1.1.1",
        "2002:101:101::1",
    ],
)
def test_public_addresses_are_not(address: str) -> None:
    assert not is_forbidden(address)


@given(st.ip_addresses())
def test_rule_20_what_is_not_globally_reachable_is_off_limits(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not address.is_global or address.is_multicast or address.is_loopback:
        within = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        leads_to_public = within is not None and not is_forbidden(str(within))
        nat64 = address in ipaddress.ip_network("64:ff9b::/96")
        assert is_forbidden(str(address)) or leads_to_public or nat64


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:{}", "64:ff9b::{}"]))
def test_rule_20_an_ipv4_address_within_an_ipv6_one_is_judged_as_itself(
    address: ipaddress.IPv4Address, form: str
) -> None:
    assert is_forbidden(form.format(address)) == is_forbidden(str(address))
    six_to_four = ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80) | 1)
    assert is_forbidden(str(six_to_four)) == is_forbidden(str(address))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("::1", "::1"),
        ("[::1]", "::1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("example.org", None),
        ("feed", None),
        ("dead.beef", None),
        ("1.2.3.4.5", None),
        ("256.1.1.1", None),
        ("127.0.0.1 x", None),
        ("", None),
        (".", None),
    ],
)
def test_rule_20_every_spelling_of_an_address_is_known(host: str, address: str | None) -> None:
    assert literal(host) == address


@given(st.text("0123456789abcdefxX.:[]%", max_size=20) | st.text(max_size=20))
def test_rule_20_no_host_that_the_system_takes_for_an_address_passes_for_a_name(host: str) -> None:
    found = literal(host)
    if found is not None:
        assert ipaddress.ip_address(found)
        return
    try:
        rows = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError, ValueError):
        return
    # What only the system reads as an address is judged all the same: after it was looked up.
    assert all(is_forbidden(str(row[4][0])) is not None for row in rows)
