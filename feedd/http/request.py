"""What is asked for, with which headers, and where redirects may lead (rules 18 to 20). Pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal
from urllib.parse import unquote, urljoin

import httpx
from msgspec import Struct

from feedd.errors import FetchError
from feedd.model import Credentials, Hop, TlsFiles, Validators
from feedd.own_files import Trust

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

_FRAMING = (
    "connection content-length expect host keep-alive proxy-connection te trailer transfer-encoding"
    " upgrade"
)
NEVER_CUSTOM = frozenset(_FRAMING.split())
"""Headers that say how a message is framed and routed: not the user's to set."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"(?:[^\x00\s]+(?:[ \t]+[^\x00\s]+)*)?", re.ASCII)
"""What a header's name and value may be [RFC 9110 5.5]."""

RawHeaders = list[tuple[bytes, bytes]]


class Request(Struct, frozen=True):
    """What to ask for. `max_bytes` counts decoded bytes; `credentials` and a client certificate go
    to the origin of `home` only, to that of `url` where it is None.

    `validators` are sent on the hop whose URL is theirs, and on no other (rule 3). `form` is what
    a POST carries, encoded. `admitted` is waited for before each request is sent, once the way to
    its server is known: a name that is looked up in vain takes nobody's room (rule 52).
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
    admitted: Callable[[], Awaitable[None]] | None = None


class Route(Struct, frozen=True):
    """Where a request goes: to this URL and host, by one of these addresses, the server's or the
    proxy's; whom it trusts there; how many decoded bytes and seconds the whole exchange may take.
    """

    url: str
    host: str
    addresses: Sequence[str]
    trust: Trust
    proxy: httpx.URL | None = None
    max_bytes: int = 0
    timeout_s: float = 60.0


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
        pair = f"{credentials.username}:{credentials.password or ''}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()  # RFC 7617
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


def _octets(value: str) -> bytes:
    """A header's value as it came: headers are read as latin-1."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


# ---------------------------------------------------------------- URLs and redirects

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
LOOP = ": a loop"
"""How the error for a circle ends."""

KEEP_METHOD = frozenset({307, 308})
"""What a POST follows: after the others a GET would be due [RFC 9110 15.4], which nobody wants."""

MAX_HOPS = 10

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PROXY_PORTS = {**_DEFAULT_PORTS, "socks5": 1080, "socks5h": 1080}
_SHOWN_CHARACTERS = 200
_ODD_IN_HOST = re.compile(r"[\s%\\\x00-\x20\x7f<>^|]")


def request_url(text: str, credentials: Credentials | None) -> tuple[httpx.URL, Credentials | None]:
    """A URL ready to be asked for, without fragment and user part; the latter becomes credentials.

    Raises FetchError "bad-url".
    """
    why = "can't be asked for"
    try:
        url = _parsed(text.strip().partition("#")[0])
        if url.userinfo:
            if credentials is None or credentials.username is None:
                given = credentials.headers if credentials is not None else {}
                credentials = Credentials(unquote(url.username), unquote(url.password), given)
            url = url.copy_with(username=None, password=None)
        if url.scheme not in _DEFAULT_PORTS or not _sane_host(url):
            why = "is no http:// or https:// URL"
        elif url.port is not None and not 0 < url.port < 65_536:
            why = "names no port"
        else:
            return url, credentials
    except (httpx.InvalidURL, ValueError, TypeError):
        pass
    raise FetchError("bad-url", f"{shown(text)} {why}; check the feed's URL")


def proxy_url(text: str) -> httpx.URL:
    """The URL of a proxy, with its port. Raises FetchError "bad-url" for what is none."""
    try:
        url = httpx.URL(text)
        usual_port = _PROXY_PORTS[url.scheme]
        # The proxy resolves names, not libcurl.
        scheme = "socks5h" if url.scheme == "socks5" else url.scheme
        if not _sane_host(url):
            raise ValueError
        return url.copy_with(scheme=scheme, port=url.port or usual_port)
    except (httpx.InvalidURL, KeyError, ValueError):
        raise FetchError(
            "bad-url",
            f"{shown(text)} is no proxy that can be used; write http://HOST:PORT or"
            " socks5://HOST:PORT in `proxy`",
        ) from None


