"""Servers that send small things without end: ended early, whatever they are."""

from __future__ import annotations

import itertools
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.http.asking import get, refused
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
    assert taken[0] < 100_000_000


def frame(kind: int, flags: int, payload: bytes) -> bytes:
    """A frame of HTTP/2 that belongs to no stream [RFC 9113 4.1]."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + bytes(4) + payload


@pytest.mark.parametrize(
    "piece",
    [
        frame(4, 0, b"\0\4\0\1\0\0") * 2000,
        frame(6, 0, b"12345678") * 2000,
        frame(8, 0, b"\0\0\0\1") * 2000,
        frame(187, 0, b"12345678") * 2000,
    ],
    ids=["SETTINGS", "PING", "WINDOW_UPDATE", "unknown"],
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
