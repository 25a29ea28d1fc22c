"""Content codings undone piece by piece, never past the limit (rule 27).

httpx would decode a whole chunk before anyone could say stop: 300 bytes of brotli become 200 MB.
Here every step asks for a bounded amount of output.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

from feedd.errors import FetchError

MAX_CODINGS = 2
"""Codings on top of each other; more is an attack or a mistake."""

STEP_BYTES = 256 * 1024
"""Decoded output asked for at a time."""


class Decoder(Protocol):
    """One content coding, undone. `feed` yields decoded pieces of about STEP_BYTES at most."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def complete(self) -> bool:
        """Has the coded stream reached its end?"""
        ...


class _Zlib:
    """gzip (several members too), and deflate with the zlib wrapper or without [RFC 9110 8.4.1]."""

    def __init__(self, coding: str) -> None:
        self._gzip = coding == "gzip"
        self._inner = zlib.decompressobj(31 if self._gzip else zlib.MAX_WBITS)
        self._first = True
        self._ended = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._ended:
                if not self._gzip or not data.startswith(b"\x1f\x8b"):
                    return  # padding after the end
                self._inner = zlib.decompressobj(31)
                self._ended = False
            try:
                out = self._inner.decompress(data, STEP_BYTES)
            except zlib.error:
                if self._gzip or not self._first:
                    raise
                self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
                out = self._inner.decompress(data, STEP_BYTES)
            self._first = False
            if out:
                yield out
            if self._inner.eof:
                self._ended = True
                data = self._inner.unused_data
            else:
                data = self._inner.unconsumed_tail

    def complete(self) -> bool:
        return self._ended


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._inner = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        out = self._inner.process(data, output_buffer_limit=STEP_BYTES)
        while out or not self._inner.can_accept_more_data():
            if out:
                yield out
            if self._inner.is_finished():
                return
            out = self._inner.process(b"", output_buffer_limit=STEP_BYTES)

    def complete(self) -> bool:
        return bool(self._inner.is_finished())


class _Zstandard:
    """zstd, fed in small pieces: a block of four bytes may make 128 kB [RFC 8878]."""

    PIECE_BYTES = 256

    def __init__(self) -> None:
        import zstandard

        # 8 MB is the window that RFC 9659 lets a client of HTTP insist on.
        self._new = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).decompressobj
        self._inner = self._new()

    def feed(self, data: bytes) -> Iterator[bytes]:
        view = memoryview(data)
        while view:
            if self._inner.eof:
                self._inner = self._new()
            piece, view = view[: self.PIECE_BYTES], view[self.PIECE_BYTES :]
            out = self._inner.decompress(bytes(piece))
            if out:
                yield out
            if self._inner.eof and self._inner.unused_data:
                view = memoryview(self._inner.unused_data + bytes(view))

    def complete(self) -> bool:
        return bool(self._inner.eof)


def available() -> str:
    """The value of Accept-Encoding: what can be decoded here (rule 14)."""
    codings = ["gzip", "deflate"]
    for coding, module in (("br", "brotli"), ("zstd", "zstandard")):
        try:
            __import__(module)
        except ImportError:
            continue
        codings.append(coding)
    return ", ".join(codings)


class Body:
    """A response body being received: decoded, counted, and cut off at the limit.

    `add` takes bytes from the wire. Raises FetchError "too-large" past `max_bytes` decoded bytes,
    "protocol" for broken or unknown codings.
    """

    def __init__(self, content_encoding: str, *, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.wire_bytes = 0
        self._pieces: list[bytes] = []
        self._size = 0
        self._decoders = _decoders(content_encoding)

    def add(self, data: bytes) -> None:
        self.wire_bytes += len(data)
        try:
            self._push(data, 0)
        except FetchError:
            raise
        except Exception as error:  # each codec has its own exception
            raise FetchError(
                "protocol", f"the body's compression is broken ({error}); the next poll tries again"
            ) from None

    def _push(self, data: bytes, stage: int) -> None:
        if stage == len(self._decoders):
            self._size += len(data)
            if self._size > self.max_bytes:
                raise too_large(self.max_bytes)
            self._pieces.append(data)
            return
        for piece in self._decoders[stage].feed(data):
            self._push(piece, stage + 1)

    @property
    def complete(self) -> bool:
        """Have all codings reached their end? (A body of no bytes has.)"""
        return not self.wire_bytes or all(decoder.complete() for decoder in self._decoders)

    def decoded(self) -> bytes:
        return b"".join(self._pieces)


def too_large(max_bytes: int) -> FetchError:
    """The error for a body over the limit."""
    return FetchError(
        "too-large",
        f"the body is larger than {max_bytes:,} bytes; max_feed_size or max_article_size raises"
        " the limit",
    )


def _decoders(content_encoding: str) -> list[Decoder]:
    codings = [part.strip().lower() for part in content_encoding.split(",")]
    codings = [part for part in codings if part and part != "identity"]
    if len(codings) > MAX_CODINGS:
        raise FetchError("protocol", f"{len(codings)} compressions on top of each other; refused")
    return [_decoder(coding) for coding in reversed(codings)]


def _decoder(coding: str) -> Decoder:
    try:
        if coding in ("gzip", "x-gzip"):
            return _Zlib("gzip")
        if coding == "deflate":
            return _Zlib("deflate")
        if coding == "br":
            return _Brotli()
        if coding == "zstd":
            return _Zstandard()
    except ImportError:
        pass
    raise FetchError("protocol", f"the server used the compression “{coding[:40]}”, unknown here")
