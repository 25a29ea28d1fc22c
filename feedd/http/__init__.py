"""One polite HTTP client: limits, guards, redirects, conditional requests.

`client` runs an exchange: it asks for what `request` says, where that allows, once there is a
place, and lets `codings` undo compression within limits. `transport` has libcurl carry out each
request, a `transfer`, to addresses that `resolver` found and permitted, trusting whom
`certificates` name. `headers` reads answers; `failures` puts what went wrong into words.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

from feedd import __version__
from feedd.errors import FeeddError

if TYPE_CHECKING:
    from feedd.http.client import Client
    from feedd.http.request import Request
    from feedd.model import Settings

__all__ = ["Client", "Request", "open_client", "user_agent"]

# httpx brings its own command line along, and with it click, rich and pygments: as much again as
# all the rest of it takes to import. It does without when that module can't be imported.
cast("dict[str, Any]", sys.modules).setdefault("httpx._main", None)


def user_agent(suffix: str = "", subscribers: int = 1, *, contact: str = "") -> str:
    """The User-Agent header (rule 14): feedd and its version; how to reach who runs it, where they
    say so, and for how many people; what they append.
    """
    people = f"{subscribers} subscriber{'' if subscribers == 1 else 's'}"
    reach = f"(+{contact}; {people})" if contact else ""
    return " ".join(filter(None, (f"feedd/{__version__}", reach, suffix.strip())))


def open_client(settings: Settings) -> Client:
    """The client that the user's settings ask for: an asynchronous context manager."""
    opened: Client = __getattr__("Client")(
        concurrency=settings.concurrency,
        per_host=settings.per_host,
        timeout_s=settings.timeout_s,
        allow_private_hosts=settings.allow_private_hosts,
        user_agent=user_agent(settings.user_agent, contact=settings.contact),
        proxy=settings.proxy,
    )
    return opened


def __getattr__(name: str) -> Any:
    # httpx and pycurl are slow to import: only who asks for the client pays for them.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from feedd.http.client import Client
        from feedd.http.request import Request
    except ImportError as error:
        raise FeeddError(
            f"pycurl can't be loaded ({error}): install it anew for this Python; where there is no"
            " wheel of it that takes a C compiler and the headers of libcurl and OpenSSL"
            " (docs/dependencies.md)"
        ) from error
    return Client if name == "Client" else Request
