"""The user's file: found, read, checked, and edited without losing a comment.

`places` finds it, `reading` checks it against `keys`, `editing` changes its text with the help of
`statements`, `writing` puts it back, `secrets` reads what it only points to, `starter.toml` is
the first one a user gets. Reading is imported at once, because every command does it; the rest when
it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from feedd.configfile.places import default_database, find, new_file
from feedd.configfile.reading import load, parse, read_text

if TYPE_CHECKING:
    from feedd.configfile.editing import add_feed, add_feeds, remove_feed, set_feed_url
    from feedd.configfile.names import name_problem
    from feedd.configfile.secrets import credentials, tls_files
    from feedd.configfile.starter import STARTER
    from feedd.configfile.urls import same_feed_key, url_problem
    from feedd.configfile.writing import create, update, write

__all__ = [
    "STARTER",
    "add_feed",
    "add_feeds",
    "create",
    "credentials",
    "default_database",
    "find",
    "load",
    "name_problem",
    "new_file",
    "parse",
    "read_text",
    "remove_feed",
    "same_feed_key",
    "set_feed_url",
    "tls_files",
    "update",
    "url_problem",
    "write",
]

_HOMES = {
    "editing": ("add_feed", "add_feeds", "remove_feed", "set_feed_url"),
    "names": ("name_problem",),
    "secrets": ("credentials", "tls_files"),
    "starter": ("STARTER",),
    "urls": ("same_feed_key", "url_problem"),
    "writing": ("create", "update", "write"),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