def host_of(url: httpx.URL) -> str:
    """The host in ASCII. (httpx's `host` reads IDNA back, and fails on what browsers allow.)"""
    return url.raw_host.decode("ascii")


def _sane_host(url: httpx.URL) -> bool:
    host = host_of(url)
    return bool(host) and not _ODD_IN_HOST.search(host)


def _parsed(text: str) -> httpx.URL:
    try:
        return httpx.URL(text)
    except httpx.InvalidURL:
        # Names that IDNA 2008 refuses and browsers take, such as emoji [RFC 3490].
        found = re.match(r"(?P<before>[^:]*://(?:[^/?]*@)?)(?P<host>[^/?:]*)", text)
        if found is None or found["host"].isascii():
            raise
        host = found["host"].encode("idna").decode("ascii")
        return httpx.URL(found["before"] + host + text[found.end() :])


def origin(url: httpx.URL) -> tuple[str, str, int]:
    """Scheme, host and port [RFC 6454]."""
    return (url.scheme, host_of(url), url.port or _DEFAULT_PORTS.get(url.scheme, 0))


def checked_hop(
    here: httpx.URL, location: str, hops: Sequence[Hop], *, start: str, secret: bool
) -> httpx.URL:
    """The absolute URL that `location` leads to from `here`.

    `hops` are those before it, `start` is the URL asked for at first, `secret` says whether
    credentials went out with it. Raises FetchError "redirect", naming the hop.
    """
    number = len(hops) + 1
    if number > MAX_HOPS:
        raise FetchError(
            "redirect", f"more than {MAX_HOPS} redirects, the last to {shown(location)}"
        )
    try:
        target, _ = request_url(urljoin(str(here), _as_text(location).strip()), None)
    except (FetchError, ValueError):
        raise FetchError(
            "redirect", f"redirect {number} leads to {shown(location)}, which can't be asked for"
        ) from None
    text = str(target)
    if text == start or any(hop.url == text for hop in hops):
        raise FetchError("redirect", f"redirect {number} leads back to {shown(text)}{LOOP}")
    if secret and here.scheme == "https" and target.scheme == "http":
        raise FetchError(
            "redirect",
            f"redirect {number} leads from https to http ({shown(text)});"
            " not followed for a feed with credentials",
        )
    return target


def _as_text(location: str) -> str:
    """A Location header's value: UTF-8 where its bytes are (they were read as latin-1)."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location


def permanent_url(hops: Sequence[Hop]) -> str | None:
    """As far as an unbroken chain of permanent redirects leads from the start (rule 19)."""
    reached = None
    for hop in hops:
        if hop.status not in PERMANENT:
            break
        reached = hop.url
    return reached


def shown(text: str) -> str:
    """A URL for a message: without what may be secret (its user part and query), and short."""
    bare = "".join(c if c.isprintable() else " " for c in text).strip().partition("#")[0]
    bare, question, _ = bare.partition("?")
    scheme, separator, rest = bare.partition("//")
    if not separator:
        scheme, rest = "", bare
    whole = f"{scheme}{separator}{_without_user(rest)}{'?…' if question else ''}"
    return whole if len(whole) <= _SHOWN_CHARACTERS else whole[: _SHOWN_CHARACTERS - 1] + "…"


def _without_user(rest: str) -> str:
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        return f"{authority.rpartition('@')[2]}{slash}{path}"
    if "@" in path and ":" in authority and not re.fullmatch(r".*:[0-9]*", authority):
        return path.rpartition("@")[2]  # a password with a slash in it
    return rest
