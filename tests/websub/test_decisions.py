"""What the subscriber decides, without a network: offers and signatures."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.configfile.values import MAX_URL_CHARACTERS
from feedd.model import Subscription
from feedd.poller.push import lease
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


@pytest.mark.parametrize(
    ("hub", "offers"),
    [
        ("https://hub.example/" + "x" * (MAX_URL_CHARACTERS - 20), True),
        ("https://hub.example/" + "x" * (MAX_URL_CHARACTERS - 19), False),
        ("https://hub.example/é", False),
        ("https://hub.example/a\x7fb", False),
        ("ftp://hub.example/", False),
        ("/hub", True),
    ],
)
def test_a_hub_whose_address_can_not_be_asked_for_is_none(hub: str, offers: bool) -> None:
    assert (offered("", hub, None, URL) is not None) is offers


def test_a_hub_without_a_host_is_told_no_secret() -> None:
    assert not may_hold_secret("http:///hub")


SUBSCRIPTION = Subscription(1, "f", HUB, URL, "token", "secret")
NOW = 1_800_000_000


def test_a_hub_is_told_where_to_push_for_how_long_and_the_secret_only_when_asked_to() -> None:
    place = {"hub.topic": URL, "hub.callback": "https://me.example/c/token"}
    assert lease.form(SUBSCRIPTION, "subscribe", "https://me.example/c") == {
        "hub.mode": "subscribe", "hub.lease_seconds": "864000", "hub.secret": "secret", **place,
    }  # fmt: skip
    assert lease.form(SUBSCRIPTION, "unsubscribe", "https://me.example/c") == {
        "hub.mode": "unsubscribe", **place,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said_s", "lasts_s"),
    [(None, 10 * 86_400), (2 * 86_400, 2 * 86_400), (1, 300), (10**9, 60 * 86_400), (0, 864_000)],
)
def test_a_lease_lasts_as_long_as_the_hub_said_within_bounds(
    said_s: int | None, lasts_s: int
) -> None:
    one = lease.verified(SUBSCRIPTION, said_s, NOW)
    assert one.lease_ends == NOW + lasts_s
    assert one.next_ask == NOW + int(0.8 * lasts_s)


def test_a_hub_that_does_not_let_go_is_asked_three_times_with_longer_and_longer_pauses() -> None:
    one, now, pauses_h = lease.verified(SUBSCRIPTION, None, NOW), NOW, []
    while (what := lease.duty(one, now, wanted=False)) == "unsubscribe":
        one = lease.leaving(one, now)
        assert lease.duty(one, one.next_ask - 1, wanted=False) is None
        pauses_h.append((one.next_ask - now) // 3600)
        now = one.next_ask
    assert (what, pauses_h) == ("forget", [1, 2, 4])


def test_a_hub_that_does_not_answer_is_asked_once_a_day_at_last() -> None:
    one, now, pauses_h = SUBSCRIPTION, NOW, []
    for _ in range(8):
        one = lease.asked(one, now)
        pauses_h.append((one.next_ask - now) // 3600)
        now = one.next_ask
    assert pauses_h == [1, 2, 4, 8, 16, 24, 24, 24]
