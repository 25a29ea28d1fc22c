"""TLS: failures told apart by sort, HTTP/2 where it is offered."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from feedd.errors import FetchError
from feedd.http import Client
from feedd.model import Credentials, Validators
from tests.http.asking import (
    MAX_BYTES,
    ask,
    get,
    get_all,
    open_connections,
    refused,
    with_client,
)
from tests.http.authority import Authority
from tests.http.http2_server import Http2Server, Reply2
from tests.loopback import Loopback, Reply


def secure_url(server: Loopback, path: str = "/f", *, host: str = "localhost") -> str:
    return f"https://{host}:{server.port}{path}"


def test_a_trusted_server_is_asked_and_its_connection_kept(authority: Authority) -> None:
    with Loopback(tls=authority.server("good")) as server:
        server.on("/f", b"safe")
        options = {"authorities": authority.trusted()}
        answers = get_all([secure_url(server)] * 3, options=options)
        assert [answer.body for answer in answers] == [b"safe"] * 3
        assert server.connections == 1
        answers = get_all([secure_url(server, host="127.0.0.1")], options=options)
        assert answers[0].body == b"safe"


def test_rule_22_a_certificate_nobody_vouches_for(authority: Authority) -> None:
    with Loopback(tls=authority.self_signed()) as server:
        error = refused(secure_url(server), options={"authorities": authority.trusted()})
        assert error.kind == "tls"
        assert "self-signed" in str(error)
        assert not server.seen


def test_rule_22_a_certificate_of_an_unknown_authority(authority: Authority) -> None:
    with Loopback(tls=authority.server("unknown")) as server:
        error = refused(secure_url(server))  # trusts the system's store, as feedd does
        assert error.kind == "tls"
        assert "issuer" in str(error)


def test_rule_22_an_expired_certificate(authority: Authority) -> None:
    tls = authority.server("expired", end="20210101000000Z")
    with Loopback(tls=tls) as server:
        error = refused(secure_url(server), options={"authorities": authority.trusted()})
        assert error.kind == "tls"
        assert "expired" in str(error)


def test_rule_22_a_certificate_of_the_future(authority: Authority) -> None:
    tls = authority.server("future", start="20800101000000Z")
    with Loopback(tls=tls) as server:
        error = refused(secure_url(server), options={"authorities": authority.trusted()})
        assert error.kind == "tls"
        assert "clock" in str(error)


def test_rule_22_a_certificate_of_another_host(authority: Authority) -> None:
    with Loopback(tls=authority.server("other", host="other.example")) as server:
        options = {"authorities": authority.trusted()}
        error = refused(secure_url(server), options=options)
        assert error.kind == "tls"
        assert "another host" in str(error)
        assert refused(secure_url(server, host="127.0.0.1"), options=options).kind == "tls"


def test_rule_22_plain_http_where_tls_was_due() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        error = refused(f"https://127.0.0.1:{listener.getsockname()[1]}/f")
        thread.join(5)
    assert error.kind == "tls"
    assert "try http://" in str(error)


def test_rule_22_a_server_that_hangs_up_within_the_handshake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True)
        thread.start()
        error = refused(f"https://127.0.0.1:{listener.getsockname()[1]}/f")
        thread.join(5)
    assert error.kind == "tls"
    assert "handshake" in str(error)


def test_rule_26_a_server_that_is_silent_within_the_handshake() -> None:
    """One that reads lines is not: an empty one may stand among the random bytes of a handshake."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/f"
        error = refused(url, options={"timeout_s": 0.3})
    assert error.kind == "timeout"


def test_rule_22_tls_where_plain_http_was_due(authority: Authority) -> None:
    with Loopback(tls=authority.server("plain")) as server:
        error = refused(f"http://localhost:{server.port}/f")
        assert error.kind in ("reset", "protocol")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rule_22_a_server_of_old_tls_only(authority: Authority) -> None:
    old = authority.server("old")
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with Loopback(tls=old) as server:
        error = refused(secure_url(server), options={"authorities": authority.trusted()})
        assert error.kind == "tls"


def test_rule_20_credentials_never_go_from_https_to_http(
    authority: Authority, loopback: Loopback
) -> None:
    loopback.on("/g", b"x")
    options = {"authorities": authority.trusted()}
    with Loopback(tls=authority.server("down")) as server:
        server.on("/f", Reply(302, {"Location": loopback.url("/g")}))
        error = refused(
            secure_url(server), options=options, credentials=Credentials("me", "hunter2")
        )
        assert error.kind == "redirect"
        assert "redirect 1" in str(error)
        assert not loopback.seen
        assert get(secure_url(server), options=options).body == b"x"


def test_rule_29_a_body_cut_short_within_tls(authority: Authority) -> None:
    with Loopback(tls=authority.server("short")) as server:
        server.on("/f", Reply(body=b"<rss>half", length=1000))
        response = get(secure_url(server), options={"authorities": authority.trusted()})
        assert response.truncated
        assert response.body == b"<rss>half"


# ---------------------------------------------------------------- HTTP/2


@pytest.fixture
def server2(authority: Authority) -> Iterator[Http2Server]:
    with Http2Server(authority.server("two")) as server:
        yield server


@pytest.fixture
def options(authority: Authority) -> dict[str, Any]:
    return {"authorities": authority.trusted()}


