"""Whether a push was signed by the hub that knows our secret [WebSub 7.1]. Pure."""

from __future__ import annotations

import hmac
from typing import Final

METHODS: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})


def is_signed(header: str | None, secret: str, body: bytes) -> bool:
    """Is `header` (`X-Hub-Signature`, "method=hex") the signature of `body` by `secret`?"""
    method, _, given = (header or "").strip().partition("=")
    method = method.lower()
    if method not in METHODS:
        return False
    expected = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode())
