"""Content codings undone piece by piece, never past the limit (rule 27).

httpx would decode a whole chunk before anyone could say stop: 300 bytes of brotli become 200 MB.
Here every step asks for a bounded amount of output.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Protocol

from feedd.errors import FetchError
from feedd.http.failures import plain

ACCEPTED = "gzip, deflate, br, zstd"
"""The value of Accept-Encoding: what is decoded here (rule 14)."""

MAX_CODINGS = 2
"""Codings on top of each other; more is an attack or a mistake."""

STEP_BYTES = 256 * 1024
"""Decoded output asked for at a time."""

GZIP_PIECE_BYTES = 4096
"""Input given to zlib at a time: what follows the end of a member is copied once for each."""

ZSTD_PIECE_BYTES = 128
"""Input given to zstd at a time. Its blocks make 128 kB of four bytes [RFC 8878 3.1.1.2], and the
library has no way to ask for less than all that the input makes: 4 MB at most, of this much.
"""

ZSTD_WINDOW_BYTES = 8 * 1024 * 1024
"""No larger window is allowed to servers [RFC 9659]."""


_READABLE = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[]|\xff\xfe|\xfe\xff|\x00<|\x1f\x8b\x08").match
"""How a document begins that nothing has packed (or gzip, which `_Unsaid` unpacks)."""

_PERHAPS_READABLE = re.compile(
    rb"(?:\xef\xbb\xbf|\xef\xbb|\xef)?\s*|[\x00\xfe\xff]|\x1f\x8b?"
).fullmatch
"""The same, where too little came yet."""

FREE_BLANKS = 1_000
"""More blanks than this before a document are looked through by nobody."""

_GZIPPED = b"\x1f\x8b\x08"
"""gzip's magic number, and the only method there is [RFC 1952 2.3.1]."""

FREE_MEMBERS = 500
MIN_MEMBER_BYTES = 64
"""So many gzip members or zstd frames one body may have; beyond, they have to hold so many decoded
bytes on average. Each costs a decoder: empty ones would hold up the loop for seconds.
"""


class Decoder(Protocol):
    """One content coding, undone. `feed` yields decoded pieces of bounded size; `complete`: the
    coded stream has reached its end.
    """

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def complete(self) -> bool: ...


class _Members:
    """Counts the members of a stream against what they hold."""

    def __init__(self) -> None:
        self._members = 0
        self._made_bytes = 0

    def made(self, out: bytes) -> bytes:
        self._made_bytes += len(out)
        return out

    def begin_another(self) -> None:
        """Raises FetchError "protocol" where there are too many with next to nothing in them."""
        self._members += 1
        if self._members > FREE_MEMBERS + self._made_bytes // MIN_MEMBER_BYTES:
            raise FetchError("protocol", "the body's compression begins anew without end; refused")


class _Gzip(_Members):
    """gzip, of several members too [RFC 1952 2.2]. What follows the last one is padding."""

    MAGIC = b"\x1f\x8b"

    def __init__(self) -> None:
        super().__init__()
        self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
        self._between = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), GZIP_PIECE_BYTES):
            yield from self._undone(data[at : at + GZIP_PIECE_BYTES])

    def _undone(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inner.eof:
                data = self._between + data
                if len(data) < len(self.MAGIC):
                    self._between = data
                    return
                if not data.startswith(self.MAGIC):
                    self._between = b"--"  # never again the start of a member
                    return
                self._between = b""
                self.begin_another()
                self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
            out = self._inner.decompress(data, STEP_BYTES)
            if out:
                yield self.made(out)
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail

    def complete(self) -> bool:
        return self._inner.eof


class _Deflate:
    """deflate with the zlib wrapper, as specified, or without, as some servers send it
    [RFC 9110 8.4.1.2].
    """

    def __init__(self) -> None:
        self._head = b""
        self._inner: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            data = self._head + data
            if len(data) < 2:
                self._head = data
                return
            wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._inner = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        while data and not self._inner.eof:
            out = self._inner.decompress(data, STEP_BYTES)
            if out:
                yield out
            data = self._inner.unconsumed_tail

    def complete(self) -> bool:
        return self._inner is not None and self._inner.eof


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._inner = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner.is_finished():
            return
        out = self._inner.process(data, output_buffer_limit=STEP_BYTES)
        while out or not self._inner.can_accept_more_data():
            if out:
                yield out
            if self._inner.is_finished():
                return
            out = self._inner.process(b"", output_buffer_limit=STEP_BYTES)

    def complete(self) -> bool:
        return bool(self._inner.is_finished())


class _Zstandard(_Members):
    """zstd, of several frames too."""

    def __init__(self) -> None:
        super().__init__()
        import zstandard

        self._library = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES)
        self._inner = self._library.decompressobj()

    def feed(self, data: bytes) -> Iterator[bytes]:
        at = 0
        while at < len(data):
            if self._inner.eof:
                self.begin_another()
                self._inner = self._library.decompressobj()
            out = self._inner.decompress(data[at : at + ZSTD_PIECE_BYTES])
            if out:
                yield self.made(out)
            at += ZSTD_PIECE_BYTES
            if self._inner.eof:
                at = min(at, len(data)) - len(self._inner.unused_data)

    def complete(self) -> bool:
        return bool(self._inner.eof)


