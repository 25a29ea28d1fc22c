"""One polite HTTP client: limits, guards, redirects, conditional requests.

`client` runs an exchange: it asks for what `request` says, where that allows, once there is a
place. `transport` has libcurl carry out each request, a `transfer`, on the way that `resolver`
found and permitted; `failures` puts what went wrong into words.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from feedd.http.client import Client, open_client, user_agent
    from feedd.http.request import Request

__all__ = ["Client", "Request", "open_client", "user_agent"]

# httpx brings its own command line along, and with it click, rich and pygments: as much again as
# all the rest of it takes to import. It does without when that module can't be imported.
cast("dict[str, Any]", sys.modules).setdefault("httpx._main", None)


def __getattr__(name: str) -> Any:
    # httpx and pycurl are slow to import: only who asks for the client pays for them.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "request" if name == "Request" else "client"
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
