"""What the subscriber decides, without a network: offers and signatures."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.poller.push.hub import Offer, may_hold_secret, offered
from feedd.poller.push.subscriber import is_signed

URL = "https://blog.example/feed"
HUB = "https://hub.example/"


@pytest.mark.parametrize(
    ("header", "hub", "topic", "offer"),
    [
        ("", None, None, None),
        ("", HUB, None, Offer(HUB, URL)),
        ("", HUB, "https://b.example/f", Offer(HUB, "https://b.example/f")),
        ('<https://hub.example/>; rel="hub"', "https://o.example/", None, Offer(HUB, URL)),
        (
            "<https://hub.example/>;rel=hub, <f?a=1,2>;rel=self",
            None,
            None,
            Offer(HUB, "https://blog.example/f?a=1,2"),
        ),
        (
            '<https://hub.example/>; title="a, b; rel=x"; REL="next HUB"',
            None,
            None,
            Offer(HUB, URL),
        ),
        (
            "<https://1.example/>; rel=hub, <https://2.example/>; rel=hub",
            None,
            None,
            Offer("https://1.example/", URL),
        ),
        ("<javascript:alert(1)>; rel=hub", None, None, None),
        ("<https://hub.example/>; rev=hub", None, None, None),
    ],
)
def test_the_header_wins_over_the_document_and_only_web_addresses_count(
    header: str, hub: str | None, topic: str | None, offer: Offer | None
) -> None:
    assert offered(header, hub, topic, URL) == offer


def test_a_feed_got_by_https_is_not_tied_to_a_hub_that_anybody_on_the_way_can_be() -> None:
    plain = "http://hub.example/"
    assert offered("", plain, None, URL) is None
    assert offered(f"<{plain}>; rel=hub", None, None, URL) is None
    assert offered("", plain, None, "http://blog.example/feed") is not None


@pytest.mark.parametrize(
    ("hub", "may"),
    [
        ("https://hub.example/", True),
        ("HTTPS://hub.example/", True),
        ("http://hub.example/", False),
        ("http://192.168.1.1/hub", False),
        ("http://127.0.0.1:8080/hub", True),
        ("http://[::1]/hub", True),
        ("http://127.0.0.1.example/", False),
        ("http://localhost.example/", False),
    ],
)
def test_a_secret_is_told_only_where_nobody_on_the_way_reads_it(hub: str, may: bool) -> None:
    assert may_hold_secret(hub) is may


@given(st.text(max_size=300), st.text(max_size=80), st.text(max_size=80))
def test_no_header_of_a_stranger_trips_it(header: str, hub: str, topic: str) -> None:
    offer = offered(header, hub, topic, URL)
    assert offer is None or offer.hub.startswith(("http://", "https://"))


@given(st.text(max_size=200), st.binary(max_size=200))
def test_no_made_up_signature_passes(header: str, body: bytes) -> None:
    right = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert is_signed(header, "secret", body) is False
    assert is_signed(f"sha256={right}", "secret", body)
    assert not is_signed(f"sha256={right}", "secret", body + b"!")
