"""How values lie in the database: HTML compressed, links as small hashes, hints as JSON, what
belongs to no feed or entry under a key of its own.

HTML is a zstd frame, or as it is when short.
`zstd -d` reads a frame, as does any zstd library (RFC 8878). A blob that does not begin with zstd's
magic number is UTF-8 text. The compressed form costs a quarter of zlib's time at the same size.
"""

from __future__ import annotations

import json
import sqlite3
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from feedd.model import NO_HINTS, Hints
from feedd.store.sqlite import sqlite_errors, transaction
from feedd.text import to_text

if TYPE_CHECKING:
    from zstandard import ZstdCompressor, ZstdDecompressor

_MAGIC = b"\x28\xb5\x2f\xfd"  # not valid UTF-8, so no text begins with it

_LEVEL = 1

_WORTH_BYTES = 160
"""Below this a frame is hardly smaller than the text."""


def pack(text: str) -> bytes:
    """The stored form of a text. Lone surrogates, which are no text, become "?"."""
    plain = text.encode("utf-8", "replace")
    if len(plain) < _WORTH_BYTES:
        return plain
    frame = _compressor().compress(plain)
    return frame if len(frame) < len(plain) else plain


def unpack(blob: bytes | None) -> str:
    """The text of a stored form; "" for none. Damage shows as missing text, never as an error."""
    if not blob:
        return ""
    if blob.startswith(_MAGIC):
        from zstandard import ZstdError

        try:
            blob = _decompressor().decompress(blob)
        except ZstdError:
            return ""
    return blob.decode("utf-8", "replace")


def pack_content(html: str, summary: str | None) -> bytes:
    """The stored form of what the feed carried: its HTML, and after a NUL its summary, if any."""
    html = html.replace("\0", "") if "\0" in html else html
    return pack(html if summary is None else f"{html}\0{summary}")


def unpack_content(blob: bytes | None) -> tuple[str, str | None]:
    """HTML and summary of a stored content."""
    html, mark, summary = unpack(blob).partition("\0")
    return html, summary if mark else None


def text_shown(article: bytes | None, body: bytes | None) -> str:
    """The text that a reader is shown: the stored article's, where there is one, or what the feed
    carried.
    """
    return to_text(unpack(article) if article else unpack_content(body)[0])


def words_in(article: bytes | None, body: bytes | None) -> int:
    """The words of that text, by white space."""
    return len(text_shown(article, body).split())


@lru_cache(maxsize=1)
def _compressor() -> ZstdCompressor:
    from zstandard import ZstdCompressor

    return ZstdCompressor(level=_LEVEL)


@lru_cache(maxsize=1)
def _decompressor() -> ZstdDecompressor:
    from zstandard import ZstdDecompressor

    return ZstdDecompressor()


def short_hash(text: str) -> int:
    """A signed 64-bit hash; equal texts have equal hashes, now and in ten years."""
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def categories_of(text: str | None) -> tuple[str, ...]:
    """The categories that a row has."""
    if not text:
        return ()
    import json

    try:
        return tuple(map(str, json.loads(text)))
    except (ValueError, TypeError):  # a damaged text
        return ()


def get_meta(db: sqlite3.Connection, key: str) -> str | None:
    """A remembered value that belongs to no feed."""
    with sqlite_errors(db):
        row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else None


def set_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    """Remember a value that belongs to no feed."""
    with transaction(db):
        db.execute(
            "INSERT INTO meta(key, value) VALUES (?, ?)"
            " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            (key, value),
        )


_HINTS = Hints.__struct_fields__


def hints_text(hints: Hints) -> str | None:
    """Hints as a feed's row has them."""
    if hints is NO_HINTS:
        return None
    said = {name: value for name in _HINTS if (value := getattr(hints, name)) not in (None, ())}
    return json.dumps(said, separators=(",", ":")) if said else None


def hints_of(text: str) -> Hints:
    """Hints from a feed's row."""
    try:
        said = json.loads(text)
    except ValueError:  # a damaged text
        said = None
    if not isinstance(said, dict):
        return Hints()
    values: dict[str, Any] = {name: said.get(name) for name in _HINTS}
    values |= {name: tuple(said.get(name, ())) for name in ("skip_hours", "skip_days")}
    return Hints(**values)
