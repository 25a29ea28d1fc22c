"""The certificate authority of tests/http, for servers that misuse TLS."""

from __future__ import annotations

from tests.http.conftest import authority

__all__ = ["authority"]
