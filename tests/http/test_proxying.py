"""Requests through a proxy, HTTP and SOCKS5."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from feedd.http import user_agent
from feedd.model import Credentials
from tests.http.asking import get, refused
from tests.http.authority import Authority
from tests.loopback import Loopback, Reply


def test_an_http_proxy_is_asked_with_the_whole_url(loopback: Loopback) -> None:
    loopback.on("http://feeds.example/f?x=1", Reply(body=b"by proxy", headers={"ETag": '"p"'}))
    proxy = loopback.url("").replace("http://", "http://me:hunter2@")
    for response in (
        get("http://feeds.example/f?x=1", proxy=proxy),
        get("http://feeds.example/f?x=1", options={"proxy": proxy}),
    ):
        assert response.body == b"by proxy"
        assert response.url == "http://feeds.example/f?x=1"
    seen = loopback.seen[0]
    assert seen.header("Host") == "feeds.example"
    assert seen.header("Proxy-Authorization") == "Basic bWU6aHVudGVyMg=="
    assert seen.header("Authorization") is None


def test_a_proxy_is_never_asked_for_places_on_its_own_machine(loopback: Loopback) -> None:
    for host in ("127.0.0.1", "localhost", "0x7f.1", "169.254.169.254", "[::1]"):
        error = refused(
            f"http://{host}/f", options={"proxy": loopback.url(""), "allow_private_hosts": False}
        )
        assert error.kind == "forbidden-address"
    assert not loopback.connections


def test_an_ipv6_address_keeps_its_brackets_through_a_proxy(loopback: Loopback) -> None:
    loopback.on("http://[2606:4700::1111]:8080/f", Reply(body=b"six"))
    response = get("http://[2606:4700::1111]:8080/f", proxy=loopback.url(""))
    assert response.body == b"six"
    assert loopback.seen[0].header("Host") == "[2606:4700::1111]:8080"


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_only_the_configured_proxy_is_asked(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """What a shell had set must not decide whom feeds' addresses are told."""
    monkeypatch.setenv("no_proxy", "*")
    with Loopback() as other:
        monkeypatch.setenv(variable, other.url(""))
        loopback.on("/f", b"direct")
        assert get(loopback.url("/f")).body == b"direct"
        loopback.on("http://feeds.example/f", Reply(body=b"by proxy"))
        assert get("http://feeds.example/f", proxy=loopback.url("")).body == b"by proxy"
        assert not other.connections


def test_a_proxy_may_be_named_and_may_stand_on_a_private_address(loopback: Loopback) -> None:
    loopback.on("http://192.31.196.1/f", Reply(body=b"by proxy"))
    proxy = f"http://localhost:{loopback.port}"
    response = get("http://192.31.196.1/f", proxy=proxy, options={"allow_private_hosts": False})
    assert response.body == b"by proxy"


@pytest.mark.parametrize("proxy", ["ftp://127.0.0.1:1", "127.0.0.1:1"])
def test_what_is_no_proxy_is_an_error_that_says_so(proxy: str) -> None:
    error = refused("http://feeds.example/", proxy=proxy)
    assert error.kind == "bad-url"
    assert "proxy" in str(error)


def test_a_proxy_that_is_not_there_is_an_error_without_its_password() -> None:
    with Loopback() as server:
        port = server.port
    error = refused("http://feeds.example/", proxy=f"http://me:hunter2@127.0.0.1:{port}")
    assert error.kind == "proxy"
    assert "hunter2" not in str(error)
    error = refused("http://feeds.example/", proxy=f"socks5://me:hunter2@127.0.0.1:{port}")
    assert error.kind == "proxy"


def test_a_proxy_that_hangs_ends_at_the_deadline(loopback: Loopback) -> None:
    loopback.on("http://feeds.example/f", Reply(delay_s=30))
    error = refused("http://feeds.example/f", proxy=loopback.url(""), options={"timeout_s": 0.3})
    assert error.kind == "timeout"


def test_rule_29_a_body_cut_short_behind_a_proxy(loopback: Loopback) -> None:
    loopback.on("http://feeds.example/f", Reply(body=b"<rss>half", length=1000))
    response = get("http://feeds.example/f", proxy=loopback.url(""))
    assert response.truncated
    assert response.body == b"<rss>half"


def test_a_socks_proxy_resolves_names_itself(loopback: Loopback) -> None:
    loopback.on("/f", Reply(body=b"by socks", close=True))
    with socks_proxy(loopback.port) as (port, asked):
        response = get("http://feeds.example/f", proxy=f"socks5://127.0.0.1:{port}")
    assert response.body == b"by socks"
    assert asked == ["feeds.example:80"]


@contextmanager
def socks_proxy(target_port: int) -> Iterator[tuple[int, list[str]]]:
    """A SOCKS5 proxy [RFC 1928] for one connection, which always leads to the same port."""
    asked: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _ = listener.accept()
        with client, socket.create_connection(("127.0.0.1", target_port)) as server:
            client.recv(2 + client.recv(2)[1] - 2 or 1)
            client.sendall(b"\x05\x00")
            length = client.recv(5)[4]
            name = client.recv(length).decode()
            asked.append(f"{name}:{struct.unpack('>H', client.recv(2))[0]}")
            client.sendall(b"\x05\x00\x00\x01" + bytes(6))
            server.sendall(client.recv(65_536))
            while data := server.recv(65_536):
                client.sendall(data)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield listener.getsockname()[1], asked
    thread.join(5)


def test_https_goes_through_a_tunnel_and_the_proxy_learns_the_host_alone(
    authority: Authority,
) -> None:
    with Loopback(tls=authority.server("tunnelled")) as server:
        server.on("/f?key=secret", Reply(body=b"private", close=True))
        with tunnel(server.port) as (port, asked):
            response = get(
                f"https://localhost:{server.port}/f?key=secret",
                proxy=f"http://me:hunter2@127.0.0.1:{port}",
                options={"authorities": authority.trusted()},
                credentials=Credentials("you", "secret"),
            )
    assert response.body == b"private"
    lines = asked[0].decode().splitlines()
    assert lines[0].startswith(f"CONNECT localhost:{server.port} ")
    assert "Proxy-Authorization: Basic bWU6aHVudGVyMg==" in lines
    assert f"User-Agent: {user_agent('test')}" in lines
    assert "secret" not in asked[0].decode()
    assert "\nAuthorization" not in asked[0].decode()
    assert server.seen[0].header("Proxy-Authorization") is None


@contextmanager
def tunnel(target_port: int) -> Iterator[tuple[int, list[bytes]]]:
    """An HTTP proxy for one CONNECT [RFC 9110 9.3.6], which always leads to the same port."""
    asked: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        client, _ = listener.accept()
        with client, socket.create_connection(("127.0.0.1", target_port)) as server:
            asked.append(client.recv(65_536))
            client.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join(5)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield listener.getsockname()[1], asked
    thread.join(5)


def test_a_proxy_that_refuses_is_named_as_the_one_that_did(loopback: Loopback) -> None:
    loopback.on("feeds.example:443", Reply(403, body=b"not here"))
    error = refused("https://feeds.example/f", proxy=loopback.url(""))
    assert error.kind == "no-server"
    assert "the proxy refused to reach feeds.example" in str(error)
