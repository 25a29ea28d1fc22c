"""Content codings undone piece by piece, never past the limit (rule 27).

httpx would decode a whole chunk before anyone could say stop: 300 bytes of brotli become 200 MB.
Here every step asks for a bounded amount of output.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

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
"""How a document begins that nothing has packed, or gzip alone."""

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
    """A coding whose stream is one or more members, each undone by what `begin` makes. What follows
    a member and does not begin with `magic` is padding.
    """

    def __init__(
        self, begin: Callable[[], Any], *, magic: bytes, piece_bytes: int, most: tuple[int, ...]
    ) -> None:
        self._begin = begin
        self._magic = magic
        self._piece_bytes = piece_bytes
        self._most = most
        self._inner = begin()
        self._between = b""
        self._members = self._made_bytes = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), self._piece_bytes):
            yield from self._undone(data[at : at + self._piece_bytes])

    def _undone(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inner.eof:
                data = self._between + data
                if len(data) < len(self._magic):
                    self._between = data
                    return
                if not data.startswith(self._magic):
                    self._between = b"--"  # never again the start of a member
                    return
                self._between = b""
                self._begin_another()
            out = self._inner.decompress(data, *self._most)
            if out:
                self._made_bytes += len(out)
                yield out
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail

    def _begin_another(self) -> None:
        self._members += 1
        if self._members > FREE_MEMBERS + self._made_bytes // MIN_MEMBER_BYTES:
            raise FetchError("protocol", "the body's compression begins anew without end; refused")
        self._inner = self._begin()

    def complete(self) -> bool:
        return bool(self._inner.eof)


def _zlib(window: int, magic: bytes) -> _Members:
    def begin() -> Any:
        return zlib.decompressobj(window)

    return _Members(begin, magic=magic, piece_bytes=GZIP_PIECE_BYTES, most=(STEP_BYTES,))


def _gzip() -> Decoder:
    return _zlib(16 + zlib.MAX_WBITS, b"\x1f\x8b")  # of several members, too [RFC 1952 2.2]


def _zstandard() -> Decoder:
    import zstandard

    library = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES)
    return _Members(library.decompressobj, magic=b"", piece_bytes=ZSTD_PIECE_BYTES, most=())


class _Deflate:
    """deflate with the zlib wrapper, as specified, or without, as some servers send it
    [RFC 9110 8.4.1.2].
    """

    def __init__(self) -> None:
        self._head = b""
        self._inner: Decoder | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            data = self._head + data
            if len(data) < 2:
                self._head = data
                return
            wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._inner = _zlib(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, b"no other")
        yield from self._inner.feed(data)

    def complete(self) -> bool:
        return self._inner is not None and self._inner.complete()


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._inner = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        out = b""
        while data or out or not self._inner.can_accept_more_data():
            if self._inner.is_finished():
                return
            out = self._inner.process(data, output_buffer_limit=STEP_BYTES)
            data = b""
            if out:
                yield out

    def complete(self) -> bool:
        return bool(self._inner.is_finished())


class _Document:
    """What is left when all codings are undone: gzip that nobody spoke of is unpacked, once. Under
    a coding that names no compression, `unknown`, it has to be readable (rule 51).

    `head` is what came so far of a body of which that can't be told yet.
    """

    def __init__(self, unknown: str) -> None:
        self.head = b""
        self._unknown = unknown
        self._begun = False
        self._inner: Decoder | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if not self._begun:
            data = self.head + data
            if self._may_become_readable(data):
                self.head = data
                return
            self._begun, self.head = True, b""
            if data.startswith(_GZIPPED):
                self._inner = _gzip()
            elif self._unknown and not _READABLE(data):
                words = f'the server used the compression "{plain(self._unknown[:40])}"'
                raise FetchError("protocol", f"{words}, unknown here")
        if self._inner is None:
            yield data
        else:
            yield from self._inner.feed(data)

    def _may_become_readable(self, data: bytes) -> bool:
        if not self._unknown:
            return len(data) < len(_GZIPPED) and _GZIPPED.startswith(data)
        return len(data) <= FREE_BLANKS and _PERHAPS_READABLE(data) is not None

    def complete(self) -> bool:
        return self._inner is None or self._inner.complete()


_KNOWN: Mapping[str, Callable[[], Decoder]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _zstandard,
}


class Body:
    """A response body being received: decoded, counted, and cut off at the limit.

    `add` takes bytes from the wire. The limit holds for them, for each coding's output, and so for
    what is kept: a bomb within a bomb, or one that decodes to nothing, ends there too. Raises
    FetchError "too-large", or "protocol" for broken or unknown codings.
    """

    def __init__(self, content_encoding: str, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept = io.BytesIO()
        named = [part.strip().lower() for part in content_encoding.split(",")]
        self._codings = [part for part in named if part and part != "identity"]
        if len(self._codings) > MAX_CODINGS:
            words = f"{len(self._codings)} compressions on top of each other; refused"
            raise FetchError("protocol", words)
        known = [_KNOWN[part]() for part in reversed(self._codings) if part in _KNOWN]
        self._last = _Document(next((p for p in self._codings if p not in _KNOWN), ""))
        self._decoders: list[Decoder] = [*known, self._last]
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
            codings = plain(", ".join(self._codings) or "gzip")
            raise FetchError(
                "protocol",
                f"the body's compression is broken (no proper {codings}); the next poll tries"
                " again",
            ) from None

    def _push(self, data: bytes, stage: int) -> None:
        self._counts[stage] += len(data)
        if self._counts[stage] > self._max_bytes:
            raise too_large(self._max_bytes)
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
