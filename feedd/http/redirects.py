"""Where a redirect may lead, and what is sent along (rules 18 to 20). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urljoin

import httpx

from feedd.errors import FetchError
from feedd.model import Credentials, Hop

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
MAX_HOPS = 10

Origin = tuple[str, str, int]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ODD_IN_HOST = re.compile(r"[\s%\\\x00-\x20<>^|]")


def request_url(text: str, credentials: Credentials | None) -> tuple[httpx.URL, Credentials | None]:
    """A URL ready to be asked for, without fragment and user part; the latter becomes credentials.

    Raises FetchError "bad-url".
    """
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FetchError("bad-url", f"{_shown(text)} can't be asked for; check the URL") from None
    if url.scheme not in _DEFAULT_PORTS or not url.host or _ODD_IN_HOST.search(url.host):
        raise FetchError("bad-url", f"{_shown(text)} is no http:// or https:// URL")
    if url.userinfo and (credentials is None or credentials.username is None):
        given = credentials or Credentials()
        credentials = Credentials(unquote(url.username), unquote(url.password), given.headers)
    return url.copy_with(username=None, password=None, fragment=None), credentials


def origin(url: httpx.URL) -> Origin:
    """Scheme, host and port [RFC 6454]."""
    return (url.scheme, url.host, url.port or _DEFAULT_PORTS.get(url.scheme, 0))


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
            "redirect", f"more than {MAX_HOPS} redirects, the last to {_shown(location)}"
        )
    try:
        joined = urljoin(str(here), _as_text(location).strip())
        target, _ = request_url(joined, None)
    except (FetchError, ValueError):
        raise FetchError(
            "redirect", f"redirect {number} leads to {_shown(location)}, which can't be asked for"
        ) from None
    if str(target) in {start, *(hop.url for hop in hops)}:
        raise FetchError("redirect", f"redirect {number} leads back to {target}: a loop")
    if secret and here.scheme == "https" and target.scheme == "http":
        raise FetchError(
            "redirect",
            f"redirect {number} leads from https to http ({target});"
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


def _shown(text: str) -> str:
    """A URL for a message: without its user part, and short."""
    scheme, separator, rest = text.strip().partition("://")
    authority, slash, path = rest.partition("/")
    shown = f"{scheme}{separator}{authority.rpartition('@')[2]}{slash}{path}"
    return shown if len(shown) <= 200 else shown[:199] + "…"
