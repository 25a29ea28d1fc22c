"""Servers that send small things without end: ended early, whatever they are."""

from __future__ import annotations

import asyncio
import itertools
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from feedd.errors import FetchError
from feedd.http import Client, transport
from feedd.http.transfer import MAX_INTERIM
from feedd.model import Response
from tests.http.asking import ask, get, refused, with_client
from tests.http.authority import Authority
from tests.loopback import Loopback, Reply

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@contextmanager
def flooding(
    head: bytes, piece: bytes, wrap: Callable[[socket.socket], socket.socket] | None = None
) -> Iterator[tuple[int, list[int]]]:
    """A server that answers with `head` and then sends `piece` for ever; its port, and how many
    bytes each connection took.
    """
    taken: list[int] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with suppress(OSError), wrap(connection) if wrap else connection as open_:
                    open_.recv(65_536)
                    taken.append(0)
                    open_.sendall(head)
                    for _ in itertools.count():
                        open_.sendall(piece)
                        taken[-1] += len(piece)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], taken
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (CHUNKED, b"1\r\na\r\n" * 5000),
        (CHUNKED + b"1;", b"e" * 60_000),
        (CHUNKED, b"1;" + b"e" * 3000 + b"\r\na\r\n"),
        (b"", b"HTTP/1.1 100 C\r\n\r\n" * 5000),
        (b"HTTP/1.1 200 OK\r\n", b"X: h\r\n" * 5000),
        (CHUNKED + b"0\r\n", b"X: trailer\r\n" * 5000),
    ],
    ids=["1-byte chunks", "an extension", "extensions", "100 Continue", "headers", "trailers"],
)
def test_rule_26_small_things_without_end_are_an_error_long_before_the_deadline(
    head: bytes, piece: bytes
) -> None:
    with flooding(head, piece) as (port, taken):
        error = refused(
            f"http://127.0.0.1:{port}/f", options={"timeout_s": 60.0}, max_bytes=8_000_000
        )
    assert error.kind == "protocol"
    assert taken[0] < 30_000_000  # most of it lies in the sockets


def frame(kind: int, flags: int, payload: bytes, *, stream: int = 0) -> bytes:
    """A frame of HTTP/2 that belongs to no stream, or to one [RFC 9113 4.1]."""
    length = struct.pack(">I", len(payload))[1:]
    return length + bytes([kind, flags]) + struct.pack(">I", stream) + payload


@pytest.mark.parametrize(
    "piece",
    [
        frame(4, 0, b"\0\4\0\1\0\0") * 2000,
        frame(6, 0, b"12345678") * 2000,
        frame(8, 0, b"\0\0\0\1") * 2000,
        frame(187, 0, b"12345678") * 2000,
        frame(1, 4, b"\x88", stream=1) + frame(0, 0, b"", stream=1) * 4000,
        frame(6, 0, b"12345678") * 100,
    ],
    ids=["SETTINGS", "PING", "WINDOW_UPDATE", "unknown", "empty DATA", "PING, some at a time"],
)
def test_rule_26_control_frames_of_http2_without_end_are_an_error(
    piece: bytes, authority: Authority
) -> None:
    context = authority.server("flood")
    context.set_alpn_protocols(["h2"])

    def wrap(connection: socket.socket) -> ssl.SSLSocket:
        return context.wrap_socket(connection, server_side=True)

    options = {"timeout_s": 60.0, "authorities": authority.trusted()}
    with flooding(frame(4, 0, b"") + frame(4, 1, b""), piece, wrap) as (port, _):
        error = refused(f"https://localhost:{port}/f", options=options)
    assert error.kind in ("protocol", "reset")


def test_a_feed_written_a_few_bytes_at_a_time_is_read(loopback: Loopback) -> None:
    """Some frameworks flush after every tag: that is no flood."""
    document = b"<rss>" + b"<item>text</item>" * 3000 + b"</rss>"
    pieces = [document[at : at + 5] for at in range(0, len(document), 5)]
    loopback.on("/f", Reply(chunks=pieces))
    assert get(loopback.url("/f")).body == document


def test_answers_before_the_answer_are_passed_over_but_not_without_end(loopback: Loopback) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
    loopback.on("/some", Reply(raw=early * MAX_INTERIM + answer))
    loopback.on("/many", Reply(raw=early * (MAX_INTERIM + 1) + answer))
    assert get(loopback.url("/some")).body == b"a"
    assert refused(loopback.url("/many")).kind == "protocol"


def test_an_answer_that_comes_byte_by_byte_is_no_flood(loopback: Loopback) -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Policy: " + b"x" * 1500 + b"\r\nContent-Length: 5\r\n\r\n"
    loopback.on("/f", Reply(raw=head + b"12345", drip_s=0.0001))
    assert get(loopback.url("/f"), options={"timeout_s": 60.0}).body == b"12345"


def test_a_flood_on_one_connection_ends_no_other(loopback: Loopback) -> None:
    loopback.on("/slow", Reply(delay_s=0.5, body=b"well"))
    with flooding(CHUNKED + b"1;", b"e" * 60_000) as (port, _):

        async def both(client: Client) -> None:
            slow = asyncio.create_task(client.get(ask(loopback.url("/slow"))))
            with pytest.raises(FetchError):
                await client.get(ask(f"http://127.0.0.1:{port}/f"))
            assert (await slow).body == b"well"

        with_client(both)


def test_sockets_that_are_left_over_until_the_loop_did_its_other_work_are_not_forgotten(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "STEP_S", -1.0)  # one at a time
    names = [f"/{number}" for number in range(40)]
    for name in names:
        loopback.on(name, name.encode() * 9_000)

    async def together(client: Client) -> list[Response]:
        return await asyncio.gather(*(client.get(ask(loopback.url(name))) for name in names))

    answers = with_client(together, concurrency=40, per_host=40)
    assert [answer.body for answer in answers] == [name.encode() * 9_000 for name in names]
