"""One polite HTTP client: limits, guards, redirects, conditional requests.

`client` runs an exchange: it asks for what `request` says, where `redirects` allows, when `slots`
has a place, and lets `codings` undo compression within limits. `pool` keeps connections (`http1`,
`http2`) that `connecting` opened to addresses that `resolver` found and `addresses` permitted.
`headers` reads answers; `failures` puts what went wrong into words; `proxying` takes the other way.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

from feedd import PROJECT_URL, __version__

if TYPE_CHECKING:
    from feedd.http.client import Client
    from feedd.http.request import Request
    from feedd.model import Settings

__all__ = ["Client", "Request", "open_client", "user_agent"]

# httpx brings its own command line along, and with it click, rich and pygments: as much again as
# all the rest of it takes to import. It does without when that module can't be imported.
cast("dict[str, Any]", sys.modules).setdefault("httpx._main", None)


def user_agent(suffix: str = "", subscribers: int = 1) -> str:
    """The User-Agent header (rule 14): who we are, where to read about us, for how many people."""
    people = f"{subscribers} subscriber{'' if subscribers == 1 else 's'}"
    return f"feedd/{__version__} (+{PROJECT_URL}; {people}) {suffix}".strip()


def open_client(settings: Settings) -> Client:
    """The client that the user's settings ask for: an asynchronous context manager."""
    from feedd.http.client import Client

    return Client(
        concurrency=settings.concurrency,
        per_host=settings.per_host,
        timeout_s=settings.timeout_s,
        allow_private_hosts=settings.allow_private_hosts,
        user_agent=user_agent(settings.user_agent),
        proxy=settings.proxy,
    )


def __getattr__(name: str) -> object:
    # httpx is slow to import: only who asks for the client pays for it.
    if name == "Client":
        from feedd.http.client import Client

        return Client
    if name == "Request":
        from feedd.http.request import Request

        return Request
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
