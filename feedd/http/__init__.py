"""One polite HTTP client: limits, guards, redirects, conditional requests.

`client` runs an exchange; `headers`, `redirects` and `addresses` decide (pure); `decoding` undoes
compression within limits; `resolving` and `transport` open guarded connections; `slots` counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedd import PROJECT_URL, __version__

if TYPE_CHECKING:
    from feedd.http.client import Client, Request

__all__ = ["Client", "Request", "user_agent"]


def user_agent(suffix: str = "", subscribers: int = 1) -> str:
    """The User-Agent header (rule 14): who we are, where to read about us, for how many people."""
    people = f"{subscribers} subscriber{'' if subscribers == 1 else 's'}"
    return f"feedd/{__version__} (+{PROJECT_URL}; {people}) {suffix}".strip()


def __getattr__(name: str) -> object:
    # httpx is slow to import: only who asks for the client pays for it.
    if name in ("Client", "Request"):
        from feedd.http import client

        return getattr(client, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
