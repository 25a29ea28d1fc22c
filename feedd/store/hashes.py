"""Small hashes that stand for links and keys in indexes: 64 bits, as SQLite's integers are."""

from __future__ import annotations

from hashlib import blake2b


def short_hash(text: str) -> int:
    """A signed 64-bit hash; equal texts have equal hashes, now and in ten years."""
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
