"""Bodies over the wire: limits while they stream, and what is cut short."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
import zstandard

from tests.http.asking import MAX_BYTES, get, refused
from tests.loopback import Loopback, Reply


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw-deflate", "br", "zstd", "gzip, br"])
def test_bodies_are_decoded_whatever_their_compression(loopback: Loopback, coding: str) -> None:
    body = b"<rss>" + bytes(range(256)) * 20
    coded = {
        "gzip": gzip.compress(body),
        "deflate": zlib.compress(body),
        "raw-deflate": zlib.compress(body)[2:-4],
        "br": brotli.compress(body),
        "zstd": zstandard.compress(body),
        "gzip, br": brotli.compress(gzip.compress(body)),
    }[coding]
    loopback.on("/f", Reply(body=coded, headers={"Content-Encoding": coding.removeprefix("raw-")}))
    response = get(loopback.url("/f"))
    assert response.body == body
    assert response.wire_bytes == len(coded)
    assert not response.truncated


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "identity"])
def test_rule_27_a_bomb_is_cut_off_at_the_limit(loopback: Loopback, coding: str) -> None:
    bomb = bytes(20_000_000)
    coded = {
        "gzip": gzip.compress(bomb),
        "br": brotli.compress(bomb, quality=1),
        "zstd": zstandard.compress(bomb),
        "identity": bomb[: MAX_BYTES + 1],
    }[coding]
    loopback.on("/f", Reply(chunks=[coded], headers={"Content-Encoding": coding}))
    error = refused(loopback.url("/f"))
    assert error.kind == "too-large"
    assert "max_feed_size" in str(error)


def test_rule_27_a_body_that_never_ends_is_cut_off(loopback: Loopback) -> None:
    def forever() -> object:
        while True:
            yield b"x" * 10_000

    loopback.on("/f", lambda seen: Reply(chunks=forever()))  # type: ignore[arg-type]
    assert refused(loopback.url("/f")).kind == "too-large"


@pytest.mark.parametrize("length", ["10000000000", "9" * 18, "100001"])
def test_rule_27_an_announced_length_over_the_limit_is_not_even_read(
    loopback: Loopback, length: str
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode()
    loopback.on("/f", Reply(raw=head, stay=True))
    assert refused(loopback.url("/f")).kind == "too-large"


def test_rule_27_a_body_of_exactly_the_limit_is_fine(loopback: Loopback) -> None:
    loopback.on("/f", bytes(MAX_BYTES))
    assert get(loopback.url("/f")).body == bytes(MAX_BYTES)


HALF = b"<rss>half"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=HALF, length=1000),
        Reply(body=HALF + bytes(1000), reset_after=9),
        Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<rss>half\r\n"),
        Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n99\r\n<rss>half"),
        Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<rss>half\r\n0\r\n"),
        Reply(body=gzip.compress(HALF + bytes(1000))[:-12], headers={"Content-Encoding": "gzip"}),
        Reply(
            body=gzip.compress(HALF, compresslevel=0)[:-8],
            length=1000,
            headers={"Content-Encoding": "gzip"},
        ),
    ],
    ids=["length", "reset", "chunks", "within a chunk", "last chunk", "gzip", "gzip and length"],
)
def test_rule_29_a_body_cut_short_is_told_apart_from_a_whole_one(
    loopback: Loopback, reply: Reply
) -> None:
    loopback.on("/f", reply)
    response = get(loopback.url("/f"))
    assert response.truncated
    assert response.status == 200
    assert response.body.startswith(HALF)


@pytest.mark.parametrize(
    ("said", "cut"),
    [
        (None, False),
        ("bytes 0-7/8", False),
        ("bytes 0-7/80", True),
        ("bytes 8-15/16", True),
        ("bytes 0-7/*", True),
        ("lines 1-2/3", True),
        (f"bytes 0-{'9' * 5_000}/8", True),
    ],
)
def test_rule_29_a_part_that_nobody_asked_for_is_a_body_cut_short_unless_it_is_all_of_it(
    loopback: Loopback, said: str | None, cut: bool
) -> None:
    headers = {"Content-Range": said} if said else {}
    loopback.on("/f", Reply(206, headers, b"<rss/>  "))
    response = get(loopback.url("/f"))
    assert (response.status, response.body, response.truncated) == (206, b"<rss/>  ", cut)
    loopback.on("/f", Reply(200, headers, b"<rss/>  "))
    assert not get(loopback.url("/f")).truncated, "a 200 is whole, whatever it says of ranges"


def test_rule_29_without_length_the_end_of_the_connection_is_the_end(loopback: Loopback) -> None:
    loopback.on("/f", Reply(raw=b"HTTP/1.1 200 OK\r\n\r\n<rss/>"))
    response = get(loopback.url("/f"))
    assert (response.body, response.truncated) == (b"<rss/>", False)


def test_rule_29_a_body_of_which_nothing_came_is_an_error(loopback: Loopback) -> None:
    loopback.on("/f", Reply(length=1000))
    assert refused(loopback.url("/f")).kind == "reset"


@pytest.mark.parametrize(
    ("coding", "body", "words"),
    [
        ("magic", b"body", "magic"),
        ("gzip", b"not gzip", "compression is broken"),
        ("br", b"\xff not brotli", "compression is broken"),
        ("zstd", b"not zstd", "compression is broken"),
        ("gzip, gzip, gzip", b"body", "3 compressions"),
    ],
)
def test_broken_compression_is_an_error_in_words(
    loopback: Loopback, coding: str, body: bytes, words: str
) -> None:
    loopback.on("/f", Reply(body=body, headers={"Content-Encoding": coding}))
    error = refused(loopback.url("/f"))
    assert error.kind == "protocol"
    assert words in str(error)


def test_the_limit_of_a_failing_answer_is_no_concern(loopback: Loopback) -> None:
    """An error page may be as large and as oddly compressed as it likes."""
    page = Reply(404, {"Content-Encoding": "magic"}, body=bytes(MAX_BYTES * 2))
    loopback.on("/f", page)
    response = get(loopback.url("/f"))
    assert (response.status, response.body, response.truncated) == (404, b"", False)
