"""Requests through a proxy of the user's, HTTP or SOCKS5: httpx's own transport."""

from __future__ import annotations

import ssl

import httpx

from feedd.errors import FetchError
from feedd.http.pool import IDLE_CONNECTIONS, KEEP_ALIVE_S
from feedd.http.redirects import shown


def proxied(
    proxy: str, tls: ssl.SSLContext | None, *, connections: int
) -> httpx.AsyncBaseTransport:
    """A transport through a proxy, which resolves names itself and so guards addresses itself.

    Raises FetchError "bad-url" for what is no proxy's URL.
    """
    limits = httpx.Limits(
        max_connections=connections,
        max_keepalive_connections=min(connections, IDLE_CONNECTIONS),
        keepalive_expiry=KEEP_ALIVE_S,
    )
    context = tls or ssl.create_default_context()
    try:
        return httpx.AsyncHTTPTransport(
            verify=context, http2=True, trust_env=False, limits=limits, proxy=proxy
        )
    except (httpx.InvalidURL, ValueError, ImportError):
        raise FetchError(
            "bad-url",
            f"{shown(proxy)} is no proxy that can be used; write http://HOST:PORT or"
            " socks5://HOST:PORT in `proxy`",
        ) from None
