"""What is asked for, and the headers it is asked with. Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from feedd.errors import FetchError
from feedd.model import Credentials, TlsFiles, Validators

AcceptKind = Literal["feed", "page", "any"]

ACCEPT: Mapping[AcceptKind, str] = {
    "feed": (
        "application/atom+xml, application/rss+xml, application/feed+json,"
        " application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8,"
        " application/json;q=0.7, */*;q=0.1"
    ),
    "page": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    "any": "*/*",
}

NEVER_CUSTOM = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that say how a message is framed and routed: not the user's to set."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"(?:[^\x00\s]+(?:[ \t]+[^\x00\s]+)*)?", re.ASCII)
"""What h11 lets through, both ways [RFC 9110 5.5]."""

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for. `max_bytes` counts decoded bytes; `credentials` and a client certificate go
    to the origin of `home` only, to that of `url` where it is None.

    `validators` are sent on the hop whose URL is theirs, and on no other (rule 3). `form` is what
    a POST carries, encoded.
    """

    url: str
    accept: AcceptKind
    max_bytes: int
    validators: Validators | None = None
    credentials: Credentials | None = None
    user_agent: str | None = None
    proxy: str | None = None
    tls: TlsFiles | None = None
    home: str | None = None
    form: bytes | None = None


def request_headers(
    request: Request,
    credentials: Credentials | None,
    *,
    url: str,
    host: bytes,
    user_agent: str,
    accept_encoding: str,
) -> RawHeaders:
    """The headers for one hop, to `url` at `host`, with the credentials that may go there.

    A custom header takes the place of one of ours. Raises FetchError "bad-url" for one that can't
    be sent.
    """
    headers = {
        "User-Agent": request.user_agent or user_agent,
        "Accept": ACCEPT[request.accept],
        "Accept-Encoding": accept_encoding,
    }
    if request.form is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["Content-Length"] = str(len(request.form))
    validators = request.validators
    if validators is not None and validators.url == url:
        if validators.etag is not None and _VALUE.fullmatch(validators.etag):
            headers["If-None-Match"] = validators.etag
        if validators.last_modified is not None and _VALUE.fullmatch(validators.last_modified):
            headers["If-Modified-Since"] = validators.last_modified
    if credentials is not None:
        headers = _with_credentials(headers, credentials)
    return [
        (b"Host", host),
        *((name.encode("ascii"), _octets(value)) for name, value in headers.items()),
    ]


def _with_credentials(headers: dict[str, str], credentials: Credentials) -> dict[str, str]:
    if credentials.username is not None:
        headers["Authorization"] = _basic(credentials.username, credentials.password or "")
    if not credentials.headers:
        return headers
    custom = {}
    for name, value in credentials.headers.items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value.strip(" \t")):
            raise FetchError(
                "bad-url", f"the header {name[:60]!r} can't be sent; check headers of this feed"
            )
        if name.lower() not in NEVER_CUSTOM:
            custom[name] = value.strip(" \t")
    replaced = {name.lower() for name in custom}
    kept = {name: value for name, value in headers.items() if name.lower() not in replaced}
    return kept | custom


def _basic(username: str, password: str) -> str:
    """HTTP basic authentication [RFC 7617]."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def _octets(value: str) -> bytes:
    """A header's value as it came: headers are read as latin-1."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()
