"""Content codings undone piece by piece, never past the limit (rule 27).

httpx would decode a whole chunk before anyone could say stop: 300 bytes of brotli become 200 MB.
Here every step asks for a bounded amount of output.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Protocol

from feedd.errors import FetchError

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

_TOO_LITTLE = re.compile(rb"(?:\xef\xbb\xbf|\xef\xbb|\xef)?\s*|[\x00\xfe\xff]|\x1f\x8b?").fullmatch
"""The same, where not enough came yet to tell."""

FREE_BLANKS = 1_000
"""More blanks than this before a document are looked through by nobody."""

_GZIPPED = b"\x1f\x8b\x08"
"""gzip's magic number, and the only method there is [RFC 1952 2.3.1]."""

FREE_MEMBERS = 500
MIN_MEMBER_BYTES = 64
"""How many gzip members or zstd frames one body may have; beyond, they have to hold so many decoded
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
                self._members += 1
                if self._members > FREE_MEMBERS + self._made_bytes // MIN_MEMBER_BYTES:
                    words = "the body's compression begins anew without end; refused"
                    raise FetchError("protocol", words)
                self._inner = self._begin()
            out = self._inner.decompress(data, *self._most)
            if out:
                self._made_bytes += len(out)
                yield out
            data = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail

    def complete(self) -> bool:
        return bool(self._inner.eof)


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._inner = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        while not self._inner.is_finished():
            out = self._inner.process(data, output_buffer_limit=STEP_BYTES)
            if not out:
                return
            yield out
            data = b""

    def complete(self) -> bool:
        return bool(self._inner.is_finished())


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def complete(self) -> bool:
        return True


class _ByHead:
    """A coding that is told by its first bytes: `choose` says which it is, None where too few came.

    `head` are these, as long as that is so.
    """

    def __init__(self, choose: Callable[[bytes], Decoder | None]) -> None:
        self.head = b""
        self._choose = choose
        self._inner: Decoder | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            data = self.head + data
            self._inner = self._choose(data)
            self.head = data if self._inner is None else b""
        if self._inner is not None:
            yield from self._inner.feed(data)

    def complete(self) -> bool:
        return not self.head and (self._inner is None or self._inner.complete())


def _zlib(window: int, magic: bytes) -> Decoder:
    begin = partial(zlib.decompressobj, window)
    return _Members(begin, magic=magic, piece_bytes=GZIP_PIECE_BYTES, most=(STEP_BYTES,))


def _gzip() -> Decoder:
    return _zlib(16 + zlib.MAX_WBITS, _GZIPPED[:2])  # of several members, too [RFC 1952 2.2]


def _gzip_or_not(head: bytes) -> Decoder | None:
    """What is said to be gzip: some servers name it over a document that they did not pack (51)."""
    if len(head) < len(_GZIPPED):
        return None
    plain = not head.startswith(_GZIPPED[:2]) and _READABLE(head)
    return _Plain() if plain else _gzip()


def _zstandard() -> Decoder:
    import zstandard

    library = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES)
    return _Members(library.decompressobj, magic=b"", piece_bytes=ZSTD_PIECE_BYTES, most=())


def _deflate(head: bytes) -> Decoder | None:
    """deflate with the zlib wrapper, as specified, or without, as some servers send it
    [RFC 9110 8.4.1.2].
    """
    if len(head) < 2:
        return None
    wrapped = head[0] & 0x0F == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    return _zlib(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, b"no other")


def _document(unknown: str, head: bytes) -> Decoder | None:
    """What is left when all codings are undone: gzip that nobody spoke of is unpacked, once. Under
    a coding that names no compression, `unknown`, it has to be readable (rule 51).
    """
    if len(head) <= FREE_BLANKS and _TOO_LITTLE(head):
        return None
    if head.startswith(_GZIPPED):
        return _gzip()
    if unknown and not _READABLE(head):
        words = f"the server used the compression {unknown[:40]!a}, unknown here"
        raise FetchError("protocol", words)
    return _Plain()


KNOWN: Mapping[str, Callable[[], Decoder]] = {
    "gzip": partial(_ByHead, _gzip_or_not),
    "x-gzip": partial(_ByHead, _gzip_or_not),
    "deflate": partial(_ByHead, _deflate),
    "br": _Brotli,
    "zstd": _zstandard,
}


def codings_of(content_encoding: str) -> list[str]:
    """What was done to a body, by its Content-Encoding, in this order."""
    named = [part.strip().lower() for part in content_encoding.split(",")]
    return [part for part in named if part and part != "identity"]


class Body:
    """A response body being received: decoded, counted, and cut off at the limit.

    `add` takes bytes from the wire. The limit holds for them, for each coding's output, and so for
    what is kept: a bomb within a bomb, or one that decodes to nothing, ends there too. Raises
    FetchError "too-large", or "protocol" for broken or unknown codings.
    """

    def __init__(self, content_encoding: str, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._kept = io.BytesIO()
        self._codings = codings_of(content_encoding)
        if len(self._codings) > MAX_CODINGS:
            words = f"{len(self._codings)} compressions on top of each other; refused"
            raise FetchError("protocol", words)
        known = [KNOWN[part]() for part in reversed(self._codings) if part in KNOWN]
        unknown = next((part for part in self._codings if part not in KNOWN), "")
        self._document = _ByHead(partial(_document, unknown))
        self._decoders: list[Decoder] = [*known, self._document]
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
            codings = ascii(", ".join(self._codings)[:80] or "gzip")
            words = f"the body's compression is broken (no proper {codings})"
            raise FetchError("protocol", f"{words}; the next poll tries again") from None

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
        *codings, document = self._decoders
        is_whole = bool(self._document.head) or document.complete()
        return not self.wire_bytes or (is_whole and all(coding.complete() for coding in codings))

    def decoded(self) -> bytes:
        """All that has been decoded so far."""
        return self._kept.getvalue() + self._document.head


def too_large(max_bytes: int) -> FetchError:
    """The error for a body over the limit."""
    return FetchError(
        "too-large",
        f"the body is larger than {max_bytes:,} bytes; max_feed_size or max_article_size raises"
        " the limit",
    )
