"""What the subscriber decides, without a network: offers, signatures, the listener's limits."""

from __future__ import annotations

import asyncio
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedd.listening import MAX_HEAD_BYTES, Answer, Call, listening
from feedd.websub.offering import Offer, offered
from feedd.websub.signature import is_signed

URL = "https://blog.example/feed"
HUB = "https://hub.example/"
POST = b"POST /t HTTP/1.1\r\nHost: a\r\n"


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
    ("sent", "status"),
    [
        (b"GET /" + b"x" * 2 * MAX_HEAD_BYTES, 431),
        (b"nonsense\r\n\r\n", 400),
        (POST + b"Content-Length: 9999999\r\n\r\n" + b"x" * 5000, 413),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + b"x" * 2000 + b"\r\n", 413),
        (POST + b"Content-Length: 2\r\n\r\nhi", 200),
    ],
)
def test_the_listener_refuses_what_is_too_large_or_no_http(sent: bytes, status: int) -> None:
    async def respond(call: Call) -> Answer:
        return Answer(200, str(len(await call.body())))

    async def answered() -> bytes:
        async with listening("127.0.0.1", 0, respond, max_body_bytes=1000) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            try:
                return await reader.readline()
            finally:
                writer.close()

    assert asyncio.run(answered()).startswith(b"HTTP/1.1 %d " % status)
