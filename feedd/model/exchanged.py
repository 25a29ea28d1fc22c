"""What went over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified byte for byte, with the URL that gave them (polling rules 1 to 3)."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """Sent to the origin of the feed's own URL only; never shown."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files for TLS: authorities trusted beside the system's, and what we show of ourselves.

    Without `client_key`, the key is in the file of `client_cert`.
    """

    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: the status that sent us on, and the absolute URL it sent us to."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class Response:
    """One finished exchange, redirects followed.

    `url` is where the body came from; `permanent_url` is as far as an unbroken chain of 301/308
    leads from the start (None: nowhere). Header names are lower case; repeated ones are joined
    by ", ". `body` is decoded; `wire_bytes` counts what was transferred. `truncated`: the body
    ended early.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = b""
    hops: tuple[Hop, ...] = ()
    permanent_url: str | None = None
    truncated: bool = False
    wire_bytes: int = 0
    duration_ms: int = 0