def test_rule_15_http2_is_spoken_where_offered_on_one_connection(
    server2: Http2Server, options: dict[str, Any]
) -> None:
    server2.on("/f", Reply2(body=b"two", headers={"etag": '"a"'}))

    async def crowd(client: Client) -> set[bytes]:
        requests = (client.get(ask(server2.url("/f"))) for _ in range(10))
        return {response.body for response in await asyncio.gather(*requests)}

    assert with_client(crowd, per_host=4, **options) == {b"two"}
    assert server2.connections == 1
    assert len(server2.seen) == 10


def test_rule_01_validators_go_back_by_http2_too(
    server2: Http2Server, options: dict[str, Any]
) -> None:
    server2.on("/f", Reply2(304))
    url = server2.url("/f")
    response = get(url, options=options, validators=Validators(url, 'W/"a"', "then"))
    assert response.status == 304
    seen = server2.seen[0]
    assert (seen["if-none-match"], seen["if-modified-since"]) == ('W/"a"', "then")
    assert seen[":authority"] == f"localhost:{server2.port}"
    assert set(seen) - {":method", ":authority", ":scheme", ":path"} == {
        "user-agent",
        "accept",
        "accept-encoding",
        "if-none-match",
        "if-modified-since",
    }


def test_rule_16_a_kept_http2_connection_that_died_is_tried_once_more(
    server2: Http2Server, options: dict[str, Any]
) -> None:
    server2.on("/f", Reply2(body=b"two"))
    server2.on("/drop", Reply2(drop=True))

    async def ask_twice(client: Client) -> list[bytes]:
        first = await client.get(ask(server2.url("/f")))
        server2.drop_all()
        second = await client.get(ask(server2.url("/f")))
        with pytest.raises(FetchError) as caught:
            await client.get(ask(server2.url("/drop")))
        assert caught.value.kind == "reset"
        return [first.body, second.body]

    assert with_client(ask_twice, **options) == [b"two", b"two"]
    assert [seen[":path"] for seen in server2.seen] == ["/f", "/f", "/drop", "/drop"]


def test_rule_29_an_http2_body_cut_short(server2: Http2Server, options: dict[str, Any]) -> None:
    server2.on("/f", Reply2(body=b"<rss>half", reset=True))
    response = get(server2.url("/f"), options=options)
    assert response.truncated
    assert response.body == b"<rss>half"


def test_rule_16_an_http2_answer_that_is_called_off_is_not_asked_for_again(
    server2: Http2Server, options: dict[str, Any]
) -> None:
    server2.on("/f", Reply2(body=b"two"))
    server2.on("/off", Reply2(500, body=b"x", reset=True))

    async def both(client: Client) -> None:
        await client.get(ask(server2.url("/f")))
        assert (await client.get(ask(server2.url("/off")))).status == 500

    with_client(both, **options)
    assert [seen[":path"] for seen in server2.seen] == ["/f", "/off"]


def test_rule_16_an_http2_request_refused_unseen_is_asked_once_more(
    server2: Http2Server, options: dict[str, Any]
) -> None:
    server2.on("/f", Reply2(body=b"two"))
    server2.on("/refused", Reply2(refuse=True))

    async def both(client: Client) -> FetchError:
        await client.get(ask(server2.url("/f")))
        with pytest.raises(FetchError) as caught:
            await client.get(ask(server2.url("/refused")))
        return caught.value

    assert with_client(both, **options).kind == "reset"
    assert [seen[":path"] for seen in server2.seen] == ["/f", "/refused", "/refused"]


def test_rule_27_large_http2_bodies_arrive_and_larger_ones_end_at_the_limit(
    server2: Http2Server, options: dict[str, Any]
) -> None:
    server2.on("/fits", Reply2(body=bytes(60_000)))
    server2.on("/too-large", Reply2(body=bytes(60_000), endless=True))

    async def three(client: Client) -> None:
        assert len((await client.get(ask(server2.url("/fits")))).body) == 60_000
        with pytest.raises(FetchError) as caught:
            await client.get(ask(server2.url("/too-large"), max_bytes=50_000))
        assert caught.value.kind == "too-large"
        await asyncio.sleep(0.05)
        assert server2.resets == 1  # its rest would eat up the connection's window
        assert len((await client.get(ask(server2.url("/fits")))).body) == 60_000

    with_client(three, **options)
    assert MAX_BYTES > 60_000


def test_rule_26_one_silent_http2_answer_takes_no_other_with_it(
    server2: Http2Server, options: dict[str, Any]
) -> None:
    server2.on("/silent", Reply2(silent=True))
    server2.on("/f", Reply2(body=b"two"))

    async def both(client: Client) -> None:
        silent = asyncio.create_task(client.get(ask(server2.url("/silent"))))
        await asyncio.sleep(0.1)
        for _ in range(3):
            assert (await client.get(ask(server2.url("/f")))).body == b"two"
        with pytest.raises(FetchError) as caught:
            await silent
        assert caught.value.kind == "timeout"
        assert (await client.get(ask(server2.url("/f")))).body == b"two"
        assert open_connections(server2.port) == 1

    with_client(both, timeout_s=0.6, per_host=2, **options)
    assert server2.connections == server2.resets == 1


def test_redirects_between_protocols_are_followed(
    server2: Http2Server, options: dict[str, Any], loopback: Loopback
) -> None:
    loopback.on("/a", Reply(301, {"Location": server2.url("/b")}))
    server2.on("/b", Reply2(body=b"two"))
    response = get(loopback.url("/a"), options=options)
    assert response.body == b"two"
    assert response.permanent_url == server2.url("/b")
