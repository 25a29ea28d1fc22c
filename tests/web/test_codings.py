"""Compression undone within limits."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise

import brotli
import pytest
import zstandard
from hypothesis import assume, given
from hypothesis import strategies as st

from feedd.errors import FetchError
from feedd.web.codings import ACCEPTED, FREE_MEMBERS, MIN_MEMBER_BYTES, Body
from tests.http.asking import or_error


def raw_deflate(data: bytes) -> bytes:
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflate.compress(data) + deflate.flush()


CODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", lambda data: bytes(brotli.compress(data, quality=5))),
    "zstd": ("zstd", zstandard.compress),
    "identity": ("identity", bytes),
    "gzip in br": ("gzip, br", lambda data: bytes(brotli.compress(gzip.compress(data), quality=5))),
    "zstd in gzip": ("zstd,GZIP", lambda data: gzip.compress(zstandard.compress(data))),
}
codings = pytest.mark.parametrize("name", CODERS)

EMPTY_FRAME = b"\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00"
"""A frame of zstd around a block of no bytes [RFC 8878 3.1.1]."""


def decode(coding: str, pieces: Sequence[bytes], *, max_bytes: int = 1_000_000) -> Body:
    body = Body(coding, max_bytes=max_bytes)
    for piece in pieces:
        body.add(piece)
    return body


@codings
@given(data=st.binary(max_size=300), cuts=st.lists(st.integers(0, 400), max_size=6))
def test_a_body_is_the_same_however_it_is_cut_into_pieces(
    name: str, data: bytes, cuts: list[int]
) -> None:
    assume(not data.startswith(b"\x1f\x8b\x08"))  # that would be gzip, and unpacked: rule 51
    coding, encode = CODERS[name]
    coded = encode(data)
    edges = sorted({0, len(coded), *(cut for cut in cuts if cut < len(coded))})
    pieces = [coded[a:b] for a, b in pairwise(edges)]
    body = decode(coding, pieces)
    assert body.decoded() == data
    assert body.complete
    assert body.wire_bytes == len(coded)


@codings
@pytest.mark.parametrize("size", [1, 255_999, 256 * 1024, 900_000])
def test_large_bodies_arrive_whole(name: str, size: int) -> None:
    coding, encode = CODERS[name]
    data = bytes(range(256)) * (size // 256 + 1)
    body = decode(coding, [encode(data)])
    assert body.decoded() == data
    assert body.complete


@codings
def test_rule_27_the_limit_is_exact(name: str) -> None:
    coding, encode = CODERS[name]
    data = b"ab" * 5000
    assert decode(coding, [encode(data)], max_bytes=10_000).decoded() == data
    with pytest.raises(FetchError) as caught:
        decode(coding, [encode(data + b"c")], max_bytes=10_000)
    assert caught.value.kind == "too-large"
    assert "10,000" in str(caught.value)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd", "gzip in br", "zstd in gzip"])
def test_rule_27_a_bomb_never_comes_to_be(name: str) -> None:
    coding, encode = CODERS[name]
    coded = encode(bytes(60_000_000))
    assert len(coded) < 400_000
    tracemalloc.start()
    try:
        with pytest.raises(FetchError) as caught:
            decode(coding, [coded], max_bytes=2_000_000)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.kind == "too-large"
    assert peak_bytes < 20_000_000


def test_rule_27_a_bomb_that_decodes_to_nothing_ends_at_the_limit_too() -> None:
    empty_blocks = b"\x00\x00\x00\xff\xff" * 1000  # stored blocks of no bytes [RFC 1951 3.2.4]
    header = gzip.compress(b"")[:10]
    with pytest.raises(FetchError) as caught:
        decode("gzip", [header] + [empty_blocks] * 100, max_bytes=100_000)
    assert caught.value.kind == "too-large"
    within = gzip.compress(header + empty_blocks * 100)
    with pytest.raises(FetchError) as caught:
        decode("gzip, gzip", [within], max_bytes=100_000)
    assert caught.value.kind == "too-large"


@pytest.mark.parametrize("name", ["gzip", "deflate", "raw deflate", "br", "zstd", "zstd in gzip"])
@given(share=st.floats(0.1, 0.95))
def test_rule_29_a_stream_that_breaks_off_is_noticed_and_what_came_is_kept(
    name: str, share: float
) -> None:
    coding, encode = CODERS[name]
    data = b"".join(b"<item>%d</item>" % (number**5) for number in range(600))
    coded = encode(data)
    body = decode(coding, [coded[: int(len(coded) * share)]])
    assert not body.complete
    assert data.startswith(body.decoded())


def test_rule_29_most_of_a_broken_off_gzip_is_kept() -> None:
    data = b"".join(b"<item>%d</item>" % (number**5) for number in range(6000))
    coded = gzip.compress(data)
    body = decode("gzip", [coded[: len(coded) // 2]])
    assert len(body.decoded()) > len(data) // 3


def test_several_gzip_members_are_one_body_and_padding_is_none() -> None:
    two = gzip.compress(b"one ") + gzip.compress(b"two")
    assert decode("gzip", [two]).decoded() == b"one two"
    assert decode("gzip", [two[:26], two[26:]]).decoded() == b"one two"
    assert decode("gzip", [bytes([byte]) for byte in two + bytes(20)]).decoded() == b"one two"
    padded = decode("gzip", [two + b"\x1f", b"garbage", gzip.compress(b"more")])
    assert padded.decoded() == b"one two"
    assert padded.complete


def test_several_zstd_frames_are_one_body() -> None:
    coded = zstandard.compress(b"one ") + zstandard.compress(b"two")
    assert decode("zstd", [coded]).decoded() == b"one two"
    assert decode("zstd", [bytes([byte]) for byte in coded]).decoded() == b"one two"


@pytest.mark.parametrize(
    ("coding", "empty"), [("gzip", gzip.compress(b"", mtime=0)), ("zstd", EMPTY_FRAME)]
)
def test_rule_27_members_without_content_do_not_hold_the_daemon_up(
    coding: str, empty: bytes
) -> None:
    assert decode(coding, [empty * FREE_MEMBERS]).decoded() == b""
    with pytest.raises(FetchError) as caught:
        decode(coding, [empty * (FREE_MEMBERS + 2)])
    assert caught.value.kind == "protocol"
    assert "begins anew" in str(caught.value)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_body_of_thousands_of_small_members_arrives_whole(coding: str) -> None:
    member = CODERS[coding][1](b"m" * MIN_MEMBER_BYTES)
    assert decode(coding, [member * 3000]).decoded() == b"m" * MIN_MEMBER_BYTES * 3000


@pytest.mark.parametrize("coding", ["deflate", "raw deflate"])
def test_deflate_whose_first_byte_comes_alone_is_read(coding: str) -> None:
    coded = CODERS[coding][1](b"<rss>text</rss>")
    assert decode("deflate", [coded[:1], coded[1:]]).decoded() == b"<rss>text</rss>"


def test_rule_27_a_zstd_frame_may_not_ask_for_more_memory_than_its_standard_allows() -> None:
    """8 MB [RFC 9659]; the library by itself would take a window of 128 MB."""
    assert decode("zstd", [zstd_frame(window_log=23)]).decoded() == b"<rss/>"
    with pytest.raises(FetchError) as caught:
        decode("zstd", [zstd_frame(window_log=24)])
    assert caught.value.kind == "protocol"


def zstd_frame(*, window_log: int) -> bytes:
    """A frame that says how large a window it needs, as one of unknown length does."""
    parameters = zstandard.ZstdCompressionParameters(window_log=window_log)
    writer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return writer.compress(b"<rss/>") + writer.flush()


def test_no_bytes_are_a_whole_body_in_any_coding() -> None:
    for coding, _ in CODERS.values():
        body = decode(coding, [])
        assert body.complete
        assert body.decoded() == b""


@pytest.mark.parametrize("coding", ["", "identity", " , ", "Identity,identity"])
def test_no_coding_changes_nothing(coding: str) -> None:
    assert decode(coding, [b"ab", b"c"]).decoded() == b"abc"


@pytest.mark.parametrize(
    ("coding", "words"),
    [
        ("magic", "magic"),
        ("gzip, gzip, gzip", "3 compressions"),
        ("gzip, br, gzip, br", "4 compressions"),
        ("compress", "compress"),
        ("x" * 1000, "unknown"),
    ],
)
def test_rule_14_what_was_not_offered_is_refused_in_words(coding: str, words: str) -> None:
    with pytest.raises(FetchError) as caught:
        Body(coding, max_bytes=10).add(b"\x1f\x9d\x90")
    assert caught.value.kind == "protocol"
    assert words in str(caught.value)
    assert len(str(caught.value)) < 200


def test_rule_14_only_what_can_be_decoded_is_offered() -> None:
    for coding in ACCEPTED.split(", "):
        Body(coding, max_bytes=10)


@given(
    coding=st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, zstd"]),
    pieces=st.lists(st.binary(max_size=60), max_size=5),
    good_start=st.integers(0, 30),
)
def test_rule_27_any_bytes_are_a_body_or_an_error(
    coding: str, pieces: list[bytes], good_start: int
) -> None:
    encode = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}.get(
        coding, zstandard.compress
    )
    coded = encode(b"<rss>" * 20)[:good_start]
    body = or_error(lambda: decode(coding, [coded, *pieces], max_bytes=10_000))
    if isinstance(body, FetchError):
        assert body.kind in ("protocol", "too-large")
        assert "\n" not in str(body)
    else:
        assert len(body.decoded()) <= 10_000


@pytest.mark.parametrize(
    "coding", ["utf-8", "none", "binary", "aws-chunked", "text/xml", "utf8", "x-made-up"]
)
def test_rule_51_a_coding_that_names_no_compression_is_ignored(coding: str) -> None:
    body = Body(coding, max_bytes=1_000)
    for piece in (b"  <rss", b">", b"</rss>"):
        body.add(piece)
    assert body.decoded() == b"  <rss></rss>"
    assert body.complete
    packed = Body(coding, max_bytes=1_000)
    with pytest.raises(FetchError, match="unknown here"):
        packed.add(b"\x28\xb5\x2f\xfd\x00")


@pytest.mark.parametrize("coding", ["gzip", "X-GZIP"])
@pytest.mark.parametrize("piece", [1, 100])
def test_rule_51_gzip_over_a_document_that_nobody_packed_is_ignored(
    coding: str, piece: int
) -> None:
    body = Body(coding, max_bytes=1_000)
    document = b"<rss>in the clear</rss>"
    for at in range(0, len(document), piece):
        body.add(document[at : at + piece])
    assert body.decoded() == document
    assert body.complete
    neither = Body(coding, max_bytes=1_000)
    with pytest.raises(FetchError, match="compression is broken"):
        neither.add(b"neither gzip nor markup")


@pytest.mark.parametrize(
    "document",
    [
        b"\xef\xbb\xbf\n <rss/>",
        "<rss>\u00e9</rss>".encode("utf-16"),
        gzip.compress(b"<rss/>", mtime=0),
        b"\n",
        b"",
    ],
)
def test_rule_51_whatever_can_be_read_under_no_coding_is_read(document: bytes) -> None:
    body = Body("utf-8", max_bytes=1_000)
    for at in range(len(document)):
        body.add(document[at : at + 1])
    assert body.decoded() in (document, b"<rss/>")
    assert body.complete


@pytest.mark.parametrize("coding", ["", "gzip"])
@pytest.mark.parametrize("pieces", [1, 3])
def test_rule_51_gzip_that_nobody_spoke_of_is_unpacked_within_the_limit(
    coding: str, pieces: int
) -> None:
    packed = gzip.compress(b"<rss>" + b" " * 5_000)
    if coding:
        packed = gzip.compress(packed)
    for limit in (5_005, 5_004):
        body = Body(coding, max_bytes=limit)

        def receive(body: Body = body) -> bytes:
            for at in range(0, len(packed), pieces):
                body.add(packed[at : at + pieces])
            assert body.complete
            return body.decoded()

        if limit == 5_005:
            assert receive().strip() == b"<rss>"
        else:
            with pytest.raises(FetchError, match="larger"):
                receive()