class _Plain:
    """A coding that names no compression known here, over a body that can plainly be read
    (rule 51).
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._begin: bytes | None = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._begin is not None:
            self._begin += data[:FREE_BLANKS]
            if _READABLE(self._begin):
                self._begin = None
            elif not _PERHAPS_READABLE(self._begin) or len(self._begin) > FREE_BLANKS:
                raise _unknown(self._coding)
        yield data

    def complete(self) -> bool:
        return True


class _Unsaid:
    """What is left when all codings are undone: gzip that nobody spoke of is unpacked, once. `head`
    is what came so far of a body that may be gzip.
    """

    def __init__(self) -> None:
        self.head = b""
        self._inner: _Gzip | None = None
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._begun:
            data = self.head + data
            if len(data) < len(_GZIPPED) and _GZIPPED.startswith(data):
                self.head = data
                return
            self._begun, self.head = True, b""
            if data.startswith(_GZIPPED):
                self._inner = _Gzip()
        if self._inner is None:
            yield data
        else:
            yield from self._inner.feed(data)

    def complete(self) -> bool:
        return self._inner is None or self._inner.complete()


class Body:
    """A response body being received: decoded, counted, and cut off at the limit.

    `add` takes bytes from the wire. The limit holds for them, for each coding's output, and so for
    what is kept: a bomb within a bomb, or one that decodes to nothing, ends there too. Raises
    FetchError "too-large", or "protocol" for broken or unknown codings.
    """

    def __init__(self, content_encoding: str, *, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._kept = io.BytesIO()
        self._content_encoding = content_encoding
        self._last = _Unsaid()
        self._decoders = [*_decoders(content_encoding), self._last]
        self._counts = [0] * (len(self._decoders) + 1)

    @property
    def wire_bytes(self) -> int:
        """What was transferred."""
        return self._counts[0]

    def add(self, data: bytes) -> None:
        """The next bytes from the wire."""
        try:
            self._push(data, 0)
        except FetchError:
            raise
        except Exception:  # each codec has its own exception, and words that mean nothing outside
            codings = plain(", ".join(_names(self._content_encoding)) or "gzip")
            raise FetchError(
                "protocol",
                f"the body's compression is broken (no proper {codings}); the next poll tries"
                " again",
            ) from None

    def _push(self, data: bytes, stage: int) -> None:
        self._counts[stage] += len(data)
        if self._counts[stage] > self.max_bytes:
            raise too_large(self.max_bytes)
        if stage == len(self._decoders):
            self._kept.write(data)
            return
        for piece in self._decoders[stage].feed(data):
            self._push(piece, stage + 1)

    @property
    def complete(self) -> bool:
        """Have all codings reached their end? (A body of no bytes has.)"""
        return not self.wire_bytes or all(decoder.complete() for decoder in self._decoders)

    def decoded(self) -> bytes:
        """All that has been decoded so far."""
        return self._kept.getvalue() + self._last.head


def too_large(max_bytes: int) -> FetchError:
    """The error for a body over the limit."""
    return FetchError(
        "too-large",
        f"the body is larger than {max_bytes:,} bytes; max_feed_size or max_article_size raises"
        " the limit",
    )


def _names(content_encoding: str) -> list[str]:
    codings = [part.strip().lower() for part in content_encoding.split(",")]
    return [part for part in codings if part and part != "identity"]


def _decoders(content_encoding: str) -> list[Decoder]:
    codings = _names(content_encoding)
    if len(codings) > MAX_CODINGS:
        raise FetchError("protocol", f"{len(codings)} compressions on top of each other; refused")
    return [_decoder(coding) for coding in reversed(codings)]


def _decoder(coding: str) -> Decoder:
    match coding:
        case "gzip" | "x-gzip":
            return _Gzip()
        case "deflate":
            return _Deflate()
        case "br":
            return _Brotli()
        case "zstd":
            return _Zstandard()
        case _:
            return _Plain(coding)


def _unknown(coding: str) -> FetchError:
    words = f'the server used the compression "{plain(coding[:40])}", unknown here'
    return FetchError("protocol", words)
